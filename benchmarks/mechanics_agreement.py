"""Do Gerdy and OpenSim give the same answers? Joint angles, leg joint moments and muscle activations of the run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from mechanics_setup import CUTOFF, Array, Trial, read_table

from gerdy.mechanics.body import Body
from gerdy.mechanics.effort import share_effort
from gerdy.mechanics.hill import rigid
from gerdy.mechanics.ik import Fit, fit
from gerdy.mechanics.loads import Options, loads_of
from gerdy.mechanics.sweep import Ground, Swept, sweep
from gerdy.motion.filtering import smooth
from gerdy.motion.reading import read_motion

LEG = (
    "hip_flexion",
    "hip_adduction",
    "hip_rotation",
    "knee_angle",
    "ankle_angle",
    "subtalar_angle",
    "mtp_angle",
)
SAYS_ITS_FORCE = 1e-3  # activation above which force over activation is the peer's greatest force
CALVES = ("gasmed_r", "gaslat_r", "gasmed_l", "gaslat_l")


@dataclass(frozen=True)
class Posed:
    """Markers of the run as the published set-up follows them, and the postures that both found.

    Attributes
    ----------
    names, position, weight : of the markers followed, (t, marker, 3) m.
    ours, theirs : free coordinates (t, n) rad, m.
    """

    body: Body
    time: Array
    names: tuple[str, ...]
    position: Array
    weight: Array
    ours: Fit
    theirs: Array

    def cost(self, q: Array) -> Array:
        """Return the weighted sum of squared marker distances (t,) m2, which both minimise."""
        points = self.body.points(q)
        placed = np.stack([points[name] for name in self.names], axis=1)
        return np.asarray((self.weight * ((placed - self.position) ** 2).sum(axis=2)).sum(axis=1))


@dataclass(frozen=True)
class Moved:
    """The stride that both solve, on the peer's angles: filtered states and ground forces of each frame."""

    time: Array
    q: Array
    speed: Array
    acceleration: Array
    ground: Ground


def turning(body: Body) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which free coordinates (n,) are angles."""
    kinds = {coordinate.name: coordinate.rotational for coordinate in body.model.coordinates}
    return np.array([kinds[name] for name in body.coordinates])


def angles_in(table: dict[str, Array], body: Body) -> Array:
    """Return a motion table's free coordinates (t, n), degrees made radians."""
    scale = np.where(turning(body), np.pi / 180.0, 1.0)
    return np.column_stack([table[name] for name in body.coordinates]) * scale


def posed(trial: Trial, body: Body, results: Path) -> Posed:
    """Return the postures of all frames, ours solved now."""
    markers = read_motion(trial.markers).markers
    assert markers is not None
    weights, known = trial.weights(), {marker.name for marker in body.model.markers}
    names = tuple(name for name in markers.names if name in weights and name in known)
    position = np.stack([markers.at(name) for name in names], axis=1)
    weight = np.array([weights[name] for name in names])
    ours = fit(body.assembly, names, position, weight)
    theirs = angles_in(read_table(results / "ik_converged.mot"), body)
    return Posed(body, markers.time, names, position, weight, ours, theirs)


def compare_angles(both: Posed) -> dict[str, Any]:
    """Return the largest difference of each angle (deg), and who is nearer to the markers where they differ."""
    turns = turning(both.body)
    apart = np.abs(both.ours.q - both.theirs)
    degrees = {
        name: float(np.degrees(apart[:, i].max())) for i, name in enumerate(both.body.coordinates) if turns[i]
    }
    frames = np.flatnonzero(np.degrees(apart[:, turns].max(axis=1)) > 0.05)
    gain = both.cost(both.theirs)[frames] - both.cost(both.ours.q)[frames]
    legs = {name: value for name, value in degrees.items() if name[:-2] in LEG}
    return {
        "degrees": degrees,
        "worst": max(degrees, key=lambda name: degrees[name]),
        "worst_deg": max(degrees.values()),
        "legs_deg": max(legs.values()),
        "position_mm": float(1e3 * apart[:, ~turns].max()),
        "median_deg": float(np.degrees(np.median(apart[:, turns]))),
        "frames": len(frames),
        "ours_nearer": int((gain > 0.0).sum()),
        "least_gain_mm2": float(1e6 * gain.min()) if len(gain) else 0.0,
        "most_gain_mm2": float(1e6 * gain.max()) if len(gain) else 0.0,
        "converged": bool(both.ours.converged.all()),
        "iterations": float(both.ours.iterations.mean()),
    }


def moved(trial: Trial, both: Posed, results: Path) -> Moved:
    """Return the stride on the peer's own angles, filtered as it filters them."""
    table = read_table(results / "ik_converged.mot")
    even = smooth(table["time"], both.theirs, CUTOFF)
    asked = read_table(results / "id.sto")["time"]
    rows = np.array([int(np.argmin(np.abs(table["time"] - at))) for at in asked])
    time = table["time"][rows]
    q, v, a = (np.ascontiguousarray(part[rows]) for part in (even.value, even.speed, even.acceleration))
    return Moved(time, q, v, a, trial.ground(time))


def swept_of(body: Body, stride: Moved) -> Swept:
    """Return geometry and moments of the stride."""
    return sweep(body.assembly, body.layout, stride.q, stride.speed, stride.acceleration, stride.ground)


def compare_moments(body: Body, swept: Swept, results: Path) -> dict[str, Any]:
    """Return the RMS difference of each leg joint moment (N m)."""
    table = read_table(results / "id.sto")
    apart = {}
    for i, name in enumerate(body.coordinates):
        if name[:-2] in LEG:
            theirs = table[f"{name}_moment"] + table.get(f"{name}_beta_moment", np.zeros(len(table["time"])))
            apart[name] = _rms(swept.moment[:, i] - theirs)
    worst = max(apart, key=lambda name: apart[name])
    return {"rms": apart, "worst": worst, "worst_rms": apart[worst]}


def compare_activations(body: Body, swept: Swept, results: Path, label: str) -> dict[str, Any]:
    """Return how far activations are from the peer's static optimisation.

    Once with its own greatest forces, which leaves levers, moments and the solver to compare; once with ours as they
    are: the peer takes the cosine of pennation as nearly one (opensim-core issue 4390).
    """
    given = read_table(results / f"{label}_StaticOptimization_activation.sto")
    pulled = read_table(results / f"{label}_StaticOptimization_force.sto")
    theirs = np.column_stack([given[name] for name in body.muscles])
    force = np.column_stack([pulled[name] for name in body.muscles])
    most = _without_cosine(body, swept)
    np.divide(force, theirs, out=most, where=theirs > SAYS_ITS_FORCE)
    equal, reserve = shared(body, swept, most)
    apart = np.sqrt(((equal - theirs) ** 2).mean(axis=0))
    plain = loads_of(body, swept, options=Options(passive=False)).activation
    own = np.sqrt(((plain - theirs) ** 2).mean(axis=0))
    rows = [list(body.coordinates).index(f"ankle_angle_{side}") for side in "rl"]
    motor = np.column_stack([given[f"reserve_ankle_angle_{side}"] for side in "rl"])
    return {
        "rms": _rms(equal - theirs),
        "worst": body.muscles[int(apart.argmax())],
        "worst_rms": float(apart.max()),
        "largest": float(np.abs(equal - theirs).max()),
        "calves": {name: float(apart[body.muscles.index(name)]) for name in CALVES},
        "effort": [float((equal**2).sum(axis=1).mean()), float((theirs**2).sum(axis=1).mean())],
        "ankle_reserve_peak": [float(np.abs(reserve[:, rows]).max()), float(np.abs(motor).max())],
        "own_curves_rms": _rms(plain - theirs),
        "own_curves_worst": body.muscles[int(own.argmax())],
        "own_curves_worst_rms": float(own.max()),
    }


def shared(body: Body, swept: Swept, most: Array) -> tuple[Array, Array]:
    """Return activations (t, muscle) and reserves (t, n) of least effort with these greatest forces (t, muscle) N."""
    activation, reserve = np.zeros_like(most), np.zeros_like(swept.moment)
    for block in body.blocks:
        cells = np.ix_(block.coordinate, block.muscle)
        for t in range(len(most)):
            demand = swept.moment[t, block.coordinate]
            found = share_effort(swept.arm[t][cells], most[t, block.muscle], demand, np.ones(len(demand)))
            activation[t, block.muscle], reserve[t, block.coordinate] = found.activation, found.reserve
    return activation, reserve


def _without_cosine(body: Body, swept: Swept) -> Array:
    most = np.zeros((len(swept.moment), len(body.muscles)))
    for t in range(len(most)):
        for m in range(len(body.muscles)):
            active, _, _, cosine = rigid(body.arrays, m, swept.length[t, m], swept.speed[t, m])
            most[t, m] = active / max(cosine, 1e-6)
    return most


def _rms(values: Array) -> float:
    return float(np.sqrt((values**2).mean()))
