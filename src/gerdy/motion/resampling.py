"""Ground force on another clock, without aliasing and without changing what it does to the body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gerdy.motion.filtering import lowpass
from gerdy.motion.recording import Array, Plate

# derived: 0.4 of the frame rate is below the Nyquist frequency (0.5) with room for the filter's slope.
PASS = 0.4


@dataclass(frozen=True)
class Wrench:
    """Force (t, 3) N, moment about the lab's origin (t, 3) N m, point (t, 3) m; ``known`` (t,) where measured."""

    force: Array
    about_origin: Array
    point: Array
    known: NDArray[np.bool_]
    filtered: bool


def resample(plate: Plate, time: Array) -> Wrench:
    """Return what a plate does at the wanted times (t,) s.

    Force and moment about the origin are what is filtered and interpolated, because they are linear; a point of force
    is not. A plate faster than the frames is low-passed first, every contact by itself (Butterworth of 2nd order,
    forwards and backwards, at 0.4 of the frame rate), then interpolated by a cubic through four samples; one as slow
    as the frames by straight lines.
    """
    point = np.where(np.isfinite(plate.point), plate.point, 0.0)
    vertical = plate.force[:, 1]
    signal = np.concatenate(
        [plate.force, np.cross(point, plate.force) + plate.moment, vertical[:, None] * point], axis=1
    )
    missing = ~np.isfinite(signal).all(axis=1)
    signal[missing] = 0.0
    wanted = (time[-1] - time[0]) / (len(time) - 1) if len(time) > 1 else np.inf
    start, step, signal = _even(plate.time, signal)
    filtered = bool(np.isfinite(wanted) and wanted > 1.25 * step and len(signal) > 30)
    if filtered:
        clock = start + step * np.arange(len(signal))
        signal = lowpass(clock, signal, PASS / wanted, order=2, loaded=signal[:, 1] > 0.0)
    at = (time - start) / step
    values = _cubic(signal, at) if filtered else _straight(signal, at)
    inside = (at >= -0.5) & (at <= len(signal) - 0.5)
    known = inside & ~_touches(missing, plate.time, time, step)
    values[~known] = 0.0
    force, about_origin, weighted = values[:, :3], values[:, 3:6], values[:, 6:]
    loaded = np.abs(force[:, 1]) > 1.0
    place = np.full_like(force, np.nan)
    place[loaded] = weighted[loaded] / force[loaded, 1][:, None]
    return Wrench(force, about_origin, place, known, filtered)


def _even(time: Array, signal: Array) -> tuple[float, float, Array]:
    """Return start, step and signal on an even clock; the clock of nearly all files is even as it is."""
    if len(time) < 3:
        return float(time[0]), float(time[-1] - time[0]) if len(time) == 2 else 1.0, signal
    step = float(np.median(np.diff(time)))
    even = np.arange(time[0], time[-1] + 0.5 * step, step)
    if len(even) == len(time) and np.abs(even - time).max() < 1e-3 * step:
        return float(time[0]), float((time[-1] - time[0]) / (len(time) - 1)), signal
    columns = [np.interp(even, time, signal[:, i]) for i in range(signal.shape[1])]
    return float(time[0]), step, np.stack(columns, axis=1)


def _straight(signal: Array, at: Array) -> Array:
    at = np.clip(at, 0, len(signal) - 1)
    low = np.minimum(at.astype(int), max(len(signal) - 2, 0))
    share = (at - low)[:, None]
    return np.asarray(signal[low] * (1 - share) + signal[np.minimum(low + 1, len(signal) - 1)] * share)


def _cubic(signal: Array, at: Array) -> Array:
    """Return the cubic through the two samples on either side (Lagrange), at fractional places."""
    at = np.clip(at, 0, len(signal) - 1)
    first = np.clip(at.astype(int) - 1, 0, len(signal) - 4)
    u = (at - first)[:, None]
    a, b, c, d = (signal[first + k] for k in range(4))
    return np.asarray(
        -a * (u - 1) * (u - 2) * (u - 3) / 6
        + b * u * (u - 2) * (u - 3) / 2
        - c * u * (u - 1) * (u - 3) / 2
        + d * u * (u - 1) * (u - 2) / 6
    )


def _touches(missing: NDArray[np.bool_], clock: Array, time: Array, step: float) -> NDArray[np.bool_]:
    """Return which of the wanted times have a missing sample within one step on either side."""
    if not missing.any():
        return np.zeros(len(time), dtype=bool)
    bad = clock[missing]
    at = np.searchsorted(bad, time)
    before = np.abs(time - bad[np.clip(at - 1, 0, len(bad) - 1)])
    after = np.abs(bad[np.clip(at, 0, len(bad) - 1)] - time)
    return np.asarray(np.minimum(before, after) <= step)
