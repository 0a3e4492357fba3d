"""What to find out next, and what would change the answer."""

from __future__ import annotations

from dataclasses import dataclass

from gerdy.api import Assessment
from gerdy.atlas.model import Concern, Who
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import capital, duration, in_hundred
from gerdy.reasoning.answer import Change, Question
from gerdy.reasoning.wording import chance_words

_ALONE = {Who.PERSON, Who.HELPER}
_MOST_ALONE, _MOST_EXAMINED = 5, 6


@dataclass(frozen=True)
class Outcome:
    """One way a check can turn out."""

    answer: str
    words: str
    leads: str
    chance: str


@dataclass(frozen=True)
class Check:
    """One thing worth finding out."""

    name: str
    ask: str
    why: str
    effort: list[str]
    position: str
    steps: list[str]
    positive: str
    caution: str
    outcomes: list[Outcome]


@dataclass(frozen=True)
class Screen:
    """A list of safety questions that has not been answered."""

    name: str
    ask: str
    questions: list[str]


@dataclass(frozen=True)
class Checks:
    """Safety first, then what can be done alone, then what an examination adds.

    ``held_back`` says why something is left out.
    """

    screens: list[Screen]
    alone: list[Check]
    examined: list[Check]
    held_back: str
    enough: bool


@dataclass(frozen=True)
class Turn:
    """An answer that would put another source first."""

    name: str
    answer: str
    leads: str
    before: str
    after: str


@dataclass(frozen=True)
class Turns:
    """What is still open, and what was answered but would turn the order if it were otherwise."""

    open: list[Turn]
    given: list[Turn]


def by_oneself(assessment: Assessment) -> list[Question]:
    """Return what needs no examiner, best first, without what an open list of safety questions asks."""
    questions = assessment.next_questions
    listed = {name for question in questions if question.kind == "screen" for name in question.findings}
    return [q for q in questions if q.kind == "finding" and q.who in _ALONE and q.id not in listed]


def checks(lexicon: Lexicon, assessment: Assessment) -> Checks:
    """Return what to find out next; nobody is asked to test a leg that must be seen first."""
    level = assessment.concern.level
    questions = assessment.next_questions
    alone = by_oneself(assessment)
    held_back = ""
    if level is Concern.EMERGENCY:
        alone, held_back = [], "Being seen comes first. Please do not try out tests on yourself now."
    elif level is Concern.URGENT:
        alone = [q for q in alone if not q.steps and q.discomfort == 0]
        held_back = "Tests on yourself that may bring on the pain are left out until somebody has looked."
    return Checks(
        screens=[_screen(lexicon, q) for q in questions if q.kind == "screen"],
        alone=[_check(lexicon, q) for q in alone[:_MOST_ALONE]],
        examined=[_check(lexicon, q) for q in questions if q.kind == "finding" and q.who not in _ALONE][
            :_MOST_EXAMINED
        ],
        held_back=held_back,
        enough=assessment.enough,
    )


def turns(lexicon: Lexicon, assessment: Assessment) -> Turns:
    """Return what would change the answer."""
    return Turns(
        open=[_turn(lexicon, change) for change in assessment.would_change if not change.given],
        given=[_turn(lexicon, change) for change in assessment.would_change if change.given],
    )


def _turn(lexicon: Lexicon, change: Change) -> Turn:
    finding = lexicon.atlas.findings.get(change.id)
    levels = {level.id: level.name for level in finding.levels} if finding else {}
    words = {"positive": "yes", "negative": "no"}
    return Turn(
        name=capital(lexicon.name(change.id, change.name)),
        answer=levels.get(change.value) or words.get(change.value, change.value),
        leads=lexicon.name(change.leads, change.leads_name),
        before=in_hundred(change.before),
        after=in_hundred(change.after),
    )


def _screen(lexicon: Lexicon, question: Question) -> Screen:
    findings = lexicon.atlas.findings
    return Screen(
        name=lexicon.choose(question.name, question.clinical),
        ask=question.ask,
        questions=[
            lexicon.choose(findings[name].ask, findings[name].clinical)
            for name in question.findings
            if name in findings
        ],
    )


def _check(lexicon: Lexicon, question: Question) -> Check:
    return Check(
        name=capital(lexicon.choose(question.name, question.clinical)),
        ask=question.ask,
        why=question.why,
        effort=[part for part in (duration(question.seconds), _help(question.who), _hurt(question)) if part],
        position=question.position,
        steps=question.steps,
        positive=question.positive,
        caution=question.caution,
        outcomes=[
            Outcome(
                answer=choice.name,
                words=chance_words(choice.probability),
                leads=lexicon.name(choice.leads),
                chance=in_hundred(choice.leads_with),
            )
            for choice in question.choices
        ],
    )


def _help(who: Who) -> str:
    return {Who.HELPER: "with somebody's help", Who.INSTRUMENT: "needs equipment"}.get(who, "")


def _hurt(question: Question) -> str:
    if question.discomfort <= 0:
        return ""
    return "may bring on the pain" if question.discomfort > 1 else "may be a little uncomfortable"
