"""A body without some of its segments: their mass goes to what carried them, as they hang in the neutral posture."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from gerdy.mechanics.model import Body, BodyModel, Vector
from gerdy.mechanics.rotations import Placement

Array = NDArray[np.float64]


def without(model: BodyModel, names: Collection[str]) -> BodyModel:
    """Return the model without these bodies, their joints, coordinates and markers; none of its mass is lost.

    Every path must keep clear of them, and they must hang by joints that rest where their coordinates are zero.
    """
    bodies = {body.name: body for body in model.bodies}
    for joint in reversed(model.joints):
        if joint.child in names:
            place = Placement.of(joint.parent_location, joint.parent_orientation)
            place = place @ Placement.of(joint.child_location, joint.child_orientation).inverse()
            bodies[joint.parent] = _joined(bodies[joint.parent], bodies.pop(joint.child), place)
    kept = tuple(joint for joint in model.joints if joint.child not in names)
    moving = {axis.coordinate for joint in kept for axis in joint.translations + joint.rotations}
    return replace(
        model,
        bodies=tuple(bodies.values()),
        joints=kept,
        coordinates=tuple(c for c in model.coordinates if c.name in moving),
        wraps=tuple(w for w in model.wraps if w.body not in names),
        markers=tuple(m for m in model.markers if m.body not in names),
    )


def _joined(carrier: Body, carried: Body, place: Placement) -> Body:
    centres = np.asarray(carrier.centre), place.point(carried.centre)
    mass = carrier.mass + carried.mass
    centre = (carrier.mass * centres[0] + carried.mass * centres[1]) / mass
    total = _shifted(carrier, np.eye(3), centres[0] - centre) + _shifted(
        carried, place.rotation, centres[1] - centre
    )
    xx, yy, zz, xy, xz, yz = (float(total[i, j]) for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)))
    middle: Vector = (float(centre[0]), float(centre[1]), float(centre[2]))
    return Body(name=carrier.name, mass=mass, centre=middle, inertia=(xx, yy, zz, xy, xz, yz))


def _shifted(body: Body, rotation: Array, offset: Array) -> Array:
    """Return a body's inertia tensor about a point ``offset`` away from its mass centre, in the carrier's axes."""
    xx, yy, zz, xy, xz, yz = body.inertia
    tensor = rotation @ np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]) @ rotation.T
    shifted: Array = tensor + body.mass * (offset @ offset * np.eye(3) - np.outer(offset, offset))
    return shifted
