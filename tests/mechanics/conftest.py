"""Bodies that many tests share: compiling one takes half a second."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from recordings import recordings

from gerdy.mechanics.body import Body
from gerdy.mechanics.person import Person


@pytest.fixture(scope="session")
def own() -> Body:
    """Gerdy's own body of one person, arms and all."""
    return Body.own(Person(mass=70.0, height=1.75, sex="female"))


@pytest.fixture(scope="session")
def imported() -> Callable[[str], Body]:
    """Give the body of an OpenSim model among the real recordings, or skip."""

    @cache
    def compiled(file: str) -> Body:
        return Body.from_osim(recordings(*file.split("/")))

    return compiled
