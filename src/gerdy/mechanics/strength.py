"""How a person's mass is shared by segments, and how strong their muscles are against the model's."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from msgspec.structs import replace

from gerdy.errors import InputError, UnknownIdError
from gerdy.mechanics.model import Body, BodyModel, Muscle
from gerdy.mechanics.person import Person
from gerdy.mechanics.sizing import GENERIC_HEIGHT

# Share of body mass (de Leva 1996, doi 10.1016/0021-9290(95)00178-6, by way of code tables, grade B); one thigh, shank,
# foot. What is left after them, trunk and head is both arms'.
DE_LEVA: Mapping[str, Mapping[str, float]] = {
    "female": {"thigh": 0.1478, "shank": 0.0481, "foot": 0.0129, "trunk": 0.4257, "head": 0.0668},
    "male": {"thigh": 0.1416, "shank": 0.0433, "foot": 0.0137, "trunk": 0.4346, "head": 0.0694},
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    "thigh": ("femur",),
    "shank": ("tibia", "patella", "fibula"),
    "foot": ("talus", "calcn", "toes"),
    "trunk": ("pelvis", "sacrum", "lumbar", "abdomen", "torso", "thorax", "head", "neck"),
    "arm": ("humerus", "ulna", "radius", "hand", "scapula", "clavicle"),
}

# Volume (cm3) of a muscle = slope x volume of all leg muscles + offset (Handsfield 2014, J Biomech 47:631,
# MRI of healthy adults, by way of a code table, grade B). Keys: how the common models name the muscle.
HANDSFIELD: tuple[tuple[str, float, float], ...] = (
    (r"gl(ut_)?max", 0.123, -25.4),
    (r"gl(ut_)?med", 0.0478, -16.9),
    (r"gl(ut_)?min", 0.0129, 12.6),
    (r"tfl", 0.0136, -31.5),
    (r"vas_?lat", 0.125, -55.7),
    (r"vas_?med", 0.0631, -16.3),
    (r"vas_?int", 0.0273, 76.5),
    (r"rec_?fem|rect_fem", 0.0371, 4.97),
    (r"semimem", 0.0319, 18.2),
    (r"bflh|bifemlh", 0.0256, 24.3),
    (r"semiten", 0.0285, -16.8),
    (r"bfsh|bifemsh", 0.016, -13.8),
)
SLOPE, OFFSET = 47.0, 1285.0  # cm3 per kg m, cm3: volume of all muscles of one leg (Handsfield 2014, B)

_ROOT = re.compile(r"(l[1-5]|s[1-3])(?:_([rl]))?$")


# --- mass -----------------------------------------------------------------------------------------------------------


def segment_masses(model: BodyModel, mass: float, sex: str | None = None) -> dict[str, float]:
    """Return each body's mass (kg); they sum to the person's.

    With a sex, groups of bodies weigh what de Leva 1996 found and share it as in the model; without one, or for a model
    whose bodies are not those of a whole person, the model's own shares are kept.

    Raises
    ------
    InputError
        For a mass that is not positive, a sex that is not known, or a model without mass.
    """
    if not mass > 0.0 or not math.isfinite(mass):
        raise InputError(f"mass: must be above 0 kg; got {mass:g}.")
    if sex is not None and sex not in DE_LEVA:
        raise InputError(f"sex: must be one of {', '.join(DE_LEVA)}; got '{sex}'.")
    total = math.fsum(body.mass for body in model.bodies)
    if total <= 0.0:
        raise InputError(f"model {model.name}: its bodies have no mass to share by.")
    groups = {body.name: _group(body.name) for body in model.bodies}
    if sex is None or not _whole(set(groups.values())):
        return {body.name: body.mass * mass / total for body in model.bodies}
    shares = _shares(sex, armless="arm" not in groups.values())
    held: dict[str, float] = {}
    for body in model.bodies:
        held[groups[body.name]] = held.get(groups[body.name], 0.0) + body.mass
    return {b.name: b.mass / held[groups[b.name]] * shares[groups[b.name]] * mass for b in model.bodies}


def with_masses(model: BodyModel, masses: Mapping[str, float]) -> BodyModel:
    """Return the model with these bodies' masses (kg); inertia follows mass, shape stays."""
    return replace(
        model, bodies=tuple(_weighing(body, masses.get(body.name, body.mass)) for body in model.bodies)
    )


def _weighing(body: Body, mass: float) -> Body:
    if body.mass <= 0.0:
        return replace(body, mass=mass)
    factor = mass / body.mass
    a, b, c, d, e, f = (value * factor for value in body.inertia)
    return replace(body, mass=mass, inertia=(a, b, c, d, e, f))


def _group(body: str) -> str:
    stem = re.sub(r"_[rl]$", "", body.lower())
    side = body[-2:] if body[-2:] in {"_r", "_l"} else ""
    for group, names in GROUPS.items():
        if stem.startswith(names):
            return group if group in {"trunk", "arm"} else group + side
    return ""


def _whole(groups: set[str]) -> bool:
    legs = {f"{part}_{side}" for part in ("thigh", "shank", "foot") for side in "rl"}
    return legs | {"trunk"} <= groups <= legs | {"trunk", "arm"}


def _shares(sex: str, *, armless: bool) -> dict[str, float]:
    """Return the share of mass by group; arms that a model has no bodies for weigh on the trunk."""
    found = DE_LEVA[sex]
    legs = {f"{part}_{side}": found[part] for part in ("thigh", "shank", "foot") for side in "rl"}
    trunk = found["trunk"] + found["head"]
    arms = 1.0 - trunk - math.fsum(legs.values())
    return legs | ({"trunk": trunk + arms} if armless else {"trunk": trunk, "arm": arms})


# --- strength -------------------------------------------------------------------------------------------------------


def leg_volume(height: float, mass: float) -> float:
    """Return the volume (cm3) of all muscles of one leg from height (m) and mass (kg), by Handsfield 2014."""
    return SLOPE * height * mass + OFFSET


def muscle_volume(name: str, height: float, mass: float) -> float:
    """Return a muscle's volume (cm3), all its parts together; of one that is not listed, that of the whole leg."""
    total = leg_volume(height, mass)
    for pattern, slope, offset in HANDSFIELD:
        if re.match(pattern, name):
            return slope * total + offset
    return total


def strengths(
    model: BodyModel, person: Person, generic: BodyModel, *, generic_height: float = GENERIC_HEIGHT
) -> dict[str, float]:
    """Return by muscle what its greatest force is multiplied by for this person.

    Force goes with volume over fibre length at one specific tension, so the factor is the ratio of volumes times that
    of the optimal lengths, times the person's overall strength. Deficits are not in it: they take from what can be
    activated (see ``usable``), not from what a muscle resists at rest.

    Parameters
    ----------
    model : already scaled; its optimal lengths count.
    generic : the model it was scaled from; its mass and ``generic_height`` stand for whom it is strong as.

    Raises
    ------
    InputError
        If the two models' muscles differ.
    """
    mass = math.fsum(body.mass for body in generic.bodies)
    before = {muscle.name: muscle.optimal_length for muscle in generic.muscles}
    if before.keys() != {muscle.name for muscle in model.muscles}:
        raise InputError("generic: must be the model that was scaled; its muscles differ.")
    return {
        muscle.name: person.strength
        * muscle_volume(muscle.name, person.height, person.mass)
        / muscle_volume(muscle.name, generic_height, mass)
        * before[muscle.name]
        / muscle.optimal_length
        for muscle in model.muscles
    }


def strengthened(model: BodyModel, factors: Mapping[str, float]) -> BodyModel:
    """Return the model with each muscle's greatest force multiplied by its factor."""
    return replace(
        model,
        muscles=tuple(replace(m, max_force=m.max_force * factors.get(m.name, 1.0)) for m in model.muscles),
    )


def _names(muscle: str) -> set[str]:
    """Return what a muscle answers to: its name, its family (glmed2_r: glmed_r), and both without the side."""
    stem, side = re.sub(r"_[rl]$", "", muscle), muscle[-2:] if re.search(r"_[rl]$", muscle) else ""
    family = re.sub(r"\d+$", "", stem)
    return {muscle, stem, family + side, family}


def usable(model: BodyModel, deficits: Mapping[str, float]) -> dict[str, float]:
    """Return by muscle what share of its force deficits of muscles and nerve roots leave for use.

    Raises
    ------
    InputError
        For a deficit of a root in a model whose muscles have none.
    UnknownIdError
        For a deficit of something that is no muscle and no root.
    """
    left = {muscle.name: 1.0 for muscle in model.muscles}
    lost = {muscle.name: 0.0 for muscle in model.muscles}
    for key, share in deficits.items():
        root = _ROOT.match(key)
        touched = [m for m in model.muscles if key in _names(m.name)]
        if root is not None and not touched:
            for muscle in _supplied(model, key, root):
                lost[muscle.name] += muscle.roots[root.group(1)] * (1.0 - share)
        elif touched:
            for muscle in touched:
                left[muscle.name] *= share
        else:
            raise UnknownIdError(
                "muscle or root", key, sorted({name for muscle in left for name in _names(muscle)})
            )
    return {name: left[name] * max(0.0, 1.0 - lost[name]) for name in left}


def _supplied(model: BodyModel, key: str, root: re.Match[str]) -> list[Muscle]:
    name, side = root.groups()
    if not any(muscle.roots for muscle in model.muscles):
        raise InputError(
            f"deficits.{key}: the muscles of model {model.name} carry no roots; name muscles instead."
        )
    return [m for m in model.muscles if name in m.roots and (side is None or m.name.endswith(f"_{side}"))]
