"""An analysis as an xarray dataset: dimensions, units, values, and what is said about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from gerdy.motion.analysis import Analysis
from gerdy.motion.dataset import LOADS, dataset_of
from gerdy.motion.recording import NoteKind


@pytest.fixture(scope="module")
def data(squatting: Analysis) -> xr.Dataset:
    return dataset_of(squatting)


def test_every_variable_has_a_unit_and_the_named_dimensions(data: xr.Dataset, squatting: Analysis) -> None:
    body = squatting.body
    assert dict(data.sizes) == {
        "time": len(squatting.time), "coordinate": len(body.coordinates), "muscle": len(body.muscles), "side": 2,
        "axis": 3, "marker": len(squatting.marker_names), "measure": data.sizes["measure"], "statistic": 3,
    }  # fmt: skip
    for name, variable in data.data_vars.items():
        assert "units" in variable.attrs or name == "measured", name
        assert variable.dims[0] == "time" or name == "measured", name
    assert list(data.side.values) == ["right", "left"]
    assert list(data.coordinate.values) == list(body.coordinates)
    assert dict(zip(data.coordinate.values, data.coordinate_unit.values, strict=True))["pelvis_tx"] == "m"
    assert set(data.coordinate_unit.values[[0, 1, 2, 6, 12]]) == {"rad"}


def test_values_are_those_of_the_analysis(data: xr.Dataset, squatting: Analysis) -> None:
    for name, (attribute, dims, unit, _) in LOADS.items():
        assert data[name].dims == dims
        assert data[name].attrs["units"] == unit
        assert np.array_equal(data[name].values, getattr(squatting.loads, attribute), equal_nan=True), name
    knee = squatting.body.column("knee_angle_r")
    assert np.array_equal(data.angle.sel(coordinate="knee_angle_r").values, squatting.q[:, knee])
    assert np.array_equal(data.speed.sel(coordinate="knee_angle_r").values, squatting.speed[:, knee])
    assert squatting.fit is not None
    assert np.array_equal(data.marker_residual.values, squatting.fit.residual, equal_nan=True)
    assert data.converged.values.all()


def test_reserve_shares_are_of_the_peak_moment(data: xr.Dataset) -> None:
    share, peak = data.reserve_share, np.abs(data.moment).max("time")
    assert float((share * peak - np.abs(data.reserve)).max()) == pytest.approx(0.0, abs=1e-9)


def test_a_point_of_force_is_given_only_where_there_is_force(squatting: Analysis) -> None:
    force = squatting.ground.force.copy()
    force[:10, 1] = 0.0
    data = dataset_of(replace(squatting, ground=squatting.ground._replace(force=force)))
    assert np.isnan(data.ground_point.sel(side="left")[:10]).all()
    assert np.isfinite(data.ground_point.sel(side="right")).all()


def test_measures_are_there_by_side_with_their_error(data: xr.Dataset, squatting: Analysis) -> None:
    assert squatting.summaries
    for row in squatting.summaries:
        for side, letter in (("right", "r"), ("left", "l")):
            if row.side in (letter, "both"):
                found = data.measured.sel(measure=row.id, side=side)
                assert float(found.sel(statistic="mean")) == row.mean
                assert float(found.sel(statistic="error")) == pytest.approx(row.error, nan_ok=True)


def test_what_was_found_and_assumed_travels_along(data: xr.Dataset, squatting: Analysis) -> None:
    assert data.attrs["mass_kg"] == 62.6
    assert data.attrs["movement"] == "squat"
    assert data.attrs["quasi_static"] == 0
    assert data.attrs["notes"] == [str(note) for note in squatting.notes]
    warned = [str(note) for note in squatting.notes if note.kind is NoteKind.WARNING]
    assert data.attrs["warnings"] == warned
    still = dataset_of(replace(squatting, measured_forces=False, fit=None, summaries=()))
    assert still.attrs["quasi_static"] == 1
    assert "converged" not in still
    assert "measured" not in still
