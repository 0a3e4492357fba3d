"""What each movement measure means, read from ``data/measures.yaml``: definition, needs, error, published values."""

from __future__ import annotations

from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

import msgspec
import yaml

from gerdy.motion.events import Kind

Over = Literal["stance", "stride", "step", "landing", "held", "repeat"]
Take = Literal[
    "peak", "early_peak", "contact", "centre", "middle", "middle_range", "deepest", "mean", "range",
    "duration", "share", "rate", "width",
]  # fmt: skip
Grade = Literal["A", "B", "C", "D", "E"]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all records here: immutable, and a misspelt field is an error."""


class Taken(Record, frozen=True, kw_only=True):
    """Over which part of a movement, and how, a value is taken."""

    over: Over
    take: Take


class Error(Record, frozen=True, kw_only=True):
    """Standard deviations, in the measure's unit.

    Attributes
    ----------
    markers, camera : what repeats in every step of a recording made so.
    spread : what is usual from step to step.
    """

    markers: float
    camera: float
    spread: float
    grade: Grade
    source: str


class Norm(Record, frozen=True, kw_only=True):
    """A published value: who, in which movement."""

    movement: Kind
    who: str
    mean: float
    source: str
    grade: Grade
    sd: float | None = None
    n: int | None = None


class Asked(Record, frozen=True, kw_only=True):
    """A finding of the atlas that the measure answers, in the same unit and sign, when seen in these movements."""

    id: str
    movements: tuple[Kind, ...]


class Definition(Record, frozen=True, kw_only=True):
    """One movement measure.

    Attributes
    ----------
    positive : which way is positive.
    needs : alternatives, best first: names of points and angles; ``_s`` is the side measured, ``_o`` the other.
    sided : whether right and left each have their own.
    ratio : whether zero means none, so that a difference in per cent has a meaning.
    """

    id: str
    name: str
    clinical: str
    unit: str
    positive: str
    definition: str
    taken: dict[Kind, Taken]
    needs: tuple[tuple[str, ...], ...]
    error: Error
    norms: tuple[Norm, ...] = ()
    findings: tuple[Asked, ...] = ()
    sided: bool = True
    ratio: bool = False


class _File(Record, frozen=True, kw_only=True):
    citations: tuple[dict[str, Any], ...]
    measures: tuple[Definition, ...]


@cache
def _file() -> _File:
    text = (resources.files("gerdy.motion") / "data" / "measures.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return msgspec.convert(yaml.load(text, Loader=loader), _File)  # noqa: S506 (one of the safe loaders)


@cache
def definitions() -> MappingProxyType[str, Definition]:
    """Return every measure by id, in file order."""
    return MappingProxyType({each.id: each for each in _file().measures})


def citations() -> tuple[dict[str, Any], ...]:
    """Return the sources cited here that the atlas does not have, as CSL."""
    return _file().citations
