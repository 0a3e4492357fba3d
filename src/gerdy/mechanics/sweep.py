"""Geometry and dynamics along a movement: path lengths, lever arms, net moments, and what passes over bone."""

from __future__ import annotations

from typing import Any, NamedTuple

import mujoco
import numpy as np
from numpy.typing import NDArray

from gerdy.mechanics.assembly import Assembly, Choice
from gerdy.mechanics.compiling import compiled, compiled_within
from gerdy.mechanics.drive import Drive, spread
from gerdy.mechanics.native import Engine, Views, engine_of, inverse, stage, views_of

Array = NDArray[np.float64]
Index = NDArray[np.int64]

WATCHED = (
    "epicondyle",
    "trochanter",
)  # obstacles whose name begins so: the press of paths on them is reported


class Layout(NamedTuple):
    """Where things lie in MuJoCo's arrays."""

    drive: Drive
    choice: Choice
    row_start: Index  # of a tendon's entries in the sparse Jacobian
    row_count: Index
    column: Index  # freedom of an entry
    carried: Index  # freedoms whose load is reported
    carried_place: Index  # place among the carried of a freedom, -1
    hinge: Index  # 1 where a freedom turns
    foot: Index  # bodies that bear on the ground: right, left
    foot_start: Index  # of a foot's ancestors below, three entries
    foot_freedom: Index
    press_path: Index  # (k,) path that may press on
    press_object: Index  # (k,) this obstacle
    press_body: Index  # (k,) of this body


class Ground(NamedTuple):
    """What the ground does to the feet: (t, 2, 3), right then left; the moment is free, about the point."""

    force: Array
    point: Array
    moment: Array


class Swept(NamedTuple):
    """What a sweep finds in each of t frames."""

    length: Array  # (t, path) m
    speed: Array  # (t, path) m/s
    arm: Array  # (t, n, path) m; a path's moment about a free coordinate is arm times tension
    carried_arm: Array  # (t, carried, path)
    moment: Array  # (t, n) net generalised force that muscles and joints must give
    carried: Array  # (t, carried)
    press: Array  # (t, k, 3) push on an obstacle by unit tension of a path, in its body's axes


class Scratch(NamedTuple):
    """Working arrays of one sweep: kernels allocate nothing."""

    values: Array  # (coordinates, 3)
    position: Array  # (freedoms,)
    slope: Array
    bend: Array
    demand: Array
    vector: Array  # (3,)


def layout_of(assembly: Assembly, feet: tuple[str, str] = ("calcn_r", "calcn_l")) -> Layout:
    """Return the layout of an assembly whose feet are these bodies."""
    mj = assembly.mj
    carried = np.array(list(assembly.carried.values()), dtype=np.int64)
    place = np.full(mj.nv, -1, dtype=np.int64)
    place[carried] = np.arange(len(carried))
    bodies = [mj.body(name).id for name in feet]
    chains = [_ancestors(mj, body) for body in bodies]
    presses = _presses(assembly)
    return Layout(
        drive=assembly.drive,
        choice=assembly.choice,
        row_start=mj.ten_J_rowadr.astype(np.int64),
        row_count=mj.ten_J_rownnz.astype(np.int64),
        column=mj.ten_J_colind.astype(np.int64),
        carried=carried,
        carried_place=place,
        hinge=(mj.jnt_type == mujoco.mjtJoint.mjJNT_HINGE).astype(np.int64),
        foot=np.array(bodies, dtype=np.int64),
        foot_start=np.cumsum([0, *(len(chain) for chain in chains)]).astype(np.int64),
        foot_freedom=np.array([j for chain in chains for j in chain], dtype=np.int64),
        press_path=np.array([p for p, _ in presses], dtype=np.int64),
        press_object=np.array([g for _, g in presses], dtype=np.int64),
        press_body=np.array([mj.geom_bodyid[g] for _, g in presses], dtype=np.int64),
    )


def presses_of(assembly: Assembly) -> tuple[tuple[str, str], ...]:
    """Return the (path, obstacle) pairs behind the presses of a sweep, in order."""
    return tuple((assembly.paths[p], assembly.mj.geom(g).name) for p, g in _presses(assembly))


def ground_of(frames: int) -> Ground:
    """Return no ground forces at all."""
    return Ground(np.zeros((frames, 2, 3)), np.zeros((frames, 2, 3)), np.zeros((frames, 2, 3)))


def sweep(
    assembly: Assembly, layout: Layout, q: Array, v: Array, a: Array, ground: Ground, data: object = None
) -> Swept:
    """Return what holds along a movement: free coordinates q (t, n), their speeds v and accelerations a."""
    frames, n = q.shape
    paths, k = len(assembly.paths), len(layout.carried)
    data = mujoco.MjData(assembly.mj) if data is None else data
    out = Swept(
        np.empty((frames, paths)),
        np.empty((frames, paths)),
        np.empty((frames, n, paths)),
        np.empty((frames, k, paths)),
        np.empty((frames, n)),
        np.empty((frames, k)),
        np.zeros((frames, len(layout.press_path), 3)),
    )
    force = Ground(ground.force, np.nan_to_num(ground.point), ground.moment)
    nv = assembly.mj.nv
    scratch = Scratch(
        np.zeros((len(layout.drive.rest), 3)),
        np.zeros(nv),
        np.zeros(nv),
        np.zeros(nv),
        np.zeros(nv),
        np.zeros(3),
    )
    _sweep(engine_of(assembly.mj, data), views_of(data), layout, q, v, a, force, scratch, out)
    return out


@compiled
def _sweep(
    engine: Engine,
    views: Views,
    layout: Layout,
    q: Array,
    v: Array,
    a: Array,
    ground: Ground,
    scratch: Scratch,
    out: Swept,
) -> None:
    drive = layout.drive
    freedoms = len(drive.source)
    values, position, slope, bend, demand, vector = scratch
    for t in range(q.shape[0]):
        spread(drive, q[t], values, position, slope, bend)
        for j in range(freedoms):
            c = drive.column[j]
            views.qpos[j] = position[j]
            views.qvel[j] = slope[j] * v[t, c] if c >= 0 else 0.0
            views.qacc[j] = slope[j] * a[t, c] + bend[j] * v[t, c] ** 2 if c >= 0 else 0.0
        stage(engine.kinematics, engine)
        stage(engine.centres, engine)
        stage(engine.tendons, engine)
        stage(engine.velocities, engine)
        inverse(engine, demand)
        _lift(views, layout, ground, t, vector, demand)
        _project(layout, slope, demand, out.moment[t], out.carried[t])
        _levers(views, layout, values, slope, t, out)
        for k in range(len(layout.press_path)):
            tendon = _chosen(layout.choice, layout.press_path[k], values)
            _press(views, tendon, layout.press_object[k], layout.press_body[k], vector, out.press[t, k])


@compiled_within
def _lift(views: Views, layout: Layout, ground: Ground, t: int, arm: Array, demand: Array) -> None:
    """Take what the ground gives off the demand: J^T F of each foot."""
    for s in range(2):
        for entry in range(layout.foot_start[s], layout.foot_start[s + 1]):
            j = layout.foot_freedom[entry]
            total = 0.0
            if layout.hinge[j]:
                for x in range(3):
                    arm[x] = ground.point[t, s, x] - views.anchor[j, x]
                for x in range(3):
                    y, z = (x + 1) % 3, (x + 2) % 3
                    turn = arm[y] * ground.force[t, s, z] - arm[z] * ground.force[t, s, y]
                    total += views.axis[j, x] * (turn + ground.moment[t, s, x])
            else:
                for x in range(3):
                    total += views.axis[j, x] * ground.force[t, s, x]
            demand[j] -= total


@compiled_within
def _project(layout: Layout, slope: Array, demand: Array, moment: Array, carried: Array) -> None:
    moment[:] = 0.0
    for j in range(len(demand)):
        c = layout.drive.column[j]
        if c >= 0:
            moment[c] += slope[j] * demand[j]
        k = layout.carried_place[j]
        if k >= 0:
            carried[k] = demand[j]


@compiled_within
def _chosen(choice: Choice, path: int, values: Array) -> int:
    bits = 0
    for i in range(choice.count[path]):
        row = choice.first[path] + i
        if choice.low[row] <= values[choice.coordinate[row], 0] <= choice.high[row]:
            bits |= 1 << i
    return int(choice.tendon[path] + bits)


@compiled_within
def _levers(views: Views, layout: Layout, values: Array, slope: Array, t: int, out: Swept) -> None:
    """Fill length, speed and lever arms of every path; one loop, for calls with many arrays cost more than they do."""
    column, place, driven = layout.column, layout.carried_place, layout.drive.column
    jacobian, rate = views.jacobian, views.qvel
    out.arm[t] = 0.0
    out.carried_arm[t] = 0.0
    for p in range(len(layout.choice.tendon)):
        tendon = layout.choice.tendon[p]
        if layout.choice.count[p] > 0:
            tendon = _chosen(layout.choice, p, values)
        speed = 0.0
        start = layout.row_start[tendon]
        for entry in range(start, start + layout.row_count[tendon]):
            j, value = column[entry], jacobian[entry]
            c, k = driven[j], place[j]
            speed += value * rate[j]
            if c >= 0:
                out.arm[t, c, p] -= slope[j] * value
            if k >= 0:
                out.carried_arm[t, k, p] = -value
        out.length[t, p] = views.length[tendon]
        out.speed[t, p] = speed


@compiled_within
def _press(views: Views, tendon: int, obstacle: int, body: int, world: Array, out: Array) -> None:
    """Fill the push of unit tension on an obstacle: along both free runs that leave it, in its body's axes."""
    out[:] = 0.0
    start, count = views.path_start[tendon], views.path_count[tendon]
    world[:] = 0.0
    for i in range(start + 1, start + count - 1):
        if views.path_object[i] == obstacle and views.path_object[i + 1] == obstacle:
            _pull(views.path_point, i, i - 1, world)
            _pull(views.path_point, i + 1, i + 2, world)
    for x in range(3):
        for y in range(3):
            out[x] += views.turn[body, 3 * y + x] * world[y]


@compiled_within
def _pull(points: Array, at: int, towards: int, out: Array) -> None:
    size = 0.0
    for x in range(3):
        size += (points[3 * towards + x] - points[3 * at + x]) ** 2
    size = max(np.sqrt(size), 1e-12)
    for x in range(3):
        out[x] += (points[3 * towards + x] - points[3 * at + x]) / size


def _ancestors(mj: Any, body: int) -> list[int]:
    chain: list[int] = []
    while body > 0:
        start, count = mj.body_dofadr[body], mj.body_dofnum[body]
        chain.extend(range(start, start + count))
        body = int(mj.body_parentid[body])
    return sorted(chain)


def _presses(assembly: Assembly) -> list[tuple[int, int]]:
    mj = assembly.mj
    geoms = {g for g in range(mj.ngeom) if mj.geom(g).name.startswith(WATCHED)}
    found: list[tuple[int, int]] = []
    for p, tendon in enumerate(assembly.choice.tendon):
        start, count = int(mj.tendon_adr[tendon]), int(mj.tendon_num[tendon])
        objects = mj.wrap_objid[start : start + count]
        kinds = mj.wrap_type[start : start + count]
        wrapped = (int(mujoco.mjtWrap.mjWRAP_SPHERE), int(mujoco.mjtWrap.mjWRAP_CYLINDER))
        found.extend(
            (p, int(g)) for g, kind in zip(objects, kinds, strict=True) if kind in wrapped and int(g) in geoms
        )
    return found
