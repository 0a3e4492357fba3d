"""Who, which pain, when: the first lines, and the answer in short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gerdy.api import Assessment
from gerdy.atlas.model import Concern
from gerdy.case import Case, Complaint, Sex
from gerdy.interchange.sections.checks import by_oneself
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import capital, day, joined, since_words, spaced

_CLEAR = 0.3  # below this no source is named as the one that fits best
_WORST = "worst_pain"  # the finding that says how bad it gets
_PLACES = 3  # regions named in the first lines, worst first
_UNEXPLAINED = 0.25  # from here on "none of these" belongs into the first lines


@dataclass(frozen=True)
class Heading:
    """The first lines; ``facts`` are short phrases about person and pain."""

    document: str
    title: str
    place: str
    facts: list[str]
    regions: str
    goal: str


@dataclass(frozen=True)
class Short:
    """The answer in a few lines; parts that do not apply are empty."""

    best: str
    best_words: str
    others: list[tuple[str, str]]
    unexplained: str
    plan: list[str]
    check: str
    open_screens: int


def heading(lexicon: Lexicon, case: Case, complaint: Complaint, pain: Mapping[str, float]) -> Heading:
    """Return the first lines; ``pain`` maps regions to intensity 0-10, worst first."""
    side = f"{complaint.side} side"
    places = [lexicon.place(name) for name in list(pain)[:_PLACES]]
    date = day(case.date) if case.date else ""
    return Heading(
        document=", ".join(part for part in (f"Gerdy report: {side}", *places[:1], date) if part),
        title=lexicon.choose("Where your pain may come from", "Possible sources of the pain"),
        place=capital(f"{side}: {joined(places)}") if places else capital(side),
        facts=[fact for fact in (*_person(case), *_pain(case, complaint), date) if fact],
        regions=capital(joined([f"{lexicon.place(name)} {value:g} of 10" for name, value in pain.items()])),
        goal=case.means.goal,
    )


def short(lexicon: Lexicon, assessment: Assessment) -> Short:
    """Return the answer in a few lines."""
    calm = assessment.concern.level.rank < Concern.URGENT.rank
    best = assessment.sources[0] if assessment.sources else None
    stands_out = best is not None and best.probability >= _CLEAR
    checks = by_oneself(assessment)
    items = assessment.plan.items if calm else []
    return Short(
        best=lexicon.name(best.id, best.name) if best and stands_out else "",
        best_words=best.words if best and stands_out else "",
        others=[
            (lexicon.name(source.id, source.name), source.words)
            for source in assessment.sources[1 if stands_out else 0 : 3]
            if source.probability >= 0.1
        ],
        unexplained=assessment.unexplained_says if assessment.unexplained >= _UNEXPLAINED else "",
        plan=[lexicon.choose(item.name, item.clinical) for item in items],
        check=lexicon.choose(checks[0].name, checks[0].clinical) if checks and calm else "",
        open_screens=sum(question.kind == "screen" for question in assessment.next_questions),
    )


def _person(case: Case) -> list[str]:
    person = case.person
    sex = "" if person.sex in {None, Sex.OTHER} else capital(str(person.sex))
    age = "" if person.age is None else f"{person.age:g} years"
    who = ", ".join(part for part in (sex, age) if part)
    return [who, joined([spaced(name) for name in person.activities])]


def _pain(case: Case, complaint: Complaint) -> list[str]:
    worst = case.value(_WORST, complaint)
    words = f"at worst {worst:g} of 10" if isinstance(worst, float | int) else ""
    return [since_words(complaint.since), words]
