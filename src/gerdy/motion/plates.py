"""Which foot bears which force: plates and contacts given to the right and left foot by where the force acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.motion.feet import distances, grounded, over_plate, spread
from gerdy.motion.files.columns import plate_side
from gerdy.motion.files.content import found, repaired, warning
from gerdy.motion.forces import THRESHOLD
from gerdy.motion.gaps import runs
from gerdy.motion.recording import Array, Motion, Note, Plate
from gerdy.motion.resampling import Wrench, resample

SIDES = ("r", "l")
FEET = {"r": "right foot", "l": "left foot"}

# assumed: a foot is about 0.3 m long; a force further than this from its markers does not act on it.
FARTHEST = 0.25
# assumed: a point of force so close to a foot's markers (m) is under it; the sole reaches about 5 cm beyond them.
UNDER = 0.08
# assumed: where two feet are as near as that (m), place alone does not tell them apart.
ALIKE = 0.03
# assumed: a contact shorter than that (s) is a touch or noise; running contacts last 0.15 s and more.
SHORTEST = 0.03
# assumed: below 100 N a point of force is too uncertain to tell one foot from two.
FIRM = 100.0
# assumed: a foot that rests longer than that (s) without force stands beside the plates.
UNMEASURED = 0.15

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class PlateContact:
    """One stretch in which a plate bears a foot: seconds from the recording's clock, mean distance in metres."""

    plate: str
    side: str
    start: float
    end: float
    distance: float
    peak: float


@dataclass(frozen=True)
class FootForces:
    """Ground force on the right and the left foot, on one clock.

    Attributes
    ----------
    time : (t,) s.
    force, point, moment : (t, 2, 3) N, m, N m; right, then left; ``moment`` is what is left about ``point``.
        Without contact force and moment are zero and ``point`` is NaN; where the force is not known all are NaN.
    usable : (t, 2) whether the force on that foot is known.
    contacts : what was given to which foot.
    """

    time: Array
    force: Array
    point: Array
    moment: Array
    usable: Mask
    contacts: tuple[PlateContact, ...]
    notes: tuple[Note, ...]


def assign_feet(
    motion: Motion, feet: Mapping[str, Array] | None = None, *, time: Array | None = None
) -> FootForces:
    """Return the force on each foot, decided for every contact by how near the point of force is to its markers.

    Parameters
    ----------
    feet : for ``r`` and ``l`` the markers of heel, toe and foot (t, marker, 3) m on ``time``; NaN in a gap.
        Without it the names of the plates decide, and a plate that names no foot is an error.
    time : the clock wanted (s); by default that of the markers, else of the angles.

    Raises
    ------
    InputError
        If the recording has no plates or no clock, or nothing tells the feet apart.
    """
    clock = _clock(motion, time)
    if not motion.plates:
        raise InputError(f"{motion.name}: has no ground forces to give to the feet; read them with forces=.")
    sides = _feet(feet, len(clock))
    notes: list[Note] = []
    rates = sorted({f"{_rate(plate.time):.4g}" for plate in motion.plates}, key=float)
    wrenches = [resample(plate, clock) for plate in motion.plates]
    how = (
        "low-passed without delay at 0.4 of the frame rate, then "
        if any(w.filtered for w in wrenches)
        else ""
    )
    notes.append(found(f"forces at {' and '.join(rates)} a second: {how}interpolated at the frames."))
    giver = _Giver(motion, clock, sides, wrenches, notes)
    for number, wrench in enumerate(wrenches):
        giver.give(number, wrench)
    return giver.result()


def _clock(motion: Motion, time: Array | None) -> Array:
    if time is not None:
        return np.asarray(time, dtype=float)
    if motion.markers is not None:
        return motion.markers.time
    if motion.angles is not None:
        return motion.angles.time
    raise InputError(f"{motion.name}: has neither markers nor angles; give time= for the frames wanted.")


def _feet(feet: Mapping[str, Array] | None, frames: int) -> dict[str, Array] | None:
    if feet is None:
        return None
    result = {}
    for side in SIDES:
        if side not in feet:
            raise InputError(f"feet: has no '{side}'; markers of both feet are needed to tell them apart.")
        markers = np.asarray(feet[side], dtype=float)
        if markers.ndim != 3 or markers.shape[0] != frames or markers.shape[1] == 0 or markers.shape[2] != 3:
            raise InputError(
                f"feet['{side}']: must be an array ({frames} frames, markers, 3); got {tuple(markers.shape)}."
            )
        result[side] = markers
    return result


def _rate(time: Array) -> float:
    return float((len(time) - 1) / (time[-1] - time[0])) if len(time) > 1 else 0.0


class _Giver:
    """Gives contacts to feet, one plate after the other, and sums what each foot bears."""

    def __init__(
        self,
        motion: Motion,
        time: Array,
        feet: dict[str, Array] | None,
        wrenches: list[Wrench],
        notes: list[Note],
    ) -> None:
        self.motion, self.time, self.feet, self.wrenches, self.notes = motion, time, feet, wrenches, notes
        self.contacts: list[PlateContact] = []
        frames = len(time)
        self.force, self.about_origin = np.zeros((frames, 2, 3)), np.zeros((frames, 2, 3))
        self.weight, self.weighted = np.zeros((frames, 2)), np.zeros((frames, 2, 3))
        self.usable = np.ones((frames, 2), dtype=bool)
        self.down = grounded(time, feet) if feet is not None else np.zeros((frames, 2), dtype=bool)
        self.bearing = np.stack([wrench.force[:, 1] >= THRESHOLD for wrench in wrenches], axis=1)

    def span(self, first: int, last: int) -> tuple[float, float]:
        return float(self.time[first]), float(self.time[last])

    def give(self, number: int, wrench: Wrench) -> None:
        plate = self.motion.plates[number]
        self._check_direction(plate)
        unknown = ~wrench.known
        if unknown.any():
            self.usable[unknown] = False
            first, last = np.flatnonzero(unknown)[[0, -1]]
            self.notes.append(
                warning(
                    f"has no force for {int(unknown.sum())} frames; they are not usable.",
                    plate.name,
                    self.span(first, last),
                )
            )
        loaded = self.bearing[:, number] & wrench.known
        if not loaded.any():
            return
        if self.feet is None:
            self._by_name(plate, wrench, loaded)
            return
        away = distances(wrench.point, self.feet)
        double = self._double(number, wrench, loaded, away)
        for first, last in runs(double):
            self.usable[first : last + 1] = False
            self.notes.append(
                warning(
                    "bears both feet at once; these frames are not usable.",
                    plate.name,
                    self.span(first, last),
                )
            )
        for first, last in runs(loaded & ~double):
            self._contact(plate, wrench, away, first, last)

    def _check_direction(self, plate: Plate) -> None:
        below = np.nan_to_num(plate.force[:, 1]) < -THRESHOLD
        if below.any():
            times = plate.time[below]
            self.notes.append(
                warning("its vertical force points down.", plate.name, (float(times[0]), float(times[-1])))
            )

    def _by_name(self, plate: Plate, wrench: Wrench, loaded: Mask) -> None:
        side = plate_side(plate.name)
        if side is None:
            raise InputError(
                f"{plate.name}: which foot it bears is not known: its name says neither right nor left and no foot "
                "markers were given; give feet= or name the columns ground_force_r_vx, ground_force_l_vx."
            )
        for first, last in runs(loaded):
            self._add(plate, wrench, side, first, last, float("nan"))

    def _double(self, number: int, wrench: Wrench, loaded: Mask, away: Array) -> Mask:
        """Return where a plate bears both feet: both are down, no other bears, the force acts between."""
        assert self.feet is not None  # noqa: S101 - for the type checker
        both = loaded & self.down.all(axis=1) & ~np.delete(self.bearing, number, axis=1).any(axis=1)
        if not both.any():
            return both
        corners = self.motion.plates[number].corners
        # The point of a light touch is noise.
        firm = wrench.force[:, 1] > max(FIRM, 0.1 * float(wrench.force[:, 1].max()))
        between = firm & (away.min(axis=1) > UNDER) & (away.sum(axis=1) <= spread(self.feet) + 0.1)
        certain = both & between
        if corners is not None:
            resting = grounded(self.time, self.feet, still=True).all(axis=1)
            certain |= both & resting & over_plate(corners, self.feet).all(axis=1)
        result = np.zeros_like(both)
        # The force wanders from one foot to the other through the whole time that both stand there.
        for first, last in runs(both):
            result[first : last + 1] = certain[first : last + 1].any()
        return result

    def _contact(self, plate: Plate, wrench: Wrench, away: Array, first: int, last: int) -> None:
        inside = slice(first, last + 1)
        highest = float(wrench.force[inside, 1].max())
        if self.time[last] - self.time[first] < SHORTEST and highest < FIRM:
            text = f"a touch of {highest:.0f} N at most is no contact; taken as no force."
            self.notes.append(repaired(text, plate.name, self.span(first, last)))
            return
        weight = np.where(np.isfinite(away[inside]).all(axis=1), wrench.force[inside, 1], 0.0)
        if not weight.any():
            self._refuse(plate, first, last, "the foot markers or its point are missing")
            return
        near = np.where(np.isfinite(away[inside]), away[inside], 0.0)
        mean = (near * weight[:, None]).sum(axis=0) / weight.sum()
        right = (near[:, 0] < near[:, 1]) @ weight / weight.sum()
        named = plate_side(plate.name)
        side = "r" if mean[0] <= mean[1] else "l"
        if abs(mean[0] - mean[1]) < ALIKE and named is not None:
            side = named
        elif abs(mean[0] - mean[1]) < ALIKE:
            self._refuse(plate, first, last, f"its force acts {min(mean):.2f} m from either foot")
            return
        elif 0.2 < right < 0.8 and min(mean) > UNDER:
            self._refuse(plate, first, last, "its force lies now nearer to one foot, now to the other")
            return
        elif 0.2 < right < 0.8:
            self._frame_by_frame(plate, wrench, away, first, last)
            return
        distance = float(mean[SIDES.index(side)])
        if distance > FARTHEST:
            self.notes.append(
                warning(
                    f"its force acts {distance:.2f} m from the nearer foot; given to the {FEET[side]}, "
                    "but axes, origin or trial may be wrong.",
                    plate.name,
                    self.span(first, last),
                )
            )
        if named is not None and named != side:
            self.notes.append(
                warning(
                    f"its name says {FEET[named]}, but the force is on the {FEET[side]} ({distance:.2f} m away); "
                    f"given to the {FEET[side]}.",
                    plate.name,
                    self.span(first, last),
                )
            )
        self._add(plate, wrench, side, first, last, distance)

    def _frame_by_frame(self, plate: Plate, wrench: Wrench, away: Array, first: int, last: int) -> None:
        """Give a contact in which one foot follows the other without a break to both in turn, where it is clear."""
        inside = slice(first, last + 1)
        near = away[inside].min(axis=1)
        clear = (near < UNDER) & (np.abs(away[inside, 0] - away[inside, 1]) > ALIKE)
        nearer = np.where(clear, away[inside].argmin(axis=1), -1)
        for which, side in enumerate(SIDES):
            for start, end in runs(nearer == which):
                distance = float(near[start : end + 1].mean())
                self._add(plate, wrench, side, first + start, first + end, distance)
        for start, end in runs(nearer == -1):
            self._refuse(plate, first + start, first + end, "its force lies between the feet")

    def _refuse(self, plate: Plate, first: int, last: int, why: str) -> None:
        self.usable[first : last + 1] = False
        self.notes.append(
            warning(
                f"which foot it bears is not clear: {why}; not usable.", plate.name, self.span(first, last)
            )
        )

    def _add(self, plate: Plate, wrench: Wrench, side: str, first: int, last: int, distance: float) -> None:
        which, inside = SIDES.index(side), slice(first, last + 1)
        vertical = wrench.force[inside, 1]
        self.force[inside, which] += wrench.force[inside]
        self.about_origin[inside, which] += wrench.about_origin[inside]
        self.weight[inside, which] += vertical
        self.weighted[inside, which] += vertical[:, None] * wrench.point[inside]
        start, end = self.span(first, last)
        self.contacts.append(PlateContact(plate.name, side, start, end, distance, float(vertical.max())))
        cut = [what for what, at in (("begins", first == 0), ("ends", last == len(self.time) - 1)) if at]
        if cut:
            # Standing throughout is a task; a step that begins or ends outside is half a step.
            note = found if len(cut) == 2 else warning
            text = f"a contact is cut: the recording {' and '.join(cut)} within it."
            self.notes.append(note(text, f"{plate.name} {FEET[side]}", (start, end)))

    def _beside_the_plates(self) -> None:
        """Mark feet that rest on the ground without any force: they stand beside the plates."""
        if self.feet is None:
            return
        resting = grounded(self.time, self.feet, still=True)
        for which, side in enumerate(SIDES):
            for first, last in runs(
                resting[:, which] & (self.weight[:, which] == 0.0) & self.usable[:, which]
            ):
                if self.time[last] - self.time[first] >= UNMEASURED:
                    self.usable[first : last + 1, which] = False
                    self.notes.append(
                        warning(
                            "rests on the ground where no plate measures; not usable.",
                            FEET[side],
                            self.span(first, last),
                        )
                    )

    def result(self) -> FootForces:
        self._beside_the_plates()
        loaded = self.weight > 0
        point = np.full_like(self.force, np.nan)
        point[loaded] = self.weighted[loaded] / self.weight[loaded][:, None]
        moment = np.where(
            loaded[..., None], self.about_origin - np.cross(np.nan_to_num(point), self.force), 0.0
        )
        force = self.force
        for array in (force, point, moment):
            array[~self.usable] = np.nan
        return FootForces(
            self.time, force, point, moment, self.usable, tuple(self.contacts), tuple(self.notes)
        )
