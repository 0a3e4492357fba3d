"""The file of exercises: its records, and the rules that every row must keep."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import yaml
from msgspec import Struct

from gerdy.errors import FileError, InputError

Side = Literal["r", "l"]
Grade = Literal["A", "B", "C", "D", "E"]
SHIPPED = "exercises.yaml"


class Stance(StrEnum):
    """Which feet carry the body."""

    RIGHT = "r"
    LEFT = "l"
    BOTH = "both"
    NONE = "none"  # lying, or on hands and knees


class Cycle(StrEnum):
    """What follows the last keyframe."""

    RETURN = "return"  # the same way back, in the same time
    ONCE = "once"  # nothing: the keyframes are the whole movement
    HOLD = "hold"  # a position that is kept


class Load(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pull from outside on one part of the body, N: towards another part, or in a direction of the ground."""

    at: str
    newtons: float
    toward: str | None = None
    direction: tuple[float, float, float] | None = None
    source: str
    grade: Grade


class Keyframe(Struct, frozen=True, kw_only=True):
    """A posture at a time (s): every coordinate that is not zero, in degrees; and what carries it from then on.

    ``planted`` is the part that stays where it is (``foot_r``: flat on the ground); the pelvis follows from it.
    """

    time: float
    angles: dict[str, float]
    stance: Stance
    support: tuple[str, ...]
    planted: str


class Exercise(Struct, frozen=True, kw_only=True):
    """A movement, drawn for one side.

    Attributes
    ----------
    side : the leg that is worked, "r" or "l".
    hold : how long a position is kept, s; only where ``cycle`` is hold.
    raised : parts that bear on something above the floor (a step, a bench), and how high, m.
    interventions : what care calls it.
    """

    id: str
    name: str
    clinical: str
    side: Side
    cycle: Cycle
    hold: float
    keyframes: tuple[Keyframe, ...]
    raised: dict[str, float] = {}
    loads: tuple[Load, ...] = ()
    interventions: tuple[str, ...] = ()
    source: str
    grade: str

    @property
    def seconds(self) -> float:
        """How long one repetition takes, s."""
        if self.cycle is Cycle.HOLD:
            return self.hold
        last = self.keyframes[-1].time
        return 2.0 * last if self.cycle is Cycle.RETURN else last


class _Range(Struct, frozen=True, forbid_unknown_fields=True):
    least: float
    most: float
    source: str
    grade: Grade


class _RawKeyframe(Struct, frozen=True, forbid_unknown_fields=True):
    time: float
    angles: dict[str, float] = {}
    stance: Stance | None = None
    support: tuple[str, ...] | None = None
    planted: str | None = None


class _RawExercise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    name: str
    clinical: str
    posture: str
    stance: Stance
    support: tuple[str, ...]
    planted: str
    keyframes: tuple[_RawKeyframe, ...]
    cycle: Cycle = Cycle.RETURN
    hold: float = 0.0
    side: Side = "r"
    raised: dict[str, float] = {}
    loads: tuple[Load, ...] = ()
    interventions: tuple[str, ...] = ()
    source: str
    grade: Grade


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    ranges: dict[str, _Range]
    parts: tuple[str, ...]
    postures: dict[str, dict[str, float]]
    exercises: tuple[dict[str, object], ...]


def read_exercises(path: str | Path | None = None) -> tuple[Exercise, ...]:
    """Return the exercises of a file, by default those that come with the program.

    Raises
    ------
    FileError
        If the file cannot be read or is not YAML.
    InputError
        If an exercise breaks a rule; the message names exercise and field.
    """
    where = Path(path) if path is not None else resources.files("gerdy.mechanics") / "data" / SHIPPED
    try:
        raw = yaml.load(where.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{where}: cannot be read ({getattr(error, 'strerror', None) or error}).") from error
    except yaml.YAMLError as error:
        raise FileError(
            f"{where}: is not YAML ({str(error).splitlines()[0]}); see the shipped {SHIPPED}."
        ) from error
    try:
        file = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        raise InputError(f"{where.name}: {error}") from error
    exercises = tuple(_Row(row, file, where.name).read() for row in file.exercises)
    seen: set[str] = set()
    for one in exercises:
        if one.id in seen:
            raise InputError(f"{where.name}: {one.id}: id: is used twice; give each exercise its own.")
        seen.add(one.id)
    return exercises


class _Row:
    """One exercise of the file on its way to a record; refuses with exercise and field."""

    def __init__(self, row: Mapping[str, object], file: _File, name: str) -> None:
        self.file, self.name, self.id = file, name, row.get("id", "an exercise without id")
        try:
            self.raw = msgspec.convert(row, _RawExercise)
        except msgspec.ValidationError as error:
            raise InputError(f"{name}: {self.id}: {error}") from error

    def read(self) -> Exercise:
        raw = self.raw
        keyframes = self._keyframes()
        held = raw.cycle is Cycle.HOLD
        if held != (len(keyframes) == 1) or not keyframes:
            raise self._refuse("keyframes", "must be one for a position that is held, two or more otherwise.")
        if held != (raw.hold > 0.0):
            raise self._refuse(
                "hold", f"must be above 0 s for a position that is held, else absent; got {raw.hold:g}."
            )
        self._parts(keyframes)
        self._loads()
        return Exercise(
            id=raw.id,
            name=raw.name,
            clinical=raw.clinical,
            side=raw.side,
            cycle=raw.cycle,
            hold=raw.hold,
            keyframes=keyframes,
            raised=raw.raised,
            loads=raw.loads,
            interventions=raw.interventions,
            source=raw.source,
            grade=raw.grade,
        )

    def _refuse(self, field: str, rule: str) -> InputError:
        return InputError(f"{self.name}: {self.id}: {field}: {rule}")

    def _keyframes(self) -> tuple[Keyframe, ...]:
        if self.raw.posture not in self.file.postures:
            known = ", ".join(self.file.postures)
            raise self._refuse("posture", f"must be one of {known}; got '{self.raw.posture}'.")
        angles: dict[str, float] = dict(self.file.postures[self.raw.posture])
        stance, support, planted = self.raw.stance, self.raw.support, self.raw.planted
        keyframes: list[Keyframe] = []
        for number, key in enumerate(self.raw.keyframes):
            field = f"keyframes[{number}]"
            grows = (
                math.isfinite(key.time) and key.time > keyframes[-1].time if keyframes else key.time == 0.0
            )
            if not grows:
                raise self._refuse(f"{field}.time", f"must start at 0 and grow; got {key.time:g}.")
            angles = {**angles, **key.angles}
            self._within(angles, field)
            stance = key.stance or stance
            support = support if key.support is None else key.support
            planted = key.planted or planted
            kept = {name: value for name, value in angles.items() if value != 0.0}
            keyframes.append(
                Keyframe(time=key.time, angles=kept, stance=stance, support=support, planted=planted)
            )
        return tuple(keyframes)

    def _within(self, angles: Mapping[str, float], field: str) -> None:
        for joint, value in angles.items():
            limit = self.file.ranges.get(joint.removesuffix("_r").removesuffix("_l"))
            if limit is None:
                known = ", ".join(self.file.ranges)
                raise self._refuse(f"{field}.{joint}", f"is no coordinate; one of {known}.")
            if not limit.least <= value <= limit.most:
                rule = f"must be from {limit.least:g} to {limit.most:g} degrees; got {value:g}."
                raise self._refuse(f"{field}.{joint}", rule)

    def _parts(self, keyframes: tuple[Keyframe, ...]) -> None:
        used = [("raised", part) for part in self.raw.raised]
        for n, load in enumerate(self.raw.loads):
            used += [(f"loads[{n}]", part) for part in (load.at, load.toward) if part is not None]
        for n, key in enumerate(keyframes):
            used += [(f"keyframes[{n}].support", part) for part in key.support]
        for field, part in used:
            if part not in self.file.parts:
                raise self._refuse(field, f"must be one of {', '.join(self.file.parts)}; got '{part}'.")
        for n, key in enumerate(keyframes):
            # The ball of a foot bears wherever the whole foot does.
            bearing = {part.replace("foot", "forefoot") for part in key.support} | set(key.support)
            if key.planted not in bearing:
                rule = f"must be among the parts that bear ({', '.join(key.support)}); got '{key.planted}'."
                raise self._refuse(f"keyframes[{n}].planted", rule)
            feet = {Stance.BOTH: "rl", Stance.NONE: ""}.get(key.stance, key.stance.value)
            for letter in feet:
                if f"forefoot_{letter}" not in bearing:
                    rule = f"must hold foot_{letter}: the stance is '{key.stance}'."
                    raise self._refuse(f"keyframes[{n}].support", rule)

    def _loads(self) -> None:
        for n, load in enumerate(self.raw.loads):
            if (load.toward is None) == (load.direction is None):
                raise self._refuse(f"loads[{n}]", "needs exactly one of toward and direction.")
            if load.newtons <= 0.0:
                raise self._refuse(f"loads[{n}].newtons", f"must be above 0 N; got {load.newtons:g}.")
            if load.direction is not None and abs(np.linalg.norm(load.direction) - 1.0) > 1e-3:
                raise self._refuse(f"loads[{n}].direction", "must have length 1.")
