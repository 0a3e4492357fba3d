"""Outlines of areas on a pixel grid, as smooth closed curves."""

from __future__ import annotations

import numpy as np

from gerdy.chart.limb import Floats

Loop = Floats  # (n, 2) column and row of a closed curve, first point not repeated

# A square's corners are numbered 1 (top left), 2 (top right), 4 (bottom right), 8 (bottom left); its edges 0
# (top), 1 (right), 2 (bottom), 3 (left). Each case lists the edges where a curve comes in and goes out.
_CASES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),), 2: ((0, 1),), 3: ((3, 1),), 4: ((1, 2),), 5: ((3, 0), (1, 2)),
    6: ((0, 2),), 7: ((3, 2),), 8: ((2, 3),), 9: ((2, 0),), 10: ((0, 1), (2, 3)),
    11: ((2, 1),), 12: ((1, 3),), 13: ((1, 0),), 14: ((0, 3),),
}  # fmt: skip


def blur(values: Floats, sigma: float) -> Floats:
    """Return (H, W) values smoothed by a Gaussian of ``sigma`` pixels, zero beyond the edge."""
    reach = int(np.ceil(3 * sigma))
    weight = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weight /= weight.sum()
    for axis in (0, 1):
        padded = np.pad(values, [(reach, reach) if axis == side else (0, 0) for side in (0, 1)])
        window = np.lib.stride_tricks.sliding_window_view(padded, len(weight), axis=axis)
        values = window @ weight
    return values


def contours(values: Floats, level: float) -> list[Loop]:
    """Return the closed curves around everything above ``level`` on an (H, W) grid (marching squares)."""
    field = np.pad(values - level, 1, constant_values=-level if level > 0 else -1.0)
    above = field > 0
    case = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    onward: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    for row, column in np.argwhere((case > 0) & (case < 15)).tolist():
        for start, stop in _CASES[int(case[row, column])]:
            onward[_edge(row, column, start)] = _edge(row, column, stop)
    loops = []
    while onward:
        here = first = next(iter(onward))
        chain = []
        while here in onward:
            chain.append(here)
            here = onward.pop(here)
        if here == first and len(chain) > 3:
            loops.append(np.array([_crossing(field, *edge) for edge in chain]) - 1.0)
    return loops


def _edge(row: int, column: int, edge: int) -> tuple[int, int, int]:
    """Return an edge's own name, shared by the two squares it parts: row, column, 0 across or 1 down."""
    return {0: (row, column, 0), 1: (row, column + 1, 1), 2: (row + 1, column, 0), 3: (row, column, 1)}[edge]


def _crossing(field: Floats, row: int, column: int, down: int) -> tuple[float, float]:
    """Return the column and row where the field is zero on an edge."""
    a = field[row, column]
    b = field[row + 1, column] if down else field[row, column + 1]
    part = float(a / (a - b))
    return (column, row + part) if down else (column + part, row)


def resample(loop: Loop, spacing: float) -> Loop:
    """Return a closed curve as points about ``spacing`` apart, at least 8."""
    closed = np.vstack([loop, loop[:1]])
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    at = np.linspace(0.0, way[-1], max(8, round(way[-1] / spacing)), endpoint=False)
    return np.stack([np.interp(at, way, closed[:, axis]) for axis in (0, 1)], axis=1)


def path(loops: list[Loop]) -> str:
    """Return SVG path data: closed curves guided by the points (quadratic B-splines)."""
    parts = []
    for loop in loops:
        middle = 0.5 * (loop + np.roll(loop, -1, axis=0))
        parts.append(f"M{_pair(middle[-1])}Q{_pairs(loop, middle)}Z")
    return "".join(parts)


def open_path(points: Floats) -> str:
    """Return SVG path data: one open curve guided by (n, 2) points, from the first to the last."""
    middle = 0.5 * (points[:-1] + points[1:])
    if len(points) == 2:
        return f"M{_pair(points[0])}L{_pair(points[1])}"
    goal = np.vstack([middle[1:-1], points[-1:]])
    return f"M{_pair(points[0])}Q{_pairs(points[1:-1], goal)}"


def _pair(point: Floats) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _pairs(control: Floats, goal: Floats) -> str:
    return " ".join(f"{_pair(a)} {_pair(b)}" for a, b in zip(control, goal, strict=True))
