"""The weight of a set of sources by its definition, and the envelope whose shape the bound rests on."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reasoning.cases import EXAMPLES
from reasoning.networks import random_network, random_observations

from gerdy.api import beliefs, load_case
from gerdy.chart.likelihood import DrawingTerm
from gerdy.reasoning.explanation import log_likelihoods
from gerdy.reasoning.network import Evidence, Floats, Network
from gerdy.reasoning.weights import SetBatch, Terms, all_sets

seeds = st.integers(0, 2**32 - 1)


def _random_drawing(rng: np.random.Generator, sources: int) -> DrawingTerm:
    """Two manners of drawing, three classes of painted places."""
    return DrawingTerm(
        log_manner=np.log(rng.dirichlet(np.ones(2))),
        base=-rng.uniform(0, 2, 2),
        unpainted=-rng.uniform(0, 1, (2, sources)),
        painted_hazard=rng.uniform(0, 2, (2, sources, 3)),
        painted_leak=rng.uniform(0.01, 0.2, (2, 3)),
        painted_weight=rng.uniform(0.1, 3, 3),
        unknown=-rng.uniform(1, 6, 2),
    )


def _random(seed: int, sources: int, *, drawn: bool = True) -> tuple[Network, Evidence]:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 7, plain=bool(rng.integers(2)))
    observed = random_observations(rng, 7, 5, soft=True)
    return network, Evidence.of(observed, _random_drawing(rng, sources) if drawn else None)


def _by_definition(network: Network, evidence: Evidence, members: tuple[int, ...]) -> float:
    """Log prior times likelihood of one non-empty set, word by word from the model."""
    weight = network.log_some + network.log_odds[list(members)].sum()
    weight += sum(network.coupling[a, b] for a, b in itertools.combinations(members, 2))
    for t, on, off in zip(evidence.states, evidence.on, evidence.off, strict=True):
        leak = network.leak[t] * min(network.inhibition[i, t] for i in members)
        silent = (1 - leak) * np.prod([np.exp(-network.hazard[i, t]) for i in members])
        weight += np.log(on * (1 - silent) + off * silent)
    if evidence.drawing is not None:
        d = evidence.drawing
        manners = []
        for g in range(len(d.base)):
            each = d.log_manner[g] + d.base[g] + sum(d.unpainted[g, i] for i in members)
            for k, times in enumerate(d.painted_weight):
                hazard = d.painted_leak[g, k] + sum(d.painted_hazard[g, i, k] for i in members)
                each += times * np.log(1 - np.exp(-hazard))
            manners.append(each)
        weight += np.logaddexp.reduce(manners)
    return float(weight)


def _uncoupled(network: Network) -> Network:
    """Without the couplings: they are the one part of the weight that grows with company, and are bounded apart."""
    return dataclasses.replace(network, coupling=np.zeros_like(network.coupling))


def _weights(terms: Terms, members: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Log weight and envelope of one set, (G,) each."""
    batch = SetBatch.of(np.array([members], dtype=np.intp), len(terms.coupling))
    weight, envelope = terms.log_weight(batch)
    return weight[:, 0], envelope[:, 0]


def _subsets(sources: int) -> list[tuple[int, ...]]:
    return [s for size in range(1, sources + 1) for s in itertools.combinations(range(sources), size)]


@given(seeds, st.integers(2, 5), st.booleans())
def test_the_weight_is_prior_times_likelihood(seed: int, sources: int, drawn: bool) -> None:
    network, evidence = _random(seed, sources, drawn=drawn)
    terms = Terms.of(network, evidence)
    for members in _subsets(sources):
        weight, _ = _weights(terms, members)
        expected = _by_definition(network, evidence, members)
        assert np.logaddexp.reduce(weight) == pytest.approx(expected, abs=1e-9)


@given(seeds, st.integers(2, 5), st.booleans())
def test_without_a_source_only_chance_explains_the_answers(seed: int, sources: int, drawn: bool) -> None:
    network, evidence = _random(seed, sources, drawn=drawn)
    t = evidence.states
    expected = (
        network.log_none + np.log(evidence.on * network.leak[t] + evidence.off * (1 - network.leak[t])).sum()
    )
    if evidence.drawing is not None:
        expected += np.logaddexp.reduce(evidence.drawing.log_manner + evidence.drawing.unknown)
    assert np.logaddexp.reduce(Terms.of(network, evidence).none) == pytest.approx(expected, abs=1e-9)


@given(seeds, st.integers(2, 5))
def test_the_envelope_is_never_below_the_weight(seed: int, sources: int) -> None:
    network, evidence = _random(seed, sources)
    terms = Terms.of(network, evidence)
    for members in _subsets(sources):
        weight, envelope = _weights(terms, members)
        assert np.all(envelope >= weight - 1e-12)


@given(seeds, st.integers(3, 5))
def test_the_envelope_is_submodular(seed: int, sources: int) -> None:
    """A further source adds the less, the more are active already: each one-step gain bounds every later one."""
    network, evidence = _random(seed, sources)
    terms = Terms.of(_uncoupled(network), evidence)
    envelope = {members: _weights(terms, members)[1] for members in _subsets(sources)}
    for members, known in envelope.items():
        for added, more in itertools.permutations(set(range(sources)) - set(members), 2):
            here = envelope[tuple(sorted((*members, added)))] - known
            larger = tuple(sorted((*members, more)))
            later = envelope[tuple(sorted((*larger, added)))] - envelope[larger]
            assert np.all(later <= here + 1e-9)


@given(seeds, st.integers(2, 5))
def test_the_envelope_is_the_weight_where_evidence_only_says_on(seed: int, sources: int) -> None:
    """Nothing is given away where the weight is submodular by itself."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 6, plain=True)
    evidence = Evidence.of(random_observations(rng, 6, 4, soft=False), _random_drawing(rng, sources))
    terms = Terms.of(network, evidence)
    for members in _subsets(sources):
        weight, envelope = _weights(terms, members)
        assert envelope == pytest.approx(weight, abs=1e-12)


@given(seeds, st.permutations(range(4)))
def test_the_order_of_the_sources_does_not_matter(seed: int, order: list[int]) -> None:
    network, evidence = _random(seed, 4)
    terms = Terms.of(network, evidence)
    turned = terms.in_order(np.array(order, dtype=np.intp))
    for members in _subsets(4):
        named = tuple(sorted(order[place] for place in members))
        for one, other in zip(_weights(turned, members), _weights(terms, named), strict=True):
            assert one == pytest.approx(other, abs=1e-12)


def test_all_sets_of_a_size_are_listed_once() -> None:
    for size in range(1, 5):
        batch = all_sets(6, size)
        assert [tuple(members) for members in batch.members] == list(itertools.combinations(range(6), size))
        assert np.array_equal(np.nonzero(batch.member)[1].reshape(-1, size), batch.members)


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.yaml")))
def test_enumeration_and_explanation_weigh_real_sets_alike(name: str) -> None:
    """Two independent routes to the weight of a set, on published cases with their drawings."""
    known = beliefs(load_case(EXAMPLES / f"{name}.yaml"))
    network, few = known.network, known.sets.heaviest(0.99, 300)
    some = few.member.any(axis=1)
    prior = np.where(some, network.log_some, network.log_none) + few.member @ network.log_odds
    prior += 0.5 * np.einsum("si,ij,sj->s", few.member, network.coupling, few.member)
    total = prior + log_likelihoods(network, known.evidence, few.member).sum(axis=1)
    share = np.exp(total - known.sets.log_evidence)  # of the mass of all sets kept
    assert share / share.sum() == pytest.approx(few.weight, rel=1e-7)
    assert 0.5 < share.sum() <= 1 + 1e-9
