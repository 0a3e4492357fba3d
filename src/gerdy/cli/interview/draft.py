"""A case as it grows: every change goes through the same reading rules as a case file."""

from __future__ import annotations

import datetime
import json
from typing import Any

from gerdy.atlas import Atlas
from gerdy.case import Case, as_document, parse_case
from gerdy.case.parsing import VERSION


def begun(side: str, atlas: Atlas) -> Case:
    """Return a new case with a complaint on one side, dated today.

    Raises
    ------
    CaseError
        If it is not a side.
    """
    today = datetime.datetime.now().astimezone().date().isoformat()
    return _read({"gerdy": VERSION, "date": today, "complaint": {"side": side}}, atlas)


def with_person(case: Case, field: str, value: object, atlas: Atlas) -> Case:
    """Return the case with a fact about the person; None takes it out.

    Raises
    ------
    CaseError
        If the person cannot have it.
    """
    document = as_document(case)
    document["person"] = {**document.get("person", {}), field: value}
    return _read(document, atlas)


def with_complaint(case: Case, complaint: str, field: str, value: object, atlas: Atlas) -> Case:
    """Return the case with a field of one complaint changed; None takes it out.

    Raises
    ------
    CaseError
        If the field cannot hold it.
    """
    document = as_document(case)
    tables = [document["complaint"]] if "complaint" in document else document["complaints"]
    for table in tables:
        if table.get("id", "main") == complaint:
            table[field] = value
    return _read(document, atlas)


def _read(document: dict[str, Any], atlas: Atlas) -> Case:
    return parse_case(json.dumps(document, ensure_ascii=False), atlas=atlas)
