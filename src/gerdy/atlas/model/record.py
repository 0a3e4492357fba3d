"""What every record is made of: grades, sourced numbers, entries."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Grade(StrEnum):
    """How good the evidence behind a number is."""

    A = "A"  # trial or meta-analysis
    B = "B"  # cohort or accuracy study
    C = "C"  # small or specialist study
    D = "D"  # expert text or article
    E = "E"  # assumed


class Concern(StrEnum):
    """How soon somebody must look."""

    NONE = "none"
    ROUTINE = "routine"  # book an ordinary appointment
    URGENT = "urgent"  # within days, two weeks at most
    EMERGENCY = "emergency"  # today

    @property
    def rank(self) -> int:
        """Order of severity, 0 (none) to 3 (emergency)."""
        return list(Concern).index(self)


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every record: immutable, strict about its fields."""


class Basis(Record, frozen=True, kw_only=True):
    """Where a number comes from.

    ``source`` is a citation id, or starts with ``derived:`` or ``assumed:`` and says how or why.
    """

    grade: Grade
    source: str
    n: int | None = None  # people or studies behind it
    unverified: bool = False  # remembered, not seen in the source: shown as such wherever the number is


class Number(Basis, frozen=True, kw_only=True):
    """One sourced number; ``low`` and ``high`` are the published 95 % interval where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


class Constant(Number, frozen=True, kw_only=True):
    """A number the method itself rests on."""

    id: str
    meaning: str


class Entry(Record, frozen=True, kw_only=True):
    """What every atlas entry has."""

    id: str
    name: str
    clinical: str
    synonyms: list[str] = []
    about: str = ""
    codes: dict[str, str] = {}  # ontology -> code, e.g. {icd10: M76.3, uberon: "0001636"}
