"""The graph of relations, walked both ways."""

from __future__ import annotations

from collections.abc import Iterator

from gerdy.atlas import Atlas
from gerdy.atlas.graph import Graph, graph_of
from gerdy.atlas.model import Basis, Grade, Relation, RelationKind

BASIS = Basis(grade=Grade.E, source="assumed: for a test")


def relation(kind: RelationKind, start: str, end: str) -> Relation:
    return Relation(kind=kind, start=start, end=end, basis=BASIS)


def test_relations_are_found_from_both_ends(atlas: Atlas) -> None:
    graph = graph_of(atlas)
    for one in atlas.relations:
        assert one in graph.out(one.start, one.kind)
        assert one in graph.into(one.end, one.kind)


def test_nothing_is_added_or_lost(atlas: Atlas) -> None:
    graph = graph_of(atlas)
    ends = {end for one in atlas.relations for end in (one.start, one.end)}
    out = [one for end in ends for one in graph.out(end, *RelationKind)]
    into = [one for end in ends for one in graph.into(end, *RelationKind)]
    assert len(out) == len(into) == len(atlas.relations)


def test_only_the_kinds_asked_for_are_given() -> None:
    loads, leads = RelationKind.LOADS, RelationKind.LEADS_TO
    graph = Graph([relation(loads, "a", "b"), relation(leads, "a", "c"), relation(loads, "d", "b")])
    assert [one.end for one in graph.out("a", loads)] == ["b"]
    assert [one.end for one in graph.out("a", loads, leads)] == ["b", "c"]
    assert [one.start for one in graph.into("b", loads)] == ["a", "d"]
    assert graph.out("a") == graph.out("nowhere", loads) == graph.into("a", loads) == []


def test_the_graph_of_an_atlas_is_built_once(atlas: Atlas) -> None:
    assert graph_of(atlas) is graph_of(atlas)


def walk(graph: Graph, start: str, kind: RelationKind, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    for one in graph.out(start, kind):
        if one.end not in seen:
            yield one.end
            yield from walk(graph, one.end, kind, seen | {one.end})


def test_the_chain_of_the_articles_can_be_walked(atlas: Atlas) -> None:
    graph = graph_of(atlas)
    assert {"mf_glut_min_ant", "mf_vl"} <= set(walk(graph, "mf_ql", RelationKind.KEY_TO))
    assert "mf_vl" in set(walk(graph, "rad_l5", RelationKind.KEY_TO))


def test_no_source_is_key_to_itself(atlas: Atlas) -> None:
    graph = graph_of(atlas)
    for source in atlas.sources:
        assert source not in set(walk(graph, source, RelationKind.KEY_TO))


def test_roots_reach_the_muscles_of_the_outer_hip(atlas: Atlas) -> None:
    graph = graph_of(atlas)
    reached = {
        muscle.end
        for nerve in graph.out("root_l5", RelationKind.GIVES_RISE_TO)
        for muscle in graph.out(nerve.end, RelationKind.INNERVATES)
    }
    assert {"gluteus_medius", "gluteus_minimus"} <= reached


def test_every_refers_to_relation_ends_in_a_region(atlas: Atlas) -> None:
    for one in atlas.relations:
        if one.kind is RelationKind.REFERS_TO:
            assert one.start in atlas.sources
            assert one.end in atlas.regions
