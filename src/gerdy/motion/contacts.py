"""When each foot is on the ground: from ground forces where there are any, from the motion of heel and toe elsewhere.

Points are named arrays (t, 3) in m, Y up: ``heel_r toe_r ankle_r knee_r hip_r shoulder_r`` and ``_l``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gerdy.errors import InputError
from gerdy.motion.filtering import Mask, runs, smooth
from gerdy.motion.recording import Array

Side = Literal["r", "l"]
SIDES: tuple[Side, Side] = ("r", "l")

TOUCH = (
    20.0  # N; contact lasts while the vertical force is above (published work uses 10 to 50 N; assumed, E)
)
LOADED = 50.0  # N; a touch that never reaches this is not contact (assumed, E)
# Contact from motion: the foot's point on the ground moves slower than this share of the foot's greatest speed in the
# trial, both against the ground (resultant-speed rule after Ghoussayni 2004). Share and error are derived by comparison
# with force plates at 30 N in 7 recordings, walking 1.2 m/s to running 4 m/s and a drop jump, 73 ends of contacts: none
# missed, mean error -23 to +33 ms a recording, root mean square 17 ms. Published rules for walking err by 16 (15) ms at
# contact and 9 (15) ms at toe off (O'Connor 2007), for running by 22 to 25 and 5 ms (Fellin 2010).
SLOW_SHARE = 0.15
TIMING = 0.018  # s
SLOW = 0.25  # m/s; the least limit, for trials without steps (assumed, E)
LOW = 0.05  # m above the lowest of that point in the trial (assumed, E)
STILL = 0.25  # s; a raised foot that rests so long may stand on a box (assumed, E)
SHORTEST = (
    0.06  # s; a shorter contact or gap is taken for noise (assumed, E; fast running has contacts of 0.15 s)
)
FOOT_CUTOFF = (
    20.0  # Hz, or 0.4 of the frame rate (assumed, E; results change by less than 3 ms from 15 to 30 Hz)
)
BEARING = (
    0.8  # share of body weight on known plates above which a foot off the plates carries nothing (assumed, E)
)


@dataclass(frozen=True)
class Contact:
    """One time on the ground of one foot, in s; ``timing`` is the standard error of its ends.

    ``begun`` and ``finished`` are False where the recording starts or stops during the contact.
    """

    side: Side
    start: float
    end: float
    begun: bool
    finished: bool
    source: Literal["force", "motion"]
    timing: float


def from_force(time: Array, vertical: Array, side: Side) -> tuple[Contact, ...]:
    """Return a foot's contacts from the vertical ground force on it (t,) in N, ends interpolated between samples."""
    if np.shape(time) != np.shape(vertical) or np.ndim(vertical) != 1:
        raise InputError(
            f"forces.{side}: vertical force must have one value a time; got {np.shape(vertical)} "
            f"for {np.shape(time)} times."
        )
    if not np.isfinite(vertical).all():
        raise InputError(
            f"forces.{side}: vertical force has missing values; give zero where the plate is unloaded."
        )
    step = float(time[-1] - time[0]) / (len(time) - 1)
    found = []
    for start, stop in runs(vertical > TOUCH):
        if vertical[start:stop].max() < LOADED:
            continue
        begun, finished = start > 0, stop < len(time)
        first = _crossing(time, vertical, start - 1) if begun else float(time[0])
        last = _crossing(time, vertical, stop - 1) if finished else float(time[-1])
        found.append(Contact(side, first, last, begun, finished, "force", step / 12**0.5))
    return _cleaned(found)


def from_points(time: Array, points: Mapping[str, Array]) -> dict[Side, tuple[Contact, ...]]:
    """Return both feet's contacts from the motion of heel and toe, or of the ankle where a foot has neither.

    A foot is down while one of its points is low and slow against the ground (on a treadmill: against the belt), or
    rests raised while the other foot is not down, as on a box.

    Raises
    ------
    InputError
        If a foot has no point at all, or a point has missing values.
    """
    feet = _feet(time, points)
    ground = _ground_speed(feet)
    speeds = {key: np.linalg.norm(speed - ground, axis=1) for key, (_, speed) in feet.items()}
    limit = max(SLOW, SLOW_SHARE * max(float(np.percentile(speed, 98)) for speed in speeds.values()))
    low: dict[Side, Mask] = {}
    still: dict[Side, Mask] = {}
    height: dict[Side, Array] = {}
    rate = (len(time) - 1) / float(time[-1] - time[0])
    for side in SIDES:
        own = [key for key in feet if key.endswith(side)]
        slow = {key: speeds[key] < limit for key in own}
        low[side] = np.any([slow[key] & (feet[key][0] < LOW) for key in own], axis=0)
        still[side] = _lasting(np.all([speeds[key] < SLOW for key in own], axis=0), round(STILL * rate))
        height[side] = np.min([feet[key][0] for key in own], axis=0)
    step, timing = 1.0 / rate, float(np.hypot(TIMING, 1.0 / rate / 12**0.5))
    found: dict[Side, tuple[Contact, ...]] = {}
    for side, other in zip(SIDES, SIDES[::-1], strict=True):
        raised = (
            still[side] & ~low[side] & ~low[other] & (~still[other] | (height[side] < height[other] + LOW))
        )
        found[side] = _cleaned(
            Contact(
                side,
                float(time[start] - step / 2 * (start > 0)),
                float(time[stop - 1] + step / 2 * (stop < len(time))),
                start > 0,
                stop < len(time),
                "motion",
                timing,
            )
            for start, stop in runs(low[side] | raised)
        )
    return found


def merged(
    seen: Iterable[Contact],
    measured: Iterable[Contact],
    bearing: Array | None = None,
    time: Array | None = None,
    weight: float | None = None,
) -> tuple[Contact, ...]:
    """Return measured contacts of one foot, and those only seen, since a plate may not cover every step.

    With body ``weight`` (N) and the total vertical force ``bearing`` (t,) at ``time``, a contact that was only seen is
    dropped where known plates carry most of the weight all through it.
    """
    known = tuple(measured)
    kept = list(known)
    for contact in seen:
        if any(contact.start < other.end and other.start < contact.end for other in known):
            continue
        if bearing is not None and time is not None and weight is not None:
            during = (time >= contact.start) & (time <= contact.end)
            if during.any() and bearing[during].mean() > BEARING * weight:
                continue
        kept.append(contact)
    return tuple(sorted(kept, key=lambda contact: contact.start))


def down(contacts: Iterable[Contact], time: Array) -> Mask:
    """Return whether the foot is on the ground at each time (t,)."""
    result = np.zeros(len(time), dtype=bool)
    for contact in contacts:
        result |= (time >= contact.start) & (time <= contact.end)
    return result


def _feet(time: Array, points: Mapping[str, Array]) -> dict[str, tuple[Array, Array]]:
    """Return height above its lowest (t,) and velocity (t, 3) of every point of the feet, by name."""
    shod = all(any(f"{kind}_{side}" in points for kind in ("heel", "toe")) for side in SIDES)
    kinds = ("heel", "toe") if shod else ("ankle",)
    keys = [f"{kind}_{side}" for kind in kinds for side in SIDES if f"{kind}_{side}" in points]
    missing = [side for side in SIDES if not any(key.endswith(side) for key in keys)]
    if missing:
        raise InputError(
            f"points: a foot needs heel_{missing[0]}, toe_{missing[0]} or ankle_{missing[0]}; none given."
        )
    rate = (len(time) - 1) / float(time[-1] - time[0])
    stacked = np.hstack([np.asarray(points[key], dtype=np.float64) for key in keys])
    names = [f"{key} {axis}" for key in keys for axis in "xyz"]
    moved = smooth(time, stacked, min(FOOT_CUTOFF, 0.4 * rate), names=names)
    place = {key: moved.value[:, 3 * index : 3 * index + 3] for index, key in enumerate(keys)}
    speed = {key: moved.speed[:, 3 * index : 3 * index + 3] for index, key in enumerate(keys)}
    floors = {
        kind: np.percentile(np.concatenate([place[key][:, 1] for key in keys if key.startswith(kind)]), 2)
        for kind in kinds
    }
    return {key: (place[key][:, 1] - floors[key[:-2]], speed[key]) for key in keys}


def _ground_speed(feet: Mapping[str, tuple[Array, Array]]) -> Array:
    """Return the velocity (3,) of the ground: that of the low points that neither rise nor fall."""
    low = [speed[(height < LOW / 2) & (np.abs(speed[:, 1]) < SLOW)] for height, speed in feet.values()]
    gathered = np.vstack(low)
    if not len(gathered):
        return np.zeros(3)
    typical: Array = np.median(gathered, axis=0)
    typical[1] = 0.0
    return typical


def _lasting(mask: Mask, least: int) -> Mask:
    result = np.zeros_like(mask)
    for start, stop in runs(mask):
        if stop - start >= least:
            result[start:stop] = True
    return result


def _crossing(time: Array, vertical: Array, before: int) -> float:
    """Return when the force passes the limit between a sample and the next."""
    here, there = vertical[before], vertical[before + 1]
    return float(time[before] + (TOUCH - here) / (there - here) * (time[before + 1] - time[before]))


def _cleaned(found: Iterable[Contact]) -> tuple[Contact, ...]:
    """Join contacts with a gap too short to be real, then drop those too short to be real."""
    joined: list[Contact] = []
    for contact in found:
        if joined and contact.start - joined[-1].end < SHORTEST:
            joined[-1] = replace(joined[-1], end=contact.end, finished=contact.finished)
        else:
            joined.append(contact)
    return tuple(c for c in joined if c.end - c.start >= SHORTEST or not (c.begun and c.finished))
