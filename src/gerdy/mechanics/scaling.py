"""A body model made to a person's size: every segment stretched along its own axes, muscles stretched with their paths.

The rules are those of OpenSim's scaling, so that the same factors give the same model. Two things differ on purpose:
inertia is that of the stretched body (exact for any solid) where OpenSim assumes a cylinder once factors are unequal,
and a translation along an oblique axis grows by the length of the stretched axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.functions import scaled
from gerdy.mechanics.model import (
    Axis,
    Band,
    Body,
    BodyModel,
    Coordinate,
    Joint,
    Linear,
    Moving,
    Muscle,
    Path,
    Point,
    Shape,
    Vector,
    Wrap,
)
from gerdy.mechanics.posing import straight_lengths
from gerdy.mechanics.rotations import rotation_of

Array = NDArray[np.float64]
Lengths = Callable[[BodyModel], Array]

SMALLEST, LARGEST = (
    0.2,
    5.0,
)  # assumed: no person's segment differs more from the generic one; catches wrong units (E)


def scale(
    model: BodyModel,
    factors: Mapping[str, Vector],
    mass: float | None = None,
    *,
    by_volume: bool = False,
    lengths: Lengths | None = None,
) -> BodyModel:
    """Return the model with each body stretched by its factors along its own x, y, z.

    Parameters
    ----------
    factors : by body; a body that is not named stays as it is.
    mass : what the whole body shall weigh (kg); without it masses stay.
    by_volume : share the mass by the stretched volumes instead of as before.
    lengths : path lengths (m) of the muscles in the default posture, in order; what follows them is not read. Without
        it paths are taken straight from point to point. Optimal and slack lengths grow in proportion.

    Raises
    ------
    InputError
        For a body the model does not have, a factor outside 0.2 to 5, or a mass that is not positive.
    """
    stretch = _stretches(model, factors)
    joints = tuple(_joint(joint, stretch) for joint in model.joints)
    result = replace(
        model,
        bodies=_weighed([_body(body, stretch[body.name], by_volume) for body in model.bodies], mass),
        joints=joints,
        coordinates=tuple(_coordinate(c, model, stretch) for c in model.coordinates),
        wraps=tuple(_wrap(wrap, stretch[wrap.body]) for wrap in model.wraps),
        muscles=tuple(replace(m, path=_path(m.path, stretch)) for m in model.muscles),
        markers=tuple(replace(k, location=_times(k.location, stretch[k.body])) for k in model.markers),
        bands=tuple(_band(band, stretch) for band in model.bands),
    )
    return replace(result, muscles=_stretched(model, result, lengths))


def _stretches(model: BodyModel, factors: Mapping[str, Vector]) -> dict[str, Array]:
    stretch = {"ground": np.ones(3), **{body.name: np.ones(3) for body in model.bodies}}
    for name, vector in factors.items():
        if name not in stretch:
            raise InputError(f"factors: the model has no body '{name}'.")
        if len(vector) != 3 or not all(SMALLEST <= factor <= LARGEST for factor in vector):
            raise InputError(
                f"factors.{name}: must be three numbers from {SMALLEST:g} to {LARGEST:g}; got {vector}."
            )
        stretch[name] = np.array(vector, dtype=float)
    return stretch


def _times(location: Vector, stretch: Array) -> Vector:
    x, y, z = (float(a * b) for a, b in zip(location, stretch, strict=True))
    return x, y, z


# --- bodies ---------------------------------------------------------------------------------------------------------


def _body(body: Body, stretch: Array, by_volume: bool) -> Body:
    grown = float(np.prod(stretch)) if by_volume else 1.0
    xx, yy, zz, xy, xz, yz = body.inertia
    moments = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    spread = 0.5 * np.trace(moments) * np.eye(3) - moments  # integral of position by position over the mass
    spread = np.outer(stretch, stretch) * spread * grown
    made = np.trace(spread) * np.eye(3) - spread
    inertia = (made[0, 0], made[1, 1], made[2, 2], made[0, 1], made[0, 2], made[1, 2])
    a, b, c, d, e, f = (float(value) for value in inertia)
    return replace(
        body, mass=body.mass * grown, centre=_times(body.centre, stretch), inertia=(a, b, c, d, e, f)
    )


def _weighed(bodies: list[Body], mass: float | None) -> tuple[Body, ...]:
    if mass is None:
        return tuple(bodies)
    total = math.fsum(body.mass for body in bodies)
    if not mass > 0.0 or not math.isfinite(mass):
        raise InputError(f"mass: must be above 0 kg; got {mass:g}.")
    if total <= 0.0:
        raise InputError("mass: the model's bodies have none to share it by.")
    return tuple(_heavier(body, mass / total) for body in bodies)


def _heavier(body: Body, factor: float) -> Body:
    a, b, c, d, e, f = (value * factor for value in body.inertia)
    return replace(body, mass=body.mass * factor, inertia=(a, b, c, d, e, f))


# --- joints and coordinates -----------------------------------------------------------------------------------------


def _joint(joint: Joint, stretch: Mapping[str, Array]) -> Joint:
    parent, child = stretch[joint.parent], stretch[joint.child]
    return replace(
        joint,
        parent_location=_times(joint.parent_location, parent),
        child_location=_times(joint.child_location, child),
        translations=tuple(_translation(axis, parent) for axis in joint.translations),
    )


def _translation(axis: Axis, stretch: Array) -> Axis:
    if _is_freedom(axis):
        return axis
    return replace(axis, function=scaled(axis.function, _along(axis, stretch)))


def _is_freedom(axis: Axis) -> bool:
    """Tell whether the coordinate itself is the way, in metres: a measured distance does not grow with the body."""
    function = axis.function
    return (
        axis.coordinate is not None
        and isinstance(function, Linear)
        and abs(function.slope) == 1.0
        and (function.intercept == 0.0)
    )


def _along(axis: Axis, stretch: Array) -> float:
    return float(np.linalg.norm(np.array(axis.direction) * stretch) / np.linalg.norm(axis.direction))


def _coordinate(coordinate: Coordinate, model: BodyModel, stretch: Mapping[str, Array]) -> Coordinate:
    """Return a coordinate; a translation that follows another grows with the parent of its joint."""
    if coordinate.coupling is None or coordinate.rotational:
        return coordinate
    for joint in model.joints:
        for axis in joint.translations:
            if axis.coordinate == coordinate.name and _is_freedom(axis):
                factor = _along(axis, stretch[joint.parent])
                low, high = coordinate.range
                return replace(
                    coordinate,
                    default=coordinate.default * factor,
                    range=(low * factor, high * factor),
                    coupling=replace(
                        coordinate.coupling, function=scaled(coordinate.coupling.function, factor)
                    ),
                )
    return coordinate


# --- paths and obstacles --------------------------------------------------------------------------------------------


def _path(path: Path, stretch: Mapping[str, Array]) -> Path:
    return replace(path, points=tuple(_point(point, stretch[point.body]) for point in path.points))


def _point(point: Point, stretch: Array) -> Point:
    moving = point.moving
    if moving is not None:
        x, y, z = (_moving(way, float(factor)) for way, factor in zip(moving, stretch, strict=True))
        moving = (x, y, z)
    return replace(point, location=_times(point.location, stretch), moving=moving)


def _moving(way: Moving | None, factor: float) -> Moving | None:
    return None if way is None else replace(way, function=scaled(way.function, factor))


def _band(band: Band, stretch: Mapping[str, Array]) -> Band:
    patellar = None if band.patellar is None else _path(band.patellar, stretch)
    return replace(band, strap=_path(band.strap, stretch), patellar=patellar)


def _wrap(wrap: Wrap, stretch: Array) -> Wrap:
    """Return an obstacle; a cylinder's radius grows by the mean of its stretched x and y, its length by its z."""
    location = _times(wrap.location, stretch)
    if wrap.shape is Shape.SPHERE:
        return replace(wrap, location=location, radius=wrap.radius * float(stretch.mean()))
    x, y, z = np.linalg.norm(rotation_of(wrap.orientation).T * stretch, axis=1)
    return replace(
        wrap, location=location, radius=wrap.radius * float(x + y) / 2.0, length=wrap.length * float(z)
    )


def _stretched(before: BodyModel, after: BodyModel, lengths: Lengths | None) -> tuple[Muscle, ...]:
    old, new = before.muscles, after.muscles
    if not old:
        return new
    if lengths is None:
        was, now = (straight_lengths(m, [unit.path for unit in u]) for m, u in ((before, old), (after, new)))
    else:
        was, now = (np.asarray(lengths(m), dtype=float)[: len(old)] for m in (before, after))
    if len(was) != len(old) or len(now) != len(old):
        raise InputError(f"lengths: must give {len(old)} path lengths, one for each muscle; gave {len(was)}.")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = now / was
    if not np.all(np.isfinite(ratio)) or np.any(ratio <= 0.0):
        bad = old[int(np.argmin(np.where(np.isfinite(ratio), ratio, -1.0)))].name
        raise InputError(f"lengths: the path of '{bad}' has no length in the default posture.")
    return tuple(
        replace(
            muscle,
            optimal_length=muscle.optimal_length * float(r),
            tendon_slack=muscle.tendon_slack * float(r),
        )
        for muscle, r in zip(new, ratio, strict=True)
    )
