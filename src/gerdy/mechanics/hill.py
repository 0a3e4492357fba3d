"""Hill-type muscle-tendon units: force from path length, path speed and activation, with a rigid or an elastic tendon.

A fibre of constant height (optimal length times the sine of the pennation at optimal length) pulls on a tendon in
series. Forces are along the tendon. Fibre force is elastic only: the small damping that some tools add for
integration over time has no place in a static balance.

Both tendons agree with OpenSim 4.6 to 1e-7 of the greatest force, but for two things. Its static optimisation takes the
pennation's cosine at a normalised length as though it were metres, and so leaves it out in effect (opensim-core issue
4390); here the fibre's true pennation counts. And where a path is so short that pennation passes its limit of 84
degrees, its force drops to nothing at once; here it fades.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gerdy.errors import InputError
from gerdy.mechanics.compiling import compiled, compiled_within
from gerdy.mechanics.curves import (
    ACTIVE,
    PASSIVE,
    TENDON,
    VELOCITY,
    CurveTables,
    check_curves,
    curve,
    curve_tables,
)
from gerdy.mechanics.model import Muscle

Floats = NDArray[np.float64]
FADE = 0.05  # assumed (E): a fibre shorter than this share of optimal loses its active force, so that none is left at 0
FAR = 1e6  # lengths (in optimal lengths) and speeds beyond are taken as this, so that nothing overflows


class MuscleArrays(NamedTuple):
    """Muscles as arrays for kernels; m muscles, SI units.

    Attributes
    ----------
    max_force : (m,) N; scaling it scales fibre and tendon alike, so bound activation for a muscle that cannot be driven
    optimal_length, tendon_slack : (m,) m
    pennation : (m,) rad at optimal length
    height : (m,) m, optimal length times sine of pennation
    max_velocity : (m,) optimal lengths a second
    curves : (m, 4) which table is the active, velocity, passive and tendon curve
    tables : the tables
    """

    max_force: Floats
    optimal_length: Floats
    tendon_slack: Floats
    pennation: Floats
    height: Floats
    max_velocity: Floats
    curves: NDArray[np.int64]
    tables: CurveTables


def muscle_arrays(muscles: Sequence[Muscle]) -> MuscleArrays:
    """Gather muscles into arrays and table their curves.

    Raises
    ------
    InputError
        For a muscle whose numbers are impossible, naming it.
    """
    for muscle in muscles:
        _check(muscle)
    tables, index = curve_tables([muscle.curves for muscle in muscles])
    columns = np.array(
        [(m.max_force, m.optimal_length, m.tendon_slack, m.pennation, m.max_velocity) for m in muscles],
        dtype=np.float64,
    ).reshape(-1, 5)
    force, optimal, slack, pennation, velocity = (np.ascontiguousarray(column) for column in columns.T)
    return MuscleArrays(
        force, optimal, slack, pennation, optimal * np.sin(pennation), velocity, index, tables
    )


def _check(muscle: Muscle) -> None:
    rules = (
        ("max_force", 0.0 <= muscle.max_force < math.inf, muscle.max_force, "0 N or more"),
        ("optimal_length", 0.0 < muscle.optimal_length < math.inf, muscle.optimal_length, "over 0 m"),
        ("tendon_slack", 0.0 <= muscle.tendon_slack < math.inf, muscle.tendon_slack, "0 m or more"),
        (
            "pennation",
            0.0 <= muscle.pennation < 0.5 * math.pi,
            muscle.pennation,
            "from 0 to less than pi/2 rad",
        ),
        (
            "max_velocity",
            0.0 < muscle.max_velocity < math.inf,
            muscle.max_velocity,
            "over 0 optimal lengths a second",
        ),
    )
    for field, holds, value, right in rules:
        if not holds:
            raise InputError(f"muscle {muscle.name}: {field}: must be {right}; got {value:g}.")
    try:
        check_curves(muscle.curves)
    except InputError as error:
        raise InputError(f"muscle {muscle.name}: {error}") from error


@compiled
def fibre(height: float, along: float) -> tuple[float, float]:
    """Fibre length and cosine of its pennation, from its height and its length along the tendon (one unit for all)."""
    if along <= 0.0:  # the path is too short for tendon and fibre
        return height, 0.0 if height > 0.0 else 1.0
    length = max(math.sqrt(height * height + along * along), along)  # the squares of the tiniest vanish
    return length, along / length


@compiled_within
def _stress(
    tables: CurveTables, active: int, velocity: int, passive: int, length: float, pace: float
) -> tuple[float, float, float, float]:
    """Active and passive force of a fibre, each with its slope by length, all normalised."""
    reach, climb = curve(tables, active, length)
    pull, _ = curve(tables, velocity, pace)
    hold, stiffness = curve(tables, passive, length)
    if not (reach > 0.0 and pull > 0.0):  # a fibre never pushes
        return 0.0, 0.0, hold, stiffness
    if length < FADE:
        climb = (climb * length + reach) / FADE
        reach *= length / FADE
    return reach * pull, climb * pull, hold, stiffness


@compiled
def _limited(value: float) -> float:
    """Return the value, not so far out that what follows could overflow."""
    return max(-FAR, min(value, FAR))


@compiled
def _cosine(height: float, length: float) -> float:
    """Cosine of pennation of a fibre; 0 for one that lies across its tendon, no longer than its height."""
    if length <= height:
        return 0.0
    return math.sqrt((1.0 - height / length) * (1.0 + height / length))


@compiled
def at_fibre(arrays: MuscleArrays, i: int, length: float, speed: float) -> tuple[float, float]:
    """Active (at full activation) and passive force along the tendon (N) of one fibre.

    ``length`` in optimal lengths, ``speed`` in greatest shortening speeds, lengthening positive. A fibre that lies
    across its tendon, no longer than its height, has no pull along it.
    """
    along = arrays.max_force[i] * _cosine(arrays.height[i] / arrays.optimal_length[i], length)
    active, _, passive, _ = _stress(
        arrays.tables,
        arrays.curves[i, ACTIVE],
        arrays.curves[i, VELOCITY],
        arrays.curves[i, PASSIVE],
        _limited(length),
        _limited(speed),
    )
    return active * along, passive * along


@compiled
def rigid(arrays: MuscleArrays, i: int, length: float, speed: float) -> tuple[float, float, float, float]:
    """One muscle whose tendon does not stretch, at a path length (m) and path speed (m/s, lengthening positive).

    Returns
    -------
    active force along the tendon at full activation, N
    passive force along the tendon, N
    fibre length in optimal lengths; its height where the path is too short for tendon and fibre: then nothing pulls
    cosine of pennation
    """
    optimal = arrays.optimal_length[i]
    spare = min(max(length, 0.0) - arrays.tendon_slack[i], FAR * optimal)
    normal, cosine = fibre(arrays.height[i] / optimal, spare / optimal)
    active, _, passive, _ = _stress(
        arrays.tables,
        arrays.curves[i, ACTIVE],
        arrays.curves[i, VELOCITY],
        arrays.curves[i, PASSIVE],
        normal,
        _limited(speed) * cosine / (optimal * arrays.max_velocity[i]),
    )
    pull = arrays.max_force[i] * cosine
    return active * pull, passive * pull, normal, cosine


@compiled
def tendon_stretch(arrays: MuscleArrays, i: int, force: float) -> float:
    """How far the tendon (m) is stretched beyond slack by a force along it (N); 0 where there is no tendon or pull.

    The tendon curve the other way round: Newton's method from the toe's end downward, kept within a bracket.
    """
    if not (force > 0.0 and arrays.max_force[i] > 0.0):
        return 0.0
    goal = min(force / arrays.max_force[i], FAR)
    which = arrays.curves[i, TENDON]
    low, high = 0.0, arrays.tables.grid[which, 1] * arrays.tables.pieces.shape[1]
    strain = high
    for _ in range(100):
        value, slope = curve(arrays.tables, which, strain)
        error = value - goal
        if abs(error) <= 1e-14 * goal:
            break
        new = strain - error / slope if slope > 0.0 else low
        if error < 0.0 and strain >= high:  # beyond the toe the curve is straight
            strain = new
            break
        if error > 0.0:
            high = strain
        else:
            low = strain
        if not low < new < high:
            new = 0.5 * (low + high)
        if abs(new - strain) <= 1e-14 * high:
            break
        strain = new
    return float(arrays.tendon_slack[i] * strain)


@compiled
def elastic(
    arrays: MuscleArrays, i: int, length: float, speed: float, activation: float
) -> tuple[float, float, float, float]:
    """One muscle in balance with its elastic tendon, at a path length (m), path speed (m/s) and activation (0 to 1).

    The fibre's speed is taken as with a rigid tendon: a balance at each instant, without the tendon's own recoil.
    As the fibre takes more of the path the tendon's pull falls to nothing; where it meets the fibre's is found by
    Newton's method kept within a bracket.

    Returns
    -------
    force along the tendon, N
    fibre length in optimal lengths
    cosine of pennation
    tendon strain, 0 where it is slack
    """
    optimal = arrays.optimal_length[i]
    height, slack = arrays.height[i] / optimal, arrays.tendon_slack[i] / optimal
    # what a slack tendon leaves to the fibre, along the tendon
    spare = min(max(length, 0.0) - arrays.tendon_slack[i], FAR * optimal) / optimal
    normal, cosine = fibre(height, spare)
    pace = _limited(speed) * cosine / (optimal * arrays.max_velocity[i])
    drive = min(max(activation, 0.0), FAR)
    low, high, along, force, strain = 0.0, spare, spare, 0.0, 0.0
    for _ in range(100):
        active, climb, passive, stiffness = _stress(
            arrays.tables,
            arrays.curves[i, ACTIVE],
            arrays.curves[i, VELOCITY],
            arrays.curves[i, PASSIVE],
            normal,
            pace,
        )
        pull = drive * active + passive
        force = pull * cosine
        if slack <= 0.0 or spare <= 0.0:  # no tendon to stretch, or no path to stretch it
            break
        strain = (spare - along) / slack
        tension, give = curve(arrays.tables, arrays.curves[i, TENDON], strain)
        error = force - tension
        force = tension
        if abs(error) <= 1e-13 * (1.0 + tension):
            break
        if error > 0.0:
            high = along
        else:
            low = along
        across = (1.0 - cosine) * (1.0 + cosine)
        slope = (drive * climb + stiffness) * cosine * cosine + pull * across / normal + give / slack
        new = along - error / slope if slope > 0.0 else low
        if not low < new < high:
            new = 0.5 * (low + high)
        if new in (low, high):
            break
        along = new
        normal, cosine = fibre(height, along)
    return force * arrays.max_force[i], normal, cosine, strain


@compiled
def _all_rigid(
    arrays: MuscleArrays, lengths: Floats, speeds: Floats, activations: Floats, total: Floats
) -> None:
    for k in range(lengths.shape[0]):
        for i in range(lengths.shape[1]):
            active, passive, _, _ = rigid(arrays, i, lengths[k, i], speeds[k, i])
            total[k, i] = activations[k, i] * active + passive


@compiled
def _all_elastic(
    arrays: MuscleArrays, lengths: Floats, speeds: Floats, activations: Floats, total: Floats
) -> None:
    for k in range(lengths.shape[0]):
        for i in range(lengths.shape[1]):
            force, _, _, _ = elastic(arrays, i, lengths[k, i], speeds[k, i], activations[k, i])
            total[k, i] = force


@compiled
def _all_stretches(arrays: MuscleArrays, forces: Floats, out: Floats) -> None:
    for k in range(forces.shape[0]):
        for i in range(forces.shape[1]):
            out[k, i] = tendon_stretch(arrays, i, forces[k, i])


def stretches(arrays: MuscleArrays, forces: Floats) -> Floats:
    """Return how far each tendon is stretched (t, m) m beyond slack under forces (t, m) N."""
    out = np.empty_like(forces)
    _all_stretches(arrays, np.ascontiguousarray(forces), out)
    return out


def forces(
    muscles: Sequence[Muscle],
    lengths: ArrayLike,
    speeds: ArrayLike,
    activations: ArrayLike,
    tendon: str = "rigid",
) -> Floats:
    """Force along the tendon of many muscles at many instants.

    Parameters
    ----------
    muscles : m of them
    lengths : (t, m) path lengths, m
    speeds : (t, m) path speeds, m/s, lengthening positive
    activations : (t, m) from 0 to 1
    tendon : "rigid" or "elastic"

    Returns
    -------
    (t, m) N

    Raises
    ------
    InputError
        For other shapes, numbers that are not finite, activations outside 0 to 1, another tendon, impossible muscles.
    """
    kernels = {"rigid": _all_rigid, "elastic": _all_elastic}
    if tendon not in kernels:
        raise InputError(f"tendon: must be 'rigid' or 'elastic'; got '{tendon}'.")
    tables = [
        _matrix(name, value, len(muscles))
        for name, value in (("lengths", lengths), ("speeds", speeds), ("activations", activations))
    ]
    if any(table.shape != tables[0].shape for table in tables):
        raise InputError(f"speeds, activations: must be shaped as lengths, {tables[0].shape}.")
    if tables[2].size and not (tables[2].min() >= 0.0 and tables[2].max() <= 1.0):
        raise InputError(
            f"activations: must be from 0 to 1; they go from {tables[2].min():g} to {tables[2].max():g}."
        )
    total = np.empty_like(tables[0])
    kernels[tendon](muscle_arrays(muscles), tables[0], tables[1], tables[2], total)
    return total


def _matrix(name: str, value: ArrayLike, columns: int) -> Floats:
    try:
        matrix = np.ascontiguousarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{name}: must be numbers, one row an instant and one column a muscle; {error}."
        ) from error
    if matrix.ndim != 2 or matrix.shape[1] != columns:
        raise InputError(f"{name}: must be shaped (instants, {columns} muscles); got {matrix.shape}.")
    if not np.isfinite(matrix).all():
        row, column = np.argwhere(~np.isfinite(matrix))[0]
        raise InputError(
            f"{name}: must be finite; got {matrix[row, column]} at instant {row}, muscle {column}."
        )
    return matrix
