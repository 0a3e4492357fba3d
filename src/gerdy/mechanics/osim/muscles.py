"""Muscles, their paths and what they wrap over, from an OpenSim model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gerdy.errors import FileError
from gerdy.mechanics.functions import value
from gerdy.mechanics.model import CurveKind, Curves, Moving, Muscle, Path, Point, Shape, Wrap
from gerdy.mechanics.osim.document import Node
from gerdy.mechanics.osim.frames import Frames, angles_of
from gerdy.mechanics.osim.joints import first_function, read_function
from gerdy.mechanics.rotations import Placement

Note = Callable[[str], None]

SHAPES = {"WrapCylinder": Shape.CYLINDER, "WrapSphere": Shape.SPHERE}
MILLARD, THELEN = "Millard2012EquilibriumMuscle", "Thelen2003Muscle"
POINTS = {"PathPoint", "ConditionalPathPoint", "MovingPathPoint"}

# What OpenSim 4 assumes where a file leaves a property of a curve out (read from its own defaults).
ACTIVE = {
    "min_norm_active_fiber_length": 0.4441,
    "transition_norm_fiber_length": 0.73,
    "max_norm_active_fiber_length": 1.8123,
    "shallow_ascending_slope": 0.8616,
    "minimum_value": 0.1,
}
VELOCITY = {
    "concentric_slope_at_vmax": 0.0,
    "concentric_slope_near_vmax": 0.25,
    "isometric_slope": 5.0,
    "eccentric_slope_at_vmax": 0.0,
    "eccentric_slope_near_vmax": 0.15,
    "max_eccentric_velocity_force_multiplier": 1.4,
    "concentric_curviness": 0.6,
    "eccentric_curviness": 0.9,
}


# --- obstacles ------------------------------------------------------------------------------------------------------


def read_wraps(model: Node, frames: Frames, note: Note) -> dict[str, Wrap]:
    """Return the obstacles by name; those of a shape that is not supported, or switched off, are noted."""
    found: dict[str, Wrap] = {}
    ground = [child for child in model.children if child.tag == "Ground"]
    for owner in (*model.listed("BodySet"), *ground, *frames.offsets.values()):
        for node in owner.listed("WrapObjectSet"):
            if node.tag not in SHAPES:
                note(
                    f"{node.tag} '{node.name}' on {owner.name} is not supported: paths pass as if it were not there."
                )
            elif not node.truth("active", default=True):
                note(f"{node.tag} '{node.name}' is switched off in the file.")
            elif node.name in found:
                raise node.fault("an obstacle of this name is already there.")
            else:
                found[node.name] = _wrap(node, owner, frames)
    return found


def _wrap(node: Node, owner: Node, frames: Frames) -> Wrap:
    location, orientation = node.vector("translation"), node.vector("xyz_body_rotation")
    body = owner.name
    if owner.tag == "PhysicalOffsetFrame":
        body, there, turned = frames.resolve(node, owner.name)
        place = Placement.of(there, turned) @ Placement.of(location, orientation)
        x, y, z = (float(v) for v in place.origin)
        location, orientation = (x, y, z), angles_of(place.rotation)
    radius = node.number("radius")
    length = node.number("length", default=0.0)
    if radius <= 0.0 or length < 0.0:
        raise node.fault(f"needs a positive radius and length; has {radius:g} and {length:g}.")
    return Wrap(
        name=node.name,
        body=body,
        shape=SHAPES[node.tag],
        radius=radius,
        length=length,
        location=location,
        orientation=orientation,
        quadrant=_quadrant(node),
    )


def _quadrant(node: Node) -> str | None:
    word = node.word("quadrant", default="all").lower()
    if word == "all":
        return None
    if word.lstrip("+-") not in {"x", "y", "z"} or len(word) > 2:
        raise node.need("quadrant").fault(f"must be x, y, z, with + or -, or all; got '{word}'.")
    return word if word[0] in "+-" else f"+{word}"


# --- paths ----------------------------------------------------------------------------------------------------------


def read_path(node: Node, frames: Frames, wraps: Mapping[str, Wrap], note: Note) -> Path:
    """Return the path of a muscle; obstacles that it names that were not taken over are left out."""
    geometry = next((inner for inner in node.walk() if inner.tag == "GeometryPath"), None)
    if geometry is None:
        raise node.fault("has no GeometryPath; other kinds of path are not supported.")
    points = tuple(_point(item, frames) for item in geometry.listed("PathPointSet"))
    if len(points) < 2:
        raise geometry.fault("needs two points or more.")
    if points[0].only or points[-1].only:
        note(f"{node.tag} '{node.name}': its first or last point comes and goes.")
    found = []
    for item in geometry.listed("PathWrapSet"):
        name = item.word("wrap_object")
        if name not in wraps:
            note(f"{node.tag} '{node.name}' passes as if its obstacle '{name}' were not there.")
            continue
        limits = item.first("range")
        low, high = (-1.0, -1.0) if limits is None else _whole(limits)
        first = max(int(low), 1) - 1
        last = (int(high) if high >= 1 else len(points)) - 1
        if not first < last < len(points):
            raise item.fault(
                f"touches from point {first + 1} to {last + 1}; the path has {len(points)} points."
            )
        found.append((name, first, last))
    return Path(points=points, wraps=tuple(found))


def _whole(node: Node) -> tuple[float, float]:
    values = node.numbers()
    if len(values) != 2:
        raise node.fault("must be two whole numbers.")
    return values[0], values[1]


def _point(node: Node, frames: Frames) -> Point:
    if node.tag not in POINTS:
        raise node.fault(
            f"is a path point of a kind that is not supported; known are {', '.join(sorted(POINTS))}."
        )
    path = node.word("socket_parent_frame", "socket_parent_frame_connectee_name", "body")
    if node.tag == "MovingPathPoint":
        return _moving(node, frames, path)
    body, location = frames.place(node, path, node.vector("location"))
    if node.tag == "PathPoint":
        return Point(body=body, location=location)
    coordinate = _coordinate(node, "socket_coordinate", "socket_coordinate_connectee_name", "coordinate")
    low, high = _whole(node.need("range"))
    return Point(body=body, location=location, only=(coordinate, low, high))


def _moving(node: Node, frames: Frames, path: str) -> Point:
    body, origin = frames.place(node, path, (0.0, 0.0, 0.0))
    if any(origin):
        raise node.fault("moves on an offset frame; that is not supported.")
    moving: list[Moving | None] = []
    still: list[float] = []
    for letter in "xyz":
        tags = (
            f"socket_{letter}_coordinate",
            f"socket_{letter}_coordinate_connectee_name",
            f"{letter}_coordinate",
        )
        holder = node.need(f"{letter}_location")
        inner = first_function(holder) or holder.first("function")
        if inner is None:
            raise holder.fault("has no function.")
        function = read_function(inner)
        if node.word(*tags, default="Unassigned") == "Unassigned":
            moving.append(None)
            still.append(value(function, 0.0))
        else:
            moving.append(Moving(coordinate=_coordinate(node, *tags), function=function))
            still.append(0.0)
    return Point(body=body, location=(still[0], still[1], still[2]), moving=(moving[0], moving[1], moving[2]))


def _coordinate(node: Node, *tags: str) -> str:
    return node.word(*tags).rsplit("/", 1)[-1]


# --- muscles --------------------------------------------------------------------------------------------------------


def read_muscles(model: Node, frames: Frames, wraps: Mapping[str, Wrap], note: Note) -> list[Muscle]:
    """Return the muscles; other forces, and muscles that cannot be taken over, are noted."""
    usual = {node.tag: node for node in model.listed("defaults")}
    found: list[Muscle] = []
    for node in model.listed("ForceSet"):
        if not _is_muscle(node, usual.get(node.tag)):
            note(f"{node.tag} '{node.name}' is not taken over: only muscles are.")
        elif not node.truth("appliesForce", default=not node.truth("isDisabled", default=False)):
            note(f"{node.tag} '{node.name}' is switched off in the file.")
        else:
            try:
                found.append(_muscle(node, usual.get(node.tag), frames, wraps, note))
            except FileError as problem:
                note(f"{node.tag} '{node.name}' is left out: {problem}")
    return found


def _is_muscle(node: Node, usual: Node | None) -> bool:
    return any(place is not None and place.first("max_isometric_force") for place in (node, usual))


def _muscle(node: Node, usual: Node | None, frames: Frames, wraps: Mapping[str, Wrap], note: Note) -> Muscle:
    def number(*tags: str, default: float | None = None) -> float:
        place = node if usual is None or node.first(*tags) else usual
        return (
            place.number(*tags, default=default)
            if place.first(*tags)
            else node.number(*tags, default=default)
        )

    if node.tag not in {MILLARD, THELEN}:
        note(f"{node.tag} '{node.name}' is read with the curves of Millard 2013 instead of its own.")
    muscle = Muscle(
        name=node.name,
        path=read_path(node, frames, wraps, note),
        max_force=number("max_isometric_force"),
        optimal_length=number("optimal_fiber_length"),
        tendon_slack=number("tendon_slack_length"),
        pennation=number("pennation_angle_at_optimal", "pennation_angle", default=0.0),
        max_velocity=number("max_contraction_velocity", "Vmax", default=10.0),
        curves=_curves(node, number),
    )
    for label, size in (("force", muscle.max_force), ("optimal length", muscle.optimal_length)):
        if size <= 0.0:
            raise node.fault(f"{label} must be positive; got {size:g}.")
    if muscle.tendon_slack < 0.0 or not 0.0 <= muscle.pennation < 1.57 or muscle.max_velocity <= 0.0:
        raise node.fault(
            "needs a tendon slack length of 0 or more, a pennation from 0 to 1.57 rad, and a speed."
        )
    return muscle


def _curves(node: Node, number: Callable[..., float]) -> Curves:
    """Return the curves; those of Thelen 2003 hold, in order, its own parameters.

    Thelen: active (width), velocity (shape, eccentric top, where it goes straight), passive (shape, strain at one),
    tendon (strain at one).
    """
    if node.tag == THELEN:
        return Curves(
            kind=CurveKind.THELEN,
            active=(number("KshapeActive", default=0.45),),
            velocity=(
                number("Af", default=0.25),
                number("Flen", default=1.4),
                number("fv_linear_extrap_threshold", default=0.95),
            ),
            passive=(number("KshapePassive", default=5.0), number("FmaxMuscleStrain", default=0.6)),
            tendon=(number("FmaxTendonStrain", default=0.04),),
        )
    if node.tag != MILLARD:
        return Curves()
    return Curves(
        active=_filled(node.first("ActiveForceLengthCurve"), ACTIVE),
        velocity=_filled(node.first("ForceVelocityCurve"), VELOCITY),
        passive=_passive(node.first("FiberForceLengthCurve")),
        tendon=_tendon(node.first("TendonForceLengthCurve")),
    )


def _filled(node: Node | None, usual: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(node.number(tag, default=size) if node else size for tag, size in usual.items())


def _passive(node: Node | None) -> tuple[float, ...]:
    def number(tag: str, default: float) -> float:
        return node.number(tag, default=default) if node else default

    zero, one = number("strain_at_zero_force", 0.0), number("strain_at_one_norm_force", 0.7)
    if node and one <= zero:
        raise node.fault("strain_at_one_norm_force must lie above strain_at_zero_force.")
    stiffness = number("stiffness_at_one_norm_force", 2.0 / (one - zero))
    return zero, one, number("stiffness_at_low_force", 0.2), stiffness, number("curviness", 0.75)


def _tendon(node: Node | None) -> tuple[float, ...]:
    def number(tag: str, default: float) -> float:
        return node.number(tag, default=default) if node else default

    strain = number("strain_at_one_norm_force", 0.049)
    if node and strain <= 0.0:
        raise node.fault("strain_at_one_norm_force must be positive.")
    stiffness = number("stiffness_at_one_norm_force", 1.375 / strain)
    return strain, stiffness, number("norm_force_at_toe_end", 2.0 / 3.0), number("curviness", 0.5)
