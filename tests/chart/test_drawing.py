"""A drawing keeps what was painted, and refuses what cannot be."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas import Atlas, load_atlas
from gerdy.chart.cells import cells
from gerdy.chart.drawing import (
    QUALITIES,
    Drawing,
    Mark,
    draw,
    from_cells,
    from_plain,
    mark_mask,
    painted_regions,
)
from gerdy.chart.limb import SEGMENTS
from gerdy.chart.regions import mask_of
from gerdy.errors import InputError, UnknownIdError

SPOT = {"segment": "knee", "along": 0.33, "around": 90, "intensity": 7}


def same(one: Drawing, other: Drawing) -> bool:
    arrays = ("intensity", "quality", "marked")
    return one.side == other.side and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays
    )


@st.composite
def marks(draw_: st.DrawFn) -> Mark:
    along = tuple(sorted(draw_(st.tuples(st.floats(0, 1), st.floats(0, 1)))))
    around = draw_(st.tuples(st.floats(0, 180), st.floats(0, 180)))
    return Mark(
        segment=draw_(st.sampled_from(SEGMENTS)),
        along=(along[0], along[1]) if draw_(st.booleans()) else along[0],
        around=around if draw_(st.booleans()) else around[0],
        intensity=draw_(st.floats(0.5, 10)),
        quality=draw_(st.sampled_from(["", *QUALITIES])),
    )


@given(st.lists(marks(), max_size=4), st.booleans())
def test_plain_data_and_back_is_the_same_drawing(given_marks: list[Mark], ticked: bool) -> None:
    if not given_marks and not ticked:
        return
    atlas = load_atlas()
    one = draw(atlas, "L", {"buttock": 3.0, "groin": 0} if ticked else None, given_marks)
    plain = msgspec.json.decode(msgspec.json.encode(one.plain()))
    assert same(one, from_plain(atlas, plain))


@given(marks())
def test_every_mark_paints_something(mark: Mark) -> None:
    assert mark_mask(mark).any()


def test_a_named_region_paints_its_cells(atlas: Atlas) -> None:
    one = draw(atlas, "right", {"knee_lateral": 6})
    assert np.array_equal(one.painted, mask_of(atlas, "knee_lateral"))
    assert painted_regions(atlas, one) == {"knee_lateral": 1.0}
    assert not one.marked.any()


def test_a_point_paints_what_a_fingertip_covers(atlas: Atlas) -> None:
    one = draw(atlas, "R", marks=[SPOT])
    size = 1e4 * cells().area[one.painted].sum()
    assert 3 < size < 25
    assert next(iter(painted_regions(atlas, one))) in {"knee_lateral", "knee_posterolateral"}


def test_a_later_mark_lies_over_an_earlier_one(atlas: Atlas) -> None:
    whole = {"segment": "thigh", "along": [0, 1], "around": [0, 360], "intensity": 4, "quality": "ache"}
    hole = {"segment": "thigh", "along": [0.4, 0.6], "around": [330, 30], "intensity": 0}
    one = draw(atlas, "R", marks=[whole, hole])
    table = cells()
    cleared = table.inside("thigh", (0.4, 0.6), (330, 30))
    assert (one.intensity[cleared] == 0).all()
    assert one.marked[cleared].all()
    assert (one.quality[cleared] == -1).all()
    assert (one.intensity[table.inside("thigh", (0, 0.39), (0, 360))] == 4).all()


def test_asked_and_no_pain_there_is_kept(atlas: Atlas) -> None:
    one = draw(atlas, "R", {"knee_lateral": 6, "groin": 0})
    assert one.plain()["regions"] == {"knee_lateral": 6.0, "groin": 0.0}
    assert "groin" not in painted_regions(atlas, one)


def test_a_drawing_from_cells_has_those_cells(atlas: Atlas) -> None:
    intensity = np.zeros(len(cells()))
    intensity[[3, 4, 5, 200, 700, 701, 1000]] = [2, 2, 5, 5, 9, 9, 1]
    one = from_cells(atlas, "left", intensity, "burning")
    assert np.array_equal(one.intensity, intensity)
    assert len(one.marks) < 7
    assert set(one.quality[intensity > 0]) == {QUALITIES.index("burning")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"intensity": 11}, "intensity must be a number from 0 to 10; got 11"),
        ({"intensity": -1}, "from 0 to 10"),
        ({"along": 1.4}, "along must run upward within 0 to 1"),
        ({"along": [0.6, 0.2]}, "along must run upward"),
        ({"around": 400}, "within 0 to 360 degrees; got 400"),
        ({"segment": "shin"}, "unknown segment 'shin'"),
        ({"quality": "acheing"}, "unknown pain quality .*ache"),
        ({"colour": "red"}, "marks\\[0\\].*colour"),
    ],
)
def test_a_wrong_mark_is_refused(atlas: Atlas, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        draw(atlas, "R", marks=[{**SPOT, **change}])


def test_the_half_trunk_has_half_a_turn(atlas: Atlas) -> None:
    with pytest.raises(InputError, match="within 0 to 180"):
        draw(atlas, "R", marks=[{**SPOT, "segment": "pelvis", "around": 200}])


def test_wrong_regions_and_empty_drawings_are_refused(atlas: Atlas) -> None:
    with pytest.raises(UnknownIdError, match=r"did you mean .?buttock"):
        draw(atlas, "R", {"butock": 3})
    with pytest.raises(InputError, match=r"regions\.groin: intensity"):
        draw(atlas, "R", {"groin": 10.5})
    with pytest.raises(InputError, match="nothing is painted"):
        draw(atlas, "R", {"groin": 0})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"regions": {"groin": 2}}, "side is missing"),
        ({"side": "R", "region": {}}, "'region' does not belong"),
    ],
)
def test_wrong_plain_data_is_refused(atlas: Atlas, data: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_plain(atlas, data)
