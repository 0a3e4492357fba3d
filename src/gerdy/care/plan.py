"""The plan as records that serialise to JSON as they stand."""

from __future__ import annotations

import msgspec

from gerdy.atlas.model import Concern


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every part of a plan."""


class PlanItem(Planned, frozen=True, kw_only=True):
    """One thing to do."""

    id: str
    name: str
    clinical: str
    phase: str
    why: str
    helps: list[str]  # sources and contributors it is here for, most probable first
    dose: str
    steps: list[str]
    feel: str
    stop_if: list[str]
    progress: str
    easier: str
    minutes: float
    equipment: list[str]
    equivalents: list[str]
    coverage: float  # share of the burden that this item takes away, on top of those before it


class StopItem(Planned, frozen=True, kw_only=True):
    """One thing to stop doing, or to do differently, for now."""

    id: str
    name: str
    why: str
    instead: list[str]


class LeftOut(Planned, frozen=True, kw_only=True):
    """Something that would have been planned, and why it is not."""

    id: str
    name: str
    why: str


class GoTo(Planned, frozen=True, kw_only=True):
    """Where to go, how soon, and what to say there."""

    level: Concern
    where: str
    say: str
    because: str


class Review(Planned, frozen=True, kw_only=True):
    """When to look again, and at what."""

    week: int
    date: str  # ISO date, or empty when the plan has no start date
    look_at: str


class Plan(Planned, frozen=True, kw_only=True):
    """What to do, in order; empty of exercises when somebody must look first."""

    level: Concern
    headline: str
    go_to: list[GoTo]
    until_then: list[PlanItem]  # what makes it safe meanwhile
    stop_doing: list[StopItem]
    items: list[PlanItem]
    ask_about: list[PlanItem]  # what a clinician can add
    left_out: list[LeftOut]
    minutes: float  # of all items, one session each
    coverage: float  # share of the probable burden that what to leave and the items take away
    pain_rule: str
    reviews: list[Review]
    safety_net: list[str]
    later: list[PlanItem] = []  # the way back and keeping it, once the items above have worked
