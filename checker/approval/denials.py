"""Patterns for what is not affirmed: denied, said to need no approval, a duty, a question, somebody else's words."""

from __future__ import annotations

import re

from checker.approval.parts import ABROAD, ACT, DONE, FDA, FILL, NO_PRODUCT_AFTER, compiled

#: Said to need no approval.
EXEMPT = compiled(
    rf"\b(?:do|does|did|is|are|was|were)(?: not|n't) (?:\w+ ){{0,3}}?(?:require[sd]?|need(?:s|ed)?|subject to|regulated|"
    rf"fall under|governed|covered|overseen|under)"
    r" (?:(?:any|prior|special|premarket|pre-market|formal|the|a|an|to|be|have|get|from|by|of|kind|sort|further|us|u\.s\.|"
    r"federal|government|same|strict|separate|additional|own|new) ){0,4}?"
    rf"(?:{FDA}|approval|clearance|regulat\w+|jurisdiction|oversight)(?:'s)?(?: approval| clearance| regulations?| "
    rf"oversight| licen[sc]e| jurisdiction)?",
    r"\b(?:is|are)(?: not|n't) regulated\b",
    r"\b(?:needs?|requires?|requiring|without needing|without the need for) no (?:fda |government |special |further )?"
    r"(?:approval|clearance|licen[sc]e)",
    r"\bno (?:fda |government |special |further )?(?:approval|clearance|licen[sc]e)(?: (?:from|for|of) (?:\w+ ?){1,3})? ?"
    r"(?:is |was )?(?:needed|required|necessary|called for)",
    rf"\b(?:nobody|no one|no clinic|no doctor) (?:needs?|requires?) (?:{FDA}(?:'s)? ?)?{ACT}",
    r"\b(?:without (?:needing|the need for)) (?:fda |government )?(?:approval|clearance)",
    rf"(?:{FDA})? ?(?:approval|clearance|licen[sc]e)(?: is| was)?(?: not|n't) (?:needed|required|necessary|an issue)",
    r"\bsection 361\b[^.;!?]{0,30}|\b361[- ](?:product|tissue|hct|allograft|regulat|exempt|compliant)\w*[^.;!?]{0,30}",
    rf"(?:{FDA}) (?:does not|doesn't|do not|cannot|can't|has no|have no|takes no|does not have|doesn't have|lacks) (?:\w+ )"
    rf"{{0,3}}?"
    r"(?:regulate|jurisdiction|authority|position|say|oversee|oversight|power|control|govern)\w*[^.;!?]{0,30}",
    r"\b(?:outside|beyond) (?:of )?(?:the )?(?:scope |reach |jurisdiction |authority )?(?:of )?(?:the )?fda(?:'s)?"
    r"(?: (?:jurisdiction|authority|scope|reach|rules))?",
)
#: Words that make an exemption only beside a word of regulation.
EXEMPT_HINT = compiled(
    r"(?<!not )(?<!no )(?<!n't )(?<!tax[- ])(?<!visa )\bexempt(?:ion|ed|s)?\b[^.;!?]{0,40}|\bfalls? outside (?:of )?"
    r"(?:the )?(?:drug |fda )?(?:rules|regulations?|laws?)[^.;!?]{0,60}|\bminimal(?:ly)? manipulat\w+|homologous use|"
    r"same[- ](?:day )?(?:surgical )?procedure|same[- ]day procedure|practice of medicine|\bnot (?:considered )?(?:a )?"
    r"drugs?\b|"
    r"\bare not drugs\b|\bown (?:body's )?(?:stem )?cells\b[^.;!?]{0,40}\b(?:not regulated|legal|allowed|unregulated)"
)
REGULATION = re.compile(r"\bfda\b|regulat|approv|1271|licen|\blegal")
#: The exemption itself is denied: an honest word.
NOT_EXEMPT = compiled(
    r"(?:\bnot|n't|\bno longer|\bnever) (?:\w+ ){0,3}?(?:exempt|qualify|meet)\w*\b[^.;!?]{0,40}",
    r"\bno (?:such )?exemption\b",
    r"\b(?:exemption|exception)s? (?:does|do|did|would)(?: not|n't) (?:apply|cover)",
)

#: One step of the ladder told apart from approval: an honest word.
EXPLAINS = compiled(
    r"\b(?:registration|registered|listing|listed|clearance|cleared|designation|rmat|fast[- ]track|inspect\w*|compliance|"
    r"irb|ind|510\S*|exemption|approval|approved)\b[^.;,!?]{0,40}?"
    r"\b(?:is|does|do|are)(?: not|n't) (?:\w+ ){0,3}?(?:mean|equal|same|imply|amount|denote|equivalent|constitute|(?:fda |"
    r"an? )+approval)"
)
#: Says that it is not approved, or speaks of approval as still to come.
DENIED = compiled(
    rf"\b(?:not|nor|never|neither|cannot|(?:is|are|was|were|has|have|had|does|do|did)n't|without|lacks?|lacking|yet to"
    rf"(?: be| receive| win| get| obtain)?)\b"
    rf"(?! only| just| merely| simply)(?:,? {FILL}){{0,7}}[ -]*(?:{FDA}[ -]?)?(?:{FILL} ){{0,4}}?(?:{ACT}|{FDA})"
    rf"(?:[ -](?:or|nor|and) (?:\w+ )?{ACT}|,(?: (?:or|nor))? (?:{ACT}|reviewed|evaluated|tested)"
    rf"|[ -](?:or|nor) (?:reviewed|evaluated|tested))*"
    rf"(?: (?:(?:by|from|of) )?(?:{FDA}(?: approval| clearance)?|{ABROAD}|any (?:\w+ )?(?:agency|regulator|authority)))?",
    rf"\b(?:nothing|none)\b[^.;,!?]{{0,60}}?\b(?:is|are|has|have|been)\b(?: {FILL}){{0,6}}?[ -]*(?:{FDA}[- ])?{ACT}"
    rf"(?: by {FDA})?",
    rf"{FDA} (?:has |have )?(?:\w+ )?{ACT} (?:currently )?no (?!other)(?:[\w-]+ ){{0,3}}?(?:cells?|exosomes?|product|prp|"
    rf"therap|treat)",
    rf"\b(?:has|have|had) (?:given|granted|issued|received|got|obtained|won) no (?:\w+ ){{0,2}}?{ACT}",
    r"\boutside (?:of )?what (?:the )?fda \w+",
    r"\bno \"?off[- ]label\b",
    rf"\b(?:no|none|nothing|nobody|not one|not a single|neither|zero|few)\b(?! other| matter| one else|thing else| risk| "
    rf"side| downtime| surgery| drugs| pain| needles?| doubt| reason| need| wonder| question| longer)"
    rf"(?:(?!\b(?:and|but|our|we|because|so)\b)[^.;,!?]){{0,80}}?\b(?:is|are|was|were|has|have|been|holds?|carry|"
    rf"carries)\b(?: {FILL}){{0,6}}?[ -]*(?:{FDA}[- ])?{ACT}(?: by {FDA})?",
    rf"\b(?:no|zero|nor|any) (?:(?!other\b|matter\b)[\w-]+ ){{0,5}}?(?:fda[- ]?)?{DONE}\b(?: by "
    rf"{FDA})?(?=[^.;!?]*\b(?:exist|yet|at this time|in the (?:us|u\.s\.|united states)|for|by)\b)",
    rf"\b(?:there (?:is|are)|has|have|with|currently) (?:currently |still |as yet )?no (?:(?!other\b|matter\b|and\b|but\b|"
    rf"our\b|we\b|risk\b|side\b)[\w'-]+,?[ -]){{0,9}}?{ACT}",
    rf"\bno (?:current |existing |such )?(?:{FDA})[- ]{ACT}",
    r"\bun(?:approved|licen[sc]ed|cleared|authori[sz]ed)\b|\bnon-?fda[- ]\w+|\bnot-fda[- ]\w+",
    rf"\b(?:approval|clearance|licen[sc]e)\b(?:(?!\b(?:and|but)\b)[^.;,!?]){{0,25}}?\b(?:(?:has|have|is|was)(?: not|n't)|"
    rf"pending|awaited|denied|refused|rejected|years away|expected|sought)\b(?: {FILL}){{0,3}}(?: (?:given|granted|"
    rf"issued))?",
    r"\bfda[- ]approved\b[^.;,!?]{0,40}?\b(?:do|does)(?: not|n't) exist",
    r"\b(?:awaits?|awaiting|seeks?|seeking|pursuing|pending|working toward|applied for|applying for|hop(?:e|es|ing) "
    r"(?:for|to (?:win|get|gain|obtain|receive)))\b (?:[\w-]+ ){0,3}?"
    r"(?:fda[- ]?)?(?:approval|clearance|licen[sc]e)\b",
    r"\b(?:if|once|when|until|unless|before)\b (?:it|they|this|these|the (?:product|therapy|treatment|cells))(?: (?:is|"
    r"are|gets?|becomes?|has|have|finally|ever|been)){1,4} (?:fda[- ]?)?approv\w+",
    rf"\b(?:if|once|until|unless|before)\b (?:and when )?{FDA} (?:\w+ ){{0,2}}?approv\w+",
    r"\b(?:will|may|might|could|expected to|likely to|hope to|hopes to) (?:soon |one day |someday |eventually )?be "
    r"(?:fda[- ])?approved",
    rf"(?:{FDA}) (?:has |have )?(?:refused|rejected|declined|warned)\b[^.;!?]{{0,40}}",
    r"\bawaiting fda\b|\bfar from (?:being )?(?:fda[- ])?approved",
    r"\band (?:it )?(?:has|have) none\b",
)
#: Somebody else's words, told in order to warn of them.
REPORTED = compiled(
    r"\b(?:be wary|beware|be careful|watch out|red flag|stay away)\b",
    r"\bnever (?:tell|say|believe|trust)\b|\b(?:do not|don't) (?:tell|believe|be fooled|listen|trust)\b",
    r"\b(?:sales(?:man|woman|person|people)|callers?|ads?|advertisements?|some (?:clinics|sellers|websites|providers)|"
    r"many clinics|other clinics|anyone|any clinic) (?:who |that )?(?:will |may |often )?"
    r"(?:tells?|told|says?|said|claims?|claiming|promises?|advertis\w+|insists?)\b",
)
#: Duties are neither a claim nor a denial.
DUTY = compiled(
    rf"\b(?:must|should|need(?:s|ing)?|has to|have to|ought to|required to|requir(?:es?|ing)|subject to)\b (?:to )?(?:be |"
    rf"have |obtain |get |undergo |receive |prior |premarket )*(?:an? )?(?:{FDA}[- ]?)?{ACT}\b{NO_PRODUCT_AFTER}(?: by {FDA})?"
)

YES_NO = re.compile(
    r"^(?:(?:q|question)[:.] ?)?(?:but |so |and )?(?:is|are|was|were|has|have|does|do|can|will|could|should|would|"
    r"isn't|aren't)\b"
)
ASKING = re.compile(r"^(?:(?:q|question)[:.] ?)?(?:what|which|who|when|where)\b")
NO = re.compile(r"^(?:a: ?)?(?:no\b|nope|not\b|never|unfortunately|sadly|none|currently,? no|absolutely not)")
YES = re.compile(r"^(?:a: ?)?(?:yes|yeah|absolutely|of course|certainly|indeed|they are|it is|sure)\b")
