"""The fixed texts of a site's report as data; `site` fills them in."""

from __future__ import annotations

from checker.reports import words
from checker.values import VerdictLevel

#: The first sentence by verdict; {pages} is "one of 25 pages" or "3 of 25 pages".
HEADLINES = {
    VerdictLevel.ALARM: "This site promises approval or cure for nerve damage, on {pages}.",
    VerdictLevel.ALARM_OTHER: "This site promises approval or cure for a health problem, on {pages}.",
    VerdictLevel.CAUTION: "This site says that the treatment works, is safe or is backed by others, on {pages}.",
    VerdictLevel.CAREFUL: "We found no promise of approval or cure in the parts of the site that we could read.",
    VerdictLevel.OUT_OF_SCOPE: "We found no stem cell, exosome or other regenerative product offered on the pages that we read.",
    VerdictLevel.TRIAL: "The pages that we read are records of registered trials, or ask people to take part in one.",
    VerdictLevel.INFORMATIONAL: "The pages that we read inform, report or warn.",
}
AFTER = {
    VerdictLevel.ALARM: words.AFTER_PROMISE[VerdictLevel.ALARM],
    VerdictLevel.ALARM_OTHER: words.AFTER_PROMISE[VerdictLevel.ALARM_OTHER],
    VerdictLevel.CAREFUL: "This says nothing about whether the treatment works, is safe or is allowed.",
}
UNREAD = "We could not read this site: {why}."
SOME_UNREAD = "{count} could not be read; nothing is said about {them}."
OF_PAGES = "{count} of {read} pages"
ONE_OF_PAGES = "one of {read} pages"
READ = "{read} pages, read on {when}"
TRIED = "Tried on {when}"
TITLE = "Report on the site {name}"

#: Titles of the groups of pages.
GROUPS = {
    VerdictLevel.ALARM: "Promise approval or cure for nerve damage",
    VerdictLevel.ALARM_OTHER: "Promise approval or cure for another health problem",
    VerdictLevel.CAUTION: "Say that the treatment works, is safe or is backed by others",
    VerdictLevel.CAREFUL: "No promise found in the parts we could read",
    VerdictLevel.OUT_OF_SCOPE: "Offer no stem cell, exosome or other regenerative product",
    VerdictLevel.TRIAL: "Records or recruiting notices of registered trials",
    VerdictLevel.INFORMATIONAL: "Inform, report or warn; not judged",
    VerdictLevel.COULD_NOT_READ: "Could not be read",
}
ON_PAGES = "On {count} pages"
ON_PAGE = "On one page"
STANDS = "{where}: {address}"
MORE_PAGES = "and on {count} more (--all shows them)"
COPIES = "{count} more pages say nearly the same"
COPY = "one more page says nearly the same"
METHOD = (
    "Each page was judged by itself; a statement that stands on several pages is shown once. "
    "A program decides, and it can miss statements or mark one wrongly."
)
METHOD_LIMITS = (
    "Words inside pictures and videos, and pages that were not visited, were not read.",
    "The site may have changed since. This report speaks of its pages as they were on the day named above.",
)
