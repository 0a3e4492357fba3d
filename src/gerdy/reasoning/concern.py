"""How soon somebody must look: explicit rules, and the posterior of dangerous sources; the higher wins.

This module reads only facts and probabilities. It never sees the ranking, so nothing in the ranking can hide a rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from gerdy.atlas import Atlas
from gerdy.atlas.conditions import Facts, judge
from gerdy.atlas.model import Concern
from gerdy.reasoning.answer import ConcernAnswer, Reason


def concern(atlas: Atlas, facts: Facts, probability: Mapping[str, float]) -> ConcernAnswer:
    """Return the level of concern and every reason for it, most pressing first.

    ``probability`` maps source ids to their posterior.
    """
    reasons = [*_rules(atlas, facts), *_posterior(atlas, probability)]
    reasons.sort(key=lambda reason: -reason.level.rank)
    return ConcernAnswer(level=reasons[0].level if reasons else Concern.NONE, reasons=reasons)


def _rules(atlas: Atlas, facts: Facts) -> list[Reason]:
    fired = []
    for rule in atlas.rules.values():
        verdict = judge(rule.when, facts)
        if verdict.holds:
            fired.append(
                Reason(
                    id=rule.id,
                    name=rule.name,
                    kind="rule",
                    level=rule.level,
                    reason=rule.reason,
                    where=rule.where,
                    say=rule.say,
                    because=list(verdict.because),
                )
            )
    return fired


def _posterior(atlas: Atlas, probability: Mapping[str, float]) -> list[Reason]:
    raised = []
    for source in atlas.sources.values():
        alarm = source.alarm
        if alarm is not None and probability[source.id] >= alarm.at:
            percent = max(1, round(100 * probability[source.id]))
            raised.append(
                Reason(
                    id=f"posterior_{source.id}",
                    name=source.name,
                    kind="posterior",
                    level=alarm.level,
                    reason=f"Taken together, the answers make this likely enough to check: about {percent} in 100.",
                    where=alarm.where,
                    say=alarm.say,
                    because=[source.id],
                )
            )
    return raised
