"""Concern as a banner: how soon, where to go, what to say there, and every reason."""

from __future__ import annotations

from dataclasses import dataclass

from gerdy.atlas.model import Concern
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import capital
from gerdy.reasoning.answer import ConcernAnswer, Reason

_TITLES = {
    Concern.EMERGENCY: "Be seen today",
    Concern.URGENT: "Be seen within days",
    Concern.ROUTINE: "Book an ordinary appointment",
}
_SOON = {
    Concern.EMERGENCY: "Today, without waiting for an appointment. If you cannot travel safely, call the "
    "emergency number of your country.",
    Concern.URGENT: "Within days, two weeks at the very most; sooner if it gets worse.",
    Concern.ROUTINE: "At the next ordinary appointment.",
}
_LABELS = {
    Concern.EMERGENCY: "Emergency",
    Concern.URGENT: "Urgent",
    Concern.ROUTINE: "Routine",
    Concern.NONE: "Noted",
}


@dataclass(frozen=True)
class Why:
    """One reason for concern."""

    name: str
    label: str
    reason: str
    because: list[str]
    where: str
    say: str


@dataclass(frozen=True)
class Alarm:
    """The banner; ``where`` and ``say`` are those of the reasons at the highest level."""

    level: str
    label: str
    title: str
    soon: str
    where: list[str]
    say: list[str]
    reasons: list[Why]


def alarm(lexicon: Lexicon, concern: ConcernAnswer) -> Alarm | None:
    """Return the banner, or None when there is no concern."""
    if concern.level is Concern.NONE:
        return None
    first = [reason for reason in concern.reasons if reason.level is concern.level]
    return Alarm(
        level=concern.level.value,
        label=_LABELS[concern.level],
        title=_TITLES[concern.level],
        soon=_SOON[concern.level],
        where=list(dict.fromkeys(reason.where.rstrip(".") for reason in first)),
        say=list(dict.fromkeys(reason.say for reason in first)),
        reasons=[_why(lexicon, reason) for reason in concern.reasons],
    )


def _why(lexicon: Lexicon, reason: Reason) -> Why:
    by_rule = reason.kind == "rule"
    named = reason.id if by_rule or not reason.because else reason.because[0]
    return Why(
        name=lexicon.name(named, reason.name),
        label=_LABELS[reason.level],
        reason=reason.reason,
        because=[capital(lexicon.name(name)) for name in reason.because] if by_rule else [],
        where=reason.where.rstrip("."),
        say=reason.say,
    )
