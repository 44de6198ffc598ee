"""Turns a study of the registry's API v2 into a record."""

from __future__ import annotations

from typing import Any

from checker.trials.plain import speaks_of_fee
from checker.trials.record import PAGE, STATUSES, TrialRecord

_MODULES = (
    *("identification", "status", "sponsorCollaborators", "oversight", "description", "conditions", "design"),
    *("armsInterventions", "eligibility", "contactsLocations"),
)
#: What we ask for: the modules that a record is made of, without results and documents.
FIELDS = ",".join([*(f"protocolSection.{name}Module" for name in _MODULES), "hasResults"])


def record_of(study: Any, as_of: str) -> TrialRecord:
    """Return the record of one study as of a day; absent fields are omitted in the API and None here.

    Raises ValueError for anything that is not shaped like a study.
    """
    part = _Part(study).part("protocolSection")
    ident, status, sponsors = (part.part(f"{name}Module") for name in ("identification", "status", "sponsorCollaborators"))
    design, arms, places = (part.part(f"{name}Module") for name in ("design", "armsInterventions", "contactsLocations"))
    nct = ident.text("nctId")
    if nct is None or len(nct) != 11 or not nct[3:].isdecimal():
        raise ValueError("the answer holds no study")
    return TrialRecord(
        id=nct,
        title=ident.text("briefTitle") or ident.text("officialTitle") or nct,
        source=PAGE + nct,
        as_of=as_of,
        conditions=part.part("conditionsModule").texts("conditions"),
        interventions=tuple(_intervention(item) for item in arms.parts("interventions")),
        status=_status(status.text("overallStatus")),
        phase="|".join(design.texts("phases")) or None,
        study_type=design.text("studyType"),
        sponsor=sponsors.part("leadSponsor").text("name"),
        collaborators=tuple(name for item in sponsors.parts("collaborators") if (name := item.text("name"))),
        sites=tuple(dict.fromkeys(name for item in places.parts("locations") if (name := item.text("facility")))),
        countries=tuple(dict.fromkeys(name for item in places.parts("locations") if (name := item.text("country")))),
        start=status.part("startDateStruct").text("date"),
        completion=status.part("completionDateStruct").text("date"),
        results=bool(_Part(study).value("hasResults")),
        fee=speaks_of_fee(_prose(part)),
        regulated=_regulated(part.part("oversightModule")),
        aliases=ident.texts("nctIdAliases"),
    )


class _Part:
    """A JSON object read without surprises: what is absent or of another type is empty."""

    def __init__(self, data: Any) -> None:
        self._data: dict[str, Any] = data if isinstance(data, dict) else {}

    def value(self, key: str) -> Any:
        return self._data.get(key)

    def part(self, key: str) -> _Part:
        return _Part(self._data.get(key))

    def parts(self, key: str) -> list[_Part]:
        found = self._data.get(key)
        return [_Part(item) for item in found] if isinstance(found, list) else []

    def text(self, key: str) -> str | None:
        found = self._data.get(key)
        return found.strip() or None if isinstance(found, str) else None

    def texts(self, key: str) -> tuple[str, ...]:
        found = self._data.get(key)
        return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()


def _status(word: str | None) -> str | None:
    """Return a status word of the registry; a new word would be neither open nor closed to us."""
    return word if word in STATUSES else None


def _intervention(item: _Part) -> str:
    """Return "Biological: umbilical cord cells (UC-MSC)"."""
    others = ", ".join(item.texts("otherNames"))
    named = f"{(item.text('type') or 'Other').replace('_', ' ').capitalize()}: {item.text('name') or 'not named'}"
    return f"{named} ({others})" if others else named


def _prose(part: _Part) -> str:
    ident, description = part.part("identificationModule"), part.part("descriptionModule")
    texts = [ident.text("briefTitle"), ident.text("officialTitle"), description.text("briefSummary")]
    texts += [description.text("detailedDescription"), part.part("eligibilityModule").text("eligibilityCriteria")]
    return ". ".join(text for text in texts if text)


def _regulated(oversight: _Part) -> bool | None:
    given = [oversight.value("isFdaRegulatedDrug"), oversight.value("isFdaRegulatedDevice")]
    return True if True in given else False if False in given else None
