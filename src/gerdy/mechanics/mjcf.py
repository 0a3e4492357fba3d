"""A body model as MJCF: bodies, joints, obstacles, paths; what moves each joint is kept beside it.

Every joint becomes slides, then hinges, of one MuJoCo body whose frame is the joint's child frame. That is exactly the
spatial transform of the field's models: translations in the parent's frame, then body-fixed rotations. Constraints
are off; knees and kneecaps follow their couplings by explicit kinematics.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from gerdy.errors import InputError
from gerdy.mechanics.functions import value
from gerdy.mechanics.model import Axis, Body, BodyModel, Constant, Function, Joint, Point, Shape, Wrap
from gerdy.mechanics.rotations import Placement

GRAVITY = 9.80665  # m/s2, standard gravity
LEAST_MASS = 1e-6  # kg; MuJoCo refuses a moving body without any, and a kneecap's table may give none
LEAST_INERTIA = 1e-9  # kg m2
MOST_FREEDOMS = 6  # that MuJoCo lets one body have
SIDE_SITE = (
    1.6  # radii from the axis; where a path's side is marked, clear of the obstacle (evidence: derived)
)


@dataclass(frozen=True)
class Freedom:
    """One MuJoCo joint: which coordinate drives it (None: it rests), by which function, and what it reports."""

    name: str
    coordinate: str | None
    function: Function
    carried: str | None


@dataclass
class Draft:
    """An MJCF document being written."""

    model: BodyModel
    root: ET.Element
    elements: dict[str, ET.Element] = field(default_factory=dict)
    lines: ET.Element = field(default_factory=lambda: ET.Element("tendon"))
    frames: dict[str, Placement] = field(default_factory=dict)  # of a table's body in its MuJoCo body
    freedoms: list[Freedom] = field(default_factory=list)
    tendons: list[str] = field(default_factory=list)
    sites: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The document."""
        return ET.tostring(self.root, encoding="unicode")


def draft(model: BodyModel, *, balance_inertia: bool = False) -> Draft:
    """Return the MJCF of a model's skeleton, obstacles and markers; paths are added with ``add_path``.

    Raises
    ------
    InputError
        If a joint names an unknown body, or a body hangs on nothing.
    """
    root = ET.Element("mujoco", model=model.name)
    ET.SubElement(
        root, "compiler", angle="radian", autolimits="false", inertiafromgeom="false",
        balanceinertia="true" if balance_inertia else "false",
    )  # fmt: skip
    option = ET.SubElement(root, "option", gravity=f"0 {-GRAVITY} 0")
    ET.SubElement(
        option, "flag", constraint="disable", contact="disable", limit="disable", equality="disable"
    )
    made = Draft(model, root)
    made.elements["ground"] = ET.SubElement(root, "worldbody")
    made.frames["ground"] = Placement.of((0, 0, 0), (0, 0, 0))
    _add_bodies(made)
    for wrap in model.wraps:
        _add_wrap(made, wrap)
    for marker in model.markers:
        _add_site(made, f"marker {marker.name}", marker.body, marker.location)
    root.append(made.lines)
    return made


def add_point(made: Draft, name: str, point: Point) -> None:
    """Add a path point as a site of this name, once; a moving one rides on slides driven by its coordinate."""
    if name in made.sites:
        return
    if point.moving is None:
        _add_site(made, name, point.body, point.location)
        return
    still = [0.0 if mover else x for x, mover in zip(point.location, point.moving, strict=True)]
    drives = [(mover.coordinate, mover.function) if mover else None for mover in point.moving]
    add_moving(made, name, point.body, still, drives)


def add_moving(
    made: Draft,
    name: str,
    body: str,
    location: ArrayLike,
    drives: Sequence[tuple[str | None, Function] | None],
) -> None:
    """Add a site that moves along a body's x, y and z, each by a function of a coordinate (None: still)."""
    frame = made.frames[body]
    holder = ET.SubElement(
        made.elements[body], "body", name=f"point {name}", pos=_numbers(frame.point(location))
    )
    for column, drive in enumerate(drives):
        if drive is not None:
            coordinate, function = drive
            axis = frame.rotation[:, column]
            _add_freedom(made, holder, f"{name} {'xyz'[column]}", "slide", axis, coordinate, function, None)
    _add_trifle(holder)
    ET.SubElement(holder, "site", name=name, pos="0 0 0")
    made.sites.add(name)


def add_path(made: Draft, name: str, sites: Sequence[str], wraps: Sequence[tuple[int, str]]) -> None:
    """Add a path through sites as a spatial tendon; ``wraps`` are (index of the site before, obstacle)."""
    tendon = ET.SubElement(made.lines, "spatial", name=name)
    sided = {wrap.name for wrap in made.model.wraps if wrap.quadrant}
    for i, site in enumerate(sites):
        ET.SubElement(tendon, "site", site=site)
        for before, obstacle in wraps:
            if before == i:
                over = ET.SubElement(tendon, "geom", geom=obstacle)
                if obstacle in sided:
                    over.set("sidesite", f"side {obstacle}")
    made.tendons.append(name)


def _add_bodies(made: Draft) -> None:
    bodies = {body.name: body for body in made.model.bodies}
    waiting = list(made.model.joints)
    while waiting:
        ready = [joint for joint in waiting if joint.parent in made.elements]
        if not ready:
            names = ", ".join(f"{joint.name} ({joint.parent})" for joint in waiting)
            raise InputError(f"model {made.model.name}: joints whose parent body hangs on nothing: {names}.")
        for joint in ready:
            if joint.child not in bodies:
                raise InputError(f"model {made.model.name}, joint {joint.name}: no body '{joint.child}'.")
            _add_body(made, bodies[joint.child], joint)
            waiting.remove(joint)


def _add_body(made: Draft, body: Body, joint: Joint) -> None:
    parent = made.frames[joint.parent] @ Placement.of(joint.parent_location, joint.parent_orientation)
    shift = np.zeros(3)
    for axis in joint.translations:
        if axis.coordinate is None and axis.carried is None:
            shift += value(axis.function, 0.0) * np.asarray(axis.direction)
    element = ET.SubElement(
        made.elements[joint.parent], "body", name=body.name, pos=_numbers(parent.point(shift)),
        quat=_numbers(parent.quaternion),
    )  # fmt: skip
    made.elements[body.name] = element
    made.frames[body.name] = Placement.of(joint.child_location, joint.child_orientation).inverse()
    slides = [axis for axis in joint.translations if axis.coordinate is not None or axis.carried is not None]
    hinges = [axis for axis in joint.rotations if axis.carried is not None or not _still(axis)]
    if len(slides) + len(hinges) > MOST_FREEDOMS:
        element = made.elements[body.name] = _carried_on(element, slides, joint, made)
        slides = []
    for number, axis in enumerate(slides):
        _add_axis(made, element, joint, "slide", number, axis)
    for number, axis in enumerate(hinges):
        _add_axis(made, element, joint, "hinge", number, axis)
    _add_inertia(made, element, body)


def _still(axis: Axis) -> bool:
    return isinstance(axis.function, Constant) and axis.function.value == 0.0


def _carried_on(element: ET.Element, slides: Sequence[Axis], joint: Joint, made: Draft) -> ET.Element:
    """Make a body of the slides alone, and return a body within it for the hinges."""
    name = element.attrib["name"]
    element.attrib["name"] = f"{name} slides"
    for number, axis in enumerate(slides):
        _add_axis(made, element, joint, "slide", number, axis)
    _add_trifle(element)
    return ET.SubElement(element, "body", name=name)


def _add_trifle(element: ET.Element) -> None:
    ET.SubElement(
        element, "inertial", pos="0 0 0", mass=repr(LEAST_MASS), diaginertia=_numbers([LEAST_INERTIA] * 3)
    )


def _add_axis(made: Draft, element: ET.Element, joint: Joint, kind: str, number: int, axis: Axis) -> None:
    name = f"{joint.name} {kind} {number + 1}"
    _add_freedom(made, element, name, kind, axis.direction, axis.coordinate, axis.function, axis.carried)


def _add_freedom(
    made: Draft,
    element: ET.Element,
    name: str,
    kind: str,
    direction: ArrayLike,
    coordinate: str | None,
    function: Function,
    carried: str | None,
) -> None:
    size = float(np.linalg.norm(direction))
    if size < 1e-9:
        raise InputError(f"model {made.model.name}, joint axis {name}: the direction has no length.")
    ET.SubElement(
        element,
        "joint",
        name=name,
        type=kind,
        axis=_numbers(np.asarray(direction) / size),
        limited="false",
        armature="1",
    )
    made.freedoms.append(Freedom(name, coordinate, function, carried))


def _add_inertia(made: Draft, element: ET.Element, body: Body) -> None:
    frame = made.frames[body.name]
    xx, yy, zz, xy, xz, yz = body.inertia
    tensor = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
    if np.trace(tensor) < 3 * LEAST_INERTIA:
        tensor = LEAST_INERTIA * np.eye(3)
    turned = frame.rotation @ tensor @ frame.rotation.T
    full = turned[[0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]]
    ET.SubElement(
        element, "inertial", pos=_numbers(frame.point(body.centre)), mass=repr(max(body.mass, LEAST_MASS)),
        fullinertia=_numbers(full),
    )  # fmt: skip


def _add_wrap(made: Draft, wrap: Wrap) -> None:
    frame = made.frames[wrap.body] @ Placement.of(wrap.location, wrap.orientation)
    size = (
        repr(wrap.radius) if wrap.shape is Shape.SPHERE else f"{wrap.radius!r} {max(wrap.length, 1e-3) / 2!r}"
    )
    ET.SubElement(
        made.elements[wrap.body], "geom", name=wrap.name, type=str(wrap.shape), size=size,
        pos=_numbers(frame.origin), quat=_numbers(frame.quaternion), contype="0", conaffinity="0", mass="0",
    )  # fmt: skip
    if wrap.quadrant:
        sign = -1.0 if wrap.quadrant[0] == "-" else 1.0
        side = np.zeros(3)
        side["xyz".index(wrap.quadrant[-1])] = sign * SIDE_SITE * wrap.radius
        ET.SubElement(
            made.elements[wrap.body], "site", name=f"side {wrap.name}", pos=_numbers(frame.point(side))
        )


def _add_site(made: Draft, name: str, body: str, location: ArrayLike) -> None:
    if body not in made.elements:
        raise InputError(f"model {made.model.name}, {name}: no body '{body}'.")
    ET.SubElement(made.elements[body], "site", name=name, pos=_numbers(made.frames[body].point(location)))
    made.sites.add(name)


def _numbers(values: ArrayLike) -> str:
    return " ".join(repr(float(v)) for v in np.asarray(values, dtype=float).ravel())
