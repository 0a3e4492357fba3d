"""How irritable the pain is: what a plan may provoke."""

from __future__ import annotations

from collections.abc import Mapping

from gerdy.atlas.conditions import Facts

_HIGH, _MODERATE = 7.0, 4.0  # of 10; evidence D2 counts 5 as the most that training may provoke


def irritability(facts: Facts, painted: Mapping[str, float]) -> int:
    """Return 1 (calm), 2 (moderate) or 3 (irritable) from the worst pain and from pain at rest or at night."""
    worst = max([facts.numbers.get("worst_pain", 0.0), *painted.values()], default=0.0)
    if worst >= _HIGH or {"night_pain_any_position", "pain_at_rest_constant"} & facts.positive:
        return 3
    return 2 if worst >= _MODERATE else 1
