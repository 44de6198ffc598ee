"""Says whether a text names a private person; the tables hold firms, agencies and courts only."""

from __future__ import annotations

import re

#: Words that stand before or after a person's name.
_TITLED = re.compile(
    r"\b(?:Dr|Mr|Mrs|Ms|Prof|Professor|Doctor|Judge|Justice|Attorney)\b\.? +(?!General|Code|Department)[A-Z][a-z]+"
)
_WITH_DEGREE = re.compile(r"\b[A-Z][a-z]+ (?:[A-Z]\.? )?[A-Z][a-z]+,? (?:M\.?D|D\.?O|D\.?C|ND|DPM|Ph\.?D|Jr|Esq)\b")
#: Common given names in the United States (Social Security name lists); names that are also words, places or
#: parts of firms' names in our tables (Georgia, Virginia, Austin, Grace, Will) are left out.
GIVEN_NAMES = frozenset(
    """
    Aaron Abigail Adam Alan Albert Alexander Alice Amanda Amy Andrea Andrew Angela Ann Anna Anthony Arthur Ashley Barbara
    Benjamin Betty Beverly Bradley Brandon Brenda Brian Brittany Bruce Bryan Carl Carol Carolyn Catherine Charles Cheryl
    Christina Christine Christopher Cynthia Daniel Danielle David Deborah Debra Denise Dennis Diana Diane Donald Donna
    Dorothy Douglas Edward Elizabeth Emily Emma Eric Ethan Eugene Evelyn Frances Gabriel Gary George Gerald Gloria Gregory
    Hannah Harold Heather Helen Henry Jacob Jacqueline James Jane Janet Janice Jason Jean Jeffrey Jennifer Jeremy Jesse
    Jessica Joan Joe John Johnny Jonathan Jose Joseph Joshua Joyce Juan Judith Judy Julia Julie Justin Karen Katherine
    Kathleen Keith Kelly Kenneth Kevin Kimberly Kristin Kyle Larry Laura Lauren Lawrence Linda Lisa Louis Margaret Maria
    Marie Marilyn Martha Mary Matthew Megan Melissa Michael Michelle Nancy Natalie Nathan Nicholas Nicole Noah Olivia Pamela
    Patricia Patrick Paul Peter Philip Rachel Ralph Randy Raymond Rebecca Richard Robert Roger Ronald Russell Ruth Ryan
    Samantha Samuel Sandra Sara Sarah Scott Sean Sharon Shirley Sophia Stephanie Stephen Steven Susan Teresa Theodore
    Theresa Thomas Timothy Victoria Vincent Walter Wayne William Zachary
    """.split()
)
#: Of these a following word tells seldom whether a person is meant: "Mark Your Calendar", "Jordan River".
NAMES_AND_WORDS = frozenset("Amber Christian Dylan Frank Jack Jordan Logan Madison Mark Tyler".split())
_PAIR = re.compile(r"\b([A-Z][a-z]+)(?=[ ,]+(?:[A-Z]\.? )?[A-Z][a-z]+)")
#: A case's caption; both sides must be a government or a firm.
_CAPTION = re.compile(r"([A-Z][^;:,(.]{0,200}?) vs?\.? ([A-Z][^;:,(]*)")
_GOVERNMENT = re.compile(r"\b(?:US|United States|State|FTC|FDA|Georgia|New York|Iowa|Nebraska|Washington|Arkansas)\b")
#: Parts of words that firms' names have and persons' names have not.
_FIRM = re.compile(
    r"llc|\binc\b|\bltd\b|\bcorp|compan|clinic|cent(?:er|re)|institut|stem|cell|bio|regen|medic|health|pharma|therap|\blabs?\b"
    r"|laborator|bank|group|network|wellness|aesthetic|solution|partner|surg|technolog|hospital|universit",
    re.IGNORECASE,
)
#: A trade name that ends like a doctor's title, as the FDA's letter prints it.
_TRADE_NAMES = frozenset({"Infuze MD"})


def named_in(text: str) -> str | None:
    """Return the part of a text that names a person, None without one.

    A net with holes: a given name outside the list, or a family name alone, is not seen. The tables are read
    by people too; this keeps out what a copied letter or caption brings along.
    """
    found = _TITLED.search(text) or _WITH_DEGREE.search(text) or _given(text)
    if found:
        return found[0]
    sides = (side.strip() for caption in _CAPTION.finditer(text) for side in caption.groups())
    return next((side for side in sides if not _GOVERNMENT.search(side) and not _FIRM.search(side)), None)


def is_firm(name: str) -> bool:
    """Say whether a name is a firm's: it has a firm's word in it, and no person and no case."""
    if name in _TRADE_NAMES:
        return True
    return bool(_FIRM.search(name)) and named_in(name) is None and not _CAPTION.search(name)


def _given(text: str) -> re.Match[str] | None:
    return next((found for found in _PAIR.finditer(text) if found[1] in GIVEN_NAMES | NAMES_AND_WORDS), None)
