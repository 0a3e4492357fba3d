"""What the answers amount to for rules: which findings are positive, negative, at a level or at a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gerdy.atlas import Atlas
from gerdy.atlas.conditions import Facts
from gerdy.case import Answer, Observation, Person, is_positive


def facts_of(
    atlas: Atlas, person: Person, observations: Iterable[Observation], regions: Mapping[str, float]
) -> Facts:
    """Return the facts of one complaint; ``regions`` maps painted region ids to their pain 0-10."""
    yes: set[str] = set()
    no: set[str] = set()
    levels: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for observation in observations:
        finding = atlas.findings[observation.finding_id]
        verdict = is_positive(finding, observation.value)
        if verdict is not None:
            (yes if verdict else no).add(finding.id)
        if isinstance(observation.value, str):
            if not isinstance(observation.value, Answer):
                levels[finding.id] = observation.value
        else:
            numbers[finding.id] = float(observation.value)
    known = {
        "age": person.age,
        "sex": person.sex,
        "activities": person.activities,
        "bmi": person.bmi,
        "height_cm": person.height_cm,
        "mass_kg": person.mass_kg,
    }
    painted = frozenset(region for region, pain in regions.items() if pain > 0)
    return Facts(frozenset(yes), frozenset(no), levels, numbers, painted, known)
