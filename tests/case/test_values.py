"""What can be answered to a finding, and what it means."""

import pytest

from gerdy.atlas import Atlas
from gerdy.case import Answer, abnormal_levels, is_positive, read_value
from gerdy.case.problems import RefusedError
from gerdy.case.quantity import read_number, tidy


@pytest.mark.parametrize("word", ["positive", "Positive", "YES", "yes", "true", "+", "present", True, "y"])
def test_words_for_positive(atlas: Atlas, word: object) -> None:
    assert read_value(atlas.findings["fever"], word) is Answer.POSITIVE


@pytest.mark.parametrize("word", ["negative", "no", "No", "false", "-", "absent", False, " n "])
def test_words_for_negative(atlas: Atlas, word: object) -> None:
    assert read_value(atlas.findings["fever"], word) is Answer.NEGATIVE


@pytest.mark.parametrize(
    "word", ["unknown", "don't know", "don’t know", "dont-know", "?", "not tested", None]
)
def test_words_for_unknown(atlas: Atlas, word: object) -> None:
    assert read_value(atlas.findings["fever"], word) is Answer.UNKNOWN


@pytest.mark.parametrize("word", ["maybe", "24", "1", "", "posit", "slight"])
def test_other_answers_are_refused_with_what_is_possible(atlas: Atlas, word: str) -> None:
    with pytest.raises(RefusedError, match=r"must be positive, negative or unknown; got"):
        read_value(atlas.findings["fever"], word)


@pytest.mark.parametrize("word", ["slight", "Slight", "drops a little", "drops-a-little"])
def test_a_level_is_known_by_id_and_name(atlas: Atlas, word: str) -> None:
    assert read_value(atlas.findings["pelvic_drop"], word) == "slight"


def test_a_level_is_known_by_synonym_and_number(atlas: Atlas) -> None:
    assert read_value(atlas.findings["pelvic_drop"], "none") == "level"
    assert read_value(atlas.findings["reflex_grade"], 2) == "2"


def test_a_graded_finding_names_its_levels(atlas: Atlas) -> None:
    with pytest.raises(RefusedError, match="one of level, slight, marked, or positive"):
        read_value(atlas.findings["pelvic_drop"], "huge")


@pytest.mark.parametrize(
    "raw", ["24", 24, 24.0, "24 deg", "24deg", "24 °", "24 degrees", "+24.0", "2.4e1", " 24 "]
)
def test_a_measurement_is_a_number_in_its_unit(atlas: Atlas, raw: object) -> None:
    assert read_value(atlas.findings["hip_internal_rotation_deg"], raw) == 24.0


@pytest.mark.parametrize(
    ("finding", "raw", "unit"),
    [
        ("hip_internal_rotation_deg", "24 rad", "deg"),
        ("step_width", "2.4 cm", "mm"),
        ("worst_pain", "6 mm", "points"),
    ],
)
def test_another_unit_is_refused(atlas: Atlas, finding: str, raw: str, unit: str) -> None:
    with pytest.raises(RefusedError, match=f"given in {unit}; got '{raw}'"):
        read_value(atlas.findings[finding], raw)


@pytest.mark.parametrize("raw", [-1, 90.5, "240", "1e300"])
def test_an_implausible_measurement_is_refused(atlas: Atlas, raw: object) -> None:
    with pytest.raises(RefusedError, match="people have 0 to 90 deg"):
        read_value(atlas.findings["hip_internal_rotation_deg"], raw)


@pytest.mark.parametrize("raw", ["nan", "inf", "wide", "24 24", float("nan"), float("inf"), 10**400, "1e999"])
def test_what_is_no_number_is_refused(atlas: Atlas, raw: object) -> None:
    with pytest.raises(RefusedError):
        read_value(atlas.findings["hip_internal_rotation_deg"], raw)


def test_a_number_without_unit_takes_none() -> None:
    with pytest.raises(RefusedError, match="number without unit"):
        read_number("6 cm")
    with pytest.raises(RefusedError, match="a number"):
        read_number(True)


def test_positive_means_beyond_the_cutoff(atlas: Atlas) -> None:
    below, above = atlas.findings["hip_internal_rotation_deg"], atlas.findings["worst_pain"]
    assert [is_positive(below, value) for value in (24.0, 25.0, 26.0)] == [True, False, False]
    assert [is_positive(above, value) for value in (5.0, 6.0, 7.0)] == [False, False, True]


def test_positive_means_an_abnormal_level(atlas: Atlas) -> None:
    finding = atlas.findings["pelvic_drop"]
    assert abnormal_levels(finding) == ("slight", "marked")
    assert [is_positive(finding, level.id) for level in finding.levels] == [False, True, True]


def test_answers_speak_for_themselves(atlas: Atlas) -> None:
    finding = atlas.findings["fever"]
    assert [is_positive(finding, answer) for answer in Answer] == [True, False, None]
    assert is_positive(finding, 3.0) is None


def test_numbers_are_written_as_people_write_them() -> None:
    assert [repr(tidy(value)) for value in (24.0, 24.5, -0.0, 1e20)] == ["24", "24.5", "0", "1e+20"]
