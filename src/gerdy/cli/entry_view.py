"""One entry of the atlas as a page: what it is, its numbers, what it acts on, and who says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

import msgspec

from gerdy.atlas import Atlas
from gerdy.atlas.graph import graph_of
from gerdy.atlas.model import Basis, Entry, Record, Relation, RelationKind
from gerdy.cli.citing import source_of
from gerdy.cli.numbers import Sourced, sourced
from gerdy.cli.page import HEADING, QUIET, Page

_HANG = 14
_HEAD = frozenset({"id", "name", "clinical", "synonyms"})


class Sources:
    """The sources of one page, numbered as they are first named."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}

    def mark(self, basis: Basis) -> str:
        """Return grade and number of a source, e.g. ``B [2]``."""
        number = self._number.setdefault(basis.source, len(self._number) + 1)
        return f"{basis.grade.value}{'?' if basis.unverified else ''} [{number}]"

    def show(self, page: Page, atlas: Atlas) -> None:
        """Write the list of sources."""
        if not self._number:
            return
        page.heading("Sources (grade A trial to E assumed; ? not seen in its source)")
        for source, number in self._number.items():
            page.say(source_of(atlas, source), indent=2, label=f"[{number}]", hang=5)


def show_entry(page: Page, atlas: Atlas, kind: str, entry: Entry) -> None:
    """Write everything the atlas holds of an entry."""
    sources = Sources()
    page.say(f"{entry.name} ({entry.clinical})", style=HEADING)
    page.say(f"{kind.removesuffix('s')} {entry.id}", style=QUIET)
    if entry.synonyms:
        page.say(", ".join(entry.synonyms), label="also", hang=_HANG)
    for label, text in told(entry):
        page.say(text, label=label, hang=_HANG)
    _show_numbers(page, "Numbers", list(sourced(entry)), sources)
    if entry.id in atlas.fields:
        _show_numbers(page, "Where it is felt", list(sourced(atlas.fields[entry.id])), sources)
    _show_relations(page, atlas, entry.id, sources)
    _show_users(page, atlas, entry.id)
    sources.show(page, atlas)


def told(record: msgspec.Struct, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Give the words of a record, field by field; its sourced numbers are told apart."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if (not path and name in _HEAD) or isinstance(value, Basis):
            continue
        label = " ".join((*path, name)).replace("_", " ")
        if isinstance(value, msgspec.Struct):
            yield from told(value, (*path, name))
        elif text := json.dumps(value) if name == "when" and not isinstance(value, str) else _said(value):
            yield label, text


def _said(value: Any) -> str:
    match value:
        case None | "" | False | [] | {}:
            return ""
        case True:
            return "yes"
        case Enum():
            return str(value.value)
        case str():
            return value
        case [*items] if all(isinstance(item, str) for item in items):
            return "; ".join(item.rstrip(".") for item in items)
        case dict() if all(isinstance(item, str) for item in value.values()):
            return ", ".join(f"{name} {item}" for name, item in value.items())
        case tuple():
            return " to ".join(str(item) for item in value)
    return ""


def _show_numbers(page: Page, title: str, rows: list[Sourced], sources: Sources) -> None:
    if not rows:
        return
    page.heading(f"{title} (value, grade, source)")
    for row in rows:
        said = f"{row.value} " if row.value else ""
        people = f", n {row.basis.n}" if row.basis.n is not None else ""
        page.say(f"{row.what}{people}", indent=2, label=f"{said}{sources.mark(row.basis)}", hang=_HANG)


def _show_relations(page: Page, atlas: Atlas, name: str, sources: Sources) -> None:
    graph = graph_of(atlas)
    out, into = graph.out(name, *RelationKind), graph.into(name, *RelationKind)
    if out or into:
        page.heading("Relations")
    for relation in out:
        page.say(_relation(relation, "this", relation.end, sources), indent=2, label="→", hang=2)
    for relation in into:
        page.say(_relation(relation, relation.start, "this", sources), indent=2, label="←", hang=2)


def _relation(relation: Relation, start: str, end: str, sources: Sources) -> str:
    coupling = f", coupling {relation.coupling:g}" if relation.coupling is not None else ""
    says = f": {relation.says}" if relation.says else ""
    kind = relation.kind.value.replace("_", " ")
    return f"{start} {kind} {end}{coupling} ({sources.mark(relation.basis)}){says}"


def _show_users(page: Page, atlas: Atlas, name: str) -> None:
    """Write which findings speak about an entry, and which interventions act on it."""
    findings = [f.id for f in atlas.findings.values() if name in f.given or name == f.observes]
    states = [c.id for c in atlas.contributors.values() if name in c.given]
    items = [i.id for i in atlas.interventions.values() if name in i.targets]
    for title, ids in (
        ("Findings that speak of it", findings),
        ("Contributors and mechanisms linked to it", states),
        ("Interventions that act on it", items),
    ):
        if ids:
            page.heading(title)
            page.say(", ".join(ids), indent=2)


def entry_document(atlas: Atlas, kind: str, entry: Entry) -> dict[str, Any]:
    """Return an entry with its relations and the citations behind its numbers, as plain data."""
    graph = graph_of(atlas)
    out, into = graph.out(entry.id, *RelationKind), graph.into(entry.id, *RelationKind)
    records: list[Record] = [entry, *out, *into]
    if entry.id in atlas.fields:
        records.append(atlas.fields[entry.id])
    used = {row.basis.source for record in records for row in sourced(record)}
    used |= {name for field in ("says", "citations") for name in getattr(entry, field, [])}
    document = {
        "kind": kind.removesuffix("s"),
        "entry": msgspec.to_builtins(entry),
        "relations": {"out": msgspec.to_builtins(out), "in": msgspec.to_builtins(into)},
        "citations": {
            name: msgspec.to_builtins(atlas.citations[name]) for name in sorted(used & set(atlas.citations))
        },
    }
    if entry.id in atlas.fields:
        document["field"] = msgspec.to_builtins(atlas.fields[entry.id])
    return document


def users_of(atlas: Atlas, citation: str) -> list[Sourced]:
    """Return every number that rests on a citation, directly or through a derivation that names it."""
    named = re.compile(rf"\b{re.escape(citation)}\b")
    records: list[tuple[str, Record]] = [(entry.id, entry) for _, entry in atlas.entries()]
    records += [(f"{r.start} {r.kind.value} {r.end}", r) for r in atlas.relations]
    records += [(f"field of {f.source}", f) for f in atlas.fields.values()]
    records += [(constant.id, constant) for constant in atlas.constants.values()]
    return [
        Sourced(f"{name}: {row.what}", row.value, row.basis)
        for name, record in records
        for row in sourced(record)
        if named.search(row.basis.source)
    ]
