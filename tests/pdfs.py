"""Writes small PDF files for tests: lines of text at places, on pages."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

#: x and y of a line's beginning in points from the page's lower left corner, the size of its letters, its text.
Line = tuple[float, float, float, str]


def pdf(pages: Sequence[Sequence[Line]], title: str = "Palm leaflet", extra: bytes = b"") -> bytes:
    """Return a PDF in Helvetica; ``extra`` is put behind the drawing of each page."""
    streams = [b"\n".join([*map(_drawn, lines), extra]) for lines in pages]
    return pdf_of_streams(streams, title)


def pdf_of_streams(streams: Sequence[bytes], title: str = "Palm leaflet", *, compress: bool = False) -> bytes:
    """Return a PDF with a page for each drawing."""
    kids = b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(streams)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%b) >>" % title.encode("latin-1"),
    ]
    for stream in streams:
        coding = b" /Filter /FlateDecode" if compress else b""
        data = zlib.compress(stream, 9) if compress else stream
        objects += [
            b"<< /Length %d%b >>\nstream\n%b\nendstream" % (len(data), coding, data),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % (len(objects) + 1),
        ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + tail


def _drawn(line: Line) -> bytes:
    x, y, size, text = line
    quoted = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
    return b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%b) Tj ET" % (size, x, y, quoted)


def column(x: float, y: float, lines: Sequence[str], size: float = 11, step: float = 14) -> list[Line]:
    """Return lines under each other."""
    return [(x, y - step * number, size, text) for number, text in enumerate(lines)]
