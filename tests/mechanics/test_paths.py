"""Paths over obstacles, through points that move or come and go: against geometry worked out otherwise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mechanics.toys import crane, cylinder, line, point
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.spatial import ConvexHull

from gerdy.errors import InputError
from gerdy.mechanics.body import Body
from gerdy.mechanics.functions import value
from gerdy.mechanics.model import Moving, Path, Point, Polynomial, Shape, Wrap
from gerdy.mechanics.rotations import Placement, rotation_of

Array = NDArray[np.float64]


def length(body: Body, angle: float) -> float:
    return float(body.lengths(np.array([angle]))[0, 0])


def arm(body: Body, angle: float) -> float:
    return float(body.moment_arms(np.array([angle]))[0, 0, 0])


def turned(angle: float, *location: float) -> Array:
    return np.asarray(rotation_of((0.0, 0.0, angle)) @ np.array(location))


# --- one obstacle -----------------------------------------------------------------------------------------------------

RADIUS = 0.05
START, END = (-0.2, 0.1, -0.03), (-0.1, -0.3, 0.05)
PULLEY = cylinder("pulley", "base", RADIUS, (0.0, 0.0, 0.0), quadrant="-x")
OVER = Body.of(
    crane(
        line(point("base", *START), point("arm", *END), wraps=(("pulley", 0, 1),)),
        wraps=(PULLEY,),
        angles=(-0.5, 1.4),
    )
)


def around(start: Array, end: Array, radius: float, sense: float = 1.0) -> float:
    """The length of the shortest way round a cylinder along z at the origin: unrolled, it is straight.

    ``sense`` is 1 against the clock, -1 with it.
    """
    near, far = np.hypot(*start[:2]), np.hypot(*end[:2])
    between = sense * (math.atan2(end[1], end[0]) - math.atan2(start[1], start[0]))
    bent = between % (2 * math.pi) - math.acos(radius / near) - math.acos(radius / far)
    if bent <= 0.0:
        return float(np.linalg.norm(end - start))
    flat = math.sqrt(near**2 - radius**2) + math.sqrt(far**2 - radius**2) + radius * bent
    return math.hypot(flat, end[2] - start[2])


@given(st.floats(-0.5, 1.4))
def test_a_wrapped_cylinder_has_the_length_of_tangents_and_arc(angle: float) -> None:
    assert length(OVER, angle) == pytest.approx(
        around(np.array(START), turned(angle, *END), RADIUS), abs=1e-12
    )


def test_the_cylinder_is_touched_in_some_of_these_postures_and_not_in_others() -> None:
    start = np.array(START)
    straight = [
        around(start, turned(a, *END), RADIUS) - np.linalg.norm(turned(a, *END) - start) for a in (-0.4, 1.4)
    ]
    assert straight[0] == 0.0
    assert straight[1] > 0.003


def test_round_a_cylinder_about_the_joint_the_lever_arm_is_its_radius() -> None:
    flat = Body.of(
        crane(
            line(point("base", -0.2, 0.1, 0.0), point("arm", -0.1, -0.3, 0.0), wraps=(("pulley", 0, 1),)),
            wraps=(PULLEY,),
            angles=(1.1, 1.4),
        )
    )
    for angle in np.linspace(1.15, 1.4, 5):
        assert abs(arm(flat, float(angle))) == pytest.approx(RADIUS, abs=1e-12)


@pytest.mark.parametrize("quadrant", ["-x", "+x"])
def test_a_path_passes_on_the_side_that_is_asked_for(quadrant: str) -> None:
    """The straight line would pass on the left; asked to pass on the right it goes the long way round."""
    ends = (-0.02, 0.2, 0.0), (-0.02, -0.2, 0.0)
    body = Body.of(
        crane(
            line(point("base", *ends[0]), point("base", *ends[1]), wraps=(("pulley", 0, 1),)),
            wraps=(cylinder("pulley", "base", RADIUS, (0.0, 0.0, 0.0), quadrant=quadrant),),
        )
    )
    start, end = (np.array(e) for e in ends)
    if quadrant == "+x":
        start, end = end, start  # the other way round
    assert length(body, 0.0) == pytest.approx(around(start, end, RADIUS), abs=1e-12)


def test_a_sphere_is_passed_on_a_great_circle() -> None:
    ball = Wrap(name="ball", body="base", shape=Shape.SPHERE, radius=RADIUS)
    start, end = np.array([-0.2, 0.01, 0.02]), np.array([0.2, 0.02, -0.01])
    body = Body.of(
        crane(line(point("base", *start), point("base", *end), wraps=(("ball", 0, 1),)), wraps=(ball,))
    )
    near, far = float(np.linalg.norm(start)), float(np.linalg.norm(end))
    between = math.acos(start @ end / (near * far))
    bent = between - math.acos(RADIUS / near) - math.acos(RADIUS / far)
    expected = math.sqrt(near**2 - RADIUS**2) + math.sqrt(far**2 - RADIUS**2) + RADIUS * bent
    assert length(body, 0.0) == pytest.approx(expected, abs=1e-12)


def test_an_obstacle_is_kept_only_where_it_is_touched() -> None:
    far = cylinder("far", "base", 0.01, (0.5, 0.0, 0.0))
    path = line(point("base", *START), point("arm", *END), wraps=(("pulley", 0, 1), ("far", 0, 1)))
    body = Body.of(crane(path, wraps=(PULLEY, far), angles=(-0.5, 1.4)))
    assert list(body.assembly.touching.obstacles.values()) == [("pulley",)]


# --- points that come and go, and points that move ------------------------------------------------------------------

CORNER, LATE = (-0.1, 0.05, 0.02), (0.05, -0.2, 0.0)


@given(st.floats(-1.2, 1.2))
def test_points_come_and_go_with_a_coordinate(angle: float) -> None:
    path = Path(
        points=(
            point("base", *START),
            Point(body="base", location=CORNER, only=("angle", -0.3, 0.4)),
            Point(body="arm", location=LATE, only=("angle", 0.1, 2.0)),
            point("arm", *END),
        )
    )
    body = COMING.setdefault("body", Body.of(crane(path)))
    there = [np.array(START)]
    if -0.3 <= angle <= 0.4:
        there.append(np.array(CORNER))
    if 0.1 <= angle <= 2.0:
        there.append(turned(angle, *LATE))
    there.append(turned(angle, *END))
    expected = float(np.linalg.norm(np.diff(there, axis=0), axis=1).sum())
    assert length(body, angle) == pytest.approx(expected, abs=1e-12)


COMING: dict[str, Body] = {}
GLIDE = Moving(coordinate="angle", function=Polynomial((0.02, -0.05, 0.01)))
GLIDING = Body.of(
    crane(
        Path(
            points=(
                point("base", *START),
                Point(
                    body="arm",
                    location=END,
                    moving=(GLIDE, None, GLIDE),
                ),
            )
        )
    )
)


@given(st.floats(-1.2, 1.2))
def test_a_point_moves_with_a_coordinate(angle: float) -> None:
    def expected(at: float) -> float:
        glide = float(value(GLIDE.function, at))
        return float(np.linalg.norm(turned(at, glide, END[1], glide) - np.array(START)))

    step = 1e-6
    assert length(GLIDING, angle) == pytest.approx(expected(angle), abs=1e-12)
    slope = (expected(angle + step) - expected(angle - step)) / (2 * step)
    assert arm(GLIDING, angle) == pytest.approx(-slope, abs=1e-8)


# --- two obstacles in a row -----------------------------------------------------------------------------------------

JOINT = (0.0, -0.4, 0.0)
THIGH = cylinder("thigh", "base", 0.045, (0.0, -0.39, 0.0))
SHANK = cylinder("shank", "arm", 0.05, (0.0, -0.12, 0.0))
UPPER, LOWER = (-0.02, -0.3, 0.02), (-0.03, -0.4, -0.01)
BOTH = (("thigh", 0, 1), ("shank", 0, 1))
PAIR = Body.of(
    crane(
        line(point("base", *UPPER), point("arm", *LOWER), wraps=BOTH),
        wraps=(THIGH, SHANK),
        angles=(-1.6, 0.1),
        at=JOINT,
    )
)


def behind(angle: float) -> float:
    """The taut string behind both circles is part of the hull of all points; unrolled, its rise along z is straight."""
    circle = np.linspace(0.0, 2 * math.pi, 40_000)
    disc = np.column_stack([np.cos(circle), np.sin(circle)])
    start = np.array(UPPER)
    end = turned(angle, *LOWER) + JOINT
    shank = turned(angle, *SHANK.location) + JOINT
    points = np.vstack(
        [start[:2], end[:2], THIGH.radius * disc + THIGH.location[:2], SHANK.radius * disc + shank[:2]]
    )
    corners = list(ConvexHull(points).vertices)  # against the clock
    first = corners.index(0)
    round_ = corners[first:] + corners[:first]
    chain = points[round_[: round_.index(1) + 1]]
    flat = float(np.linalg.norm(np.diff(chain, axis=0), axis=1).sum())
    return math.hypot(flat, end[2] - start[2])


@pytest.mark.parametrize("angle", [-1.55, -1.1, -0.63, -0.2, -0.05, 0.08])
def test_two_obstacles_in_a_row_are_passed_on_the_shortest_way(angle: float) -> None:
    assert length(PAIR, angle) == pytest.approx(behind(angle), abs=1e-6)
    step = 1e-4
    slope = (behind(angle + step) - behind(angle - step)) / (2 * step)
    assert arm(PAIR, angle) == pytest.approx(-slope, abs=1e-4)


def test_both_obstacles_of_the_pair_are_touched_when_straight_and_only_one_when_bent() -> None:
    assert PAIR.assembly.touching.splits
    for angle, least in ((-0.05, 1e-4), (-1.55, -1e-9)):
        singles = [
            Body.of(
                crane(
                    line(point("base", *UPPER), point("arm", *LOWER), wraps=(only,)),
                    wraps=(THIGH, SHANK), angles=(-1.6, 0.1), at=JOINT,
                )
            )
            for only in BOTH
        ]  # fmt: skip
        assert length(PAIR, angle) > max(length(single, angle) for single in singles) + least


@pytest.mark.parametrize("muscle", ["gasmed_r", "gaslat_l"])
@pytest.mark.parametrize("knee", [0.03, 0.21, 0.9])
def test_the_gastrocnemius_takes_the_shortest_way_over_condyles_and_shank(
    own: Body, muscle: str, knee: float
) -> None:
    """Every point of a plane between the obstacles parts the way in two; the best of them is looked for."""
    side = muscle[-2:]
    q = own.posture({f"knee_angle{side}": knee, f"hip_flexion{side}": 0.2})
    placed = {name: Placement(turns[0], at[0]) for name, (turns, at) in own.frames(q).items()}
    wraps = {wrap.name: wrap for wrap in own.model.wraps}
    run, over = next(item for item in own.assembly.touching.obstacles.items() if item[0].path == muscle)
    condyles, shank = (
        (placed[w.body] @ Placement.of(w.location, w.orientation)).inverse() for w in (wraps[n] for n in over)
    )
    first, second = (wraps[name].radius for name in over)
    path = next(m.path for m in own.model.muscles if m.name == muscle)
    points = [placed[p.body].point(p.location) for p in path.points]
    at = own.assembly.touching.splits[run]
    middle = np.array([value(at.x, knee), at.location[1], value(at.z, knee)])
    parted = placed[at.body].point(middle)
    senses = [
        np.sign(a[0] * b[1] - a[1] * b[0])
        for a, b in (
            (condyles.point(points[0]), condyles.point(parted)),
            (shank.point(parted), shank.point(points[1])),
        )
    ]

    def way(shift: Array) -> float:
        free = placed[at.body].point(middle + np.array((shift[0], 0.0, shift[1])))
        above, below = condyles.point(free), shank.point(free)
        if np.hypot(*above[:2]) <= first or np.hypot(*below[:2]) <= second:
            return 1.0  # inside an obstacle
        return around(condyles.point(points[0]), above, first, senses[0]) + around(
            below, shank.point(points[1]), second, senses[1]
        )

    search = {"xatol": 1e-9, "fatol": 1e-12, "initial_simplex": [[0.0, 0.0], [0.005, 0.0], [0.0, 0.005]]}
    best = minimize(way, np.zeros(2), method="Nelder-Mead", options=search)
    rest = float(np.linalg.norm(np.diff(points[1:], axis=0), axis=1).sum())
    ours = float(own.lengths(q)[0, own.muscles.index(muscle)])
    assert best.success
    assert best.fun + rest - 1e-9 <= ours <= best.fun + rest + 1e-6


# --- what cannot be --------------------------------------------------------------------------------------------------


def two(first: Wrap, second: Wrap, *more: Wrap) -> Body:
    wraps = (first, second, *more)
    path = line(point("base", *UPPER), point("arm", *LOWER), wraps=tuple((w.name, 0, 1) for w in wraps))
    return Body.of(crane(path, wraps=wraps, angles=(-0.3, 0.1), at=JOINT))


def test_two_obstacles_on_one_body_are_refused() -> None:
    with pytest.raises(InputError, match=r"path line: two obstacles between points 1 and 2"):
        two(THIGH, cylinder("twin", "base", 0.03, (0.0, -0.35, 0.0)))


def test_three_obstacles_between_two_points_are_refused() -> None:
    with pytest.raises(InputError, match="over 3 obstacles between two points; at most 2"):
        two(THIGH, SHANK, cylinder("third", "arm", 0.05, (0.0, -0.3, 0.0)))


def test_a_path_that_names_no_body_is_refused() -> None:
    with pytest.raises(InputError, match="no body 'tail'"):
        Body.of(crane(line(point("base", *START), point("tail", *END))))
