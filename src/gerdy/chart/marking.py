"""From the chance of each cell to the chance that a region counts as marked."""

from __future__ import annotations

import numpy as np

from gerdy.chart.cells import Mask
from gerdy.chart.limb import Floats


def marking_chance(chance: Floats, area: Floats, share: float) -> Floats:
    """Return the chance that at least ``share`` of a region's area is painted: (...,).

    ``chance`` is (..., C) over the region's cells, ``area`` (C,). Within one region painting is taken as
    all of one piece: a person with threshold u paints every cell whose chance exceeds u, so the region is
    marked exactly when u lies below the chance that the best ``share`` of the area reaches. Painting cell
    by cell on its own would instead mark every region with certainty or never, which no set of drawings
    does.
    """
    order = np.argsort(-chance, axis=-1, kind="stable")
    reached = np.cumsum(area[order], axis=-1) >= share * area.sum() * (1.0 - 1e-12)
    first = np.argmax(reached, axis=-1)
    best = np.take_along_axis(order, first[..., None], axis=-1)
    return np.asarray(np.take_along_axis(chance, best, axis=-1)[..., 0])


def painted_share(painted: Mask, area: Floats, region: Mask) -> float:
    """Return the fraction of a region's area that is painted."""
    return float(area[region & painted].sum() / area[region].sum())
