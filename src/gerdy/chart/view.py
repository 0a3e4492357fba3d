"""Flat views of the limb: which cell each pixel shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from gerdy.chart.cells import Ints, Mask, cells
from gerdy.chart.contour import Loop, blur, contours, resample
from gerdy.chart.limb import SEGMENTS, Floats, limb, point

PIXEL_M = 0.003
PAD_M = 6 * PIXEL_M  # free around the body
SKIN, NOTHING = -1, -2  # what a pixel shows that shows no cell: skin without a cell, or the background
FOOT_TILT = 0.55  # from in front the foot is seen a little from above, or its top could not be painted on


@dataclass(frozen=True)
class View:
    """One direction to look from, for the right side; the left side is its mirror image.

    ``across``, ``up`` and ``toward`` are unit vectors (x forward, y up, z outward): right and top of the
    picture, and toward the viewer; ``both`` says whether the other leg is seen too.
    """

    id: str
    name: str
    across: tuple[float, float, float]
    up: tuple[float, float, float]
    toward: tuple[float, float, float]
    segments: tuple[str, ...] = SEGMENTS
    both: bool = False

    def project(self, places: Floats, segment: str) -> Floats:
        """Return where (..., 3) points of a segment lie in the picture: (..., 2) m, right and up."""
        flat: Floats = np.asarray(places @ np.array([self.across, self.up]).T)
        if self.id == "front" and segment == "foot":
            tilt = FOOT_TILT * np.maximum(places[..., 0] - 0.01, 0.0)
            flat = np.stack([flat[..., 0], flat[..., 1] - tilt], axis=-1)
        return flat


UP = (0.0, 1.0, 0.0)
OUTER = View("outer", "outer side", (1.0, 0.0, 0.0), UP, (0.0, 0.0, 1.0))
VIEWS = (
    View("front", "front", (0.0, 0.0, -1.0), UP, (1.0, 0.0, 0.0), both=True),
    OUTER,
    View("back", "back", (0.0, 0.0, 1.0), UP, (-1.0, 0.0, 0.0), both=True),
    View("inner", "inner side", (-1.0, 0.0, 0.0), UP, (0.0, 0.0, -1.0), SEGMENTS[2:]),
    View("sole", "sole", (0.0, 0.0, -1.0), (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), ("foot",)),
)


@dataclass(frozen=True, eq=False)
class Raster:
    """What a view shows, pixel by pixel.

    Attributes
    ----------
    cell : (H, W) index of the cell, ``SKIN`` or ``NOTHING``.
    origin : (2,) m, right and up, of the centre of the top left pixel.
    """

    cell: Ints
    origin: Floats

    def place(self, loop: Loop) -> Floats:
        """Return (n, 2) columns and rows as metres, right and up."""
        return np.asarray(self.origin + loop * np.array([PIXEL_M, -PIXEL_M]))

    def area(self, chosen: Mask, *, smooth: float = 3.6) -> list[Floats]:
        """Return closed curves (n, 2) m around chosen cells (C,), reaching a little beyond the body."""
        shown = np.where(self.cell >= 0, chosen[np.maximum(self.cell, 0)], 0).astype(float)
        known = blur((self.cell >= 0).astype(float), smooth)
        # Dividing by what is known carries the area over the outline, where the picture is clipped.
        share = np.where(known > 0.02, blur(shown, smooth) / np.maximum(known, 0.02), 0.0)
        return [self.place(resample(loop, 3.5)) for loop in contours(share, 0.5)]


@cache
def _skin() -> dict[str, tuple[Floats, npt.NDArray[np.int64]]]:
    """Return a dense sample of each segment's skin: (n, 3) m and the cell of each point, -1 for none."""
    table, spacing, found = cells(), PIXEL_M / 2.0, {}
    for index, name in enumerate(SEGMENTS):
        shape = limb()[name]
        number = np.full((shape.rows, shape.columns), SKIN)
        here = np.flatnonzero(table.segment == index)
        number[table.row[here], table.column[here]] = here
        widest = float(shape.stations[:, 3:].max())
        downs = int(np.ceil(shape.length / spacing))
        turns = int(np.ceil(np.radians(shape.sweep) * widest / spacing))
        along, turn = np.meshgrid(
            (np.arange(downs) + 0.5) / downs, (np.arange(turns) + 0.5) / turns, indexing="ij"
        )
        which = number[(along * shape.rows).astype(int), (turn * shape.columns).astype(int)]
        found[name] = point(name, along, turn * shape.sweep).reshape(-1, 3), which.ravel()
    return found


@cache
def raster(view: View) -> Raster:
    """Return what a view of the right side shows, drawn once per process."""
    flat, depth, which = [], [], []
    for name in view.segments:
        places, cell = _skin()[name]
        flat.append(view.project(places, name))
        depth.append(places @ np.array(view.toward))
        which.append(cell)
    where, far, cell = np.concatenate(flat), np.concatenate(depth), np.concatenate(which)
    low, high = where.min(axis=0) - PAD_M, where.max(axis=0) + PAD_M
    origin = np.array([low[0], high[1]])
    column, row = np.rint((where - origin) / [PIXEL_M, -PIXEL_M]).astype(int).T
    wide, tall = np.ceil((high - low) / PIXEL_M).astype(int) + 1
    grid = np.full((tall, wide), NOTHING)
    order = np.argsort(far, kind="stable")  # the nearest is written last and stays
    grid[row[order], column[order]] = cell[order]
    return Raster(grid, origin)
