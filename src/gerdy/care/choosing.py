"""Which items together reach the most of what probably hurts, within a person's time, means and irritability."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from gerdy.atlas import Atlas
from gerdy.atlas import model as m

FEWEST, MOST = 2, 4  # evidence D3: adherence holds with two to four exercises
_WORTH_ADDING = 0.02  # share of the burden a third or fourth item must add
# A contributor matters through the sources it loads: its own share of their burden.
CONTRIBUTOR_SHARE = 0.3


@dataclass(frozen=True)
class Limits:
    """What a plan may ask of a person: minutes a day, and equipment (None: common household things)."""

    minutes: float = 20.0
    equipment: frozenset[str] | None = None


HOUSEHOLD = frozenset({"none", "wall", "chair", "pillow", "towel", "ball", "roller", "step", "band", "weight"})


def burden(
    atlas: Atlas, probability: Mapping[str, float], contributors: Mapping[str, float]
) -> dict[str, float]:
    """Return how much each source and contributor weighs in choosing: probability, contributors discounted."""
    weight = dict(probability)
    for relation in atlas.relations:
        if relation.kind is m.RelationKind.LOADS and relation.start in contributors:
            through = CONTRIBUTOR_SHARE * contributors[relation.start] * probability.get(relation.end, 0.0)
            weight[relation.start] = max(weight.get(relation.start, 0.0), through)
    return weight


def effect(item: m.Intervention) -> dict[str, float]:
    """Return what share of each target's burden an item removes."""
    return {name: raw.value if isinstance(raw, m.Number) else raw for name, raw in item.targets.items()}


def reach(items: Sequence[m.Intervention], weight: Mapping[str, float]) -> float:
    """Return the burden a set of items removes; what one item has removed another cannot remove again."""
    remaining: dict[str, float] = {}
    for item in items:
        for name, share in effect(item).items():
            remaining[name] = remaining.get(name, 1.0) * (1 - share)
    return sum(weight.get(name, 0.0) * (1 - left) for name, left in remaining.items())


def objection(
    item: m.Intervention, positive: Collection[str], probability: Mapping[str, float]
) -> str | None:
    """Return why an item must not be done here, or None."""
    for avoid in item.avoid:
        if avoid.finding is not None and avoid.finding in positive:
            return avoid.why
        if avoid.source is not None and probability.get(avoid.source, 0.0) > avoid.above:
            return avoid.why
    return None


def feasible(item: m.Intervention, limits: Limits, irritability: int) -> bool:
    """Whether a person has the things, the time and the calm (1) to irritable (3) pain for an item."""
    have = limits.equipment if limits.equipment is not None else HOUSEHOLD
    return (
        set(item.equipment) <= have | {"none"}
        and item.minutes <= limits.minutes
        and irritability <= item.max_irritability
    )


def choose(
    candidates: Sequence[m.Intervention], weight: Mapping[str, float], limits: Limits
) -> list[m.Intervention]:
    """Return two to four items that together reach the most burden: greedy, then improved by single exchanges.

    Reach is monotone and submodular, so the greedy choice is within 1 - 1/e of the best; the exchanges close most of
    the rest.
    """
    total = sum(weight.values()) or 1.0
    chosen: list[m.Intervention] = []
    while len(chosen) < MOST:
        best = _best(chosen, candidates, lambda items: reach(items, weight), limits)
        if best is None:
            break
        gain = reach([*chosen, best], weight) - reach(chosen, weight)
        if gain <= 0 or (len(chosen) >= FEWEST and gain < _WORTH_ADDING * total):
            break
        chosen.append(best)
    return _exchange(chosen, candidates, weight, limits)


def _fits(items: Sequence[m.Intervention], limits: Limits) -> bool:
    names = {item.id for item in items}
    twice = any(set(item.equivalents) & names for item in items)
    return len(names) == len(items) and not twice and sum(i.minutes for i in items) <= limits.minutes


def _best(
    chosen: Sequence[m.Intervention],
    candidates: Sequence[m.Intervention],
    value: Callable[[Sequence[m.Intervention]], float],
    limits: Limits,
) -> m.Intervention | None:
    fitting = [item for item in candidates if _fits([*chosen, item], limits)]
    return max(fitting, key=lambda item: (value([*chosen, item]), item.id), default=None)


def _exchange(
    chosen: list[m.Intervention],
    candidates: Sequence[m.Intervention],
    weight: Mapping[str, float],
    limits: Limits,
) -> list[m.Intervention]:
    for _ in range(2 * MOST):
        here = reach(chosen, weight)
        better = [
            swapped
            for place in range(len(chosen))
            for item in candidates
            if _fits(swapped := [*chosen[:place], item, *chosen[place + 1 :]], limits)
            and reach(swapped, weight) > here + 1e-9
        ]
        if not better:
            break
        chosen = max(better, key=lambda items: (reach(items, weight), [i.id for i in items]))
    return chosen
