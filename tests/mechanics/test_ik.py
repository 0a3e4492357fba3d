"""Inverse kinematics: postures found again from their own markers, gaps, limits, pulls, and what cannot be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mechanics.toys import crane, line, point
from msgspec.structs import replace
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.body import Body
from gerdy.mechanics.ik import Fit, fit

Array = NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)

# Where people move (rad): within these the first posture is found from wherever it is.
MOVING = {
    "pelvis_tilt": (-0.9, 0.4),
    "pelvis_list": (-0.35, 0.35),
    "pelvis_rotation": (-3.1, 3.1),
    "lumbar_": (-0.5, 0.5),
    "hip_flexion": (-0.4, 2.0),
    "hip_adduction": (-0.5, 0.4),
    "hip_rotation": (-0.5, 0.5),
    "knee_angle": (0.0, 2.3),
    "ankle_angle": (-0.6, 0.5),
    "subtalar_angle": (-0.3, 0.3),
    "arm_flex": (-0.6, 0.8),
    "arm_add": (-0.9, 0.2),
    "arm_rot": (-0.5, 0.5),
    "elbow_flex": (0.1, 1.8),
    "pro_sup": (0.1, 1.4),
    "pelvis_t": (-2.0, 2.0),  # m, and after pelvis_tilt
}


def moved(body: Body, random: np.random.Generator) -> Array:
    """A random posture within what people do."""
    spans = [
        next(span for part, span in MOVING.items() if name.startswith(part)) for name in body.coordinates
    ]
    low, high = np.array(spans).T
    return np.asarray(low + random.uniform(size=len(low)) * (high - low))


def names_of(body: Body) -> tuple[str, ...]:
    return tuple(marker.name for marker in body.model.markers)


def markers(body: Body, q: Array, names: tuple[str, ...] | None = None) -> Array:
    points = body.points(q)
    return np.stack([points[name] for name in names or names_of(body)], axis=1)


def movement(body: Body, frames: int = 60, rate: float = 100.0) -> Array:
    """A smooth movement of all coordinates, away from the ends of the ranges."""
    random = np.random.default_rng(11)
    time = np.arange(frames)[:, None] / rate
    phase = random.uniform(0.0, 6.0, len(body.default))
    q = 0.3 + 0.2 * np.sin(2.0 * math.pi * time + phase)
    return np.asarray(q)


def apart(body: Body, found: Array, true: Array) -> float:
    """The largest difference; the heading is the same after a whole turn."""
    difference = found - true
    heading = body.column("pelvis_rotation")
    difference[..., heading] = (difference[..., heading] + math.pi) % (2.0 * math.pi) - math.pi
    return float(np.abs(difference).max())


# --- known postures -------------------------------------------------------------------------------------------------


@given(seeds)
def test_a_posture_is_found_again_from_its_own_markers(own: Body, seed: int) -> None:
    q = moved(own, np.random.default_rng(seed))
    solved = fit(own.assembly, names_of(own), markers(own, q))
    assert solved.converged.all()
    assert apart(own, solved.q[0], q) < 1e-6
    assert solved.residual.max() < 1e-6


@pytest.mark.parametrize("heading", np.linspace(-math.pi, math.pi, 9).tolist())
def test_people_may_face_anywhere(own: Body, heading: float) -> None:
    q = own.posture({"pelvis_rotation": heading, "knee_angle_r": 0.4, "hip_flexion_r": 0.3, "pelvis_tx": 3.0})
    assert apart(own, fit(own.assembly, names_of(own), markers(own, q)).q[0], q) < 1e-6


def test_a_movement_is_followed_in_a_few_quadratic_steps(own: Body) -> None:
    """Markers never fit: with the curvature of their paths a tighter goal still costs hardly a step more."""
    q = movement(own)
    at = markers(own, q) + 0.01 * np.random.default_rng(1).standard_normal((len(q), len(names_of(own)), 3))
    coarse, fine = (fit(own.assembly, names_of(own), at, step=step) for step in (1e-5, 1e-10))
    assert fine.converged.all()
    assert coarse.iterations.max() <= 8
    assert (fine.iterations - coarse.iterations).max() <= 2
    assert np.abs(fine.q - coarse.q).max() < 1e-7
    assert 0.005 < coarse.residual.mean() < 0.02


def test_what_is_found_is_the_least_of_all_near_it(own: Body) -> None:
    random = np.random.default_rng(2)
    names, weights = names_of(own), random.uniform(0.2, 3.0, len(names_of(own)))
    at = markers(own, own.default) + 0.02 * random.standard_normal((1, len(names), 3))
    found = fit(own.assembly, names, at, weights).q[0]

    def cost(q: Array) -> Array:
        return np.asarray((weights * ((markers(own, q) - at) ** 2).sum(axis=2)).sum(axis=1))

    shifts = 1e-4 * random.standard_normal((100, len(found)))
    assert (cost(found + shifts) > cost(found)[0]).all()


# --- gaps -----------------------------------------------------------------------------------------------------------


def test_single_markers_may_be_hidden(own: Body) -> None:
    q = movement(own)
    at = markers(own, q)
    random = np.random.default_rng(3)
    spare = [
        i for i, name in enumerate(names_of(own)) if "wrist" not in name
    ]  # two that alone show the forearm turn
    for frame in at:
        frame[random.choice(spare, 6, replace=False)] = np.nan
    solved = fit(own.assembly, names_of(own), at)
    assert solved.converged.all()
    assert apart(own, solved.q, q) < 1e-4
    assert np.isnan(solved.residual).sum() == 6 * len(q)


def test_a_half_known_place_is_no_place(own: Body) -> None:
    at = markers(own, own.default)
    at[0, 3, 1] = np.nan
    at[0, 5, 2] = np.inf
    solved = fit(own.assembly, names_of(own), at)
    assert np.flatnonzero(np.isnan(solved.residual[0])).tolist() == [3, 5]
    assert apart(own, solved.q[0], own.default) < 1e-6


def test_what_no_marker_shows_stays_where_it_was(own: Body) -> None:
    """An arm out of sight must not drift on at the speed at which it was lost."""
    q = movement(own, 90)
    at = markers(own, q)
    on = {marker.name: marker.body for marker in own.model.markers}
    arm = [i for i, name in enumerate(names_of(own)) if on[name] in ("humerus_r", "ulna_r", "radius_r")]
    at[20:70, arm] = np.nan
    solved = fit(own.assembly, names_of(own), at)
    columns = [own.column(name) for name in ("arm_flex_r", "arm_add_r", "elbow_flex_r")]
    assert solved.q[20:70][:, columns] == pytest.approx(np.tile(q[19, columns], (50, 1)), abs=1e-4)
    assert apart(own, solved.q[70:], q[70:]) < 1e-4
    legs = [own.column(name) for name in ("knee_angle_r", "hip_flexion_l")]
    assert np.abs(solved.q - q)[:, legs].max() < 1e-5


def test_frames_without_any_marker_carry_the_posture_over(own: Body) -> None:
    q = movement(own)
    at = markers(own, q)
    at[30:40] = np.nan
    at[:2] = np.nan
    solved = fit(own.assembly, names_of(own), at)
    assert solved.q[30:40] == pytest.approx(np.tile(solved.q[29], (10, 1)), abs=1e-9)
    assert apart(own, solved.q[40:], q[40:]) < 1e-5
    assert np.isnan(solved.residual[[0, 1, 35]]).all()


# --- limits and pulls -----------------------------------------------------------------------------------------------


def crane_of(clamped: bool) -> Body:
    model = crane(line(point("base", 0.1, 0.0, 0.0), point("arm", 0.1, -0.3, 0.0)), angles=(-0.5, 0.5))
    return Body.of(replace(model, coordinates=(replace(model.coordinates[0], clamped=clamped),)))


@pytest.mark.parametrize("angle", [-2.0, -0.5, 0.2, 0.5, 1.3])
def test_clamped_coordinates_stop_at_their_ends(angle: float) -> None:
    free, clamped = crane_of(clamped=False), crane_of(clamped=True)
    at = markers(free, np.array([[angle]]))
    stopped = fit(clamped.assembly, ("tip",), at)
    assert stopped.converged.all()
    assert stopped.q[0, 0] == pytest.approx(min(max(angle, -0.5), 0.5), abs=1e-6)
    assert fit(free.assembly, ("tip",), at, limited=True).q[0, 0] == pytest.approx(stopped.q[0, 0], abs=1e-9)
    assert fit(free.assembly, ("tip",), at, start=np.zeros(1)).q[0, 0] == pytest.approx(angle, abs=1e-5)


def test_at_a_limit_the_rest_of_the_body_still_fits_best(own: Body) -> None:
    q = own.posture({"knee_angle_r": -0.2, "hip_flexion_r": 0.3})
    names = names_of(own)
    held = fit(own.assembly, names, markers(own, q), limited=True)
    assert held.converged.all()
    assert held.q[0, own.column("knee_angle_r")] == 0.0
    shifts = 1e-4 * np.random.default_rng(4).standard_normal((50, len(q)))
    shifts[:, own.column("knee_angle_r")] = np.abs(shifts[:, own.column("knee_angle_r")])

    def cost(rows: Array) -> Array:
        return np.asarray(((markers(own, rows) - markers(own, q)) ** 2).sum(axis=(1, 2)))

    assert (cost(held.q[0] + shifts) > cost(held.q)[0]).all()


def test_a_pull_draws_to_rest_what_markers_hardly_show(own: Body) -> None:
    """Without knee markers a straight leg is free to swivel; the pull holds it, firmly seen angles hardly give."""
    names = tuple(n for n in names_of(own) if "knee" not in n and "elbow" not in n)
    q = own.posture({"hip_rotation_r": 0.3, "subtalar_angle_r": 0.1, "lumbar_extension": -0.2})
    none, pulled = (
        fit(own.assembly, names, markers(own, q, names), prior=prior)
        for prior in (
            None,
            0.02 * np.array([0.0 if n.startswith("pelvis_") else 1.0 for n in own.coordinates]),
        )
    )
    swivel, trunk = own.column("hip_rotation_r"), own.column("lumbar_extension")
    assert abs(pulled.q[0, swivel]) < abs(none.q[0, swivel]) - 0.02
    assert pulled.q[0, trunk] == pytest.approx(-0.2, abs=0.05)
    assert pulled.residual.max() < 0.03


def test_a_heavier_marker_comes_nearer(own: Body) -> None:
    names = names_of(own)
    at = markers(own, own.default)
    at[0, names.index("r_knee_lateral")] += (0.0, 0.0, 0.05)

    def off(weight: float) -> float:
        weights = np.ones(len(names))
        weights[names.index("r_knee_lateral")] = weight
        return float(fit(own.assembly, names, at, weights).residual[0, names.index("r_knee_lateral")])

    assert off(50.0) < off(1.0) < off(0.1)


# --- what cannot be -------------------------------------------------------------------------------------------------


def test_a_fit_that_does_not_come_to_rest_says_so(own: Body) -> None:
    solved: Fit = fit(own.assembly, names_of(own), 1e6 * markers(own, own.default))
    assert not solved.converged.any()
    assert np.isfinite(solved.q).all()


def test_markers_that_the_model_lacks_are_named(own: Body) -> None:
    with pytest.raises(InputError, match="the model has none called tail, third_ear"):
        fit(own.assembly, ("tail", "c7", "third_ear"), np.zeros((1, 3, 3)))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"position": np.zeros((2, 5, 3))}, r"position must be \(frames, 3, 3\)"),
        ({"position": np.full((2, 3, 3), np.nan)}, "no frame has any marker"),
        ({"weights": np.ones(2)}, r"weights: must be \(3,\)"),
        ({"start": np.zeros(4)}, r"start: must be \(31,\)"),
        ({"prior": np.zeros(4)}, r"prior: must be \(31,\)"),
    ],
)
def test_shapes_that_disagree_are_refused(own: Body, more: dict[str, Array], words: str) -> None:
    given_ = {"position": np.zeros((2, 3, 3))} | more
    with pytest.raises(InputError, match=words):
        fit(own.assembly, ("c7", "r_asis", "l_asis"), **given_)  # type: ignore[arg-type]
