"""The XML of a model file as plain nodes that know their line; entities and document types are refused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from gerdy.errors import FileError

LARGEST = 64_000_000  # bytes; models of this kind are about one million
DEEPEST = 100  # elements inside one another


@dataclass(slots=True)
class Node:
    """One element: tag, ``name`` attribute (or ""), text, children, and where it stands."""

    tag: str
    name: str
    file: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def fault(self, problem: str) -> FileError:
        """Return the error that says this element is wrong."""
        label = f"{self.tag} '{self.name}'" if self.name else self.tag
        return FileError(f"{self.file}:{self.line}: {label}: {problem}")

    def first(self, *tags: str) -> Node | None:
        """Return the first child with one of these tags."""
        return next((child for child in self.children if child.tag in tags), None)

    def need(self, *tags: str) -> Node:
        """Return that child, or say that it is missing."""
        found = self.first(*tags)
        if found is None:
            raise self.fault(f"has no <{tags[0]}>.")
        return found

    def word(self, *tags: str, default: str | None = None) -> str:
        """Return the text of a child; ``default`` when there is none or it is empty."""
        found = self.first(*tags)
        if found is not None and found.text.strip():
            return found.text.strip()
        if default is None:
            raise (found or self).fault(f"has no <{tags[0]}>." if found is None else "is empty.")
        return default

    def number(self, *tags: str, default: float | None = None) -> float:
        """Return the number a child holds."""
        found = self.first(*tags)
        if found is None or not found.text.strip():
            if default is None:
                raise (found or self).fault(f"has no <{tags[0]}>." if found is None else "is empty.")
            return default
        values = found.numbers()
        if len(values) != 1:
            raise found.fault(f"must be one number; got '{_short(found.text)}'.")
        return values[0]

    def vector(
        self, *tags: str, default: tuple[float, float, float] | None = None
    ) -> tuple[float, float, float]:
        """Return the three numbers a child holds."""
        found = self.first(*tags)
        if found is None:
            if default is None:
                raise self.fault(f"has no <{tags[0]}>.")
            return default
        values = found.numbers()
        if len(values) != 3:
            raise found.fault(f"must be three numbers; got '{_short(found.text)}'.")
        return values[0], values[1], values[2]

    def truth(self, *tags: str, default: bool = False) -> bool:
        """Return the true or false a child holds."""
        word = self.word(*tags, default=str(default)).lower()
        if word not in {"true", "false", "1", "0"}:
            raise self.need(*tags).fault(f"must be true or false; got '{_short(word)}'.")
        return word in {"true", "1"}

    def numbers(self) -> tuple[float, ...]:
        """Return all numbers in this element's text."""
        try:
            values = tuple(float(word) for word in self.text.split())
        except ValueError:
            raise self.fault(f"must be numbers; got '{_short(self.text)}'.") from None
        if not all(math.isfinite(value) for value in values):
            raise self.fault(f"must be finite numbers; got '{_short(self.text)}'.")
        return values

    def listed(self, tag: str) -> list[Node]:
        """Return the members of a set: ``<tag><objects>...``, or ``<tag>...`` alone."""
        group = self.first(tag)
        if group is None:
            return []
        inner = group.first("objects")
        return list((inner or group).children if inner or group.first("groups") is None else [])

    def walk(self) -> Iterator[Node]:
        """Yield this element and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_xml(path: str | Path) -> Node:
    """Return the root of an XML file.

    Raises
    ------
    FileError
        If the file cannot be read, is too large or deep, is no XML (with the line), or declares entities.
    """
    place = Path(path)
    try:
        if place.stat().st_size > LARGEST:
            raise FileError(f"{path}: is larger than {LARGEST // 1_000_000} MB; a model file is about 1 MB.")
        content = place.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror or error}).") from error
    return _Reader(str(path), _encoding(content)).read(content)


def _encoding(content: bytes) -> str | None:
    """Return the encoding to read with where the file's own claim cannot hold: names in credits are often Latin-1."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return None if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "iso-8859-1"
    return None


class _Reader:
    def __init__(self, file: str, encoding: str | None) -> None:
        self.file = file
        self.parser = expat.ParserCreate(encoding)
        self.parser.buffer_text = True
        self.open: list[Node] = []
        self.root: Node | None = None
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared

    def read(self, content: bytes) -> Node:
        try:
            self.parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            line = getattr(error, "lineno", self.parser.CurrentLineNumber)
            raise FileError(f"{self.file}:{line}: is no well-formed XML ({error}).") from error
        if self.root is None:
            raise FileError(f"{self.file}: holds nothing.")
        return self.root

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if len(self.open) >= DEEPEST:
            raise FileError(f"{self.file}:{line}: elements lie more than {DEEPEST} deep in one another.")
        node = Node(tag, attributes.get("name", ""), self.file, line, attributes)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def _end(self, _: str) -> None:
        self.open.pop()

    def _text(self, text: str) -> None:
        self.open[-1].text += text

    def _declared(self, *_: object) -> None:
        line = self.parser.CurrentLineNumber
        raise FileError(
            f"{self.file}:{line}: declares a document type or entities; a model needs none, remove the line."
        )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:37] + "..."
