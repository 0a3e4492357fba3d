"""Geometry and dynamics along a movement: against finite differences, closed forms, energy and OpenSim."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mechanics.toys import chain, crane, cylinder, line, point
from msgspec.structs import replace
from numpy.typing import NDArray

from gerdy.mechanics.body import Body
from gerdy.mechanics.mjcf import GRAVITY
from gerdy.mechanics.sweep import ground_of, presses_of, sweep

Array = NDArray[np.float64]
OPENSIM: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "opensim_paths.json").read_text())
FILES = [model["file"] for model in OPENSIM["models"].values()]


def postures(body: Body, count: int, seed: int) -> Array:
    """Postures within the ranges, and not far from where people stand."""
    chosen = [c for c in body.model.coordinates if c.name in body.coordinates]
    low, high = np.array([c.range for c in chosen]).T
    random = np.random.default_rng(seed).uniform(size=(count, len(chosen)))
    low, high = np.clip(low, -1.0, 1.0), np.clip(high, -1.0, 1.0)
    return np.asarray(low + random * (high - low))


# --- lengths, lever arms, speeds ------------------------------------------------------------------------------------


def check_arms(body: Body, q: Array, step: float = 1e-6) -> None:
    """Lever arms are what lengths lose with each coordinate, except where a point of a path comes or goes."""
    n = len(q)
    shifts = step * np.vstack([np.eye(n), -np.eye(n)])
    here, around = body.swept(q), body.swept(q + shifts).length
    more, less = around[:n], around[n:]
    smooth = np.abs(more + less - 2.0 * here.length) < 1e-10
    assert smooth.mean() > 0.99
    assert (here.arm[0] + (more - less) / (2.0 * step))[smooth] == pytest.approx(0.0, abs=1e-7)


@given(st.integers(0, 2**32 - 1))
def test_lever_arms_are_what_lengths_lose(own: Body, seed: int) -> None:
    check_arms(own, postures(own, 1, seed)[0])


@pytest.mark.parametrize("file", FILES)
def test_lever_arms_of_imported_models_are_what_lengths_lose(
    imported: Callable[[str], Body], file: str
) -> None:
    body = imported(file)
    for q in postures(body, 5, 1):
        check_arms(body, q)


@pytest.mark.parametrize("file", [None, *FILES])
def test_paths_grow_as_fast_as_their_levers_say(
    own: Body, imported: Callable[[str], Body], file: str | None
) -> None:
    body = own if file is None else imported(file)
    q = postures(body, 20, 2)
    v = np.random.default_rng(3).standard_normal(q.shape)
    swept = body.swept(q, v, np.zeros_like(q))
    assert swept.speed == pytest.approx(-np.einsum("tnp,tn->tp", swept.arm, v), abs=1e-12)


def test_an_obstacle_is_pressed_by_both_free_runs() -> None:
    """With unit tension the push is twice the sine of half the bend, straight into the obstacle."""
    radius, reach, drop = 0.02, 0.2, 0.05
    knob = cylinder("epicondyle_r", "base", radius, (0.0, 0.0, 0.0), quadrant="+y")
    path = line(
        point("base", -reach, -drop, 0.0), point("base", reach, -drop, 0.0), wraps=(("epicondyle_r", 0, 1),)
    )
    body = Body.of(crane(path, wraps=(knob,)))
    assert presses_of(body.assembly) == (("line", "epicondyle_r"),)
    far = math.hypot(reach, drop)
    slope = math.asin(radius / far) + math.atan2(drop, reach)
    assert body.swept(np.zeros(1)).press[0, 0] == pytest.approx([0.0, -2.0 * math.sin(slope), 0.0], abs=1e-12)


# --- OpenSim --------------------------------------------------------------------------------------------------------

GASTROCNEMII = ("gasmed_r", "gaslat_r")


def compared(
    model: str, imported: Callable[[str], Body]
) -> tuple[Body, list[str], Array, Array, Array, Array, Array]:
    """Ours and OpenSim's: body, muscles, lengths (ours, theirs), lever arms (ours, theirs), posture."""
    table = OPENSIM["models"][model]
    body = imported(table["file"])
    rows = table["postures"]
    free = [c for c in OPENSIM["coordinates"] if c in body.coordinates]
    q = np.array([body.posture({c: row["posture"][c] for c in (*free, "pelvis_tilt")}) for row in rows])
    columns = [body.column(c) for c in free]
    theirs = [OPENSIM["coordinates"].index(c) for c in free]
    muscles = [body.muscles.index(name) for name in table["muscles"]]
    arms = body.moment_arms(q)[:, columns][:, :, muscles]
    moments = np.array([row["moment"] for row in rows])[:, theirs]
    assert body.swept(q).moment[:, columns] == pytest.approx(moments, abs=5e-5)
    return (
        body, table["muscles"], body.lengths(q)[:, muscles], np.array([row["length"] for row in rows]),
        arms, np.array([row["arm"] for row in rows])[:, :, theirs].transpose(0, 2, 1), q,
    )  # fmt: skip


def test_gait2392_is_exactly_that_of_opensim(imported: Callable[[str], Body]) -> None:
    _, _, length, lengths, arm, arms, _ = compared("gait2392", imported)
    assert length == pytest.approx(lengths, abs=1e-12)
    assert arm == pytest.approx(arms, abs=1e-12)


@pytest.mark.parametrize(("model", "most"), [("rajagopal2016", 0.5e-3), ("rajagopal2023", 0.75e-3)])
def test_rajagopal_is_that_of_opensim(imported: Callable[[str], Body], model: str, most: float) -> None:
    _, names, length, lengths, arm, arms, _ = compared(model, imported)
    assert float(np.median(np.abs(arm - arms))) < 1e-10
    two = np.isin(names, GASTROCNEMII)
    assert length[:, ~two] == pytest.approx(lengths[:, ~two], abs=1.2e-3)
    assert arm[:, :, ~two] == pytest.approx(arms[:, :, ~two], abs=1.2e-3)
    assert arm[:, :, two] == pytest.approx(arms[:, :, two], abs=most)
    longer = length[:, two] - lengths[:, two]
    assert longer.min() > -1e-5
    assert 1e-3 < longer.max() < 8e-3


@pytest.mark.parametrize("model", ["rajagopal2016", "rajagopal2023"])
def test_over_two_obstacles_opensim_is_shorter_than_the_shortest_way_over_one(
    imported: Callable[[str], Body], model: str
) -> None:
    """So our longer lengths of the gastrocnemii are not an error of ours: no way over both can be shorter."""
    body, names, length, lengths, _, _, q = compared(model, imported)
    for name in GASTROCNEMII:
        muscle = next(m for m in body.model.muscles if m.name == name)
        alone = []
        for wrap in muscle.path.wraps:
            single = replace(muscle, path=replace(muscle.path, wraps=(wrap,)))
            alone.append(Body.of(replace(body.model, muscles=(single,))).lengths(q)[0, 0])
        least = max(alone)
        assert length[0, names.index(name)] >= least - 1e-9
        assert lengths[0, names.index(name)] < least - 1e-4


# --- dynamics -------------------------------------------------------------------------------------------------------

angles = st.floats(-3.0, 3.0)
rates = st.floats(-5.0, 5.0)


@given(angles, rates, rates)
def test_a_pendulum_needs_its_textbook_moment(angle: float, speed: float, acceleration: float) -> None:
    length, mass, spin = 0.8, 2.5, 0.3
    body = PENDULUMS[0]
    moment = body.swept([angle], np.array([[speed]]), np.array([[acceleration]])).moment[0, 0]
    inertia = spin + mass * (0.5 * length) ** 2
    expected = inertia * acceleration + mass * GRAVITY * 0.5 * length * math.sin(angle)
    assert moment == pytest.approx(expected, abs=1e-4)


@given(st.tuples(angles, angles), st.tuples(rates, rates), st.tuples(rates, rates))
def test_a_double_pendulum_needs_its_textbook_moments(
    angle: tuple[float, float], speed: tuple[float, float], acceleration: tuple[float, float]
) -> None:
    (l1, l2), (m1, m2), (i1, i2) = LINKS
    body = PENDULUMS[1]
    moment = body.swept(angle, np.array([speed]), np.array([acceleration])).moment[0]
    a, b = angle[0], angle[0] + angle[1]
    (va, vb), (aa, ab) = ((x[0], x[0] + x[1]) for x in (speed, acceleration))
    both = 0.5 * m2 * l1 * l2
    upper = (
        (i1 + m1 * l1**2 / 4 + m2 * l1**2) * aa
        + both * (math.cos(a - b) * ab + math.sin(a - b) * vb**2)
        + (0.5 * m1 + m2) * l1 * GRAVITY * math.sin(a)
    )
    lower = (
        (i2 + m2 * l2**2 / 4) * ab
        + both * (math.cos(a - b) * aa - math.sin(a - b) * va**2)
        + 0.5 * m2 * l2 * GRAVITY * math.sin(b)
    )
    assert moment == pytest.approx([upper + lower, lower], abs=1e-3)


LINKS = (0.8, 0.6), (2.5, 1.4), (0.3, 0.1)
PENDULUMS = Body.of(chain((0.8,), (2.5,), (0.3,))), Body.of(chain(*LINKS))


def test_in_free_fall_nothing_is_needed(own: Body) -> None:
    q = postures(own, 5, 4)
    a = np.zeros_like(q)
    a[:, own.column("pelvis_ty")] = -GRAVITY
    assert own.swept(q, np.zeros_like(q), a).moment == pytest.approx(0.0, abs=1e-9)


def energy(body: Body, at: Callable[[float], Array], time: float, step: float = 1e-4) -> float:
    """Kinetic and potential energy of all segments, from where they are a moment before and after."""
    placed = body.frames(np.array([at(time - step), at(time), at(time + step)]))
    total = 0.0
    for segment in body.model.bodies:
        turns, origins = placed[segment.name]
        centre = np.einsum("tij,j->ti", turns, np.array(segment.centre)) + origins
        velocity = (centre[2] - centre[0]) / (2.0 * step)
        spin = (turns[2] - turns[0]) / (2.0 * step) @ turns[1].T
        omega = turns[1].T @ np.array([spin[2, 1], spin[0, 2], spin[1, 0]])
        xx, yy, zz, xy, xz, yz = segment.inertia
        inertia = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        total += (
            segment.mass * (0.5 * velocity @ velocity + GRAVITY * centre[1, 1])
            + 0.5 * omega @ inertia @ omega
        )
    return float(total)


def crooked() -> Body:
    """Two links whose joint frames lie askew in them, lopsided in mass."""
    model = chain((0.8, 0.6), (2.5, 1.4), (0.3, 0.1))
    askew = {"parent_orientation": (0.3, -0.4, 0.2), "child_orientation": (-0.5, 0.6, 0.9)}
    joints = tuple(replace(joint, child_location=(0.02, 0.1, -0.05), **askew) for joint in model.joints[:2])
    lopsided = {"inertia": (0.3, 0.1, 0.25, 0.02, -0.03, 0.01), "centre": (0.05, -0.3, 0.1)}
    bodies = tuple(replace(body, **lopsided) for body in model.bodies[:2])
    return Body.of(replace(model, joints=(*joints, *model.joints[2:]), bodies=(*bodies, *model.bodies[2:])))


@pytest.mark.parametrize("which", ["own", "crooked", FILES[0]])
def test_the_power_of_all_moments_is_what_energy_gains(
    own: Body, imported: Callable[[str], Body], which: str
) -> None:
    body = {"own": lambda: own, "crooked": crooked}.get(which, lambda: imported(which))()
    random = np.random.default_rng(6)
    middle, (swing, phase) = postures(body, 1, 5)[0], random.uniform(0.1, 0.5, (2, len(body.coordinates)))

    def at(t: float) -> Array:
        return np.asarray(middle + swing * np.sin(4.0 * t + 6.0 * phase))

    for t in (0.0, 0.3, 0.7):
        v = 4.0 * swing * np.cos(4.0 * t + 6.0 * phase)
        a = -16.0 * (at(t) - middle)
        moment = body.swept(at(t), v[None], a[None]).moment[0]
        step = 1e-3
        gain = (energy(body, at, t + step) - energy(body, at, t - step)) / (2.0 * step)
        assert float(moment @ v) == pytest.approx(gain, rel=1e-4, abs=0.001 * body.mass)


@given(st.integers(0, 2**32 - 1))
def test_ground_forces_do_their_virtual_work(own: Body, seed: int) -> None:
    """What a foot is pushed with counts, for each coordinate, as the work it does when that coordinate moves."""
    random = np.random.default_rng(seed)
    q = postures(own, 1, seed)
    ground = ground_of(1)
    for table, size in zip(ground, (500.0, 0.5, 20.0), strict=True):
        table[:] = size * random.standard_normal(table.shape)
    still = np.zeros_like(q)
    pushed = sweep(own.assembly, own.layout, q, still, still, ground).moment[0]
    bare, step, n = own.swept(q).moment[0], 1e-6, q.shape[1]
    moved = own.frames(np.vstack([q + step * np.eye(n), q - step * np.eye(n), q]))
    work = np.zeros(n)
    for s, foot in enumerate(("calcn_r", "calcn_l")):
        turns, origins = moved[foot]
        held = turns[-1].T @ (ground.point[0, s] - origins[-1])
        at = np.einsum("tij,j->ti", turns, held) + origins
        work += (at[:n] - at[n : 2 * n]) @ ground.force[0, s] / (2 * step)
        spin = np.einsum("tij,kj->tik", (turns[:n] - turns[n : 2 * n]) / (2 * step), turns[-1])
        work += np.column_stack([spin[:, 2, 1], spin[:, 0, 2], spin[:, 1, 0]]) @ ground.moment[0, s]
    assert bare - pushed == pytest.approx(work, abs=1e-4)


def test_a_missing_point_of_force_counts_for_nothing_where_there_is_no_force(own: Body) -> None:
    ground = ground_of(1)
    ground.point[:] = np.nan
    still = np.zeros((1, len(own.default)))
    moment = sweep(own.assembly, own.layout, own.default[None], still, still, ground).moment
    assert moment == pytest.approx(own.standing.moment)
