"""Searching what a case can hold."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from gerdy.atlas import load_atlas
from gerdy.atlas.model import Topic, Who
from gerdy.case import parse_case

Run = Callable[..., Result]


def _found(run: Run, *args: str) -> list[dict[str, object]]:
    result = run("findings", *args, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert isinstance(found, list)
    return found


def test_without_a_search_there_are_all_of_them(run: Run) -> None:
    assert [one["id"] for one in _found(run)] == list(load_atlas().findings)


@pytest.mark.parametrize(
    "search", ["noble compression", "Noble-Compression", "noble_compression", "compression NOBLE"]
)
def test_words_are_found_in_any_spelling_and_order(search: str, run: Run) -> None:
    assert "noble_compression" in [one["id"] for one in _found(run, *search.split())]


def test_what_is_shown_can_be_written_in_a_case(run: Run) -> None:
    said = run("findings", "noble").stdout
    assert said.startswith("noble_compression\n")
    for label in ("Asks", "Accepts", "Who"):
        assert f"  {label} " in said
    assert "positive, negative or unknown" in said
    parse_case("gerdy: 1\ncomplaint: {side: right}\nfindings: {noble_compression: positive}\n")


def test_grades_and_units_are_named(run: Run) -> None:
    assert "a number in deg" in run("findings", "hip_internal_rotation_deg").stdout
    assert "weak_3_or_less" in run("findings", "hip_abductor_strength").stdout


@pytest.mark.parametrize("topic", list(Topic))
def test_by_topic(topic: Topic, run: Run) -> None:
    expected = [f.id for f in load_atlas().findings.values() if f.topic is topic]
    assert [one["id"] for one in _found(run, "--topic", topic.value)] == expected


@pytest.mark.parametrize("who", list(Who))
def test_by_who_finds_out(who: Who, run: Run) -> None:
    expected = [f.id for f in load_atlas().findings.values() if f.who is who]
    assert [one["id"] for one in _found(run, "--who", who.value)] == expected


def test_nothing_found_is_said(run: Run) -> None:
    result = run("findings", "unobtainium")
    assert result.exit_code == 0
    assert result.stdout == "No finding matches “unobtainium”.\n"
