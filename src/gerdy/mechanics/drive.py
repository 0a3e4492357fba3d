"""From free coordinates to every MuJoCo degree of freedom: couplings, splines, locked coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gerdy.mechanics.compiling import compiled
from gerdy.mechanics.functions import Pieces, evaluate, pieces_of
from gerdy.mechanics.mjcf import Freedom
from gerdy.mechanics.model import BodyModel

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class Drive(NamedTuple):
    """What drives each degree of freedom; -1 stands for nothing."""

    source: Index  # coordinate that drives a freedom
    rest: Array  # value of every coordinate while nothing moves it
    free: Index  # place of every coordinate among the free ones
    leader: Index  # coordinate that a coupled one follows
    coupling: Index  # function by which it follows
    column: Index  # free coordinate that moves a freedom in the end
    table: Pieces  # function f of freedom f, then those of couplings


def free_names(model: BodyModel) -> tuple[str, ...]:
    """Return the coordinates that can be chosen: neither locked nor coupled."""
    return tuple(c.name for c in model.coordinates if not c.locked and c.coupling is None)


def drive_of(model: BodyModel, freedoms: Sequence[Freedom]) -> Drive:
    """Return the tables for a model whose freedoms are in MuJoCo's order."""
    names = {c.name: i for i, c in enumerate(model.coordinates)}
    free = {name: i for i, name in enumerate(free_names(model))}
    functions = [freedom.function for freedom in freedoms]
    leader, coupling = [], []
    for coordinate in model.coordinates:
        follows = None if coordinate.locked else coordinate.coupling
        leader.append(-1 if follows is None else names[follows.of])
        coupling.append(len(functions))
        if follows is not None:
            functions.append(follows.function)
    place = np.array([free.get(c.name, -1) for c in model.coordinates], dtype=np.int64)
    source = np.array([-1 if f.coordinate is None else names[f.coordinate] for f in freedoms], dtype=np.int64)
    ends = [place[c] if place[c] >= 0 or leader[c] < 0 else place[leader[c]] for c in range(len(place))]
    return Drive(
        source=source,
        rest=np.array([c.default for c in model.coordinates]),
        free=place,
        leader=np.array(leader, dtype=np.int64),
        coupling=np.array(coupling, dtype=np.int64),
        column=np.array([ends[c] if c >= 0 else -1 for c in source], dtype=np.int64),
        table=pieces_of(functions),
    )


@compiled
def spread(drive: Drive, q: Array, values: Array, position: Array, slope: Array, bend: Array) -> None:
    """Fill every freedom's ``position`` (nv,) at free coordinates q (n,), with its first two derivatives.

    ``slope`` and ``bend`` are by the free coordinate ``drive.column``; ``values`` (coordinates, 3) is work space.
    """
    for c in range(len(drive.rest)):
        place = drive.free[c]
        values[c, 0] = q[place] if place >= 0 else drive.rest[c]
        values[c, 1] = 1.0 if place >= 0 else 0.0
        values[c, 2] = 0.0
    for c in range(len(drive.rest)):
        leader = drive.leader[c]
        if leader >= 0:
            value, first, second = evaluate(drive.table, drive.coupling[c], values[leader, 0])
            values[c, 0] = value
            values[c, 1] = first * values[leader, 1]
            values[c, 2] = second * values[leader, 1] ** 2
    for j in range(len(drive.source)):
        c = drive.source[j]
        if c < 0:
            position[j], slope[j], bend[j] = evaluate(drive.table, j, 0.0)[0], 0.0, 0.0
        else:
            value, first, second = evaluate(drive.table, j, values[c, 0])
            position[j] = value
            slope[j] = first * values[c, 1]
            bend[j] = second * values[c, 1] ** 2 + first * values[c, 2]
