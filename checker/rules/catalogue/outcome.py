"""Families E, N, F, T: it works (benefit, hedged_benefit), in numbers (success_rate), without risk (safety), as told by patients (testimonial)."""

from __future__ import annotations

from checker.rules.catalogue.sources import FDA_2020, FDA_2021, FTC_255, FTC_2022, ISSCR, MAO_2019
from checker.rules.rule import NO, Rule
from checker.values import Label, Severity

_WHY = (
    "No cell product is proven to work for nerve damage; the studies so far are small, early and mostly without a control group."
)
_SOURCES = (FDA_2021, MAO_2019)
_HARM = "Unapproved cell products have caused infections, tumours and blindness; no injection is without risk."
_STEMS = (
    "repair regenerat restor rebuild heal regrow reliev eas reduc improv treat calm promot stimulat support enhanc boost accelerat "
    "renew revers alleviat decreas lessen strengthen lower protect help rejuvenat revitaliz revitalis"
).split()
_ENDINGS = ("", "e", "es", "ed", "s", "ing", "ting")
_DO = rf"(?:{'|'.join(_STEMS)})(?:{'|'.join(filter(None, _ENDINGS))})?"
_WHAT = r"(?:{condition}|tissue|function|mobility|cells?|healing|circulation|blood flow|sensation|feeling|balance|recovery|quality of life|symptoms?|movement|strength|growth|damage|comfort)"
#: What is sold, by its name or as the page speaks of it.
_PRODUCT = (
    r"(?:{product}|\b(?:they|it|these|this (?:therapy|treatment|approach|protocol)"
    r"|our (?:therap(?:y|ies)|treatments?|protocol|approach)))\b"
)
#: A denial of approval after a turn in the same sentence: it takes nothing back of what stands before it.
_BUT_NOT_APPROVED = (
    r"[^.!?]{0,60}?(?:;|\s[—–]|,? (?:but|although|though|however|yet)\b)[^.!?]{0,40}?\b(?:not|isn't|aren't|hasn't|haven't|never)\b"
    r"[^.!?;]{0,30}?\b(?:approved|cleared|evaluated|licensed)\b"
)

RULES = (
    Rule(
        id="E101",
        title="The product does it",
        label=Label.BENEFIT,
        pattern=rf"{_PRODUCT}(?:\s[\w'-]+){{0,4}}?\s{_DO}\b(?:\s[\w'-]+){{0,5}}?\s{_WHAT}",
        triggers=tuple(stem + ending for stem in _STEMS for ending in _ENDINGS),
        severity=Severity.MEDIUM,
        message="Says that the treatment works.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=("negation", "attribution", "hedge", "goal", "animal"),
        unless=r"\?$",
        decides=False,
        hits=("Our stem cells repair damaged nerves.", "This therapy relieves burning pain in the feet."),
        misses=("Stem cells may repair nerves.", "Do stem cells repair nerves?", "Stem cells do not repair nerves."),
    ),
    Rule(
        id="E102",
        title="The product does it, approved or not",
        plain=True,
        label=Label.BENEFIT,
        pattern=rf"{_PRODUCT} (?:can |will |does |do )?(?:\w+ly )?{_DO}\b{_BUT_NOT_APPROVED}",
        triggers=tuple(stem + ending for stem in _STEMS for ending in _ENDINGS),
        severity=Severity.MEDIUM,
        message="Says that the treatment works.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=("attribution", "animal"),
        unless=r"\?$|\b(?:may|might|could)\b",
        hits=("It can relieve pain, but it is not FDA approved.",),
        misses=("It is not approved, but we look at it.", "It can relieve pain.", "It may relieve pain, but it is not FDA approved."),
    ),
    Rule(
        id="E201",
        title="The product may do it",
        label=Label.HEDGED_BENEFIT,
        pattern=rf"\b(?:may|might|could|potentially|potential to|aims? to|designed to|intended to|goal is to|hopes? to|promising|theoretically|seeks? to|formulated to|focus is on)\b(?:\s[\w'-]+){{0,5}}?\s{_DO}\b",
        triggers=(
            "may",
            "might",
            "could",
            "potentially",
            "potential",
            "aim",
            "aims",
            "designed",
            "intended",
            "goal",
            "hope",
            "hopes",
            "promising",
            "theoretically",
            "seek",
            "seeks",
            "formulated",
            "focus",
        ),
        severity=Severity.LOW,
        message="Says, with a hedge, that the treatment may work.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=("animal",),
        unless=r"\?$",
        decides=False,
        hits=("Exosomes may help nerves recover.", "The protocol is designed to reduce inflammation."),
        misses=("May we help you?", "They could not sleep."),
    ),
    Rule(
        id="E202",
        title="The product may do it, approved or not",
        plain=True,
        label=Label.HEDGED_BENEFIT,
        pattern=rf"\b(?:may|might|could)\b(?:\s[\w'-]+){{0,3}}?\s{_DO}\b{_BUT_NOT_APPROVED}",
        triggers=("may", "might", "could"),
        severity=Severity.LOW,
        message="Says, with a hedge, that the treatment may work.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=("attribution", "animal"),
        unless=r"\?$",
        hits=("It may help some patients; it is not FDA approved.", "They might reduce pain, but are not approved for it."),
        misses=("It may help some patients.", "It is not FDA approved, and no one may say that it helps."),
    ),
    Rule(
        id="N101",
        title="Outcome as a share or number",
        label=Label.SUCCESS_RATE,
        pattern=r"(?:\b\d{1,3}(?:\.\d+)? ?(?:%|percent|per cent)|\b(?:nine|eight|seven|9|8|7|four|4|three|3) (?:out of|in|of every) (?:every )?(?:ten|10|five|5|four|4)|\bmost of our patients|\bmajority of (?:our )?patients)[^.;]{0,60}?"
        r"\b(?:patients?|clients?|people|success|improv\w+|relief|better|effective\w*|satisf\w+|reduction|less pain|response|report\w*|recover\w*|cases|cured|respond\w*)\b"
        r"|\b(?:success|response|satisfaction|recovery) rate\b[^.;]{0,20}\d",
        triggers=(
            "%",
            "percent",
            "cent",
            "nine",
            "eight",
            "seven",
            "9",
            "8",
            "7",
            "four",
            "4",
            "three",
            "3",
            "rate",
            "most",
            "majority",
        ),
        severity=Severity.MEDIUM,
        message="Gives outcomes as a number.",
        why="A clinic's own figures are no trial: who was asked, when and by whom decides what the number means.",
        sources=(FTC_2022, ISSCR),
        unless_cues=("negation",),
        unless=r"\b(?:discount|off\b|financ|apr|interest|have neuropathy|of diabetics|of americans|suffer|diagnos|of people with diabetes|price|cost|deposit)",
        decides=False,
        hits=("87% of our patients report less pain.", "Nine out of ten patients improve."),
        misses=("20% off for veterans and their patients.", "Half of all people with diabetes suffer from neuropathy."),
    ),
    Rule(
        id="F101",
        title="No risk or side effects",
        label=Label.SAFETY,
        pattern=r"\b(?:no|zero|without(?: any)?|free of|free from|not one|virtually no|almost no|minimal|little to no|little|low|few|never any)\b (?:\w+ ){0,3}?(?:risks?|side[- ]effects?|adverse (?:effects?|events?|reactions?)|complications?|danger|rejection|downside)\b|\brisk[- ]free\b",
        triggers=(
            "risk",
            "risks",
            "side",
            "side-effects",
            "side-effect",
            "adverse",
            "complications",
            "complication",
            "danger",
            "rejection",
            "risk-free",
            "downside",
        ),
        severity=Severity.MEDIUM,
        message="Says that there is little or no risk.",
        why=_HARM,
        sources=(FDA_2020,),
        unless_cues=("attribution",),
        unless=r"\b(?:no|not|never|isn't|is not|aren't|nothing is|cannot be|any (?:clinic|one) (?:that|who))\b[^.;]{0,25}?(?:without|risk[- ]free|free of)|unlike|promise of no|claim",
        hits=("There are no side effects.", "With your own cells there is no risk of rejection."),
        misses=("No procedure is without risk.", "Tell us about side effects."),
    ),
    Rule(
        id="F102",
        title="Safe, cannot be rejected, natural",
        label=Label.SAFETY,
        pattern=r"\b(?:is|are|was|were|proven|completely|perfectly|totally|extremely|very|100%|entirely|both|generally|inherently|remarkably|provides?|offers?|a|and|as)\s(?:\w+ )?safe\b|\bsafe(?:,| and|ly and) (?:\w+,? )?(?:effective|natural|non-?surgical|painless|proven)|\b(?:cannot|can't|will not|won't|never) (?:be )?reject|\b(?:biocompatible|hypoallergenic|immune[- ]privileged)\b",
        triggers=("safe", "safely", "reject", "rejected", "biocompatible", "immune", "immune-privileged"),
        severity=Severity.MEDIUM,
        message="Says that the treatment is safe.",
        why=_HARM,
        sources=(FDA_2020,),
        unless_cues=("attribution",),
        unless=r"\?$|\b(?:not|n't|never)\b[^.;]{0,25}?\bsafe|\bsafe (?:for you|distance|place|space|enough|to (?:drive|walk|return))|keep(?:s|ing)? you safe|more research|not (?:yet )?(?:been )?(?:shown|proven) (?:to be )?safe",
        decides=False,
        hits=("Our exosomes are completely safe.", "A safe and effective option."),
        misses=("It is not proven safe.", "Is it safe?"),
    ),
    Rule(
        id="F103",
        title='A bare "No" to the question whether there are risks',
        label=Label.SAFETY,
        pattern=r"\b(?:side[- ]effects?|risks?|risky|danger(?:s|ous)?|unsafe|harmful|complications?|reject(?:ed|ion|s)?|allergic reactions?)\b",
        triggers=NO,
        severity=Severity.MEDIUM,
        message="Says that there is little or no risk.",
        why=_HARM,
        sources=(FDA_2020,),
        unless=r"\b(?:insur\w*|cover(?:s|ed|age)?|deposit|refund|pay|cost|reduce|lower|prevent|avoid|treat|know|known|tell|explain\w*|list\w*|high)\b",
        unless_cues=(),
        answers="no",
        hits=("Are there side effects? None.", "Can my body reject the cells? No, it cannot.", "Is it dangerous? Not at all."),
        misses=("Are there side effects? Yes.", "Does insurance pay for complications? No.", "Are the risks known? They are not."),
    ),
    Rule(
        id="T101",
        title="Patients' stories put forward",
        label=Label.TESTIMONIAL,
        pattern=r"\b(?:see|watch|read|hear|view|meet|listen to|discover)\b[^.;]{0,30}?\b(?:testimonials?|success stor(?:y|ies)|patients? stor(?:y|ies)|real (?:patients?|results|stories)|our patients'|what our patients|(?:amazing|incredible) (?:results|stories))\b|\b(?:success stor(?:y|ies)|real patient results|before and after)\b",
        triggers=("testimonial", "testimonials", "story", "stories", "patients", "patient", "results", "real", "before"),
        severity=Severity.MEDIUM,
        message="Puts patients' stories forward as proof.",
        why="A testimonial counts as a claim that the product works and is no scientific evidence.",
        sources=(FTC_255,),
        hits=("See our patients' success stories.", "Watch real patients tell their story."),
        misses=("We keep no success stories here.", "The story of our building."),
    ),
    Rule(
        id="T102",
        title="A story told with its outcome",
        label=Label.TESTIMONIAL,
        pattern=r"\b(?:i|my|he|she|his|her|they|we)\b[^.;]{0,60}?\b(?:no longer|pain[- ]free|threw away|thrown away|walk(?:s|ing|ed)? (?:again|without)|can now|could (?:walk|sleep|feel|play)|able to|sleep(?:s|ing)? through|feel(?:s|ing)? (?:my|his|her|better|great)|is gone|was gone|disappeared|went away|back to|life back|improved|changed my life|miracle)\b",
        triggers=(
            "i",
            "my",
            "he",
            "she",
            "his",
            "her",
            "they",
            "we",
        ),
        severity=Severity.MEDIUM,
        message="Tells a patient's story with its outcome.",
        why="A testimonial counts as a claim that the product works and is no scientific evidence.",
        sources=(FTC_255,),
        unless_cues=("attribution",),
        unless=r"\bwhen you|\byour\b|\?$",
        decides=False,
        hits=('"After one infusion I threw away my cane."', "Two weeks later she was able to feel her toes."),
        misses=("I was born in Ohio.", "When you wake up, my nurse will be able to help."),
    ),
)
