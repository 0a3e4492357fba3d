"""Loads of muscles, band and joints: balances, limits, symmetry, and what is known of standing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.band import tension
from gerdy.mechanics.body import Body
from gerdy.mechanics.hill import forces
from gerdy.mechanics.loads import (
    NO_BAND,
    Loads,
    Options,
    loads_of,
    share_effort_over,
    solve,
    standing_ground,
    tensions,
)
from gerdy.mechanics.mjcf import GRAVITY
from gerdy.mechanics.person import Person
from gerdy.mechanics.sharing import Block, Effort
from gerdy.mechanics.sweep import Ground, Swept, ground_of, sweep
from gerdy.mechanics.table import table

Array = NDArray[np.float64]
STANCE = {
    "hip_adduction_r": 0.1,
    "knee_angle_r": 0.15,
    "hip_flexion_r": 0.1,
    "ankle_angle_r": 0.05,
    "knee_angle_l": 0.5,
    "hip_flexion_l": 0.2,
}
GAIT2392 = "opensim-models/Models/Gait2392_Simbody/gait2392_thelen2003muscle.osim"


def bends(body: Body, frames: int = 12) -> Array:
    """Postures from standing to a bend of both legs, not quite the same on both sides."""
    depth = np.linspace(0.0, 1.0, frames)[:, None]
    angles = {
        "hip_flexion_r": 1.0, "knee_angle_r": 1.3, "ankle_angle_r": 0.3, "hip_adduction_r": 0.08, "pelvis_tilt": -0.4,
        "hip_flexion_l": 0.9, "knee_angle_l": 1.2, "ankle_angle_l": 0.25, "hip_adduction_l": -0.12,
        "hip_rotation_r": -0.1, "subtalar_angle_l": 0.1, "lumbar_bending": 0.1,
    }  # fmt: skip
    return np.asarray(body.default + depth * (body.posture(angles) - body.default))


def swept_of(body: Body, q: Array, speed: float = 0.0) -> Swept:
    v = speed * np.gradient(q, axis=0) if speed else np.zeros_like(q)
    return sweep(body.assembly, body.layout, q, v, np.zeros_like(q), standing_ground(body, q, "both"))


def effort_of(body: Body, swept: Swept, options: Options) -> Effort:
    return share_effort_over(body, swept, body.band or NO_BAND, options, None, body.arrays)


def levers(body: Body, swept: Swept, block: Block, t: int) -> Array:
    """The lever arms of a block's muscles, those of the strap added to those that pull on it."""
    rows = swept.arm[t][block.coordinate]
    arms = rows[:, block.muscle].copy()
    if block.strap >= 0:
        assert body.band is not None
        share = body.band.patellar_share
        arms[:, block.member] += ((1.0 - share) * rows[:, block.strap] + share * rows[:, block.patellar])[
            :, None
        ]
    return np.asarray(arms)


# --- balance --------------------------------------------------------------------------------------------------------

OPTIONS = [
    Options(),
    Options(power=3.0),
    Options(power=3),
    Options(power=1.5),
    Options(tendon="elastic"),
    Options(passive=False),
    Options(reserve=20.0),
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_muscles_strap_and_reserves_give_every_moment(own: Body, options: Options) -> None:
    swept = swept_of(own, bends(own), speed=2.0)
    effort = effort_of(own, swept, options)
    assert effort.settled.all()
    for block in own.blocks:
        for t in range(len(swept.moment)):
            given_ = (
                levers(own, swept, block, t) @ effort.force[t, block.muscle]
                + effort.reserve[t, block.coordinate]
            )
            assert given_ == pytest.approx(swept.moment[t, block.coordinate], abs=1e-8)
    assert {c for block in own.blocks for c in block.coordinate} == set(
        np.flatnonzero(effort.reserve.any(axis=0))
    )


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_strap_pulls_as_much_as_the_muscles_on_it(own: Body, options: Options) -> None:
    effort = effort_of(own, swept_of(own, bends(own), speed=2.0), options)
    assert own.band is not None
    for band, s in zip(own.model.bands, range(2), strict=True):
        pull = effort.force[:, [own.muscles.index(name) for name in band.muscles]].sum(axis=1)
        assert pull.max() > 5.0
        assert effort.strap_force[:, s] == pytest.approx(pull, abs=0.01)  # lengths are settled to 1e-7 m
        for length, force in zip(effort.strap_length[:, s], effort.strap_force[:, s], strict=True):
            assert tension(length, own.band)[0] == pytest.approx(force, rel=1e-9)


def test_the_branch_takes_its_share_of_the_tension(own: Body) -> None:
    swept = swept_of(own, bends(own))
    effort = effort_of(own, swept, Options())
    pull = tensions(own, swept, effort, own.band)
    assert own.band is not None
    share = own.band.patellar_share
    assert 0.0 < share < 1.0
    for s, side in enumerate("rl"):
        strap, branch = (
            pull[:, own.assembly.paths.index(f"{name}_{side}")] for name in ("strap", "patellar_strap")
        )
        assert strap + branch == pytest.approx(effort.strap_force[:, s])
        assert branch == pytest.approx(share * effort.strap_force[:, s])


def test_less_effort_cannot_give_the_same_moments(own: Body) -> None:
    """Any other activations that meet the moments cost more: the gradient of the cost lies in what arms can give."""
    swept = swept_of(own, bends(own))
    effort = effort_of(own, swept, Options())
    for block in own.blocks:
        t = -1
        activation = effort.activation[t, block.muscle]
        lengths = lengths_of(own, swept, effort, block, t)[None]
        chosen = [own.model.muscles[m] for m in block.muscle]
        full = forces(chosen, lengths, 0.0 * lengths, np.ones_like(lengths))[0]
        active = full - effort.passive[t, block.muscle]
        lever = levers(own, swept, block, t) * active
        price = 2.0 * effort.reserve[t, block.coordinate]  # of a moment, reserves of 1 N m
        free = (activation > 1e-9) & (activation < 1.0 - 1e-9)
        assert 2.0 * activation[free] == pytest.approx((lever.T @ price)[free], abs=1e-5)
        assert ((lever.T @ price)[activation <= 1e-9] <= 1e-5).all()


def lengths_of(body: Body, swept: Swept, effort: Effort, block: Block, t: int) -> Array:
    """The path length each muscle feels: that of one on the strap goes on to the shin, less the strap."""
    assert body.band is not None
    lengths = swept.length[t, block.muscle].copy()
    share = body.band.patellar_share
    way = (1.0 - share) * swept.length[t, block.strap] + share * swept.length[t, block.patellar]
    lengths[block.member] += way - effort.strap_length[t, block.side]
    return np.asarray(lengths)


def test_elastic_tendons_are_in_balance_with_their_fibres(own: Body) -> None:
    swept = swept_of(own, bends(own))
    effort = effort_of(own, swept, Options(tendon="elastic"))
    assert (effort.turns[:, 0] > 0).all()
    t, block = -1, own.blocks[0]
    lengths = lengths_of(own, swept, effort, block, t)[None]
    chosen = [own.model.muscles[m] for m in block.muscle]
    balanced = forces(chosen, lengths, 0.0 * lengths, effort.activation[[t]][:, block.muscle], "elastic")[0]
    rigid = forces(chosen, lengths, 0.0 * lengths, effort.activation[[t]][:, block.muscle], "rigid")[0]
    assert effort.force[t, block.muscle] == pytest.approx(balanced, abs=0.5)
    assert np.abs(effort.force[t, block.muscle] - rigid).max() > 5.0  # the tendons do give


# --- standing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stance", ["r", "l", "both"])
def test_a_still_body_needs_no_hand(own: Body, stance: str) -> None:
    q = own.posture(STANCE)
    loads = solve(own, q, stance=stance)
    columns = [i for i, name in enumerate(own.coordinates) if name.startswith("pelvis_")]
    assert loads.moment[0, columns] == pytest.approx(0.0, abs=1e-3)  # points of paths weigh a trifle


def test_lying_everything_is_held_by_the_bed(own: Body) -> None:
    loads = solve(own, own.default)
    assert loads.moment[0, own.column("pelvis_ty")] == pytest.approx(own.mass * GRAVITY, rel=1e-6)


def test_on_one_leg_the_hip_carries_two_to_four_times_body_weight(own: Body) -> None:
    loads = solve(own, own.posture(STANCE), stance="r")
    weight = own.mass * GRAVITY
    hip, knee = (np.linalg.norm(x[0], axis=1) / weight for x in (loads.hip_contact, loads.knee_contact))
    assert 2.0 < hip[0] < 4.0
    assert loads.hip_contact[0, 0, 1] < 0.0  # pressed down on the thigh bone
    assert 1.0 < knee[0] < 4.0
    assert hip[1] < 1.0
    abductors = [own.muscles.index(f"glmed{i}_r") for i in (1, 2, 3)]
    assert loads.activation[0, abductors].max() > 0.1
    assert loads.moment[0, own.column("hip_adduction_r")] < -20.0
    assert loads.band_force[0, 0] > loads.band_force[0, 1]


def test_weight_on_both_feet_is_shared_by_where_the_mass_is(own: Body) -> None:
    middle = standing_ground(own, own.default[None], "both")
    assert middle.force[0, :, 1] == pytest.approx(0.5 * own.mass * GRAVITY)
    leaned = standing_ground(own, own.posture({"lumbar_bending": 0.2})[None], "both").force[0, :, 1]
    assert leaned[0] > 1.05 * leaned[1]
    assert leaned.sum() == pytest.approx(own.mass * GRAVITY)


def test_an_idle_joint_carries_what_hangs_on_it() -> None:
    """Without muscles a hip carries just the leg that hangs on it."""
    model = table()
    bare = Body.of(replace(model, muscles=(), bands=()))
    loads = solve(bare, bare.default)
    below = ("femur_r", "tibia_r", "patella_r", "talus_r", "calcn_r", "toes_r")
    leg = sum(body.mass for body in model.bodies if body.name in below)
    assert loads.hip_contact[0, 0] == pytest.approx([0.0, leg * GRAVITY, 0.0], abs=1e-3)
    assert not loads.reserve.any()


# --- symmetry -------------------------------------------------------------------------------------------------------


def other(name: str) -> str:
    return f"{name[:-2]}_{'l' if name.endswith('_r') else 'r'}" if name.endswith(("_r", "_l")) else name


def mirrored(body: Body, q: Array) -> Array:
    turned = ("pelvis_list", "pelvis_rotation", "pelvis_tz", "lumbar_bending", "lumbar_rotation")
    result = np.empty_like(q)
    for i, name in enumerate(body.coordinates):
        result[..., body.column(other(name))] = -q[..., i] if name in turned else q[..., i]
    return result


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_a_mirrored_posture_has_mirrored_loads(own: Body, seed: int) -> None:
    random = np.random.default_rng(seed)
    q = own.default + random.uniform(-0.3, 0.3, len(own.default))
    q[[own.column("knee_angle_r"), own.column("knee_angle_l")]] = random.uniform(0.0, 1.0, 2)
    here, there = solve(own, q, stance="r"), solve(own, mirrored(own, q), stance="l")
    swap = [own.muscles.index(other(name)) for name in own.muscles]
    columns = [own.column(other(name)) for name in own.coordinates if not name.startswith("pelvis_t")]
    assert here.force[0] == pytest.approx(there.force[0, swap], rel=1e-8, abs=1e-6)
    assert np.abs(here.reserve[0, [own.column(other(own.coordinates[c])) for c in columns]]) == pytest.approx(
        np.abs(there.reserve[0, columns]), abs=1e-7
    )
    for name in (
        "band_force",
        "band_strain",
        "band_path_strain",
        "epicondyle",
        "trochanter",
        "patella_lateral",
    ):
        assert getattr(here, name)[0] == pytest.approx(getattr(there, name)[0, ::-1], rel=1e-7, abs=1e-6)
    for name in ("hip_contact", "knee_contact"):
        assert getattr(here, name)[0] == pytest.approx(
            getattr(there, name)[0, ::-1] * [1.0, 1.0, -1.0], rel=1e-7, abs=1e-5
        )


# --- limits ---------------------------------------------------------------------------------------------------------


def test_where_muscles_are_not_enough_they_saturate_and_reserves_step_in(own: Body) -> None:
    swept = swept_of(own, bends(own))
    hard = loads_of(own, swept._replace(moment=8.0 * swept.moment))
    easy = loads_of(own, swept)
    assert hard.saturated.sum() > easy.saturated.sum() + 5
    assert hard.activation.max() == 1.0
    assert hard.activation.min() >= 0.0
    assert np.abs(hard.reserve).max() > 50.0
    assert (hard.saturated == (hard.activation > 0.99)).all()


def test_a_higher_power_spreads_effort(own: Body) -> None:
    swept = swept_of(own, bends(own))
    squares, cubes = (loads_of(own, swept, options=Options(power=power)) for power in (2.0, 3.0))
    assert cubes.activation[-1].max() < squares.activation[-1].max()
    assert (cubes.activation[-1] > 0.01).sum() > (squares.activation[-1] > 0.01).sum()


def test_too_steep_a_power_is_told_or_solved(own: Body) -> None:
    """Above a power of about 5 some frames are beyond double precision: those are marked, the others balance."""
    swept = swept_of(own, bends(own))
    effort = effort_of(own, swept, Options(power=9.0))
    block = own.blocks[0]
    for t in np.flatnonzero(effort.settled).tolist():
        given_ = (
            levers(own, swept, block, t) @ effort.force[t, block.muscle] + effort.reserve[t, block.coordinate]
        )
        assert given_ == pytest.approx(swept.moment[t, block.coordinate], abs=1e-6)
    assert effort.settled.any()


def test_deficits_limit_what_a_muscle_can_give(own: Body) -> None:
    weak = Body.own(Person(mass=70.0, height=1.75, sex="female", deficits={"glmed": 0.25, "l5_l": 0.5}))
    glmed = [own.muscles.index(f"glmed{i}_r") for i in (1, 2, 3)]
    assert weak.limits[glmed] == pytest.approx(0.25)
    assert (own.limits == 1.0).all()
    q = own.posture(STANCE)
    strong, less = solve(own, q, stance="r"), solve(weak, q, stance="r")
    given_, left = (x.force[0, glmed] - x.passive[0, glmed] for x in (strong, less))
    assert left.sum() < 0.7 * given_.sum()
    same = solve(own, q, stance="r", limits=weak.limits)
    assert same.force == pytest.approx(less.force, rel=1e-9)
    hard = loads_of(weak, swept_of(weak, q[None])._replace(moment=10.0 * swept_of(weak, q[None]).moment))
    full = loads_of(own, swept_of(own, q[None])._replace(moment=10.0 * swept_of(own, q[None]).moment))
    most = (full.force - full.passive)[0, glmed] / full.activation[0, glmed]
    assert ((hard.force - hard.passive)[0, glmed] <= 0.25 * most + 1e-6).all()


def test_resting_fibres_pull_only_when_they_are_asked_to(own: Body) -> None:
    swept = swept_of(own, bends(own))
    with_, without = (effort_of(own, swept, Options(passive=passive)) for passive in (True, False))
    assert with_.passive.max() > 10.0
    assert not without.passive.any()
    assert without.force.min() >= 0.0


def test_a_muscle_on_the_band_feels_how_fast_the_band_goes_round_the_knee(own: Body) -> None:
    """Only the knee moves: no path of a muscle on the strap changes, but the strap's does, and slows its muscles."""
    q = own.posture({"knee_angle_r": 0.5, "hip_adduction_r": 0.1})[None]
    v = np.zeros_like(q)
    v[0, own.column("knee_angle_r")] = 6.0
    tfl, strap = own.muscles.index("tfl_r"), own.assembly.paths.index("strap_r")
    moving, resting = own.swept(q, v, np.zeros_like(q)), swept_of(own, q)
    assert moving.speed[0, tfl] == pytest.approx(0.0, abs=1e-9)
    assert moving.speed[0, strap] > 0.01
    resting = resting._replace(moment=solve(own, q, stance="r").moment)  # one leg asks for its abductors
    moving = moving._replace(moment=resting.moment)
    fast, slow = (effort_of(own, swept, Options()) for swept in (moving, resting))
    active = [
        (x.force[0, tfl] - x.passive[0, tfl]) / x.activation[0, tfl] for x in (fast, slow)
    ]  # lengthening fibres give more
    assert active[0] > 1.02 * active[1]


# --- bodies of others -----------------------------------------------------------------------------------------------


def test_a_body_without_a_band_has_no_numbers_of_one(own: Body) -> None:
    bare = Body.of(replace(own.model, bands=()))
    loads = solve(bare, bare.default, stance="r")
    for name in ("band_force", "band_strain", "band_path_strain", "band_length"):
        assert np.isnan(getattr(loads, name)).all()
    assert loads.settled.all()
    assert np.isfinite(loads.force).all()
    assert bare.band is None


def test_an_imported_model_can_be_solved(imported: Callable[[str], Body]) -> None:
    body = imported(GAIT2392)
    q = np.array(
        [body.posture({"hip_flexion_r": x, "knee_angle_r": -2.0 * x, "ankle_angle_r": x}) for x in (0.1, 0.4)]
    )
    loads = solve(body, q, stance="both")
    assert loads.settled.all()
    assert np.isnan(loads.band_force).all()
    assert np.isnan(loads.epicondyle).all()
    assert np.abs(loads.reserve).max() < 5.0
    assert loads.moment[:, [body.column(f"pelvis_t{x}") for x in "xyz"]] == pytest.approx(0.0, abs=1e-3)


# --- what cannot be -------------------------------------------------------------------------------------------------


def test_a_frame_that_is_no_number_spoils_no_other(own: Body) -> None:
    q = np.tile(own.posture(STANCE), (4, 1))
    q[1, own.column("hip_flexion_r")] = np.nan
    loads, alone = solve(own, q, stance="r"), solve(own, q[0], stance="r")
    assert loads.settled.tolist() == [True, False, True, True]
    assert np.isnan(loads.activation[1, : len(own.muscles) // 2]).all()
    for t in (0, 2, 3):
        assert loads.force[t] == pytest.approx(alone.force[0], rel=1e-4, abs=1e-3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"power": 1.0}, "power: must be over 1"),
        ({"power": 11.0}, "at most 10; got 11"),
        ({"tendon": "stiff"}, "rigid or elastic; got 'stiff'"),
        ({"reserve": 0.0}, "reserve: must be over 0"),
        ({"reserve": float("nan")}, "reserve: must be over 0"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Options(**options)  # type: ignore[arg-type]


def test_what_contradicts_itself_is_refused(own: Body) -> None:
    q, one = own.default, ground_of(1)
    still = np.zeros((1, len(q)))
    with pytest.raises(InputError, match="together with measured ground forces"):
        solve(own, q, ground=one, stance="r")
    with pytest.raises(InputError, match="must be r, l, both or None; got 'right'"):
        solve(own, q, stance="right")
    with pytest.raises(InputError, match=r"q: must be \(1, 31\); got \(1, 5\)"):
        solve(own, np.zeros((1, 5)))
    with pytest.raises(InputError, match=r"v: must be \(1, 31\); got \(2, 31\)"):
        solve(own, q, v=np.zeros((2, len(q))))
    with pytest.raises(InputError, match=r"ground.point: must be \(1, 2, 3\)"):
        solve(own, q, v=still, a=still, ground=Ground(one.force, np.zeros((1, 3)), one.moment))
    with pytest.raises(InputError, match=r"limits: must be \(84,\)"):
        solve(own, q, limits=np.ones(3))


def test_every_load_has_a_row_for_every_frame(own: Body) -> None:
    loads: Loads = solve(own, bends(own, 3), stance="both")
    for field in fields(loads):
        value = getattr(loads, field.name)
        assert len(value) == 3, field.name
        assert np.isfinite(value).all(), field.name


def test_tendons_that_recoil_change_who_pulls_and_still_give_every_moment(own: Body) -> None:
    """A calf raise at 3 Hz: the tendon takes part of the path's speed off the fibre."""
    time = np.arange(0.0, 0.6, 0.01)
    turn = 2.0 * np.pi * 3.0
    q, v = np.tile(own.default, (len(time), 1)), np.zeros((len(time), len(own.coordinates)))
    ankle = own.column("ankle_angle_r")
    q[:, ankle], v[:, ankle] = -0.25 * np.sin(turn * time), -0.25 * turn * np.cos(turn * time)
    under = standing_ground(own, np.tile(own.default, (len(time), 1)), "r")
    under.point[:, 0, 0] += 0.12  # m: on the ball of the foot
    swept = sweep(own.assembly, own.layout, q, v, np.zeros_like(q), under)
    still = loads_of(own, swept, options=Options(tendon="elastic"))
    recoiling = loads_of(own, swept, options=Options(tendon="elastic"), step=0.01)
    soleus = own.muscles.index("soleus_r")
    assert np.isfinite(recoiling.force).all()
    assert np.abs(recoiling.force[:, soleus] - still.force[:, soleus]).max() > 1.0
    given = np.einsum("tm,tm->t", swept.arm[:, ankle, : len(own.muscles)], recoiling.force)
    assert given + recoiling.reserve[:, ankle] == pytest.approx(swept.moment[:, ankle], abs=1e-6)
