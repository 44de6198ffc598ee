"""The shape of every row of the tables: pydantic models that refuse what must not reach a reader."""

from __future__ import annotations

import calendar
import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from checker.knowledge import persons
from checker.values import Label, Source

_DOMAIN = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+")


def _no_person(text: str) -> str:
    if (found := persons.named_in(text)) is not None:
        raise ValueError(f"names a person ({found}); write of the firm, the agency or the court instead")
    return text


def _firm(name: str) -> str:
    if not persons.is_firm(name):
        raise ValueError(f"{name!r} does not read as a firm's name; leave persons and case captions out")
    return name


def _lower(text: str) -> str:
    if text != text.lower() or text != text.strip():
        raise ValueError(f"{text!r} must be lower case without spaces around it")
    return text


def _domain(name: str) -> str:
    if not _DOMAIN.fullmatch(name) or name.startswith("www."):
        raise ValueError(f"{name!r} must be a bare registered domain such as clinic.example")
    return name


def _web(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*", url):
        raise ValueError(f"{url!r} must be an address that begins with http:// or https://")
    return url


def _past(text: str, info: ValidationInfo) -> str:
    """Check a day, month or year against the table's own date."""
    if not re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", text):
        raise ValueError(f"{text!r} must be a date such as 2024, 2024-06 or 2024-06-05")
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        raise ValueError(f"{text!r} is no day of the calendar")
    if isinstance(info.context, date) and date(year, month, day) > info.context:
        raise ValueError(f"{text!r} is after the table's own date {info.context}; correct one of the two")
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_no_person)]
Firm = Annotated[str, Field(min_length=1), AfterValidator(_firm)]
Lower = Annotated[str, Field(min_length=3), AfterValidator(_lower)]
Domain = Annotated[str, AfterValidator(_domain)]
Address = Annotated[str, AfterValidator(_web)]
Past = Annotated[str, AfterValidator(_past)]


class Strict(BaseModel):
    """A frozen model that takes no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Header(Strict):
    """The first line of a table: its name, the day it was read together, what it holds and leaves out."""

    table: str
    as_of: date
    title: Text
    description: Text


class Cite(Strict):
    """Where a row stands; ``date`` is that of the document, or of our reading."""

    title: Text
    url: Address
    date: Past

    def as_source(self) -> Source:
        """Return the value that findings and notes carry."""
        return Source(title=self.title, url=self.url, date=self.date)


class Row(Strict):
    """What all rows have: a source, or the mark that there is none; the fields that are not confirmed."""

    source: Cite | None
    more: tuple[Cite, ...] = ()
    confirmed: bool = True
    unconfirmed: tuple[str, ...] = ()
    note: Text | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source of the row as a value, the main one first."""
        return tuple(cite.as_source() for cite in (self.source, *self.more) if cite is not None)

    @model_validator(mode="after")
    def _marked(self) -> Self:
        if self.source is None and self.confirmed:
            raise ValueError("has no source; give one, or mark the row with confirmed: false")
        unknown = sorted(set(self.unconfirmed) - set(type(self).model_fields))
        if unknown:
            raise ValueError(f"marks {', '.join(unknown)} as unconfirmed, which is no field of the table")
        return self


class Product(Row):
    """A licensed cell, tissue or gene product: what it may be used for, and by which words pages speak of it.

    ``names`` name this product only, ``kinds`` its kind; ``uses`` are words of its own indication.
    ``in_force`` is None where nobody looked whether the licence still stands.
    """

    brand: Text
    proper_name: Text
    sponsor: Text
    kind: Text
    indication: Text
    year: int | None
    stem_cell: bool
    covers_neuropathy: bool
    in_force: bool | None
    names: Annotated[tuple[Lower, ...], Field(min_length=1)]
    kinds: tuple[Lower, ...]
    uses: Annotated[tuple[Lower, ...], Field(min_length=1)]


class Medicine(Row):
    """An ordinary medicine, patch or device that a regulator approved for a nerve disease."""

    name: Text
    kind: Text
    indication: Text
    names: Annotated[tuple[Lower, ...], Field(min_length=1)]
    uses: Annotated[tuple[Lower, ...], Field(min_length=1)]
    year: int | None = None
    in_force: bool | None = None


class Stage(StrEnum):
    """How far an official action had come."""

    LETTER = "letter"
    COMPLAINT = "complaint"
    SETTLEMENT = "settlement_no_admission"
    JUDGMENT = "judgment"
    REVERSED = "reversed"
    OTHER = "other"


class Action(Row):
    """An official action: who, with what instrument, when, about what, and how it ended where that is known.

    ``domain`` stands only where the source names it; ``source_is_agency`` only for the agency's or court's own
    document or a full reprint. ``said`` is what the document says where we read it.
    """

    date: Past
    agency: Text
    instrument: Text
    stage: Stage
    firms: tuple[Firm, ...]
    domain: Domain | None
    domain_unconfirmed: Domain | None
    product: Text
    conditions: tuple[Text, ...]
    neuropathy: bool
    about_cells: bool
    source_is_agency: bool
    said: Text | None = None
    outcome: Text | None = None

    @property
    def may_be_shown(self) -> bool:
        """Say whether the row may stand beside a site: the agency's own paper, about cells, its domain certain."""
        certain = self.confirmed and "domain" not in self.unconfirmed
        return self.source_is_agency and self.about_cells and self.domain is not None and certain


class Sign(Row):
    """A warning sign that agencies or researchers name, and the labels it explains."""

    id: Annotated[str, Field(pattern=r"^R\d\d$")]
    sign: Text
    named_by: Text
    wording: Text
    figure: Text | None
    labels: tuple[Label, ...]


class Law(Row):
    """A rule, a case or a guidance: what it says, where and since when.

    ``in_advertising`` says of a state's notice whether it must stand in advertisements and so on web pages;
    None where that is not confirmed.
    """

    id: Lower
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    kind: Annotated[str, Field(pattern=r"^(?:regulation|statute|guidance|case|bill)$")]
    citation: Text
    title: Text
    says: Text
    effective: Past | None
    status: Text
    notice: Text | None = None
    in_advertising: bool | None = False


class Step(Row):
    """One meaning that "FDA ..." can have: what it proves and what it does not."""

    id: Lower
    name: Text
    wording: Annotated[tuple[Text, ...], Field(min_length=1)]
    proves: Text
    does_not_prove: Text
    regulation: Text


class Rate(Row):
    """How many websites of a published sample said something; ``rules`` of ours look for the same kind of statement.

    ``difference`` tells in what our count differs from theirs.
    """

    id: Lower
    measure: Text
    count: int
    of: Annotated[int, Field(gt=0)]
    sample: Text
    rules: tuple[str, ...]
    difference: Text

    @model_validator(mode="after")
    def _a_share(self) -> Self:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"counts {self.count} of {self.of}, which is no share")
        return self


class Known(Row):
    """What is known, in easy words for patients; ``labels`` are those that it explains, ``topic`` groups the others."""

    id: Lower
    topic: Annotated[str, Field(pattern=r"^(?:mark|condition|cells|research|law)$")]
    labels: tuple[Label, ...]
    text: Text


class ReportingPlace(Row):
    """An agency that takes reports: what it takes, its address and its telephone number where we know them."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    where: Annotated[str, Field(pattern=r"^(?:us|abroad)$")]
    name: Text
    text: Text
    address: Address | None
    phone: Text | None
