"""How every hidden state hangs together with every target, given what is known: all a question ranking needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gerdy.reasoning.beliefs import Sets
from gerdy.reasoning.network import Evidence, Floats, Network


@dataclass(frozen=True, eq=False)
class Joint:
    """Posterior of M targets (sources, pathways) and their joint with T states.

    ``target`` (M,) P(target); ``on`` (T,) P(state on); ``both`` (T, M) P(state on and target);
    ``error`` bound on the absolute error of every one of them.
    """

    target: Floats
    on: Floats
    both: Floats
    error: float


def joint_over_sets(network: Network, evidence: Evidence, sets: Sets, targets: Floats) -> Joint:
    """Return the joint of all states with ``targets``, an (N, M) table of which target each set fulfils."""
    on = state_given_set(network, evidence, sets.member)  # (N, T)
    on *= sets.weight[:, None]
    return Joint(sets.weight @ targets, on.sum(axis=0), on.T @ targets, sets.omitted)


def state_given_set(network: Network, evidence: Evidence, member: Floats) -> Floats:
    """Return (N, T) probability that each state is on, given the set and what was observed of that state."""
    off = np.exp(-(member @ network.hazard))
    off *= 1 - leak_given_set(network, member)
    on = np.subtract(1.0, off)
    if len(evidence.states):
        seen = evidence.states
        likely_on, likely_off = evidence.on * on[:, seen], evidence.off * off[:, seen]
        on[:, seen] = likely_on / (likely_on + likely_off)
    return on


def leak_given_set(network: Network, member: Floats) -> Floats:
    """Return (N, T) chance of each state without a cause in the set, after inhibition by its members."""
    lowest = np.ones((len(member), len(network.leak)))
    for source in np.flatnonzero((network.inhibition < 1).any(axis=1)):
        rows = np.flatnonzero(member[:, source])
        states = np.flatnonzero(network.inhibition[source] < 1)
        at = np.ix_(rows, states)
        lowest[at] = np.minimum(lowest[at], network.inhibition[source, states])
    return lowest * network.leak
