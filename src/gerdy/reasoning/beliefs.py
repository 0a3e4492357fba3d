"""What the evidence says, whichever route computed it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gerdy.reasoning.network import Floats


@dataclass(frozen=True, eq=False)
class Sets:
    """Weighted sets of active sources.

    ``member`` (N, n) 1.0 where a source is active; ``weight`` (N,) posterior, summing to 1 over the sets kept;
    ``omitted`` proven upper bound on the posterior mass of all sets left out; ``log_evidence`` of the sets kept.
    """

    member: Floats
    weight: Floats
    omitted: float
    log_evidence: float

    @property
    def posterior(self) -> Floats:
        """(n,) probability that each source is active."""
        return self.weight @ self.member

    @property
    def none(self) -> float:
        """Probability that no known source is active."""
        return float(self.weight[~self.member.any(axis=1)].sum())

    def heaviest(self, share: float, at_most: int) -> Sets:
        """Return the fewest sets that hold ``share`` of the mass, renormalised.

        At most ``at_most``, besides the sets of one source or none, which are always kept: every source stays
        possible.
        """
        order = np.argsort(-self.weight, kind="stable")
        held = np.cumsum(self.weight[order])
        count = min(int(np.searchsorted(held, share * held[-1])) + 1, at_most, len(order))
        small = self.member[order[count:]].sum(axis=1) <= 1
        order = np.concatenate([order[:count], order[count:][small]])
        weight = self.weight[order]
        left_out = 1 - weight.sum() / self.weight.sum()
        return Sets(
            self.member[order], weight / weight.sum(), self.omitted + float(left_out), self.log_evidence
        )
