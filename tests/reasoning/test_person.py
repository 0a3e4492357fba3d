"""The prior of a person: moved the right way by what is known, and by nothing else."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reasoning.cases import believed, model

from gerdy.atlas import load_atlas
from gerdy.atlas import model as m
from gerdy.case import ACTIVITIES, Person, Sex
from gerdy.reasoning.person import applies, personal_network

ATLAS = load_atlas()
UNMOVED = next(s.id for s in ATLAS.sources.values() if not s.modifiers)  # to compare the others with
MODIFIERS = [(source, modifier) for source in ATLAS.sources.values() for modifier in source.modifiers]

people = st.builds(
    Person,
    age=st.one_of(st.none(), st.floats(5, 100)),
    sex=st.sampled_from([None, *Sex]),
    height_cm=st.one_of(st.none(), st.floats(140, 205)),
    mass_kg=st.one_of(st.none(), st.floats(35, 160)),
    activities=st.lists(st.sampled_from(sorted(ACTIVITIES)), max_size=4, unique=True).map(tuple),
)


def _prior(person: Person) -> dict[str, float]:
    """Log-odds of each source against one that no fact of a person moves."""
    log_odds = personal_network(model(), person).log_odds
    zero = log_odds[model().index(UNMOVED)]
    return {source: float(value - zero) for source, value in zip(ATLAS.sources, log_odds, strict=True)}


NOBODY = _prior(Person())


def _somebody(when: m.When) -> Person:
    """A person for whom this condition holds and nothing more is known."""
    height = mass = None
    if when.bmi is not None:
        height = 170.0
        mass = 1.7**2 * (when.bmi[0] + min(when.bmi[1], when.bmi[0] + 10)) / 2
    return Person(
        age=None if when.age is None else sum(when.age) / 2,
        sex=None if when.sex is None else Sex(when.sex),
        height_cm=height,
        mass_kg=mass,
        activities=() if when.activity is None else (when.activity,),
    )


@pytest.mark.parametrize(
    ("source", "modifier"), MODIFIERS, ids=[f"{s.id}-{k}" for k, (s, _) in enumerate(MODIFIERS)]
)
def test_a_modifier_moves_the_odds_the_way_it_says(source: m.Source, modifier: m.Modifier) -> None:
    person = _somebody(modifier.when)
    assert applies(modifier.when, person)
    same_fact = [x for x in source.modifiers if applies(x.when, person)]
    expected = sum(math.log(x.value) for x in same_fact)
    moved = _prior(person)[source.id] - NOBODY[source.id]
    assert moved == pytest.approx(expected, abs=1e-9)
    if len(same_fact) == 1:
        assert moved * math.log(modifier.value) > 0 or modifier.value == 1


def test_bands_of_age_do_not_overlap() -> None:
    for source in ATLAS.sources.values():
        bands = [x.when.age for x in source.modifiers if x.when.age is not None and x.when.sex is None]
        for first, second in combinations(sorted(bands), 2):
            assert first[1] <= second[0], source.id


@given(people)
def test_single_sources_share_the_same_weight_whoever_asks(person: Person) -> None:
    """Somebody asks because something hurts: being young or fit does not make the pain unexplained."""
    base, own = model().network, personal_network(model(), person)
    assert np.logaddexp.reduce(own.log_odds) == pytest.approx(np.logaddexp.reduce(base.log_odds), abs=1e-9)
    assert own.log_some == base.log_some
    assert own.log_none == base.log_none
    assert own.hazard is base.hazard


def test_nothing_known_changes_nothing() -> None:
    for person in (
        Person(),
        Person(sex=Sex.OTHER),
        Person(height_cm=170),
        Person(mass_kg=70),
        Person(activities=("swimming",)),
    ):
        if any(x.when.activity == "swimming" for _, x in MODIFIERS) and person.activities:
            continue
        found = personal_network(model(), person).log_odds
        assert found == pytest.approx(model().network.log_odds, abs=1e-12)


@given(people, st.sampled_from(["age", "sex", "mass_kg"]))
def test_an_unknown_fact_applies_no_modifier(person: Person, fact: str) -> None:
    unknown = {name: getattr(person, name) for name in ("age", "sex", "height_cm", "mass_kg", "activities")}
    unknown[fact] = None
    less = Person(**unknown)
    touched = {"age": "age", "sex": "sex", "mass_kg": "bmi"}[fact]
    for source in ATLAS.sources.values():
        gone = [
            x for x in source.modifiers if getattr(x.when, touched) is not None and applies(x.when, person)
        ]
        moved = _prior(person)[source.id] - _prior(less)[source.id]
        assert moved == pytest.approx(sum(math.log(x.value) for x in gone), abs=1e-9)


def test_running_and_trail_running_are_one_exposure() -> None:
    run, trail = ("running",), ("trail_running",)
    for source in ATLAS.sources:
        alone = [_prior(Person(activities=a))[source] - NOBODY[source] for a in (run, trail)]
        both = _prior(Person(activities=(*run, *trail)))[source] - NOBODY[source]
        assert both == pytest.approx(max(alone, key=abs), abs=1e-9)
    assert _prior(Person(activities=run))["itbs"] > NOBODY["itbs"] + math.log(2)


@given(st.permutations(sorted(ACTIVITIES)))
def test_the_order_and_number_of_activities_do_not_add_up(order: list[str]) -> None:
    everything = _prior(Person(activities=tuple(order)))
    for source in ATLAS.sources.values():
        logs = [math.log(x.value) for x in source.modifiers if x.when.activity in ACTIVITIES]
        assert abs(everything[source.id] - NOBODY[source.id]) <= max(map(abs, logs), default=0) + 1e-9


def test_limits_of_age_count_from_and_up_to() -> None:
    when = m.When(age=(40.0, 60.0))
    assert [applies(when, Person(age=age)) for age in (39.9, 40, 59.9, 60)] == [False, True, True, False]
    assert not applies(when, Person())


def test_every_part_of_a_condition_must_hold() -> None:
    when = m.When(sex="female", age=(40.0, 60.0), activity="running")
    full = Person(age=50, sex=Sex.FEMALE, activities=("running", "gym"))
    assert applies(when, full)
    for less in (
        Person(age=50, sex=Sex.MALE, activities=("running",)),
        Person(age=30, sex=Sex.FEMALE, activities=("running",)),
        Person(age=50, sex=Sex.FEMALE, activities=("gym",)),
        Person(age=50, activities=("running",)),
    ):
        assert not applies(when, less)


@pytest.mark.parametrize(
    ("source", "pain", "more", "less"),
    [
        ("itbs", "knee_lateral", {"activities": ["running"]}, {"activities": ["desk_work"]}),
        ("gtps", "hip_lateral", {"sex": "female", "age": 52}, {"sex": "male", "age": 25}),
        ("hip_oa", "groin", {"age": 72}, {"age": 28}),
        ("fai_labrum", "groin", {"age": 28}, {"age": 72}),
        ("meralgia", "thigh_lateral", {"height_cm": 170, "mass_kg": 105}, {"height_cm": 170, "mass_kg": 62}),
        ("bsi_tibia", "leg_medial", {"activities": ["running"], "age": 24}, {"age": 60}),
        ("men_lateral", "knee_lateral", {"activities": ["football"]}, {"activities": ["swimming"]}),
        ("rad_l3", "thigh_anterior", {"age": 68}, {"age": 25}),
        ("pfp", "knee_anterior", {"age": 20, "sex": "female"}, {"age": 65, "sex": "male"}),
    ],
)
def test_who_is_asking_moves_the_answer(
    source: str, pain: str, more: dict[str, object], less: dict[str, object]
) -> None:
    high, low = (believed(pain={pain: 6.0}, person=person).probability[source] for person in (more, less))
    assert high > 1.1 * low
