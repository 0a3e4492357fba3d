"""Smooth and differentiate recorded signals: zero-phase Butterworth low-pass, then an interpolating quintic spline.

The recursions are written here, not taken from ``scipy.signal`` and ``scipy.interpolate``, because importing those
costs more time than analysing a whole recording; the tests hold the results against both libraries.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gerdy.errors import InputError
from gerdy.mechanics.compiling import compiled
from gerdy.motion.recording import Array, Note, NoteKind

Mask = NDArray[np.bool_]

ROUNDED = (
    0.05  # share of a frame by which a time may miss an even grid, as written times are rounded (assumed, E)
)
HOLE = 3.0  # frames; a longer step between two times is called a hole and reported (assumed, E)
SETTLED = (
    16.0  # time constants of the slowest part of the filter over which a trial is extended: e**-16 = 1e-7
)
MARGIN = 32  # frames of extension that the spline needs: its slowest root to this power is 2e-12

# The zeros of z**4 + 26 z**3 + 66 z**2 + 26 z + 1 within the unit circle: the poles of the quintic spline filter.
ROOTS = (
    math.sqrt(67.5 - math.sqrt(4436.25)) + math.sqrt(26.25) - 6.5,
    math.sqrt(67.5 + math.sqrt(4436.25)) - math.sqrt(26.25) - 6.5,
)
# The six pieces of the quintic B-spline over one interval, as powers 0..5 of the position within it, times 120.
PIECES = np.array(
    [
        [1, -5, 10, -10, 5, -1],
        [26, -50, 20, 20, -20, 5],
        [66, 0, -60, 0, 30, -10],
        [26, 50, 20, -20, -20, 10],
        [1, 5, 10, 10, 5, -5],
        [0, 0, 0, 0, 0, 1],
    ],
    dtype=np.float64,
)


@dataclass(frozen=True)
class Smooth:
    """A smoothed signal at the times it came with: ``value`` (t, k), ``speed`` per s, ``acceleration`` per s2."""

    time: Array
    value: Array
    speed: Array
    acceleration: Array
    notes: tuple[Note, ...] = ()


class _Grid(NamedTuple):
    """An even grid in time, and where each time asked for lies on it, in frames."""

    step: float
    frames: int
    position: Array
    rounded: bool  # the times are those of the grid, but for rounding


def smooth(
    time: ArrayLike,
    values: ArrayLike,
    cutoff_hz: float | None,
    order: int = 3,
    *,
    names: Sequence[str] | None = None,
) -> Smooth:
    """Return values (t, k) filtered without delay at ``cutoff_hz``, with first and second derivative, at ``time`` (s).

    A Butterworth low-pass runs forward and backward over the trial, extended at both ends by its own reflection
    through the end point, so the gain at the cut-off is one half; a quintic spline through the result is
    differentiated. This is what OpenSim's inverse dynamics does with coordinates. The reflection has no curvature at
    the ends, so accelerations within one period of the cut-off of an end are less certain. Without a cut-off the
    values are only differentiated. Times that are not evenly spaced are resampled, filtered and brought back, and a
    note says so.

    Raises
    ------
    InputError
        For missing values, times that do not rise, a cut-off outside 0 to half the frame rate, or a trial shorter than
        one period of the cut-off.
    """
    at, table, labels = _checked(time, values, names)
    _complete(at, table, labels)
    grid = _grid(at)
    notes = () if grid.rounded else (_uneven(at, grid),)
    even = table if grid.rounded else _resampled(at, table, grid)
    rate = 1.0 / grid.step
    _long_enough(len(even), rate, cutoff_hz)
    pad = MARGIN
    if cutoff_hz is not None:
        sections = butterworth(cutoff_hz, rate, order)
        pad += _settling(cutoff_hz, rate, order)
    extended = _extended(even, pad)
    if cutoff_hz is not None:
        _both_ways(extended, sections)
    _spline(extended, np.array(ROOTS))
    value, speed, acceleration = _evaluated(extended, grid.position + pad)
    flat = np.ndim(values) == 1
    parts = (value, speed / grid.step, acceleration / grid.step**2)
    value, speed, acceleration = (part[:, 0] if flat else part for part in parts)
    return Smooth(at, value, speed, acceleration, notes)


def lowpass(
    time: ArrayLike, values: ArrayLike, cutoff_hz: float, order: int = 3, *, loaded: Mask | None = None
) -> Array:
    """Return forces or their points (t, k) filtered without delay, every contact by itself; unloaded rows as they came.

    A contact is a run of rows where ``loaded`` (t,) holds; by default where any value is finite and not zero. It is
    extended by its reflection through its first and last value, so contact neither starts early nor ends late and no
    force leaks into the time without load. Contacts of fewer than 4 frames are left alone.

    Raises
    ------
    InputError
        For unevenly spaced times, values missing while loaded, or a cut-off outside 0 to half the frame rate.
    """
    at, table, labels = _checked(time, values, None)
    grid = _grid(at)
    if not grid.rounded:
        raise InputError("time: forces must be evenly spaced in time to be filtered; resample them first.")
    rate = 1.0 / grid.step
    sections = butterworth(cutoff_hz, rate, order)
    pad = _settling(cutoff_hz, rate, order)
    if loaded is None:
        loaded = np.asarray((np.isfinite(table) & (table != 0.0)).any(axis=1))
    elif np.shape(loaded) != (len(at),):
        raise InputError(f"loaded: must have one value a frame ({len(at)}); got shape {np.shape(loaded)}.")
    result = table.copy()
    for start, stop in runs(loaded):
        part = table[start:stop]
        _complete(at[start:stop], part, labels)
        if stop - start < 4:
            continue
        extended = _extended(part, pad)
        _both_ways(extended, sections)
        result[start:stop] = extended[pad : pad + stop - start]
    return result[:, 0] if np.ndim(values) == 1 else result


def butterworth(cutoff_hz: float, rate_hz: float, order: int = 3) -> Array:
    """Return the sections (s, 5) of a digital Butterworth low-pass: b0, b1, b2, a1, a2, each of gain one at rest.

    The analogue prototype is carried over by the bilinear transform, warped so that the gain at the cut-off is
    1/sqrt(2) for one pass.

    Raises
    ------
    InputError
        For a cut-off outside 0 to half the frame rate, or an order outside 1 to 12.
    """
    if not 1 <= order <= 12:
        raise InputError(f"order: must be from 1 to 12; got {order}.")
    if not 0.0 < cutoff_hz < rate_hz / 2.0:
        raise InputError(
            f"cut-off: must be above 0 and below {rate_hz / 2.0:g} Hz, half the frame rate; got {cutoff_hz:g} Hz."
        )
    warped = math.tan(math.pi * cutoff_hz / rate_hz)
    sections = []
    for pair in range(order // 2):
        damping = 2.0 * math.sin(math.pi * (2 * pair + 1) / (2 * order))
        scale = 1.0 + damping * warped + warped**2
        gain = warped**2 / scale
        sections.append(
            [
                gain,
                2.0 * gain,
                gain,
                2.0 * (warped**2 - 1.0) / scale,
                (1.0 - damping * warped + warped**2) / scale,
            ]
        )
    if order % 2:
        gain = warped / (1.0 + warped)
        sections.append([gain, gain, 0.0, (warped - 1.0) / (warped + 1.0), 0.0])
    return np.array(sections)


def runs(mask: Mask) -> list[tuple[int, int]]:
    """Return the (first, one past last) frames of every unbroken run of True in ``mask`` (t,)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _checked(
    time: ArrayLike, values: ArrayLike, names: Sequence[str] | None
) -> tuple[Array, Array, tuple[str, ...]]:
    at = np.array(time, dtype=np.float64)
    table = np.array(values, dtype=np.float64)
    if table.ndim == 1:
        table = table[:, None]
    if at.ndim != 1 or table.ndim != 2 or len(at) != len(table):
        raise InputError(
            f"values: must be (time) or (time, column) with one row for each of {at.size} times; "
            f"got shape {table.shape}."
        )
    labels = (
        tuple(names) if names is not None else tuple(f"column {index + 1}" for index in range(table.shape[1]))
    )
    if len(labels) != table.shape[1]:
        raise InputError(f"names: must name each of {table.shape[1]} columns; got {len(labels)} names.")
    if len(at) < 2:
        raise InputError(f"time: at least 2 frames are needed; got {len(at)}.")
    if not np.isfinite(at).all():
        raise InputError(f"time: frame {int(np.flatnonzero(~np.isfinite(at))[0]) + 1} has no time.")
    falling = np.flatnonzero(np.diff(at) <= 0.0)
    if falling.size:
        frame = int(falling[0])
        raise InputError(
            f"time: must rise from frame to frame; frame {frame + 2} is at {at[frame + 1]:g} s, "
            f"after {at[frame]:g} s."
        )
    return at, table, labels


def _complete(time: Array, table: Array, labels: tuple[str, ...]) -> None:
    missing = ~np.isfinite(table)
    if not missing.any():
        return
    column = int(np.flatnonzero(missing.any(axis=0))[0])
    frames = np.flatnonzero(missing[:, column])
    raise InputError(
        f"{labels[column]}: {len(frames)} of {len(table)} frames have no value, the first at {time[frames[0]]:.3f} s; "
        "fill or cut the gap before filtering."
    )


def _grid(time: Array) -> _Grid:
    """Return the even grid meant by the times: theirs but for rounding, else one of their median step."""
    count = len(time)
    step = float(time[-1] - time[0]) / (count - 1)
    position = (time - time[0]) / step
    if np.abs(position - np.arange(count)).max() <= ROUNDED:
        return _Grid(step, count, np.arange(count, dtype=np.float64), rounded=True)
    span = float(time[-1] - time[0])
    count = max(round(span / float(np.median(np.diff(time)))), 1) + 1
    step = span / (count - 1)
    return _Grid(step, count, (time - time[0]) / step, rounded=False)


def _uneven(time: Array, grid: _Grid) -> Note:
    steps = np.diff(time)
    worst = int(steps.argmax())
    text = (
        f"frames are {steps.min() * 1e3:.3g} to {steps.max() * 1e3:.3g} ms apart; "
        f"resampled to {1.0 / grid.step:.4g} Hz for filtering and brought back to the times of the file"
    )
    if steps[worst] > HOLE * grid.step:
        return Note(
            NoteKind.WARNING,
            text + "; the longest hole is bridged",
            time=(float(time[worst]), float(time[worst + 1])),
        )
    return Note(NoteKind.REPAIRED, text)


def _resampled(time: Array, table: Array, grid: _Grid) -> Array:
    """Return the table on the grid, by cubics through the frames with the slopes of their neighbours."""
    even = time[0] + np.arange(grid.frames) * grid.step
    before = np.clip(np.searchsorted(time, even, side="right") - 1, 0, len(time) - 2)
    width = (time[before + 1] - time[before])[:, None]
    part = (even[:, None] - time[before][:, None]) / width
    slope = np.gradient(table, time, axis=0) if len(time) > 2 else np.zeros_like(table)
    rest = 1.0 - part
    result: Array = (
        rest**2 * ((1.0 + 2.0 * part) * table[before] + part * width * slope[before])
        + part**2 * ((1.0 + 2.0 * rest) * table[before + 1] - rest * width * slope[before + 1])
    )  # fmt: skip
    return result


def _long_enough(count: int, rate: float, cutoff_hz: float | None) -> None:
    least = 4 if cutoff_hz is None else max(4, math.ceil(rate / cutoff_hz) + 1 if cutoff_hz > 0.0 else 4)
    if count < least:
        reason = "to be differentiated" if cutoff_hz is None else f"for a cut-off of {cutoff_hz:g} Hz"
        raise InputError(
            f"time: the trial has {count} frames ({(count - 1) / rate:.3f} s); at least {least} frames "
            f"({(least - 1) / rate:.3f} s) are needed {reason}."
        )


def _settling(cutoff_hz: float, rate_hz: float, order: int) -> int:
    """Return the frames after which a filter has forgotten how it began."""
    slowest = 2.0 * math.pi * cutoff_hz * math.sin(math.pi / (2 * order))
    return math.ceil(SETTLED * rate_hz / slowest)


def _extended(table: Array, pad: int) -> Array:
    return np.ascontiguousarray(np.pad(table, ((pad, pad), (0, 0)), mode="reflect", reflect_type="odd"))


def _evaluated(coefficients: Array, position: Array) -> tuple[Array, Array, Array]:
    """Return value, first and second derivative (per frame) of the spline at positions in frames."""
    first = np.floor(position).astype(np.intp)
    part = (position - first)[:, None]
    powers = part ** np.arange(6)
    power = np.arange(1, 6)
    slopes = PIECES[:, 1:] * power
    bends = slopes[:, 1:] * power[:-1]
    weights = [powers @ PIECES.T, powers[:, :5] @ slopes.T, powers[:, :4] @ bends.T]
    around = [coefficients[first + offset - 2] for offset in range(6)]
    value, speed, acceleration = (
        sum((weight[:, [piece]] * around[piece] for piece in range(6)), start=np.zeros_like(around[0]))
        / 120.0
        for weight in weights
    )
    return value, speed, acceleration


@compiled
def _both_ways(table: Array, sections: Array) -> None:
    """Filter each column of ``table`` (t, k) in place, forward and backward, as if at rest before its first value."""
    count, columns = table.shape
    for column in range(columns):
        for way in range(2):
            begin = 0 if way == 0 else count - 1
            stride = 1 if way == 0 else -1
            rest = table[begin, column]
            for section in range(sections.shape[0]):
                b0, b1, b2 = sections[section, 0], sections[section, 1], sections[section, 2]
                a1, a2 = sections[section, 3], sections[section, 4]
                near, far = 0.0, 0.0
                for frame in range(count):
                    index = begin + stride * frame
                    entering = table[index, column] - rest
                    leaving = b0 * entering + near
                    near = b1 * entering - a1 * leaving + far
                    far = b2 * entering - a2 * leaving
                    table[index, column] = leaving + rest


@compiled
def _spline(table: Array, roots: Array) -> None:
    """Turn samples (t, k) in place into the coefficients of the B-spline through them (Unser's recursive filters)."""
    count, columns = table.shape
    for column in range(columns):
        for root in roots:
            gain = (1.0 - root) * (1.0 - 1.0 / root)
            carried = table[0, column] * gain / (1.0 - root)
            table[0, column] = carried
            for index in range(1, count):
                carried = table[index, column] * gain + root * carried
                table[index, column] = carried
            carried = carried * -root / (1.0 - root)
            table[count - 1, column] = carried
            for index in range(count - 2, -1, -1):
                carried = root * (carried - table[index, column])
                table[index, column] = carried
