"""The merged likelihood equals its definition, and behaves as evidence should."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerdy.atlas import Atlas, load_atlas
from gerdy.chart.drawing import Drawing, draw, from_cells
from gerdy.chart.likelihood import (
    drawing_term,
    log_likelihood,
    manner_log_likelihood,
    strength,
    unknown_log_likelihood,
)
from gerdy.chart.table import FieldTable, field_table

SPOT = {"segment": "knee", "along": 0.33, "around": 90, "intensity": 7}


def one_hot(table: FieldTable, *names: str) -> np.ndarray:
    return np.array([[name in names for name in table.sources]], dtype=float)


def single(table: FieldTable, drawing: Drawing) -> dict[str, float]:
    logs = log_likelihood(drawing_term(table, drawing), np.eye(len(table.sources)))
    return dict(zip(table.sources, logs.tolist(), strict=True))


@st.composite
def drawings(draw_: st.DrawFn) -> Drawing:
    atlas = load_atlas()
    regions = draw_(st.dictionaries(st.sampled_from(list(atlas.regions)), st.floats(0, 10), max_size=4))
    spots = draw_(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 360), st.floats(0.5, 10)), max_size=3))
    marks = [
        {"segment": segment, "along": along, "around": around, "intensity": intensity}
        for segment, (along, around, intensity) in zip(("thigh", "knee", "leg"), spots, strict=False)
    ]
    if not marks and not any(value > 0 for value in regions.values()):
        regions["groin"] = 4.0
    return draw(atlas, "R", regions, marks)


def test_the_formula_in_the_docstring_is_the_one_computed(atlas: Atlas, table: FieldTable) -> None:
    term = drawing_term(table, draw(atlas, "R", {"groin": 5, "hip_lateral": 3}))
    chosen = [table.sources.index(name) for name in ("hip_oa", "gtps")]
    hazard = term.painted_leak + term.painted_hazard[:, chosen].sum(axis=1)
    expected = term.base + term.unpainted[:, chosen].sum(axis=1)
    expected = expected + np.log(1 - np.exp(-hazard)) @ term.painted_weight
    assert manner_log_likelihood(term, one_hot(table, "hip_oa", "gtps"))[:, 0] == pytest.approx(expected)


@settings(max_examples=20)
@given(drawings())
def test_leaving_skin_unpainted_never_speaks_for_a_source(drawing: Drawing) -> None:
    term = drawing_term(field_table(load_atlas()), drawing)
    assert (term.unpainted <= 0).all()
    assert (term.base <= 0).all()
    assert (term.painted_weight > 0).all()


def test_a_typical_drawing_of_three_regions_has_few_classes(atlas: Atlas, table: FieldTable) -> None:
    ticked = draw(atlas, "R", {"thigh_lateral": 5, "knee_lateral": 6, "leg_lateral": 3})
    painted = from_cells(atlas, "R", ticked.intensity)
    assert drawing_term(table, ticked).painted_weight.size == 3
    assert drawing_term(table, painted).painted_weight.size < 80


def test_a_tick_does_not_ask_a_source_to_fill_the_region(atlas: Atlas, table: FieldTable) -> None:
    """A sore hip tendon is felt in a stripe of the outer thigh, the outer thigh muscle all over it."""
    ticked = draw(atlas, "R", {"thigh_lateral": 6})
    filled = from_cells(atlas, "R", ticked.intensity)
    for narrow in ("gtps", "gtps_tear"):
        by_tick = single(table, ticked)[narrow] - single(table, ticked)["mf_vl"]
        by_paint = single(table, filled)[narrow] - single(table, filled)["mf_vl"]
        assert by_paint < by_tick - 1 < 0


@pytest.mark.parametrize(
    ("regions", "first"),
    [
        ({"knee_lateral": 6}, {"itbs"}),
        ({"hip_lateral": 6, "thigh_lateral": 4}, {"gtps"}),
        ({"buttock": 5, "thigh_posterior": 5, "leg_posterior": 5}, {"mf_glut_min_post", "rad_s1", "rad_l5"}),
        ({"thigh_lateral": 5, "thigh_anterior": 5}, {"meralgia"}),
        ({"groin": 5, "hip_anterior": 4}, {"bsi_femoral_neck", "fai_labrum", "hip_oa"}),
        ({"leg_lateral": 5, "foot_dorsum": 5}, {"cpn"}),
        ({"knee_anterior": 5}, {"pfp"}),
        ({"leg_posterior": 6}, {"dvt", "vascular", "rad_s1"}),
    ],
)
def test_plain_pictures_lead_to_the_expected_source(
    atlas: Atlas, table: FieldTable, regions: dict[str, float], first: set[str]
) -> None:
    logs = single(table, draw(atlas, "R", regions))
    best = sorted(logs, key=lambda name: -logs[name])
    assert best[0] in first
    assert first <= set(best[:6])


def test_a_fingertip_tells_the_epicondyle_from_the_joint_line(atlas: Atlas, table: FieldTable) -> None:
    above = single(table, draw(atlas, "R", marks=[SPOT]))
    line = single(table, draw(atlas, "R", marks=[{**SPOT, "along": 0.55}]))
    assert above["itbs"] > above["men_lateral"]
    assert line["men_lateral"] > line["itbs"] + 1


def test_none_of_these_wins_where_no_source_is_felt(atlas: Atlas, table: FieldTable) -> None:
    odd = drawing_term(table, draw(atlas, "R", {"foot_plantar": 5, "thigh_medial": 5}))
    assert unknown_log_likelihood(odd) > log_likelihood(odd, np.eye(len(table.sources))).max() - 0.1
    plain = drawing_term(table, draw(atlas, "R", {"hip_lateral": 6, "thigh_lateral": 4}))
    assert unknown_log_likelihood(plain) < log_likelihood(plain, np.eye(len(table.sources))).max() - 3


def test_asked_and_not_there_counts_like_unpainted(atlas: Atlas, table: FieldTable) -> None:
    one, other = ({"hip_lateral": 6.0}, {"hip_lateral": 6.0, "groin": 0.0})
    assert single(table, draw(atlas, "R", one)) == single(table, draw(atlas, "R", other))


def test_weak_marks_count_less(atlas: Atlas, table: FieldTable) -> None:
    assert strength(np.array([0.0, 1.0, 3.0, 6.0, 10.0])) == pytest.approx([0.0, 0.3, 0.5, 1.0, 1.0])
    strong = single(table, draw(atlas, "R", {"hip_lateral": 8, "groin": 8}))
    weak = single(table, draw(atlas, "R", {"hip_lateral": 8, "groin": 1}))
    assert weak["gtps"] - weak["hip_oa"] > strong["gtps"] - strong["hip_oa"]


def test_other_cells_of_a_region_named_beside_a_mark_say_nothing(atlas: Atlas, table: FieldTable) -> None:
    mixed = drawing_term(table, draw(atlas, "R", {"thigh_lateral": 4}, [SPOT]))
    alone = drawing_term(table, draw(atlas, "R", marks=[SPOT]))
    thigh = table.sources.index("mf_vl")
    assert (mixed.unpainted[:, thigh] > alone.unpainted[:, thigh]).all()
    assert mixed.painted_weight.size == alone.painted_weight.size + 1


def test_the_side_does_not_matter(atlas: Atlas, table: FieldTable) -> None:
    assert single(table, draw(atlas, "R", {"groin": 5})) == single(table, draw(atlas, "L", {"groin": 5}))


def test_a_drawing_is_reduced_in_under_three_milliseconds(atlas: Atlas, table: FieldTable) -> None:
    drawing = from_cells(atlas, "R", draw(atlas, "R", {"thigh_lateral": 5, "leg_lateral": 6}).intensity)
    spent = []
    for _ in range(7):
        start = time.perf_counter()
        drawing_term(table, drawing)
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.003
