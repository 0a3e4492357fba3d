"""Findings by any name, one value or one per leg."""

from collections.abc import Callable

import pytest

from gerdy.case import Answer, Case, Given, Observation, Sides
from gerdy.errors import CaseError

Parse = Callable[[str], Case]


@pytest.mark.parametrize(
    "name", ["noble_compression", "Noble compression", "NOBLE-TEST", "noble", " noble  test "]
)
def test_a_finding_is_known_by_every_name(parse: Parse, name: str) -> None:
    assert parse(f"findings: {{'{name}': yes}}").findings == {"noble_compression": Given(Answer.POSITIVE)}


def test_values_of_every_shape_are_read(parse: Parse) -> None:
    text = "findings: {fever: no, hip IR: 24 deg, pelvic_drop: Slight, reflex grade: 0, step_width: unknown}"
    assert {name: given.value for name, given in parse(text).findings.items()} == {
        "fever": Answer.NEGATIVE,
        "hip_internal_rotation_deg": 24.0,
        "pelvic_drop": "slight",
        "reflex_grade": "0",
        "step_width": Answer.UNKNOWN,
    }


def test_null_means_not_known(parse: Parse) -> None:
    assert parse("findings: {fever: null, noble: ~}").value("fever") is Answer.UNKNOWN


def test_json_booleans_are_answers(parse: Parse) -> None:
    assert parse("findings: {fever: true, noble: false}").value("noble_compression") is Answer.NEGATIVE


def test_the_affected_side_counts_and_the_other_is_kept(parse: Parse) -> None:
    case = parse("findings: {hip IR: {left: 40, right: 24}}")
    assert case.observations() == (Observation("hip_internal_rotation_deg", 24.0, other=40.0),)
    case = parse("complaint: {side: left}\nfindings: {hip IR: {L: 40, R: 24}}")
    assert case.observations() == (Observation("hip_internal_rotation_deg", 40.0, other=24.0),)


def test_the_other_side_alone_says_nothing_of_this_one(parse: Parse) -> None:
    assert parse("findings: {hip IR: {left: 40}}").observations() == ()


def test_a_complaint_overrides_what_is_shared(parse: Parse) -> None:
    case = parse(
        "complaint: {side: right, findings: {fever: yes, hip IR: 20}}\n"
        "findings: {fever: no, hip IR: {left: 40}}"
    )
    assert case.observations() == (
        Observation("fever", Answer.POSITIVE),
        Observation("hip_internal_rotation_deg", 20.0, other=40.0),
    )


def test_observations_know_their_line(parse: Parse) -> None:
    case = parse("findings:\n  fever: no\n  noble: yes\n")
    assert [observation.line for observation in case.observations()] == [4, 5]


def test_the_drawing_answers_how_the_pain_feels(parse: Parse) -> None:
    mark = "{segment: knee, along: 0.5, around: 90, intensity: 4, quality: tingling}"
    case = parse(
        f"complaint: {{side: right, quality: [numb, burning], drawing: [{mark}]}}\n"
        "findings: {numbness: '?'}"
    )
    assert [(o.finding_id, o.value, o.implied) for o in case.observations()] == [
        ("numbness", Answer.UNKNOWN, False),  # said explicitly, so the drawing does not answer for the person
        ("pain_burning", Answer.POSITIVE, True),
        ("tingling", Answer.POSITIVE, True),
    ]


@pytest.mark.parametrize(
    ("findings", "message", "field"),
    [
        ("{noble_compresion: yes}", "unknown finding .*noble_compression", "findings.noble_compresion"),
        ("{buttock: yes}", "a region has this name", "findings.buttock"),
        ("{weak hip: yes}", "a contributor has this name", "findings.weak hip"),
        ("{fever: maybe}", "must be positive, negative or unknown; got 'maybe'", "findings.fever"),
        ("{fever: }", "has no value; write positive", "findings.fever"),
        ("{fever: [yes]}", "got a list of 1", "findings.fever"),
        ("{fever: {left: yes}}", "not a matter of sides", "findings.fever"),
        ("{noble: {}}", "has no value", "findings.noble"),
        ("{noble: {up: yes}}", "left and right; got 'up'", "findings.noble"),
        ("{noble: {left: yes, L: no}}", "gives left twice", "findings.noble"),
        ("{noble: {left: [yes]}}", "left: must be positive", "findings.noble"),
        ("{hip IR: {left: 24 rad}}", "is given in deg", "findings.hip IR"),
        (
            "{noble: yes, noble test: no}",
            "same finding as 'noble' .line 3: positive., .* negative",
            "findings.noble test",
        ),
        (
            "{hip IR: {left: 1, right: 2}, hip-IR: 24}",
            "line 3: left 1, right 2.*24. Keep one",
            "findings.hip-IR",
        ),
        ("[fever]", "must be a table", "findings"),
    ],
)
def test_what_cannot_be_is_refused(parse: Parse, findings: str, message: str, field: str) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        parse(f"findings: {findings}")
    assert (caught.value.line, caught.value.field) == (3, field)


def test_the_same_value_under_two_names_is_no_contradiction(parse: Parse) -> None:
    assert parse("findings: {noble: yes, noble test: positive}").value("noble_compression") is Answer.POSITIVE


def test_sides_give_either_leg() -> None:
    assert (Sides(1.0, 2.0).of("left"), Sides(1.0, 2.0).of("right")) == (1.0, 2.0)
