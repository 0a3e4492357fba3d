"""Time one step of an interview: the posterior, and the value of every open question.

First on a published-style noisy-OR network, through Gerdy and through pyAgrum in the same run; then on the full atlas.

    python benchmarks/interview_step.py [--probes 3] [--people 40]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pyagrum as gum
from peer_network import CAUSES, peer_evidence, peer_network
from people import Person, answer_of, people

from gerdy.atlas import load_atlas
from gerdy.reasoning import inclusion_exclusion
from gerdy.reasoning.model import compile_model
from gerdy.reasoning.network import Evidence, Floats, Network
from gerdy.reasoning.questions import gains, ranking
from gerdy.reasoning.state import believe

PRESENT = (4, 8, 12, 15)


def best(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the shortest time in seconds, and the value."""
    shortest, value = float("inf"), None
    for _ in range(repeats):
        start = time.perf_counter()
        value = call()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, value


class Agrum:
    """pyAgrum on the part of the network that was observed, as its own users prune it."""

    def __init__(self, network: Network, prior: Floats, weight: Floats, observed: dict[int, int]) -> None:
        self.network, self.prior, self.weight, self.observed = network, prior, weight, observed

    def _infer(self, states: list[int], evidence: dict[int, int]) -> Any:
        net = gum.BayesNet()
        for cause, p in enumerate(self.prior):
            net.add(gum.LabelizedVariable(f"d{cause}", "", 2))
            net.cpt(f"d{cause}").fillWith([1 - p, p])
        for state in states:
            net.addNoisyORNet(gum.LabelizedVariable(f"f{state}", "", 2), float(self.network.leak[state]))
            for cause in np.flatnonzero(self.weight[:, state]).tolist():
                net.addWeightedArc(f"d{cause}", f"f{state}", float(self.weight[cause, state]))
        inference = gum.LazyPropagation(net)
        inference.setEvidence({f"f{state}": value for state, value in evidence.items()})
        inference.setTargets({f"d{cause}" for cause in range(CAUSES)})
        self.net = net  # the inference does not keep it alive
        return inference

    def posterior(self, evidence: dict[int, int] | None = None) -> Floats:
        """Return the posterior of every cause."""
        known = self.observed if evidence is None else evidence
        inference = self._infer(list(known), known)
        inference.makeInference()
        return np.array([inference.posterior(f"d{cause}")[1] for cause in range(CAUSES)])

    def gain(self, state: int) -> float:
        """Return the value of one question: the posterior before, and after a yes and a no."""
        now = self.posterior()
        inference = self._infer([*self.observed, state], self.observed)
        inference.addTarget(f"f{state}")
        inference.makeInference()
        chance = inference.posterior(f"f{state}")[1]
        yes, no = (self.posterior({**self.observed, state: value}) for value in (1, 0))
        return float(chance * (yes**2).sum() + (1 - chance) * (no**2).sum() - (now**2).sum())


def peer_table(probes: int) -> None:
    """Print times, ratios and differences on the peer network."""
    network, prior, weight = peer_network()
    print("network: 40 causes, 200 findings, 15 observed; one thread")
    print("present  posterior ms          ratio   all questions ms        ratio   largest difference   bound")
    for present in PRESENT:
        evidence = peer_evidence(network, present)
        known = dict(zip(evidence.states.tolist(), (evidence.on > 0).astype(int).tolist(), strict=True))
        peer = Agrum(network, prior, weight, known)
        ours, (posterior, bound) = best(partial(inclusion_exclusion.posterior, network, evidence), 15)
        theirs, expected = best(peer.posterior, 5)
        open_states = np.array([t for t in range(network.hazard.shape[1]) if t not in known])
        our_rank, value = best(partial(rank, network, evidence, open_states), 5)
        some = np.linspace(0, len(open_states) - 1, probes).astype(int)
        start = time.perf_counter()
        checked = [peer.gain(int(open_states[k])) for k in some]
        their_rank = (time.perf_counter() - start) / probes * len(open_states)
        difference = max(np.abs(posterior - expected).max(), np.abs(value[some] - checked).max())
        print(
            f"{present:7d}  {1e3 * ours:8.3f} {1e3 * theirs:10.2f}  {theirs / ours:6.0f}x"
            f"   {1e3 * our_rank:8.2f} {1e3 * their_rank:12.0f}  {their_rank / our_rank:6.0f}x"
            f"   {difference:12.1e}   {bound:8.1e}"
        )


def rank(network: Network, evidence: Evidence, states: np.ndarray[Any, np.dtype[np.intp]]) -> Floats:
    """Return the value of asking each state, with Gerdy's own ranking and every cause equally costly."""
    joint = inclusion_exclusion.joint(network, evidence)
    on = np.tile([1.0, 0.0], (len(states), 1))
    return gains(joint, np.ones(CAUSES), states, on, 1 - on)


def atlas_table(count: int) -> None:
    """Print the time of posterior plus ranking of all open questions, after 0, 5, ... answers."""
    atlas = load_atlas()
    model = compile_model(atlas)
    print(
        f"\natlas: {len(atlas.sources)} sources, {len(atlas.findings)} findings; posterior and ranking of every "
        "question, ms"
    )
    print("answers     median      p95      bound: median   largest   above 1e-3   sets (median)")
    group = people(model, count, seed=11)
    rng = np.random.default_rng(3)
    askable = list(model.state_of)
    orders = [rng.permutation(askable) for _ in group]
    for answers in (0, 5, 10, 15, 20, 30, 45, 60):
        times, bounds, sets = [], [], []
        for one, order in zip(group, orders, strict=True):
            taken = step(model, one, [answer_of(one, name) for name in order[:answers]])
            times.append(taken[0])
            bounds.append(taken[1])
            sets.append(taken[2])
        print(
            f"{answers:7d}   {1e3 * float(np.median(times)):8.2f} {1e3 * float(np.quantile(times, 0.95)):8.2f}"
            f"      {np.median(bounds):13.1e} {max(bounds):9.1e}   {np.mean(np.array(bounds) > 1e-3):10.1%}"
            f"   {int(np.median(sets)):8d}"
        )


def step(model: Any, one: Person, observations: list[Any]) -> tuple[float, float, int]:
    """Return seconds, bound and number of sets of one step."""

    def call() -> Any:
        held = believe(model, one.person, observations, one.painted, one.drawing)
        ranking(model, held.joint)
        return held

    seconds, held = best(call, 3)
    return seconds, held.sets.omitted, len(held.sets.weight)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--probes", type=int, default=3, help="questions put to pyAgrum one by one")
    parser.add_argument("--people", type=int, default=40, help="simulated people on the atlas")
    options = parser.parse_args()
    peer_table(options.probes)
    atlas_table(options.people)
