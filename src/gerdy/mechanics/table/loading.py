"""Gerdy's own body: the tables in ``data/`` as one body model, checked row by row.

The tables hold the right side; the left is its mirror image. Whoever edits a number edits a row there, with its source
and grade; nothing about the body is written in code.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path as FilePath
from typing import TypeVar

from gerdy.errors import InputError
from gerdy.mechanics.band_ranges import load_ranges
from gerdy.mechanics.model import (
    Axis,
    Band,
    Body,
    BodyModel,
    Constant,
    Coordinate,
    Curves,
    Function,
    Joint,
    Linear,
    Marker,
    Muscle,
    Path,
    Point,
    Spline,
    Vector,
    Wrap,
)
from gerdy.mechanics.table import mirror, rows
from gerdy.mechanics.table.armless import without
from gerdy.mechanics.table.soundness import check

NAME = "gerdy"
MM, PER_CENT = 1e-3, 1e-2
Record = TypeVar("Record", Body, Joint, Coordinate, Wrap, Muscle, Marker, Band)


@lru_cache(maxsize=8)
def table(
    *, arms: bool = True, gluteus_share: float | None = None, folder: FilePath = rows.FOLDER
) -> BodyModel:
    """Return the generic adult body with its iliotibial bands.

    Parameters
    ----------
    arms : without them their mass hangs still at the torso, as they lie when every arm angle is zero.
    gluteus_share : share of the upper gluteus maximus that pulls on the band; None for the table's own.
    folder : where the tables lie.

    Raises
    ------
    InputError
        For a share outside its range, or a table that is not sound (file, row and rule are named).
    """
    skeleton = rows.read("body.yaml", rows.Skeleton, folder)
    band = rows.read("band.yaml", rows.BandTable, folder)
    muscles = rows.read("muscles.yaml", rows.Muscles, folder)
    model = BodyModel(
        name=NAME,
        source="gerdy/mechanics/data",
        bodies=_both(map(_body, skeleton.bodies), mirror.body),
        joints=_both(_joints(skeleton), mirror.joint),
        coordinates=_both(map(_coordinate, skeleton.coordinates), mirror.coordinate),
        wraps=_both(map(_wrap, rows.read("wraps.yaml", rows.Obstacles, folder).wraps), mirror.wrap),
        muscles=_both(_muscles(muscles, band, _share(gluteus_share, folder)), mirror.muscle),
        markers=_both(
            map(_marker, rows.read("landmarks.yaml", rows.Landmarks, folder).landmarks), mirror.marker
        ),
        bands=_both([_band(band)], mirror.band),
    )
    check(model)
    return (
        model
        if arms
        else without(model, [part for name in skeleton.arms for part in {name, mirror.other(name)}])
    )


def muscle_groups(folder: FilePath = rows.FOLDER) -> dict[str, tuple[str, ...]]:
    """Return the right leg's muscle names by the group they belong to."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows.read("muscles.yaml", rows.Muscles, folder).muscles:
        found[row.group] = (*found.get(row.group, ()), row.name)
    return found


def _both(right: Iterable[Record], mirrored: Callable[[Record], Record]) -> tuple[Record, ...]:
    """Return the records, those of the right side followed by their mirror images."""
    made = tuple(right)
    return made + tuple(mirrored(record) for record in made if mirror.other(record.name) != record.name)


def _body(row: rows.Segment) -> Body:
    return Body(name=row.name, mass=row.mass, centre=_mm(row.centre), inertia=row.inertia)


def _coordinate(row: rows.Way) -> Coordinate:
    unit = MM if row.length else math.pi / 180.0
    low, high = row.range
    return Coordinate(
        name=row.name,
        default=row.default * unit,
        range=(low * unit, high * unit),
        rotational=not row.length,
        locked=row.locked,
    )


def _joints(skeleton: rows.Skeleton) -> Iterable[Joint]:
    curves = {curve.name: curve for curve in skeleton.curves}
    for row in skeleton.joints:
        yield Joint(
            name=row.name,
            parent=row.parent,
            child=row.child,
            parent_location=_mm(row.at),
            child_location=_mm(row.child_at),
            translations=tuple(_axis(row.name, turn, curves, along=True) for turn in row.translations),
            rotations=tuple(_axis(row.name, turn, curves, along=False) for turn in row.rotations),
        )


def _axis(joint: str, turn: rows.Turn, curves: dict[str, rows.Curve], *, along: bool) -> Axis:
    direction = turn.along if along else turn.about
    wrong = turn.about if along else turn.along
    if direction is None or wrong is not None:
        word = "along" if along else "about"
        raise InputError(
            f"body.yaml: joints.{joint}: each of its {_list(along)} needs '{word}', and only that."
        )
    function: Function = Constant()
    if turn.curve is not None:
        function = _curve(joint, turn, curves, MM if along else math.pi / 180.0)
    elif turn.coordinate is not None:
        function = Linear()
    return Axis(direction=direction, coordinate=turn.coordinate, function=function, carried=turn.carried)


def _list(along: bool) -> str:
    return "translations" if along else "rotations"


def _curve(joint: str, turn: rows.Turn, curves: dict[str, rows.Curve], unit: float) -> Spline:
    place = f"body.yaml: joints.{joint}: curve '{turn.curve}'"
    name, _, column = str(turn.curve).partition(" ")
    if name not in curves or column not in curves[name].columns[1:]:
        known = ", ".join(f"'{c.name} {column}'" for c in curves.values() for column in c.columns[1:])
        raise InputError(f"{place} is unknown; there are {known}.")
    curve = curves[name]
    if turn.coordinate != curve.coordinate:
        raise InputError(f"{place} is over {curve.coordinate}, not over {turn.coordinate}.")
    if any(len(row) != len(curve.columns) for row in curve.rows):
        raise InputError(
            f"body.yaml: curves.{name}: every row needs {len(curve.columns)} numbers, as many as columns."
        )
    index = curve.columns.index(column)
    x = tuple(math.radians(row[0]) for row in curve.rows)
    if len(x) < 2 or any(a >= b for a, b in itertools.pairwise(x)):
        raise InputError(f"body.yaml: curves.{name}: needs two or more rows, the first column rising.")
    return Spline(x=x, y=tuple(row[index] * unit for row in curve.rows))


def _wrap(row: rows.Obstacle) -> Wrap:
    return Wrap(
        name=row.name,
        body=row.body,
        shape=row.shape,
        radius=row.radius * MM,
        length=row.length * MM,
        location=_mm(row.location),
        orientation=_degrees(row.orientation),
        quadrant=row.side,
    )


def _muscles(table: rows.Muscles, band: rows.BandTable, share: float) -> Iterable[Muscle]:
    names = {row.name for row in table.muscles}
    for name in (*band.gluteus.pool, band.gluteus.unit, *band.muscles):
        if name not in names:
            raise InputError(f"band.yaml: no muscle '{name}' in muscles.yaml.")
    given = {name: band.gluteus.pool.get(name, 0.0) * PER_CENT * share for name in names}
    pooled = sum(row.architecture.force * given[row.name] for row in table.muscles)
    for row in table.muscles:
        force = pooled if row.name == band.gluteus.unit else row.architecture.force * (1.0 - given[row.name])
        yield _muscle(row, force, table.active)


def _muscle(row: rows.MuscleRow, force: float, active: rows.Active) -> Muscle:
    made = row.architecture
    zero, one = (PER_CENT * strain for strain in made.passive)
    if not zero < one:
        raise InputError(
            f"muscles.yaml: muscles.{row.name}: passive must rise from its first to its second number."
        )
    usual = Curves().passive
    # Millard's resting curve ends at twice the slope of the straight line between the two strains.
    passive = (zero, one, usual[2], 2.0 / (one - zero), usual[4])
    return Muscle(
        name=row.name,
        path=_path(row),
        max_force=force,
        optimal_length=made.fibre * MM,
        tendon_slack=made.tendon * MM,
        pennation=math.radians(made.pennation),
        curves=Curves(active=(*active.curve, active.slope, 0.0), passive=passive),
        roots={root: share * PER_CENT for root, share in row.roots.items()},
        label=row.label,
    )


def _marker(row: rows.Landmark) -> Marker:
    return Marker(name=row.name, body=row.body, location=_mm(row.at))


def _band(table: rows.BandTable) -> Band:
    return Band(
        name="band_r",
        side="r",
        muscles=tuple(table.muscles),
        strap=_path(table.strap),
        patellar=_path(table.patellar),
    )


def _share(given: float | None, folder: FilePath) -> float:
    published = load_ranges(folder)["gluteus_share"]
    if given is None:
        return published.typical
    if not published.low <= given <= published.high:
        raise InputError(
            f"gluteus_share: must be from {published.low:g} to {published.high:g}; got {given:g}."
        )
    return given


def _path(row: rows.Line) -> Path:
    points = tuple(Point(body=body, location=_mm((x, y, z))) for body, x, y, z in row.path)
    return Path(points=points, wraps=tuple(row.over))


def _mm(place: rows.Triple) -> Vector:
    x, y, z = place
    return (x * MM, y * MM, z * MM)


def _degrees(angles: rows.Triple) -> Vector:
    x, y, z = angles
    return (math.radians(x), math.radians(y), math.radians(z))
