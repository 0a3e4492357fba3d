"""The ``gerdy interview`` command."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from gerdy import api
from gerdy.atlas import Atlas, load_atlas
from gerdy.atlas.model import Concern, Who
from gerdy.case import Case, Person, load_case
from gerdy.cli.answer_view import show_answer
from gerdy.cli.concern_view import show_alarms, show_concern
from gerdy.cli.interview.asking import Interview
from gerdy.cli.interview.intake import ask_side, take_in
from gerdy.cli.interview.session import Session, place_to_save
from gerdy.cli.interview.talk import LeftError, Talk
from gerdy.cli.opening import STDIN, complaint_option, lexicon_of, named, voice_option
from gerdy.cli.page import HEADING, QUIET, Page
from gerdy.errors import InputError
from gerdy.interchange.voice import Lexicon

EPILOG = """\b
Examples:
  gerdy interview                          begin; saved as gerdy-case.yaml
  gerdy interview gerdy-case.yaml          go on where you stopped
  gerdy interview --who clinician --clinical --save anna.yaml

\b
While answering:
  y n ?   yes, no, not known (? counts as asked)
  1 2 3   a grade by its number, or those that apply on a safety list
  24 deg  a measurement, with or without its unit
  b s w l back one, skip, why, list of what is likely
  q h m   save and stop, help, more questions than are worth asking"""


@click.command(epilog=EPILOG)
@click.argument("case_file", metavar="[CASE]", required=False)
@complaint_option
@click.option(
    "--who",
    type=click.Choice([who.value for who in Who]),
    default=Who.PERSON.value,
    show_default=True,
    help="Who can find things out: person alone, with a helper, a clinician, or a clinic with instruments.",
)
@voice_option
@click.option("--save", metavar="PATH", type=click.Path(path_type=Path), help="Where to save a new case.")
def interview(
    case_file: str | None, complaint: str | None, *, who: str, clinical: bool, save: Path | None
) -> None:
    """Ask what is worth asking, one question at a time.

    Without CASE it begins with the side and the places that hurt; with CASE it goes on with that file.
    Safety lists come first, then the question that would help most per minute, until nothing is worth
    asking; then the answer is shown. The case is saved after every answer, into CASE itself unless --save
    names another file; comments in it are not kept. Lines may come from a pipe; the end of input saves and
    stops.
    """
    if case_file == STDIN:
        raise InputError("interview: reads answers from standard input; give the case as a file.")
    given = Path(case_file) if case_file is not None else None
    case = None if given is None else load_case(given)
    if case is not None:
        complaint = case.complaint(complaint).id
    elif complaint is not None:
        raise InputError("--complaint: belongs to a case file; a new case has one complaint.")
    target, atlas, talk = place_to_save(given, save), load_atlas(), Talk(Page())
    _greet(talk.page, target, new=case is None)
    try:
        session = _session(talk, case, target, atlas, complaint=complaint, who=Who(who))
    except LeftError:
        talk.page.say("Stopped; nothing was answered, nothing is saved.")
        return
    lexicon = lexicon_of(clinical=clinical)
    show_alarms(talk.page, session.case, lexicon, but=session.complaint)
    try:
        _intake(talk, session)
        Interview(talk, session, lexicon).run()
    except LeftError:
        _farewell(talk.page, session, lexicon)
        return
    except KeyboardInterrupt:
        talk.page.blank()
        talk.page.say(f"Saved in {target}.")
        raise
    talk.page.blank()
    one = session.case.complaint(session.complaint)
    several = len(session.case.complaints) > 1
    show_answer(
        talk.page,
        api.assess(session.case, one.id),
        one,
        lexicon,
        several=several,
        file=named(str(target)),
    )
    _show_others(talk.page, session)
    talk.page.say(f"Saved in {target}.", style=QUIET)


def _show_others(page: Page, session: Session) -> None:
    """Write how to go on with the other complaints of the case."""
    file = named(str(session.path))
    for other in session.case.complaints:
        if other.id != session.complaint:
            command = f"gerdy interview {file} --complaint {shlex.quote(other.id)}"
            page.say(f"For the other complaint: {command}", style=QUIET)


def _greet(page: Page, target: Path, *, new: bool) -> None:
    page.say("Gerdy asks; you answer as far as you can. It informs, it does not diagnose.", style=HEADING)
    kept = f"Saved in {target} after every answer. q stops at any time, h shows what can be typed."
    page.say(kept if new else f"Going on with {target}. {kept}", style=QUIET)


def _session(
    talk: Talk, case: Case | None, target: Path, atlas: Atlas, *, complaint: str | None, who: Who
) -> Session:
    """Return the session; a new case begins with its side, and is saved at once."""
    if case is not None:
        return Session(case, target, atlas, case.complaint(complaint).id, who)
    begun = ask_side(talk, atlas)
    session = Session(begun, target, atlas, begun.complaint(complaint).id, who)
    session.save()
    return session


def _intake(talk: Talk, session: Session) -> None:
    """Ask for places and facts, unless questions have been answered or both are known."""
    one = session.case.complaint(session.complaint)
    answered = session.case.findings or one.findings
    if not answered and (not one.painted or session.case.person == Person()):
        take_in(talk, session)
    talk.page.blank()
    talk.page.say(f"The questions are about the {one.side} side, unless they say otherwise.", style=QUIET)


def _farewell(page: Page, session: Session, lexicon: Lexicon) -> None:
    concern = session.concern
    page.blank()
    if concern.level.rank >= Concern.URGENT.rank:
        show_concern(page, concern, lexicon, open_screens=0)
        page.blank()
    file = named(str(session.path))
    page.say(f"Saved in {session.path}.")
    page.say(f"To go on: gerdy interview {file}", indent=2)
    page.say(f"The answer so far: gerdy assess {file}", indent=2)
