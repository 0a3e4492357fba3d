"""Answers built from bare probabilities, so that planning is tested without the engine."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any, TypeVar, get_origin

import msgspec
from hypothesis import strategies as st

from gerdy.atlas import Atlas, load_atlas
from gerdy.atlas.model import Concern, Intervention, Phase, Setting
from gerdy.care import Limits, Plan, make_plan
from gerdy.care.situation import Situation
from gerdy.reasoning.answer import (
    Answer,
    ConcernAnswer,
    ContributorAnswer,
    Reason,
    RestsOn,
    SourceAnswer,
)

Part = TypeVar("Part", bound=msgspec.Struct)

ATLAS = load_atlas()
_EMPTY: dict[Any, Any] = {str: str, float: float, bool: bool, int: int, list: list, dict: dict}
FLOOR = 0.002
EVERYTHING = frozenset(thing for item in ATLAS.interventions.values() for thing in item.equipment)
PLANNED = {Phase.TREAT, Phase.RANGE, Phase.STRENGTH, Phase.RUNNING}


def reason(level: Concern, source: str = "", name: str = "rule_of_a_test") -> Reason:
    return Reason(
        id=f"posterior_{source}" if source else name,
        name="a reason",
        kind="posterior" if source else "rule",
        level=level,
        reason="Something must be looked at.",
        where="A doctor",
        say="This is why I come.",
        because=[source] if source else ["fever"],
    )


def answer(
    probability: Mapping[str, float],
    contributors: Mapping[str, float] | None = None,
    *,
    positive: Collection[str] = (),
    irritability: int = 1,
    level: Concern = Concern.NONE,
    reasons: Collection[Reason] = (),
    atlas: Atlas = ATLAS,
) -> Answer:
    """An answer with these posteriors, and nothing else of interest."""
    given = {} if contributors is None else contributors
    reasons = list(reasons) or ([reason(level)] if level is not Concern.NONE else [])
    sources = [
        blank(
            SourceAnswer,
            id=source.id,
            name=source.name,
            pathway=source.pathway,
            probability=probability.get(source.id, FLOOR),
        )
        for source in atlas.sources.values()
    ]
    states = [
        blank(
            ContributorAnswer,
            id=name,
            name=state.name,
            probability=given.get(name, _background(state.background)),
        )
        for name, state in atlas.contributors.items()
        if not state.mechanism
    ]
    return blank(
        Answer,
        concern=ConcernAnswer(level=level, reasons=reasons),
        sources=sorted(sources, key=lambda one: (-one.probability, one.id)),
        contributors=states,
        positive=sorted(positive),
        irritability=irritability,
        rests_on=blank(RestsOn),
    )


def blank(kind: type[Part], **given: Any) -> Part:
    """A part of an answer with what is given; all else is empty, as planning must not need it."""
    for field in msgspec.structs.fields(kind):
        if field.required and field.name not in given:
            kept = get_origin(field.type) or field.type
            given[field.name] = _EMPTY[kept]() if kept in _EMPTY else None
    return kind(**given)


def _background(raw: Any) -> float:
    return float(getattr(raw, "value", raw))


def plan_of(
    found: Answer,
    minutes: float = 20.0,
    equipment: Collection[str] | None = None,
    start: datetime.date | None = None,
) -> Plan:
    things = None if equipment is None else frozenset(equipment)
    return make_plan(ATLAS, found, Limits(minutes=minutes, equipment=things), start)


def situation_of(found: Answer, minutes: float = 20.0, equipment: Collection[str] | None = None) -> Situation:
    things = None if equipment is None else frozenset(equipment)
    return Situation.of(ATLAS, found, Limits(minutes=minutes, equipment=things))


def item(name: str, targets: Mapping[str, float], **changes: Any) -> Intervention:
    """A home exercise that removes shares of targets."""
    base = next(i for i in ATLAS.interventions.values() if i.setting is Setting.HOME)
    bare: dict[str, Any] = {
        "id": name,
        "name": name,
        "clinical": name,
        "synonyms": [],
        "targets": dict(targets),
        "phase": Phase.TREAT,
        "avoid": [],
        "equivalents": [],
        "after": [],
        "equipment": ["none"],
        "minutes": 5.0,
    }
    return msgspec.structs.replace(base, **{**bare, **changes})


DANGEROUS = frozenset(source.id for source in ATLAS.sources.values() if source.alarm is not None)
AVOIDED = sorted({a.finding for i in ATLAS.interventions.values() for a in i.avoid if a.finding})


@st.composite
def answers(draw: st.DrawFn, level: Concern | None = None) -> Answer:
    """Any pattern: one to six probable sources, some findings, any state of pain, any concern."""
    names = draw(st.lists(st.sampled_from(sorted(ATLAS.sources)), min_size=1, max_size=6, unique=True))
    chance = st.sampled_from([0.06, 0.11, 0.16, 0.26, 0.4, 0.6, 0.8, 0.97])
    states = sorted(name for name, state in ATLAS.contributors.items() if not state.mechanism)
    return answer(
        {name: draw(chance) for name in names},
        draw(st.dictionaries(st.sampled_from(states), st.sampled_from([0.05, 0.5, 0.99]), max_size=4)),
        positive=draw(st.lists(st.sampled_from(AVOIDED), max_size=3, unique=True)),
        irritability=draw(st.integers(1, 3)),
        level=draw(st.sampled_from([Concern.NONE, Concern.ROUTINE])) if level is None else level,
    )


minutes = st.sampled_from([0.0, 3.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0])
things = st.none() | st.frozensets(st.sampled_from(sorted(EVERYTHING)), max_size=5)
