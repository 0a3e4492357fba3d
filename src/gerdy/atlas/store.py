"""Read the atlas: the YAML files in ``data/``, validated, frozen and cached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

import msgspec
import yaml

from gerdy.atlas import model as m
from gerdy.errors import AtlasError, UnknownIdError

T = TypeVar("T")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # chosen at run time
    """A safe loader that leaves the words yes, no, on and off as words, as YAML 1.2 does."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))

# A kind is the part of a file's name before the first "-", so that one kind may be spread over several files.
ENTRY_KINDS: Mapping[str, type[m.Entry]] = MappingProxyType(
    {
        "sources": m.Source,
        "contributors": m.Contributor,
        "findings": m.Finding,
        "screens": m.Screen,
        "rules": m.SafetyRule,
        "interventions": m.Intervention,
        "outcomes": m.Outcome,
        "claims": m.Claim,
        "pathways": m.Pathway,
        "structures": m.Structure,
        "regions": m.Region,
    }
)


class CoverageRow(m.Record, frozen=True, kw_only=True):
    """One row of the inventory of the articles, and the atlas ids that represent it."""

    row: str
    ids: list[str]


@dataclass(frozen=True, eq=False)
class Atlas:
    """All facts, by kind and id, in file order."""

    regions: Mapping[str, m.Region]
    structures: Mapping[str, m.Structure]
    pathways: Mapping[str, m.Pathway]
    sources: Mapping[str, m.Source]
    contributors: Mapping[str, m.Contributor]
    findings: Mapping[str, m.Finding]
    screens: Mapping[str, m.Screen]
    rules: Mapping[str, m.SafetyRule]
    interventions: Mapping[str, m.Intervention]
    outcomes: Mapping[str, m.Outcome]
    claims: Mapping[str, m.Claim]
    relations: tuple[m.Relation, ...]
    fields: Mapping[str, m.ReferralField]
    citations: Mapping[str, m.Citation]
    constants: Mapping[str, m.Constant]
    coverage: Mapping[str, CoverageRow]

    def entries(self) -> Iterator[tuple[str, m.Entry]]:
        """Give every entry with the name of its kind."""
        for kind in ENTRY_KINDS:
            for entry in getattr(self, kind).values():
                yield kind, entry

    @cached_property
    def names(self) -> Mapping[str, tuple[str, m.Entry]]:
        """Every id and synonym, in normal form, with kind and entry; ids win over synonyms."""
        table: dict[str, tuple[str, m.Entry]] = {}
        for kind, entry in self.entries():
            for synonym in entry.synonyms:
                table.setdefault(normal_form(synonym), (kind, entry))
        table.update({entry.id: (kind, entry) for kind, entry in self.entries()})
        return MappingProxyType(table)

    def find(self, name: str) -> tuple[str, m.Entry]:
        """Return kind and entry for an id or synonym.

        Raises
        ------
        UnknownIdError
            With the nearest known ids.
        """
        found = self.names.get(normal_form(name))
        if found is None:
            raise UnknownIdError("atlas id", name, self.names)
        return found


def normal_form(name: str) -> str:
    """Return an id-like form of a name: lower case, single underscores."""
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


def parse(text: str, kind: type[T], name: str) -> list[T]:
    """Validate one YAML list of records of ``kind``; ``name`` is used in errors.

    Raises
    ------
    AtlasError
        Naming the file, the entry and the field.
    """
    found = []
    for position, item in enumerate(_yaml(text, name) or []):
        try:
            found.append(msgspec.convert(item, kind))
        except msgspec.ValidationError as error:
            label = item.get("id") if isinstance(item, dict) else None
            raise AtlasError(f"{name}: {label or f'entry {position + 1}'}: {error}") from error
    return found


def _yaml(text: str, name: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, and our own files
    except yaml.YAMLError as error:
        raise AtlasError(f"{name}: not readable as YAML: {error}") from error


def _by_id(records: Iterable[T], key: str) -> Mapping[str, T]:
    table: dict[str, T] = {}
    for record in records:
        name = getattr(record, key)
        if name in table:
            raise AtlasError(f"the id '{name}' is given twice; ids are unique in the atlas.")
        table[name] = record
    return MappingProxyType(table)


@cache
def load_atlas() -> Atlas:
    """Return the shipped atlas, read once per process.

    Raises
    ------
    AtlasError
        If a shipped file breaks the rules of its kind.
    """
    texts: dict[str, list[tuple[str, str]]] = {}
    data = resources.files("gerdy.atlas") / "data"
    for file in sorted(data.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            kind = file.name.removesuffix(".yaml").split("-")[0]
            texts.setdefault(kind, []).append((file.name, file.read_text("utf-8")))

    def records(stem: str, kind: type[T]) -> list[T]:
        return [record for name, text in texts.get(stem, []) for record in parse(text, kind, name)]

    coverage = {
        row: msgspec.convert(item, CoverageRow)
        for name, text in texts.get("coverage", [])
        for row, item in (_yaml(text, name) or {}).items()
    }

    def table(stem: str, kind: type[T]) -> Mapping[str, T]:
        return _by_id(records(stem, kind), "id")

    return Atlas(
        regions=table("regions", m.Region),
        structures=table("structures", m.Structure),
        pathways=table("pathways", m.Pathway),
        sources=table("sources", m.Source),
        contributors=table("contributors", m.Contributor),
        findings=table("findings", m.Finding),
        screens=table("screens", m.Screen),
        rules=table("rules", m.SafetyRule),
        interventions=table("interventions", m.Intervention),
        outcomes=table("outcomes", m.Outcome),
        claims=table("claims", m.Claim),
        relations=tuple(records("relations", m.Relation)),
        fields=_by_id(records("fields", m.ReferralField), "source"),
        citations=_by_id(records("citations", m.Citation), "id"),
        constants=_by_id(records("constants", m.Constant), "id"),
        coverage=MappingProxyType(coverage),
    )
