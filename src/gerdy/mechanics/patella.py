"""How far the kneecap is pulled to the side: medio-lateral balance of quadriceps, band, tendon and what holds it.

The kneecap hangs between the quadriceps and its own tendon as a bead on a string: moved sideways it is pulled back by
the tension over the length of either string. The retinacula add a pull that grows with the cube of the shift, the
groove one that grows with the pressure in it. Only the retinacula are calibrated, to one experiment (Merican 2009, the
force at 10 mm); what unloading the vastus medialis does is then a prediction, which JEO18 and Goh95 can test.

What is known disagrees: Sakai00 finds a shift at 0 and 15 degrees of flexion only, Goh95 through the whole range;
Senavongse 2003 measures 74 to 125 N at 10 mm where Merican 2009 has 82 to 101 N; Farahmand 1998 finds no more restraint
with more quadriceps tension up to 60 degrees, where a string has. Take shifts as comparisons between two states of one
knee, within a factor of about two; tilt only follows shift.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gerdy.errors import InputError
from gerdy.mechanics.compiling import compiled

Array = NDArray[np.float64]

# B: 316 knees, mean 42.6 mm, 30 to 60 (Choi 2010, J Korean Knee Soc 22:39).
TENDON_LENGTH = 0.0426
# E, assumed: from the kneecap's upper edge to where the heads stop moving sideways with it.
QUADRICEPS_LENGTH = 0.2
# E, assumed: the groove as a round trough. Off (infinite) fits Goh95, half of this Sakai00.
GROOVE_RADIUS = 0.06
# C: 14 knees, 10 mm lateral, 175 N on the quadriceps, none on the band: 82 to 101 N over 0 to 90 degrees
# (Merican 2009, J Orthop Res 27:335, 10.1002/jor.20756); its middle.
HELD_AT, HELD_WITH, HELD_UNDER = 0.010, 91.5, 175.0
# C: 9 knees, 2.8 degrees with 4 mm when the vastus medialis is unloaded (JEO18, 10.1186/s40634-018-0150-8).
TILT_BY_SHIFT = math.radians(2.8) / 0.004


class PatellaParameters(NamedTuple):
    """What holds a kneecap; see the module's constants for where the values come from.

    Attributes
    ----------
    tendon_length, quadriceps_length : m, of the strings below and above
    groove_radius : m; infinite for none
    retinaculum : N/m3, sideways force over the cube of the shift
    tilt_by_shift : rad/m
    """

    tendon_length: float
    quadriceps_length: float
    groove_radius: float
    retinaculum: float
    tilt_by_shift: float


@dataclass(frozen=True)
class Shift:
    """Where the kneecap goes from its track: to the outer side positive; tilt with the outer edge backward positive.

    ``lateral_force`` is the sideways pull (N) on the kneecap while it is still on its track.
    """

    lateral_mm: float
    tilt_deg: float
    lateral_force: float


@dataclass(frozen=True)
class Shifts:
    """``Shift`` for t frames: each (t,)."""

    lateral_mm: Array
    tilt_deg: Array
    lateral_force: Array


def patella_parameters(
    tendon_length: float = TENDON_LENGTH,
    quadriceps_length: float = QUADRICEPS_LENGTH,
    groove_radius: float = GROOVE_RADIUS,
    held_with: float = HELD_WITH,
) -> PatellaParameters:
    """Return what holds a kneecap, its retinacula such that ``held_with`` (N) holds it at 10 mm under 175 N.

    Raises
    ------
    InputError
        For lengths that are not above zero, or strings that alone hold it with more than that.
    """
    for name, value in (
        ("tendon_length", tendon_length),
        ("quadriceps_length", quadriceps_length),
        ("groove_radius", groove_radius),
    ):
        if not value > 0.0:
            raise InputError(f"{name}: must be above 0 m; got {value:g}.")
    strings = HELD_UNDER * HELD_AT * (1.0 / tendon_length + 1.0 / quadriceps_length)
    if not strings < held_with < math.inf:
        raise InputError(
            f"held_with: must be above {strings:.1f} N, what the strings alone hold with; got {held_with:g}."
        )
    retinaculum = (held_with - strings) / HELD_AT**3
    return PatellaParameters(tendon_length, quadriceps_length, groove_radius, retinaculum, TILT_BY_SHIFT)


@compiled
def shift_under(
    lateral: float, tendon: float, quadriceps: float, pressure: float, parameters: PatellaParameters
) -> float:
    """Return the shift (m) at which strings, groove and retinacula hold a sideways pull; all in N.

    The root of ``straight s + retinaculum s^3 = lateral``, which has one.
    """
    straight = (
        tendon / parameters.tendon_length
        + quadriceps / parameters.quadriceps_length
        + pressure / parameters.groove_radius
    )
    cubic = parameters.retinaculum
    alone = float(np.cbrt(lateral / cubic))
    if straight * abs(alone) <= 1e-16 * abs(lateral):
        return alone
    width = math.sqrt(straight / (3.0 * cubic))
    return 2.0 * width * math.sinh(math.asinh(1.5 * lateral / (straight * width)) / 3.0)


@compiled
def shifts_under(
    lateral: Array,
    tendon: Array,
    quadriceps: Array,
    pressure: Array,
    parameters: PatellaParameters,
    out: Array,
) -> None:
    """Fill the shift (m) of every frame."""
    for t in range(lateral.shape[0]):
        out[t] = shift_under(lateral[t], tendon[t], quadriceps[t], pressure[t], parameters)


def balance(
    pulls: Mapping[str, ArrayLike],
    tendon: ArrayLike,
    *,
    reference: tuple[Mapping[str, ArrayLike], ArrayLike] | None = None,
    band: str = "band",
    parameters: PatellaParameters | None = None,
) -> Shift:
    """Return where the pulls on a kneecap move it.

    Parameters
    ----------
    pulls : by name (quadriceps heads and the band's branch), force on the kneecap (3,): to the outer side, upward
        along the thigh, forward; N.
    tendon : (3,) force of its own tendon on the kneecap, N.
    reference : pulls and tendon of another state; shift, tilt and force are then against that state. Without it they
        are against a kneecap that nothing pulls sideways.
    band : the name among the pulls that is no string to hang on.

    Raises
    ------
    InputError
        For a force that is not three finite numbers.
    """
    parameters = patella_parameters() if parameters is None else parameters
    shift, force = _state(pulls, tendon, band, parameters)
    if reference is not None:
        first_shift, first_force = _state(*reference, band, parameters)
        shift, force = shift - first_shift, force - first_force
    return Shift(1000.0 * shift, math.degrees(parameters.tilt_by_shift * shift), force)


def patella_shift(
    lateral_pull: ArrayLike,
    tendon: ArrayLike,
    quadriceps: ArrayLike,
    pressure: ArrayLike | None = None,
    parameters: PatellaParameters | None = None,
) -> Shifts:
    """Return the shift of every frame from what an analysis gives.

    Parameters
    ----------
    lateral_pull : (t,) ``patella_lateral_pull`` of one side, N.
    tendon : (t,) ``patellar_tendon`` of that side, N.
    quadriceps : (t,) sum of ``force`` over that side's quadriceps heads, N.
    pressure : (t,) what presses the kneecap into its groove, N; none when left out.

    Raises
    ------
    InputError
        For columns that differ in length, hold numbers that are not finite, or a tension below zero.
    """
    parameters = patella_parameters() if parameters is None else parameters
    lateral = np.atleast_1d(np.asarray(lateral_pull, dtype=np.float64))
    columns = {"tendon": tendon, "quadriceps": quadriceps}
    columns["pressure"] = np.zeros_like(lateral) if pressure is None else pressure
    checked = {"lateral_pull": lateral}
    for name, value in columns.items():
        checked[name] = np.atleast_1d(np.asarray(value, dtype=np.float64))
    for name, column in checked.items():
        if column.shape != lateral.shape or column.ndim != 1:
            raise InputError(
                f"{name}: must have as many frames as lateral_pull, {lateral.shape}; got {column.shape}."
            )
        if not np.isfinite(column).all():
            raise InputError(f"{name}: must be finite; frame {int(np.argmin(np.isfinite(column)))} is not.")
        if name != "lateral_pull" and (column < 0.0).any():
            raise InputError(
                f"{name}: must be 0 N or more; frame {int(column.argmin())} is {column.min():g} N."
            )
    out = np.zeros_like(lateral)
    sideways, below, above, pressed = (np.ascontiguousarray(column) for column in checked.values())
    shifts_under(sideways, below, above, pressed, parameters, out)
    return Shifts(1000.0 * out, np.rad2deg(parameters.tilt_by_shift * out), sideways)


def _state(
    pulls: Mapping[str, ArrayLike], tendon: ArrayLike, band: str, parameters: PatellaParameters
) -> tuple[float, float]:
    total, heads = _force("tendon", tendon), 0.0
    hanging = float(np.linalg.norm(total))
    for name, value in pulls.items():
        pull = _force(name, value)
        total = total + pull
        if name != band:
            heads += float(np.linalg.norm(pull))
    lateral, pressure = float(total[0]), max(0.0, -float(total[2]))
    return float(shift_under(lateral, hanging, heads, pressure, parameters)), lateral


def _force(name: str, value: ArrayLike) -> Array:
    force = np.asarray(value, dtype=np.float64)
    if force.shape != (3,) or not np.isfinite(force).all():
        raise InputError(
            f"{name}: a force is three finite numbers (outward, upward, forward; N); got {value!r}."
        )
    return force
