"""Families R and P: ordinary care is beaten or replaced (replaces_care), the sale is pushed (pressure)."""

from __future__ import annotations

from checker.rules.catalogue.sources import FDA_2021, FTC_2022, ISSCR
from checker.rules.rule import Rule
from checker.values import Label, Severity

_WHY = "Ordinary care for neuropathy has been tested; dropping it for an untested product can do harm. Nobody should stop a medicine because of a page."

RULES = (
    Rule(
        id="R101",
        title="Avoid surgery or drugs",
        label=Label.REPLACES_CARE,
        pattern=r"\b(?:avoid(?:s|ed|ing)?|without(?: the need for| resorting to| having)?|instead of|rather than|alternatives? to|skip(?:ping)?|replac(?:e|es|ing)|eliminat\w+ the need for|no need for|free (?:of|from)|wean(?:ing)?(?: \w+)? off|come off|get off|stop taking|throw away|reduc\w+ (?:the need for|reliance on|dependence on|your need for)|less reliance on|reliance on|before (?:you )?(?:consider\w*|agree\w*|schedul\w*|opt\w*)|delay(?:s|ing)?|escape)\b(?:\s[\w'-]+){0,4}?\s(?:surgery|surgeries|surgical|operation|drugs?|medications?|pills?|opioids?|painkillers?|steroids?|cortisone|gabapentin|replacement|amputation|invasive procedures?|prescriptions?|transplants?|insulin|fusion)\b",
        triggers=("surgery", "surgeries", "surgical", "operation", "drug", "drugs", "medication", "medications", "pill", "pills", "opioid", "opioids", "painkillers", "steroid", "steroids", "cortisone", "gabapentin", "replacement", "amputation", "invasive", "prescription", "prescriptions", "transplant", "transplants", "insulin", "fusion"),
        severity=Severity.MEDIUM,
        message="Offers itself in place of ordinary care.",
        why=_WHY,
        sources=(FDA_2021,),
        unless_cues=("attribution",),
        unless=r"\b(?:do not|don't|never|please don't|should not|must not|not to) (?:stop|skip|avoid|replace|come off|throw)|not (?:a )?(?:replace|substitute|an alternative)|avoid (?:taking )?(?:aspirin|nsaid|ibuprofen|anti-inflammator|blood thinn)|\?$|days before|weeks before",
        decides=False,
        hits=("Avoid surgery with our regenerative injections.", "Relief without drugs."),
        misses=("Do not stop taking your medication.", "Avoid taking NSAIDs and steroids for two weeks before the visit."),
    ),
    Rule(
        id="R102",
        title="Drugs only mask, ours goes to the root",
        label=Label.REPLACES_CARE,
        pattern=r"\b(?:mask(?:s|ed|ing)?|cover(?:s|ing)? up|band-?aid|bandage|only (?:treat|manage|numb|hide|dull)s?|just (?:treat|manage|numb|hide|dull)s?|merely)\b[^.;]{0,40}?\b(?:symptoms?|pain|problem|condition|disease|issue)\b|\bmask(?:s|ing)? (?:it|them|symptoms)\b|\bunlike\b[^.;]{0,60}?\b(?:drugs?|medications?|surgery|steroids?|cortisone|pills?|injections|traditional|conventional|gabapentin|treatments|approaches|methods|painkillers)\b|\broot cause\b",
        triggers=("mask", "masks", "masked", "masking", "cover", "covers", "covering", "bandage", "band-aid", "bandaid", "only", "just", "merely", "unlike", "root"),
        severity=Severity.MEDIUM,
        message="Says that ordinary care only masks symptoms.",
        why=_WHY,
        sources=(FDA_2021, FTC_2022),
        unless_cues=("attribution",),
        decides=False,
        hits=("Drugs only mask the symptoms.", "Unlike cortisone, our injections heal."),
        misses=("Wear a mask in the waiting room, please.",),
    ),
    Rule(
        id="P101",
        title="Free consultation, discount, financing, limited places",
        label=Label.PRESSURE,
        pattern=r"\b(?:free|complimentary|no[- ]cost|no[- ]charge) (?:[\w-]+ ){0,3}?(?:consult\w*|evaluation|seminar|webinar|screening|exam\w*|lunch|dinner|workshop|assessment|session|mri|x-?ray|report|second|talk|call|class|review|guide)\b|\b(?:limited[- ](?:time|spots?|seats?|availability|places|number|offer)|(?:seats?|spots?|spaces?|places|seating|slots?) (?:are|is|remain|left|fill|limited)|act now|today only|this (?:week|month) only|before (?:it's|it is) too late|while (?:supplies|spots|they) last|hurry)\b|\b(?:financing|payment plans?|interest[- ]free|monthly payments?|0% (?:apr|interest)|pay over time|care ?credit|approved credit|pay monthly|instal?lments?)\b|\b(?:discount(?:s|ed)?|coupon|voucher|special (?:offer|price|pricing|rate)|early[- ]bird|save \$|save up to|\$\d[\d,]* off|\d+% off|package deal|two for|buy one)\b",
        triggers=("free", "complimentary", "no-cost", "cost", "limited", "limited-time", "seats", "spots", "seat", "spot", "spaces", "places", "seating", "slots", "act", "today", "only", "too", "last", "hurry", "financing", "payment", "interest", "interest-free", "monthly", "apr", "pay", "carecredit", "care", "credit", "discount", "discounts", "discounted", "coupon", "voucher", "special", "early", "early-bird", "save", "off", "installments", "instalments", "buy", "package", "no", "charge"),
        severity=Severity.LOW,
        message="Pushes the sale.",
        why="Free seminars, discounts and limited places are named as warning signs of high-pressure selling.",
        sources=(ISSCR,),
        unless_cues=("negation",),
        unless=r"\bno (?:discounts?|financing|pressure)|feel free|\bdo not (?:offer|give)|special offers? (?:from|and news)|free parking",
        hits=("Book your free consultation today.", "Seats are limited.", "Financing is available."),
        misses=("There is free parking behind the building.", "We offer no discounts."),
    ),
)
