"""The way from contributor or root, via the source, to the site: paths through the graph of the atlas."""

from __future__ import annotations

from collections.abc import Mapping

from gerdy.atlas import Atlas
from gerdy.atlas import model as m
from gerdy.atlas.graph import Graph, graph_of
from gerdy.reasoning.answer import Chain, ChainLink

_LIKELY_CONTRIBUTOR = 0.5  # a contributor is named in a chain from even odds
_POSSIBLE_SOURCE = 0.10  # another source is named as the start of a chain from one in ten
_BAND = "iliotibial_band"
_BAND_SITES = {"thigh_lateral", "knee_lateral"}
_MOST = 3
_SAYS = {
    m.RelationKind.KEY_TO: "sets up",
    m.RelationKind.LOADS: "loads",
    m.RelationKind.LEADS_TO: "leads to",
    m.RelationKind.WEAKENS: "weakens",
    m.RelationKind.GIVES_RISE_TO: "gives rise to",
    m.RelationKind.INNERVATES: "supplies",
}


def chains(
    atlas: Atlas,
    source: m.Source,
    painted: Mapping[str, float],
    probability: Mapping[str, float],
    contributors: Mapping[str, float],
) -> list[Chain]:
    """Return up to three chains that end where the person hurts, most telling first.

    ``painted`` maps regions to pain 0-10; ``probability`` and ``contributors`` map ids to posteriors. Empty when the
    source is not known to be felt at any painted region.
    """
    graph = graph_of(atlas)
    site = _site(graph, source, painted)
    if site is None:
        return []
    end = [_own_link(source, site), *_band(atlas, graph, source, site), _site_link(atlas, site)]
    heads = [
        *_from_key_source(atlas, graph, source, probability),
        *_from_contributor(atlas, graph, source, contributors, probability),
        *_from_root(atlas, graph, source, probability),
    ]
    heads.sort(key=lambda head: -head[0])
    found = [_chain([*links, *end]) for _, links in heads[:_MOST]]
    return found or [_chain(end)]


def _site(graph: Graph, source: m.Source, painted: Mapping[str, float]) -> m.Relation | None:
    felt = [r for r in graph.out(source.id, m.RelationKind.REFERS_TO) if painted.get(r.end, 0) > 0]
    return max(felt, key=lambda r: painted[r.end], default=None)


def _own_link(source: m.Source, site: m.Relation) -> ChainLink:
    return ChainLink(id=source.id, name=source.name, kind="source", says=site.says or "is felt at")


def _site_link(atlas: Atlas, site: m.Relation) -> ChainLink:
    return ChainLink(id=site.end, name=atlas.regions[site.end].name, kind="site", says="")


def _band(atlas: Atlas, graph: Graph, source: m.Source, site: m.Relation) -> list[ChainLink]:
    """The band between source and site: where it hurts, but not what hurts."""
    touches = [r for r in graph.out(source.structure, m.RelationKind.TENSIONS) if r.end == _BAND]
    touches += [r for r in graph.into(source.structure, m.RelationKind.COVERS) if r.start == _BAND]
    if site.end not in _BAND_SITES or not touches:
        return []
    return [ChainLink(id=_BAND, name=atlas.structures[_BAND].name, kind="structure", says="lies over")]


_Head = tuple[float, list[ChainLink]]


def _from_key_source(
    atlas: Atlas, graph: Graph, source: m.Source, probability: Mapping[str, float], depth: int = 2
) -> list[_Head]:
    heads: list[_Head] = []
    for relation in graph.into(source.id, m.RelationKind.KEY_TO):
        chance = probability.get(relation.start, 0.0)
        if chance < _POSSIBLE_SOURCE:
            continue
        key = atlas.sources[relation.start]
        link = ChainLink(id=key.id, name=key.name, kind="key_source", says=_clause(relation))
        above = _from_key_source(atlas, graph, key, probability, depth - 1) if depth > 1 else []
        first = max(above, key=lambda head: head[0], default=(0.0, []))[1]
        heads.append((chance, [*first, link]))
    return heads


def _from_contributor(
    atlas: Atlas,
    graph: Graph,
    source: m.Source,
    contributors: Mapping[str, float],
    probability: Mapping[str, float],
) -> list[_Head]:
    heads: list[_Head] = []
    for relation in [
        *graph.into(source.id, m.RelationKind.LOADS),
        *graph.into(source.structure, m.RelationKind.LOADS),
    ]:
        chance = contributors.get(relation.start, 0.0)
        if chance < _LIKELY_CONTRIBUTOR:
            continue
        entry = atlas.contributors[relation.start]
        link = ChainLink(id=entry.id, name=entry.name, kind="contributor", says=_clause(relation))
        heads.append((chance, [*_before(atlas, graph, entry.id, source.id, contributors, probability), link]))
    return heads


def _before(
    atlas: Atlas,
    graph: Graph,
    contributor: str,
    source: str,
    contributors: Mapping[str, float],
    probability: Mapping[str, float],
) -> list[ChainLink]:
    """What in turn leads to a contributor: another likely contributor, or a source that weakens it."""
    options: list[tuple[float, ChainLink]] = []
    for relation in graph.into(contributor, m.RelationKind.WEAKENS):
        chance = probability.get(relation.start, 0.0)
        if chance >= _POSSIBLE_SOURCE and relation.start != source:
            name = atlas.sources[relation.start].name
            link = ChainLink(id=relation.start, name=name, kind="key_source", says=_clause(relation))
            options.append((chance, link))
    for relation in graph.into(contributor, m.RelationKind.LEADS_TO):
        chance = contributors.get(relation.start, 0.0)
        if chance >= _LIKELY_CONTRIBUTOR:
            name = atlas.contributors[relation.start].name
            link = ChainLink(id=relation.start, name=name, kind="contributor", says=_clause(relation))
            options.append((chance, link))
    return [max(options, key=lambda option: option[0])[1]] if options else []


def _from_root(atlas: Atlas, graph: Graph, source: m.Source, probability: Mapping[str, float]) -> list[_Head]:
    """Root and nerve of the structure, when that root is itself a possible source."""
    root_sources = {s.structure: s.id for s in atlas.sources.values() if s.structure.startswith("root_")}
    heads: list[_Head] = []
    for nerve in graph.into(source.structure, m.RelationKind.INNERVATES):
        for root in graph.into(nerve.start, m.RelationKind.GIVES_RISE_TO):
            chance = probability.get(root_sources.get(root.start, ""), 0.0)
            if chance >= _POSSIBLE_SOURCE:
                links = [
                    ChainLink(
                        id=root.start, name=atlas.structures[root.start].name, kind="root", says=_clause(root)
                    ),
                    ChainLink(
                        id=nerve.start,
                        name=atlas.structures[nerve.start].name,
                        kind="nerve",
                        says=_clause(nerve),
                    ),
                ]
                heads.append((chance, links))
    return [max(heads, key=lambda head: head[0])] if heads else []


def _clause(relation: m.Relation) -> str:
    return relation.says or _SAYS[relation.kind]


def _chain(links: list[ChainLink]) -> Chain:
    words = [f"{link.name} {link.says}".strip() for link in links]
    return Chain(links=links, sentence=" → ".join(words))
