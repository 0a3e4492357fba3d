"""What people are told about such pain, held against evidence: the claims that concern this person."""

from __future__ import annotations

from dataclasses import dataclass

from gerdy.api import Assessment
from gerdy.atlas import Atlas
from gerdy.atlas.model import Claim
from gerdy.interchange.references import Library, Piece
from gerdy.interchange.voice import Lexicon

# Whatever hurts: what nearly everybody with pain on the outer leg hears first.
TIGHT_BAND = (
    "band_cannot_be_lengthened",
    "rolling_band_is_no_cure",
    "rolling_does_not_change_band",
    "band_does_not_limit_adduction",
)
_MOST = 10
_MATTERS = 0.1  # a source less likely than this brings no claims of its own
# How near a claim is that concerns a source only through its structure, or through its chain.
_THROUGH_STRUCTURE, _THROUGH_CHAIN = 0.6, 0.4
_MARKS = {"supported": "✓", "mixed": "≈", "contradicted": "✕", "untested": "?"}
_VERDICTS = {
    "supported": "Supported",
    "mixed": "Mixed",
    "contradicted": "Contradicted",
    "untested": "Untested",
}


@dataclass(frozen=True)
class Told:
    """One claim and what the evidence says."""

    name: str
    statement: str
    verdict: str
    label: str
    mark: str
    says: list[Piece]
    evidence: str
    grade: str
    rests_on: list[Piece]


def told(lexicon: Lexicon, library: Library, assessment: Assessment) -> list[Told]:
    """Return the claims to show: what is said of a tight band, then the nearest to the probable sources."""
    return [_told(lexicon, library, claim) for claim in chosen(lexicon.atlas, assessment)]


def chosen(atlas: Atlas, assessment: Assessment) -> list[Claim]:
    """Return which claims concern this answer, nearest first after those about a tight band."""
    near = _nearness(atlas, assessment)
    always = [atlas.claims[name] for name in TIGHT_BAND if name in atlas.claims]

    def nearness(claim: Claim) -> float:
        return sum(near.get(topic, 0.0) for topic in claim.topics) / (1 + 0.25 * len(claim.topics))

    others = [claim for claim in atlas.claims.values() if claim not in always and nearness(claim) > 0]
    others.sort(key=lambda claim: (-nearness(claim), claim.id))
    return [*always, *others[: _MOST - len(always)]]


def _nearness(atlas: Atlas, assessment: Assessment) -> dict[str, float]:
    """Return how near each atlas id is to what probably hurts here, 0-1."""
    near: dict[str, float] = {}

    def raise_to(name: str, value: float) -> None:
        near[name] = max(near.get(name, 0.0), value)

    for source in assessment.sources:
        if source.probability < _MATTERS:
            continue
        raise_to(source.id, source.probability)
        if source.id in atlas.sources:
            raise_to(atlas.sources[source.id].structure, _THROUGH_STRUCTURE * source.probability)
        for chain in source.chains:
            for link in chain.links:
                raise_to(link.id, _THROUGH_CHAIN * source.probability)
    return near


def _told(lexicon: Lexicon, library: Library, claim: Claim) -> Told:
    return Told(
        name=lexicon.choose(claim.name, claim.clinical),
        statement=claim.statement,
        verdict=claim.verdict.value,
        label=_VERDICTS[claim.verdict.value],
        mark=_MARKS[claim.verdict.value],
        says=[library.cite(name) for name in claim.says],
        evidence=claim.evidence,
        grade=claim.grade.value,
        rests_on=[library.cite(name) for name in claim.citations],
    )
