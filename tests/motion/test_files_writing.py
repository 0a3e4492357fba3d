from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as parquet
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from gerdy.errors import FileError, InputError
from gerdy.motion.files import read_storage, read_table, write_dataset, write_table

TIME = 0.23 + np.arange(40) / 100
COORDINATES = ["pelvis_tilt", "pelvis_tx", "hip_flexion_r", "knee_angle_r"]
MUSCLES = ["glmed1_r", "tfl_l"]


def result() -> xr.Dataset:
    rng = np.random.default_rng(3)

    def variable(unit: str, *dims: str) -> tuple[tuple[str, ...], Any, dict[str, str]]:
        sizes = {"coordinate": 4, "muscle": 2, "side": 2, "axis": 3, "marker": 2}
        return ("time", *dims), rng.normal(size=(40, *(sizes[d] for d in dims))), {"units": unit}

    dataset = xr.Dataset(
        {
            "angle": variable("rad or m", "coordinate"),
            "moment": variable("N m or N", "coordinate"),
            "activation": variable("1", "muscle"),
            "force": variable("N", "muscle"),
            "saturated": (("time", "muscle"), rng.random((40, 2)) > 0.5, {"units": "1"}),
            "band_force": variable("N", "side"),
            "epicondyle_compression": variable("N", "side"),
            "hip_contact": variable("N", "side", "axis"),
            "ground_force": variable("N", "side", "axis"),
            "ground_point": variable("m", "side", "axis"),
            "marker_residual": variable("m", "marker"),
            "converged": (("time",), np.ones(40, dtype=bool), {"units": "1"}),
        },
        coords={
            "time": TIME,
            "coordinate": COORDINATES,
            "muscle": MUSCLES,
            "side": ["right", "left"],
            "axis": ["x", "y", "z"],
            "marker": ["RASI", "LASI"],
        },
        attrs={"mass_kg": 72.84, "trial": "run 4", "notes": ["one", "two"], "quasi_static": np.int64(0)},
    )
    dataset["ground_force"][:10, 0] = 0.0
    dataset["ground_point"][:10, 0] = np.nan
    return dataset


def test_a_folder_gets_the_files_of_the_field(tmp_path: Path) -> None:
    written = write_dataset(result(), tmp_path / "out")
    assert [file.name for file in written] == [
        "run_4_ik.mot",
        "run_4_id.sto",
        "run_4_StaticOptimization_activation.sto",
        "run_4_StaticOptimization_force.sto",
        "run_4_grf.mot",
        "run_4_loads.sto",
    ]
    tables = {file.name[6:]: read_table(file) for file in written}
    assert tables["ik.mot"].names == tuple(COORDINATES)
    assert tables["id.sto"].names == (
        "pelvis_tilt_moment",
        "pelvis_tx_force",
        "hip_flexion_r_moment",
        "knee_angle_r_moment",
    )
    assert tables["StaticOptimization_activation.sto"].names == tuple(MUSCLES)
    np.testing.assert_array_equal(tables["id.sto"].values, result().moment.values)
    np.testing.assert_array_equal(tables["StaticOptimization_force.sto"].values, result().force.values)
    assert {"iliotibial_band_r_force", "epicondyle_compression_l", "hip_contact_r_y"} <= set(
        tables["loads.sto"].names
    )


def test_angles_are_read_back_as_they_were(tmp_path: Path) -> None:
    for in_degrees in (True, False):
        file = write_dataset(result(), tmp_path / f"out{in_degrees}", in_degrees=in_degrees)[0]
        assert f"inDegrees={'yes' if in_degrees else 'no'}" in file.read_text()
        angles = read_storage(file).angles
        assert angles is not None
        np.testing.assert_allclose(angles.value, result().angle.values, rtol=1e-14)
        np.testing.assert_allclose(angles.time, TIME, rtol=1e-14)


def test_forces_are_read_back_as_plates(tmp_path: Path) -> None:
    file = write_dataset(result(), tmp_path / "out")[4]
    right, left = read_storage(file).plates
    np.testing.assert_array_equal(right.force, result().ground_force.values[:, 0])
    np.testing.assert_array_equal(left.point, result().ground_point.values[:, 1])
    assert not right.point[:10].any()


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".sto", ".mot"])
def test_one_table_holds_everything(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"all{suffix}"
    assert write_dataset(result(), file) == [file]
    if suffix == ".parquet":
        table = parquet.read_table(file)
        names, column = table.schema.names, {name: np.asarray(table[name]) for name in table.schema.names}
        units = json.loads(table.schema.metadata[b"units"])
        about = json.loads(table.schema.metadata[b"about"])
        assert table.schema.field("tfl_l_saturated").type == "bool"
        assert table.schema.field("hip_flexion_r").metadata == {b"unit": b"deg"}
    elif suffix == ".csv":
        lines = file.read_text().split("\n")
        names = lines[0].split(",")
        column = {
            "hip_flexion_r": np.array(
                [float(row.split(",")[names.index("hip_flexion_r")]) for row in lines[1:-1]]
            )
        }
        beside = json.loads((tmp_path / "all.csv-metadata.json").read_text())
        units = {entry["name"]: entry["unit"] for entry in beside["tableSchema"]["columns"]}
        about = beside["notes"][0]["about"]
    else:
        read = read_table(file)
        names = ["time", *read.names]
        column = {"hip_flexion_r": read.values[:, read.names.index("hip_flexion_r")]}
        units = about = None
    assert names[:5] == ["time", *COORDINATES]
    assert {
        "pelvis_tx_force",
        "glmed1_r_activation",
        "glmed1_r_force",
        "iliotibial_band_r_force",
        "converged",
    } <= set(names)
    assert len(set(names)) == len(names)
    np.testing.assert_allclose(column["hip_flexion_r"], np.degrees(result().angle.values[:, 2]), rtol=1e-14)
    if units is not None:
        assert units["hip_flexion_r"] == "deg"
        assert units["pelvis_tx"] == "m"
        assert units["pelvis_tx_force"] == "N"
        assert units["hip_flexion_r_moment"] == "N m"
        assert about == {"mass_kg": 72.84, "trial": "run 4", "notes": ["one", "two"], "quasi_static": 0}


def test_tables_of_the_field_hold_no_gaps_and_say_so(tmp_path: Path) -> None:
    dataset = result()
    dataset["moment"][5:9, 2] = np.nan
    dataset["moment"][:, 3] = np.nan
    file = write_dataset(dataset, tmp_path / "out")[1]
    table = read_table(file)
    assert table.names == ("pelvis_tilt_moment", "pelvis_tx_force", "hip_flexion_r_moment")
    assert len(table.time) == 36
    assert table.header["framesleftout"] == "4"
    assert table.header["columnsleftout"] == "knee_angle_r_moment"


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_other_tables_keep_gaps(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"a{suffix}"
    write_table(file, [0.0, 0.1], {"x": ([1.0, np.nan], "m")})
    if suffix == ".csv":
        assert file.read_text() == "time,x\n0.0,1.0\n0.1,\n"
    else:
        assert np.isnan(parquet.read_table(file)["x"].to_numpy()).tolist() == [False, True]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"x": ([1.0], "m")}, "x: must have 2 values"),
        ({"time": ([1.0, 2.0], "s")}, "is no name for a column"),
        ({"a\tb": ([1.0, 2.0], "m")}, "is no name for a column"),
        ({"": ([1.0, 2.0], "m")}, "is no name for a column"),
        ({"x": ([np.nan, 2.0], "m"), "y": ([1.0, np.nan], "m")}, "no frame has a value in every column"),
    ],
)
def test_what_a_table_cannot_hold_is_refused(tmp_path: Path, columns: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        write_table(tmp_path / "a.sto", [0.0, 0.1], columns)
    assert not list(tmp_path.iterdir())


def test_other_suffixes_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"'\.xlsx' is no kind of table"):
        write_dataset(result(), tmp_path / "a.xlsx")
    with pytest.raises(FileError, match=r"'\.txt' is no kind of table"):
        write_table(tmp_path / "a.txt", [0.0], {})
    with pytest.raises(FileError, match="cannot be written"):
        write_table(tmp_path / "none" / "a.sto", [0.0], {"x": ([1.0], "m")})
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be made"):
        write_dataset(result(), tmp_path / "file" / "out")


@pytest.mark.parametrize("trial", ["../../escape", "a/b", "", ".", "ü walk"])
def test_no_trial_name_leaves_the_folder(tmp_path: Path, trial: str) -> None:
    dataset = result().assign_attrs(trial=trial)
    written = write_dataset(dataset, tmp_path / "out")
    assert all(file.parent == tmp_path / "out" and file.exists() for file in written)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20),
    st.sampled_from([".sto", ".mot"]),
)
def test_every_number_comes_back(
    tmp_path_factory: pytest.TempPathFactory, values: list[float], suffix: str
) -> None:
    file = tmp_path_factory.mktemp("w") / f"a{suffix}"
    time = np.arange(len(values)) / 64
    write_table(file, time, {"x": (values, "N")})
    table = read_table(file)
    np.testing.assert_array_equal(table.values[:, 0], values)
    np.testing.assert_array_equal(table.time, time)
