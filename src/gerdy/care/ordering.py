"""In which order to do what was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from gerdy.atlas import model as m
from gerdy.atlas.graph import graph_of
from gerdy.care.burden import effect
from gerdy.care.situation import Situation

_ORDER = {phase: place for place, phase in enumerate(m.Phase)}


def in_order(situation: Situation, chosen: Sequence[m.Intervention]) -> list[m.Intervention]:
    """Sort by phase, key source before its satellite, more probable target first; ``after`` holds in any case."""
    aim = {item.id: _aim(situation, item) for item in chosen}
    aims = frozenset(aim.values())
    waiting = sorted(
        chosen,
        key=lambda item: (
            _ORDER[item.phase],
            _depth(situation, aim[item.id], aims),
            -situation.weight.get(aim[item.id], 0.0),
            item.id,
        ),
    )
    done: list[m.Intervention] = []
    while waiting:
        names = {item.id for item in waiting}
        ready = (item for item in waiting if not names & set(item.after))
        waiting.remove(following := next(ready, waiting[0]))
        done.append(following)
    return done


def _aim(situation: Situation, item: m.Intervention) -> str:
    """Return what an item relieves most: a source where it names one that weighs, else a contributor."""
    shares = {name: share * situation.weight.get(name, 0.0) for name, share in effect(item).items()}
    return max(
        shares, key=lambda name: (name in situation.probability and shares[name] > 0, shares[name], name)
    )


def _depth(
    situation: Situation, source: str, aims: frozenset[str], seen: frozenset[str] = frozenset()
) -> int:
    """Return how many key sources that are treated as well come before a source."""
    seen |= {source}
    keys = {r.start for r in graph_of(situation.atlas).into(source, m.RelationKind.KEY_TO)} - seen
    deeper = [_depth(situation, key, aims, seen) + (key in aims) for key in keys]
    return max(deeper, default=0)
