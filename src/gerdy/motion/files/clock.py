"""The time column: one direction, no doubles, regular where only its printing is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gerdy.errors import FileError
from gerdy.motion.files.content import found, repaired, warning
from gerdy.motion.recording import Array, Note

# assumed: a frame further off its regular instant than a tenth of the interval was not just rounded when printed.
ROUNDED = 0.1


def sort_clock(
    time: Array, values: Array, path: str | Path, *, line: int, stated: float | None = None
) -> tuple[Array, Array, list[Note]]:
    """Return time (t,) s and values (t, column) without doubled rows, on a regular grid where it was only rounded.

    Parameters
    ----------
    line : number of the first row in the file, for errors.
    stated : the rate that the header gives, frames a second.

    Raises
    ------
    FileError
        If a time is missing or time runs backwards, naming the line.
    """
    missing = np.flatnonzero(~np.isfinite(time))
    if len(missing):
        raise FileError(
            f"{path}:{line + int(missing[0])}: time: is missing; every row needs its time in seconds."
        )
    steps = np.diff(time)
    if (steps < 0).any():
        i = int(np.argmax(steps < 0))
        raise FileError(
            f"{path}:{line + i + 1}: time: goes back from {time[i]:g} to {time[i + 1]:g} s; "
            "time must grow from row to row (two trials in one file must be split)."
        )
    notes: list[Note] = []
    if (steps == 0).any():
        time, values, notes = _undouble(time, values)
    if time[0] < 0:
        notes.append(found(f"time begins at {time[0]:g} s, before zero; kept.", "time"))
    if len(time) < 3:
        return time, values, notes
    step = float(np.median(np.diff(time)))
    whole = float(np.diff(time).max()) < 1.5 * step
    if whole:
        # A step printed as 0.017 is really 1/60: the whole span tells it better than one step.
        step = float((time[-1] - time[0]) / (len(time) - 1))
    if stated and abs(1 / step - stated) > 0.02 * stated:
        notes.append(
            warning(
                f"the header says {stated:g} frames a second, the time column {1 / step:.4g}; the column is used."
            )
        )
    if not whole:
        notes.extend(_holes(time, step))
        return time, values, notes
    if stated and abs(step * stated - 1) * (len(time) - 1) < 0.5:
        step = 1 / stated
    time, more = _regular(time, step)
    return time, values, [*notes, *more]


def _regular(time: Array, step: float) -> tuple[Array, list[Note]]:
    """Return times on an even grid where they were only rounded, else as they are, and what to say of it."""
    regular = time[0] + step * np.arange(len(time))
    off = float(np.abs(regular - time).max())
    if off > ROUNDED * step:
        i = int(np.argmax(np.abs(regular - time)))
        where = (float(time[i]), float(time[i]))
        return time, [warning(f"frames are not evenly spaced (up to {off:.2g} s off).", "time", where)]
    if off > 1e-6 * step:
        text = f"time was rounded to {off:.1g} s when written; even steps of {step:.6g} s used."
        return regular, [repaired(text, "time")]
    return time, []


def _undouble(time: Array, values: Array) -> tuple[Array, Array, list[Note]]:
    again = np.append(False, np.diff(time) == 0)
    rows = np.flatnonzero(again)
    same = all(np.array_equal(values[i], values[i - 1], equal_nan=True) for i in rows)
    span = (float(time[rows[0]]), float(time[rows[-1]]))
    if same:
        note = repaired(f"{len(rows)} rows repeat the row before; left out.", "time", span)
    else:
        note = warning(
            f"{len(rows)} rows have the time of the row before but other values; the first is kept.",
            "time",
            span,
        )
    return time[~again], values[~again], [note]


def _holes(time: Array, step: float) -> list[Note]:
    holes = np.flatnonzero(np.diff(time) > 1.5 * step)
    shown = holes[:5]
    notes = [
        warning(
            "frames are missing here; rates of change across the hole are not reliable.",
            "time",
            (time[i], time[i + 1]),
        )
        for i in shown
    ]
    if len(holes) > len(shown):
        notes.append(warning(f"frames are missing in {len(holes) - len(shown)} more places.", "time"))
    return notes
