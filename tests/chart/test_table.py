"""The table holds every field, merges exactly, and is quick to build."""

from __future__ import annotations

import time

import numpy as np
import pytest

from gerdy.atlas import Atlas
from gerdy.chart.cells import cells
from gerdy.chart.manner import drawing_model
from gerdy.chart.table import FieldTable, Layer, build_table, field_table


def test_shapes_and_order(atlas: Atlas, table: FieldTable) -> None:
    assert table.sources == tuple(atlas.sources)
    assert table.regions == tuple(atlas.regions)
    assert table.cells.hazard.shape == (3, 42, len(cells()))
    assert table.regional.hazard.shape == (3, 42, 23)
    assert np.exp(table.log_manner).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["cells", "regional"])
def test_places_of_a_class_have_equal_columns(table: FieldTable, kind: str) -> None:
    layer: Layer = getattr(table, kind)
    assert np.array_equal(layer.hazard[:, :, layer.first[layer.kind]], layer.hazard)
    assert np.array_equal(layer.leak[:, layer.first[layer.kind]], layer.leak)
    assert np.array_equal(layer.unknown[:, layer.first[layer.kind]], layer.unknown)
    distinct = np.unique(layer.hazard.reshape(-1, layer.hazard.shape[-1]), axis=1).shape[1]
    assert layer.kinds == distinct


def test_weights_are_area_times_temper(table: FieldTable) -> None:
    assert table.cells.weight.mean() == pytest.approx(drawing_model().cells.temper)
    assert table.cells.weight == pytest.approx(drawing_model().cells.temper * table.area / table.area.mean())
    assert set(table.regional.weight) == {drawing_model().regions.temper}


def test_the_table_is_frozen_and_cached(atlas: Atlas, table: FieldTable) -> None:
    assert field_table(atlas) is table
    with pytest.raises(ValueError, match="read-only"):
        table.cells.hazard[0, 0, 0] = 1.0


def test_the_table_is_built_in_under_60_milliseconds(atlas: Atlas) -> None:
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        build_table(atlas, drawing_model())
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.06
