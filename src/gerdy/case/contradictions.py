"""What cannot all be true of one person: refused, because a posterior from it would mean nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gerdy.atlas import Atlas
from gerdy.case.model import IMPLIED, Answer, Complaint, Observation, Sex, Sides
from gerdy.case.problems import Problems
from gerdy.case.since import days_since
from gerdy.case.values import is_positive
from gerdy.chart.cells import Mask, cells
from gerdy.chart.drawing import Drawing, mark_mask
from gerdy.chart.manner import drawing_model
from gerdy.chart.marking import painted_share
from gerdy.chart.regions import mask_of
from gerdy.errors import InputError

if TYPE_CHECKING:  # a case checks itself when it is answered, so it imports this module
    from gerdy.case.case import Case

WORST_PAIN = "worst_pain"


@dataclass(frozen=True)
class Contradiction:
    """One clash: the message says what clashes and what to change."""

    message: str
    line: int | None
    field: str


def check_case(case: Case, atlas: Atlas) -> None:
    """Refuse a case that contradicts itself.

    Raises
    ------
    CaseError
        Listing every contradiction.
    """
    problems = Problems(case.file)
    for found in contradictions(case, atlas):
        problems.add(found.message, line=found.line, field=found.field)
    problems.check()


def contradictions(case: Case, atlas: Atlas) -> Iterator[Contradiction]:
    """Give every contradiction of a case."""
    yield from _ambiguous_sides(case, atlas)
    for complaint in case.complaints:
        observed = {item.finding_id: item for item in case.observations(complaint)}
        yield from _excluded(observed, atlas)
        yield from _sex(case, observed, atlas)
        yield from _qualities(complaint, observed)
        yield from _intensity(complaint, observed)
        yield from _regions(complaint, atlas)
        yield from _beginning(complaint, case.date)


def _ambiguous_sides(case: Case, atlas: Atlas) -> Iterator[Contradiction]:
    if len({complaint.side for complaint in case.complaints}) < 2:
        return
    for name, given in case.findings.items():
        sided = atlas.findings[name].sided and given.value is not Answer.UNKNOWN
        if sided and not isinstance(given.value, Sides):
            message = (
                "may differ between the legs, and there are complaints on both; "
                "write {left: ..., right: ...}, or put it under the complaint it belongs to."
            )
            yield Contradiction(message, given.line, f"findings.{name}")


def _excluded(observed: dict[str, Observation], atlas: Atlas) -> Iterator[Contradiction]:
    positive = {name for name, item in observed.items() if is_positive(atlas.findings[name], item.value)}
    told: set[frozenset[str]] = set()
    for name, item in observed.items():
        for excluded in atlas.findings[name].excludes:
            pair = frozenset((name, excluded))
            if name in positive and excluded in positive and pair not in told:
                told.add(pair)
                message = f"cannot be positive together with {excluded}; correct one, or answer it unknown."
                yield Contradiction(message, item.line, f"findings.{name}")


def _sex(case: Case, observed: dict[str, Observation], atlas: Atlas) -> Iterator[Contradiction]:
    sex = case.person.sex
    if sex is None or sex is Sex.OTHER:
        return
    for name, item in observed.items():
        finding = atlas.findings[name]
        if finding.sex not in (None, sex) and is_positive(finding, item.value):
            message = f"is positive, but person.sex is {sex}; correct one (sex may be other, or left out)."
            yield Contradiction(message, item.line, f"findings.{name}")


def _qualities(complaint: Complaint, observed: dict[str, Observation]) -> Iterator[Contradiction]:
    for quality in sorted(complaint.all_qualities):
        item = observed.get(IMPLIED[quality])
        if item is not None and item.value is Answer.NEGATIVE:
            message = (
                f"is negative, but the complaint {complaint.id} is painted as {quality.value}; correct one."
            )
            yield Contradiction(message, item.line, f"findings.{item.finding_id}")


def _intensity(complaint: Complaint, observed: dict[str, Observation]) -> Iterator[Contradiction]:
    if not complaint.painted:
        return
    worst = observed.get(WORST_PAIN)
    if worst is not None and worst.value == 0:
        yield Contradiction("is 0, but pain is painted; correct one.", worst.line, f"findings.{WORST_PAIN}")
    if complaint.pain and not any(complaint.pain.values()):
        message = "is 0 everywhere, but the drawing holds pain; correct one."
        yield Contradiction(message, complaint.line, f"complaint {complaint.id}, pain")


def _regions(complaint: Complaint, atlas: Atlas) -> Iterator[Contradiction]:
    place = f"complaint {complaint.id}"
    if not complaint.painted:
        return
    try:
        drawing = complaint.drawing(atlas)
    except InputError as error:
        yield Contradiction(str(error), complaint.line, place)
        return
    spared = [name for name, intensity in complaint.pain.items() if intensity == 0]
    if drawing is None or not any(complaint.pain.values()):  # 0 everywhere was said already
        return
    for name in spared:
        if _drawn(drawing, mask_of(atlas, name)):
            message = "is 0, but the drawing holds pain there; correct one."
            yield Contradiction(message, complaint.line, f"{place}, pain.{name}")


def _drawn(drawing: Drawing, region: Mask) -> bool:
    """Return whether marks paint a region: enough of it to count as marked, or with most of one mark.

    Less than that is an edge reaching in from a neighbour, no contradiction.
    """
    area, painted = cells().area, drawing.painted & drawing.marked
    if painted_share(painted, area, region) >= drawing_model().marked_share:
        return True
    masks = [mark_mask(mark) & painted for mark in drawing.marks if mark.intensity > 0]
    return any(area[mask & region].sum() > 0.5 * area[mask].sum() for mask in masks)


def _beginning(complaint: Complaint, today: datetime.date | None) -> Iterator[Contradiction]:
    if complaint.since is not None and today is not None and days_since(complaint.since, today) < 0:
        message = f"is {complaint.since}, after the date of the case ({today}); correct one."
        yield Contradiction(message, complaint.line, f"complaint {complaint.id}, since")
