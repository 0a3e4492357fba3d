"""From the text of a table to numbers: fast where the table is whole, cell by cell where it is not."""

from __future__ import annotations

import codecs
from itertools import chain
from pathlib import Path

import numpy as np

from gerdy.errors import FileError
from gerdy.motion.files.content import repaired, warning
from gerdy.motion.recording import Array, Note


def read_lines(path: str | Path) -> list[str]:
    """Return the lines of a text file (UTF-8, UTF-16 or Latin-1; any line ends), without their ends.

    Raises
    ------
    FileError
        If it cannot be opened, is empty, or is no text.
    """
    try:
        raw = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"{path}: cannot be read ({reason}); check name and permissions.") from error
    if not raw.strip():
        raise FileError(f"{path}: is empty; record or export it again.")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16", errors="replace")
    elif b"\0" in raw[:4096]:
        raise FileError(f"{path}: is no text; TRC, MOT and STO files are text, a binary one may be a C3D.")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_numbers(
    lines: list[str], first: int, labels: list[str], path: str | Path, *, group: int = 1
) -> tuple[Array, list[Note]]:
    """Return the rows of a table (row, column), NaN where a cell is blank, and what was repaired.

    Parameters
    ----------
    first : number of the first of the lines in its file, from 1, for errors.
    labels : the name of every column; a row must have as many cells.
    group : at its end a row may lack whole groups of so many cells (1: none may be missing).

    Raises
    ------
    FileError
        Naming line and column of a cell that is no number, or of a row with too many or too few cells.
    """
    filled = [line.split() for line in lines if line and not line.isspace()]
    if not filled:
        raise FileError(
            f"{path}: has no rows of numbers below line {first - 1}; the recording is empty or cut off."
        )
    width = len(labels)
    values: Array | None = None
    notes: list[Note] = []
    if all(len(row) == width for row in filled):
        try:
            values = np.array([float(cell) for cell in chain.from_iterable(filled)]).reshape(
                len(filled), width
            )
        except ValueError:
            values = None
        if values is not None and any("_" in line for line in lines):
            values = None  # 1_000 is a number to Python only
    if values is None:
        values, notes = _cell_by_cell(lines, first, labels, path, group)
    infinite = np.isinf(values)
    if infinite.any():
        values[infinite] = np.nan
        columns = [labels[i] for i in np.flatnonzero(infinite.any(axis=0))]
        notes.append(warning(f"{int(infinite.sum())} infinite values read as missing.", columns[0]))
    return values, notes


def _cell_by_cell(
    lines: list[str], first: int, labels: list[str], path: str | Path, group: int
) -> tuple[Array, list[Note]]:
    width = len(labels)
    numbered = [(first + i, line) for i, line in enumerate(lines) if line and not line.isspace()]
    rows: list[list[float]] = []
    notes: list[Note] = []
    short = 0
    for place, (number, line) in enumerate(numbered):
        cells = _cells(line, width)
        if len(cells) != width:
            if place == len(numbered) - 1 and len(cells) < width and rows:
                notes.append(
                    warning(
                        f"the last row (line {number}) is cut off after {len(cells)} of {width} cells; left out."
                    )
                )
                break
            if group > 1 and "\t" in line and len(cells) < width and (width - len(cells)) % group == 0:
                cells += [""] * (width - len(cells))
                short += 1
            else:
                few = "few" if len(cells) < width else "many"
                raise FileError(
                    f"{path}:{number}: has too {few} cells, {len(cells)} instead of {width}; "
                    "a row needs one for every column of the header (blank for a gap)."
                )
        rows.append([_number(cell, number, labels[i], path) for i, cell in enumerate(cells)])
    if short:
        notes.append(repaired(f"{short} rows end early; their last cells are read as gaps."))
    return np.array(rows, dtype=float).reshape(len(rows), width), notes


def _cells(line: str, width: int) -> list[str]:
    if "\t" not in line:
        return line.split()
    cells = [cell.strip() for cell in line.split("\t")]
    while len(cells) > width and not cells[-1]:
        cells.pop()
    if len(cells) == width + 1 and not cells[0]:
        cells.pop(0)
    if len(cells) < width:
        # Columns set apart by blanks with a tab here and there.
        words = line.split()
        return words if len(words) == width else cells
    return cells


def _number(cell: str, line: int, label: str, path: str | Path) -> float:
    if not cell:
        return float("nan")
    try:
        if "_" in cell:
            raise ValueError  # noqa: TRY301
        return float(cell)
    except ValueError:
        comma = cell.count(",") == 1 and cell.replace(",", "").lstrip("+-").isdigit()
        remedy = (
            "write a decimal point instead of the comma."
            if comma
            else "write a number, or leave a gap blank."
        )
        raise FileError(f"{path}:{line}: {label}: '{cell[:40]}' is no number; {remedy}") from None
