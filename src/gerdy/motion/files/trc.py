"""TRC marker files in the dialects that are met.

Millimetres or metres, one to three tabs a marker, with or without a blank line, with a count that may be wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gerdy.errors import FileError
from gerdy.motion.files.clock import sort_clock
from gerdy.motion.files.content import Content, found, repaired, warning
from gerdy.motion.files.text import read_lines, read_numbers
from gerdy.motion.frames import length_factor
from gerdy.motion.recording import Array, Markers, Note

COORDINATE = re.compile(r"[xyz]\d*", re.IGNORECASE)


@dataclass(frozen=True)
class _Header:
    names: list[str]
    first: int  # index of the first line of numbers
    keys: dict[str, str]
    line: int  # number of the line with the names, from 1
    notes: list[Note]


def read_trc(path: str | Path) -> Content:
    """Return the markers of a TRC file, in metres and in the axes of the file.

    Raises
    ------
    FileError
        Naming line and column of what cannot be understood.
    """
    lines = read_lines(path)
    header = _header(lines, path)
    labels = ["Frame#", "Time", *(f"{name}.{axis}" for name in header.names for axis in "xyz")]
    table, notes = read_numbers(lines[header.first :], header.first + 1, labels, path, group=3)
    notes = header.notes + notes
    rate = _quantity(header.keys.get("datarate"))
    time, values, more = sort_clock(
        table[:, 1], np.ascontiguousarray(table[:, 2:]), path, line=header.first + 1, stated=rate
    )
    notes += more + _counts(header, len(table))
    position = values.reshape(len(time), -1, 3)
    position = _blank_zeros(position, header.names, notes)
    names, position = unique_markers(header.names, position, notes)
    factor, more = length_factor(header.keys.get("units"), position)
    notes += more
    markers = Markers(time, names, position * factor)
    if len(time) > 1:
        span = (float(time[0]), float(time[-1]))
        notes.insert(
            0, found(f"{len(names)} markers, {len(time)} frames at {markers.rate:.4g} a second.", time=span)
        )
    return Content(str(path), "trc", markers=markers, notes=tuple(notes))


def _header(lines: list[str], path: str | Path) -> _Header:
    at = next((i for i, line in enumerate(lines[:40]) if line.strip().casefold().startswith("frame")), None)
    if at is None:
        raise FileError(
            f"{path}:4: no line of marker names; a TRC file has one that begins with 'Frame#', 'Time', usually the 4th."
        )
    keys: dict[str, str] = {}
    for i, line in enumerate(lines[:at]):
        if line.strip().casefold().startswith("datarate") and i + 1 < at:
            keys = dict(zip(line.casefold().split(), lines[i + 1].split(), strict=False))
    notes: list[Note] = []
    first = at + 1
    axes: list[str] = []
    while first < len(lines) and not _numeric(lines[first]):
        words = lines[first].split()
        if words and all(COORDINATE.fullmatch(word) for word in words):
            axes = words
        elif words:
            raise FileError(
                f"{path}:{first + 1}: '{' '.join(words)[:40]}' is neither the line of X, Y, Z nor a row of numbers."
            )
        first += 1
    names = _names(lines[at], len(axes), at + 1, path, notes)
    return _Header(names, first, keys, at + 1, notes)


def _numeric(line: str) -> bool:
    words = line.split()
    if not words:
        return False
    try:
        float(words[0])
    except ValueError:
        return False
    return True


def _names(line: str, axes: int, number: int, path: str | Path, notes: list[Note]) -> list[str]:
    cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else line.split()
    names = [cell for cell in cells[2:] if cell]
    if not names:
        raise FileError(
            f"{path}:{number}: names no marker; after 'Frame#' and 'Time' every marker needs a name."
        )
    if not axes or 3 * len(names) == axes:
        return names
    if axes % 3:
        raise FileError(f"{path}:{number + 1}: has {axes} coordinates; every marker needs X, Y and Z.")
    # A marker without a name leaves its place blank, three cells a marker.
    slots = [cells[2 + 3 * i] if 2 + 3 * i < len(cells) else "" for i in range(axes // 3)]
    if [name for name in slots if name] == names and len(names) < len(slots):
        notes.append(warning(f"{len(slots) - len(names)} of {len(slots)} markers have no name."))
        return [name or f"*{i + 1}" for i, name in enumerate(slots)]
    raise FileError(
        f"{path}:{number}: names {len(names)} markers but line {number + 1} has coordinates for {axes // 3}; "
        "give every marker one name and X, Y, Z."
    )


def _counts(header: _Header, rows: int) -> list[Note]:
    notes: list[Note] = []
    markers = _quantity(header.keys.get("nummarkers"))
    if markers is not None and markers != len(header.names):
        notes.append(
            warning(f"the header counts {markers:g} markers, line {header.line} names {len(header.names)}.")
        )
    frames = _quantity(header.keys.get("numframes"))
    if frames is not None and frames > rows:
        notes.append(
            warning(
                f"the header counts {frames:g} frames, the file has {rows}: it is cut off or was trimmed."
            )
        )
    elif frames is not None and frames < rows:
        notes.append(warning(f"the header counts {frames:g} frames, the file has {rows}; all are used."))
    return notes


def _quantity(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _blank_zeros(position: Array, names: list[str], notes: list[Note]) -> Array:
    """Return positions with NaN for markers exactly at the origin: that is how some programs write a gap."""
    zero = (position == 0.0).all(axis=2)
    if not zero.any():
        return position
    where = [names[i] for i in np.flatnonzero(zero.any(axis=0))]
    notes.append(
        repaired(
            f"{int(zero.sum())} positions at exactly 0, 0, 0 read as gaps ({len(where)} markers).",
            where[0] if len(where) == 1 else None,
        )
    )
    position = position.copy()
    position[zero] = np.nan
    return position


def unique_markers(names: list[str], position: Array, notes: list[Note]) -> tuple[tuple[str, ...], Array]:
    """Return names and positions (t, marker, 3) with one column for each name: the more complete one."""
    seen = np.isfinite(position).all(axis=2).sum(axis=0)
    best: dict[str, int] = {}
    for i, name in enumerate(names):
        if name not in best:
            best[name] = i
            continue
        kept, dropped = (best[name], i) if seen[best[name]] >= seen[i] else (i, best[name])
        if np.array_equal(position[:, kept], position[:, dropped], equal_nan=True):
            notes.append(repaired("given twice with the same positions; one is kept.", name))
        else:
            notes.append(
                warning(
                    f"given twice with different positions; the one with {seen[kept]} frames is kept, "
                    f"the one with {seen[dropped]} left out.",
                    name,
                )
            )
        best[name] = kept
    order = sorted(best.values())
    return tuple(names[i] for i in order), position[:, order]
