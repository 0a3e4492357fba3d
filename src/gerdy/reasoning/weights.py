"""The weight of a set of active sources under the evidence, and an upper envelope of it that can be bounded.

The weight is prior times likelihood. Its logarithm is *submodular* wherever evidence says that something was caused
(a further cause explains less, the more causes there are), but not where a source makes a state rarer, or where soft
evidence speaks for "off". The envelope replaces exactly those parts by something at least as large and submodular, so
one-step ratios of the envelope bound every later step. See docs/reasoning.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gerdy.reasoning.network import Evidence, Floats, Ints, Network

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class SetBatch:
    """B sets of k sources each: ``members`` (B, k) ascending indices, ``member`` (B, n) 1.0 where active."""

    members: Ints
    member: Floats

    @classmethod
    def of(cls, members: Ints, n: int) -> SetBatch:
        """Build from indices."""
        member = np.zeros((len(members), n))
        np.put_along_axis(member, members, 1.0, axis=1)
        return cls(members, member)


@cache
def all_sets(n: int, size: int) -> SetBatch:
    """Return all sets of ``size`` of n sources, in lexicographic order; made once."""
    members = np.array(list(combinations(range(n), size)), dtype=np.intp).reshape(-1, size)
    return SetBatch.of(members, n)


@dataclass(frozen=True, eq=False)
class Terms:
    """Evidence compiled for one network: parts that add up over sources, and parts that do not."""

    constant: Floats  # (G,) log weight shared by all non-empty sets
    additive: Floats  # (G, n) what each source adds, prior included
    coupling: Floats  # (n, n)
    hazard: Floats  # (n, K) of the states that do not simply add up
    on: Floats  # (K,)
    off: Floats  # (K,)
    leak: Floats  # (K,)
    inhibition: Floats  # (n, K)
    inhibited: bool
    painted_hazard: Floats  # (G, n, C)
    painted_leak: Floats  # (G, C)
    painted_weight: Floats  # (C,)
    none: Floats  # (G,) log weight of the empty set

    @classmethod
    def of(cls, network: Network, evidence: Evidence) -> Terms:
        """Compile; ``K`` keeps only states whose likelihood is not a pure sum over sources."""
        t, on, off = evidence.states, evidence.on, evidence.off
        hazard, leak, inhibition = network.hazard[:, t], network.leak[t], network.inhibition[:, t]
        pure = (on == 0) & (inhibition == 1).all(axis=0)  # known to be off: exp(-sum of hazards), exactly
        constant = network.log_some + (np.log(off[pure]) + np.log1p(-leak[pure])).sum()
        additive = network.log_odds - hazard[:, pure].sum(axis=1)
        with np.errstate(divide="ignore"):
            none = network.log_none + np.log(off + (on - off) * leak).sum()
        n, drawing = len(network.sources), evidence.drawing
        if drawing is None:
            shape = np.zeros(1)
            painted: tuple[Floats, Floats, Floats] = (np.zeros((1, n, 0)), np.zeros((1, 0)), np.zeros(0))
            constants, additives, nones = shape + constant, additive[None], shape + none
        else:
            prior = drawing.log_manner
            painted = (drawing.painted_hazard, drawing.painted_leak, drawing.painted_weight)
            constants, additives = constant + prior + drawing.base, additive + drawing.unpainted
            nones = none + prior + drawing.unknown
        keep = ~pure
        return cls(
            constant=constants,
            additive=additives,
            coupling=network.coupling,
            hazard=np.ascontiguousarray(hazard[:, keep]),
            on=on[keep],
            off=off[keep],
            leak=leak[keep],
            inhibition=np.ascontiguousarray(inhibition[:, keep]),
            inhibited=bool((inhibition[:, keep] < 1).any()),
            painted_hazard=painted[0],
            painted_leak=painted[1],
            painted_weight=painted[2],
            none=nones,
        )

    def in_order(self, order: Ints) -> Terms:
        """Return the same terms with the sources in another order."""
        return replace(
            self,
            additive=self.additive[:, order],
            coupling=self.coupling[np.ix_(order, order)],
            hazard=self.hazard[order],
            inhibition=self.inhibition[order],
            painted_hazard=np.ascontiguousarray(self.painted_hazard[:, order]),
        )

    def log_weight(self, sets: SetBatch) -> tuple[Floats, Floats]:
        """Return (G, B) log weight and log envelope of the sets."""
        coupling = self._couplings(sets.members)
        shared = (
            self.constant[:, None] + self.additive @ sets.member.T + self._painted(sets.member) + coupling
        )
        states, envelope = self._states(sets)
        return shared + states, shared + envelope

    def _couplings(self, members: Ints) -> Floats:
        total = np.zeros(len(members))
        for a, b in combinations(range(members.shape[1]), 2):
            total += self.coupling[members[:, a], members[:, b]]
        return total

    def _states(self, sets: SetBatch) -> tuple[Floats, Floats]:
        survive = np.exp(-(sets.member @ self.hazard))  # (B, K)
        leak = self.leak
        if self.inhibited:
            leak = leak * _least(self.inhibition, sets.members)
        difference = self.off - self.on
        weight = np.log(self.on + difference * (1 - leak) * survive).sum(axis=1)
        speaks_on = difference <= 0
        free = 1 - self.leak
        exact = speaks_on | (self.on == 0)
        top = np.log(self.on + difference * free * np.where(exact, survive, 1.0))
        # Soft evidence for "off" counts less and less as causes add up: a convex part, so its chord lies above it.
        # Inhibition of a state that seems off is the strongest of its members; their product lies above it.
        additive = np.where(speaks_on, 0.0, self._relief()) - self.hazard * self._chord(
            exact, difference * free
        )
        envelope = (top + sets.member @ additive).sum(axis=1)
        return weight, envelope

    def _relief(self) -> Floats:
        """Return (n, K) what each source alone adds, by inhibition, to the log chance that a state is off."""
        return np.log1p(-self.leak * self.inhibition) - np.log1p(-self.leak)

    def _chord(self, exact: Mask, reach: Floats) -> Floats:
        """Return (K,) the slope of the chord of soft evidence for "off", from no cause to every cause; else 0."""
        every = self.hazard.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            fall = np.log(self.on + reach) - np.log(self.on + reach * np.exp(-every))
            return np.where(exact | (every == 0), 0.0, fall / every)

    def _painted(self, member: Floats) -> Floats:
        hazard = self.painted_leak[:, None, :] + member @ self.painted_hazard  # (G, B, C)
        return np.log(-np.expm1(-hazard)) @ self.painted_weight


def _least(table: Floats, members: Ints) -> Floats:
    least = table[members[:, 0]]
    for column in range(1, members.shape[1]):
        least = np.minimum(least, table[members[:, column]])
    return least
