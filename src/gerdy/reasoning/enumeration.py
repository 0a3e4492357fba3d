"""Bounded-exact posterior: every source and pair, then larger sets best-first while they still matter.

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
from gerdy.reasoning.weights import SetBatch, Terms, all_sets

Mask = NDArray[np.bool_]

DEFAULT_OMIT = 9e-4
MOST_SETS = 9_000  # for a step of an interview, which must be quick
MOST_SETS_ASSESSED = 100_000  # for a full answer, which may take longer and be closer
_FEW_TRIPLES = 3_000  # up to so many are opened one by one, measured with benchmarks/interview_step.py
_MOST_TRIPLES = 20_000  # with more sources than this allows, triples are always opened one by one
_SPARE = 0.85  # share of the mass allowed to be left out that one round of opening leaves closed
_DUST = 1e-7  # of the same: branches lighter than this are only ever counted, never opened
_BATCH = 4096
_TINY = 1e-280  # of the heaviest set: keeps the logarithm of every weight finite


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

    def only(self, chosen: Mask | Ints) -> _Branches:
        return _Branches(
            self.members, self.rows[chosen], self.added[chosen], self.bound[chosen], self.deeper[chosen]
        )


class _Closed(NamedTuple):
    """Weighed sets whose branches were not looked at one by one, with a bound on all sets below them."""

    members: Ints  # (B, k)
    envelope: Floats  # (G, B)
    bound: Floats  # (B,)

    def only(self, chosen: Mask | Ints) -> _Closed:
        return _Closed(self.members[chosen], self.envelope[:, chosen], self.bound[chosen])


class _Growth:
    """One growing family of sets; all arrays are in the order of the sources, best single explanation first."""

    def __init__(self, terms: Terms) -> None:
        self.n = terms.additive.shape[1]
        alone = np.logaddexp.reduce(terms.log_weight(all_sets(self.n, 1))[0], axis=0)
        none = np.logaddexp.reduce(terms.none, axis=0)
        self.order = np.argsort(-alone, kind="stable")
        self.terms = terms.in_order(self.order)
        self.reference = max(float(alone.max()), float(none))  # keeps weights within range of a double
        self.members: list[Floats] = [np.zeros((1, self.n))]
        self.weights: list[Floats] = [np.exp(none - self.reference)[None]]
        self.count, self.dust = 1, 0.0
        self.coupling = np.exp(self.terms.coupling)
        # Couplings are the one supermodular part; half of each goes to either end, whoever else is active.
        self.slack = np.exp(0.5 * np.maximum(self.terms.coupling, 0).sum(axis=1))

    def run(self, omit: float, most: int) -> Sets:
        """Grow until what may be left out is little enough, or ``most`` sets are weighed."""
        waiting: list[_Branches | _Closed] = [self._first_levels(omit)]
        while True:
            allowed = omit / (1 - omit) * self._mass() if omit > 0 else 0.0
            rest = self.dust + sum(float(part.bound.sum()) for part in waiting)
            if rest <= allowed or self.count >= most or not waiting:
                return self._collect(rest, allowed)
            waiting = self._open(waiting, _cut(waiting, _SPARE * allowed), _DUST * allowed, most)

    def _mass(self) -> float:
        return float(sum(weights.sum() for weights in self.weights))

    def _first_levels(self, omit: float) -> _Branches | _Closed:
        """Weigh every source and pair, learn how much each source adds to each other one, and weigh triples.

        Where few triples matter they are left to be opened one by one; else all are weighed at once, which is quicker.
        """
        singles, pairs = all_sets(self.n, 1), all_sets(self.n, 2)
        alone, doubles = self._add(singles), self._add(pairs)
        first, second = pairs.members.T
        bare = doubles - np.log(self.coupling[first, second])
        # (G, member, added): what adding a source to another one alone multiplies the envelope by
        self.gain = np.zeros((len(alone), self.n, self.n))
        self.gain[:, first, second] = _factor(bare - alone[:, first])
        self.gain[:, second, first] = _factor(bare - alone[:, second])
        below_pairs = self._below(pairs.members, np.exp(doubles), 0.0)
        needed = _cut([below_pairs], _SPARE * omit * self._mass()) if len(below_pairs.bound) else np.inf
        few = int((below_pairs.bound >= needed).sum()) <= _FEW_TRIPLES
        if few or self.n * (self.n - 1) * (self.n - 2) > 6 * _MOST_TRIPLES:
            return below_pairs
        triples = all_sets(self.n, 3)
        self.dust = 0.0
        envelope = np.exp(self._add(triples))
        place = np.zeros((self.n, self.n, self.n))
        known = pairs.members[below_pairs.rows]
        place[known[:, 0], known[:, 1], below_pairs.added] = below_pairs.deeper
        deeper = place[tuple(triples.members.T)]
        return _Closed(triples.members, envelope, envelope.sum(axis=0) * deeper)

    def _add(self, sets: SetBatch) -> Floats:
        """Weigh sets and keep them; return their (G, B) log envelope, in units of the reference."""
        log_weight, log_envelope = self.terms.log_weight(sets)
        self.members.append(sets.member)
        self.weights.append(np.exp(log_weight - self.reference).sum(axis=0))
        self.count += len(sets.members)
        return log_envelope - self.reference

    def _below(self, members: Ints, envelope: Floats, dust: float) -> _Branches:
        """Return the branches below (B, k) sets with (G, B) envelope; those under ``dust`` are only counted."""
        ratio = self.gain[:, members[:, 0]]
        factor = self.slack * self.coupling[members[:, 0]]
        for column in range(1, members.shape[1]):
            ratio = np.minimum(ratio, self.gain[:, members[:, column]])
            factor *= self.coupling[members[:, column]]
        ratio = ratio * np.where(np.arange(self.n) > members[:, -1][:, None], factor, 0.0)  # (G, B, n)
        product = np.ones_like(ratio)  # of 1 + ratio over the sources that come later still
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # beyond a double's range a bound is rightly infinite
            np.cumprod(1 + ratio[..., :0:-1], axis=-1, out=product[..., -2::-1])
            bound = np.einsum("gb,gbn,gbn->bn", envelope, ratio, product)
        bound = np.nan_to_num(
            bound, nan=0.0, posinf=np.inf
        )  # nan: nothing times infinity, where nothing is left
        rows, added = np.nonzero(bound > dust)
        self.dust += float(bound[bound <= dust].sum())
        # What was weighed without its couplings to sources below gets the other half of them back.
        deeper = product[:, rows, added].max(axis=0, initial=1.0) * self.slack[added] - 1
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
        """Weigh branches, as far as ``most`` sets allow; the heaviest first, where not all can be."""
        order = np.argsort(-branches.bound, kind="stable")
        now, later = order[: most - self.count], order[most - self.count :]
        left: list[_Branches | _Closed] = [branches.only(later)]
        for start in range(0, len(now), _BATCH):
            part = branches.only(now[start : start + _BATCH])
            grown = np.concatenate([part.members[part.rows], part.added[:, None]], axis=1)
            envelope = np.exp(self._add(SetBatch.of(grown, self.n)))
            left.append(_Closed(grown, envelope, envelope.sum(axis=0) * part.deeper))
        return left

    def _collect(self, rest: float, allowed: float) -> Sets:
        """Put the sources back in their own order, and let go of sets too light to matter."""
        weight, member = np.concatenate(self.weights), np.concatenate(self.members)
        kept = (weight > _DUST * allowed) | (member.sum(axis=1) <= 1)  # every source stays possible
        rest += float(weight[~kept].sum())
        own = np.empty((int(kept.sum()), self.n))
        own[:, self.order] = member[kept]
        weight = np.maximum(weight[kept], _TINY * weight.max())
        total = float(weight.sum())
        return Sets(own, weight / total, rest / (total + rest), float(np.log(total)) + self.reference)


def _factor(log_ratio: Floats) -> Floats:
    """Return log ratios as factors, within range of a double."""
    return np.exp(np.minimum(log_ratio, 300.0))


def _cut(waiting: list[_Branches | _Closed], spare: float) -> float:
    """Return the bound from which parts must be opened so that what stays closed adds up to ``spare`` at most."""
    bound = np.sort(np.concatenate([part.bound for part in waiting]))
    first = int(np.searchsorted(np.cumsum(bound), spare, side="right"))
    return float(bound[min(first, len(bound) - 1)])
