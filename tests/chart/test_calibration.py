"""The shipped temper and leak are the best ones, near enough, on people drawn afresh."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from gerdy.atlas import Atlas
from gerdy.chart.calibration import Simulated, simulate, weigh
from gerdy.chart.drawing import draw, from_cells
from gerdy.chart.likelihood import drawing_term, log_likelihood
from gerdy.chart.manner import drawing_model
from gerdy.chart.table import FieldTable, build_table


@pytest.fixture(scope="module")
def table(atlas: Atlas) -> FieldTable:
    """The maps at their word: temper and leak say how people draw, whatever the maps are worth."""
    return build_table(atlas, msgspec.structs.replace(drawing_model(), trust=1.0))


@pytest.fixture(scope="module")
def people(table: FieldTable) -> Simulated:
    return simulate(table, 30, np.random.default_rng(2024))


def test_people_tick_what_they_paint(table: FieldTable, people: Simulated) -> None:
    assert people.ticked.any(axis=1).all()
    assert 2 < people.ticked.sum(axis=1).mean() < 8
    touched = (people.painted.astype(float) @ table.region_cells.T.astype(float)) > 0
    assert not (people.ticked & ~touched).any()


@pytest.mark.parametrize("kind", ["cells", "regions"])
def test_calibration_weighs_as_the_engine_does(
    atlas: Atlas, table: FieldTable, people: Simulated, kind: str
) -> None:
    constants = getattr(drawing_model(), kind)
    few = np.arange(0, len(people.truth), 97)
    right = []
    for i in few:
        if kind == "cells":
            drawing = from_cells(atlas, "R", np.where(people.painted[i], 5.0, 0.0))
        else:
            named = {table.regions[r]: 5.0 for r in np.flatnonzero(people.ticked[i])}
            drawing = draw(atlas, "R", named)
        logs = log_likelihood(drawing_term(table, drawing), np.eye(len(table.sources)))
        right.append(logs[people.truth[i]] - np.logaddexp.reduce(logs))
    layer, seen = (table.cells, people.painted) if kind == "cells" else (table.regional, people.ticked)
    found = weigh(
        table, layer, (seen[few], people.truth[few]), tempers=[constants.temper], leaks=[constants.leak]
    )
    assert found[0].log_loss == pytest.approx(-np.mean(right), rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["cells", "regions"])
def test_the_shipped_constants_are_near_the_best(table: FieldTable, kind: str) -> None:
    people = simulate(table, 80, np.random.default_rng(99))
    constants = getattr(drawing_model(), kind)
    layer, seen = (table.cells, people.painted) if kind == "cells" else (table.regional, people.ticked)
    factors = [0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.5]
    found = weigh(
        table,
        layer,
        (seen, people.truth),
        tempers=[constants.temper * factor for factor in factors],
        leaks=[constants.leak * factor for factor in factors],
    )
    shipped = next(pair for pair in found if (pair.temper, pair.leak) == (constants.temper, constants.leak))
    assert shipped.log_loss < found[0].log_loss + 0.02
    recorded = getattr(drawing_model().calibration, f"log_loss_{kind}")
    assert shipped.log_loss == pytest.approx(recorded, abs=0.08)


def test_counting_neighbours_as_independent_is_far_worse(table: FieldTable, people: Simulated) -> None:
    found = weigh(
        table,
        table.cells,
        (people.painted, people.truth),
        tempers=[drawing_model().cells.temper, 1.0],
        leaks=[drawing_model().cells.leak],
    )
    assert found[0].temper < 1.0
    assert found[1].log_loss > 3 * found[0].log_loss


def test_the_shipped_constants_beat_guessing_by_far(table: FieldTable, people: Simulated) -> None:
    constants = drawing_model().cells
    pair = weigh(
        table,
        table.cells,
        (people.painted, people.truth),
        tempers=[constants.temper],
        leaks=[constants.leak],
    )[0]
    assert pair.log_loss < 0.5 * np.log(len(table.sources))
    assert pair.in_three > 0.75
