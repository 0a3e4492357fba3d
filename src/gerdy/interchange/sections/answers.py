"""Everything that was answered, so that somebody else can check what went in."""

from __future__ import annotations

from dataclasses import dataclass

from gerdy.api import Assessment
from gerdy.atlas.model import Finding
from gerdy.case import Case, Complaint, Observation
from gerdy.case.findings import said
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import capital, joined, signed, since_words, spaced
from gerdy.reasoning.answer import SourceAnswer
from gerdy.reasoning.wording import value_words

_WEIGHED = 3  # sources for which the findings table gives the log-odds of each answer


@dataclass(frozen=True)
class Given:
    """One answer; ``weights`` are its log-odds for the leading sources, empty where negligible."""

    name: str
    value: str
    other: str
    remark: str
    weights: list[str]


@dataclass(frozen=True)
class Answers:
    """Everything given: about the person, the pain, and by topic every finding."""

    facts: list[tuple[str, str]]
    topics: list[tuple[str, list[Given]]]
    weighed: list[str]
    drawing: list[str]
    notes: str
    count: int


def answers(lexicon: Lexicon, case: Case, complaint: Complaint, assessment: Assessment) -> Answers:
    """Return every answer given for one complaint."""
    leaders = assessment.sources[:_WEIGHED] if lexicon.clinical else []
    seen = case.observations(complaint)
    topics: dict[str, list[Given]] = {}
    for observation in seen:
        finding = lexicon.atlas.findings.get(observation.finding_id)
        title = capital(spaced(finding.topic.value)) if finding else "Other"
        topics.setdefault(title, []).append(_given(lexicon, observation, finding, leaders))
    return Answers(
        facts=[(name, value) for name, value in _facts(lexicon, case, complaint) if value],
        topics=list(topics.items()),
        weighed=[lexicon.name(source.id, source.name) for source in leaders],
        drawing=_weights("drawing", leaders),
        notes=case.notes,
        count=len(seen),
    )


def _facts(lexicon: Lexicon, case: Case, complaint: Complaint) -> list[tuple[str, str]]:
    person, means = case.person, case.means
    pain = [f"{lexicon.place(name)} {value:g} of 10" for name, value in complaint.pain.items()]
    marks = len(complaint.marks)
    return [
        ("Age", "" if person.age is None else f"{person.age:g} years"),
        ("Sex", "" if person.sex is None else str(person.sex)),
        ("Height", "" if person.height_cm is None else f"{person.height_cm:g} cm"),
        ("Mass", "" if person.mass_kg is None else f"{person.mass_kg:g} kg"),
        ("Activities", joined([spaced(name) for name in person.activities])),
        ("Side", complaint.side),
        ("Began", since_words(complaint.since)),
        ("Pain by place", ", ".join(pain)),
        ("Painted patches", str(marks) if marks else ""),
        ("Feels like", joined([str(quality) for quality in complaint.qualities])),
        ("Time for a plan", f"{means.minutes_per_day:g} minutes a day" if means.minutes_per_day else ""),
        ("Days a week", "" if means.days_per_week is None else str(means.days_per_week)),
        ("Equipment", joined([spaced(thing) for thing in means.equipment])),
        ("Goal", means.goal),
    ]


def _given(
    lexicon: Lexicon, observation: Observation, finding: Finding | None, leaders: list[SourceAnswer]
) -> Given:
    def words(value: str | float) -> str:
        return value_words(finding, value) if finding else said(value)

    remarks = (
        "taken from the drawing" if observation.implied else "",
        "recorded, carries no weight" if finding and finding.silent else "",
    )
    return Given(
        name=capital(lexicon.name(observation.finding_id)),
        value=words(observation.value),
        other="" if observation.other is None else words(observation.other),
        remark=", ".join(remark for remark in remarks if remark),
        weights=_weights(observation.finding_id, leaders),
    )


def _weights(name: str, leaders: list[SourceAnswer]) -> list[str]:
    """Return the log-odds a finding adds to each leading source; an empty text where it adds too little."""
    found = []
    for source in leaders:
        moved = {piece.id: piece.log_odds for piece in (*source.for_, *source.against)}
        found.append(signed(moved[name]) if name in moved else "")
    return found
