"""Questions on the page, and what is believed so far, quietly."""

from __future__ import annotations

from gerdy.atlas.model import Finding
from gerdy.cli.interview.replies import numbered
from gerdy.cli.interview.session import Session
from gerdy.cli.interview.talk import Talk
from gerdy.cli.page import QUIET
from gerdy.cli.words import WHO, bar, duration, percent
from gerdy.interchange.voice import Lexicon
from gerdy.reasoning.answer import Question
from gerdy.reasoning.wording import chance_words

_LEADING, _LISTED = 3, 8
_HANG = 9
HELP = """y yes, n no, ? not known; or the number before a grade; or a number with its unit.
On a list: the numbers of those that apply (1,3), 2? when not sure of one, Enter when none does.
b  take back the last answer        s  skip: stays unknown
w  what each answer would change    l  list what is most likely so far
q  save and stop                    h  this help"""


def show_list(talk: Talk, question: Question, session: Session) -> None:
    """Write several findings asked at once, numbered: a safety list, or what belongs together."""
    page, left = talk.page, len(session.asking.screens) - 1
    if question.kind == "screen":
        after = f", {left} more after this" if left else ", the last of these"
        page.heading(f"Safety: {question.name} ({duration(question.seconds)}{after})")
    else:
        page.heading(f"{question.name} ({duration(question.seconds)})")
    page.say(question.ask)
    for number, name in enumerate(question.findings, start=1):
        page.say(session.atlas.findings[name].ask, indent=2, label=f"{number}.", hang=3)
    if question.kind != "screen":  # the reason is that of the first
        page.say(question.why, indent=2, label="Why 1", hang=_HANG, style=QUIET)


def show_question(talk: Talk, question: Question, finding: Finding, lexicon: Lexicon) -> None:
    """Write a question: how to test, what counts, the grades, and why it is asked."""
    page = talk.page
    who = "" if question.who == "person" else f", {WHO[question.who]}"
    page.heading(f"{lexicon.choose(finding.name, finding.clinical)} ({duration(question.seconds)}{who})")
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


def prompt(question: Question, finding: Finding | None) -> str:
    """Return what can be typed, as the end of a question."""
    if finding is None:
        return f"Numbers of those that apply (1-{len(question.findings)}), Enter for none of these:"
    if finding.levels:
        numbers = [number for number, _ in numbered(finding)]
        return f"{numbers[0]}-{numbers[-1]}, or y, n, ? (h help):"
    if finding.measured is not None:
        return f"Number in {finding.measured.unit}, or y, n, ? (h help):"
    return "y, n or ? (h help):"


def show_why(talk: Talk, question: Question, lexicon: Lexicon) -> None:
    """Write what each answer would do."""
    if not question.choices:
        talk.page.say(question.why, indent=2)
    for choice in question.choices:
        lead = f"{lexicon.name(choice.leads)} first, {chance_words(choice.leads_with)}"
        talk.page.say(
            f"{choice.name} ({percent(choice.probability)} likely): {lead}",
            indent=2,
            label="-" if talk.page.plain else "•",
        )


def show_leading(talk: Talk, session: Session, lexicon: Lexicon) -> None:
    """Write the three most probable sources, quietly."""
    for place, (name, chance) in enumerate(_ranked(session)[:_LEADING]):
        label = f"{'' if place else 'So far':<{_HANG}}{chance_words(chance)}"
        talk.page.say(lexicon.name(name), indent=2, label=label, hang=_HANG + 20, style=QUIET)


def show_ranking(talk: Talk, session: Session, lexicon: Lexicon) -> None:
    """Write more of the ranking, with bars."""
    for name, chance in _ranked(session)[:_LISTED]:
        line = bar(chance, 0.0, chance, plain=talk.page.plain).append(f" {percent(chance):>5} ")
        talk.page.say(lexicon.name(name), indent=2, label=line)


def _ranked(session: Session) -> list[tuple[str, float]]:
    return sorted(session.beliefs.probability.items(), key=lambda pair: -pair[1])
