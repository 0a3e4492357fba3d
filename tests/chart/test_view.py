"""Every cell can be seen and painted in some view."""

from __future__ import annotations

import numpy as np
import pytest

from gerdy.atlas import Atlas
from gerdy.chart.cells import cells
from gerdy.chart.hints import hint_lines
from gerdy.chart.limb import point
from gerdy.chart.regions import mask_of
from gerdy.chart.silhouette import outline, skin_edge
from gerdy.chart.view import NOTHING, PIXEL_M, VIEWS, View, raster

BY_ID = {view.id: view for view in VIEWS}


def shown(view: str, atlas: Atlas, region: str) -> float:
    """Return the share of a view's skin pixels that belong to a region."""
    seen = raster(BY_ID[view]).cell
    mask = np.append(mask_of(atlas, region), False)
    return float(mask[np.maximum(seen, -1)].sum() / (seen != NOTHING).sum())


def test_every_cell_is_seen_somewhere() -> None:
    seen = np.unique(np.concatenate([raster(view).cell.ravel() for view in VIEWS]))
    missing = np.setdiff1d(np.arange(len(cells())), seen)
    assert len(missing) < 0.01 * len(cells())


@pytest.mark.parametrize(
    ("region", "view", "hidden"),
    [
        ("knee_anterior", "front", "back"),
        ("buttock", "back", "front"),
        ("thigh_lateral", "outer", "inner"),
        ("leg_medial", "inner", "outer"),
        ("foot_plantar", "sole", "front"),
        ("foot_dorsum", "front", "back"),
        ("low_back", "back", "front"),
        ("groin", "front", "back"),
    ],
)
def test_regions_are_seen_where_one_looks_for_them(atlas: Atlas, region: str, view: str, hidden: str) -> None:
    assert shown(view, atlas, region) > 0.02
    assert shown(hidden, atlas, region) < 0.01


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.id)
def test_the_outline_is_one_curve_around_the_raster(view: View) -> None:
    (loop,) = outline(view)
    picture = raster(view)
    turned = np.roll(loop, -1, axis=0)
    inside = 0.5 * abs(float(np.sum(loop[:, 0] * turned[:, 1] - turned[:, 0] * loop[:, 1])))
    assert inside == pytest.approx((picture.cell != NOTHING).sum() * PIXEL_M**2, rel=0.06)


def test_the_person_s_right_is_on_the_left_of_the_front_view() -> None:
    assert BY_ID["front"].project(point("knee", 0.5, 90.0), "knee")[0] < 0
    assert BY_ID["back"].project(point("knee", 0.5, 90.0), "knee")[0] > 0
    assert BY_ID["outer"].project(point("knee", 0.5, 0.0), "knee")[0] > 0


def test_the_body_goes_on_above_and_beyond_the_midline() -> None:
    for view in (BY_ID["front"], BY_ID["back"]):
        (loop,) = outline(view)
        drawn = np.vstack(skin_edge(loop, view))
        assert drawn[:, 1].max() < 1.17
        assert not ((np.abs(drawn[:, 0]) < 0.003) & (drawn[:, 1] > 0.82)).any()
    assert len(skin_edge(outline(BY_ID["sole"])[0], BY_ID["sole"])) == 1


def test_hints_lie_on_the_body() -> None:
    for view in VIEWS:
        assert hint_lines(view)
        low, high = outline(view)[0].min(axis=0) - 0.005, outline(view)[0].max(axis=0) + 0.005
        for line in hint_lines(view):
            assert ((line >= low) & (line <= high)).all()
