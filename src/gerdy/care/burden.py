"""How much probably hurts, and how much of it items take away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gerdy.atlas import Atlas
from gerdy.atlas import model as m

# A contributor matters through the source it loads: up to this share of that source's burden.
CONTRIBUTOR_SHARE = 0.2


def loaded_sources(atlas: Atlas, probability: Mapping[str, float]) -> dict[str, str]:
    """Return, for each contributor, the most probable source that it loads."""
    most: dict[str, str] = {}
    for relation in atlas.relations:
        if relation.kind is m.RelationKind.LOADS and relation.end in probability:
            known = most.setdefault(relation.start, relation.end)
            most[relation.start] = max(known, relation.end, key=lambda name: probability[name])
    return most


def burden(
    atlas: Atlas, probability: Mapping[str, float], contributors: Mapping[str, float]
) -> dict[str, float]:
    """Return how much each source and contributor weighs in choosing.

    A source weighs its probability. A contributor weighs a share of the source it loads, as far as it is more likely
    here than in people without any of these sources: what half of everybody has explains little.
    """
    weight = dict(probability)
    for contributor, source in loaded_sources(atlas, probability).items():
        if contributor in contributors:
            raised = max(contributors[contributor] - _background(atlas, contributor), 0.0)
            raised /= 1 - _background(atlas, contributor)
            weight[contributor] = CONTRIBUTOR_SHARE * raised * probability[source]
    return weight


def _background(atlas: Atlas, contributor: str) -> float:
    raw = atlas.contributors[contributor].background
    return raw.value if isinstance(raw, m.Number) else raw


def effect(item: m.Intervention) -> dict[str, float]:
    """Return what share of each target's burden an item removes."""
    return {name: raw.value if isinstance(raw, m.Number) else raw for name, raw in item.targets.items()}


def relief(item: m.Intervention, weight: Mapping[str, float]) -> float:
    """Return the burden an item removes on its own."""
    return sum(share * weight.get(name, 0.0) for name, share in effect(item).items())


def left_after(items: Iterable[m.Intervention], weight: Mapping[str, float]) -> dict[str, float]:
    """Return the burden that items leave; what one has removed, another cannot remove again."""
    left = dict(weight)
    for item in items:
        for name, share in effect(item).items():
            if name in left:
                left[name] *= 1 - share
    return left


def reach(items: Iterable[m.Intervention], weight: Mapping[str, float]) -> float:
    """Return the burden a set of items removes together."""
    return sum(weight.values()) - sum(left_after(items, weight).values())
