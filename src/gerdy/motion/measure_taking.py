"""Take measures from a recorded body: over which part of the movement, which number of the curve, with which error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gerdy.motion.contacts import SIDES, Side
from gerdy.motion.events import HELD, Events, Phase
from gerdy.motion.measure_definitions import Definition, Taken, definitions
from gerdy.motion.measure_records import Measure, Skipped, Source, Which
from gerdy.motion.measure_signals import SIGNALS, TRAVELS, Body, shown
from gerdy.motion.recording import Array

Z95 = 1.959963984540054  # two-sided 95 % of a normal distribution
USABLE = 0.8  # share of a window's frames that must have a value (assumed, E)
EARLY = 0.7  # share of stance before push-off (assumed, E)
FLAT = 0.6  # share of stance in which the heel is down (assumed, E)
SEEN = 0.3  # s of a stance cut by the recording's ends that must be seen for it to count (assumed, E)


class _Window(NamedTuple):
    """A part of the trial over which a measure is taken once."""

    side: Side
    start: float
    end: float
    deepest: float | None = None
    phase: Phase | None = None
    following: Phase | None = None
    others: tuple[Phase, ...] = ()


class _Value(NamedTuple):
    value: float
    systematic: float = 0.0
    random: float = 0.0


class _Unusable(Exception):  # noqa: N818 (not an error: a reason to leave a measure out)
    """Why a value cannot be taken."""


def take(events: Events, body: Body, source: Source) -> tuple[tuple[Measure, ...], tuple[Skipped, ...]]:
    """Return every measure that the movement asks for, and those that could not be taken, with reasons."""
    found: list[Measure] = []
    left_out: list[Skipped] = []
    for definition in definitions().values():
        taken = definition.taken.get(events.kind)
        if taken is None:
            continue
        windows = list(_windows(events, taken))
        sides: tuple[Which, ...] = SIDES if definition.sided else ("both",)
        for side in sides:
            own = [window for window in windows if side in ("both", window.side)]
            measures, reasons = _of_side(definition, taken, side, own, body, source)
            found += measures
            left_out += [Skipped(definition.id, side, reason) for reason in reasons]
    return tuple(found), tuple(left_out)


def _of_side(
    definition: Definition, taken: Taken, side: Which, windows: list[_Window], body: Body, source: Source
) -> tuple[list[Measure], list[str]]:
    one: Side = "l" if side == "l" else "r"
    which = next((place for place, names in enumerate(definition.needs) if body.has(names, one)), None)
    if which is None:
        return [], [
            "needs " + ", or ".join(" and ".join(body.lacks(names, one)) for names in definition.needs)
        ]
    if not windows:
        return [], [f"the recording holds no whole {taken.over}"]
    found: list[Measure] = []
    reasons: dict[str, None] = {}
    for index, window in enumerate(windows):
        try:
            value = _value(definition, which, taken, window, body)
        except _Unusable as reason:
            reasons[str(reason)] = None
            continue
        systematic = math.hypot(getattr(definition.error, source), value.systematic)
        error = Z95 * math.hypot(systematic, value.random)
        found.append(
            Measure(definition.id, side, index, window.start, window.end, value.value, error, value.random)
        )
    return found, list(reasons)


def _windows(events: Events, taken: Taken) -> Iterator[_Window]:
    if taken.over == "repeat":
        for repeat in events.repeats:
            for side in SIDES if repeat.side is None else (repeat.side,):
                yield _Window(side, repeat.start, repeat.end, repeat.deepest)
    elif taken.over == "held":
        for held in events.held:
            if held.end - held.start >= HELD:
                yield _Window(held.side, held.start, held.end)
    elif taken.over == "step":
        for one, two in pairwise(events.phases):
            if one.begun and two.begun and one.side != two.side:
                around = tuple(phase for phase in events.phases if phase not in (one, two))
                yield _Window(one.side, one.start, two.start, phase=one, following=two, others=around)
    else:
        yield from _stances(events, taken)


def _stances(events: Events, taken: Taken) -> Iterator[_Window]:
    for phase in events.phases:
        if taken.over == "stride" and phase.whole and phase.end is not None:
            yield _Window(phase.side, phase.start, phase.end, phase=phase)
        elif taken.over == "landing" and phase.begun:
            if phase.finished or taken.take == "contact" or phase.toe_off - phase.start >= SEEN:
                yield _Window(phase.side, phase.start, phase.toe_off, phase=phase)
        elif taken.over == "stance" and phase.whole:
            yield _Window(phase.side, phase.start, phase.toe_off, phase=phase)


def _value(definition: Definition, which: int, taken: Taken, window: _Window, body: Body) -> _Value:
    timed = _TIMED.get(taken.take)
    if timed is not None:
        return timed(window)
    if taken.take == "width":
        width = _width(window, body) / (body.leg if definition.id == "step_width_share" else 1.0)
        if not math.isfinite(width):
            raise _Unusable("the places of hips, legs or feet have gaps")
        return _Value(width)
    first, last = np.searchsorted(body.time, [window.start, window.end])
    frames = slice(max(int(first) - 1, 0), min(int(last) + 1, len(body.time)))
    clock = body.time[frames]
    curve = SIGNALS[definition.id][which](body, window.side, frames)
    if np.isfinite(curve).mean() < USABLE and taken.take != "deepest":
        raise _Unusable("the angle cannot be seen, or the joint was held fixed, for most of the window")
    deepest = window.deepest
    if taken.take == "deepest" and deepest is None:
        deepest = _deepest(body, window, frames)
    value = _read(taken, clock, curve, window, deepest)
    if not math.isfinite(value):
        raise _Unusable("the angle cannot be seen, or the joint was held fixed, where it is taken")
    if definition.id == "knee_valgus_projected":
        # A limb that points at the viewer shows short, and any fault of its ends turns it by more.
        clear = _read(taken, clock, shown(body, window.side, frames), window, deepest)
        return _Value(value, systematic=definition.error.markers * math.sqrt(max(1.0 / clear**2 - 1.0, 0.0)))
    return _Value(value)


def _read(taken: Taken, clock: Array, curve: Array, window: _Window, deepest: float | None) -> float:
    """Return one number from a curve over a window, its ends interpolated."""
    span = window.end - window.start
    ends = {
        "early_peak": (window.start, window.start + EARLY * span),
        "middle": (window.start + span / 4.0, window.end - span / 4.0),
        "middle_range": (window.start + span / 4.0, window.end - span / 4.0),
    }
    start, end = ends.get(taken.take, (window.start, window.end))
    seen = np.isfinite(curve)
    inside = seen & (clock > start) & (clock < end)
    times = np.concatenate(([start], clock[inside], [end]))
    values = np.interp(times, clock[seen], curve[seen]) if seen.any() else np.full(len(times), np.nan)
    if taken.take in ("peak", "early_peak"):
        return float(values.max())
    if taken.take in ("range", "middle_range"):
        return float(np.ptp(values))
    if taken.take in ("mean", "middle"):
        return float(np.trapezoid(values, times) / (end - start))
    place = {"contact": window.start, "centre": 0.5 * (window.start + window.end), "deepest": deepest}[
        taken.take
    ]
    return float(np.interp(place, clock, curve)) if place is not None else math.nan


def _deepest(body: Body, window: _Window, frames: slice) -> float | None:
    """Return when the knee is most bent, where it can be told."""
    name = f"knee_angle_{window.side}"
    if name in body.angles:
        return float(body.time[frames][int(np.argmax(body.angles[name][frames]))])
    if body.has(("hip_s", "knee_s", "ankle_s"), window.side):
        bent = SIGNALS["knee_flexion"][1](body, window.side, frames)
        return float(body.time[frames][int(np.nanargmax(bent))])
    return None


def _duration(window: _Window) -> _Value:
    timing = window.phase.timing if window.phase is not None else 0.0
    return _Value(window.end - window.start, systematic=math.sqrt(2.0) * timing)


def _share(window: _Window) -> _Value:
    if window.phase is None:
        raise _Unusable("no stance")
    stride = window.end - window.start
    share = (window.phase.toe_off - window.phase.start) / stride
    return _Value(share, systematic=math.sqrt(2.0) * window.phase.timing / stride)


def _rate(window: _Window) -> _Value:
    if window.phase is None or window.following is None:
        raise _Unusable("no step")
    step = window.end - window.start
    timing = math.hypot(window.phase.timing, window.following.timing)
    # A contact found early or late by the same time every step leaves the rate as it is.
    return _Value(60.0 / step, random=60.0 / step**2 * timing)


_TIMED: Mapping[str, Callable[[_Window], _Value]] = {"duration": _duration, "share": _share, "rate": _rate}


def _width(window: _Window, body: Body) -> float:
    """Return how far the right foot is to the right of the left, square to the line that one foot walks along."""
    one, two = window.phase, window.following
    if one is None or two is None:
        raise _Unusable("no step")
    here, there = _place(one, body), _place(two, body)
    if here is None or there is None:
        raise _Unusable("the recording stops as the foot lands")
    later = [
        place
        for place in map(_placing(body, one.side, one.start, math.inf), window.others)
        if place is not None
    ]
    sooner = [
        place
        for place in map(_placing(body, two.side, -math.inf, two.start), window.others)
        if place is not None
    ]
    lines = [place - here for place in later[:1]] + [there - place for place in sooner[-1:]]
    lines = [line for line in lines if np.linalg.norm(line) > TRAVELS]
    right, facing = body.path, body.right(slice(None))
    if not np.isfinite(facing).all():
        raise _Unusable("the places of the hips have gaps")
    if lines:
        ahead = np.mean(lines, axis=0)
        right = np.array([-ahead[2], 0.0, ahead[0]]) / np.hypot(ahead[0], ahead[2])
        right = right if right @ facing > 0.0 else -right
    apart = there - here if two.side == "r" else here - there
    return float(apart @ right)


def _placing(body: Body, side: Side, after: float, before: float) -> Callable[[Phase], Array | None]:
    def place(phase: Phase) -> Array | None:
        return _place(phase, body) if phase.side == side and after < phase.start < before else None

    return place


def _place(phase: Phase, body: Body) -> Array | None:
    """Return where the heel, or the ankle, stands (3,) while the foot is flat; None where that was not recorded."""
    name = next(
        name for name in ("heel", "ankle") if f"{name}_r" in body.points and f"{name}_l" in body.points
    )
    if not phase.begun and phase.toe_off - phase.start < SEEN:
        return None
    flat = phase.start + FLAT * (phase.toe_off - phase.start)
    during = (body.time >= phase.start) & (body.time <= flat)
    if not during.any():
        return None
    place: Array = np.median(body.points[f"{name}_{phase.side}"][during], axis=0) * np.array([1.0, 0.0, 1.0])
    return place
