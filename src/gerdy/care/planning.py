"""From the answer to a plan: make safe, stop what provokes, treat, strengthen, return."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

from gerdy.atlas import Atlas
from gerdy.atlas import model as m
from gerdy.atlas.graph import graph_of
from gerdy.care.choosing import Limits, burden, choose, effect, feasible, objection, reach
from gerdy.care.plan import GoTo, LeftOut, Plan, PlanItem, Review, StopItem
from gerdy.reasoning.answer import Answer
from gerdy.reasoning.wording import chance_words

REVIEW_WEEKS = (2, 4, 8, 12)
_ORDER = {phase: place for place, phase in enumerate(m.Phase)}
_PLANNED = {m.Phase.TREAT, m.Phase.RANGE, m.Phase.STRENGTH, m.Phase.RUNNING}
_MATTERS = 0.03  # burden below which a target is not named
_STOPS, _ASKS = 4, 3
PAIN_RULE = (
    "Pain up to 3 of 10 while you do it is fine, 4 to 5 is acceptable if it settles when you stop and is gone the "
    "next morning; above 5, or worse the next morning, means less the next time."
)
NO_PAIN_RULE = "With numbness, weakness, or a bone that may be stressed, no pain is to be provoked at all."
_STRICT = {"bone_stress", "blood_flow", "peripheral_nerve", "spine", "compartment"}


def make_plan(atlas: Atlas, answer: Answer, limits: Limits, start: datetime.date | None = None) -> Plan:
    """Return the plan for what was found, counting its dates from ``start``.

    With an urgent or emergency concern there are no exercises: the plan says where to go, what to say there, and what
    keeps it safe until then.
    """
    probability = {source.id: source.probability for source in answer.sources}
    contributors = {found.id: found.probability for found in answer.contributors}
    concern, positive = answer.concern, answer.positive
    weight = burden(atlas, probability, contributors)
    go_to = [
        GoTo(level=r.level, where=r.where, say=r.say, because=r.reason)
        for r in concern.reasons
        if r.level is not m.Concern.NONE
    ]
    first = concern.level.rank >= m.Concern.URGENT.rank
    usable = [i for i in atlas.interventions.values() if i.recommended]
    wanted = [i for i in usable if reach([i], weight) >= _MATTERS]
    safe = [i for i in wanted if objection(i, positive, probability) is None]
    home = [i for i in safe if i.setting is m.Setting.HOME]
    fitting = [i for i in home if i.phase in _PLANNED and feasible(i, limits, answer.irritability)]
    chosen = [] if first else _in_order(atlas, choose(fitting, weight, limits), probability)
    make_safe = [i for i in home if i.phase is m.Phase.MAKE_SAFE]
    total = sum(probability.values()) or 1.0

    def items(found: Sequence[m.Intervention]) -> list[PlanItem]:
        return [
            _item(atlas, one, weight, probability, (reach(found[: k + 1], weight) - reach(found[:k], weight)) / total)
            for k, one in enumerate(found)
        ]

    return Plan(
        level=concern.level,
        headline=_headline(concern.level, len(chosen)),
        go_to=go_to,
        until_then=items(_heaviest(make_safe, weight, 2) if first else []),
        stop_doing=[
            StopItem(id=i.id, name=i.name, why=i.why, instead=list(i.steps))
            for i in _heaviest([i for i in home if i.phase is m.Phase.STOP], weight, _STOPS)
        ],
        items=items(chosen),
        ask_about=items(
            [] if first else _heaviest([i for i in safe if i.setting is m.Setting.CLINICIAN], weight, _ASKS)
        ),
        left_out=[] if first else _left_out(wanted, chosen, positive, probability, weight),
        minutes=sum(i.minutes for i in chosen),
        coverage=min(reach(chosen, weight) / total, 1.0),
        pain_rule=_pain_rule(atlas, probability),
        reviews=[] if first else _reviews(start),
        safety_net=_safety_net(atlas),
    )


def _headline(level: m.Concern, count: int) -> str:
    if level is m.Concern.EMERGENCY:
        return "Be seen today. Exercises wait until somebody has looked."
    if level is m.Concern.URGENT:
        return "Be seen within days. Exercises wait until somebody has looked."
    if count == 0:
        return "Nothing here can be planned safely without an examination: show this to a physiotherapist."
    start = f"{count} things to do, in this order, and what to leave for now."
    return f"{start} Book an ordinary appointment as well." if level is m.Concern.ROUTINE else start


def _heaviest(
    items: Sequence[m.Intervention], weight: Mapping[str, float], most: int
) -> list[m.Intervention]:
    return sorted(items, key=lambda i: (-reach([i], weight), i.id))[:most]


def _in_order(
    atlas: Atlas, chosen: Sequence[m.Intervention], probability: Mapping[str, float]
) -> list[m.Intervention]:
    """Sort by phase, key source before its satellite, more probable target first, then honour ``after``."""
    graph = graph_of(atlas)

    def target(item: m.Intervention) -> str:
        shares = {n: s * probability.get(n, 0.0) for n, s in effect(item).items()}
        return max(shares, key=lambda name: (shares[name], name))

    def depth(source: str, seen: frozenset[str] = frozenset()) -> int:
        keys = [r.start for r in graph.into(source, m.RelationKind.KEY_TO) if r.start not in seen]
        planned = [k for k in keys if any(target(i) == k for i in chosen)]
        return 1 + max(depth(k, seen | {source}) for k in planned) if planned else 0

    ordered = sorted(
        chosen,
        key=lambda i: (_ORDER[i.phase], depth(target(i)), -probability.get(target(i), 0.0), i.id),
    )
    for item in list(ordered):
        before = [ordered.index(other) for other in ordered if other.id in item.after]
        if before and max(before) > ordered.index(item):
            last = max(before)
            ordered.remove(item)
            ordered.insert(last, item)
    return ordered


def _item(
    atlas: Atlas,
    item: m.Intervention,
    weight: Mapping[str, float],
    probability: Mapping[str, float],
    coverage: float,
) -> PlanItem:
    reached = {n: s * weight.get(n, 0.0) for n, s in effect(item).items()}
    helps = [n for n in sorted(reached, key=lambda n: -reached[n]) if weight.get(n, 0.0) >= _MATTERS][:4]
    named = [n for n in helps if n in probability][:2]
    because = "; ".join(f"{atlas.sources[n].name} ({chance_words(probability[n])})" for n in named)
    return PlanItem(
        id=item.id,
        name=item.name,
        clinical=item.clinical,
        phase=item.phase,
        why=f"Because {item.why}." + (f" Here for: {because}." if because else ""),
        helps=helps,
        dose=item.dose.text if item.dose else "",
        steps=list(item.steps),
        feel=item.feel,
        stop_if=list(item.stop_if),
        progress=item.progress,
        easier=item.easier,
        minutes=item.minutes,
        equipment=[thing for thing in item.equipment if thing != "none"],
        equivalents=list(item.equivalents),
        coverage=max(coverage, 0.0),
    )


def _left_out(
    wanted: Sequence[m.Intervention],
    chosen: Sequence[m.Intervention],
    positive: Collection[str],
    probability: Mapping[str, float],
    weight: Mapping[str, float],
) -> list[LeftOut]:
    """What the probable sources would call for, but the answers forbid."""
    least = min((reach([i], weight) for i in chosen), default=_MATTERS)
    found = []
    for item in _heaviest(wanted, weight, len(wanted)):
        why = objection(item, positive, probability)
        if why is not None and item.setting is m.Setting.HOME and reach([item], weight) >= least:
            found.append(LeftOut(id=item.id, name=item.name, why=why))
    return found[:5]


def _pain_rule(atlas: Atlas, probability: Mapping[str, float]) -> str:
    strict = sum(p for name, p in probability.items() if atlas.sources[name].pathway in _STRICT)
    return f"{PAIN_RULE} {NO_PAIN_RULE}" if strict >= 0.15 else PAIN_RULE


def _reviews(start: datetime.date | None) -> list[Review]:
    looks = {
        2: "Is the pain no worse, and is the plan being done? Answer the daily questions and draw the pain again.",
        4: "Is it clearly better? If an adequate plan has changed nothing, the question of the source is open again.",
        8: "Compare drawing and score with the start; go on, add load, or have it examined.",
        12: "Most overuse pain has settled by now; what is left should be examined.",
    }
    return [
        Review(
            week=week,
            date=(start + datetime.timedelta(weeks=week)).isoformat() if start else "",
            look_at=looks[week],
        )
        for week in REVIEW_WEEKS
    ]


def _safety_net(atlas: Atlas) -> list[str]:
    """What would make it urgent at any time: every emergency rule of the atlas, in plain words."""
    return [
        f"{rule.name}: {rule.where}"
        for rule in atlas.rules.values()
        if rule.level is m.Concern.EMERGENCY
    ]
