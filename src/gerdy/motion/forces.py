"""Ground forces as they should be: acting on the person, in newtons, zero where a plate is not stepped on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gerdy.motion.files.content import assumed, found, repaired, warning
from gerdy.motion.gaps import runs
from gerdy.motion.recording import Array, Note, Plate

# assumed: below 20 N a plate is taken as empty; the point of force is then noise. Common practice is 10 to 50 N.
THRESHOLD = 20.0
# assumed: a plate that never bears 50 N was not stepped on.
STEPPED_ON = 50.0
# assumed: an empty plate off zero by more than 5 N needs to be zeroed.
OFFSET = 5.0
# assumed: no contact of a person with the ground goes beyond 15 kN.
MOST = 15_000.0
# assumed: force missing for up to 0.02 s can be bridged by a straight line.
BRIDGED = 0.02
# assumed: nobody walks further than 50 m from the origin of the lab.
FAR = 50.0


def clean_plates(plates: tuple[Plate, ...]) -> tuple[tuple[Plate, ...], list[Note]]:
    """Return plates (Y up) with units, direction, empty stretches and points of force put right, and notes."""
    notes: list[Note] = []
    plates = tuple(_bridged(plate, notes) for plate in plates)
    plates = _in_newtons(plates, notes)
    plates = _pushing_up(plates, notes)
    clean = tuple(_clean(plate, notes) for plate in plates)
    if clean:
        notes.append(
            assumed(f"a plate bearing less than {THRESHOLD:g} N is empty: force zero, no point of force.")
        )
    return clean, notes


def _bridged(plate: Plate, notes: list[Note]) -> Plate:
    """Return a plate whose short holes in the force are bridged; long ones stay NaN."""
    missing = ~np.asarray(np.isfinite(plate.force).all(axis=1))
    moment = np.where(np.isfinite(plate.moment), plate.moment, 0.0)
    if not missing.any():
        return replace(plate, moment=moment)
    force = plate.force.copy()
    time = plate.time
    filled, left = [], []
    for first, last in runs(missing):
        inside = first > 0 and last < len(time) - 1
        if inside and time[last + 1] - time[first - 1] <= BRIDGED:
            span = slice(first, last + 1)
            for axis in range(3):
                force[span, axis] = np.interp(
                    time[span], time[[first - 1, last + 1]], force[[first - 1, last + 1], axis]
                )
            filled.append((float(time[first]), float(time[last])))
        else:
            force[first : last + 1] = np.nan
            left.append((float(time[first]), float(time[last])))
    if filled:
        span_filled = (filled[0][0], filled[-1][1])
        notes.append(repaired(f"{len(filled)} short holes in the force bridged.", plate.name, span_filled))
    if left:
        notes.append(
            warning(
                f"force is missing in {len(left)} stretches; not used there.",
                plate.name,
                (left[0][0], left[-1][1]),
            )
        )
    return replace(plate, force=force, moment=moment)


def _in_newtons(plates: tuple[Plate, ...], notes: list[Note]) -> tuple[Plate, ...]:
    largest = max((_largest(plate.force[:, 1]) for plate in plates), default=0.0)
    if largest > MOST:
        notes.append(
            warning(
                f"the greatest vertical force is {largest:.3g} N, more than a person can bear; check units."
            )
        )
    if not 0.1 <= largest <= MOST / 1000 or not any(_smooth(plate.force[:, 1]) for plate in plates):
        return plates
    notes.append(
        warning(
            f"the greatest vertical force is {largest:.3g}, a body weight in kN; forces taken times 1000."
        )
    )
    return tuple(replace(plate, force=plate.force * 1000.0, moment=plate.moment * 1000.0) for plate in plates)


def _largest(values: Array) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if len(finite) else 0.0


def _smooth(values: Array) -> bool:
    """Return whether a signal is a slow movement, not the noise of an empty plate."""
    values = values[np.isfinite(values)]
    if len(values) < 10 or _largest(values) < 0.1:
        return False
    spread = float(values.std())
    # A person standing still is smooth without spread; noise has steps as large as its spread.
    return float(np.diff(values).std()) < 0.3 * max(spread, 0.1 * float(abs(values.mean())))


def _pushing_up(plates: tuple[Plate, ...], notes: list[Note]) -> tuple[Plate, ...]:
    result = []
    for plate in plates:
        vertical = plate.force[:, 1]
        loaded = np.isfinite(vertical) & (np.abs(vertical) > STEPPED_ON)
        if loaded.any() and vertical[loaded].sum() < 0:
            notes.append(
                warning(
                    f"its force points down (mean {vertical[loaded].mean():.0f} N): it is the person's force on the "
                    "ground; turned round with its moment.",
                    plate.name,
                )
            )
            plate = replace(plate, force=-plate.force, moment=-plate.moment)  # noqa: PLW2901
        result.append(plate)
    return tuple(result)


def _clean(plate: Plate, notes: list[Note]) -> Plate:
    vertical = plate.force[:, 1]
    known = np.isfinite(vertical)
    loaded = known & (vertical >= THRESHOLD)
    _offset_note(plate, notes)
    if not loaded.any():
        if known.any():
            notes.append(found(f"never bears {THRESHOLD:g} N.", plate.name))
        empty = np.where(known[:, None], 0.0, np.nan) * np.ones(3)
        return replace(
            plate, force=empty, moment=np.zeros_like(plate.moment), point=np.full_like(plate.point, np.nan)
        )
    plate = _point_in_metres(plate, loaded, notes)
    plate = _centre_of_pressure(plate, loaded, notes)
    without = loaded & ~np.isfinite(plate.point).all(axis=1)
    if without.any():
        times = plate.time[without]
        notes.append(
            warning(
                f"bears force at {int(without.sum())} samples without a point of force.",
                plate.name,
                (float(times[0]), float(times[-1])),
            )
        )
    force = np.where(loaded[:, None], plate.force, 0.0)
    force[~known] = np.nan
    moment = np.where(loaded[:, None], plate.moment, 0.0)
    point = np.where(loaded[:, None], plate.point, np.nan)
    _outside_note(plate, loaded, notes)
    return replace(plate, force=force, moment=moment, point=point)


def _offset_note(plate: Plate, notes: list[Note]) -> None:
    vertical = plate.force[:, 1]
    vertical = vertical[np.isfinite(vertical) & (np.abs(vertical) < STEPPED_ON)]
    # An exact zero is no reading: the file was cleaned before.
    vertical = vertical[vertical != 0.0]
    if len(vertical) < max(20, 0.05 * len(plate.time)):
        return
    offset = float(np.median(vertical))
    quiet = float(np.median(np.abs(vertical - offset)))
    if abs(offset) > OFFSET and quiet < 0.5 * abs(offset):
        notes.append(
            warning(
                f"reads {offset:.0f} N when empty: it was not zeroed, so its forces are off by as much.",
                plate.name,
            )
        )


def _point_in_metres(plate: Plate, loaded: NDArray[np.bool_], notes: list[Note]) -> Plate:
    distance = np.abs(plate.point[loaded])
    distance = distance[np.isfinite(distance).all(axis=1)]
    if not len(distance) or float(np.median(distance.max(axis=1))) < FAR:
        return plate
    notes.append(
        warning(
            f"its point of force lies {float(np.median(distance.max(axis=1))):.0f} m away; "
            "points are read as mm and moments as N mm.",
            plate.name,
        )
    )
    return replace(plate, point=plate.point * 0.001, moment=plate.moment * 0.001)


def _centre_of_pressure(plate: Plate, loaded: NDArray[np.bool_], notes: list[Note]) -> Plate:
    """Return a plate whose point is where only a vertical free moment is left, at the height the point had.

    Some files give moments about the plate's own origin. From m = (p' - p) x F + T, with T vertical and p' level
    with p: dx = m_z / F_y, dz = -m_x / F_y, T = m_y - (dz F_x - dx F_z). derived: balance of moments.
    """
    force, moment = plate.force[loaded], plate.moment[loaded]
    lever = np.hypot(moment[:, 0], moment[:, 2]) / force[:, 1]
    # assumed: a lever beyond 2 cm in the middle of contact is no rounding of a centre of pressure.
    if float(np.median(lever)) < 0.02:
        return plate
    point, free = plate.point.copy(), plate.moment.copy()
    dx, dz = moment[:, 2] / force[:, 1], -moment[:, 0] / force[:, 1]
    point[loaded] += np.stack([dx, np.zeros_like(dx), dz], axis=1)
    vertical = moment[:, 1] - (dz * force[:, 0] - dx * force[:, 2])
    free[loaded] = np.stack([np.zeros_like(dx), vertical, np.zeros_like(dx)], axis=1)
    notes.append(
        repaired(
            "its moments were about another point; turned into a centre of pressure and a free moment.",
            plate.name,
        )
    )
    return replace(plate, point=point, moment=free)


def _outside_note(plate: Plate, loaded: NDArray[np.bool_], notes: list[Note]) -> None:
    if plate.corners is None:
        return
    # Noise moves the point of a light touch; a real error shows under full load.
    firm = loaded & (plate.force[:, 1] > 0.2 * _largest(plate.force[:, 1]))
    firm &= np.isfinite(plate.point).all(axis=1)
    low, high = plate.corners.min(axis=0) - 0.05, plate.corners.max(axis=0) + 0.05
    point = plate.point[firm][:, [0, 2]]
    outside = ((point < low[[0, 2]]) | (point > high[[0, 2]])).any(axis=1)
    if len(outside) and outside.mean() > 0.02:
        notes.append(
            warning(
                f"its point of force is outside the plate in {100 * outside.mean():.0f} % of the contact; "
                "check the plate's corners and origin.",
                plate.name,
            )
        )


def peak(plate: Plate) -> float:
    """Return the greatest vertical force of a plate (N)."""
    return _largest(np.maximum(np.nan_to_num(plate.force[:, 1]), 0.0))
