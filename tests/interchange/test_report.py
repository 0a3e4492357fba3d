"""A report says everything, in the voice of its reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from interchange.factory import EXERCISE, a_case, a_source, an_assessment
from interchange.page import read
from interchange.reports import SECTIONS, VOICES, page_of, text_of

from gerdy.api import assess, load_case
from gerdy.atlas import load_atlas
from gerdy.atlas.model import Concern
from gerdy.errors import CaseError, InputError
from gerdy.interchange import report_html

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


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
