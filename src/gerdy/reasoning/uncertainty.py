"""How far the answer moves when the numbers behind it move within what their grade allows."""

from __future__ import annotations

import numpy as np

from gerdy.reasoning.beliefs import Sets
from gerdy.reasoning.explanation import log_likelihoods
from gerdy.reasoning.joint import leak_given_set
from gerdy.reasoning.model import Model, hazards
from gerdy.reasoning.network import Evidence, Floats, Network

DRAWS = 200
LEVEL = 0.90
_SEED = 20_240_217  # fixed: the same case always gets the same interval


def intervals(model: Model, network: Network, evidence: Evidence, sets: Sets) -> Floats:
    """Return (n, 2) central 90 % interval of each source's probability.

    Every probability in use is drawn from a beta distribution worth as many people as its grade says, the prior from a
    log-normal, the weight of the drawing from a log-normal; the sets given are weighed anew for each draw.
    """
    rng = np.random.default_rng(_SEED)
    fixed = log_likelihoods(network, evidence, sets.member)
    rest = np.log(sets.weight) - fixed.sum(axis=1)
    n, seen = len(network.sources), evidence.states
    linked = network.hazard[:, seen] > 0
    given = 1 - (1 - network.leak[seen]) * np.exp(-network.hazard[:, seen])
    leak_share = leak_given_set(network, sets.member)[:, seen] / network.leak[seen]
    spread = model.atlas.constants["drawing_uncertainty"].value
    drawn = np.empty((DRAWS, n))
    for draw in range(DRAWS):
        leak = _beta(rng, network.leak[seen], model.leak_size[seen])
        chance = _beta(rng, given, model.size[:, seen])
        hazard = np.where(linked, hazards(chance, np.minimum(leak, 0.999)), 0.0)
        off = np.exp(-(sets.member @ hazard)) * (1 - leak_share * leak)
        states = np.log(evidence.on + (evidence.off - evidence.on) * off).sum(axis=1)
        prior = sets.member @ (model.prior_spread * rng.standard_normal(n))
        weight = rest + states + prior + fixed[:, -1] * np.exp(spread * rng.standard_normal())
        mass = np.exp(weight - weight.max())
        drawn[draw] = mass @ sets.member / mass.sum()
    tail = (1 - LEVEL) / 2
    limits: Floats = np.quantile(drawn, [tail, 1 - tail], axis=0).T
    return limits


def _beta(rng: np.random.Generator, mean: Floats, size: Floats) -> Floats:
    return np.clip(rng.beta(mean * size, (1 - mean) * size), 1e-4, 1 - 1e-4)
