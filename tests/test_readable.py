"""What stands in place of a page (walls, placeholders, other languages) is named; short real pages are read."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.errors import ADVICE, ReadError
from checker.page import blocks, markup, readable
from checker.page.text import document_of_text
from checker.values import Document, Page


def require(document: Document, body: str, kind: str) -> None:
    data = body.encode()
    page = Page(source="x", body=data, sha256=hashlib.sha256(data).hexdigest(), content_type=kind, fetched_at=datetime.now(UTC))
    readable.require(document, page)


def read(html: str) -> None:
    require(blocks.document(markup.parse(html)), html, "text/html")


def read_text(text: str) -> None:
    require(document_of_text(text), text, "text/plain")


def refusal(html: str) -> str:
    with pytest.raises(ReadError) as caught:
        read(html)
    assert caught.value.stage == "read"
    assert caught.value.code in ADVICE
    assert caught.value.message.endswith(".") and "\n" not in caught.value.message
    return caught.value.code


def page(title: str, body: str, lang: str = "en") -> str:
    return f'<!doctype html><html lang="{lang}"><head><title>{title}</title></head><body>{body}</body></html>'


MENU = "<nav>" + "".join(f"<a href='/{n}'>{n}</a>" for n in ("Home", "Our care", "Neuropathy", "Prices", "Contact")) + "</nav>"
CLAIM = "<p>Our stem cells bring numb feet back to life.</p>"
LONG = (
    "<p>Ida Lund opened the Palm clinic in a former bakery, and the smell of bread still hangs in the stairs. "
    "Four people work here. They see patients with tired feet, and they use plasma and cells for them. "
    "A first visit takes an hour. Bring your shoes, the letters of your doctor and a list of what you take.</p>"
)


# -- nothing there


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html></html>",
        page("Palm Clinic", ""),
        page("Palm Clinic", "<div> &nbsp; </div><p>—</p>"),
        page("Palm Clinic", "<p>Welcome</p>"),
        page("Palm Clinic", "<p hidden>We mend nerves in our clinic.</p>"),
        page("Palm Clinic", "<p>12 34 56 78 90 12 34 56 78</p>"),
    ],
)
def test_empty(html: str) -> None:
    assert refusal(html) == "empty"


@pytest.mark.parametrize(
    "html",
    [
        page("Palm Clinic", "<div id='root'></div><script src='/app.js'></script>"),
        page("Palm Clinic", "<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div>"),
        page(
            "Palm Clinic", "<noscript><h1>Please enable JavaScript</h1><ul><li>in settings</li></ul></noscript><script></script>"
        ),
        page("Palm Clinic", "<div id='app'>You need to enable JavaScript to run this app.</div><script></script>"),
        page("Palm Clinic", "<p>This site requires JavaScript. Please turn on JavaScript in your browser.</p>"),
        page("Palm Clinic", "<div id='app'>Loading, please wait...</div><script src='/app.js'></script>"),
        '<head><meta name="description" content="We mend nerves."></head><div id="__next"></div><script></script>',
    ],
)
def test_script_only(html: str) -> None:
    assert refusal(html) == "script_only"


def test_a_page_that_a_script_uncovers_is_read() -> None:
    read(page("Palm Clinic", f"<div style='visibility:hidden'>{LONG}</div><script>show()</script>"))


@pytest.mark.parametrize("text", ["We cure it.", "FDA yes", "Nerves!"])
def test_the_shortest_text_that_a_person_gives_is_read(text: str) -> None:
    read_text(text)


def test_text_without_letters_is_empty() -> None:
    with pytest.raises(ReadError) as caught:
        read_text("123 456")
    assert caught.value.code == "empty"


# -- walls


@pytest.mark.parametrize(
    "html",
    [
        page(
            "Just a moment...",
            "<noscript>Enable JavaScript and cookies to continue</noscript><script>c()</script>",
        ),
        page(
            "palm.example",
            "<h1>palm.example</h1><p>Verifying you are human. This may take a few seconds.</p>"
            "<p>palm.example needs to review the security of your connection before proceeding.</p><p>Ray ID: 8a2f</p>",
        ),
        page(
            "Attention Required!",
            "<h1>Sorry, you have been blocked</h1><p>You are unable to open palm.example.</p><h2>Why?</h2><p>The site "
            "uses a service against attacks. What you did may have set it off: a certain word, a command or odd data.</p>"
            "<p>You can write to the owner and tell what you did, with the Cloudflare Ray ID below.</p>",
        ),
        page("Access Denied", "<h1>Access Denied</h1><p>You don't have permission to open this page. Reference #18.2f</p>"),
        page("palm.example", "<p>Press & hold to confirm you are a human (and not a bot).</p>"),
        page("Are you a robot?", "<p>Please solve the puzzle.</p>"),
        page("palm.example", "<p>Please complete the captcha below to continue.</p><button>Send</button>"),
        page("palm.example", "<p>Checking your browser before opening the site.</p>"),
        page("palm.example", "<p>We have seen unusual traffic from your network. Try again later.</p>"),
        page("One moment, please...", "<p>Please wait while your request is being verified...</p>"),
        page("palm.example", "<p>Please enable JS and disable any ad blocker</p>"),
    ],
)
def test_bot_wall(html: str) -> None:
    assert refusal(html) == "bot_wall"


@pytest.mark.parametrize(
    "html",
    [
        page("Log in - Palm Clinic", f"{MENU}<form><input placeholder='E-mail'><input type='submit' value='Log in'></form>"),
        page("Palm Clinic", "<p>Please log in to view this page.</p><a href='/l'>Log in</a>"),
        page("Palm Clinic", "<p>You must be logged in to continue.</p>"),
        page("Protected: Cells", "<p>This content is password protected. To view it, type the password.</p>"),
        page("Palm Clinic", "<h1>Members only</h1><p>Enter your password:</p><input type='submit' value='Enter'>"),
    ],
)
def test_login_wall(html: str) -> None:
    assert refusal(html) == "login_wall"


@pytest.mark.parametrize(
    "html",
    [
        page("palm.example", "<h1>palm.example</h1><p>This domain is for sale!</p><a href='/b'>Make an offer</a>"),
        page("palm.example", "<p>The domain palm.example may be for sale.</p><ul><li><a href='/1'>Feet</a></li></ul>"),
        page("palm.example is for sale", "<p>Get this name today.</p>"),
        page("palm.example", "<p>This domain is registered at a registrar, but may be free again soon. Buy this domain.</p>"),
        page("Account Suspended", "<p>This account has been suspended. Ask your host.</p>"),
        page("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page, the web server is at work.</p>"),
        page("Apache2 Ubuntu Default Page: It works", "<p>It works!</p><p>This is the default welcome page.</p>"),
        page("", "<h1>It works!</h1>"),
        page("Index of /", "<h1>Index of /</h1><a href='/x'>backup.zip</a>"),
    ],
)
def test_parked(html: str) -> None:
    assert refusal(html) == "parked"


@pytest.mark.parametrize(
    "html",
    [
        page("Palm Clinic", "<h1>Palm Stem Cell Clinic</h1><h2>Coming soon</h2><p>Leave your address here.</p>"),
        page("Coming Soon | Palm Clinic", "<p>Our new home in the web opens in May. Leave your address and we write to you.</p>"),
        page("Palm Clinic", "<p>Our website is under construction.</p><p>Follow us meanwhile.</p>"),
        page("Maintenance", "<p>We are back shortly. Thank you for waiting.</p>"),
        page("Palm Clinic", "<p>The site is under maintenance and back online soon.</p>"),
    ],
)
def test_coming_soon(html: str) -> None:
    assert refusal(html) == "coming_soon"


@pytest.mark.parametrize(
    "html",
    [
        page("Palm Clinic", "<p>Accept all cookies to continue.</p><button>Accept</button>"),
        page(
            "Palm Clinic",
            "<div class='cookie-banner'><h2>We value your privacy</h2><p>We and our 812 partners use cookies.</p>"
            "<button>Accept all</button><button>Reject</button></div><main></main>",
        ),
        page("Palm Clinic", "<p>You must be 21 years or older to enter.</p><button>I am</button>"),
    ],
)
def test_cookie_wall(html: str) -> None:
    assert refusal(html) == "cookie_wall"


@pytest.mark.parametrize(
    "html",
    [
        page("Page not found – Palm Clinic", f"{MENU}<h1>Oops!</h1><p>Try the search or read about our new rooms.</p>"),
        page("404", "<p>Nothing here.</p>"),
        page("404 Not Found | Palm", f"{MENU}<p>It may have moved.</p>"),
        page("Palm Clinic", f"{MENU}<h1>404</h1><h2>Page not found</h2><p>It may have moved.</p>"),
        page("Palm Clinic", "<p>The page you were looking for could not be found.</p>"),
        page("Palm Clinic", "<p>Oops! That page can’t be found.</p>"),
    ],
)
def test_an_error_page_with_status_200(html: str) -> None:
    assert refusal(html) == "http_status"


FOOTER = "<footer><p>Palm Stem Cell Clinic offers stem cell therapy for neuropathy. Call 555-0142.</p></footer>"
ABOUT = (
    "<p>Our practice has treated patients with tired feet since 1998. The team takes an hour for every visit, listens, and plans "
    "the therapy with you. We are in the old bakery by the harbor, with a ramp and parking.</p>"
)
NEWS = "<h2>News</h2>" + 20 * "<h3>Cells for feet</h3><p>Our stem cells help nerves recover, and patients walk again.</p>"


@pytest.mark.parametrize(
    "html",
    [
        page("Page not found", f"{MENU}<h1>404 Page not found</h1><p>The page you are looking for has moved.</p>{FOOTER}"),
        page("Page not found - Palm Stem Cell Clinic", f"{MENU}<h1>Page not found</h1><p>Use the menu.</p>{FOOTER}"),
        page("404", f"{MENU}<h1>404</h1><p>This page is gone. Go back to the home page.</p>{FOOTER}"),
        page("Palm Stem Cell Clinic", f"{MENU}<h1>Page not found</h1><p>It may have moved.</p>{FOOTER}"),
        page("Palm", f"<header><p>We treat nerves with stem cells.</p></header><p>Oops! That page can't be found.</p>{FOOTER}"),
        page("Palm", f"{MENU}<h1>Whoops</h1><p>Sorry, the link is broken or this page was removed. Try the search.</p>{FOOTER}"),
    ],
)
def test_an_error_page_whose_footer_names_what_the_clinic_sells(html: str) -> None:
    assert refusal(html) == "http_status"


@pytest.mark.parametrize(
    "html",
    [
        page("Page not found - Palm", f"{MENU}<h1>Page not found</h1>{ABOUT}"),
        page("Page not found - Palm", f"{MENU}<h1>Page not found</h1><p>It may have moved.</p>{NEWS}"),
        page("404: This page could not be found.", f"<h1>404</h1><h2>This page could not be found.</h2>{ABOUT}"),
        page("Palm Clinic", f"{MENU}<h1>Oops! Page not found</h1>{ABOUT}"),
        page("Palm Clinic", f"{MENU}<h1>404</h1><p>Sorry, the page you are looking for has moved.</p>{ABOUT}"),
        page("This page doesn't exist - Palm", f"{MENU}<h1>This page doesn't exist</h1>{ABOUT}{NEWS}"),
        page("Internal server error", f"<h1>500 Internal Server Error</h1>{ABOUT}"),
    ],
)
def test_a_page_named_after_an_error_is_none_whatever_stands_below(html: str) -> None:
    assert refusal(html) == "http_status"


@pytest.mark.parametrize(
    "html",
    [
        page("Palm Clinic", f"{MENU}<h1>Stem cells for feet</h1>{CLAIM}<p>Page not found? Call us instead.</p>{FOOTER}"),
        page("Palm Clinic", f"{MENU}{CLAIM}<h2>Page not found</h2><p>The page you are looking for has moved.</p>"),
        page("Page not found, nerve found", f"<h1>Page not found, nerve found</h1>{CLAIM}"),
        page("404", f"{MENU}<h1>Stem cells for feet</h1>{CLAIM}"),
        page("Palm Clinic", f"<h1>404 patients feel their feet again</h1>{CLAIM}"),
        page("Palm Clinic", f"<h2>404</h2><p>patients treated</p>{CLAIM}"),
        page("Palm Clinic", f"<p>The page you were looking for is this one: our stem cells cure numb feet.</p>{LONG}"),
        page("Page not found", f"<h1 class='sr-only'>Page not found</h1>{CLAIM}"),
    ],
)
def test_a_page_that_only_speaks_of_an_error_is_read(html: str) -> None:
    read(html)


# -- real pages that use the same words


@pytest.mark.parametrize(
    "sentence",
    [
        "Booking here is captcha-free.",
        "This form is protected by a captcha.",
        "A second clinic in Tampa is coming soon.",
        "Coming soon: evening hours.",
        "Our east wing is under construction, please use the side door.",
        "Members only: one visit a year is free.",
        "Log in to view your lab letters.",
        "Sign in to see your plan.",
        "You must be 18 years or older to be treated here.",
        "We use cookies to improve this site.",
        "Accept cookies to view the map.",
        "It works!",
        "Some call it a 404: the nerve signal is not found.",
        "Do not let insurers tell you that access is denied.",
        "Our old device is for sale.",
        "Turn on JavaScript to see the film.",
        "We are back soon after the holidays.",
        "The page you were looking for last year has moved here.",
        "Just a moment... and the needle is out.",
        "Are you a robot? No, and neither are we.",
    ],
)
def test_short_pages_with_the_words_of_walls_are_read(sentence: str) -> None:
    read(page("Palm Clinic", f"{MENU}{CLAIM}<p>{sentence}</p>"))
    read(page("Palm Clinic", f"{MENU}<h1>Palm</h1>{LONG}<h2>News</h2><p>{sentence}</p>"))
    read_text(f"Our stem cells bring numb feet back to life.\n\n{sentence}")


@pytest.mark.parametrize("title", ["Exosomes coming soon to Palm Clinic", "Never wait in line: log in and book", "Palm Clinic"])
def test_titles_that_only_hold_such_words(title: str) -> None:
    read(page(title, f"{CLAIM}{LONG}"))


def test_a_hidden_wall_hides_no_claim() -> None:
    hidden = "<div hidden>Verify you are human. Enable JavaScript and cookies to continue.</div>"
    read(page("Palm Clinic", CLAIM + hidden))
    read(page("Palm Clinic", CLAIM + "<noscript>Enable JavaScript and cookies to continue</noscript>"))
    read(page("Palm Clinic", CLAIM + "<p style='font-size:1px'>Verify you are human.</p>"))


def test_a_claim_under_a_cookie_banner_is_read() -> None:
    read(page("Palm Clinic", f"<div class='cookie-consent'><p>We use cookies.</p></div>{CLAIM}"))


@pytest.mark.parametrize(
    "body",
    [
        "<h1>We mend nerves.</h1>",
        "<button>Book your nerve cure</button>",
        "<a href='/b'>FDA-approved nerve cure</a>",
        "<footer>These cells are not approved.</footer>",
        "<header>Feet feel again at Palm.</header>",
        "<table><tr><td>Nerve cure</td><td>$900</td></tr></table>",
        "<img src='a.png' alt='Our cells cure numb feet'>",
        "<details><summary>Safe?</summary>Yes, every time.</details>",
    ],
)
def test_very_short_pages_are_read(body: str) -> None:
    read(page("Palm", body))


# -- languages

GERMAN = (
    "Unsere Praxis am Hafen behandelt seit zwanzig Jahren müde Füße. Wir nehmen Zellen aus dem eigenen Fett und geben sie "
    "dorthin, wo der Nerv nicht mehr will. Die meisten Gäste gehen nach wenigen Wochen wieder spazieren, und manche tanzen "
    "sogar. Rufen Sie an und fragen Sie nach einem Termin, wir nehmen uns eine ganze Stunde Zeit für das erste Gespräch."
)
SPANISH = (
    "Nuestra clínica junto al puerto cuida los pies cansados desde hace veinte años. Tomamos células de la propia grasa y las "
    "llevamos adonde el nervio ya no quiere trabajar. Casi todos vuelven a pasear después de unas semanas, y algunos hasta "
    "bailan. Llame y pregunte por una cita; para la primera conversación nos tomamos una hora entera sin prisa ninguna."
)
FRENCH = (
    "Notre cabinet près du port soigne les pieds fatigués depuis vingt ans. Nous prenons des cellules dans la graisse du "
    "patient et nous les portons là où le nerf ne veut plus travailler. Presque tous se promènent de nouveau au bout de "
    "quelques semaines, et certains dansent même. Appelez et demandez un rendez-vous; le premier entretien dure une heure."
)
ENGLISH = (
    "Our clinic by the harbor has looked after tired feet for twenty years. We take cells from your own fat and bring them to "
    "where the nerve no longer wants to work. Nearly everybody goes for walks again after some weeks, and some even dance. "
    "Call us and ask for a visit; the first talk takes a whole hour, and you can bring whomever you like."
)


@pytest.mark.parametrize("lang", ["", "en", "own"])
@pytest.mark.parametrize(("text", "own"), [(GERMAN, "de"), (SPANISH, "es"), (FRENCH, "fr")])
def test_long_text_in_another_language(text: str, own: str, lang: str) -> None:
    html = page("Palm Clinic", f"<p>{text}</p>", own if lang == "own" else lang)
    assert refusal(html) == "not_english"
    with pytest.raises(ReadError, match=own) as caught:
        read_text(text)
    assert caught.value.code == "not_english"


@pytest.mark.parametrize(
    "text",
    [
        "我们诊所用干细胞治疗神经损伤，欢迎来电预约。",
        "Мы лечим усталые ноги клетками, приходите к нам в клинику.",
        "نعالج القدمين المتعبتين بالخلايا الجذعية في عيادتنا قرب الميناء.",
    ],
)
def test_short_text_in_another_script(text: str) -> None:
    assert refusal(page("Palm Clinic", f"<p>{text}</p>")) == "not_english"


@pytest.mark.parametrize("lang", ["", "en", "en-US", "de", "de-CH", "es", "zz", "x" * 300])
def test_english_is_read_whatever_the_page_says(lang: str) -> None:
    read(page("Palm Clinic", f"<p>{ENGLISH}</p>", lang))
    read(page("Palm Clinic", CLAIM, lang))


@pytest.mark.parametrize(
    "text", ["No pressure.", "FDA approval in Tampa.", "Neuropathy? Palm Clinic!", "Exosome menu, 2 x 50 ml"]
)
def test_short_english_is_read(text: str) -> None:
    read(page("Palm Clinic", f"<p>{text}</p>"))


SHORT_TEXTS = [
    line.split("\t") for line in (Path(__file__).parent / "fixtures/short_texts.tsv").read_text(encoding="utf-8").splitlines()
]
DECLARED = "ca da de es ext fr gl it nl pl pt ro sv".split()


def test_the_short_texts_are_many() -> None:
    english = [text for language, _, text in SHORT_TEXTS if language == "en"]
    assert len(english) >= 100 and len(SHORT_TEXTS) - len(english) >= 50


@pytest.mark.parametrize("text", [text for language, _, text in SHORT_TEXTS if language == "en"])
def test_short_english_names_and_terms_are_read_whatever_the_page_says(text: str) -> None:
    read_text(text)
    for declared in ["", "en", *DECLARED]:
        read(page("Palm Clinic", f"<p>{text}</p>", declared))


@pytest.mark.parametrize("case", [case for case in SHORT_TEXTS if case[0] != "en"], ids=lambda case: case[2][:30])
def test_short_text_in_another_language(case: list[str]) -> None:
    language, outcome, text = case
    if outcome == "refused":
        with pytest.raises(ReadError) as caught:
            read_text(text)
        assert caught.value.code == "not_english"
        assert refusal(page("Palm Clinic", f"<p>{text}</p>")) == "not_english"
    else:
        read_text(text)
    if outcome == "read":
        read(page("Palm Clinic", f"<p>{text}</p>", language))
    else:
        assert refusal(page("Palm Clinic", f"<p>{text}</p>", language)) == "not_english"


def test_one_english_sentence_in_a_short_text_is_enough() -> None:
    spanish = "<p>Nuestras células madre curan la neuropatía para siempre. Llame hoy a nuestra clínica.</p>"
    assert refusal(page("Palma", spanish, "es")) == "not_english"
    read(page("Palma", f"{spanish}<p>Stem cells cure neuropathy.</p>", "es"))
    read(page("Palma", f"{spanish}<table><tr><td>Our stem cells heal nerves.</td></tr></table>", "es"))


def test_some_foreign_words_do_no_harm() -> None:
    read(page("Palm Clinic", f"<nav><a href='/es'>Español</a></nav><p>Hablamos español. {ENGLISH}</p>"))


@pytest.mark.parametrize("order", [1, -1])
def test_a_page_in_two_languages_is_read(order: int) -> None:
    parts = [f"<p>{SPANISH}</p>" * 8, f"<p>{ENGLISH}</p>" * 8][::order]
    read(page("Palm Clinic", "".join(parts), "es"))


def test_look_alike_letters_do_not_make_english_foreign() -> None:
    disguised = ENGLISH.translate(str.maketrans("eocpx", "еосрх"))
    read(page("Palm Clinic", f"<p>{disguised}</p>"))
