"""Read an OpenSim model (.osim): bodies, joints, couplings, muscles, obstacles, markers.

Frames as the format has them: a joint's translations run along its frame in the parent, then come body-fixed rotations
in the order of the file, then the joint's frame in the child. Neither frame need lie at a body's origin or along its
axes: in the Rajagopal models the knee's do not, in parent and child alike.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from gerdy.errors import FileError
from gerdy.mechanics.model import BodyModel, Coordinate, Joint, Marker, Muscle
from gerdy.mechanics.osim.document import Node, read_xml
from gerdy.mechanics.osim.frames import Frames
from gerdy.mechanics.osim.joints import coupled, ordered, place_joints, read_body, read_couplings, read_joint
from gerdy.mechanics.osim.muscles import read_muscles, read_wraps

OLDEST, NEWEST = 20300, 40600  # document versions that were compared with the format's own reader

# Markers stuck on a limb's flesh or on a plate say nothing about bones; these are how they are commonly named.
CLUSTER = re.compile(r"(th|tb|sh|sk|ua|fa|thi|tib)\d+$|thigh|shank|cluster|upperarm|forearm", re.IGNORECASE)

BESIDE = (
    "ComponentSet",
    "ContactGeometrySet",
    "ControllerSet",
    "ProbeSet",
    "components",
)  # sets not taken over


def load_osim(path: str | Path) -> BodyModel:
    """Return the model an .osim file describes; ``notes`` names everything that was not taken over.

    Raises
    ------
    FileError
        If the file is no model of this format, or its bodies and joints cannot be represented; with the line.
    """
    root = read_xml(path)
    model = _model_of(root)
    notes: list[str] = []
    frames = Frames(model)
    joints, coordinates = _joints(model, frames, notes)
    coordinates = coupled(coordinates, read_couplings(model, notes.append), model)
    wraps = read_wraps(model, frames, notes.append)
    muscles = read_muscles(model, frames, wraps, notes.append)
    _check_coordinates(model, muscles, coordinates)
    markers = _markers(model, frames, notes)
    _note_rest(root, model, notes)
    for kind, names in (
        ("body", [node.name for node in model.listed("BodySet")]),
        ("coordinate", [coordinate.name for coordinate in coordinates]),
        ("muscle", [muscle.name for muscle in muscles]),
    ):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise model.fault(f"has the {kind} '{twice[0]}' more than once.")
    return BodyModel(
        name=model.name or Path(path).stem,
        source=Path(path).name,
        bodies=tuple(read_body(node) for name, node in frames.bodies.items() if name != "ground"),
        joints=tuple(joints),
        coordinates=tuple(coordinates),
        wraps=tuple(wraps.values()),
        muscles=tuple(muscles),
        markers=tuple(markers),
        notes=tuple(notes),
    )


def _model_of(root: Node) -> Node:
    if root.tag != "OpenSimDocument":
        raise FileError(f"{root.file}:{root.line}: is no OpenSim model: it starts with <{root.tag}>.")
    version = root.attributes.get("Version", "")
    if not version.isdigit() or int(version) < OLDEST:
        raise FileError(
            f"{root.file}:{root.line}: document version '{version}' is older than {OLDEST}; "
            "open the model in OpenSim 4 and save it again."
        )
    model = root.first("Model")
    if model is None:
        held = ", ".join(child.tag for child in root.children) or "nothing"
        raise FileError(f"{root.file}:{root.line}: is no model: the document holds {held}.")
    if not model.listed("BodySet"):
        raise model.fault("has no bodies.")
    unit = model.word("length_units", default="meters").lower()
    if unit not in {"meters", "metres", "m", "unassigned"}:
        raise model.need("length_units").fault(f"must be meters; got '{unit}'.")
    return model


def _joints(model: Node, frames: Frames, notes: list[str]) -> tuple[list[Joint], list[Coordinate]]:
    joints: list[Joint] = []
    coordinates: list[Coordinate] = []
    for placed in ordered(place_joints(model, frames), frames.bodies):
        joint, own = read_joint(placed, notes.append)
        joints.append(joint)
        coordinates += own
    return joints, coordinates


def _markers(model: Node, frames: Frames, notes: list[str]) -> list[Marker]:
    found: dict[str, Marker] = {}
    for node in model.listed("MarkerSet"):
        if node.tag != "Marker":
            continue
        if node.name in found:
            notes.append(f"Marker '{node.name}' is there more than once; the first is used.")
            continue
        socket = node.word("socket_parent_frame", "socket_parent_frame_connectee_name", "body")
        body, location = frames.place(node, socket, node.vector("location"))
        landmark = not CLUSTER.search(node.name)
        found[node.name] = Marker(name=node.name, body=body, location=location, landmark=landmark)
    return list(found.values())


def _check_coordinates(model: Node, muscles: list[Muscle], coordinates: list[Coordinate]) -> None:
    known = {coordinate.name for coordinate in coordinates}
    for muscle in muscles:
        for point in muscle.path.points:
            moved = [moving.coordinate for moving in point.moving or () if moving]
            for name in [*moved, *([point.only[0]] if point.only else [])]:
                if name not in known:
                    raise model.fault(f"muscle '{muscle.name}' follows '{name}', which is no coordinate.")


def _note_rest(root: Node, model: Node, notes: list[str]) -> None:
    version = int(root.attributes["Version"])
    if version > NEWEST:
        notes.append(f"document version {version} is newer than {NEWEST}; what it adds is not known here.")
    for tag in BESIDE:
        notes.extend(f"{node.tag} '{node.name}' is not taken over." for node in model.listed(tag))
    notes.extend(
        f"Coordinate '{node.name}': its prescribed motion is not taken over."
        for node in model.walk()
        if node.tag == "Coordinate" and node.truth("prescribed", default=False)
    )
    gravity = model.first("gravity")
    if gravity is not None:
        x, y, z = model.vector("gravity")
        if y >= 0.0 or abs(x) + abs(z) > 1e-6 * abs(y):
            notes.append(
                f"gravity points along {x:g} {y:g} {z:g}; taken for granted is that up is the model's y."
            )
