"""Sampled drawings follow the model, or the stand-in for real people."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gerdy.atlas import Atlas
from gerdy.chart.cells import cells
from gerdy.chart.sampling import normal_cdf, sample_drawing, sample_painted
from gerdy.chart.table import FieldTable
from gerdy.errors import UnknownIdError


def test_independent_drawings_have_the_model_s_chances(table: FieldTable) -> None:
    rng, g = np.random.default_rng(1), table.manners.index("typical")
    seen = np.mean([sample_painted(table, ["gtps"], rng, manner="typical") for _ in range(1500)], axis=0)
    hazard = table.cells.hazard[g, table.sources.index("gtps")] + table.cells.leak[g]
    expected = -np.expm1(-hazard)
    error = np.sqrt(expected * (1 - expected) / 1500)
    assert (np.abs(seen - expected) < 5 * error + 1e-9).all()


def test_correlated_drawings_are_patches(table: FieldTable) -> None:
    """Neighbouring cells agree far more often than by chance."""
    rng, table_cells = np.random.default_rng(2), cells()
    thigh = np.flatnonzero(table_cells.inside("thigh", (0.3, 0.7), (45, 135)))
    drawn = np.array(
        [sample_painted(table, ["mf_vl"], rng, manner="typical", correlated=True)[thigh] for _ in range(300)]
    )
    together = np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1]
    alone = np.array([sample_painted(table, ["mf_vl"], rng, manner="typical")[thigh] for _ in range(300)])
    assert together > 0.5
    assert abs(np.corrcoef(alone[:, 0], alone[:, 1])[0, 1]) < 0.25


def test_generous_people_paint_more(table: FieldTable) -> None:
    rng = np.random.default_rng(3)
    mean = {
        manner: np.mean([sample_painted(table, ["rad_l5"], rng, manner=manner).sum() for _ in range(60)])
        for manner in table.manners
    }
    assert mean["focal"] < mean["typical"] < mean["wide"]


@pytest.mark.parametrize("correlated", [False, True])
def test_every_source_can_be_drawn(atlas: Atlas, table: FieldTable, correlated: bool) -> None:
    rng = np.random.default_rng(4)
    for name in table.sources:
        drawing = sample_drawing(atlas, table, [name], rng, correlated=correlated, side="left")
        assert drawing.painted.any()
        assert drawing.side == "left"


def test_two_sources_paint_more_than_one(table: FieldTable) -> None:
    rng = np.random.default_rng(5)
    one = np.mean([sample_painted(table, ["itbs"], rng).sum() for _ in range(40)])
    two = np.mean([sample_painted(table, ["itbs", "som_facet"], rng).sum() for _ in range(40)])
    assert two > one + 10


def test_unknown_names_are_told(table: FieldTable) -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(UnknownIdError, match=r"did you mean .?itbs"):
        sample_painted(table, ["itb"], rng)
    with pytest.raises(UnknownIdError, match="manner of drawing"):
        sample_painted(table, ["itbs"], rng, manner="lavish")


def test_the_normal_distribution_function() -> None:
    at = np.linspace(-4, 4, 33)
    exact = [0.5 * (1 + math.erf(value / math.sqrt(2))) for value in at]
    assert normal_cdf(at) == pytest.approx(exact, abs=2e-7)
