"""Bounded-exact posterior: every set of up to two sources, then larger sets best-first while they still matter.

Sources are ordered by how well each explains the evidence alone, and every larger set is reached along one path only,
adding sources in that order. Because the envelope of the weights is submodular (see ``weights``), the gain of adding a
source to a set is at most its gain with any one member of the set alone. So the mass below an unopened branch has a
proven bound, and branches are opened, heaviest first, until the bounds of the rest add up to less than asked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gerdy.reasoning.beliefs import Sets
from gerdy.reasoning.network import Evidence, Floats, Ints, Network
from gerdy.reasoning.weights import Terms

Mask = NDArray[np.bool_]

DEFAULT_OMIT = 9e-4
MOST_SETS = 8_000
_FIRST_CUT = 0.1  # of the mass allowed to be left out: branches at least this heavy are opened first
_DUST = 1e-7  # of the same: branches lighter than this are only ever counted, never opened
_BATCH = 4096


def posterior_sets(
    network: Network, evidence: Evidence, *, omit: float = DEFAULT_OMIT, most: int = MOST_SETS
) -> Sets:
    """Return the posterior over sets of sources, leaving out at most ``omit`` of its mass if ``most`` sets allow.

    The bound actually reached is in the result; with ``omit=0`` every set with a positive weight is covered.
    """
    return _Growth(Terms.of(network, evidence)).run(omit, most)


class _Branches(NamedTuple):
    """Sets one larger than known ones that were not weighed yet, with a bound on them and all sets below them."""

    members: Ints  # (B, k) the known sets
    rows: Ints  # (M,) which of them
    added: Ints  # (M,) the source added
    bound: Floats  # (M,) in units of the reference weight
    deeper: Floats  # (M,) most that the sets below can weigh, as a multiple of the set itself

    def only(self, chosen: Mask) -> _Branches:
        return _Branches(
            self.members, self.rows[chosen], self.added[chosen], self.bound[chosen], self.deeper[chosen]
        )


class _Closed(NamedTuple):
    """Weighed sets whose branches were not looked at one by one, with a bound on all sets below them."""

    members: Ints  # (B, k)
    envelope: Floats  # (G, B)
    bound: Floats  # (B,)

    def only(self, chosen: Mask) -> _Closed:
        return _Closed(self.members[chosen], self.envelope[:, chosen], self.bound[chosen])


class _Growth:
    """One growing family of sets; all arrays are in the order of the sources, best single explanation first."""

    def __init__(self, terms: Terms) -> None:
        self.terms, self.n = terms, terms.additive.shape[1]
        alone, _ = terms.log_weight(np.arange(self.n)[:, None])
        single = np.logaddexp.reduce(alone, axis=0)
        none = np.logaddexp.reduce(terms.none, axis=0)
        self.order = np.argsort(-single, kind="stable")
        self.reference = max(float(single.max()), float(none))  # keeps weights within range of a double
        self.members: list[Ints] = []
        self.weights: list[Floats] = [np.exp(none - self.reference)[None]]
        self.count, self.dust = 1, 0.0
        coupling = terms.coupling[np.ix_(self.order, self.order)]
        self.coupling = np.exp(coupling)
        # Couplings are the one supermodular part; half of each goes to either end, whoever else is active.
        self.slack = np.exp(0.5 * np.maximum(coupling, 0).sum(axis=1))

    def run(self, omit: float, most: int) -> Sets:
        waiting: list[_Branches | _Closed] = [self._first_levels()]
        cut = _FIRST_CUT
        while True:
            allowed = omit / (1 - omit) * self._mass() if omit > 0 else 0.0
            rest = self.dust + sum(float(part.bound.sum()) for part in waiting)
            if rest <= allowed or self.count >= most or not waiting:
                return self._collect(rest)
            waiting = self._open(waiting, cut * allowed, _DUST * allowed, most)
            if not any((part.bound >= cut * allowed).any() for part in waiting):
                cut /= 4

    def _mass(self) -> float:
        return float(sum(weights.sum() for weights in self.weights))

    def _first_levels(self) -> _Branches:
        """Weigh every single source and every pair, and learn how much each source adds to each other one."""
        singles = self._add(np.arange(self.n)[:, None])
        first, second = np.triu_indices(self.n, 1)
        pairs = np.stack([first, second], axis=1)
        doubles = self._add(pairs)
        bare = doubles - np.log(self.coupling[first, second])
        self.gain = np.zeros((len(singles), self.n, self.n))  # (G, member, added): what adding does to the envelope
        self.gain[:, first, second] = _factor(bare - singles[:, first])
        self.gain[:, second, first] = _factor(bare - singles[:, second])
        return self._below(pairs, np.exp(doubles), 0.0)

    def _add(self, members: Ints) -> Floats:
        """Weigh sets and keep them; return their (G, B) log envelope, in units of the reference."""
        named = self.order[members]
        log_weight, log_envelope = self.terms.log_weight(named)
        coupling = self.terms.couplings(named) - self.reference
        self.members.append(members)
        self.weights.append(np.exp(log_weight + coupling).sum(axis=0))
        self.count += len(members)
        return log_envelope + coupling

    def _below(self, members: Ints, envelope: Floats, dust: float) -> _Branches:
        """Return the branches below (B, k) sets with (G, B) envelope; those under ``dust`` are only counted."""
        ratio = self.gain[:, members[:, 0]]
        factor = self.slack * self.coupling[members[:, 0]]
        for column in range(1, members.shape[1]):
            ratio = np.minimum(ratio, self.gain[:, members[:, column]])
            factor *= self.coupling[members[:, column]]
        ratio = ratio * np.where(np.arange(self.n) > members[:, -1][:, None], factor, 0.0)  # (G, B, n)
        grown = 1 + ratio
        product = np.cumprod(grown[..., ::-1], axis=-1)[..., ::-1] / grown
        bound = np.einsum("gb,gbn,gbn->bn", envelope, ratio, product)
        rows, added = np.nonzero(bound > dust)
        self.dust += float(bound[bound <= dust].sum())
        # What was weighed without its couplings to sources below gets the other half of them back.
        deeper = product[:, rows, added].max(axis=0) * self.slack[added] - 1
        return _Branches(members, rows, added, bound[rows, added], deeper)

    def _open(
        self, waiting: list[_Branches | _Closed], cut: float, dust: float, most: int
    ) -> list[_Branches | _Closed]:
        """Open everything at least as heavy as ``cut``: weigh waiting branches, and look below closed sets."""
        left: list[_Branches | _Closed] = []
        for part in waiting:
            now = part.bound >= cut
            left.append(part.only(~now))
            if self.count >= most or not now.any():
                left.append(part.only(now))
            elif isinstance(part, _Closed):
                left.append(self._below(part.members[now], part.envelope[:, now], dust))
            else:
                left += self._weigh(part.only(now), most)
        return [part for part in left if len(part.bound)]

    def _weigh(self, branches: _Branches, most: int) -> list[_Branches | _Closed]:
        """Weigh branches, heaviest batch first, as far as ``most`` sets allow."""
        if len(branches.bound) > _BATCH:
            heaviest = np.argsort(-branches.bound, kind="stable")
            branches = branches.only(heaviest)  # type: ignore[arg-type] # an order selects like a mask
        left: list[_Branches | _Closed] = []
        for start in range(0, len(branches.bound), _BATCH):
            if self.count >= most:
                left.append(branches.only(np.arange(len(branches.bound)) >= start))
                break
            part = branches.only(np.arange(len(branches.bound)) // _BATCH == start // _BATCH)
            grown = np.concatenate([part.members[part.rows], part.added[:, None]], axis=1)
            envelope = np.exp(self._add(grown))
            left.append(_Closed(grown, envelope, envelope.sum(axis=0) * part.deeper))
        return left

    def _collect(self, rest: float) -> Sets:
        weight = np.concatenate(self.weights)
        member = np.zeros((len(weight), self.n))
        row = 1
        for members in self.members:
            at = np.arange(row, row + len(members))
            member[at[:, None], self.order[members]] = 1.0
            row += len(members)
        total = float(weight.sum())
        return Sets(member, weight / total, rest / (total + rest), float(np.log(total)) + self.reference)


def _factor(log_ratio: Floats) -> Floats:
    """Return log ratios as factors, within range of a double even when a few are multiplied."""
    return np.exp(np.minimum(log_ratio, 60.0))
