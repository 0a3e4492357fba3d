"""The skin of one half of the body as a surface: limb coordinates to 3-D points.

A place is ``(segment, along, around)``: ``along`` 0-1 from the top of the segment to its bottom (foot: heel
to toes), ``around`` in degrees, 0 front, 90 outer, 180 back, 270 inner (trunk: 0 front midline, 90 side, 180
back midline; foot: 0 top, 180 sole).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt
import yaml

from gerdy.errors import InputError, UnknownIdError

Floats = npt.NDArray[np.float64]
Kind = Literal["trunk", "limb", "foot"]
Side = Literal["right", "left"]

SEGMENTS = ("low_back", "pelvis", "thigh", "knee", "leg", "foot")
CHAIN = ("thigh", "knee", "leg")  # segments that share `around` and follow one another without a break


class _Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Kind
    rows: int
    stations: list[tuple[float, float, float, float, float, float, float]]


class _Limb(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    height_m: float
    segments: dict[str, _Shape]
    columns: dict[str, int]


@dataclass(frozen=True, eq=False)
class Segment:
    """One stretch of the limb: its stations and how it is tiled.

    Attributes
    ----------
    stations : (n, 7) m, position, two centre coordinates, four half-widths.
    rows, columns : the number of cells along and around.
    """

    id: str
    kind: Kind
    rows: int
    columns: int
    stations: Floats

    @property
    def length(self) -> float:
        """Length from top to bottom (heel to toes), m."""
        return float(abs(self.stations[-1, 0] - self.stations[0, 0]))

    @property
    def sweep(self) -> float:
        """Degrees once around: 360, or 180 for the half trunk."""
        return 180.0 if self.kind == "trunk" else 360.0

    @property
    def step(self) -> float:
        """Degrees that one cell spans."""
        return self.sweep / self.columns

    def section(self, along: npt.ArrayLike) -> Floats:
        """Return the interpolated cross-section(s) at ``along``: (..., 7) m, smooth between the stations."""
        position = np.clip(np.asarray(along, dtype=float), 0.0, 1.0)
        knots = np.abs(self.stations[:, 0] - self.stations[0, 0]) / self.length
        return hermite(knots, self.stations, position)


def hermite(knots: Floats, values: Floats, at: Floats) -> Floats:
    """Interpolate (n, k) ``values`` at ``at``: (..., k), cubic, without overshoot between knots."""
    gap = np.diff(knots)[:, None]
    secant = np.diff(values, axis=0) / gap
    same = secant[:-1] * secant[1:] > 0
    total = np.where(same, secant[:-1] + secant[1:], 1.0)
    # The harmonic mean of the neighbouring secants keeps the curve monotone (Fritsch and Butland).
    inner = np.where(same, 2.0 * secant[:-1] * secant[1:] / total, 0.0)
    slope = np.concatenate([secant[:1], inner, secant[-1:]])
    low = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
    width = gap[low]
    t = (at[..., None] - knots[low][..., None]) / width
    return np.asarray(
        (1 + 2 * t) * (1 - t) ** 2 * values[low]
        + t * (1 - t) ** 2 * width * slope[low]
        + t**2 * (3 - 2 * t) * values[low + 1]
        + t**2 * (t - 1) * width * slope[low + 1]
    )


@cache
def limb() -> dict[str, Segment]:
    """Return the segments from top to bottom, by id."""
    text = (resources.files("gerdy.chart") / "data" / "limb.yaml").read_text("utf-8")
    data = msgspec.convert(yaml.safe_load(text), _Limb)
    return {
        name: Segment(
            id=name,
            kind=shape.kind,
            rows=shape.rows,
            columns=data.columns[shape.kind],
            stations=np.array(shape.stations),
        )
        for name, shape in data.segments.items()
    }


def segment_of(name: str) -> Segment:
    """Return a segment by id.

    Raises
    ------
    UnknownIdError
        For a segment that does not exist.
    """
    if name not in limb():
        raise UnknownIdError("segment", name, SEGMENTS)
    return limb()[name]


def side_of(name: str) -> Side:
    """Return ``right`` or ``left`` for R, L, right or left in any case.

    Raises
    ------
    InputError
        For anything else.
    """
    match name.strip().lower():
        case "r" | "right":
            return "right"
        case "l" | "left":
            return "left"
    raise InputError(f"side must be right or left; got '{name}'.")


def point(segment: str, along: npt.ArrayLike, around: npt.ArrayLike, *, side: Side = "right") -> Floats:
    """Return the skin point(s) at limb coordinates: (..., 3) m, x forward, y up, z to the person's right.

    ``along`` (0-1) and ``around`` (degrees) broadcast; the origin is on the floor between the feet.

    Raises
    ------
    UnknownIdError
        For a segment that does not exist.
    """
    part = segment_of(segment)
    along, around = np.broadcast_arrays(np.asarray(along, dtype=float), np.asarray(around, dtype=float))
    section = part.section(along)
    angle = np.radians(around)
    ahead, outward = np.cos(angle), np.sin(angle)
    half_ahead = np.where(ahead >= 0, section[..., 3], section[..., 5])
    half_outward = np.where(outward >= 0, section[..., 4], section[..., 6])
    if part.kind == "foot":
        x, y = section[..., 0], section[..., 1] + half_ahead * ahead
    else:
        x, y = section[..., 1] + half_ahead * ahead, section[..., 0]
    z = section[..., 2] + half_outward * outward
    return np.stack([x, y, z if side == "right" else -z], axis=-1)
