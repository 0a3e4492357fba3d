"""Read a case file strictly: plain lists and tables of text, each with its line, and nothing else.

The file may come from anywhere. Tags, anchors, aliases, duplicate keys, several documents, deep nesting and
huge files are refused before anything is built from them. JSON goes through the same door: it is YAML, apart
from a few characters that are rewritten first.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gerdy.case.problems import RefusedError, shown
from gerdy.case.scalars import Raw, resolve
from gerdy.errors import CaseError, FileError

MOST_BYTES = 1_000_000
DEEPEST = 20
MOST_VALUES = 20_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_BREAKS = re.compile("[\x85\u2028\u2029]")  # line ends to YAML, ordinary characters to JSON
_TABS = re.compile(r"^\t+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word or number; ``value`` is its meaning, ``text`` what was written."""

    text: str
    value: Raw
    line: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Named fields; the ``line`` of each value is the line of its key."""

    fields: dict[str, Node]
    line: int


Node = Scalar | Listing | Table


def read_file(path: str | Path) -> Table:
    """Return the content of a case file.

    Raises
    ------
    FileError
        If it is missing, not a regular file, not readable, or larger than 1 MB.
    CaseError
        If its content breaks the rules above; names file and line.
    """
    return read_bytes(file_bytes(Path(path)), str(path))


def file_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file of at most 1 MB; a larger one is refused unread.

    Raises
    ------
    FileError
        If it is missing, not a regular file, not readable, or too large.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileError(f"{path}: not an ordinary file; name a case file (YAML or JSON).")
        size = status.st_size
        if size <= MOST_BYTES:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            size = len(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"{path}: cannot be read ({reason}); check the name and the permissions.") from error
    if size > MOST_BYTES:
        raise FileError(f"{path}: {size:,} bytes; a case file has at most {MOST_BYTES:,} bytes (1 MB).")
    return content


def read_bytes(content: bytes, name: str | None = None) -> Table:
    """Return the content of a case given as bytes; ``name`` is used in errors.

    Raises
    ------
    CaseError
        If it is not UTF-8, holds NUL bytes, or breaks the rules above.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CaseError("not UTF-8 text; save the file as UTF-8.", file=name, line=line) from error
    return read_text(text, name)


def read_text(text: str, name: str | None = None) -> Table:
    """Return the content of a case given as text; ``name`` is used in errors.

    Raises
    ------
    CaseError
        With file and line.
    """
    if len(text) > MOST_BYTES:
        raise CaseError(f"{len(text):,} characters; a case has at most {MOST_BYTES:,}.", file=name)
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise CaseError(f"holds the control character {control[0]!r}; remove it.", file=name, line=line)
    if text.lstrip().startswith("{"):
        text = _yaml_of(text)
    try:
        root = _Builder(name).document(text)
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two: escapes beyond Unicode
        raise CaseError(
            f"not readable as YAML: {_reason(error)}", file=name, line=_line(error, text)
        ) from error
    if not isinstance(root, Table):
        raise CaseError("a case is a table of fields, beginning with `gerdy: 1`.", file=name, line=root.line)
    return root


def _yaml_of(text: str) -> str:
    """Return JSON as YAML that means the same, on the same lines."""
    text = _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return _TABS.sub(lambda tabs: " " * len(tabs[0]), _PAIR.sub(_joined, text))


def _joined(match: re.Match[str]) -> str:
    high, low = int(match[2], 16), int(match[3], 16)
    return match[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _line(error: Exception, text: str) -> int | None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    last = text.rstrip().count("\n") + 1  # where a file breaks off, the parser names the line after
    return None if mark is None else min(mark.line + 1, last)


def _reason(error: Exception) -> str:
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None)
    return f"{said} ({context}); is the file complete?" if context else f"{said}; is the file complete?"


class _Builder:
    """Turn parser events into nodes, refusing what a case never needs."""

    def __init__(self, name: str | None) -> None:
        self.name = name
        self.values = 0

    def document(self, text: str) -> Node:
        root: Node | None = None
        events = iter(yaml.parse(text, Loader=_Loader))
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self.error("a second document (---); a file holds one case.", event)
                root = self.node(next(events), events, 0)
        if root is None:
            raise CaseError("the file is empty; a case begins with `gerdy: 1`.", file=self.name, line=1)
        return root

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        line = event.start_mark.line + 1
        self.values += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self.error("anchors (&) and aliases (*) are not allowed; write the value out.", event)
        if event.tag is not None:
            raise self.error(f"the tag {shown(event.tag)} is not allowed; write plain values.", event)
        if depth > DEEPEST:
            raise self.error(f"nested deeper than {DEEPEST} levels; a case needs about five.", event)
        if self.values > MOST_VALUES:
            raise self.error(f"more than {MOST_VALUES:,} values; a case has a few hundred.", event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, line)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                items.append(self.node(event, events, depth + 1))
            return Listing(tuple(items), line)
        return self.table(events, depth, line)

    def scalar(self, event: Any, line: int) -> Scalar:
        text = event.value
        if control := _CONTROL.search(text):
            raise self.error(f"holds the control character {control[0]!r}; remove it.", event)
        try:
            return Scalar(text, resolve(text) if event.implicit[0] else text, line)
        except RefusedError as error:
            raise self.error(str(error), event) from error

    def table(self, events: Iterator[Any], depth: int, line: int) -> Table:
        fields: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.node(event, events, depth + 1)
            if not isinstance(key, Scalar) or not key.text:
                raise self.error("a field needs a name before its colon.", event)
            if key.text in fields:
                first = fields[key.text].line
                raise self.error(
                    f"{shown(key.text)} is given twice (first in line {first}); keep one.", event
                )
            value = self.node(next(events), events, depth + 1)
            fields[key.text] = _moved(value, key.line)
        return Table(fields, line)

    def error(self, message: str, event: Any) -> CaseError:
        return CaseError(message, file=self.name, line=event.start_mark.line + 1)


def _moved(node: Node, line: int) -> Node:
    match node:
        case Scalar(text, value, _):
            return Scalar(text, value, line)
        case Listing(items, _):
            return Listing(items, line)
        case Table(fields, _):
            return Table(fields, line)
