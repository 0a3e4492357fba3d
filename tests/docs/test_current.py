"""The documentation says all there is to say, and nothing that is no more."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from docs.pages import FENCE, ROOT, pages

from gerdy.atlas import load_atlas
from gerdy.atlas.model import Concern
from gerdy.case import case_schema
from gerdy.cli.program import program
from gerdy.reasoning.wording import chance_words

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_what_is_written_from_the_atlas_is_current() -> None:
    done = subprocess.run(
        [sys.executable, DOCS / "generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}run: python docs/generate.py"


def test_every_safety_rule_and_alarm_is_told() -> None:
    text, atlas = (DOCS / "safety.md").read_text("utf-8"), load_atlas()
    alarms = [source.id for source in atlas.sources.values() if source.alarm]
    assert [name for name in (*atlas.rules, *alarms) if f"`{name}`" not in text] == []
    assert all(rule.level is not Concern.NONE for rule in atlas.rules.values())


def command_tree(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Give every command with its full name."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for part in command.list_commands(context):
            inner = command.get_command(context, part)
            assert inner is not None
            yield from command_tree(inner, f"{name} {part}")


COMMANDS = dict(command_tree(program, "gerdy"))


def section(text: str, command: str) -> str:
    """Return the section of a command: from its heading to the next one."""
    found = re.search(rf"^#+ {re.escape(command)}(?: [^a-z\n].*)?$", text, re.MULTILINE)
    assert found is not None or command == "gerdy", f"docs/cli.md has no section for {command}"
    start = 0 if found is None else found.end()
    following = re.search(r"^#+ gerdy", text[start:], re.MULTILINE)
    return text[start : start + following.start() if following else None]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_told(name: str) -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    if name.startswith("gerdy schema"):
        assert "## gerdy schema" in text
        return
    here = section(text, name)
    options = [
        o for p in COMMANDS[name].params if isinstance(p, click.Option) for o in (*p.opts, *p.secondary_opts)
    ]
    missing = [option for option in options if option not in {"-h", "--help"} and f"`{option}" not in here]
    assert missing == []


def test_no_option_is_told_that_there_is_not() -> None:
    told = set(re.findall(r"`(--[a-z-]+)", (DOCS / "cli.md").read_text("utf-8")))
    params = [p for command in COMMANDS.values() for p in command.params if isinstance(p, click.Option)]
    assert told - {"--help"} <= {option for p in params for option in (*p.opts, *p.secondary_opts)}


def names_in(schema: dict[str, Any]) -> Iterator[str]:
    """Give the fields and words of the case file that a person writes, but for findings and synonyms."""
    for definition in (schema, *(schema["$defs"][name] for name in ("person", "complaint", "mark", "care"))):
        for field, rule in definition["properties"].items():
            yield field
            if field in {"activities", "equipment"}:
                yield from rule["anyOf"][0]["enum"]
    yield from schema["$defs"]["mark"]["properties"]["quality"]["enum"]


def test_every_field_and_word_of_a_case_file_is_told() -> None:
    text = (DOCS / "case-file.md").read_text("utf-8")
    missing = [name for name in names_in(case_schema(load_atlas())) if not re.search(rf"\b{name}\b", text)]
    assert missing == []


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.004, "fewer than 1 in 100"),
        (0.03, "about 3 in 100"),
        (0.6, "about 6 in 10"),
        (0.96, "more than 19 in 20"),
    ],
)
def test_words_for_probabilities_are_those_used(chance: float, words: str) -> None:
    assert chance_words(chance) == words
    assert words in (DOCS / "conventions.md").read_text("utf-8")


def test_every_room_is_told() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    rooms = [path.name for path in (ROOT / "src/gerdy").iterdir() if (path / "__init__.py").exists()]
    assert [room for room in rooms if f"{room}/" not in text] == []


def anchors(page: Path) -> set[str]:
    """Return what a link can point to inside a page."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", [page.relative_to(ROOT).as_posix() for page in pages()])
def test_links_lead_somewhere(page: str) -> None:
    text = FENCE.sub("", (ROOT / page).read_text("utf-8"))
    for link in LINK.findall(text):
        name, _, anchor = link.partition("#")
        target = (ROOT / page).parent / name if name else ROOT / page
        assert target.exists(), f"{page}: {link}"
        assert not anchor or anchor in anchors(target), f"{page}: {link}"


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_has_three_lines(page: Path) -> None:
    assert len(page.read_text("utf-8").strip().splitlines()) == 3
