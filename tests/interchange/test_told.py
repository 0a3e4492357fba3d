"""The claims shown are those that concern the person, and always what is said of a tight band."""

from __future__ import annotations

from interchange.factory import a_source, an_assessment

from gerdy.atlas import load_atlas
from gerdy.interchange.sections.told import TIGHT_BAND, chosen


def names(*sources: tuple[str, float]) -> list[str]:
    found = [a_source(name, chance, chain=None) for name, chance in sources]
    return [claim.id for claim in chosen(load_atlas(), an_assessment(sources=found))]


def test_tight_band_claims_exist() -> None:
    assert set(TIGHT_BAND) <= set(load_atlas().claims)


def test_tight_band_is_always_answered() -> None:
    for source in load_atlas().sources:
        assert names((source, 0.9))[: len(TIGHT_BAND)] == list(TIGHT_BAND)


def test_claims_concern_the_probable_sources() -> None:
    atlas = load_atlas()
    for claim in names(("rad_l5", 0.8), ("itbs", 0.02))[len(TIGHT_BAND) :]:
        topics = atlas.claims[claim].topics
        assert "rad_l5" in topics or atlas.sources["rad_l5"].structure in topics


def test_nearer_claims_come_first_and_not_too_many() -> None:
    found = names(("itbs", 0.9), ("rad_l5", 0.11))
    assert len(found) == 10
    assert "itbs" in load_atlas().claims[found[len(TIGHT_BAND)]].topics
