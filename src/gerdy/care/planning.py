"""From the answer to a plan: make safe, stop what provokes, treat, strengthen, return."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec

from gerdy.atlas import Atlas
from gerdy.atlas import model as m
from gerdy.care import advice
from gerdy.care.burden import effect, left_after, reach, relief
from gerdy.care.choosing import MOST, choose
from gerdy.care.ordering import in_order
from gerdy.care.plan import GoTo, LeftOut, Plan, PlanItem, StopItem
from gerdy.care.situation import PROBABLE, WORTH_SAYING, Limits, Situation
from gerdy.reasoning.answer import Answer
from gerdy.reasoning.wording import chance_words

_PLANNED = {m.Phase.TREAT, m.Phase.RANGE, m.Phase.STRENGTH, m.Phase.RUNNING}
_LATER = {m.Phase.RETURN, m.Phase.MAINTAIN}
_UNTIL_THEN, _STOPS, _ASKS, _LATERS, _LEFT_OUT = 2, 4, 3, 2, 5
# Rolling the band as the main treatment stops wherever the pain may come from the band or what feeds it (A7.2, D4).
_ROLLING, _BAND_LIKE = "stop_rolling_band", 0.25


def make_plan(atlas: Atlas, answer: Answer, limits: Limits, start: datetime.date | None = None) -> Plan:
    """Return the plan for what was found, counting its dates from ``start``.

    With an urgent or emergency concern there are no exercises: the plan says where to go, what to say there, and what
    keeps it safe until then.
    """
    situation = Situation.of(atlas, answer, limits)
    usable = [i for i in atlas.interventions.values() if i.recommended]
    safe = [i for i in usable if situation.objection(i) is None]
    home = [i for i in safe if i.setting is m.Setting.HOME]
    level = answer.concern.level
    first = level.rank >= m.Concern.URGENT.rank
    stops = _stops(situation, home, first)
    plan = Plan(
        level=level,
        headline=advice.pressing(level),
        go_to=[
            GoTo(level=r.level, where=r.where, say=r.say, because=r.reason)
            for r in answer.concern.reasons
            if r.level is not m.Concern.NONE
        ],
        until_then=[],
        stop_doing=[StopItem(id=i.id, name=i.name, why=i.why, instead=list(i.steps)) for i in stops],
        items=[],
        ask_about=[],
        left_out=[],
        minutes=0.0,
        coverage=0.0,
        pain_rule=advice.pain_rule(situation),
        reviews=[],
        safety_net=advice.safety_net(atlas),
    )
    if first:
        meanwhile = [i for i in home if i.phase is m.Phase.MAKE_SAFE and situation.advisable(i)]
        chosen = situation.heaviest(meanwhile, _UNTIL_THEN)
        return msgspec.structs.replace(plan, until_then=_items(situation, chosen))
    return _with_items(plan, situation, usable, safe, stops, start)


def _with_items(
    plan: Plan,
    situation: Situation,
    usable: Sequence[m.Intervention],
    safe: Sequence[m.Intervention],
    stops: Sequence[m.Intervention],
    start: datetime.date | None,
) -> Plan:
    home = [i for i in safe if i.setting is m.Setting.HOME]
    wanted = [i for i in usable if i.phase in _PLANNED and situation.called_for(i)]
    possible = [i for i in home if i in wanted]
    watching = [i for i in home if situation.watches(i) and situation.misfit(i) is None][:1]
    left = left_after([*stops, *watching], situation.weight)
    fitting = [i for i in possible if situation.misfit(i) is None]
    spare = situation.limits.minutes - sum(i.minutes for i in watching)
    treating = choose(fitting, left, spare, most=MOST - len(watching))
    chosen = in_order(situation, [*watching, *treating])
    later = [i for i in home if i.phase in _LATER and situation.advisable(i)]
    asks = [i for i in safe if i.setting is m.Setting.CLINICIAN and _worth_asking(situation, i)]
    full = msgspec.structs.replace(
        plan,
        items=_items(situation, chosen, stops),
        ask_about=_items(situation, situation.heaviest(asks, _ASKS)),
        later=_items(situation, in_order(situation, choose(later, situation.weight, 60.0, most=_LATERS))),
        left_out=_left_out(situation, wanted, treating),
        minutes=sum(i.minutes for i in chosen),
        coverage=_share(situation, reach([*stops, *chosen], situation.weight)),
        reviews=advice.reviews(start),
    )
    called_for = any(i.setting is m.Setting.HOME for i in wanted)
    words = advice.headline(full, called_for=called_for, safe=bool(possible))
    return msgspec.structs.replace(full, headline=words)


def _stops(situation: Situation, home: Sequence[m.Intervention], first: bool) -> list[m.Intervention]:
    """What to leave for now, what helps most first; where nothing presses, sparing a doubtful bone as well."""
    spare = [] if first else [i for i in home if situation.spares(i)]
    stops = situation.heaviest([i for i in home if i.phase is m.Phase.STOP and situation.advisable(i)])
    rolling = [
        i for i in home
        if i.id == _ROLLING and sum(situation.probability.get(name, 0.0) for name in i.targets) >= _BAND_LIKE
    ]  # fmt: skip
    others = [i for i in [*spare, *stops] if i not in rolling]
    return [*others[: _STOPS - len(rolling)], *rolling]


def _worth_asking(situation: Situation, item: m.Intervention) -> bool:
    """Whether a clinician can add an item; having a danger excluded is asked for where it raised an alarm."""
    unasked = item.phase is m.Phase.MAKE_SAFE and situation.alarmed.isdisjoint(item.targets)
    return situation.advisable(item) and not unasked


def _share(situation: Situation, burden: float) -> float:
    total = sum(situation.weight.values())
    return burden / total if total > 0 else 0.0


def _items(
    situation: Situation, found: Sequence[m.Intervention], before: Sequence[m.Intervention] = ()
) -> list[PlanItem]:
    """Return items with their reasons, and what each adds to those before it."""
    shown = []
    for place, item in enumerate(found):
        left = left_after([*before, *found[:place]], situation.weight)
        shown.append(_item(situation, item, _share(situation, relief(item, left))))
    return shown


def _item(situation: Situation, item: m.Intervention, coverage: float) -> PlanItem:
    reached = {n: s * situation.weight.get(n, 0.0) for n, s in effect(item).items()}
    ranked = sorted(reached, key=lambda n: (-reached[n], n))
    helps = [n for n in ranked if situation.weight.get(n, 0.0) >= WORTH_SAYING][:4] or ranked[:1]
    return PlanItem(
        id=item.id,
        name=item.name,
        clinical=item.clinical,
        phase=item.phase,
        why=f"Because {item.why}.{_here_for(situation, helps)}",
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
        coverage=coverage,
    )


def _here_for(situation: Situation, helps: Sequence[str]) -> str:
    """Say for which sources an item is there; a contributor is named with the source that it loads."""
    sources = [name for name in helps if name in situation.probability]
    probable = [name for name in sources if situation.probability[name] >= PROBABLE]
    if not probable and (loads := [name for name in helps if name not in sources]):
        contributor = situation.atlas.contributors[loads[0]].name
        return f" Here for: {contributor}, which loads: {_named(situation, situation.loaded[loads[0]])}."
    named = [_named(situation, name) for name in (probable or sources)[:2]]
    return f" Here for: {'; '.join(named)}."


def _named(situation: Situation, source: str) -> str:
    return f"{situation.atlas.sources[source].name} ({chance_words(situation.probability[source])})"


def _left_out(
    situation: Situation, wanted: Sequence[m.Intervention], chosen: Sequence[m.Intervention]
) -> list[LeftOut]:
    """What the probable sources would call for, but the answers forbid or the person cannot do now."""
    least = min((relief(i, situation.weight) for i in chosen), default=0.0)
    found = []
    for item in situation.heaviest(wanted):
        why = situation.objection(item) or situation.misfit(item)
        known = situation.advisable(item) and relief(item, situation.weight) >= least
        if why and known and item.setting is m.Setting.HOME:
            found.append(LeftOut(id=item.id, name=item.name, why=why))
    return found[:_LEFT_OUT]
