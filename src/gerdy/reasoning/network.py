"""The model as arrays: sources, hidden states they cause, and what is known of one person.

Shapes: n sources, T states, G manners of drawing, K observed states, N sets of sources.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gerdy.chart.likelihood import DrawingTerm

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Network:
    """Sources and the binary states they cause, by noisy-OR.

    The prior weight of a set S of active sources is ``exp(log_some + sum log_odds_i + sum of couplings)``; of the
    empty set, ``exp(log_none)``. A state t is off with probability ``(1 - b) * exp(-sum of hazard_it)``, where b is
    ``leak_t`` times the smallest ``inhibition_it`` of the active sources.
    """

    sources: tuple[str, ...]
    states: tuple[str, ...]
    log_odds: Floats  # (n,)
    coupling: Floats  # (n, n) log factor when both are active, symmetric, zero diagonal, never negative
    hazard: Floats  # (n, T) >= 0
    leak: Floats  # (T,)
    inhibition: Floats  # (n, T) in (0, 1], 1 where a source does not make the state rarer
    log_some: float = 0.0
    log_none: float = 0.0

    @classmethod
    def noisy_or(cls, prior: Floats, weight: Floats, leak: Floats) -> Network:
        """Return a plain two-layer noisy-OR network.

        Parameters
        ----------
        prior : (n,) probability of each source; weight : (n, T) chance that a source alone turns a state on;
        leak : (T,) chance that a state is on without any source.
        """
        n, states = weight.shape
        return cls(
            sources=tuple(f"s{i}" for i in range(n)),
            states=tuple(f"t{i}" for i in range(states)),
            log_odds=np.log(prior) - np.log1p(-prior),
            coupling=np.zeros((n, n)),
            hazard=-np.log1p(-weight),
            leak=np.asarray(leak, dtype=float),
            inhibition=np.ones((n, states)),
        )

    @property
    def plain(self) -> bool:
        """Whether sources are independent and none makes a state rarer."""
        return (
            not self.coupling.any() and bool((self.inhibition == 1).all()) and self.log_some == self.log_none
        )


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known: for each observed state, the likelihood of all its observations if on and if off."""

    states: Ints  # (K,) indices into Network.states
    on: Floats  # (K,) likelihood of what was observed, given the state is on
    off: Floats  # (K,)
    drawing: DrawingTerm | None = None

    @classmethod
    def of(cls, observed: dict[int, tuple[float, float]], drawing: DrawingTerm | None = None) -> Evidence:
        """Build from {state index: (likelihood if on, likelihood if off)}; all likelihoods >= 0, one positive."""
        pairs = np.array(list(observed.values()), dtype=float).reshape(-1, 2)
        return cls(np.array(list(observed), dtype=np.intp), pairs[:, 0], pairs[:, 1], drawing)

    @property
    def hard(self) -> bool:
        """Whether every observed state is simply known to be on or off."""
        return bool((np.minimum(self.on, self.off) == 0).all())
