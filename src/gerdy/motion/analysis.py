"""A recording analysed: posture, moments, effort, band and contacts in every frame, and the measures of each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.band import BandParameters
from gerdy.mechanics.body import SIDES, Body
from gerdy.mechanics.ik import Fit
from gerdy.mechanics.loads import Loads, Options, loads_of, standing_ground
from gerdy.mechanics.mjcf import GRAVITY
from gerdy.mechanics.person import Person
from gerdy.mechanics.sweep import Ground, Swept, sweep
from gerdy.motion import prepare
from gerdy.motion.contacts import SIDES as FEET
from gerdy.motion.contacts import Side
from gerdy.motion.doubts import doubts
from gerdy.motion.events import Events, Force, Kind, find
from gerdy.motion.filtering import lowpass, smooth
from gerdy.motion.measure_records import Measure, Skipped, Summary
from gerdy.motion.measures import measure, skipped, summarise
from gerdy.motion.plates import FootForces, assign_feet
from gerdy.motion.recording import Angles, Markers, Motion, Note, NoteKind
from gerdy.motion.registering import Registered, register_model, register_own

Array = NDArray[np.float64]
Progress = Callable[[str, float], None]

CUTOFF = (
    12.0  # Hz for markers and forces alike, so that impacts do not tear a joint's moment (assumed, grade E)
)


@dataclass(frozen=True)
class Analysis:
    """Everything found in one trial.

    Attributes
    ----------
    body : the person's body.
    time : (t,) s; q, speed (t, n).
    swept : lever arms and moments; loads : what muscles, band and joints carry.
    fit : inverse kinematics, None where angles were given.
    ground : forces on the feet, measured or assumed; unknown (t,): where a foot bears what no plate measured.
    events, measures, summaries, missing : the steps and what was measured in them.
    notes : everything found, assumed, repaired and doubtful, in order.
    """

    motion: Motion
    body: Body
    person: Person
    time: Array
    q: Array
    speed: Array
    swept: Swept
    loads: Loads
    fit: Fit | None
    marker_names: tuple[str, ...]
    ground: Ground
    measured_forces: bool
    unknown: NDArray[np.bool_]
    events: Events
    measures: tuple[Measure, ...]
    summaries: tuple[Summary, ...]
    missing: tuple[Skipped, ...]
    notes: tuple[Note, ...]


def analyse(
    motion: Motion,
    person: Person,
    *,
    model: str | Path | Body = "own",
    static: Motion | None = None,
    cutoff_hz: float = CUTOFF,
    kind: Kind | str | None = None,
    band: BandParameters | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Return the loads and measures of a recording.

    Parameters
    ----------
    model : "own", an OpenSim model file already scaled to the person, or a body.
    static : quiet standing of the same person, for the lengths of segments.
    cutoff_hz : of the low-pass on angles and forces.
    kind : what movement it is, where the recording looks like another.
    progress : called with what is being done and the share done, 0 to 1.

    Raises
    ------
    InputError
        If there are neither markers nor angles, or they do not show what the body needs.
    """
    tell = progress or (lambda _text, _share: None)
    compiling = prepare.begin()
    notes = list(motion.notes)
    tell("body", 0.0)
    body, solved, names, time, angles = _posture(motion, person, model, static, notes, tell)
    notes += _mass_note(body, person)
    even = smooth(time, angles, cutoff_hz, names=body.coordinates)
    notes += even.notes
    q, v, a = (np.ascontiguousarray(x) for x in (even.value, even.speed, even.acceleration))
    points = _points(body, q)
    tell("forces", 0.5)
    feet = _feet(motion, time, points, notes)
    named = _named(body, q)
    events = _events(time, points, feet, body, named, kind)
    notes += events.notes
    if feet is not None:
        ground, unknown = _measured(feet, events, cutoff_hz, notes)
    else:
        v, a, unknown = np.zeros_like(q), np.zeros_like(q), np.zeros(len(time), dtype=bool)
        ground = _assumed(body, q, time, events, notes)
    tell("loads", 0.6)
    prepare.finish(compiling)
    swept = sweep(body.assembly, body.layout, q, v, a, ground)
    loads = loads_of(body, swept, band=band, options=options, step=frame_step(time))
    notes += doubts(body, time, loads, solved, ground, unknown if feet is not None else None)
    tell("measures", 0.9)
    taken = measure(events, named, points, time)
    tell("done", 1.0)
    return Analysis(
        motion, body, person, time, q, even.speed, swept, loads, solved, names, ground, feet is not None, unknown,
        events, taken, summarise(taken), skipped(events, named, points, time), tuple(notes),
    )  # fmt: skip


def _mass_note(body: Body, person: Person) -> list[Note]:
    if abs(body.mass - person.mass) <= 0.02 * person.mass:
        return []
    return [Note(NoteKind.WARNING, f"the model weighs {body.mass:.1f} kg, the person {person.mass:.1f} kg.")]


def _named(body: Body, q: Array) -> dict[str, Array]:
    """Return the coordinates by name, knee flexion positive: some models count it the other way."""
    ranges = {c.name: c.range for c in body.model.coordinates}
    found = {}
    for i, name in enumerate(body.coordinates):
        low, high = ranges[name]
        turned = name.startswith("knee_angle") and low < -1.0 and high < 0.5
        found[name] = -q[:, i] if turned else q[:, i]
    return found


def frame_step(time: Array) -> float | None:
    """Return the time between frames (s); None for a single one."""
    return float((time[-1] - time[0]) / (len(time) - 1)) if len(time) > 1 else None


def _posture(
    motion: Motion,
    person: Person,
    model: str | Path | Body,
    static: Motion | None,
    notes: list[Note],
    tell: Progress,
) -> tuple[Body, Fit | None, tuple[str, ...], Array, Array]:
    """Return the body, the fit, the markers followed, the times and the free coordinates in every frame."""
    body = None if model == "own" else model if isinstance(model, Body) else Body.from_osim(model, person)
    if motion.markers is None and motion.angles is not None:
        body = body or Body.own(person, arms=any(name.startswith("arm_") for name in motion.angles.names))
        notes += [Note(NoteKind.ASSUMED, text) for text in body.notes]
        return body, None, (), motion.angles.time, _given(motion.angles, body, notes)
    if motion.markers is None:
        raise InputError(f"{motion.name}: has neither markers nor joint angles; nothing to analyse.")
    standing = static.markers if static is not None else None
    if body is None:
        registered = register_own(motion.markers, person, standing)
    else:
        registered = register_model(motion.markers, body)
    notes += [Note(NoteKind.ASSUMED, text) for text in registered.body.notes]
    notes += registered.notes
    tell("posture", 0.2)
    return _followed(motion.markers, registered, notes)


def _followed(
    markers: Markers, registered: Registered, notes: list[Note]
) -> tuple[Body, Fit, tuple[str, ...], Array, Array]:
    shown = registered.longest_shown(markers)
    if shown.start > 0 or shown.stop < len(markers.time):
        start, end = float(markers.time[shown.start]), float(markers.time[shown.stop - 1])
        notes.append(
            Note(
                NoteKind.WARNING,
                f"only from {start:.2f} to {end:.2f} s do pelvis and both legs show enough markers; the rest is left "
                "out.",
            )
        )
        markers = Markers(markers.time[shown], markers.names, markers.position[shown])
    solved = registered.follow(markers)
    return registered.body, solved, registered.names, markers.time, solved.q


def _given(angles: Angles, body: Body, notes: list[Note]) -> Array:
    """Return given angles as free coordinates; those not given stay at their defaults, and a note says so."""
    q = np.tile(body.default, (len(angles.time), 1))
    missing = []
    for i, name in enumerate(body.coordinates):
        if name in angles.names:
            q[:, i] = angles.value[:, angles.names.index(name)]
        else:
            missing.append(name)
    if len(missing) == len(body.coordinates):
        raise InputError(f"angles: none of {', '.join(angles.names[:6])} ... is a coordinate of this body.")
    if missing:
        notes.append(Note(NoteKind.ASSUMED, f"not in the file, so kept at rest: {', '.join(missing)}."))
    return q


def _points(body: Body, q: Array) -> dict[str, Array]:
    """Return the places that events and measures ask for, under their names."""
    found = body.points(q)
    points = {"pelvis": found["pelvis"], "centre_of_mass": found["centre_of_mass"]}
    for side in SIDES:
        points[f"hip_{side}"] = found[f"femur_{side}"]
        points[f"knee_{side}"] = found[f"tibia_{side}"]
        points[f"ankle_{side}"] = found[f"talus_{side}"]
        points[f"heel_{side}"] = found.get(f"{side}_heel", found[f"calcn_{side}"])
        points[f"toe_{side}"] = found.get(f"{side}_toe", found[f"toes_{side}"])
        for ours, theirs in (
            ("shoulder", "acromion"),
            ("knee_lateral", "knee_lateral"),
            ("knee_medial", "knee_medial"),
        ):
            if f"{side}_{theirs}" in found:
                points[f"{ours}_{side}"] = found[f"{side}_{theirs}"]
    if "shoulder_r" in points and "shoulder_l" in points:
        points["trunk"] = 0.5 * (points["shoulder_r"] + points["shoulder_l"])
    return points


def _feet(motion: Motion, time: Array, points: dict[str, Array], notes: list[Note]) -> FootForces | None:
    if not motion.plates:
        return None
    places = {
        side: np.stack([points[f"heel_{side}"], points[f"toe_{side}"], points[f"ankle_{side}"]], axis=1)
        for side in SIDES
    }
    feet = assign_feet(motion, places, time=time)
    notes += feet.notes
    return feet


def _events(
    time: Array,
    points: dict[str, Array],
    feet: FootForces | None,
    body: Body,
    angles: dict[str, Array],
    kind: Kind | str | None,
) -> Events:
    forces: dict[Side, Force] | None = None
    if feet is not None and feet.usable.all():
        forces = {side: (time, np.nan_to_num(feet.force[:, s, 1])) for s, side in enumerate(FEET)}
    return find(time, points, forces=forces, angles=angles, weight=body.mass * GRAVITY, kind=kind)


def _measured(
    feet: FootForces, events: Events, cutoff_hz: float, notes: list[Note]
) -> tuple[Ground, NDArray[np.bool_]]:
    """Return the low-passed ground forces, and the frames in which a foot's force is not known."""
    unknown = ~np.asarray(feet.usable.all(axis=1))
    force, point, moment = (np.nan_to_num(x) for x in (feet.force, feet.point, feet.moment))
    for s in range(2):
        loaded = force[:, s, 1] > 0.0
        for table in (force, point, moment):
            table[:, s] = lowpass(feet.time, table[:, s], cutoff_hz, loaded=loaded)
    ground = Ground(force, point, moment)
    unknown |= _off_plates(events, ground, feet.time)
    if unknown.any():
        notes.append(_unusable(feet.time, unknown))
    return ground, unknown


def _off_plates(events: Events, ground: Ground, time: Array) -> NDArray[np.bool_]:
    """Return the frames of stances that the feet show but no plate measured: a step beside the plates."""
    missed = np.zeros(len(time), dtype=bool)
    for phase in events.phases:
        inside = (time >= phase.start) & (time <= phase.toe_off)
        if phase.source == "motion" and not ground.force[inside, SIDES.index(phase.side), 1].any():
            missed |= inside
    return missed


def _unusable(time: Array, unknown: NDArray[np.bool_]) -> Note:
    where = np.flatnonzero(unknown)
    return Note(
        NoteKind.WARNING,
        f"{len(where)} frames have a foot on the ground whose force no plate measured; their loads are left out.",
        time=(float(time[where[0]]), float(time[where[-1]])),
    )


def _assumed(body: Body, q: Array, time: Array, events: Events, notes: list[Note]) -> Ground:
    """Return body weight over the foot or feet on the ground: no plates, so no inertia either."""
    notes.append(
        Note(
            NoteKind.ASSUMED,
            "no ground forces: still balance in every frame, body weight over the foot on the ground; "
            "in fast movement true loads are two to three times as large.",
        )
    )
    down = {side: np.zeros(len(time), dtype=bool) for side in SIDES}
    for phase in events.phases:
        down[phase.side] |= (time >= phase.start) & (time <= phase.toe_off)
    both = standing_ground(body, q, "both")
    if not events.phases:
        return both
    single = {side: standing_ground(body, q, side) for side in SIDES}
    ground = Ground(*(np.zeros_like(x) for x in both))
    for side, other in (("r", "l"), ("l", "r")):
        alone = down[side] & ~down[other]
        for ours, theirs in zip(ground, single[side], strict=True):
            ours[alone] = theirs[alone]
    together = down["r"] & down["l"]
    for ours, theirs in zip(ground, both, strict=True):
        ours[together] = theirs[together]
    return ground
