"""Family D: the page limits or denies in its own voice (label disclaimer)."""

from __future__ import annotations

from checker.rules.catalogue.sources import FDA_2021, FTC_2022
from checker.rules.rule import Rule
from checker.values import Label, Severity

_WHY = "A plain limit is fair to readers. It does not undo a promise elsewhere on the page."

RULES = (
    Rule(
        id="D101",
        title="Says it is not approved",
        label=Label.DISCLAIMER,
        pattern=r"\b(?:not|n't|no|never|none|neither|nothing|zero|yet to be|lacks?|without|nor)\b[^.;]{0,60}?\b(?:approv(?:ed|al)|cleared|licen[sc]ed|evaluated|authori[sz]ed|reviewed by the fda)\b|\bunapproved\b|\b(?:fda|agency) has not\b",
        triggers=("approved", "approval", "cleared", "licensed", "evaluated", "authorized", "authorised", "unapproved", "fda", "fda-approved", "reviewed"),
        severity=Severity.INFO,
        message="Says that it is not approved or evaluated.",
        why=_WHY,
        sources=(FDA_2021,),
        unless_cues=(),
        unless=r"\bnot (?:only|just|merely) (?:fda|approved|cleared)|not (?:need|require)|n't (?:need|require)|no fda approval (?:is )?(?:needed|required)|without (?:waiting|the need)|\?$|exempt",
        decides=False,
        hits=("This therapy is not FDA approved.", "These statements have not been evaluated by the FDA."),
        misses=("Not only FDA approved but loved.", "It does not need FDA approval."),
    ),
    Rule(
        id="D102",
        title="Results vary, no guarantee",
        label=Label.DISCLAIMER,
        pattern=r"\b(?:results?|outcomes?|responses?|benefits?|experiences?|improvement)\b[^.;]{0,30}?\b(?:var(?:y|ies)|differ|not (?:be )?(?:guaranteed|typical|permanent)|cannot be (?:guaranteed|predicted|promised)|uncertain|gradual|are modest|not everyone)\b|\b(?:no|not|n't|cannot|can't|never|without|nobody can)\b[^.;]{0,30}?\b(?:guarantee[ds]?|promis(?:e|es|ed|ing))\b",
        triggers=("vary", "varies", "differ", "guaranteed", "guarantee", "guarantees", "typical", "uncertain", "gradual", "modest", "promise", "promises", "promised", "promising", "predicted", "permanent", "everyone"),
        severity=Severity.INFO,
        message="Says that results vary or are not guaranteed.",
        why=_WHY,
        sources=(FTC_2022,),
        unless_cues=(),
        decides=False,
        hits=("Individual results may vary.", "We cannot guarantee an outcome."),
        misses=("Prices vary by season.",),
    ),
    Rule(
        id="D103",
        title="Experimental, unproven, not a cure",
        label=Label.DISCLAIMER,
        pattern=r"\b(?:experimental|investigational|unproven|not (?:yet )?(?:been )?proven|is not a cure|not a cure|no cure|not cure|limited evidence|insufficient evidence|no evidence|evidence is (?:\w+ )?(?:limited|weak|early|thin|mixed)|more research is|further (?:research|studies)|not medical advice|not intended to)\b",
        triggers=("experimental", "investigational", "unproven", "proven", "cure", "evidence", "research", "studies", "advice", "intended"),
        severity=Severity.INFO,
        message="Says that it is experimental or unproven, or no cure.",
        why=_WHY,
        sources=(FDA_2021,),
        unless_cues=("attribution",),
        decides=False,
        hits=("Stem cell therapy for neuropathy is experimental.", "It is not a cure."),
        misses=("Clinics call it proven.",),
    ),
    Rule(
        id="D104",
        title="Names risks and side effects",
        label=Label.DISCLAIMER,
        pattern=r"\b(?:side[- ]effects?|risks?|complications?|reactions?)\b[^.;]{0,30}?\b(?:include|are|may|can|such as|of|like)\b[^.;]{0,40}?\b(?:infection|bleeding|swelling|soreness|bruising|pain|allerg\w+|fever|redness|damage|tumou?rs?|clots?|fatigue|headache|nausea|tenderness)|\b(?:soreness|bruising|swelling|infection|bleeding|fever|nausea|redness|tenderness)\b[^.;]{0,40}?\b(?:may|can|might|could|is|are) (?:\w+ )?(?:occur|last|happen|possible|common|expected|follow|appear)",
        triggers=("risk", "risks", "side", "side-effects", "complications", "reactions", "soreness", "bruising", "swelling", "infection", "bleeding", "fever", "nausea", "redness", "tenderness"),
        severity=Severity.INFO,
        message="Names risks or side effects.",
        why=_WHY,
        sources=(FDA_2021,),
        unless_cues=(),
        unless=r"\b(?:no|without|zero|minimal|free of|avoid\w*|unlike)\b[^.;]{0,20}?(?:risks?|side|complications?)|\b(?:drugs?|surgery|medications?|steroids?|gabapentin|opioids?|cortisone)\b",
        decides=False,
        hits=("Side effects may include swelling and bruising.", "Soreness can last a few days."),
        misses=("There are no side effects such as swelling.", "The side effects of drugs are pain and nausea."),
    ),
)
