"""Small recordings made up for tests: a person standing and stepping, and the files they are written to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ezc3d
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# X forward, Y up, Z right; m.
BODY = {
    "C7": (-0.05, 1.50, 0.0),
    "RASI": (0.1, 1.00, 0.12),
    "LASI": (0.1, 1.00, -0.12),
    "SACR": (-0.1, 1.02, 0.0),
    "RKNE": (0.02, 0.50, 0.14),
    "LKNE": (0.02, 0.50, -0.14),
    "RHEE": (-0.06, 0.05, 0.10),
    "RTOE": (0.14, 0.04, 0.10),
    "LHEE": (-0.06, 0.05, -0.10),
    "LTOE": (0.14, 0.04, -0.10),
}
NAMES = tuple(BODY)


def body(frames: int = 50, rate: float = 100.0) -> tuple[Array, Array]:
    """Return time (t,) s and markers (t, marker, 3) m of a person swaying a little over still feet."""
    time = np.arange(frames) / rate
    place = np.array(list(BODY.values()))
    sway = 0.02 * np.sin(2 * np.pi * time)[:, None, None] * (place[:, 1] / 1.5)[None, :, None]
    return time, place[None] + sway * np.array([1.0, 0.0, 0.5])


def write_trc(
    path: Path,
    time: Array,
    position: Array,
    names: Sequence[str] = NAMES,
    *,
    unit: str = "m",
    rate: float | None = 100.0,
    tabs: int = 3,
    blank: bool = True,
    time_word: str = "Time",
    count: int | None = None,
    frames: int | None = None,
    end: str = "\n",
    trailing: str = "",
    digits: int = 6,
    time_digits: int = 6,
) -> Path:
    count, frames = len(names) if count is None else count, len(time) if frames is None else frames
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate:g}\t{rate:g}\t{frames}\t{count}\t{unit}\t{rate:g}\t1\t{frames}"
        if rate
        else f"\t\t{frames}\t{count}",
        f"Frame#\t{time_word}\t{'' if tabs == 3 else chr(9)}" + ("\t" * tabs).join(names),
        "\t\t" + "\t".join(f"{axis}{i + 1}" for i in range(len(names)) for axis in "XYZ"),
    ]
    rows = []
    for i, moment in enumerate(time):
        cells = ["" if np.isnan(v) else f"{v:.{digits}f}" for v in position[i].ravel()]
        rows.append("\t".join([str(i + 1), f"{moment:.{time_digits}f}", *cells]) + trailing)
    path.write_bytes(
        end.join([line + trailing for line in head] + ([""] if blank else []) + rows + [""]).encode()
    )
    return path


def force_columns(right: Array, left: Array, style: str = "opensim") -> dict[str, Array]:
    """Return columns for two feet standing at their places under these vertical forces (t,) N."""
    columns: dict[str, Array] = {}
    styles = {
        "opensim": ("ground_force_r_v{}", "ground_force_r_p{}", "ground_torque_r_{}"),
        "letters": ("R_ground_force_v{}", "R_ground_force_p{}", "R_ground_torque_{}"),
        "numbers": ("ground_force_1_v{}", "ground_force_1_p{}", "ground_force_1_m{}"),
        "old": ("ground_force_v{}", "ground_force_p{}", "ground_torque_{}"),
        "moments": ("ground_force_1_v{}", "ground_force_1_p{}", "ground_moment_1_m{}"),
        "bodies": ("ground_force_calcn_r_v{}", "ground_force_calcn_r_p{}", "ground_torque_calcn_r_v{}"),
        "short": ("f1_{}", "p1_{}", "m1_{}"),
    }
    for place, vertical in enumerate((right, left)):
        parts = styles[style]
        if place == 1:
            swap = {
                "opensim": ("_r_", "_l_"),
                "letters": ("R_", "L_"),
                "bodies": ("_r_", "_l_"),
                "short": ("1_", "2_"),
            }
            old, new = swap.get(style, ("_1_", "_2_"))
            parts = tuple(f"1_{p}" if style == "old" else p.replace(old, new) for p in styles[style])  # type: ignore[assignment]
        zero = np.zeros_like(vertical)
        point = (zero + 0.04, zero, zero + (0.10 if place == 0 else -0.10))
        for pattern, values in zip(
            parts, ((0.02 * vertical, vertical, zero), point, (zero, 0.005 * vertical, zero)), strict=True
        ):
            for axis, value in zip("xyz", values, strict=True):
                columns[pattern.format(axis)] = value
    return columns


def write_mot(
    path: Path,
    time: Array,
    columns: dict[str, Array],
    *,
    head: Sequence[str] = ("table", "version=1", "nRows={rows}", "nColumns={columns}", "endheader"),
    separator: str = "\t",
    word: str = "time",
    end: str = "\n",
    trailing: str = "",
) -> Path:
    lines = [line.format(rows=len(time), columns=len(columns) + 1) + trailing for line in head]
    lines.append(separator.join([word, *columns]) + trailing)
    table = np.column_stack([time, *columns.values()])
    lines += [separator.join("" if np.isnan(v) else repr(float(v)) for v in row) + trailing for row in table]
    path.write_bytes((end.join(lines) + end).encode())
    return path


def write_c3d(
    path: Path,
    position: Array,
    vertical: Array | None = None,
    *,
    names: Sequence[str] = NAMES,
    unit: str = "mm",
    rate: float = 100.0,
    sign: float = 1.0,
    place: tuple[float, float] = (40.0, -100.0),
    emg: bool = False,
) -> Path:
    """Write markers (ISB axes, m) in a lab with Z up, and one plate bearing ``vertical`` (10 samples a frame) N.

    ``place`` (mm, lab axes) is where the force acts.
    """
    c3d = ezc3d.c3d()
    points = np.ones((4, len(names), len(position)))
    points[:3] = (position @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]).T).transpose(2, 1, 0) * 1000
    c3d["parameters"]["POINT"]["RATE"]["value"] = [rate]
    c3d["parameters"]["POINT"]["LABELS"]["value"] = list(names)
    c3d["parameters"]["POINT"]["UNITS"]["value"] = [unit]
    c3d["data"]["points"] = points
    if vertical is not None:
        analog = np.zeros((1, 7 if emg else 6, len(vertical)))
        # The plate's own axes: its z points down, its x against the lab's.
        analog[0, 2] = -sign * vertical
        analog[0, 3] = (place[1] + 450.0) * analog[0, 2]
        analog[0, 4] = -(300.0 - place[0]) * analog[0, 2]
        analog[0, 5] = 5.0 * analog[0, 2]  # a free moment of 5 mm times the force
        if emg:
            analog[0, 6] = np.arange(len(vertical))
        c3d["data"]["analogs"] = analog
        labels = ["Fx1", "Fy1", "Fz1", "Mx1", "My1", "Mz1"] + (["EMG"] if emg else [])
        c3d["parameters"]["ANALOG"]["RATE"]["value"] = [rate * 10]
        c3d["parameters"]["ANALOG"]["LABELS"]["value"] = labels
        c3d["parameters"]["ANALOG"]["UNITS"]["value"] = (["N"] * 3 + ["Nmm"] * 3 + ["V"])[: len(labels)]
        corners = np.array([[0.0, 600, 600, 0], [0, 0, -900, -900], [0, 0, 0, 0]])[:, :, None]
        plate: dict[str, object] = {
            "USED": [1],
            "TYPE": [2],
            "ZERO": [1, 0],
            "CORNERS": corners,
            "ORIGIN": np.zeros((3, 1)),
            "CHANNEL": np.arange(1.0, 7.0).reshape(6, 1),
        }
        for key, value in plate.items():
            c3d.add_parameter("FORCE_PLATFORM", key, value)
        for key in ("USED", "TYPE", "ZERO", "CHANNEL"):
            parameter = c3d["parameters"]["FORCE_PLATFORM"][key]
            parameter["type"], parameter["value"] = 2, np.array(parameter["value"]).astype(int)
    c3d.write(str(path))
    return path


def texts(notes: Sequence[object], kind: str = "") -> str:
    """Return notes as one text, of one kind only where asked."""
    return "\n".join(str(note) for note in notes if str(note).startswith(kind))
