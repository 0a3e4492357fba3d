"""What is known of one person, as frozen records.

Lines are kept for messages only: two cases that say the same are equal, wherever their lines stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gerdy.atlas import Atlas
from gerdy.chart.drawing import Drawing, Mark, draw
from gerdy.chart.limb import Side


class Sex(StrEnum):
    """Sex, as far as base rates depend on it; ``other`` applies no sex modifier."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Quality(StrEnum):
    """How a pain feels; the words are those of the chart room."""

    ACHE = "ache"
    SHARP = "sharp"
    BURNING = "burning"
    NUMB = "numb"
    TINGLING = "tingling"


# What a drawing says of how the pain feels, as findings.
IMPLIED: Mapping[Quality, str] = {
    Quality.ACHE: "pain_ache",
    Quality.SHARP: "pain_sharp",
    Quality.BURNING: "pain_burning",
    Quality.NUMB: "numbness",
    Quality.TINGLING: "tingling",
}


class Answer(StrEnum):
    """What is known of a finding without grades or measurement."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNKNOWN = "unknown"  # asked, not known: kept so that it is not asked again


# An answer, the id of a level of a graded finding, or a number in the unit of a measured one.
Value = Answer | str | float


@dataclass(frozen=True)
class Sides:
    """The values of a finding that was established on each leg; None where it was not."""

    left: Value | None = None
    right: Value | None = None

    def of(self, side: Side) -> Value | None:
        """Return the value on one side."""
        return self.left if side == "left" else self.right


@dataclass(frozen=True)
class Given:
    """A finding as it was given: one value (of the affected side, where sides differ), or one per leg."""

    value: Value | Sides
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Observation:
    """A finding as it holds for one complaint.

    ``other`` is the value on the unaffected leg, where known; ``implied`` says that the drawing answered it.
    """

    finding_id: str
    value: Value
    other: Value | None = None
    implied: bool = False
    line: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Take the plain words positive, negative and unknown for what they mean."""
        if isinstance(self.value, str) and self.value in set(Answer):
            object.__setattr__(self, "value", Answer(self.value))


@dataclass(frozen=True)
class Person:
    """Who is asking; what is unknown stays None. Age in years, height in cm, mass in kg."""

    age: float | None = None
    sex: Sex | None = None
    height_cm: float | None = None
    mass_kg: float | None = None
    activities: tuple[str, ...] = ()

    @property
    def bmi(self) -> float | None:
        """Body mass index, kg/m2, where height and mass are known."""
        if self.height_cm is None or self.mass_kg is None:
            return None
        return self.mass_kg / (self.height_cm / 100) ** 2


@dataclass(frozen=True)
class Complaint:
    """One pain on one side.

    ``pain`` is intensity 0-10 by region id, ``since`` a date (year, month or day) or a duration such as
    "6 weeks". ``findings`` override those of the case.
    """

    side: Side
    id: str = "main"
    since: str | None = None
    pain: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    qualities: tuple[Quality, ...] = ()
    findings: Mapping[str, Given] = field(default_factory=dict)
    line: int | None = field(default=None, compare=False)

    @property
    def painted(self) -> bool:
        """Whether any place hurts."""
        return any(value > 0 for value in self.pain.values()) or any(
            mark.intensity > 0 for mark in self.marks
        )

    def drawing(self, atlas: Atlas) -> Drawing | None:
        """Return the pain drawing; None where nothing was painted.

        Raises
        ------
        InputError
            If a mark or region does not fit the chart, or a later mark of 0 wiped everything out.
        """
        return draw(atlas, self.side, self.pain, self.marks) if self.painted else None

    @property
    def all_qualities(self) -> frozenset[Quality]:
        """How the pain feels, said of it as a whole or of a painted place."""
        drawn = {Quality(mark.quality) for mark in self.marks if mark.quality and mark.intensity > 0}
        return frozenset(drawn | set(self.qualities))


@dataclass(frozen=True)
class Means:
    """What the person can spend on a plan: minutes a day, days a week, equipment; and the goal in words."""

    minutes_per_day: float | None = None
    days_per_week: int | None = None
    equipment: tuple[str, ...] = ()
    goal: str = ""
