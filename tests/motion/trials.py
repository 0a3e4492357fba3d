"""Real recordings as plain arrays, read here and nowhere else so that these tests need no reader of Gerdy's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gerdy.motion.contacts import Side
from gerdy.motion.events import Force
from gerdy.motion.recording import Array

SHOE = {"heel_r": "RCAL", "toe_r": "RTOE", "heel_l": "LCAL", "toe_l": "LTOE"}
CLINIC = {
    "heel_r": "r_calc",
    "toe_r": "r_toe",
    "heel_l": "L_calc",
    "toe_l": "L_toe",
    "hip_r": "R_HJC",
    "hip_l": "L_HJC",
}
EARLY = {"heel_r": "R.Heel", "toe_r": "R.Toe.Tip", "heel_l": "L.Heel", "toe_l": "L.Toe.Tip"}


def markers(path: Path, names: dict[str, str]) -> tuple[Array, dict[str, Array]]:
    """Time and some markers, renamed, gaps bridged by straight lines."""
    lines = path.read_text().splitlines()
    labels = [name for name in lines[3].split("\t")[2:] if name.strip()]
    scale = 0.001 if lines[2].split("\t")[4].strip() == "mm" else 1.0
    rows = []
    for line in lines[5:]:
        cells = line.split("\t")[1 : 2 + 3 * len(labels)]
        if len(cells) > 1:
            rows.append([float(cell) if cell.strip() else np.nan for cell in cells])
    width = max(len(row) for row in rows)
    table = np.array([row + [np.nan] * (width - len(row)) for row in rows])
    time, found = table[:, 0], {}
    for name, label in names.items():
        first = 1 + 3 * labels.index(label)
        place = scale * table[:, first : first + 3]
        for axis in range(3):
            seen = np.isfinite(place[:, axis])
            place[:, axis] = np.interp(time, time[seen], place[seen, axis])
        found[name] = place
    return time, found


def columns(path: Path) -> dict[str, Array]:
    """The columns of a .mot file by name."""
    rows = [line.split() for line in path.read_text().split("endheader")[1].strip().splitlines()]
    table = np.array(rows[1:], dtype=np.float64)
    return {name: table[:, place] for place, name in enumerate(rows[0])}


def forces(path: Path, right: str, left: str) -> dict[Side, Force]:
    """The vertical force under each foot."""
    table = columns(path)
    return {"r": (table["time"], table[right]), "l": (table["time"], table[left])}
