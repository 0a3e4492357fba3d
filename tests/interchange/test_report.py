"""A report says everything, hides no red flag, and is a sound page."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from interchange.factory import (
    EXERCISE,
    SAFETY_NET,
    a_case,
    a_plan,
    a_reason,
    a_source,
    an_assessment,
    an_item,
)
from interchange.page import Page, read

from gerdy.api import assess, load_case
from gerdy.atlas import load_atlas
from gerdy.atlas.model import Concern
from gerdy.errors import CaseError, InputError
from gerdy.interchange import report_html
from gerdy.reasoning.answer import ConcernAnswer

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))
SECTIONS = ("short", "drawing", "ranking", "turns", "checks", "care", "told", "grounds", "answers", "about")
LEVELS = (Concern.ROUTINE, Concern.URGENT, Concern.EMERGENCY)
PRESSING = (Concern.URGENT, Concern.EMERGENCY)
VOICES = ("plain", "clinical")


@cache
def html_of(level: Concern, voice: str) -> str:
    return report_html(a_case(), an_assessment(level), voice=voice)


def page_of(level: Concern = Concern.NONE, voice: str = "plain") -> Page:
    return read(html_of(level, voice))


def text_of(level: Concern = Concern.NONE, voice: str = "plain") -> str:
    return page_of(level, voice).all("body")[0].text


# ------------------------------------------------------------------------------------------- a sound page


@pytest.mark.parametrize("level", list(Concern))
@pytest.mark.parametrize("voice", VOICES)
def test_page_is_well_formed(level: Concern, voice: str) -> None:
    html, page = html_of(level, voice), page_of(level, voice)
    assert html.startswith("<!doctype html>\n<html lang=")
    assert page.problems == []
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1


@pytest.mark.parametrize("voice", VOICES)
def test_headings_descend_one_level_at_a_time(voice: str) -> None:
    levels = [int(one.tag[1]) for one in page_of(Concern.URGENT, voice).all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("voice", VOICES)
def test_links_and_labels_lead_somewhere(voice: str) -> None:
    page = page_of(Concern.URGENT, voice)
    ids = {one.attributes["id"] for one in page.elements if "id" in one.attributes}
    inner = [one.attributes["href"][1:] for one in page.all("a") if one.attributes["href"].startswith("#")]
    labels = [
        one.attributes["aria-labelledby"] for one in page.elements if "aria-labelledby" in one.attributes
    ]
    assert set(inner) <= ids
    assert set(labels) <= ids
    assert all(one.attributes["alt"] for one in page.all("img"))


@pytest.mark.parametrize("level", list(Concern))
@pytest.mark.parametrize("voice", VOICES)
def test_page_runs_and_fetches_nothing(level: Concern, voice: str) -> None:
    page = page_of(level, voice)
    assert not page.all("script", "link", "iframe", "object", "embed", "form", "base", "audio", "video")
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith("on")]
        assert element.attributes.get("src", "data:image/").startswith("data:image/")
        assert "srcset" not in element.attributes
        href = element.attributes.get("href", "#")
        assert href.startswith("#") or (element.tag == "a" and href.startswith(("https://", "http://")))
    style = page.all("style")[0].text
    assert "url(" not in style
    assert "@import" not in style


# ------------------------------------------------------------------------------------------- red flags first


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


# ------------------------------------------------------------------------------------------- everything said


@pytest.mark.parametrize("level", list(Concern))
@pytest.mark.parametrize("voice", VOICES)
def test_sections_stand_in_order(level: Concern, voice: str) -> None:
    page = page_of(level, voice)
    places = [page.place(name) for name in SECTIONS]
    assert places == sorted(places)


def test_plan_is_complete() -> None:
    text = text_of()
    for words in (
        *("2 things to do.", EXERCISE, "Clam", "Treat the source", "Build strength and control", "Press."),
        *("Twice a day", "5 min", "you need: ball", "Because it is tense.", "Warmth.", "It tingles."),
        *("Press longer.", "Press less.", "Stop rolling", "It presses.", "Swim instead.", "Gait retraining"),
        *("One-leg squat", "Begin with both.", "Pain up to 3 of 10 is fine.", "16 June 2025"),
    ):
        assert words in text


def test_source_is_complete() -> None:
    page = page_of()
    text = page.all("body")[0].text
    for words in (
        *("plain itbs", "clinical itbs", "about 6 in 10", "61 in 100 (30 to 92)", "About itbs."),
        *("Unlike itbs.", "Course of itbs.", "strongly", "somewhat", "slightly", "unverified"),
    ):
        assert words in text
    chain = next(one for one in page.elements if one.attributes.get("class") == "chain")
    assert chain.attributes["role"] == "img"
    assert chain.attributes["aria-label"].startswith("Little strength work loads → plain itbs")


def test_first_three_sources_have_a_picture() -> None:
    within = [one for one in page_of().all("img") if "article" in one.within]
    assert len(within) == 3
    assert len(page_of().all("img")) == 4


def test_shares_left_over_are_said() -> None:
    text = text_of()
    assert "None of these" in text
    assert "Known sources explain what was told." in text
    assert "at most 1 in 1,000" in text
    assert "hip_oa" in text  # the least likely source is still named


def test_every_answer_given_is_listed() -> None:
    answers = page_of().all("body")[0].text.split("Everything that was answered")[1]
    findings = load_atlas().findings
    for name, value in (
        *(("noble_compression", "yes"), ("fever", "no"), ("load_increase", "not known")),
        *(("hip_internal_rotation_deg", "34 deg"), ("pain_ache", "taken from the drawing")),
    ):
        assert findings[name].name in answers
        assert value in answers
    assert "other side: no" in answers
    assert "The left knee hurt two years ago." in answers


def test_grounds_resolve_their_sources() -> None:
    page = page_of()
    text = page.all("body")[0].text
    assert "Assumed: nobody counted (Otsuka 2020)" in text
    assert "Safety rules" not in text
    assert "Suspected" not in text
    assert "https://doi.org/10.1016/j.jbiomech.2020.109919" in [
        one.attributes["href"] for one in page.all("a")
    ]


def test_without_a_drawing_the_page_says_so() -> None:
    case = a_case()
    complaint = replace(case.complaints[0], pain={}, qualities=())
    text = report_html(replace(case, complaints=(complaint,)), an_assessment())
    assert "No place was drawn." in text


# ------------------------------------------------------------------------------------------- two voices


def test_clinical_voice_has_terms_and_numbers() -> None:
    text = text_of(voice="clinical")
    finding = load_atlas().findings["noble_compression"]
    for words in ("clinical itbs", "Pain drawing", finding.clinical, "+1.90 (×6.7)", "Log-odds: prior −2.00"):
        assert words in text


def test_plain_voice_has_no_log_odds() -> None:
    text = text_of()
    assert "+1.90" not in text
    assert "Log-odds:" not in text


def test_contributions_and_prior_add_up() -> None:
    text = text_of(voice="clinical")
    # 0.61 is +0.45 in log-odds: prior -2.00, listed +2.40, the rest +0.05.
    assert "prior −2.00 (12 in 100), evidence +2.40, too small to list +0.05, posterior +0.45" in text


def test_unknown_voice_is_refused() -> None:
    with pytest.raises(InputError, match="voice: must be plain or clinical; got 'loud'"):
        report_html(a_case(), an_assessment(), voice="loud")


def test_assessment_of_another_complaint_is_refused() -> None:
    with pytest.raises(CaseError):
        report_html(a_case(), an_assessment(complaint="elbow"))


def test_report_is_the_same_every_time() -> None:
    assert report_html(a_case(), an_assessment()) == report_html(a_case(), an_assessment())


def test_likely_sources_up_to_eight_are_shown() -> None:
    names = list(load_atlas().sources)[:12]
    many = [a_source(name, 0.2) for name in names]
    page = read(report_html(a_case(), an_assessment(sources=many)))
    assert len([one for one in page.all("article") if "source" in one.attributes["class"]]) == 8


# ------------------------------------------------------------------------------------------- shipped cases


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("voice", VOICES)
def test_examples_become_sound_pages(path: Path, voice: str) -> None:
    case = load_case(path)
    for complaint in case.complaints:
        assessment = assess(case, complaint.id)
        page = read(report_html(case, assessment, voice=voice))
        assert page.problems == []
        places = [page.place(name) for name in SECTIONS]
        assert places == sorted(places)
        if assessment.concern.level is not Concern.NONE:
            assert page.place("alarm") < places[0]
