"""How large a person's segments are against a model's: from landmarks that a recording follows, or from height alone.

Only distances within one segment are used, so that a recording may stand still or move; each is the median over its
frames. What cannot be measured falls back on height, and every decision is noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.hip_centre import HIP_ERROR, harrington, pelvis_frame
from gerdy.mechanics.model import BodyModel, Vector
from gerdy.mechanics.posing import place_bodies

Array = NDArray[np.float64]
Hip = Literal["regression", "model"]

GENERIC_HEIGHT = 1.70  # m; assumed: the Rajagopal models stand for a man of about this height (E, unverified)

MARKER_ERROR = 0.005  # m; assumed: how far a landmark is placed off its bone (E)
POSTURE_ERROR = 0.02  # m; assumed: what bending adds where a span crosses a joint (E)
HEIGHT_ERROR = 0.045  # share; assumed: how far one segment strays from a person's height (E)
UNEVEN = 0.03  # share by which left and right may differ before it is noted; assumed (E)

SIDES = ("r", "l")

# Pairs of landmarks that span a segment, the best first; {s} is the side.
SPANS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "thigh": (("{s}_hip_centre", "{s}_knee_centre"), ("{s}_hip_centre", "{s}_knee_lateral")),
    "shank": (("{s}_knee_centre", "{s}_ankle_centre"), ("{s}_knee_lateral", "{s}_ankle_lateral")),
    "foot": (("{s}_heel", "{s}_toe"), ("{s}_heel", "{s}_fifth_metatarsal")),
    "upper arm": (
        ("{s}_shoulder_centre", "{s}_elbow_centre"),
        ("{s}_shoulder_centre", "{s}_elbow_lateral"),
        ("{s}_acromion", "{s}_elbow_lateral"),
    ),
    "forearm": (
        ("{s}_elbow_centre", "{s}_wrist_centre"),
        ("{s}_elbow_lateral", "{s}_wrist_radius"),
        ("{s}_elbow_medial", "{s}_wrist_ulna"),
    ),
}
BODIES: Mapping[str, tuple[str, ...]] = {
    "thigh": ("femur_{s}", "patella_{s}"),
    "shank": ("tibia_{s}", "fibula_{s}"),
    "foot": ("talus_{s}", "calcn_{s}", "toes_{s}"),
    "upper arm": ("humerus_{s}",),
    "forearm": ("ulna_{s}", "radius_{s}", "hand_{s}"),
}
# Share of height of a segment between joint centres (de Leva 1996, doi 10.1016/0021-9290(95)00178-6, by way of a code
# table, grade B: 100 young women of 1.735 m, 115 young men of 1.741 m). The women's thigh there (0.3685 m) is so short
# against their shin that it must be measured from elsewhere; the men's share stands for both (assumed, grade E).
OF_HEIGHT: Mapping[str, Mapping[str, float]] = {
    "thigh": {"female": 0.4222 / 1.741, "male": 0.4222 / 1.741},
    "shank": {"female": 0.4323 / 1.735, "male": 0.4340 / 1.741},
}
OF_HEIGHT_SPANS = {"thigh": ("r_hip_centre", "r_knee_centre"), "shank": ("r_knee_centre", "r_ankle_centre")}
TRUNK_LENGTHS = (
    ("sacrum", "c7"),
    ("middle_psis", "c7"),
    ("middle_asis", "clavicle"),
    ("middle_asis", "sternum"),
)


@dataclass(frozen=True)
class Sizing:
    """Factors of each body's x, y, z against the model; how sure each is (share); what was decided, one line each."""

    factors: dict[str, Vector]
    error: dict[str, float]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Ratio:
    value: float
    error: float
    by: str


def factors_from_markers(
    model: BodyModel,
    landmarks: Mapping[str, Array],
    *,
    height: float | None = None,
    sex: str | None = None,
    hip: Hip = "regression",
    symmetric: bool = True,
    generic_height: float = GENERIC_HEIGHT,
) -> Sizing:
    """Return how large each segment is, from landmarks followed over time.

    Parameters
    ----------
    landmarks : by canonical name (``r_asis``, ``l_knee_lateral`` ...), positions (t, 3) m, NaN where not seen. Joint
        centres (``r_hip_centre`` ...) are used as given.
    height : of the person (m), for what cannot be measured; without it the measured segments' median stands in.
    sex : for segments that follow from height alone; without it the mean of women and men.
    hip : where the hip is not given, find it by the regression or where the model's own stretched pelvis has it.
    symmetric : use the mean of both sides for both.

    Raises
    ------
    InputError
        If a position is not (t, 3), lengths are implausible (wrong units), or nothing at all can be measured and no
        height is given.
    """
    seen = _Seen(_checked(landmarks))
    own = _Own(model)
    notes: list[str] = []
    pelvis = _pelvis(seen, own, notes)
    _find_hips(seen, own, pelvis, hip, notes)
    measured = {name: _limb(name, seen, own, symmetric, notes) for name in SPANS}
    trunk = _trunk(seen, own)
    every = [r for sides in measured.values() for r in sides.values() if r] + [
        r for r in (*pelvis, *trunk) if r
    ]
    spare = _spare(height, generic_height, every, notes)
    _check_plausible(every)
    ratios = {
        "pelvis": _with_height_between(pelvis, spare, "pelvis", notes),
        "torso": _trunk_factors(trunk, spare, notes),
    }
    for name, sides in measured.items():
        unseen = _of_height(name, own, height, sex) or spare
        for side, ratio in sides.items():
            ratios |= {body.format(s=side): (ratio or unseen,) * 3 for body in BODIES[name]}
        if not any(sides.values()):
            notes.append(f"{name}: no pair of landmarks spans it; {unseen.by}.")
    for body in sorted({body.name for body in model.bodies} - ratios.keys()):
        ratios[body] = (spare, spare, spare)
        notes.append(f"{body}: is no segment that is measured; {spare.by}.")
    return _sizing({body.name: ratios[body.name] for body in model.bodies}, notes)


def _sizing(ratios: Mapping[str, tuple[_Ratio, _Ratio, _Ratio]], notes: list[str]) -> Sizing:
    factors = {body: (x.value, y.value, z.value) for body, (x, y, z) in ratios.items()}
    return Sizing(
        factors, {body: max(r.error for r in three) for body, three in ratios.items()}, tuple(notes)
    )


# --- what is seen, and what the model has ---------------------------------------------------------------------------


class _Seen:
    """Landmarks of the recording, and points derived from them."""

    def __init__(self, positions: dict[str, Array]) -> None:
        self.given = frozenset(positions)
        self.positions = positions
        _derive(self.positions)

    def distances(self, first: str, second: str) -> Array | None:
        if first not in self.positions or second not in self.positions:
            return None
        apart = np.linalg.norm(self.positions[first] - self.positions[second], axis=1)
        apart = apart[np.isfinite(apart)]
        return apart if len(apart) else None


class _Own:
    """The model's landmarks and joint centres in its default posture."""

    def __init__(self, model: BodyModel) -> None:
        placed = place_bodies(model)
        self.bodies = placed
        self.positions = {m.name: placed[m.body].point(m.location)[None, :] for m in model.markers}
        for joint in model.joints:
            for bone, name in (
                ("femur", "hip"),
                ("tibia", "knee"),
                ("talus", "ankle"),
                ("humerus", "shoulder"),
            ):
                for side in SIDES:
                    if joint.child == f"{bone}_{side}":
                        centre = placed[joint.child].point(joint.child_location)[None, :]
                        if name in {"hip", "shoulder"}:
                            self.positions[f"{side}_{name}_centre"] = centre
                        else:
                            self.positions.setdefault(f"{side}_{name}_centre", centre)
        _derive(self.positions)

    def distance(self, first: str, second: str) -> float | None:
        if first not in self.positions or second not in self.positions:
            return None
        return float(np.linalg.norm(self.positions[first][0] - self.positions[second][0]))


def _derive(positions: dict[str, Array]) -> None:
    """Add midpoints: of both sides' landmarks, and of inner and outer side for the centres not given."""
    for side in SIDES:
        for joint, outer, inner in (
            ("knee", "lateral", "medial"),
            ("ankle", "lateral", "medial"),
            ("elbow", "lateral", "medial"),
            ("wrist", "radius", "ulna"),
        ):
            _add_middle(
                positions, f"{side}_{joint}_centre", f"{side}_{joint}_{outer}", f"{side}_{joint}_{inner}"
            )
    for name in ("asis", "psis"):
        _add_middle(positions, f"middle_{name}", f"r_{name}", f"l_{name}")


def _add_middle(positions: dict[str, Array], name: str, first: str, second: str) -> None:
    if name not in positions and first in positions and second in positions:
        positions[name] = 0.5 * (positions[first] + positions[second])


def _checked(landmarks: Mapping[str, Array]) -> dict[str, Array]:
    positions = {}
    for name, values in landmarks.items():
        array = np.asarray(values, dtype=float)
        if array.ndim != 2 or array.shape[1] != 3:
            raise InputError(f"landmarks.{name}: must be (t, 3) metres; got the shape {array.shape}.")
        if np.isfinite(array).all(axis=1).any():
            positions[name] = array
    if len({len(array) for array in positions.values()}) > 1:
        raise InputError("landmarks: must all have the same number of frames.")
    return positions


# --- ratios ---------------------------------------------------------------------------------------------------------


def _ratio(seen: _Seen, own: _Own, first: str, second: str, placing: float = 0.0) -> _Ratio | None:
    """Return measured over modelled length; ``placing`` is an error (m) beyond that of two landmarks."""
    apart, there = seen.distances(first, second), own.distance(first, second)
    if apart is None or there is None or there < 1e-3:
        return None
    middle = float(np.median(apart))
    scatter = 1.4826 * float(np.median(np.abs(apart - middle)))
    error = float(np.sqrt(scatter**2 + 2.0 * MARKER_ERROR**2 + placing**2))
    return _Ratio(middle / there, error / middle if middle > 0.0 else np.inf, f"{first} to {second}")


def _mean(ratios: Iterable[_Ratio | None]) -> _Ratio | None:
    found = [ratio for ratio in ratios if ratio is not None]
    if not found:
        return None
    value = float(np.mean([ratio.value for ratio in found]))
    error = float(np.sqrt(np.sum([ratio.error**2 for ratio in found]))) / len(found)
    error = float(np.hypot(error, np.std([ratio.value for ratio in found]) / value))
    return _Ratio(value, error, " and ".join(ratio.by for ratio in found))


def _limb(name: str, seen: _Seen, own: _Own, symmetric: bool, notes: list[str]) -> dict[str, _Ratio | None]:
    sides: dict[str, _Ratio | None] = {}
    for side in SIDES:
        pairs = ((a.format(s=side), b.format(s=side)) for a, b in SPANS[name])
        guessed = name == "thigh" and f"{side}_hip_centre" not in seen.given
        placing = HIP_ERROR / np.sqrt(3.0) if guessed else POSTURE_ERROR if name == "upper arm" else 0.0
        sides[side] = next((r for a, b in pairs if (r := _ratio(seen, own, a, b, placing)) is not None), None)
    right, left = sides["r"], sides["l"]
    if right and left and abs(right.value / left.value - 1.0) > UNEVEN:
        used = "their mean is used" if symmetric else "each is used"
        notes.append(f"{name}: right and left differ by {abs(right.value / left.value - 1.0):.1%}; {used}.")
    for side, ratio in sides.items():
        if ratio:
            notes.append(f"{name}, {side}: {ratio.value:.3f} of the model's, by {ratio.by}.")
    if symmetric:
        both = _mean((right, left))
        return {"r": both, "l": both}
    if right is None or left is None:
        return {"r": right or left, "l": left or right}
    return sides


# --- pelvis and hips ------------------------------------------------------------------------------------------------


def _pelvis(seen: _Seen, own: _Own, notes: list[str]) -> tuple[_Ratio | None, _Ratio | None, _Ratio | None]:
    width = _ratio(seen, own, "r_asis", "l_asis")
    depth = _ratio(seen, own, "middle_asis", "middle_psis") or _ratio(seen, own, "middle_asis", "sacrum")
    for label, ratio in (("width", width), ("depth", depth)):
        if ratio:
            notes.append(f"pelvis, {label}: {ratio.value:.3f} of the model's, by {ratio.by}.")
    return depth, _mean((depth, width)), width


def _find_hips(seen: _Seen, own: _Own, pelvis: tuple[_Ratio | None, ...], hip: Hip, notes: list[str]) -> None:
    """Add the hip centres that the recording does not give."""
    missing = [side for side in SIDES if f"{side}_hip_centre" not in seen.given]
    if not missing:
        notes.append("hips: as the recording gives them.")
        return
    frame = pelvis_frame(seen.positions)
    if frame is None:
        notes.append("hips: cannot be found; that takes both asis and the psis or the sacrum.")
        return
    for side in missing:
        place = (
            harrington(frame.width, frame.depth, side)
            if hip == "regression"
            else _modelled(own, pelvis, side)
        )
        seen.positions[f"{side}_hip_centre"] = frame.out(place)
    notes.append(
        "hips: by the regression of Harrington 2007." if hip == "regression" else "hips: as in the model."
    )


def _modelled(own: _Own, pelvis: tuple[_Ratio | None, ...], side: str) -> Array:
    frame = pelvis_frame(own.positions)
    if frame is None:
        raise InputError("hip: the model's pelvis has no landmarks asis and psis; use the regression.")
    place = frame.into(own.positions[f"{side}_hip_centre"])
    stretch = np.array([1.0 if ratio is None else ratio.value for ratio in pelvis])
    stretched: Array = place * stretch
    return stretched


# --- the rest -------------------------------------------------------------------------------------------------------


def _trunk(seen: _Seen, own: _Own) -> tuple[_Ratio | None, _Ratio | None]:
    length = next(
        (r for a, b in TRUNK_LENGTHS if (r := _ratio(seen, own, a, b, POSTURE_ERROR)) is not None), None
    )
    return length, _ratio(seen, own, "r_acromion", "l_acromion")


def _trunk_factors(
    trunk: tuple[_Ratio | None, _Ratio | None], spare: _Ratio, notes: list[str]
) -> tuple[_Ratio, _Ratio, _Ratio]:
    length, width = trunk
    if length is None and width is None:
        notes.append(f"torso: no pair of landmarks spans it; {spare.by}.")
    for label, ratio in (("length", length), ("width", width)):
        if ratio:
            notes.append(f"torso, {label}: {ratio.value:.3f} of the model's, by {ratio.by}.")
    tall = length or spare
    return tall, tall, width or length or spare


def _with_height_between(
    pelvis: tuple[_Ratio | None, _Ratio | None, _Ratio | None], spare: _Ratio, name: str, notes: list[str]
) -> tuple[_Ratio, _Ratio, _Ratio]:
    depth, tall, width = pelvis
    if depth is None and width is None:
        notes.append(f"{name}: no pair of landmarks spans it; {spare.by}.")
    elif depth is None or width is None:
        notes.append(f"{name}: its {'depth' if depth is None else 'width'} is not seen; scaled as the other.")
    return depth or width or spare, tall or spare, width or depth or spare


def _spare(height: float | None, generic_height: float, measured: list[_Ratio], notes: list[str]) -> _Ratio:
    if height is not None:
        return _Ratio(_height_factor(height, generic_height), HEIGHT_ERROR, "scaled by height")
    if not measured:
        raise InputError(
            "landmarks: no two of them span a segment, and no height is given; give a height (m)."
        )
    notes.append("height is not given: what is not measured is scaled by the median of what is.")
    middle = float(np.median([ratio.value for ratio in measured]))
    return _Ratio(middle, HEIGHT_ERROR, "scaled by the median of the others")


def _height_factor(height: float, generic_height: float) -> float:
    if not 1.2 <= height <= 2.3:
        raise InputError(f"height: must be from 1.2 to 2.3 m; got {height:g}.")
    return height / generic_height


def _of_height(name: str, own: _Own, height: float | None, sex: str | None) -> _Ratio | None:
    """Return a leg segment's size from height, as people of that height have it."""
    if height is None or name not in OF_HEIGHT:
        return None
    there = own.distance(*OF_HEIGHT_SPANS[name])
    if there is None:
        return None
    shares = OF_HEIGHT[name]
    share = shares[sex] if sex is not None and sex in shares else sum(shares.values()) / len(shares)
    return _Ratio(share * height / there, HEIGHT_ERROR, f"{100 * share:.1f} % of height, by de Leva 1996")


def _check_plausible(measured: list[_Ratio]) -> None:
    for ratio in measured:
        if not 0.5 <= ratio.value <= 2.0:
            raise InputError(
                f"landmarks: {ratio.by} is {ratio.value:.3g} times the model's; are the positions metres, "
                "the names right?"
            )
