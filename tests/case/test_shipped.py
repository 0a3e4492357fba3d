"""The shipped atlas fits what the case room relies on."""

import jsonschema
import pytest

from gerdy.atlas import Atlas, load_atlas, normal_form
from gerdy.case import IMPLIED, Quality, case_schema, dump_case, parse_case
from gerdy.case.contradictions import WORST_PAIN
from gerdy.case.values import WORDS
from gerdy.chart.drawing import QUALITIES


@pytest.fixture(scope="module")
def shipped() -> Atlas:
    return load_atlas()


def test_the_chart_knows_the_same_qualities() -> None:
    assert tuple(Quality) == QUALITIES


def test_what_drawings_imply_are_findings(shipped: Atlas) -> None:
    assert set(IMPLIED.values()) <= set(shipped.findings)


def test_the_findings_that_contradictions_name_exist(shipped: Atlas) -> None:
    assert shipped.findings[WORST_PAIN].measured is not None


def test_no_level_is_called_like_an_answer(shipped: Atlas) -> None:
    answers = {normal_form(word) for word in WORDS if word not in ("absent", "present")}
    for finding in shipped.findings.values():
        for level in finding.levels:
            named = {normal_form(name) for name in (level.id, level.name, *level.synonyms)}
            assert not named & answers, f"{finding.id}.{level.id}"


def test_every_measurement_can_be_given_with_its_unit(shipped: Atlas) -> None:
    for finding in shipped.findings.values():
        if finding.measured is not None:
            number = sum(finding.measured.plausible) / 2
            given = f"{finding.id}: '{number} {finding.measured.unit}'"
            case = parse_case(f"gerdy: 1\ncomplaint: {{side: left}}\nfindings: {{{given}}}")
            assert case.value(finding.id) == number


def test_the_example_of_the_guide_is_a_case(shipped: Atlas) -> None:
    case = parse_case(
        "gerdy: 1\nperson: {age: 34, sex: female, height_cm: 168, mass_kg: 61, activities: [running]}\n"
        "complaint:\n  side: right\n  pain: {knee_lateral: 6, thigh_lateral: 2}\n"
        "findings: {noble_compression: positive}\n"
    )
    assert parse_case(dump_case(case)) == case
    assert case.answer("fever", "no").retract("fever") == case


def test_the_schema_of_the_shipped_atlas_is_a_schema(shipped: Atlas) -> None:
    jsonschema.Draft202012Validator.check_schema(case_schema(shipped))


@pytest.mark.parametrize("name", ["pregnant", "missed_periods", "early_menopause"])
def test_findings_of_one_sex_say_so(shipped: Atlas, name: str) -> None:
    """The reader refuses them for the other sex, and the interview does not ask."""
    assert shipped.findings[name].sex == "female"
