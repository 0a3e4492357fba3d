"""The curves that measures are read from, in degrees or metres, whatever the source: joint angles or places of joints.

Every function takes the body, the side and the frames of one window, and returns (t,) over those frames, NaN where it
has no meaning. Nothing depends on which way the person faces in the laboratory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from gerdy.errors import InputError
from gerdy.motion.contacts import Side
from gerdy.motion.events import bend
from gerdy.motion.recording import Array

SHOWS = 0.5  # share of a limb that must show in the projection for its angle to mean anything (assumed, E)
LOCKED = 0.5  # degrees; a joint that moves less all through a trial was held fixed (assumed, E)
TRAVELS = 0.5  # m; a body that goes less far stays in place, as on a treadmill (assumed, E)


@dataclass(frozen=True)
class Body:
    """A recorded body: ``points`` name: (t, 3) m with Y up, ``angles`` name: (t,) rad or m, on one ``time`` (t,) s."""

    time: Array
    points: Mapping[str, Array]
    angles: Mapping[str, Array]

    def __post_init__(self) -> None:
        for kind, group, shape in (("points", self.points, (3,)), ("angles", self.angles, ())):
            for name, values in group.items():
                if np.shape(values) != (len(self.time), *shape):
                    raise InputError(
                        f"{kind}.{name}: must have shape {(len(self.time), *shape)}, one row a frame; "
                        f"got {np.shape(values)}."
                    )

    def has(self, names: tuple[str, ...], side: Side) -> bool:
        """Whether every point or angle is there, ``_s`` and ``_o`` standing for the side and the other."""
        return not self.lacks(names, side)

    def lacks(self, names: tuple[str, ...], side: Side) -> list[str]:
        """Return the names that are not there."""
        wanted = [placed(name, side) for name in names]
        return [name for name in wanted if name not in self.points and name not in self.angles]

    @cached_property
    def pelvis(self) -> Array:
        """The pelvis' axes in the laboratory (t, 3, 3), columns X forward, Y up, Z right, from its three angles."""
        return rotations(*(self.angles[name] for name in ("pelvis_tilt", "pelvis_list", "pelvis_rotation")))

    @cached_property
    def across(self) -> Array:
        """The horizontal direction to the person's right (t, 3), of length one: along the line of the hips."""
        raw = self.points["hip_r"] - self.points["hip_l"]
        flat = raw * np.array([1.0, 0.0, 1.0])
        result: Array = flat / np.linalg.norm(flat, axis=1, keepdims=True)
        return result

    def right(self, frames: slice) -> Array:
        """Return the mean direction to the right (3,) over some frames."""
        part = self.across[frames]
        seen = part[np.isfinite(part).all(axis=1)]
        total = seen.sum(axis=0) if len(seen) else np.full(3, np.nan)
        result: Array = total / np.linalg.norm(total)
        return result

    @cached_property
    def path(self) -> Array:
        """The direction (3,) square to the straight path of the hips, to the right; to the mean heading in place."""
        heading = self.right(slice(None))
        hips = 0.5 * (self.points["hip_r"] + self.points["hip_l"])[:, [0, 2]]
        seen = np.isfinite(hips).all(axis=1)
        if seen.sum() < 2:
            return heading
        moved = hips[seen] - hips[seen].mean(axis=0)
        clock = self.time[seen] - self.time[seen].mean()
        rate = clock @ moved / (clock @ clock)
        if np.linalg.norm(rate) * (self.time[-1] - self.time[0]) < TRAVELS:
            return heading
        ahead = rate / np.linalg.norm(rate)
        square = np.array([-ahead[1], 0.0, ahead[0]])
        return square if square @ heading > 0.0 else -square

    @cached_property
    def leg(self) -> float:
        """Length of the leg in m: hip to knee to ankle, mean of both."""
        total = 0.0
        for side in ("r", "l"):
            for upper, lower in (("hip", "knee"), ("knee", "ankle")):
                part = np.linalg.norm(self.points[f"{upper}_{side}"] - self.points[f"{lower}_{side}"], axis=1)
                part = part[np.isfinite(part)]
                total += float(np.median(part)) if len(part) else np.nan
        return total / 2.0


Signal = Callable[[Body, Side, slice], Array]


def placed(name: str, side: Side) -> str:
    """Return a name with ``_s`` and ``_o`` put as the side and the other side."""
    other = "l" if side == "r" else "r"
    if name.endswith("_s"):
        return f"{name[:-1]}{side}"
    return f"{name[:-1]}{other}" if name.endswith("_o") else name


def rotations(about_z: Array, about_x: Array, about_y: Array) -> Array:
    """Return body-fixed turns about Z, then X, then Y (t,) rad as axes (t, 3, 3): how pelvis, hip and back turn."""
    (sz, cz), (sx, cx), (sy, cy) = ((np.sin(angle), np.cos(angle)) for angle in (about_z, about_x, about_y))
    return np.stack(
        [
            np.stack([cz * cy - sz * sx * sy, -sz * cx, cz * sy + sz * sx * cy], axis=-1),
            np.stack([sz * cy + cz * sx * sy, cz * cx, sz * sy - cz * sx * cy], axis=-1),
            np.stack([-cx * sy, sx, cx * cy], axis=-1),
        ],
        axis=-2,
    )


def _outward(side: Side) -> float:
    """Return +1 where the person's right is outward, -1 where it is inward."""
    return 1.0 if side == "r" else -1.0


def _drop_of_hips(body: Body, side: Side, frames: slice) -> Array:
    line = (body.points["hip_r"] - body.points["hip_l"])[frames]
    return _outward(side) * np.degrees(np.arctan2(line[:, 1], np.hypot(line[:, 0], line[:, 2])))


def _drop_of_pelvis(body: Body, side: Side, frames: slice) -> Array:
    # Positive pelvis_list turns about the forward axis: the right side sinks. So the free left side sinks in right
    # stance where list is negative, whatever the tilt and heading.
    rise: Array = np.degrees(np.arcsin(body.pelvis[frames, 1, 2]))
    return _outward(side) * rise


def _angle(name: str, sign: float = 1.0) -> Signal:
    def read(body: Body, side: Side, frames: slice) -> Array:
        result: Array = sign * np.degrees(body.angles[placed(name, side)][frames])
        return result

    return read


def _adduction(body: Body, side: Side, frames: slice) -> Array:
    inward = -_outward(side) * (body.points["hip_r"] - body.points["hip_l"])[frames]
    thigh = (body.points[f"knee_{side}"] - body.points[f"hip_{side}"])[frames]
    lean = (
        np.einsum("ij,ij->i", inward, thigh) / np.linalg.norm(inward, axis=1) / np.linalg.norm(thigh, axis=1)
    )
    result: Array = np.degrees(np.arcsin(lean))
    return result


def _knee_bend(body: Body, side: Side, frames: slice) -> Array:
    return np.degrees(bend(*(body.points[f"{joint}_{side}"][frames] for joint in ("hip", "knee", "ankle"))))


def _valgus_projected(body: Body, side: Side, frames: slice) -> Array:
    outward = _outward(side) * body.right(frames)
    hip, knee, ankle = (body.points[f"{joint}_{side}"][frames] for joint in ("hip", "knee", "ankle"))
    thigh, shin = hip - knee, ankle - knee
    angle = np.degrees(np.arctan2(thigh @ outward, thigh[:, 1]) + np.arctan2(shin @ outward, -shin[:, 1]))
    return np.where(shown(body, side, frames) < SHOWS, np.nan, angle)


def shown(body: Body, side: Side, frames: slice) -> Array:
    """Return the share (t,) of thigh or shin, whichever is less, that shows in the plane the person faces."""
    right = body.right(frames)
    ahead = np.array([right[2], 0.0, -right[0]])
    hip, knee, ankle = (body.points[f"{joint}_{side}"][frames] for joint in ("hip", "knee", "ankle"))
    hidden = [_unit(limb) @ ahead for limb in (hip - knee, ankle - knee)]
    share: Array = np.sqrt(np.clip(1.0 - np.max(np.abs(hidden), axis=0) ** 2, 0.0, None))
    return share


def _valgus(body: Body, side: Side, frames: slice) -> Array:
    hip, knee, ankle, lateral, medial = (
        body.points[f"{name}_{side}"][frames]
        for name in ("hip", "knee", "ankle", "knee_lateral", "knee_medial")
    )
    thigh, shin = _unit(hip - knee), _unit(ankle - knee)
    axis = lateral - medial
    square = _unit(axis - np.einsum("ij,ij->i", axis, thigh)[:, None] * thigh)
    result: Array = np.degrees(np.arcsin(np.einsum("ij,ij->i", shin, square)))
    return result


def _unit(lines: Array) -> Array:
    result: Array = lines / np.linalg.norm(lines, axis=1, keepdims=True)
    return result


def _trunk_of_shoulders(body: Body, frames: slice) -> Array:
    hips, shoulders = (
        0.5 * (body.points[f"{name}_r"] + body.points[f"{name}_l"]) for name in ("hip", "shoulder")
    )
    return (shoulders - hips)[frames]


def _trunk_of_point(body: Body, frames: slice) -> Array:
    return (body.points["trunk"] - 0.5 * (body.points["hip_r"] + body.points["hip_l"]))[frames]


def _lean(line: Callable[[Body, slice], Array]) -> Signal:
    def read(body: Body, side: Side, frames: slice) -> Array:
        trunk = line(body, frames)
        return np.degrees(np.arctan2(_outward(side) * trunk @ body.right(frames), trunk[:, 1]))

    return read


def _forward(line: Callable[[Body, slice], Array]) -> Signal:
    def read(body: Body, side: Side, frames: slice) -> Array:  # noqa: ARG001 (one shape for all signals)
        trunk, right = line(body, frames), body.right(frames)
        ahead = np.array([right[2], 0.0, -right[0]])
        result: Array = np.degrees(np.arctan2(trunk @ ahead, trunk[:, 1]))
        return result

    return read


def _knee_place(body: Body, side: Side, frames: slice) -> Array:
    place: Array = body.points[f"knee_{side}"][frames] @ body.right(frames)
    return place


def _hip_height(body: Body, side: Side, frames: slice) -> Array:  # noqa: ARG001 (one shape for all signals)
    height: Array = 0.5 * (body.points["hip_r"] + body.points["hip_l"])[frames, 1]
    return height


def _pelvis_height(body: Body, side: Side, frames: slice) -> Array:  # noqa: ARG001 (one shape for all signals)
    return body.angles["pelvis_ty"][frames]


def _eversion(body: Body, side: Side, frames: slice) -> Array:
    whole = np.degrees(body.angles[f"subtalar_angle_{side}"])
    part: Array = -whole[frames] if np.ptp(whole) > LOCKED else np.full_like(whole[frames], np.nan)
    return part


_TRUNKS = (_trunk_of_shoulders, _trunk_of_point)

# For each measure one signal for each of its alternatives in ``needs``, in the same order.
SIGNALS: Mapping[str, tuple[Signal, ...]] = MappingProxyType(
    {
        "pelvic_drop": (_drop_of_hips, _drop_of_pelvis),
        "hip_adduction": (_angle("hip_adduction_s"), _adduction),
        "hip_internal_rotation": (_angle("hip_rotation_s"),),
        "hip_flexion": (_angle("hip_flexion_s"),),
        "knee_valgus_projected": (_valgus_projected,),
        "knee_valgus": (_valgus, _angle("knee_adduction_s", -1.0)),
        "knee_flexion_contact": (_angle("knee_angle_s"), _knee_bend),
        "knee_flexion": (_angle("knee_angle_s"), _knee_bend),
        "trunk_lean": tuple(_lean(trunk) for trunk in _TRUNKS),
        "trunk_forward_lean": tuple(_forward(trunk) for trunk in _TRUNKS),
        "knee_displacement": (_knee_place,),
        "rearfoot_eversion": (_eversion,),
        "vertical_oscillation": (_hip_height, _pelvis_height),
    }
)
