"""Turns wording into groups of conditions and says whether a trial's groups cover a claim's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checker.trials import vocabulary
from checker.trials.plain import plain

#: Nerve kinds that the word "neuropathy" alone takes in: many nerves at once.
_MANY = frozenset({"nerve_diabetic", "nerve_chemo", "nerve_inflammatory", "nerve_inherited"})
#: Nerve kinds of a single nerve or of pain in its course.
_SINGLE = frozenset({"nerve_entrapment", "nerve_injury", "neuralgia", "facial_palsy"})
NERVE = _MANY | _SINGLE | {"nerve"}
_BROAD = "nervous_system"

#: Group and wording, tried in this order; what a group has matched is taken out for those after it, so that
#: "diabetic neuropathy" is not counted as "neuropathy" too. The nerve kinds follow the sections of the ICD-10 chapter
#: on nerve, root and plexus disorders (G50 to G63); the rest is coarse: it only has to be told apart from nerves.
_GROUPS: tuple[tuple[str, str], ...] = (
    ("eye", r"optic (?:nerve|neuro|atroph|neurit)\w*|retin\w+|macula\w*|glaucoma|ocular|cornea\w*|blindness|vision loss|eyes?"),
    ("wound", r"(?:diabetic )?(?:foot|leg|neuropathic|venous|skin) ulcers?|diabetic foot|wounds?|burns?\b|epidermolysis"),
    ("spinal_cord", r"spinal cord|paraplegi\w+|tetraplegi\w+|quadriplegi\w+"),
    (
        "nerve_diabetic",
        r"diabet\w+(?: \w+){0,3}? (?:poly)?neuropath\w+|diabetic nerve \w+|dpn|pdpn|neuropath\w+,?(?: \w+){0,3}? diabet\w+",
    ),
    ("nerve_chemo", r"chemo\w*(?:[ -]\w+){0,3}? neuropath\w+|cipn"),
    ("nerve_inflammatory", r"(?:chronic )?inflammatory demyelinating(?: \w*neuropath\w+)?|cidp|guillain[ -]barre"),
    ("nerve_inherited", r"charcot[ -]marie[ -]tooth\w*|\bcmt\b|hereditary \w*(?: \w+)? ?neuropath\w+"),
    (
        "nerve_entrapment",
        r"(?:carpal|tarsal|cubital) tunnel|nerve (?:entrapment|compression)|pinched nerves?|sciatica?(?: nerve)?|radiculopath\w+",
    ),
    ("neuralgia", r"(?:trigeminal |post-?herpetic |craniofacial )?neuralgia\w*"),
    ("facial_palsy", r"bell'?s palsy|facial (?:nerve|palsy|paralysis)"),
    (
        "nerve_injury",
        (
            r"nerve (?:injur\w+|trauma|defects?|lacerations?|grafts?)|injur\w+ (?:of|to) (?:the )?(?:\w+ )?nerves?|neurotmesis"
            r"|(?:injured|severed) nerves?|brachial plexus(?: neuropath\w+| injur\w+)?"
        ),
    ),
    (
        "nerve",
        (
            r"\w*neuropath(?:y|ies|ic)|peripheral (?:nerves?|nervous)|damaged nerves?|numbness|tingling|neuritis|nerves"
            r"|nerve (?:fib(?:er|re)s|damage|pain|problems?|diseases?|disorders?|repair|regeneration)|numb feet"
        ),
    ),
    ("back", r"back pain|lumbar|inter-?vertebral|dis[ck]s?|spin(?:e|al)|neck pain|cervical (?:spondyl\w+|stenosis)"),
    (
        "joint",
        (
            r"osteo ?-?arthritis|knees?|hips?|shoulders?|joints?|cartilage|chondral|menisc\w+|rotator cuff|tend[oi]n\w*"
            r"|ligaments?|epicondylitis|plantar fasciitis|musculo-?skeletal|degenerative arthritis|sports injur\w+|ankle|elbow"
        ),
    ),
    ("rheumatic", r"rheumatoid|ankylosing|lupus|sle\b|scleroderma|systemic sclerosis|sjogren\w*|autoimmun\w+|arthritis"),
    ("bone", r"bones? (?!marrow)\w*|fractures?|non-?union|osteo(?:necrosis|porosis|genesis)\w*|alveolar"),
    ("multiple_sclerosis", r"multiple sclerosis"),
    ("als", r"amyotrophic|\bals\b|motor neuron"),
    ("parkinson", r"parkinson\w*|multiple system atrophy"),
    ("dementia", r"alzheimer\w*|dementia"),
    ("stroke", r"strokes?|cerebral infarct\w*|ischemic brain|intracerebral"),
    ("brain", r"brain|cerebral palsy|autis\w+|concussion|epileps\w+|ataxia|encephalopath\w+|cognitive"),
    (_BROAD, r"neuro(?:logic\w*|degenerative)(?: (?:diseases?|disorders?|conditions?|injur\w+))?|nervous system"),
    ("diabetes", r"diabet\w+|insulin resistance"),
    ("heart", r"cardi\w+|heart|myocard\w+|coronary"),
    ("vessels", r"limb isch\w+|peripheral (?:arter\w+|vascular)|isch\w+|angina"),
    ("lung", r"covid\w*|sars-?cov\w*|corona ?virus\w*|respiratory|ards|lungs?|pulmonary|copd|asthma|pneumoni\w+"),
    ("liver", r"liver|hepat\w+|cirrhosis|biliary"),
    ("kidney", r"kidneys?|renal|nephr\w+"),
    ("gut", r"crohn'?s?|colitis|bowel|fistulas?|perianal"),
    ("blood", r"graft[ -]v\w*[ -]host\w*|gvhd|leuk\w+|myelo\w+|lymphom\w+|an[ae]+mia|hematolog\w+"),
    ("cancer", r"cancers?|tumou?rs?|carcinom\w+|glioma\w*"),
    ("sexual", r"erectile|infertil\w+|ovarian|azoosperm\w+|endometri\w+|incontinence"),
    ("skin", r"hair|alopecia|psoriasis|dermatitis|scars?|skin|wrinkles?|scleroderma"),
    ("ageing", r"frail\w*|age?ing\b|longevity"),
    ("teeth", r"dent\w+|periodont\w+|gingiv\w+|teeth|pulp\w*"),
)
_PATTERNS = tuple((name, re.compile(rf"\b(?:{wording})(?![a-z0-9])")) for name, wording in _GROUPS)
#: What a list of conditions may hold that names no condition.
_NO_CONDITION = re.compile(r"stem cells?|stromal|transplant\w*|drug \w+|healthy|safety|pain|umbilical|bone marrow|other")


def groups(texts: Iterable[str]) -> frozenset[str]:
    """Return the groups of conditions that the texts name."""
    return vocabulary.named(texts, _PATTERNS)


def of_trial(conditions: Iterable[str], title: str) -> frozenset[str] | None:
    """Return a trial's groups, from its title where its conditions name none; None when neither says what is treated."""
    named = groups(conditions) or groups([title])
    if named:
        return named
    unknown = all(_NO_CONDITION.search(plain(text)) for text in conditions)
    return None if unknown else frozenset()


def covers(trial: frozenset[str], claim: frozenset[str]) -> bool | None:
    """Say whether the trial's groups cover every group of the claim; None when that cannot be told."""
    return vocabulary.covers(trial, claim, _covers_one)


def covers_any(trial: frozenset[str], named: frozenset[str]) -> bool | None:
    """Say whether the trial's groups cover one of those named around a claim: a heading may name several."""
    return vocabulary.covers_any(trial, named, _covers_one)


def _covers_one(trial: frozenset[str], group: str) -> bool | None:
    """Compare with one group; a trial of something that the table lacks is surely no trial of nerves."""
    if not trial:
        return False if group in NERVE else None
    if group in trial or (group == "nerve" and trial & NERVE):
        return True
    if group in _MANY and "nerve" in trial:
        return True
    if group == "diabetes" and trial & {"nerve_diabetic", "wound"}:
        return True
    unclear = (group in _SINGLE and "nerve" in trial) or (_BROAD in trial and group in NERVE | {"brain", "spinal_cord"})
    unclear = unclear or (group == _BROAD and bool(trial & NERVE))
    return None if unclear else False
