"""Mass by segment and strength by muscle: published examples, sums, deficits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gerdy.errors import InputError, UnknownIdError
from gerdy.mechanics.person import Person
from gerdy.mechanics.scaling import scale
from gerdy.mechanics.sizing import GENERIC_HEIGHT
from gerdy.mechanics.strength import (
    leg_volume,
    muscle_volume,
    segment_masses,
    strengthened,
    strengths,
    usable,
    with_masses,
)
from gerdy.mechanics.table import table
from gerdy.mechanics.table.armless import without

MODEL = table()
MASS = math.fsum(body.mass for body in MODEL.bodies)
SAME = Person(mass=MASS, height=GENERIC_HEIGHT)


def by_group(masses: dict[str, float], *names: str) -> float:
    return math.fsum(mass for body, mass in masses.items() if body.startswith(names))


@given(st.floats(30, 200), st.sampled_from([None, "female", "male"]))
def test_segments_weigh_what_the_person_weighs(mass: float, sex: str | None) -> None:
    masses = segment_masses(MODEL, mass, sex)
    assert math.fsum(masses.values()) == pytest.approx(mass)
    assert min(masses.values()) > 0.0


@pytest.mark.parametrize(
    ("sex", "thigh", "shank", "foot", "arm"),
    [("female", 14.78, 4.81, 1.29, 4.495), ("male", 14.16, 4.33, 1.37, 4.94)],
)
def test_segments_have_the_published_shares(
    sex: str, thigh: float, shank: float, foot: float, arm: float
) -> None:
    """One arm: 2.55 + 1.38 + 0.56 and 2.71 + 1.62 + 0.61 per cent are what the rest leaves."""
    masses = segment_masses(MODEL, 100.0, sex)
    assert masses["femur_r"] == pytest.approx(thigh)
    assert masses["tibia_l"] + masses["patella_l"] == pytest.approx(shank)
    assert masses["talus_r"] + masses["calcn_r"] + masses["toes_r"] == pytest.approx(foot)
    assert by_group(masses, "humerus", "ulna", "radius", "hand") == pytest.approx(2 * arm, abs=0.02)


def test_arms_that_a_model_lacks_weigh_on_its_trunk() -> None:
    arms = [b.name for b in MODEL.bodies if b.name.startswith(("humerus", "ulna", "radius", "hand"))]
    masses = segment_masses(without(MODEL, arms), 100.0, "female")
    assert math.fsum(masses.values()) == pytest.approx(100.0)
    assert masses["femur_r"] == pytest.approx(14.78)


def test_a_body_of_other_parts_keeps_its_own_shares() -> None:
    half = replace(MODEL, bodies=tuple(b for b in MODEL.bodies if not b.name.endswith("_l")))
    masses = segment_masses(half, 50.0, "male")
    total = math.fsum(b.mass for b in half.bodies)
    assert masses == pytest.approx({b.name: b.mass * 50.0 / total for b in half.bodies})


def test_inertia_follows_mass() -> None:
    made = with_masses(MODEL, {"femur_r": 2 * next(b.mass for b in MODEL.bodies if b.name == "femur_r")})
    for old, new in zip(MODEL.bodies, made.bodies, strict=True):
        factor = 2.0 if old.name == "femur_r" else 1.0
        assert new.inertia == pytest.approx([factor * v for v in old.inertia])


@pytest.mark.parametrize(("mass", "sex"), [(0.0, None), (math.inf, None), (60.0, "other")])
def test_bad_masses_are_refused(mass: float, sex: str | None) -> None:
    with pytest.raises(InputError):
        segment_masses(MODEL, mass, sex)


@pytest.mark.parametrize(
    ("name", "volume"),
    [("glmax2_r", 891), ("glut_med1_l", 339), ("glmin3_r", 109), ("tfl_l", 70), ("vas_lat_r", 876)],
)
def test_volumes_are_those_of_the_published_example(name: str, volume: float) -> None:
    assert muscle_volume(name, 1.75, 75.0) == pytest.approx(volume, abs=0.6)
    assert leg_volume(1.75, 75.0) == pytest.approx(7453.75)


def test_the_generic_person_is_as_strong_as_the_model() -> None:
    factors = strengths(MODEL, SAME, MODEL)
    assert factors == pytest.approx(dict.fromkeys(factors, 1.0))
    for same, muscle in zip(strengthened(MODEL, factors).muscles, MODEL.muscles, strict=True):
        assert same.max_force == pytest.approx(muscle.max_force)


@given(st.floats(26, 200), st.floats(1.25, 2.2))
def test_every_muscle_of_every_person_has_some_strength_and_more_with_more_mass(
    mass: float, height: float
) -> None:
    light, heavy = (strengths(MODEL, Person(mass=m, height=height), MODEL) for m in (mass, mass + 10.0))
    for name in light:
        assert 0.0 < light[name] < heavy[name]


def test_longer_fibres_of_the_same_volume_pull_less() -> None:
    made = scale(MODEL, {body.name: (1.1, 1.1, 1.1) for body in MODEL.bodies})
    factors = strengths(made, SAME, MODEL)
    assert factors == pytest.approx(dict.fromkeys(factors, 1 / 1.1))


def test_deficits_take_force_by_muscle_and_by_root() -> None:
    left = usable(MODEL, {"tfl_r": 0.5, "soleus": 0.25, "l5_l": 0.4})
    assert (left["soleus_r"], left["tfl_r"]) == (0.25, 0.5)
    for muscle in MODEL.muscles:
        if muscle.name not in {"tfl_r", "soleus_r", "soleus_l"}:
            lost = 0.6 * muscle.roots.get("l5", 0.0) if muscle.name.endswith("_l") else 0.0
            assert left[muscle.name] == pytest.approx(1.0 - lost)
    assert [m for m in MODEL.muscles if "l5" in m.roots and m.name.endswith("_l")]


def test_a_root_that_is_gone_leaves_what_the_others_supply() -> None:
    left = usable(MODEL, {"l5": 0.0, "s1": 0.0})
    for muscle in MODEL.muscles:
        others = 1.0 - muscle.roots.get("l5", 0.0) - muscle.roots.get("s1", 0.0)
        assert left[muscle.name] == pytest.approx(max(0.0, others), abs=1e-12)


def test_unknown_deficits_are_refused() -> None:
    with pytest.raises(UnknownIdError, match="soleus"):
        usable(MODEL, {"soles": 0.5})
    bare = replace(MODEL, muscles=tuple(replace(m, roots={}) for m in MODEL.muscles))
    with pytest.raises(InputError, match="carry no roots"):
        usable(bare, {"l5": 0.5})


def test_strength_is_told_against_the_model_that_was_scaled() -> None:
    factors = strengths(MODEL, replace(SAME, strength=0.8), MODEL)
    assert factors == pytest.approx(dict.fromkeys(factors, 0.8))
    fewer = replace(MODEL, muscles=MODEL.muscles[1:])
    with pytest.raises(InputError, match="generic"):
        strengths(MODEL, SAME, fewer)
