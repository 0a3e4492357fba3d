"""What several commands are given: a case file, one of its complaints, and a voice."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
from msgspec import Struct

from gerdy.api import to_json
from gerdy.atlas import load_atlas
from gerdy.case import Case, Complaint, load_case, parse_case
from gerdy.case.reading import MOST_BYTES
from gerdy.errors import FileError
from gerdy.interchange.voice import Lexicon, Voice

F = TypeVar("F", bound=Callable[..., Any])
STDIN = "-"


def case_argument(command: F) -> F:
    """Take a case file; ``-`` reads standard input."""
    return click.argument("case_file", metavar="CASE")(command)


def complaint_option(command: F) -> F:
    """Take the complaint that is meant."""
    return click.option("--complaint", metavar="ID", help="Only this complaint of the case.")(command)


def voice_option(command: F) -> F:
    """Take the voice: plain or clinical."""
    words = "Clinical terms and numbers, or plain words (the default)."
    return click.option("--clinical/--plain", "clinical", default=False, help=words)(command)


def lexicon_of(*, clinical: bool) -> Lexicon:
    """Return what things are called in a voice."""
    return Lexicon(load_atlas(), Voice.CLINICAL if clinical else Voice.PLAIN)


def json_option(command: F) -> F:
    """Take whether to answer in JSON."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for other programs.")(command)


def open_case(path: str) -> Case:
    """Return the case in a file, or on standard input for ``-``.

    Raises
    ------
    FileError
        If it cannot be read.
    CaseError
        Naming file, line and field of what is wrong.
    """
    if path != STDIN:
        return load_case(path)
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileError(f"standard input: more than {MOST_BYTES:,} bytes; a case is never as large.")
    return parse_case(content, "standard input")


def complaints_meant(case: Case, name: str | None) -> tuple[Complaint, ...]:
    """Return the complaint with an id, or all of them where none is named.

    Raises
    ------
    CaseError
        If there is no such complaint.
    """
    return case.complaints if name is None else (case.complaint(name),)


def named(path: str) -> str:
    """Return a file's name as it is typed in a shell; empty for standard input."""
    return "" if path == STDIN else shlex.quote(path)


def as_document(answers: Sequence[Struct]) -> bytes:
    """Return answers as JSON: one object, or a list where there are several."""
    documents = [to_json(answer) for answer in answers]
    return documents[0] if len(documents) == 1 else b"[\n" + b",\n".join(documents) + b"\n]"
