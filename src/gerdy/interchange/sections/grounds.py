"""What the answer rests on: how good its numbers are, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass

from gerdy.api import Assessment
from gerdy.interchange.references import Library, Piece
from gerdy.interchange.wording import capital, percent
from gerdy.reasoning.answer import RestingNumber

_GRADES = {
    "A": "trials or meta-analyses",
    "B": "cohort or accuracy studies",
    "C": "small or specialist studies",
    "D": "expert text or articles",
    "E": "assumptions",
}


@dataclass(frozen=True)
class GradeShare:
    """The share of one grade; ``left`` and ``width`` place it on a bar of 100."""

    grade: str
    meaning: str
    share: str
    left: float
    width: float


@dataclass(frozen=True)
class Resting:
    """One number the answer leans on."""

    what: str
    value: str
    grade: str
    unverified: bool
    basis: list[Piece]
    share: str


@dataclass(frozen=True)
class Grounds:
    """Grades, numbers, and the rules of safety that fired."""

    says: str
    grades: list[GradeShare]
    unverified: str
    numbers: list[Resting]
    rules: list[tuple[str, str, list[Piece]]]


def grounds(library: Library, assessment: Assessment) -> Grounds:
    """Return what the answer rests on."""
    rests_on = assessment.rests_on
    return Grounds(
        says=rests_on.says,
        grades=_grades(rests_on.grades),
        unverified=percent(rests_on.unverified) if rests_on.unverified > 0 else "",
        numbers=[_resting(library, number) for number in rests_on.numbers],
        rules=[
            (reason.name, rule.basis.grade.value, library.basis(rule.basis.source))
            for reason in assessment.concern.reasons
            if (rule := library.atlas.rules.get(reason.id)) is not None
        ],
    )


def _grades(shares: dict[str, float]) -> list[GradeShare]:
    found, left = [], 0.0
    for grade, meaning in _GRADES.items():
        width = 100 * shares.get(grade, 0.0)
        found.append(GradeShare(grade, meaning, percent(width / 100), left, width))
        left += width
    return found


def _resting(library: Library, number: RestingNumber) -> Resting:
    return Resting(
        what=capital(number.what),
        value=f"{number.value:.2g}".replace("-", "−"),
        grade=number.grade.value,
        unverified=number.unverified,
        basis=library.basis(number.source),
        share=percent(number.share),
    )
