"""The pages of the documentation, and the examples in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# ([\w-]+\.yaml)\b")


class Block(NamedTuple):
    """One example: its language, its text, and the line of the page it begins in."""

    language: str
    text: str
    line: int

    @property
    def file(self) -> str | None:
        """Name of the file that a YAML example is, from its first line."""
        match = FILE.match(self.text)
        return match[1] if self.language == "yaml" and match else None


class Command(NamedTuple):
    """One command of a console example, and what it prints."""

    command: str
    output: str


def pages() -> list[Path]:
    """Return every page."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")]
    return sorted(found)


def blocks(page: Path) -> list[Block]:
    """Return the examples of a page, in order."""
    text = page.read_text("utf-8")
    return [Block(m[1], m[2], text.count("\n", 0, m.start(2)) + 1) for m in FENCE.finditer(text)]


def commands(text: str) -> Iterator[Command]:
    """Give the commands of a console example."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield Command(command, output)
