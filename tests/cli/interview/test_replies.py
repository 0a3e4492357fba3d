"""What a typed line means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas import load_atlas
from gerdy.case.problems import RefusedError
from gerdy.case.values import read_value
from gerdy.cli.interview.replies import (
    Command,
    command_of,
    finding_value,
    list_answers,
    numbered,
    plain_message,
)
from gerdy.errors import CaseError

MEMBERS = ("a", "b", "c")


@pytest.mark.parametrize(
    ("reply", "command"),
    [
        ("b", Command.BACK),
        ("BACK", Command.BACK),
        ("q", Command.QUIT),
        ("stop", Command.QUIT),
        ("m", Command.MORE),
    ],
)
def test_commands_by_letter_and_word(reply: str, command: Command) -> None:
    assert command_of(reply) is command


@pytest.mark.parametrize("reply", ["y", "n", "?", "yes", "2", "24 deg", "", "-", "1,2"])
def test_answers_are_no_commands(reply: str) -> None:
    assert command_of(reply) is None


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("", "nnn"),
        ("none", "nnn"),
        ("0", "nnn"),
        ("n", "nnn"),
        ("2", "nyn"),
        ("1,3", "yny"),
        ("3 1", "yny"),
        ("1, 3?", "yn?"),
        ("2 ?", "n?n"),
        ("?", "???"),
        ("1 2 3", "yyy"),
        ("2,2", "nyn"),
    ],
)
def test_a_list_is_answered_by_numbers(reply: str, expected: str) -> None:
    short = {"positive": "y", "negative": "n", "unknown": "?"}
    assert "".join(short[value] for value in list_answers(reply, MEMBERS).values()) == expected


@pytest.mark.parametrize("reply", ["4", "fever", "-1", "1.5", "y", "1-3", "¹", "all"])
def test_anything_else_is_refused_with_an_example(reply: str) -> None:
    with pytest.raises(RefusedError, match="1 to 3"):
        list_answers(reply, MEMBERS)


def test_a_list_of_one_is_a_question() -> None:
    assert list_answers("y", ("a",)) == {"a": "positive"}


@given(st.text(max_size=30))
def test_whatever_is_typed_is_refused_or_answers_every_member(reply: str) -> None:
    try:
        answers = list_answers(reply.strip(), MEMBERS)
    except RefusedError:
        return
    assert list(answers) == list(MEMBERS)
    assert set(answers.values()) <= {"positive", "negative", "unknown"}


def test_every_grade_can_be_typed_by_its_number() -> None:
    for finding in load_atlas().findings.values():
        for number, level in numbered(finding):
            assert read_value(finding, finding_value(number, finding)) == level


def test_a_message_names_findings_as_a_person_would() -> None:
    atlas = load_atlas()
    error = CaseError(
        "cannot be positive together with noble_compression; correct one.", field="findings.fever"
    )
    fever, noble = atlas.findings["fever"].name, atlas.findings["noble_compression"].name
    rule = f"annot be positive together with “{noble}”; correct one."
    assert plain_message(error, atlas, asked="fever") == f"C{rule}"
    assert plain_message(error, atlas, asked="noble_compression") == f"“{fever}” c{rule}"
