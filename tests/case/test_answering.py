"""An interview answers and takes back; every step gives a new case."""

from collections.abc import Callable
from functools import partial

import pytest

from gerdy.atlas import Atlas
from gerdy.case import Answer, Case, Observation, Sides
from gerdy.errors import CaseError, UnknownIdError

Parse = Callable[[str], Case]
TWO = "complaints: [{id: knee, side: right}, {id: hip, side: left}]\n"


def test_an_answer_gives_a_new_case(parse: Parse, atlas: Atlas) -> None:
    before = parse("")
    after = before.answer("Noble test", "yes", atlas=atlas)
    assert before.observations() == ()
    assert after.observations() == (Observation("noble_compression", Answer.POSITIVE),)
    assert after.answer("noble", False, atlas=atlas).value("noble_compression") is Answer.NEGATIVE


def test_an_answer_taken_back_leaves_no_trace(parse: Parse, atlas: Atlas) -> None:
    before = parse("findings: {fever: no}")
    assert before.answer("noble", "yes", atlas=atlas).retract("noble test", atlas=atlas) == before
    assert before.retract("noble", atlas=atlas) == before


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (24, 24.0),
        ("24 deg", 24.0),
        (None, Answer.UNKNOWN),
        ("don't know", Answer.UNKNOWN),
        (Answer.POSITIVE, "positive"),
    ],
)
def test_answers_have_every_shape(parse: Parse, atlas: Atlas, value: object, kept: object) -> None:
    assert parse("").answer("hip IR", value, atlas=atlas).value("hip_internal_rotation_deg") == kept


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("fever", "maybe", "findings.fever: must be positive"),
        ("fever", {"left": "yes"}, "must be one value; got"),
        ("hip IR", {"up": 3}, "must be one value, or left and right"),
        ("hip IR", {}, "must be one value, or left and right"),
        ("hip IR", 200, "people have 0 to 90 deg"),
        ("knee_replaced", "yes", "cannot be positive together"),
    ],
)
def test_an_impossible_answer_is_refused(
    parse: Parse, atlas: Atlas, name: str, value: object, message: str
) -> None:
    with pytest.raises(CaseError, match=message):
        parse("findings: {noble: yes}").answer(name, value, atlas=atlas)


def test_an_unknown_finding_is_refused(parse: Parse, atlas: Atlas) -> None:
    for step in (partial(parse("").answer, value="yes"), parse("").retract):
        with pytest.raises(UnknownIdError, match="noble_compression"):
            step("noble_compresion", atlas=atlas)


def test_the_other_leg_is_kept(parse: Parse, atlas: Atlas) -> None:
    case = parse("findings: {hip IR: {left: 40, right: 24}}")
    assert case.answer("hip IR", 30, atlas=atlas).findings["hip_internal_rotation_deg"].value == Sides(
        40.0, 30.0
    )
    case = case.answer("hip IR", {"left": 35}, atlas=atlas)
    assert case.observations() == (Observation("hip_internal_rotation_deg", 24.0, other=35.0),)
    case = parse("findings: {hip IR: 24}").answer("hip IR", Sides(left=35.0), atlas=atlas)
    assert case.observations() == (Observation("hip_internal_rotation_deg", 24.0, other=35.0),)
    case = parse("").answer("hip IR", {"left": 35, "right": 20}, atlas=atlas)
    assert case.observations() == (Observation("hip_internal_rotation_deg", 20.0, other=35.0),)


def test_one_complaint_may_be_answered_alone(parse: Parse, atlas: Atlas) -> None:
    case = parse(TWO).answer("noble", "yes", "hip", atlas=atlas)
    assert (case.value("noble_compression", "knee"), case.value("noble_compression", "hip")) == (
        None,
        "positive",
    )
    case = case.answer("noble", {"right": "no", "left": "no"}, atlas=atlas)
    assert (case.value("noble_compression", "knee"), case.value("noble_compression", "hip")) == (
        "negative",
    ) * 2
    with pytest.raises(CaseError, match="complaints on both"):
        parse(TWO).answer("noble", "yes", atlas=atlas)


def test_an_answer_for_all_replaces_the_ones_of_each(parse: Parse, atlas: Atlas) -> None:
    case = parse("complaint: {side: left, findings: {fever: yes}}")
    assert case.answer("fever", "no", atlas=atlas).value("fever") is Answer.NEGATIVE


def test_one_complaint_may_take_back_alone(parse: Parse, atlas: Atlas) -> None:
    case = parse(TWO + "findings: {fever: no}").answer("fever", "yes", "hip", atlas=atlas)
    assert case.retract("fever", "hip", atlas=atlas).value("fever", "hip") is Answer.NEGATIVE
    assert case.retract("fever", atlas=atlas).value("fever", "hip") is None
    with pytest.raises(CaseError, match="there is no complaint"):
        case.retract("fever", "foot", atlas=atlas)


def test_what_the_drawing_says_cannot_be_denied(parse: Parse, atlas: Atlas) -> None:
    case = parse("complaint: {side: left, pain: {buttock: 3}, quality: numb}")
    with pytest.raises(CaseError, match="painted as numb"):
        case.answer("numbness", "no", atlas=atlas)
    assert case.answer("numbness", "unknown", atlas=atlas).value("numbness") is Answer.UNKNOWN
