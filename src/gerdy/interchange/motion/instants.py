"""Which moments of a movement are worth a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gerdy.interchange.motion.spans import Span
from gerdy.interchange.motion.trial import GAITS, SIDES, Floats, Trial, side_of


@dataclass(frozen=True)
class Instant:
    """One moment: frame ``index``, ``time`` s, the leg it is about, and what happens."""

    index: int
    time: float
    side: str
    title: str


def instants(trial: Trial) -> list[Instant]:
    """Return contact, most load and toe-off of each foot; begin and deepest point of an exercise."""
    stances = (
        [one for side in SIDES for one in _stance(trial, side)]
        if trial.movement in (*GAITS, "landing")
        else []
    )
    return stances or _exercise(trial)


def _inside(trial: Trial, found: list[Span]) -> list[Span]:
    begin, end = trial.time[0] - 1e-6, trial.time[-1] + 1e-6
    return sorted(
        (span for span in found if begin <= span.start < span.end <= end), key=lambda span: span.start
    )


def _stance(trial: Trial, side: str) -> list[Instant]:
    phases = trial.events.phases if trial.events is not None else ()
    mine = [phase for phase in phases if side in side_of(phase.side) and phase.begun and phase.finished]
    found = _inside(trial, [Span(float(phase.start), float(phase.toe_off)) for phase in mine])
    if not found:
        return []
    force = trial.series("band_force", side=side)
    whole = [
        span for span in found if force is None or np.isfinite(_within(trial, span, force)).all()
    ] or found
    span = whole[len(whole) // 2]
    middle, title = (span.start + span.end) / 2, "Middle of the stance"
    if force is not None and np.isfinite(_within(trial, span, force)).any():
        middle, title = _time_of_highest(trial, span, force), "Hardest pull on the band"
    return [
        _at(trial, span.start, side, "Foot meets the ground"),
        _at(trial, middle, side, title),
        _at(trial, span.end, side, "Foot leaves the ground"),
    ]


def _exercise(trial: Trial) -> list[Instant]:
    repeats = list(trial.events.repeats or trial.events.held) if trial.events is not None else []
    if not repeats:
        whole = Span(float(trial.time[0]), float(trial.time[-1]))
        return _repeat(trial, whole, max(SIDES, key=lambda one: _deepest(trial, whole, one)[0]), found=False)
    shown: list[Instant] = []
    for sides in dict.fromkeys(side_of(one.side) for one in repeats):
        mine = [Span(float(one.start), float(one.end)) for one in repeats if side_of(one.side) == sides]
        found = _inside(trial, mine)
        if found:
            span = found[len(found) // 2]
            shown += _repeat(
                trial, span, max(sides, key=lambda one: _deepest(trial, span, one)[0]), found=True
            )
    return shown


def _repeat(trial: Trial, span: Span, side: str, *, found: bool) -> list[Instant]:
    depth, when = _deepest(trial, span, side)
    shown = [_at(trial, span.start, side, "Begin")]
    if np.isfinite(depth):
        shown.append(_at(trial, when, side, "Deepest point" if found else "Knee bent most"))
    force = trial.series("band_force", side=side)
    if force is not None and np.isfinite(_within(trial, span, force)).any():
        hardest = _at(trial, _time_of_highest(trial, span, force), side, "Hardest pull on the band")
        if all(abs(hardest.index - one.index) > 2 for one in shown):
            shown.append(hardest)
    return sorted(shown, key=lambda one: one.time)


def _deepest(trial: Trial, span: Span, side: str) -> tuple[float, float]:
    knee = trial.knee_flexion(side)
    if knee is None or not np.isfinite(_within(trial, span, knee)).any():
        return -np.inf, span.start
    when = _time_of_highest(trial, span, knee)
    return float(np.nanmax(_within(trial, span, knee))), when


def _mask(trial: Trial, span: Span) -> NDArray[np.bool_]:
    return np.asarray((trial.time >= span.start - 1e-9) & (trial.time <= span.end + 1e-9))


def _within(trial: Trial, span: Span, values: Floats) -> Floats:
    return values[_mask(trial, span)]


def _time_of_highest(trial: Trial, span: Span, values: Floats) -> float:
    mask = _mask(trial, span)
    return float(trial.time[mask][int(np.nanargmax(values[mask]))])


def _at(trial: Trial, when: float, side: str, title: str) -> Instant:
    index = int(np.argmin(np.abs(trial.time - when)))
    return Instant(index, float(trial.time[index]), side, title)
