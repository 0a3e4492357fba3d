"""Gaps in marker paths: short ones filled, long ones left and said."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gerdy.motion.files.content import repaired, some, warning
from gerdy.motion.recording import Array, Markers, Note, NoteKind

# assumed: within 0.1 s a skin marker moves smoothly enough for a cubic, also in running (a foot contact takes 0.2 s).
LONGEST = 0.1
# assumed: a marker seen in less than a tenth of the frames helps no pose and draws it to wrong places.
LEAST_SEEN = 0.1
MANY = 6  # so many markers are told of one by one, more together
NEIGHBOURS = 5  # samples on either side that a spline rests on


def fill_gaps(markers: Markers, *, longest: float = LONGEST) -> tuple[Markers, list[Note]]:
    """Return markers with gaps up to ``longest`` s filled by a cubic spline through their neighbours, and notes.

    Longer gaps and those at either end stay NaN. Markers seen in less than a tenth of the frames are left out.
    """
    seen = np.asarray(np.isfinite(markers.position).all(axis=2))
    share = seen.mean(axis=0)
    notes: list[Note] = [
        warning(f"seen in only {100 * share[i]:.2g} % of the frames; left out.", markers.names[i])
        for i in np.flatnonzero(share < LEAST_SEEN)
    ]
    kept = np.flatnonzero(share >= LEAST_SEEN)
    position = markers.position[:, kept].copy()
    for column, i in enumerate(kept):
        if share[i] < 1.0:
            position[:, column], more = _filled(
                position[:, column], seen[:, i], markers.time, longest, markers.names[i]
            )
            notes += more
    return Markers(markers.time, tuple(markers.names[i] for i in kept), position), _gathered(notes)


def _gathered(notes: list[Note]) -> list[Note]:
    """Return notes with those that say the same of many markers gathered in one."""
    alike: dict[tuple[NoteKind, str], list[Note]] = {}
    for note in notes:
        alike.setdefault((note.kind, note.text.split(" ", 2)[-1].replace("gaps", "gap")), []).append(note)
    result: list[Note] = []
    for (kind, _), group in alike.items():
        if len(group) <= MANY:
            result += group
            continue
        times = [note.time for note in group if note.time is not None]
        span = (min(t[0] for t in times), max(t[1] for t in times)) if times else None
        names = some([note.column or "" for note in group])
        text = max((note.text for note in group), key=len)
        result.append(Note(kind, f"{len(group)} markers ({names}): {text}", None, span))
    return result


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the first and the last place (inclusive) of every unbroken stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in edges.reshape(-1, 2)]


def cubic_spline(x: Array, y: Array, at: Array) -> Array:
    """Return the natural cubic spline through points (x (n,), y (n, k)) at places (m,) between them.

    derived: continuity of the slope gives a linear system for the curvature at the points (n is small here).
    """
    n, h = len(x), np.diff(x)
    system, right = np.eye(n), np.zeros((n, y.shape[1]))
    for i in range(1, n - 1):
        system[i, i - 1 : i + 2] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
        right[i] = 6 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
    curvature = np.linalg.solve(system, right)
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, n - 2)
    a, b = ((x[k + 1] - at) / h[k])[:, None], ((at - x[k]) / h[k])[:, None]
    bend = (a**3 - a) * curvature[k] + (b**3 - b) * curvature[k + 1]
    return np.asarray(a * y[k] + b * y[k + 1] + bend * (h[k] ** 2)[:, None] / 6)


def _filled(
    path: Array, seen: NDArray[np.bool_], time: Array, longest: float, name: str
) -> tuple[Array, list[Note]]:
    path = path.copy()
    path[~seen] = np.nan
    valid = np.flatnonzero(seen)
    short: list[tuple[float, float]] = []
    long: list[tuple[float, float]] = []
    for first, last in runs(~seen):
        inside = first > 0 and last < len(time) - 1
        missing = (time[last + 1] - time[first - 1]) if inside else np.inf
        span = (float(time[first]), float(time[last]))
        # A gap of n frames lasts n intervals; the frames on either side are seen.
        interval = (time[last + 1] - time[last]) if inside else 0.0
        if not inside or missing - interval > longest + 1e-9 or len(valid) < 4:
            long.append(span)
            continue
        at = int(np.searchsorted(valid, first))
        near = valid[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]
        path[first : last + 1] = cubic_spline(time[near], path[near], time[first : last + 1])
        short.append(span)
    return path, _gap_notes(name, short, long, longest)


def _gap_notes(
    name: str, short: list[tuple[float, float]], long: list[tuple[float, float]], longest: float
) -> list[Note]:
    notes = []
    if short:
        gaps = "1 gap" if len(short) == 1 else f"{len(short)} gaps"
        text = f"{gaps} up to {longest:g} s filled by a cubic spline."
        notes.append(repaired(text, name, (short[0][0], short[-1][1])))
    if long:
        gaps = "a gap" if len(long) == 1 else f"{len(long)} gaps"
        text = f"{gaps} longer than {longest:g} s or at an end of the recording left open."
        notes.append(warning(text, name, (long[0][0], long[-1][1])))
    return notes
