"""The iliotibial band as one elastic strap on which muscles pull in series, and what it presses on.

A muscle of the band has its own path of length P to where the strap begins; from there the strap runs a path of length
D to the shin. With L for the length of the strap itself the muscle and its tendon are P + D - L long: the more the
strap gives, the shorter the muscle. Strap and muscles are in balance where the strap's tension at L is the sum of the
muscles' pulls, active and passive. Path strain (D against D in standing) is not material strain (L against slack).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.band_ranges import BandRange, load_ranges
from gerdy.mechanics.compiling import compiled
from gerdy.mechanics.hill import MuscleArrays, rigid

Array = NDArray[np.float64]
Index = NDArray[np.int64]

CLOSE = 1e-13  # share of the tension: where the search for the balance ends
MOST_TRIALS = 100
PROBE = 1e-6  # m, for the muscles' stiffness
ENDS = ("low", "typical", "high")


class BandParameters(NamedTuple):
    """What one strap is like; floats only, so that kernels can use it.

    Attributes
    ----------
    modulus, width, thickness : Pa and m of the part along the thigh
    slack : m, length of the strap at zero tension, its last stretch included
    toe : strain up to which the tension rises quadratically
    distal_stiffness : N/m of the last stretch, below the epicondyle
    distal_length : m of the slack length that is the last stretch
    gluteus_share : share of the upper gluteus maximus that pulls on the strap
    patellar_share : share of the tension that goes to the kneecap
    bulge : share by which a fully active vastus lateralis shortens the slack length; 0 is off
    """

    modulus: float
    width: float
    thickness: float
    slack: float
    toe: float
    distal_stiffness: float
    distal_length: float
    gluteus_share: float
    patellar_share: float
    bulge: float


def band_parameters(
    standing: float, ranges: Mapping[str, BandRange] | None = None, **chosen: float | str
) -> BandParameters:
    """Return the strap whose path in upright standing is ``standing`` (m), by default with typical values.

    Parameters
    ----------
    ranges : where the values come from; the published ones when left out (see ``load_ranges``).
    chosen : by name of a range, another value (SI) or which end of its range: "low", "typical" or "high".

    Raises
    ------
    InputError
        For a name that has no range, or a value that no strap can have.
    """
    ranges = load_ranges() if ranges is None else ranges
    value = {name: entry.typical for name, entry in ranges.items()}
    for name, choice in chosen.items():
        if name not in ranges:
            raise InputError(f"band: no parameter '{name}'; there are {', '.join(sorted(ranges))}.")
        if isinstance(choice, str):
            if choice not in ENDS:
                raise InputError(
                    f"band.{name}: must be a number, or one of {', '.join(ENDS)}; got '{choice}'."
                )
            value[name] = getattr(ranges[name], choice)
        else:
            value[name] = float(choice)
    slack = standing * (1.0 + value["slack_offset"])
    distal = value["distal_modulus"] * value["width"] * value["distal_thickness"]
    result = BandParameters(
        modulus=value["modulus"],
        width=value["width"],
        thickness=value["thickness"],
        slack=slack,
        toe=value["toe_strain"],
        distal_stiffness=distal / value["distal_length"] if value["distal_length"] > 0.0 else math.inf,
        distal_length=value["distal_length"],
        gluteus_share=value["gluteus_share"],
        patellar_share=value["patellar_share"],
        bulge=value["bulge"],
    )
    _check(result)
    return result


def _check(band: BandParameters) -> None:
    rules = (
        ("modulus", 0.0 < band.modulus < math.inf, "over 0 Pa"),
        ("width", 0.0 < band.width < math.inf, "over 0 m"),
        ("thickness", 0.0 < band.thickness < math.inf, "over 0 m"),
        ("slack", 0.0 < band.slack < math.inf, "over 0 m"),
        ("toe", 0.0 <= band.toe < 1.0, "from 0 to less than 1"),
        ("distal_stiffness", band.distal_stiffness > 0.0, "over 0 N/m"),
        (
            "distal_length",
            0.0 <= band.distal_length < band.slack,
            f"from 0 m to less than the strap, {band.slack:g} m",
        ),
        ("gluteus_share", 0.0 <= band.gluteus_share <= 1.0, "from 0 to 1"),
        ("patellar_share", 0.0 <= band.patellar_share <= 1.0, "from 0 to 1"),
        ("bulge", 0.0 <= band.bulge < 1.0, "from 0 to less than 1"),
    )
    for name, holds, right in rules:
        if not holds:
            raise InputError(f"band.{name}: must be {right}; got {getattr(band, name):g}.")


@compiled
def stiffness(band: BandParameters) -> float:
    """Return the strap's stiffness beyond the toe (N/m): the thigh's part and the last stretch, one after the other."""
    thigh = (band.slack - band.distal_length) / (band.modulus * band.width * band.thickness)
    return 1.0 / (thigh + 1.0 / band.distal_stiffness)


@compiled
def tension(length: float, band: BandParameters) -> tuple[float, float]:
    """Return the strap's tension (N) at a length of its own (m), and how fast it rises with it (N/m).

    Elastic: what it was stretched to before leaves no trace (Falvey10, Friede20: no lasting lengthening).
    """
    strain = length / band.slack - 1.0
    if strain <= 0.0:
        return 0.0, 0.0
    steep = stiffness(band)
    if strain < band.toe:
        return 0.5 * steep * band.slack * strain * strain / band.toe, steep * strain / band.toe
    return steep * band.slack * (strain - 0.5 * band.toe), steep


@compiled
def length_at(pull: float, band: BandParameters) -> float:
    """Return the strap's own length (m) under a tension (N): ``tension`` the other way round."""
    if pull <= 0.0:
        return band.slack
    share = pull / (stiffness(band) * band.slack)
    if share < 0.5 * band.toe:
        return band.slack * (1.0 + math.sqrt(2.0 * band.toe * share))
    return band.slack * (1.0 + share + 0.5 * band.toe)


@compiled
def bulged(band: BandParameters, activation: float) -> BandParameters:
    """Return the strap over a vastus lateralis active to this share (0 to 1): assumed, off unless ``bulge`` is set."""
    return BandParameters(
        band.modulus,
        band.width,
        band.thickness,
        band.slack * (1.0 - band.bulge * activation),
        band.toe,
        band.distal_stiffness,
        band.distal_length,
        band.gluteus_share,
        band.patellar_share,
        band.bulge,
    )


@compiled
def pull_of(
    arrays: MuscleArrays,
    members: Index,
    proximal: Array,
    strap_path: float,
    speeds: Array,
    activation: Array,
    length: float,
) -> float:
    """Return what the band's muscles pull with (N) when the strap itself is ``length`` (m) long."""
    total = 0.0
    for k in range(members.shape[0]):
        active, passive, _, _ = rigid(arrays, members[k], proximal[k] + strap_path - length, speeds[k])
        total += activation[k] * active + passive
    return total


@compiled
def settle(
    arrays: MuscleArrays,
    members: Index,
    proximal: Array,
    strap_path: float,
    speeds: Array,
    activation: Array,
    band: BandParameters,
    start: float,
) -> tuple[float, float]:
    """Return the strap's own length (m) and tension (N) in balance with the muscles that pull on it.

    members (k,) which muscles, proximal (k,) m their own paths, strap_path m, speeds (k,) m/s of the whole path (how
    fast the strap itself gives is left out), activation (k,) 0-1, start m: the length in the frame before, or 0. Slack
    muscles leave it at slack length. The unknown is the tension, in which the pull that it allows is nearly straight:
    a few secant steps, kept within a bracket. Descending limbs of active muscles would have to outweigh the strap's
    stiffness, some ten times theirs, to make a second balance.
    """
    low, above, high, below = 0.0, 0.0, math.inf, -1.0
    guess, reach = 0.0, 1.0
    length = band.slack
    for trial in range(MOST_TRIALS):
        length = length_at(guess, band)
        excess = pull_of(arrays, members, proximal, strap_path, speeds, activation, length) - guess
        if math.isnan(excess):  # never to be taken for slack
            return math.nan, math.nan
        if abs(excess) <= CLOSE * guess or (trial == 0 and excess <= 0.0):
            break
        if excess > 0.0:
            low, above = guess, excess
        else:
            high, below = guess, excess
        if high == math.inf:
            # No bracket yet: try the frame before, then what the muscles could give, then further.
            guess = tension(start, band)[0] if trial == 0 else 0.0
            if guess <= low:
                guess = low + reach * above
                reach *= 2.0
            continue
        if high - low <= CLOSE * high:
            break
        guess = low + (high - low) * above / (above - below)
        if trial % 4 == 3 or not low < guess < high:  # a secant may creep from one side
            guess = 0.5 * (low + high)
    return length, guess


@compiled
def response(
    arrays: MuscleArrays,
    members: Index,
    proximal: Array,
    strap_path: float,
    speeds: Array,
    activation: Array,
    band: BandParameters,
    length: float,
    slope: Array,
) -> float:
    """Fill dL/da (m) for each member at a balance; return the muscles' stiffness (N/m) as the strap feels it.

    That stiffness over the strap's own is how fast forces and lengths, solved in turn, approach each other: each round
    leaves about that share of the error: 0.02 to 0.2 in daily postures, up to a half at the ends of the range.
    """
    there = pull_of(arrays, members, proximal, strap_path, speeds, activation, length - PROBE)
    here = pull_of(arrays, members, proximal, strap_path, speeds, activation, length + PROBE)
    muscles = (there - here) / (2.0 * PROBE)
    _, steep = tension(length, band)
    for k in range(members.shape[0]):
        slope[k] = 0.0
        if steep + muscles > 0.0:
            active, _, _, _ = rigid(arrays, members[k], proximal[k] + strap_path - length, speeds[k])
            slope[k] = active / (steep + muscles)
    return muscles


@compiled
def strain(length: float, band: BandParameters) -> float:
    """Return the material strain of the strap: its own length against slack, 0 where it is slack."""
    return max(length / band.slack - 1.0, 0.0)
