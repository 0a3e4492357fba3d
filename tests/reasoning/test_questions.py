"""What is asked next: the gain is the expected fall of the loss, safety comes first, nothing is asked in vain."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reasoning.cases import FEW, believed, model, with_answers
from reasoning.networks import random_network, random_observations

from gerdy.atlas import load_atlas
from gerdy.atlas import model as m
from gerdy.reasoning import inclusion_exclusion
from gerdy.reasoning.answer import Question
from gerdy.reasoning.asking import Asking
from gerdy.reasoning.enumeration import posterior_sets
from gerdy.reasoning.joint import joint_over_sets
from gerdy.reasoning.network import Evidence, Floats, Network
from gerdy.reasoning.questions import Targets, gains, open_findings, question_table, ranking, targets
from gerdy.reasoning.state import Beliefs

ATLAS = load_atlas()
seeds = st.integers(0, 2**32 - 1)
Likelihoods = dict[int, tuple[float, float]]


def _loss(network: Network, observed: Likelihoods, goals: Targets) -> tuple[float, float]:
    """Loss and chance of what is observed, by weighing every set of sources."""
    sets = posterior_sets(network, Evidence.of(observed), omit=0)
    p = sets.weight @ goals.of_sets(sets.member)
    return float(goals.harm @ (p * (1 - p))), float(np.exp(sets.log_evidence))


def _random_question(rng: np.random.Generator, answers: int) -> tuple[Floats, Floats]:
    on, off = rng.dirichlet(np.ones(answers)), rng.dirichlet(np.ones(answers))
    return np.asarray(on), np.asarray(off)


def _goals(rng: np.random.Generator, sources: int) -> Targets:
    pathways = rng.integers(0, 2, sources)
    return Targets(np.asarray(pathways, dtype=np.intp), rng.uniform(0.1, 40, sources + 2))


@given(seeds, st.integers(2, 5), st.integers(2, 4))
def test_the_gain_is_the_expected_fall_of_the_loss(seed: int, sources: int, answers: int) -> None:
    """Against brute force: give each answer in turn, weigh all sets anew, and average the loss that is left."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 5, plain=False)
    observed = random_observations(rng, 5, 2, soft=True)
    goals = _goals(rng, sources)
    sets = posterior_sets(network, Evidence.of(observed), omit=0)
    joint = joint_over_sets(network, Evidence.of(observed), sets, goals.of_sets(sets.member))
    state = np.arange(5)  # observed states too: a further test of the same thing
    questions = [_random_question(rng, answers) for _ in state]
    on, off = (np.array([q[side] for q in questions]) for side in (0, 1))
    found = gains(joint, goals.harm, state, on, off)
    before, chance = _loss(network, observed, goals)
    for t in state:
        after = 0.0
        for a, b in zip(on[t], off[t], strict=True):
            first = observed.get(int(t), (1.0, 1.0))
            loss, evidence = _loss(network, {**observed, int(t): (first[0] * a, first[1] * b)}, goals)
            after += evidence / chance * loss
        assert found[t] == pytest.approx(before - after, abs=1e-9 * goals.harm.sum())
        assert before - after > -1e-9


@given(seeds, st.integers(2, 5), st.integers(2, 4))
def test_a_question_whose_answer_is_known_beforehand_is_worth_nothing(
    seed: int, sources: int, answers: int
) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 4, plain=False)
    goals = _goals(rng, sources)
    sets = posterior_sets(network, Evidence.of({}), omit=0)
    joint = joint_over_sets(network, Evidence.of({}), sets, goals.of_sets(sets.member))
    chance = np.tile(rng.dirichlet(np.ones(answers)), (4, 1))
    found = gains(joint, goals.harm, np.arange(4), chance, chance)
    assert found == pytest.approx(np.zeros(4), abs=1e-9)


@given(seeds, st.integers(2, 6), st.integers(0, 5))
def test_both_routes_foresee_the_same_joint(seed: int, sources: int, count: int) -> None:
    """What is on together with what, by inclusion-exclusion and over the sets."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 6, plain=True)
    evidence = Evidence.of(random_observations(rng, 6, count, soft=False))
    sets = posterior_sets(network, evidence, omit=0)
    by_sets = joint_over_sets(network, evidence, sets, sets.member)
    by_signs = inclusion_exclusion.joint(network, evidence)
    assert by_signs.target == pytest.approx(by_sets.target, abs=1e-8)
    open_states = [t for t in range(6) if t not in set(evidence.states.tolist())]
    assert by_signs.on[open_states] == pytest.approx(by_sets.on[open_states], abs=1e-8)
    assert by_signs.both[open_states] == pytest.approx(by_sets.both[open_states], abs=1e-8)


STORIES: dict[str, Beliefs] = {
    "nothing told": believed(),
    "outer knee": believed({"worse_downhill": "positive"}, pain={"knee_lateral": 6.0}, person={"age": 30}),
    "a man's outer hip": believed(
        {"night_pain_lying_on_side": "positive"}, pain={"hip_lateral": 6.0}, person={"age": 55, "sex": "male"}
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_no_question_of_the_atlas_has_a_negative_or_unbounded_gain(story: str) -> None:
    known = STORIES[story]
    found = ranking(known.model, known.joint)
    p = known.joint.target
    assert np.all(np.isfinite(found))
    assert found.min() >= 0
    assert found.max() <= targets(known.model).harm @ (p * (1 - p)) + 1e-9
    assert found.max() > 0


def _reassessed_loss(known: Beliefs) -> float:
    goals = targets(known.model)
    p = known.sets.weight @ goals.of_sets(known.sets.member)
    return float(goals.harm @ (p * (1 - p)))


@pytest.mark.parametrize(
    "finding", ["slr", "fadir", "hip_abductor_strength", "worse_sitting", "noble_compression"]
)
def test_the_gain_of_a_real_question_is_what_its_answers_bring(finding: str) -> None:
    known = STORIES["outer knee"]
    asking = Asking(known, m.Who.CLINICIAN)
    question = asking.question(ATLAS.findings[finding])
    after = [with_answers(known, {finding: choice.value}) for choice in question.choices]
    assert sum(choice.probability for choice in question.choices) == pytest.approx(1.0)
    expected = sum(c.probability * _reassessed_loss(b) for c, b in zip(question.choices, after, strict=True))
    assert question.value == pytest.approx(_reassessed_loss(known) - expected, abs=2e-2)
    for choice, outcome in zip(question.choices, after, strict=True):
        leader = max(outcome.probability, key=outcome.probability.__getitem__)
        assert choice.leads == leader
        assert choice.leads_with == pytest.approx(outcome.probability[leader], abs=5e-3)


def test_the_ranking_is_by_value_per_cost() -> None:
    asking = Asking(STORIES["outer knee"], m.Who.INSTRUMENT)
    rates = [asking.question(finding).value_per_minute for finding in asking.by_value[:40]]
    assert rates == sorted(rates, reverse=True)
    cost = question_table(model()).cost
    assert cost.min() > 0
    rows = [asking.row[finding.id] for finding in asking.by_value]
    assert not np.array_equal(
        np.argsort(-asking.gain[rows], kind="stable"), np.arange(len(rows))
    )  # cost matters


def _names(question: Question) -> list[str]:
    return question.findings or [question.id]


def _interview(
    known: Beliefs, answer: st.DataObject | str, most: int = 150
) -> Iterator[tuple[Question, Beliefs]]:
    """Ask and answer until nothing is worth asking; give each question with what is believed afterwards."""
    for _ in range(most):
        question = Asking(known).next()
        if question is None:
            return
        values = {
            name: answer if isinstance(answer, str) else answer.draw(_VALUES) for name in _names(question)
        }
        known = with_answers(known, values)
        yield question, known
    raise AssertionError(f"still asking after {most} questions")


_VALUES = st.sampled_from(["negative", "negative", "negative", "positive", "unknown"])


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("answer", ["negative", "unknown"])
def test_safety_screens_come_first_and_are_asked_completely(story: str, answer: str) -> None:
    known = STORIES[story]
    safety = {f.id for f in Asking(known).open if f.safety}
    asked: set[str] = set()
    for question, _ in _interview(known, answer):
        if question.kind == "screen":
            assert question.safety
            asked |= set(question.findings)
        else:
            break
    assert asked == safety
    assert len(safety) > 20


@pytest.mark.slow
@FEW
@given(st.sampled_from(sorted(STORIES)), st.data())
def test_an_interview_ends_and_asks_nothing_twice_or_in_vain(story: str, data: st.DataObject) -> None:
    known = STORIES[story]
    asked = {o.finding_id for o in known.observations}
    for question, after in _interview(known, data):
        names = _names(question)
        assert not asked & set(names)
        positive = known.facts.positive
        excluded = {e for name in positive for e in ATLAS.findings[name].excludes}
        for finding in (ATLAS.findings[name] for name in names):
            assert finding.id not in excluded
            assert finding.needs is None or finding.needs in positive
            assert finding.who is m.Who.PERSON
        asked |= set(names)
        known = after
    assert Asking(known).enough
    floor = ATLAS.constants["stop_value"].value
    asking = Asking(known)
    assert all(asking.gain[asking.row[f.id]] < floor for f in asking.by_value)


def test_enough_is_said_only_when_nothing_is_asked() -> None:
    for known in STORIES.values():
        asking = Asking(known)
        assert not asking.enough
        assert asking.next() is not None
        assert [q.id for q in asking.waiting_screens()] == [s.id for s in ATLAS.screens.values()]


def test_unknown_is_an_answer() -> None:
    known = STORIES["outer knee"]
    first = Asking(known, m.Who.CLINICIAN).by_value[0]
    after = with_answers(known, {first.id: "unknown"})
    assert first.id not in {f.id for f in Asking(after, m.Who.CLINICIAN).open}
    assert after.probability == known.probability


def test_what_another_answer_excludes_is_not_asked() -> None:
    some = [f for f in ATLAS.findings.values() if f.excludes]
    assert some
    for finding in some:
        found = open_findings(ATLAS.findings.values(), {finding.id}, {finding.id}, m.Who.INSTRUMENT)
        assert not {f.id for f in found} & set(finding.excludes)
        without = open_findings(ATLAS.findings.values(), {finding.id}, set(), m.Who.INSTRUMENT)
        needy = {f.id for f in ATLAS.findings.values() if f.needs}
        assert set(finding.excludes) - needy <= {f.id for f in without}


def test_what_needs_another_answer_waits_for_it() -> None:
    some = [f for f in ATLAS.findings.values() if f.needs]
    assert some
    for finding in some:
        assert finding.needs is not None
        waiting = open_findings(ATLAS.findings.values(), set(), set(), m.Who.INSTRUMENT)
        ready = open_findings(ATLAS.findings.values(), {finding.needs}, {finding.needs}, m.Who.INSTRUMENT)
        assert finding.id not in {f.id for f in waiting}
        assert finding.id in {f.id for f in ready}


@pytest.mark.parametrize("finding", ["pregnant", "missed_periods", "early_menopause"])
def test_what_concerns_women_is_not_asked_of_men(finding: str) -> None:
    assert ATLAS.findings[finding].sex == "female"

    def asked(sex: str | None) -> bool:
        return finding in {f.id for f in open_findings(ATLAS.findings.values(), (), (), m.Who.PERSON, sex)}

    assert asked("female")
    assert asked(None)
    assert not asked("male")
    man, woman = (believed(pain={"hip_lateral": 5.0}, person={"sex": sex}) for sex in ("male", "female"))
    assert finding in {f.id for f in Asking(woman).open}
    assert finding not in {f.id for f in Asking(man).open}
    assert all(finding not in screen.findings for screen in Asking(man).waiting_screens())


def test_nobody_is_asked_what_only_others_can_find_out() -> None:
    reach = list(m.Who)
    seen = [{f.who for f in Asking(STORIES["outer knee"], who).open} for who in reach]
    assert seen == [set(reach[: k + 1]) for k in range(len(reach))]


def test_a_list_holds_plain_history_of_one_topic() -> None:
    lists = [q for story in STORIES.values() for q, _ in _interview(story, "negative") if q.kind == "list"]
    assert lists
    for question in lists:
        members = [ATLAS.findings[name] for name in question.findings]
        assert len({f.topic for f in members}) == 1
        assert len(members) > 1
        assert all(not f.levels and f.measured is None and f.how is None for f in members)
        assert not any(f.safety for f in members)
