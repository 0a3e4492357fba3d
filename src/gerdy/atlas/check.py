"""Hold the shipped facts to their own rules: every number sourced, every reference resolved, every row covered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from gerdy.atlas import model as m
from gerdy.atlas.conditions import problems as rule_problems
from gerdy.atlas.store import ENTRY_KINDS, Atlas, normal_form

LOWEST_RATIO, HIGHEST_RATIO = 0.1, 10.0  # evidence rule C5.6
_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_FREE_SOURCE = re.compile(r"(derived|assumed): \S")


@dataclass(frozen=True)
class Grades:
    """How many numbers stand on each grade, and how many are not verified in their source."""

    count: dict[str, int]
    unverified: int

    @property
    def total(self) -> int:
        """All numbers."""
        return sum(self.count.values())


def bases(value: Any) -> Iterator[m.Basis]:
    """Give every basis and sourced number inside a record, a list or a map."""
    if isinstance(value, m.Basis):
        yield value
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from bases(getattr(value, name))
    elif isinstance(value, dict):
        for inner in value.values():
            yield from bases(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from bases(inner)


def numbers(entry: m.Entry | m.Record) -> Iterator[m.Basis]:
    """Give the basis of every number of an entry; plain numbers stand on the basis of their entry."""
    default = getattr(entry, "basis", None)
    for name in entry.__struct_fields__:
        value = getattr(entry, name)
        for leaf in _leaves(value) if name in {"given", "background", "targets"} else ():
            if isinstance(leaf, float | int) and default is not None:
                yield default
        yield from bases(value)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif value is not None:
        yield value


def grades(atlas: Atlas) -> Grades:
    """Count the numbers of the atlas by grade."""
    count: Counter[str] = Counter()
    unverified = 0
    records: list[m.Record] = [entry for _, entry in atlas.entries()]
    records += [*atlas.relations, *atlas.fields.values(), *atlas.constants.values()]
    for record in records:
        found = [record] if isinstance(record, m.Basis) else list(numbers(record))
        for basis in found:
            count[basis.grade.value] += 1
            unverified += basis.unverified
    return Grades({grade.value: count[grade.value] for grade in m.Grade}, unverified)


def check(atlas: Atlas) -> list[str]:
    """Return everything that breaks a rule of the atlas, one sentence each; empty when all is well."""
    return [
        *_identities(atlas),
        *_sources_of_numbers(atlas),
        *_references(atlas),
        *_likelihoods(atlas),
        *(p for rule in atlas.rules.values() for p in rule_problems(rule, atlas.findings, atlas.regions)),
    ]


def coverage_gaps(atlas: Atlas) -> list[str]:
    """Return inventory rows that no existing atlas id represents, one sentence each."""
    known = {entry.id for _, entry in atlas.entries()}
    gaps = []
    for row, covered in atlas.coverage.items():
        if not covered.ids:
            gaps.append(f"{row} ({covered.row}): represented by nothing.")
        gaps += [
            f"{row}: names '{name}', which is not in the atlas." for name in covered.ids if name not in known
        ]
    return gaps


def _identities(atlas: Atlas) -> Iterator[str]:
    owner: dict[str, str] = {}
    for kind, entry in atlas.entries():
        if not _ID.fullmatch(entry.id):
            yield f"{kind} {entry.id}: an id is lower_snake_case."
        if entry.id in owner:
            yield f"{kind} {entry.id}: the id is already used by {owner[entry.id]}."
        owner[entry.id] = kind
    for kind, entry in atlas.entries():
        for synonym in entry.synonyms:
            name = normal_form(synonym)
            if name in owner and owner[name] != f"{kind} {entry.id}" and name != entry.id:
                yield f"{kind} {entry.id}: the synonym '{synonym}' already names {owner[name]} {name}."
            owner.setdefault(name, f"{kind} {entry.id}")


def _sources_of_numbers(atlas: Atlas) -> Iterator[str]:
    records: list[tuple[str, m.Record]] = [(entry.id, entry) for _, entry in atlas.entries()]
    records += [(f"{r.start} {r.kind} {r.end}", r) for r in atlas.relations]
    records += [(f"field of {f.source}", f) for f in atlas.fields.values()]
    records += [(c.id, c) for c in atlas.constants.values()]
    for name, record in records:
        for basis in bases(record):
            if not _FREE_SOURCE.match(basis.source) and basis.source not in atlas.citations:
                yield f"{name}: '{basis.source}' is no citation, and does not start with derived: or assumed:."


def _references(atlas: Atlas) -> Iterator[str]:
    def missing(owner: str, what: str, names: Any, *kinds: str) -> Iterator[str]:
        for name in names:
            if not any(name in getattr(atlas, kind) for kind in kinds):
                yield f"{owner}: {what} '{name}' is not among the {' or '.join(kinds)}."

    for source in atlas.sources.values():
        yield from missing(source.id, "structure", [source.structure], "structures")
        yield from missing(source.id, "pathway", [source.pathway], "pathways")
        yield from missing(source.id, "referral field", [source.id], "fields")
    for name in atlas.fields:
        yield from missing(f"field of {name}", "source", [name], "sources")
    for finding in atlas.findings.values():
        yield from missing(finding.id, "linked source", finding.given, "sources")
        yield from missing(finding.id, "excluded finding", finding.excludes, "findings")
        yield from missing(finding.id, "needed finding", [finding.needs] if finding.needs else [], "findings")
        yield from missing(finding.id, "screen", [finding.screen] if finding.screen else [], "screens")
        yield from missing(
            finding.id, "observed state", [finding.observes] if finding.observes else [], "contributors"
        )
    for contributor in atlas.contributors.values():
        yield from missing(contributor.id, "linked source", contributor.given, "sources")
    for item in atlas.interventions.values():
        yield from missing(item.id, "target", item.targets, "sources", "contributors")
        yield from missing(item.id, "other intervention", [*item.equivalents, *item.after], "interventions")
        yield from missing(
            item.id, "finding to avoid", [a.finding for a in item.avoid if a.finding], "findings"
        )
        yield from missing(item.id, "source to avoid", [a.source for a in item.avoid if a.source], "sources")
    for claim in atlas.claims.values():
        yield from missing(claim.id, "citation", [*claim.says, *claim.citations], "citations")
        yield from missing(claim.id, "topic", claim.topics, *ENTRY_KINDS)
    for relation in atlas.relations:
        ends = (relation.start, relation.end)
        yield from missing(f"relation {relation.kind}", "end", ends, *ENTRY_KINDS)


def _likelihoods(atlas: Atlas) -> Iterator[str]:
    owners: list[m.Finding | m.Contributor] = [*atlas.findings.values(), *atlas.contributors.values()]
    for owner in owners:
        if isinstance(owner, m.Finding):
            yield from _shape(owner)
        if owner.background is None:
            continue
        base = _value(owner.background)
        for source, raw in owner.given.items():
            chance = _value(raw)
            if not (0 < chance < 1 and 0 < base < 1):
                yield f"{owner.id}: the chance with {source} and the background must lie between 0 and 1."
                continue
            for ratio in (chance / base, (1 - chance) / (1 - base)):
                if not LOWEST_RATIO * 0.999 <= ratio <= HIGHEST_RATIO * 1.001:
                    yield (
                        f"{owner.id}: the likelihood ratio for {source} is {ratio:.3g}; accuracy studies of this "
                        f"field allow {LOWEST_RATIO:g} to {HIGHEST_RATIO:g}."
                    )


def _shape(finding: m.Finding) -> Iterator[str]:
    ways = [finding.background is not None, finding.observes is not None, finding.silent]
    if sum(ways) != 1:
        yield f"{finding.id}: needs exactly one of background, observes and silent."
    if finding.observes and not (finding.yes or finding.levels or finding.measured):
        yield f"{finding.id}: observes a state but says neither yes, levels nor measured."
    for side in ("on", "off"):
        if finding.levels and not finding.silent:
            total = sum(_value(getattr(level, side)) for level in finding.levels)
            if abs(total - 1) > 1e-6:
                yield f"{finding.id}: the chances of its levels when {side} add up to {total:.4g}, not 1."


def _value(raw: float | m.Number) -> float:
    return raw.value if isinstance(raw, m.Number) else raw
