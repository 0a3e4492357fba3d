"""Rigid placements: body-fixed x-y-z angles, rotation matrices, quaternions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Placement:
    """Where one frame lies in another: rotation (3, 3) and origin (3,) m."""

    rotation: Array
    origin: Array

    @classmethod
    def of(cls, location: ArrayLike, orientation: ArrayLike) -> Placement:
        """Return the placement at a location, turned by body-fixed x-y-z angles (rad)."""
        return cls(rotation_of(orientation), np.asarray(location, dtype=float))

    def __matmul__(self, other: Placement) -> Placement:
        """Return the placement of ``other``, given in this frame, in this frame's parent."""
        return Placement(self.rotation @ other.rotation, self.rotation @ other.origin + self.origin)

    def inverse(self) -> Placement:
        """Return where the parent lies in this frame."""
        return Placement(self.rotation.T, -self.rotation.T @ self.origin)

    def point(self, location: ArrayLike) -> Array:
        """Return a point of this frame in the parent's."""
        return np.asarray(self.rotation @ np.asarray(location, dtype=float) + self.origin)

    @property
    def quaternion(self) -> Array:
        """The rotation as w, x, y, z."""
        return quaternion_of(self.rotation)


def rotation_of(orientation: ArrayLike) -> Array:
    """Return the matrix of body-fixed x-y-z angles (rad)."""
    (cx, cy, cz), (sx, sy, sz) = np.cos(orientation), np.sin(orientation)
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cx, -sx], [0.0, sx, cx]])
    about_y = np.array([[cy, 0.0, sy], [0.0, 1.0, 0.0], [-sy, 0.0, cy]])
    about_z = np.array([[cz, -sz, 0.0], [sz, cz, 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(about_x @ about_y @ about_z)


def quaternion_of(rotation: Array) -> Array:
    """Return the unit quaternion w, x, y, z of a rotation matrix."""
    trace = np.trace(rotation)
    w = np.sqrt(max(0.0, 1.0 + trace)) / 2.0
    if w > 0.1:
        return np.array(
            [
                w,
                (rotation[2, 1] - rotation[1, 2]) / (4 * w),
                (rotation[0, 2] - rotation[2, 0]) / (4 * w),
                (rotation[1, 0] - rotation[0, 1]) / (4 * w),
            ]
        )
    i = int(np.argmax(np.diag(rotation)))
    j, k = (i + 1) % 3, (i + 2) % 3
    size = np.sqrt(1.0 + rotation[i, i] - rotation[j, j] - rotation[k, k])
    result = np.empty(4)
    result[0] = (rotation[k, j] - rotation[j, k]) / (2 * size)
    result[1 + i] = size / 2
    result[1 + j] = (rotation[j, i] + rotation[i, j]) / (2 * size)
    result[1 + k] = (rotation[k, i] + rotation[i, k]) / (2 * size)
    return result
