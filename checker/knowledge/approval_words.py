"""The wordings by which pages speak of approval, as patterns over plain lower-case text; one pattern for each meaning."""

from __future__ import annotations

import re

FDA = r"(?:the )?(?:(?:u\.?s\.?|american|federal) )?(?:fda|food (?:and|&) drug administration)"
_OTHER_FDA = (
    r"(?:thai|korean|mexican|philippine|chinese|japanese|indian|costa rican|panamanian|taiwan) fda|kfda|"
    r"(?:mexico|thailand|korea|china|japan|panama|india|taiwan)'s (?:own )?fda|fda (?:of|in) (?:mexico|thailand|korea|china|japan|panama|india|taiwan)|"
    r"(?:equivalent (?:of|to)|counterpart (?:of|to)|version of) (?:the )?(?:u\.?s\.? )?fda|fda[- ]equivalent"
)
_ABROAD = (
    rf"(?:{_OTHER_FDA}|cofepris|anvisa|invima|anmat|digemid|pmda|mfds|cdsco|drug controller|swissmedic|mhra|\btga\b|\bema\b|european medicines agency|"
    r"health canada|ministry of (?:public )?health|health ministry|ministries of health|"
    r"(?:mexican|panamanian|costa rican|colombian|japanese|korean|thai|german|turkish|indian|ukrainian|chinese|antiguan|bahamian|european|cayman|dominican|"
    r"national|local|foreign) (?:government|health (?:authority|authorities|department|regulators?)|regulators?|authorit(?:y|ies)))"
)
_DONE = (
    r"(?:approved|cleared|licen[sc]ed|authori[sz]ed|endorsed|sanctioned|accepted|certified|green[- ]?lit|greenlighted|blessed|okayed|validated|recogni[sz]ed)"
)
_ACT = (
    rf"(?:{_DONE}|approv(?:es?|al|als|ing)|clears|clearance|licen[sc](?:e|es|ure)|authori[sz](?:es|ation)|endorse(?:s|ment)|green[- ]light|blessing|"
    r"stamp of approval|signed off|sign-off|go-ahead)"
)
_NEAR = r"[^.;!?]{0,60}?"
#: Words that may stand between a negation and what it denies.
_FILL = (
    r"(?:yet|been|be|currently|presently|itself|fully|formally|officially|specifically|actually|ever|generally|an?|considered|deemed|necessarily|have|has|had|"
    r"having|received?|gets?|got|gotten|obtain(?:ed)?|gain(?:ed)?|hold|the|by|under|any|their|its|full|us|u\.s\.|been|granted|given|earned|won|evaluated|"
    r"reviewed|or|and|tested|one|such|that|has been|seek|sought|carry|claim)"
)
_PLACE = (
    r"(?:lab|labs|laborator(?:y|ies)|facilit(?:y|ies)|(?:cord )?(?:blood |tissue )?banks?|clean ?rooms?|suppliers?|manufactur(?:er|ers|ing)|vendors?|"
    r"distributors?|processors?|cent(?:er|re)s?|hospitals?|clinics?|sources?|donors?|compan(?:y|ies)|plants?|sites?|offices?|doctors?|physicians?|providers?|"
    r"practices?|establishments?)"
)
_DEVICE = (
    r"(?:kits?|devices?|systems?|centrifuges?|machines?|equipment|lasers?|needles?|technolog(?:y|ies)|stimulators?|wraps?|boots?|tens|syringes?|filters?|"
    r"instruments?|tools?|tubes?)"
)
_NO_CELLS = r"(?:(?!\b(?:cells|exosomes|therap\w+|treatments?|products?|drugs?)\b)[^.;!?])"
#: Not followed by a product: "has FDA-approved stem cells" is no word about the clinic that has them.
_NOT_OURS = r"(?![ -]+(?:[\w-]+[ -]){0,2}?(?:stem|cells?|exosome|prp|therap|treat|product|regenerat|option|protocol|injection|infusion|solution))"
_STEP = r"(?:(?!treat|therap|for\b|to\b|of\b|in\b|at\b|from\b|with\b|our\b|and\b|used\b|by\b)[\w'()-]+[ -]){0,4}?"


def _compiled(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts))


#: A statement without any of these says nothing about approval.
SPEAKS = _compiled(
    r"\bf\.?d\.?a\b|food (?:and|&) drug|approv|\bclear(?:ed|ance)|licen[sc]|authori[sz]|exempt|\b510|\b361\b|1271|\brmat\b|designat|off[- ]label|"
    r"cofepris|ministry|regulat|\birb\b|ethics|\bind\b|gmp\b|aatb|aabb|\biso\b|right to try|expanded access|compassionate use|clinicaltrials|\bnih\b|"
    r"government|federally|\bndc\b|courts?\b|judge|greenlit|green[- ]lit|endorsed|sanctioned"
)

#: The court win of 2022, as long as the reversal is not told with it.
STALE = _compiled(
    rf"\b(?:courts?|judges?|ruling|ruled|lawsuit|verdict|legal victory|decision|2022)\b[^.;!?]{{0,120}}?(?:{FDA})[^.;!?]{{0,60}}?"
    r"(?:\b(?:cannot|can't|can not|may not|lacks?|lost|has no|had no|does not have|doesn't have|no longer)\b|\bno (?:authority|jurisdiction|power|right|say)\b)",
    rf"\b(?:won|beat|defeated|prevailed|victory|sided)\b[^.;!?]{{0,60}}?(?:against|over|with|beat)?[^.;!?]{{0,40}}?(?:{FDA})\b[^.;!?]{{0,80}}?\b(?:court|own (?:stem )?cells|svf|lawsuit|case|judge)\b",
    rf"\b(?:court|judge|ruling|lawsuit)\w*\b[^.;!?]{{0,80}}?\b(?:not (?:a )?drugs?|own (?:stem )?cells (?:are not|aren't|belong)|against (?:{FDA})|right to (?:use )?your own)",
)
UPDATED = re.compile(r"revers|overturn|vacat|struck down|no longer (?:good|stands|law)|declined to hear|since been")

#: Said to need no approval.
EXEMPT = _compiled(
    rf"\b(?:do|does|did|is|are|was|were)(?: not|n't) (?:\w+ ){{0,3}}?(?:require[sd]?|need(?:s|ed)?|subject to|regulated|fall under|governed|covered|overseen|under)"
    r" (?:(?:any|prior|special|premarket|pre-market|formal|the|a|an|to|be|have|get|from|by|of|kind|sort|further|us|u\.s\.|federal|government|same|strict) ){0,4}?"
    rf"(?:{FDA}|approval|clearance|regulat\w+|jurisdiction|oversight)(?:'s)?(?: approval| clearance| regulations?| oversight| licen[sc]e| jurisdiction)?",
    r"\b(?:is|are)(?: not|n't) regulated\b",
    r"\b(?:needs?|requires?|requiring|without needing|without the need for) no (?:fda |government |special |further )?(?:approval|clearance|licen[sc]e)",
    r"\bno (?:fda |government |special |further )?(?:approval|clearance|licen[sc]e)(?: from (?:the )?fda)? (?:is |was )?(?:needed|required|necessary)",
    r"\b(?:without (?:needing|the need for)) (?:fda |government )?(?:approval|clearance)",
    rf"(?:{FDA})? ?(?:approval|clearance|licen[sc]e)(?: is| was)?(?: not|n't) (?:needed|required|necessary|an issue)",
    r"(?<!not )(?<!no )(?<!n't )(?<!tax[- ])\bexempt(?:ion|ed|s)?\b[^.;!?]{0,40}",
    r"\bsection 361\b[^.;!?]{0,30}|\b361[- ](?:product|tissue|hct|allograft|regulat|exempt|compliant)\w*[^.;!?]{0,30}",
    rf"(?:{FDA}) (?:does not|doesn't|do not|cannot|can't|has no|have no|takes no|does not have|doesn't have|lacks) (?:\w+ ){{0,3}}?"
    r"(?:regulate|jurisdiction|authority|position|say|oversee|oversight|power|control|govern)\w*[^.;!?]{0,30}",
    r"\b(?:outside|beyond) (?:of )?(?:the )?(?:scope |reach |jurisdiction |authority )?(?:of )?(?:the )?fda(?:'s)?(?: (?:jurisdiction|authority|scope|reach|rules))?",
)
#: Words that make an exemption only beside a word of regulation.
EXEMPT_HINT = _compiled(
    r"\bminimal(?:ly)? manipulat\w+|homologous use|same[- ](?:day )?(?:surgical )?procedure|same[- ]day procedure|practice of medicine|\bnot (?:considered )?(?:a )?drugs?\b|"
    r"\bare not drugs\b|\bown (?:body's )?(?:stem )?cells\b[^.;!?]{0,40}\b(?:not regulated|legal|allowed|unregulated)"
)
REGULATION = re.compile(r"\bfda\b|food and drug|regulat|approv|1271|exempt|\blegal")
#: The exemption itself is denied: an honest word.
NOT_EXEMPT = _compiled(
    r"\b(?:not|n't|no longer|never) (?:\w+ ){0,3}?(?:exempt|qualify|meet)\w*\b[^.;!?]{0,40}",
    r"\bno (?:such )?exemption\b",
    r"\b(?:exemption|exception)s? (?:does|do|did|would)(?: not|n't) (?:apply|cover)",
)

#: One step of the ladder told apart from approval: an honest word.
EXPLAINS = _compiled(
    r"\b(?:registration|registered|listing|listed|clearance|cleared|designation|rmat|fast[- ]track|inspect\w*|compliance|irb|ind|510\S*|approval|approved)\b[^.;,!?]{0,40}?"
    r"\b(?:is|does|do|are)(?: not|n't) (?:\w+ ){0,3}?(?:mean|equal|same|imply|amount|denote|equivalent|constitute|(?:fda |an? )+approval)"
)
#: Says that it is not approved, or speaks of approval as still to come.
DENIED = _compiled(
    rf"\b(?:not|nor|never|neither|cannot|(?:is|are|was|were|has|have|had|does|do|did)n't|without|lacks?|lacking|yet to(?: be| receive| win| get| obtain)?)\b"
    rf"(?! only| just| merely| simply)(?: {_FILL}){{0,7}}[ -]*(?:{FDA}[ -]?)?(?:{_FILL} ){{0,4}}?(?:{_ACT}|{FDA})(?:[ -](?:or|nor|and) (?:\w+ )?{_ACT})*"
    rf"(?: (?:(?:by|from|of) )?{FDA}(?: approval| clearance)?)?",
    rf"\b(?:no|none|nothing|nobody|not one|not a single|neither|zero|few)\b(?! other| matter| one else|thing else)"
    rf"(?:(?!\b(?:and|but|our|we|because|so)\b)[^.;,!?]){{0,80}}?\b(?:is|are|was|were|has|have|been|holds?|carry|carries)\b(?: {_FILL}){{0,6}}?[ -]*(?:{FDA}[- ])?{_ACT}(?: by {FDA})?",
    rf"\b(?:no|zero|nor|any) (?:(?!other\b|matter\b)[\w-]+ ){{0,5}}?(?:fda[- ]?)?{_DONE}\b(?: by {FDA})?(?=[^.;!?]*\b(?:exist|yet|at this time|in the (?:us|u\.s\.|united states)|for|by)\b)",
    rf"\b(?:there (?:is|are)|has|have|with|currently) (?:currently |still |as yet )?no (?:(?!other\b|matter\b)[\w-]+[ -]){{0,4}}?{_ACT}",
    rf"\bno (?:current |existing |such )?(?:{FDA})[- ]{_ACT}",
    r"\bun(?:approved|licen[sc]ed|cleared|authori[sz]ed)\b|\bnon-?fda[- ]\w+|\bnot-fda[- ]\w+",
    rf"\b(?:approval|clearance|licen[sc]e)\b(?:(?!\b(?:and|but)\b)[^.;,!?]){{0,25}}?\b(?:(?:has|have|is|was)(?: not|n't)|pending|awaited|denied|refused|rejected|years away|expected|sought)\b(?: {_FILL}){{0,3}}(?: (?:given|granted|issued))?",
    rf"\bfda[- ]approved\b[^.;,!?]{{0,40}}?\b(?:do|does)(?: not|n't) exist",
    r"\b(?:awaits?|awaiting|seeks?|seeking|pursuing|pending|working toward|applied for|applying for|hop(?:e|es|ing) (?:for|to (?:win|get|gain|obtain|receive)))\b (?:[\w-]+ ){0,3}?"
    r"(?:fda[- ]?)?(?:approval|clearance|licen[sc]e)\b",
    r"\b(?:if|once|when|until|unless|before)\b (?:it|they|this|these|the (?:product|therapy|treatment|cells))(?: (?:is|are|gets?|becomes?|has|have|finally|ever|been)){1,4} (?:fda[- ]?)?approv\w+",
    rf"\b(?:if|once|until|unless|before)\b (?:and when )?{FDA} (?:\w+ ){{0,2}}?approv\w+",
    r"\b(?:will|may|might|could|expected to|likely to|hope to|hopes to) (?:soon |one day |someday |eventually )?be (?:fda[- ])?approved",
    rf"(?:{FDA}) (?:has |have )?(?:refused|rejected|declined|warned)\b[^.;!?]{{0,40}}",
    r"\bawaiting fda\b|\bfar from (?:being )?(?:fda[- ])?approved",
    r"\band (?:it )?(?:has|have) none\b",
)
#: Duties are neither a claim nor a denial.
DUTY = _compiled(
    rf"\b(?:must|should|needs?|has to|have to|ought to|required to|requires?|subject to)\b (?:to )?(?:be |have |obtain |get |undergo |receive |prior |premarket )*(?:an? )?(?:{FDA}[- ]?)?{_ACT}\b{_NOT_OURS}(?: by {FDA})?"
)

DESIGNATION = _compiled(
    r"\brmat\b[^.;!?]{0,40}|regenerative medicine advanced therap\w+(?: designation)?",
    r"\b(?:fast[- ]track|breakthrough(?: therapy| device)?|orphan(?: drug)?|priority review)\b[^.;!?]{0,20}?\b(?:designat\w+|status)(?: (?:by|from) (?:the )?fda)?",
    rf"(?:{FDA})(?:'s)?[^.;!?]{{0,40}}?\b(?:fast[- ]track(?:ed)?|breakthrough therapy|orphan drug|priority review|special designation)\b",
)
_STUDY = (
    r"(?:(?:phase|clinical|human|pilot|research|stem|cell|msc|safety|ind|investigational|randomi[sz]ed|double|blind|our|a|the|own|ongoing|\d|i{1,3}|iv|patient|funded)[ -]){0,4}"
    r"(?:trials?|stud(?:y|ies)|protocols?|research|inds?\b|investigations?)"
)
TRIAL = _compiled(
    rf"(?:{FDA})[- ](?:has |have )?(?:{_DONE}|allowed|registered|regulated|sanctioned|supervised)[- ]{_STUDY}",
    rf"\b(?:trials?|stud(?:y|ies)|protocols?|\binds?)\b(?:(?!treat|therap|cells)[^.;!?]){{0,40}}?\b(?:{_DONE}|allowed|approval|clearance)\b[^.;!?]{{0,20}}?(?:{FDA})",
    rf"(?:{FDA})(?:'s)? (?:\w+ )?(?:approval|clearance|permission|go-ahead|authori[sz]ation) (?:to (?:run|conduct|begin|start|proceed with|perform)|for) (?:a |an |our |the |its )?{_STUDY}",
    r"\b(?:investigational new drug|ind) (?:application|number|approval|clearance|status|from|with)\b[^.;!?]{0,30}",
    r"\bexpanded access\b[^.;!?]{0,30}|\bcompassionate use\b[^.;!?]{0,30}|\bright[- ]to[- ]try\b[^.;!?]{0,40}",
    r"\b(?:irb|institutional review board|ethics (?:committee|board)|review board)(?:'s)?[- ](?:approv\w+|reviewed|registered|supervised|cleared|sanctioned)",
    r"\b(?:approved|reviewed|cleared|sanctioned|overseen) by (?:an? |our |the )?(?:independent |own )?(?:irb|institutional review board|ethics (?:committee|board))",
    r"\b(?:nih|clinicaltrials(?:\.gov)?)[- ](?:registered|listed|approved|sanctioned)\b[^.;!?]{0,20}",
    rf"\bgovernment[- ](?:registered|listed|approved|sanctioned)[- ]{_STUDY}",
    r"\b(?:registered|listed) (?:with|on|at|by) (?:the )?(?:nih|national institutes of health|clinicaltrials)\S*",
)
SUPPLIER = _compiled(
    rf"\b(?:{FDA}|aatb|aabb|iso(?: ?\d+)?|c?gmp|gmp|federally|government|cofepris)[- ](?:and [\w-]+[- ])?(?:is |are )?(?:registered|regulated|compliant|inspected|accredited|audited|listed|screened|"
    rf"monitored|overseen|supervised|certified)\b(?:[- ]+{_STEP}{_PLACE}\b)?",
    rf"(?:{FDA})(?: and [\w-]+)?[- ]{_DONE}[- ]{_STEP}{_PLACE}\b(?! (?:treat|therap))",
    rf"\b{_PLACE}\b{_NO_CELLS}{{0,30}}?\b(?:is|are|was|were|has been|have been|been|has|have|holds?|carries)\b{_NO_CELLS}{{0,20}}?"
    rf"(?:{_ACT}|registered|inspected|regulated)\b{_NO_CELLS}{{0,20}}?\b(?:{FDA})",
    rf"\b{_PLACE}\b{_NO_CELLS}{{0,30}}?\b(?:is|are|was|were|has|have|holds?|carries|with) (?:\w+ )?(?:{FDA})[ -]{_ACT}\b{_NOT_OURS}",
    rf"\b(?:compl(?:y|ies|iant|iance|ying)|follow(?:s|ing|ed)?|meets?|meeting|adher\w+|accord\w*|exceeds?|conforms?|screened|tested|processed|governed|manufactured)\b[^.;!?]{{0,50}}?"
    rf"(?:(?:{FDA})(?:'s)?(?: \w+)? (?:guidelines?|standards?|regulations?|rules?|requirements?|guidance)|(?:{FDA})\b|21 cfr[ \d.]*|\b1271\b|\baatb\b|\baabb\b|\bc?gmp\b)(?: (?:guidelines?|standards?|regulations?|rules?|requirements?))?",
    r"\b(?:registered|listed|registration|listing) (?:with|at|by) (?:the )?(?:us |u\.s\. )?fda\b",
    r"\b(?:fda|ndc|national drug code)(?: code)? (?:registration|listing|number|code)s?\b(?: number)?",
)
DEVICE = _compiled(
    r"\b510\s?\(?k\)?[- ]*(?:cleared|clearance|approved|approval|exempt)?(?:[- ]+[\w-]+){0,3}",
    rf"(?:{FDA})[- ]{_DONE}[- ]{_STEP}{_DEVICE}\b",
    rf"\b(?<!immune )(?<!nervous ){_DEVICE}\b{_NO_CELLS}{{0,30}}?\b(?:is|are|was|were|been|has|have|holds?|received|got|carries|with)\b{_NO_CELLS}{{0,20}}?"
    rf"(?:{_ACT}{_NO_CELLS}{{0,15}}?(?:{FDA})|(?:{FDA})[ -]{_ACT}{_NOT_OURS})",
)
OFF_LABEL = re.compile(r"\boff[- ]label\b")
FOREIGN = _compiled(
    rf"{_ABROAD}[- ]?(?:'s )?{_NEAR}\b{_ACT}(?![^.;!?]{{0,20}}\bfda\b)", rf"\b{_ACT}\b{_NEAR}\b(?:by|from|of|with|through|under)\b{_NEAR}{_ABROAD}", rf"{_ABROAD} permit",
    rf"\b{_ACT} (?:for use )?in (?:japan|mexico|panama|colombia|costa rica|europe|germany|south korea|korea|china|india|thailand|turkey|ukraine|canada|australia|antigua|the bahamas|"
    r"the cayman islands|the european union|the eu|the uk|other countries|many countries)\b",
)

#: A regulator and its act beside each other: the affirmed statement itself.
MENTION = _compiled(rf"\b(?:{FDA})(?:'s)?\b{_NEAR}\b{_ACT}\b", rf"\b{_ACT}\b{_NEAR}\b(?:{FDA})\b", rf"\bfederally[- ]{_DONE}", rf"\b{_DONE} by (?:the )?federal")
#: Approval by nobody in particular.
VAGUE = _compiled(
    rf"\b(?:government|regulators?|authorities|regulatory|medically|clinically|officially|fully|legally)[- ]{_DONE}\b",
    rf"\b{_DONE} by (?:the )?(?:government|regulators?|authorities|health authorities)",
    r"\b(?:has|have|with|received|got|holds?) (?:full |official )?(?:government|regulatory) (?:approval|clearance|licen[sc]e|authori[sz]ation)",
)
CELLS = _compiled(
    r"\bstem[- ]?cells?\b|\bexosomes?\b|wharton'?s|umbilical|cord[- ](?:tissue|blood|cells?)|\bplacent\w+|\bamnio\w*|mesenchymal|\bmscs?\b|\bsvf\b|stromal|\bprp\b|platelet|bone[- ]marrow|"
    r"\badipose|regenerative|birth[- ]tissue|\ballografts?\b|\bbiologics?\b|\bcell(?:ular)? (?:therap|treat|product|infusion|injection)\w*|\bour cells\b|\bcells\b|nerve[- ]regenerat\w+ (?:product|therap|treat)\w*|secretome"
)
#: Without a regulator "approved" counts only beside a product.
BARE = _compiled(
    rf"\b(?:approved|licen[sc]ed) (?:[\w-]+[ -]){{0,2}}?(?:{CELLS.pattern})",
    rf"(?:{CELLS.pattern})[^.;,!?]{{0,30}}?\b(?:is|are|has been|have been|now|been) (?:\w+ )?(?:approved|licen[sc]ed)\b(?! (?:by|doctor|physician))",
)
#: Kinds of cells of which a licensed product exists for a narrow use.
NARROW = re.compile(r"cord[- ]blood|blood[- ]forming|ha?ematopoietic|bone[- ]marrow transplant|mesenchymal|\bmscs?\b|gene therap|car[- ]?t\b|nerve (?:allo)?graft")
OWN_VOICE = re.compile(r"\b(?:our|ours|we|us|we're|here at)\b")
#: "Avance is approved, and so are our cells."
SO_ARE_OURS = re.compile(r"\b(?:and |as |just )?so (?:is|are) (?:our|the|these|this)\b|\bas (?:is|are) our\b|\bjust like our\b")
PLATELETS = re.compile(r"\bprp\b|platelet")
EXOSOMES = re.compile(r"\bexosomes?\b|secretome")
DRUGS = re.compile(
    r"\b(?:drugs?|medications?|(?<!regenerative )medicines?|pills?|patch(?:es)?|tablets?|creams?|antidepressants?|anticonvulsants?|opioids?|painkillers?|prescriptions?|pharmaceuticals?)\b"
)
GENERIC = re.compile(
    r"\b(?:treatments?|therap(?:y|ies)|protocols?|procedures?|injections?|infusions?|products?|solutions?|options?|it|they|this|these|ours?|alternatives?|programs?|breakthrough|service|way|method|cure|care|iv|drip)\b"
)
NERVES = re.compile(
    r"\b(?:poly)?neuropath\w*|neuralgia|sciatica|radiculopath\w*|carpal tunnel|\bnerve (?:pain|damage|disorders?|diseases?|conditions?|problems?|regeneration|healing|health)|"
    r"\bdamaged nerves?|\bnerves?\b(?! (?:graft|allograft|scaffold|discontinuit|gap|injur|repair))|\bnumb(?:ness)?\b|tingling|burning feet|\bcidp\b|guillain"
)
#: Other uses that pages name, so that a message can say which one.
OTHER_USES = re.compile(
    r"\b(?:(?:knee|hip|shoulder|joint|back|neck) (?:osteo)?(?:arthritis|pain|injur\w+)|(?:osteo)?arthritis|knees?|chronic pain|\bpain\b|multiple sclerosis|parkinson'?s?(?: disease)?|alzheimer'?s?(?: disease)?|\bcopd\b|lung disease|"
    r"heart (?:failure|disease)|stroke|autism|diabetes|lupus|crohn'?s|kidney (?:disease|failure)|erectile dysfunction|hair loss|wounds?|spinal cord injur\w+|cerebral palsy|"
    r"macular degeneration|\bals\b|lyme|covid(?:-19)?|aging|anti-aging|sports injur\w+|tendon\w*|rotator cuff|fibromyalgia)"
)
FOR_SAFETY = re.compile(r"approved (?:for|as) (?:\w+ )?(?:safety|safe)\b|approved[^.;!?]{0,20}\bfor (?:its |their )?safety|approved (?:as )?safe\b")
DOES_NOT_EXIST = re.compile(r"\b(?:do|does)(?: not|n't) exist\b")

YES_NO = re.compile(r"^(?:(?:q|question)[:.] ?)?(?:but |so |and )?(?:is|are|was|were|has|have|does|do|can|will|could|should|would|isn't|aren't)\b")
ASKING = re.compile(r"^(?:(?:q|question)[:.] ?)?(?:what|which|who|when|where)\b")
NO = re.compile(r"^(?:a: ?)?(?:no\b|nope|not\b|never|unfortunately|sadly|none|currently,? no|absolutely not)")
YES = re.compile(r"^(?:a: ?)?(?:yes|yeah|absolutely|of course|certainly|indeed|they are|it is|sure)\b")
