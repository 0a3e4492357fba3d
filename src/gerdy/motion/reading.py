"""Read a recording from whichever files it is in: merged, in SI units and ISB axes, with a note on every decision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from gerdy.errors import FileError
from gerdy.motion.files.c3d import read_c3d
from gerdy.motion.files.content import Content, assumed, found, some, warning
from gerdy.motion.files.storage import read_storage
from gerdy.motion.files.trc import read_trc
from gerdy.motion.forces import clean_plates
from gerdy.motion.frames import (
    heading,
    heading_rotation,
    turned_markers,
    turned_plate,
    up_axis,
    up_rotation,
)
from gerdy.motion.gaps import fill_gaps
from gerdy.motion.recording import Array, Markers, Motion, Note, Plate

READERS = {".trc": read_trc, ".c3d": read_c3d, ".mot": read_storage, ".sto": read_storage}


def read_motion(path: str | Path, forces: str | Path | None = None, *, name: str | None = None) -> Motion:
    """Return the recording in a TRC, C3D, MOT or STO file, with ground forces from a second file if they are apart.

    Everything is in SI units and ISB ground axes (X forward, Y up, Z right); forces act on the person. Notes say what
    units, axes and rates were found or assumed, and what was repaired.

    Raises
    ------
    FileError
        Naming file, line and column of what cannot be understood.
    """
    contents = [_read(path)]
    if forces is not None:
        second = _read(forces)
        if not second.plates:
            raise FileError(
                f"{forces}: holds no ground force; columns such as ground_force_r_vx, ground_force_r_px "
                "and ground_torque_r_x are needed, or force plates in a C3D file."
            )
        contents.append(second)
    notes: list[Note] = []
    upright = [_upright(content, notes) for content in contents]
    main = upright[0]
    plates = tuple(plate for content in upright for plate in content.plates)
    if forces is not None and main.plates:
        plates = upright[1].plates
        notes.append(warning(f"both files hold ground forces; those of {Path(forces).name} are used."))
    markers = main.markers or upright[-1].markers
    angles = main.angles if main.angles is not None else upright[-1].angles
    if markers is not None:
        markers, plates = _forward(markers, plates, notes, turnable=angles is None)
        markers, more = fill_gaps(markers)
        notes += more
        if not markers.names:
            raise FileError(f"{path}: no marker is seen in a tenth of the frames; nothing to follow.")
    plates, more = clean_plates(plates)
    notes += more
    other = {key: value for content in upright for key, value in content.other.items()}
    motion = Motion(
        name=name or Path(path).stem,
        sources=tuple(str(content.path) for content in contents),
        markers=markers,
        plates=plates,
        angles=angles,
        other=other,
        notes=(),
    )
    heard = [_of(note, content, len(contents)) for content in contents for note in content.notes]
    return motion.noting(*heard, *notes, *_together(motion))


def _forward(
    markers: Markers, plates: tuple[Plate, ...], notes: list[Note], *, turnable: bool
) -> tuple[Markers, tuple[Plate, ...]]:
    """Return markers and plates turned by quarter turns until the person faces +X."""
    direction, more = heading(markers)
    notes += more
    if direction == "+X":
        return markers, plates
    if not turnable:
        notes.append(
            warning(f"the person faces {direction}; left so, because the angles beside it are as they are.")
        )
        return markers, plates
    rotation = heading_rotation(direction)
    notes.append(assumed(f"turned about the vertical so that {direction} becomes X, forward."))
    return turned_markers(markers, rotation), tuple(turned_plate(plate, rotation) for plate in plates)


def _read(path: str | Path) -> Content:
    suffix = Path(path).suffix.casefold()
    reader = READERS.get(suffix)
    if reader is None:
        raise FileError(f"{path}: '{suffix}' is no kind of recording; give a .trc, .c3d, .mot or .sto file.")
    return reader(path)


def _of(note: Note, content: Content, files: int) -> Note:
    """Return a note that names its file where there are two."""
    return note if files == 1 else replace(note, text=f"{note.text} [{Path(content.path).name}]")


def _upright(content: Content, notes: list[Note]) -> Content:
    up, more = up_axis(content.markers, content.plates, content.kind)
    if content.markers is not None or content.plates:
        notes += more
    if up == "+Y":
        return content
    rotation = up_rotation(up)
    notes.append(found(f"turned so that {up} of {Path(content.path).name} becomes Y, up."))
    return replace(
        content,
        markers=turned_markers(content.markers, rotation) if content.markers is not None else None,
        plates=tuple(turned_plate(plate, rotation) for plate in content.plates),
    )


def _together(motion: Motion) -> list[Note]:
    """Return warnings where the parts of a recording do not fit together in time or place."""
    notes: list[Note] = []
    clocks: dict[str, Array] = {}
    if motion.markers is not None:
        clocks["markers"] = motion.markers.time
    if motion.angles is not None:
        clocks["angles"] = motion.angles.time
    main = next(iter(clocks), None)
    if main is None or not motion.plates:
        return notes
    first, last = float(clocks[main][0]), float(clocks[main][-1])
    apart = [p.name for p in motion.plates if p.time[-1] < first or p.time[0] > last]
    if apart:
        start, end = float(motion.plates[0].time[0]), float(motion.plates[0].time[-1])
        notes.append(
            warning(
                f"the {main} last from {first:g} to {last:g} s, "
                f"the forces of {some(apart)} from {start:g} to {end:g} s: "
                "they are not of the same trial, or one clock starts elsewhere."
            )
        )
        return notes
    step = (last - first) / max(1, len(clocks[main]) - 1)
    late = max(float(p.time[0]) for p in motion.plates)
    early = min(float(p.time[-1]) for p in motion.plates)
    if late > first + step:
        notes.append(
            warning(f"forces begin only at {late:g} s, the {main} at {first:g} s.", time=(first, late))
        )
    if early < last - step:
        notes.append(warning(f"forces end at {early:g} s, the {main} at {last:g} s.", time=(early, last)))
    notes += _distance(motion)
    return notes


def _distance(motion: Motion) -> list[Note]:
    """Return a warning where a force acts far from every marker: other axes, or another trial."""
    if motion.markers is None:
        return []
    notes = []
    for plate in motion.plates:
        loaded = np.flatnonzero(plate.force[:, 1] > 0.5 * np.nanmax(np.append(plate.force[:, 1], 0.0)))
        loaded = loaded[np.isfinite(plate.point[loaded]).all(axis=1)]
        loaded = loaded[
            (plate.time[loaded] >= motion.markers.time[0]) & (plate.time[loaded] <= motion.markers.time[-1])
        ]
        if not len(loaded):
            continue
        loaded = loaded[:: max(1, len(loaded) // 20)]
        at = np.clip(
            np.searchsorted(motion.markers.time, plate.time[loaded]), 0, len(motion.markers.time) - 1
        )
        apart = motion.markers.position[at][:, :, [0, 2]] - plate.point[loaded][:, None, [0, 2]]
        nearest = [
            d[np.isfinite(d)].min() for d in np.hypot(apart[..., 0], apart[..., 1]) if np.isfinite(d).any()
        ]
        if nearest and float(np.median(nearest)) > 0.4:
            notes.append(
                warning(
                    f"its force acts {float(np.median(nearest)):.2g} m from the nearest marker: "
                    "other axes, another origin, or another trial.",
                    plate.name,
                )
            )
    return notes
