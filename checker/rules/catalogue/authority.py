"""Families H and S: authority is borrowed, from regulators and accreditors (fda_halo) or from science (science_halo)."""

from __future__ import annotations

from checker.rules.catalogue.sources import CFR_1271_10, CFR_1271_27, FTC_2022, SIPP_2017, TURNER_2017
from checker.rules.rule import Rule
from checker.values import Label, Severity

_LISTED = "Being registered, listed, inspected or screened is not an approval and says nothing about whether a treatment works."
_EXEMPT = "Tissue sold to treat nerve damage is a drug under US law; the exemptions do not cover that use."
_STUDY = "Studies of cells for neuropathy are early and small; a study elsewhere is no proof for the product sold here."

RULES = (
    Rule(
        id="H101",
        title="Laboratory or tissue bank registered, compliant or inspected",
        label=Label.FDA_HALO,
        pattern=r"\b(?:fda|aatb|aabb|iso|cgmp|gmp|cofepris|{regulator})\b[- ]?(?:\w+[- ])?(?:registered|regulated|compliant|inspected|accredited|certified|approved|licensed|cleared|audited)\b"
        r"[^.;]{0,40}?\b(?:lab|labs|laborator(?:y|ies)|facilit(?:y|ies)|tissue banks?|banks?|clean ?rooms?|suppliers?|manufacturers?|processing|cent(?:er|re)s?|hospital|materials?)\b",
        triggers=("fda", "aatb", "aabb", "iso", "cgmp", "gmp", "cofepris", "government", "ministry", "health"),
        severity=Severity.MEDIUM,
        message="Borrows a regulator's or accreditor's name for the place where the product is made.",
        why=_LISTED,
        sources=(CFR_1271_27,),
        unless_cues=("negation",),
        hits=("All tissue comes from an FDA-registered laboratory.", "Processed in cGMP-certified clean rooms."),
        misses=("Our laboratory is on the second floor.", "The FDA inspected no facility of ours."),
    ),
    Rule(
        id="H102",
        title="Follows rules or standards of a regulator",
        label=Label.FDA_HALO,
        pattern=r"\b(?:compl(?:y|ies|iant|iance)|follow(?:s|ing)?|meets?|adhere(?:s|nce)?|accord(?:ance|ing)|exceeds?|conforms?|screened|tested|processed|governed|within)\b"
        r"[^.;]{0,50}?\b(?:fda|aatb|aabb|21 cfr|cfr|1271|section 361|gmp|cgmp)\b",
        triggers=("fda", "aatb", "aabb", "cfr", "1271", "361", "gmp", "cgmp"),
        severity=Severity.MEDIUM,
        message="Presents keeping a regulator's rules as a mark of quality.",
        why=_LISTED,
        sources=(CFR_1271_10, CFR_1271_27),
        hits=("Every donor is screened to FDA and AATB standards.", "Our protocol follows FDA guidelines."),
        misses=("The product does not comply with FDA rules.", "The walls follow the old floor plan."),
    ),
    Rule(
        id="H103",
        title="Said to need no approval",
        label=Label.FDA_HALO,
        pattern=r"\b(?:exempt\b[^.;]{0,40}?(?:fda|approval|regulation)|(?:no|not|n't|without)\b[^.;]{0,25}?\b(?:require|need|subject to|regulated|necessary)\w*\b[^.;]{0,25}?(?:fda|approval|clearance|regulat)"
        r"|361 (?:product|tissue|hct)|fda approval (?:is )?(?:isn't|is not|not)\b[^.;]{0,12}(?:needed|required|necessary)|outside (?:of )?(?:the )?fda)",
        triggers=("exempt", "361", "fda", "approval", "regulated"),
        severity=Severity.MEDIUM,
        message="Says that the product needs no approval.",
        why=_EXEMPT,
        sources=(CFR_1271_10,),
        unless_cues=("attribution",),
        hits=("Because they are your own cells, they do not require FDA approval.", "It is a 361 product."),
        misses=("The treatment needs FDA approval, and it has none.",),
    ),
    Rule(
        id="S101",
        title="Studies or research said to show that it works",
        label=Label.SCIENCE_HALO,
        pattern=r"\b(?:stud(?:y|ies)|research|trials?|evidence|data|scien(?:ce|tists)|literature|meta-analys[ei]s|publications?)\b[^.;]{0,40}?"
        r"\b(?:show(?:s|n|ed)?|prove[sdn]?|confirm(?:s|ed)?|demonstrat\w+|support(?:s|ed)?|indicat\w+|found|reveal(?:s|ed)?|suggest(?:s|ed)?|back(?:s|ed)?|report(?:s|ed)?)\b",
        triggers=("study", "studies", "research", "trials", "trial", "evidence", "data", "science", "scientists", "literature", "meta-analysis", "publications"),
        severity=Severity.MEDIUM,
        message="Leans on studies or research.",
        why=_STUDY,
        sources=(FTC_2022, SIPP_2017),
        decides=False,
        hits=("Numerous studies have shown that these injections ease joint pain.",),
        misses=("Our study rooms are on the left.", "No study has shown that it works."),
    ),
    Rule(
        id="S102",
        title="Clinically or scientifically proven",
        label=Label.SCIENCE_HALO,
        pattern=r"\b(?:clinically|scientifically|medically)[- ](?:proven|tested|validated|backed|shown|supported|studied|demonstrated)\b|\b(?:evidence|science|research)[- ](?:based|backed|proven|driven|supported)\b"
        r"|\b(?:backed|supported|proven|validated|grounded)\s(?:up )?(?:by|in|through)\s(?:\w+\s){0,3}(?:science|stud(?:y|ies)|research|evidence|data|trials?)\b|\bproven (?:science|results|therap\w+|treatment|technology|method)\b",
        triggers=("proven", "clinically", "scientifically", "evidence", "science", "research", "backed", "supported", "validated", "science-backed", "evidence-based", "research-backed"),
        severity=Severity.MEDIUM,
        message="Says that science has proven the treatment.",
        why=_STUDY,
        sources=(FTC_2022, SIPP_2017),
        unless=r"\b(?:not|isn't|aren't|never|yet to be|has not been|have not been|un)\b[^.;]{0,20}proven",
        hits=("A clinically proven regenerative protocol.", "Our therapy is backed by decades of research."),
        misses=("It has not been scientifically proven.",),
    ),
    Rule(
        id="S103",
        title="Ethics board, patent, registry number or trial as a selling point",
        label=Label.SCIENCE_HALO,
        pattern=r"\b(?:irb|institutional review board|ethics committee)[- ](?:approved|reviewed|registered|supervised|cleared)\b|\bpatent(?:ed)?\b(?![- ]leather)|\bnct ?-?\d{6,8}\b|\bnobel\b"
        r"|\b(?:patient|self)[- ](?:funded|sponsored|financed|paid)\b[^.;]{0,20}?\b(?:stud|trial|research)|\bfda[- ]approved (?:clinical )?(?:trial|study|research|protocol)",
        triggers=("irb", "institutional", "ethics", "patent", "patented", "nobel", "nct", "patient", "self", "fda", "fda-approved", "irb-approved", "patient-funded", "self-funded", "patient-sponsored"),
        severity=Severity.MEDIUM,
        message="Uses an ethics board, a patent, a prize or a trial's name as a sign that it works.",
        why="An ethics board, a patent and a registry entry are none of them a finding that a treatment works or is allowed.",
        sources=(SIPP_2017, TURNER_2017),
        hits=("Join our IRB-approved study.", "A patented exosome process."),
        misses=("There is no patent on this.", "The board meets on Mondays."),
    ),
    Rule(
        id="S104",
        title="Breakthrough or revolution of science",
        label=Label.SCIENCE_HALO,
        pattern=r"\b(?:medical|scientific|biggest|major|latest|new|true|this|modern|technological|medicine's) (?:breakthrough|revolution)\b|\bbreakthrough (?:therapy|treatment|technology|in|science|medicine|protocol)\b|\brevolutionary (?:field|science|technology|therapy|treatment|medicine|stem|regenerative|discovery|approach|breakthrough)\b|\bcutting[- ]edge (?:science|research|regenerative|stem|cell|medic\w+|therap\w+|technolog\w+|treatment)\b",
        triggers=("breakthrough", "revolution", "revolutionary", "cutting", "cutting-edge"),
        severity=Severity.LOW,
        message="Calls the treatment a breakthrough.",
        why=_STUDY,
        sources=(SIPP_2017,),
        decides=False,
        hits=("Exosomes are a revolutionary therapy.", "This breakthrough treatment is here."),
        misses=("It is no breakthrough treatment.",),
    ),
)
