"""Where it comes from: the leading sources in full, the rest in one table."""

from __future__ import annotations

from dataclasses import dataclass, field

from gerdy.api import Assessment
from gerdy.chart.drawing import Drawing
from gerdy.interchange.pictures import Picture, field_picture
from gerdy.interchange.references import Library
from gerdy.interchange.sections.chain import Way, way
from gerdy.interchange.sections.evidence import Ledger, Rows, ledger, rows, scale_of
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import bound_words, capital, in_hundred, percent, spaced
from gerdy.reasoning.answer import Contribution, SourceAnswer

_LEAST, _TOP, _MOST, _PICTURED = 0.03, 5, 8, 3
_WORTH_READING = 0.005  # after the first three, a source less likely than this is a line in the overview
_TINY = 0.001
_ROWS, _FEW_ROWS = 6, 3  # pieces of evidence a side, for the pictured sources and for the others
_WAYS = 3
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


@dataclass(frozen=True)
class Shown:
    """One leading source; ``in_full`` says whether its evidence is spelled out."""

    rank: int
    in_full: bool
    name: str
    other_name: str
    words: str
    chance: str
    interval: str
    detail: str
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


@dataclass
class Family:
    """Sources of one tissue: those worth a number, and those all but excluded."""

    title: str
    likely: list[tuple[str, str]] = field(default_factory=list)
    tiny: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Ranking:
    """All sources, "none of these", and what was left out of the sum."""

    leading: list[Shown]
    rest: list[Family]
    unexplained: str
    unexplained_percent: float
    unexplained_says: str
    bound: str
    contributors: list[tuple[str, str, str]]
    any_unverified: bool


@dataclass(frozen=True)
class _Scene:
    """What every source is shown with."""

    lexicon: Lexicon
    library: Library
    scale: float
    drawing: Drawing | None
    side: str

    def rows(self, pieces: list[Contribution], most: int) -> Rows:
        return rows(self.lexicon, self.library, pieces, self.scale, most)


def leading(assessment: Assessment) -> list[SourceAnswer]:
    """Return the sources shown in full: those from 3 in 100 or the first five, at most eight."""
    likely = sum(source.probability >= _LEAST for source in assessment.sources)
    return assessment.sources[: min(max(likely, _TOP), _MOST)]


def ranking(lexicon: Lexicon, library: Library, assessment: Assessment, drawing: Drawing | None) -> Ranking:
    """Return where the pain may come from."""
    first = leading(assessment)
    scene = _Scene(lexicon, library, scale_of(first), drawing, assessment.side)
    return Ranking(
        leading=[_shown(scene, source, rank) for rank, source in enumerate(first, 1)],
        rest=_rest(lexicon, assessment.sources[len(first) :]),
        unexplained=in_hundred(assessment.unexplained),
        unexplained_percent=100 * assessment.unexplained,
        unexplained_says=assessment.unexplained_says,
        bound=bound_words(assessment.omitted_mass_bound),
        contributors=_contributors(lexicon, assessment),
        any_unverified=any(piece.unverified for source in first for piece in (*source.for_, *source.against)),
    )


def _rest(lexicon: Lexicon, sources: list[SourceAnswer]) -> list[Family]:
    families: dict[str, Family] = {}
    for source in sources:
        title = _FAMILIES.get(source.family, capital(spaced(source.family)))
        family, name = families.setdefault(title, Family(title)), lexicon.choose(source.name, source.clinical)
        if source.probability < _TINY:
            family.tiny.append(name)
        else:
            family.likely.append((name, _chance(lexicon, source)))
    return list(families.values())


def _contributors(lexicon: Lexicon, assessment: Assessment) -> list[tuple[str, str, str]]:
    """Return what is likely present and loads a probable source: name, chance, what it loads."""
    return [
        (
            lexicon.name(found.id, found.name),
            percent(found.probability),
            "; ".join(lexicon.name(name) for name in found.loads),
        )
        for found in assessment.contributors
        if found.loads and found.probability >= _LIKELY_CONTRIBUTOR
    ]


def _chance(lexicon: Lexicon, source: SourceAnswer) -> str:
    text = in_hundred(source.probability)
    if not lexicon.clinical:
        return text
    low, high = source.interval
    return f"{text} ({in_hundred(low)} to {in_hundred(high)})"


def _shown(scene: _Scene, source: SourceAnswer, rank: int) -> Shown:
    lexicon, pictured = scene.lexicon, rank <= _PICTURED
    low, high = source.interval
    chance, interval = in_hundred(source.probability), f"{in_hundred(low)} to {in_hundred(high)}"
    most, ways = (_ROWS, _WAYS) if pictured else (_FEW_ROWS, 1)
    number = f"{chance} in 100" if source.probability < _TINY else f"{chance} in 100 ({interval})"
    return Shown(
        rank=rank,
        in_full=pictured or source.probability >= _WORTH_READING,
        name=lexicon.choose(source.name, source.clinical),
        other_name=lexicon.choose(source.clinical, source.name),
        words=source.words,
        chance=chance,
        interval=interval,
        # "about 2 in 100, 2 in 100" would say it twice.
        detail=f"range {interval} in 100" if f"about {chance} in 100" == source.words else number,
        percent=100 * source.probability,
        low=100 * low,
        high=100 * high,
        picture=field_picture(lexicon, source.id, scene.drawing, scene.side) if pictured else None,
        speaks_for=scene.rows(source.for_, most),
        speaks_against=scene.rows(source.against, most),
        ledger=ledger(source),
        ways=[way(lexicon, chain) for chain in source.chains[:ways]],
        about=source.about,
        unlike=source.unlike,
        course=source.course,
    )
