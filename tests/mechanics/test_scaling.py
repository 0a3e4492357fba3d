"""Scaling: against OpenSim's own result, and by the rules that stretching a body keeps."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from recordings import recordings

from gerdy.errors import InputError
from gerdy.mechanics.functions import value
from gerdy.mechanics.model import Body, BodyModel, Coupling, Linear, Muscle, Path, Point, Vector
from gerdy.mechanics.osim import load_osim
from gerdy.mechanics.posing import full_values, place_bodies, straight_lengths
from gerdy.mechanics.scaling import scale
from gerdy.mechanics.table import table

MODEL = table()
BODIES = sorted(body.name for body in MODEL.bodies)
stretch = st.tuples(*[st.floats(0.8, 1.3) for _ in range(3)])
stretches = st.dictionaries(st.sampled_from(BODIES), stretch, max_size=6)


def numbers(model: BodyModel) -> Iterator[float]:
    """Every length, mass and inertia of a model."""
    for body in model.bodies:
        yield from (body.mass, *body.centre, *body.inertia)
    values = full_values(model, {"knee_angle_r": 0.7, "knee_angle_l": 1.3})
    for placed in place_bodies(model, values).values():
        yield from placed.origin
    for wrap in model.wraps:
        yield from (*wrap.location, wrap.radius, wrap.length)
    for muscle in model.muscles:
        yield from (muscle.optimal_length, muscle.tendon_slack)
    straps = [path for band in model.bands for path in (band.strap, band.patellar) if path]
    yield from straight_lengths(model, [*(m.path for m in model.muscles), *straps])
    for marker in model.markers:
        yield from marker.location


def same(first: BodyModel, second: BodyModel, tolerance: float = 1e-9) -> None:
    assert np.array(list(numbers(first))) == pytest.approx(
        np.array(list(numbers(second))), rel=tolerance, abs=1e-12
    )


# --- against OpenSim ------------------------------------------------------------------------------------------------

FACTORS: dict[str, Vector] = {
    "pelvis": (1.1, 0.9, 1.05),
    "femur_r": (0.95, 1.08, 1.02),
    "tibia_r": (1.2, 0.97, 0.9),
    "calcn_r": (1.1, 1.1, 1.1),
}


def test_gait2392_scales_as_opensim_scales_it() -> None:
    """Numbers computed by OpenSim 4.6 (Model::scale, mass distribution kept, 70 kg); its paths are all straight."""
    model = load_osim(recordings("opensim-models", "Models", "Gait2392_Simbody", "subject01.osim"))
    made = scale(model, FACTORS, 70.0)
    muscles = {muscle.name: (muscle.optimal_length, muscle.tendon_slack) for muscle in made.muscles}
    for name, lengths in {
        "glut_med1_r": (0.05334073847452211, 0.07776780562640609),
        "rect_fem_r": (0.13981212195490933, 0.38019085794755975),
        "semimem_r": (0.09851146875715405, 0.442070216047729),
        "soleus_r": (0.04835155625296162, 0.24175778126480812),
        "tfl_r": (0.1108470638759627, 0.495894759445095),
        "psoas_l": (0.10148420690528138, 0.16237473104845118),
        "ercspn_r": (0.12471412564333574, 0.03117853141083398),
    }.items():
        assert muscles[name] == pytest.approx(lengths, rel=1e-9)
    bodies = {body.name: body for body in made.bodies}
    assert bodies["femur_r"].mass == pytest.approx(8.66229581478515)
    assert bodies["femur_r"].centre == pytest.approx((0.0, -0.21063348, 0.0))
    assert bodies["pelvis"].mass == pytest.approx(10.967796010355954)
    moments = (0.0016642150000000008, 0.0046360416666666685, 0.004873785000000002)
    assert bodies["calcn_r"].inertia[:3] == pytest.approx(moments)
    placed = place_bodies(made, full_values(made, {"knee_angle_r": -0.8}))
    assert placed["calcn_r"].origin == pytest.approx([-0.443750297, 0.175037722, 0.09865252], abs=2e-9)
    ankle = next(m for m in made.markers if m.name == "R.Ankle.Lat")
    assert placed["tibia_r"].point(ankle.location) == pytest.approx(
        [-0.380480952, 0.169047282, 0.13926672], abs=2e-9
    )


def test_rajagopal_scales_as_opensim_scales_it() -> None:
    """Numbers computed by OpenSim 4.6 (Model::scale, mass by volume, 70 kg)."""
    model = load_osim(recordings("opensim-models", "Models", "Rajagopal", "Rajagopal2016.osim"))
    made = scale(model, FACTORS, 70.0, by_volume=True)
    wraps = {wrap.name: (wrap.location, wrap.radius, wrap.length) for wrap in made.wraps}
    for name, (location, radius, length) in {
        "Gmax1_at_pelvis_r": ((-0.0847, -0.0891, 0.06405), 0.04065990473208457, 0.15350114255929742),
        "KnExt_at_fem_r": ((0.003408866, -0.43495056, 0.002132932), 0.0253745135568908, 0.10200650558812684),
        "GasLat_at_shank_r": ((-0.00888, -0.07178, -0.00297), 0.059074674783077444, 0.09282574302886915),
    }.items():
        assert wraps[name][0] == pytest.approx(location, abs=2e-9)
        assert wraps[name][1:] == pytest.approx((radius, length), rel=1e-9)
    masses = {body.name: body.mass for body in made.bodies}
    assert masses["femur_r"] == pytest.approx(8.869326624668982)
    assert masses["calcn_r"] == pytest.approx(1.5159429697464948)
    assert masses["torso"] == pytest.approx(24.44333323648463)


# --- rules ----------------------------------------------------------------------------------------------------------


def test_by_one_nothing_changes() -> None:
    same(scale(MODEL, dict.fromkeys(BODIES, (1.0, 1.0, 1.0))), MODEL)
    assert scale(MODEL, {}) == scale(MODEL, dict.fromkeys(BODIES, (1.0, 1.0, 1.0)))


@settings(max_examples=15, deadline=None)
@given(stretches, stretches)
def test_twice_is_once_by_the_product(first: dict[str, Vector], second: dict[str, Vector]) -> None:
    product: dict[str, Vector] = {}
    for name in {*first, *second}:
        a, b = first.get(name, (1.0,) * 3), second.get(name, (1.0,) * 3)
        product[name] = (a[0] * b[0], a[1] * b[1], a[2] * b[2])
    twice = scale(scale(MODEL, first, by_volume=True), second, by_volume=True)
    once = scale(MODEL, product, by_volume=True)
    paths = [muscle.path for muscle in MODEL.muscles]
    assert straight_lengths(twice, [m.path for m in twice.muscles]) == pytest.approx(
        straight_lengths(once, [m.path for m in once.muscles]), rel=2e-3
    )  # exact but for translations along oblique axes
    assert len(paths) == len(twice.muscles)
    for a_body, b_body in zip(twice.bodies, once.bodies, strict=True):
        assert (a_body.mass, *a_body.centre, *a_body.inertia) == pytest.approx(
            (b_body.mass, *b_body.centre, *b_body.inertia), rel=1e-9, abs=1e-15
        )


@given(st.floats(0.7, 1.4))
@settings(max_examples=10, deadline=None)
def test_a_body_of_the_same_shape_is_similar_throughout(factor: float) -> None:
    made = scale(MODEL, dict.fromkeys(BODIES, (factor,) * 3))
    posture = {"hip_flexion_r": 0.6, "knee_angle_r": 1.0, "knee_angle_l": 0.2, "hip_adduction_l": 0.1}
    before, after = (place_bodies(m, full_values(m, posture)) for m in (MODEL, made))
    pelvis = before["pelvis"].origin
    for name in BODIES:
        assert after[name].origin - after["pelvis"].origin == pytest.approx(
            factor * (before[name].origin - pelvis), abs=1e-12
        )
    for old, new in zip(MODEL.muscles, made.muscles, strict=True):
        assert new.optimal_length == pytest.approx(factor * old.optimal_length)
        assert new.tendon_slack == pytest.approx(factor * old.tendon_slack)
    for wrap, grown in zip(MODEL.wraps, made.wraps, strict=True):
        assert (grown.radius, grown.length) == pytest.approx((factor * wrap.radius, factor * wrap.length))
    for body, grown_body in zip(MODEL.bodies, made.bodies, strict=True):
        assert grown_body.inertia == pytest.approx([factor**2 * v for v in body.inertia])


@given(stretch, st.integers(0, 2**32 - 1))
def test_inertia_is_that_of_the_stretched_points(factors: Vector, seed: int) -> None:
    random = np.random.default_rng(seed)
    points, masses = random.normal(size=(30, 3)), random.random(30)
    points -= masses @ points / masses.sum()

    def inertia(cloud: np.ndarray) -> tuple[float, float, float, float, float, float]:
        tensor = np.einsum("i,ij->", masses, cloud**2) * np.eye(3) - np.einsum(
            "i,ij,ik->jk", masses, cloud, cloud
        )
        xx, yy, zz = (float(v) for v in np.diag(tensor))
        return xx, yy, zz, float(tensor[0, 1]), float(tensor[0, 2]), float(tensor[1, 2])

    body = Body(name="femur_r", mass=float(masses.sum()), inertia=inertia(points))
    others = tuple(b for b in MODEL.bodies if b.name != "femur_r")
    made = scale(replace(MODEL, bodies=(body, *others)), {"femur_r": factors}).bodies[0]
    assert made.inertia == pytest.approx(inertia(points * factors), rel=1e-9, abs=1e-12)


@given(stretches, st.floats(30.0, 200.0), st.booleans())
@settings(max_examples=15, deadline=None)
def test_the_whole_weighs_what_it_shall(factors: dict[str, Vector], mass: float, by_volume: bool) -> None:
    made = scale(MODEL, factors, mass, by_volume=by_volume)
    assert math.fsum(body.mass for body in made.bodies) == pytest.approx(mass, rel=1e-12)


def test_muscles_follow_the_lengths_that_are_given() -> None:
    made = scale(
        MODEL, {}, lengths=lambda model: np.full(len(MODEL.muscles) + 5, 2.0 if model is MODEL else 3.0)
    )
    for old, new in zip(MODEL.muscles, made.muscles, strict=True):
        assert new.optimal_length == pytest.approx(1.5 * old.optimal_length)
        assert new.tendon_slack == pytest.approx(1.5 * old.tendon_slack)


def test_moving_points_and_followers_grow_too() -> None:
    model = load_osim(recordings("opensim-models", "Models", "Gait2392_Simbody", "subject01.osim"))
    made = scale(model, {"tibia_r": (1.1, 1.2, 1.3)})

    def moving(of: BodyModel) -> Iterator[tuple[str, float]]:
        for muscle in of.muscles:
            for point in muscle.path.points:
                for axis, way in zip("xyz", point.moving or (), strict=False):
                    if way is not None and point.body == "tibia_r":
                        yield axis, value(way.function, -0.7)

    pairs = list(zip(moving(model), moving(made), strict=True))
    assert len(pairs) >= 6
    for (axis, before), (_, after) in pairs:
        assert after == pytest.approx(before * {"x": 1.1, "y": 1.2, "z": 1.3}[axis])
    root = model.joints[0]
    follower = replace(model.coordinates[4], coupling=Coupling("knee_angle_r", Linear(0.1, 0.2)))
    assert follower.name == root.translations[1].coordinate
    coupled = replace(model, coordinates=(*model.coordinates[:4], follower, *model.coordinates[5:]))
    made = scale(coupled, {"ground": (2.0, 3.0, 4.0)})
    assert made.coordinates[4].coupling == Coupling("knee_angle_r", Linear(0.1 * 3.0, 0.2 * 3.0))
    assert made.joints[0].translations == root.translations


@pytest.mark.parametrize(
    ("factors", "mass", "words"),
    [
        ({"femur": (1.0, 1.0, 1.0)}, None, "no body 'femur'"),
        ({"femur_r": (1.0, 1.0)}, None, "three numbers"),
        ({"femur_r": (1.0, -1.0, 1.0)}, None, "factors.femur_r"),
        ({"femur_r": (1.0, math.nan, 1.0)}, None, "factors.femur_r"),
        ({"femur_r": (100.0, 100.0, 100.0)}, None, "from 0.2 to 5"),
        ({}, 0.0, "mass: must be above 0"),
        ({}, math.nan, "mass: must be above 0"),
    ],
)
def test_bad_factors_are_refused(factors: dict[str, Vector], mass: float | None, words: str) -> None:
    with pytest.raises(InputError, match=words):
        scale(MODEL, factors, mass)


def test_bad_lengths_are_refused() -> None:
    with pytest.raises(InputError, match="one for each muscle"):
        scale(MODEL, {}, lengths=lambda _: np.ones(3))
    spot = Muscle(
        name="spot", path=Path(points=(Point(body="pelvis", location=(0, 0, 0)),) * 2), max_force=1,
        optimal_length=1, tendon_slack=1,
    )  # fmt: skip
    with pytest.raises(InputError, match="'spot' has no length"):
        scale(replace(MODEL, muscles=(spot,)), {})


def test_a_model_without_mass_cannot_be_given_one() -> None:
    bare = replace(MODEL, bodies=tuple(replace(body, mass=0.0) for body in MODEL.bodies))
    with pytest.raises(InputError, match="none to share"):
        scale(bare, {}, 70.0)
