"""The beginning of an interview: side, places, and a few facts about the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gerdy.atlas import Atlas
from gerdy.case import ACTIVITIES, Case
from gerdy.cli.interview.draft import begun, with_complaint, with_person
from gerdy.cli.interview.places import ask_places
from gerdy.cli.interview.replies import Command, command_of, plain_message
from gerdy.cli.interview.session import Session
from gerdy.cli.interview.talk import LeftError, Talk
from gerdy.cli.page import QUIET
from gerdy.errors import CaseError
from gerdy.interchange.wording import spaced


@dataclass(frozen=True)
class Fact:
    """One fact that is asked once and may be skipped."""

    field: str
    prompt: str
    of_complaint: bool = False
    options: Sequence[str] = ()

    def put(self, case: Case, complaint: str, reply: str, atlas: Atlas) -> Case:
        """Return the case with the fact."""
        value: object = _chosen(reply, self.options) if self.options else reply
        if self.of_complaint:
            return with_complaint(case, complaint, self.field, value, atlas)
        return with_person(case, self.field, value, atlas)

    def known(self, case: Case, complaint: str) -> str:
        """Return what is known of it already, in words; empty where nothing is."""
        value = getattr(case.complaint(complaint) if self.of_complaint else case.person, self.field)
        match value:
            case None:
                return ""
            case float():
                return f"{value:g}"
            case tuple():
                return ", ".join(spaced(word) for word in value)
        return str(value)


FACTS = (
    Fact("since", "Since when? (6 weeks, 2024-05)", of_complaint=True),
    Fact("age", "Age in years?"),
    Fact("sex", "Sex? (female, male, other)"),
    Fact("height_cm", "Height in cm?"),
    Fact("mass_kg", "Weight in kg?"),
    Fact("activities", "Which of these fill your days? (numbers, such as 1,12)", options=ACTIVITIES),
)
HELP = (
    "Enter or s skips what may be left out, b goes back one step, q stops. Everything you answer is saved as "
    "you go; give the file again to go on."
)


def ask_side(talk: Talk, atlas: Atlas) -> Case:
    """Ask which side hurts, and return the case that begins with it."""
    while True:
        reply = talk.ask("Which side hurts, right or left? (one at a time)")
        command = command_of(reply)
        if command is Command.QUIT:
            raise LeftError
        if not reply or (command is not None and command is not Command.LIST):  # l is left here
            talk.page.say("Write right or left; the side is needed to begin. q stops.", style=QUIET)
            continue
        try:
            return begun(reply, atlas)
        except CaseError as error:
            talk.page.say(plain_message(error, atlas), style="yellow")


def take_in(talk: Talk, session: Session, *, from_end: bool = False) -> None:
    """Ask where it hurts and who is asking; what is known already is kept by pressing Enter.

    ``from_end`` begins with the last fact, for somebody who goes back from the first question.
    """
    place = len(FACTS) - 1 if from_end else -1  # -1: the places
    while place < len(FACTS):
        forward = ask_places(talk, session) if place < 0 else _ask_fact(talk, session, FACTS[place])
        place = max(place + (1 if forward else -1), -1)


def _ask_fact(talk: Talk, session: Session, fact: Fact) -> bool:
    """Ask one fact; return False to go back."""
    if fact.options:
        talk.page.choices([spaced(name) for name in fact.options], columns=3)
    known = fact.known(session.case, session.complaint)
    hint = f"[Enter keeps {known}]" if known else "[Enter skips]"
    while True:
        reply = talk.ask(f"{fact.prompt} {hint}")
        command = command_of(reply)
        if fact.field == "sex" and command is Command.MORE:
            command = None  # m is male here
        match command:
            case Command.BACK:
                return False
            case Command.QUIT:
                raise LeftError
            case Command.SKIP:
                return True
            case None if not reply:
                return True
            case None:
                pass
            case _:
                talk.page.say(HELP, style=QUIET)
                continue
        try:
            session.take(fact.put(session.case, session.complaint, reply, session.atlas))
        except CaseError as error:
            talk.page.say(plain_message(error, session.atlas), style="yellow")
        else:
            return True


def _chosen(reply: str, options: Sequence[str]) -> list[str]:
    """Return the options meant by number or name; anything else is left for the reading rules to refuse."""
    parts = [part.strip() for part in reply.replace(";", ",").split(",") if part.strip()]
    if all(part.isdigit() for part in reply.replace(",", " ").split()):
        parts = reply.replace(",", " ").split()
    by_number = {str(number): name for number, name in enumerate(options, start=1)}
    return [by_number.get(part, part) for part in parts]
