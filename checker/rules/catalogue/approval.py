"""Family A: a regulator is said to have approved the treatment (label fda_approved)."""

from __future__ import annotations

from checker.rules.catalogue.sources import FDA_2020, FDA_2021
from checker.rules.rule import YES, Rule
from checker.values import Label, Severity

_WHY = (
    "No stem cell, exosome or birth-tissue product is approved for nerve damage. The approved cell products serve "
    "other diseases, mostly of the blood."
)
_MESSAGE = "Says that a regulator approved the treatment."
_NOT_OURS = (
    r"\b(?:trial|trials|study|studies|research|protocol for|ind\b|drugs?|medications?|medicines?|patch|device|machine|laser|kit|"
    r"centrifuge|stimulator|facility|laborator|labs?\b|tissue bank|leuk|lymphoma|blood disorder|blood cancer|clearance letter|"
    r"only stem cell|not approved|unapproved|have not been|has not been|has not approved|no fda|none|nobody|isn't fda|aren't fda)"
)
_APPROVED = r"(?:approved|cleared|licen[sc]ed|authori[sz]ed|endorsed|sanctioned|accepted|green[- ]?lit|greenlighted|certified)"
_APPROVED_WORDS = tuple(
    "approved cleared licensed licenced authorized authorised endorsed sanctioned accepted certified greenlit greenlighted green".split()
)
#: A duty, a fact about everybody or a plain word about oneself: nothing of this says that the own product is approved.
_TWICE_NOT = (
    r"\b(?:may|must|should|can|cannot|could|would|allowed|permitted|legal|illegal|law|(?<!our )clinics?|anyone|anybody|nobody|whoever|drugs?|medicines?|"
    r"medications?|devices?|secret|doubt|question|matter|fda-approved stem cell|yet|remains?)\b"
)

RULES = (
    Rule(
        id="A101",
        title="Product called FDA-approved",
        label=Label.FDA_APPROVED,
        pattern=rf"\b(?:fda|f\.d\.a\.|government|federally|cofepris|health ministry)[- ]{_APPROVED}\b[^.;]{{0,40}}?\b{{product}}",
        triggers=("fda", "fda-approved", "f.d.a.", "government", "federally", "cofepris", "ministry"),
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=_WHY,
        sources=(FDA_2020, FDA_2021),
        unless=_NOT_OURS,
        hits=(
            "Ask about our FDA-approved stem cell therapy for numb feet.",
            "We use only FDA-cleared exosomes in every infusion.",
        ),
        misses=(
            "We use stem cells from an FDA-registered laboratory.",
            "There are no FDA-approved exosomes.",
            "Duloxetine is an FDA-approved drug, stem cells are not.",
            "This FDA-approved clinical trial tests stem cells.",
        ),
    ),
    Rule(
        id="A102",
        title="Treatment is approved, cleared or licensed by a regulator",
        label=Label.FDA_APPROVED,
        pattern=rf"(?:{{product}}|\bit|\btherap(?:y|ies)|\btreatments?|\bprotocols?|\bprocedures?|\binjections?|\binfusions?|\bcells?)\b[^.;]{{0,50}}?"
        rf"\b(?:is|are|was|were|has been|have been|been|now|fully|already|officially|both)\s(?:\w+\s)?{_APPROVED}\b[^.;]{{0,25}}?"
        r"\b(?:by|from|through|in)\b[^.;]{0,25}?{regulator}",
        triggers=_APPROVED_WORDS,
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=_WHY,
        sources=(FDA_2020, FDA_2021),
        unless=_NOT_OURS,
        hits=(
            "Our cord cells are approved by the FDA for nerve pain.",
            "The treatment has been licensed by the Ministry of Health.",
        ),
        misses=(
            "Our stem cells are not approved by the FDA.",
            "The laser is cleared by the FDA.",
            "Our laboratory is licensed by the health department.",
        ),
    ),
    Rule(
        id="A103",
        title="Has a regulator's approval",
        label=Label.FDA_APPROVED,
        pattern=r"\b(?:carries|carry|has|have|holds?|received|won|earned|granted|got|with|under)\b[^.;]{0,20}?"
        r"(?:{regulator}(?:'s)?[- ](?:approval|clearance|licen[sc]e|authori[sz]ation|endorsement|blessing|green light|stamp)s?\b"
        r"|(?:approval|clearance|licen[sc]e|authori[sz]ation|endorsement|blessing|green light|stamp)s?\b[^.;]{0,20}?\b(?:of|from|by)\b[^.;]{0,12}?{regulator})",
        triggers=(
            "approval",
            "clearance",
            "license",
            "licence",
            "authorization",
            "authorisation",
            "endorsement",
            "blessing",
            "green",
            "stamp",
            "approvals",
            "clearances",
            "licenses",
            "licences",
            "endorsements",
        ),
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=_WHY,
        sources=(FDA_2020, FDA_2021),
        unless=_NOT_OURS,
        hits=("Our exosome drip has FDA approval for neuropathy.", "The cells carry the approval of the Ministry of Health."),
        misses=(
            "The clinic does not have FDA approval for this use.",
            "The new pain patch won FDA approval, a drug you stick on.",
        ),
    ),
    Rule(
        id="A104",
        title="Approved for a nerve condition",
        label=Label.FDA_APPROVED,
        pattern=rf"\b(?:fda[- ]{_APPROVED}|{_APPROVED} by (?:the )?{{regulator}})\b[^.;]{{0,40}}?\b(?:treatment|therapy|option|solution|protocol|way|answer|cure)"
        r"[^.;]{0,20}?\bfor\b[^.;]{0,40}?{condition}",
        triggers=("fda", "fda-approved", *_APPROVED_WORDS),
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=_WHY,
        sources=(FDA_2020, FDA_2021),
        unless=_NOT_OURS,
        hits=("Finally, an FDA-approved treatment for neuropathy without pills.",),
        misses=("There is no FDA-approved treatment for neuropathy that restores nerves.",),
    ),
    Rule(
        id="A105",
        title='"Yes, it is FDA-approved"',
        label=Label.FDA_APPROVED,
        pattern=r"^(?:a: ?)?(?:yes|absolutely|of course|certainly|it is|they are)\b[^.;]{0,60}?\b(?:fda[- ](?:has )?(?:approved|cleared|licensed)|fda|approved|cleared|licensed)\b",
        triggers=("yes", "absolutely", "course", "certainly", "it", "they"),
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=_WHY,
        sources=(FDA_2020, FDA_2021),
        unless=_NOT_OURS + r"|compliant|registered|regulated|guideline",
        hits=("Yes, the FDA has cleared our cells for nerve pain.",),
        misses=("Yes, our lab is FDA-registered.", "It is not approved by the FDA."),
    ),
    Rule(
        id="A106",
        title="Product is FDA-approved",
        label=Label.FDA_APPROVED,
        pattern=rf"(?:{{product}}|\btherap(?:y|ies)|\btreatments?|\bprotocols?|\bprocedures?|\binjections?|\binfusions?"
        rf"|\bour (?:\w+[- ]){{0,2}}?(?:cells?|products?|vials?|drips?|shots?))\b[^.;,]{{0,30}}?"
        rf"\b(?:is|are|being)\s(?:\w+\s){{0,3}}?(?:fda|f\.d\.a\.|government|federally)[- ]{_APPROVED}\b"
        rf"|{{product}}, (?:both |all |now |fully |already )?(?:fda|government|federally)[- ]{_APPROVED}\b",
        triggers=("fda", "fda-approved", "fda-cleared", "f.d.a.", "government", "federally"),
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=_WHY,
        sources=(FDA_2020, FDA_2021),
        unless=_NOT_OURS + r"|\?$",
        hits=(
            "Our stem cell therapy is not only FDA-approved, it is painless.",
            "These exosomes are fully FDA cleared.",
            "We treat neuropathy with cord blood and exosomes, both FDA approved.",
            "Our cells are FDA approved, and the needle may leave a bruise.",
        ),
        misses=("We use exosomes, not FDA approved so far.", "Stem cell therapy is not FDA-approved.", "Is the therapy FDA-approved?"),
    ),
    Rule(
        id="A107",
        title='A bare "Yes" to the question whether it is approved',
        label=Label.FDA_APPROVED,
        pattern=rf"\b(?:fda|food and drug administration|government|ministry|regulators?)\b[^?]{{0,40}}?\b(?:approv|{_APPROVED})"
        rf"|\b{_APPROVED}\b[^?]{{0,30}}?\b(?:by|from) (?:the )?{{regulator}}"
        rf"|(?:{{product}}|\b(?:it|they|this|these|treatments?|therap(?:y|ies)|cells?|procedures?))\b[^?]{{0,20}}?\b{_APPROVED}\b",
        triggers=YES,
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=_WHY,
        sources=(FDA_2020, FDA_2021),
        unless=_NOT_OURS + r"|\b(?:insur|medicare|coverage|financ|credit)",
        unless_cues=(),
        answers="yes",
        hits=("Is this therapy FDA approved? Yes.", "Are your exosomes approved by the FDA? Absolutely!"),
        misses=(
            "Is this therapy FDA approved? No.",
            "Is your laboratory FDA approved? Yes.",
            "Is the visit covered? Yes.",
            "Who has approved it? The FDA.",
        ),
    ),
    Rule(
        id="A108",
        title="Our FDA-approved product, whatever else is said of it",
        label=Label.FDA_APPROVED,
        pattern=rf"\bour (?:own |\w+ly |new |unique )?(?:fda|f\.d\.a\.|government|federally|cofepris)[- ]{_APPROVED}\b[ -](?:[\w'-]+ ){{0,2}}?{{product}}",
        triggers=("fda", "fda-approved", "f.d.a.", "government", "federally", "cofepris"),
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=f"{_WHY} Who says what else is not so of “our approved treatment” takes its approval for granted.",
        sources=(FDA_2020, FDA_2021),
        unless_cues=(),
        unless=_NOT_OURS + r"|\b(?:no such thing|so[- ]called)\b",
        hits=(
            "Medicare does not pay for our FDA-approved stem cell therapy.",
            "With an active infection you cannot have our FDA-cleared exosomes.",
        ),
        misses=(
            "We do not sell FDA-approved stem cells; there are none.",
            "Our laboratory is FDA-registered, our exosomes are not approved.",
            "Ask about our FDA-approved clinical trial of stem cells.",
        ),
    ),
    Rule(
        id="A109",
        title="Nothing of ours is unapproved",
        label=Label.FDA_APPROVED,
        turns=True,
        pattern=rf"^(?=.*\b(?:we|our|ours|us|here)\b).*?\b(?:nothing|none|never|no|not (?:one|a single))\b(?:(?!\b(?:and|or|nor|but|so|because|if|until)\b)[^.;:,?]){{0,60}}?"
        rf"\b(?:unapproved|unlicen[sc]ed|(?:not|never) (?:yet )?(?:been )?{_APPROVED}|(?:without|lacks?|lacking|missing) (?:(?:the|an?|any|full|proper|its|their) )?"
        r"(?:{regulator}(?:'s)?[- ])?(?:approval|licen[sc]e|authori[sz]ation)\b)",
        triggers=("unapproved", "unlicensed", "unlicenced", "without", "lack", "lacks", "lacking", "missing", *_APPROVED_WORDS),
        severity=Severity.HIGH,
        message=_MESSAGE,
        why=f"{_WHY} Two denials undo each other: what nothing lacks, everything has.",
        sources=(FDA_2020, FDA_2021),
        unless_cues=(),
        unless=_TWICE_NOT,
        hits=(
            "Nothing that we inject is unapproved.",
            "None of our cells lacks FDA approval.",
            "Nothing in our clinic lacks FDA approval.",
            "We never give you a vial without the FDA's licence.",
        ),
        misses=(
            "Nothing that we inject is approved.",
            "No clinic should sell you cells without FDA approval, and ours does not.",
            "None of our cells is approved, and they lack a licence.",
            "We make no secret of it: our cells are not approved.",
        ),
    ),
)
