"""Counts near-duplicates in training_data/ across sites, and between it and the benchmark. Needs `pip install datasketch`."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from checker.training.dataset import read_pages

ROOT = Path(__file__).parents[2]
JACCARD, PERMUTATIONS, LEAST_WORDS = 0.7, 64, 7


def main() -> None:
    """Print the counts."""
    rows = [(page.site, line.text) for page in read_pages(ROOT / "training_data" / "pages") for line in page.lines]
    for file in sorted((ROOT / "training_data" / "statements").glob("*.txt")):
        rows += [(file.stem, text) for text in single(file)]
    index = MinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS)
    pairs = 0
    for number, (site, text) in enumerate(rows):
        found = sketch(text)
        if found is not None:
            pairs += sum(rows[other][0] != site for other in index.query(found))
            index.insert(number, found)
    sketches = [found for text in single(ROOT / "tests" / "bench" / "statements.txt") if (found := sketch(text)) is not None]
    shared = sum(bool(index.query(found)) for found in sketches)
    print(f"{len(rows)} statements, {pairs} near-duplicate pairs of different sites; {shared} benchmark statements have one")


def single(file: Path) -> list[str]:
    """Return the texts of a file of single statements."""
    lines = file.read_text("utf-8").splitlines()
    return [line.split("|", 2)[2].strip() for line in lines if line.strip() and not line.startswith("#")]


def sketch(text: str) -> MinHash | None:
    """Return the sketch of a text's word pairs, None for a text too short to compare."""
    words = re.findall(r"\w+", text.lower())
    if len(words) < LEAST_WORDS:
        return None
    result = MinHash(PERMUTATIONS)
    for first, second in pairwise(words):
        result.update(f"{first} {second}".encode())
    return result


if __name__ == "__main__":
    main()
