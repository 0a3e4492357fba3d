"""Read who is asking, and what they can spend on a plan."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gerdy.atlas import Atlas
from gerdy.case.form import Form
from gerdy.case.model import Means, Person, Sex
from gerdy.case.problems import RefusedError
from gerdy.case.quantity import read_number
from gerdy.case.scalars import Raw

ACTIVITIES = (
    "running",
    "trail_running",
    "cycling",
    "triathlon",
    "football",
    "volleyball",
    "racket_sports",
    "swimming",
    "walking",
    "gym",
    "dance",
    "desk_work",
    "standing_work",
    "driving",
    "heavy_work",
)
SEX_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "f": "female",
        "woman": "female",
        "m": "male",
        "man": "male",
        "nonbinary": "other",
        "non_binary": "other",
    }
)
AGE_YEARS = (10.0, 110.0)
HEIGHT_CM = (100.0, 230.0)
MASS_KG = (25.0, 300.0)
MINUTES_PER_DAY = (1.0, 240.0)
DAYS_PER_WEEK = (1.0, 7.0)


def read_person(form: Form) -> Person:
    """Return the person; every field may be missing, none impossible (problems are noted on ``form``)."""
    sex = form.choice("sex", [sex.value for sex in Sex], aliases=SEX_WORDS)
    person = Person(
        age=form.read("age", _age),
        sex=None if sex is None else Sex(sex),
        height_cm=form.read("height_cm", _height),
        mass_kg=form.read("mass_kg", _mass),
        activities=form.choices("activities", ACTIVITIES),
    )
    form.close()
    return person


def read_means(form: Form, atlas: Atlas) -> Means:
    """Return what the person can spend on a plan (problems are noted on ``form``)."""
    days = form.number("days_per_week", *DAYS_PER_WEEK)
    if days is not None and not days.is_integer():
        form.wrong("days_per_week", f"must be a whole number of days; got {days:g}.")
    means = Means(
        minutes_per_day=form.number("minutes_per_day", *MINUTES_PER_DAY, "min"),
        days_per_week=None if days is None else int(days),
        equipment=form.choices("equipment", equipment(atlas)),
        goal=form.text("goal"),
    )
    form.close()
    return means


def equipment(atlas: Atlas) -> list[str]:
    """Return every piece of equipment that any intervention of the atlas uses, in alphabetical order."""
    return sorted({thing for entry in atlas.interventions.values() for thing in entry.equipment})


def _age(raw: Raw) -> float:
    age = read_number(raw, "years")
    low, high = AGE_YEARS
    if not low <= age <= high:
        raise RefusedError(
            f"impossible age of {age:g} years; Gerdy knows people from {low:g} to {high:g} years old."
        )
    return age


def _height(raw: Raw) -> float:
    height = read_number(raw, "cm")
    low, high = HEIGHT_CM
    if low <= height <= high:
        return height
    hint = ""
    if low <= height * 100 <= high:
        hint = f" It looks like metres: write {height * 100:g}."
    elif low <= height * 2.54 <= high:
        hint = f" It looks like inches: write {height * 2.54:.0f}."
    elif low <= height * 30.48 <= high:
        hint = f" It looks like feet: write {height * 30.48:.0f}."
    elif low <= height / 10 <= high:
        hint = f" It looks like millimetres: write {height / 10:g}."
    raise RefusedError(f"impossible height of {height:g} cm; {low:g} to {high:g} is possible.{hint}")


def _mass(raw: Raw) -> float:
    mass = read_number(raw, "kg")
    low, high = MASS_KG
    if low <= mass <= high:
        return mass
    hint = ""
    if high < mass <= high / 0.4536:
        hint = f" It looks like pounds: write {mass * 0.4536:.0f}."
    elif low <= mass / 1000 <= high:
        hint = f" It looks like grams: write {mass / 1000:g}."
    elif low <= mass * 6.35 <= high:
        hint = f" It looks like stones: write {mass * 6.35:.0f}."
    raise RefusedError(f"impossible mass of {mass:g} kg; {low:g} to {high:g} is possible.{hint}")
