"""Named regions as sets of cells."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from gerdy.atlas import Atlas
from gerdy.atlas.model import Region
from gerdy.chart.cells import Mask, cells
from gerdy.errors import UnknownIdError


def region_mask(region: Region) -> Mask:
    """Return the (C,) mask of the cells whose centre lies in one of the region's boxes."""
    table = cells()
    mask = np.zeros(len(table), dtype=bool)
    for box in region.boxes:
        mask |= table.inside(box.segment, box.along, box.around)
    mask.setflags(write=False)
    return mask


@cache
def region_masks(atlas: Atlas) -> Mapping[str, Mask]:
    """Return the (C,) mask of every region of the atlas, by id, in file order."""
    return {name: region_mask(region) for name, region in atlas.regions.items()}


def mask_of(atlas: Atlas, name: str) -> Mask:
    """Return the (C,) mask of one region.

    Raises
    ------
    UnknownIdError
        For a region that does not exist, with the nearest that do.
    """
    masks = region_masks(atlas)
    if name not in masks:
        raise UnknownIdError("region", name, masks)
    return masks[name]
