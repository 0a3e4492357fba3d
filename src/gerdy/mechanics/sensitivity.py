"""How much loads depend on what nobody knows: Monte Carlo over the band's and the muscles' parameters.

Lever arms and moments do not depend on these parameters, so a movement is swept once and only effort is shared anew for
every draw. Draws are the same for every movement, so that two movements can be compared draw by draw.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.band import BandParameters, band_parameters
from gerdy.mechanics.band_ranges import BandRange, load_ranges
from gerdy.mechanics.body import Body
from gerdy.mechanics.hill import MuscleArrays
from gerdy.mechanics.loads import Options, pressed, share_effort_over, tensions
from gerdy.mechanics.sweep import Swept
from gerdy.mechanics.table import rows

Array = NDArray[np.float64]

DRAWN = ("modulus", "width", "thickness", "toe_strain", "slack_offset", "gluteus_share", "patellar_share")
# How far muscles of one person stray from the scaled table, one standard deviation (assumed, grade E; the cadavers of
# Ward 2009 scatter by 16 to 25 % in fibre length, force by more).
FORCE_SCATTER = 0.2
FIBRE_SCATTER = 0.1
SLACK_SCATTER = 0.02
LEAST, MOST = 0.4, 2.0  # share of the table's value within which a drawn force or fibre stays


@dataclass(frozen=True)
class Draw:
    """One set of parameters that could be this person's."""

    band: BandParameters
    arrays: MuscleArrays


@dataclass(frozen=True)
class Spread:
    """What draws give: by name, an array (draw, t, 2); sides are right, left."""

    band_force: Array
    band_strain: Array
    epicondyle: Array
    trochanter: Array


def draws_of(body: Body, count: int, seed: int = 0) -> tuple[Draw, ...]:
    """Return sets of parameters: the band's from their published ranges, the muscles' scattered about the body's own.

    Raises
    ------
    InputError
        For a body without a band, or no draw at all.
    """
    if body.band is None:
        raise InputError(
            f"model {body.model.name}: it has no iliotibial band whose parameters could be drawn."
        )
    if count < 1:
        raise InputError(f"draws: must be at least 1; got {count}.")
    random = np.random.default_rng(seed)
    return tuple(_draw(body, random) for _ in range(count))


def spread_of(
    body: Body,
    swept: Swept,
    draws: tuple[Draw, ...],
    *,
    options: Options | None = None,
    limits: Array | None = None,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Spread:
    """Return band force, strain and compressions for every draw along a swept movement."""
    frames = len(swept.moment)
    out = Spread(*(np.full((len(draws), frames, 2), np.nan) for _ in range(4)))
    chosen = options or Options()
    _ = body.blocks, body.limits  # found once, before threads ask for them

    def run(number: int) -> None:
        draw = draws[number]
        effort = share_effort_over(body, swept, draw.band, chosen, limits, draw.arrays)
        out.band_force[number] = effort.strap_force
        out.band_strain[number] = effort.strap_length / draw.band.slack - 1.0
        pull = tensions(body, swept, effort, draw.band)
        out.epicondyle[number], out.trochanter[number] = pressed(body, swept, pull)

    with ThreadPoolExecutor(threads or min(os.cpu_count() or 1, 8)) as pool:
        for done, _ in enumerate(pool.map(run, range(len(draws))), start=1):
            if progress is not None:
                progress(done / len(draws))
    return out


def _draw(body: Body, random: np.random.Generator) -> Draw:
    ranges = load_ranges()
    chosen = {name: _value(ranges[name], random) for name in DRAWN}
    assert body.band is not None  # noqa: S101 - seen to by draws_of
    standing = body.band.slack / (1.0 + ranges["slack_offset"].typical)
    band = band_parameters(standing, None, **chosen)
    muscles = len(body.muscles)
    force = np.clip(np.exp(FORCE_SCATTER * random.standard_normal(muscles)), LEAST, MOST)
    fibre = np.clip(np.exp(FIBRE_SCATTER * random.standard_normal(muscles)), LEAST, MOST)
    slack = np.exp(SLACK_SCATTER * random.standard_normal(muscles))
    share = gluteus_factors(body.muscles, body.band.gluteus_share, band.gluteus_share)
    arrays = body.arrays._replace(
        max_force=body.arrays.max_force * force * share,
        optimal_length=body.arrays.optimal_length * fibre,
        height=body.arrays.height * fibre,
        tendon_slack=body.arrays.tendon_slack * slack,
    )
    return Draw(band, arrays)


def _value(given: BandRange, random: np.random.Generator) -> float:
    if given.low == given.high:
        return given.low
    return float(random.triangular(given.low, given.typical, given.high))


def gluteus_factors(muscles: tuple[str, ...], before: float, after: float) -> Array:
    """Return what each muscle's force is multiplied by (muscle,) for another share of the gluteus on the band."""
    table = rows.read("band.yaml", rows.BandTable).gluteus
    factors = np.ones(len(muscles))
    for m, name in enumerate(muscles):
        right = f"{name[:-2]}_r"
        if right == table.unit:
            factors[m] = after / before
        elif right in table.pool:
            given = table.pool[right] / 100.0
            factors[m] = (1.0 - given * after) / (1.0 - given * before)
    return factors
