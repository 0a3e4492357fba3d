"""The chain: from upstream to the painted site, along relations that exist, each thing once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reasoning.cases import EXAMPLES

from gerdy.api import assess, load_case
from gerdy.atlas import load_atlas
from gerdy.atlas import model as m
from gerdy.reasoning.answer import Chain, ChainLink
from gerdy.reasoning.chain import chains

ATLAS = load_atlas()
RELATIONS = {(r.kind, r.start, r.end) for r in ATLAS.relations}
FELT = {(r.start, r.end) for r in ATLAS.relations if r.kind is m.RelationKind.REFERS_TO}
SURE_SOURCES = dict.fromkeys(ATLAS.sources, 1.0)
SURE_CONTRIBUTORS = dict.fromkeys(ATLAS.contributors, 1.0)
EVERYWHERE = dict.fromkeys(ATLAS.regions, 5.0)
BAND = "iliotibial_band"


def _related(kind: m.RelationKind, start: str, *ends: str) -> bool:
    return any((kind, start, end) in RELATIONS for end in ends)


def _joined(first: ChainLink, then: ChainLink, source: m.Source) -> bool:
    """Whether a step of a chain of ``source`` stands on a relation of the atlas."""
    kind = m.RelationKind
    target = (then.id, source.structure) if then.id == source.id else (then.id,)
    match first.kind, then.kind:
        case "key_source", "key_source" | "source":
            return _related(kind.KEY_TO, first.id, then.id)
        case "key_source", "contributor":
            return _related(kind.WEAKENS, first.id, then.id)
        case "contributor", "contributor":
            return _related(kind.LEADS_TO, first.id, then.id)
        case "contributor", "source":
            return _related(kind.LOADS, first.id, *target)
        case "root", "nerve":
            return _related(kind.GIVES_RISE_TO, first.id, then.id)
        case "nerve", "source":
            return _related(kind.INNERVATES, first.id, source.structure)
        case "source", "structure":
            touches = _related(kind.TENSIONS, source.structure, BAND)
            return then.id == BAND and (touches or _related(kind.COVERS, BAND, source.structure))
        case ("source", "site") | ("structure", "site"):
            return (source.id, then.id) in FELT
    return False


def _check(chain: Chain, source: m.Source, painted: dict[str, float]) -> None:
    links = chain.links
    assert links[-1].kind == "site"
    assert painted[links[-1].id] > 0
    assert [link.kind for link in links].count("source") == 1
    assert next(link.id for link in links if link.kind == "source") == source.id
    assert len({link.id for link in links}) == len(links), chain.sentence
    for first, then in pairwise(links):
        assert _joined(first, then, source), (first.id, first.kind, then.id, then.kind)
    assert all(link.name for link in links)
    assert all(link.says for link in links[:-1])
    assert links[-1].says == ""
    assert all(link.name in chain.sentence for link in links)


@pytest.mark.parametrize("source", ATLAS.sources.values(), ids=lambda s: s.id)
def test_every_possible_chain_of_a_source_is_sound(source: m.Source) -> None:
    for region in ATLAS.regions:
        painted = {region: 5.0}
        found = chains(ATLAS, source, painted, SURE_SOURCES, SURE_CONTRIBUTORS)
        assert bool(found) == ((source.id, region) in FELT)
        assert len(found) <= 3
        for chain in found:
            _check(chain, source, painted)


@given(
    st.sampled_from(sorted(ATLAS.sources)),
    st.dictionaries(st.sampled_from(sorted(ATLAS.regions)), st.floats(0, 10), max_size=6),
    st.dictionaries(st.sampled_from(sorted(ATLAS.sources)), st.floats(0, 1)),
    st.dictionaries(st.sampled_from(sorted(ATLAS.contributors)), st.floats(0, 1)),
)
def test_chains_are_sound_whatever_is_likely(
    name: str, painted: dict[str, float], probability: dict[str, float], contributors: dict[str, float]
) -> None:
    source = ATLAS.sources[name]
    found = chains(ATLAS, source, painted, probability, contributors)
    felt = [region for region, pain in painted.items() if pain > 0 and (name, region) in FELT]
    assert bool(found) == bool(felt)
    for chain in found:
        _check(chain, source, painted)
        assert painted[chain.links[-1].id] == max(painted[region] for region in felt)
        for link in chain.links:
            if link.kind == "key_source":
                assert probability.get(link.id, 0) >= 0.1
            if link.kind == "contributor":
                assert contributors.get(link.id, 0) >= 0.5


def test_no_chain_without_a_painted_place() -> None:
    for source in ATLAS.sources.values():
        assert chains(ATLAS, source, {}, SURE_SOURCES, SURE_CONTRIBUTORS) == []
        assert chains(ATLAS, source, dict.fromkeys(ATLAS.regions, 0.0), SURE_SOURCES, {}) == []


def test_a_chain_starts_upstream_when_something_upstream_is_likely() -> None:
    upstream = {r.end for r in ATLAS.relations if r.kind is m.RelationKind.KEY_TO}
    assert len(upstream) > 5
    for name in upstream:
        found = chains(ATLAS, ATLAS.sources[name], EVERYWHERE, SURE_SOURCES, SURE_CONTRIBUTORS)
        for chain in found:
            assert chain.links[0].kind in {"key_source", "contributor", "root"}


def test_with_nothing_upstream_a_chain_starts_at_the_source() -> None:
    for source in ATLAS.sources.values():
        (chain,) = chains(ATLAS, source, EVERYWHERE, {}, {})
        assert chain.links[0].id == source.id


KEYS = [(r.start, r.end) for r in ATLAS.relations if r.kind is m.RelationKind.KEY_TO]


@pytest.mark.parametrize(("key", "satellite"), KEYS)
def test_the_key_comes_before_its_satellite(key: str, satellite: str) -> None:
    source = ATLAS.sources[satellite]
    found = chains(ATLAS, source, EVERYWHERE, {key: 0.9, satellite: 0.5}, {})
    assert any(link.id == key for chain in found for link in chain.links)
    for chain in found:
        order = [link.id for link in chain.links]
        if key in order:
            assert order.index(key) < order.index(satellite)
    assert not any(
        link.id == satellite
        for chain in chains(ATLAS, ATLAS.sources[key], EVERYWHERE, {key: 0.9, satellite: 0.9}, {})
        for link in chain.links
    )


def test_the_band_is_on_the_way_and_never_the_start() -> None:
    found = [
        chain
        for source in ATLAS.sources.values()
        for chain in chains(ATLAS, source, {"thigh_lateral": 5.0}, SURE_SOURCES, SURE_CONTRIBUTORS)
    ]
    through = [chain for chain in found if any(link.id == BAND for link in chain.links)]
    assert through
    for chain in through:
        order = [link.id for link in chain.links]
        assert order.index(BAND) == len(order) - 2


def test_a_root_reaches_the_muscle_through_its_nerve() -> None:
    found = chains(ATLAS, ATLAS.sources["mf_glut_min_ant"], {"thigh_lateral": 5.0}, {"rad_l5": 0.9}, {})
    kinds = [[link.kind for link in chain.links] for chain in found]
    assert any(kind[:3] == ["root", "nerve", "source"] for kind in kinds)


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_chains_of_published_cases_are_sound(file: str) -> None:
    case = load_case(file)
    answer = assess(case)
    painted = dict(case.complaint().pain)
    assert any(source.chain for source in answer.sources[:3])
    for source in answer.sources:
        for chain in source.chains:
            _check(chain, ATLAS.sources[source.id], painted)
