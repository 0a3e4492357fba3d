from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion.samples import Array, force_columns, texts, write_mot
from recordings import recordings

from gerdy.errors import FileError
from gerdy.motion.files import read_storage, read_table
from gerdy.motion.files.columns import force_column, plate_side

TIME = np.arange(60) / 100
LOAD = 400.0 + 50.0 * np.sin(TIME * 9)
FORCES = force_columns(LOAD, 700.0 - LOAD)

HEADS = {
    "opensim": ("table", "version=1", "nRows={rows}", "nColumns={columns}", "inDegrees=no", "endheader"),
    "data": ("name table", "datacolumns {columns}", "datarows {rows}", "range 0 1", "endheader"),
    "data and blank": (
        "name table",
        "datacolumns {columns}",
        "datarows {rows}",
        "range 0 1",
        "endheader",
        "",
    ),
    "new": (
        "nColumns={columns}",
        "nRows={rows}",
        "DataType=double",
        "version=3",
        "OpenSimVersion=4.1",
        "endheader",
    ),
    "talkative": (
        "Coordinates",
        "version=1",
        "nRows={rows}",
        "inDegrees=no",
        "",
        "Units are S.I. units",
        "endheader ",
    ),
    "no endheader": ("table", "version=1", "nRows={rows}"),
    "none": (),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("separator", ["\t", "  ", " \t "])
@pytest.mark.parametrize(
    ("end", "trailing", "word"), [("\n", "", "time"), ("\r\n", "\t", "Time"), ("\n", "\t\t", "Times")]
)
def test_every_header_gives_the_same_forces(
    tmp_path: Path, head: tuple[str, ...], separator: str, end: str, trailing: str, word: str
) -> None:
    path = write_mot(
        tmp_path / "f.mot",
        TIME,
        FORCES,
        head=head,
        separator=separator,
        end=end,
        trailing=trailing,
        word=word,
    )
    content = read_storage(path)
    right, left = content.plates
    np.testing.assert_allclose(right.force[:, 1], LOAD)
    np.testing.assert_allclose(left.force[:, 1], 700 - LOAD)
    np.testing.assert_allclose(left.point, np.tile([0.04, 0.0, -0.1], (60, 1)))
    np.testing.assert_allclose(right.moment[:, 1], 0.005 * LOAD)
    assert not texts(content.notes, "warning")


@pytest.mark.parametrize("style", ["opensim", "letters", "numbers", "old", "moments", "bodies", "short"])
def test_every_family_of_force_columns_is_known(tmp_path: Path, style: str) -> None:
    content = read_storage(write_mot(tmp_path / "f.mot", TIME, force_columns(LOAD, 700 - LOAD, style)))
    assert len(content.plates) == 2
    for plate, load, z in zip(content.plates, (LOAD, 700 - LOAD), (0.1, -0.1), strict=True):
        np.testing.assert_allclose(plate.force, np.stack([0.02 * load, load, 0 * load], axis=1))
        np.testing.assert_allclose(plate.point[:, 2], z)
        np.testing.assert_allclose(plate.moment[:, 1], 0.005 * load)
    assert content.angles is None
    assert not content.other


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pelvis_tx", None),
        ("hip_flexion_r_moment", None),
        ("pelvis_tx_force", None),
        ("glmed1_r_force", None),
        ("knee_angle_r", None),
        ("1_ground_torque_y", ("1", "moment", 1)),
        ("ground_force_calcn_l_pz", ("calcn_l", "point", 2)),
        ("ground_torque_calcn_l_vx", ("calcn_l", "moment", 0)),
        ("L_ground_force_vx", ("l", "force", 0)),
    ],
)
def test_names_of_force_columns(name: str, expected: tuple[str, str, int] | None) -> None:
    parts = force_column(name)
    assert (parts and parts[:3]) == expected


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("R_ground_force", "r"),
        ("ground_force_l", "l"),
        ("ground_force_1", None),
        ("ground_force_calcn_r", "r"),
        ("left", "l"),
    ],
)
def test_the_foot_that_a_plate_names(name: str, side: str | None) -> None:
    assert plate_side(name) == side


def angles(factor: float = 1.0) -> dict[str, Array]:
    bend = factor * (0.5 + 0.4 * np.sin(9 * TIME))
    return {
        "pelvis_tilt": 0.1 * bend,
        "pelvis_tx": TIME * 1.0,
        "knee_angle_r": bend,
        "hip_flexion_r": bend * 0.5,
    }


def test_forces_and_angles_in_one_file_are_split(tmp_path: Path) -> None:
    columns = {**angles(57.3), **force_columns(LOAD, 700 - LOAD, "old")}
    content = read_storage(write_mot(tmp_path / "f.mot", TIME, columns, head=HEADS["data"]))
    assert len(content.plates) == 2
    assert content.angles is not None
    assert content.angles.names == ("pelvis_tilt", "pelvis_tx", "knee_angle_r", "hip_flexion_r")
    np.testing.assert_allclose(content.angles.value[:, 2], np.radians(angles(57.3)["knee_angle_r"]))
    np.testing.assert_allclose(content.angles.value[:, 1], TIME)
    assert "angles in degrees: the header does not say" in texts(content.notes, "assumed")


def test_placeholder_angles_are_left_out(tmp_path: Path) -> None:
    columns = {**{name: np.zeros(60) for name in angles()}, **FORCES}
    content = read_storage(write_mot(tmp_path / "f.mot", TIME, columns))
    assert content.angles is None
    assert "zero throughout" in texts(content.notes, "warning")


@pytest.mark.parametrize(
    ("says", "factor", "kind"), [("yes", 57.3, "found"), ("no", 1.0, "found"), ("no", 57.3, "warning")]
)
def test_degrees_and_radians(tmp_path: Path, says: str, factor: float, kind: str) -> None:
    head = ("Coordinates", f"inDegrees={says}", "endheader")
    content = read_storage(write_mot(tmp_path / "a.mot", TIME, angles(factor), head=head))
    assert content.angles is not None
    scale = np.radians(1.0) if factor > 1 else 1.0
    np.testing.assert_allclose(content.angles.value[:, 2], angles(factor)["knee_angle_r"] * scale)
    assert "angles" in texts(content.notes, kind) or "radians, but a joint reaches" in texts(
        content.notes, kind
    )


def test_degrees_that_look_like_radians_are_warned(tmp_path: Path) -> None:
    head = ("Coordinates", "inDegrees=yes", "endheader")
    content = read_storage(write_mot(tmp_path / "a.mot", TIME, angles(), head=head))
    assert "if these are radians" in texts(content.notes, "warning")


def test_paths_of_coordinates_are_shortened(tmp_path: Path) -> None:
    columns = {
        "/jointset/hip_r/hip_flexion_r/value": TIME,
        "/jointset/hip_r/hip_flexion_r/speed": TIME,
        "/forceset/soleus_r/activation": TIME,
    }
    content = read_storage(write_mot(tmp_path / "a.sto", TIME, columns, head=HEADS["opensim"]))
    assert content.angles is not None
    assert content.angles.names == ("hip_flexion_r",)
    assert set(content.other) == {"jointset/hip_r/hip_flexion_r/speed", "forceset/soleus_r/activation"}


def test_a_knee_that_flexes_backwards_is_said(tmp_path: Path) -> None:
    columns = {"knee_angle_r": -angles()["knee_angle_r"]}
    content = read_storage(write_mot(tmp_path / "a.mot", TIME, columns, head=HEADS["opensim"]))
    assert "gait2392" in texts(content.notes, "assumed")


def test_other_columns_are_kept(tmp_path: Path) -> None:
    content = read_storage(write_mot(tmp_path / "a.sto", TIME, {"glmed1_r": TIME, "emg_tfl": TIME * 2}))
    assert set(content.other) == {"glmed1_r", "emg_tfl"}
    np.testing.assert_allclose(content.other["emg_tfl"][1], TIME * 2)


def test_counts_that_disagree_are_warned(tmp_path: Path) -> None:
    head = ("name t", "datacolumns 7", "datarows 5000", "endheader")
    content = read_storage(write_mot(tmp_path / "a.mot", TIME, FORCES, head=head))
    warned = texts(content.notes, "warning")
    assert "counts 5000 rows, the file has 60" in warned
    assert "counts 7 columns, the file has 19" in warned


def test_a_column_without_numbers_is_warned(tmp_path: Path) -> None:
    columns = {**angles(), "mtp_angle_r": np.full(60, np.nan)}
    content = read_storage(write_mot(tmp_path / "a.mot", TIME, columns, head=HEADS["opensim"]))
    assert content.angles is not None
    assert "mtp_angle_r" not in content.angles.names
    assert "mtp_angle_r: 1 columns hold no number" in texts(content.notes, "warning")


def test_infinite_values_are_missing_and_warned(tmp_path: Path) -> None:
    columns = dict(FORCES)
    columns["ground_force_r_px"] = np.where(TIME < 0.1, np.inf, 0.04)
    content = read_storage(write_mot(tmp_path / "a.mot", TIME, columns))
    assert "infinite values read as missing" in texts(content.notes, "warning")


def test_a_column_given_twice_is_said(tmp_path: Path) -> None:
    path = write_mot(tmp_path / "a.sto", TIME, {"a_x": TIME, "b_x": TIME + 1})
    path.write_text(path.read_text().replace("b_x", "a_x"))
    assert "given twice with different values" in texts(read_storage(path).notes, "warning")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("name\nendheader\nwhen\tx\n0\t1\n", r":3: 'when' where the names of the columns must be"),
        ("name\nversion=1\n", "no line of column names"),
        ("name\nendheader\ntime\tx\n", "no rows of numbers"),
        ("name\nendheader\ntime\tx\n0\t1\n0.1\tbad\n0.2\t3\n", r":5: x: 'bad' is no number"),
        ("name\nendheader\ntime\tx\n0\t1\n0.1\n0.2\t3\n", r":5: has too few cells, 1 instead of 2"),
        ("name\nDataType=Vec3\nendheader\ntime\tx\n0\t1,2,3\n", "DataType=vec3|DataType=Vec3"),
        ("name\nendheader\ntime\tx\n0\t1_0\n", "'1_0' is no number"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.mot"
    path.write_text(content)
    with pytest.raises(FileError, match=message):
        read_storage(path)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(list(HEADS)),
    st.sampled_from(["\t", " "]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[float]], head: str, separator: str
) -> None:
    path = tmp_path_factory.mktemp("sto") / "a.sto"
    values = np.array(rows)
    columns = {f"c{i}": values[:, i] for i in range(3)}
    write_mot(path, np.arange(len(rows)) / 128, columns, head=HEADS[head], separator=separator)
    table = read_table(path)
    np.testing.assert_array_equal(table.values, values)
    np.testing.assert_array_equal(table.time, np.arange(len(rows)) / 128)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_it_fail_in_another_way(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("sto") / "a.sto"
    for content in (text, "x\nendheader\ntime\ta\n" + text, "x\nendheader\ntime\ta\n0\t1\n" + text):
        path.write_bytes(content.encode("utf-8", errors="surrogatepass"))
        try:
            read_storage(path)
        except FileError as error:
            assert str(path) in str(error)  # noqa: PT017 - either outcome is right, this one must name the file


@pytest.mark.parametrize(
    ("parts", "peaks"),
    [
        (("opensim-models", "Pipelines", "Rajagopal", "ExpData", "grf_run.mot"), (1977.2, 1960.7)),
        (("hamner_subject04", "run200", "grf.mot"), (1746.5, 1734.7)),
        (("hamner_subject04", "run400", "grf.mot"), (2131.5, 1988.3)),
        (("opencap_subject4", "squats1_grf.mot"), (418.4, 388.6, 0.0)),
        (("opencap_subject4", "squatsAsym1_grf.mot"), (543.8, 306.0, 0.0)),
        (("dialects", "grf.mot"), (740.3, 757.5)),
        (("dialects", "grf_extra_line.mot"), (826.7, 795.3)),
    ],
)
def test_real_forces(parts: tuple[str, ...], peaks: tuple[float, ...]) -> None:
    plates = read_storage(recordings(*parts)).plates
    np.testing.assert_allclose([plate.force[:, 1].max() for plate in plates], peaks, atol=0.06)


def test_real_angles_are_in_radians() -> None:
    for file in sorted(recordings("opencap_subject4").glob("*_ik.mot")):
        angles_read: Any = read_storage(file).angles
        assert np.nanmax(np.abs(angles_read.value)) < 3.0
    walk = read_storage(
        recordings("opensim-models", "Pipelines", "Gait2392_Simbody", "subject01_walk1_ik.mot")
    ).angles
    assert walk is not None
    assert -1.3 < walk.value[:, walk.names.index("knee_angle_r")].min() < -0.9
