"""Which numbers the answer rests on, and how good they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from gerdy.atlas import model as m
from gerdy.reasoning.answer import Contribution, RestingNumber, RestsOn
from gerdy.reasoning.explanation import Contributions
from gerdy.reasoning.network import Floats
from gerdy.reasoning.observed import Observed
from gerdy.reasoning.state import Beliefs
from gerdy.reasoning.wording import value_words

DRAWING = "drawing"
_MOST_NUMBERS = 12
_NEGLIGIBLE = 0.02  # log-odds; smaller contributions are summed but not listed
_GRADE_WORDS = {
    "A": "trials or meta-analyses",
    "B": "cohort or accuracy studies",
    "C": "small or specialist studies",
    "D": "expert text or articles",
    "E": "assumptions",
}


@dataclass(frozen=True, eq=False)
class Weighed:
    """What each answer adds to each source: ``share`` (n, items); ``drawing`` and ``prior`` (n,)."""

    share: Floats
    drawing: Floats
    prior: Floats
    posterior: Floats


def weigh(beliefs: Beliefs, found: Contributions) -> Weighed:
    """Split what each observed state adds over the answers that observe it, by how strongly each speaks."""
    share = np.zeros((len(beliefs.network.sources), len(beliefs.items)))
    for column, state in enumerate(beliefs.evidence.states):
        members = [k for k, item in enumerate(beliefs.items) if item.state == state]
        for k, part in zip(members, _parts([beliefs.items[k] for k in members]), strict=True):
            share[:, k] = part * found.states[:, column]
    return Weighed(share, found.drawing, found.prior, found.posterior)


def _parts(items: list[Observed]) -> Floats:
    if len(items) == 1:
        return np.ones(1)
    tiny = 1e-6
    speaks = np.array([np.log(max(item.on, tiny) / max(item.off, tiny)) for item in items])
    # Answers that contradict each other nearly cancel: a split by signed strength would blow up.
    if abs(speaks.sum()) < 0.2 * np.abs(speaks).sum():
        speaks = np.abs(speaks)
    total = speaks.sum()
    parts: Floats = speaks / total if total else np.full(len(items), 1 / len(items))
    return parts


def contributions_of(beliefs: Beliefs, weighed: Weighed, source: m.Source) -> list[Contribution]:
    """Return what moved one source, strongest first; the drawing counts as one piece of evidence."""
    row = beliefs.model.index(source.id)
    found = []
    for k, item in enumerate(beliefs.items):
        finding = beliefs.model.atlas.findings[item.observation.finding_id]
        number = beliefs.model.number(item.state, source.id)
        found.append(
            Contribution(
                id=finding.id,
                name=finding.name,
                value=value_words(finding, item.observation.value),
                log_odds=float(weighed.share[row, k]),
                grade=number.grade,
                source=number.source,
                unverified=number.unverified,
            )
        )
    if beliefs.evidence.drawing is not None:
        basis = beliefs.model.atlas.fields[source.id].basis
        found.append(
            Contribution(
                id=DRAWING,
                name="Where it hurts",
                value="as drawn",
                log_odds=float(weighed.drawing[row]),
                grade=basis.grade,
                source=basis.source,
                unverified=basis.unverified,
            )
        )
    return sorted(found, key=lambda c: -abs(c.log_odds))


def listed(contributions: list[Contribution], *, speaks_for: bool) -> list[Contribution]:
    """Return the contributions of one sign, without negligible ones."""
    sign = 1 if speaks_for else -1
    return [c for c in contributions if sign * c.log_odds > _NEGLIGIBLE]


def rests_on(beliefs: Beliefs, weighed: Weighed) -> RestsOn:
    """Return how the weight of evidence, over the probable sources, divides among grades and numbers."""
    grades: dict[str, float] = defaultdict(float)
    numbers: dict[tuple[str, str], tuple[float, m.Number]] = {}
    unverified = 0.0
    for source_id, probability in beliefs.probability.items():
        source = beliefs.model.atlas.sources[source_id]
        row = beliefs.model.index(source_id)
        spread = float(weighed.prior[row] - np.mean(weighed.prior))
        pieces = [(f"how common: {source.name}", abs(spread), source.prior)]
        pieces += _pieces(beliefs, weighed, source, row)
        for what, strength, number in pieces:
            weight = probability * strength
            grades[number.grade.value] += weight
            unverified += weight * number.unverified
            key = (what, source_id)
            numbers[key] = (numbers.get(key, (0.0, number))[0] + weight, number)
    total = sum(grades.values()) or 1.0
    shares = {grade.value: grades.get(grade.value, 0.0) / total for grade in m.Grade}
    top = sorted(numbers.items(), key=lambda pair: -pair[1][0])[:_MOST_NUMBERS]
    return RestsOn(
        grades=shares,
        unverified=unverified / total,
        says=_sentence(shares, unverified / total),
        numbers=[
            RestingNumber(
                what=what,
                value=number.value,
                grade=number.grade,
                source=number.source,
                unverified=number.unverified,
                share=weight / total,
            )
            for (what, _), (weight, number) in top
        ],
    )


def _pieces(
    beliefs: Beliefs, weighed: Weighed, source: m.Source, row: int
) -> list[tuple[str, float, m.Number]]:
    found = []
    for k, item in enumerate(beliefs.items):
        finding = beliefs.model.atlas.findings[item.observation.finding_id]
        number = beliefs.model.number(item.state, source.id)
        found.append((f"{finding.name}: {source.name}", abs(float(weighed.share[row, k])), number))
    if beliefs.evidence.drawing is not None:
        basis = beliefs.model.atlas.fields[source.id].basis
        number = m.Number(
            value=float(weighed.drawing[row]),
            grade=basis.grade,
            source=basis.source,
            unverified=basis.unverified,
        )
        found.append((f"where it is felt: {source.name}", abs(float(weighed.drawing[row])), number))
    return found


def _sentence(shares: dict[str, float], unverified: float) -> str:
    parts = [
        f"{round(100 * share)} % on {_GRADE_WORDS[grade]} (grade {grade})"
        for grade, share in shares.items()
        if share >= 0.005
    ]
    text = "This answer rests " + ", ".join(parts) + "." if parts else "No evidence was given yet."
    if unverified >= 0.005:
        text += f" {round(100 * unverified)} % rests on numbers not yet checked in their source."
    return text
