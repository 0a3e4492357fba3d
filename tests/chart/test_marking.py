"""A region is marked when enough of it is painted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gerdy.chart.marking import marking_chance, painted_share

chances = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(chances, st.data())
def test_the_chance_is_that_of_painting_everything_above_a_threshold(
    p: list[float], data: st.DataObject
) -> None:
    area = np.array(data.draw(st.lists(st.floats(0.1, 3), min_size=len(p), max_size=len(p))))
    share = data.draw(st.floats(0.01, 1.0))
    chance = np.array(p)
    found = float(marking_chance(chance, area, share))
    # Thresholds between the chances: painting is monotone, so these are all the drawings there are.
    steps = np.unique(np.concatenate([[0.0, 1.0], chance]))
    total = 0.0
    for low, high in pairwise(steps.tolist()):
        if area[chance >= high].sum() >= share * area.sum() * (1 - 1e-12):
            total += high - low
    assert abs(found - total) < 1e-9


@given(chances, st.floats(0.01, 1))
def test_more_share_is_never_likelier(p: list[float], share: float) -> None:
    chance, area = np.array(p), np.ones(len(p))
    assert marking_chance(chance, area, share) <= marking_chance(chance, area, 0.5 * share)


def test_painted_share_is_by_area() -> None:
    area = np.array([1.0, 3.0, 6.0])
    assert painted_share(np.array([True, False, True]), area, np.array([True, True, False])) == 0.25
