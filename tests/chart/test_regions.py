"""The 23 named regions cover the skin once, but for the lower belly."""

from __future__ import annotations

import numpy as np
import pytest

from gerdy.atlas import Atlas
from gerdy.chart.cells import cells
from gerdy.chart.limb import SEGMENTS
from gerdy.chart.regions import mask_of, region_masks
from gerdy.errors import UnknownIdError


def test_there_are_23_regions(atlas: Atlas) -> None:
    assert len(region_masks(atlas)) == 23


def test_every_cell_lies_in_one_region_but_for_the_belly(atlas: Atlas) -> None:
    table = cells()
    count = np.sum(list(region_masks(atlas).values()), axis=0)
    assert count.max() == 1
    belly = count == 0
    assert set(np.array(SEGMENTS)[table.segment[belly]]) == {"low_back", "pelvis"}
    assert (table.around[belly] < 90.0).all()


def test_regions_have_plausible_sizes(atlas: Atlas) -> None:
    size = {name: 1e4 * cells().area[mask].sum() for name, mask in region_masks(atlas).items()}
    assert all(20 < area < 360 for area in size.values()), size
    assert 200 < size["hip_lateral"] < 300
    assert size["leg_lateral_prox"] < size["leg_lateral"]


def test_the_trochanter_and_the_fibular_head_lie_where_they_should(atlas: Atlas) -> None:
    centre = cells().centre
    trochanter = centre[mask_of(atlas, "hip_lateral")].mean(axis=0)
    assert trochanter[1] == pytest.approx(0.53 * 1.70, abs=0.03)
    fibula = centre[mask_of(atlas, "leg_lateral_prox")].mean(axis=0)
    assert 0.38 < fibula[1] < 0.46


def test_an_unknown_region_is_told_with_suggestions(atlas: Atlas) -> None:
    with pytest.raises(UnknownIdError, match="knee_lateral"):
        mask_of(atlas, "knee_latral")
