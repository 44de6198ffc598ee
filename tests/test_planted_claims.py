"""Every planted claim that a file shows is found as what it is; what nobody sees is not; the README has the figures."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bench import planted_claims as bench

CLAIMS = bench.claims()


def test_claims_are_found_in_their_places() -> None:
    row = bench.by_blocks("", CLAIMS, bench.our_blocks((bench.FOLDER / bench.PAGE).read_bytes()))
    assert len(CLAIMS) >= 40 and len({claim.place for claim in CLAIMS}) >= 40
    expected = [claim for claim in CLAIMS if claim.role is not None and claim.only is None]
    assert [claim.place for claim in expected if claim not in (row.placed or [])] == []
    assert [claim.place for claim in row.found if claim.role is None or claim.only] == []


def test_the_table_and_the_readme() -> None:
    made = bench.rows(browser=False)
    seen = [claim for claim in CLAIMS if claim.is_seen]
    ours, text = made[0], made[-1]
    found = [sum(claim in row.found for claim in seen) for row in (ours, text)]
    readme = re.sub(r"\s+", " ", (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8"))
    assert f"claims planted in {len(seen)} kinds of places" in readme
    assert f"alone {found[0]} are found" in readme and f"get_text holds {found[1]} of them" in readme
    assert len(bench.table(made)) == len(made) + 1
