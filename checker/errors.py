"""Every error the package raises on purpose, each with a code, a plain message and advice.

CheckerError
├── SettingsError          wrong use or settings (exit 2)
│   └── StoreError         the database is locked, read-only, damaged, foreign or cannot grow
├── ReadError              a source could not be read (exit 3); stage and code go into the report
├── ModelError             the model file is missing, foreign or does not fit (exit 70)
├── EvidenceError          an evidence file holds something that it should not, or lacks something
└── CheckFailed            a check that was asked for failed (exit 4)
    └── ArchiveError       a web archive on another machine cannot be read now
"""

from __future__ import annotations

from checker.values import Failure, Note


class CheckerError(Exception):
    """Base of all errors that a caller may want to catch."""


class SettingsError(CheckerError):
    """An argument, option or environment variable is wrong, or a file or package that it needs."""


class StoreError(SettingsError):
    """A scan database cannot be used; the message says why and what to do. In the middle of a scan it ends as CheckFailed."""


class ModelError(CheckerError):
    """The classifier file cannot be used; the message says why and what to do."""


class EvidenceError(CheckerError):
    """A part of an evidence file is damaged, foreign, missing or too large; `verify` names it."""


class CheckFailed(CheckerError):
    """Scores under their floors, a bad facts row, a difference in `verify`."""


class ArchiveError(CheckFailed):
    """A web archive on another machine cannot be read to its end now; a later run tries it again."""


#: Advice by error code; the codes are the report format's.
ADVICE = {
    "unsupported_address": "Give an address that begins with http:// or https://, a file, or - for standard input.",
    "private_address": "Only public addresses are read. For a page on your own machine add --allow-private.",
    "unknown_host": "Check the spelling of the address, or try again later.",
    "refused": "The site may be down. Try again later, or save the page and check the file.",
    "timeout": "The site answers too slowly. Try again later, or save the page and check the file.",
    "tls": "The site's certificate cannot be checked. Open the page in a browser, save it, and check the file.",
    "redirect_loop": "Open the page in a browser and give the address where it ends.",
    "http_status": "Open the address in a browser to see whether the page still exists.",
    "rate_limited": "Wait some minutes and try again.",
    "robots": "The site asks programs to stay away. Save the page in a browser and check the file.",
    "too_large": "Save the part that matters as text and check that.",
    "wrong_type": "Give a web page, a text file or a PDF.",
    "broken_file": "Open the file to see whether it is whole, then save it again.",
    "empty": "Open the page in a browser; if it shows text, save it and check the file.",
    "script_only": "The text appears only with scripts. Install Chromium for --render, or save the page and check the file.",
    "bot_wall": "The site shows a visitor check. Save the page in a browser and check the file.",
    "login_wall": "The text is behind a login. Save the page in a browser and check the file.",
    "cookie_wall": "The text is behind a consent layer. Save the page in a browser and check the file.",
    "parked": "The address holds no site of its own now.",
    "coming_soon": "The site is not ready. Try again later.",
    "not_english": "Only English pages can be judged.",
    "pdf_without_text": "The PDF holds pictures only. Turn it into text first (OCR).",
    "no_such_file": "Check the name; a web address begins with http:// or https://.",
    "is_directory": "Give the files in it one by one.",
    "no_permission": "Change the file's permissions or copy it elsewhere.",
    "internal": "Please report this with the id shown.",
}

#: What is said of an answer with the status of an error, and of a page that says in words alone that it is none.
BY_STATUS = "The site answered with HTTP {status} instead of the page."
NO_SUCH_PAGE = "The site says that there is no such page."
_GONE = frozenset({NO_SUCH_PAGE, BY_STATUS.format(status=404), BY_STATUS.format(status=410)})


def says_gone(code: str | None, message: str | None) -> bool:
    """Say whether a failure is the site's own word that it has no such page, and not that the page could not be reached."""
    return code == "http_status" and message in _GONE


class ReadError(CheckerError):
    """A source could not be read: ``stage`` says where, ``code`` is one of the report format's codes.

    ``advice`` is given where that of the code does not fit; ``status`` is the answer's, if there was one, and
    ``retry_after`` what it said of coming back; ``notes`` are those on what stood in place of the page.
    """

    def __init__(
        self,
        stage: str,
        code: str,
        message: str,
        advice: str | None = None,
        *,
        status: int | None = None,
        retry_after: str = "",
        notes: tuple[Note, ...] = (),
    ) -> None:
        super().__init__(message)
        self.stage = stage
        self.code = code
        self.message = message
        self.advice = advice or ADVICE[code]
        self.status = status
        self.retry_after = retry_after
        self.notes = notes

    def failure(self) -> Failure:
        """Return the error as the value that goes into the report."""
        return Failure(stage=self.stage, code=self.code, message=self.message, advice=self.advice)
