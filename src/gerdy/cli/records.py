"""``gerdy records``: what is remembered of people: check it, hand it out, copy it, erase it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import click
import msgspec

from gerdy.cli.failing import CHECK_FAILED
from gerdy.cli.page import BAD, GOOD, Page
from gerdy.cli.words import count
from gerdy.errors import FileError, InputError, MissingPartError

if TYPE_CHECKING:
    from gerdy.records import Export, PersonLine, Records, Report

F = TypeVar("F", bound=Callable[..., Any])
DATABASE = "gerdy-records.db"
MOST_SHOWN = 20  # problems; the count is always told
EPILOG = """\b
Examples:
  gerdy records list
  gerdy records verify
  gerdy records backup records-monday.db
  gerdy records export 0b6f3c1e-... -o everything.json --report report.html"""
_HEADS = dict[str, tuple[int, str]]


def _database_option(command: F) -> F:
    words = f"File, or postgresql://user@host/name; GERDY_DB or {DATABASE} otherwise."
    return click.option("--db", "where", metavar="URL", envvar="GERDY_DB", default=DATABASE, help=words)(
        command
    )


def _actor_option(command: F) -> F:
    words = "Who is doing this, for the timeline; the name of the login otherwise."
    return click.option("--as", "actor", metavar="NAME", default=None, help=words)(command)


@click.group(epilog=EPILOG)
def records() -> None:
    """Check, hand out, copy and erase what is remembered of people.

    Everything is encrypted with a key per person; the master key is in GERDY_MASTER_KEY or in the file
    beside the database that ends in .key. Checking and copying need no key.
    """


@records.command("list", epilog="\b\nExamples:\n  gerdy records list --db clinic.db")
@_database_option
def list_command(where: str) -> None:
    """List whose records there are; nothing of anybody's health is shown."""
    with _open(where) as kept:
        people = kept.people()
    page = Page()
    if not people:
        page.say("Nobody yet.")
        return
    page.table([("Person", "Events", "First", "Last", "Erased"), *(_row(line) for line in people)])


def _row(line: PersonLine) -> tuple[str, ...]:
    moments = (line.opened_at, line.last_at, line.erased_at)
    return (
        str(line.person),
        str(line.events),
        *("" if one is None else f"{one:%Y-%m-%d %H:%M}" for one in moments),
    )


@records.command(epilog="\b\nExamples:\n  gerdy records verify\n  gerdy records verify --backup monday.db")
@_database_option
@click.option("--backup", metavar="FILE", type=click.Path(path_type=Path), help="Check a backup instead.")
@click.option(
    "--save-heads",
    metavar="FILE.json",
    type=click.Path(path_type=Path),
    help="Save the ends of all timelines.",
)
@click.option(
    "--against",
    metavar="FILE.json",
    type=click.Path(path_type=Path),
    help="Ends saved before; they must hold.",
)
@click.option("--unseal", is_flag=True, help="Open every event with its key as well; needs the master key.")
@click.pass_context
def verify(
    ctx: click.Context,
    where: str,
    backup: Path | None,
    save_heads: Path | None,
    against: Path | None,
    *,
    unseal: bool,
) -> None:
    """Check that nothing was altered, lost or put in; needs no key.

    Whoever can write the whole database can also write all hashes anew. What they altered is then found with
    --unseal; what they cut off at an end is not. Against that, save the ends of the timelines now and then,
    keep them elsewhere, and check against them. Exit code 1 when something is wrong.
    """
    heads = None if against is None else _read_heads(against)
    report = _check(where, backup, heads, unseal=unseal)
    page = Page()
    page.say(f"{count(report.events, 'event')} of {_people(report)}.")
    for problem in report.problems[:MOST_SHOWN]:
        page.say(str(problem), label="-")
    if not report.ok:
        page.say(f"{count(len(report.problems), 'problem')}.", style=BAD)
        ctx.exit(CHECK_FAILED)
    page.say("Every timeline is whole.", style=GOOD)
    if save_heads is not None:  # never those of a database in which something is wrong
        from gerdy.files import write_whole  # noqa: PLC0415

        write_whole(save_heads, msgspec.json.encode(report.heads))
        page.say(f"The ends of all timelines are in {save_heads}.")


def _check(where: str, backup: Path | None, heads: _HEADS | None, *, unseal: bool) -> Report:
    if backup is None:
        with _open(where) as kept:
            return kept.verify(heads, unseal=unseal)
    if heads is not None or unseal:
        raise InputError("--backup: a backup is checked by its chains alone; restore it to check more.")
    from gerdy.records import check_backup  # noqa: PLC0415

    return check_backup(backup)


def _people(report: Report) -> str:
    erased = f", {report.erased} of them erased" if report.erased else ""
    return f"{count(report.people, 'person', 'people')}{erased}"


def _read_heads(path: Path) -> _HEADS:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_HEADS)
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); check name and permissions.") from error
    except ValueError as error:
        raise InputError(f"{path}: holds no ends of timelines; save them with --save-heads.") from error


@records.command(
    epilog="\b\nExamples:\n  gerdy records export 0b6f3c1e-... -o everything.json --report report.html"
)
@click.argument("person", type=click.UUID)
@_database_option
@_actor_option
@click.option("-o", "--output", metavar="FILE.json", type=click.Path(path_type=Path), help="Write to a file.")
@click.option(
    "--case",
    "case_file",
    metavar="FILE.yaml",
    type=click.Path(path_type=Path),
    help="Write the case as well.",
)
@click.option(
    "--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Write the report as well."
)
@click.option("--complaint", metavar="ID", help="Which complaint of the case to report on.")
def export(
    person: UUID,
    where: str,
    actor: str | None,
    output: Path | None,
    case_file: Path | None,
    report: Path | None,
    complaint: str | None,
) -> None:
    """Hand out everything that is kept of a person, decrypted.

    Prints JSON: every event, and what is so now. The timeline says that it was read.
    """
    if report is not None and report.suffix.lower() not in {".html", ".htm"}:
        raise InputError(f"--report: writes HTML; name a file that ends in .html, got '{report}'.")
    from gerdy.files import write_whole  # noqa: PLC0415
    from gerdy.records import as_json  # noqa: PLC0415

    with _open(where) as kept:
        found = kept.export(person, actor=actor or _login())
    if output is not None:
        write_whole(output, as_json(found))
    if case_file is not None or report is not None:
        _write_case(found, case_file, report, complaint)
    if output is None and case_file is None and report is None:
        click.echo(as_json(found), nl=False)
        return
    page = Page()
    told = (("Everything", output), ("The case", case_file), ("The report", report))
    for what, path in told:
        if path is not None:
            page.say(f"{what} is in {path}.")


def _write_case(found: Export, case_file: Path | None, report: Path | None, complaint: str | None) -> None:
    if found.state.case is None:
        raise InputError(f"person {found.person}: has drawn no complaint yet; there is no case to write.")
    from gerdy import api  # noqa: PLC0415 (heavy rooms load when they are used)
    from gerdy.case import parse_case, save_case  # noqa: PLC0415

    case = parse_case(msgspec.json.encode(found.state.case), f"person {found.person}")
    if case_file is not None:
        save_case(case_file, case)
    if report is not None:
        from gerdy.interchange.report import report_html  # noqa: PLC0415
        from gerdy.interchange.saving import save_report  # noqa: PLC0415

        save_report(report, report_html(case, api.assess(case, complaint)))


@records.command(
    epilog="\b\nExamples:\n  gerdy records backup monday.db\n  gerdy records backup clinic.dump --db postgresql:///clinic"
)
@click.argument("file", type=click.Path(path_type=Path))
@_database_option
def backup(file: Path, where: str) -> None:
    """Copy everything to a new FILE while others go on writing.

    The copy is checked before it takes its name. It stays encrypted, and the master key is not in it: keep
    that elsewhere, or the copy is worth nothing.
    """
    with _open(where) as kept:
        report = kept.backup(file)
    Page().say(
        f"{count(report.events, 'event')} of {_people(report)} are in {file}, checked. Keep the master key too."
    )


@records.command(epilog="\b\nExamples:\n  gerdy records restore monday.db --db new.db")
@click.argument("file", type=click.Path(path_type=Path))
@_database_option
def restore(file: Path, where: str) -> None:
    """Fill a new or empty database from a backup.

    Backups of SQLite and of PostgreSQL go into either. What was erased after the backup was made comes
    back with it: erase it again.
    """
    with _open(where, create=True) as kept:
        report = kept.restore(file)
        page = Page()
        page.say(f"{count(report.events, 'event')} of {_people(report)} are in {kept.name}, checked.")
        page.say(
            "Put the master key in place: GERDY_MASTER_KEY, or the file beside the database that ends in .key."
        )


@records.command(epilog="\b\nExamples:\n  gerdy records erase 0b6f3c1e-...")
@click.argument("person", type=click.UUID)
@_database_option
@_actor_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(person: UUID, where: str, actor: str | None, *, yes: bool) -> None:
    """Destroy a person's key, so that nobody can read their record again.

    Cannot be undone. That there were events, of which type and when, stays visible, so that the timeline
    can still be checked. Backups made before still hold the key: destroy them, or keep them locked away.
    """
    if not yes:
        click.confirm(f"Erase everything that is kept of {person}? This cannot be undone.", abort=True)
    with _open(where) as kept:
        kept.erase(person, actor=actor or _login())
    Page().say("Erased. Backups made before still hold it.")


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        return "command line"


def _open(where: str, *, create: bool = False) -> Records:
    try:
        from gerdy.records import open_records  # noqa: PLC0415 (an optional part)
    except ModuleNotFoundError as error:
        raise MissingPartError("records", "app", str(error.name)) from error
    return open_records(where, create=create)
