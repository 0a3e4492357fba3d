"""Fields reproduce the published tables of where patients mark their pain."""

from __future__ import annotations

import pytest

from gerdy.atlas import Atlas
from gerdy.chart.manner import drawing_model
from gerdy.chart.published import compare_published, region_chances

WITH_TABLES = {"rad_l3", "rad_l4", "rad_l5", "rad_s1", "hip_oa", "fai_labrum", "som_sij", "gtps_tear"}


def test_every_published_share_is_met_within_five_points(atlas: Atlas) -> None:
    found = compare_published(atlas)
    assert {row.source for row in found} == WITH_TABLES
    assert len(found) >= 80
    off = [row for row in found if abs(row.published - row.modelled) > 0.05]
    assert not off


def test_the_mean_over_manners_stays_near_the_table_too(atlas: Atlas) -> None:
    """Careful and generous people pull apart, yet their mean is not far from what was counted."""
    priors = {manner.id: manner.prior for manner in drawing_model().manners}
    for source in WITH_TABLES:
        field = atlas.fields[source]
        each = {manner.id: region_chances(field, atlas, manner) for manner in drawing_model().manners}
        for region in ("buttock", "thigh_posterior", "thigh_anterior"):
            if region in field.published and source != "som_sij":
                mean = sum(priors[name] * chances[region] for name, chances in each.items())
                assert mean == pytest.approx(field.published[region].value, abs=0.07)
