"""Which marker is what: the names of laboratories against the points of Gerdy's body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import yaml
from msgspec import Struct

from gerdy.errors import FileError

FILE = Path(__file__).parent / "data" / "labels.yaml"
SIDES = ("r", "l")
LONG = {"right": "r", "left": "l"}


class Labels(NamedTuple):
    """What each marker of a recording is.

    Attributes
    ----------
    canonical : place in the recording of each bony point that is known, by Gerdy's name for it.
    clusters : segment of each marker that moves with a known segment, by the recording's name.
    ignored : why a known marker is not followed, by the recording's name.
    unknown : names that mean nothing to Gerdy.
    """

    canonical: dict[str, int]
    clusters: dict[str, str]
    ignored: dict[str, str]
    unknown: tuple[str, ...]


def read_labels(names: Sequence[str]) -> Labels:
    """Return what the markers of a recording are, from their names alone."""
    keys = [plain(name) for name in names]
    points = _points(keys)
    canonical: dict[str, tuple[int, int]] = {}
    segments: dict[str, str] = {}
    ignored: dict[str, str] = {}
    unknown: list[str] = []
    for index, (name, key) in enumerate(zip(names, keys, strict=True)):
        if key in points:
            target, rank = points[key]
            if target not in canonical or rank < canonical[target][0]:
                if target in canonical:
                    ignored[names[canonical[target][1]]] = f"{name} is the same point"
                canonical[target] = rank, index
            else:
                ignored[name] = f"{names[canonical[target][1]]} is the same point"
        elif segment := _first(key, _table().clusters):
            segments[name] = segment
        elif reason := _first(key, _table().ignored):
            ignored[name] = reason
        else:
            unknown.append(name)
    return Labels(
        {target: index for target, (_, index) in canonical.items()}, segments, ignored, tuple(unknown)
    )


def canonical(names: Sequence[str]) -> dict[str, int]:
    """Return where in ``names`` each known bony point is, by Gerdy's name for it, for example ``r_asis``."""
    return read_labels(names).canonical


def clusters(names: Sequence[str]) -> dict[str, str]:
    """Return the segment of each marker that sits on a plate or on soft parts, by the recording's name."""
    return read_labels(names).clusters


def unknown(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that mean nothing to Gerdy, in the order given."""
    return read_labels(names).unknown


def known_points() -> tuple[str, ...]:
    """Return every name that ``canonical`` can give."""
    found = [target for target, _ in _sided(_table().landmarks)]
    found += [target for rule in _table().sets for target, _ in _sided(rule.landmarks)]
    return tuple(dict.fromkeys(found))


def known_segments() -> tuple[str, ...]:
    """Return every segment that ``clusters`` can give."""
    return tuple(dict.fromkeys(segment for segment, _ in _sided(_table().clusters)))


def plain(name: str) -> str:
    """Return a marker's name as it is compared: ``Subject01:R.ASIS`` is ``rasis``."""
    key = re.sub(r"[\W_]+", "", name.rpartition(":")[2].casefold())
    for word, letter in LONG.items():
        if key.startswith(word):
            return letter + key[len(word) :]
    return key


class _Set(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    where: list[str]
    landmarks: dict[str, list[str]]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    landmarks: dict[str, list[str]]
    clusters: dict[str, list[str]]
    ignored: dict[str, list[str]]
    sets: list[_Set]


@cache
def _table(path: Path = FILE) -> _Table:
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), _Table)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise FileError(f"{path}: cannot be read as a table of marker names ({error}).") from error


def _points(keys: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Return what each plain name means: the point, and how far down its list the name stands."""
    there = set(keys)
    found: dict[str, tuple[str, int]] = {}
    for rule in _table().sets:
        if any(key in there for _, signs in _sided({"{s}": rule.where}) for key in signs):
            found |= _ranked(rule.landmarks)
    return _ranked(_table().landmarks) | found


def _ranked(landmarks: Mapping[str, list[str]]) -> dict[str, tuple[str, int]]:
    return {key: (target, rank) for target, aliases in _sided(landmarks) for rank, key in enumerate(aliases)}


def _sided(table: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield a table's entries, those with {s} once for each side."""
    for target, aliases in table.items():
        for side in SIDES if any("{s}" in text for text in (target, *aliases)) else SIDES[:1]:
            yield target.replace("{s}", side), [alias.replace("{s}", side) for alias in aliases]


def _first(key: str, table: Mapping[str, list[str]]) -> str | None:
    for target, aliases in _sided(table):
        if any(re.fullmatch(alias.replace("#", r"\d+"), key) for alias in aliases):
            return target
    return None
