"""A person: everything may be missing, nothing may be impossible."""

from collections.abc import Callable

import pytest

from gerdy.case import Case, Person, Sex
from gerdy.errors import CaseError

Parse = Callable[[str], Case]


def test_nothing_needs_to_be_known(parse: Parse) -> None:
    assert parse("").person == Person()
    assert parse("person: {}").person == Person()
    assert parse("person:").person.bmi is None


def test_everything_is_read(parse: Parse) -> None:
    text = "{age: 34 years, sex: Female, height_cm: 168 cm, mass_kg: '61', activities: [running, Desk work]}"
    person = parse(f"person: {text}").person
    assert person == Person(34.0, Sex.FEMALE, 168.0, 61.0, ("running", "desk_work"))
    assert person.bmi == pytest.approx(21.61, abs=0.01)


@pytest.mark.parametrize(("word", "sex"), [("F", Sex.FEMALE), ("man", Sex.MALE), ("Other", Sex.OTHER)])
def test_sex_has_short_forms(parse: Parse, word: str, sex: Sex) -> None:
    assert parse(f"person: {{sex: {word}}}").person.sex is sex


def test_one_activity_needs_no_list(parse: Parse) -> None:
    assert parse("person: {activities: trail-running}").person.activities == ("trail_running",)


@pytest.mark.parametrize("age", ["10", "110", "34.5"])
def test_ages_at_the_edge_are_read(parse: Parse, age: str) -> None:
    assert parse(f"person: {{age: {age}}}").person.age == float(age)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("age: 200", "impossible age of 200 years; Gerdy knows people from 10 to 110"),
        ("age: -3", "impossible age"),
        ("age: 9", "impossible age"),
        ("age: old", "must be a number in years; got 'old'"),
        ("age: [34]", "must be one value; got a list of 1"),
        ("age: true", "must be a number"),
        ("height_cm: 1.68", "impossible height of 1.68 cm; .* metres: write 168"),
        ("height_cm: 66", "inches: write 168"),
        ("height_cm: 5.5", "feet: write 168"),
        ("height_cm: 1680", "millimetres: write 168"),
        ("height_cm: 1.68 m", "is given in cm; got '1.68 m'"),
        ("height_cm: -168", "impossible height"),
        ("mass_kg: 330", "pounds: write 150"),
        ("mass_kg: 61000", "grams: write 61"),
        ("mass_kg: 9", "stones: write 57"),
        ("mass_kg: 150 lb", "is given in kg"),
        ("sex: femal", "must be one of female, male, other; got 'femal'. Did you mean female"),
        ("activities: [runing]", "Did you mean running"),
        ("activities: [{a: 1}]", "must be a list of words; got a table"),
        ("ages: 34", "unknown field 'ages'. Did you mean age"),
        ("colour: blue", "unknown field 'colour'. Known fields: sex, age"),
    ],
)
def test_what_cannot_be_is_refused(parse: Parse, field: str, message: str) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        parse(f"person:\n  {field}")
    assert caught.value.file == "case.yaml"
    assert caught.value.line == 4
    assert caught.value.field is not None
    assert caught.value.field.startswith("person")


def test_a_person_is_a_table(parse: Parse) -> None:
    with pytest.raises(CaseError, match=r"person: must be a table of fields; got '34'"):
        parse("person: 34")


def test_means_are_read(parse: Parse) -> None:
    means = parse(
        "care: {minutes_per_day: 20 min, days_per_week: 3, equipment: loop band, goal: run 10 km}"
    ).means
    assert (means.minutes_per_day, means.days_per_week) == (20.0, 3)
    assert (means.equipment, means.goal) == (("loop_band",), "run 10 km")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("minutes_per_day: 0", "must be 1 to 240 min"),
        ("days_per_week: 2.5", "whole number"),
        ("equipment: [barbel]", "must be one of loop_band"),
        ("goal: [run]", "must be text"),
    ],
)
def test_impossible_means_are_refused(parse: Parse, field: str, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        parse(f"care: {{{field}}}")
