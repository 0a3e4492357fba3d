"""The seeded two-layer noisy-OR network on which inference engines are compared.

40 causes, 200 findings with 3 to 8 causes each and a leak, 15 findings observed; 3.2 causes are active on average,
which is harder than Gerdy's own people.
"""

from __future__ import annotations

import numpy as np

from gerdy.reasoning.network import Evidence, Floats, Network

CAUSES, FINDINGS, OBSERVED = 40, 200, 15


def peer_network(seed: int = 0) -> tuple[Network, Floats, Floats]:
    """Return the network, its (n,) priors and (n, T) weights."""
    rng = np.random.default_rng(seed)
    prior, leak = rng.uniform(0.01, 0.15, CAUSES), rng.uniform(0.01, 0.06, FINDINGS)
    weight = np.zeros((CAUSES, FINDINGS))
    for finding in range(FINDINGS):
        parents = np.sort(rng.choice(CAUSES, size=int(rng.integers(3, 9)), replace=False))
        for cause in parents:
            weight[cause, finding] = rng.uniform(0.2, 0.9)
    return Network.noisy_or(prior, weight, leak), prior, weight


def peer_evidence(network: Network, present: int, seed: int = 1) -> Evidence:
    """Return 15 observed findings of one simulated person with three causes, ``present`` of them there."""
    rng = np.random.default_rng(seed)
    for _ in range(10_000):
        active = rng.choice(CAUSES, size=3, replace=False)
        absent = (1 - network.leak) * np.exp(-network.hazard[active].sum(axis=0))
        found = rng.random(FINDINGS) > absent
        yes, no = np.flatnonzero(found), np.flatnonzero(~found)
        if len(yes) >= present and len(no) >= OBSERVED - present:
            chosen = rng.choice(yes, size=present, replace=False)
            others = rng.choice(no, size=OBSERVED - present, replace=False)
            return Evidence.of(
                {**{int(t): (1.0, 0.0) for t in chosen}, **{int(t): (0.0, 1.0) for t in others}}
            )
    raise RuntimeError(f"no simulated person has {present} findings present")
