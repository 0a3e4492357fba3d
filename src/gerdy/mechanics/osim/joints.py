"""Bodies, joints, coordinates and couplings of an OpenSim model as records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from msgspec.structs import replace

from gerdy.mechanics.functions import scaled, value
from gerdy.mechanics.model import (
    Axis,
    Body,
    Constant,
    Coordinate,
    Coupling,
    Function,
    Joint,
    Linear,
    Piecewise,
    Polynomial,
    Spline,
    Vector,
)
from gerdy.mechanics.osim.document import Node
from gerdy.mechanics.osim.frames import Frames
from gerdy.mechanics.rotations import rotation_of

SPLINES = ("SimmSpline", "NaturalCubicSpline", "natCubicSpline")  # three names of one thing
KNOWN = (
    "Constant",
    "LinearFunction",
    "PolynomialFunction",
    "PiecewiseLinearFunction",
    "MultiplierFunction",
    *SPLINES,
)
X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)

# Joints without functions of their own: the axes their coordinates turn about, then those they move along, in order.
PLAIN: Mapping[str, tuple[tuple[Vector, ...], tuple[Vector, ...]]] = {
    "WeldJoint": ((), ()),
    "PinJoint": ((Z,), ()),
    "UniversalJoint": ((X, Y), ()),
    "SliderJoint": ((), (X,)),
    "GimbalJoint": ((X, Y, Z), ()),
    "BallJoint": ((X, Y, Z), ()),
    "FreeJoint": ((X, Y, Z), (X, Y, Z)),
    "PlanarJoint": ((Z,), (X, Y)),
}


@dataclass(frozen=True)
class Placed:
    """A joint's element and its two bodies, before it is read."""

    node: Node
    parent: str
    child: str
    parent_place: tuple[Vector, Vector]
    child_place: tuple[Vector, Vector]


def read_body(node: Node) -> Body:
    """Return a body: mass, mass centre, inertia about it."""
    mass = node.number("mass", default=0.0)
    if mass < 0.0:
        raise node.need("mass").fault(f"must not be negative; got {mass:g}.")
    joined = node.first("inertia")
    if joined is not None:
        inertia = joined.numbers()
        if len(inertia) not in {3, 6}:
            raise joined.fault("must be three or six numbers: xx yy zz xy xz yz.")
        inertia = (*inertia, *(0.0,) * (6 - len(inertia)))
    else:
        inertia = tuple(
            node.number(f"inertia_{axis}", default=0.0) for axis in ("xx", "yy", "zz", "xy", "xz", "yz")
        )
    xx, yy, zz, xy, xz, yz = inertia
    centre = node.vector("mass_center", default=(0.0, 0.0, 0.0))
    return Body(name=node.name, mass=mass, centre=centre, inertia=(xx, yy, zz, xy, xz, yz))


def place_joints(model: Node, frames: Frames) -> list[Placed]:
    """Return the joints with what they join, whether they stand in a set of their own or inside their bodies."""
    placed = []
    for node in model.listed("JointSet"):
        parent, *parent_place = frames.resolve(
            node, node.word("socket_parent_frame", "socket_parent_frame_connectee_name"), owner=node.name
        )
        child, *child_place = frames.resolve(
            node, node.word("socket_child_frame", "socket_child_frame_connectee_name"), owner=node.name
        )
        placed.append(
            Placed(node, parent, child, (parent_place[0], parent_place[1]), (child_place[0], child_place[1]))
        )
    for body in model.listed("BodySet"):
        joint = body.first("Joint")
        for node in joint.children if joint else ():
            zero = (0.0, 0.0, 0.0)
            there = (
                node.vector("location_in_parent", default=zero),
                node.vector("orientation_in_parent", default=zero),
            )
            here = node.vector("location", default=zero), node.vector("orientation", default=zero)
            parent = frames.body(node, node.word("parent_body"))
            placed.append(Placed(node, parent, body.name, there, here))
    return placed


def ordered(placed: Iterable[Placed], bodies: Mapping[str, Node]) -> list[Placed]:
    """Return joints so that each parent comes before its children; every body must hang on exactly one."""
    waiting = list(placed)
    seen: set[str] = set()
    for joint in waiting:
        if joint.child in seen or joint.child == "ground":
            raise joint.node.fault(f"body '{joint.child}' would hang on two joints; loops are not supported.")
        seen.add(joint.child)
    for name, node in bodies.items():
        if name != "ground" and name not in seen:
            raise node.fault("hangs on no joint; join it to its parent or to ground.")
    result: list[Placed] = []
    reached = {"ground"}
    while waiting:
        ready = [joint for joint in waiting if joint.parent in reached]
        if not ready:
            raise waiting[0].node.fault(
                f"is not joined to ground (its parent '{waiting[0].parent}' is not either)."
            )
        result += ready
        reached |= {joint.child for joint in ready}
        waiting = [joint for joint in waiting if joint.child not in reached]
    return result


def read_joint(placed: Placed, note: Callable[[str], None]) -> tuple[Joint, list[Coordinate]]:
    """Return a joint with its coordinates."""
    node = placed.node
    if node.truth("reverse", default=False) and node.tag != "WeldJoint":
        raise node.fault("is reversed (child to parent); that is not supported, swap parent and child.")
    coordinates = node.listed("CoordinateSet") or node.listed("coordinates")
    if node.tag == "CustomJoint":
        translations, rotations = _spatial(node)
    elif node.tag in PLAIN:
        translations, rotations = _plain(node, [coordinate.name for coordinate in coordinates])
    else:
        raise node.fault(
            f"is a joint of a kind that is not supported; known are CustomJoint, {', '.join(PLAIN)}."
        )
    used = {axis.coordinate for axis in rotations}
    moved = used | {axis.coordinate for axis in translations}
    for coordinate in coordinates:
        if coordinate.name not in moved:
            note(f"Coordinate '{coordinate.name}' moves nothing in joint '{node.name}' and is left out.")
    if unknown := moved - {None} - {coordinate.name for coordinate in coordinates}:
        raise node.fault(
            f"an axis follows the coordinate '{min(map(str, unknown))}', which is not this joint's."
        )
    joint = Joint(
        name=node.name,
        parent=placed.parent,
        child=placed.child,
        parent_location=placed.parent_place[0],
        parent_orientation=placed.parent_place[1],
        child_location=placed.child_place[0],
        child_orientation=placed.child_place[1],
        translations=translations,
        rotations=rotations,
    )
    return carrying(joint), [
        _coordinate(item, rotational=item.name in used) for item in coordinates if item.name in moved
    ]


def _coordinate(node: Node, *, rotational: bool) -> Coordinate:
    limits = node.first("range")
    low, high = (-3.2, 3.2) if limits is None else _pair(limits)
    return Coordinate(
        name=node.name,
        default=node.number("default_value", default=0.0),
        range=(low, high),
        rotational=rotational,
        locked=node.truth("locked", default=False),
        clamped=node.truth("clamped", default=False),
    )


def _pair(node: Node) -> tuple[float, float]:
    values = node.numbers()
    if len(values) != 2 or values[0] > values[1]:
        raise node.fault(f"must be two rising numbers; got '{' '.join(node.text.split())}'.")
    return values[0], values[1]


# --- axes -----------------------------------------------------------------------------------------------------------


def _plain(node: Node, names: list[str]) -> tuple[tuple[Axis, ...], tuple[Axis, ...]]:
    turning, moving = PLAIN[node.tag]
    if len(names) != len(turning) + len(moving):
        raise node.fault(f"needs {len(turning) + len(moving)} coordinates; has {len(names)}.")
    axes = [
        Axis(direction=direction, coordinate=name, function=Linear())
        for direction, name in zip((*turning, *moving), names, strict=True)
    ]
    return tuple(axes[len(turning) :]), tuple(axes[: len(turning)])


def _spatial(node: Node) -> tuple[tuple[Axis, ...], tuple[Axis, ...]]:
    found = {
        axis.name: axis for axis in node.need("SpatialTransform").children if axis.tag == "TransformAxis"
    }
    translations = [
        _axis(found[name]) for name in ("translation1", "translation2", "translation3") if name in found
    ]
    rotations = [_axis(found[name]) for name in ("rotation1", "rotation2", "rotation3") if name in found]
    return tuple(translations), tuple(rotations)


def _axis(node: Node) -> Axis:
    direction = np.array(node.vector("axis"))
    length = float(np.linalg.norm(direction))
    if length == 0.0:
        raise node.need("axis").fault("must not be zero.")
    coordinates = node.word("coordinates", default="").split()
    function = first_function(node)
    shape: Function = (
        (Linear() if coordinates else Constant()) if function is None else read_function(function)
    )
    if isinstance(shape, Constant):
        return Axis(direction=_vector(direction / length), function=shape)
    if len(coordinates) != 1:
        raise node.fault(f"its function must follow one coordinate; got '{' '.join(coordinates)}'.")
    return Axis(direction=_vector(direction / length), coordinate=coordinates[0], function=shape)


def _vector(values: Iterable[float]) -> Vector:
    x, y, z = (float(v) + 0.0 for v in values)
    return x, y, z


# --- functions ------------------------------------------------------------------------------------------------------


def first_function(node: Node) -> Node | None:
    """Return the function element a node holds, bare or inside ``<function>``."""
    for child in node.children:
        if child.tag == "function":
            return child.children[0] if child.children else None
        if child.tag in SPLINES or child.tag == "Constant" or child.tag.endswith(("Function", "Spline")):
            return child
    return None


def read_function(node: Node) -> Function:
    """Return a function of one coordinate; a factor around it is multiplied in."""
    if node.tag == "Constant":
        return Constant(node.number("value", default=0.0))
    if node.tag == "LinearFunction":
        inner = node.first("coefficients")
        coefficients = (1.0, 0.0) if inner is None else inner.numbers()
        if len(coefficients) != 2:
            raise node.fault("must be a slope and an intercept.")
        return Linear(*coefficients)
    if node.tag == "PolynomialFunction":
        coefficients = node.need("coefficients").numbers()
        if not coefficients:
            raise node.fault("has no coefficients.")
        return Polynomial(coefficients)
    if node.tag == "MultiplierFunction":
        inner = first_function(node)
        if inner is None:
            raise node.fault("has no function inside.")
        return scaled(read_function(inner), node.number("scale", default=1.0))
    if node.tag in SPLINES or node.tag == "PiecewiseLinearFunction":
        return _through_points(node)
    raise node.fault(f"is a function of a kind that is not supported; known are {', '.join(KNOWN)}.")


def _through_points(node: Node) -> Function:
    x, y = node.need("x").numbers(), node.need("y").numbers()
    if len(x) != len(y) or not x:
        raise node.fault(f"needs as many y as x; has {len(x)} and {len(y)}.")
    if any(b <= a for a, b in pairwise(x)):
        raise node.fault("its x must rise.")
    if len(x) == 1:
        return Constant(y[0])
    return Piecewise(x, y) if node.tag == "PiecewiseLinearFunction" else Spline(x, y)


# --- couplings ------------------------------------------------------------------------------------------------------


def read_couplings(model: Node, note: Callable[[str], None]) -> dict[str, Coupling]:
    """Return by dependent coordinate what it follows; other constraints are noted."""
    found: dict[str, Coupling] = {}
    for node in model.listed("ConstraintSet"):
        if node.tag != "CoordinateCouplerConstraint":
            note(f"{node.tag} '{node.name}' is not taken over: the joints alone say how the body moves.")
            continue
        if not node.truth("isEnforced", default=not node.truth("isDisabled", default=False)):
            note(f"CoordinateCouplerConstraint '{node.name}' is switched off in the file.")
            continue
        leaders = node.word("independent_coordinate_names").split()
        inner = node.need("coupled_coordinates_function")
        function = first_function(inner) or next(iter(inner.children), None)
        if len(leaders) != 1 or function is None:
            raise node.fault("must follow one coordinate by one function.")
        factor = node.number("scale_factor", default=1.0)
        found[node.word("dependent_coordinate_name")] = Coupling(
            leaders[0], scaled(read_function(function), factor)
        )
    return found


def coupled(
    coordinates: Iterable[Coordinate], couplings: Mapping[str, Coupling], model: Node
) -> list[Coordinate]:
    """Return the coordinates with their couplings; a coupled one starts where its leader puts it."""
    by_name = {coordinate.name: coordinate for coordinate in coordinates}
    for name, coupling in couplings.items():
        if name not in by_name or coupling.of not in by_name:
            raise model.fault(f"couples '{name}' to '{coupling.of}'; one of them is no coordinate.")
        if coupling.of in couplings:
            raise model.fault(f"couples '{name}' to '{coupling.of}', which itself follows another.")
        start = value(coupling.function, by_name[coupling.of].default)
        by_name[name] = replace(by_name[name], default=start, locked=False, coupling=coupling)
    return list(by_name.values())


# --- loads that joints carry ----------------------------------------------------------------------------------------


def carrying(joint: Joint) -> Joint:
    """Return a hip, knee or patellar joint with the axes along which its load is reported.

    Forces are named <joint>_<side>_x, _y, _z along the axes of the parent body. Where the joint's own axis is not that
    of the body, a still one is added. At the knee, rotations beside flexion are named adduction and rotation and turned
    so that adduction and internal rotation of the tibia are positive on either side.
    """
    match = re.fullmatch(r"(femur|tibia|patella)_([rl])", joint.child)
    if match is None:
        return _without_idle(joint)
    bone, side = match.groups()
    label = {"femur": "hip", "tibia": "knee", "patella": "patella"}[bone] + f"_{side}"
    to_body = rotation_of(joint.parent_orientation)
    translations = list(joint.translations)
    for letter, unit in (("x", X), ("y", Y), ("z", Z)):
        if bone == "patella" and letter != "z":
            continue
        wanted = to_body.T @ np.array(unit)
        _carry(translations, wanted, f"{label}_{letter}")
    rotations = joint.rotations
    if bone == "tibia":
        rotations = tuple(_named(axis, to_body, side, label) for axis in rotations)
    return _without_idle(replace(joint, translations=tuple(translations), rotations=rotations))


def _carry(axes: list[Axis], wanted: np.ndarray, name: str) -> None:
    for i, axis in enumerate(axes):
        along = float(wanted @ np.array(axis.direction))
        if abs(along) > 1.0 - 1e-9:
            axes[i] = _turned(axis, np.sign(along), name)
            return
    axes.append(Axis(direction=_vector(wanted), carried=name))


def _named(axis: Axis, to_body: np.ndarray, side: str, label: str) -> Axis:
    """Return a rotation of the knee, named by the body axis it is nearest to; flexion stays unnamed."""
    along = to_body @ np.array(axis.direction)
    nearest = int(np.argmax(np.abs(along)))
    if nearest == 2:
        return axis
    outward = 1.0 if side == "r" else -1.0
    return _turned(axis, np.sign(along[nearest]) * outward, f"{label}_{('adduction', 'rotation')[nearest]}")


def _turned(axis: Axis, sign: float, name: str) -> Axis:
    direction = _vector(sign * np.array(axis.direction))
    function = axis.function if sign > 0 else scaled(axis.function, -1.0)
    return Axis(direction=direction, coordinate=axis.coordinate, function=function, carried=name)


def _without_idle(joint: Joint) -> Joint:
    def kept(axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
        return tuple(a for a in axes if a.carried or a.coordinate or a.function != Constant(0.0))

    return replace(joint, translations=kept(joint.translations), rotations=kept(joint.rotations))
