"""O4 to O7: standing on one leg, as the evidence defines it, and what weak gluteal muscles change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from validation_setting import Array, Setting
from validation_targets import Outcome, attempt, judge

from gerdy.errors import EngineError
from gerdy.mechanics.loads import Loads

# Upright as people stand, in the coordinates of this family of models (derived: standing trial of OpenCap's subject 4,
# pelvis tilt -4.8, lumbar extension -0.9; the trunk 5.7 degrees forward of zero there and in walking).
UPRIGHT = {"pelvis_tilt": -4.8, "lumbar_extension": -0.9}
# The swing leg is lifted with its knee bent; the centre of mass is above the middle of the stance foot.
SWING = {"hip_flexion_l": 15.0, "knee_angle_l": 60.0}
OVER = (0.08, 0.0)  # m before and right of the heel's joint; assumed: half way along the sole
STANCES = {
    "level": (0.0, 0.0),
    "drop 5": (5.0, 0.0),
    "drop 10": (10.0, 0.0),
    "lean 5": (0.0, 5.0),
    "lean 10": (0.0, 10.0),
}
TROCHANTERIC = ("glmed", "glmin", "piri")
WEAK = {"glmed": 0.5, "glmin": 0.5}


@dataclass(frozen=True)
class Balance:
    """One still stance on the right leg: q (n,), and its loads."""

    q: Array
    loads: Loads


def standing(place: Setting, only: tuple[str, ...] = ()) -> list[Outcome]:
    """Return the outcomes of O4 (but walking), O5, O6 and O7."""
    wanted = ("O4a", "O4b", "O5a", "O5b", "O6a", "O6b", "O6c", "O6d", "O7a", "O7b")
    names = [name for name in wanted if not only or name[:2] in only]
    return [one for one in attempt(names, lambda: _outcomes(place)) if one.target.id in names]


def _outcomes(place: Setting) -> list[Outcome]:
    held = {name: balanced(place, *given) for name, given in STANCES.items()}
    level, drop, lean = held["level"], held["drop 10"], held["lean 10"]
    shares = {name: 100.0 * trochanteric_share(place, one) for name, one in held.items()}
    told = ", ".join(f"{name} {share:.0f}" for name, share in shares.items())
    contact = float(place.hip_contact(level.loads)[0])
    least = min(shares, key=lambda name: shares[name])
    return [
        judge("O4a", adduction(place, level), f"hip adducted {_adducted(place, level):.1f} degrees"),
        judge("O4b", contact, "published models give 274 to 350, implants about 235"),
        judge("O5a", shares["level"], told),
        judge("O5b", shares[least], f"least in: {least}"),
        judge("O6a", 100.0 * (1.0 - adduction(place, lean) / adduction(place, level)), _moments(place, held)),
        judge("O6b", 100.0 * (1.0 - tensor(place, lean) / tensor(place, level)), _tensors(place, held)),
        judge("O6c", 1e3 * float(np.diff(place.path(np.array([level.q, drop.q])))[0])),
        judge("O6d", 100.0 * (pull(place, drop) / pull(place, level) - 1.0), _tensors(place, held)),
        *weakness(place, level),
    ]


def weakness(place: Setting, level: Balance) -> list[Outcome]:
    """Return O7: gluteus medius and minimus at half strength, pelvis level."""
    weak = Balance(level.q, place.loads(level.q, "r", WEAK))
    before, after = tensor(place, level), tensor(place, weak)
    contact = float(place.hip_contact(weak.loads)[0] / place.hip_contact(level.loads)[0])
    lost = float(np.abs(weak.loads.reserve[0, place.body.column("hip_adduction_r")]))
    told = f"{before:.0f} to {after:.0f} N; {lost:.1f} N m of abduction missing"
    return [judge("O7a", after / before, told), judge("O7b", 100.0 * (contact - 1.0), told)]


def balanced(place: Setting, drop: float, lean: float) -> Balance:
    """Return a stance on the right leg, pelvis dropped to the left and trunk leant to the right, degrees."""
    q = stance(place, drop, lean)
    return Balance(q, place.loads(q, "r"))


def stance(place: Setting, drop: float, lean: float) -> Array:
    """Return q (n,): stance foot flat, centre of mass over it, trunk upright or leant, the left leg lifted.

    Hip flexion and adduction and both ankle angles are solved for: sole level in two directions, centre of mass over
    the sole in two. A body whose subtalar joint is locked leaves the sole's sideways tilt open.
    """
    wanted = ("hip_flexion_r", "hip_adduction_r", "ankle_angle_r", "subtalar_angle_r")
    free = [name for name in wanted if name in place.body.coordinates]
    frontal = {"pelvis_list": -drop, "lumbar_bending": drop + lean, "hip_adduction_r": 6.0 + drop}
    q = place.posture({**UPRIGHT, **SWING, **frontal})
    places = [place.body.column(name) for name in free]
    for _ in range(50):
        error = _error(place, q, len(free))
        slope = np.empty((len(error), len(free)))
        for j, at in enumerate(places):
            probe = q.copy()
            probe[at] += 1e-6
            slope[:, j] = (_error(place, probe, len(free)) - error) / 1e-6
        step = np.linalg.solve(slope, -error)
        q[places] += np.clip(step, -0.2, 0.2)
        if np.abs(step).max() < 1e-9:
            return q
    raise EngineError(f"single-leg stance with drop {drop:g} and lean {lean:g}: no balance found.")


def _error(place: Setting, q: Array, count: int) -> Array:
    """Return how far the sole is from level (2 or 1) and the centre of mass from over it (2, m)."""
    placed = place.placed(q)
    foot = placed["calcn_r"]
    flat = _flat(place)
    sole = foot.rotation @ flat  # the sole's normal
    ahead = foot.rotation[:, 0] * [1.0, 0.0, 1.0]
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, [0.0, 1.0, 0.0])
    off = place.centre_of_mass(placed) - foot.point((0.0, 0.0, 0.0))
    error = [off @ ahead - OVER[0], off @ right - OVER[1], sole @ ahead, sole @ right]
    return np.array(error[:count])


def _flat(place: Setting) -> Array:
    """Return the normal of the sole in the foot's own axes: the foot is flat when every angle is zero."""
    return np.asarray(
        place.placed(np.zeros(len(place.body.coordinates)))["calcn_r"].rotation.T @ [0.0, 1.0, 0.0]
    )


def adduction(place: Setting, one: Balance) -> float:
    """Return the external hip adduction moment, N m/kg."""
    return float(-one.loads.moment[0, place.body.column("hip_adduction_r")] / place.mass)


def tensor(place: Setting, one: Balance) -> float:
    """Return the force of tensor fasciae latae, N."""
    return float(one.loads.force[0, place.muscle("tfl")])


def pull(place: Setting, one: Balance) -> float:
    """Return the force of tensor fasciae latae and band, N: the band's where there is one."""
    return float(one.loads.band_force[0, 0]) if place.body.model.bands else tensor(place, one)


def trochanteric_share(place: Setting, one: Balance) -> float:
    """Return what trochanteric abductors give of the abduction torque of these and the band's muscles."""
    row = place.body.column("hip_adduction_r")
    torque = -place.body.moment_arms(one.q)[0, row] * one.loads.force[0]
    bone = sum(max(float(torque[m]), 0.0) for m in place.group(*TROCHANTERIC))
    strap = sum(max(float(torque[m]), 0.0) for m in place.band())
    return bone / (bone + strap)


def _adducted(place: Setting, one: Balance) -> float:
    return float(np.degrees(one.q[place.body.column("hip_adduction_r")]))


def _moments(place: Setting, held: dict[str, Balance]) -> str:
    return ", ".join(f"{name} {adduction(place, one):.2f}" for name, one in held.items()) + " N m/kg"


def _tensors(place: Setting, held: dict[str, Balance]) -> str:
    told = (f"{name} {tensor(place, one):.0f} / {pull(place, one):.0f}" for name, one in held.items())
    return "tensor / tensor and band: " + ", ".join(told) + " N"
