"""The words that the patterns about approval are built from: regulators, acts, places, devices, products, uses."""

from __future__ import annotations

import re

#: `plain` has turned the agency's long names into "fda" before any pattern sees the text.
FDA = r"(?:the )?(?:(?:u\.?s\.?|united states|american|federal) )?fda"
OTHER_FDA = (
    r"(?:thai|korean|mexican|philippine|chinese|japanese|indian|costa rican|panamanian|taiwan|national|state|emirati|"
    r"saudi) fda|kfda|"
    r"(?:mexico|thailand|korea|china|japan|panama|india|taiwan)'s (?:own )?fda|fda (?:of|in) (?:mexico|thailand|korea|"
    r"china|japan|panama|india|taiwan)|"
    r"(?:equivalent (?:of|to)|counterpart (?:of|to)|version of) (?:the )?(?:u\.?s\.? )?fda|fda[- ]equivalent"
)
ABROAD = (
    rf"(?:{OTHER_FDA}|cofepris|anvisa|invima|anmat|digemid|pmda|mfds|cdsco|drug controller|swissmedic|mhra|\btga\b|"
    rf"\bema\b|european medicines agency|"
    r"health canada|the (?:regional |provincial )?health authorit(?:y|ies)|ministry of (?:public )?health|health ministry|"
    r"ministries of health|the ministry|"
    r"(?:(?:national|central|federal|state|dubai|local|country's|czech|swiss|italian|spanish|polish) )(?:drugs?|"
    r"medicines?|health|sanitary|stem cell|medical) (?:agency|authority|commission|committee|council)|"
    r"(?:drugs?|medicines?) (?:agency|authority)|health (?:authority|commission) of|"
    r"(?:mexican|panamanian|costa rican|colombian|japanese|korean|thai|german|turkish|indian|ukrainian|chinese|antiguan|"
    r"bahamian|european|cayman|dominican|"
    r"national|local|foreign) (?:government|health (?:authority|authorities|department|regulators?)|regulators?|"
    r"authorit(?:y|ies)))"
)
DONE = (
    r"(?:approved|cleared|licen[sc]ed|authori[sz]ed|endorsed|sanctioned|accepted|certified|green[- ]?lit|greenlighted|"
    r"blessed|okayed|validated|recogni[sz]ed)"
)
ACT = (
    rf"(?:{DONE}|approv(?:es?|al|als|ing)|clears|clearance|licen[sc](?:e|es|ure)|authori[sz](?:es|ation)|endorse(?:s|"
    rf"ment)|green[- ]light|blessing|"
    r"stamp of approval|sign(?:s|ed)? off|sign-off|go-ahead|permi(?:t|ts|tted|ssion)\b|said yes to)"
)
NEAR = r"[^.;!?]{0,60}?"
#: Words that may stand between a negation and what it denies.
FILL = (
    r"(?:yet|been|be|currently|presently|itself|fully|formally|officially|specifically|actually|ever|generally|an?|"
    r"considered|deemed|necessarily|have|has|had|"
    r"having|received?|gets?|got|gotten|obtain(?:ed)?|gain(?:ed)?|hold|the|by|under|any|their|its|full|us|u\.s\.|been|"
    r"granted|given|earned|won|evaluated|"
    r"reviewed|or|and|tested|one|such|that|has been|seek|sought|carry|claim|completed?|passed|registered|with|even)"
)
PLACE = (
    r"(?:lab|labs|laborator(?:y|ies)|facilit(?:y|ies)|(?:cord )?(?:blood |tissue )?banks?|clean ?rooms?|suppliers?|"
    r"manufactur(?:er|ers|ing)|vendors?|"
    r"distributors?|processors?|cent(?:er|re)s?|hospitals?|clinics?|sources?|donors?|compan(?:y|ies)|plants?|sites?|"
    r"offices?|doctors?|physicians?|providers?|"
    r"practices?|establishments?)"
)
INSTRUMENT = (
    r"(?:kits?|devices?|systems?|centrifuges?|machines?|equipment|lasers?|needles?|technolog(?:y|ies)|stimulators?|wraps?|"
    r"boots?|tens|syringes?|filters?|"
    r"instruments?|tools?|tubes?|pens?|caps?|shockwave|red[- ]light|(?:electric(?:al)?|epidural|nerve|spinal cord) "
    r"stimulation|spray|ultrasound|microneedling)"
)
NO_CELLS = r"(?:(?!\b(?:cells|exosomes|therap\w+|treatments?|products?|drugs?)\b)[^.;!?])"
#: Not followed by a product: "has FDA-approved stem cells" is no word about the clinic that has them.
NO_PRODUCT_AFTER = (
    r"(?![ -]+(?:[\w-]+[ -]){0,2}?(?:stem|cells?|exosome|prp|therap|treat|product|regenerat|option|protocol|injection|"
    r"infusion|solution))"
)
LINKS = ("in", "at", "from", "by", "of", "that", "which", "inside")
#: Not "cells used in our office are approved": there the place is no subject.
AS_SUBJECT = r"\b" + "".join(f"(?<!{link} {of} )" for link in LINKS for of in ("our", "the", "this", "your"))
STEP = r"(?:(?!treat|therap|for\b|to\b|of\b|in\b|at\b|from\b|with\b|our\b|and\b|used\b|by\b)[\w'()-]+[ -]){0,4}?"


def plain(text: str) -> str:
    """Return the text in lower case with the agency's long names as "fda", so that no pattern takes them for a drug."""
    text = re.sub(r"\bf\.d\.a\.?", "fda", text.lower())
    return re.sub(r"\bfood (?:and|&|n) drug(?:s)?(?: administration| agency| people)?\b(?: \(fda\))?", "fda", text)


def compiled(*parts: str) -> re.Pattern[str]:
    """Return one pattern that finds any of the parts, the first that fits."""
    return re.compile("|".join(f"(?:{part})" for part in parts))


STUDY = (
    r"(?:(?:phase|clinical|human|pilot|research|stem|cell|msc|safety|ind|investigational|randomi[sz]ed|double|blind|our|a|"
    r"the|own|ongoing|\d|i{1,3}|iv|patient|funded)[ -]){0,4}"
    r"(?:trials?|stud(?:y|ies)|protocols?|research|inds?\b|investigations?)"
)

CELLS = compiled(
    r"\bstem[- ]?cells?\b|\bexosomes?\b|wharton'?s|umbilical|cord[- ](?:tissue|blood|cells?)|\bplacent\w+|\bamnio\w*|"
    r"mesenchymal|\bmscs?\b|\bsvf\b|stromal|\bprp\b|platelet|bone[- ]marrow|"
    r"\badipose|regenerative|birth[- ]tissue|\ballografts?\b|\bbiologics?\b|\bcell(?:ular)? (?:therap|treat|product|"
    r"infusion|injection)\w*|\bour cells\b|\bcells\b|nerve[- ]regenerat\w+ (?:product|therap|treat)\w*|secretome"
)
#: Kinds of cells of which a licensed product exists for a narrow use.
NARROW = re.compile(
    r"cord[- ]blood|blood[- ]forming|ha?ematopoietic|bone[- ]marrow transplant|mesenchymal|\bmscs?\b|gene therap|"
    r"car[- ]?t\b|nerve (?:allo)?graft"
)
OWN_VOICE = re.compile(r"\b(?:our|ours|we|us|we're|here at)\b")
#: "Avance is approved, and so are our cells."
SO_ARE_OURS = re.compile(r"\b(?:and |as |just )?so (?:is|are) (?:our|the|these|this)\b|\bas (?:is|are) our\b|\bjust like our\b")
#: Words before the name of what is given up or beaten, at most two words between.
DOES_WITHOUT = re.compile(
    r"\b(?:off|without|instead of|rather than|unlike|than|replac(?:es?|ed|ing)|quit|stop(?:s|ped|ping)?(?: taking)?|g[ai]ve up|"
    r"given up|no more|beats?|(?:needs?|needed|used?|want|take) (?:no|less)|(?:no|less) need (?:of|for)|rid of)(?: [\w']+){0,2} $"
)
PLATELETS = re.compile(r"\bprp\b|platelet")
EXOSOMES = re.compile(r"\bexosomes?\b|secretome")
DRUGS = re.compile(
    r"\b(?:drugs?(?!-free)|medications?(?!-free)|(?<!regenerative )medicines?|pills?|patch(?:es)?|tablets?|creams?|"
    r"antidepressants?|anticonvulsants?|opioids?|painkillers?|prescriptions?|pharmaceuticals?|"
    r"\w+afil|minoxidil|finasteride|riluzole|edaravone|botox|botulinum|insulin|metformin|statins?|steroids?|cortisone|"
    r"hyaluronic|gel injections?|fillers?|"
    r"shockwave|lasers?|stimulators?|stimulation|vaccines?|chemotherapy|hormones?)\b"
)
GENERIC = re.compile(
    r"\b(?:treatments?|therap(?:y|ies)|protocols?|procedures?|injections?|infusions?|products?|solutions?|options?|it|"
    r"they|this|these|ours?|alternatives?|programs?|breakthrough|service|way|method|cure|care|iv|drip)\b"
)
NERVES = re.compile(
    r"\b(?:poly)?neuropath\w*|neuralgia|sciatica|radiculopath\w*|carpal tunnel|\bnerve (?:pain|damage|disorders?|"
    r"diseases?|conditions?|problems?|regeneration|healing|health)|"
    r"\bdamaged nerves?|\bnerves?\b(?! (?:graft|allograft|scaffold|discontinuit|gap|injur|repair))|\bnumb(?:ness)?\b|"
    r"tingling|burning feet|\bcidp\b|guillain"
)
#: Other uses that pages name, so that a message can say which one.
OTHER_USES = re.compile(
    r"\b(?:(?:knee|hip|shoulder|joint|back|neck) (?:osteo)?(?:arthritis|pain|injur\w+)|(?:osteo)?arthritis|knees?|chronic "
    r"pain|\bpain\b|multiple sclerosis|parkinson'?s?(?: disease)?|alzheimer'?s?(?: disease)?|\bcopd\b|lung disease|"
    r"heart (?:failure|disease)|stroke|autism|diabetes|lupus|crohn'?s|kidney (?:disease|failure)|erectile dysfunction|"
    r"hair loss|wounds?|spinal cord injur\w+|cerebral palsy|"
    r"macular degeneration|\bals\b|lyme|covid(?:-19)?|aging|anti-aging|sports injur\w+|tendon\w*|rotator cuff|fibromyalgia)"
)
