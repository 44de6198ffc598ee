"""What is answered when a request cannot be served: one shape for programs, one page for people."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from checker.web import given, render

#: Why, in a sentence for people; "{seconds}" is filled in.
MESSAGES = {
    **given.MESSAGES,
    "host": "This name does not lead to this page.",
    "cross_site": "Another site sent this. Please start on our own page.",
    "too_large": "This is too large. Save the part that matters as text and paste it.",
    "rate": "That was a lot at once. Please try again in {seconds} seconds.",
    "busy": "Many people use this page right now. Please try again in {seconds} seconds.",
    "not_found": "There is nothing here. The report may have been deleted.",
    "not_allowed": "This cannot be done here.",
    "not_ready": "The report is not ready yet.",
    "bad_request": "We could not understand this request.",
    "internal": "Something went wrong on our side. If you write to us, please give the number {number}.",
}


class Problem(Exception):  # noqa: N818  # the web's own word for it (RFC 9457)
    """A request that cannot be served: status, code, seconds to wait, the number of an error of ours, details."""

    def __init__(self, status: int, code: str, *, seconds: int = 0, number: str = "", details: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.seconds = seconds
        self.number = number
        self.details = details
        self.headers = {"Retry-After": str(seconds)} if seconds else {}
        self.fill = {"seconds": seconds, "number": number}

    def message(self) -> str:
        """Return the sentence in English."""
        return MESSAGES[self.code].format(**self.fill)

    def as_dict(self) -> dict[str, object]:
        """Return the one shape of errors of the JSON API."""
        error: dict[str, object] = {"code": self.code, "message": self.details or self.message()}
        if self.number:
            error["id"] = self.number
        if self.seconds:
            error["retry_after"] = self.seconds
        return {"error": error}


def answer(request: Request, problem: Problem) -> Response:
    """Return the answer: JSON under /api, a page elsewhere."""
    if request.url.path.startswith("/api"):
        return JSONResponse(problem.as_dict(), status_code=problem.status, headers=problem.headers)
    values = {"text": MESSAGES[problem.code], "fill": problem.fill}
    return render.page(request, "problem.html", problem.status, problem.headers, **values)
