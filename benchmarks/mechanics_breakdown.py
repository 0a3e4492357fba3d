"""Where the time of one frame goes: MuJoCo's stages one by one, our levers, muscle capacities, effort, the band."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import mujoco
import numpy as np
from mechanics_agreement import Moved
from mechanics_setup import Array, best

from gerdy.mechanics.band import BandParameters, settle
from gerdy.mechanics.body import Body
from gerdy.mechanics.compiling import compiled
from gerdy.mechanics.drive import Drive, spread
from gerdy.mechanics.effort import Bench, bench, share
from gerdy.mechanics.hill import MuscleArrays, rigid
from gerdy.mechanics.loads import NO_BAND, Options, share_effort_over
from gerdy.mechanics.native import Engine, Views, engine_of, inverse, stage, views_of
from gerdy.mechanics.sweep import sweep

Index = np.ndarray[Any, np.dtype[np.int64]]

# us a frame, evidence/mechanics.md 4.4: the floor of one leg, and the prototype's both legs in all
FLOOR = {"tendon paths": 2 * 8.0, "kinematics and Newton-Euler": 2 * 3.3, "effort sharing": 2 * 2.4}
PROTOTYPE = 29.6


@compiled
def run_stages(
    engine: Engine, views: Views, drive: Drive, q: Array, v: Array, work: Array, values: Array, upto: int
) -> None:
    """Run the stages of every frame up to one of them: 0 couplings alone, 1 kinematics ... 5 recursive Newton-Euler."""
    position, slope, bend, demand = work[0], work[1], work[2], work[3]
    for t in range(q.shape[0]):
        spread(drive, q[t], values, position, slope, bend)
        for j in range(len(drive.source)):
            c = drive.column[j]
            views.qpos[j] = position[j]
            views.qvel[j] = slope[j] * v[t, c] if c >= 0 else 0.0
            views.qacc[j] = bend[j] * v[t, c] ** 2 if c >= 0 else 0.0
        if upto > 0:
            stage(engine.kinematics, engine)
        if upto > 1:
            stage(engine.centres, engine)
        if upto > 2:
            stage(engine.velocities, engine)
        if upto > 3:
            inverse(engine, demand)
        if upto > 4:
            stage(engine.tendons, engine)


@compiled
def run_capacities(arrays: MuscleArrays, length: Array, speed: Array, active: Array) -> None:
    """Fill the active force (t, muscle) N of every muscle in every frame."""
    for t in range(active.shape[0]):
        for m in range(active.shape[1]):
            active[t, m], _, _, _ = rigid(arrays, m, length[t, m], speed[t, m])


@compiled
def run_share(
    arm: Array, moment: Array, active: Array, rows: Index, muscles: Index, arms: Array, vectors: Array, work: Bench,
    reserve: Array, demand: Array, multiplier: Array,
) -> int:  # fmt: skip
    """Share every frame's moments among one block's muscles, each from the frame before; return Newton steps."""
    taken = 0
    for t in range(arm.shape[0]):
        for r in range(len(rows)):
            demand[r] = moment[t, rows[r]]
            for m in range(len(muscles)):
                arms[r, m] = arm[t, rows[r], muscles[m]]
        for m in range(len(muscles)):
            vectors[0, m] = active[t, muscles[m]]
        taken += abs(share(arms, vectors[0], demand, reserve, 2.0, vectors[1], vectors[2], multiplier, work))
    return taken


@compiled
def run_settle(
    arrays: MuscleArrays, members: Index, proximal: Array, path: Array, speeds: Array, activation: Array,
    band: BandParameters, out: Array,
) -> None:  # fmt: skip
    """Fill the strap's length (t,) m once a frame, from the frame before."""
    length = 0.0
    for t in range(out.shape[0]):
        length, _ = settle(arrays, members, proximal[t], path[t], speeds[t], activation[t], band, length)
        out[t] = length


def breakdown(body: Body, run: Moved, options: Options, repeats: int) -> dict[str, float]:
    """Return what each part of a frame takes (us), the whole included; a part within another is named after it."""
    frames = len(run.time)

    def us(call: Callable[[], Any]) -> float:
        return 1e6 * best(call, repeats)[0].wall / frames

    found = _stages(body, run, us)
    swept = sweep(body.assembly, body.layout, run.q, run.speed, run.acceleration, run.ground)
    whole = us(lambda: sweep(body.assembly, body.layout, run.q, run.speed, run.acceleration, run.ground))
    found["lever arms, ground forces, presses"] = whole - sum(found.values())
    found["SWEEP"] = whole
    muscles = len(body.muscles)
    length, speed = (np.ascontiguousarray(part[:, :muscles]) for part in (swept.length, swept.speed))
    active = np.zeros((frames, muscles))
    found["muscle capacities, once"] = us(lambda: run_capacities(body.arrays, length, speed, active))
    found["effort sharing, once"] = us(lambda: _shares(body, swept.arm, swept.moment, active))
    found["Newton steps of both legs"] = _shares(body, swept.arm, swept.moment, active) / frames
    band = body.band
    if band is not None:
        found["band settled, once"] = us(lambda: _settles(body, swept.length, band))
    effort = share_effort_over(body, swept, band or NO_BAND, options, None, body.arrays)
    found["turns of band and effort"] = float(np.abs(effort.turns).mean())
    found["LOADS"] = us(lambda: share_effort_over(body, swept, band or NO_BAND, options, None, body.arrays))
    found["FRAME"] = found["SWEEP"] + found["LOADS"]
    return found


def _stages(body: Body, run: Moved, us: Callable[[Callable[[], Any]], float]) -> dict[str, float]:
    mj, drive = body.assembly.mj, body.assembly.drive
    data = mujoco.MjData(mj)
    engine, views = engine_of(mj, data), views_of(data)
    work, values = np.zeros((4, mj.nv)), np.zeros((len(drive.rest), 3))
    upto = [
        us(partial(run_stages, engine, views, drive, run.q, run.speed, work, values, last))
        for last in range(6)
    ]
    names = ("couplings", "mj_kinematics", "mj_comPos", "mj_comVel", "mj_rne", "mj_tendon")
    return dict(zip(names, np.diff([0.0, *upto]).tolist(), strict=True))


def _shares(body: Body, arm: Array, moment: Array, active: Array) -> int:
    taken = 0
    for block in body.blocks:
        rows, muscles = len(block.coordinate), len(block.muscle)
        vectors = np.zeros((3, muscles))
        vectors[1] = 1.0
        taken += run_share(
            arm, moment, active, block.coordinate, block.muscle, np.zeros((rows, muscles)), vectors,
            bench(rows, muscles), np.ones(rows), np.zeros(rows), np.zeros(rows),
        )  # fmt: skip
    return taken


def _settles(body: Body, length: Array, band: BandParameters) -> None:
    for block in body.blocks:
        if block.strap >= 0:
            members = block.muscle[block.member]
            proximal = np.ascontiguousarray(length[:, members])
            still = np.zeros_like(proximal)
            path = np.ascontiguousarray(length[:, block.strap])
            run_settle(body.arrays, members, proximal, path, still, still, band, np.zeros(len(path)))
