"""Patterns for what is affirmed: approval itself, and the steps below it that are told as if they were approval."""

from __future__ import annotations

import re

from checker.approval.parts import (
    ABROAD,
    ACT,
    AS_SUBJECT,
    CELLS,
    DONE,
    FDA,
    INSTRUMENT,
    NEAR,
    NO_CELLS,
    NO_PRODUCT_AFTER,
    PLACE,
    STEP,
    STUDY,
    compiled,
)

#: A statement without any of these says nothing about approval.
SPEAKS = compiled(
    r"\bfda\b|approv|\bclear(?:ed|ance)|licen[sc]|authori[sz]|exempt|\b510|\b361\b|1271|\brmat\b|designat|off[- ]label|"
    r"cofepris|ministry|regulat|\birb\b|ethics|\bind\b|gmp\b|aatb|aabb|\biso\b|right to try|expanded access|compassionate "
    r"use|clinicaltrials|\bnih\b|"
    r"government|federally|\bndc\b|courts?\b|judge|greenlit|green[- ]lit|endorsed|sanctioned"
)

#: The court win of 2022, as long as the reversal is not told with it.
STALE = compiled(
    rf"\b(?:courts?|judges?|ruling|ruled|lawsuit|verdict|legal victory|decision|2022)\b[^.;!?]{{0,120}}?(?:{FDA})[^.;!?]{{0,60}}?"
    r"(?:\b(?:cannot|can't|can not|may not|lacks?|lost|has no|had no|does not have|doesn't have|no longer)\b|\bno "
    r"(?:authority|jurisdiction|power|right|say)\b)",
    rf"\b(?:won|beat|defeated|prevailed|victory|sided)\b[^.;!?]{{0,60}}?(?:against|over|with|"
    rf"beat)?[^.;!?]{{0,40}}?(?:{FDA})\b[^.;!?]{{0,80}}?\b(?:court|own (?:stem )?cells|svf|lawsuit|case|judge)\b",
    rf"\b(?:court|judge|ruling|lawsuit)\w*\b[^.;!?]{{0,80}}?\b(?:not (?:a )?drugs?|own (?:stem )?cells (?:are not|aren't|"
    rf"belong)|against (?:{FDA})|right to (?:use )?your own)",
)
UPDATED = re.compile(r"revers|overturn|vacat|struck down|no longer (?:good|stands|law)|declined to hear|since been")

DESIGNATION = compiled(
    r"(?:\brmat\b|regenerative medicine advanced therap\w+)(?: designation| status)?(?: (?:from|by|of) (?:the )?fda)?",
    r"\b(?:fast[- ]track|breakthrough(?: therapy| device)?|orphan(?: drug)?|priority "
    r"review)\b[^.;!?]{0,20}?\b(?:designat\w+|status)(?: (?:by|from) (?:the )?fda)?",
    rf"(?:{FDA})(?:'s)?[^.;!?]{{0,40}}?\b(?:fast[- ]track(?:ed)?|breakthrough therapy|orphan drug|priority review|special "
    rf"designation)\b",
)

TRIAL = compiled(
    rf"(?:{FDA})[- ](?:has |have )?(?:{DONE}|allowed|registered|regulated|sanctioned|supervised)[- ]{STUDY}",
    rf"\b(?:trials?|stud(?:y|ies)|protocols?|\binds?)\b(?:(?!treat|therap|cells)[^.;!?]){{0,40}}?\b(?:{DONE}|allowed|"
    rf"approval|clearance)\b[^.;!?]{{0,20}}?(?:{FDA})",
    rf"(?:{FDA}) (?:has |have )?(?:\w+ly )?(?:approve[sd]|clear(?:s|ed)|allow(?:s|ed)|accept(?:s|ed)|authori[sz]e[sd]) "
    r"(?:our|the|its|this|a|an) (?:(?:clinical|human|pilot|first|new|ind|phase|\d|i{1,3}|cell|stem) ){0,4}"
    r"(?:trials?|stud(?:y|ies))\b",
    rf"(?:{FDA})(?:'s)? (?:\w+ )?(?:approval|clearance|permission|go-ahead|authori[sz]ation) (?:to (?:run|conduct|begin|"
    rf"start|proceed with|perform)|for) (?:a |an |our |the |its )?{STUDY}",
    r"\b(?:investigational new drug|ind) (?:application|number|approval|clearance|status|from|with)\b[^.;!?]{0,30}",
    rf"(?:{FDA}) (?:ind|investigational new drug)\b|\b(?:an|our|its|under) (?:open |active )?ind\b",
    r"\bexpanded access\b[^.;!?]{0,30}|\bcompassionate use\b[^.;!?]{0,30}|\bright[- ]to[- ]try\b[^.;!?]{0,40}",
    r"\b(?:irb|institutional review board|ethics (?:committee|board)|review board)(?:'s)?[- ](?:approv\w+|reviewed|"
    r"registered|supervised|cleared|sanctioned)",
    r"\b(?:approval|clearance|blessing|permission) (?:of|from|by) (?:an? |our |the )?(?:independent |own )?(?:irb|"
    r"institutional review board|ethics (?:committee|board))",
    r"\b(?:approved|reviewed|cleared|sanctioned|overseen) by (?:an? |our |the )?(?:independent |own )?(?:irb|"
    r"institutional review board|ethics (?:committee|board))",
    r"\b(?:nih|clinicaltrials(?:\.gov)?)[- ](?:registered|listed|approved|sanctioned)\b[^.;!?]{0,20}",
    rf"\bgovernment[- ](?:registered|listed|approved|sanctioned)[- ]{STUDY}",
    r"\b(?:registered|listed) (?:with|on|at|by) (?:the )?(?:nih|national institutes of health|clinicaltrials)\S*",
)
SUPPLIER = compiled(
    rf"{AS_SUBJECT}{PLACE} (?:(?:that|which|who|whose) [^.;,!?]{{0,40}}?(?:is|are|was|were|has been|have been) )?(?:\w+ )?"
    rf"(?:{DONE}|registered|inspected|regulated|audited)\b{NO_CELLS}{{0,50}}?\b(?:{FDA})",
    rf"\b{PLACE} (?:that|which|who|whose) [^.;,!?]{{0,40}}?(?:is|are|was|were|has|have) (?:\w+ )?{FDA}[ -](?:{ACT}|"
    rf"registered|inspected)\b{NO_PRODUCT_AFTER}",
    rf"\b(?:{FDA}|aatb|aabb|iso(?: ?\d+)?|c?gmp|gmp|federally|government|cofepris)[- ](?:and [\w-]+[- ])?(?:is |are )?"
    rf"(?:registered|regulated|compliant|inspected|accredited|audited|listed|screened|"
    rf"monitored|overseen|supervised|certified)\b(?:[- ]+{STEP}{PLACE}\b)?",
    rf"(?:{FDA})(?: and [\w-]+)?[- ]{DONE}[- ]{STEP}{PLACE}\b(?! (?:treat|therap))",
    rf"{AS_SUBJECT}{PLACE}\b{NO_CELLS}{{0,30}}?\b(?:is|are|was|were|has been|have been|been|has|have|holds?|"
    rf"carries)\b{NO_CELLS}{{0,20}}?"
    rf"(?:{ACT}|registered|inspected|regulated)\b{NO_CELLS}{{0,20}}?\b(?:{FDA})",
    rf"{AS_SUBJECT}{PLACE}\b{NO_CELLS}{{0,30}}?\b(?:is|are|was|were|has|have|holds?|carries|with) (?:\w+ )?(?:{FDA})"
    rf"[ -]{ACT}\b{NO_PRODUCT_AFTER}",
    rf"\b(?:compl(?:y|ies|iant|iance|ying)|follow(?:s|ing|ed)?|meets?|meeting|adher\w+|accord\w*|exceeds?|conforms?|"
    rf"screened|tested|processed|governed|manufactured)\b[^.;!?]{{0,50}}?"
    rf"(?:(?:{FDA})(?:'s)?(?: \w+)? (?:guidelines?|standards?|regulations?|rules?|requirements?|guidance)|(?:{FDA})\b|21 "
    rf"cfr[ \d.]*|\b1271\b|\baatb\b|\baabb\b|\bc?gmp\b)(?: (?:guidelines?|standards?|regulations?|rules?|requirements?))?",
    r"\b(?:registered|listed|registration|listing) (?:with|at|by) (?:the )?(?:us |u\.s\. )?fda\b",
    r"\b(?:fda[- ](?:compliance|standards?|guidelines|rules|regulations|inspections?|audits?)|aatb|aabb|jci|nabh|c?gmp|"
    r"iso \d+)\b",
    r"\b(?:fda|ndc|national drug code)(?: code)? (?:registration|listing|number|code)s?\b(?: number)?",
)
DEVICE = compiled(
    rf"\b{INSTRUMENT} (?:that|which|we|used|for) [^.;,!?]{{0,40}}?(?:is|are|was|were|has|have) (?:\w+ )?"
    rf"(?:{FDA}[ -]{ACT}\b{NO_PRODUCT_AFTER}|{ACT} by {FDA})",
    r"\b510\s?\(?k\)?[- ]*(?:cleared|clearance|approved|approval|exempt)?(?:[- ]+[\w-]+){0,3}",
    rf"(?:{FDA})[- ]{DONE}[- ]{STEP}{INSTRUMENT}\b",
    rf"{FDA} (?:has |have )?(?:{DONE}|clears|approves) (?:only )?(?:the |our |these )?{STEP}{INSTRUMENT}\b",
    rf"\b{INSTRUMENT}\b{NO_CELLS}{{0,30}}?\b(?:has|have|holds?|carr(?:y|ies)) (?:\w+ )?clearance\b",
    rf"\b(?<!immune )(?<!nervous ){INSTRUMENT}\b{NO_CELLS}{{0,30}}?\b(?:is|are|was|were|been|has|have|holds?|received|got|"
    rf"carries|with)\b{NO_CELLS}{{0,20}}?"
    rf"(?:{ACT}{NO_CELLS}{{0,15}}?(?:{FDA})|(?:{FDA})[ -]{ACT}{NO_PRODUCT_AFTER})",
)
OFF_LABEL = re.compile(r"\boff[- ]label\b")
FOREIGN = compiled(
    rf"{ABROAD}[- ]?(?:'s )?{NEAR}\b{ACT}(?![^.;!?]{{0,20}}\bfda\b)",
    rf"\b{ACT}\b{NEAR}\b(?:by|from|of|with|through|under)\b{NEAR}{ABROAD}",
    rf"{ABROAD} permit",
    rf"\b{ACT} (?:for use )?in (?:japan|mexico|panama|colombia|costa rica|europe|germany|south korea|korea|china|india|"
    rf"thailand|turkey|ukraine|canada|australia|antigua|the bahamas|"
    r"the cayman islands|the european union|the eu|the uk|other countries|many countries)\b",
)
#: The permit is the clinic's or laboratory's own, not the treatment's.
PLACE_ABROAD = re.compile(rf"\b(?:{PLACE}|we|our licen[sc]e|sanitary|permit|team|staff)\b")
#: What is done there, and words behind the act that say so.
_DONE_THERE = r"(?:treatments?|therap(?:y|ies)|procedures?|applications?|injections?|infusions?)"
DONE_THERE = re.compile(rf"\b{_DONE_THERE}\b")
FOR_WHAT_IS_DONE = re.compile(rf"\bfor (?:the |our |its |this |these )?(?:use of|{_DONE_THERE})\b")
ANY_ACT = re.compile(rf"\b{ACT}\b")

#: A regulator and its act beside each other: the affirmed statement itself.
MENTION = compiled(
    rf"\b(?:{FDA})(?:'s)?\b{NEAR}\b{ACT}\b",
    rf"\b{ACT}\b[^.;:!?]{{0,60}}?\b(?:{FDA})\b",
    rf"\bfederally[- ]{DONE}",
    rf"\b{DONE} by (?:the )?federal",
)
#: Approval by nobody in particular.
VAGUE = compiled(
    rf"\b(?:government|regulators?|authorities|regulatory|medically|clinically|officially|fully|legally)[- ]{DONE}\b",
    rf"\b{ACT}\b[^.;!?]{{0,40}}?\b(?:by|from|of) (?:the |our )?(?:federal )?(?:government|regulators?|authorities|health "
    rf"authorities|agency)\b",
    rf"\b(?:the|federal) (?:federal )?(?:government|regulators?|authorities|agency)(?:'s)?\b[^.;!?]{{0,40}}?\b{ACT}",
    rf"\b(?:it|they|these|this|ours|the (?:treatment|therapy|product|cells?|protocol|procedure|method))(?:'s|'re| is| are| "
    rf"was| were| has been| have been| got)(?: (?:now|already|fully|both|legal and|officially|long))* {DONE}\b(?! "
    rf"(?:doctor|physician|for (?:financ|credit|payment|medicare)))",
    r"\b(?:has|have|had|holds?|received?|got|carr(?:y|ies)|won|granted|earned)(?: (?:already|just|now|full|official|a|an|"
    r"the|valid|its|long|our)){0,3} (?:approval|clearance|marketing authori[sz]ation)\b",
    r"\b(?:with|by) (?:full |official )?(?:government|regulatory) (?:approval|clearance|licen[sc]e|authori[sz]ation)",
)
#: Without a regulator "approved" counts only beside a product.
BARE = compiled(
    rf"\b(?:approved|licen[sc]ed) (?:[\w-]+[ -]){{0,2}}?(?:{CELLS.pattern})",
    rf"(?:{CELLS.pattern})[^.;,!?]{{0,30}}?\b(?:is|are|has been|have been|now|been) (?:\w+ )?(?:approved|licen[sc]ed)\b(?! "
    rf"(?:by|doctor|physician))",
)
FOR_SAFETY = re.compile(
    r"approved (?:for|as) (?:\w+ )?(?:safety|safe)\b|approved[^.;!?]{0,20}\bfor (?:its |their )?safety|approved (?:as )?"
    r"safe\b"
)
