"""A recording: markers, forces and joint angles over time, in SI units and ISB axes, with every assumption noted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class NoteKind(StrEnum):
    """How much a note matters."""

    FOUND = "found"  # read from the file as it says
    ASSUMED = "assumed"  # not said by the file; Gerdy decided
    REPAIRED = "repaired"  # changed, and how
    WARNING = "warning"  # may spoil the result


@dataclass(frozen=True)
class Note:
    """Something found, assumed, repaired or doubtful; ``time`` (s) and ``column`` where it applies."""

    kind: NoteKind
    text: str
    column: str | None = None
    time: tuple[float, float] | None = None

    def __str__(self) -> str:
        """Return one line for people."""
        place = self.column or ""
        if self.time is not None:
            start, end = self.time
            place += f" at {start:.3f} s" if start == end else f" from {start:.3f} to {end:.3f} s"
        return f"{self.kind}: {place.strip()}{': ' if place else ''}{self.text}"


@dataclass(frozen=True)
class Markers:
    """Marker positions: ``time`` (t,) s; ``position`` (t, marker, 3) m, NaN in a gap; ``names`` in file order."""

    time: Array
    names: tuple[str, ...]
    position: Array

    @property
    def rate(self) -> float:
        """Frames a second."""
        return (
            float((len(self.time) - 1) / (self.time[-1] - self.time[0]))
            if len(self.time) > 1
            else float("nan")
        )

    def at(self, name: str) -> Array:
        """Return one marker's positions (t, 3)."""
        return self.position[:, self.names.index(name)]


@dataclass(frozen=True)
class Plate:
    """One source of ground force, acting ON the person: ``force`` (t, 3) N, ``point`` (t, 3) m, ``moment`` (t, 3) N m.

    ``moment`` is the free moment about ``point``; where the plate is unloaded, force and moment are zero and ``point``
    NaN.
    """

    name: str
    time: Array
    force: Array
    point: Array
    moment: Array
    corners: Array | None = None  # (4, 3) m, where the file gives them


@dataclass(frozen=True)
class Angles:
    """Generalised coordinates: ``value`` (t, coordinate), rad or m, positive as in the named model family."""

    time: Array
    names: tuple[str, ...]
    value: Array


@dataclass(frozen=True)
class Motion:
    """What was recorded in one trial; any part may be missing.

    Attributes
    ----------
    name : what to call it, from the file name.
    sources : the files it was read from.
    other : further columns of the files (EMG, analog) by name: time and values.
    """

    name: str
    sources: tuple[str, ...]
    markers: Markers | None = None
    plates: tuple[Plate, ...] = ()
    angles: Angles | None = None
    other: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def noting(self, *notes: Note) -> Motion:
        """Return the same recording with further notes."""
        return replace(self, notes=self.notes + notes)
