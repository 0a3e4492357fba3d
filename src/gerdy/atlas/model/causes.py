"""What can hurt, what loads it, and how it is cared for."""

from __future__ import annotations

from enum import StrEnum

from gerdy.atlas.model.record import Basis, Concern, Entry, Number, Record


class Family(StrEnum):
    """The tissue family a source belongs to, for grouping in lists and colours."""

    MUSCLE = "muscle"
    ROOT = "root"
    SPINE = "spine"
    TENDON = "tendon"
    BAND = "band"
    KNEE = "knee"
    HIP = "hip"
    NERVE = "nerve"
    BONE = "bone"
    VESSEL = "vessel"
    SERIOUS = "serious"


class When(Record, frozen=True, kw_only=True):
    """A condition on the person; every field given must hold."""

    age: tuple[float, float] | None = None  # from (inclusive), to (exclusive)
    sex: str | None = None  # female or male
    activity: str | None = None  # one of person.activities
    bmi: tuple[float, float] | None = None


class Modifier(Number, frozen=True, kw_only=True):
    """A factor on the prior odds of a source for some people."""

    when: When


class Alarm(Record, frozen=True, kw_only=True):
    """What a probable dangerous source means for concern."""

    level: Concern
    at: float  # posterior probability from which it raises concern
    basis: Basis
    where: str  # where to go
    say: str  # what to say there


class Source(Entry, frozen=True, kw_only=True):
    """A structure the pain can come from."""

    structure: str
    family: Family
    pathway: str  # id of the care pathway
    prior: Number  # weight among all sources for a person with lateral hip-to-leg pain, before age, sex and sport
    modifiers: list[Modifier] = []
    harm: Number  # cost of acting as if it were not there, 1 = a wasted month of the wrong exercises
    alarm: Alarm | None = None
    course: str = ""  # what usually happens, with the source named in words
    unlike: str = ""  # what speaks against it, in a sentence


class Pathway(Entry, frozen=True, kw_only=True):
    """A way of being cared for; acting on the wrong one is what a wrong answer costs."""

    about: str


class Contributor(Entry, frozen=True, kw_only=True):
    """A hidden state that loads a source, or is caused by one, and that one or several findings observe.

    ``mechanism`` states exist so that tests of one thing do not count twice; ``contributor`` states are what loads
    or irritates. ``background`` is the chance of the state in people whose pain comes from none of the ``given``
    sources, ``given`` the chance with each source alone.
    """

    mechanism: bool = False
    basis: Basis
    background: float | Number
    given: dict[str, float | Number] = {}
