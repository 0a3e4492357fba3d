"""Write a case so that it loads back equal, and never leave a half-written file behind."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from gerdy.atlas import Atlas
from gerdy.case.case import Case
from gerdy.case.model import Complaint, Given, Means, Person, Sides, Value
from gerdy.case.parsing import VERSION, parse_case
from gerdy.case.problems import RefusedError
from gerdy.case.quantity import tidy
from gerdy.case.reading import read_file
from gerdy.case.scalars import resolve
from gerdy.chart.drawing import Mark
from gerdy.errors import FileError, InputError
from gerdy.files import write_whole

WIDTH = 110


def dump_case(case: Case) -> str:
    """Return the case as YAML; loading it gives an equal case. What is empty or unknown is left out."""
    return yaml.dump(as_document(case), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)


def as_document(case: Case) -> dict[str, Any]:
    """Return the case as plain tables, lists, texts and numbers, in the shape of the case file."""
    complaints = [_complaint(complaint) for complaint in case.complaints]
    alone = len(complaints) == 1
    if alone and complaints[0]["id"] == "main":
        del complaints[0]["id"]
    return _filled(
        {
            "gerdy": VERSION,
            "date": None if case.date is None else case.date.isoformat(),
            "person": _person(case.person),
            "complaint" if alone else "complaints": complaints[0] if alone else complaints,
            "findings": _findings(case.findings),
            "care": _means(case.means),
            "notes": case.notes,
        }
    )


def save_case(path: str | Path, case: Case, *, force: bool = False, atlas: Atlas | None = None) -> None:
    """Write the case to a file, all of it or nothing: YAML, or JSON where the name ends in ``.json``.

    A file that is there already is replaced only if it is a Gerdy case, or with ``force``. A new file can be
    read by its owner alone: it is about somebody's health.

    Raises
    ------
    FileError
        If the file cannot be written, or is something else than a case.
    CaseError
        If the case would not load back.
    """
    target = Path(path)
    text = dump_case(case)
    if target.suffix.lower() == ".json":
        text = json.dumps(as_document(case), indent=2, ensure_ascii=False) + "\n"
    parse_case(text, str(path), atlas=atlas)
    if not force and _is_something_else(target):
        raise FileError(f"{path}: is not a Gerdy case, and is left alone; choose another name, or force it.")
    write_whole(path, text.encode())


def _is_something_else(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a name no file can have is told when it is written
        return path.exists() and not is_case_file(path)
    return False


def is_case_file(path: Path) -> bool:
    """Return whether a file reads as a Gerdy case, by its ``gerdy:`` field; its details may be wrong."""
    try:
        return "gerdy" in read_file(path).fields
    except InputError:
        return False


class _Dumper(yaml.SafeDumper):
    """Writes lines of text as lines, and quotes what would not survive otherwise."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    # Other line ends and tabs would be folded into spaces; a word like 0E0 would come back as a number.
    if not text.replace("\n", "").isprintable() or not _is_word(text):
        style = '"'
    elif "\n" in text:
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def _is_word(text: str) -> bool:
    try:
        return not text or resolve(text) == text
    except RefusedError:
        return False


_Dumper.add_representer(str, _represent_text)


def _filled(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value is not None and value not in ("", [], {})}


def _number(value: float | None) -> int | float | None:
    return None if value is None else tidy(value)


def _person(person: Person) -> dict[str, Any]:
    return _filled(
        {
            "age": _number(person.age),
            "sex": None if person.sex is None else person.sex.value,
            "height_cm": _number(person.height_cm),
            "mass_kg": _number(person.mass_kg),
            "activities": list(person.activities),
        }
    )


def _means(means: Means) -> dict[str, Any]:
    return _filled(
        {
            "minutes_per_day": _number(means.minutes_per_day),
            "days_per_week": means.days_per_week,
            "equipment": list(means.equipment),
            "goal": means.goal,
        }
    )


def _complaint(complaint: Complaint) -> dict[str, Any]:
    return _filled(
        {
            "id": complaint.id,
            "side": complaint.side,
            "since": complaint.since,
            "pain": {region: tidy(intensity) for region, intensity in complaint.pain.items()},
            "drawing": [_mark(mark) for mark in complaint.marks],
            "quality": [quality.value for quality in complaint.qualities],
            "findings": _findings(complaint.findings),
        }
    )


def _mark(mark: Mark) -> dict[str, Any]:
    return _filled(
        {
            "segment": mark.segment,
            "along": _span(mark.along),
            "around": _span(mark.around),
            "intensity": tidy(mark.intensity),
            "quality": mark.quality,
        }
    )


def _span(ends: tuple[float, float] | float) -> int | float | list[int | float]:
    return [tidy(end) for end in ends] if isinstance(ends, tuple) else tidy(ends)


def _findings(findings: Mapping[str, Given]) -> dict[str, Any]:
    return {name: _value(given.value) for name, given in findings.items()}


def _value(value: Value | Sides) -> Any:
    if isinstance(value, Sides):
        pairs = (("left", value.left), ("right", value.right))
        return {side: _value(one) for side, one in pairs if one is not None}
    return tidy(value) if isinstance(value, float) else str(value)
