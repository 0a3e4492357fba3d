"""Which runs of a path touch which obstacles, and where a path lies between two obstacles in a row."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import mujoco
import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.drive import Drive, drive_of, free_names, spread
from gerdy.mechanics.mjcf import Draft, Freedom, add_moving, add_path, add_point, draft
from gerdy.mechanics.model import BodyModel, Constant, Function, Path, Spline
from gerdy.mechanics.rotations import Placement

Array = NDArray[np.float64]

SAMPLES = 300  # random postures in which a path's obstacles are looked for
TOUCHING = 1e-6  # m of extra length by which an obstacle is seen to matter
GRID = 25  # angles at which the point between two obstacles is found
MOST_TURNS = 100
STILL = 1e-9  # m


class Run(NamedTuple):
    """A stretch of a path between two of its points."""

    path: str
    start: int
    end: int


class Split(NamedTuple):
    """Between two obstacles in a row: the point where a path is free of both, moving in a body with a coordinate."""

    body: str
    location: tuple[float, float, float]
    coordinate: str
    x: Function
    z: Function


def compile_draft(model: BodyModel, write: Callable[[Draft], None]) -> tuple[Draft, Any, tuple[str, ...]]:
    """Return a draft with its paths written, the MuJoCo model made of it, and notes.

    Raises
    ------
    InputError
        With MuJoCo's own words where it refuses the model.
    """
    notes: tuple[str, ...] = ()
    for balance in (False, True):
        made = draft(model, balance_inertia=balance)
        write(made)
        try:
            return made, mujoco.MjModel.from_xml_string(made.text), notes
        except ValueError as problem:
            if "inertia" not in str(problem) or balance:
                raise InputError(f"model {model.name}: {problem}") from problem
            notes = ("inertia: a body's principal moments broke the triangle rule; MuJoCo evened them out.",)
    raise AssertionError


def ordered(made: Draft, mj: Any) -> tuple[Freedom, ...]:
    """Return the freedoms in MuJoCo's order."""
    by_name = {freedom.name: freedom for freedom in made.freedoms}
    return tuple(by_name[mj.joint(i).name] for i in range(mj.njnt))


def variants(path: Path) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield, for each combination of points that come and go, its bits and the points that are there."""
    coming = [i for i, point in enumerate(path.points) if point.only]
    for bits in range(1 << len(coming)):
        gone = {i for bit, i in enumerate(coming) if not bits >> bit & 1}
        yield bits, tuple(i for i in range(len(path.points)) if i not in gone)


def touched(model: BodyModel, paths: Mapping[str, Path]) -> dict[Run, tuple[str, ...]]:
    """Return the obstacles that each run touches in some of many random postures, nearest to its start first."""
    tried = [
        (Run(name, a, b), wrap)
        for name, path in paths.items()
        for a, b in dict.fromkeys(run for _, kept in variants(path) for run in itertools.pairwise(kept))
        for wrap, low, high in path.wraps
        if low <= a and b <= high
    ]
    if not tried:
        return {}

    def write(made: Draft) -> None:
        for number, (run, wrap) in enumerate(tried):
            sites = _ends(made, paths, run)
            add_path(made, f"over {number}", sites, [(0, wrap)])
            add_path(made, f"bare {number}", sites, [])

    made, mj, _ = compile_draft(model, write)
    poser = _Poser(model, made, mj)
    longer, order = np.zeros(len(tried)), np.zeros(len(tried))
    for q in _postures(model):
        data = poser.place(q)
        extra = data.ten_length[0::2] - data.ten_length[1::2]
        for number in np.flatnonzero(extra > np.maximum(longer, TOUCHING)):
            order[number] = _share_along(data, *tried[number])
        longer = np.maximum(longer, extra)
    found: dict[Run, list[tuple[float, str]]] = {}
    for (run, wrap), extra, along in zip(tried, longer, order, strict=True):
        if extra > TOUCHING:
            found.setdefault(run, []).append((along, wrap))
    return {run: tuple(wrap for _, wrap in sorted(wraps)) for run, wraps in found.items()}


def split(model: BodyModel, path: Path, run: Run, wraps: tuple[str, str]) -> Split:
    """Return the moving point that parts two obstacles of one run.

    At each angle of the coordinate between the two obstacles it is where the free stretch between them goes through a
    plane across the body. There the path is shortest, so its length and lever arms are, to first order, those of the
    path over both.

    Raises
    ------
    InputError
        If both obstacles are on one body, or no plane parts them at every angle.
    """
    obstacles = {wrap.name: wrap for wrap in model.wraps}
    first, second = (obstacles[name] for name in wraps)
    coordinate = _between(model, first.body, second.body, run)

    def write(made: Draft) -> None:
        start, end = _ends(made, {run.path: path}, run)
        add_moving(made, "split", second.body, (0, 0, 0), [(None, Constant())] * 3)
        add_path(made, "before", [start, "split"], [(0, first.name)])
        add_path(made, "after", ["split", end], [(0, second.name)])

    made, mj, _ = compile_draft(model, write)
    poser = _Poser(model, made, mj)
    low, high = next(c.range for c in model.coordinates if c.name == coordinate)
    angles = np.linspace(low, high, GRID)
    q = poser.default.copy()
    free = []
    for angle in angles:
        q[free_names(model).index(coordinate)] = angle
        free.append(
            _free_stretch(mj, poser, made.frames[second.body], second.body, f"{run.path} {run.start}", q)
        )
    leave, arrive = np.array(free).transpose(1, 0, 2)  # (angle, 3) each
    top, bottom = float(leave[:, 1].min()), float(arrive[:, 1].max())
    if top <= bottom:
        raise InputError(
            f"model {model.name}, path {run.path}: no plane parts {first.name} from {second.name}."
        )
    height = (top + bottom) / 2
    share = (leave[:, 1] - height) / (leave[:, 1] - arrive[:, 1])
    x, _, z = (leave + share[:, None] * (arrive - leave)).T
    grid = tuple(angles.tolist())
    return Split(
        second.body,
        (0.0, height, 0.0),
        coordinate,
        Spline(grid, tuple(x.tolist())),
        Spline(grid, tuple(z.tolist())),
    )


class _Poser:
    """Places a trial model."""

    def __init__(self, model: BodyModel, made: Draft, mj: Any) -> None:
        self.mj, self.data = mj, mujoco.MjData(mj)
        self.drive: Drive = drive_of(model, ordered(made, mj))
        rest = {c.name: c.default for c in model.coordinates}
        self.default = np.array([rest[name] for name in free_names(model)])

    def place(self, q: Array, extra: Mapping[int, float] | None = None) -> Any:
        nv = self.mj.nv
        position, slope, bend = np.zeros(nv), np.zeros(nv), np.zeros(nv)
        spread(self.drive, q, np.zeros((len(self.drive.rest), 3)), position, slope, bend)
        for place, value in (extra or {}).items():
            position[place] = value
        self.data.qpos[:] = position
        mujoco.mj_kinematics(self.mj, self.data)
        mujoco.mj_comPos(self.mj, self.data)
        mujoco.mj_tendon(self.mj, self.data)
        return self.data


def _ends(made: Draft, paths: Mapping[str, Path], run: Run) -> list[str]:
    names = [f"{run.path} {i}" for i in (run.start, run.end)]
    for name, i in zip(names, (run.start, run.end), strict=True):
        add_point(made, name, paths[run.path].points[i])
    return names


def _share_along(data: Any, run: Run, wrap: str) -> float:
    """Return how far along a run an obstacle's centre lies."""
    start, end = (data.site(f"{run.path} {i}").xpos for i in (run.start, run.end))
    line = end - start
    return float((data.geom(wrap).xpos - start) @ line / max(float(line @ line), 1e-12))


def _postures(model: BodyModel) -> Array:
    free = [c for c in model.coordinates if c.name in set(free_names(model))]
    spans = []
    for coordinate in free:
        low, high = coordinate.range
        if not coordinate.rotational:
            low = high = coordinate.default
        elif high - low > 4.0:  # a range that nobody set
            low, high = -0.8, 0.8
        spans.append((low, high))
    bounds = np.array(spans)
    random = np.random.default_rng(0).random((SAMPLES, len(free)))
    return np.asarray(bounds[:, 0] + random * (bounds[:, 1] - bounds[:, 0]))


def _between(model: BodyModel, first: str, second: str, run: Run) -> str:
    joint = {j.child: j for j in model.joints}
    chain = second
    while chain in joint and chain != first:
        axes = joint[chain].rotations + joint[chain].translations
        names = [axis.coordinate for axis in axes if axis.coordinate in set(free_names(model))]
        if names:
            return str(names[0])
        chain = joint[chain].parent
    raise InputError(
        f"model {model.name}, path {run.path}: two obstacles between points {run.start + 1} and {run.end + 1}, "
        f"with no joint between {first} and {second}."
    )


def _free_stretch(
    mj: Any, poser: _Poser, frame: Placement, body: str, start: str, q: Array
) -> tuple[Array, Array]:
    """Return where a path leaves its first obstacle and where it meets the second, in the frame of a table's body.

    Each end is the tangent point seen from the other; both are renewed in turn until they stand still.
    """
    slides = [int(mj.joint(f"split {axis}").qposadr[0]) for axis in "xyz"]
    leave = arrive = np.zeros(3)
    for turn in range(MOST_TURNS):
        data = poser.place(q, dict(zip(slides, leave, strict=True)))
        place = data.body(body)
        rotation = place.xmat.reshape(3, 3)
        if turn == 0:
            leave = frame.inverse().point(rotation.T @ (data.site(start).xpos - place.xpos))
            continue
        met = data.wrap_xpos.reshape(-1, 3)[data.ten_wrapadr[1] + 1]
        arrive = frame.inverse().point(rotation.T @ (met - place.xpos))
        data = poser.place(q, dict(zip(slides, arrive, strict=True)))
        count = int(data.ten_wrapnum[0])
        left = data.wrap_xpos.reshape(-1, 3)[data.ten_wrapadr[0] + count - 2]
        before, leave = leave, frame.inverse().point(rotation.T @ (left - place.xpos))
        if np.abs(leave - before).max() < STILL:
            break
    return leave, arrive
