"""Movement measures in words: right against left, each with its error, published values, and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import numpy as np
import yaml

from gerdy.interchange.motion.axes import number
from gerdy.interchange.motion.published import published
from gerdy.interchange.motion.trial import SIDES, Trial
from gerdy.interchange.motion.words import SIDE
from gerdy.interchange.wording import capital, spaced
from gerdy.motion.measure_definitions import Definition, Norm, citations, definitions

# How a unit is shown: its name, the factor to it, decimals.
_SHOWN = {
    "deg": ("deg", 1.0, 1),
    "m": ("cm", 100.0, 1),
    "s": ("s", 1.0, 2),
    "1": ("%", 100.0, 0),
    "1/min": ("", 1.0, 0),
}


@dataclass(frozen=True)
class Cell:
    """A value with its error, and its spread over steps or repeats."""

    value: str
    spread: str = ""


@dataclass(frozen=True)
class MeasureRow:
    """One measure: its values in words, what is published, and what it means."""

    name: str
    clinical: str
    unit: str
    right: Cell
    left: Cell
    both: Cell | None
    difference: str
    norms: tuple[str, ...]
    means: str


@dataclass(frozen=True)
class _Value:
    """One measure of one leg: mean over ``n``, spread, and the error (95 %) of the mean."""

    mean: float
    sd: float
    error: float
    n: int
    difference: float = np.nan
    difference_error: float = np.nan


@cache
def meanings() -> dict[str, str]:
    """Return what each measure means in one sentence, read once."""
    text = (resources.files("gerdy.interchange.motion") / "data" / "meanings.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), dict[str, str])


def measure_rows(trial: Trial, given: Iterable[Any] | None) -> list[MeasureRow]:
    """Return summaries as rows, right beside left; single values are summarised where no summary came with them.

    Where none are given, those of the dataset are shown.
    """
    found: dict[str, dict[str, _Value]] = _stored(trial) if given is None else {}
    singles: dict[tuple[str, str], list[float]] = {}
    for one in _flat(given or ()):
        side = SIDE.get(str(one.side), "")
        if hasattr(one, "mean"):
            found.setdefault(str(one.id), {})[side] = _summary(one)
        elif np.isfinite(float(one.value)):
            singles.setdefault((str(one.id), side), []).append(float(one.value))
    for (name, side), values in singles.items():
        sd = float(np.std(values, ddof=1)) if len(values) > 1 else np.nan
        found.setdefault(name, {}).setdefault(side, _Value(float(np.mean(values)), sd, np.nan, len(values)))
    order = {name: place for place, name in enumerate(definitions())}
    return [
        _row(trial, name, found[name]) for name in sorted(found, key=lambda name: order.get(name, len(order)))
    ]


def _stored(trial: Trial) -> dict[str, dict[str, _Value]]:
    """Return the measures that the dataset itself holds; it does not say over how many steps."""
    if "measured" not in trial.data:
        return {}
    table = trial.data["measured"]
    found: dict[str, dict[str, _Value]] = {}
    for name in trial.labels("measure"):
        known = definitions().get(name)
        for side in SIDES if known is None or known.sided else SIDES[:1]:
            one = table.sel(measure=name, side=side)
            mean, sd, error = (float(one.sel(statistic=statistic)) for statistic in ("mean", "sd", "error"))
            if np.isfinite(mean):
                key = SIDE[side] if known is None or known.sided else ""
                found.setdefault(name, {})[key] = _Value(mean, sd, error, 0)
    return found


def _flat(given: Iterable[Any]) -> Iterable[Any]:
    for one in given:
        if isinstance(one, list | tuple) and not hasattr(one, "id"):
            yield from _flat(one)
        else:
            yield one


def _summary(one: Any) -> _Value:
    fields = ("mean", "sd", "error")
    mean, sd, error = (_float(getattr(one, name, None)) for name in fields)
    apart = (_float(getattr(one, name, None)) for name in ("difference", "difference_error"))
    return _Value(mean, sd, error, int(one.n), *apart)


def _float(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def _row(trial: Trial, name: str, values: dict[str, _Value]) -> MeasureRow:
    known = definitions().get(name)
    unit, factor, digits = _SHOWN.get(known.unit, (known.unit, 1.0, 2)) if known else ("", 1.0, 2)
    said = {side: _said(value, factor, digits) for side, value in values.items()}
    return MeasureRow(
        name=known.name if known else capital(spaced(name)),
        clinical=known.clinical if known else "",
        unit=unit,
        right=said.get("Right", Cell("")),
        left=said.get("Left", Cell("")),
        both=said.get(""),
        difference=_apart(values.get("Right"), factor, digits),
        norms=tuple(_norm(norm, unit, factor, digits) for norm in _norms(trial, known)),
        means=meanings().get(name, ""),
    )


def _said(value: _Value, factor: float, digits: int) -> Cell:
    text = number(factor * value.mean, digits)
    if np.isfinite(value.error):
        text += f" ± {number(factor * value.error, digits)}"
    count = f"n {value.n}" if value.n > 1 else ""
    spread = f"SD {number(factor * value.sd, digits)}" if value.n != 1 and np.isfinite(value.sd) else ""
    return Cell(text, ", ".join(filter(None, (spread, count))))


def _apart(right: _Value | None, factor: float, digits: int) -> str:
    if right is None or not np.isfinite(right.difference):
        return ""
    sign = "+" if round(factor * right.difference, digits) > 0 else ""
    error = (
        f" ± {number(factor * right.difference_error, digits)}" if np.isfinite(right.difference_error) else ""
    )
    return f"{sign}{number(factor * right.difference, digits)}{error}"


def _norms(trial: Trial, known: Definition | None) -> tuple[Norm, ...]:
    return tuple(norm for norm in known.norms if norm.movement == trial.movement) if known else ()


def _norm(norm: Norm, unit: str, factor: float, digits: int) -> str:
    spread = f" (SD {number(factor * norm.sd, digits)})" if norm.sd is not None else ""
    value = f"{number(factor * norm.mean, digits)}{spread} {unit}".rstrip()
    return f"{value}: {norm.who}; {_source(norm.source)}, grade {norm.grade}"


def _source(source: str) -> str:
    """Return a source by the name the report uses; else authors and year as the citation has them, else its id."""
    if source in published().references:
        return published().references[source].partition(" (")[0].partition(",")[0]
    for citation in citations():
        if citation["id"] == source and citation.get("author"):
            year = (citation.get("issued", {}).get("date-parts") or [[""]])[0][0]
            return f"{citation['author'][0].get('family', '')} {year}".strip()
    return capital(spaced(re.sub(r"(?<=[a-z])(?=\d{4}$)", " ", source)))
