"""Keeps what comes of web archives: a folder of Parquet files, here or wherever fsspec writes, each whole or not there."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from checker.errors import CheckFailed

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
#: What a file is called while it is written; readers of folders of Parquet pass over names with a dot in front.
PART = ".part"
#: What is kept of a finding in columns of its own; the whole of it stands in the report.
FINDING = ("label", "rule", "severity", "confidence", "statement", "quote")
_COUNTS = b"clinic_checker"
_COLUMNS = "source url archived_at sha256 bytes title language publisher verdict error_code error_message findings report"

#: Writes rows; the last call brings the counts.
Write = Callable[[Sequence[dict[str, Any]], "Counts | None"], None]


@dataclass(kw_only=True)
class Counts:
    """What was seen in archives; every page is counted once: passed over, judged or unread. Seconds of one process.

    ``broken`` are archives, and not pages, that could not be read to their end, or at all. ``pdfs`` were passed over; they are no
    pages.
    """

    archives: int = 0
    pages: int = 0
    passed_over: int = 0
    judged: int = 0
    flagged: int = 0
    unread: int = 0
    broken: int = 0
    pdfs: int = 0
    seconds: float = 0.0

    def add(self, other: Counts) -> None:
        """Add what another one counted."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)


class Output:
    """A folder of results; made when the first file is written."""

    def __init__(self, folder: str) -> None:
        """Open a folder; raises CheckFailed for an address that fsspec does not know."""
        from fsspec.core import url_to_fs

        try:
            self._files, self._root = url_to_fs(folder)
        except (ValueError, ImportError, OSError) as error:
            raise CheckFailed(f"{folder} cannot be opened: {error}") from error
        self.folder = folder

    def names(self) -> frozenset[str]:
        """Return the names of the files that are whole; raises CheckFailed for a folder that cannot be read."""
        try:
            if self._files.isfile(self._root):
                raise CheckFailed(f"{self.folder} is a file; give a folder.")
            found = self._files.ls(self._root, detail=False)
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise CheckFailed(f"{self.folder} cannot be read: {error.strerror or error}.") from error
        return frozenset(name for name in (path.rpartition("/")[2] for path in found) if _is_whole(name))

    def has(self, name: str) -> bool:
        """Say whether a file is there, and so is whole."""
        return bool(self._files.exists(f"{self._root}/{name}"))

    def counts(self, name: str) -> Counts:
        """Return what a file says of the archive that it came of."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with self._files.open(f"{self._root}/{name}", "rb") as stream:
                metadata = pq.read_metadata(stream).metadata
            return Counts(**json.loads(metadata[_COUNTS]))
        except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
            message = f"{self.folder}/{name} is no file of ours, or damaged; move it away, and it is made again."
            raise CheckFailed(message) from error

    @contextmanager
    def writing(self, name: str) -> Iterator[Write]:
        """Give a function that writes rows; the file gets its name at the end, when all went well.

        Raises CheckFailed when it cannot be written.
        """
        part = f"{self._root}/.{name}.{secrets.token_hex(4)}{PART}"
        try:
            self._files.makedirs(self._root, exist_ok=True)
            with self._files.open(part, "wb") as stream, _rows_to(stream) as write:
                yield write
            self._files.mv(part, f"{self._root}/{name}")
        except OSError as error:
            self._drop(part)
            raise CheckFailed(f"{self.folder} cannot be written: {error.strerror or error}.") from error
        except BaseException:
            self._drop(part)
            raise

    def _drop(self, path: str) -> None:
        with suppress(OSError):
            self._files.rm_file(path)

    def drop_parts(self) -> None:
        """Remove what processes left that ended in the middle of a file."""
        with suppress(OSError):
            for path in self._files.ls(self._root, detail=False):
                if path.endswith(PART) and path.rpartition("/")[2].startswith("."):
                    self._drop(path)


def _is_whole(name: str) -> bool:
    return name.endswith(SUFFIX) and not name.startswith(".")


@contextmanager
def _rows_to(stream: Any) -> Iterator[Write]:
    """Give a function that writes rows into a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema()
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:

        def write(rows: Sequence[dict[str, Any]], counts: Counts | None) -> None:
            if rows:
                writer.write_table(pa.Table.from_pylist([_whole_text(row) for row in rows], schema=schema))
            if counts is not None:
                writer.add_key_value_metadata({_COUNTS: json.dumps(asdict(counts))})

        yield write


def _whole_text(value: Any) -> Any:
    """Return a value whose texts hold no half characters, which no file of text can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: _whole_text(part) for key, part in value.items()}
    return [_whole_text(part) for part in value] if isinstance(value, list) else value


def _schema() -> pa.Schema:
    import pyarrow as pa

    text = pa.string()
    finding = pa.struct([(name, pa.float64() if name == "confidence" else text) for name in FINDING])
    kinds = {"archived_at": pa.timestamp("s", tz="UTC"), "bytes": pa.int64(), "findings": pa.list_(finding)}
    return pa.schema([(name, kinds.get(name, text)) for name in _COLUMNS.split()])
