"""Looks for pages that crash or hang the reading of HTML, guided by coverage: python tests/bench/fuzz_html.py [SECONDS]

Needs `pip install atheris==3.0.0` (outside the extras: its wheels exist for few platforms). Starts from the fixtures'
pages, mutates them, and stops at the first error that is no ReadError, at 20 seconds for one page, or after SECONDS
(180 if not given). What it found is written beside it as crash-*; a fix comes with the page as a test's case.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import atheris  # noqa: E402

with atheris.instrument_imports(include=["checker.page", "bs4"]):
    from checker.errors import ReadError
    from checker.page import blocks, markup, text

CHARSETS = (None, "utf-8", "utf-16", "windows-1252", "shift_jis", "zlib", "")
#: Markup that this reader knows, for the mutations to put in.
DICTIONARY = """<p> <b> <br> <a/href=x> <details> <summary> <template> <noscript> <svg> <table> <tr> <td> <dl> <dt> <dd> <select>
<option> <iframe> <title> <script/type="application/ld+json"> <meta/name="description"/content="x"> <!-- --> <![CDATA[ ]]> &amp;
role="dialog" class="accordion" hidden style="display:none" aria-hidden="true" itemscope itemprop="name" &#0; """.split()


def once(data: bytes) -> None:
    """Read one page; the first byte chooses what the server says of its encoding."""
    charset = CHARSETS[data[0] % len(CHARSETS)] if data else None
    try:
        document = text.bounded(blocks.document(markup.parse(markup.decode(data[1:], charset))))
    except ReadError:
        return
    for block in document.blocks:
        if not block.text or block.text != text.fold(block.text):
            raise AssertionError(f"a block of {block.text!r}")
        block.text.encode("utf-8")


def main(seconds: int) -> None:
    """Run the search from the fixtures' pages."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-html-"))
    for number, page in enumerate(sorted((ROOT / "tests" / "fixtures").rglob("*.htm*"))):
        (folder / f"seed-{number}").write_bytes(b"\x01" + page.read_bytes()[:20_000])
    known = folder / "words.dict"
    known.write_text("\n".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in DICTIONARY))
    limits = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=2000", "-max_len=30000", f"-dict={known}"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={Path(__file__).parent}/", str(folder)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 180)
