"""One analysed trial as the report needs it: series by name and side, in the units people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError

if TYPE_CHECKING:
    import xarray

Floats = NDArray[np.float64]
SIDES = ("right", "left")
LETTER = {"right": "r", "left": "l"}
GRAVITY = 9.80665  # m/s2, standard gravity (ISO 80000-3): what a body weight is


class Phase(Protocol):
    """One stance of one foot, s: contact, toe-off, and the next contact of the same foot (None after the last)."""

    @property
    def side(self) -> str:
        """Which foot: ``r`` or ``l``."""
        ...

    @property
    def start(self) -> float:
        """Contact."""
        ...

    @property
    def toe_off(self) -> float:
        """The foot leaves the ground."""
        ...

    @property
    def end(self) -> float | None:
        """Next contact of the same foot."""
        ...

    @property
    def begun(self) -> bool:
        """Whether the recording holds the contact."""
        ...

    @property
    def finished(self) -> bool:
        """Whether the recording holds the toe-off."""
        ...


class Stretch(Protocol):
    """One repeat of an exercise, or a time on one leg, s."""

    @property
    def side(self) -> str | None:
        """The standing leg, ``r`` or ``l``; None for both."""
        ...

    @property
    def start(self) -> float:
        """Begin."""
        ...

    @property
    def end(self) -> float:
        """End."""
        ...


class Events(Protocol):
    """What kind of movement it is, the stances of each foot, the repeats of an exercise, times on one leg."""

    @property
    def kind(self) -> str:
        """Running, walking, squat ..."""
        ...

    @property
    def phases(self) -> Sequence[Phase]:
        """Stances."""
        ...

    @property
    def repeats(self) -> Sequence[Stretch]:
        """Repeats."""
        ...

    @property
    def held(self) -> Sequence[Stretch]:
        """Times during which one foot alone is on the ground."""
        ...


@dataclass(frozen=True)
class Trial:
    """A dataset of the analysis and what is known about its movement."""

    data: xarray.Dataset
    events: Events | None = None
    time: Floats = field(init=False)

    def __post_init__(self) -> None:
        if "time" not in self.data.coords or self.data.sizes.get("time", 0) < 1:
            raise InputError("dataset: has no time; hand in what the analysis of a recording returned.")
        object.__setattr__(self, "time", np.asarray(self.data["time"].values, dtype=float))

    @property
    def mass(self) -> float:
        """Body mass, kg; NaN where unknown."""
        return float(self.data.attrs.get("mass_kg", np.nan))

    @property
    def weight(self) -> float:
        """Body weight, N; NaN where unknown."""
        return self.mass * GRAVITY

    @property
    def movement(self) -> str:
        """Kind of movement; empty where it is not known."""
        return str(self.events.kind if self.events is not None else self.data.attrs.get("movement", ""))

    @property
    def quasi_static(self) -> bool:
        """Whether body weight over the foot stood in for measured ground forces."""
        return bool(self.data.attrs.get("quasi_static", 0))

    def has(self, name: str) -> bool:
        """Whether a variable is there and holds at least one number."""
        if name not in self.data:
            return False
        values = self.data[name].values
        return bool(values.size) and bool(
            values.dtype == bool or np.isfinite(np.asarray(values, dtype=float)).any()
        )

    def labels(self, dimension: str) -> tuple[str, ...]:
        """Return the names along a dimension."""
        return tuple(map(str, self.data[dimension].values)) if dimension in self.data.coords else ()

    def series(self, name: str, **at: str) -> Floats | None:
        """Return one variable over time, (t,) or (t, axis); None where it is missing or holds no number."""
        if name not in self.data:
            return None
        found: Any = self.data[name]
        for dimension, label in at.items():
            if dimension not in found.dims or label not in self.labels(dimension):
                return None
            found = found.sel({dimension: label})
        values = np.asarray(found.transpose("time", ...).values, dtype=float)
        return values if np.isfinite(values).any() else None

    def table(self, name: str, dimension: str) -> Floats | None:
        """Return one variable as (t, ``dimension``); None where it is missing."""
        if name not in self.data:
            return None
        return np.asarray(self.data[name].transpose("time", dimension).values, dtype=float)

    def angle(self, name: str) -> Floats | None:
        """Return a joint angle, deg."""
        values = self.series("angle", coordinate=name)
        return None if values is None else np.degrees(values)

    def moment(self, name: str) -> Floats | None:
        """Return a joint moment, N m per kg of body mass; None where the mass is unknown."""
        values = self.series("moment", coordinate=name)
        return None if values is None or not np.isfinite(self.mass) else values / self.mass

    def resultant(self, name: str, side: str) -> Floats | None:
        """Return the size of a force, body weights."""
        values = self.series(name, side=side)
        if values is None or values.ndim != 2 or not np.isfinite(self.weight):
            return None
        return np.asarray(np.linalg.norm(values, axis=1) / self.weight)

    def knee_flexion(self, side: str) -> Floats | None:
        """Return knee flexion, deg, positive when bent whichever sign the model uses."""
        values = self.angle(f"knee_angle_{LETTER[side]}")
        return None if values is None else values * self.knee_sign(side)

    def knee_sign(self, side: str) -> float:
        """Return -1 for a model in which a bent knee is negative: no knee is straightened by 30 degrees too much."""
        values = self.angle(f"knee_angle_{LETTER[side]}")
        bent_negative = values is not None and np.nanmin(values) < -30.0 and np.nanmax(values) < 20.0
        return -1.0 if bent_negative else 1.0


def side_of(letter: str | None) -> tuple[str, ...]:
    """Return the sides a phase is about: one, or both where it does not say."""
    text = (letter or "").lower()
    return ("right",) if text in ("r", "right") else ("left",) if text in ("l", "left") else SIDES


GAITS = ("walking", "running")
