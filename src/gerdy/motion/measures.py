"""Movement measures, per step or repeat and summarised, right against left, each with an error.

One implementation for markers and camera: joint angles by their canonical names, places of joints by name, events.
What each measure means is in ``data/measures.yaml``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from gerdy.motion.contacts import SIDES
from gerdy.motion.events import Events
from gerdy.motion.measure_definitions import Definition, definitions
from gerdy.motion.measure_records import Answer, Measure, Skipped, Source, Summary
from gerdy.motion.measure_signals import Body
from gerdy.motion.measure_taking import Z95, take
from gerdy.motion.recording import Array

__all__ = ["Answer", "Measure", "Skipped", "Summary", "answers", "measure", "skipped", "summarise", "table"]

PRIOR = 4  # steps that the usual spread counts for against the spread seen (assumed, E)


def measure(
    events: Events,
    angles: Mapping[str, Array],
    points: Mapping[str, Array],
    time: Array,
    *,
    source: Source = "markers",
) -> tuple[Measure, ...]:
    """Return every measure that the movement shows and the inputs allow, step by step.

    Parameters
    ----------
    events : from ``events.find``.
    angles : joint angles by canonical name, (t,) rad (pelvis translations m); may be empty.
    points : places of joints by name, (t, 3) m, Y up: ``hip_r knee_r ankle_r heel_r toe_r shoulder_r``, the same with
        ``_l``, and where known ``trunk`` (middle of the shoulders), ``knee_lateral_r``, ``knee_medial_r``.
    time : (t,) s.
    source : whose errors apply.

    Raises
    ------
    InputError
        If an array does not fit the time.
    """
    return take(events, Body(np.asarray(time, dtype=np.float64), points, angles), source)[0]


def skipped(
    events: Events,
    angles: Mapping[str, Array],
    points: Mapping[str, Array],
    time: Array,
) -> tuple[Skipped, ...]:
    """Return the measures that this kind of movement asks for but that could not be taken, each with its reason."""
    return take(events, Body(np.asarray(time, dtype=np.float64), points, angles), "markers")[1]


def summarise(measures: Iterable[Measure]) -> tuple[Summary, ...]:
    """Return one row for each measure and side: mean, spread, error, and the difference to the other side.

    The error joins what repeats in every step with Student's interval for the mean, in which the usual spread from step
    to step counts like four more steps.
    """
    groups: dict[tuple[str, str], list[Measure]] = {}
    for each in measures:
        groups.setdefault((each.id, each.side), []).append(each)
    alone = {key: _summary(definitions()[key[0]], group) for key, group in groups.items()}
    order = {name: place for place, name in enumerate(definitions())}
    rows = []
    for (name, side), row in sorted(alone.items(), key=lambda item: (order[item[0][0]], item[0][1] == "l")):
        other = alone.get((name, "l" if side == "r" else "r")) if side != "both" else None
        rows.append(row if other is None else _against(row, other, ratio=definitions()[name].ratio))
    return tuple(rows)


def answers(summaries: Iterable[Summary], events: Events) -> tuple[Answer, ...]:
    """Return what the measures say to findings of the atlas that ask about this kind of movement."""
    found = []
    for row in summaries:
        for asked in definitions()[row.id].findings:
            if events.kind in asked.movements:
                side = {"r": "right", "l": "left"}.get(row.side, "both")
                found.append(Answer(asked.id, side, row.mean, row.error, row.n))  # type: ignore[arg-type] # three words
    return tuple(found)


def table(summaries: Sequence[Summary]) -> tuple[tuple[str, ...], ...]:
    """Return rows of text to print: measure, unit, right, left, difference, steps; the first row is the heading.

    A measure that is not sided stands under both.
    """
    rows: dict[str, dict[str, Summary]] = {}
    for row in summaries:
        rows.setdefault(row.id, {})[row.side] = row
    lines: list[tuple[str, ...]] = [("Measure", "Unit", "Right", "Left", "Right minus left", "Steps")]
    for name, sides in rows.items():
        definition = definitions()[name]
        digits = {"deg": 1, "1/min": 0}.get(definition.unit, 3)
        cells = [_cell(sides.get("both", sides.get(side)), digits) for side in SIDES]
        right = sides.get("r")
        apart = ""
        if right is not None and right.difference is not None:
            apart = f"{right.difference:+.{digits}f} ± {right.difference_error:.{digits}f}"
        steps = "/".join(str(sides[side].n) for side in (*SIDES, "both") if side in sides)
        lines.append((definition.name, definition.unit, *cells, apart, steps))
    return tuple(lines)


def _cell(row: Summary | None, digits: int) -> str:
    return "" if row is None else f"{row.mean:.{digits}f} ± {row.error:.{digits}f}"


def _summary(definition: Definition, group: Sequence[Measure]) -> Summary:
    values = np.array([each.value for each in group])
    count = len(values)
    sd = float(values.std(ddof=1)) if count > 1 else None
    random = math.sqrt(float(np.mean([each.random**2 for each in group])))
    usual = math.hypot(definition.error.spread, random)
    freedom = PRIOR + count - 1
    spread = math.sqrt((PRIOR * usual**2 + (count - 1) * (sd or 0.0) ** 2) / freedom)
    systematic = math.sqrt(
        float(np.mean([max((each.error / Z95) ** 2 - each.random**2, 0.0) for each in group]))
    )
    error = math.hypot(student(freedom) * spread / math.sqrt(count), Z95 * systematic)
    side = group[0].side
    return Summary(
        definition.id, side, count, float(values.mean()), sd, error, float(values.min()), float(values.max())
    )


def _against(row: Summary, other: Summary, *, ratio: bool) -> Summary:
    difference = row.mean - other.mean
    middle = 0.5 * (abs(row.mean) + abs(other.mean))
    return replace(
        row,
        difference=difference,
        difference_error=math.hypot(row.error, other.error),
        asymmetry=difference / middle if ratio and middle > 0.0 else None,
    )


def student(freedom: int) -> float:
    """Return the two-sided 95 % of Student's t for 4 or more degrees of freedom, to 0.3 % (Cornish-Fisher series)."""
    z = Z95
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    return z + first / freedom + second / freedom**2 + third / freedom**3
