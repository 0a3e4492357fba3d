"""The posterior is exact where it covers all sets, and bounded where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reasoning.networks import agrum, brute_force, random_network, random_observations

from gerdy.errors import EngineError
from gerdy.reasoning import inclusion_exclusion
from gerdy.reasoning.enumeration import posterior_sets
from gerdy.reasoning.network import Evidence, Network

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(2, 7), st.integers(0, 8))
def test_agrees_with_agrum_when_all_sets_are_covered(seed: int, sources: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 8, plain=True)
    observed = random_observations(rng, 8, count, soft=True)
    sets = posterior_sets(network, Evidence.of(observed), omit=0)
    assert len(sets.weight) == 2**sources
    assert sets.omitted == 0
    assert sets.posterior == pytest.approx(agrum(network, observed), abs=1e-9)


@given(seeds, st.integers(2, 7), st.integers(0, 8))
def test_agrees_with_the_definition_under_couplings_and_inhibition(
    seed: int, sources: int, count: int
) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 8, plain=False)
    observed = random_observations(rng, 8, count, soft=True)
    log_evidence, posterior, none = brute_force(network, observed)
    sets = posterior_sets(network, Evidence.of(observed), omit=0)
    assert sets.log_evidence == pytest.approx(log_evidence, abs=1e-9)
    assert sets.posterior == pytest.approx(posterior, abs=1e-9)
    assert sets.none == pytest.approx(none, abs=1e-9)


@given(seeds, st.integers(3, 8), st.sampled_from([0.3, 0.1, 0.01]))
def test_the_bound_on_what_is_left_out_holds(seed: int, sources: int, omit: float) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 8, plain=False)
    observed = random_observations(rng, 8, 6, soft=True)
    log_evidence, posterior, _ = brute_force(network, observed)
    sets = posterior_sets(network, Evidence.of(observed), omit=omit)
    missing = -np.expm1(sets.log_evidence - log_evidence)
    assert missing <= sets.omitted + 1e-9
    assert np.abs(sets.posterior - posterior).max() <= sets.omitted + 1e-9


@given(seeds, st.integers(3, 8))
def test_asking_for_less_omission_never_covers_less(seed: int, sources: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 8, plain=False)
    evidence = Evidence.of(random_observations(rng, 8, 6, soft=True))
    counts = [len(posterior_sets(network, evidence, omit=omit).weight) for omit in (0.3, 1e-2, 1e-4, 0.0)]
    assert counts == sorted(counts)


def test_the_cap_on_sets_is_kept_and_shows_in_the_bound() -> None:
    rng = np.random.default_rng(5)
    network = random_network(rng, 24, 12, plain=True)
    evidence = Evidence.of(random_observations(rng, 12, 8, soft=False))
    small, large = (posterior_sets(network, evidence, omit=0, most=most) for most in (500, 20_000))
    assert len(small.weight) < len(large.weight) < 60_000
    assert small.omitted > large.omitted > 0


@given(seeds, st.integers(2, 7), st.integers(0, 8))
def test_inclusion_exclusion_agrees_with_agrum(seed: int, sources: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng, sources, 8, plain=True)
    observed = random_observations(rng, 8, count, soft=False)
    evidence = Evidence.of(observed)
    assert inclusion_exclusion.applies(network, evidence)
    posterior, error = inclusion_exclusion.posterior(network, evidence)
    assert posterior == pytest.approx(agrum(network, observed), abs=1e-9)
    assert error < inclusion_exclusion.LARGEST_ERROR


def test_inclusion_exclusion_refuses_when_rounding_could_show() -> None:
    n = 16
    network = Network.noisy_or(np.full(n, 1e-9), np.full((n, n), 1e-6), np.full(n, 1e-9))
    evidence = Evidence.of(dict.fromkeys(range(16), (1.0, 0.0)))
    with pytest.raises(EngineError, match="rounding"):
        inclusion_exclusion.posterior(network, evidence)


def test_inclusion_exclusion_knows_what_it_cannot_do() -> None:
    rng = np.random.default_rng(0)
    coupled, plain = (random_network(rng, 4, 6, plain=plain) for plain in (False, True))
    assert not inclusion_exclusion.applies(coupled, Evidence.of({0: (1.0, 0.0)}))
    assert not inclusion_exclusion.applies(plain, Evidence.of({0: (0.5, 0.2)}))


@given(seeds)
def test_what_is_not_observed_changes_nothing(seed: int) -> None:
    """An unanswered finding is summed out, never read as no: dropping its state leaves the posterior alone."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, 5, 8, plain=True)
    observed = random_observations(rng, 8, 4, soft=True)
    flat = {**observed, **{t: (0.3, 0.3) for t in range(8) if t not in observed}}
    first, second = (posterior_sets(network, Evidence.of(o), omit=0) for o in (observed, flat))
    assert first.posterior == pytest.approx(second.posterior, abs=1e-12)
