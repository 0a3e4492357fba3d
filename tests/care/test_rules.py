"""What every plan must keep to, whatever the pattern."""

from __future__ import annotations

import datetime

import pytest
from care.answers import ATLAS, PLANNED, answer, answers, minutes, plan_of, reason, situation_of, things
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas.model import Concern, Intervention, Phase, Setting
from gerdy.care import Plan
from gerdy.care.burden import effect, reach
from gerdy.care.choosing import FEWEST, MOST, exclusive
from gerdy.care.plan import PlanItem
from gerdy.care.situation import EVERYWHERE, HOUSEHOLD
from gerdy.reasoning.answer import Answer

KNOWN = ATLAS.interventions
BAND_LIKE = [name for name in KNOWN["stop_rolling_band"].targets if name in ATLAS.sources]
ROLLING = {"roll_band_for_relief", "band_massage_by_therapist"}
PRESSING = st.sampled_from([Concern.URGENT, Concern.EMERGENCY])


def everything(plan: Plan) -> list[PlanItem]:
    return [*plan.until_then, *plan.items, *plan.ask_about, *plan.later]


def called_for(found: Answer, spend: float, equipment: frozenset[str] | None = None) -> list[Intervention]:
    """Every exercise that the answer calls for, that is safe, and that the person can do."""
    situation = situation_of(found, spend, equipment)
    return [
        i
        for i in KNOWN.values()
        if i.recommended
        and i.setting is Setting.HOME
        and i.phase in PLANNED
        and situation.called_for(i)
        and situation.objection(i) is None
        and situation.misfit(i) is None
    ]


@given(answers(), minutes, things)
def test_two_to_four_items_or_a_stated_reason(
    found: Answer, spend: float, equipment: frozenset[str] | None
) -> None:
    plan = plan_of(found, spend, equipment)
    assert len(plan.items) <= MOST
    if not plan.items:
        assert any(words in plan.headline for words in ("Nothing stands out", "is not safe", "does not fit"))
        assert "physiotherapist" in plan.headline
    if len(plan.items) < FEWEST:
        taken = [KNOWN[one.id] for one in plan.items]
        others = [i for i in called_for(found, spend, equipment) if i not in taken]
        unlike = [i for i in others if not any(exclusive(i, one) for one in taken)]
        assert [i.id for i in unlike if i.minutes <= spend - plan.minutes] == []


@given(answers(), minutes, things)
def test_time_things_and_irritability_are_respected(
    found: Answer, spend: float, equipment: frozenset[str] | None
) -> None:
    plan = plan_of(found, spend, equipment)
    assert plan.minutes == sum(one.minutes for one in plan.items) <= spend
    have = HOUSEHOLD if equipment is None else equipment | EVERYWHERE
    for one in plan.items:
        assert set(one.equipment) <= have
        assert KNOWN[one.id].max_irritability >= found.irritability
        assert KNOWN[one.id].setting is Setting.HOME
        assert KNOWN[one.id].recommended
        assert one.phase in PLANNED or (one.phase == Phase.MAKE_SAFE and one.minutes > 0)


@given(answers(), minutes)
def test_no_exchange_of_one_item_takes_more_away(found: Answer, spend: float) -> None:
    """The items are the best beside what is left anyway, not the best on their own."""
    plan, situation = plan_of(found, spend), situation_of(found, spend)
    names = [stop.id for stop in plan.stop_doing] + [one.id for one in plan.items]
    fixed = [KNOWN[name] for name in names if KNOWN[name].phase not in PLANNED]
    chosen = [KNOWN[one.id] for one in plan.items if one.phase in PLANNED]
    spare = spend - sum(item.minutes for item in fixed if item.phase is Phase.MAKE_SAFE)
    best = reach([*fixed, *chosen], situation.weight)
    for item in called_for(found, spend):
        for place in range(len(chosen)):
            swapped = [*chosen[:place], item, *chosen[place + 1 :]]
            alike = any(exclusive(item, one) or item is one for one in swapped if one is not item)
            if item not in chosen and not alike and sum(one.minutes for one in swapped) <= spare:
                assert reach([*fixed, *swapped], situation.weight) <= best + 1e-9


@given(answers() | PRESSING.flatmap(answers), minutes)
def test_nothing_to_avoid_is_ever_planned(found: Answer, spend: float) -> None:
    plan = plan_of(found, spend)
    chance = {source.id: source.probability for source in found.sources}
    for name in [one.id for one in everything(plan)] + [stop.id for stop in plan.stop_doing]:
        for avoid in KNOWN[name].avoid:
            assert avoid.finding not in found.positive
            assert avoid.source is None or chance[avoid.source] <= avoid.above


@given(PRESSING.flatmap(answers), minutes)
def test_somebody_looks_first_when_it_presses(found: Answer, spend: float) -> None:
    plan = plan_of(found, spend)
    assert (plan.items, plan.ask_about, plan.later, plan.left_out, plan.reviews) == ([], [], [], [], [])
    assert plan.minutes == plan.coverage == 0
    assert plan.go_to
    assert all(place.where and place.say and place.because for place in plan.go_to)
    assert plan.go_to[0].level is plan.level
    assert plan.headline.startswith("Be seen")
    assert all(one.phase == Phase.MAKE_SAFE for one in plan.until_then)


@given(answers(), minutes)
def test_order_follows_phases_and_what_comes_first(found: Answer, spend: float) -> None:
    plan = plan_of(found, spend)
    phases = [list(Phase).index(Phase(one.phase)) for one in plan.items]
    assert phases == sorted(phases)
    place = {one.id: number for number, one in enumerate(plan.items)}
    for one in plan.items:
        assert all(place[before] < place[one.id] for before in KNOWN[one.id].after if before in place)
    for place_, one in enumerate(plan.items):
        assert not any(exclusive(KNOWN[one.id], KNOWN[other.id]) for other in plan.items[place_ + 1 :])


@given(answers())
def test_rolling_the_band_stops_wherever_the_band_may_hurt(found: Answer) -> None:
    plan = plan_of(found)
    chance = {source.id: source.probability for source in found.sources}
    stops = [stop.id for stop in plan.stop_doing]
    if sum(chance[name] for name in BAND_LIKE) >= 0.25:
        assert "stop_rolling_band" in stops
    assert not ROLLING & {one.id for one in everything(plan)}
    assert len(stops) == len(set(stops)) <= 4


@given(PRESSING, st.sampled_from(BAND_LIKE))
def test_rolling_the_band_stops_even_when_it_presses(level: Concern, source: str) -> None:
    plan = plan_of(answer({source: 0.5}, level=level))
    assert "stop_rolling_band" in [stop.id for stop in plan.stop_doing]


@given(answers(), minutes)
def test_reasons_name_sources(found: Answer, spend: float) -> None:
    plan = plan_of(found, spend)
    names = [source.name for source in ATLAS.sources.values()]
    for one in everything(plan):
        assert one.helps
        assert set(one.helps) <= KNOWN[one.id].targets.keys()
        assert " Here for: " in one.why
        assert any(name in one.why for name in names)
        assert one.why.endswith(".")


@given(answers(), minutes)
def test_coverage_adds_up(found: Answer, spend: float) -> None:
    plan = plan_of(found, spend)
    assert 0 <= plan.coverage <= 1
    assert all(0 <= one.coverage <= 1 for one in everything(plan))
    assert sum(one.coverage for one in plan.items) <= plan.coverage + 1e-9
    if not plan.stop_doing:
        assert sum(one.coverage for one in plan.items) == pytest.approx(plan.coverage)


@given(answers())
def test_advice_that_costs_nothing_is_only_for_what_is_probable(found: Answer) -> None:
    plan = plan_of(found)
    chance = {source.id: source.probability for source in found.sources}
    for one in plan.items:
        if one.minutes == 0:
            assert max(chance.get(name, 0) for name in KNOWN[one.id].targets) >= 0.1


@given(answers())
def test_a_clinician_is_asked_for_what_is_probable(found: Answer) -> None:
    plan = plan_of(found)
    for one in plan.ask_about:
        assert KNOWN[one.id].setting is Setting.CLINICIAN
        assert KNOWN[one.id].recommended
        assert one.phase != Phase.MAKE_SAFE  # no alarm has fired


def test_a_check_by_a_doctor_is_asked_for_where_an_alarm_fired() -> None:
    alarm = reason(Concern.ROUTINE, "vascular")
    quiet = plan_of(answer({"vascular": 0.4}))
    alarmed = plan_of(answer({"vascular": 0.4}, level=Concern.ROUTINE, reasons=[alarm]))
    assert "see_doctor_vascular" not in [one.id for one in quiet.ask_about]
    assert "see_doctor_vascular" in [one.id for one in alarmed.ask_about]


@given(answers(), minutes)
def test_nerves_are_watched_on_the_spine_pathway(found: Answer, spend: float) -> None:
    plan = plan_of(found, spend)
    chance = {source.id: source.probability for source in found.sources}
    roots = sum(chance[name] for name in ATLAS.sources if name.startswith("rad_"))
    if roots >= 0.2 and spend >= 3 and "foot_drop" not in found.positive and max(chance.values()) >= 0.15:
        assert plan.items[0].id == "nerve_self_check"


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)))
def test_reviews_have_their_dates(start: datetime.date) -> None:
    plan = plan_of(answer({"itbs": 0.9}), start=start)
    assert [review.week for review in plan.reviews] == [2, 4, 8, 12]
    assert [review.date for review in plan.reviews] == [
        (start + datetime.timedelta(days=7 * review.week)).isoformat() for review in plan.reviews
    ]
    assert all(review.look_at for review in plan.reviews)


def test_reviews_without_a_start_have_no_dates() -> None:
    assert {review.date for review in plan_of(answer({"itbs": 0.9})).reviews} == {""}


@given(answers() | PRESSING.flatmap(answers))
def test_the_safety_net_is_always_there(found: Answer) -> None:
    plan = plan_of(found)
    emergencies = [rule for rule in ATLAS.rules.values() if rule.level is Concern.EMERGENCY]
    assert len(plan.safety_net) == len(emergencies) >= 10
    for rule, line in zip(emergencies, plan.safety_net, strict=True):
        assert rule.name in line
        assert rule.where in line


@given(answers())
def test_what_is_left_out_has_its_reason(found: Answer) -> None:
    plan = plan_of(found)
    taken = {one.id for one in plan.items}
    for left in plan.left_out:
        assert left.id not in taken
        assert left.why
    assert len(plan.left_out) <= 5


@given(answers())
def test_planning_twice_gives_the_same_plan(found: Answer) -> None:
    assert plan_of(found) == plan_of(found)


@given(answers())
def test_nothing_more_forbidding_adds_an_exercise_it_forbids(found: Answer) -> None:
    """A further positive finding can only remove items that it speaks against, never bring one of them in."""
    for name in {a.finding for one in plan_of(found).items for a in KNOWN[one.id].avoid if a.finding}:
        worse = plan_of(answer({s.id: s.probability for s in found.sources}, positive=[name]))
        assert not [one for one in worse.items if name in {a.finding for a in KNOWN[one.id].avoid}]


def test_effects_are_shares() -> None:
    for one in KNOWN.values():
        assert all(0 < share < 1 for share in effect(one).values()), one.id
