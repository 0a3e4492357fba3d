"""The weight of a set of active sources under the evidence, and an upper envelope of it that can be bounded.

The weight is prior times likelihood. Its logarithm is *submodular* wherever evidence says that something was caused
(a further cause explains less, the more causes there are), but not where a source makes a state rarer, or where soft
evidence speaks for "off". The envelope replaces exactly those parts by something at least as large and submodular, so
one-step ratios of the envelope bound every later step. See docs/reasoning.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gerdy.reasoning.network import Evidence, Floats, Ints, Network


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
    least_leak: Floats  # (K,) leak under the strongest inhibition
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
            least_leak=leak[keep] * inhibition[:, keep].min(axis=0, initial=1.0),
            inhibition=np.ascontiguousarray(inhibition[:, keep]),
            inhibited=bool((inhibition[:, keep] < 1).any()),
            painted_hazard=painted[0],
            painted_leak=painted[1],
            painted_weight=painted[2],
            none=nones,
        )

    def log_weight(self, members: Ints) -> tuple[Floats, Floats]:
        """Return (G, B) log weight and log envelope, both without couplings, of B sets given as (B, k) indices."""
        additive = self.constant[:, None] + _sum(self.additive, members, axis=1)
        states, envelope = self._states(members)
        painted = self._painted(members)
        return additive + painted + states, additive + painted + envelope

    def couplings(self, members: Ints) -> Floats:
        """Return (B,) log coupling factor of each set."""
        total = np.zeros(len(members))
        for a in range(members.shape[1]):
            for b in range(a + 1, members.shape[1]):
                total += self.coupling[members[:, a], members[:, b]]
        return total

    def _states(self, members: Ints) -> tuple[Floats, Floats]:
        if not len(self.on):
            zero = np.zeros(len(members))
            return zero, zero
        survive = np.exp(-_sum(self.hazard, members, axis=0))  # (B, K)
        leak = self.leak
        if self.inhibited:
            leak = leak * _least(self.inhibition, members)
        difference = self.off - self.on
        weight = np.log(self.on + difference * (1 - leak) * survive).sum(axis=1)
        speaks_on = difference <= 0
        free = np.where(speaks_on, 1 - self.leak, 1 - self.least_leak)
        # Soft evidence for "off" could stop counting once other causes are active: the envelope does not credit it.
        reach = np.where(speaks_on | (self.on == 0), survive, 1.0)
        envelope = np.log(self.on + difference * free * reach).sum(axis=1)
        return weight, envelope

    def _painted(self, members: Ints) -> Floats:
        hazard = self.painted_leak[:, None, :] + _sum(self.painted_hazard, members, axis=1)  # (G, B, C)
        np.negative(hazard, out=hazard)
        np.exp(hazard, out=hazard)
        np.negative(hazard, out=hazard)
        np.log1p(hazard, out=hazard)
        return hazard @ self.painted_weight


def _sum(table: Floats, members: Ints, axis: int) -> Floats:
    """Sum ``table`` over the members of each set along ``axis``; the result has B in place of n."""
    total = np.take(table, members[:, 0], axis=axis)
    for column in range(1, members.shape[1]):
        total += np.take(table, members[:, column], axis=axis)
    return total


def _least(table: Floats, members: Ints) -> Floats:
    least = table[members[:, 0]]
    for column in range(1, members.shape[1]):
        least = np.minimum(least, table[members[:, column]])
    return least
