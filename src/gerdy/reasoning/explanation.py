"""Why: how much each piece of evidence moves each source, in log-odds that add up exactly.

All evidence is faded in together, from none (t = 0) to all of it (t = 1); what a piece adds along the way is its share
(Aumann and Shapley 1974). Unlike dropping one piece at a time this does not depend on an order, and unlike
leave-one-out the shares sum to the whole change: prior log-odds + contributions = posterior log-odds. The integral is
taken by Gauss-Legendre quadrature, refined until the sum is exact to 1e-9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gerdy.errors import EngineError
from gerdy.reasoning.beliefs import Sets
from gerdy.reasoning.joint import leak_given_set
from gerdy.reasoning.network import Evidence, Floats, Network

TOLERANCE = 1e-9
_NODES = (64, 128, 256, 512, 1024)


@dataclass(frozen=True, eq=False)
class Contributions:
    """``prior`` (n,) and ``posterior`` (n,) log-odds; ``states`` (n, K) and ``drawing`` (n,) what evidence adds."""

    prior: Floats
    posterior: Floats
    states: Floats
    drawing: Floats


def contributions(network: Network, evidence: Evidence, sets: Sets) -> Contributions:
    """Return what every observed state and the drawing add to the log-odds of every source, over the sets given.

    Raises
    ------
    EngineError
        If the sum does not close within 1e-9.
    """
    terms = log_likelihoods(network, evidence, sets.member)  # (N, K + 1)
    total = terms.sum(axis=1)
    start = np.log(sets.weight) - total
    prior, posterior = _log_odds(start, sets.member), _log_odds(start + total, sets.member)
    for nodes in _NODES:
        shares = _integrate(start, total, terms, sets.member, nodes)
        gap = np.abs(prior + shares.sum(axis=1) - posterior).max()
        if gap <= TOLERANCE:
            return Contributions(prior, posterior, shares[:, :-1], shares[:, -1])
    raise EngineError(
        f"the explanation does not add up: off by {gap:.1e} in log-odds, allowed {TOLERANCE:.0e}."
    )


def log_likelihoods(network: Network, evidence: Evidence, member: Floats) -> Floats:
    """Return (N, K + 1) log-likelihood of each observed state, and last of the drawing, for each set."""
    seen = evidence.states
    off = np.exp(-(member @ network.hazard[:, seen])) * (1 - leak_given_set(network, member)[:, seen])
    states = np.log(evidence.on + (evidence.off - evidence.on) * off)
    drawing = evidence.drawing
    if drawing is None:
        return np.concatenate([states, np.zeros((len(member), 1))], axis=1)
    hazard = drawing.painted_leak[:, None, :] + member @ drawing.painted_hazard  # (G, N, C)
    each = drawing.base[:, None] + drawing.unpainted @ member.T
    each = each + np.log1p(-np.exp(-hazard)) @ drawing.painted_weight
    empty = ~member.any(axis=1)
    each[:, empty] = drawing.unknown[:, None]
    mixed = np.logaddexp.reduce(each + drawing.log_manner[:, None], axis=0)
    return np.concatenate([states, mixed[:, None]], axis=1)


def _log_odds(log_weight: Floats, member: Floats) -> Floats:
    weight = np.exp(log_weight - log_weight.max())
    active = weight @ member
    log_odds: Floats = np.log(active) - np.log(weight @ (1 - member))
    return log_odds


def _integrate(start: Floats, total: Floats, terms: Floats, member: Floats, nodes: int) -> Floats:
    """Return (n, K + 1): the integral over t of E[term | source active] - E[term | not active]."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    shares = np.zeros((member.shape[1], terms.shape[1]))
    for point, weight in zip((points + 1) / 2, weights / 2, strict=True):
        log_weight = start + point * total
        mass = np.exp(log_weight - log_weight.max())
        active = mass @ member
        with_source = (member * mass[:, None]).T @ terms
        without = mass @ terms - with_source
        shares += weight * (with_source / active[:, None] - without / (mass.sum() - active)[:, None])
    return shares
