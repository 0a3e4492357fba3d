"""A case: everything given about one person, and what of it holds for each complaint."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from gerdy.atlas import Atlas
from gerdy.case import answering
from gerdy.case.model import (
    IMPLIED,
    Answer,
    Complaint,
    Given,
    Means,
    Observation,
    Person,
    Quality,
    Sides,
    Value,
)
from gerdy.chart.limb import Side
from gerdy.errors import CaseError


@dataclass(frozen=True)
class Case:
    """One person's complaints and findings; a complaint's own findings come before those of the case."""

    person: Person
    complaints: tuple[Complaint, ...]
    findings: Mapping[str, Given] = field(default_factory=dict)
    date: datetime.date | None = None
    means: Means = field(default_factory=Means)
    notes: str = ""
    file: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Refuse a case about nothing.

        Raises
        ------
        CaseError
            If there is no complaint.
        """
        if not self.complaints:
            raise CaseError("a case needs at least one complaint.", file=self.file, field="complaints")

    def complaint(self, name: str | None = None) -> Complaint:
        """Return a complaint by id; without one, the only one there is.

        Raises
        ------
        CaseError
            If there is no such complaint, or several to choose from.
        """
        ids = [complaint.id for complaint in self.complaints]
        if name is None and len(ids) == 1:
            return self.complaints[0]
        if name not in ids:
            rule = f"there is no complaint '{name}'" if name is not None else "say which complaint is meant"
            raise CaseError(f"{rule}; choose from {', '.join(ids)}.", file=self.file, field="complaint")
        return self.complaints[ids.index(name)]

    def observations(self, complaint: Complaint | str | None = None) -> tuple[Observation, ...]:
        """Return what holds for a complaint on its side, answers "unknown" included, in the order given.

        What the drawing implies comes last, and only where nothing was answered.

        Raises
        ------
        CaseError
            If no complaint is named and there are several.
        """
        own = complaint if isinstance(complaint, Complaint) else self.complaint(complaint)
        found: dict[str, Observation] = {}
        for name in dict.fromkeys((*self.findings, *own.findings)):
            given = own.findings.get(name) or self.findings[name]
            value, other = _on_side(self.findings.get(name), own.findings.get(name), own.side)
            if value is not None:
                found[name] = Observation(name, value, other, line=given.line)
        for quality in Quality:
            name = IMPLIED[quality]
            if quality in own.all_qualities and name not in found:
                found[name] = Observation(name, Answer.POSITIVE, implied=True, line=own.line)
        return tuple(found.values())

    def value(self, finding_id: str, complaint: Complaint | str | None = None) -> Value | None:
        """Return the value of a finding for a complaint; None where it was not answered.

        Raises
        ------
        CaseError
            If no complaint is named and there are several.
        """
        for observation in self.observations(complaint):
            if observation.finding_id == finding_id:
                return observation.value
        return None

    def answer(
        self, finding_id: str, value: object, complaint: str | None = None, *, atlas: Atlas | None = None
    ) -> Case:
        """Return the case with a finding answered; see ``answering.answer``.

        Raises
        ------
        UnknownIdError
            If no finding has this name.
        CaseError
            If the finding cannot have this value, or it contradicts what is known.
        """
        return answering.answer(self, finding_id, value, complaint, atlas=atlas)

    def retract(self, finding_id: str, complaint: str | None = None, *, atlas: Atlas | None = None) -> Case:
        """Return the case as if a finding had not been answered; see ``answering.retract``.

        Raises
        ------
        UnknownIdError
            If no finding has this name.
        CaseError
            If there is no such complaint.
        """
        return answering.retract(self, finding_id, complaint, atlas=atlas)


def other_side(side: Side) -> Side:
    """Return the opposite side."""
    return "left" if side == "right" else "right"


def _on_side(shared: Given | None, own: Given | None, side: Side) -> tuple[Value | None, Value | None]:
    """Return the value on the affected side and on the other; the complaint's own come first."""
    value = other = None
    for given in (own, shared):
        if given is None:
            continue
        sides = given.value
        if isinstance(sides, Sides):
            value = sides.of(side) if value is None else value
            other = sides.of(other_side(side)) if other is None else other
        elif value is None:
            value = sides
    return value, other
