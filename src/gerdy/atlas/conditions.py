"""The little language in which safety rules say when they fire.

An expression is a finding id (answered positive), or a map:
``{all: [..]}``, ``{any: [..]}``, ``{count: n, of: [..]}``, ``{not: X}`` (answered, and not so),
``{person: age, from: 50, below: 70}``, ``{person: sex, is: female}``, ``{person: activities, is: running}``,
``{region: groin}`` (painted), ``{finding: ID, from: x, below: y}`` (measured), ``{level: ID, is: [..]}`` (graded).

What is not known never fires a rule, and never keeps one from firing through ``not``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gerdy.atlas import model as m
from gerdy.errors import AtlasError


@dataclass(frozen=True)
class Facts:
    """What is known of one complaint, as far as rules can ask."""

    positive: frozenset[str] = frozenset()
    negative: frozenset[str] = frozenset()
    levels: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    regions: frozenset[str] = frozenset()
    person: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds (None: cannot be told), and the ids that made it hold."""

    holds: bool | None
    because: tuple[str, ...] = ()


def judge(when: Any, facts: Facts) -> Verdict:
    """Evaluate an expression in three-valued logic.

    Raises
    ------
    AtlasError
        If the expression is not in the language.
    """
    if isinstance(when, str):
        known = when in facts.positive or when in facts.negative
        return Verdict(when in facts.positive if known else None, (when,))
    if not isinstance(when, dict):
        raise AtlasError(f"a rule's condition must be a finding id or a map, not {when!r}.")
    if "all" in when:
        return _counted([judge(part, facts) for part in when["all"]], len(when["all"]))
    if "any" in when:
        return _counted([judge(part, facts) for part in when["any"]], 1)
    if "count" in when:
        return _counted([judge(part, facts) for part in when["of"]], int(when["count"]))
    if "not" in when:
        inner = judge(when["not"], facts)
        return Verdict(None if inner.holds is None else not inner.holds, inner.because)
    if "region" in when:
        return Verdict(when["region"] in facts.regions, (when["region"],))
    if "person" in when:
        return _person(when, facts)
    if "level" in when:
        level = facts.levels.get(when["level"])
        return Verdict(None if level is None else level in _listed(when["is"]), (when["level"],))
    if "finding" in when:
        number = facts.numbers.get(when["finding"])
        return Verdict(None if number is None else _between(number, when), (when["finding"],))
    raise AtlasError(f"a rule's condition has no known key: {sorted(when)}.")


def _counted(parts: list[Verdict], needed: int) -> Verdict:
    true = [part for part in parts if part.holds]
    if len(true) >= needed:
        return Verdict(True, tuple(dict.fromkeys(name for part in true for name in part.because)))
    unknown = sum(part.holds is None for part in parts)
    return Verdict(None if len(true) + unknown >= needed else False)


def _person(when: Mapping[str, Any], facts: Facts) -> Verdict:
    name = when["person"]
    value = facts.person.get(name)
    if value is None:
        return Verdict(None, (name,))
    if name == "activities":
        return Verdict(any(one in value for one in _listed(when["is"])), (name,))
    if "is" in when:
        return Verdict(value in _listed(when["is"]), (name,))
    return Verdict(_between(float(value), when), (name,))


def _between(number: float, when: Mapping[str, Any]) -> bool:
    return bool(when.get("from", -float("inf")) <= number < when.get("below", float("inf")))


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


_PERSON = {"age", "sex", "activities", "bmi", "height_cm", "mass_kg"}


def mentioned(when: Any) -> Iterator[tuple[str, str]]:
    """Give (kind, id) for everything an expression mentions: finding, level, number, region or person."""
    if isinstance(when, str):
        yield "finding", when
    elif isinstance(when, dict):
        for key, kind in (
            ("region", "region"),
            ("level", "level"),
            ("finding", "number"),
            ("person", "person"),
        ):
            if key in when:
                yield kind, when[key]
        for key in ("all", "any", "of"):
            for part in when.get(key, []):
                yield from mentioned(part)
        if "not" in when:
            yield from mentioned(when["not"])
    else:
        yield "invalid", repr(when)


def problems(
    rule: m.SafetyRule, findings: Mapping[str, m.Finding], regions: Mapping[str, m.Region]
) -> list[str]:
    """Return what is wrong with a rule's condition, one sentence each; empty when it is sound."""
    found = []
    for kind, name in mentioned(rule.when):
        finding = findings.get(name)
        if kind in {"finding", "level", "number"} and finding is None:
            found.append(f"rule {rule.id}: mentions the unknown finding '{name}'.")
        elif kind == "level" and finding is not None and not finding.levels:
            found.append(f"rule {rule.id}: '{name}' is not graded, so it has no levels.")
        elif kind == "number" and finding is not None and finding.measured is None:
            found.append(f"rule {rule.id}: '{name}' is not measured, so it has no number.")
        elif kind == "region" and name not in regions:
            found.append(f"rule {rule.id}: mentions the unknown region '{name}'.")
        elif kind == "person" and name not in _PERSON:
            found.append(f"rule {rule.id}: '{name}' is nothing known of a person.")
        elif kind == "invalid":
            found.append(f"rule {rule.id}: {name} is not a condition.")
    try:
        judge(rule.when, Facts())
    except (AtlasError, KeyError, TypeError, ValueError) as error:
        found.append(f"rule {rule.id}: its condition cannot be read: {error}")
    return found
