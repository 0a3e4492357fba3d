"""Random small networks, and answers from two independent engines: brute force and pyAgrum."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping

import numpy as np
import pyagrum as gum

from gerdy.reasoning.network import Floats, Network

Observed = Mapping[int, tuple[float, float]]


def random_network(rng: np.random.Generator, sources: int, states: int, *, plain: bool) -> Network:
    """A network with about half of all links; with couplings and inhibition unless ``plain``."""
    weight = np.where(rng.random((sources, states)) < 0.5, rng.uniform(0.05, 0.95, (sources, states)), 0.0)
    network = Network.noisy_or(rng.uniform(0.01, 0.4, sources), weight, rng.uniform(0.005, 0.2, states))
    if plain:
        return network
    coupling = np.triu(np.where(rng.random((sources, sources)) < 0.3, rng.uniform(0, 1.2, sources), 0.0), 1)
    free = network.hazard == 0
    inhibition = np.where(free & (rng.random(free.shape) < 0.4), rng.uniform(0.1, 0.9, free.shape), 1.0)
    return dataclasses.replace(
        network, coupling=coupling + coupling.T, inhibition=inhibition, log_some=0.7, log_none=-0.4
    )


def random_observations(
    rng: np.random.Generator, states: int, count: int, *, soft: bool
) -> dict[int, tuple[float, float]]:
    """``count`` observed states: on, off, or (with ``soft``) a likelihood pair."""
    kinds: list[tuple[float, float]] = [(1.0, 0.0), (0.0, 1.0)]
    chosen = {}
    for state in rng.choice(states, size=count, replace=False):
        kind = rng.integers(3 if soft else 2)
        chosen[int(state)] = (
            kinds[kind] if kind < 2 else (float(rng.uniform(0.05, 1)), float(rng.uniform(0.05, 1)))
        )
    return chosen


def brute_force(network: Network, observed: Observed) -> tuple[float, Floats, float]:
    """Log evidence, posterior of each source and of none, by the definition of the model."""
    total, active, none = 0.0, np.zeros(len(network.sources)), 0.0
    for bits in itertools.product((0.0, 1.0), repeat=len(network.sources)):
        chosen = np.array(bits)
        members = chosen > 0
        weight = np.exp(network.log_some if members.any() else network.log_none)
        weight *= np.exp(chosen @ network.log_odds + 0.5 * chosen @ network.coupling @ chosen)
        for state, (on, off) in observed.items():
            leak = network.leak[state] * network.inhibition[members, state].min(initial=1.0)
            silent = (1 - leak) * np.exp(-(chosen @ network.hazard[:, state]))
            weight *= on * (1 - silent) + off * silent
        total += weight
        active += weight * chosen
        none += weight * (not members.any())
    return float(np.log(total)), active / total, none / total


def agrum(network: Network, observed: Observed) -> Floats:
    """Posterior of each source by pyAgrum's exact LazyPropagation; plain networks only."""
    net = gum.BayesNet()
    for i, odds in enumerate(network.log_odds):
        p = float(1 / (1 + np.exp(-odds)))
        net.add(gum.LabelizedVariable(f"s{i}", "", 2))
        net.cpt(f"s{i}").fillWith([1 - p, p])
    for t in observed:
        net.addNoisyORNet(gum.LabelizedVariable(f"t{t}", "", 2), float(network.leak[t]))
        for i in np.flatnonzero(network.hazard[:, t] > 0).tolist():
            net.addWeightedArc(f"s{i}", f"t{t}", float(-np.expm1(-network.hazard[i, t])))
    inference = gum.LazyPropagation(net)
    inference.setEvidence({f"t{t}": [off, on] for t, (on, off) in observed.items()})
    inference.makeInference()
    return np.array([inference.posterior(f"s{i}")[1] for i in range(len(network.sources))])
