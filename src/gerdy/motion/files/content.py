"""What one file holds, before anything is merged: SI units, but still the axes of the file."""

from __future__ import annotations

from dataclasses import dataclass, field

from gerdy.motion.recording import Angles, Array, Markers, Note, NoteKind, Plate


@dataclass(frozen=True)
class Content:
    """The parts of one file; ``kind`` is ``trc``, ``c3d``, ``mot`` or ``sto``."""

    path: str
    kind: str
    markers: Markers | None = None
    plates: tuple[Plate, ...] = ()
    angles: Angles | None = None
    other: dict[str, tuple[Array, Array]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def found(text: str, column: str | None = None, time: tuple[float, float] | None = None) -> Note:
    """Return a note on what the file says."""
    return Note(NoteKind.FOUND, text, column, time)


def assumed(text: str, column: str | None = None, time: tuple[float, float] | None = None) -> Note:
    """Return a note on what the file does not say."""
    return Note(NoteKind.ASSUMED, text, column, time)


def repaired(text: str, column: str | None = None, time: tuple[float, float] | None = None) -> Note:
    """Return a note on what was changed."""
    return Note(NoteKind.REPAIRED, text, column, time)


def warning(text: str, column: str | None = None, time: tuple[float, float] | None = None) -> Note:
    """Return a note on what may spoil the result."""
    return Note(NoteKind.WARNING, text, column, time)


def some(names: list[str] | tuple[str, ...], most: int = 6) -> str:
    """Return a list of names for a sentence, cut after ``most``."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
