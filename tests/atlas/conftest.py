"""The shipped atlas, and ways to break a copy of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from gerdy.atlas import Atlas, load_atlas

Broken = Callable[..., Atlas]


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return load_atlas()


@pytest.fixture(scope="session")
def broken(atlas: Atlas) -> Broken:
    """Return the atlas with one entry of a kind changed: ``broken("findings", "fever", ask="...")``."""

    def change(kind: str, name: str, **changes: Any) -> Atlas:
        table: Mapping[str, Any] = getattr(atlas, kind)
        entry = msgspec.structs.replace(table[name], **changes)
        tables: dict[str, Any] = {kind: MappingProxyType({**table, name: entry})}
        return dataclasses.replace(atlas, **tables)

    return change
