"""Where the hip centres lie in a pelvis whose bony points are seen.

Regression: Harrington et al. Prediction of the hip joint centre in adults, children, and patients with cerebral palsy
based on magnetic resonance imaging. J Biomech 2007;40:595-602 (8 adults, 24 children); its coefficients as several
public implementations carry them, not checked against the paper (grade C, unverified). Against computed tomography of
67 adults it missed by 12.3 (SD 5.9) mm, the regression of Davis by 25.0 (6.7) mm (Mantovani G, Ng KCG, Lamontagne M.
Gait Posture 2016;44:48-54, grade B).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Share of pelvic depth (forward) or width (up, outward) and what is added, m, from the middle between both asis.
FORWARD, UP, OUTWARD = (-0.24, -0.0099), (-0.30, -0.0109), (0.33, 0.0073)
HIP_ERROR = 0.0123  # m


@dataclass(frozen=True)
class PelvisFrame:
    """Axes of the pelvis over time, from its bony points.

    Attributes
    ----------
    origin : (t, 3) between both asis, m.
    axes : (t, 3, 3) rows forward, up, right.
    width, depth : between both asis; from their middle to that of the psis (or to the sacrum), m, medians.
    """

    origin: Array
    axes: Array
    width: float
    depth: float

    def out(self, place: Array) -> Array:
        """Return where a place (3,) of the pelvis is (t, 3)."""
        found: Array = self.origin + np.einsum("k,tkj->tj", place, self.axes)
        return found

    def into(self, position: Array) -> Array:
        """Return the place (3,) in the pelvis of a point that moves with it (t, 3), the median over time."""
        found: Array = np.nanmedian(np.einsum("tkj,tj->tk", self.axes, position - self.origin), axis=0)
        return found


def pelvis_frame(positions: Mapping[str, Array]) -> PelvisFrame | None:
    """Return the pelvis's axes; None without both asis and a middle of the psis, or a sacrum, in one frame at least."""
    rear = positions.get("middle_psis", positions.get("sacrum"))
    if "r_asis" not in positions or "l_asis" not in positions or rear is None:
        return None
    origin = 0.5 * (positions["r_asis"] + positions["l_asis"])
    across, ahead = positions["r_asis"] - positions["l_asis"], origin - rear
    if not np.isfinite(across + ahead).all(axis=1).any():
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        right = across / np.linalg.norm(across, axis=1, keepdims=True)
        forward = ahead - np.sum(ahead * right, axis=1, keepdims=True) * right
        forward = forward / np.linalg.norm(forward, axis=1, keepdims=True)
    axes = np.stack([forward, np.cross(right, forward), right], axis=1)
    width, depth = (float(np.nanmedian(np.linalg.norm(v, axis=1))) for v in (across, ahead))
    return PelvisFrame(origin, axes, width, depth)


def harrington(width: float, depth: float, side: str) -> Array:
    """Return a hip centre (3,) m, forward, up, right of the middle between both asis, from the pelvis's size (m)."""
    outward = 1.0 if side == "r" else -1.0
    return np.array(
        [
            FORWARD[0] * depth + FORWARD[1],
            UP[0] * width + UP[1],
            outward * (OUTWARD[0] * width + OUTWARD[1]),
        ]
    )
