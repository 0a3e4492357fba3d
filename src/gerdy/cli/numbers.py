"""Every number of a record, with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from gerdy.atlas.model import Basis, Blob, Contributor, Finding, Modifier, Number, Record

# Fields whose plain numbers are chances or effects, and stand on the basis of their record.
_EVIDENCE = frozenset({"background", "given", "on", "off", "mean", "sd", "targets", "coupling", "p"})


@dataclass(frozen=True)
class Sourced:
    """One number in words, what it is, and its basis; the value is empty where only a basis is given."""

    what: str
    value: str
    basis: Basis


def sourced(record: Record) -> Iterator[Sourced]:
    """Give every number of a record, in the order of its fields."""
    ratios = _ratios(record)
    for row in _walk(record, (), None, evidence=False):
        yield Sourced(row.what + ratios.get(row.what, ""), row.value, row.basis)


def _walk(value: Any, path: Sequence[str], default: Basis | None, *, evidence: bool) -> Iterator[Sourced]:
    what = " ".join(path)
    match value:
        case Number():
            yield Sourced(what or "value", _said(value), value)
            yield from _fields(value, path, default)
        case Basis():
            yield Sourced(what, "", value)
        case msgspec.Struct():
            yield from _fields(value, path, getattr(value, "basis", default))
        case dict():
            for name, inner in value.items():
                yield from _walk(inner, (*path, name), default, evidence=evidence)
        case list() | tuple():
            for place, inner in enumerate(value, start=1):
                yield from _walk(inner, (*path, _label(inner, place)), default, evidence=evidence)
        case bool():
            pass
        case int() | float() if evidence and default is not None:
            yield Sourced(what, f"{value:g}", default)


def _fields(record: msgspec.Struct, path: Sequence[str], default: Basis | None) -> Iterator[Sourced]:
    for name in record.__struct_fields__:
        yield from _walk(getattr(record, name), (*path, name), default, evidence=name in _EVIDENCE)


def _label(item: Any, place: int) -> str:
    """Return what tells an item of a list from its neighbours."""
    match item:
        case Modifier():
            given = {name: getattr(item.when, name) for name in item.when.__struct_fields__}
            spans = ((name, value) for name, value in given.items() if value is not None)
            return " and ".join(f"{name} {_span(value)}" for name, value in spans)
        case Blob():
            return f"{item.segment} {_span(item.along)} around {item.around[0]:g}"
    return str(getattr(item, "id", place))


def _span(value: str | tuple[float, float]) -> str:
    return value if isinstance(value, str) else f"{value[0]:g}-{value[1]:g}"


def _said(number: Number) -> str:
    if number.low is None or number.high is None:
        return f"{number.value:g}"
    return f"{number.value:g} ({number.low:g} to {number.high:g})"


def _ratios(record: Record) -> dict[str, str]:
    """Return the likelihood ratios of a finding or contributor, by the name of the number."""
    if not isinstance(record, Finding | Contributor) or record.background is None:
        return {}
    base = _plain(record.background)
    given = {name: _plain(raw) for name, raw in record.given.items()}
    if not 0 < base < 1:
        return {}
    return {
        f"given {name}": f" (LR+ {chance / base:.2g}, LR- {(1 - chance) / (1 - base):.2g})"
        for name, chance in given.items()
    }


def _plain(raw: float | Number) -> float:
    return raw.value if isinstance(raw, Number) else raw
