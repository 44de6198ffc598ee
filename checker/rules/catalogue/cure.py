"""Family C: an end state is promised (label cure)."""

from __future__ import annotations

from checker.rules.catalogue.sources import FDA_2021, FTC_SCIA, MAO_2019
from checker.rules.rule import Rule
from checker.values import Label, Severity

_WHY = "No treatment is known to cure or reverse neuropathy; studies of cells for it are small and early."
_SOURCES = (FDA_2021, MAO_2019)
_NOT = ("negation", "attribution", "hedge", "goal")
_ILL = (
    r"(?:{condition}|disease|condition|illness|damage|pain|symptoms?|numbness|burning|tingling|suffering|disability|baldness|(?:it|this|them|yours) (?:for good|permanently|completely|forever))"
)

RULES = (
    Rule(
        id="C101",
        title="Cures",
        label=Label.CURE,
        pattern=r"\b(?:can|will|to|we|cells?|therap(?:y|ies)|treatments?|exosomes|it|that|which|have|has|and|protocol|permanently|actually|truly|even) (?:\w+ly )?cure[sd]?\b[^.;]{0,40}",
        triggers=("cure", "cures", "cured"),
        severity=Severity.HIGH,
        message="Promises a cure.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=_NOT,
        unless=r"\bno (?:known )?cure|not a cure|cure for (?:cancer|leuk)|diagnose, treat|treat, cure|no cure|cure or prevent|mitigate|hoping|hope|one day",
        hits=("Stem cells can cure your neuropathy.", "Our therapy cures diabetes."),
        misses=("It does not cure neuropathy.", "There is no cure for MS.", "Not intended to diagnose, treat, cure or prevent any disease."),
    ),
    Rule(
        id="C102",
        title="Reverses the disease or damage",
        label=Label.CURE,
        pattern=rf"\b(?:revers(?:e|es|ed|ing|al of)|undo(?:es|ing)?|turn(?:s|ing)? back)\b(?:\s[\w'-]+){{0,5}}?\s{_ILL}|{_ILL}\s(?:\w+\s){{0,2}}?(?:revers(?:ed|al|es)|is reversible|can be reversed)\b",
        triggers=("reverse", "reverses", "reversed", "reversing", "reversal", "reversible", "undo", "undoes", "turn", "turns", "turning"),
        severity=Severity.HIGH,
        message="Promises that the disease or damage is reversed.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=_NOT,
        unless=r"\bcan(?:not|'t| not) be reversed|\bnot (?:be )?revers|irreversib|\?$",
        hits=("Reverse your neuropathy in ten weeks.", "Nerve damage can be reversed with exosomes."),
        misses=("It does not reverse neuropathy.", "Nobody can say that nerve damage is reversed.", "Vitamins may reverse nerve damage."),
    ),
    Rule(
        id="C103",
        title="Ends, eliminates or gets rid of it",
        label=Label.CURE,
        pattern=rf"\b(?:eliminat(?:e|es|ed|ing)|eradicat(?:e|es|ed|ing)|get(?:s|ting)? rid of|rid (?:you|yourself) of|end(?:s|ing)? (?:your|the)|put(?:s|ting)? an end to|stop(?:s|ping)? (?:your|the)|wip(?:e|es|ing) out|free (?:you )?(?:from|of)|erase[sd]?)\b(?:\s[\w'-]+){{0,4}}?\s{_ILL}",
        triggers=("eliminate", "eliminates", "eliminated", "eliminating", "eradicate", "eradicates", "eradicating", "rid", "end", "ends", "ending", "stop", "stops", "stopping", "wipe", "wipes", "free", "erase", "erases", "erased"),
        severity=Severity.HIGH,
        message="Promises that pain or damage ends.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=_NOT,
        unless=r"\beliminat\w+ the need|risk|free (?:consult|screen|exam|semin)|\bend of the\b",
        hits=("Get rid of nerve pain.", "Exosomes eliminate the burning.", "End your neuropathy today."),
        misses=("Eliminates the need for surgery and pain of recovery.", "Nothing has eliminated the pain."),
    ),
    Rule(
        id="C104",
        title="For good, permanently, goodbye",
        label=Label.CURE,
        pattern=r"\b(?:say|saying|kiss(?:ed)?|wave) (?:\w+ )?(?:goodbye|good-bye)\b|\bgoodbye,? (?:to )?{condition}|\b(?:pain|symptoms?|relief|gone|numbness|neuropathy|cured?|solution|results?|fix\w*|end\w*|heal\w*|out)\b[^.;]{0,40}?\b(?:for good|permanently|once and for all|forever|for life)\b|\bpermanent(?:ly)? (?:relief|solution|cure|fix|heal\w*|results?|repair\w*|pain relief|recovery|freedom)\b",
        triggers=("goodbye", "good-bye", "good", "permanently", "permanent", "once", "forever", "life"),
        severity=Severity.HIGH,
        message="Promises a lasting end to the trouble.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=("negation", "attribution"),
        unless=r"for good (?:reason|measure|result|candid)|permanent damage|permanently damag|chance for",
        hits=("Say goodbye to nerve pain.", "Permanent relief without pills.", "The burning stops for good, and numbness is gone forever."),
        misses=("Untreated, nerves are permanently damaged.", "It is no permanent solution."),
    ),
    Rule(
        id="C105",
        title="Normal again, pain-free, symptom-free",
        label=Label.CURE,
        pattern=r"\b(?:back to|return(?:s|ed)? to|returned to|restor(?:e|es|ed|ing)(?: \w+){0,3}) (?:full|normal|complete)(?:ly)?(?: \w+)? ?(?:function|feeling|sensation|health|activity|life|strength|movement|mobility)?\b|\b(?:live|living|life|be|become|becomes|are|now|again|walk|wake) (?:completely |totally |entirely )?(?:pain|symptom|numbness|neuropathy|disease)[- ]free\b|\b(?:full|complete|total) (?:recovery|remission|resolution|relief)\b",
        triggers=("normal", "full", "complete", "pain", "pain-free", "symptom", "symptom-free", "total", "neuropathy-free", "disease", "numbness"),
        severity=Severity.HIGH,
        message="Promises a return to normal.",
        why=_WHY,
        sources=_SOURCES,
        unless_cues=_NOT,
        unless=r"normal activit|normal routine|full recovery (?:time|takes|from (?:the|surgery))|full range|return to normal (?:daily )?activ",
        hits=("Live pain-free again.", "It restores normal nerve function.", "Expect complete relief in a month."),
        misses=("Most people return to normal activities the next day.", "We cannot promise complete relief."),
    ),
    Rule(
        id="C106",
        title="Guaranteed result",
        label=Label.CURE,
        pattern=r"\b(?:guarantee[ds]?|guaranteed|guaranteeing)\b[^.;]{0,40}?\b(?:results?|relief|improvement|recovery|success|outcome|it works|you will|better)\b|\b(?:results?|relief|improvement|recovery|success|outcome)s?\b[^.;]{0,25}?\b(?:guaranteed|guarantee)\b|\bor (?:get |you get )?your money back\b|\bmoney[- ]back\b",
        triggers=("guarantee", "guaranteed", "guarantees", "guaranteeing", "money"),
        severity=Severity.HIGH,
        message="Guarantees a result.",
        why="Nobody can guarantee a medical result; a court found a stem cell seller's promises on neuropathy deceptive in 2024.",
        sources=(FTC_SCIA,),
        unless_cues=("negation", "attribution"),
        unless=r"\b(?:no|not|never|cannot|can't|n't|without|nobody|any clinic that|who|beware|avoid|be wary)\b[^.;]{0,40}?guarantee",
        hits=("Guaranteed relief or your money back.", "We guarantee results."),
        misses=("We cannot guarantee results.", "Results are not guaranteed.", "Be wary of anybody who guarantees relief."),
    ),
)
