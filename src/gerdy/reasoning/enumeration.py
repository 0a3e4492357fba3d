"""Bounded-exact posterior: every set of up to two sources, then larger sets best-first while they still matter.

Sources are ordered by how well each explains the evidence alone, and every larger set is reached along one path only,
adding sources in that order. Because the envelope of the weights is submodular (see ``weights``), the gain of adding a
source to a set is at most its gain with any one member of the set alone. So the mass below an unopened branch has a
proven bound, and branches are opened, heaviest first, until the bounds of the rest add up to less than asked.
"""

from __future__ import annotations

import numpy as np

from gerdy.reasoning.beliefs import Sets
from gerdy.reasoning.network import Evidence, Floats, Ints, Network
from gerdy.reasoning.weights import Terms

DEFAULT_OMIT = 5e-4
MOST_SETS = 60_000
_BATCH = 4096


def posterior_sets(
    network: Network, evidence: Evidence, *, omit: float = DEFAULT_OMIT, most: int = MOST_SETS
) -> Sets:
    """Return the posterior over sets of sources, leaving out at most ``omit`` of its mass if ``most`` sets allow.

    The bound actually reached is in the result; with ``omit=0`` every set with a positive weight is covered.
    """
    return _Growth(Terms.of(network, evidence)).run(omit, most)


class _Growth:
    """One growing family of sets; all arrays are in the order of the sources, best single explanation first."""

    def __init__(self, terms: Terms) -> None:
        n = terms.additive.shape[1]
        singles = np.arange(n)[:, None]
        alone, _ = terms.log_weight(singles)
        self.order = np.argsort(-np.logaddexp.reduce(alone, axis=0), kind="stable")
        self.terms, self.n = terms, n
        self.members: list[Ints] = []
        self.log_weights: list[Floats] = [np.logaddexp.reduce(terms.none, axis=0)[None]]
        self.coupling = terms.coupling[np.ix_(self.order, self.order)]
        # Couplings are the one supermodular part; half of each goes to either end, whoever else is active.
        self.slack = 0.5 * np.maximum(self.coupling, 0).sum(axis=1)
        single_envelope = self._add(np.arange(n)[:, None])[1]
        first, second = np.triu_indices(n, 1)
        pairs = np.stack([first, second], axis=1)
        pair_envelope = self._add(pairs)[1] if n > 1 else np.zeros((len(single_envelope), 0))
        bare = pair_envelope - self.coupling[first, second]
        self.gain = np.full(
            (len(single_envelope), n, n), -np.inf
        )  # (G, member, added) log ratio, symmetric use
        self.gain[:, first, second] = bare - single_envelope[:, first]
        self.gain[:, second, first] = bare - single_envelope[:, second]
        self.frontier = pairs, pair_envelope

    def _add(self, members: Ints) -> tuple[Floats, Floats]:
        """Weigh sets, keep them, and return their (G, B) log weight and log envelope, couplings included."""
        named = self.order[members]
        weight, envelope = self.terms.log_weight(named)
        coupling = self.terms.couplings(named)
        self.members.append(members)
        self.log_weights.append(np.logaddexp.reduce(weight, axis=0) + coupling)
        return weight + coupling, envelope + coupling

    def _branches(self, members: Ints, envelope: Floats) -> tuple[Ints, Ints, Floats]:
        """Return (row, added source, log bound) for every set one larger, with the bound of all sets below it."""
        if not len(members):
            return np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0)
        ratio = self.gain[:, members[:, 0]]
        extra = self.slack + self.coupling[members[:, 0]]
        for column in range(1, members.shape[1]):
            ratio = np.minimum(ratio, self.gain[:, members[:, column]])
            extra = extra + self.coupling[members[:, column]]
        ratio = ratio + extra  # (G, B, n)
        later = np.arange(self.n) > members[:, -1][:, None]
        ratio = np.where(later, ratio, -np.inf)
        grown = np.log1p(np.exp(np.minimum(ratio, 700.0)))
        below = np.cumsum(grown[..., ::-1], axis=-1)[..., ::-1] - grown
        bound = np.logaddexp.reduce(envelope[..., None] + ratio + below, axis=0)
        rows, added = np.nonzero(bound > -np.inf)
        return rows, added, bound[rows, added]

    def run(self, omit: float, most: int) -> Sets:
        members, envelope = self.frontier
        rows, added, bound = self._branches(members, envelope)
        waiting = [(members, rows, added, bound)]
        while True:
            log_evidence = np.logaddexp.reduce(np.concatenate(self.log_weights))
            allowed = np.log(omit) + log_evidence if omit > 0 else -np.inf
            rest = self._rest(waiting)
            count = sum(len(weights) for weights in self.log_weights)
            if rest <= allowed or count >= most or not waiting:
                break
            waiting = self._open(waiting, allowed)
        return self._collect(log_evidence, rest)

    @staticmethod
    def _rest(waiting: list[tuple[Ints, Ints, Ints, Floats]]) -> float:
        bounds = [np.logaddexp.reduce(bound) for *_, bound in waiting if len(bound)]
        return float(np.logaddexp.reduce(bounds)) if bounds else -np.inf

    def _open(
        self, waiting: list[tuple[Ints, Ints, Ints, Floats]], allowed: float
    ) -> list[tuple[Ints, Ints, Ints, Floats]]:
        """Weigh the heaviest waiting branches, and put what lies below them on the list."""
        every = np.concatenate([bound for *_, bound in waiting])
        order = np.sort(every)[::-1]
        tail = np.logaddexp.accumulate(order[::-1])[::-1]  # log sum of this and all lighter branches
        needed = int(np.searchsorted(-tail, -allowed)) if np.isfinite(allowed) else len(order)
        threshold = order[min(max(needed, 1), _BATCH, len(order)) - 1]
        left: list[tuple[Ints, Ints, Ints, Floats]] = []
        for members, rows, added, bound in waiting:
            now = bound >= threshold
            if now.any():
                grown = np.concatenate([members[rows[now]], added[now][:, None]], axis=1)
                _, envelope = self._add(grown)
                below = self._branches(grown, envelope)
                if len(below[0]):
                    left.append((grown, *below))
            if not now.all():
                left.append((members, rows[~now], added[~now], bound[~now]))
        return left

    def _collect(self, log_evidence: float, rest: float) -> Sets:
        log_weight = np.concatenate(self.log_weights)
        member = np.zeros((len(log_weight), self.n))
        row = 1
        for members in self.members:
            at = np.arange(row, row + len(members))
            member[at[:, None], self.order[members]] = 1.0
            row += len(members)
        weight = np.exp(log_weight - log_evidence)
        omitted = float(1 / (1 + np.exp(log_evidence - rest))) if rest > -np.inf else 0.0
        return Sets(member, weight / weight.sum(), omitted, float(log_evidence))
