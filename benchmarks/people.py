"""Simulated people: from Gerdy's own model, and from a deliberately different one.

``own`` people are drawn from the model: prior, referral maps, hidden states, answers. ``different`` people come from
perturbed numbers (every probability and prior moved as far as its grade allows), answers correlated within a person
(some say yes more easily), one answer in ten wrong, measurements with extra error, and drawings that are coherent
over centimetres, displaced and cluttered.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gerdy.atlas import Atlas
from gerdy.case import Observation
from gerdy.case import Person as CasePerson
from gerdy.chart.drawing import draw
from gerdy.chart.likelihood import DrawingTerm, drawing_term
from gerdy.chart.marking import painted_share
from gerdy.chart.regions import region_masks
from gerdy.chart.sampling import sample_painted
from gerdy.chart.table import field_table
from gerdy.reasoning.enumeration import posterior_sets
from gerdy.reasoning.model import Model, hazards, outcomes, plain
from gerdy.reasoning.network import Evidence, Floats, Network
from gerdy.reasoning.person import personal_network

WRONG = 0.10  # share of answers of different people that are simply wrong
YES_SAYING = 0.6  # standard deviation, in log-odds, of how easily different people say yes
ACTIVITIES = ("running", "cycling", "football", "walking", "gym", "desk_work", "standing_work")


@dataclass(frozen=True, eq=False)
class Person:
    """One simulated person: what is true, and how they answer."""

    person: CasePerson
    active: frozenset[str]  # the true sources; empty when none of the listed ones
    painted: Mapping[str, float]
    drawing: DrawingTerm
    on: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]  # (T,) true hidden states
    answers: Mapping[str, str | float]  # what they would answer to every finding


def people(model: Model, count: int, seed: int, *, different: bool = False) -> list[Person]:
    """Return ``count`` simulated people."""
    rng = np.random.default_rng(seed)
    return [_person(model, rng, different) for _ in range(count)]


def answer_of(one: Person, finding: str) -> Observation:
    """Return what a person answers to a finding."""
    return Observation(finding, one.answers[finding])


def _person(model: Model, rng: np.random.Generator, different: bool) -> Person:
    somebody = CasePerson(
        age=float(rng.integers(18, 76)),
        sex=("female", "male")[rng.integers(2)],  # type: ignore[arg-type] # plain words equal the enum
        activities=tuple(rng.choice(ACTIVITIES, size=rng.integers(1, 3), replace=False).tolist()),
    )
    network = personal_network(model, somebody)
    if different:
        network = _perturbed(model, network, rng)
    while True:
        member = _sample_set(network, rng)
        drawn = _draw(model.atlas, network, member, rng, different)
        if drawn is not None:
            break
    painted, term = drawn
    active = np.flatnonzero(member)
    leak = network.leak * network.inhibition[active].min(axis=0, initial=1.0)
    on = rng.random(len(leak)) < 1 - (1 - leak) * np.exp(-network.hazard[active].sum(axis=0))
    eager = float(rng.normal(0, YES_SAYING)) if different else 0.0
    answers = {
        name: _answer(model, name, bool(on[t]), rng, eager, different) for name, t in model.state_of.items()
    }
    names = frozenset(network.sources[i] for i in active)
    return Person(somebody, names, painted, term, on, answers)


def _perturbed(model: Model, network: Network, rng: np.random.Generator) -> Network:
    """Move every number as far as its grade allows."""
    given = 1 - (1 - network.leak) * np.exp(-network.hazard)
    leak = np.clip(rng.beta(network.leak * model.leak_size, (1 - network.leak) * model.leak_size), 1e-3, 0.9)
    chance = np.clip(rng.beta(given * model.size, (1 - given) * model.size), 1e-3, 0.99)
    return dataclasses.replace(
        network,
        leak=leak,
        hazard=np.where(network.hazard > 0, hazards(chance, leak), 0.0),
        log_odds=network.log_odds + model.prior_spread * rng.standard_normal(len(network.log_odds)),
    )


def _sample_set(network: Network, rng: np.random.Generator) -> Floats:
    """Draw a set of sources from the prior."""
    prior = posterior_sets(network, Evidence.of({}), omit=2e-3)
    chosen: Floats = prior.member[rng.choice(len(prior.weight), p=prior.weight)]
    return chosen


def _draw(
    atlas: Atlas, network: Network, member: Floats, rng: np.random.Generator, different: bool
) -> tuple[dict[str, float], DrawingTerm] | None:
    """Return ticked regions and their likelihood term; None when nothing was marked."""
    table = field_table(atlas)
    active = np.flatnonzero(member)
    if different and len(active):
        names = [network.sources[i] for i in active]
        cells = sample_painted(table, names, rng, correlated=True)
        masks = region_masks(atlas).items()
        ticked = [name for name, mask in masks if painted_share(cells, table.area, mask) >= 0.25]
    else:
        manner = rng.choice(len(table.manners), p=np.exp(table.log_manner))
        layer = table.regional
        hazard = layer.leak[manner] + layer.hazard[manner, active].sum(axis=0)
        if not len(active):
            hazard = layer.leak[manner] + layer.unknown[manner]
        chance = -np.expm1(-hazard)
        ticked = [name for name, p in zip(table.regions, chance, strict=True) if rng.random() < p]
    if not ticked:
        return None
    painted = dict.fromkeys(ticked, 5.0)
    return painted, drawing_term(table, draw(atlas, "right", painted))


def _answer(
    model: Model, name: str, on: bool, rng: np.random.Generator, eager: float, different: bool
) -> str | float:
    finding = model.atlas.findings[name]
    if finding.measured is not None:
        spread = finding.measured.on if on else finding.measured.off
        mean, sd = plain(spread.mean), plain(spread.sd)
        error = 0.5 * sd * rng.standard_normal() if different else 0.0
        low, high = finding.measured.plausible
        return float(np.clip(rng.normal(mean, sd) + error, low, high))
    options = outcomes(finding)
    chance = np.array([o.on if on else o.off for o in options], dtype=float)
    if different and len(options) == 2:
        yes = 1 / (1 + np.exp(-(np.log((chance[0] + 1e-3) / (chance[1] + 1e-3)) + eager)))
        chance = np.array([yes, 1 - yes])
    if different and rng.random() < WRONG:
        chance = np.full(len(options), 1 / len(options)) if len(options) > 2 else chance[::-1]
    return options[rng.choice(len(options), p=chance / chance.sum())].value
