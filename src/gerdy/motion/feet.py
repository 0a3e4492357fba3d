"""Where feet are: how far from a point of force, whether on the ground, whether over a plate."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gerdy.motion.recording import Array

LEVEL = (0, 2)  # the horizontal axes

# assumed: skin and shoe markers rise less than 3 cm while the foot rests.
RISE = 0.03
# assumed: a resting foot moves its markers slower than 0.3 m/s, a swinging one faster.
SLOW = 0.3

Mask = NDArray[np.bool_]


def distances(point: Array, feet: Mapping[str, Array]) -> Array:
    """Return how far (t, 2) m the point (t, 3) is, seen from above, from the right and the left foot; NaN if not known.

    A foot is the lines between all its markers.
    """
    return np.stack([_to_foot(point[:, LEVEL], feet[side][:, :, LEVEL]) for side in ("r", "l")], axis=1)


def _to_foot(point: Array, markers: Array) -> Array:
    """Return the distance (t,) of a point (t, 2) to the nearest line between markers (t, marker, 2)."""
    best = np.full(len(point), np.inf)
    pairs = list(combinations(range(markers.shape[1]), 2)) or [(0, 0)]
    for a, b in pairs:
        along = markers[:, b] - markers[:, a]
        length = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip(((point - markers[:, a]) * along).sum(axis=1) / length, 0.0, 1.0)
        away = np.linalg.norm(point - markers[:, a] - share[:, None] * along, axis=1)
        best = np.fmin(best, away)
    # A lone marker of a foot still tells where it is when the others have gaps.
    for k in range(markers.shape[1]):
        best = np.fmin(best, np.linalg.norm(point - markers[:, k], axis=1))
    return np.where(np.isfinite(best), best, np.nan)


def spread(feet: Mapping[str, Array]) -> Array:
    """Return the least distance (t,) m between the markers of the two feet, seen from above; 0 where not known."""
    best = np.full(len(feet["r"]), np.inf)
    for i in range(feet["r"].shape[1]):
        for k in range(feet["l"].shape[1]):
            apart = feet["r"][:, i][:, LEVEL] - feet["l"][:, k][:, LEVEL]
            best = np.fmin(best, np.linalg.norm(apart, axis=1))
    return np.where(np.isfinite(best), best, 0.0)


def grounded(time: Array, feet: Mapping[str, Array], *, still: bool = False) -> Mask:
    """Return whether (t, 2) the right and the left foot are on the ground: a marker is low and hardly moves up or down.

    ``still``: it must not move along the ground either, as on a treadmill it does.
    """
    if len(time) < 3:
        return np.zeros((len(time), 2), dtype=bool)
    columns = []
    lowest = []
    for side in ("r", "l"):
        markers = feet[side]
        down = np.zeros(len(time), dtype=bool)
        floors = []
        for k in range(markers.shape[1]):
            height = markers[:, k, 1]
            seen = np.isfinite(height)
            if seen.sum() < 3:
                continue
            floor = float(np.percentile(height[seen], 2.0))
            floors.append(floor)
            velocity = np.gradient(markers[:, k], time, axis=0)
            speed = np.linalg.norm(velocity, axis=1) if still else np.abs(velocity[:, 1])
            down |= (np.nan_to_num(height, nan=np.inf) < floor + RISE) & (
                np.nan_to_num(speed, nan=np.inf) < SLOW
            )
        columns.append(down)
        lowest.append(min(floors, default=np.inf))
    # A foot that is never put down has no floor of its own: measure it by the other's.
    for which, other in ((0, 1), (1, 0)):
        if lowest[which] > lowest[other] + 2 * RISE:
            columns[which] = np.zeros(len(time), dtype=bool)
    return np.stack(columns, axis=1)


def over_plate(corners: Array, feet: Mapping[str, Array]) -> Mask:
    """Return whether (t, 2) the middle of the right and the left foot is over a plate with these corners (4, 3) m."""
    low, high = corners[:, LEVEL].min(axis=0), corners[:, LEVEL].max(axis=0)
    result = []
    for side in ("r", "l"):
        markers = feet[side][:, :, LEVEL]
        seen = np.isfinite(markers)
        middle = np.where(seen, markers, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
        result.append(((middle > low) & (middle < high)).all(axis=1) & seen.any(axis=(1, 2)))
    return np.stack(result, axis=1)
