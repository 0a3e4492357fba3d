"""O11 and O12: what pulls the kneecap aside, what ties the thigh's turn to the pelvis, and the foot-in leg curl."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace
from validation_exercises import Worked, work
from validation_setting import Array, Setting
from validation_targets import Outcome, attempt, judge, missing

from gerdy.errors import InputError
from gerdy.mechanics.body import Body
from gerdy.mechanics.exercises import exercise, fill, sequence
from gerdy.mechanics.hill import forces
from gerdy.mechanics.patella import patella_shift

QUADRICEPS = 205.0  # N on all heads together (JEO18); shared by strength
FLEXED = (0.0, 15.0, 30.0, 45.0, 60.0, 75.0, 90.0)  # degrees; the studies span the range
HEADS = ("vaslat", "vasint", "recfem", "vasmedl", "vasmedo", "vasmed")
ALONG_SIDE = 10.0  # degrees by which knees go in or out in the squat
STANDING_HIPS = (0.0, 30.0, 60.0, 90.0)  # degrees: Bagwell16
TURN = 1e-4  # rad
MEDIAL = ("semimem", "semiten")


def knee(place: Setting, only: tuple[str, ...] = ()) -> list[Outcome]:
    """Return the outcomes of O11 and O12."""
    found: list[Outcome] = []
    if not only or "O11" in only:
        found += attempt(["O11a", "O11b", "O11c"], lambda: unloading(place))
        found += attempt(["O11d"], lambda: [squatting(place)])
    if not only or "O12" in only:
        found += attempt(["O12a"], lambda: [coupling(place)])
        reason = "no bony rim of the socket in the body: nothing stops the hip's turn"
        found += missing(["O12b1", "O12b2"], reason)
        found += attempt(["O12c1", "O12c2"], lambda: curling(place))
    return found


# --- O11 --------------------------------------------------------------------------------------------------------------


def unloading(place: Setting) -> list[Outcome]:
    """Return O11a-c: 205 N on the quadriceps, then none on the oblique vastus medialis, then less on the lateralis."""
    whole = kneecap(place, {})
    without = kneecap(place, {"vasmedo": 0.0})
    neither = kneecap(place, {"vasmedo": 0.0, "vasmedl": 0.0})
    less = kneecap(place, {"vasmedo": 0.0, "vaslat": 0.6})
    moved, tilted = without[0] - whole[0], without[1] - whole[1]
    left = less[0] - whole[0]
    told = "at knee " + ", ".join(f"{angle:g}: {x:.1f}" for angle, x in zip(FLEXED, moved, strict=True))
    both = f"without the long part as well {float((neither[0] - whole[0]).mean()):.1f} mm"
    back = ", ".join(f"{x:.1f}" for x in left)
    return [
        judge("O11a", float(moved.mean()), f"mean over knee angles; {told} mm; {both}"),
        judge(
            "O11b",
            float(tilted.mean()),
            "tilt follows shift by the ratio of the same study: no test of its own",
        ),
        judge(
            "O11c", float(left.mean()), f"at these knee angles {back} mm; before {float(moved.mean()):.1f}"
        ),
    ]


def kneecap(place: Setting, share: dict[str, float]) -> tuple[Array, Array]:
    """Return shift (mm) and tilt (deg) of the right kneecap over knee angles, heads pulling with these shares."""
    body = place.body
    if "patella_r_z" not in body.assembly.carried or "vasmedo_r" not in body.muscles:
        rule = "needs a kneecap that carries sideways load, and a vastus medialis in two parts"
        raise InputError(f"model {body.model.name}: {rule}.")
    q = np.array([place.posture({"knee_angle": angle}) for angle in FLEXED])
    swept = body.swept(q)
    along = swept.carried_arm[:, list(body.assembly.carried).index("patella_r_z")]
    heads = [(name, body.muscles.index(f"{name}_r")) for name in HEADS if f"{name}_r" in body.muscles]
    strength = np.array([body.model.muscles[m].max_force for _, m in heads])
    pull = QUADRICEPS * strength / strength.sum() * [share.get(name, 1.0) for name, _ in heads]
    lateral = along[:, [m for _, m in heads]] @ pull
    total = np.full(len(q), pull.sum())
    shift = patella_shift(lateral, total, total)
    return np.asarray(shift.lateral_mm), np.asarray(shift.tilt_deg)


def squatting(place: Setting) -> Outcome:
    """Return O11d: the ratio of vastus medialis to lateralis in a squat with the knees in and out."""
    one = exercise("squat")
    ratio = {}
    for name, turn in (("straight", 0.0), ("in", ALONG_SIDE), ("out", -ALONG_SIDE)):
        keys = []
        for key in one.keyframes:
            angles = dict(key.angles)
            if angles.get("knee_angle_r", 0.0) > 20.0:
                for side in "rl":
                    angles[f"hip_adduction_{side}"] = angles.get(f"hip_adduction_{side}", 0.0) + turn
                    angles[f"hip_rotation_{side}"] = angles.get(f"hip_rotation_{side}", 0.0) + turn
            keys.append(replace(key, angles=angles))
        done = work(place, replace(one, keyframes=tuple(keys)))
        medial = done.force[:, place.group("vasmed", "vas_med")]
        ratio[name] = float(medial.sum() / done.force[:, place.muscle("vaslat")].sum())
    worst = max(("in", "out"), key=lambda name: abs(ratio[name] / ratio["straight"] - 1.0))
    told = ", ".join(f"knees {name} {value:.3f}" for name, value in ratio.items())
    return judge("O11d", 100.0 * (ratio[worst] / ratio["straight"] - 1.0), f"medialis : lateralis, {told}")


# --- O12 --------------------------------------------------------------------------------------------------------------


def coupling(place: Setting) -> Outcome:
    """Return O12a: how far the thigh turns in as the pelvis tips forward, muscles as active as before.

    Tipping bends the hip by as much; the muscles, at unchanged activation, then turn the thigh until their moment
    about its axis is what it was. Feet, ligaments and capsule, which tie the two as well, are not in it.
    """
    movement = sequence(exercise("squat"), "r")
    bent = np.degrees(movement.values[:, movement.names.index("hip_flexion_r")])
    q, _ = fill(movement, place.body.coordinates, place.body.default)
    q = place.own_sign(q)
    chosen = sorted({int(np.argmin(np.abs(bent - angle))) for angle in STANDING_HIPS})
    ratio = {round(float(bent[t])): _turned(place, q[t]) for t in chosen}
    told = ", ".join(f"hip {angle}: {value:+.2f}" for angle, value in sorted(ratio.items()))
    reason = f"muscles alone, without capsule, ligaments and feet; {told} degrees inward per degree of tilt"
    return judge("O12a", float(np.mean(list(ratio.values()))), reason)


def _turned(place: Setting, q: Array) -> float:
    """Return the inward turn of the thigh per angle of forward tilt in one posture, both feet on the ground."""
    body = place.body
    activation = np.clip(place.loads(q, "both").activation, 0.0, 1.0)
    flexion, rotation = body.column("hip_flexion_r"), body.column("hip_rotation_r")

    def moment(step: int, size: float) -> float:
        probe = q.copy()
        probe[step] += size
        lengths, arms = body.lengths(probe), body.moment_arms(probe)[0, rotation]
        if body.band is not None:
            lengths[:, place.band()] += body.strap_lengths(probe)[:, :1] - body.band.slack
        force = forces(body.model.muscles, lengths, np.zeros_like(lengths), activation)[0]
        return float(arms @ force)

    by_tilt = (moment(flexion, TURN) - moment(flexion, -TURN)) / (2.0 * TURN)
    by_turn = (moment(rotation, TURN) - moment(rotation, -TURN)) / (2.0 * TURN)
    return -by_tilt / by_turn


def curling(place: Setting) -> list[Outcome]:
    """Return O12c: medial hamstrings in a leg curl with the shin turned in and out, in points of activation."""
    free = unlocked(place.body)
    turned = Setting(free, place.recordings)
    level = {}
    for name in ("", "_foot_in", "_foot_out"):
        level[name] = 100.0 * _medial(turned, work(turned, exercise(f"prone_leg_curl{name}")))
    told = ", ".join(
        f"foot{name.removeprefix('_foot') or ' neutral'} {value:.1f}" for name, value in level.items()
    )
    told = f"{told} %; nothing but muscles holds the turned shin"
    return [
        judge("O12c1", level["_foot_in"] - level[""], told),
        judge("O12c2", level["_foot_out"] - level[""], told),
    ]


def unlocked(body: Body) -> Body:
    """Return the body with shins that can be turned beyond the turn that comes with bending."""
    coordinates = tuple(
        replace(c, locked=False) if c.name.startswith("knee_rotation") else c for c in body.model.coordinates
    )
    if coordinates == body.model.coordinates:
        raise InputError(f"model {body.model.name}: its shin cannot turn at the knee.")
    return Body.of(replace(body.model, coordinates=coordinates), body.person)


def _medial(place: Setting, one: Worked) -> float:
    """Return the mean activation of semimembranosus and semitendinosus over a repetition, by strength."""
    chosen = [place.muscle(name) for name in MEDIAL]
    force = np.array([place.body.model.muscles[m].max_force for m in chosen])
    return float((one.activation[:, chosen] @ force / force.sum()).mean())
