"""What cannot all be true is refused; what merely looks odd is not."""

from collections.abc import Callable

import pytest

from gerdy.case import Case
from gerdy.errors import CaseError

Parse = Callable[[str], Case]

KNEE = "{segment: knee, along: [0.1, 0.9], around: [65, 115], intensity: 5}"
THIGH_EDGE = "{segment: thigh, along: [0.1, 0.9], around: [0, 50], intensity: 5}"


def refused(parse: Parse, text: str, message: str, field: str) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        parse(text)
    assert caught.value.field == field
    assert caught.value.line is not None


@pytest.mark.parametrize(
    "findings",
    ["{noble: yes, knee_replaced: yes}", "{knee_replaced: yes, noble: {left: no, right: yes}}"],
)
def test_findings_that_exclude_each_other(parse: Parse, findings: str) -> None:
    with pytest.raises(CaseError, match=r"cannot be positive together with") as caught:
        parse(f"findings: {findings}")
    assert len(str(caught.value).splitlines()) == 1


def test_a_measurement_beyond_its_cutoff_excludes_too(parse: Parse) -> None:
    text = "findings:\n  hip IR: 20\n  hip_turns_freely: yes"
    refused(parse, text, "together with hip_turns_freely", "findings.hip_internal_rotation_deg")


@pytest.mark.parametrize(
    "findings",
    [
        "{noble: yes, knee_replaced: no}",
        "{noble: unknown, knee_replaced: yes}",
        "{hip IR: 30, hip_turns_freely: yes}",
        "{noble: {left: yes}, knee_replaced: yes}",  # the noble test of the other leg
    ],
)
def test_what_does_not_exclude_is_read(parse: Parse, findings: str) -> None:
    assert parse(f"findings: {findings}").findings


@pytest.mark.parametrize(
    "text",
    [
        "findings: {worst_pain: 0}",
        "complaint: {side: right, pain: {knee_lateral: 3}, findings: {worst_pain: 0}}",
        f"complaint: {{side: right, drawing: [{KNEE}]}}\nfindings: {{worst_pain: 0 points}}",
    ],
)
def test_no_pain_at_its_worst_and_yet_painted(parse: Parse, text: str) -> None:
    refused(parse, text, "is 0, but pain is painted", "findings.worst_pain")


def test_no_pain_anywhere_and_yet_painted(parse: Parse) -> None:
    text = f"complaint: {{side: right, pain: {{buttock: 0}}, drawing: [{KNEE}]}}"
    refused(parse, text, "is 0 everywhere, but the drawing holds pain", "complaint main, pain")


@pytest.mark.parametrize("mark", [KNEE, "{segment: knee, along: 0.5, around: 90, intensity: 2}"])
def test_no_pain_in_a_region_and_yet_painted_there(parse: Parse, mark: str) -> None:
    text = f"complaint: {{side: right, pain: {{knee_lateral: 0, buttock: 3}}, drawing: [{mark}]}}"
    refused(parse, text, "is 0, but the drawing holds pain there", "complaint main, pain.knee_lateral")


def test_an_edge_that_reaches_into_a_region_is_no_contradiction(parse: Parse) -> None:
    text = f"complaint: {{side: right, pain: {{thigh_lateral: 0, buttock: 3}}, drawing: [{THIGH_EDGE}]}}"
    assert parse(text).complaint().painted


def test_zeros_without_a_drawing_are_read(parse: Parse) -> None:
    assert (
        not parse("complaint: {side: right, pain: {knee_lateral: 0}}\nfindings: {worst_pain: 0}")
        .complaint()
        .painted
    )


@pytest.mark.parametrize(
    ("quality", "finding"),
    [("numb", "numbness"), ("tingling", "tingling"), ("burning", "pain_burning"), ("ache", "pain_ache")],
)
def test_a_quality_that_is_painted_and_denied(parse: Parse, quality: str, finding: str) -> None:
    mark = f"{{segment: knee, along: 0.5, around: 90, intensity: 4, quality: {quality}}}"
    text = f"complaint: {{side: right, drawing: [{mark}]}}\nfindings: {{{finding}: negative}}"
    refused(parse, text, f"painted as {quality}", f"findings.{finding}")


def test_a_pregnant_man(parse: Parse) -> None:
    refused(
        parse, "person: {sex: male}\nfindings: {pregnant: yes}", "person.sex is male", "findings.pregnant"
    )


@pytest.mark.parametrize("sex", ["female", "other", ""])
def test_pregnancy_otherwise(parse: Parse, sex: str) -> None:
    assert parse(f"person: {{sex: {sex}}}\nfindings: {{pregnant: yes}}").value("pregnant") == "positive"
    assert parse("person: {sex: male}\nfindings: {pregnant: no}").value("pregnant") == "negative"


def test_one_value_for_a_leg_while_both_legs_hurt(parse: Parse) -> None:
    both = "complaints: [{side: left}, {side: right}]\n"
    refused(parse, both + "findings: {noble: yes}", "complaints on both", "findings.noble_compression")
    assert parse(both + "findings: {noble: {left: yes, right: no}, fever: no, step_width: unknown}")
    assert parse("complaints: [{side: left}, {side: left}]\nfindings: {noble: yes}")


def test_a_pain_that_begins_after_the_case(parse: Parse) -> None:
    text = "date: 2024-05-17\ncomplaint: {side: left, since: 2024-06}"
    refused(parse, text, "after the date of the case", "complaint main, since")
    assert parse("date: 2024-05-17\ncomplaint: {side: left, since: 2024-05}")


def test_every_contradiction_is_reported(parse: Parse) -> None:
    with pytest.raises(CaseError) as caught:
        parse("person: {sex: male}\nfindings: {pregnant: yes, worst_pain: 0, noble: yes, knee_replaced: yes}")
    assert len(str(caught.value).splitlines()) == 3
