"""Everything Gerdy raises on purpose.

GerdyError
├── InputError            what a person or a program handed in is wrong
│   ├── CaseError         a case file: file, line, field
│   ├── UnknownIdError    an id nobody knows; suggests the nearest
│   ├── FileError         a file that cannot be read or written
│   └── MissingPartError  an optional part of Gerdy that is not installed
├── AtlasError            the shipped facts break their own rules
├── EngineError           an answer could not be computed within its stated error
└── RecordsError          what is remembered of a person could not be kept or read
    ├── ConflictError         the complaint has changed since the writer looked
    ├── EventClashError       an event of this id is kept, and says something else
    ├── UnknownRecordError    nothing is kept under this id
    ├── ErasedError           the record was erased; nothing can be read or added
    ├── MasterKeyError        the master key is missing, unreadable or another one
    ├── DamagedError          what is kept is not what was written
    ├── SchemaError           a database of another version, or of something else
    └── StorageError          the database cannot be reached or written
        ├── DiskFullError         no room is left
        ├── ReadOnlyError         it may be read and not written
        └── BusyError             somebody else has kept it locked for too long
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GerdyError(Exception):
    """Anything Gerdy raises on purpose; the message says field, rule, value and remedy."""


class InputError(GerdyError):
    """What was handed in is wrong."""


class FileError(InputError):
    """A file that cannot be read or written."""


class MissingPartError(InputError):
    """An optional part of Gerdy that is not installed."""

    def __init__(self, purpose: str, part: str, library: str) -> None:
        super().__init__(
            f"{purpose} need an optional part of Gerdy ({library} is missing): pip install 'gerdy[{part}]'."
        )


class CaseError(InputError):
    """A case that breaks a rule.

    Attributes
    ----------
    file, line, field : where, as far as it is known.
    """

    def __init__(
        self, message: str, *, file: str | None = None, line: int | None = None, field: str | None = None
    ) -> None:
        self.file, self.line, self.field = file, line, field
        place = ":".join(str(part) for part in (file, line) if part is not None)
        head = " ".join(part for part in (f"{place}:" if place else "", f"{field}:" if field else "") if part)
        super().__init__(f"{head} {message}" if head else message)


class UnknownIdError(InputError):
    """An id nobody knows.

    Attributes
    ----------
    suggestions : the nearest known ids, best first.
    """

    def __init__(self, kind: str, given: str, known: Iterable[str]) -> None:
        self.kind, self.given = kind, given
        self.suggestions = difflib.get_close_matches(given, list(known), n=3, cutoff=0.6)
        nearest = " or ".join(f"'{name}'" for name in self.suggestions)
        hint = f"did you mean {nearest}?" if nearest else "see `gerdy atlas list`."
        super().__init__(f"unknown {kind} '{given}'; {hint}")


class AtlasError(GerdyError):
    """The shipped facts break their own rules."""


class EngineError(GerdyError):
    """An answer could not be computed within its stated error."""


class RecordsError(GerdyError):
    """What is remembered of a person could not be kept or read; the message holds nothing of their health."""


class ConflictError(RecordsError):
    """The complaint has changed since the writer looked.

    Attributes
    ----------
    expected, actual : the revision the writer had seen, and the one that is there.
    later : the ids of the events that came in between, oldest first.
    """

    def __init__(
        self,
        message: str,
        *,
        expected: int | None = None,
        actual: int | None = None,
        later: tuple[str, ...] = (),
    ) -> None:
        self.expected, self.actual, self.later = expected, actual, later
        super().__init__(message)


class EventClashError(RecordsError):
    """An event of this id is kept, and says something else."""


class UnknownRecordError(RecordsError):
    """Nothing is kept under this id."""


class ErasedError(RecordsError):
    """The record was erased; nothing can be read or added."""


class MasterKeyError(RecordsError):
    """The master key is missing, unreadable or another one."""


class DamagedError(RecordsError):
    """What is kept is not what was written."""


class SchemaError(RecordsError):
    """A database of another version, or of something else."""


class StorageError(RecordsError):
    """The database cannot be reached or written."""


class DiskFullError(StorageError):
    """No room is left where the database is kept; nothing was half written."""


class ReadOnlyError(StorageError):
    """The database may be read and not written."""


class BusyError(StorageError):
    """Somebody else has kept the database locked for too long."""
