"""Bodies that move in known ways: what every measure must give can be written down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gerdy.motion.recording import Array

HIPS = 0.16  # m between the hip joints
THIGH, SHIN = 0.42, 0.40  # m
FLOOR = 0.03  # m, height of heel and toe when flat
UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True)
class Mover:
    """One moving body."""

    time: Array
    points: dict[str, Array]

    def turned(self, degrees: float) -> Mover:
        """The same movement, the laboratory turned about upright."""
        sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
        matrix = np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]])
        return Mover(self.time, {name: place @ matrix.T for name, place in self.points.items()})

    def mirrored(self) -> Mover:
        """The same movement seen in a mirror: right is left."""
        other = {"r": "l", "l": "r"}
        flipped = {
            f"{name[:-1]}{other[name[-1]]}" if name[-2:] in ("_r", "_l") else name: place
            * np.array([1.0, 1.0, -1.0])
            for name, place in self.points.items()
        }
        return Mover(self.time, flipped)


def gait(
    *,
    rate: float = 100.0,
    duration: float = 4.0,
    stride: float = 1.1,
    duty: float = 0.62,
    speed: float = 1.3,
    belt: bool = False,
    width: float = 0.10,
    drop: tuple[float, float] = (6.0, 3.0),
    lean: tuple[float, float] = (4.0, 2.0),
    forward: float = 5.0,
    bounce: float = 0.04,
    turn: float = 5.0,
) -> Mover:
    """Walking or running: right contact at 0.3 s and every ``stride`` s after, left half a stride later.

    ``drop`` and ``lean`` are the peaks in right and in left stance (deg), ``bounce`` the range of the hips' height.
    """
    time = np.arange(round(duration * rate) + 1) / rate
    clock = (time - 0.3) / stride
    ahead = np.zeros_like(time) if belt else speed * time
    mid = np.column_stack([ahead, 0.84 + 0.5 * bounce * np.cos(4.0 * np.pi * clock), np.zeros_like(time)])
    # Right stance is the first part of a cycle, left stance the first part of its second half.
    swing = np.sin(2.0 * np.pi * (clock - 0.5 * duty + 0.25))
    obliquity = np.radians(_between(swing, *drop))
    tilt_over = np.radians(_between(swing, *lean))
    yaw = np.radians(turn) * np.cos(2.0 * np.pi * (clock - 0.5 * duty + 0.25))
    right = np.column_stack(
        [np.cos(obliquity) * np.sin(yaw), np.sin(obliquity), np.cos(obliquity) * np.cos(yaw)]
    )
    points = {"hip_r": mid + 0.5 * HIPS * right, "hip_l": mid - 0.5 * HIPS * right}
    trunk = np.column_stack(
        [np.full_like(time, np.tan(np.radians(forward))), np.ones_like(time), np.tan(tilt_over)]
    )
    across = np.array([0.0, 0.0, 0.19])
    points |= {"shoulder_r": mid + 0.5 * trunk + across, "shoulder_l": mid + 0.5 * trunk - across}
    for side, shift, lateral in (("r", 0.0, 0.5 * width), ("l", 0.5, -0.5 * width)):
        place, height = _foot(clock - shift, shift, stride * speed, duty)
        place = place - speed * time if belt else place
        heel = np.column_stack([place, FLOOR + height, np.full_like(time, lateral)])
        points |= {f"heel_{side}": heel, f"toe_{side}": heel + np.array([0.2, 0.0, 0.0])}
        points[f"ankle_{side}"] = heel + np.array([0.05, 0.06, 0.0])
        points[f"knee_{side}"] = 0.5 * (points[f"hip_{side}"] + points[f"ankle_{side}"]) + np.array(
            [0.12, 0.0, 0.0]
        )
    return Mover(time, points)


def squats(
    *, rate: float = 100.0, count: int = 4, period: float = 2.0, deep: float = 80.0, leg: str | None = None,
    inward: float = 0.0, drop: float = 0.0,
) -> Mover:  # fmt: skip
    """Knee bends to ``deep`` degrees with rests between; at the bottom the knee is ``inward`` m off the line."""
    time = np.arange(round((count * 2 + 1) * period * rate) + 1) / rate
    cycle = (time / period) % 2.0
    active = (cycle > 1.0) & (time < 2 * count * period)
    bend = np.radians(deep) * np.where(active, 0.5 - 0.5 * np.cos(2.0 * np.pi * cycle), 0.0) + 1e-3
    points: dict[str, Array] = {}
    depth = (1.0 - np.cos(bend)) / (1.0 - np.cos(np.radians(deep)))
    for side, sign in (("r", 1.0), ("l", -1.0)):
        ankle = np.tile([0.0, 0.09, sign * 0.5 * HIPS], (len(time), 1))
        lifted = leg is not None and side != leg
        if lifted:
            ankle = ankle + np.array([-0.1, 0.15, 0.0])
        # Thigh and shin lean by half the bend each way; the knee then moves inward across.
        knee = ankle + SHIN * np.column_stack([np.sin(bend / 2), np.cos(bend / 2), np.zeros_like(bend)])
        hip = knee + SHIN * np.column_stack([-np.sin(bend / 2), np.cos(bend / 2), np.zeros_like(bend)])
        knee = knee - np.column_stack([np.zeros_like(bend), np.zeros_like(bend), sign * inward * depth])
        points |= {f"ankle_{side}": ankle, f"knee_{side}": knee, f"hip_{side}": hip}
        points |= {
            f"heel_{side}": ankle - np.array([0.05, 0.06, 0.0]),
            f"toe_{side}": ankle + np.array([0.15, -0.06, 0.0]),
        }
    if leg is not None:
        # The free hip hangs from the standing one.
        free, sign = ("l", -1.0) if leg == "r" else ("r", 1.0)
        down = np.radians(drop) * depth
        points[f"hip_{free}"] = points[f"hip_{leg}"] + HIPS * np.column_stack(
            [np.zeros_like(down), -np.sin(down), sign * np.cos(down)]
        )
        points[f"knee_{free}"] = points[f"hip_{free}"] - [0.0, THIGH * 0.6, 0.0]
    return Mover(time, points)


def jump(*, rate: float = 100.0, flight: float = 0.4) -> Mover:
    """Standing, a jump on both feet, and standing again; the feet leave at 1 s."""
    time = np.arange(round(3.0 * rate) + 1) / rate
    airborne = np.clip(time - 1.0, 0.0, flight)
    height = 0.5 * 9.81 * airborne * (flight - airborne)
    points: dict[str, Array] = {}
    for side, sign in (("r", 1.0), ("l", -1.0)):
        heel = np.column_stack([np.zeros_like(time), FLOOR + height, np.full_like(time, sign * 0.1)])
        points |= {f"heel_{side}": heel, f"toe_{side}": heel + np.array([0.2, 0.0, 0.0])}
    return Mover(time, points)


def _between(swing: Array, right: float, left: float) -> Array:
    """A curve that peaks at ``right`` upward and at ``left`` downward."""
    return 0.5 * (right + left) * swing + 0.5 * (right - left)


def _foot(clock: Array, shift: float, length: float, duty: float) -> tuple[Array, Array]:
    """Place along the way and height above the floor: flat and still on the ground, then forward at even speed."""
    turn = np.floor(clock)
    swinging = np.clip((clock - turn - duty) / (1.0 - duty), 0.0, 1.0)
    return length * (turn + swinging + shift + 0.5 * duty) + 0.4, 0.12 * np.sin(np.pi * swinging)
