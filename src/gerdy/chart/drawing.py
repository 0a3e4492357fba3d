"""A pain drawing: which skin hurts, how much and in which way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from gerdy.atlas import Atlas
from gerdy.chart.cells import Mask, cells
from gerdy.chart.limb import SEGMENTS, Floats, Side, limb, point, segment_of, side_of
from gerdy.chart.marking import painted_share
from gerdy.chart.regions import mask_of, region_masks
from gerdy.errors import InputError, UnknownIdError

QUALITIES = ("ache", "sharp", "burning", "numb", "tingling")
FINGERTIP_M = 0.022  # a mark given as a point covers what lies under a fingertip


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One painted patch in limb coordinates.

    ``along`` (0-1) and ``around`` (degrees, from-to, may pass through 0) are ranges; two single numbers are a
    point, which paints what a fingertip covers.
    """

    segment: str
    along: tuple[float, float] | float
    around: tuple[float, float] | float
    intensity: float
    quality: str = ""


@dataclass(frozen=True, eq=False)
class Drawing:
    """What one person painted on one side of the body.

    Attributes
    ----------
    ticks : intensity 0-10 by region id, for regions that were only named; 0 means asked, and no pain there.
    marks : the painted patches, later ones over earlier ones.
    intensity : (C,) 0-10, ticked regions and marks together.
    quality : (C,) index into ``QUALITIES``, -1 where none was given.
    marked : (C,) the cells that marks speak of, intensity 0 included.
    """

    side: Side
    ticks: Mapping[str, float]
    marks: tuple[Mark, ...]
    intensity: Floats
    quality: npt.NDArray[np.int8]
    marked: Mask = field(repr=False)

    @property
    def painted(self) -> Mask:
        """The (C,) mask of cells that hurt."""
        return np.asarray(self.intensity > 0)

    def plain(self) -> dict[str, Any]:
        """Return the drawing as plain data; :func:`from_plain` reads it back."""
        data: dict[str, Any] = {"side": self.side}
        if self.ticks:
            data["regions"] = dict(self.ticks)
        if self.marks:
            data["marks"] = [msgspec.to_builtins(mark) for mark in self.marks]
        return data


def draw(
    atlas: Atlas,
    side: str,
    regions: Mapping[str, float] | None = None,
    marks: Iterable[Mark | Mapping[str, Any]] = (),
) -> Drawing:
    """Return a drawing from named regions (id -> intensity 0-10) and marks.

    Raises
    ------
    UnknownIdError
        For a region, segment or quality nobody knows, with suggestions.
    InputError
        For a coordinate or intensity out of range, or when nothing is painted.
    """
    ticks = {name: _intensity(value, f"regions.{name}") for name, value in (regions or {}).items()}
    chosen = tuple(_mark(item, f"marks[{index}]") for index, item in enumerate(marks))
    table = cells()
    intensity, quality = np.zeros(len(table)), np.full(len(table), -1, dtype=np.int8)
    for name, value in ticks.items():
        mask = mask_of(atlas, name)
        intensity[mask] = np.maximum(intensity[mask], value)
    marked = np.zeros(len(table), dtype=bool)
    for mark in chosen:
        mask = mark_mask(mark)
        intensity[mask], marked[mask] = mark.intensity, True
        quality[mask] = QUALITIES.index(mark.quality) if mark.quality and mark.intensity > 0 else -1
    if not (intensity > 0).any():
        raise InputError(
            "drawing: nothing is painted; give at least one region or mark an intensity above 0."
        )
    for array in (intensity, quality, marked):
        array.setflags(write=False)
    return Drawing(side_of(side), ticks, chosen, intensity, quality, marked)


def from_plain(atlas: Atlas, data: Mapping[str, Any]) -> Drawing:
    """Return a drawing from plain data: ``side``, and ``regions`` or ``marks`` or both.

    Raises
    ------
    InputError
        For a missing side, a field that does not belong, or anything :func:`draw` refuses.
    """
    if extra := sorted(set(data) - {"side", "regions", "marks"}):
        raise InputError(f"drawing: '{extra[0]}' does not belong here; give side, regions and marks.")
    if "side" not in data:
        raise InputError("drawing: side is missing; give right or left.")
    return draw(atlas, data["side"], data.get("regions"), data.get("marks") or ())


def from_cells(atlas: Atlas, side: str, intensity: Floats, quality: str = "") -> Drawing:
    """Return a drawing from a (C,) intensity, 0-10, as one mark for each run of equal cells in a row."""
    table = cells()
    runs: list[tuple[str, tuple[float, float], tuple[float, float], float]] = []
    for index in np.flatnonzero(intensity > 0):
        name = SEGMENTS[table.segment[index]]
        shape = limb()[name]
        row, column, value = int(table.row[index]), int(table.column[index]), float(intensity[index])
        along = (row / shape.rows, (row + 1) / shape.rows)
        start, stop = column * shape.step, (column + 1) * shape.step
        if runs and runs[-1][:2] == (name, along) and runs[-1][2][1] == start and runs[-1][3] == value:
            start = runs.pop()[2][0]  # the run goes on
        runs.append((name, along, (start, stop), value))
    marks = [
        Mark(segment=name, along=along, around=around, intensity=value, quality=quality)
        for name, along, around, value in runs
    ]
    return draw(atlas, side, marks=marks)


def mark_mask(mark: Mark) -> Mask:
    """Return the (C,) mask of cells a mark covers: centres in its box, or under a fingertip at a point."""
    table = cells()
    if not isinstance(mark.along, tuple) and not isinstance(mark.around, tuple):
        there = point(mark.segment, mark.along, mark.around)
        gap = np.linalg.norm(table.centre - there, axis=1)
        return np.asarray(gap <= max(FINGERTIP_M, gap.min()))
    shape = limb()[mark.segment]
    along = mark.along if isinstance(mark.along, tuple) else _widened(mark.along, 0.5 / shape.rows)
    around = mark.around if isinstance(mark.around, tuple) else _widened(mark.around, 0.5 * shape.step)
    mask = table.inside(mark.segment, along, around)
    if not mask.any():  # a box narrower than a cell still hurts where its middle lies
        turn = (around[1] - around[0]) % 360.0
        there = point(mark.segment, 0.5 * (along[0] + along[1]), around[0] + 0.5 * turn)
        mask[np.argmin(np.linalg.norm(table.centre - there, axis=1))] = True
    return mask


def _widened(value: float, by: float) -> tuple[float, float]:
    return value - by, value + by


def _intensity(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10:
        raise InputError(f"{where}: intensity must be a number from 0 to 10; got {value!r}.")
    return float(value)


def _mark(item: Mark | Mapping[str, Any], where: str) -> Mark:
    try:
        mark = item if isinstance(item, Mark) else msgspec.convert(item, Mark)
    except msgspec.ValidationError as error:
        raise InputError(f"{where}: {error}; give segment, along, around and intensity.") from error
    segment_of(mark.segment)
    _intensity(mark.intensity, where)
    if mark.quality and mark.quality not in QUALITIES:
        raise UnknownIdError("pain quality", mark.quality, QUALITIES)
    along = mark.along if isinstance(mark.along, tuple) else (mark.along, mark.along)
    if not 0 <= along[0] <= along[1] <= 1:
        raise InputError(f"{where}: along must run upward within 0 to 1; got {mark.along}.")
    around = mark.around if isinstance(mark.around, tuple) else (mark.around, mark.around)
    top = limb()[mark.segment].sweep
    if not all(0 <= angle <= top for angle in around):
        raise InputError(f"{where}: around must lie within 0 to {top:g} degrees; got {mark.around}.")
    return mark


def painted_regions(atlas: Atlas, drawing: Drawing) -> dict[str, float]:
    """Return the painted fraction of the area of every region that is painted at all, largest first."""
    area = cells().area
    shares = {name: painted_share(drawing.painted, area, mask) for name, mask in region_masks(atlas).items()}
    return {name: share for name, share in sorted(shares.items(), key=lambda pair: -pair[1]) if share > 0}
