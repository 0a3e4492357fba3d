"""Exact posterior of a plain noisy-OR network by inclusion-exclusion over the states known to be on.

States known to be off fold into the sources in closed form. Each state known to be on is one minus its being off, so
the probability of the evidence is a signed sum over the subsets of those states, in each of which the sources are
independent again (Heckerman 1989, "quickscore"). Exact without leaving anything out, exponential only in the number of
states known to be on; the rounding error of the signed sum is returned.
"""

from __future__ import annotations

import numpy as np

from gerdy.errors import EngineError
from gerdy.reasoning.joint import Joint
from gerdy.reasoning.network import Evidence, Floats, Network

MOST_PRESENT = 16
LARGEST_ERROR = 1e-6
_BLOCK = 8192  # subsets at a time
_CACHE = 1 << 15  # numbers held at a time, so that they stay in the processor's cache


def applies(network: Network, evidence: Evidence) -> bool:
    """Whether this route can answer: independent sources, states simply on or off, no drawing, few enough on."""
    return (
        network.plain
        and evidence.drawing is None
        and evidence.hard
        and int((evidence.on > 0).sum()) <= MOST_PRESENT
    )


def posterior(network: Network, evidence: Evidence) -> tuple[Floats, float]:
    """Return (n,) posterior of each source and a bound on its error.

    Raises
    ------
    EngineError
        If rounding could exceed 1e-6.
    """
    term, share = _subsets(network, evidence)
    return share @ term / term.sum(), _rounding(term)


def joint(network: Network, evidence: Evidence) -> Joint:
    """Return the joint of all states with all sources; rows of observed states repeat what is known."""
    term, share = _subsets(network, evidence)
    total, error = term.sum(), _rounding(term)
    target = share @ term / total
    n, states = network.hazard.shape
    off, off_and = np.zeros(states), np.zeros((states, n))
    for start in range(0, len(term), _BLOCK):
        _add_block(network, term[start : start + _BLOCK], share[:, start : start + _BLOCK], off, off_and)
    return Joint(target, 1 - off / total, target - off_and / total, error)


def _add_block(network: Network, term: Floats, share: Floats, off: Floats, off_and: Floats) -> None:
    """Add one block of subsets to P(state off) and P(state off, source)."""
    linked = (network.hazard > 0).T
    count = linked.sum(axis=1)
    by_count = np.argsort(-count, kind="stable")
    parents = np.argsort(~linked, axis=1, kind="stable")
    weight = np.empty((len(network.leak), len(term)))
    corrections = []
    start = 0
    while start < len(by_count):
        slots = max(int(count[by_count[start]]), 1)
        rows = by_count[start : start + max(1, _CACHE // (slots * len(term)))]
        start += len(rows)
        who = parents[rows, :slots]
        fail = np.exp(-network.hazard[who, rows[:, None]])
        here = share[who]  # (rows, slots, s)
        kept = here * (fail - 1)[..., None]
        kept += 1
        own = np.multiply.outer(1 - network.leak[rows], term)
        for slot in range(slots):
            own *= kept[:, slot]
        weight[rows] = own
        here /= kept
        # A source is not independent of a state it causes: its column carries its own chance to fail.
        corrections.append((rows, who, fail * (here @ own[..., None])[..., 0]))
    off += weight.sum(axis=1)
    added = weight @ share.T
    for rows, who, value in corrections:
        added[rows[:, None], who] = value
    off_and += added


def _subsets(network: Network, evidence: Evidence) -> tuple[Floats, Floats]:
    """Return (s,) signed terms that add up to the evidence, and (n, s) chance of each source within each term."""
    fail = np.exp(-network.hazard)
    known_on = evidence.on > 0
    absent, present = evidence.states[~known_on], evidence.states[known_on]
    active = np.exp(network.log_odds) * fail[:, absent].prod(axis=1)
    size = 1 << len(present)
    term, odds = np.empty(size), np.empty((len(active), size))
    term[0], odds[:, 0] = np.prod(1 - network.leak[absent]), active
    for bit, state in enumerate(present):
        half = 1 << bit
        term[half : 2 * half] = term[:half] * (network.leak[state] - 1)
        odds[:, half : 2 * half] = odds[:, :half] * fail[:, state, None]
    total = np.empty(size)
    for source in range(
        len(odds)
    ):  # row by row: a second table of this size would cost more than the arithmetic
        np.add(odds[source], 1, out=total)
        term *= total
        odds[source] /= total
    return term, odds


def _rounding(term: Floats) -> float:
    total = float(term.sum())
    error = float(np.abs(term).sum()) * float(np.finfo(float).eps) / total if total > 0 else np.inf
    if error > LARGEST_ERROR:
        raise EngineError(
            f"the evidence is too unlikely for a signed sum: rounding could reach {error:.1e}, more than the allowed "
            f"{LARGEST_ERROR:.0e}; use enumeration."
        )
    return error
