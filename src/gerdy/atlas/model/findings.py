"""What can be observed, and what makes it a warning."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from gerdy.atlas.model.record import Basis, Concern, Entry, Number, Record


class Who(StrEnum):
    """Who can establish a finding."""

    PERSON = "person"  # alone at home
    HELPER = "helper"  # with a friend's eyes or hands, or a phone
    CLINICIAN = "clinician"
    INSTRUMENT = "instrument"  # a clinic with equipment


class Topic(StrEnum):
    """What a finding is about; the interview and the list group by it."""

    SAFETY = "safety"
    SITE = "site"
    ONSET = "onset"
    BEHAVIOUR = "behaviour"  # what provokes and eases, over the day and over a run
    SENSATION = "sensation"  # quality, numbness, tingling
    HISTORY = "history"
    HEALTH = "health"  # comorbidity, medication
    LIFE = "life"  # sport, work, habits
    TREATMENT = "treatment"  # what was tried, and its effect
    SELF_TEST = "self_test"
    HIP_TEST = "hip_test"
    SPINE_TEST = "spine_test"
    NERVE_TEST = "nerve_test"
    KNEE_TEST = "knee_test"
    LEG_TEST = "leg_test"
    PALPATION = "palpation"
    MOVEMENT = "movement"


class How(Record, frozen=True, kw_only=True):
    """How to perform a test."""

    position: str
    steps: list[str]
    positive: str  # what counts as positive
    caution: str = ""


class Cost(Record, frozen=True, kw_only=True):
    """What finding out costs: time, and discomfort 0 (none) to 3 (provokes pain)."""

    seconds: float
    discomfort: float = 0.0


class OnOff(Record, frozen=True, kw_only=True):
    """Chance of a yes when the observed state is on, and when it is off."""

    on: float | Number
    off: float | Number


class Level(Record, frozen=True, kw_only=True):
    """One grade of a graded finding, with its chance when the state is on and off."""

    id: str
    name: str
    on: float | Number
    off: float | Number
    synonyms: list[str] = []


class Spread(Record, frozen=True, kw_only=True):
    """A normal distribution of a measurement."""

    mean: float | Number
    sd: float | Number


class Measured(Record, frozen=True, kw_only=True):
    """A continuous measurement: its distribution when the observed state is on and off."""

    unit: str
    plausible: tuple[float, float]  # outside: refused as a slip of unit or typing
    on: Spread
    off: Spread
    cutoff: float  # what "positive" means when only that is known
    positive_below: bool  # positive is below the cutoff (else above)


class Finding(Entry, frozen=True, kw_only=True):
    """Something observed: an answer, a test result, a measurement.

    Exactly one of three shapes:

    - ``background`` and ``given``: a yes/no finding with its own links to sources;
    - ``observes`` a contributor, with ``yes`` or ``levels`` or ``measured``;
    - ``background`` and ``given`` with ``levels`` or ``measured``: a state of its own, observed with error.

    A finding without any of them is recorded and used by rules and care, but carries no likelihood
    (``silent: true``).
    """

    topic: Topic
    ask: str  # the question in plain language; for a test, what to report
    who: Who
    cost: Cost
    basis: Basis  # default basis of every plain number below
    how: How | None = None
    sided: bool = True  # may differ between the legs
    safety: bool = False  # asked first, whatever the ranking says
    screen: str | None = None  # id of the screen that asks several safety findings at once
    silent: bool = False
    background: float | Number | None = None
    given: dict[str, float | Number] = {}
    observes: str | None = None
    yes: OnOff | None = None
    levels: list[Level] = []
    measured: Measured | None = None
    excludes: list[str] = []  # findings that cannot be positive together with this one
    needs: str | None = None  # finding that must be positive before this is worth asking
    sex: str | None = None  # asked only of this sex


class Screen(Entry, frozen=True, kw_only=True):
    """Several safety findings asked as one question ("any of these?")."""

    ask: str


class SafetyRule(Entry, frozen=True, kw_only=True):
    """A cluster that raises concern, whatever the ranking says.

    ``when`` is an expression: a finding id (positive), ``{not: X}`` (answered negative), ``{all: [...]}``,
    ``{any: [...]}``, ``{count: n, of: [...]}``, ``{person: age, from: 50}``, ``{person: sex, is: female}``,
    ``{region: groin}`` (painted), ``{finding: id, from: x}`` or ``{finding: id, below: x}`` (measured),
    ``{level: id, is: [..]}`` (graded).
    """

    level: Concern
    when: Any
    reason: str
    where: str
    say: str
    basis: Basis
