"""Exercises as movements: joint angles over time, what bears on the ground, and what pulls from outside.

Angles are those of the body's coordinates, in degrees in the file and in radians from ``sequence``; hip flexion,
adduction, internal rotation and knee flexion positive, ``pelvis_tilt`` negative forward, ``pelvis_list`` positive with
the right side down. Gravity is ground -Y, so a pelvis turned by 90 degrees lies down.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError, UnknownIdError
from gerdy.mechanics.exercise_file import Cycle, Exercise, Keyframe, Load, Side, Stance, read_exercises

__all__ = [
    "Cycle", "Exercise", "Keyframe", "Load", "Sequence", "Stance",
    "exercise", "fill", "keyframe_at", "load_exercises", "mirrored", "on_side", "sequence",
]  # fmt: skip

Array = NDArray[np.float64]

# Mirroring in the midline turns these round; the rest of a pair changes its letter.
_TURNED = frozenset({"pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation"})
_OTHER: dict[str, Side] = {"r": "l", "l": "r"}


class Sequence(NamedTuple):
    """A movement in frames: ``time`` (t,) s, coordinate ``names`` (n,), ``values`` (t, n) rad."""

    time: Array
    names: tuple[str, ...]
    values: Array


@cache
def load_exercises(path: str | Path | None = None) -> tuple[Exercise, ...]:
    """Return the exercises of a file, by default those that come with the program.

    Raises
    ------
    FileError
        If the file cannot be read or is not YAML.
    InputError
        If an exercise breaks a rule; the message names exercise and field.
    """
    return read_exercises(path)


def exercise(name: str) -> Exercise:
    """Return the shipped exercise of that id.

    Raises
    ------
    UnknownIdError
        If there is none; suggests the nearest.
    """
    known = {one.id: one for one in load_exercises()}
    if name not in known:
        raise UnknownIdError("exercise", name, known)
    return known[name]


def mirrored(one: Exercise) -> Exercise:
    """Return the same movement with right and left exchanged."""
    return msgspec.structs.replace(
        one,
        side=_OTHER[one.side],
        keyframes=tuple(
            Keyframe(
                time=key.time,
                angles={
                    _other(name): -value if name in _TURNED else value for name, value in key.angles.items()
                },
                stance=Stance(_OTHER.get(key.stance, key.stance)),
                support=tuple(_other(part) for part in key.support),
                planted=_other(key.planted),
            )
            for key in one.keyframes
        ),
        raised={_other(part): height for part, height in one.raised.items()},
        loads=tuple(_mirrored_load(load) for load in one.loads),
    )


def on_side(one: Exercise, side: str) -> Exercise:
    """Return the exercise for the right ("r") or left ("l") leg."""
    if side not in _OTHER:
        raise InputError(f"{one.id}: side: must be 'r' or 'l'; got '{side}'.")
    return one if one.side == side else mirrored(one)


def sequence(one: Exercise, side: str = "r", frames: int = 50) -> Sequence:
    """Return one repetition for one side, evenly spaced in time: smooth, through every keyframe, never beyond them.

    Piecewise cubic with harmonic-mean slopes (Fritsch and Butland 1984), at rest at both ends and at every turn.

    Raises
    ------
    InputError
        For a side other than "r" or "l", or fewer than two frames.
    """
    if frames < 2:
        raise InputError(f"{one.id}: frames: must be at least 2; got {frames}.")
    one = on_side(one, side)
    names = tuple(sorted({name for key in one.keyframes for name in key.angles}))
    knots = np.array([key.time for key in one.keyframes])
    values = np.radians([[key.angles.get(name, 0.0) for name in names] for key in one.keyframes])
    time = np.linspace(0.0, one.seconds, frames)
    forth = np.minimum(time, one.seconds - time) if one.cycle is Cycle.RETURN else time
    if len(knots) == 1:
        return Sequence(time, names, np.repeat(values, frames, axis=0))
    return Sequence(time, names, _monotone(knots, values, forth))


def keyframe_at(one: Exercise, time: float) -> Keyframe:
    """Return the keyframe whose stance and support hold at a time (s) of one repetition."""
    last = one.keyframes[-1].time
    forth = min(time, one.seconds - time) if one.cycle is Cycle.RETURN else time
    # At the turn of a there-and-back movement the last keyframe holds only for an instant.
    index = int(np.searchsorted([key.time for key in one.keyframes], min(forth, last), side="right")) - 1
    return one.keyframes[max(index, 0)]


def fill(movement: Sequence, coordinates: tuple[str, ...], default: Array) -> tuple[Array, tuple[str, ...]]:
    """Return (t, n) values for a body's ``coordinates`` and the names that this body cannot move.

    What the movement does not name stays at ``default`` (n,).
    """
    values = np.repeat(np.asarray(default, dtype=float)[None, :], len(movement.time), axis=0)
    place = {name: index for index, name in enumerate(coordinates)}
    for column, name in enumerate(movement.names):
        if name in place:
            values[:, place[name]] = movement.values[:, column]
    return values, tuple(name for name in movement.names if name not in place)


def _other(name: str) -> str:
    stem, _, letter = name.rpartition("_")
    return f"{stem}_{_OTHER[letter]}" if letter in _OTHER else name


def _mirrored_load(load: Load) -> Load:
    return msgspec.structs.replace(
        load,
        at=_other(load.at),
        toward=None if load.toward is None else _other(load.toward),
        direction=None if load.direction is None else (*load.direction[:2], -load.direction[2]),
    )


def _monotone(knots: Array, values: Array, at: Array) -> Array:
    """Interpolate (k, n) ``values`` at (t,) times: cubic, flat at both ends, no overshoot."""
    gap = np.diff(knots)[:, None]
    secant = np.diff(values, axis=0) / gap
    slope = np.zeros_like(values)
    same = secant[:-1] * secant[1:] > 0
    total = np.where(same, secant[:-1] + secant[1:], 1.0)
    slope[1:-1] = np.where(same, 2.0 * secant[:-1] * secant[1:] / total, 0.0)
    low = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
    width = gap[low]
    t = (np.clip(at, knots[0], knots[-1])[:, None] - knots[low][:, None]) / width
    return np.asarray(
        (1 + 2 * t) * (1 - t) ** 2 * values[low]
        + t * (1 - t) ** 2 * width * slope[low]
        + t**2 * (3 - 2 * t) * values[low + 1]
        + t**2 * (t - 1) * width * slope[low + 1]
    )
