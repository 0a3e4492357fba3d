"""Rules that a body table must keep beyond its shape: names that exist, numbers that a body can have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from gerdy.errors import InputError
from gerdy.mechanics.model import BodyModel, Path

SIDES = ("+x", "-x", "+y", "-y", "+z", "-z")
ROOTS = ("l2", "l3", "l4", "l5", "s1", "s2")
LEAST_SEGMENT = 1e-6  # m; two points of a path on one spot leave it without a direction


def check(model: BodyModel) -> None:
    """Raise for the first rule that a table breaks.

    Raises
    ------
    InputError
        With row, rule and what would be right.
    """
    for problem in problems(model):
        raise InputError(problem)


def problems(model: BodyModel) -> Iterator[str]:
    """Yield every broken rule, one line each."""
    yield from _names(model)
    yield from _bodies(model)
    yield from _skeleton(model)
    yield from _wraps(model)
    yield from _muscles(model)
    for marker in model.markers:
        if marker.body not in {body.name for body in model.bodies}:
            yield f"landmarks.yaml: {marker.name}: no body '{marker.body}'."
    known = {body.name for body in model.bodies}, {wrap.name for wrap in model.wraps}
    for band in model.bands:
        yield from _path(f"band.yaml: {band.name}: strap", band.strap, *known)
        if band.patellar is not None:
            yield from _path(f"band.yaml: {band.name}: patellar", band.patellar, *known)
        ends = {m.path.points[-1] for m in model.muscles if m.name in band.muscles}
        if ends != {band.strap.points[0]}:
            yield f"band.yaml: {band.name}: each pulling muscle must end where the strap begins."


def _names(model: BodyModel) -> Iterator[str]:
    for kind, records in (
        ("body.yaml: bodies", model.bodies),
        ("body.yaml: joints", model.joints),
        ("body.yaml: coordinates", model.coordinates),
        ("wraps.yaml: wraps", model.wraps),
        ("muscles.yaml: muscles", model.muscles),
        ("landmarks.yaml: landmarks", model.markers),
    ):
        counted = Counter(record.name for record in records)
        for name, times in counted.items():
            if times > 1:
                yield f"{kind}: '{name}' is there {times} times; each name must be its own."


def _bodies(model: BodyModel) -> Iterator[str]:
    for body in model.bodies:
        place = f"body.yaml: bodies.{body.name}"
        if not body.mass > 0.0:
            yield f"{place}: mass must be above 0 kg; got {body.mass:g}."
        xx, yy, zz, xy, xz, yz = body.inertia
        least, middle, most = np.linalg.eigvalsh([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        if not least > 0.0 or most > (least + middle) * (1.0 + 1e-6):
            yield f"{place}: inertia: no solid body has these moments (each must be at most the sum of the others)."


def _skeleton(model: BodyModel) -> Iterator[str]:
    coordinates = {coordinate.name for coordinate in model.coordinates}
    hung = {"ground"}
    bodies = {body.name for body in model.bodies}
    used: set[str] = set()
    for joint in model.joints:
        place = f"body.yaml: joints.{joint.name}"
        if joint.parent not in hung:
            yield f"{place}: its parent '{joint.parent}' must come before it."
        if joint.child not in bodies:
            yield f"{place}: no body '{joint.child}'."
        if joint.child in hung:
            yield f"{place}: '{joint.child}' hangs by another joint already."
        hung.add(joint.child)
        for axis in joint.translations + joint.rotations:
            if axis.coordinate is not None and axis.coordinate not in coordinates:
                yield f"{place}: no coordinate '{axis.coordinate}'."
            if abs(float(np.linalg.norm(axis.direction)) - 1.0) > 1e-3:
                yield f"{place}: the direction {list(axis.direction)} must have length 1."
            used.add(axis.coordinate or "")
    for name in sorted(bodies - hung):
        yield f"body.yaml: bodies.{name}: hangs by no joint."
    for coordinate in model.coordinates:
        if coordinate.name not in used:
            yield f"body.yaml: coordinates.{coordinate.name}: moves nothing."
        if not coordinate.range[0] <= coordinate.default <= coordinate.range[1]:
            yield f"body.yaml: coordinates.{coordinate.name}: its default must lie within its range."


def _wraps(model: BodyModel) -> Iterator[str]:
    bodies = {body.name for body in model.bodies}
    for wrap in model.wraps:
        place = f"wraps.yaml: wraps.{wrap.name}"
        if wrap.body not in bodies:
            yield f"{place}: no body '{wrap.body}'."
        if not wrap.radius > 0.0:
            yield f"{place}: radius must be above 0 mm."
        if wrap.quadrant is not None and wrap.quadrant not in SIDES:
            yield f"{place}: side must be one of {', '.join(SIDES)}; got '{wrap.quadrant}'."


def _muscles(model: BodyModel) -> Iterator[str]:
    known = {body.name for body in model.bodies}, {wrap.name for wrap in model.wraps}
    for muscle in model.muscles:
        place = f"muscles.yaml: muscles.{muscle.name}"
        yield from _path(place, muscle.path, *known)
        for word, number in (
            ("force", muscle.max_force), ("fibre", muscle.optimal_length), ("tendon", muscle.tendon_slack)
        ):  # fmt: skip
            if not number > 0.0:
                yield f"{place}: {word} must be above 0."
        if not 0.0 <= muscle.pennation < 1.4:
            yield f"{place}: pennation must be from 0 to 80 degrees."
        if abs(sum(muscle.roots.values()) - 1.0) > 1e-6 or not set(muscle.roots) <= set(ROOTS):
            yield f"{place}: roots must be among {', '.join(ROOTS)} and add up to 100 per cent."


def _path(place: str, path: Path, bodies: Iterable[str], wraps: Iterable[str]) -> Iterator[str]:
    if len(path.points) < 2:
        yield f"{place}: a path needs two or more points."
    for point in path.points:
        if point.body not in bodies:
            yield f"{place}: path: no body '{point.body}'."
    for first, second in pairwise(path.points):
        apart = np.linalg.norm(np.subtract(first.location, second.location))
        if first.body == second.body and apart < LEAST_SEGMENT:
            yield f"{place}: path: two points in a row lie on one spot."
    for name, start, end in path.wraps:
        if name not in wraps:
            yield f"{place}: over: no wrap '{name}' in wraps.yaml."
        if not 0 <= start < end < len(path.points):
            yield f"{place}: over: {name}: points must rise and be among 0 to {len(path.points) - 1}."
