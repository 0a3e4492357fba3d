"""A page of text in the terminal: wrapped, indented, coloured only where colour is seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

WIDEST = 100  # longer lines are hard to read
_NARROWEST = 20

# One place for colours; NO_COLOR and output that is no terminal switch them off.
HEADING = "bold"
QUIET = "dim"
GOOD, BAD = "green", "red"


class _Console(Console):
    """A console that lets a broken pipe be seen, so that one place decides what it means."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class Page:
    """Text from top to bottom; wrapped lines hang under the first."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or _Console(highlight=False, markup=False, emoji=False)
        self.width = min(self.console.width, WIDEST)

    @property
    def plain(self) -> bool:
        """Whether the terminal shows ASCII alone."""
        return not self.console.encoding.lower().startswith("utf")

    def blank(self) -> None:
        """Leave a line empty."""
        self.console.print()

    def heading(self, words: str) -> None:
        """Write a heading after an empty line."""
        self.blank()
        self.say(words, style=HEADING)

    def say(
        self,
        words: str | Text,
        *,
        indent: int = 0,
        label: str | Text = "",
        hang: int = 0,
        style: str = "",
    ) -> None:
        """Write a paragraph.

        Parameters
        ----------
        label : stands before the first line; ``hang`` is the width kept for it.
        """
        body = words if isinstance(words, Text) else Text(words, style=style)
        head = label if isinstance(label, Text) else Text(label, style=style)
        start = indent + (max(hang, head.cell_len + 1) if head or hang else 0)
        lines = list(body.wrap(self.console, max(self.width - start, _NARROWEST))) or [Text()]
        for number, line in enumerate(lines):
            row = Text(" " * indent)
            if number == 0 and (head or hang):
                row.append_text(head)
            row.pad_right(start - row.cell_len)
            row.append_text(line)
            row.rstrip()
            self.console.print(row, soft_wrap=True)

    def points(self, items: Iterable[str], *, indent: int = 2) -> None:
        """Write a list with a mark before each item."""
        for item in items:
            self.say(item, indent=indent, label="-" if self.plain else "•")

    def steps(self, items: Iterable[str], *, indent: int = 2) -> None:
        """Write a numbered list."""
        for number, item in enumerate(items, start=1):
            self.say(item, indent=indent, label=f"{number}.", hang=3)

    def choices(self, items: Sequence[str], *, columns: int = 2) -> None:
        """Write a numbered list in columns, each read from top to bottom."""
        numbered = [f"{number:>2} {item}" for number, item in enumerate(items, start=1)]
        rows = -(-len(numbered) // columns)
        wide = (self.width - 2) // columns
        for row in range(rows):
            self.say("".join(f"{item:<{wide}}" for item in numbered[row::rows]), indent=2)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Write rows in columns, the first as their heading; where they are too wide, each row as a paragraph."""
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        if sum(widths) + 2 * len(widths) > self.width:
            for row in rows[1:]:
                told = ", ".join(
                    f"{name.lower()} {cell}" for name, cell in zip(rows[0][1:], row[1:], strict=True) if cell
                )
                self.say(f"{row[0]}: {told}", hang=0)
            return
        for row in rows:
            cells = [f"{cell:<{wide}}" for cell, wide in zip(row, widths, strict=True)]
            self.say("  ".join(cells).rstrip())
