"""Units and axes: everything to SI and to the ground axes of the ISB, X forward, Y up, Z to the person's right."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from gerdy.motion.files.content import assumed, found, warning
from gerdy.motion.recording import Angles, Array, Markers, Note, Plate

LENGTHS = {"mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0, "meters": 1.0, "metres": 1.0, "millimeters": 0.001}

# How far apart the markers of one person lie, from one leg with its pelvis to stretched arms (m).
# assumed: the shortest marker set is a shank and a foot, the tallest person 2.3 m.
SPAN = (0.2, 3.0)

HIGH = re.compile(
    r"head|f?hd$|c7|^t\d+|acr|sho|clav|cla$|str?n|stern|asi|psi|sacr|^s[12]$|pelv|hjc|neck|cv7|eye|ear|nose|xiph|^sjn|^man$",
    re.IGNORECASE,
)
LOW = re.compile(
    r"heel|hee$|calc?$|calc|toe|mt\d|met[a.\d]|meta|mal|ank|foot|fcc|fm\d|mf[sl]$|ajc|hallux", re.IGNORECASE
)
HEEL = re.compile(r"heel|hee$|cal$|calc|fcc", re.IGNORECASE)
TOE = re.compile(r"toe|mt[125]|5meta|hallux|fm[125]", re.IGNORECASE)

AXES = "XYZ"

# Proper rotations that bring the named lab axis to Y; rows are the new axes.
_TO_Y = {
    "+Y": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "+Z": [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
    "+X": [[0, -1, 0], [1, 0, 0], [0, 0, 1]],
    "-Y": [[1, 0, 0], [0, -1, 0], [0, 0, -1]],
    "-Z": [[1, 0, 0], [0, 0, -1], [0, 1, 0]],
    "-X": [[0, 1, 0], [-1, 0, 0], [0, 0, 1]],
}

# Turns about Y that bring the named direction to X.
_TO_X = {
    "+X": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "-X": [[-1, 0, 0], [0, 1, 0], [0, 0, -1]],
    "+Z": [[0, 0, 1], [0, 1, 0], [-1, 0, 0]],
    "-Z": [[0, 0, -1], [0, 1, 0], [1, 0, 0]],
}


def up_rotation(up: str) -> Array:
    """Return the rotation (3, 3) that brings ``up`` (+X, -X, +Y, -Y, +Z, -Z) to +Y."""
    return np.array(_TO_Y[up], dtype=float)


def heading_rotation(forward: str) -> Array:
    """Return the rotation (3, 3) about Y that brings ``forward`` (+X, -X, +Z, -Z) to +X."""
    return np.array(_TO_X[forward], dtype=float)


def length_factor(unit: str | None, position: Array) -> tuple[float, list[Note]]:
    """Return what to multiply positions (t, marker, 3) by to get metres, and what that rests on.

    The unit of the header counts unless no person can be that large or small and another unit fits.
    """
    span = _span(position)
    stated = LENGTHS.get((unit or "").strip().casefold())
    fitting = [
        name for name in ("mm", "m", "cm") if span is not None and SPAN[0] <= span * LENGTHS[name] <= SPAN[1]
    ]
    if stated is not None:
        if span is None or SPAN[0] <= span * stated <= SPAN[1]:
            return stated, [found(f"positions in {unit}.")]
        if fitting:
            text = f"the header says {unit}, but then they lie {span * stated:.4g} m apart; read as {fitting[0]}."
            return LENGTHS[fitting[0]], [warning(text)]
        text = f"the markers lie {span * stated:.4g} m apart, which is no person; the header's unit {unit} is kept."
        return stated, [warning(text)]
    name = f"'{unit}' is no unit of length known here" if unit else "the file gives no unit of length"
    if fitting:
        size = f"the markers lie {span:.4g} apart" if span is not None else ""
        return LENGTHS[fitting[0]], [assumed(f"{name}; read as {fitting[0]} because {size}.")]
    return 0.001, [warning(f"{name} and the markers do not tell; read as mm.")]


def _span(position: Array) -> float | None:
    """Return the greatest extent of the markers along one axis in a usual frame; None where too few are seen."""
    seen = np.asarray(np.isfinite(position).all(axis=2))
    frames = np.flatnonzero(seen.sum(axis=1) >= 4)
    if not len(frames):
        return None
    frames = frames[:: max(1, len(frames) // 50)]
    extents = [np.ptp(position[i][seen[i]], axis=0).max() for i in frames]
    return float(np.median(extents))


def up_axis(markers: Markers | None, plates: tuple[Plate, ...], kind: str) -> tuple[str, list[Note]]:
    """Return which axis of the file points up (as ``+Z``) and the evidence: body over feet, else force, else custom."""
    by_body = _up_of_body(markers) if markers else None
    by_force = _up_of_force(plates)
    if by_body and by_force and by_body[1] != by_force[1]:
        return by_body, [
            warning(
                f"body over feet says {by_body} is up, the ground force says {by_force}; the markers are followed, "
                "check the axes of the force plates."
            )
        ]
    if by_body:
        return by_body, [found(f"{by_body} is up: head, trunk and pelvis lie over the feet along it.")]
    if by_force:
        # Which way along the axis is not known from a force that may be given as acting on the plate.
        up = "+" + by_force[1]
        return up, [assumed(f"{up} is up: the ground force lies along it.")]
    if markers is None and not plates:
        return "+Y", []
    custom = "+Z" if kind == "c3d" else "+Y"
    what = "C3D files" if kind == "c3d" else "files of this kind"
    return custom, [assumed(f"{custom} is up, as in most {what}; neither marker names nor forces tell.")]


def _up_of_body(markers: Markers) -> str | None:
    centre = _middle(markers)
    high = [i for i, name in enumerate(markers.names) if HIGH.search(name) and not LOW.search(name)]
    low = [i for i, name in enumerate(markers.names) if LOW.search(name)]
    high = [i for i in high if np.isfinite(centre[i]).all()]
    low = [i for i in low if np.isfinite(centre[i]).all()]
    if not high or not low:
        return None
    difference = centre[high].mean(axis=0) - centre[low].mean(axis=0)
    return _clear_axis(difference)


def _up_of_force(plates: tuple[Plate, ...]) -> str | None:
    total = np.zeros(3)
    for plate in plates:
        size = np.sqrt((plate.force**2).sum(axis=1))
        loaded = size > 0.2 * np.nanmax(size) if np.isfinite(size).any() and np.nanmax(size) > 0 else size > 1
        if loaded.any():
            total += plate.force[loaded].sum(axis=0)
    return _clear_axis(total) if total.any() else None


def _clear_axis(direction: Array) -> str | None:
    axis = int(np.abs(direction).argmax())
    others = np.delete(np.abs(direction), axis)
    if np.abs(direction[axis]) < 1.5 * others.max():
        return None
    return ("+" if direction[axis] > 0 else "-") + AXES[axis]


def _middle(markers: Markers) -> Array:
    """Return the mean place of every marker (marker, 3) m where it is seen, NaN if never."""
    seen = np.isfinite(markers.position)
    count = seen.sum(axis=0)
    total = np.where(seen, markers.position, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def sides(names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the places of markers that come in pairs: (right, left)."""
    place = {name.casefold(): i for i, name in enumerate(names)}
    pairs = []
    for i, name in enumerate(names):
        low = name.casefold()
        others = []
        if low.startswith("r"):
            others.append("l" + low[1:])
        if low.startswith("right"):
            others.append("left" + low[5:])
        if low.endswith(("_r", ".r")):
            others.append(low[:-1] + "l")
        pairs += [(i, place[other]) for other in others if other in place][:1]
    return pairs


def heading(markers: Markers) -> tuple[str, list[Note]]:
    """Return which horizontal direction the person mostly faces (as ``-X``), Y being up, and the evidence.

    Faces: up x (left to right); checked against heel to toe.
    """
    pairs = sides(markers.names)
    right = _mean_direction([markers.position[:, r] - markers.position[:, left] for r, left in pairs])
    heels = [i for i, name in enumerate(markers.names) if HEEL.search(name)]
    toes = [i for i, name in enumerate(markers.names) if TOE.search(name)]
    feet = _mean_direction(
        [
            markers.position[:, t] - markers.position[:, h]
            for h in heels
            for t in toes
            if _same_side(markers, h, t)
        ]
    )
    if right is None and feet is None:
        return "+X", [assumed("+X is forward: no pairs of left and right markers tell.")]
    notes: list[Note] = []
    forward: Array
    if right is not None:
        forward = np.array([right[2], 0.0, -right[0]])  # Y x right
    elif feet is not None:
        forward = feet
    if right is not None and feet is not None and float(forward @ feet) < -0.3:
        notes.append(
            warning(
                "left and right markers say the person faces one way, heels and toes the other: "
                "sides are swapped or the axes are mirrored."
            )
        )
        forward = feet
    axis = 0 if abs(forward[0]) >= abs(forward[2]) else 2
    direction = ("+" if forward[axis] > 0 else "-") + AXES[axis]
    angle = float(np.degrees(np.arctan2(-forward[2], forward[0])))
    notes.append(found(f"the person faces {direction} ({angle:.0f} degrees from +X about the vertical)."))
    return direction, notes


def _same_side(markers: Markers, a: int, b: int) -> bool:
    return markers.names[a][:1].casefold() == markers.names[b][:1].casefold()


def _mean_direction(vectors: list[Array]) -> Array | None:
    """Return the mean horizontal direction (3,) of vectors (t, 3); None where they cancel out."""
    total = np.zeros(3)
    number = 0
    for vector in vectors:
        flat = vector[np.isfinite(vector).all(axis=1)] * [1.0, 0.0, 1.0]
        size = np.linalg.norm(flat, axis=1)
        flat = flat[size > 1e-6] / size[size > 1e-6, None]
        total += flat.sum(axis=0)
        number += len(flat)
    if not number or np.linalg.norm(total) < 0.2 * number:
        return None
    return np.asarray(total / np.linalg.norm(total))


def turned_markers(markers: Markers, rotation: Array) -> Markers:
    """Return markers in other axes; ``rotation`` (3, 3) has the new axes as rows."""
    return replace(markers, position=markers.position @ rotation.T)


def turned_plate(plate: Plate, rotation: Array) -> Plate:
    """Return a plate in other axes; ``rotation`` (3, 3) has the new axes as rows."""
    corners = None if plate.corners is None else plate.corners @ rotation.T
    return replace(
        plate,
        force=plate.force @ rotation.T,
        point=plate.point @ rotation.T,
        moment=plate.moment @ rotation.T,
        corners=corners,
    )


def rotational(name: str) -> bool:
    """Return whether a coordinate is an angle: everything but translations (``pelvis_tx``, ``..._ty``, ``..._tz``)."""
    return not name.casefold().endswith(("_tx", "_ty", "_tz"))


# A joint moves further than this in degrees and never in radians.
# assumed: no coordinate but the heading of the whole body leaves +-3.3 rad.
RADIANS = 3.3
# assumed: somebody whose every joint stays within 1.6 degrees all the time is written in radians.
STILL = 1.6


def angles_in_radians(
    names: tuple[str, ...], value: Array, in_degrees: bool | None
) -> tuple[Array, list[Note]]:
    """Return coordinates (t, coordinate) in rad and m, from a file that says, or does not say, that it uses degrees."""
    turning = np.array([rotational(name) for name in names], dtype=bool)
    joints = np.array([rotational(n) and "pelvis_rotation" not in n for n in names], dtype=bool)
    shown = np.abs(value[:, joints])
    largest = float(shown[np.isfinite(shown)].max()) if np.isfinite(shown).any() else 0.0
    notes: list[Note] = []
    if in_degrees is None:
        in_degrees = largest > RADIANS
        unit = "degrees" if in_degrees else "radians"
        notes.append(assumed(f"angles in {unit}: the header does not say, the largest is {largest:.3g}."))
    elif not in_degrees and largest > RADIANS:
        in_degrees = True
        notes.append(
            warning(
                f"the header says radians, but a joint reaches {largest:.3g}; angles are read as degrees."
            )
        )
    else:
        notes.append(found(f"angles in {'degrees' if in_degrees else 'radians'}."))
        if in_degrees and 0 < largest < STILL:
            notes.append(
                warning(
                    f"the header says degrees, but no joint leaves {largest:.2g} degrees; "
                    "if these are radians, write inDegrees=no."
                )
            )
    result = value.copy()
    if in_degrees:
        result[:, turning] = np.radians(result[:, turning])
    return result, notes


def knee_note(angles: Angles) -> list[Note]:
    """Return a note where the knee flexes in the negative direction, as in the gait2392 family of models."""
    notes = []
    for name in ("knee_angle_r", "knee_angle_l"):
        if name in angles.names:
            knee = angles.value[:, angles.names.index(name)]
            knee = knee[np.isfinite(knee)]
            if len(knee) and knee.min() < -0.35 and knee.max() < 0.2:
                notes.append(
                    assumed(
                        "flexion is negative, as in the gait2392 family of models; a model of the Rajagopal family "
                        "needs the other sign.",
                        name,
                    )
                )
    return notes


__all__ = [
    "angles_in_radians",
    "heading",
    "heading_rotation",
    "knee_note",
    "length_factor",
    "rotational",
    "sides",
    "turned_markers",
    "turned_plate",
    "up_axis",
    "up_rotation",
]
