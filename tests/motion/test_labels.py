"""Marker names: every set seen in real files is known, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import recordings

from gerdy.errors import FileError
from gerdy.mechanics.table import table
from gerdy.motion import labels
from gerdy.motion.labels import canonical, clusters, known_points, known_segments, plain, read_labels, unknown

HAMNER = ["RASI", "LASI", "RPSI", "RTH1", "RTB3", "RCAL", "RTOE", "RMT5", "RACR", "CLAV", "RLEL", "RFAradius"]
GAIT2392 = [
    "R.ASIS",
    "V.Sacral",
    "R.Thigh.Upper",
    "R.Shank.Rear",
    "R.Heel",
    "R.Toe.Tip",
    "R.Midfoot.Lat",
    "Top.Head",
]
OPENCAP = [
    "r.ASIS",
    "L.PSIS",
    "r_knee",
    "L_mknee",
    "r_ankle",
    "r_calc",
    "r_5meta",
    "R_HJC",
    "R_HJC_reg",
    "r_sh2",
]
PLUG_IN = ["LASI", "SACR", "LKNE", "LANK", "LHEE", "LTOE", "LTHI", "LTIB", "LSHO", "C7", "LFHD"]


def test_running_set_of_hamner() -> None:
    found = canonical(HAMNER)
    assert found["r_asis"] == 0
    assert found["l_asis"] == 1
    assert found["r_heel"] == HAMNER.index("RCAL")
    assert found["r_toe"] == HAMNER.index("RTOE")
    assert found["r_acromion"] == HAMNER.index("RACR")
    assert found["r_wrist_radius"] == HAMNER.index("RFAradius")
    assert clusters(HAMNER) == {"RTH1": "femur_r", "RTB3": "tibia_r"}
    assert unknown(HAMNER) == ()


def test_set_of_gait2392() -> None:
    found = read_labels(GAIT2392)
    assert {"r_asis", "sacrum", "r_heel", "r_toe_tip"} == set(found.canonical)
    assert found.clusters["R.Midfoot.Lat"] == "calcn_r"
    assert found.clusters["R.Shank.Rear"] == "tibia_r"
    assert found.ignored == {"Top.Head": "the head moves apart from the trunk"}


def test_set_of_opencap_takes_the_first_of_two_hip_centres() -> None:
    found = read_labels(OPENCAP)
    assert found.canonical["r_hip_centre"] == OPENCAP.index("R_HJC")
    assert found.ignored == {"R_HJC_reg": "R_HJC is the same point"}
    assert found.canonical["l_knee_medial"] == OPENCAP.index("L_mknee")
    assert found.clusters == {"r_sh2": "tibia_r"}
    turned = read_labels(OPENCAP[::-1])  # the order in the file does not matter
    assert turned.canonical["r_hip_centre"] == OPENCAP[::-1].index("R_HJC")
    assert turned.ignored == {"R_HJC_reg": "R_HJC is the same point"}


def test_the_toe_of_plug_in_gait_is_the_second_metatarsal() -> None:
    assert "l_toe" not in canonical(PLUG_IN)
    assert canonical(PLUG_IN)["l_second_metatarsal"] == PLUG_IN.index("LTOE")
    assert canonical(["LTOE", "LCAL"]) == {"l_toe": 0, "l_heel": 1}


@pytest.mark.parametrize(
    "name",
    [
        "RASI",
        "R.ASIS",
        "r_asis",
        "r.ASIS",
        "R-ASIS",
        "Subject01:RASI",
        "a:b:RASI",
        "Right ASIS",
        "right_asis",
    ],
)
def test_spellings_of_one_name(name: str) -> None:
    assert canonical([name]) == {"r_asis": 0}


def test_every_own_name_means_itself() -> None:
    own = [marker.name for marker in table().markers]
    assert canonical(own) == {name: i for i, name in enumerate(own)}


def test_every_target_is_a_point_or_segment_of_the_body() -> None:
    model = table()
    assert set(known_points()) == {marker.name for marker in model.markers}
    assert set(known_segments()) <= {body.name for body in model.bodies}


def test_no_name_means_two_things() -> None:
    table_of = labels._table()
    points = [alias for _, aliases in labels._sided(table_of.landmarks) for alias in aliases]
    assert len(points) == len(set(points))
    assert all(plain(alias) == alias for alias in points)
    for segments in (table_of.clusters, table_of.ignored):
        for alias in points:
            assert labels._first(alias, segments) is None, alias


@given(st.lists(st.text(max_size=12), max_size=20, unique=True))
def test_every_marker_is_accounted_for_once(names: list[str]) -> None:
    found = read_labels(names)
    counted = [names[i] for i in found.canonical.values()]
    counted += [*found.clusters, *found.ignored, *found.unknown]
    assert sorted(counted) == sorted(names)


def test_what_is_not_known_is_said_in_order() -> None:
    assert unknown(["*53", "RASI", "wand", "", "*52"]) == ("*53", "wand", "", "*52")


def _trc_names(path: Path) -> list[str]:
    header = path.read_text(encoding="utf-8", errors="replace").splitlines()[3]
    return [cell.strip() for cell in header.split("\t")[2:] if cell.strip()]


NEEDED = ("r_asis", "l_asis", "r_heel", "l_heel", "r_acromion", "l_acromion", "r_elbow_lateral")


@pytest.mark.parametrize(
    "parts",
    [
        ("hamner_subject04", "run200", "markers.trc"),
        ("opencap_subject4", "squats1.trc"),
        ("opencap_subject4", "static1.trc"),
        ("opensim-models", "Pipelines", "Rajagopal", "ExpData", "motion_capture_run.trc"),
        ("opensim-models", "Pipelines", "Rajagopal", "ExpData", "motion_capture_walk.trc"),
        ("opensim-models", "Pipelines", "Rajagopal", "ExpData", "static_run.trc"),
        ("opensim-models", "Pipelines", "Rajagopal", "ExpData", "static_walk_1.trc"),
        ("opensim-models", "Pipelines", "Gait2392_Simbody", "subject01_walk1.trc"),
        ("dialects", "markers_StairUp3.trc"),
    ],
)
def test_real_recordings_are_known_to_the_last_marker(parts: tuple[str, ...]) -> None:
    names = _trc_names(recordings(*parts))
    found = read_labels(names)
    assert found.unknown == ()
    assert set(NEEDED) <= set(found.canonical)
    for side in "rl":
        for segment in ("femur", "tibia"):
            assert list(found.clusters.values()).count(f"{segment}_{side}") >= 2


@pytest.mark.parametrize(("name", "left"), [("JA1Gait35.c3d", {"*52", "*53"}), ("test_walking.c3d", set())])
def test_real_c3d_files_are_known_but_for_unlabelled_points(name: str, left: set[str]) -> None:
    ezc3d = pytest.importorskip("ezc3d")
    names = ezc3d.c3d(str(recordings("c3d", name)))["parameters"]["POINT"]["LABELS"]["value"]
    found = read_labels(names)
    assert set(found.unknown) == left
    assert {"r_knee_lateral", "l_knee_lateral", "r_ankle_lateral", "r_heel"} <= set(found.canonical)


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text("landmarks: 3", encoding="utf-8")
    with pytest.raises(FileError, match=r"labels\.yaml: cannot be read as a table of marker names"):
        labels._table(path)
