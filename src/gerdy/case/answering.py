"""Answer and take back findings, as an interview does; every step gives a new case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gerdy.atlas import Atlas, load_atlas
from gerdy.atlas.model import Finding
from gerdy.case.contradictions import check_case
from gerdy.case.model import Complaint, Given, Sides, Value
from gerdy.case.problems import RefusedError, shown
from gerdy.case.values import read_value
from gerdy.case.words import find_finding
from gerdy.chart.limb import Side
from gerdy.errors import CaseError

if TYPE_CHECKING:  # a case answers by calling this module
    from gerdy.case.case import Case


def answer(
    case: Case, finding_id: str, value: object, complaint: str | None = None, *, atlas: Atlas | None = None
) -> Case:
    """Return the case with a finding answered.

    Parameters
    ----------
    finding_id : an id or synonym.
    value : a word, level or number as in a case file, or ``{"left": ..., "right": ...}``; the value on the
        other leg, where one is known, is kept.
    complaint : the complaint it is about; without one, it holds for all of them.

    Raises
    ------
    UnknownIdError
        If no finding has this name.
    CaseError
        If the finding cannot have this value, or it contradicts what is known.
    """
    atlas = load_atlas() if atlas is None else atlas
    finding = find_finding(atlas, finding_id)
    try:
        read = _read(finding, value)
    except RefusedError as error:
        raise CaseError(str(error), file=case.file, field=f"findings.{finding.id}") from error
    if complaint is None:
        side = case.complaints[0].side
        given = Given(_merged(case.findings.get(finding.id), read, side))
        # An older answer under one complaint would hide the new one.
        complaints = tuple(_without(one, finding.id) for one in case.complaints)
        changed = replace(case, findings={**case.findings, finding.id: given}, complaints=complaints)
    else:
        own = case.complaint(complaint)
        given = Given(_merged(own.findings.get(finding.id), read, own.side))
        changed = _with(case, replace(own, findings={**own.findings, finding.id: given}))
    check_case(changed, atlas)
    return changed


def retract(case: Case, finding_id: str, complaint: str | None = None, *, atlas: Atlas | None = None) -> Case:
    """Return the case as if a finding had not been answered; what the drawing implies stays.

    Without ``complaint`` the finding is taken back everywhere; with one, only that complaint's own answer is.

    Raises
    ------
    UnknownIdError
        If no finding has this name.
    CaseError
        If there is no such complaint.
    """
    name = find_finding(load_atlas() if atlas is None else atlas, finding_id).id
    if complaint is not None:
        return _with(case, _without(case.complaint(complaint), name))
    findings = {key: given for key, given in case.findings.items() if key != name}
    return replace(case, findings=findings, complaints=tuple(_without(one, name) for one in case.complaints))


def _read(finding: Finding, value: object) -> Value | Sides:
    if not isinstance(value, Mapping | Sides):
        return read_value(finding, value)
    pairs = dict(value) if isinstance(value, Mapping) else {"left": value.left, "right": value.right}
    if not finding.sided or not pairs or not {"left", "right"}.issuperset(pairs):
        raise RefusedError(f"must be one value{', or left and right' * finding.sided}; got {shown(value)}.")
    return Sides(**{side: read_value(finding, one) for side, one in pairs.items() if one is not None})


def _merged(before: Given | None, new: Value | Sides, side: Side) -> Value | Sides:
    """Keep what is known of the other leg."""
    old = before.value if before is not None else None
    if isinstance(new, Sides):
        if old is None:
            return new
        known = old if isinstance(old, Sides) else Sides(**{side: old})
        left = known.left if new.left is None else new.left
        return Sides(left, known.right if new.right is None else new.right)
    if isinstance(old, Sides):
        return Sides(new, old.right) if side == "left" else Sides(old.left, new)
    return new


def _without(complaint: Complaint, name: str) -> Complaint:
    if name not in complaint.findings:
        return complaint
    return replace(complaint, findings={key: one for key, one in complaint.findings.items() if key != name})


def _with(case: Case, changed: Complaint) -> Case:
    return replace(
        case, complaints=tuple(changed if one.id == changed.id else one for one in case.complaints)
    )
