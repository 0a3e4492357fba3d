"""The plan in print: grouped by phase, ids in words, no exercises while somebody must look first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from gerdy.api import Assessment
from gerdy.atlas.model import Concern
from gerdy.care import Plan
from gerdy.care.plan import PlanItem
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import capital, iso_day, joined, minutes_words, percent, sentence, spaced

_PHASES = {
    "make_safe": "Make it safe",
    "stop": "Leave for now",
    "treat": "Treat the source",
    "range": "Regain movement",
    "strength": "Build strength and control",
    "running": "Running: how much and how",
    "return": "Return to sport",
    "maintain": "Keep it",
}


@dataclass(frozen=True)
class Item:
    """One thing to do."""

    number: int
    name: str
    why: str
    dose: list[str]
    steps: list[str]
    feel: str
    stop_if: list[str]
    progress: str
    easier: str
    instead: str
    helps: str


@dataclass(frozen=True)
class Stop:
    """One thing to leave or do differently."""

    name: str
    why: str
    instead: list[str]


@dataclass(frozen=True)
class Care:
    """The plan; ``phases`` is empty while somebody must look first."""

    headline: str
    first_be_seen: bool
    go_to: list[tuple[str, str, str]]
    until_then: list[Item]
    stop_doing: list[Stop]
    phases: list[tuple[str, list[Item]]]
    ask_about: list[Item]
    left_out: list[tuple[str, str]]
    summary: str
    pain_rule: str
    reviews: list[tuple[int, str, str]]
    safety_net: list[str]


def care(lexicon: Lexicon, assessment: Assessment) -> Care:
    """Return the plan of an assessment."""
    plan = assessment.plan
    level = max(plan.level, assessment.concern.level, key=lambda one: one.rank)
    wait = level.rank >= Concern.URGENT.rank
    items = [] if wait else [_item(lexicon, item, n) for n, item in enumerate(plan.items, 1)]
    phase_of = {shown.number: item.phase for shown, item in zip(items, plan.items, strict=False)}
    return Care(
        headline=plan.headline,
        first_be_seen=wait,
        # A pressing concern has its banner; a plan that has nothing else to offer repeats where to go.
        go_to=[] if items else [(one.where, one.say, one.because) for one in plan.go_to],
        until_then=[] if items else [_item(lexicon, item, 0) for item in plan.until_then],
        stop_doing=[
            # What to do instead may be an exercise, which has to wait as well.
            Stop(_name(lexicon, stop.id, stop.name), sentence(stop.why), [] if wait else stop.instead)
            for stop in plan.stop_doing
        ],
        phases=[
            (_PHASES.get(phase, capital(spaced(phase))), list(found))
            for phase, found in groupby(items, key=lambda item: phase_of[item.number])
        ],
        ask_about=[] if wait else [_item(lexicon, item, 0) for item in plan.ask_about],
        left_out=[(_name(lexicon, out.id, out.name), sentence(out.why)) for out in plan.left_out],
        summary=_summary(plan) if items else "",
        # How much pain an exercise may bring is no question before somebody has looked.
        pain_rule="" if wait else plan.pain_rule,
        reviews=[(review.week, iso_day(review.date), review.look_at) for review in plan.reviews],
        safety_net=plan.safety_net,
    )


def _summary(plan: Plan) -> str:
    return (
        f"About {plan.minutes:g} minutes for one session of everything. Done well, and with what to leave, this is "
        f"expected to take away about {percent(plan.coverage)} of the trouble; most of these effects are assumed."
    )


def _name(lexicon: Lexicon, name: str, plain: str) -> str:
    found = lexicon.atlas.interventions.get(name)
    return lexicon.choose(plain, found.clinical if found else "")


def _item(lexicon: Lexicon, item: PlanItem, number: int) -> Item:
    known = lexicon.atlas.interventions
    others = [_name(lexicon, name, known[name].name) for name in item.equivalents if name in known]
    return Item(
        number=number,
        name=lexicon.choose(item.name, item.clinical),
        why=item.why,
        dose=[
            part
            for part in (
                capital(item.dose),
                minutes_words(item.minutes),
                f"you need: {joined([spaced(thing) for thing in item.equipment])}" if item.equipment else "",
            )
            if part
        ],
        steps=item.steps,
        feel=item.feel,
        stop_if=item.stop_if,
        progress=item.progress,
        easier=item.easier,
        instead="; ".join(others),
        helps=joined([lexicon.name(name) for name in item.helps]) if lexicon.clinical else "",
    )
