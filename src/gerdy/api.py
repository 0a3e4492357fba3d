"""The front door: a case in, a full answer out; nothing is kept between calls."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from pathlib import Path

import msgspec

from gerdy import case as case_room
from gerdy.atlas import load_atlas
from gerdy.atlas.model import Who
from gerdy.care import Limits, Plan, make_plan
from gerdy.case import Case, Means
from gerdy.case.person import MINUTES_PER_DAY
from gerdy.case.person import equipment as known_equipment
from gerdy.chart.likelihood import drawing_term
from gerdy.chart.table import field_table
from gerdy.errors import InputError, UnknownIdError
from gerdy.reasoning.answer import Answer, Question
from gerdy.reasoning.asking import Asking
from gerdy.reasoning.compose import compose
from gerdy.reasoning.enumeration import MOST_SETS, MOST_SETS_ASSESSED
from gerdy.reasoning.model import compile_model
from gerdy.reasoning.site import hurting_regions
from gerdy.reasoning.state import Beliefs, believe


class Assessment(Answer, frozen=True, kw_only=True):
    """The full answer for one complaint: where it comes from, how sure, why, and what to do."""

    plan: Plan
    means: Means  # what the case says of time and equipment
    date: datetime.date | None  # of the case; the reviews of the plan count from it


def load_case(path: str | Path) -> Case:
    """Return the case in a YAML or JSON file.

    Raises
    ------
    CaseError
        Naming file, line and field of the first thing that is wrong.
    FileError
        If the file cannot be read.
    """
    return case_room.load_case(path)


def beliefs(case: Case, complaint: str | None = None, *, most: int = MOST_SETS) -> Beliefs:
    """Return what is believed about one complaint, before it is put into words; weighs about ``most`` sets.

    Raises
    ------
    CaseError
        If the case has several complaints and none, or an unknown one, is named.
    """
    atlas = load_atlas()
    one = case.complaint(complaint)
    drawing = one.drawing(atlas)
    term = None if drawing is None else drawing_term(field_table(atlas), drawing)
    painted = hurting_regions(atlas, drawing)
    return believe(compile_model(atlas), case.person, case.observations(one), painted, term, most=most)


def assess(case: Case, complaint: str | None = None) -> Assessment:
    """Return where the pain of one complaint comes from, how sure that is and why, and what to do.

    Parameters
    ----------
    case : what is known; see ``load_case``.
    complaint : id of the complaint, where the case has several.

    Raises
    ------
    CaseError
        If the case has several complaints and none, or an unknown one, is named.
    """
    one = case.complaint(complaint)
    held = beliefs(case, complaint, most=MOST_SETS_ASSESSED)
    answer = compose(held, complaint=one.id, side=one.side)
    limits = _limits(case.means.minutes_per_day, case.means.equipment)
    return Assessment(
        **{name: getattr(answer, name) for name in answer.__struct_fields__},
        plan=make_plan(load_atlas(), answer, limits, case.date),
        means=case.means,
        date=case.date,
    )


def next_question(
    case: Case, complaint: str | None = None, *, who: str = Who.PERSON, any_value: bool = False
) -> Question | None:
    """Return what is most worth finding out next, or None when nothing is.

    Safety screens come first, then the finding with the largest expected gain in decision value per cost.

    Parameters
    ----------
    complaint : id of the complaint, where the case has several.
    who : who can be asked: person, helper, clinician or instrument.
    any_value : return the best question even when none is worth its cost.

    Raises
    ------
    CaseError
        If the case has several complaints and none, or an unknown one, is named.
    InputError
        If ``who`` is none of these.
    """
    if who not in set(Who):
        raise InputError(f"who: must be one of {', '.join(Who)}; got '{who}'.")
    asking = Asking(beliefs(case, complaint), Who(who))
    best = asking.next()
    if best is None and any_value:
        return next(iter(asking.best(1)), None)
    return best


def plan(
    assessment: Assessment,
    *,
    minutes: float | None = None,
    equipment: Collection[str] = (),
    start: datetime.date | None = None,
) -> Plan:
    """Return the plan of an assessment, or a new one within other limits; what is not given stays as in the case.

    Parameters
    ----------
    minutes : minutes a day, 1 to 240.
    equipment : things at hand beside wall, chair, pillow and towel.
    start : the day from which review dates count.

    Raises
    ------
    InputError
        For minutes out of range, or equipment that no exercise uses.
    """
    if minutes is None and not equipment and start is None:
        return assessment.plan
    least, most = MINUTES_PER_DAY
    if minutes is not None and not least <= minutes <= most:
        raise InputError(f"minutes: must be from {least:g} to {most:g} a day; got {minutes:g}.")
    things = {equipment} if isinstance(equipment, str) else set(equipment)
    known = known_equipment(load_atlas())
    for thing in sorted(things - set(known)):
        raise UnknownIdError("equipment", thing, known)
    means = assessment.means
    limits = _limits(means.minutes_per_day if minutes is None else minutes, things or means.equipment)
    return make_plan(load_atlas(), assessment, limits, start or assessment.date)


def _limits(minutes: float | None, equipment: Collection[str]) -> Limits:
    return Limits(
        minutes=20.0 if minutes is None else minutes, equipment=frozenset(equipment) if equipment else None
    )


def to_json(value: msgspec.Struct) -> bytes:
    """Return an assessment, question or plan as JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2)
