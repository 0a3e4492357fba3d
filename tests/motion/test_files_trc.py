from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from motion.samples import NAMES, body, texts, write_trc
from recordings import recordings

from gerdy.errors import FileError
from gerdy.motion.files import read_trc
from gerdy.motion.recording import Markers

TIME, PLACE = body()


def markers_of(path: Path) -> Markers:
    markers = read_trc(path).markers
    assert markers is not None
    return markers


@pytest.mark.parametrize(
    "dialect",
    [
        {},
        {"tabs": 2, "time_word": "Times", "end": "\r\n"},
        {"tabs": 1},
        {"blank": False},
        {"trailing": "\t\t\t"},
        {"end": "\r"},
        {"count": 3},
        {"rate": None},
    ],
)
def test_every_dialect_gives_the_same_markers(tmp_path: Path, dialect: dict[str, Any]) -> None:
    path = write_trc(tmp_path / "a.trc", TIME, PLACE, **dialect)
    markers = markers_of(path)
    assert markers.names == NAMES
    np.testing.assert_allclose(markers.position, PLACE, atol=1e-6)
    np.testing.assert_allclose(markers.time, TIME, atol=1e-9)


def test_spaces_between_columns_are_read(tmp_path: Path) -> None:
    path = write_trc(tmp_path / "a.trc", TIME, PLACE)
    path.write_text(path.read_text().replace("\t", "   "))
    np.testing.assert_allclose(markers_of(path).position, PLACE, atol=1e-6)


def test_millimetres_become_metres(tmp_path: Path) -> None:
    content = read_trc(write_trc(tmp_path / "a.trc", TIME, PLACE * 1000, unit="mm"))
    assert content.markers is not None
    np.testing.assert_allclose(content.markers.position, PLACE, atol=1e-6)
    assert "positions in mm" in texts(content.notes, "found")


@pytest.mark.parametrize(("unit", "factor", "really"), [("mm", 1.0, "m"), ("m", 1000.0, "mm")])
def test_a_unit_no_person_fits_is_corrected_and_warned(
    tmp_path: Path, unit: str, factor: float, really: str
) -> None:
    content = read_trc(write_trc(tmp_path / "a.trc", TIME, PLACE * factor, unit=unit))
    assert content.markers is not None
    np.testing.assert_allclose(content.markers.position, PLACE, atol=1e-6)
    assert f"read as {really}" in texts(content.notes, "warning")


def test_blank_cells_and_zeros_are_gaps(tmp_path: Path) -> None:
    place = PLACE.copy()
    place[3:5, 1] = np.nan
    place[7, 2] = 0.0
    content = read_trc(write_trc(tmp_path / "a.trc", TIME, place))
    assert content.markers is not None
    missing = np.asarray(np.isnan(content.markers.position).all(axis=2))
    assert missing[3:5, 1].all()
    assert missing[7, 2]
    assert missing.sum() == 3
    assert "0, 0, 0 read as gaps" in texts(content.notes, "repaired")


def test_a_row_that_lacks_its_last_markers_has_gaps(tmp_path: Path) -> None:
    path = write_trc(tmp_path / "a.trc", TIME, PLACE)
    lines = path.read_text().split("\n")
    lines[10] = "\t".join(lines[10].split("\t")[:-6])
    path.write_text("\n".join(lines))
    content = read_trc(path)
    assert content.markers is not None
    assert np.isnan(content.markers.position[4, -2:]).all()
    assert "end early" in texts(content.notes, "repaired")


def test_a_word_among_the_numbers_names_line_and_column(tmp_path: Path) -> None:
    path = write_trc(tmp_path / "a.trc", TIME, PLACE)
    lines = path.read_text().split("\n")
    cells = lines[8].split("\t")
    cells[5] = "oops"
    lines[8] = "\t".join(cells)
    path.write_text("\n".join(lines))
    with pytest.raises(FileError, match=r"a\.trc:9: RASI\.x: 'oops' is no number"):
        read_trc(path)


def test_decimal_commas_are_named(tmp_path: Path) -> None:
    path = write_trc(tmp_path / "a.trc", TIME, PLACE)
    head, rows = path.read_text().split("\n\n")
    path.write_text(head + "\n\n" + rows.replace(".", ","))
    with pytest.raises(FileError, match="decimal point instead of the comma"):
        read_trc(path)


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    path = write_trc(tmp_path / "a.trc", TIME, PLACE)
    lines = path.read_text().split("\n")
    lines[9] += "\t1.0"
    path.write_text("\n".join(lines))
    with pytest.raises(FileError, match=r":10: has too many cells, 33 instead of 32"):
        read_trc(path)


def test_a_file_cut_off_within_a_row_keeps_the_rest_and_warns(tmp_path: Path) -> None:
    path = write_trc(tmp_path / "a.trc", TIME, PLACE)
    raw = path.read_text()
    path.write_text(raw[: int(len(raw) * 0.8)].rsplit("\t", 1)[0])
    content = read_trc(path)
    assert content.markers is not None
    assert 30 < len(content.markers.time) < 50
    warned = texts(content.notes, "warning")
    assert "cut off after" in warned
    assert "counts 50 frames" in warned


def test_a_repeated_marker_keeps_the_more_complete_one(tmp_path: Path) -> None:
    place = PLACE.copy()
    place[:20, 0] = np.nan
    names = ("RASI", *NAMES[1:])
    content = read_trc(write_trc(tmp_path / "a.trc", TIME, place, names))
    assert content.markers is not None
    assert content.markers.names == NAMES[1:]
    np.testing.assert_allclose(content.markers.at("RASI"), PLACE[:, 1], atol=1e-6)
    assert "RASI: given twice with different positions" in texts(content.notes, "warning")


def test_repeated_rows_are_left_out(tmp_path: Path) -> None:
    time, place = np.insert(TIME, 5, TIME[5]), np.insert(PLACE, 5, PLACE[5], axis=0)
    content = read_trc(write_trc(tmp_path / "a.trc", time, place))
    assert content.markers is not None
    assert len(content.markers.time) == 50
    assert "repeat the row before" in texts(content.notes, "repaired")


def test_two_rows_of_one_time_that_differ_are_warned(tmp_path: Path) -> None:
    time, place = np.insert(TIME, 5, TIME[5]), np.insert(PLACE, 5, PLACE[5] + 0.01, axis=0)
    content = read_trc(write_trc(tmp_path / "a.trc", time, place))
    assert "but other values" in texts(content.notes, "warning")


def test_time_running_back_is_an_error_with_its_line(tmp_path: Path) -> None:
    time = TIME.copy()
    time[30:] -= 0.2
    with pytest.raises(FileError, match=r"a\.trc:37: time: goes back"):
        read_trc(write_trc(tmp_path / "a.trc", time, PLACE))


def test_a_missing_time_is_an_error(tmp_path: Path) -> None:
    path = write_trc(tmp_path / "a.trc", TIME, PLACE)
    path.write_text(path.read_text().replace("\n5\t0.040000", "\n5\t"))
    with pytest.raises(FileError, match=r":11: time: is missing"):
        read_trc(path)


def test_negative_time_is_kept_and_said(tmp_path: Path) -> None:
    content = read_trc(write_trc(tmp_path / "a.trc", TIME - 0.1, PLACE))
    assert "before zero" in texts(content.notes, "found")


def test_rounded_time_becomes_even(tmp_path: Path) -> None:
    time, place = body(62, 60.0)
    content = read_trc(write_trc(tmp_path / "a.trc", time, place, rate=60.0, time_digits=3))
    assert content.markers is not None
    np.testing.assert_allclose(content.markers.time, time, atol=1e-12)
    assert "rounded" in texts(content.notes, "repaired")


def test_missing_frames_are_warned_with_their_time(tmp_path: Path) -> None:
    kept = np.r_[0:20, 25:50]
    content = read_trc(write_trc(tmp_path / "a.trc", TIME[kept], PLACE[kept]))
    assert "from 0.190 to 0.250 s: frames are missing" in texts(content.notes, "warning")


def test_a_rate_that_the_times_contradict_is_warned(tmp_path: Path) -> None:
    content = read_trc(write_trc(tmp_path / "a.trc", TIME, PLACE, rate=200.0))
    assert "the header says 200 frames a second, the time column 100" in texts(content.notes, "warning")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("  \n \n", "is empty"),
        ("hello\nworld\n", "no line of marker names"),
        ("PathFileType\nDataRate\n100\nFrame#\tTime\n1\t0\n", "names no marker"),
        ("PathFileType\nDataRate\n100\nFrame#\tTime\tA\n\t\tX1\tY1\tZ1\n", "no rows of numbers"),
        (
            "PathFileType\nDataRate\n100\nFrame#\tTime\tA\tB\n\t\tX1\tY1\tZ1\n1\t0\t1\t2\t3\n",
            "names 2 markers",
        ),
        (
            "PathFileType\nDataRate\n100\nFrame#\tTime\tA\nwhat is this\n1\t0\t1\t2\t3\n",
            "neither the line of X, Y, Z",
        ),
    ],
)
def test_what_is_no_trc_file_is_said(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.trc"
    path.write_text(content)
    with pytest.raises(FileError, match=message):
        read_trc(path)


def test_a_binary_or_absent_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.trc"
    path.write_bytes(b"\x02\x50\x00\x00" * 100)
    with pytest.raises(FileError, match="may be a C3D"):
        read_trc(path)
    with pytest.raises(FileError, match="cannot be read"):
        read_trc(tmp_path / "none.trc")


@settings(max_examples=30, deadline=None)
@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(3, 8), st.integers(4, 6), st.just(3)),
        elements=st.floats(-2.0, 2.0, allow_subnormal=False),
    ),
    st.sampled_from([1, 2, 3]),
    st.booleans(),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, place: Any, tabs: int, blank: bool
) -> None:
    # Four corners hold the size of a person, so that the unit is never in doubt.
    place[:, :2] = [[0.0, 0.1, 0.0], [0.0, 1.5, 0.0]]
    path = tmp_path_factory.mktemp("trc") / "a.trc"
    names = [f"M{i}" for i in range(place.shape[1])]
    write_trc(path, np.arange(len(place)) / 100, place, names, tabs=tabs, blank=blank, digits=17)
    markers = markers_of(path)
    expected = np.where((np.round(place, 17) == 0).all(axis=2)[..., None], np.nan, place)
    np.testing.assert_allclose(markers.position, expected, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_it_fail_in_another_way(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("trc") / "a.trc"
    head = "PathFileType\nDataRate\tUnits\n100\tmm\nFrame#\tTime\tA\n\t\tX1\tY1\tZ1\n"
    for content in (text, head + text, head + "1\t0.0\t1\t2\t3\n" + text):
        path.write_bytes(content.encode("utf-8", errors="surrogatepass"))
        try:
            read_trc(path)
        except FileError as error:
            assert str(path) in str(error)  # noqa: PT017 - either outcome is right, this one must name the file


def test_real_files_are_read() -> None:
    folder = recordings()
    files = sorted(folder.rglob("*.trc"))
    assert files
    for file in files:
        content = read_trc(file)
        assert content.markers is not None
        assert np.isfinite(content.markers.position).mean() > 0.8, file
        height = np.nanmax(content.markers.position[..., 1])
        assert 1.2 < height < 2.8, file
