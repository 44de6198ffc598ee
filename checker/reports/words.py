"""The fixed texts of reports as data; `sentences` fills them in."""

from __future__ import annotations

from checker.values import Label, Role, Strength, VerdictLevel, Visibility, Zone

#: Titles of the groups, in the order in which reports show them.
LABELS = {
    Label.FDA_APPROVED: "Says that a regulator approved it",
    Label.CURE: "Promises a cure or a lasting end",
    Label.FDA_HALO: "Borrows a regulator's name",
    Label.SCIENCE_HALO: "Leans on science",
    Label.SUCCESS_RATE: "Gives success numbers",
    Label.SAFETY: "Says that it is safe",
    Label.TESTIMONIAL: "Tells patients' stories",
    Label.REPLACES_CARE: "Offers itself in place of ordinary care",
    Label.BENEFIT: "Says that it works",
    Label.HEDGED_BENEFIT: "Says that it may work",
    Label.PRESSURE: "Pushes the sale",
    Label.DISCLAIMER: "Names limits or risks",
}

#: What a page does, as it follows "This page".
DOES = {
    Label.BENEFIT: "says that the treatment works",
    Label.SAFETY: "calls the treatment safe",
    Label.SUCCESS_RATE: "gives success numbers",
    Label.TESTIMONIAL: "tells patients' stories",
    Label.SCIENCE_HALO: "leans on science",
    Label.FDA_HALO: "borrows a regulator's name",
    Label.REPLACES_CARE: "offers the treatment in place of ordinary care",
}

STRENGTHS = {
    Strength.RELIEVES: "speaks of relief",
    Strength.IMPROVES: "speaks of improvement",
    Strength.REPAIRS: "speaks of repair",
    Strength.REVERSES: "speaks of reversal",
    Strength.CURES: "speaks of a cure or an end",
    Strength.GUARANTEED: "speaks of a guarantee",
}

ROLES = {
    Role.TITLE: "page title",
    Role.META: "page description",
    Role.OPEN_GRAPH: "preview for shared links",
    Role.JSON_LD: "data in the page's code",
    Role.HEADING: "heading",
    Role.PARAGRAPH: "text",
    Role.LIST_ITEM: "list",
    Role.TABLE_CELL: "table",
    Role.BUTTON: "button",
    Role.LINK: "link",
    Role.ALT: "words for a picture or a frame",
    Role.CAPTION: "caption",
    Role.SUMMARY: "fold-out heading",
    Role.NOSCRIPT: "text for browsers without scripts",
    Role.PDF: "PDF",
}

ZONES = {
    Zone.MAIN: "",
    Zone.TESTIMONIAL: "among patients' stories",
    Zone.FAQ: "in questions and answers",
    Zone.PRICING: "beside the prices",
    Zone.DISCLAIMER: "in the small print",
    Zone.NAVIGATION: "in the menu",
    Zone.HEADER: "at the top of the page",
    Zone.FOOTER: "at the foot of the page",
    Zone.SIDEBAR: "in the side column",
    Zone.POPUP: "in a pop-up",
    Zone.FORM: "in a form",
}

VISIBILITIES = {
    Visibility.SHOWN: "",
    Visibility.BEHIND_CLICK: "behind a click",
    Visibility.HIDDEN: "not shown on the page",
    Visibility.SEARCH_ENGINE: "for search engines or screen readers only",
}
SCRIPTED = "put there by a script"

NO_PROMISE = "We found no promise of approval or cure in the parts we could read."

#: Headlines that no count changes.
HEADLINES = {
    VerdictLevel.TRIAL: "This page is the record of a registered trial, or asks people to take part in one. "
    "We found no sale on it, so its statements were not judged.",
    VerdictLevel.INFORMATIONAL: "This page informs, reports or warns. "
    "We found no clear sign that its publisher sells the treatment, so its statements were not judged.",
    VerdictLevel.OUT_OF_SCOPE: "We found no stem cell, exosome or other regenerative product offered on this page. "
    "Its statements were not judged.",
    VerdictLevel.CAREFUL: f"{NO_PROMISE} This says nothing about whether the treatment works, is safe or is allowed.",
}
#: Said after the headline of a trial's page.
TRIAL_DOES_NOT_FIT = "A trial number on it does not fit this page, as far as our data tell; see below."
#: Said after the headline of a careful page on which a promise was found that did not count.
MAY_PROMISE = "At least one statement may be such a promise after all; we are not sure of it, and it is quoted below."
#: Said at a terminal of a page that is taken for a third party's.
SELLERS_OWN = "If it is a clinic's or another seller's own page, check it again with --seller."

#: Parts of a promise, as they follow "promises"; {what} is one of WHAT, or "it" when said again.
PROMISE = {
    "end": "to {verbs} {what}",
    "guarantee": "a guaranteed result for {what}",
    "approval": "an approved treatment for {what}",
}
WHAT = {VerdictLevel.ALARM: "nerve damage", VerdictLevel.ALARM_OTHER: "a health problem"}
AFTER_PROMISE = {
    VerdictLevel.ALARM: "No such treatment is approved, as far as we know.",
    VerdictLevel.ALARM_OTHER: "The words that promise it do not name nerve damage.",
}
FIRST_PROMISE = "This page promises {part}, in {statements}."
NEXT_PROMISE = "It also promises {part}, in {statements}."
ONE_STATEMENT = "one statement"
STATEMENTS = "{count} statements"
AND = "and"
BARE_PROMISE = "This page promises approval or cure."
CAUTION = "This page {does}."
BARE_CAUTION = "This page says that the treatment works, is safe or is backed by others."
SHIELDED_PROMISE = "Its promises stand beside a registered trial that fits the page."
#: Verbs for promises of reversal only, of cure or end only, and of both.
VERBS = {(True, False): "reverse", (False, True): "cure or end", (True, True): "cure, reverse or end"}
AGAIN = "it"

#: Why a page could not be read, by error code, as it follows UNREAD.
UNREAD = "We could not read this page: {why}."
UNREAD_WHY = {
    "unsupported_address": "it is at, or leads to, a kind of address that cannot be opened",
    "private_address": "the address is in a private network, or leads to one",
    "unknown_host": "no site answers to this name",
    "refused": "the site refused the connection",
    "timeout": "the site took too long to answer",
    "tls": "the secure connection to the site failed",
    "redirect_loop": "the address leads in a circle",
    "http_status": "the site answered with an error",
    "rate_limited": "the site asks us to slow down",
    "robots": "the site asks programs to stay away",
    "too_large": "it is too large",
    "wrong_type": "it is no web page, text or PDF",
    "broken_file": "the file is broken",
    "empty": "it holds hardly any text of its own",
    "script_only": "its text appears only with scripts",
    "bot_wall": "it turns programs away, or asks visitors to prove that they are human",
    "login_wall": "it asks visitors to sign in",
    "cookie_wall": "it first asks visitors for consent, or for an answer",
    "parked": "the address is parked and holds no site of its own",
    "coming_soon": "the site is not open yet",
    "not_english": "it is not in English",
    "pdf_without_text": "the PDF holds pictures and no text",
    "no_such_file": "there is no file of this name",
    "is_directory": "this is a folder and not a file",
    "no_permission": "we may not open the file",
    "internal": "our own program failed",
}
UNREAD_OTHER = "something went wrong"

OUTCOMES = {
    "matched": "The registry has this trial, and it fits the page.",
    "mismatched": "The registry has this trial, but it does not fit the page.",
    "not_found": "As far as we can tell, no trial has this number.",
    "not_checked": "We did not look this number up.",
}
DIFFERS = "It differs in: {parts}."
#: What a trial can differ in, by the report format's word for it.
DIFFERENCES = {
    "condition": "the condition",
    "intervention": "the treatment",
    "sponsor_or_site": "the sponsor or the place",
    "status": "whether people can still join",
    "fee": "a fee for taking part",
    "regulated": "whether the FDA regulates the product",
}
REGISTRY_STATUS = "Status in the registry: {status}, as of {date}."
AS_OF = "As of {date}."
NO_APPROVAL = "A number in a registry is no approval. Registries list trials; they do not judge them."

ADVICE = (
    "This report is not medical or legal advice.",
    "Do not stop a medicine because of a page. Ask a doctor who does not sell the treatment.",
)
METHOD = (
    (
        "A program read the page and compared each statement with written rules and with a trained model. "
        "It can miss statements, and it can mark one wrongly."
    ),
    "A statement without a mark has not been found true.",
)
METHOD_KIND = ("A program judged from the page's words what kind of page it is. It can be wrong about that.",)
METHOD_LIMITS = (
    "Words inside pictures and videos, and other pages of the site, were not read.",
    "The page may have changed since. This report speaks of the page as it was on the day named above.",
)

#: Questions by the label that calls for them; those under None are asked of every provider.
QUESTIONS = {
    Label.FDA_APPROVED: "Which FDA application covers this product for this condition? May I see the letter?",
    Label.CURE: "Which published study showed that the condition ended or was reversed? How many people took part?",
    Label.FDA_HALO: "Is the product itself approved for this condition, or is only the place where it is made on a list?",
    Label.SCIENCE_HALO: "Which study is meant? Did it test this product, for this condition, against no treatment?",
    Label.SUCCESS_RATE: "Who counted these results, among how many people, and after how long?",
    Label.SAFETY: "Which harms have you seen so far? Whom do I call if something goes wrong?",
    Label.TESTIMONIAL: "How are the patients who are not shown here?",
    Label.REPLACES_CARE: "What does a doctor who does not sell the treatment say about leaving out ordinary care?",
    Label.BENEFIT: "How do you know that it works? Was it compared with a treatment that holds no cells?",
    Label.PRESSURE: "Is the price the same if I decide next month?",
    None: "What is in the product, whose cells are they, and who made it?",
}

#: Questions where no product was found on the page: it may stand on another page, or be named in the talk.
QUESTIONS_OUT_OF_SCOPE = (
    "If I am offered a treatment: which product is it, what is in it, and who made it?",
    "Is that product approved for this condition? May I see the letter?",
    "How do you know that it works? What was it compared with?",
)

#: The families of pencil marks: class name, what the legend says, labels.
FAMILIES = {
    "approval": ("approval", (Label.FDA_APPROVED,)),
    "cure": ("cure, lasting end or sure result", (Label.CURE,)),
    "halo": ("borrowed authority", (Label.FDA_HALO, Label.SCIENCE_HALO)),
    "works": (
        "works, is safe, success numbers, stories, in place of care",
        (Label.BENEFIT, Label.SUCCESS_RATE, Label.SAFETY, Label.TESTIMONIAL, Label.REPLACES_CARE),
    ),
    "push": ("pushes the sale", (Label.PRESSURE,)),
    "limit": ("said carefully: a bar in the margin", (Label.HEDGED_BENEFIT, Label.DISCLAIMER)),
}
FAMILY_OF = {label: family for family, (_, labels) in FAMILIES.items() for label in labels}

#: Headings and small words of both layouts.
SECTIONS = {
    "strongest": "The strongest statements",
    "careful": "What it says carefully",
    "leans": "Names and science it leans on",
    "trials": "Registry numbers on the page",
    "notes": "Worth knowing",
    "questions": "Questions to ask",
    "where": "Where to report",
    "page": "The page, with pencil marks",
    "text": "The page's own text",
    "judged": "How this was judged",
    "why": "Why",
    "sources": "Sources",
    "advice": "What to do",
    "versions": "Versions",
    "pages": "The pages",
    "statements": "The statements, each once",
}
UNTITLED = "Report on a web page"
TITLE = "Report: {name}"
READ = "Read on {when}"
RECORDED = "As a web archive recorded it on {when}"
TRIED = "Tried on {when}"
CUT_SHORT = "…"
TITLED = "Titled “{title}”"
LEGEND = "The words are the page's own; the marks and the notes are ours."
UNDER = "under {trail}"
ANSWERS = "answers “{question}”"
INTRODUCED = "after “{lead}”"
PDF_PAGE = "page {page}"
RULE = "rule {rule}"
ALSO = "also {rules}"
ALSO_DOES = "Also: {does}."
MODEL = "found by the model"
THE_MODEL = "the model"
#: What speaks against a mark that a rule or the classifier would give.
NOT_MARKED = {
    "question": "The sentence only asks.",
    "rejected": "The line above the list rejects what is listed.",
    "fragment": "By itself it says too little.",
    "idle": "It speaks of lasting harm or of ordinary days.",
    "signature": "It only names who speaks.",
    "story": "It tells of one person only.",
    "overruled": "A rule fits, but the program learned that such sentences mostly mean something else.",
    "corrected": "What is known about approvals says otherwise.",
}
UNSURE = "We are not sure about this one."
NERVES_ONLY = "What we know of this is about nerve damage. These words do not name it."
UNCONFIRMED = "not confirmed by a source that we saw"
FIRST_A_DOCTOR = "If you were treated and feel unwell, see a doctor first. Then report it."
SHIELDED = "Speaks of taking part in trial {trial}; not counted as a promise."
SEE_PAGE = "See it on the page"
SEE_BELOW = "See it in the text below"
SAME_WHY = "see note {number}"
SAME_ABOVE = "What is known of this is said above."
MORE = "and {count} more (--all shows them)"
CUT = " … (cut; --all shows it whole)"
MORE_BELOW = "More are marked in the text below."
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
