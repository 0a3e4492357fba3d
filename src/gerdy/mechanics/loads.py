"""What muscles, band and joints carry along a movement: sweep, effort sharing, and what follows from both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.band import BandParameters
from gerdy.mechanics.body import SIDES, Body
from gerdy.mechanics.curves import PASSIVE
from gerdy.mechanics.hill import MuscleArrays, stretches
from gerdy.mechanics.mjcf import GRAVITY
from gerdy.mechanics.sharing import Block, Effort, Settings, scratch_of, share_frames
from gerdy.mechanics.sweep import Ground, Swept, ground_of, presses_of, sweep

Array = NDArray[np.float64]

# N m that cost as much as one full activation, as in the field's static optimisation (evidence section 1)
RESERVE = 1.0
RECOIL_TURNS = 12
RECOIL_SHARE = 0.35
RECOILED = 0.02  # optimal lengths a second; a smaller change of every fibre's speed ends the turns
SATURATED = 0.99  # of full activation
NO_BAND = BandParameters(
    1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0
)  # a kernel's argument where there is none


@dataclass(frozen=True)
class Options:
    """How effort is shared.

    Attributes
    ----------
    power : of the activations in the cost, over 1 and at most 10.
    tendon : "rigid", or "elastic": it gives under load and, along a movement, recoils.
    reserve : N m (of every coordinate) that cost as much as one full activation.
    passive : whether resting fibres pull; the field's static optimisation leaves that out.
    """

    power: float = 2.0
    tendon: str = "rigid"
    reserve: float = RESERVE
    passive: bool = True

    def __post_init__(self) -> None:
        if not 1.0 < self.power <= 10.0:
            raise InputError(f"power: must be over 1 and at most 10; got {self.power:g}.")
        if self.tendon not in ("rigid", "elastic"):
            raise InputError(f"tendon: must be rigid or elastic; got '{self.tendon}'.")
        if not self.reserve > 0.0:
            raise InputError(f"reserve: must be over 0 N m; got {self.reserve:g}.")


@dataclass(frozen=True)
class Loads:
    """Loads in each of t frames; sides are right, left. A body without a band has NaN for what is the band's.

    Attributes
    ----------
    moment : (t, n) N m or N, net; at the pelvis the residual.
    activation, force, passive, fibre : (t, muscle).
    saturated : (t, muscle).
    reserve : (t, n) N m that muscles could not give; where no muscle acts the whole moment is a joint's or a motor's,
        and reserve is 0.
    band_force, band_strain, band_path_strain, band_length : (t, 2).
    epicondyle, trochanter : (t, 2) N pressing on the bone.
    patella_lateral : (t, 2) N, outward pull on the kneecap.
    patellar_tendon : (t, 2) N.
    hip_contact : (t, 2, 3) N on the femur, in pelvis axes.
    knee_contact : (t, 2, 3) N on the tibia, in femur axes.
    knee_moment : (t, 2, 2) N m that the knee's passive structures carry: adduction, internal rotation.
    settled : (t,) whether effort was shared to tolerance.
    """

    moment: Array
    activation: Array
    force: Array
    passive: Array
    fibre: Array
    saturated: NDArray[np.bool_]
    reserve: Array
    band_force: Array
    band_strain: Array
    band_path_strain: Array
    band_length: Array
    epicondyle: Array
    trochanter: Array
    patella_lateral: Array
    patellar_tendon: Array
    hip_contact: Array
    knee_contact: Array
    knee_moment: Array
    settled: NDArray[np.bool_]


def solve(
    body: Body,
    q: Array,
    *,
    v: Array | None = None,
    a: Array | None = None,
    ground: Ground | None = None,
    stance: str | None = None,
    band: BandParameters | None = None,
    options: Options | None = None,
    limits: Array | None = None,
    step: float | None = None,
) -> Loads:
    """Return the loads along postures q (t, n) with speeds v and accelerations a (still without them).

    Parameters
    ----------
    ground : forces on the feet; without them, ``stance`` says on which foot body weight rests: r, l, both, or None
        for a body that something else holds (lying, hanging).
    band : the iliotibial band's parameters; the body's own without.
    limits : (muscle,) share of its activation that each muscle can use; without them what the person's deficits leave.
    step : s between frames, for tendons that recoil; without it every frame stands for itself.

    Raises
    ------
    InputError
        For both ground and stance, an unknown stance, or shapes that disagree.
    """
    rows = np.ascontiguousarray(np.atleast_2d(q), dtype=float)
    n = len(body.coordinates)
    for what, given, shape in (
        ("q", rows, (len(rows), n)), ("v", v, rows.shape), ("a", a, rows.shape),
        *((f"ground.{field}", x, (len(rows), 2, 3)) for field, x in zip(Ground._fields, ground or (), strict=False)),
    ):  # fmt: skip
        if given is not None and np.shape(given) != shape:
            raise InputError(f"{what}: must be {shape}; got {np.shape(given)}.")
    if ground is not None and stance is not None:
        raise InputError("stance: cannot be given together with measured ground forces.")
    force = standing_ground(body, rows, stance) if ground is None else ground
    still = np.zeros_like(rows)
    swept = sweep(
        body.assembly, body.layout, rows, still if v is None else np.ascontiguousarray(v),
        still if a is None else np.ascontiguousarray(a), force,
    )  # fmt: skip
    return loads_of(body, swept, band=band, options=options, limits=limits, step=step)


def loads_of(
    body: Body,
    swept: Swept,
    *,
    band: BandParameters | None = None,
    options: Options | None = None,
    limits: Array | None = None,
    arrays: MuscleArrays | None = None,
    step: float | None = None,
) -> Loads:
    """Return the loads of a movement whose geometry and moments are known; see ``solve``."""
    band, options = body.band if band is None else band, options or Options()
    arrays = arrays or body.arrays
    effort = share_effort_over(body, swept, band or NO_BAND, options, limits, arrays)
    if options.tendon == "elastic" and step is not None and len(swept.moment) > 2:
        effort = _recoiling(body, swept, band or NO_BAND, options, limits, arrays, step, effort)
    return _answers(body, swept, effort, band)


def _recoiling(
    body: Body,
    swept: Swept,
    band: BandParameters,
    options: Options,
    limits: Array | None,
    arrays: MuscleArrays,
    step: float,
    effort: Effort,
) -> Effort:
    """Return the effort with tendons that give and recoil over time, so that fibres are slower than their paths.

    How fast a tendon gives follows from the forces, these from how fast its fibre shortens: both are renewed in turn.
    The share that is taken over each time keeps long compliant tendons from swinging.
    """
    muscles = len(body.muscles)
    path, speed = swept.speed[:, :muscles], swept.speed.copy()
    for _ in range(RECOIL_TURNS):
        wanted = path - np.gradient(stretches(arrays, effort.force), step, axis=0)
        change = RECOIL_SHARE * (wanted - speed[:, :muscles])
        speed[:, :muscles] += change
        effort = share_effort_over(body, swept._replace(speed=speed), band, options, limits, arrays)
        if np.abs(change / arrays.optimal_length).max() < RECOILED:
            break
    return effort


def standing_ground(body: Body, q: Array, stance: str | None) -> Ground:
    """Return the ground forces that hold a still body up on one foot or both.

    Body weight acts through the centre of mass. On both feet it is shared so that each foot is loaded straight below
    its own middle as far as balance allows.

    Raises
    ------
    InputError
        For a stance other than r, l, both or None.
    """
    ground = ground_of(len(q))
    if stance is None:
        return ground
    if stance not in (*SIDES, "both"):
        raise InputError(f"stance: must be r, l, both or None; got '{stance}'.")
    points = body.points(q)
    centre, weight = points["centre_of_mass"], body.mass * GRAVITY
    feet = [
        0.5 * (points[f"calcn_{side}"] + points.get(f"toes_{side}", points[f"calcn_{side}"]))
        for side in SIDES
    ]
    floor = np.minimum(points["calcn_r"][:, 1], points["calcn_l"][:, 1])
    if stance in SIDES:
        side = SIDES.index(stance)
        ground.force[:, side, 1] = weight
        ground.point[:, side] = np.column_stack([centre[:, 0], floor, centre[:, 2]])
        return ground
    across = feet[1][:, [0, 2]] - feet[0][:, [0, 2]]
    reach = np.maximum((across**2).sum(axis=1), 1e-9)
    share = np.clip(((centre[:, [0, 2]] - feet[0][:, [0, 2]]) * across).sum(axis=1) / reach, 0.0, 1.0)
    middle = feet[0][:, [0, 2]] + share[:, None] * across
    off = centre[:, [0, 2]] - middle
    for side, part in ((0, 1.0 - share), (1, share)):
        ground.force[:, side, 1] = weight * part
        at = feet[side][:, [0, 2]] + off
        ground.point[:, side] = np.column_stack([at[:, 0], floor, at[:, 1]])
    return ground


def share_effort_over(
    body: Body,
    swept: Swept,
    band: BandParameters,
    options: Options,
    limits: Array | None,
    arrays: MuscleArrays,
) -> Effort:
    """Return the effort along a swept movement; ``arrays`` and ``band`` need not be the body's own."""
    if not options.passive:
        arrays = _without_passive(arrays)
    frames, n, muscles = len(swept.moment), len(body.coordinates), len(body.muscles)
    if limits is not None and np.shape(limits) != (muscles,):
        raise InputError(f"limits: must be ({muscles},); got {np.shape(limits)}.")
    settings = Settings(
        float(options.power),  # an integer would have the kernels compiled anew
        options.tendon == "elastic",
        options.passive,
        np.full(n, options.reserve),
        np.ones(muscles),
        body.limits if limits is None else np.asarray(limits, dtype=float),
    )
    effort = Effort(
        activation=np.zeros((frames, muscles)),
        force=np.zeros((frames, muscles)),
        passive=np.zeros((frames, muscles)),
        fibre=np.zeros((frames, muscles)),
        reserve=np.zeros((frames, n)),
        strap_length=np.full((frames, 2), np.nan),
        strap_force=np.full((frames, 2), np.nan),
        turns=np.zeros((frames, 2), dtype=np.int64),
        settled=np.ones(frames, dtype=np.bool_),
    )
    for block in body.blocks:
        share_frames(
            swept,
            arrays,
            block,
            band,
            settings,
            scratch_of(block),
            effort,
            None if options.power == 2.0 else True,
        )
    return effort


def _without_passive(arrays: MuscleArrays) -> MuscleArrays:
    """Return muscles whose resting fibres do not pull."""
    pieces, grid = arrays.tables.pieces.copy(), arrays.tables.grid.copy()
    which = np.unique(arrays.curves[:, PASSIVE])
    pieces[which] = 0.0
    grid[which, 3:] = 0.0
    return arrays._replace(tables=arrays.tables._replace(grid=grid, pieces=pieces))


def _answers(body: Body, swept: Swept, effort: Effort, band: BandParameters | None) -> Loads:
    frames = len(swept.moment)
    pull = tensions(body, swept, effort, band)
    path_strain = np.full((frames, 2), np.nan)
    for block in body.blocks:
        if block.strap >= 0 and band is not None:
            branch = band.patellar_share if block.patellar >= 0 else 0.0
            way = _whole_way(block, swept, branch)
            path_strain[:, block.side] = way / _whole_way(block, body.standing, branch) - 1.0
    carried = swept.carried - np.einsum("tkp,tp->tk", swept.carried_arm, pull)
    drawn = np.einsum("tkp,tp->tk", swept.carried_arm, pull)
    epicondyle, trochanter = pressed(body, swept, pull)
    return Loads(
        moment=swept.moment,
        activation=effort.activation,
        force=effort.force,
        passive=effort.passive,
        fibre=effort.fibre,
        saturated=effort.activation > SATURATED,
        reserve=effort.reserve,
        band_force=effort.strap_force,
        band_strain=effort.strap_length / band.slack - 1.0 if band else np.full((frames, 2), np.nan),
        band_path_strain=path_strain,
        band_length=effort.strap_length,
        epicondyle=epicondyle,
        trochanter=trochanter,
        patella_lateral=_along(body, drawn, ("patella_{}_z",))[:, :, 0] * np.array([1.0, -1.0]),
        patellar_tendon=_patellar_tendon(body, effort.force),
        hip_contact=_along(body, carried, tuple(f"hip_{{}}_{axis}" for axis in "xyz")),
        knee_contact=_along(body, carried, tuple(f"knee_{{}}_{axis}" for axis in "xyz")),
        knee_moment=_along(body, carried, ("knee_{}_adduction", "knee_{}_rotation")),
        settled=effort.settled,
    )


def tensions(body: Body, swept: Swept, effort: Effort, band: BandParameters | None) -> Array:
    """Return the tension of every path (t, path) N: muscles, straps, and straps' branches to the kneecap."""
    pull = np.zeros((len(swept.moment), swept.length.shape[1]))
    pull[:, : len(body.muscles)] = effort.force
    for block in body.blocks:
        if block.strap >= 0 and band is not None:
            branch = band.patellar_share if block.patellar >= 0 else 0.0
            pull[:, block.strap] = (1.0 - branch) * effort.strap_force[:, block.side]
            if block.patellar >= 0:
                pull[:, block.patellar] = branch * effort.strap_force[:, block.side]
    return pull


def _whole_way(block: Block, swept: Swept, branch: float) -> Array:
    """Return how long the way of the strap and of its first muscle, the tensor, is together (t,) m."""
    way = swept.length[:, block.muscle[block.member[0]]] + (1.0 - branch) * swept.length[:, block.strap]
    return way + branch * swept.length[:, block.patellar] if block.patellar >= 0 else way


def pressed(body: Body, swept: Swept, pull: Array) -> tuple[Array, Array]:
    """Return what all paths with these tensions (t, path) press with (t, 2) N on epicondyle and on trochanter.

    NaN where the model has no such obstacle, 0 where nothing touches it.
    """
    frames = len(swept.moment)
    totals = {name: np.full((frames, 2), np.nan) for name in ("epicondyle", "trochanter")}
    for wrap in body.model.wraps:
        for name, total in totals.items():
            if wrap.name.startswith(name):
                total[:, SIDES.index(wrap.name[-1])] = 0.0
    vectors: dict[tuple[str, int], Array] = {}
    for k, (path, obstacle) in enumerate(presses_of(body.assembly)):
        place, side = next(name for name in totals if obstacle.startswith(name)), SIDES.index(obstacle[-1])
        push = swept.press[:, k] * pull[:, body.assembly.paths.index(path), None]
        vectors[place, side] = vectors.get((place, side), np.zeros((frames, 3))) + push
    for (place, side), vector in vectors.items():
        totals[place][:, side] = np.linalg.norm(vector, axis=1)
    return totals["epicondyle"], totals["trochanter"]


def _along(body: Body, carried: Array, names: tuple[str, ...]) -> Array:
    """Return what joints carry along these directions (t, 2, direction), NaN where the model does not say."""
    result = np.full((len(carried), 2, len(names)), np.nan)
    order = {name: k for k, name in enumerate(body.assembly.carried)}
    for s, side in enumerate(SIDES):
        for i, name in enumerate(names):
            k = order.get(name.format(side))
            if k is not None:
                result[:, s, i] = body.senses[k] * carried[:, k]
    return result


def _patellar_tendon(body: Body, force: Array) -> Array:
    """Return the sum of the forces of muscles that run over the kneecap to the shin (t, 2) N."""
    result = np.zeros((len(force), 2))
    for m, muscle in enumerate(body.model.muscles):
        for s, side in enumerate(SIDES):
            if any(point.body == f"patella_{side}" for point in muscle.path.points):
                result[:, s] += force[:, m]
    return result
