"""MOT and STO tables, in the dialects that are met: any header, tabs or blanks, angles and forces in one file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gerdy.errors import FileError
from gerdy.motion.files.clock import sort_clock
from gerdy.motion.files.columns import sort_columns
from gerdy.motion.files.content import Content, found, some, warning
from gerdy.motion.files.text import read_lines, read_numbers
from gerdy.motion.frames import angles_in_radians, knee_note
from gerdy.motion.recording import Angles, Array, Note

TIMES = {"time", "times", "#time", "t", "time(s)", "time[s]"}
KEY = re.compile(r"^\s*(?P<key>[A-Za-z]+)\s*(?:=\s*|\s+)(?P<value>.*?)\s*$")


@dataclass(frozen=True)
class Table:
    """The columns of a MOT or STO file as they are written: ``time`` (t,) s, ``values`` (t, column), ``names``.

    ``in_degrees`` is None where the header does not say; ``header`` has its keys in lower case.
    """

    path: str
    title: str
    time: Array
    names: tuple[str, ...]
    values: Array
    in_degrees: bool | None
    header: dict[str, str]
    notes: tuple[Note, ...]


def read_storage(path: str | Path) -> Content:
    """Return angles (rad, m), forces (N, m, N m) and other columns of a MOT or STO file, in the axes of the file.

    Raises
    ------
    FileError
        Naming line and column of what cannot be understood.
    """
    table = read_table(path)
    kind = Path(path).suffix.lstrip(".").casefold() or "sto"
    notes = list(table.notes)
    if len(table.time) > 1:
        rate = (len(table.time) - 1) / (table.time[-1] - table.time[0])
        span = (float(table.time[0]), float(table.time[-1]))
        notes.insert(
            0, found(f"{len(table.names)} columns, {len(table.time)} rows at {rate:.4g} a second.", time=span)
        )
    sorted_columns = sort_columns(table.names, table.title)
    plates = sorted_columns.plates(table.time, table.values, notes)
    angles = _angles(table, sorted_columns.coordinates, notes)
    other = {name: (table.time, table.values[:, i]) for name, i in sorted_columns.other.items()}
    if other:
        notes.append(found(f"{len(other)} further columns kept as they are: {some(list(other))}."))
    return Content(str(path), kind, plates=plates, angles=angles, other=other, notes=tuple(notes))


def _angles(table: Table, coordinates: dict[str, int], notes: list[Note]) -> Angles | None:
    if not coordinates:
        return None
    names = tuple(coordinates)
    value = table.values[:, list(coordinates.values())]
    empty = [name for i, name in enumerate(names) if not np.isfinite(value[:, i]).any()]
    if empty:
        notes.append(
            warning(f"{len(empty)} columns hold no number and are left out: {some(empty)}.", empty[0])
        )
        kept = [i for i, name in enumerate(names) if name not in empty]
        names, value = tuple(names[i] for i in kept), value[:, kept]
    if len(names) > 3 and not np.nan_to_num(value).any():
        notes.append(
            warning(f"all {len(names)} angles are zero throughout: a placeholder, left out.", names[0])
        )
        return None
    if not names:
        return None
    missing = [name for i, name in enumerate(names) if not np.isfinite(value[:, i]).all()]
    if missing:
        notes.append(warning(f"values are missing in {len(missing)} columns: {some(missing)}.", missing[0]))
    value, more = angles_in_radians(names, value, table.in_degrees)
    angles = Angles(table.time, names, value)
    notes += [*more, *knee_note(angles)]
    return angles


def read_table(path: str | Path) -> Table:
    """Return the columns of a MOT or STO file as they are written.

    Raises
    ------
    FileError
        Naming line and column of what cannot be understood.
    """
    lines = read_lines(path)
    at = _label_line(lines, path)
    header, title = _header(lines[:at])
    kind = header.get("datatype", "double").casefold()
    if kind not in ("double", "float"):
        raise FileError(
            f"{path}: DataType={header['datatype']}: only tables of plain numbers are read; export doubles."
        )
    notes: list[Note] = []
    labels = _labels(lines, at, notes)
    body, notes_body = read_numbers(lines[at + 1 :], at + 2, labels, path)
    notes += notes_body
    names, values = _unique(labels[1:], body[:, 1:], notes)
    first = next(i for i in range(at + 1, len(lines)) if lines[i].strip()) + 1
    time, values, more = sort_clock(body[:, 0], values, path, line=first)
    notes += more + _counts(header, len(body), len(labels))
    degrees = header.get("indegrees", "").casefold()
    in_degrees = (
        True
        if degrees in ("yes", "true", "1", "y")
        else False
        if degrees in ("no", "false", "0", "n")
        else None
    )
    return Table(str(path), title, time, names, values, in_degrees, header, tuple(notes))


def _label_line(lines: list[str], path: str | Path) -> int:
    end = next((i for i, line in enumerate(lines[:400]) if line.strip().casefold() == "endheader"), -1)
    for i in range(end + 1, min(len(lines), end + 400)):
        words = lines[i].split(None, 1)
        if words and words[0].strip("\"'").casefold() in TIMES:
            return i
        if words and end >= 0:
            raise FileError(
                f"{path}:{i + 1}: '{words[0][:40]}' where the names of the columns must be; "
                "after 'endheader' comes a line that begins with 'time'."
            )
    place = end + 1 if end >= 0 else 1
    raise FileError(
        f"{path}:{place}: no line of column names; one must begin with 'time' (after 'endheader')."
    )


def _header(lines: list[str]) -> tuple[dict[str, str], str]:
    header: dict[str, str] = {}
    title = ""
    for line in lines:
        match = KEY.match(line)
        key = match["key"].casefold() if match else ""
        if match and ("=" in line or key in ("name", "datarows", "datacolumns", "range")):
            header[key] = match["value"].strip("= \t")
        elif line.strip() and not title and line.strip().casefold() != "endheader":
            title = line.strip()
    return header, title or header.get("name", "")


def _labels(lines: list[str], at: int, notes: list[Note]) -> list[str]:
    row = next((line for line in lines[at + 1 :] if line.strip()), "")
    width = len(row.split())
    words = lines[at].split()
    if len(words) == width:
        return words
    cells = [cell.strip() for cell in lines[at].rstrip().split("\t")]
    if "" not in cells and "\t" in lines[at]:
        # Names with blanks in them, or a first row with gaps.
        if len(cells) != width and len(words) > len(cells):
            notes.append(found("column names hold blanks; columns are set apart by tabs."))
        return cells
    return words


def _unique(names: list[str], values: Array, notes: list[Note]) -> tuple[tuple[str, ...], Array]:
    first: dict[str, int] = {}
    for i, name in enumerate(names):
        if name not in first:
            first[name] = i
        elif np.array_equal(values[:, first[name]], values[:, i], equal_nan=True):
            notes.append(found("column given twice with the same values; one is kept.", name))
        else:
            notes.append(warning("column given twice with different values; the first is kept.", name))
    return tuple(first), values[:, list(first.values())]


def _counts(header: dict[str, str], rows: int, columns: int) -> list[Note]:
    notes = []
    for key, count, what in (
        ("nrows", rows, "rows"),
        ("datarows", rows, "rows"),
        ("ncolumns", columns, "columns"),
        ("datacolumns", columns, "columns"),
    ):
        text = header.get(key, "").split()
        if text and text[0].isdigit() and int(text[0]) != count:
            cut = ": it is cut off or was trimmed" if int(text[0]) > count else "; all are used"
            notes.append(warning(f"the header counts {text[0]} {what}, the file has {count}{cut}."))
    return notes
