"""Taking a page apart: every kind of place is found, with its role, zone, visibility, context and a path back."""

from __future__ import annotations

import json
import time

import pytest
from bs4.element import Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.page import blocks, markup
from checker.page.paths import MAX_STEPS
from checker.values import Document, Role, TextBlock, Visibility, Zone

Row = tuple[str, Role]


def read(body: str, head: str = "") -> Document:
    return blocks.document(markup.parse(f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"))


def rows(body: str, head: str = "") -> list[Row]:
    return [(block.text, block.role) for block in read(body, head).blocks]


def texts(body: str) -> list[str]:
    return [block.text for block in read(body).blocks]


def block(body: str, text: str, head: str = "") -> TextBlock:
    found = [block for block in read(body, head).blocks if block.text == text]
    assert len(found) == 1, [block.text for block in read(body, head).blocks]
    return found[0]


def json_ld(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


# -- the head


def test_the_title() -> None:
    document = read("<p>Hello</p>", "<title>  Palm Harbor \n Cell Center </title>")
    assert document.title == "Palm Harbor Cell Center"
    first = document.blocks[0]
    assert (first.text, first.role, first.css_path) == ("Palm Harbor Cell Center", Role.TITLE, "title")


def test_a_page_without_title_or_language() -> None:
    document = blocks.document(markup.parse("<p>Hello</p>"))
    assert document.title is None and document.language is None


def test_the_title_of_a_drawing_is_not_the_pages() -> None:
    drawing = "<svg><title>A pin</title><path d='M0'/></svg>"
    document = read(f"{drawing}<p>Hello</p>")
    assert document.title is None
    assert (document.blocks[0].text, document.blocks[0].role) == ("A pin", Role.ALT)
    assert read(drawing, "<title>Clinic</title>").title == "Clinic"


@pytest.mark.parametrize(("lang", "expected"), [("en", "en"), (" en-GB ", "en-GB"), ("", None)])
def test_the_language(lang: str, expected: str | None) -> None:
    assert blocks.document(markup.parse(f'<html lang="{lang}"><p>Hello</p></html>')).language == expected


@pytest.mark.parametrize(
    ("tag", "role"),
    [
        ('<meta name="description" content="We  wake up nerves.">', Role.META),
        ('<meta name="Keywords" content="We wake up nerves.">', Role.META),
        ('<meta property="og:title" content="We wake up nerves.">', Role.OPEN_GRAPH),
        ('<meta property="og:description" content="We wake up nerves.">', Role.OPEN_GRAPH),
        ('<meta property="og:image:alt" content="We wake up nerves.">', Role.OPEN_GRAPH),
        ('<meta name="twitter:title" content="We wake up nerves.">', Role.OPEN_GRAPH),
        ('<meta name="x" property="OG:Description" content="We wake up nerves.">', Role.OPEN_GRAPH),
    ],
)
def test_what_the_head_tells_search_engines(tag: str, role: Role) -> None:
    found = block("<p>Hello</p>", "We wake up nerves.", tag)
    assert (found.role, found.visibility) == (role, Visibility.SEARCH_ENGINE)


def test_the_head_says_a_thing_once() -> None:
    head = (
        '<title>Nerves wake up</title><meta name="description" content="Feet feel again.">'
        '<meta property="og:title" content="Nerves wake up"><meta property="og:description" content="Feet feel again.">'
        '<meta name="viewport" content="width=device-width">'
    )
    assert rows("", head) == [("Nerves wake up", Role.TITLE), ("Feet feel again.", Role.META)]


def test_two_descriptions_are_found_by_different_paths() -> None:
    head = '<meta name="description" content="One."><meta name="description" content="Two.">'
    page = markup.parse(f"<html><head>{head}</head><body></body></html>")
    one, two = blocks.document(page).blocks
    assert [str(tag["content"]) for found in (one, two) for tag in page.select(found.css_path)[:1]] == ["One.", "Two."]


# -- JSON-LD


def test_json_ld_of_a_faq() -> None:
    given = {"@type": "Answer", "text": "<p>It <b>lasts</b>.</p>"}
    question = {"@type": "Question", "name": "Does it last?", "acceptedAnswer": given}
    document = read("<p>Hello</p>", json_ld({"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [question]}))
    asked, answer = document.blocks[:2]
    assert (asked.text, asked.zone, asked.question) == ("Does it last?", Zone.FAQ, None)
    assert (answer.text, answer.zone, answer.question) == ("It lasts.", Zone.FAQ, "Does it last?")
    assert {asked.role, answer.role} == {Role.JSON_LD}
    assert {asked.visibility, answer.visibility} == {Visibility.SEARCH_ENGINE}


def test_json_ld_of_a_review_deep_in_a_graph() -> None:
    review = {"@type": ["Review", "Thing"], "reviewBody": "I dance again.", "author": {"@type": "Person", "name": "Ida"}}
    clinic = {"@type": "MedicalClinic", "name": "Palm Harbor", "url": "https://palm.example", "review": [review]}
    document = read("", json_ld({"@graph": [{"@type": "WebPage", "headline": "Home"}, clinic]}))
    zones = {block.text: block.zone for block in document.blocks}
    assert zones == {"Home": Zone.MAIN, "Palm Harbor": Zone.MAIN, "I dance again.": Zone.TESTIMONIAL, "Ida": Zone.MAIN}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["nerve repair", "exosomes"], ["nerve repair", "exosomes"]),
        ({"@value": "nerve repair", "@language": "en"}, ["nerve repair"]),
        ("Q&amp;A about nerves &#8211; today", ["Q&A about nerves – today"]),
        ("&lt;p&gt;It heals.&lt;/p&gt;", ["It heals."]),
        ("It <em>heals</em>, they say.<br>Yes.", ["It heals, they say. Yes."]),
        ("p < 0.05 and n > 30", ["p < 0.05 and n > 30"]),
        ("https://palm.example/logo.png", []),
        (17, []),
        (None, []),
        ([["deep"], 3], []),
    ],
)
def test_values_of_json_ld(value: object, expected: list[str]) -> None:
    assert [block.text for block in read("", json_ld({"@type": "MedicalClinic", "knowsAbout": value})).blocks] == expected


@pytest.mark.parametrize(
    "script",
    [
        '{"name": "Two\nlines"}',
        '<!-- {"name": "Two lines"} -->',
        '//<![CDATA[\n{"name": "Two lines"}\n//]]>',
        '/*<![CDATA[*/{"name": "Two lines"}/*]]>*/',
    ],
)
def test_json_ld_as_pages_write_it(script: str) -> None:
    assert texts(f'<script type="application/ld+json; charset=utf-8">{script}</script>') == ["Two lines"]


@pytest.mark.parametrize("script", ["", "{broken", '{"name": }', "[" * 50_000, "null", "3", '"text"', "[[], {}]"])
def test_broken_json_ld_gives_nothing(script: str) -> None:
    assert texts(f'<script type="application/ld+json">{script}</script><p>Hello</p>') == ["Hello"]


def test_json_ld_that_the_page_shows_is_not_said_twice() -> None:
    data = json_ld({"name": "Palm Harbor", "description": "Only here."})
    assert texts(data + "<h1>Palm Harbor</h1>") == ["Only here.", "Palm Harbor"]


def test_json_ld_is_found_again_among_other_scripts() -> None:
    head = "<script>let a = 1</script>" + json_ld({"name": "First"})
    body = "<div><script>let b</script>" + json_ld({"name": "Second"}) + "</div>"
    page = markup.parse(f"<html><head>{head}</head><body>{body}</body></html>")
    for found in blocks.document(page).blocks:
        element = page.select_one(found.css_path)
        assert element is not None and found.text in str(element.string)


# -- headings, paragraphs, line breaks


def test_the_trail_of_headings() -> None:
    body = "<h1>Nerves</h1><p>a</p><h2>Hands</h2><h3>Left</h3><p>b</p><h2>Feet</h2><p>c</p><h1>Other</h1><p>d</p>"
    trails = {text: block(body, text).headings for text in "abcd"}
    assert trails == {"a": ("Nerves",), "b": ("Nerves", "Hands", "Left"), "c": ("Nerves", "Feet"), "d": ("Other",)}
    assert block(body, "Left").headings == ("Nerves", "Hands")


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Our <b>nerve</b> program</h2>",
        "<h2><div>Our nerve program</div></h2>",
        "<h2><section><span>Our nerve program</span></section></h2>",
        "<h2><button>Our nerve program</button></h2>",
        '<h2><a href="#x" role="button">Our nerve program</a></h2>',
        "<div role='heading' aria-level='2'>Our nerve program</div>",
        "<div role='heading'>Our nerve program</div>",
        "<h2>Our nerve<br>program</h2>",
    ],
)
def test_kinds_of_headings(heading: str) -> None:
    document = read(f"<h1>Palm</h1>{heading}<p>a</p>")
    assert (document.blocks[1].text, document.blocks[1].role) == ("Our nerve program", Role.HEADING)
    assert document.blocks[2].headings == ("Palm", "Our nerve program")


def test_a_paragraph_is_whole_over_inline_tags() -> None:
    body = (
        "<p>Our <b>stem</b>-<i>cell</i> care is <a href='/x'>not <em>yet</em></a> "
        "app<wbr>roved<sup>1</sup>,\n\t they&nbsp;say.</p>"
    )
    assert rows(body) == [("Our stem-cell care is not yet approved1, they say.", Role.PARAGRAPH)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>We \u202eeruc\u202c it</p>", "We cure it"),
        ("<p>We \u202eeruc</p>", "We cure"),
        ("<p>We <bdo dir='rtl'>eruc</bdo> it</p>", "We cure it"),
        ("<p>We <bdo dir='ltr'>cure</bdo> it</p>", "We cure it"),
    ],
)
def test_text_set_backwards_is_read_as_it_is_seen(body: str, text: str) -> None:
    assert texts(body) == [text]


def test_text_straight_in_boxes() -> None:
    assert texts("one<div>two<div>three</div>four</div>five<p>six") == ["one", "two", "three", "four", "five", "six"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>nerves that<br>come back</p>", ["nerves that come back"]),
        ("<p>Less pain<br>More sleep</p>", ["Less pain", "More sleep"]),
        ("<p>Less pain<br/>• more sleep<br/>✓ Better balance</p>", ["Less pain", "• more sleep", "✓ Better balance"]),
        ("<p>one<br><br>two</p>", ["one", "two"]),
        ("<p>one<br>\n<b>Two</b> three</p>", ["one", "Two three"]),
        ("<p><br>one<br></p>", ["one"]),
    ],
)
def test_line_breaks(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


# -- lists and tables


def test_a_list_with_its_lead_in() -> None:
    items = "<ul><li>Numb <i>feet</i></li><li><p>Cold hands</p></li></ul>"
    document = read(f"<p>It helps with:</p>{items}<p>Call us.</p><ul><li>Later</li></ul>")
    assert [(b.text, b.role, b.lead) for b in document.blocks] == [
        ("It helps with:", Role.PARAGRAPH, None),
        ("Numb feet", Role.LIST_ITEM, "It helps with:"),
        ("Cold hands", Role.LIST_ITEM, "It helps with:"),
        ("Call us.", Role.PARAGRAPH, None),
        ("Later", Role.LIST_ITEM, None),
    ]


def test_a_line_without_a_stop_goes_on_in_its_list() -> None:
    listed = "<ul><li>Numb feet</li></ul>"
    assert block(f"<p>Nobody here will say that it helps</p>{listed}", "Numb feet").lead == "Nobody here will say that it helps"
    assert block(f"<p>“Nobody will say that it helps.”</p>{listed}", "Numb feet").lead is None
    assert block(f"<h2>What it helps</h2>{listed}", "Numb feet").lead is None


def test_a_heading_can_lead_in() -> None:
    assert block("<h2>We treat:</h2><ul><li>Neuropathy</li></ul>", "Neuropathy").lead == "We treat:"


def test_two_columns_share_a_lead_in() -> None:
    body = "<p>We treat:</p><div><ul><li>Feet</li></ul><ul><li>Hands</li></ul></div>"
    assert block(body, "Feet").lead == block(body, "Hands").lead == "We treat:"


def test_nested_lists_have_their_own_lead_in() -> None:
    body = "<p>We treat:</p><ul><li>Nerves:<ul><li>Feet</li><li>Hands</li></ul></li><li>Joints</li></ul>"
    leads = {b.text: b.lead for b in read(body).blocks}
    assert leads == {"We treat:": None, "Nerves:": "We treat:", "Feet": "Nerves:", "Hands": "Nerves:", "Joints": "We treat:"}


def test_an_icon_does_not_cut_its_line() -> None:
    body = "<ul><li>Relieves <img src='i.png' alt='tick'> pain</li><li>Wakes <svg><path d='M0'/></svg>nerves</li></ul>"
    assert rows(body) == [("Relieves pain", Role.LIST_ITEM), ("tick", Role.ALT), ("Wakes nerves", Role.LIST_ITEM)]


def test_a_table() -> None:
    body = (
        "<table><caption>Prices</caption><thead><tr><th>Program</th><th>Visits</th></tr></thead>"
        "<tbody><tr><td>Nerve <b>reset</b></td><td><ul><li>Six</li></ul></td></tr></tbody></table>"
    )
    cell = Role.TABLE_CELL
    assert rows(body) == [
        ("Prices", Role.CAPTION),
        ("Program", cell),
        ("Visits", cell),
        ("Nerve reset", cell),
        ("Six", Role.LIST_ITEM),
    ]


def test_a_list_of_terms() -> None:
    body = "<dl><dt>How long?</dt><dd><p>Six weeks.</p><p>Or eight.</p></dd><dt>Painful?</dt><dd>No.</dd></dl><p>Call.</p>"
    assert [(b.text, b.role, b.question) for b in read(body).blocks] == [
        ("How long?", Role.SUMMARY, None),
        ("Six weeks.", Role.PARAGRAPH, "How long?"),
        ("Or eight.", Role.PARAGRAPH, "How long?"),
        ("Painful?", Role.SUMMARY, None),
        ("No.", Role.PARAGRAPH, "Painful?"),
        ("Call.", Role.PARAGRAPH, None),
    ]


# -- buttons, forms, links, pictures


def test_buttons_and_controls() -> None:
    body = (
        "<form><button>Book <span>now</span></button><input type='submit' value='Start healing'><input type='button' value='Go'>"
        "<input placeholder='Your name'><input type='image' alt='Send it'><input type='hidden' value='secret' placeholder='x'>"
        "<input type='text' value='typed'><select><option>Feet</option></select></form><div role='button'>Call</div>"
    )
    names = ["Book now", "Start healing", "Go", "Your name", "Send it", "Call"]
    assert rows(body) == [(name, Role.BUTTON) for name in names]
    assert {b.zone for b in read(body).blocks[:-1]} == {Zone.FORM}
    assert {b.visibility for b in read(body).blocks} == {Visibility.SHOWN}


@pytest.mark.parametrize(
    "body",
    [
        "<nav><a href=1>Home</a><a href=2>FDA news</a> <a href=3>Questions</a></nav>",
        "<nav><a href=1>Home</a> | <a href=2>FDA news</a> · <a href=3>Questions</a></nav>",
        "<div class='main-menu'><p><a href=1>Home</a> <a href=2><span>FDA</span> news</a><a href=3>Questions</a></p></div>",
        "<div role='navigation'><a href=1><div>Home</div></a><a href=2><div>FDA news</div></a><a href=3>Questions</a></div>",
        "<nav><ul><li><a href=1>Home</a></li><li><a href=2>FDA news</a></li><li><a href=3>Questions</a></li></ul></nav>",
    ],
)
def test_links_of_a_menu_stand_one_by_one(body: str) -> None:
    page = markup.parse(body)
    found = blocks.document(page).blocks
    assert [(b.text, b.role, b.zone) for b in found] == [
        (name, Role.LINK, Zone.NAVIGATION) for name in ("Home", "FDA news", "Questions")
    ]
    for one in found:
        element = page.select_one(one.css_path)
        assert element is not None and " ".join(element.get_text().split()) == one.text


def test_a_link_in_a_sentence_is_part_of_it() -> None:
    assert rows("<p>Read <a href='/x'>our study</a> first.</p>") == [("Read our study first.", Role.PARAGRAPH)]


@pytest.mark.parametrize(
    ("body", "linked"),
    [
        ("<p>Our  (<a href='https://a.example/1'>own\n <b>study</b></a>), <a href='//b.example'>it</a></p>", ["own study", "it"]),
        ("<p>A study of our study: <a href='HTTP://a.example/'>study</a> it</p>", ["study"]),
        ("<h2><a href='https://a.example/'>Our study</a></h2>", ["Our study"]),
        ("<ul><li><a href='https://a.example/'>Study</a> <a href='https://b.example/'>Trial</a></ul>", ["Study", "Trial"]),
        ("<p>In <a href='https://a.example/'><img alt='The registry'></a> listed", ["The registry"]),
        ("<p>In <img alt='The registry'> listed", []),
        ("<p>Read <a href='/x'>our study</a>, <a>its</a> <a href='mailto:a@b.example'>author</a>, <a href=''>more</a>", []),
        ("<p>Read \u202eyduts ruo <a href='https://a.example/'>won\u202c</a> and more.</p>", []),
    ],
)
def test_links_to_elsewhere_are_kept_with_their_words(body: str, linked: list[str]) -> None:
    found = [(block.text, link) for block in read(body).blocks for link in block.links]
    assert [text[link.start : link.end] for text, link in found] == linked
    assert all(link.address.lower().startswith(("http", "//")) for _, link in found)


def test_the_second_of_two_like_words_is_the_link() -> None:
    (link,) = block("<p>A study of our study: <a href='https://a.example/'>study</a> it", "A study of our study: study it").links
    assert (link.start, link.address) == (22, "https://a.example/")


def test_a_card_that_is_a_link_keeps_its_text() -> None:
    long = "Our nerve program wakes up tired feet within weeks, many tell us. Nobody else in town has it."
    body = f"<a href='/n'><h3>Nerve reset</h3><p>{long}</p><span>Learn more</span></a>"
    assert rows(body) == [("Nerve reset", Role.HEADING), (long, Role.PARAGRAPH), ("Learn more", Role.LINK)]


def test_pictures() -> None:
    body = (
        "<figure><img src='a.png' alt='A man  dancing'><figcaption>Ida after <b>two</b> visits</figcaption></figure>"
        "<img src='b.png' alt=''><map><area alt='Our rooms'></map><iframe title='A film about nerves'>old browser</iframe>"
    )
    assert rows(body) == [
        ("A man dancing", Role.ALT),
        ("Ida after two visits", Role.CAPTION),
        ("Our rooms", Role.ALT),
        ("A film about nerves", Role.ALT),
    ]
    assert block(body, "A man dancing").visibility is Visibility.SEARCH_ENGINE
    assert block(body, "Ida after two visits").visibility is Visibility.SHOWN


def test_a_picture_in_a_paragraph_comes_after_it() -> None:
    body = "<p>Feet <img alt='Feet in sand'> wake up.</p><p>Then hands.</p>"
    assert texts(body) == ["Feet wake up.", "Feet in sand", "Then hands."]


def test_words_of_a_drawing() -> None:
    body = "<svg aria-label='A chart'><g><text>9 of 10</text><text>walk again</text></g><desc>Bars</desc></svg>"
    assert rows(body) == [
        ("A chart", Role.ALT),
        ("9 of 10", Role.PARAGRAPH),
        ("walk again", Role.PARAGRAPH),
        ("Bars", Role.ALT),
    ]


def test_scripts_styles_and_comments_are_no_text() -> None:
    body = "<script>let a = 'We cure'</script><style>p{}</style><!-- We cure --><p>a<!-- We cure -->b</p>"
    assert texts(body) == ["ab"]


@pytest.mark.parametrize("tag", ["canvas", "video", "audio", "object"])
def test_words_for_browsers_that_know_no_better_are_hidden(tag: str) -> None:
    assert block(f"<p>a</p><{tag}><p>We cure.</p></{tag}>", "We cure.").visibility is Visibility.HIDDEN


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ("<a href='/' aria-label='Cured'><img src='a.png' alt=''></a>", Role.ALT),
        ("<button aria-label='Cure me'><svg></svg></button>", Role.BUTTON),
        ("<div role='img' aria-label='Relief'></div>", Role.ALT),
        ("<i role='img' aria-label='Relief'></i>", Role.ALT),
        ("<svg aria-label='Relief'></svg>", Role.ALT),
        ("<a href='/' title='Our lab is FDA licensed'>lab</a>", Role.ALT),
        ("<img src='a.png' alt='Lab' title='Our lab is FDA licensed'>", Role.ALT),
        ("<section aria-label='Nerves come back to life'><p>Hello</p></section>", Role.ALT),
    ],
)
def test_labels_that_say_more_than_the_text(body: str, role: Role) -> None:
    assert (role, Visibility.SEARCH_ENGINE) in [(b.role, b.visibility) for b in read(body).blocks]


@pytest.mark.parametrize(
    "body",
    [
        "<nav aria-label='Main'><p>x</p></nav>",
        "<a href='/' title='x'>x</a>",
        "<a href='/' aria-label='Read all about our cells'>Read all about our cells today</a>",
        "<p><abbr title='Food and Drug Administration here'>FDA</abbr></p>",
    ],
)
def test_labels_that_add_nothing(body: str) -> None:
    assert len(read(body).blocks) == 1


def test_labels_of_nested_boxes_are_read_in_time() -> None:
    begin = time.thread_time()
    assert len(read("<div title='a label of five words'>" * 4_000 + "x" + "</div>" * 4_000).blocks) == 4_001
    assert time.thread_time() - begin < 3


def test_choices_of_a_menu() -> None:
    body = "<select><option>Choose</option><option>I want the full cure</option></select>"
    assert rows(body) == [("I want the full cure", Role.BUTTON)]
    assert block(body, "I want the full cure").visibility is Visibility.BEHIND_CLICK


def test_a_page_in_an_attribute() -> None:
    body = "<p>a</p><iframe id='f' srcdoc='<title>No</title><h2>Feet</h2><p>We &amp;amp; cells cure.</p>'>old</iframe><p>b</p>"
    assert rows(body) == [
        ("a", Role.PARAGRAPH),
        ("Feet", Role.HEADING),
        ("We & cells cure.", Role.PARAGRAPH),
        ("b", Role.PARAGRAPH),
    ]
    assert block(body, "We & cells cure.").css_path == "#f"


def test_pages_in_attributes_are_bounded() -> None:
    import html

    inner = "<p>x</p>"
    for _ in range(14):
        inner = f"<iframe srcdoc='{html.escape(inner)}'></iframe>"
    assert texts(inner) == []
    assert len(texts("<iframe srcdoc='<p>x</p>'></iframe>" * 50)) == 10
    assert texts(f"<iframe srcdoc='{'&lt;b>' * 20_000}x'></iframe>") == []


def test_a_shadow_root_that_the_page_declares_is_shown() -> None:
    body = "<div><template shadowrootmode='open'><p>x</p></template></div>"
    assert block(body, "x").visibility is Visibility.SHOWN


def test_small_print_has_its_zone() -> None:
    body = "<footer><p>Palm</p><small class='disclaimer'>x</small></footer><p>$9<small class='per'>/mo</small></p>"
    assert block(body, "x").zone is Zone.DISCLAIMER
    assert "$9/mo" in texts(body)


def test_a_cell_knows_what_its_row_is_about() -> None:
    body = (
        "<table><tr><th>Illness</th><th>Better</th></tr><tr><td>Sciatica</td><td>94 percent</td><td>4 weeks</td></tr>"
        f"<tr><td>{'long ' * 30}</td><td>x</td></tr><tr><td>y</td></tr></table>"
    )
    leads = {b.text: b.lead for b in read(body).blocks}
    assert (leads["94 percent"], leads["4 weeks"]) == ("Sciatica", "Sciatica")
    assert {leads[text] for text in ("Illness", "Better", "Sciatica", "x", "y")} == {None}


def test_a_table_in_a_table_has_its_own_rows() -> None:
    body = "<table><tr><td>Feet</td><td><table><tr><td>Left</td><td>a</td></tr></table></td><td>b</td></tr></table>"
    leads = {b.text: b.lead for b in read(body).blocks}
    assert (leads["a"], leads["b"], leads["Left"]) == ("Left", "Feet", None)


# -- microdata

QUESTION = "https://schema.org/Question"


def test_microdata_of_a_faq() -> None:
    body = (
        f"<div itemscope itemtype='{QUESTION}'><h3 itemprop='name'>The price</h3><div itemscope itemprop='acceptedAnswer' "
        "itemtype='https://schema.org/Answer'><p itemprop='text'>Half of what others ask.</p></div></div><p>End.</p>"
    )
    answer = block(body, "Half of what others ask.")
    assert (answer.question, answer.zone) == ("The price", Zone.FAQ)
    assert block(body, "End.").question is None and block(body, "End.").zone is Zone.MAIN


def test_microdata_of_a_review() -> None:
    body = (
        "<div itemscope itemtype='http://schema.org/Review'><p itemprop='reviewBody'>I dance again.</p>"
        "<meta itemprop='description' content='Back on my feet'><meta itemprop='url' content='x'></div>"
    )
    assert [(b.text, b.role, b.zone) for b in read(body).blocks] == [
        ("I dance again.", Role.PARAGRAPH, Zone.TESTIMONIAL),
        ("Back on my feet", Role.META, Zone.TESTIMONIAL),
    ]


MICRODATA = (
    "<div itemscope itemtype='https://schema.org/MedicalClinic'><b itemprop='name'>Palm Clinic</b><i itemprop='legalName'>"
    "Palm Holdings LLC</i><div itemprop='address' itemscope><span itemprop='streetAddress'>7 Pier Row</span> "
    "<span itemprop='addressLocality'>Pell</span></div><meta itemprop='telephone' content='202-555-0107'></div>"
)
ADDRESS = {"@type": "PostalAddress", "streetAddress": "7 Pier Row", "addressLocality": "Pell", "postalCode": 32000}


@pytest.mark.parametrize(
    "body",
    [
        json_ld(
            {
                "@graph": [
                    {"@type": "WebPage", "name": "Home"},
                    {
                        "@type": ["MedicalClinic", "LocalBusiness"],
                        "name": "Palm Clinic",
                        "legalName": "Palm Holdings LLC",
                        "address": ADDRESS,
                        "telephone": "202-555-0107",
                    },
                ]
            }
        ),
        MICRODATA,
    ],
)
def test_who_publishes(body: str) -> None:
    document = read(body)
    (found,) = document.publishers
    assert (found.name, found.legal_name, found.telephone) == ("Palm Clinic", "Palm Holdings LLC", "202-555-0107")
    assert (found.address or "").startswith("7 Pier Row, Pell")
    assert "Palm Clinic" in document.organizations


def test_a_name_alone_is_no_publishers_data() -> None:
    assert read(json_ld({"@type": "Organization", "name": "Palm Clinic"})).publishers == ()


@pytest.mark.parametrize("key", ["howPerformed", "outcome", "transcript", "preparation"])
def test_prose_of_a_procedure(key: str) -> None:
    assert rows(json_ld({"@type": "MedicalProcedure", key: "Nerves grow."})) == [("Nerves grow.", Role.JSON_LD)]


def test_deep_json_ld_gives_nothing_in_time() -> None:
    begin = time.thread_time()
    assert rows(f"<script type='application/ld+json'>{'[' * 100_000}{']' * 100_000}</script>") == []
    assert rows(json_ld(["a"] * 100_000)) == []
    assert time.thread_time() - begin < 1


# -- zones


@pytest.mark.parametrize(
    ("body", "zone"),
    [
        ("<main><p>x</p></main>", Zone.MAIN),
        ("<article class='faq'><p>x</p></article>", Zone.MAIN),
        ("<nav><p>x</p></nav>", Zone.NAVIGATION),
        ("<header><p>x</p></header>", Zone.HEADER),
        ("<div role='banner'><p>x</p></div>", Zone.HEADER),
        ("<footer><div><p>x</p></div></footer>", Zone.FOOTER),
        ("<div id='site-footer'><p>x</p></div>", Zone.FOOTER),
        ("<aside><p>x</p></aside>", Zone.SIDEBAR),
        ("<aside class='testimonials'><p>x</p></aside>", Zone.TESTIMONIAL),
        ("<form><p>x</p></form>", Zone.FORM),
        ("<section class='patient-stories'><p>x</p></section>", Zone.TESTIMONIAL),
        ("<div class='ReviewCard reviewsList'><p>x</p></div>", Zone.TESTIMONIAL),
        ("<div class='success-story'><p>x</p></div>", Zone.TESTIMONIAL),
        ("<div class='btn-success'><p>x</p></div>", Zone.MAIN),
        ("<div id='faq'><p>x</p></div>", Zone.FAQ),
        ("<div class='et_pb_toggle'><p>x</p></div>", Zone.FAQ),
        ("<div class='navbar-toggle'><p>x</p></div>", Zone.NAVIGATION),
        ("<div class='pricing_table'><p>x</p></div>", Zone.PRICING),
        ("<p class='disclaimer'>x</p>", Zone.DISCLAIMER),
        ("<p class='finePrint'>x</p>", Zone.DISCLAIMER),
        ("<div class='sidebar'><p>x</p></div>", Zone.SIDEBAR),
        ("<div class='page no-sidebar has-menu'><p>x</p></div>", Zone.MAIN),
        ("<div class='cookie-consent'><p>x</p></div>", Zone.POPUP),
        ("<div role='dialog'><p>x</p></div>", Zone.POPUP),
        ("<dialog><p>x</p></dialog>", Zone.POPUP),
        ("<a class='video-popup'><div>x</div></a>", Zone.MAIN),
        ("<footer><div class='disclaimer'><p>x</p></div></footer>", Zone.DISCLAIMER),
    ],
)
def test_zones(body: str, zone: Zone) -> None:
    assert block(body, "x").zone is zone


# -- what is behind a click, hidden, or only there without scripts


@pytest.mark.parametrize(
    "body",
    [
        "<details><summary>Q</summary><p>x</p></details>",
        "<div class='collapse'><p>x</p></div>",
        "<div class='accordion-body'><p>x</p></div>",
        "<div class='et_pb_toggle_content'><p>x</p></div>",
        "<div class='tab-pane'><p>x</p></div>",
        "<div role='tabpanel' aria-hidden='true'><p>x</p></div>",
        "<div role='tabpanel' hidden><p>x</p></div>",
        "<div hidden='until-found'><p>x</p></div>",
        "<div class='ui-accordion-content' style='display: none'><p>x</p></div>",
        "<div class='modal'><p>x</p></div>",
        "<div class='newsletterPopup'><p>x</p></div>",
        "<dialog><p>x</p></dialog>",
        "<ul class='dropdown-menu'><li>x</li></ul>",
        "<details open><summary>Q</summary><details><summary>R</summary>x</details></details>",
    ],
)
def test_behind_a_click(body: str) -> None:
    assert block(body, "x").visibility is Visibility.BEHIND_CLICK


@pytest.mark.parametrize(
    "body",
    [
        "<details open><summary>Q</summary><p>x</p></details>",
        "<details><summary>x</summary><p>a</p></details>",
        "<details><summary><h3>x</h3></summary><p>a</p></details>",
        "<div class='collapse show'><p>x</p></div>",
        "<div class='tab-content'><div class='tab-pane active'>x</div><div class='tab-pane'>a</div></div>",
        "<button class='accordion-button collapsed'>x</button>",
        "<dialog open><p>x</p></dialog>",
        "<li class='dropdown'>x</li>",
        "<div style='opacity:0'><p>x</p></div>",
        "<div aria-hidden='true'><p>x</p></div>",
        "<div class='page no-popup'>x</div>",
    ],
)
def test_shown(body: str) -> None:
    assert block(body, "x").visibility is Visibility.SHOWN


@pytest.mark.parametrize(
    "body",
    [
        "<p hidden>x</p>",
        "<div style='color: red; Display : NONE'><p>x</p></div>",
        "<div style='visibility:hidden'><p>x</p></div>",
        "<template><p>x</p></template>",
        "<span style='display:none'>x</span>",
        "<div hidden><details open><summary>a</summary>x</details></div>",
    ],
)
def test_hidden(body: str) -> None:
    assert block(body, "x").visibility is Visibility.HIDDEN


def test_hidden_words_are_no_part_of_the_sentence_around_them() -> None:
    body = "<p>Our care is <span hidden>not <b>at all</b></span> FDA-approved.</p>"
    document = read(body + "<h2>Nerves <i style='display:none'>secret</i></h2><p>a</p>")
    assert {b.text: b.visibility for b in document.blocks if b.role is Role.PARAGRAPH and b.text != "a"} == {
        "Our care is FDA-approved.": Visibility.SHOWN,
        "not at all": Visibility.HIDDEN,
        "secret": Visibility.HIDDEN,
    }
    assert document.blocks[-1].headings == ("Nerves",)


@pytest.mark.parametrize("place", ["head", "body"])
def test_without_scripts(place: str) -> None:
    inside = "<noscript><h2>Please turn</h2><p>scripts</p><ul><li>on</li></ul></noscript>"
    document = read("<p>a</p>" + inside * (place == "body"), inside * (place == "head"))
    found = [b for b in document.blocks if b.text != "a"]
    assert [(b.text, b.role) for b in found] == [(text, Role.NOSCRIPT) for text in ("Please turn", "scripts", "on")]
    assert {b.headings for b in document.blocks} == {()}


# -- questions


@pytest.mark.parametrize(
    "body",
    [
        "<h3>Is it safe?</h3><p>Yes.</p>",
        "<p><b>Is it safe?</b></p><p>Yes.</p>",
        "<details><summary>Is it safe?</summary><div><p>Yes.</p></div></details>",
        "<details><summary><h3>Is it <i>safe?</i></h3></summary>Yes.</details>",
        "<details><summary>All</summary><details><summary>Is it safe?</summary>Yes.</details></details>",
        "<dl><dt>Is it safe?</dt><dd>Yes.</dd></dl>",
        "<div class='faq'><div class='q'>Is it safe?</div><div class='a'>Sure.</div><div>Yes.</div></div>",
        "<ul class='faq'><li><div>Is it safe?</div><div>Yes.</div></li></ul>",
        "<h2 class='accordion-header'><button>Is it safe?</button></h2><div class='collapse'><p>Yes.</p></div>",
        "<button class='accordion'>Is it safe?</button><div class='panel'><p>Yes.</p></div>",
    ],
)
def test_an_answer_knows_its_question(body: str) -> None:
    assert block(body, "Yes.").question == "Is it safe?"
    assert block(body, "Is it safe?").question in (None, "All")


@pytest.mark.parametrize(
    "body",
    [
        "<h3>Is it safe?</h3><p>Yes.</p><h3>Prices</h3><p>x</p>",
        "<p>Is it safe?</p><p>Yes.</p><p>x</p>",
        "<div class='faq'><details><summary>Is it safe?</summary>Yes.</details><p>x</p></div>",
        "<div class='faq'><ul><li><h4>Is it safe?</h4>Yes.</li></ul><p>x</p></div>",
        "<div class='faq'><p>Is it safe?</p><p>Yes.</p><p>How long?</p></div><h2>Book</h2><p>x</p>",
        "<table><tr><td>Safe?</td><td>Yes</td></tr></table><p>x</p>",
    ],
)
def test_a_question_ends(body: str) -> None:
    assert block(body, "x").question is None


def test_a_question_does_not_answer_the_one_before() -> None:
    body = "<div class='faq'><p>Is it safe?</p><p>Yes.</p><p>How long?</p><p>Weeks.</p></div>"
    assert [b.question for b in read(body).blocks] == [None, "Is it safe?", None, "How long?"]


# -- the whole page


def test_a_page_is_read_in_its_order() -> None:
    body = (
        "<header>1</header><nav><a href=1>2</a></nav><main><h1>3</h1><p>4 <b>4</b></p><ul><li>5</li></ul><img alt='6'>"
        "<table><tr><td>7</td></tr></table><details><summary>8</summary>9</details></main><footer>10</footer>"
    )
    assert texts(body) == ["1", "2", "3", "4 4", "5", "6", "7", "8", "9", "10"]
    assert [b.index for b in read(body).blocks] == list(range(10))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<html><body>a</body><p>b</p></html><p>c</p>d", ["a", "b", "c", "d"]),
        ("<body><p>a</body><body><p>b</body>", ["a", "b"]),
        ("<p>a<p>b<ul><li>c<li>d</ul><b>e", ["a", "b", "c", "d", "e"]),
        ("<frameset><frame src='x'><noframes>a</noframes></frameset>", ["a"]),
        ("just text", ["just text"]),
        ("", []),
        ("<html></html>", []),
        ("<?xml version='1.0'?><rss><item><description>a</description></item></rss>", ["a"]),
        ("https://palm.example/page", ["https://palm.example/page"]),
        ("<p>a\0b</p><p>c</p>", ["a\ufffdb", "c"]),
        ("<p>a\ud800b</p>", ["a\ufffdb"]),
        ('<br><o:p>a</o:p><a"b>c</a"b><p>d', ["a", "c", "d"]),
    ],
)
def test_broken_pages_are_read_whole(page: str, expected: list[str]) -> None:
    soup = markup.parse(page)
    found = blocks.document(soup).blocks
    assert [b.text for b in found] == expected
    assert all(isinstance(soup.select_one(b.css_path), Tag) for b in found)


ORDINARY = """<!doctype html><html lang="en"><head><title>Palm Harbor</title>
<meta name="description" content="Nerve care"><meta property="og:title" content="Palm Harbor nerve care"></head>
<body class="home"><header><nav id="top"><ul><li><a href="/">Home</a></li><li class="dropdown"><a href="/care">Care</a>
<ul><li><a href="/prp">PRP</a></li></ul></li></ul></nav></header>
<main><section><h1>Wake up your nerves</h1><p>Our <em>program</em> helps with:</p>
<ul><li>feet<ol><li>toes</li></ol></li><li>hands</li></ul>
<div><div><p>First.</p><p>Second.<br>Third.</p>loose <b>text</b></div><div><p>Fourth.</p></div></div></section>
<section id="faq"><details><summary>Is it safe?</summary><p>Ask us.</p></details>
<details id="faq"><summary>New?</summary>It is.</details></section>
<table><tr><td>One</td><td>Two</td></tr><tr><td>Three</td></tr></table><template><p>Later</p></template>
<form><input placeholder="Name"><input type="submit" value="Book"><button>Call</button></form><img src="a" alt="Ida">
<p>Text <span hidden>and more</span></p><svg><text>Chart</text></svg><o:p>Word</o:p></main>
<footer><p>Small print</p></footer></body></html>"""
TIGHTEST = {
    Role.PARAGRAPH: ("p", "div", "details", "span", "template", "text", "o:p"),
    Role.TABLE_CELL: ("td",),
    Role.LIST_ITEM: ("li",),
}


def test_paths_find_the_elements_again() -> None:
    page = markup.parse(ORDINARY)
    found = blocks.document(page).blocks
    assert len(found) > 30
    for one in found:
        element = page.select_one(one.css_path)
        assert element is not None, one
        said = [element.get_text(" "), *map(str, element.attrs.values())]
        if element.name == "template":
            said = [str(element)]
        assert any(_plain(one.text) in _plain(text) for text in said), one
        assert element.name in TIGHTEST.get(one.role, (element.name,)), one


def _plain(text: str) -> str:
    return "".join(text.split())


def test_an_id_used_twice_finds_the_first_only() -> None:
    page = markup.parse("<p id='x'>one</p><div><p id='x'>two</p></div><p id='1 bad'>three</p>")
    paths = [b.css_path for b in blocks.document(page).blocks]
    assert paths[0] == "#x"
    assert [page.select(path)[0].get_text() for path in paths] == ["one", "two", "three"]


# -- size and depth


@pytest.mark.parametrize("tag", ["div", "b", "span hidden", "section class='collapse'", "ul><li", "details", "a", "svg", "font"])
def test_a_claim_5000_levels_deep_is_found_in_time(tag: str) -> None:
    page = f"<p>Top</p>{f'<{tag}>' * 5_000}<p>Our cells cure neuropathy.</p>"
    begin = time.thread_time()
    found = blocks.document(markup.parse(page)).blocks
    assert time.thread_time() - begin < 5
    assert "Our cells cure neuropathy." in [b.text for b in found]
    assert max(len(b.css_path) for b in found) < 40 * MAX_STEPS


@pytest.mark.parametrize(
    "piece",
    [
        "<b><br>x",
        "<details><summary>x",
        "<div title='a label of five words'>x",
        f"<div itemprop='name' itemtype='{QUESTION}'>x",
        "<select><option>one two three four",
        "<table><tr><td>x",
        "<div>x",
        "<ul><li>x:",
        "<h2><div>x",
        "<span hidden>x",
        "<svg><title>x</title>",
        "<img alt='x'>text",
        "<a href=1>x</a> ",
        "<div class='tab-content'>",
    ],
)
def test_time_grows_with_the_size_only(piece: str) -> None:
    begin = time.thread_time()
    blocks.document(markup.parse(piece * 20_000))
    assert time.thread_time() - begin < 10


ODDS = ["<br>", "<img alt='a b'>", "<!-- c -->", "&nbsp;", "&#0;", "</p>", "<input type=submit value=go>"]
TAGS = (
    "a b p div span h1 h2 h7 li ul ol dl dt dd td tr table nav aside footer details summary button noscript template svg text "
    "title style script select form dialog section blockquote pre textarea o:p frameset body html"
).split()
ATTRIBUTES = [
    "",
    " hidden",
    " class='collapse'",
    " id=x",
    " style='display:none'",
    " role=heading",
    " role=button",
    " class='a faq'",
]
MARKUP = st.recursive(
    st.text(max_size=20) | st.sampled_from(ODDS),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES), st.lists(inner, max_size=4), st.booleans()).map(
        lambda part: f"<{part[0]}{part[1]}>{''.join(part[2])}" + (f"</{part[0]}>" if part[3] else "")
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(page=MARKUP | st.text(max_size=200))
def test_any_html_is_read(page: str) -> None:
    soup = markup.parse(page)
    document = blocks.document(soup)
    for number, one in enumerate(document.blocks):
        assert one.index == number
        assert one.text and one.text == " ".join(one.text.split())
        assert one.css_path
        assert isinstance(soup.select_one(one.css_path), Tag), one


@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=300), charset=st.sampled_from([None, "utf-8", "utf-16", "latin-1", "shift_jis", "nonsense"]))
def test_any_bytes_are_read(body: bytes, charset: str | None) -> None:
    blocks.document(markup.parse(markup.decode(body, charset)))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@type", "@graph", "name", "text", "mainEntity", "@value", "x"]), inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(max_examples=100, deadline=None)
@given(data=JSON)
def test_any_json_ld_is_read(data: object) -> None:
    read("", json_ld(data).replace("</", "<\\/"))


def test_a_page_may_leave_out_head_and_body() -> None:
    for tag in ("main", "article", "section", "div"):
        page = blocks.document(markup.parse(f"<title>Nerve care</title><{tag}><p>Our cells repair nerves.</p></{tag}>"))
        assert [(block.role, block.text) for block in page.blocks] == [
            (Role.TITLE, "Nerve care"),
            (Role.PARAGRAPH, "Our cells repair nerves."),
        ]
