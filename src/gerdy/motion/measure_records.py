"""The records that movement measures come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gerdy.motion.contacts import Side

Which = Side | Literal["both"]
Source = Literal["markers", "camera"]


@dataclass(frozen=True)
class Measure:
    """One measure in one step or repeat, in the unit of its definition; ``error`` is that of 95 %, without its spread.

    ``index`` counts the windows of that side, from 0; ``start`` and ``end`` (s) bound the window.
    """

    id: str
    side: Which
    index: int
    start: float
    end: float
    value: float
    error: float
    random: float = 0.0  # standard deviation that differs from step to step, for the timing of contacts


@dataclass(frozen=True)
class Skipped:
    """A measure that could not be taken, and why."""

    id: str
    side: Which
    reason: str


@dataclass(frozen=True)
class Summary:
    """A measure over all steps or repeats of one side; ``error`` is that of 95 % of the mean.

    ``difference`` is this side minus the other, ``asymmetry`` the same as a share of their mean where zero means none.
    """

    id: str
    side: Which
    n: int
    mean: float
    sd: float | None
    error: float
    least: float
    most: float
    difference: float | None = None
    difference_error: float | None = None
    asymmetry: float | None = None


@dataclass(frozen=True)
class Answer:
    """What a measure says to a finding of the atlas, in the finding's unit and sign; ``error`` is that of 95 %."""

    finding: str
    side: Literal["right", "left", "both"]
    value: float
    error: float
    n: int
