"""What databases and disks complain of, as errors with a name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from gerdy.errors import (
    BusyError,
    DamagedError,
    DiskFullError,
    ReadOnlyError,
    RecordsError,
    SchemaError,
    StorageError,
)

_AGAIN = "Nothing acknowledged is lost; send the same event again, its id keeps it from being doubled."
_FULL = (DiskFullError, f"no room is left; free some. {_AGAIN}")
_READ_ONLY = (ReadOnlyError, "may be read and not written; check its permissions, and those of its folder.")
_BUSY = (BusyError, f"is locked by somebody else. {_AGAIN}")
_DAMAGED = (DamagedError, "is damaged; restore a backup.")
_AWAY = (StorageError, f"cannot be reached or written. {_AGAIN}")
_OTHER = (SchemaError, "does not have the tables of Gerdy records as they should be.")
Told = tuple[type[RecordsError], str]

# By primary result code, https://sqlite.org/rescode.html
_SQLITE: dict[int, Told] = {
    13: _FULL, 8: _READ_ONLY, 3: _READ_ONLY, 5: _BUSY, 6: _BUSY, 11: _DAMAGED, 26: _DAMAGED, 1: _OTHER,
}  # fmt: skip
# By SQLSTATE, or its class.
_POSTGRES: dict[str, Told] = {
    "53100": _FULL, "25006": _READ_ONLY, "42501": _READ_ONLY, "55P03": _BUSY, "40001": _BUSY, "40P01": _BUSY,
    "57014": _BUSY, "XX": _DAMAGED, "42": _OTHER,
}  # fmt: skip


@contextmanager
def named(where: str) -> Iterator[None]:
    """Turn what a database complains of into an error with a name; ``where`` names the database.

    Raises
    ------
    StorageError
        If it cannot be reached or written: DiskFullError, ReadOnlyError, BusyError where that is why.
    DamagedError
        If the database itself is damaged.
    SchemaError
        If it is a database of something else.
    """
    try:
        yield
    except exc.IntegrityError:
        raise  # a rule of the tables; whoever wrote knows what it means
    except exc.TimeoutError as error:
        raise BusyError(f"{where}: {_BUSY[1]}") from error
    except exc.DBAPIError as error:
        kind, told = _told(error)
        code = _code(error)
        raise kind(f"{where}: {told}{f' ({code})' if code else ''}") from error


def _told(error: exc.DBAPIError) -> Told:
    number = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(number, int):
        return _SQLITE.get(number & 0xFF, _AWAY)
    state = getattr(error.orig, "sqlstate", None) or ""
    return _POSTGRES.get(state) or _POSTGRES.get(state[:2]) or _AWAY


def _code(error: exc.DBAPIError) -> str:
    return str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or "")
