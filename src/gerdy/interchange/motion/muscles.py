"""What muscles are called, in anatomical groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec
import yaml


class _Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    part: str = ""
    also: str = ""


class _Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: str
    muscles: tuple[_Named, ...]


@dataclass(frozen=True)
class Muscle:
    """A muscle of one side: its name in the dataset and what to call it."""

    id: str
    name: str
    group: str


@cache
def _groups() -> tuple[_Group, ...]:
    text = (resources.files("gerdy.interchange.motion") / "data" / "muscles.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), tuple[_Group, ...])


@cache
def _known() -> dict[str, tuple[int, str, str]]:
    found = {}
    order = 0
    for group in _groups():
        for one in group.muscles:
            label = f"{one.name}, {one.part}" if one.part else one.name
            for key in filter(None, (one.id, one.also)):
                found[key] = (order, label, group.group)
            order += 1
    return found


OTHERS = "Other muscles"


def named(ids: Iterable[str], side: str) -> list[Muscle]:
    """Return the muscles of one side (``r`` or ``l``) in anatomical order, unknown ones last by their own names."""
    rows = []
    for place, name in enumerate(ids):
        if not name.endswith(f"_{side}"):
            continue
        stem = name.removesuffix(f"_{side}")
        order, label, group = _known().get(stem, (1000 + place, stem.replace("_", " "), OTHERS))
        rows.append((order, Muscle(name, label, group)))
    return [muscle for _, muscle in sorted(rows, key=lambda row: row[0])]


def is_muscle(name: str) -> bool:
    """Return whether a name is that of a known muscle of one side."""
    stem, _, side = name.rpartition("_")
    return side in ("r", "l") and stem in _known()


def muscle_words(name: str) -> str:
    """Return what one muscle of the dataset is called, with its side."""
    stem, _, side = name.rpartition("_")
    words = {"r": "right", "l": "left"}.get(side)
    if words is None:
        return name.replace("_", " ")
    return f"{words} {_known()[stem][1].lower()}" if stem in _known() else f"{words} {stem.replace('_', ' ')}"
