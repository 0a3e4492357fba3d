"""What an answer says of the state it observes, and the atlas compiled into a network."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reasoning.cases import FEWER, believed, chance_on, model, observe, with_answers

from gerdy.atlas import load_atlas
from gerdy.atlas import model as m
from gerdy.case import Person, abnormal_levels, is_positive
from gerdy.errors import AtlasError
from gerdy.reasoning.enumeration import posterior_sets
from gerdy.reasoning.facts import facts_of
from gerdy.reasoning.model import LIKELIHOOD_RATIO_LIMIT, hazards, measured_likelihood, outcomes, plain
from gerdy.reasoning.network import Evidence
from gerdy.reasoning.observed import evidence_from, observed

ATLAS = load_atlas()
BASIS = m.Basis(grade=m.Grade.E, source="assumed: for this test")
GRADED = [f for f in ATLAS.findings.values() if f.levels and not f.silent]
MEASURED = [f for f in ATLAS.findings.values() if f.measured is not None and not f.silent]
PLAIN = [
    ATLAS.findings[name] for name in model().state_of if ATLAS.findings[name] not in (*GRADED, *MEASURED)
]


def _measured(
    on: tuple[float, float], off: tuple[float, float], cutoff: float, positive_below: bool
) -> m.Measured:
    return m.Measured(
        unit="mm",
        plausible=(-1e6, 1e6),
        on=m.Spread(mean=on[0], sd=on[1]),
        off=m.Spread(mean=off[0], sd=off[1]),
        cutoff=cutoff,
        positive_below=positive_below,
    )


def test_every_finding_either_observes_a_state_or_is_silent() -> None:
    for finding in ATLAS.findings.values():
        assert (finding.id in model().state_of) is not finding.silent
    for name, state in model().state_of.items():
        finding = ATLAS.findings[name]
        assert model().network.states[state] == (finding.observes or finding.id)
        assert model().owner(state).id == (finding.observes or finding.id)
    assert GRADED
    assert MEASURED
    assert PLAIN


@pytest.mark.parametrize("finding", PLAIN, ids=lambda f: f.id)
def test_yes_and_no_are_complements(finding: m.Finding) -> None:
    yes, no = (model().likelihood(finding, value) for value in ("positive", "negative"))
    expected = (plain(finding.yes.on), plain(finding.yes.off)) if finding.yes else (1.0, 0.0)
    assert yes == pytest.approx(expected)
    assert np.add(yes, no) == pytest.approx((1, 1))


@pytest.mark.parametrize("finding", GRADED, ids=lambda f: f.id)
def test_a_level_says_what_the_atlas_says(finding: m.Finding) -> None:
    for level in finding.levels:
        assert model().likelihood(finding, level.id) == pytest.approx((plain(level.on), plain(level.off)))
    yes, no = (model().likelihood(finding, value) for value in ("positive", "negative"))
    assert no == pytest.approx((plain(finding.levels[0].on), plain(finding.levels[0].off)))
    assert np.add(yes, no) == pytest.approx((1, 1))
    assert yes[0] > yes[1]  # positive speaks for the state, the first level being the normal one
    assert finding.levels[0].id not in abnormal_levels(finding)


@pytest.mark.parametrize("finding", GRADED, ids=lambda f: f.id)
def test_levels_go_from_normal_to_worse(finding: m.Finding) -> None:
    ratios = [plain(level.on) / plain(level.off) for level in finding.levels]
    assert ratios == sorted(ratios)


@pytest.mark.parametrize("finding", MEASURED, ids=lambda f: f.id)
def test_a_measurement_speaks_for_its_state_on_the_side_that_counts_as_positive(finding: m.Finding) -> None:
    assert finding.measured is not None
    bad, good = (plain(side.mean) for side in (finding.measured.on, finding.measured.off))
    for value, for_it in ((bad, True), (good, False)):
        on, off = model().likelihood(finding, value)
        assert (on > off) is for_it, value
    assert not is_positive(finding, good)
    assert (bad < good) is finding.measured.positive_below
    yes, no = (model().likelihood(finding, value) for value in ("positive", "negative"))
    assert yes[0] > yes[1]
    assert no[0] < no[1]


@pytest.mark.parametrize("finding", MEASURED, ids=lambda f: f.id)
def test_no_plausible_value_on_the_healthy_side_speaks_for_the_state(finding: m.Finding) -> None:
    """Two bells of unequal width cross twice: a leg that is far thinner must not speak for a swollen one."""
    assert finding.measured is not None
    low, high = finding.measured.plausible
    healthy = plain(finding.measured.off.mean)
    far = high if finding.measured.positive_below else low
    for value in np.linspace(healthy, far, 25):
        on, off = model().likelihood(finding, float(value))
        assert on <= off, value


spreads = st.tuples(st.floats(-100, 100), st.floats(0.1, 50))


@given(spreads, spreads, st.floats(-1e5, 1e5))
def test_a_measured_ratio_is_kept_within_ten(
    on: tuple[float, float], off: tuple[float, float], value: float
) -> None:
    likelihood = measured_likelihood(_measured(on, off, 0.0, False), value)
    assert max(likelihood) == 1.0
    limit = 1 / LIKELIHOOD_RATIO_LIMIT
    assert min(likelihood) >= limit * (1 - 1e-12)
    assert LIKELIHOOD_RATIO_LIMIT == 10


@given(spreads, st.floats(-100, 100), st.floats(-200, 200))
def test_of_equal_spreads_a_measured_ratio_is_that_of_the_densities_within_the_limit(
    on: tuple[float, float], other: float, value: float
) -> None:
    off = (other, on[1])

    def log_density(spread: tuple[float, float]) -> float:
        return -math.log(spread[1]) - 0.5 * ((value - spread[0]) / spread[1]) ** 2

    assume(max(log_density(on), log_density(off)) > -600)
    found = measured_likelihood(_measured(on, off, 0.0, False), value)
    expected = np.clip(log_density(on) - log_density(off), -math.log(10), math.log(10))
    assert math.log(found[0] / found[1]) == pytest.approx(expected, abs=1e-6)


@given(spreads, spreads, st.floats(-200, 200), st.floats(0, 50), st.floats(-100, 100))
def test_further_to_one_side_never_turns_the_ratio_round(
    on: tuple[float, float], off: tuple[float, float], value: float, step: float, cutoff: float
) -> None:
    ratios = [
        math.log(a / b)
        for a, b in (
            measured_likelihood(_measured(on, off, cutoff, False), v)
            for v in (value, value + step, value + 2 * step)
        )
    ]
    rises = [later - earlier for earlier, later in itertools.pairwise(ratios)]
    assert min(rises) >= -1e-6 or max(rises) <= 1e-6


@pytest.mark.parametrize("finding", [ATLAS.findings[name] for name in model().state_of], ids=lambda f: f.id)
def test_the_foreseen_answers_are_complete(finding: m.Finding) -> None:
    found = outcomes(finding)
    assert sum(o.on for o in found) == pytest.approx(1)
    assert sum(o.off for o in found) == pytest.approx(1)
    assert all(o.on >= 0 and o.off >= 0 for o in found)
    assert len({o.value for o in found}) == len(found)
    for outcome in found:
        assert observe(finding.id, outcome.value).finding_id == finding.id  # can be written into a case


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(AtlasError, match="none of its answers"):
        model().likelihood(PLAIN[0], "weak_4")
    with pytest.raises(AtlasError, match="not measured"):
        model().likelihood(PLAIN[0], 3.0)


def test_the_network_gives_back_every_number_of_the_atlas() -> None:
    """P(state | one source alone) from hazards, leak and inhibition is the number written by hand."""
    network = model().network
    alone = 1 - (1 - network.leak * network.inhibition) * np.exp(-network.hazard)
    for t in range(len(network.states)):
        owner = model().owner(t)
        assert network.leak[t] == chance_on(owner, None)
        for row, source in enumerate(network.sources):
            assert alone[row, t] == pytest.approx(chance_on(owner, source), abs=1e-12), (owner.id, source)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_source_that_makes_a_state_rarer_adds_no_hazard(given_chance: float, background: float) -> None:
    (hazard,) = hazards(np.array([given_chance]), np.array([background]))
    assert hazard >= 0
    if given_chance > background:
        assert 1 - (1 - background) * math.exp(-hazard) == pytest.approx(given_chance, abs=1e-9)


def test_single_sources_share_a_weight_of_one_before_anything_is_known() -> None:
    network = model().network
    priors = np.array([source.prior.value for source in ATLAS.sources.values()])
    assert np.exp(network.log_some + network.log_odds).sum() == pytest.approx(1)
    assert np.exp(network.log_some + network.log_odds) == pytest.approx(priors / priors.sum())
    assert math.exp(network.log_none) == pytest.approx(ATLAS.constants["unexplained_prior"].value)


def test_key_sources_and_satellites_are_coupled_and_nothing_else() -> None:
    network = model().network
    pairs = {
        frozenset((r.start, r.end))
        for r in ATLAS.relations
        if r.kind is m.RelationKind.KEY_TO and r.coupling is not None
    }
    assert np.array_equal(network.coupling, network.coupling.T)
    assert np.all(network.coupling >= 0)
    assert not network.coupling.diagonal().any()
    rows, columns = np.nonzero(network.coupling)
    found = {frozenset((network.sources[a], network.sources[b])) for a, b in zip(rows, columns, strict=True)}
    assert found == pairs
    assert pairs


BASE = believed({"worse_downhill": "positive"}, pain={"knee_lateral": 6.0}, person={"age": 30})

OTHERS = sorted(set(ATLAS.findings) - {"worse_downhill"})


@FEWER
@given(
    st.lists(
        st.sampled_from(sorted(set(ATLAS.findings) - {"worse_downhill"})),
        min_size=1,
        max_size=60,
        unique=True,
    )
)
def test_unknown_says_nothing(names: list[str]) -> None:
    """An unanswered finding is summed out, never read as no."""
    after = with_answers(BASE, dict.fromkeys(names, "unknown"))
    assert after.probability == BASE.probability


def test_unknown_is_no_fact_for_a_rule() -> None:
    """A graded finding that was asked and is not known must leave a rule undecided, not say no."""
    told = [observe(f.id, "unknown") for f in ATLAS.findings.values() if f.levels]
    assert facts_of(ATLAS, Person(), told, {}) == facts_of(ATLAS, Person(), [], {})


def test_a_grade_that_is_only_known_to_be_abnormal_is_no_level() -> None:
    graded = [f.id for f in ATLAS.findings.values() if f.levels]
    facts = facts_of(ATLAS, Person(), [observe(name, "positive") for name in graded], {})
    assert facts.positive == set(graded)
    assert facts.levels == {}


def test_no_is_not_unknown() -> None:
    after = with_answers(BASE, {"noble_compression": "negative"})
    assert after.probability["itbs"] < BASE.probability["itbs"] - 0.01


def test_silent_findings_say_nothing() -> None:
    silent = [f.id for f in ATLAS.findings.values() if f.silent and not f.levels and f.measured is None]
    assert silent
    assert with_answers(BASE, dict.fromkeys(silent, "positive")).probability == BASE.probability


def test_answers_that_observe_one_state_are_combined_before_they_reach_a_source() -> None:
    values = {"noble_compression": "positive", "renne": "positive", "self_press_outer_knee": "negative"}
    items = observed(model(), [observe(name, value) for name, value in values.items()])
    evidence = evidence_from(items, None)
    assert len(items) == 3
    assert len(evidence.states) == 1
    assert evidence.on[0] == pytest.approx(math.prod(item.on for item in items))
    assert evidence.off[0] == pytest.approx(math.prod(item.off for item in items))


@given(st.integers(0, len(ATLAS.findings) - 1), st.floats(0.01, 1.0))
def test_only_the_ratio_of_the_likelihoods_counts(place: int, factor: float) -> None:
    state = place % len(model().network.states)
    first, second = (
        posterior_sets(model().network, Evidence.of({state: (0.8 * scale, 0.2 * scale)}), omit=0.5)
        for scale in (1.0, factor)
    )
    assert first.posterior == pytest.approx(second.posterior, abs=1e-12)
