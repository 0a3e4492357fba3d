"""What would change the answer: every change named really puts the source named first."""

from __future__ import annotations

from functools import cache

import pytest
from reasoning.cases import EXAMPLES, believed, with_answers

from gerdy.api import beliefs, load_case
from gerdy.atlas import load_atlas
from gerdy.atlas import model as m
from gerdy.reasoning.answer import Change
from gerdy.reasoning.asking import Asking
from gerdy.reasoning.changes import would_change
from gerdy.reasoning.state import Beliefs
from gerdy.reasoning.wording import value_words

ATLAS = load_atlas()
OUTER_HIP = {"hip_lateral": 6.0, "thigh_lateral": 5.0}
STORIES: dict[str, Beliefs] = {
    **{path.stem: beliefs(load_case(path)) for path in sorted(EXAMPLES.glob("*.yaml"))},
    "two sources close together": believed(
        {"night_pain_lying_on_side": "positive", "press_glut_med": "positive", "worse_stairs": "negative"},
        pain=OUTER_HIP,
        person={"age": 45, "sex": "female"},
    ),
    "back or hip": believed(
        {"back_pain_now": "positive", "hip_internal_rotation_deg": "positive", "worse_sitting": "positive"},
        pain={"buttock": 5.0, "groin": 5.0},
        person={"age": 58},
    ),
    "band or meniscus": believed(
        {"noble_compression": "positive", "knee_locking": "positive", "worse_downhill": "positive"},
        pain={"knee_lateral": 6.0},
    ),
    "one answer decides": believed(
        {"foot_drop": "positive", "back_pain_now": "positive"}, pain={"leg_lateral": 5.0}
    ),
}


def _leader(known: Beliefs) -> str:
    return max(known.probability, key=known.probability.__getitem__)


@cache
def _changes(story: str) -> list[Change]:
    known = STORIES[story]
    return would_change(known, Asking(known, m.Who.INSTRUMENT))


@pytest.mark.parametrize("story", STORIES)
def test_a_reversed_answer_puts_the_source_named_first(story: str) -> None:
    known = STORIES[story]
    for change in _changes(story):
        if not change.given:
            continue
        answers = {o.finding_id: str(o.value) for o in known.observations}
        turned = {"positive": "negative", "negative": "positive"}[answers[change.id]]
        after = with_answers(known, {change.id: turned})
        assert _leader(after) == change.leads != _leader(known)
        assert after.probability[change.leads] == pytest.approx(change.after, abs=0.01)


@pytest.mark.parametrize("story", STORIES)
def test_an_open_answer_puts_the_source_named_first(story: str) -> None:
    known = STORIES[story]
    for change in _changes(story):
        finding = ATLAS.findings[change.id]
        if change.given or finding.measured is not None:  # a band of a measurement is no single number
            continue
        after = with_answers(known, {change.id: change.value})
        assert _leader(after) == change.leads != _leader(known)
        assert after.probability[change.leads] == pytest.approx(change.after, abs=0.01)


@pytest.mark.parametrize("story", STORIES)
def test_a_change_says_what_it_is(story: str) -> None:
    known = STORIES[story]
    answered = {o.finding_id for o in known.observations}
    for change in _changes(story):
        assert change.given == (change.id in answered)
        assert change.before == pytest.approx(known.probability[change.leads])
        assert 0 < change.after <= 1
        assert change.leads_name == ATLAS.sources[change.leads].name
        assert change.leads_name in change.says
        words = value_words(ATLAS.findings[change.id], change.value)
        assert f"“{words}”" in change.says or ATLAS.findings[change.id].measured is not None


def test_no_reversal_that_changes_the_leader_is_kept_quiet() -> None:
    """Up to the three most telling, every answer that carries the order is named."""
    for story, known in STORIES.items():
        named = {change.id for change in _changes(story) if change.given}
        carrying = set()
        for item in known.items:
            value = str(item.observation.value)
            if value in {"positive", "negative"}:
                turned = "negative" if value == "positive" else "positive"
                after = with_answers(known, {item.observation.finding_id: turned})
                second = sorted(after.probability.values())[-2]
                clear = max(after.probability.values()) - second > 0.02
                if _leader(after) != _leader(known) and clear:
                    carrying.add(item.observation.finding_id)
        assert carrying <= named or len(named) == 3, story


def test_there_is_something_to_test() -> None:
    found = [change for story in STORIES for change in _changes(story)]
    assert any(change.given for change in found)
    assert any(not change.given for change in found)


def test_at_most_four_open_and_three_given() -> None:
    for story in STORIES:
        changes = _changes(story)
        assert sum(change.given for change in changes) <= 3
        assert sum(not change.given for change in changes) <= 4
