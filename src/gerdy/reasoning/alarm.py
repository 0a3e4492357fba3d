"""How probable a dangerous source is at most: one warning sign never explains another danger away."""

from __future__ import annotations

from itertools import product

import numpy as np

from gerdy.case import Answer
from gerdy.reasoning.joint import state_given_set
from gerdy.reasoning.network import Evidence, Floats
from gerdy.reasoning.state import Beliefs

_MOST = 6  # warning signs tried in every combination; with more, explicit rules have fired long before


def highest_probability(beliefs: Beliefs) -> dict[str, float]:
    """Return, for each source, its largest posterior over all ways of leaving out positive warning signs.

    A sign of one danger makes another less probable, as any cause does; that is right for the ranking and wrong for an
    alarm. What stays in is every other answer, so a sign that speaks for a source still raises it.
    """
    states = _warned_states(beliefs)
    if not states:
        return beliefs.probability
    without = np.stack([_log_without(beliefs, state) for state in states[:_MOST]])  # (k, N)
    left_out = np.array(list(product((0.0, 1.0), repeat=len(without))))
    log_weight = np.log(beliefs.sets.weight) + left_out @ without
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    chance = weight @ beliefs.sets.member / weight.sum(axis=1, keepdims=True)
    return dict(zip(beliefs.network.sources, map(float, chance.max(axis=0)), strict=True))


def _warned_states(beliefs: Beliefs) -> list[int]:
    findings = beliefs.model.atlas.findings
    return list(
        dict.fromkeys(
            item.state
            for item in beliefs.items
            if findings[item.observation.finding_id].safety and item.observation.value == Answer.POSITIVE
        )
    )


def _log_without(beliefs: Beliefs, state: int) -> Floats:
    """Return (N,) log factor on the weight of each set when the warning signs of one state are left out."""
    chance = state_given_set(beliefs.network, Evidence.of({}), beliefs.sets.member)[:, state]
    all_on = all_off = kept_on = kept_off = 1.0
    for item in beliefs.items:
        if item.state == state:
            finding = beliefs.model.atlas.findings[item.observation.finding_id]
            all_on, all_off = all_on * item.on, all_off * item.off
            if not (finding.safety and item.observation.value == Answer.POSITIVE):
                kept_on, kept_off = kept_on * item.on, kept_off * item.off
    kept, all_of_it = kept_on * chance + kept_off * (1 - chance), all_on * chance + all_off * (1 - chance)
    return np.asarray(np.log(kept) - np.log(all_of_it))
