"""The cells that tile the skin, about 15 degrees by 25 mm each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from gerdy.chart.limb import CHAIN, SEGMENTS, Floats, limb, point

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cells:
    """All cells of one half of the body, the same for both sides.

    Attributes
    ----------
    segment : (C,) index into ``SEGMENTS``.
    row, column : (C,) place in the segment's grid.
    along, around : (C,) limb coordinates of the centre, 0-1 and degrees.
    area : (C,) m2.
    centre : (C, 3) m, of the right side.
    patch : (C,) index of the patch the cell belongs to.
    patch_segment, patch_along, patch_around : (P,) limb coordinates of the patch centres.

    Patches are what referral fields are written on: two by two cells (knee: one row, two columns), because no
    published map is finer, and because few patches keep the likelihood fast.
    """

    segment: Ints
    row: Ints
    column: Ints
    along: Floats
    around: Floats
    area: Floats
    centre: Floats
    patch: Ints
    patch_segment: Ints
    patch_along: Floats
    patch_around: Floats

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.area)

    def inside(self, segment: str, along: tuple[float, float], around: tuple[float, float]) -> Mask:
        """Return the (C,) mask of cells whose centre lies in a box; ``around`` may pass through 0."""
        return np.asarray(
            (self.segment == SEGMENTS.index(segment))
            & (self.along >= along[0])
            & (self.along <= along[1])
            & within_turn(self.around, around)
        )


def within_turn(angle: Floats, turn: tuple[float, float]) -> Mask:
    """Return which angles lie on the way from ``turn[0]`` up to ``turn[1]``, in degrees."""
    start, stop = turn
    span = stop - start if stop - start >= 360.0 else (stop - start) % 360.0
    return np.asarray((angle - start) % 360.0 <= span)


def _quad_area(corner: Floats) -> Floats:
    """Return the areas of (n, 4, 3) quadrilaterals, m2."""
    across = np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
    return np.asarray(0.5 * np.linalg.norm(across, axis=1))


def _hidden(centre: Floats) -> Mask:
    """Return which (n, 3) foot points lie inside the ankle, where there is no skin."""
    base = limb()["leg"].section(1.0)
    ahead, outward = centre[:, 0] - base[1], centre[:, 2] - base[2]
    reach_x = np.where(ahead >= 0, base[3], base[5])
    reach_z = np.where(outward >= 0, base[4], base[6])
    within = (ahead / reach_x) ** 2 + (outward / reach_z) ** 2 < 1.0
    return np.asarray(within & (centre[:, 1] > 0.055))


@cache
def cells() -> Cells:
    """Return the cells, made once per process."""
    parts: dict[str, list[npt.NDArray[np.generic]]] = {}
    patches: list[tuple[int, int, int]] = []
    for index, name in enumerate(SEGMENTS):
        shape = limb()[name]
        row, column = (grid.ravel() for grid in np.indices((shape.rows, shape.columns)))
        along, around = (row + 0.5) / shape.rows, (column + 0.5) * shape.step
        centre = point(name, along, around)
        skin = ~_hidden(centre) if shape.kind == "foot" else np.ones(len(row), dtype=bool)
        # A corner order of (0,0) (1,0) (1,1) (0,1) goes around the cell.
        corner = np.stack(
            [
                point(name, (row + down) / shape.rows, (column + turn) * shape.step)
                for down, turn in ((0, 0), (1, 0), (1, 1), (0, 1))
            ],
            axis=1,
        )
        deep = 1 if name == "knee" else 2
        # Around the limb the first patch is centred on the front; on the half trunk it begins at the midline.
        wide = column // 2 if shape.kind == "trunk" else (column + 1) // 2 % (shape.columns // 2)
        values: dict[str, npt.NDArray[np.generic]] = {
            "segment": np.full(len(row), index),
            "row": row,
            "column": column,
            "along": along,
            "around": around,
            "area": _quad_area(corner),
            "centre": centre,
        }
        for key, value in values.items():
            parts.setdefault(key, []).append(value[skin])
        patches += [(index, int(r), int(w)) for r, w in zip(row[skin] // deep, wide[skin], strict=True)]
    names, patch = np.unique(np.array(patches), axis=0, return_inverse=True)
    table = {key: np.concatenate(value) for key, value in parts.items()}
    places = [_patch_centre(*name) for name in names]
    return Cells(
        **table,
        patch=patch.ravel(),
        patch_segment=names[:, 0],
        patch_along=np.array([place[0] for place in places]),
        patch_around=np.array([place[1] for place in places]),
    )


def _patch_centre(index: int, row: int, column: int) -> tuple[float, float]:
    """Return the limb coordinates of a patch's centre."""
    shape = limb()[SEGMENTS[index]]
    deep = 1 if shape.id == "knee" else 2
    last = min((row + 1) * deep, shape.rows)
    along = 0.5 * (row * deep + last) / shape.rows
    return along, 2.0 * shape.step * (column + (0.5 if shape.kind == "trunk" else 0.0))


def level(segment: Ints, along: Floats) -> Floats:
    """Return the distance (mm) down the limb of places in thigh, knee and leg; nan for other segments."""
    found = np.full(np.shape(along), np.nan)
    start = 0.0
    for name in CHAIN:
        length = 1000.0 * limb()[name].length
        here = segment == SEGMENTS.index(name)
        found[here] = start + length * along[here]
        start += length
    return found
