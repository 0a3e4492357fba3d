"""What can be done, and how its effect is measured."""

from __future__ import annotations

from enum import StrEnum

from gerdy.atlas.model.record import Basis, Entry, Number, Record


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
