"""Read one table of a case field by field, noting every problem with its line and full field name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from gerdy.case.problems import Problems, RefusedError, nearest, shown
from gerdy.case.quantity import read_within
from gerdy.case.reading import Listing, Node, Scalar, Table
from gerdy.case.scalars import Raw

T = TypeVar("T")
LONGEST_TEXT = 10_000


class Form:
    """A table being read; ``path`` is its own name in messages, empty for the whole file."""

    def __init__(self, node: Node, path: str, problems: Problems) -> None:
        self.path, self.problems, self.line = path, problems, node.line
        self.fields: Mapping[str, Node] = {}
        self._read: list[str] = []
        if isinstance(node, Table):
            self.fields = node.fields
        elif not is_empty(node):
            problems.add(
                f"must be a table of fields; got {described(node)}.", line=node.line, field=path or None
            )

    def name_of(self, name: str) -> str:
        """Return the full name of a field."""
        short = shown(name)[1:-1]
        return f"{self.path}.{short}" if self.path else short

    def wrong(self, name: str, message: str, line: int | None = None) -> None:
        """Note a problem of one field."""
        node = self.fields.get(name)
        self.problems.add(message, line=line or (node.line if node else self.line), field=self.name_of(name))

    def take(self, name: str) -> Node | None:
        """Return a field's node and count the field as known; None where it is absent or empty."""
        self._read.append(name)
        node = self.fields.get(name)
        return None if node is None or is_empty(node) else node

    def read(self, name: str, reader: Callable[[Raw], T]) -> T | None:
        """Return what ``reader`` makes of a single value; None, with the problem noted, where it refuses."""
        node = self.take(name)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.wrong(name, f"must be one value; got {described(node)}.")
            return None
        try:
            return reader(node.value)
        except RefusedError as error:
            self.wrong(name, str(error))
            return None

    def number(self, name: str, low: float, high: float, unit: str = "") -> float | None:
        """Return a number from ``low`` to ``high``."""
        return self.read(name, lambda raw: read_within(raw, low, high, unit))

    def choice(
        self, name: str, choices: Iterable[str], *, aliases: Mapping[str, str] | None = None
    ) -> str | None:
        """Return one of ``choices``, or of their ``aliases``, in any case and spacing."""
        return self.read(name, lambda raw: read_choice(raw, list(choices), aliases=aliases))

    def text(self, name: str) -> str:
        """Return a text; empty where it is absent."""
        node = self.take(name)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.wrong(name, f"must be text; got {described(node)}.")
        elif len(node.text) > LONGEST_TEXT:
            self.wrong(name, f"has {len(node.text):,} characters; {LONGEST_TEXT:,} is the most.")
        else:
            return node.text
        return ""

    def choices(self, name: str, choices: Iterable[str]) -> tuple[str, ...]:
        """Return a list of ``choices`` without repeats; a single one may stand without a list."""
        known = list(choices)
        found: dict[str, None] = {}
        for item in self.items(name):
            if not isinstance(item, Scalar):
                self.wrong(name, f"must be a list of words; got {described(item)}.", item.line)
                continue
            try:
                found[read_choice(item.text, known)] = None
            except RefusedError as error:
                self.wrong(name, str(error), item.line)
        return tuple(found)

    def items(self, name: str) -> tuple[Node, ...]:
        """Return the items of a list; a single value counts as a list of one."""
        node = self.take(name)
        if node is None:
            return ()
        return node.items if isinstance(node, Listing) else (node,)

    def table(self, name: str) -> Form:
        """Return a nested table, empty where it is absent."""
        node = self.take(name)
        return Form(Table({}, self.line) if node is None else node, self.name_of(name), self.problems)

    def close(self, is_finding: Callable[[str], bool] | None = None) -> None:
        """Note every field that nobody asked for; ``is_finding`` tells those that are in the wrong place."""
        for name, node in self.fields.items():
            if name not in self._read:
                remedy = nearest(name, self._read) or f"Known fields: {', '.join(self._read)}."
                if is_finding is not None and is_finding(name):
                    remedy = "It is a finding: write it under `findings`."
                message = f"unknown field {shown(name)}. {remedy}"
                self.problems.add(message, line=node.line, field=self.path or None)


def read_choice(raw: object, choices: list[str], *, aliases: Mapping[str, str] | None = None) -> str:
    """Return the one of ``choices`` that is meant, in any case and spacing.

    Raises
    ------
    RefusedError
        Listing the choices, and naming the nearest.
    """
    word = "_".join(str(raw).lower().replace("-", " ").replace("_", " ").split())
    word = (aliases or {}).get(word, word)
    if word in choices:
        return word
    raise RefusedError(
        f"must be one of {', '.join(choices)}; got {shown(raw)}. {nearest(word, choices)}".rstrip()
    )


def is_empty(node: Node) -> bool:
    """Return whether nothing was written, or null."""
    return isinstance(node, Scalar) and node.value is None


def described(node: Node) -> str:
    """Return in words what a node is."""
    match node:
        case Scalar(text):
            return shown(text)
        case Listing(items):
            return f"a list of {len(items)}"
        case Table(fields):
            return f"a table with {len(fields)} fields"
