"""Where it hurts, by number or name, each with how much."""

from __future__ import annotations

import re

from gerdy.atlas import Atlas, normal_form
from gerdy.case import Case
from gerdy.case.problems import RefusedError, nearest, shown
from gerdy.case.quantity import read_within
from gerdy.cli.interview.draft import with_complaint
from gerdy.cli.interview.replies import Command, command_of, plain_message
from gerdy.cli.interview.session import Session
from gerdy.cli.interview.talk import LeftError, Talk
from gerdy.cli.page import QUIET, Page
from gerdy.errors import GerdyError

HELP = (
    "Write a number or a name from the list and how much it hurts there from 0 (not at all) to 10 (worst), "
    "such as 11 6, or several: 11 6, outer thigh 4. A place given as 0 is known not to hurt. Enter when that "
    "is all."
)
_INTENSITY = re.compile(r"(.*?)[\s:=]+(\d{1,2}(?:[.]\d+)?)(?:\s*/\s*10)?")
_WORST = 10.0


def ask_places(talk: Talk, session: Session) -> bool:
    """Ask for places until the person is done; return whether to go on rather than back."""
    page, atlas = talk.page, session.atlas
    page.heading("Where does it hurt?")
    page.choices([region.name for region in atlas.regions.values()])
    page.say(HELP, style=QUIET)
    if _pain(session):
        _show_noted(page, session)
    while True:
        reply = talk.ask("Place and how much:")
        match command_of(reply):
            case Command.QUIT:
                raise LeftError
            case Command.BACK if pain := _pain(session):
                session.take(_with_pain(session, dict(list(pain.items())[:-1])))
                _show_noted(page, session)
                continue
            case Command.BACK | Command.HELP | Command.WHY | Command.LIST | Command.MORE:
                page.say(HELP, style=QUIET)
                continue
            case Command.SKIP:
                return True
        if not reply:
            return True
        try:
            _add(talk, session, reply)
        except (GerdyError, RefusedError) as error:
            page.say(plain_message(error, atlas), style="yellow")
        _show_noted(page, session)


def _add(talk: Talk, session: Session, reply: str) -> None:
    atlas = session.atlas
    pain = _pain(session)
    for part in re.split(r"[,;]", reply):
        if not part.strip():
            continue
        place, intensity = _read(part.strip(), atlas)
        if intensity is None:
            intensity = _ask_intensity(talk, atlas, place)
        pain[place] = intensity
    session.take(_with_pain(session, pain))


def _pain(session: Session) -> dict[str, float]:
    return dict(session.case.complaint(session.complaint).pain)


def _with_pain(session: Session, pain: dict[str, float]) -> Case:
    return with_complaint(session.case, session.complaint, "pain", pain, session.atlas)


def _read(part: str, atlas: Atlas) -> tuple[str, float | None]:
    """Return the region meant, and how much it hurts where that was said."""
    if match := _INTENSITY.fullmatch(part):
        return _region(match[1].strip(), atlas), read_within(match[2], 0.0, _WORST)
    return _region(part, atlas), None


def _region(word: str, atlas: Atlas) -> str:
    """Return the region with a number of the list, a name, an id or a synonym.

    Raises
    ------
    RefusedError
        For anything that is not on the list; names the nearest.
    """
    ids = list(atlas.regions)
    if word.isdigit():
        if not 1 <= int(word) <= len(ids):
            raise RefusedError(f"{shown(word)} is not on the list: places have the numbers 1 to {len(ids)}.")
        return ids[int(word) - 1]
    by_name = {normal_form(region.name): region.id for region in atlas.regions.values()}
    found = atlas.names.get(normal_form(word))
    if found is not None and found[0] == "regions":
        return found[1].id
    if normal_form(word) not in by_name:
        near = nearest(word.lower(), [region.name for region in atlas.regions.values()])
        raise RefusedError(f"{shown(word)} is no place on the list. {near}".rstrip())
    return by_name[normal_form(word)]


def _ask_intensity(talk: Talk, atlas: Atlas, region: str) -> float:
    while True:
        reply = talk.ask(f"How much at the {atlas.regions[region].name}, 0 to 10?")
        if command_of(reply) is Command.QUIT:
            raise LeftError
        try:
            return read_within(reply, 0.0, _WORST)
        except RefusedError as error:
            talk.page.say(plain_message(error, atlas), style="yellow")


def _show_noted(page: Page, session: Session) -> None:
    names = session.atlas.regions
    said = ", ".join(f"{names[name].name} {value:g}" for name, value in _pain(session).items())
    page.say(f"Noted: {said or 'no place'}. More, or Enter when that is all.", style=QUIET)
