"""Gerdy's own form of a backup, one JSON line per row, the same from any database.

The first line names the form and the version of the tables, the last one counts and covers all lines before it, so
that a file cut short is no backup.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, LargeBinary, Table, select

from gerdy.errors import DamagedError, SchemaError
from gerdy.records import tables

FORM = 1
_BATCH = 1000
Row = dict[str, Any]
T = TypeVar("T")


class _Head(msgspec.Struct, frozen=True):
    gerdy_records: int
    version: str


class _Line(msgspec.Struct, frozen=True):
    table: str
    row: Row


class _Foot(msgspec.Struct, frozen=True):
    rows: int
    sha256: str


def write_dump(connection: Connection, file: Path) -> None:
    """Write every row of our tables, read in one transaction."""
    total, count = hashlib.sha256(), 0
    with file.open("wb") as out:

        def put(line: msgspec.Struct) -> None:
            content = msgspec.json.encode(line) + b"\n"
            total.update(content)
            out.write(content)

        put(_Head(FORM, tables.HEAD_VERSION))
        for table in tables.EVERY:
            rows = connection.execute(select(table), execution_options={"yield_per": _BATCH})
            for row in rows.mappings():
                # Names as plain text; bytes become base64.
                put(_Line(str(table.name), {str(name): value for name, value in row.items()}))
                count += 1
        put(_Foot(count, total.hexdigest()))


def read_dump(file: Path) -> Iterator[tuple[Table, Row]]:
    """Give every row of a dump with its table.

    Raises
    ------
    DamagedError
        If a line is missing or was altered.
    SchemaError
        If it has another form, or another version of the tables.
    """
    known = {table.name: table for table in tables.EVERY}
    total, count, ended = hashlib.sha256(), 0, False
    with file.open("rb") as lines:
        head = _decoded(next(lines, b""), _Head, file, total)
        if (head.gerdy_records, head.version) != (FORM, tables.HEAD_VERSION):
            known_version = tables.HEAD_VERSION
            raise SchemaError(
                f"{file}: has tables of version '{head.version}'; this Gerdy reads {known_version}."
            )
        for line in lines:
            if ended:
                raise DamagedError(f"{file}: goes on after its end; use another backup.")
            if line.startswith(b'{"rows"'):
                expected = _Foot(count, total.hexdigest())
                if _decoded(line, _Foot, file, total) != expected:
                    raise DamagedError(f"{file}: is not as it was written; use another backup.")
                ended = True
                continue
            entry = _decoded(line, _Line, file, total)
            table = known.get(entry.table)
            if table is None:
                raise DamagedError(f"{file}: holds rows of '{entry.table}', which is no table of records.")
            yield table, _with_bytes(table, entry.row, file)
            count += 1
    if not ended:
        raise DamagedError(f"{file}: is cut short; use another backup.")


def _decoded(line: bytes, kind: type[T], file: Path, total: Any) -> T:
    total.update(line)
    try:
        return msgspec.json.decode(line, type=kind)
    except ValueError:
        raise DamagedError(
            f"{file}: is no backup of Gerdy records, or was altered; use another one."
        ) from None


def _with_bytes(table: Table, row: Row, file: Path) -> Row:
    if row.keys() != set(table.columns.keys()):
        raise DamagedError(f"{file}: a row of {table.name} has other fields; use another backup.")
    binary = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    try:
        return {
            name: base64.b64decode(value, validate=True) if name in binary and value is not None else value
            for name, value in row.items()
        }
    except (TypeError, binascii.Error, ValueError):
        raise DamagedError(f"{file}: a row of {table.name} was altered; use another backup.") from None
