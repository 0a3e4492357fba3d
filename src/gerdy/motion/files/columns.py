"""What the columns of a MOT or STO file are, from their names: ground forces, coordinates, or something else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from gerdy.motion.files.content import assumed, found, warning
from gerdy.motion.recording import Array, Note, Plate

WORDS = {"ground", "force", "torque", "moment", "grf", "grm", "reaction", "cop"}
LAST = re.compile(r"^(?P<kind>[vfpmt]?)(?P<axis>[xyz])$")
# f1_1, p1_2, m1_3 or f1x: how tables made from C3D files are flattened.
SHORT = re.compile(r"^(?P<kind>[fpm])(?P<plate>\d+)_?(?P<axis>[xyz123])$")
VALUE = re.compile(r"^/.*/(?P<name>[^/]+)/value$")
COORDINATE = re.compile(
    r"^(pelvis_(tilt|list|rotation|t[xyz])|(hip_(flexion|adduction|rotation)|knee_(angle|adduction|rotation|flexion)"
    r"|ankle_angle|subtalar_angle|mtp_angle|arm_(flex|add|rot)|elbow_flex(ion)?|pro_sup|wrist_(flex|dev))_[rl](_beta)?"
    r"|(lumbar|thorax|neck|back)_(extension|bending|rotation|flexion))$"
)
# Columns that stand beside coordinates but are none.
BESIDE = re.compile(
    r"(_moment|_force|_activation|_excitation|_speed|_acc|_u|_power|_length)$|^(emg|stim)", re.IGNORECASE
)


@dataclass
class Columns:
    """Where (column without time) each force component, coordinate and other column stands."""

    forces: dict[str, dict[tuple[str, int], int]] = field(default_factory=dict)
    coordinates: dict[str, int] = field(default_factory=dict)
    other: dict[str, int] = field(default_factory=dict)

    def plates(self, time: Array, values: Array, notes: list[Note]) -> tuple[Plate, ...]:
        """Return a plate for each family of force columns (force N, point m, moment N m, as written)."""
        return tuple(
            plate
            for name, places in self.forces.items()
            if (plate := _plate(name, places, time, values, notes)) is not None
        )


def sort_columns(names: tuple[str, ...], title: str) -> Columns:
    """Return what each column of a file is; ``title`` is its first line ("Coordinates" in files of angles)."""
    columns = Columns()
    rest: dict[str, int] = {}
    stems: dict[str, str] = {}
    for i, name in enumerate(names):
        parts = force_column(name)
        if parts is None:
            rest[name] = i
            continue
        key, kind, axis, stem = parts
        if kind == "force" or key not in stems:
            stems[key] = stem if kind == "force" else stems.get(key, stem)
        columns.forces.setdefault(key, {})[(kind, axis)] = i
    columns.forces = {stems[key]: places for key, places in columns.forces.items()}
    # Only a file that says it holds coordinates may name them as it likes.
    coordinates = title.strip().casefold().startswith("coordinates")
    for name, i in rest.items():
        plain = coordinates and "/" not in name and not BESIDE.search(name)
        if VALUE.match(name) or plain or COORDINATE.match(name):
            columns.coordinates.setdefault(short(name), i)
        else:
            columns.other[name.strip("/")] = i
    return columns


def short(name: str) -> str:
    """Return a coordinate's name without its path: ``/jointset/hip_r/hip_flexion_r/value`` is ``hip_flexion_r``."""
    match = VALUE.match(name)
    return match["name"] if match else name


def force_column(name: str) -> tuple[str, str, int, str] | None:
    """Return (plate key, ``force``/``point``/``moment``, axis 0-2, plate name) of a force column; None for others."""
    low = name.casefold()
    match = SHORT.match(low)
    if match:
        kind = {"f": "force", "p": "point", "m": "moment"}[match["kind"]]
        axis = "xyz".find(match["axis"]) if match["axis"] in "xyz" else int(match["axis"]) - 1
        return match["plate"], kind, axis, match["plate"]
    words = [word for word in re.split(r"[_.\s]+", low) if word]
    if len(words) < 2 or not WORDS.intersection(words[:-1]):
        return None
    last = LAST.match(words[-1])
    if last is None:
        return None
    turning = {"torque", "moment", "grm"}.intersection(words)
    if last["kind"] == "p" or "cop" in words:
        kind = "point"
    elif last["kind"] in ("m", "t") or turning:
        kind = "moment"
    else:
        kind = "force"
    key = "_".join(word for word in words[:-1] if word not in WORDS)
    stem = re.sub(r"[_.\s]*[^_.\s]+$", "", name)
    return key, kind, "xyz".index(last["axis"]), stem


def plate_side(name: str) -> str | None:
    """Return the foot (``r`` or ``l``) that the name of a plate speaks of; None if it speaks of none."""
    words = set(re.split(r"[_.\s]+", name.casefold()))
    right, left = bool(words & {"r", "right", "rt"}), bool(words & {"l", "left", "lt"})
    return None if right == left else "r" if right else "l"


def _plate(
    name: str, places: dict[tuple[str, int], int], time: Array, values: Array, notes: list[Note]
) -> Plate | None:
    def part(kind: str) -> Array:
        result = np.full((len(time), 3), 0.0)
        for axis in range(3):
            if (kind, axis) in places:
                result[:, axis] = values[:, places[kind, axis]]
        return result

    has = {kind: sum((kind, axis) in places for axis in range(3)) for kind in ("force", "point", "moment")}
    if has["force"] == 0:
        notes.append(warning("moments or points without a force; left out.", name))
        return None
    if has["force"] < 3:
        notes.append(
            warning(f"has only {has['force']} of 3 force components; the others are taken as zero.", name)
        )
    force, point, moment = part("force"), part("point"), part("moment")
    if has["point"] == 0 and has["moment"] == 0:
        notes.append(warning("has neither a point nor a moment, so where the force acts is not known.", name))
        point[:] = np.nan
    elif has["point"] == 0:
        notes.append(assumed("has no point; its moments are taken about the origin of the lab.", name))
    elif has["point"] == 2:
        notes.append(assumed("has two of three coordinates of its point; the third is taken as zero.", name))
    if has["moment"] == 0:
        notes.append(assumed("has no free moment; taken as zero.", name))
    if not np.isfinite(force).any():
        notes.append(warning("holds no number; left out.", name))
        return None
    notes.append(found(f"ground force from columns like {name}_vy.", name))
    return Plate(name, time, force, point, moment)
