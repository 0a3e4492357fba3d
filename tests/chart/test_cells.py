"""Cells tile the skin once, at about 15 degrees by 25 mm."""

from __future__ import annotations

import numpy as np
import pytest

from gerdy.chart.cells import cells, level, within_turn
from gerdy.chart.limb import SEGMENTS, limb, point


def test_cells_are_about_fifteen_degrees_by_25_mm() -> None:
    for shape in limb().values():
        assert shape.step == 15.0
        assert 0.023 < shape.length / shape.rows < 0.0275


@pytest.mark.parametrize("name", [name for name in SEGMENTS if name != "foot"])
def test_cell_areas_add_up_to_the_area_of_the_segment(name: str) -> None:
    along, turn = np.linspace(0, 1, 401)[:, None], np.linspace(0, limb()[name].sweep, 721)
    skin = point(name, along, turn)
    down, across = np.diff(skin, axis=0)[:, :-1], np.diff(skin, axis=1)[:-1]
    area = np.linalg.norm(np.cross(down, across), axis=-1).sum()
    table = cells()
    assert table.area[table.segment == SEGMENTS.index(name)].sum() == pytest.approx(area, rel=0.01)


def test_there_is_no_skin_under_the_ankle() -> None:
    table = cells()
    foot = table.segment == SEGMENTS.index("foot")
    assert foot.sum() < limb()["foot"].rows * limb()["foot"].columns
    under = np.linalg.norm(table.centre[foot] - [-0.018, 0.085, 0.078], axis=1)
    assert under.min() > 0.02


def test_every_cell_is_named_once() -> None:
    table = cells()
    names = set(zip(table.segment.tolist(), table.row.tolist(), table.column.tolist(), strict=True))
    assert len(names) == len(table)


def test_patches_lie_around_their_cells() -> None:
    table = cells()
    assert np.array_equal(table.patch_segment[table.patch], table.segment)
    assert np.abs(table.patch_along[table.patch] - table.along).max() < 0.1
    gap = np.abs((table.patch_around[table.patch] - table.around + 180.0) % 360.0 - 180.0)
    assert gap.max() <= 7.5 + 1e-9


def test_a_turn_may_pass_through_the_front() -> None:
    angle = np.array([350.0, 10.0, 180.0])
    assert within_turn(angle, (330.0, 30.0)).tolist() == [True, True, False]
    assert within_turn(angle, (0.0, 360.0)).all()


def test_the_way_down_runs_on_from_thigh_to_leg() -> None:
    segment = np.array([SEGMENTS.index(name) for name in ("thigh", "knee", "leg", "foot")])
    found = level(segment, np.array([1.0, 0.0, 0.0, 0.5]))
    assert found[0] == found[1] < found[2]
    assert np.isnan(found[3])
