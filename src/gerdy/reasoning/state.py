"""Everything computed once for one complaint, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gerdy.atlas.conditions import Facts
from gerdy.case import Observation, Person
from gerdy.chart.likelihood import DrawingTerm
from gerdy.reasoning.beliefs import Sets
from gerdy.reasoning.enumeration import MOST_SETS, posterior_sets
from gerdy.reasoning.facts import facts_of
from gerdy.reasoning.joint import Joint, joint_over_sets
from gerdy.reasoning.model import Model
from gerdy.reasoning.network import Evidence, Network
from gerdy.reasoning.observed import Observed, evidence_from, observed
from gerdy.reasoning.person import personal_network
from gerdy.reasoning.questions import targets

# Ranking and explanation use the sets that hold nearly all mass; the posterior itself uses every set kept.
_RANKING_SHARE, _RANKING_SETS = 0.999, 1500


@dataclass(frozen=True, eq=False)
class Beliefs:
    """One complaint, reasoned through."""

    model: Model
    person: Person
    observations: Sequence[Observation]
    painted: Mapping[str, float]  # region -> pain 0-10
    items: Sequence[Observed]
    network: Network
    evidence: Evidence
    sets: Sets
    main: Sets  # the sets that hold nearly all mass
    joint: Joint
    facts: Facts

    @cached_property
    def probability(self) -> dict[str, float]:
        """Posterior of each source, by id."""
        return dict(zip(self.network.sources, map(float, self.sets.posterior), strict=True))

    @cached_property
    def contributors(self) -> dict[str, float]:
        """Posterior of each contributor that is not a mere mechanism, by id."""
        atlas = self.model.atlas
        chance = zip(self.network.states, map(float, self.joint.on), strict=True)
        return {
            state: value
            for state, value in chance
            if state in atlas.contributors and not atlas.contributors[state].mechanism
        }


def believe(
    model: Model,
    person: Person,
    observations: Sequence[Observation],
    painted: Mapping[str, float],
    drawing: DrawingTerm | None,
    *,
    most: int = MOST_SETS,
) -> Beliefs:
    """Weigh every set of sources against all evidence and foresee every open answer."""
    network = personal_network(model, person)
    items = observed(model, observations)
    evidence = evidence_from(items, drawing)
    sets = posterior_sets(network, evidence, most=most)
    main = sets.heaviest(_RANKING_SHARE, _RANKING_SETS)
    joint = joint_over_sets(network, evidence, main, targets(model).of_sets(main.member))
    facts = facts_of(model.atlas, person, observations, painted)
    return Beliefs(model, person, observations, painted, items, network, evidence, sets, main, joint, facts)
