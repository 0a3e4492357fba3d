"""One painted region, age and sport give about the starter shares of the evidence (B1); the trust fits them best."""

from __future__ import annotations

import pytest
from calibrate_trust import GROUPS, STARTERS, divergence, shares

from gerdy.atlas import load_atlas
from gerdy.chart.manner import drawing_model
from gerdy.chart.table import field_table

# Starter shares are suggestions to a few points; "other" would need serious disease at rates nobody reports.
LOOSE_POINTS, LOOSE_FACTOR = 10.0, 2.5


@pytest.mark.parametrize("presentation", STARTERS)
def test_shares_of_one_region_are_near_the_starter_table(presentation: str) -> None:
    person, region, wanted = STARTERS[presentation]
    ours = shares(person, region, field_table(load_atlas()))
    for group, told in zip(GROUPS, wanted, strict=True):
        share = 100 * ours[group]
        near = abs(share - told) <= LOOSE_POINTS or told / LOOSE_FACTOR <= share <= told * LOOSE_FACTOR
        assert near or group == "other", f"{presentation}, {group}: {share:.0f} against {told}"


@pytest.mark.parametrize("presentation", STARTERS)
def test_the_commonest_source_of_the_table_is_among_the_first_two_groups(presentation: str) -> None:
    person, region, wanted = STARTERS[presentation]
    ours = shares(person, region, field_table(load_atlas()))
    first = GROUPS[wanted.index(max(wanted))]
    assert first in sorted(ours, key=lambda group: -ours[group])[:2]


def test_the_shipped_trust_fits_better_than_its_neighbours() -> None:
    shipped = drawing_model().trust
    here = divergence(shipped)
    assert here < divergence(1.0) / 2
    assert here <= divergence(min(shipped + 0.2, 1.0))
    assert here <= divergence(shipped - 0.2)
