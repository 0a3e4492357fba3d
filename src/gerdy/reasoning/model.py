"""The atlas compiled into arrays: which state each finding observes, and what each answer says of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from gerdy.atlas import Atlas
from gerdy.atlas import model as m
from gerdy.errors import AtlasError
from gerdy.reasoning.network import Floats, Network

LIKELIHOOD_RATIO_LIMIT = 10.0  # evidence rule C5.6: accuracy studies are tiny and specialist
_BINS = 5  # how finely a measurement is foreseen when questions are ranked


@dataclass(frozen=True)
class Outcome:
    """One possible answer to a finding, with its likelihood if the observed state is on and if it is off."""

    value: str
    name: str
    on: float
    off: float


@dataclass(frozen=True, eq=False)
class Model:
    """The compiled atlas; ``network`` carries the prior of a person nothing is known of."""

    atlas: Atlas
    network: Network
    state_of: Mapping[str, int]  # finding id -> state index, for findings that carry likelihood
    size: Floats  # (n, T) people's worth of certainty behind each link
    leak_size: Floats  # (T,)
    prior_spread: Floats  # (n,) standard deviation of the log prior

    def index(self, source: str) -> int:
        """Return the index of a source."""
        return self.network.sources.index(source)

    def owner(self, state: int) -> m.Finding | m.Contributor:
        """Return the entry whose numbers describe a state."""
        return _owner(self.atlas, self.network.states[state])

    def number(self, state: int, source: str) -> m.Number:
        """Return the number that links a source to a state, or the state's background where there is no link."""
        owner = self.owner(state)
        raw = owner.given.get(source, owner.background)
        return sourced(raw, owner.basis)

    def likelihood(self, finding: m.Finding, value: str | float) -> tuple[float, float]:
        """Return the likelihood of an answer if the state it observes is on, and if it is off.

        ``value`` is "positive", "negative", a level id, or a number in the finding's unit.
        """
        if isinstance(value, float | int):
            return measured_likelihood(_needed(finding.measured, finding), float(value))
        for outcome in outcomes(finding):
            if outcome.value == value:
                return outcome.on, outcome.off
        if finding.measured is not None:
            return _beyond(finding.measured, positive=value == "positive")
        if finding.levels:
            return _graded_side(finding, positive=value == "positive")
        raise AtlasError(f"{finding.id}: '{value}' is none of its answers.")


def sourced(raw: float | m.Number | None, basis: m.Basis) -> m.Number:
    """Return a number with its source: its own, or the basis of its entry."""
    if isinstance(raw, m.Number):
        return raw
    if raw is None:
        raise AtlasError("a number is missing where a background chance is needed.")
    return m.Number(value=raw, grade=basis.grade, source=basis.source, n=basis.n, unverified=basis.unverified)


def plain(raw: float | m.Number) -> float:
    """Return the bare value of a number."""
    return raw.value if isinstance(raw, m.Number) else raw


def outcomes(finding: m.Finding) -> tuple[Outcome, ...]:
    """Return the answers a finding is foreseen to have; measurements are cut into equally likely bands."""
    if finding.levels:
        return tuple(Outcome(lev.id, lev.name, plain(lev.on), plain(lev.off)) for lev in finding.levels)
    if finding.measured is not None:
        return _bands(finding.measured)
    on, off = (plain(finding.yes.on), plain(finding.yes.off)) if finding.yes else (1.0, 0.0)
    return Outcome("positive", "yes", on, off), Outcome("negative", "no", 1 - on, 1 - off)


def measured_likelihood(measured: m.Measured, value: float) -> tuple[float, float]:
    """Return the two densities at ``value``, their ratio kept within the limit on likelihood ratios.

    Further into the abnormal never speaks less for the state, and further into the normal never speaks for it.
    """
    value = _monotone(measured, value)
    on, off = _normal(measured.on).pdf(value), _normal(measured.off).pdf(value)
    top = max(on, off)
    if top == 0.0:  # far out on both: which distribution is nearer in its own spreads
        near_on = abs(value - _normal(measured.on).mean) < abs(value - _normal(measured.off).mean)
        on, off, top = (1.0, 0.0, 1.0) if near_on else (0.0, 1.0, 1.0)
    floor = top / LIKELIHOOD_RATIO_LIMIT
    return max(on, floor) / top, max(off, floor) / top


def _monotone(measured: m.Measured, value: float) -> float:
    """Hold a value where the ratio of two normals of unequal spread would turn round, far out."""
    on, off = _normal(measured.on), _normal(measured.off)
    steep = 1 / on.variance - 1 / off.variance
    if steep == 0:
        return value
    turn = (on.mean / on.variance - off.mean / off.variance) / steep
    return min(value, turn) if measured.cutoff < turn else max(value, turn)


def _bands(measured: m.Measured) -> tuple[Outcome, ...]:
    on, off = _normal(measured.on), _normal(measured.off)
    low, high = measured.plausible
    centre, spread = (on.mean + off.mean) / 2, max(on.stdev, off.stdev) + abs(on.mean - off.mean) / 2
    cuts = [centre + spread * NormalDist().inv_cdf(k / _BINS) for k in range(1, _BINS)]
    edges = [-math.inf, *cuts, math.inf]
    bands = []
    for start, end in pairwise(edges):
        chance = [d.cdf(end) - d.cdf(start) for d in (on, off)]
        floor = max(chance) / LIKELIHOOD_RATIO_LIMIT
        middle = min(max(centre if math.isinf(start) and math.isinf(end) else _middle(start, end), low), high)
        name = _band_name(start, end, measured.unit)
        bands.append(Outcome(f"{middle:.3g}", name, max(chance[0], floor), max(chance[1], floor)))
    totals = [sum(b.on for b in bands), sum(b.off for b in bands)]
    return tuple(Outcome(b.value, b.name, b.on / totals[0], b.off / totals[1]) for b in bands)


def _middle(start: float, end: float) -> float:
    if math.isinf(start):
        return end
    return start if math.isinf(end) else (start + end) / 2


def _band_name(start: float, end: float, unit: str) -> str:
    if math.isinf(start):
        return f"under {end:.3g} {unit}"
    return f"over {start:.3g} {unit}" if math.isinf(end) else f"{start:.3g} to {end:.3g} {unit}"


def _beyond(measured: m.Measured, *, positive: bool) -> tuple[float, float]:
    """Return the likelihoods when only "beyond the cut-off" or "not" is known."""
    chance = [_normal(side).cdf(measured.cutoff) for side in (measured.on, measured.off)]
    if positive != measured.positive_below:
        chance = [1 - c for c in chance]
    floor = max(chance) / LIKELIHOOD_RATIO_LIMIT
    return max(chance[0], floor), max(chance[1], floor)


def _graded_side(finding: m.Finding, *, positive: bool) -> tuple[float, float]:
    """Return the likelihoods when only normal or not normal is known; the first level is the normal one."""
    first = finding.levels[0]
    on, off = plain(first.on), plain(first.off)
    return (1 - on, 1 - off) if positive else (on, off)


def _normal(spread: m.Spread) -> NormalDist:
    return NormalDist(plain(spread.mean), plain(spread.sd))


def _needed(measured: m.Measured | None, finding: m.Finding) -> m.Measured:
    if measured is None:
        raise AtlasError(f"{finding.id}: a number was given to a finding that is not measured.")
    return measured


def _owner(atlas: Atlas, state: str) -> m.Finding | m.Contributor:
    return atlas.contributors[state] if state in atlas.contributors else atlas.findings[state]


def _states(atlas: Atlas) -> Iterator[str]:
    """Give every hidden state: each contributor, then each finding with links of its own."""
    yield from atlas.contributors
    yield from (f.id for f in atlas.findings.values() if f.background is not None)


@cache
def compile_model(atlas: Atlas) -> Model:
    """Compile the atlas; done once per process.

    Raises
    ------
    AtlasError
        If a finding observes an unknown contributor.
    """
    sources, states = tuple(atlas.sources), tuple(_states(atlas))
    constants = {name: constant.value for name, constant in atlas.constants.items()}
    n, count = len(sources), len(states)
    background, given = np.empty(count), np.empty((n, count))
    leak_size, size = np.empty(count), np.empty((n, count))
    worth = {grade: constants[f"sample_size_{grade.value.lower()}"] for grade in m.Grade}
    for t, state in enumerate(states):
        owner = _owner(atlas, state)
        base = sourced(owner.background, owner.basis)
        background[t], leak_size[t] = base.value, worth[base.grade]
        given[:, t], size[:, t] = base.value, worth[base.grade]
        for source, raw in owner.given.items():
            number = sourced(raw, owner.basis)
            row = sources.index(source)
            given[row, t], size[row, t] = number.value, worth[number.grade]
    prior = np.array([s.prior.value for s in atlas.sources.values()])
    extra = constants["further_source_odds"]
    network = Network(
        sources=sources,
        states=states,
        log_odds=np.log(prior / prior.sum() * extra),
        coupling=_couplings(atlas, sources),
        hazard=hazards(given, background),
        leak=background,
        inhibition=np.minimum(given / background, 1.0),
        log_some=-math.log(extra),
        log_none=math.log(constants["unexplained_prior"]),
    )
    place = {state: t for t, state in enumerate(states)}
    state_of = {}
    for finding in atlas.findings.values():
        if finding.observes is None and finding.background is None:
            continue
        observed = finding.observes or finding.id
        if observed not in place:
            raise AtlasError(f"{finding.id}: observes '{observed}', which is no contributor.")
        state_of[finding.id] = place[observed]
    spread = np.array([1 / math.sqrt(worth[s.prior.grade] * 0.5) for s in atlas.sources.values()])
    return Model(atlas, network, state_of, size, leak_size, spread)


def hazards(given: Floats, background: Floats) -> Floats:
    """Return noisy-OR hazards from P(on | source alone) and P(on | no source); zero where a source adds nothing."""
    hazard: Floats = np.log1p(-background) - np.log1p(-given)
    return np.maximum(hazard, 0.0)


def _couplings(atlas: Atlas, sources: tuple[str, ...]) -> Floats:
    coupling = np.zeros((len(sources), len(sources)))
    for relation in atlas.relations:
        if relation.kind is m.RelationKind.KEY_TO and relation.coupling is not None:
            a, b = sources.index(relation.start), sources.index(relation.end)
            coupling[a, b] = coupling[b, a] = max(coupling[a, b], math.log(relation.coupling))
    return coupling
