"""From the text of a case file to a ``Case``, with everything that is wrong reported together."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from gerdy.atlas import Atlas, load_atlas
from gerdy.case.case import Case
from gerdy.case.complaint import read_complaint
from gerdy.case.contradictions import check_case
from gerdy.case.findings import read_findings
from gerdy.case.form import Form
from gerdy.case.model import Complaint
from gerdy.case.person import read_means, read_person
from gerdy.case.problems import Problems, RefusedError, shown
from gerdy.case.reading import Table, read_bytes, read_file, read_text
from gerdy.case.scalars import Raw
from gerdy.case.since import read_date
from gerdy.case.words import is_finding

VERSION = 1


def load_case(path: str | Path, *, atlas: Atlas | None = None) -> Case:
    """Return the case in a file (YAML or JSON).

    Raises
    ------
    FileError
        If the file cannot be read or has more than 1 MB.
    CaseError
        Naming file, line and field of the first problem; the message lists all of them.
    """
    return _case(read_file(path), str(path), atlas)


def parse_case(content: str | bytes, name: str | None = None, *, atlas: Atlas | None = None) -> Case:
    """Return the case in a text (YAML or JSON); ``name`` is used in errors.

    Raises
    ------
    CaseError
        Naming line and field of the first problem; the message lists all of them.
    """
    table = read_bytes(content, name) if isinstance(content, bytes) else read_text(content, name)
    return _case(table, name, atlas)


def _case(root: Table, name: str | None, atlas: Atlas | None) -> Case:
    atlas = load_atlas() if atlas is None else atlas
    problems = Problems(name)
    form = Form(root, "", problems)
    form.read("gerdy", _version)
    if form.take("gerdy") is None:
        form.wrong("gerdy", f"is missing; a case begins with `gerdy: {VERSION}`, the version of its format.")
        # Anything may follow in a file that is no case; one problem says it all.
        problems.check()
    person = read_person(form.table("person"))
    complaints = _complaints(form, atlas)
    findings = read_findings(form.table("findings"), atlas)
    means = read_means(form.table("care"), atlas)
    date, notes = form.read("date", read_date), form.text("notes")
    form.close(partial(is_finding, atlas))
    problems.check()
    case = Case(person, complaints, findings, date=date, means=means, notes=notes, file=name)
    check_case(case, atlas)
    return case


def _version(raw: Raw) -> int:
    if raw != VERSION or isinstance(raw, bool):
        newer = isinstance(raw, int | float) and raw > VERSION
        remedy = "install a newer Gerdy" if newer else f"write `gerdy: {VERSION}`"
        raise RefusedError(f"must be {VERSION}, the version of the format; got {shown(raw)}; {remedy}.")
    return VERSION


def _complaints(form: Form, atlas: Atlas) -> tuple[Complaint, ...]:
    one, several = form.take("complaint"), form.take("complaints")
    if one is not None and several is not None:
        form.wrong("complaints", "stands beside `complaint`; write all of them under `complaints`.")
        return ()
    if one is not None:
        complaint = read_complaint(form.table("complaint"), atlas, "main")
        return () if complaint is None else (complaint,)
    found: dict[str, Complaint] = {}
    for place, node in enumerate(form.items("complaints"), start=1):
        part = Form(node, f"complaints[{place}]", form.problems)
        complaint = read_complaint(part, atlas, f"complaint_{place}")
        if complaint is not None and complaint.id in found:
            part.wrong("id", f"{shown(complaint.id)} is taken by an earlier complaint; choose another.")
        elif complaint is not None:
            found[complaint.id] = complaint
    if several is None or not form.items("complaints"):
        form.wrong("complaint", "is missing; write `complaint:` with side and pain.")
    return tuple(found.values())
