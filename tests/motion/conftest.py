"""Recordings and analyses that many tests share: an analysis takes a second."""

from __future__ import annotations

import pytest
from recordings import recordings

from gerdy.mechanics.person import Person
from gerdy.motion.analysis import Analysis, analyse
from gerdy.motion.reading import read_motion
from gerdy.motion.recording import Motion

FOLDER = "opencap_subject4"


def recorded(trial: str) -> Motion:
    """A trial of the OpenCap subject with its forces, or skip."""
    return read_motion(recordings(FOLDER, f"{trial}.trc"), recordings(FOLDER, f"{trial}_grf.mot"))


@pytest.fixture(scope="session")
def subject() -> Person:
    """The OpenCap subject: 62.6 kg; the height is not published, this one is about right."""
    return Person(mass=62.6, height=1.70)


@pytest.fixture(scope="session")
def squats() -> Motion:
    """Five squats, one foot on each plate."""
    return recorded("squats1")


@pytest.fixture(scope="session")
def squatting(squats: Motion, subject: Person) -> Analysis:
    """The squats analysed with Gerdy's own body."""
    return analyse(squats, subject)


@pytest.fixture(scope="session")
def walking(subject: Person) -> Analysis:
    """A walk over three plates, analysed with Gerdy's own body."""
    return analyse(recorded("walking1"), subject)
