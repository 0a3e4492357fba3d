"""The body under test, what its muscles are called, and where its parts are in a posture."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.body import Body
from gerdy.mechanics.loads import Loads, solve
from gerdy.mechanics.person import Person
from gerdy.mechanics.posing import full_values, place_bodies
from gerdy.mechanics.rotations import Placement

Array = NDArray[np.float64]

PERSON = Person(mass=75.0, height=1.75)
GRAVITY = 9.80665
FOLDER = Path(__file__).parents[2] / "shared" / "data"
# gait2392 names muscles its own way.
ALIASES = {
    **{f"glmed{k}": f"glut_med{k}" for k in (1, 2, 3)},
    **{f"glmin{k}": f"glut_min{k}" for k in (1, 2, 3)},
    **{f"glmax{k}": f"glut_max{k}" for k in (1, 2, 3)},
    "piri": "peri",
    "vaslat": "vas_lat",
    "vasmed": "vas_med",
}


@dataclass(frozen=True)
class Setting:
    """A body, and the recordings (None: not at hand)."""

    body: Body
    recordings: Path | None

    @cached_property
    def mass(self) -> float:
        """Body mass, kg."""
        return self.body.mass

    @property
    def weight(self) -> float:
        """Body weight, N."""
        return self.mass * GRAVITY

    def muscle(self, name: str, side: str = "r") -> int:
        """Return the place of a muscle, whichever family's name the body uses."""
        for stem in (name, ALIASES.get(name, name)):
            if f"{stem}_{side}" in self.body.muscles:
                return self.body.muscles.index(f"{stem}_{side}")
        raise InputError(f"model {self.body.model.name}: has no muscle '{name}_{side}'.")

    def group(self, *stems: str, side: str = "r") -> list[int]:
        """Return the places of all muscles whose name begins with one of the stems."""
        known = tuple(
            name for s in stems for name in {s, ALIASES.get(s, s), ALIASES.get(f"{s}1", s).rstrip("1")}
        )
        return [
            index
            for index, name in enumerate(self.body.muscles)
            if name.startswith(known) and name.endswith(f"_{side}") and index not in self.band(side)
        ]

    def band(self, side: str = "r") -> list[int]:
        """Return the muscles that pull on the band: those of the strap, or tensor fasciae latae alone."""
        for band in self.body.model.bands:
            if band.side == side:
                return [self.body.muscles.index(name) for name in band.muscles]
        return [self.muscle("tfl", side)]

    def posture(self, degrees: Mapping[str, float], side: str = "r") -> Array:
        """Return q (n,) of a pose in degrees; names without a side mean the right leg, absent coordinates are left."""
        q = self.body.default.copy()
        for name, value in degrees.items():
            for given in (name, f"{name}_{side}"):
                if given in self.body.coordinates:
                    q[self.body.column(given)] = np.radians(value)
        return self.own_sign(q)

    def own_sign(self, q: Array) -> Array:
        """Return q with the knee bent the way this family counts it: gait2392 has flexion negative."""
        ranges = {c.name: c.range for c in self.body.model.coordinates}
        q = np.array(q)
        for side in "rl":
            name = f"knee_angle_{side}"
            if name in self.body.coordinates and ranges[name][1] < 0.5:
                q[..., self.body.column(name)] *= -1.0
        return q

    def placed(self, q: Array) -> dict[str, Placement]:
        """Return where each segment is in one posture q (n,)."""
        given = dict(zip(self.body.coordinates, (float(x) for x in q), strict=True))
        return place_bodies(self.body.model, full_values(self.body.model, given))

    def centre_of_mass(self, placed: Mapping[str, Placement]) -> Array:
        """Return the centre of mass (3,) m of a placed body."""
        parts = [part.mass * placed[part.name].point(part.centre) for part in self.body.model.bodies]
        return np.asarray(np.sum(parts, axis=0) / self.mass)

    def path(self, q: Array) -> Array:
        """Return the path of tensor fasciae latae and band to the shin (t,) m."""
        rows = np.atleast_2d(q)
        length = self.body.lengths(rows)[:, self.muscle("tfl")]
        return length + self.body.strap_lengths(rows)[:, 0] if self.body.model.bands else length

    def loads(self, q: Array, stance: str | None, weak: Mapping[str, float] | None = None) -> Loads:
        """Return loads on still postures; ``weak``: stems of muscles (both sides) and the share of strength left."""
        limits = None
        if weak:
            limits = np.ones(len(self.body.muscles))
            for stem, share in weak.items():
                for side in "rl":
                    limits[self.group(stem, side=side)] = share
        return solve(self.body, np.atleast_2d(q), stance=stance, limits=limits)

    def hip_contact(self, loads: Loads) -> Array:
        """Return the right hip's contact force (t,), % body weight."""
        return np.asarray(np.linalg.norm(loads.hip_contact[:, 0], axis=1) / self.weight * 100.0)


def setting(model: Path | None, recordings: Path | None) -> Setting:
    """Return the setting: Gerdy's own body for an average adult, or that of an .osim file."""
    body = Body.own(PERSON) if model is None else Body.from_osim(model)
    folder = recordings or Path(os.environ.get("GERDY_RECORDINGS", FOLDER))
    return Setting(body, folder if folder.exists() else None)


def columns(body: Body, names: Sequence[str]) -> list[int]:
    """Return the places of coordinates."""
    return [body.column(name) for name in names]
