"""The typed graph of relations: what acts on what, walked in either direction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from gerdy.atlas import model as m
from gerdy.atlas.store import Atlas


class Graph:
    """Relations indexed by both ends."""

    def __init__(self, relations: Sequence[m.Relation]) -> None:
        self._out: dict[tuple[str, m.RelationKind], list[m.Relation]] = defaultdict(list)
        self._into: dict[tuple[str, m.RelationKind], list[m.Relation]] = defaultdict(list)
        for relation in relations:
            self._out[relation.start, relation.kind].append(relation)
            self._into[relation.end, relation.kind].append(relation)

    def out(self, start: str, *kinds: m.RelationKind) -> list[m.Relation]:
        """Return the relations of these kinds that start at an id."""
        return [relation for kind in kinds for relation in self._out.get((start, kind), [])]

    def into(self, end: str, *kinds: m.RelationKind) -> list[m.Relation]:
        """Return the relations of these kinds that end at an id."""
        return [relation for kind in kinds for relation in self._into.get((end, kind), [])]


@cache
def graph_of(atlas: Atlas) -> Graph:
    """Return the graph of an atlas."""
    return Graph(atlas.relations)
