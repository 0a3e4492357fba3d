"""The outline of the limb in a view, finer than its pixels.

Every segment is a stack of cross-sections. Seen from the side a section is a line, seen along the limb an
ellipse; how much of each pixel they cover, joined over the stack, has the outline as its half-way curve.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from gerdy.chart.contour import Loop, blur, contours, resample
from gerdy.chart.limb import Floats, limb, point
from gerdy.chart.view import PAD_M, PIXEL_M, Raster, View, raster

SOFT = 1.6  # pixels; rounds the notches where segments meet
ANKLE_M = 0.03
TURN = np.linspace(0.0, 1.0, 181)


@cache
def outline(view: View, segments: tuple[str, ...] | None = None) -> list[Floats]:
    """Return closed curves around what a view of the right side shows: (n, 2) m, right and up."""
    shown = raster(view)
    cover = np.zeros(shown.cell.shape)
    for name in segments or view.segments:
        np.maximum(cover, _cover(view, name, shown), out=cover)
    loops: list[Loop] = contours(blur(cover, SOFT), 0.5)
    return [shown.place(resample(loop, 4.0)) for loop in loops]


def skin_edge(loop: Floats, view: View) -> list[Floats]:
    """Return the parts of an outline where skin ends: without the cut at the top and along the midline."""
    top = raster(view).origin[1] - PAD_M - 0.006
    cut = loop[:, 1] > top if view.id != "sole" else np.zeros(len(loop), dtype=bool)
    if view.both:
        cut |= (np.abs(loop[:, 0]) < 0.004) & (loop[:, 1] > limb()["thigh"].stations[0, 0])
    if not cut.any():
        return [np.vstack([loop, loop[:1]])]
    start = int(np.argmax(cut))  # begin within a cut, so that no piece runs over the end
    loop, cut = np.roll(loop, -start, axis=0), np.roll(cut, -start)
    pieces = np.split(np.arange(len(loop)), np.flatnonzero(np.diff(cut)) + 1)
    return [loop[piece] for piece in pieces if not cut[piece[0]] and len(piece) > 1]


def _cover(view: View, name: str, shown: Raster) -> Floats:
    """Return how much of each pixel one segment covers, (H, W) 0-1."""
    shape = limb()[name]
    along = np.linspace(0.0, 1.0, 160 if shape.kind == "foot" else int(shape.length / PIXEL_M) + 2)
    rings = view.project(point(name, along[:, None], TURN * shape.sweep), name)  # (L, T, 2)
    column = (rings[..., 0] - shown.origin[0]) / PIXEL_M
    row = (shown.origin[1] - rings[..., 1]) / PIXEL_M
    if shape.kind != "foot":
        # The ankle runs on into the foot, or the two would meet in a notch.
        more = ANKLE_M / PIXEL_M if name == "leg" else 0.0
        return _stack(row[:, 0], column.min(axis=1), column.max(axis=1), shown.cell.shape, more)
    if view.id in ("outer", "inner"):
        return _stack(column[:, 0], row.min(axis=1), row.max(axis=1), shown.cell.shape[::-1]).T
    if view.id == "sole":
        return _stack(row[:, 0], column.min(axis=1), column.max(axis=1), shown.cell.shape)
    return _ellipses(column, row, shown.cell.shape)


def _stack(at: Floats, low: Floats, high: Floats, size: tuple[int, int], more: float = 0.0) -> Floats:
    """Return the cover of lines from ``low`` to ``high`` at positions ``at``: (lines down, pixels across).

    The last line is repeated for ``more`` lines.
    """
    order = np.argsort(at)
    line, pixel = np.arange(size[0]), np.arange(size[1])
    first = np.interp(line, at[order], low[order])[:, None]
    last = np.interp(line, at[order], high[order])[:, None]
    across = np.clip(last - pixel + 0.5, 0, 1) * np.clip(pixel - first + 0.5, 0, 1)
    ends = np.clip(line - at.min() + 0.5, 0, 1) * np.clip(at.max() + more - line + 0.5, 0, 1)
    return np.asarray(across * ends[:, None])


def _ellipses(column: Floats, row: Floats, size: tuple[int, int]) -> Floats:
    """Return the cover of a stack of rings (L, T) seen face on, each made of four quarter-ellipses."""
    y, x = np.indices(size, dtype=float)
    cover = np.zeros(size)
    quarter = (len(TURN) - 1) // 4
    for c, r in zip(column, row, strict=True):
        # Top and sole give the height, the two sides the widths, about the point where they cross.
        middle_x, middle_y = c[0], r[quarter]
        wide = np.where(x > middle_x, c.max() - middle_x, middle_x - c.min())
        tall = np.where(y > middle_y, r.max() - middle_y, middle_y - r.min())
        far = np.hypot((x - middle_x) / np.maximum(wide, 0.3), (y - middle_y) / np.maximum(tall, 0.3))
        np.maximum(cover, np.clip((1.0 - far) * np.minimum(wide, tall) + 0.5, 0, 1), out=cover)
    return cover
