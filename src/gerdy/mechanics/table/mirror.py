"""The left side from the right: everything reflected in the plane that halves the body (z becomes -z).

A place keeps x and y and turns z about. An axis of rotation turns x and y about and keeps z, so that the same angle is
the same movement of the other side (flexion, adduction, internal rotation).
"""

from __future__ import annotations

from msgspec.structs import replace

from gerdy.mechanics.functions import scaled
from gerdy.mechanics.model import (
    Axis,
    Band,
    Body,
    Coordinate,
    Coupling,
    Joint,
    Marker,
    Moving,
    Muscle,
    Path,
    Point,
    Vector,
    Wrap,
)


def other(name: str) -> str:
    """Return the left side's name for a right one's (``hip_r``, ``hip_r_x``, ``r_asis``); others stay as they are."""
    if name.startswith("r_"):
        return f"l_{name[2:]}"
    if name.endswith("_r"):
        return f"{name[:-2]}_l"
    return name.replace("_r_", "_l_")


def body(right: Body) -> Body:
    """Return the left segment."""
    xx, yy, zz, xy, xz, yz = right.inertia
    return replace(
        right, name=other(right.name), centre=_place(right.centre), inertia=(xx, yy, zz, xy, -xz, -yz)
    )  # fmt: skip


def coordinate(right: Coordinate) -> Coordinate:
    """Return the left coordinate: the same range and the same sense."""
    coupling = right.coupling and Coupling(other(right.coupling.of), right.coupling.function)
    return replace(right, name=other(right.name), coupling=coupling)


def joint(right: Joint) -> Joint:
    """Return the left joint."""
    return replace(
        right,
        name=other(right.name),
        parent=other(right.parent),
        child=other(right.child),
        parent_location=_place(right.parent_location),
        parent_orientation=_turn(right.parent_orientation),
        child_location=_place(right.child_location),
        child_orientation=_turn(right.child_orientation),
        translations=tuple(_axis(axis, _place(axis.direction)) for axis in right.translations),
        rotations=tuple(_axis(axis, _turn(axis.direction)) for axis in right.rotations),
    )


def wrap(right: Wrap) -> Wrap:
    """Return the left obstacle."""
    quadrant = right.quadrant
    if quadrant is not None and quadrant.endswith("z"):
        quadrant = "-z" if quadrant == "+z" else "+z"
    return replace(
        right,
        name=other(right.name),
        body=other(right.body),
        location=_place(right.location),
        orientation=_turn(right.orientation),
        quadrant=quadrant,
    )


def path(right: Path) -> Path:
    """Return the left path."""
    wraps = tuple((other(name), first, last) for name, first, last in right.wraps)
    return Path(points=tuple(_point(point) for point in right.points), wraps=wraps)


def muscle(right: Muscle) -> Muscle:
    """Return the left muscle."""
    return replace(right, name=other(right.name), path=path(right.path))


def marker(right: Marker) -> Marker:
    """Return the left landmark."""
    return replace(right, name=other(right.name), body=other(right.body), location=_place(right.location))


def band(right: Band) -> Band:
    """Return the left band."""
    return Band(
        name=other(right.name),
        side="l",
        muscles=tuple(other(name) for name in right.muscles),
        strap=path(right.strap),
        patellar=right.patellar and path(right.patellar),
    )


def _place(vector: Vector) -> Vector:
    x, y, z = vector
    return (x, y, -z)


def _turn(vector: Vector) -> Vector:
    """Mirror an axis of rotation, or body-fixed x-y-z angles: both change as a rotation does."""
    x, y, z = vector
    return (-x, -y, z)


def _axis(right: Axis, direction: Vector) -> Axis:
    return replace(
        right,
        direction=direction,
        coordinate=right.coordinate and other(right.coordinate),
        carried=right.carried and other(right.carried),
    )


def _point(right: Point) -> Point:
    moving = right.moving
    if moving is not None:
        moved = [m and Moving(coordinate=other(m.coordinate), function=m.function) for m in moving]
        z = moved[2]
        moved[2] = z and Moving(coordinate=z.coordinate, function=scaled(z.function, -1.0))
        moving = (moved[0], moved[1], moved[2])
    only = right.only and (other(right.only[0]), right.only[1], right.only[2])
    return Point(body=other(right.body), location=_place(right.location), moving=moving, only=only)
