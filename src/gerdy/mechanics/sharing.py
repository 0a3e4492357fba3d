"""Effort sharing along a movement: muscles with their own force limits, straps in series, frame after frame.

Muscles that share a coordinate are solved together (a leg, or the trunk). What a strap and elastic tendons do to fibre
lengths depends on the forces, and these on the lengths: both are taken in turn until the lengths stand still.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gerdy.mechanics.band import BandParameters, bulged, settle
from gerdy.mechanics.compiling import compiled, compiled_within
from gerdy.mechanics.effort import Bench, bench, share, share_steep
from gerdy.mechanics.hill import MuscleArrays, rigid, tendon_stretch
from gerdy.mechanics.sweep import Swept

Array = NDArray[np.float64]
Index = NDArray[np.int64]

STILL = 1e-7  # m; a smaller change of lengths ends the turns
MOST_TURNS = 60
TENDON_SHARE = (
    0.6  # of a tendon's new stretch that is taken over at each turn: long tendons would swing otherwise
)


class Block(NamedTuple):
    """Muscles and coordinates that must be solved together, and the strap among them; -1 stands for none."""

    coordinate: Index
    muscle: Index
    strap: int  # path of the strap
    patellar: int  # path of its branch to the kneecap
    side: int  # 0 right, 1 left
    member: Index  # muscles (place in the block) that pull on the strap
    bulging: int  # vastus lateralis (place in the block)


class Settings(NamedTuple):
    """How effort is shared."""

    power: float
    elastic: bool
    passive: bool  # whether resting fibres pull
    reserve: Array  # (n,) N m that cost as much as one full activation
    weight: Array  # (muscle,) of each activation's cost
    limit: Array  # (muscle,) greatest share of strength that a person can use, 1 when whole


class Scratch(NamedTuple):
    """Working arrays of one block: kernels allocate nothing."""

    arms: Array  # (rows, muscles)
    limits: Array  # (muscles,)
    active: Array
    passive: Array
    stretch: Array
    activation: Array
    weight: Array
    demand: Array  # (rows,)
    reserve: Array
    multiplier: Array
    index: Index  # type: ignore[assignment]  # (members,)
    proximal: Array
    speed: Array
    pull: Array
    bench: Bench


def scratch_of(block: Block) -> Scratch:
    """Return working arrays for a block, one set for each thread."""
    rows, muscles, members = len(block.coordinate), len(block.muscle), len(block.member)
    limits, active, passive, stretch, activation, weight = np.zeros((6, muscles))
    demand, reserve, multiplier = np.zeros((3, rows))
    proximal, speed, pull = np.zeros((3, members))
    return Scratch(
        np.zeros((rows, muscles)), limits, active, passive, stretch, activation, weight, demand, reserve, multiplier,
        np.zeros(members, dtype=np.int64), proximal, speed, pull, bench(rows, muscles),
    )  # fmt: skip


class Effort(NamedTuple):
    """What muscles and straps do in each of t frames."""

    activation: Array  # (t, muscle)
    force: Array  # (t, muscle) N along the tendon
    passive: Array  # (t, muscle) N
    fibre: Array  # (t, muscle) fibre length in optimal lengths
    reserve: Array  # (t, n) N m that muscles could not give
    strap_length: Array  # (t, 2) m of the strap itself
    strap_force: Array  # (t, 2) N
    turns: Index  # (t, 2) taken by each side's strap; negative where it did not settle
    settled: NDArray[np.bool_]  # (t,) whether moments were met and lengths stood still


@compiled
def share_frames(
    swept: Swept,
    arrays: MuscleArrays,
    block: Block,
    band: BandParameters,
    settings: Settings,
    scratch: Scratch,
    out: Effort,
    steep: bool | None,
) -> None:
    """Fill the block's part of every frame; ``steep`` is None for a power of 2, so that no other way is compiled."""
    _prepare(block, settings, scratch)
    strapped, length, last, earlier = len(block.member) > 0, band.slack, 0.0, 0.0
    for t in range(swept.length.shape[0]):
        path = _block_arms(swept, block, band, t, scratch.arms)
        pace = strap_path(swept.speed[t], block, band) if strapped else 0.0
        turns, met, still = 0, True, False
        if last > 0.0 and earlier > 0.0:
            length = max(2.0 * last - earlier, band.slack)
        for turn in range(1, MOST_TURNS + 1):
            turns = turn
            members_only = turn > 1 and not settings.elastic
            _capacities(swept, arrays, block, t, path - length, pace, members_only, scratch, out.fibre)
            met = _shared(swept, block, settings, scratch, t, steep)
            moved = _stretched(arrays, block, scratch) if settings.elastic else 0.0
            if strapped:
                new = _strapped(swept, arrays, block, band, scratch, t, path, pace, length, out)
                moved = max(moved, abs(new - length))
                length = new
            still = moved < STILL
            if still or not met:
                break
        if block.side >= 0:
            out.turns[t, block.side] = turns if still else -turns
        _kept(block, scratch, t, met and still, out)
        earlier, last = last, length
        if not met:  # what went wrong here must not spoil the next frame
            length, last = band.slack, 0.0
            scratch.multiplier[:] = 0.0
            scratch.stretch[:] = 0.0


@compiled_within
def _prepare(block: Block, settings: Settings, scratch: Scratch) -> None:
    for m in range(len(block.muscle)):
        scratch.weight[m] = settings.weight[block.muscle[m]]
        scratch.limits[m] = settings.limit[block.muscle[m]]
    for r in range(len(block.coordinate)):
        scratch.reserve[r] = settings.reserve[block.coordinate[r]]
    for i in range(len(block.member)):
        scratch.index[i] = block.muscle[block.member[i]]


@compiled_within
def _shared(
    swept: Swept, block: Block, settings: Settings, scratch: Scratch, t: int, steep: bool | None
) -> bool:
    """Share the moments of one frame among muscles of known capacity; return whether they were met."""
    arms, active, passive, demand = scratch.arms, scratch.active, scratch.passive, scratch.demand
    if not settings.passive:
        passive[:] = 0.0
    for r in range(len(block.coordinate)):
        demand[r] = swept.moment[t, block.coordinate[r]]
        for m in range(len(block.muscle)):
            demand[r] -= arms[r, m] * passive[m]
    reserve, weight, activation, multiplier = (
        scratch.reserve,
        scratch.weight,
        scratch.activation,
        scratch.multiplier,
    )
    if steep is None:
        return share(arms, active, demand, reserve, 2.0, weight, activation, multiplier, scratch.bench) >= 0
    power = settings.power
    return (
        share_steep(arms, active, demand, reserve, power, weight, activation, multiplier, scratch.bench) >= 0
    )


@compiled_within
def _stretched(arrays: MuscleArrays, block: Block, scratch: Scratch) -> float:
    """Let every tendon give under its muscle's force; return the largest change (m)."""
    moved = 0.0
    for m in range(len(block.muscle)):
        force = scratch.activation[m] * scratch.active[m] + scratch.passive[m]
        change = TENDON_SHARE * (tendon_stretch(arrays, block.muscle[m], force) - scratch.stretch[m])
        scratch.stretch[m] += change
        moved = max(moved, abs(change))
    return moved


@compiled_within
def _strapped(
    swept: Swept,
    arrays: MuscleArrays,
    block: Block,
    band: BandParameters,
    scratch: Scratch,
    t: int,
    path: float,
    pace: float,
    length: float,
    out: Effort,
) -> float:
    """Bring strap and muscles into balance; return the strap's own length (m)."""
    index, proximal, speed, pull = scratch.index, scratch.proximal, scratch.speed, scratch.pull
    for i in range(len(block.member)):
        m = block.member[i]
        proximal[i] = swept.length[t, index[i]] - scratch.stretch[m]
        speed[i] = swept.speed[t, index[i]] + pace
        pull[i] = scratch.activation[m] * scratch.limits[m]
    strap = band
    if band.bulge > 0.0 and block.bulging >= 0:
        strap = bulged(band, scratch.activation[block.bulging])
    new, tension = settle(arrays, index, proximal, path, speed, pull, strap, length)
    out.strap_length[t, block.side] = new
    out.strap_force[t, block.side] = tension
    return float(new)


@compiled_within
def _kept(block: Block, scratch: Scratch, t: int, settled: bool, out: Effort) -> None:
    """Write down one frame; where a moment is not a number nothing is."""
    if not settled:
        out.settled[t] = False
        for r in range(len(block.coordinate)):
            if np.isnan(scratch.demand[r]):
                scratch.activation[:] = np.nan
                scratch.multiplier[:] = np.nan
    for m in range(len(block.muscle)):
        place = block.muscle[m]
        out.activation[t, place] = scratch.activation[m]
        out.force[t, place] = scratch.activation[m] * scratch.active[m] + scratch.passive[m]
        out.passive[t, place] = scratch.passive[m]
    for r in range(len(block.coordinate)):
        out.reserve[t, block.coordinate[r]] = 0.5 * scratch.reserve[r] ** 2 * scratch.multiplier[r]


@compiled_within
def _block_arms(swept: Swept, block: Block, band: BandParameters, t: int, arms: Array) -> float:
    """Fill the lever arms of a block's muscles, the strap's added to those that pull on it; return its path (m)."""
    for r in range(len(block.coordinate)):
        for m in range(len(block.muscle)):
            arms[r, m] = swept.arm[t, block.coordinate[r], block.muscle[m]]
        if block.strap >= 0:
            for i in range(len(block.member)):
                arms[r, block.member[i]] += strap_arm(swept.arm[t, block.coordinate[r]], block, band)
    if block.strap < 0:
        return 0.0
    return float(strap_path(swept.length[t], block, band))


@compiled_within
def strap_arm(arm: Array, block: Block, band: BandParameters) -> float:
    """Return the lever arm (m) of the strap's tension, its branch to the kneecap weighed in; ``arm`` is by path."""
    branch = band.patellar_share if block.patellar >= 0 else 0.0
    value = (1.0 - branch) * arm[block.strap]
    if branch > 0.0:
        value += branch * arm[block.patellar]
    return float(value)


@compiled_within
def strap_path(length: Array, block: Block, band: BandParameters) -> float:
    """Return how long the strap's way is (m), its branch weighed in; ``length`` is by path."""
    branch = band.patellar_share if block.patellar >= 0 else 0.0
    value = (1.0 - branch) * length[block.strap]
    if branch > 0.0:
        value += branch * length[block.patellar]
    return float(value)


@compiled_within
def _capacities(
    swept: Swept,
    arrays: MuscleArrays,
    block: Block,
    t: int,
    beyond: float,
    pace: float,
    members_only: bool,
    scratch: Scratch,
    fibre: Array,
) -> None:
    """Fill each muscle's active and passive force, or those of the strap's muscles alone.

    ``beyond`` is what the strap leaves of its way to its muscles, ``pace`` how fast that way grows.
    """
    stretch, active, passive = scratch.stretch, scratch.active, scratch.passive
    for k in range(len(block.member) if members_only else len(block.muscle)):
        m = block.member[k] if members_only else k
        place = block.muscle[m]
        length, speed = swept.length[t, place] - stretch[m], swept.speed[t, place]
        for i in range(len(block.member)):
            if block.member[i] == m:
                length += beyond
                speed += pace
        active[m], passive[m], fibre[t, place], _ = rigid(arrays, place, length, speed)
        active[m] *= scratch.limits[m]
