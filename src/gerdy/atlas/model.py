"""The kinds of fact Gerdy knows, as frozen records.

Every record is written by hand in ``data/*.yaml`` and validated on load. Ids are lower_snake_case and unique
within the whole atlas. ``name`` is what a runner would say, ``clinical`` what a clinician would write.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Grade(StrEnum):
    """How good the evidence behind a number is."""

    A = "A"  # trial or meta-analysis
    B = "B"  # cohort or accuracy study
    C = "C"  # small or specialist study
    D = "D"  # expert text or article
    E = "E"  # assumed


class Concern(StrEnum):
    """How soon somebody must look."""

    NONE = "none"
    ROUTINE = "routine"  # book an ordinary appointment
    URGENT = "urgent"  # within days, two weeks at most
    EMERGENCY = "emergency"  # today

    @property
    def rank(self) -> int:
        """Order of severity, 0 (none) to 3 (emergency)."""
        return list(Concern).index(self)


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every record: immutable, strict about its fields."""


class Basis(Record, frozen=True, kw_only=True):
    """Where a number comes from.

    ``source`` is a citation id, or starts with ``derived:`` or ``assumed:`` and says how or why.
    """

    grade: Grade
    source: str
    n: int | None = None  # people or studies behind it
    unverified: bool = False  # remembered, not seen in the source: shown as such wherever the number is


class Number(Basis, frozen=True, kw_only=True):
    """One sourced number; ``low`` and ``high`` are the published 95 % interval where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


class Constant(Number, frozen=True, kw_only=True):
    """A number the method itself rests on."""

    id: str
    meaning: str


class Entry(Record, frozen=True, kw_only=True):
    """What every atlas entry has."""

    id: str
    name: str
    clinical: str
    synonyms: list[str] = []
    about: str = ""
    codes: dict[str, str] = {}  # ontology -> code, e.g. {icd10: M76.3, uberon: "0001636"}


# ------------------------------------------------------------------------------------------------ body


class Region(Entry, frozen=True, kw_only=True):
    """A named patch of skin: a union of boxes in limb coordinates."""

    boxes: list[Box]


class Box(Record, frozen=True, kw_only=True):
    """A patch of one segment.

    ``along`` is 0-1 from its top, ``around`` degrees from-to (0 front, 90 outer, 180 back, 270 inner).
    """

    segment: str
    along: tuple[float, float]
    around: tuple[float, float]


class StructureKind(StrEnum):
    """What sort of tissue a structure is."""

    MUSCLE = "muscle"
    TENDON = "tendon"
    FASCIA = "fascia"
    NERVE = "nerve"
    ROOT = "root"
    BONE = "bone"
    JOINT = "joint"
    BURSA = "bursa"
    LIGAMENT = "ligament"
    FAT = "fat"
    VESSEL = "vessel"
    ORGAN = "organ"
    COMPARTMENT = "compartment"


class Structure(Entry, frozen=True, kw_only=True):
    """A piece of anatomy."""

    kind: StructureKind


class RelationKind(StrEnum):
    """How one thing acts on another; read as a sentence, "from KIND to"."""

    GIVES_RISE_TO = "gives_rise_to"  # root -> nerve
    INNERVATES = "innervates"  # nerve -> muscle, joint or skin region
    ATTACHES_TO = "attaches_to"
    TENSIONS = "tensions"
    COVERS = "covers"
    COMPRESSES = "compresses"
    REFERS_TO = "refers_to"  # source -> region
    KEY_TO = "key_to"  # key source -> satellite source; carries a coupling number
    LOADS = "loads"  # contributor -> source or structure
    LEADS_TO = "leads_to"  # contributor -> contributor
    WEAKENS = "weakens"  # source -> contributor (a root weakening the abductors)
    SUPPLIES = "supplies"  # vessel -> structure
    PART_OF = "part_of"


class Relation(Record, frozen=True, kw_only=True):
    """One typed edge of the graph that the chain explanation walks."""

    kind: RelationKind
    start: str
    end: str
    basis: Basis
    says: str = ""  # a plain clause for the chain, when the default wording would be poor
    coupling: float | None = None  # KEY_TO only: factor on the odds of both being active together


class Blob(Record, frozen=True, kw_only=True):
    """One patch of a referral field: the chance, at its centre, that a typical drawing paints it."""

    segment: str
    along: tuple[float, float]
    around: tuple[float, float]  # centre, full width in degrees
    p: float
    spill: bool = False  # spill-over rather than essential zone


class ReferralField(Record, frozen=True, kw_only=True):
    """Where one source is felt, as a few blobs; ``source`` is the source's id."""

    source: str
    blobs: list[Blob]
    basis: Basis
    published: dict[str, Number] = {}  # region id -> fraction of patients marking it


# ------------------------------------------------------------------------------------------------ sources


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


# ------------------------------------------------------------------------------------------------ findings


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


# ------------------------------------------------------------------------------------------------ safety


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


# ------------------------------------------------------------------------------------------------ care


class Phase(StrEnum):
    """Order of a plan."""

    MAKE_SAFE = "make_safe"
    STOP = "stop"
    TREAT = "treat"
    RANGE = "range"
    STRENGTH = "strength"
    RUNNING = "running"
    RETURN = "return"
    MAINTAIN = "maintain"


class Dose(Record, frozen=True, kw_only=True):
    """How much, how often; absent parts do not apply."""

    sets: str = ""
    reps: str = ""
    hold: str = ""
    per_day: int | None = None
    days_per_week: int | None = None
    weeks: str = ""
    text: str
    basis: Basis


class Avoid(Record, frozen=True, kw_only=True):
    """A reason not to do something: a finding that is positive, or a source above a probability."""

    finding: str | None = None
    source: str | None = None
    above: float = 0.15
    why: str


class Setting(StrEnum):
    """Who delivers an intervention."""

    HOME = "home"
    CLINICIAN = "clinician"
    CLINIC_PROCEDURE = "clinic_procedure"


class Intervention(Entry, frozen=True, kw_only=True):
    """Something to do, or to stop doing."""

    phase: Phase
    setting: Setting = Setting.HOME
    recommended: bool = True  # false: described so that people can be answered, never planned
    targets: dict[str, float | Number]  # source or contributor -> share of its burden a good course removes
    basis: Basis
    dose: Dose | None = None
    steps: list[str]
    feel: str
    stop_if: list[str]
    progress: str = ""
    easier: str = ""
    avoid: list[Avoid] = []
    equipment: list[str] = []
    minutes: float = 5.0  # per session
    max_irritability: int = 3  # 1 only for calm pain, 3 also for irritable pain
    equivalents: list[str] = []
    after: list[str] = []  # interventions that come first when both are planned
    why: str  # a clause that completes "because ..."


class Outcome(Entry, frozen=True, kw_only=True):
    """An outcome measure."""

    free_to_ship: bool
    range: tuple[float, float]
    better_is_higher: bool
    minimal_change: Number | None = None
    scoring: str = ""
    items: list[str] = []
    licence: str
    basis: Basis


# ------------------------------------------------------------------------------------------------ words


class Verdict(StrEnum):
    """What the evidence says of a claim."""

    SUPPORTED = "supported"
    MIXED = "mixed"
    CONTRADICTED = "contradicted"
    UNTESTED = "untested"


class Claim(Entry, frozen=True, kw_only=True):
    """A statement from an article, held against evidence."""

    statement: str
    says: list[str]  # citation ids of who says it
    verdict: Verdict
    evidence: str
    citations: list[str] = []
    grade: Grade
    test: str = ""  # what a simulation would compute, where it is mechanical
    topics: list[str] = []  # atlas ids it concerns


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A source in CSL-JSON terms; fields not used by Gerdy are kept as given."""

    id: str
    type: str
    title: str = ""
    author: list[dict[str, str]] = []
    issued: dict[str, Any] = {}
    container_title: str = msgspec.field(default="", name="container-title")
    DOI: str = ""
    PMID: str = ""
    PMCID: str = ""
    URL: str = ""
    note: str = ""
