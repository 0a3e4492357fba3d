"""The explanation adds up exactly, does not depend on order, and points the right way."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reasoning.cases import EXAMPLES, again, believed, log_odds, model, ratio
from reasoning.networks import brute_force, random_network, random_observations

from gerdy.api import assess, beliefs, load_case
from gerdy.atlas import load_atlas
from gerdy.atlas import model as m
from gerdy.reasoning.enumeration import posterior_sets
from gerdy.reasoning.explanation import contributions
from gerdy.reasoning.grounds import contributions_of, listed, weigh
from gerdy.reasoning.network import Evidence, Floats, Network
from gerdy.reasoning.state import Beliefs

ATLAS = load_atlas()
FILES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
seeds = st.integers(0, 2**32 - 1)


def _logit(posterior: Floats) -> Floats:
    return np.asarray(np.log(posterior) - np.log1p(-posterior))


def _known(name: str) -> Beliefs:
    return beliefs(load_case(EXAMPLES / f"{name}.yaml"))


def _moved(known: Beliefs) -> dict[str, dict[str, float]]:
    """What every answer adds to every source, over the sets the answer is explained with."""
    weighed = weigh(known, contributions(known.network, known.evidence, known.sets))
    return {
        source.id: {c.id: c.log_odds for c in contributions_of(known, weighed, source)}
        for source in ATLAS.sources.values()
    }


@given(seeds, st.integers(2, 6), st.integers(0, 6), st.booleans())
def test_prior_and_contributions_add_up_to_the_posterior(
    seed: int, sources: int, count: int, plain: bool
) -> None:
    """Both ends agree with brute force, and the shares close the gap between them to 1e-9."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 7, plain=plain)
    observed = random_observations(rng, 7, count, soft=True)
    evidence = Evidence.of(observed)
    found = contributions(network, evidence, posterior_sets(network, evidence, omit=0))
    _, prior, _ = brute_force(network, {})
    _, posterior, _ = brute_force(network, observed)
    assert found.prior == pytest.approx(_logit(prior), abs=1e-9)
    assert found.posterior == pytest.approx(_logit(posterior), abs=1e-9)
    summed = found.prior + found.states.sum(axis=1) + found.drawing
    assert np.abs(summed - found.posterior).max() <= 1e-9


@given(seeds, st.integers(2, 5))
def test_without_evidence_nothing_is_explained(seed: int, sources: int) -> None:
    network = random_network(np.random.default_rng(seed), sources, 5, plain=False)
    evidence = Evidence.of({})
    found = contributions(network, evidence, posterior_sets(network, evidence, omit=0))
    assert found.states.shape == (sources, 0)
    assert found.prior == pytest.approx(found.posterior, abs=1e-12)


@given(seeds, st.integers(2, 5), st.permutations(range(6)))
def test_the_order_of_evidence_does_not_matter(seed: int, sources: int, order: list[int]) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 6, plain=False)
    observed = random_observations(rng, 6, 6, soft=True)
    sets = posterior_sets(network, Evidence.of(observed), omit=0)
    found = []
    for states in (list(observed), [list(observed)[k] for k in order]):
        evidence = Evidence.of({t: observed[t] for t in states})
        shares = contributions(network, evidence, sets).states
        found.append(dict(zip(states, shares.T, strict=True)))
    for state in observed:
        assert found[0][state] == pytest.approx(found[1][state], abs=1e-9)


@given(seeds, st.integers(2, 5), st.floats(0.05, 1.0))
def test_evidence_that_says_nothing_adds_nothing_and_changes_nothing(
    seed: int, sources: int, flat: float
) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 6, plain=False)
    observed = random_observations(rng, 5, 4, soft=True)
    sets = posterior_sets(network, Evidence.of(observed), omit=0)
    without = contributions(network, Evidence.of(observed), sets)
    with_it = contributions(network, Evidence.of({**observed, 5: (flat, flat)}), sets)
    assert np.abs(with_it.states[:, -1]).max() < 1e-9
    assert with_it.states[:, :-1] == pytest.approx(without.states, abs=1e-9)


@given(seeds, st.integers(2, 6), st.booleans())
def test_a_single_answer_points_the_way_its_links_say(seed: int, sources: int, on: bool) -> None:
    """Independent sources: a state that is on speaks for its causes, off against them, and not for others."""
    network = random_network(np.random.default_rng(seed), sources, 1, plain=True)
    evidence = Evidence.of({0: (1.0, 0.0) if on else (0.0, 1.0)})
    found = contributions(network, evidence, posterior_sets(network, evidence, omit=0))
    linked = network.hazard[:, 0] > 0
    sign = 1 if on else -1
    assert np.all(sign * found.states[linked, 0] > 0)
    assert np.abs(found.states[~linked, 0]).max(initial=0) < 1e-9


@pytest.mark.parametrize("name", FILES)
def test_published_cases_add_up(name: str) -> None:
    known = _known(name)
    weighed = weigh(known, contributions(known.network, known.evidence, known.sets))
    summed = weighed.prior + weighed.share.sum(axis=1) + weighed.drawing
    assert np.abs(summed - weighed.posterior).max() <= 1e-9
    possible = known.sets.posterior > 1e-9
    assert weighed.posterior[possible] == pytest.approx(_logit(known.sets.posterior)[possible], abs=1e-9)


@pytest.mark.parametrize("name", FILES)
def test_what_is_shown_adds_up_but_for_what_is_negligible(name: str) -> None:
    answer = assess(load_case(EXAMPLES / f"{name}.yaml"))
    evidence = len(answer.answered) + 1
    for source in answer.sources:
        shown = sum(c.log_odds for c in (*source.for_, *source.against))
        if source.probability > 0.01:
            gap = source.prior_log_odds + shown - log_odds(source.probability)
            assert abs(gap) < 0.02 * evidence + 0.05, source.id
        assert all(c.log_odds > 0 for c in source.for_)
        assert all(c.log_odds < 0 for c in source.against)


@pytest.mark.parametrize("name", ["runner_outer_knee", "marathon_trainee_groin"])
def test_the_order_of_answers_does_not_matter(name: str) -> None:
    known = _known(name)
    forward, backward = _moved(known), _moved(again(known, reversed(known.observations)))
    for source, moved in forward.items():
        assert backward[source] == pytest.approx(moved, abs=1e-6)


def test_answers_of_one_state_share_what_it_adds_by_how_strongly_they_speak() -> None:
    """A firm and a vague test of one thing: both count for, the firm one more."""
    both = {"hip_abductor_strength": "weak_3_or_less", "hip_tires_first": "positive"}
    moved = _moved(believed(both, pain={"hip_lateral": 6.0}))["gtps_tear"]
    assert moved["hip_abductor_strength"] > moved["hip_tires_first"] > 0


def test_answers_of_one_state_that_contradict_each_other_do_not_blow_up() -> None:
    both = {"noble_compression": "positive", "renne": "negative"}
    known = believed(both, pain={"knee_lateral": 6.0})
    for moved in _moved(known).values():
        assert max(abs(moved[name]) for name in both) < 3


def _alone(network: Network, state: int, on: float, off: float) -> Mapping[str, float]:
    """What one answer adds when it is all that is known; pairs of sources are enough here."""
    evidence = Evidence.of({state: (on, off)})
    sets = posterior_sets(network, evidence, omit=0.5)
    found = contributions(network, evidence, sets)
    return dict(zip(network.sources, map(float, found.states[:, 0]), strict=True))


@pytest.mark.slow
def test_a_finding_speaks_for_the_source_it_is_most_likely_with() -> None:
    """Every state of the atlas, alone: the likeliest source gains, the unlikeliest loses."""
    wrong = []
    done = set()
    network = dataclasses.replace(model().network, coupling=np.zeros_like(model().network.coupling))
    for name, state in model().state_of.items():
        finding = ATLAS.findings[name]
        on, off = model().likelihood(finding, "positive")
        if (state, on > off) in done:
            continue
        done.add((state, on > off))
        ratios = {source: ratio(finding, on, off, source) for source in ATLAS.sources}
        best, worst = max(ratios, key=ratios.__getitem__), min(ratios, key=ratios.__getitem__)
        if ratios[best] < 1.05:
            continue
        moved = _alone(network, state, on, off)
        if not moved[best] > 0 or (ratios[worst] < 0.95 and not moved[worst] < 0):
            wrong.append((name, best, moved[best], worst, moved[worst]))
    assert not wrong


def test_a_finding_of_one_source_alone_speaks_for_it() -> None:
    only = [
        (f, next(iter(f.given)))
        for f in ATLAS.findings.values()
        if len(f.given) == 1 and ratio(f, 1.0, 0.0, next(iter(f.given))) > 1
    ]
    for finding, source in only:
        assert _alone(model().network, model().state_of[finding.id], 1.0, 0.0)[source] > 0
    made = m.Finding(
        id="made_up", name="made up", clinical="made up", topic=m.Topic.SITE, ask="?", who=m.Who.PERSON,
        cost=m.Cost(seconds=5), basis=m.Basis(grade=m.Grade.E, source="assumed: for this test"),
        background=0.1, given={"itbs": 0.6},
    )  # fmt: skip
    hazard = np.zeros((len(model().network.sources), 1))
    hazard[model().index("itbs"), 0] = np.log(0.9) - np.log(0.4)
    network = dataclasses.replace(
        model().network,
        states=(made.id,),
        hazard=hazard,
        leak=np.array([0.1]),
        inhibition=np.ones_like(hazard),
        coupling=np.zeros_like(model().network.coupling),
    )
    moved = _alone(network, 0, 1.0, 0.0)
    assert moved["itbs"] > 0.5 * np.log(6)
    assert all(value < 0.05 for source, value in moved.items() if source != "itbs")


def test_small_contributions_are_not_listed() -> None:
    known = _known("runner_outer_knee")
    weighed = weigh(known, contributions(known.network, known.evidence, known.sets))
    moved = contributions_of(known, weighed, ATLAS.sources["itbs"])
    shown = [*listed(moved, speaks_for=True), *listed(moved, speaks_for=False)]
    assert {c.id for c in moved} - {c.id for c in shown} == {c.id for c in moved if abs(c.log_odds) <= 0.02}
    assert [abs(c.log_odds) for c in moved] == sorted((abs(c.log_odds) for c in moved), reverse=True)


@pytest.mark.parametrize("name", FILES)
def test_what_the_answer_rests_on_is_shared_out_completely(name: str) -> None:
    rests = assess(load_case(EXAMPLES / f"{name}.yaml")).rests_on
    assert sum(rests.grades.values()) == pytest.approx(1.0)
    assert 0 <= rests.unverified <= 1
    assert 0 < sum(number.share for number in rests.numbers) <= 1 + 1e-9
