"""Questions on the page, and what is believed so far, quietly."""

from __future__ import annotations

from gerdy.atlas.model import Finding
from gerdy.cli.interview.replies import numbered
from gerdy.cli.interview.session import Session
from gerdy.cli.page import HEADING, QUIET
from gerdy.cli.interview.talk import Talk
from gerdy.cli.words import WHO, Voice, bar, duration, percent
from gerdy.reasoning.answer import Question
from gerdy.reasoning.wording import chance_words

_LEADING, _LISTED = 3, 8
_HANG = 9
HELP = """y yes, n no, ? not known; or the number before a grade; or a number with its unit.
On a safety list: the numbers of those that apply (1,3), 2? when not sure of one, Enter when none does.
b  take back the last answer        s  skip: stays unknown
w  what each answer would change    l  list what is most likely so far
q  save and stop                    h  this help"""


def show_screen(talk: Talk, question: Question, session: Session, left: int) -> None:
    """Write a safety list with its members numbered."""
    page = talk.page
    after = f", {left} more after this" if left else ", the last one"
    page.heading(f"Safety: {question.name} ({duration(question.seconds)}{after})")
    page.say(question.ask)
    for number, name in enumerate(question.findings, start=1):
        page.say(session.atlas.findings[name].ask, indent=2, label=f"{number}.", hang=3)


def show_question(talk: Talk, question: Question, finding: Finding, voice: Voice) -> None:
    """Write a question: how to test, what counts, the grades, and why it is asked."""
    page = talk.page
    who = "" if question.who == "person" else f", {WHO[question.who]}"
    page.heading(f"{voice.name(finding)} ({duration(question.seconds)}{who})")
    page.say(question.ask)
    if question.caution:
        page.say(question.caution, indent=2, label="Careful", hang=_HANG, style="yellow")
    if question.position:
        page.say(question.position, indent=2, label="Position", hang=_HANG)
    page.steps(question.steps, indent=2)
    if question.positive:
        page.say(question.positive, indent=2, label="Yes if", hang=_HANG)
    levels = {level.id: level.name for level in finding.levels}
    for number, name in numbered(finding):
        page.say(levels[name], indent=4, label=f"{number}", hang=2)
    page.say(question.why, indent=2, label="Why", hang=_HANG, style=QUIET)


def prompt(finding: Finding) -> str:
    """Return what can be typed, as the end of a question."""
    if finding.levels:
        numbers = [number for number, _ in numbered(finding)]
        return f"{numbers[0]}-{numbers[-1]}, or y, n, ? (h help):"
    if finding.measured is not None:
        return f"Number in {finding.measured.unit}, or y, n, ? (h help):"
    return "y, n or ? (h help):"


def show_why(talk: Talk, question: Question, voice: Voice) -> None:
    """Write what each answer would do."""
    if not question.choices:
        talk.page.say(question.why, indent=2)
    for choice in question.choices:
        lead = f"{voice.of(choice.leads)} first, {chance_words(choice.leads_with)}"
        talk.page.say(
            f"{choice.name} ({percent(choice.probability)} likely): {lead}",
            indent=2,
            label="-" if talk.page.plain else "•",
        )


def show_leading(talk: Talk, session: Session, voice: Voice) -> None:
    """Write the three most probable sources, quietly."""
    for place, (name, chance) in enumerate(_ranked(session)[:_LEADING]):
        label = "So far" if place == 0 else ""
        talk.page.say(f"{voice.of(name)}: {chance_words(chance)}", indent=2, label=label, hang=_HANG, style=QUIET)


def show_list(talk: Talk, session: Session, voice: Voice) -> None:
    """Write more of the ranking, with bars."""
    for name, chance in _ranked(session)[:_LISTED]:
        line = bar(chance, chance, chance, plain=talk.page.plain)
        talk.page.say(line.append(f"  {percent(chance):>5}  ").append(voice.of(name), style=HEADING), indent=2)


def _ranked(session: Session) -> list[tuple[str, float]]:
    return sorted(session.beliefs.probability.items(), key=lambda pair: -pair[1])
