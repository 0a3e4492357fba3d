"""Where the bodies of a model lie in one posture, straight from the records: for scaling, checks and drawings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from gerdy.mechanics.functions import value
from gerdy.mechanics.model import Axis, BodyModel, Path, Point
from gerdy.mechanics.rotations import Array, Placement


def default_values(model: BodyModel) -> dict[str, float]:
    """Return every coordinate's value (rad, m) in the default posture, couplings kept."""
    return full_values(model, {})


def full_values(model: BodyModel, given: Mapping[str, float]) -> dict[str, float]:
    """Return every coordinate's value where some are given; the others stay at their default, coupled ones follow."""
    values = {c.name: given.get(c.name, c.default) for c in model.coordinates}
    for c in model.coordinates:
        if c.coupling is not None:
            values[c.name] = value(c.coupling.function, values[c.coupling.of])
    return values


def place_bodies(model: BodyModel, values: Mapping[str, float] | None = None) -> dict[str, Placement]:
    """Return where ground and each body lie in the ground, in the posture of these coordinate values."""
    values = default_values(model) if values is None else values
    placed = {"ground": Placement.of((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))}
    for joint in model.joints:
        base = placed[joint.parent] @ Placement.of(joint.parent_location, joint.parent_orientation)
        moved = sum((_at(axis, values) * _unit(axis) for axis in joint.translations), start=np.zeros(3))
        turned = np.eye(3)
        for axis in joint.rotations:
            turned = turned @ _turn(_unit(axis), _at(axis, values))
        seat = Placement.of(joint.child_location, joint.child_orientation)
        placed[joint.child] = base @ Placement(turned, moved) @ seat.inverse()
    return placed


def place_point(point: Point, placed: Mapping[str, Placement], values: Mapping[str, float]) -> Array:
    """Return a path point (3,) in the ground."""
    location = list(point.location)
    for i, moving in enumerate(point.moving or ()):
        if moving is not None:
            location[i] = value(moving.function, values[moving.coordinate])
    return placed[point.body].point(location)


def straight_lengths(model: BodyModel, paths: Iterable[Path]) -> Array:
    """Return the lengths (n,) m of paths in the default posture, straight from point to point, obstacles ignored."""
    values = default_values(model)
    placed = place_bodies(model, values)
    lengths = []
    for path in paths:
        there = [p for p in path.points if p.only is None or p.only[1] <= values[p.only[0]] <= p.only[2]]
        points = np.array([place_point(point, placed, values) for point in there])
        lengths.append(float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum()))
    return np.array(lengths)


def _unit(axis: Axis) -> Array:
    direction = np.array(axis.direction)
    unit: Array = direction / np.linalg.norm(direction)
    return unit


def _at(axis: Axis, values: Mapping[str, float]) -> float:
    return value(axis.function, 0.0 if axis.coordinate is None else values[axis.coordinate])


def _turn(axis: Array, angle: float) -> Array:
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turned: Array = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross
    return turned
