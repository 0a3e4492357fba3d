"""O10: which exercises ask most of gluteus medius, and which spare tensor fasciae latae."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from validation_setting import GRAVITY, Array, Setting
from validation_targets import Outcome, attempt, document, judge

from gerdy.mechanics.exercises import Exercise, Keyframe, Load, Stance, exercise, fill, keyframe_at, sequence
from gerdy.mechanics.loads import loads_of, standing_ground
from gerdy.mechanics.sweep import Ground, ground_of, sweep

FRAMES = 41
STEP = 1e-6  # rad
SHOULDERS = 0.37  # m above the lumbar joint; the height of the shoulder joints in the Rajagopal family
LEAST = 1e-3  # activation: below it a ratio says nothing
FEET = {
    Stance.RIGHT: (1.0, 0.0),
    Stance.LEFT: (0.0, 1.0),
    Stance.BOTH: (0.5, 0.5),
}  # share of what feet carry
HELD_AT = -20.0  # degrees of adduction: where the models' side-lying figures were taken
LEG = ("femur", "patella", "tibia", "talus", "calcn", "toes")
# What a pull from outside can turn; further up it only loads what holds the person.
TURNED = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle")


@dataclass(frozen=True)
class Worked:
    """One repetition of the right leg.

    Attributes
    ----------
    time : (t,) s; q (t, n) rad, m; activation (t, muscle); force (t, muscle) N; hip_contact (t,) N, the right hip's.
    """

    time: Array
    q: Array
    activation: Array
    force: Array
    hip_contact: Array


def exercises(place: Setting, only: tuple[str, ...] = ()) -> list[Outcome]:
    """Return the outcomes of O10."""
    names = ["O10a", "O10b", "O10c", "O10d", "O10e"] if not only or "O10" in only else []
    return attempt(names, lambda: _outcomes(place)) if names else []


def _outcomes(place: Setting) -> list[Outcome]:
    table = document()["exercise_emg"]
    wanted = {*table["values"], *table["high_ratio"], *table["low_ratio"]}
    out, inward = "side_lying_abduction_toes_up", "side_lying_abduction_toes_down"
    done = {name: work(place, exercise(name)) for name in sorted({*wanted, out, inward})}
    medius = {name: mean(place, one, "glmed") for name, one in done.items()}
    tensor = {name: mean(place, one, "tfl") for name, one in done.items()}
    gluteal = {name: 0.5 * (medius[name] + mean(place, one, "glmax1")) for name, one in done.items()}
    ratio = {name: gluteal[name] / max(tensor[name], LEAST) for name in done}
    order = sorted(table["values"], key=lambda name: -medius[name])
    rho = spearman([medius[name] for name in table["values"]], list(table["values"].values()))
    told = ", ".join(f"{name} {medius[name]:.2f} (EMG {table['values'][name]})" for name in order)
    rest = max(table["low_ratio"], key=lambda name: ratio[name])
    lifted = done["side_lying_abduction"]
    at = int(np.argmin(np.abs(np.degrees(lifted.q[:, place.body.column("hip_adduction_r")]) - HELD_AT)))
    held = float(_medius(place, lifted)[at])
    return [
        judge("O10a", rho, f"mean activation of gluteus medius over a repetition: {told}"),
        *(
            judge(name, ratio[high] > ratio[rest], _ratios(ratio, [high, *table["low_ratio"]]))
            for name, high in zip(("O10b", "O10c"), table["high_ratio"], strict=True)
        ),
        judge(
            "O10d",
            tensor[out] / max(tensor[inward], LEAST),
            f"tensor {tensor[out]:.3f} / {tensor[inward]:.3f}",
        ),
        judge("O10e", held, f"at 20 degrees; peak {float(_medius(place, lifted).max()):.2f}"),
    ]


def work(place: Setting, one: Exercise) -> Worked:
    """Return what muscles do in one repetition of an exercise, slowly, with the right leg."""
    movement = sequence(one, "r", FRAMES)
    q, _ = fill(movement, place.body.coordinates, place.body.default)
    q = place.own_sign(q)
    activation, force = np.empty((2, FRAMES, len(place.body.muscles)))
    contact = np.empty(FRAMES)
    for key, frames in phases(one, movement.time):
        rows = q[frames]
        still = np.zeros_like(rows)
        swept = sweep(place.body.assembly, place.body.layout, rows, still, still, ground(place, key, rows))
        for load in one.loads:
            swept.moment[:] -= pulled(place, load, rows)
        loads = loads_of(place.body, swept)
        activation[frames], force[frames] = loads.activation, loads.force
        contact[frames] = np.linalg.norm(loads.hip_contact[:, 0], axis=1)
    return Worked(movement.time, q, activation, force, contact)


def phases(one: Exercise, time: Array) -> Iterator[tuple[Keyframe, list[int]]]:
    """Give the frames that stand on the same parts, together."""
    keys = [keyframe_at(one, float(t)) for t in time]
    for support in dict.fromkeys((key.stance, key.support) for key in keys):
        frames = [i for i, key in enumerate(keys) if (key.stance, key.support) == support]
        yield keys[frames[0]], frames


def ground(place: Setting, key: Keyframe, q: Array) -> Ground:
    """Return what the floor does to the feet; other parts that bear take their share of body weight."""
    if key.stance is Stance.NONE:
        return resting(place, key, q)
    found = standing_ground(place.body, q, key.stance.value)
    if "torso" not in key.support:
        return found
    # Feet and upper back carry the weight as the two ends of a beam.
    for t, row in enumerate(q):
        placed = place.placed(row)
        shoulders = placed["torso"].point((0.0, SHOULDERS, 0.0))
        centre = place.centre_of_mass(placed)
        for side, letter in enumerate("rl"):
            foot = placed[f"calcn_{letter}"].point((0.09, 0.0, 0.0))
            share = float((centre - shoulders)[0] / (foot - shoulders)[0])
            found.force[t, side, 1] = share * FEET[key.stance][side] * place.weight
            found.point[t, side] = foot
    return found


def resting(place: Setting, key: Keyframe, q: Array) -> Ground:
    """Return what carries a resting foot: as much of its leg as a beam from the hip leaves to its end."""
    found = ground_of(len(q))
    for side, letter in enumerate("rl"):
        if f"foot_{letter}" not in key.support:
            continue
        parts = [b for b in place.body.model.bodies if b.name in {f"{n}_{letter}" for n in LEG}]
        for t, row in enumerate(q):
            placed = place.placed(row)
            hip, foot = (placed[f"{name}_{letter}"].point((0.0, 0.0, 0.0)) for name in ("femur", "calcn"))
            along = (foot - hip) * [1.0, 0.0, 1.0]
            turning = sum(b.mass * float((placed[b.name].point(b.centre) - hip) @ along) for b in parts)
            found.force[t, side, 1] = GRAVITY * turning / float(along @ along)
            found.point[t, side] = foot
    return found


def pulled(place: Setting, load: Load, q: Array) -> Array:
    """Return the generalised force (t, n) of a pull from outside."""
    found = np.zeros_like(q)
    side = load.at[-1]
    columns = [
        place.body.column(f"{name}_{side}") for name in TURNED if f"{name}_{side}" in place.body.coordinates
    ]
    for t, row in enumerate(q):
        here = anchor(place, load.at, row)
        if load.direction is not None:
            along = np.asarray(load.direction)
        else:
            assert load.toward is not None
            along = anchor(place, load.toward, row) - here
            along /= np.linalg.norm(along)
        for column in columns:
            probe = row.copy()
            probe[column] += STEP
            found[t, column] = load.newtons * along @ (anchor(place, load.at, probe) - here) / STEP
    return found


def anchor(place: Setting, part: str, q: Array) -> Array:
    """Return where a pull takes hold (3,) m: at the knee on the thigh, at the ankle on the shin."""
    name, side = part.split("_")
    segment, end = {"knee": ("femur", "tibia"), "ankle": ("tibia", "talus"), "thigh": ("femur", "tibia")}[
        name
    ]
    rest = place.placed(place.body.default)
    base = rest[f"{segment}_{side}"]
    local = base.rotation.T @ (rest[f"{end}_{side}"].point((0, 0, 0)) - base.point((0, 0, 0)))
    return place.placed(q)[f"{segment}_{side}"].point((0.5 if name == "thigh" else 1.0) * local)


def mean(place: Setting, one: Worked, stem: str) -> float:
    """Return the mean activation over a repetition of the right leg's muscle parts, by their strength."""
    return float(_activation(place, one, stem).mean())


def _medius(place: Setting, one: Worked) -> Array:
    return _activation(place, one, "glmed")


def _activation(place: Setting, one: Worked, stem: str) -> Array:
    chosen = [place.muscle(stem)] if stem in {"tfl", "glmax1"} else place.group(stem)
    force = np.array([place.body.model.muscles[m].max_force for m in chosen])
    return np.asarray(one.activation[:, chosen] @ force / force.sum())


def _ratios(ratio: dict[str, float], names: list[str]) -> str:
    told = ", ".join(f"{name} {ratio[name]:.2f}" for name in names)
    return f"gluteal : tensor {told}; least effort never lets a muscle work against another, as people do"


def spearman(first: list[float], second: list[float]) -> float:
    """Return the rank correlation of two lists without ties."""
    a, b = (np.argsort(np.argsort(values)).astype(float) for values in (first, second))
    return float(np.corrcoef(a, b)[0, 1])
