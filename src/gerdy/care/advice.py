"""What a plan says besides its items: how sure, how much pain, when to look again, when to go at once."""

from __future__ import annotations

import datetime

from gerdy.atlas import Atlas
from gerdy.atlas.model import Concern
from gerdy.care.plan import Plan, Review
from gerdy.care.situation import Situation

PAIN_RULE = (
    "Pain up to 3 of 10 while you do it is fine, 4 to 5 is acceptable if it settles when you stop and is gone the "
    "next morning; above 5, or worse the next morning, means less the next time."
)
NO_PAIN_RULE = "With numbness, weakness, or a bone that may be stressed, no pain is to be provoked at all."
# Nerve, bone and blood flow do not follow the pain rule of tendon and muscle (evidence D2).
_STRICT = {"bone_stress", "blood_flow", "peripheral_nerve", "spine", "compartment"}
_STRICT_FROM = 0.15
_LOOKS = {
    2: "Is the pain no worse, and is the plan being done? Answer the daily questions and draw the pain again.",
    4: "Is it clearly better? If an adequate plan has changed nothing, the question of the source is open again.",
    8: "Compare drawing and score with the start; go on, add load, or have it examined.",
    12: "Most overuse pain has settled by now; what is left should be examined.",
}
REVIEW_WEEKS = tuple(_LOOKS)
_COUNT = {1: "One thing", 2: "Two things", 3: "Three things", 4: "Four things"}
_EXAMINE = "show this to a physiotherapist."


def pressing(level: Concern) -> str:
    """Return the headline when somebody must look first."""
    when = "today" if level is Concern.EMERGENCY else "within days"
    return f"Be seen {when}. Exercises wait until somebody has looked."


def headline(plan: Plan, *, called_for: bool, safe: bool) -> str:
    """Return the headline of a plan; without items, the reason that there are none.

    ``called_for`` says whether anything was called for, ``safe`` whether any of that was safe.
    """
    if plan.items:
        start = f"{_COUNT[len(plan.items)]} to do" + (", in this order" if len(plan.items) > 1 else "")
        start += ", and what to leave for now." if plan.stop_doing else "."
    elif not called_for:
        start = f"Nothing stands out enough to choose exercises for: answer what is open, or {_EXAMINE}"
    elif not safe:
        start = f"What would help here is not safe with these answers, before an examination: {_EXAMINE}"
    else:
        start = (
            f"What would help does not fit the time, the things at hand or the state of the pain: {_EXAMINE}"
        )
    return f"{start} Book an ordinary appointment as well." if plan.level is Concern.ROUTINE else start


def pain_rule(situation: Situation) -> str:
    """Return how much pain an item may bring."""
    sources = situation.atlas.sources
    strict = sum(p for name, p in situation.probability.items() if sources[name].pathway in _STRICT)
    return f"{PAIN_RULE} {NO_PAIN_RULE}" if strict >= _STRICT_FROM else PAIN_RULE


def reviews(start: datetime.date | None) -> list[Review]:
    """Return when to look again, and at what."""
    return [
        Review(
            week=week,
            date=(start + datetime.timedelta(weeks=week)).isoformat() if start else "",
            look_at=look,
        )
        for week, look in _LOOKS.items()
    ]


def safety_net(atlas: Atlas) -> list[str]:
    """Return what would make it urgent at any time: every emergency rule of the atlas, in plain words."""
    return [f"{rule.name}: {rule.where}" for rule in atlas.rules.values() if rule.level is Concern.EMERGENCY]
