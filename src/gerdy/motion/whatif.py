"""What if: the same movement with a weaker muscle, a dropped pelvis, a narrower step, a bowed knee, and what changes.

A change of posture keeps the rest as it was: feet where they were (or where the change puts them), trunk as it was,
legs following by inverse kinematics. Ground forces keep their size and go with the feet and with the mass centre; a
real person would change more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.body import SIDES, Body
from gerdy.mechanics.ik import fit
from gerdy.mechanics.loads import Loads, Options, loads_of
from gerdy.mechanics.sensitivity import Spread, draws_of, spread_of
from gerdy.mechanics.strength import usable
from gerdy.mechanics.sweep import Ground, Swept, sweep
from gerdy.motion.analysis import CUTOFF, Analysis, frame_step
from gerdy.motion.filtering import smooth

Array = NDArray[np.float64]

MOST_FRAMES = 120  # of a movement that Monte Carlo looks at; stance frames, evenly picked
PERCENTILES = (5.0, 95.0)
HOLD = {"pelvis": 20.0, "torso": 5.0, "foot": 10.0}  # how firmly parts are held while legs follow
STAY = 0.02  # m2 a rad2 that draws joints to where they were, against one landmark's weight


class What(StrEnum):
    """What can be changed."""

    STRENGTH = "strength"  # share of a muscle's or root's force that is left
    STEP_WIDTH = "step width"  # m, wider positive
    PELVIC_DROP = "pelvic drop"  # rad, free side lower
    PELVIC_TILT = "pelvic tilt"  # rad, forward
    TRUNK_LEAN = "trunk lean"  # rad, towards the standing leg
    VARUS = "knee varus"  # rad, bow leg


@dataclass(frozen=True)
class Change:
    """One change: of what, by how much (SI), and for strength of which muscles or roots."""

    what: What
    amount: float
    target: str = ""

    def __str__(self) -> str:
        """Return it in words with everyday units."""
        if self.what is What.STRENGTH:
            return f"{self.target} at {round(100 * self.amount, 1):g} % strength"
        if self.what is What.STEP_WIDTH:
            return (
                f"steps {round(abs(self.amount) * 100, 1):g} cm {'wider' if self.amount > 0 else 'narrower'}"
            )
        return f"{self.what} {round(math.degrees(self.amount), 1):+g}°"


@dataclass(frozen=True)
class Comparison:
    """One load before and after a change: the mean over stances of its peak.

    ``variable`` is that of the dataset. ``low`` to ``high`` is the spread (5 to 95 %) of the changed load,
    ``baseline_low`` to ``baseline_high`` that of the load before, ``ratio_low`` to ``ratio_high`` of changed over
    before.
    """

    name: str
    variable: str
    unit: str
    side: str
    baseline: float
    changed: float
    low: float | None = None
    high: float | None = None
    baseline_low: float | None = None
    baseline_high: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None


WRITTEN = {
    "step-width": (What.STEP_WIDTH, 0.01, "cm", 20.0),
    "drop": (What.PELVIC_DROP, math.pi / 180.0, "degrees", 20.0),
    "tilt": (What.PELVIC_TILT, math.pi / 180.0, "degrees", 25.0),
    "lean": (What.TRUNK_LEAN, math.pi / 180.0, "degrees", 30.0),
    "varus": (What.VARUS, math.pi / 180.0, "degrees", 15.0),
}


def read_change(text: str) -> Change:
    """Return the change that ``name=value`` means.

    ``drop``, ``tilt``, ``lean``, ``varus`` in degrees; ``step-width`` in cm; else a muscle or root and the per cent of
    strength that is left: ``glmed=50``, ``l5_r=30``.

    Raises
    ------
    InputError
        For anything else, or an amount no body can show.
    """
    match = re.fullmatch(r"\s*([A-Za-z][\w-]*)\s*=\s*([-+]?\d+(?:\.\d+)?)\s*%?\s*", text)
    if match is None:
        raise InputError(
            f"what if: write name=value, such as drop=5, step-width=-4 or glmed=50; got '{text}'."
        )
    name, value = match.group(1), float(match.group(2))
    if name in WRITTEN:
        what, unit, word, most = WRITTEN[name]
        if abs(value) > most:
            raise InputError(f"what if {name}: at most {most:g} {word} either way; got {value:g}.")
        return Change(what, value * unit)
    if not 0.0 <= value <= 100.0:
        raise InputError(f"what if {name}: strength left is from 0 to 100 per cent; got {value:g}.")
    return Change(What.STRENGTH, value / 100.0, name)


def what_if(
    analysis: Analysis,
    changes: Sequence[Change],
    *,
    draws: int = 0,
    options: Options | None = None,
    cutoff_hz: float = CUTOFF,
    progress: Callable[[float], None] | None = None,
) -> tuple[Comparison, ...]:
    """Return how the load of the band and its neighbours changes, all changes together.

    Parameters
    ----------
    draws : sets of parameters for the spread; 0 for none. A body without a band has no spread.

    Raises
    ------
    InputError
        For a change that this body or movement cannot show.
    """
    body, swept, limits = changed_movement(analysis, changes, cutoff_hz)
    loads = loads_of(body, swept, options=options, limits=limits, step=frame_step(analysis.time))
    windows = stance_windows(analysis)
    spread = None
    if draws and analysis.body.band is not None:
        spread = _spreads(analysis, body, swept, limits, windows, draws, options, progress)
    name = ", ".join(str(change) for change in changes)
    return tuple(_compared(name, analysis, loads, windows, spread))


def changed_movement(
    analysis: Analysis, changes: Sequence[Change], cutoff_hz: float = CUTOFF
) -> tuple[Body, Swept, Array]:
    """Return the body, its swept movement and its muscles' limits after changes."""
    body, limits = _changed_body(analysis.body, changes)
    q, ground = analysis.q, analysis.ground
    posture = [change for change in changes if change.what not in (What.STRENGTH, What.VARUS)]
    if not posture and all(change.what is What.STRENGTH for change in changes):
        return body, analysis.swept, limits  # the movement is as it was
    if posture or any(change.what is What.VARUS for change in changes):
        q = _refollowed(body, analysis.q, *_targets(analysis, body, posture))
        ground = _moved_ground(analysis, body, q, posture)
    if analysis.measured_forces:
        even = smooth(analysis.time, q, cutoff_hz)
        q, v, a = (np.ascontiguousarray(x) for x in (even.value, even.speed, even.acceleration))
    else:
        v, a = np.zeros_like(q), np.zeros_like(q)
    return body, sweep(body.assembly, body.layout, q, v, a, ground), limits


def stance_windows(analysis: Analysis) -> dict[int, list[slice]]:
    """Return by side (0 right, 1 left) the frames of each stance or repeat; all frames where there is neither."""
    found: dict[int, list[slice]] = {0: [], 1: []}
    time = analysis.time
    for phase in analysis.events.phases:
        if phase.whole:
            found[SIDES.index(phase.side)].append(_frames(time, phase.start, phase.toe_off))
    for repeat in analysis.events.repeats:
        for s, side in enumerate(SIDES):
            if repeat.side in (None, side):
                found[s].append(_frames(time, repeat.start, repeat.end))
    return {s: windows or [slice(0, len(time))] for s, windows in found.items()}


def _frames(time: Array, start: float, end: float) -> slice:
    return slice(int(np.searchsorted(time, start)), max(int(np.searchsorted(time, end)), 1))


def _changed_body(body: Body, changes: Sequence[Change]) -> tuple[Body, Array]:
    limits = body.limits.copy()
    for change in changes:
        if change.what is What.STRENGTH:
            shares = usable(body.model, {change.target: change.amount})
            limits *= np.array([shares[name] for name in body.muscles])
        if change.what is What.VARUS:
            body = body.with_locked({f"knee_adduction_{side}": change.amount for side in SIDES})
    return body, limits


def _part(segment: str) -> str | None:
    if segment in {"pelvis", "torso"}:
        return segment
    return "foot" if segment.startswith(("calcn", "toes")) else None


def _targets(
    analysis: Analysis, body: Body, changes: Sequence[Change]
) -> tuple[tuple[str, ...], Array, Array]:
    """Return the landmarks that are held, where (t, landmark, 3), and how firmly."""
    names, weights = [], []
    for marker in body.model.markers:
        part = _part(marker.body) if marker.landmark else None
        if part is not None:
            names.append(marker.name)
            weights.append(HOLD[part])
    points = analysis.body.points(analysis.q)
    segment = {marker.name: marker.body for marker in body.model.markers}
    at = np.stack([points[name] for name in names], axis=1)
    weight_on = _leaning(analysis)
    for change in changes:
        _move(change, names, segment, at, points, weight_on)
    return tuple(names), at, np.array(weights)


def _leaning(analysis: Analysis) -> Array:
    """Return which leg bears weight (t,): +1 right alone, -1 left alone, between as they share it; smooth."""
    force = analysis.ground.force[:, :, 1]
    total = force.sum(axis=1)
    share = np.where(total > 1.0, (force[:, 0] - force[:, 1]) / np.maximum(total, 1.0), 0.0)
    size = max(3, int(0.05 * len(share) / max(analysis.time[-1] - analysis.time[0], 1e-6)) | 1)
    window = np.hanning(size + 2)[1:-1]
    return np.convolve(np.pad(share, size // 2, mode="edge"), window / window.sum(), "valid")


def _move(
    change: Change,
    names: list[str],
    segment: dict[str, str],
    at: Array,
    points: dict[str, Array],
    weight_on: Array,
) -> None:
    forward = _forward(points)
    across = np.cross(forward, np.array([0.0, 1.0, 0.0]))
    hips = 0.5 * (points["femur_r"] + points["femur_l"])
    for i, name in enumerate(names):
        part = _part(segment[name])
        if change.what is What.STEP_WIDTH and part == "foot":
            sign = 1.0 if segment[name].endswith("_r") else -1.0
            at[:, i] += 0.5 * sign * change.amount * across
        elif change.what is What.PELVIC_DROP and part == "pelvis":
            pivot = hips + 0.5 * weight_on[:, None] * (points["femur_r"] - points["femur_l"])
            at[:, i] = pivot + _turn(at[:, i] - pivot, forward, -change.amount * weight_on)
        elif change.what is What.PELVIC_TILT and part == "pelvis":
            at[:, i] = hips + _turn(at[:, i] - hips, across, np.full(len(at), -change.amount))
        elif change.what is What.TRUNK_LEAN and part == "torso":
            base = points["torso"]
            at[:, i] = base + _turn(at[:, i] - base, forward, change.amount * weight_on)


def _forward(points: dict[str, Array]) -> Array:
    """Return where the pelvis faces (t, 3), level."""
    across = points["femur_r"] - points["femur_l"]
    forward = np.column_stack([across[:, 2], np.zeros(len(across)), -across[:, 0]])
    return np.asarray(forward / np.linalg.norm(forward, axis=1, keepdims=True))


def _turn(vectors: Array, axis: Array, angle: Array) -> Array:
    """Return vectors (t, 3) turned about axes (t, 3) by angles (t,), right-handed (Rodrigues)."""
    cosine, sine = np.cos(angle)[:, None], np.sin(angle)[:, None]
    along = (vectors * axis).sum(axis=1, keepdims=True)
    return np.asarray(vectors * cosine + np.cross(axis, vectors) * sine + axis * along * (1.0 - cosine))


def _refollowed(body: Body, q: Array, names: tuple[str, ...], at: Array, weights: Array) -> Array:
    prior = np.array([0.0 if name.startswith("pelvis_") else STAY for name in body.coordinates])
    found = fit(body.assembly, names, at, weights, start=q[0], near=q, prior=prior)
    if not found.converged.all():
        raise InputError("what if: no posture of this body shows that change; make it smaller.")
    arms = [
        i
        for i, name in enumerate(body.coordinates)
        if name.startswith(("arm_", "elbow_", "pro_sup_", "wrist_"))
    ]
    found.q[:, arms] = q[:, arms]
    return found.q


def _moved_ground(analysis: Analysis, body: Body, q: Array, changes: Sequence[Change]) -> Ground:
    """Return the ground forces where the changed body needs them: under its feet, and as far from its mass centre.

    A trunk that leans moves the mass centre; were the force to stay, something unseen would have to hold the pelvis.
    """
    before, after = analysis.body.points(analysis.q), body.points(q)
    across = np.cross(_forward(before), np.array([0.0, 1.0, 0.0]))
    moved = (after["centre_of_mass"] - before["centre_of_mass"]) * np.array([1.0, 0.0, 1.0])
    point = analysis.ground.point + moved[:, None, :]
    for change in changes:
        if change.what is What.STEP_WIDTH:
            point[:, 0] += 0.5 * change.amount * across
            point[:, 1] -= 0.5 * change.amount * across
    return analysis.ground._replace(point=point)


# Variable of the dataset: attribute of loads and spreads, unit.
VARIABLES = {
    "band_force": ("band_force", "N"),
    "band_strain": ("band_strain", "1"),
    "epicondyle_compression": ("epicondyle", "N"),
    "trochanter_compression": ("trochanter", "N"),
}
JOINTS = ("hip_contact", "knee_contact")


def _spreads(
    analysis: Analysis,
    body: Body,
    swept: Swept,
    limits: Array,
    windows: dict[int, list[slice]],
    draws: int,
    options: Options | None,
    progress: Callable[[float], None] | None,
) -> tuple[Spread, Spread, Array]:
    """Return the spread before and after on a choice of frames, and these frames."""
    inside = np.unique(
        np.concatenate([np.arange(len(analysis.time))[w] for side in windows.values() for w in side])
    )
    frames = inside[np.unique(np.linspace(0, len(inside) - 1, MOST_FRAMES).astype(int))]
    chosen = draws_of(analysis.body, draws)
    tell = progress or (lambda _share: None)

    def of(whose: Body, movement: Swept, share: Array | None, begun: float) -> Spread:
        part = Swept(*(np.ascontiguousarray(x[frames]) for x in movement))
        return spread_of(
            whose, part, chosen, options=options, limits=share, progress=lambda done: tell(begun + 0.5 * done)
        )

    return of(analysis.body, analysis.swept, None, 0.0), of(body, swept, limits, 0.5), frames


def _compared(
    name: str,
    analysis: Analysis,
    loads: Loads,
    windows: dict[int, list[slice]],
    spread: tuple[Spread, Spread, Array] | None,
) -> list[Comparison]:
    rows = []
    for variable, (attribute, unit) in VARIABLES.items():
        before, after = getattr(analysis.loads, attribute), getattr(loads, attribute)
        for s, side in enumerate(("right", "left")):
            row = Comparison(
                name, variable, unit, side, peak(before[:, s], windows[s]), peak(after[:, s], windows[s])
            )
            if math.isfinite(row.baseline):
                rows.append(row if spread is None else _with_spread(row, attribute, s, windows[s], spread))
    for variable in JOINTS:
        for s, side in enumerate(("right", "left")):
            before, after = (
                np.linalg.norm(getattr(x, variable)[:, s], axis=1) for x in (analysis.loads, loads)
            )
            if np.isfinite(before).all():
                rows.append(
                    Comparison(name, variable, "N", side, peak(before, windows[s]), peak(after, windows[s]))
                )
    return rows


def _with_spread(
    row: Comparison, variable: str, side: int, windows: list[slice], spread: tuple[Spread, Spread, Array]
) -> Comparison:
    before, after, frames = spread
    parts = [np.flatnonzero((frames >= w.start) & (frames < w.stop)) for w in windows]
    parts = [part for part in parts if len(part)]
    sizes = [
        np.mean([getattr(x, variable)[:, part, side].max(axis=1) for part in parts], axis=0)
        for x in (before, after)
    ]
    ratio = sizes[1] / np.maximum(sizes[0], 1e-9)
    low, high = np.percentile(sizes[1], PERCENTILES)
    least, most = np.percentile(sizes[0], PERCENTILES)
    smaller, larger = np.percentile(ratio, PERCENTILES)
    return replace(
        row, low=float(low), high=float(high), baseline_low=float(least), baseline_high=float(most),
        ratio_low=float(smaller), ratio_high=float(larger),
    )  # fmt: skip


def peak(values: Array, windows: list[slice]) -> float:
    """Return the mean over windows of the largest value in each."""
    return float(np.mean([values[window].max() for window in windows]))
