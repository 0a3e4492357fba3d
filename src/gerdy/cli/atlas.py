"""``gerdy atlas``: the facts behind the answers."""

from __future__ import annotations

import json

import click
import msgspec

from gerdy.atlas import Atlas, load_atlas
from gerdy.atlas.check import check as problems_of
from gerdy.atlas.check import coverage_gaps, grades
from gerdy.atlas.model import Citation, Constant, Entry
from gerdy.atlas.store import ENTRY_KINDS
from gerdy.cli.citing import cited
from gerdy.cli.entry_view import entry_document, show_entry, users_of
from gerdy.cli.failing import CHECK_FAILED
from gerdy.cli.opening import json_option
from gerdy.cli.page import BAD, GOOD, HEADING, QUIET, Page
from gerdy.cli.words import count
from gerdy.errors import AtlasError, UnknownIdError

KINDS = (*ENTRY_KINDS, "citations", "constants")
MEANING = {
    "A": "trials and meta-analyses",
    "B": "cohorts and accuracy studies",
    "C": "small or specialist studies",
    "D": "expert texts and articles",
    "E": "assumptions",
}
EPILOG = """\b
Examples:
  gerdy atlas list sources
  gerdy atlas show itbs
  gerdy atlas check"""


@click.group(epilog=EPILOG)
def atlas() -> None:
    """Look up and check the facts behind the answers."""


@atlas.command("check", epilog="\b\nExamples:\n  gerdy atlas check\n  gerdy atlas check && echo sound")
@click.pass_context
def check_command(ctx: click.Context) -> None:
    """Check that every number is sourced and every reference resolved.

    Prints how many entries there are and how good the evidence behind the numbers is. Exit code 1 when a
    rule of the atlas is broken.
    """
    page = Page()
    try:
        facts = load_atlas()
    except AtlasError as error:
        page.say(str(error), style=BAD)
        ctx.exit(CHECK_FAILED)
    for kind in KINDS:
        page.say(f"{len(getattr(facts, kind)):>6}  {kind}")
    page.say(f"{len(facts.relations):>6}  relations")
    found = grades(facts)
    page.heading(f"{found.total} numbers rest on")
    for grade, number in found.count.items():
        page.say(f"{100 * number / max(found.total, 1):>5.1f} %  {grade}  {MEANING[grade]} ({number})")
    share = 100 * found.unverified / max(found.total, 1)
    page.say(f"{share:>5.1f} %  ?  remembered, not yet seen in their source ({found.unverified})")
    page.blank()
    problems = problems_of(facts)
    for problem in problems:
        page.say(problem, label="-")
    if problems:
        page.say(f"{count(len(problems), 'problem')}.", style=BAD)
        ctx.exit(CHECK_FAILED)
    page.say("Every number is sourced, every reference resolved.", style=GOOD)


@atlas.command(epilog="\b\nExamples:\n  gerdy atlas coverage")
@click.pass_context
def coverage(ctx: click.Context) -> None:
    """Check that everything the articles name is represented.

    Exit code 1 when a row of the inventory has no entry.
    """
    page, facts = Page(), load_atlas()
    gaps = coverage_gaps(facts)
    for gap in gaps:
        page.say(gap, label="-")
    rows, open_rows = len(facts.coverage), len({gap.split(" ")[0].rstrip(":") for gap in gaps})
    page.say(
        f"{rows - open_rows} of {rows} rows of the inventory are represented.", style=BAD if gaps else GOOD
    )
    if gaps:
        ctx.exit(CHECK_FAILED)


@atlas.command("list", epilog="\b\nExamples:\n  gerdy atlas list\n  gerdy atlas list contributors")
@click.argument("kind", required=False, type=click.Choice(KINDS), metavar="[KIND]")
def list_command(kind: str | None) -> None:
    """List the kinds of entry, or the entries of one kind.

    Without KIND it says what kinds there are.
    """
    page, facts = Page(), load_atlas()
    if kind is None:
        for name in KINDS:
            page.say(f"{len(getattr(facts, name)):>6}  {name}")
        return
    for name, entry in getattr(facts, kind).items():
        page.say(_line(entry), label=name, hang=34)


@atlas.command(epilog="\b\nExamples:\n  gerdy atlas show itbs\n  gerdy atlas show noble_compression --json")
@click.argument("entry_id", metavar="ID")
@json_option
def show(entry_id: str, *, as_json: bool) -> None:
    """Show an entry with its numbers, their sources and its relations.

    ID is the id or a synonym of any entry, or the id of a citation or constant.
    """
    page, facts = Page(), load_atlas()
    if entry_id in facts.citations or entry_id in facts.constants:
        _show_other(page, facts, entry_id, as_json=as_json)
        return
    try:
        kind, entry = facts.find(entry_id)
    except UnknownIdError as error:
        known = [*facts.names, *facts.citations, *facts.constants]
        raise UnknownIdError("atlas id", entry_id, known) from error
    if as_json:
        click.echo(json.dumps(entry_document(facts, kind, entry), indent=2, ensure_ascii=False))
    else:
        show_entry(page, facts, kind, entry)


def _show_other(page: Page, facts: Atlas, name: str, *, as_json: bool) -> None:
    """Write a constant, or a citation with every number that rests on it."""
    record = facts.citations.get(name) or facts.constants[name]
    if as_json:
        kind = "citation" if name in facts.citations else "constant"
        click.echo(
            json.dumps({"kind": kind, "entry": msgspec.to_builtins(record)}, indent=2, ensure_ascii=False)
        )
        return
    page.say(name, style=HEADING)
    page.say(_line(record))
    if name in facts.constants:
        constant = facts.constants[name]
        page.say(f"{constant.value:g} (grade {constant.grade.value}; {constant.source})")
        return
    if facts.citations[name].note:
        page.say(facts.citations[name].note, style=QUIET)
    used = users_of(facts, name)
    claimed = [claim.id for claim in facts.claims.values() if name in (*claim.says, *claim.citations)]
    page.heading(f"{count(len(used), 'number')} and {count(len(claimed), 'claim')} rest on it")
    for row in used:
        page.say(row.what, indent=2, label=f"{row.value} {row.basis.grade.value}".strip(), hang=10)
    if claimed:
        page.say(", ".join(claimed), indent=2, label="claims", hang=10)


def _line(record: Entry | Citation | Constant) -> str:
    match record:
        case Citation():
            return cited(record)
        case Constant():
            return record.meaning
        case Entry():
            return record.name
