"""A body model compiled: the MuJoCo model, and the tables that tell kernels what moves what."""

from __future__ import annotations

import copy
import itertools
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import mujoco
import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.drive import Drive, drive_of, free_names
from gerdy.mechanics.mjcf import Draft, Freedom, add_moving, add_path, add_point
from gerdy.mechanics.model import BodyModel, Path
from gerdy.mechanics.obstacles import Run, Split, compile_draft, ordered, split, touched, variants
from gerdy.mechanics.rotations import Placement

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class Choice(NamedTuple):
    """Which tendon is a path now: points that come and go make one tendon for each combination of them."""

    tendon: Index  # first tendon of a path
    count: Index  # type: ignore[assignment]  # how many of its points come and go
    first: Index  # the first of them below
    coordinate: Index
    low: Array
    high: Array


class Touching(NamedTuple):
    """What paths bend round; it takes many postures to find out, and markers do not change it."""

    obstacles: dict[Run, tuple[str, ...]]
    splits: dict[Run, Split]


@dataclass(frozen=True)
class Assembly:
    """A compiled model.

    Attributes
    ----------
    model : the records it was made from.
    mj : the MuJoCo model; its degrees of freedom are ``freedoms``, in order.
    free : names of the free coordinates, in the order of every q.
    paths : names of muscles, then of straps.
    frames : where a table's body frame lies in its MuJoCo body.
    touching : the obstacles that each run of a path touches, and the points between two in a row.
    """

    model: BodyModel
    mj: Any
    xml: str
    freedoms: tuple[Freedom, ...]
    free: tuple[str, ...]
    paths: tuple[str, ...]
    drive: Drive
    choice: Choice
    notes: tuple[str, ...]
    frames: dict[str, Placement]
    touching: Touching

    @cached_property
    def carried(self) -> dict[str, int]:
        """The freedoms along which a joint's load is reported, by name."""
        return {f.carried: i for i, f in enumerate(self.freedoms) if f.carried}

    @cached_property
    def follower(self) -> Any:
        """The MuJoCo skeleton with markers and nothing else: placing paths as well takes three times as long."""
        root = ET.fromstring(self.xml)  # noqa: S314 (our own text)
        for tendons in root.findall("tendon"):
            root.remove(tendons)
        for parent in list(root.iter()):
            for child in list(parent):
                followed = child.get("name", "").startswith("marker ")
                if child.tag == "geom" or (child.tag == "site" and not followed):
                    parent.remove(child)
        slim = mujoco.MjModel.from_xml_string(ET.tostring(root, encoding="unicode"))
        for marker in self.model.markers:
            slim.site(f"marker {marker.name}").pos[:] = self.mj.site(f"marker {marker.name}").pos
        return slim

    @cached_property
    def default(self) -> Array:
        """The default posture (n,)."""
        rest = {c.name: c.default for c in self.model.coordinates}
        return np.array([rest[name] for name in self.free])

    def with_markers_moved(self, model: BodyModel) -> Assembly:
        """Return the assembly of the same model with its markers elsewhere on the same bodies."""
        mj = copy.copy(self.mj)
        for marker in model.markers:
            mj.site(f"marker {marker.name}").pos[:] = self.frames[marker.body].point(marker.location)
        return replace(self, model=model, mj=mj)


def assemble(model: BodyModel, touching: Touching | None = None) -> Assembly:
    """Return a model compiled; an obstacle is kept where a path ever touches it.

    Parameters
    ----------
    touching : that of the same model with other markers, to save the search.

    Raises
    ------
    InputError
        If the model contradicts itself.
    """
    paths = _paths(model)
    touching = touching or _touching(model, paths)
    made, mj, notes = compile_draft(model, lambda made: _write(made, paths, touching))
    freedoms = ordered(made, mj)
    return Assembly(
        model=model,
        mj=mj,
        xml=made.text,
        freedoms=freedoms,
        free=free_names(model),
        paths=tuple(paths),
        drive=drive_of(model, freedoms),
        choice=_choice(model, paths, made.tendons),
        notes=notes,
        frames=made.frames,
        touching=touching,
    )


def _touching(model: BodyModel, paths: Mapping[str, Path]) -> Touching:
    obstacles = touched(model, paths)
    splits = {
        run: split(model, paths[run.path], run, _pair(model, run, over))
        for run, over in obstacles.items()
        if len(over) > 1
    }
    return Touching(obstacles, splits)


def _paths(model: BodyModel) -> dict[str, Path]:
    found = {muscle.name: muscle.path for muscle in model.muscles}
    for band in model.bands:
        found[f"strap_{band.side}"] = band.strap
        if band.patellar is not None:
            found[f"patellar_strap_{band.side}"] = band.patellar
    return found


def _pair(model: BodyModel, run: Run, wraps: tuple[str, ...]) -> tuple[str, str]:
    if len(wraps) > 2:
        raise InputError(
            f"model {model.name}, path {run.path}: over {len(wraps)} obstacles between two points; at most 2."
        )
    return wraps[0], wraps[1]


def _write(made: Draft, paths: Mapping[str, Path], touching: Touching) -> None:
    obstacles, splits = touching
    for name, path in paths.items():
        for bits, kept in variants(path):
            sites: list[str] = []
            wraps: list[tuple[int, str]] = []
            for i, following in itertools.zip_longest(kept, kept[1:]):
                add_point(made, f"{name} {i}", path.points[i])
                sites.append(f"{name} {i}")
                run = Run(name, i, -1 if following is None else following)
                over = obstacles.get(run, ())
                if over:
                    wraps.append((len(sites) - 1, over[0]))
                if run in splits:
                    at = splits[run]
                    between = f"{name} {i}-{following}"
                    if between not in made.sites:
                        drives = [(at.coordinate, at.x), None, (at.coordinate, at.z)]
                        add_moving(made, between, at.body, at.location, drives)
                    sites.append(between)
                    wraps.append((len(sites) - 1, over[1]))
            add_path(made, f"{name} {bits}", sites, wraps)


def _choice(model: BodyModel, paths: Mapping[str, Path], tendons: list[str]) -> Choice:
    names = {c.name: i for i, c in enumerate(model.coordinates)}
    rows: list[tuple[int, float, float]] = []
    tendon, count, first = [], [], []
    for name, path in paths.items():
        coming = [point.only for point in path.points if point.only]
        tendon.append(tendons.index(f"{name} 0"))
        count.append(len(coming))
        first.append(len(rows))
        rows.extend((names[coordinate], low, high) for coordinate, low, high in coming)
    spare = rows or [(0, 0.0, 0.0)]  # never read; kernels want arrays that are not empty
    return Choice(
        np.array(tendon, dtype=np.int64),
        np.array(count, dtype=np.int64),
        np.array(first, dtype=np.int64),
        np.array([row[0] for row in spare], dtype=np.int64),
        np.array([row[1] for row in spare]),
        np.array([row[2] for row in spare]),
    )
