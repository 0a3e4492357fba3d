"""A report hides no red flag, and offers nothing that has to wait."""

from __future__ import annotations

import msgspec
import pytest
from interchange.factory import (
    EXERCISE,
    SAFETY_NET,
    a_case,
    a_plan,
    a_question,
    a_reason,
    an_assessment,
    an_item,
)
from interchange.reports import VOICES, html_of, page_of, text_of

from gerdy.atlas import load_atlas
from gerdy.atlas.model import Concern
from gerdy.interchange import report_html
from gerdy.reasoning.answer import ConcernAnswer

LEVELS = (Concern.ROUTINE, Concern.URGENT, Concern.EMERGENCY)
PRESSING = (Concern.URGENT, Concern.EMERGENCY)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("voice", VOICES)
def test_banner_precedes_everything_about_sources(level: Concern, voice: str) -> None:
    page = page_of(level, voice)
    assert page.place("alarm") < page.place("short") < page.place("ranking")
    before = html_of(level, voice).split('id="alarm"')[0]
    assert "itbs" not in before


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("voice", VOICES)
def test_banner_holds_every_reason(level: Concern, voice: str) -> None:
    banner = next(one for one in page_of(level, voice).all("section") if "alarm" in one.attributes["class"])
    for reason in an_assessment(level).concern.reasons:
        for words in (reason.reason, reason.where, reason.say):
            assert words in banner.text
    assert "Age" in banner.text
    assert len(an_assessment(level).concern.reasons) == level.rank


def test_banner_says_which_level() -> None:
    titles = ["Book an ordinary appointment", "Be seen within days", "Be seen today"]
    assert [title in text_of(level) for level, title in zip(LEVELS, titles, strict=True)] == [True] * 3


@pytest.mark.parametrize("voice", VOICES)
def test_posterior_reason_is_named_after_its_source(voice: str) -> None:
    base = a_reason(Concern.URGENT)
    reason = msgspec.structs.replace(base, id="posterior_dvt", kind="posterior", because=["dvt"])
    concern = ConcernAnswer(level=Concern.URGENT, reasons=[reason])
    text = report_html(a_case(), an_assessment(Concern.URGENT, concern=concern), voice=voice)
    source = load_atlas().sources["dvt"]
    assert (source.clinical if voice == "clinical" else source.name) in text


def test_no_concern_no_banner() -> None:
    assert not [one for one in page_of().all("section") if "alarm" in one.attributes.get("class", "")]


@pytest.mark.parametrize("level", PRESSING)
@pytest.mark.parametrize("voice", VOICES)
def test_no_exercise_before_somebody_has_looked(level: Concern, voice: str) -> None:
    """Not even when a plan should hold some by mistake."""
    wrong = a_plan(level, [], items=[an_item()], ask_about=[an_item("Hands-on work")])
    text = report_html(a_case(), an_assessment(level, plan=wrong), voice=voice)
    assert EXERCISE not in text
    assert "Hands-on work" not in text
    assert "Swim instead." not in text
    assert "Pain up to 3 of 10 is fine." not in text
    assert "Rest the leg" in text


def test_where_to_go_stands_in_the_plan_when_it_is_empty() -> None:
    care = next(
        one for one in page_of(Concern.EMERGENCY).all("section") if one.attributes.get("class") == "care"
    )
    assert "emergency: a hospital" in care.text


def test_no_self_test_in_an_emergency_and_none_that_hurts_when_urgent() -> None:
    calm, urgent, emergency = (text_of(level) for level in (Concern.NONE, Concern.URGENT, Concern.EMERGENCY))
    assert ["Is began_during_run so?" in text for text in (calm, urgent, emergency)] == [True, False, False]
    assert ["Is quiet so?" in text for text in (calm, urgent, emergency)] == [True, True, False]


@pytest.mark.parametrize("level", list(Concern))
@pytest.mark.parametrize("voice", VOICES)
def test_safety_net_is_always_there(level: Concern, voice: str) -> None:
    assert SAFETY_NET in text_of(level, voice)


def test_open_safety_questions_are_said_at_the_top() -> None:
    page = page_of()
    short = next(one for one in page.all("section") if one.attributes.get("class") == "short")
    assert "Safety questions are still open" in short.text
    questions = [load_atlas().findings[name].ask for name in ("fever", "chills")]
    assert all(question in page.all("body")[0].text for question in questions)


def test_a_safety_question_is_asked_once() -> None:
    asked = [*an_assessment().next_questions, a_question("fever")]
    text = report_html(a_case(), an_assessment(next_questions=asked))
    assert "Is fever so?" not in text
