"""Where it comes from: the leading sources in full, the rest in one table."""

from __future__ import annotations

from dataclasses import dataclass

from gerdy.api import Assessment
from gerdy.chart.drawing import Drawing
from gerdy.interchange.pictures import Picture, field_picture
from gerdy.interchange.references import Library
from gerdy.interchange.sections.evidence import Ledger, Rows, ledger, rows, scale_of
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import bound_words, capital, in_hundred, percent, spaced
from gerdy.reasoning.answer import Chain, SourceAnswer

_LEAST, _TOP, _MOST, _PICTURED = 0.03, 5, 8, 3
_ROWS, _FEW_ROWS = 6, 3  # pieces of evidence a side, for the pictured sources and for the others
_LIKELY_CONTRIBUTOR = 0.5
_FAMILIES = {
    "muscle": "Muscles",
    "root": "Nerve roots",
    "spine": "Back and pelvis joints",
    "tendon": "Tendons",
    "band": "IT band",
    "knee": "Knee",
    "hip": "Hip joint",
    "nerve": "Nerves in the leg",
    "bone": "Bone",
    "vessel": "Blood flow and pressure",
    "serious": "Serious disease",
}
_KINDS = {
    "root": "nerve root",
    "nerve": "nerve",
    "contributor": "what adds to it",
    "key_source": "what sets it up",
    "source": "possible source",
    "structure": "lies between",
    "site": "where it hurts",
}


@dataclass(frozen=True)
class Step:
    """One box of a chain, and how it acts on the next."""

    kind: str
    role: str
    name: str
    says: str


@dataclass(frozen=True)
class Way:
    """One chain from what adds to it, via the source, to the site."""

    steps: list[Step]
    sentence: str


@dataclass(frozen=True)
class Shown:
    """One leading source."""

    rank: int
    name: str
    other_name: str
    family: str
    words: str
    chance: str
    interval: str
    percent: float
    low: float
    high: float
    picture: Picture | None
    speaks_for: Rows
    speaks_against: Rows
    ledger: Ledger
    ways: list[Way]
    about: str
    unlike: str
    course: str


@dataclass(frozen=True)
class Ranking:
    """All sources, "none of these", and what was left out of the sum."""

    leading: list[Shown]
    rest: list[tuple[str, list[tuple[str, str]]]]
    unexplained: str
    unexplained_percent: float
    unexplained_says: str
    bound: str
    contributors: list[tuple[str, str, str]]
    any_unverified: bool


def leading(assessment: Assessment) -> list[SourceAnswer]:
    """Return the sources shown in full: those from 3 in 100 or the first five, at most eight."""
    likely = sum(source.probability >= _LEAST for source in assessment.sources)
    return assessment.sources[: min(max(likely, _TOP), _MOST)]


def ranking(
    lexicon: Lexicon, library: Library, assessment: Assessment, drawing: Drawing | None
) -> Ranking:
    """Return where the pain may come from."""
    first = leading(assessment)
    scale = scale_of(first)
    shown = [
        _shown(lexicon, library, source, rank, scale, _picture(lexicon, source, rank, assessment, drawing))
        for rank, source in enumerate(first, 1)
    ]
    families: dict[str, list[tuple[str, str]]] = {}
    for source in assessment.sources[len(first) :]:
        title = _FAMILIES.get(source.family, capital(spaced(source.family)))
        families.setdefault(title, []).append((lexicon.name(source.id, source.name), _chance(lexicon, source)))
    return Ranking(
        leading=shown,
        rest=list(families.items()),
        unexplained=in_hundred(assessment.unexplained),
        unexplained_percent=100 * assessment.unexplained,
        unexplained_says=assessment.unexplained_says,
        bound=bound_words(assessment.omitted_mass_bound),
        contributors=_contributors(lexicon, assessment),
        any_unverified=any(piece.unverified for source in first for piece in (*source.for_, *source.against)),
    )


def _contributors(lexicon: Lexicon, assessment: Assessment) -> list[tuple[str, str, str]]:
    """What is more likely present than not and loads a probable source: name, chance, what it loads."""
    return [
        (
            lexicon.name(found.id, found.name),
            percent(found.probability),
            "; ".join(lexicon.name(name) for name in found.loads),
        )
        for found in assessment.contributors
        if found.loads and found.probability >= _LIKELY_CONTRIBUTOR
    ]


def _picture(
    lexicon: Lexicon, source: SourceAnswer, rank: int, assessment: Assessment, drawing: Drawing | None
) -> Picture | None:
    if rank > _PICTURED:
        return None
    return field_picture(lexicon, source.id, drawing, assessment.side)


def _chance(lexicon: Lexicon, source: SourceAnswer) -> str:
    text = in_hundred(source.probability)
    if not lexicon.clinical:
        return text
    low, high = source.interval
    return f"{text} ({in_hundred(low)} to {in_hundred(high)})"


def _shown(
    lexicon: Lexicon,
    library: Library,
    source: SourceAnswer,
    rank: int,
    scale: float,
    picture: Picture | None,
) -> Shown:
    low, high = source.interval
    most = _ROWS if rank <= _PICTURED else _FEW_ROWS
    return Shown(
        rank=rank,
        name=lexicon.choose(source.name, source.clinical),
        other_name=lexicon.choose(source.clinical, source.name),
        family=_FAMILIES.get(source.family, capital(spaced(source.family))),
        words=source.words,
        chance=in_hundred(source.probability),
        interval=f"{in_hundred(low)} to {in_hundred(high)}",
        percent=100 * source.probability,
        low=100 * low,
        high=100 * high,
        picture=picture,
        speaks_for=rows(lexicon, library, source.for_, scale, most),
        speaks_against=rows(lexicon, library, source.against, scale, most),
        ledger=ledger(source),
        ways=[_way(lexicon, chain) for chain in source.chains],
        about=source.about,
        unlike=source.unlike,
        course=source.course,
    )


def _way(lexicon: Lexicon, chain: Chain) -> Way:
    steps = [
        Step(
            kind=link.kind,
            role=_KINDS.get(link.kind, spaced(link.kind)),
            name=capital(lexicon.name(link.id, link.name)),
            says=link.says,
        )
        for link in chain.links
    ]
    spoken = " → ".join(f"{step.name} {step.says}".strip() for step in steps)
    return Way(steps, spoken if lexicon.clinical else chain.sentence)
