"""A person's body: the compiled model, its muscles as kernels want them, and what can be asked of a posture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

import mujoco
import numpy as np
from numpy.typing import ArrayLike, NDArray

from gerdy.errors import InputError
from gerdy.mechanics.assembly import Assembly, assemble
from gerdy.mechanics.band import BandParameters, band_parameters
from gerdy.mechanics.band_ranges import load_ranges
from gerdy.mechanics.drive import spread
from gerdy.mechanics.hill import MuscleArrays, muscle_arrays
from gerdy.mechanics.model import BodyModel
from gerdy.mechanics.person import Person
from gerdy.mechanics.rotations import rotation_of
from gerdy.mechanics.sharing import Block
from gerdy.mechanics.strength import usable
from gerdy.mechanics.sweep import Layout, Swept, ground_of, layout_of, sweep

Array = NDArray[np.float64]
SIDES = ("r", "l")
FELT = 1e-4  # m; a path whose lever arm never exceeds this does not act on a coordinate


@dataclass(frozen=True)
class Pose:
    """A body in one posture, in ground metres: bones and lines of action as polylines (k, 3)."""

    bones: tuple[tuple[str, Array], ...]
    muscles: dict[str, Array]
    strap: dict[str, Array]


@dataclass(frozen=True)
class Body:
    """A compiled body.

    Attributes
    ----------
    assembly : what it was compiled to.
    person : whose it is, where that is known.
    notes : what was assumed in making it.
    """

    assembly: Assembly
    person: Person | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, model: BodyModel, person: Person | None = None, notes: Sequence[str] = ()) -> Body:
        """Return a body of model records."""
        return cls(assemble(model), person, tuple(notes))

    @classmethod
    def own(
        cls,
        person: Person,
        *,
        factors: Mapping[str, tuple[float, float, float]] | None = None,
        arms: bool = True,
    ) -> Body:
        """Return Gerdy's own body for a person: scaled by factors of each segment, or by height alone.

        Raises
        ------
        InputError
            If a factor names no segment.
        """
        from gerdy.mechanics.fitting import personal_model  # noqa: PLC0415 (scaling needs bodies itself)

        model, notes = personal_model(person, factors, arms=arms)
        return cls.of(model, person, notes)

    @classmethod
    def from_osim(cls, path: str | FilePath, person: Person | None = None) -> Body:
        """Return the body of an OpenSim model file, as it is.

        Raises
        ------
        FileError
            If the file is not a model that can be read.
        """
        from gerdy.mechanics.osim import load_osim  # noqa: PLC0415 (only users of such files need it)

        model = load_osim(path)
        return cls.of(model, person, model.notes)

    @property
    def model(self) -> BodyModel:
        """The records it was made from."""
        return self.assembly.model

    @property
    def coordinates(self) -> tuple[str, ...]:
        """The free coordinates, in the order of every q."""
        return self.assembly.free

    @property
    def default(self) -> Array:
        """The default posture (n,)."""
        return self.assembly.default

    @cached_property
    def muscles(self) -> tuple[str, ...]:
        """Muscle names, in the order of every force."""
        return tuple(muscle.name for muscle in self.model.muscles)

    @cached_property
    def mass(self) -> float:
        """The mass of all segments (kg)."""
        return float(sum(body.mass for body in self.model.bodies))

    @cached_property
    def standing(self) -> Swept:
        """Geometry in the default posture, upright standing: one frame."""
        return self.swept(self.default)

    @cached_property
    def layout(self) -> Layout:
        """Where things lie in MuJoCo's arrays."""
        return layout_of(self.assembly)

    @cached_property
    def senses(self) -> Array:
        """+1 where a carried translation runs along its named axis, -1 where a mirrored table runs it the other way.

        Rotations count as they are: positive is the same movement on either side.
        """
        sense = dict.fromkeys(self.assembly.carried, 1.0)
        for joint in self.model.joints:
            turned = rotation_of(joint.parent_orientation)
            for axis in joint.translations:
                if axis.carried is not None:
                    along = turned @ np.asarray(axis.direction)
                    sense[axis.carried] = float(np.sign(along["xyz".index(axis.carried[-1])]))
        return np.array(list(sense.values()))

    @cached_property
    def arrays(self) -> MuscleArrays:
        """The muscles as kernels want them."""
        return muscle_arrays(self.model.muscles)

    @cached_property
    def limits(self) -> Array:
        """What share of its activation each muscle can use (muscle,): less than one where the person has a deficit."""
        shares = usable(self.model, self.person.deficits if self.person else {})
        return np.array([shares[name] for name in self.muscles])

    @cached_property
    def band(self) -> BandParameters | None:
        """The iliotibial band's parameters, their slack length that of this body; None for a body without one."""
        if not self.model.bands:
            return None
        typical = load_ranges()["patellar_share"].typical
        lengths = dict(zip(self.assembly.paths, self.standing.length[0], strict=True))
        branch = lengths.get("patellar_strap_r", lengths["strap_r"])
        return band_parameters((1.0 - typical) * lengths["strap_r"] + typical * branch)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Muscles and coordinates that must be solved together."""
        return _blocks(self)

    def column(self, name: str) -> int:
        """Return a free coordinate's place in q.

        Raises
        ------
        InputError
            If the body has no such free coordinate.
        """
        if name not in self.coordinates:
            raise InputError(
                f"coordinate: this body has no free '{name}'; it has {', '.join(self.coordinates)}."
            )
        return self.coordinates.index(name)

    def posture(self, angles: Mapping[str, float]) -> Array:
        """Return q (n,) with these coordinates (rad, m) and the rest at their defaults."""
        q = self.default.copy()
        for name, value in angles.items():
            q[self.column(name)] = value
        return q

    def with_locked(self, values: Mapping[str, float]) -> Body:
        """Return the same body with locked coordinates at other values (rad, m).

        Raises
        ------
        InputError
            For a coordinate that is not locked in this body.
        """
        names = {c.name: i for i, c in enumerate(self.model.coordinates)}
        rest = self.assembly.drive.rest.copy()
        for name, value in values.items():
            if name not in names or not self.model.coordinates[names[name]].locked:
                raise InputError(f"coordinate: model {self.model.name} has no locked '{name}' to set.")
            rest[names[name]] = value
        drive = self.assembly.drive._replace(rest=rest)
        return Body(replace(self.assembly, drive=drive), self.person, self.notes)

    def swept(self, q: ArrayLike, v: Array | None = None, a: Array | None = None) -> Swept:
        """Return geometry and moments without ground forces in postures q (t, n), or one (n,)."""
        rows = self._rows(q)
        still = np.zeros_like(rows)
        return sweep(
            self.assembly,
            self.layout,
            rows,
            still if v is None else v,
            still if a is None else a,
            ground_of(len(rows)),
        )

    def lengths(self, q: ArrayLike) -> Array:
        """Return path lengths (t, muscle) m; of a muscle that pulls on the band, its own part only."""
        return self.swept(q).length[:, : len(self.muscles)]

    def strap_lengths(self, q: ArrayLike) -> Array:
        """Return how long the band's way is (t, 2) m, right then left.

        Raises
        ------
        InputError
            For a body without a band.
        """
        if not self.model.bands:
            raise InputError(f"model {self.model.name}: it has no iliotibial band.")
        places = [self.assembly.paths.index(f"strap_{side}") for side in SIDES]
        return self.swept(q).length[:, places]

    def moment_arms(self, q: ArrayLike) -> Array:
        """Return lever arms (t, n, muscle) m: moment about a coordinate by unit force, positive if it increases it."""
        return self.swept(q).arm[:, :, : len(self.muscles)]

    def points(self, q: ArrayLike) -> dict[str, Array]:
        """Return joint centres, markers and the centre of mass (t, 3) m in ground, by name."""
        rows, mj = self._rows(q), self.assembly.mj
        bodies, sites = np.empty((len(rows), mj.nbody, 3)), np.empty((len(rows), mj.nsite, 3))
        centre = np.empty((len(rows), 3))
        for t, data in enumerate(self._placed(rows, paths=False)):
            bodies[t], sites[t], centre[t] = data.xpos, data.site_xpos, data.subtree_com[0]
        found = {body.name: bodies[:, mj.body(body.name).id] for body in self.model.bodies}
        found |= {m.name: sites[:, mj.site(f"marker {m.name}").id] for m in self.model.markers}
        found["centre_of_mass"] = centre
        return found

    def frames(self, q: ArrayLike) -> dict[str, tuple[Array, Array]]:
        """Return every segment's axes (t, 3, 3) and origin (t, 3) m in ground, as its table has them."""
        rows = self._rows(q)
        turns: dict[str, list[Array]] = {}
        origins: dict[str, list[Array]] = {}
        for data in self._placed(rows):
            for segment in self.model.bodies:
                at, own = data.body(segment.name), self.assembly.frames[segment.name]
                rotation = at.xmat.reshape(3, 3)
                turns.setdefault(segment.name, []).append(rotation @ own.rotation)
                origins.setdefault(segment.name, []).append(rotation @ own.origin + at.xpos)
        return {name: (np.array(turns[name]), np.array(origins[name])) for name in turns}

    def pose(self, q: ArrayLike) -> Pose:
        """Return bones, lines of action and bands in one posture q (n,)."""
        data = next(self._placed(self._rows(q)))
        lines = {name: self._line(data, p) for p, name in enumerate(self.assembly.paths)}
        sides = {"r": "right", "l": "left"}
        return Pose(
            bones=_bones({name: at[0] for name, at in self.points(q).items()}),
            muscles={name: lines[name] for name in self.muscles},
            strap={word: lines[f"strap_{side}"] for side, word in sides.items() if f"strap_{side}" in lines},
        )

    def _rows(self, q: ArrayLike) -> Array:
        rows = np.ascontiguousarray(np.atleast_2d(np.asarray(q, dtype=float)))
        if rows.ndim != 2 or rows.shape[1] != len(self.coordinates):
            raise InputError(f"q: must be (frames, {len(self.coordinates)}); got {np.shape(q)}.")
        return rows

    def _placed(self, rows: Array, *, paths: bool = True) -> Any:
        data = mujoco.MjData(self.assembly.mj)
        nv, drive = self.assembly.mj.nv, self.assembly.drive
        values, position = np.zeros((len(drive.rest), 3)), np.zeros(nv)
        for q in rows:
            spread(drive, np.ascontiguousarray(q), values, position, np.zeros(nv), np.zeros(nv))
            data.qpos[:] = position
            mujoco.mj_kinematics(self.assembly.mj, data)
            mujoco.mj_comPos(self.assembly.mj, data)
            if paths:
                mujoco.mj_tendon(self.assembly.mj, data)
            yield data

    def _line(self, data: Any, path: int) -> Array:
        tendon = int(self.assembly.choice.tendon[path])
        start, count = int(data.ten_wrapadr[tendon]), int(data.ten_wrapnum[tendon])
        return np.asarray(data.wrap_xpos.reshape(-1, 3)[start : start + count]).copy()


def _bones(points: Mapping[str, Array]) -> tuple[tuple[str, Array], ...]:
    """Return polylines between joint centres; a body frame lies at its own joint centre."""
    chains: list[tuple[str, tuple[str, ...]]] = [
        ("pelvis", ("femur_r", "pelvis", "femur_l")),
        ("spine", ("pelvis", "torso", "c7")),
    ]
    for side in SIDES:
        names = ("femur", "tibia", "talus", "calcn", "toes")
        chains.append((f"leg_{side}", tuple(f"{name}_{side}" for name in names)))
        chains.append(
            (f"arm_{side}", tuple(f"{name}_{side}" for name in ("humerus", "ulna", "radius", "hand")))
        )
    return tuple(
        (name, np.array([points[part] for part in parts if part in points]))
        for name, parts in chains
        if sum(part in points for part in parts) > 1
    )


def _blocks(body: Body) -> tuple[Block, ...]:
    """Return the connected parts of the graph of muscles and the coordinates they act on."""
    random = np.random.default_rng(0).random((8, len(body.coordinates)))
    ranges = np.array([c.range for c in body.model.coordinates if c.name in body.coordinates])
    spans = np.clip(ranges, -0.8, 0.8)
    arms = body.swept(spans[:, 0] + random * (spans[:, 1] - spans[:, 0])).arm
    acts = np.asarray((np.abs(arms) > FELT).any(axis=0))  # (n, path)
    acts[[i for i, name in enumerate(body.coordinates) if name.startswith("pelvis_")]] = False
    paths, bands = body.assembly.paths, {band.side: band for band in body.model.bands}
    for side, band in bands.items():
        strap = acts[:, paths.index(f"strap_{side}")]
        for name in band.muscles:
            acts[:, paths.index(name)] |= strap
    muscles = len(body.muscles)
    left, blocks = set(range(muscles)), []
    while left:
        chosen, rows = {min(left)}, np.zeros(len(acts), dtype=bool)
        while True:
            rows = np.asarray(acts[:, sorted(chosen)].any(axis=1))
            grown = {m for m in range(muscles) if acts[rows, m].any()} | chosen
            if grown == chosen:
                break
            chosen = grown
        left -= chosen
        if rows.any():
            blocks.append(_block(body, sorted(chosen), np.flatnonzero(rows)))
    return tuple(blocks)


def _block(body: Body, muscles: list[int], rows: NDArray[np.intp]) -> Block:
    names, paths = [body.muscles[m] for m in muscles], body.assembly.paths
    band = next((band for band in body.model.bands if set(band.muscles) <= set(names)), None)
    patellar = f"patellar_strap_{band.side}" if band else ""
    return Block(
        coordinate=rows.astype(np.int64),
        muscle=np.array(muscles, dtype=np.int64),
        strap=paths.index(f"strap_{band.side}") if band else -1,
        patellar=paths.index(patellar) if patellar in paths else -1,
        side=SIDES.index(band.side) if band else -1,
        member=np.array([names.index(name) for name in band.muscles] if band else [], dtype=np.int64),
        bulging=names.index(f"vaslat_{band.side}") if band and f"vaslat_{band.side}" in names else -1,
    )
