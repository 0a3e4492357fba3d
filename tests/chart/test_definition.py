"""The merged likelihood equals its definition, computed here once more place by place and set by set."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gerdy.atlas import Atlas, load_atlas
from gerdy.chart.drawing import Drawing, draw
from gerdy.chart.likelihood import drawing_term, log_likelihood, unknown_log_likelihood
from gerdy.chart.manner import drawing_model
from gerdy.chart.sampling import sample_drawing
from gerdy.chart.table import FieldTable, Layer, field_table


def slow(table: FieldTable, drawing: Drawing, active: list[int], *, unknown: bool = False) -> float:
    """Return log L of one set from the definition; with ``unknown``, of that source besides."""
    logs = [
        float(table.log_manner[g]) + _given_manner(table, drawing, active, g, unknown)
        for g in range(len(table.manners))
    ]
    top = max(logs)
    return top + math.log(math.fsum(math.exp(value - top) for value in logs))


def _given_manner(table: FieldTable, drawing: Drawing, active: list[int], g: int, unknown: bool) -> float:
    ticked = [drawing.ticks.get(name, 0.0) for name in table.regions]
    if not drawing.marks:
        return _layer(table.regional, ticked, [True] * len(ticked), active, g, unknown)
    silent = [
        not drawing.marked[c]
        and any(value > 0 and table.region_cells[r, c] for r, value in enumerate(ticked))
        for c in range(len(drawing.intensity))
    ]
    painted = [0.0 if silent[c] else float(value) for c, value in enumerate(drawing.intensity)]
    total = _layer(table.cells, painted, [not one for one in silent], active, g, unknown)
    if any(ticked):
        total += _layer(table.regional, ticked, [False] * len(ticked), active, g, unknown)
    return total


def _layer(
    layer: Layer, intensity: list[float], speaks: list[bool], active: list[int], g: int, unknown: bool
) -> float:
    model = drawing_model()
    weighing = math.fsum(float(layer.weight[x]) for x, value in enumerate(intensity) if value > 0)
    scale = max(1.0, 1.0 / weighing) if weighing > 0 else 1.0
    terms = []
    for x, value in enumerate(intensity):
        free = math.exp(-float(layer.leak[g, x]))
        for i in active:
            free *= math.exp(-float(layer.hazard[g, i, x]))
        if unknown:
            free *= math.exp(-float(layer.unknown[g, x]))
        weight = float(layer.weight[x])
        if value > 0:
            share = value / (model.full_strength * max(intensity))
            weight *= scale * min(max(share, model.least_strength), 1.0)
            terms.append(weight * math.log(1.0 - free))
        elif speaks[x]:
            terms.append(weight * math.log(free))
    return math.fsum(terms)


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


@settings(max_examples=25)
@given(drawings(), st.sets(st.integers(0, 41), max_size=4))
def test_the_merged_form_equals_the_definition(drawing: Drawing, chosen: set[int]) -> None:
    table = field_table(load_atlas())
    active = np.isin(np.arange(len(table.sources)), list(chosen))[None]
    term = drawing_term(table, drawing)
    assert log_likelihood(term, active)[0] == pytest.approx(slow(table, drawing, sorted(chosen)), rel=1e-12)
    assert unknown_log_likelihood(term) == pytest.approx(slow(table, drawing, [], unknown=True), rel=1e-12)


def test_a_sampled_drawing_equals_the_definition(atlas: Atlas, table: FieldTable) -> None:
    drawing = sample_drawing(atlas, table, ["hip_oa", "gtps"], np.random.default_rng(3), correlated=True)
    term = drawing_term(table, drawing)
    for names in ((), ("gtps",), ("hip_oa", "gtps"), ("rad_l5", "itbs", "dvt")):
        chosen = [table.sources.index(name) for name in names]
        fast = log_likelihood(term, np.isin(table.sources, names)[None])[0]
        assert fast == pytest.approx(slow(table, drawing, chosen), rel=1e-12)
