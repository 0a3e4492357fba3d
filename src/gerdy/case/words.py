"""Find ids by the names people use: ids and synonyms of one kind of atlas entry, in any spelling."""

from __future__ import annotations

from typing import TypeVar

from gerdy.atlas import Atlas, normal_form
from gerdy.atlas.model import Entry, Finding, Region
from gerdy.errors import UnknownIdError

E = TypeVar("E", bound=Entry)
LONGEST = 80


def find_finding(atlas: Atlas, name: str) -> Finding:
    """Return the finding with this id or synonym.

    Raises
    ------
    UnknownIdError
        With the nearest findings; or saying what else the name means.
    """
    return _find(atlas, name, "findings", Finding)


def is_finding(atlas: Atlas, name: str) -> bool:
    """Return whether this is the id or synonym of a finding."""
    kind, _ = atlas.names.get(normal_form(name), ("", None))
    return kind == "findings"


def find_region(atlas: Atlas, name: str) -> Region:
    """Return the region with this id or synonym.

    Raises
    ------
    UnknownIdError
        With the nearest regions.
    """
    return _find(atlas, name, "regions", Region)


def _find(atlas: Atlas, name: str, kind: str, record: type[E]) -> E:
    found = atlas.names.get(normal_form(name))
    if found is not None and isinstance(found[1], record):
        return found[1]
    singular = kind.removesuffix("s")
    short = name if len(name) <= LONGEST else name[: LONGEST - 3] + "..."
    known = [word for word, (found_kind, _) in atlas.names.items() if found_kind == kind]
    if found is not None:
        other = found[0].removesuffix("s")
        raise UnknownIdError(f"{singular} (a {other} has this name)", short, known)
    raise UnknownIdError(singular, short, known)
