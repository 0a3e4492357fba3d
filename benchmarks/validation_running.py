"""O4c, O4d, O8 and O9: hip contact in walking and stepping up, and what step rate and step width change in running."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from validation_exercises import work
from validation_setting import Array, Setting
from validation_targets import Outcome, attempt, judge, missing, targets

from gerdy.mechanics.exercises import exercise
from gerdy.mechanics.loads import Loads, loads_of
from gerdy.mechanics.person import Person
from gerdy.mechanics.sweep import Ground, sweep
from gerdy.motion.analysis import CUTOFF, Analysis, analyse
from gerdy.motion.filtering import smooth
from gerdy.motion.reading import read_motion

SHIFT = 0.05  # of leg length, between two step widths: target O9
STEP_UP = "forward_step_up"


@dataclass(frozen=True, eq=False)
class Trial:
    """A recording: markers, forces and standing below the recordings' folder, and whose it is."""

    name: str
    markers: str
    forces: str
    static: str | None
    person: Person


_OPENSIM, _HAMNER = "opensim-models/Pipelines/Rajagopal/ExpData", "hamner_subject04"
_RUNNER = Person(mass=80.47, height=1.772, sex="male")
WALKS = (
    Trial(
        "walk",
        f"{_OPENSIM}/motion_capture_walk.trc",
        f"{_OPENSIM}/grf_walk.mot",
        f"{_OPENSIM}/static_walk_1.trc",
        Person(mass=85.07, height=1.83),
    ),
)
RUNS = (
    Trial(
        "run",
        f"{_OPENSIM}/motion_capture_run.trc",
        f"{_OPENSIM}/grf_run.mot",
        f"{_OPENSIM}/static_run.trc",
        Person(mass=72.84, height=1.80),
    ),
    Trial("run 2 m/s", f"{_HAMNER}/run200/markers.trc", f"{_HAMNER}/run200/grf.mot", None, _RUNNER),
    Trial("run 4 m/s", f"{_HAMNER}/run400/markers.trc", f"{_HAMNER}/run400/grf.mot", None, _RUNNER),
)


def running(place: Setting, only: tuple[str, ...] = ()) -> list[Outcome]:
    """Return the outcomes of walking, O8 and O9."""
    found: list[Outcome] = []
    for group, compute in (("O4", contact), ("O8", rate), ("O9", width)):
        names = [name for name in targets() if name.startswith(group) and name not in {"O4a", "O4b"}]
        if only and group not in only:
            continue
        if place.recordings is None:
            found += missing(names, "no recordings at hand; give their folder by --recordings")
        elif place.body.model.name != "gerdy":
            found += missing(names, "a recorded person needs a body scaled to them: only Gerdy's own is here")
        else:
            found += attempt(names, partial(compute, place))
    return found


def contact(place: Setting) -> list[Outcome]:
    """Return O4c and O4d."""
    peaks = []
    for trial in WALKS:
        done = analysed(_folder(place), trial)
        for side, frames in stances(done):
            force = np.linalg.norm(done.loads.hip_contact[frames, side], axis=1)
            peaks.append(100.0 * float(force.max()) / Setting(done.body, None).weight)
    peak = float(np.mean(peaks))
    up = work(place, exercise(STEP_UP))
    rising = 100.0 * up.hip_contact / place.weight
    told = f"still step-up of 20 cm {float(rising.max()):.0f} against walking {peak:.0f} % body weight"
    return [
        judge("O4c", peak, "each stance: " + ", ".join(f"{value:.0f}" for value in peaks)),
        judge("O4d", float(rising.max()) / peak, f"{told}; no recording of stairs with forces is at hand"),
    ]


def rate(place: Setting) -> list[Outcome]:
    """Return O8: what is recorded at the preferred step rate; other rates cannot be foretold."""
    rows = {trial.name: measured(analysed(_folder(place), trial)) for trial in RUNS}
    found = []
    for name in ("O8a", "O8b", "O8c", "O8d"):
        told = ", ".join(f"{trial} {row[name]:.2f}" for trial, row in rows.items())
        found.append(judge(f"{name} +0 %", float(np.mean([row[name] for row in rows.values()])), told))
    reason = "forces and postures of a recorded run can be changed, but not foretold for another step rate"
    found += missing([n for n in targets() if n.startswith("O8") and "+0 %" not in n], reason)
    return found


def width(place: Setting) -> list[Outcome]:
    """Return O9: the same run with both feet further in and out by half of 5 % of leg length each."""
    done = analysed(_folder(place), RUNS[0])
    changed = {share: narrowed(done, share * SHIFT) for share in (1.0, 0.0, -1.0)}
    strain = [100.0 * _peak(done, one.band_strain) for one, _ in changed.values()]
    speed = [
        100.0 * _peak(done, np.gradient(one.band_strain, done.time, axis=0)) for one, _ in changed.values()
    ]
    adducted = [_adduction(done, q) for _, q in changed.values()]
    fit = float(np.corrcoef([1.0, 0.0, -1.0], strain)[0, 1] ** 2)
    told = "narrow, preferred, wide: "
    return [
        judge("O9a", _falls(strain), told + _three(strain) + " % strain of the band"),
        judge("O9b", speed[0] > speed[2], told + _three(speed) + " %/s"),
        judge("O9c", fit, told + _three(strain) + " %"),
        judge("O9d", _falls(adducted), told + _three(adducted) + " degrees; adduction is what is changed"),
    ]


@cache
def analysed(folder: Path, trial: Trial) -> Analysis:
    """Return a trial analysed with Gerdy's own body, scaled to the standing trial where there is one."""
    motion = read_motion(folder / trial.markers, folder / trial.forces, name=trial.name)
    static = None if trial.static is None else read_motion(folder / trial.static)
    return analyse(motion, trial.person, static=static)


def narrowed(done: Analysis, share: float) -> tuple[Loads, Array]:
    """Return loads and q (t, n) with steps narrower by this share of leg length, trunk and ground forces as they were.

    Each leg swings in by half of it about the hip; the point where the ground pushes goes with the foot.
    """
    body, q = done.body, done.q.copy()
    even = smooth(done.time, done.q, CUTOFF)
    for side in "rl":
        q[:, body.column(f"hip_adduction_{side}")] += np.arctan(0.5 * share)
    before, after = body.points(done.q), body.points(q)
    moved = np.stack([after[f"calcn_{side}"] - before[f"calcn_{side}"] for side in "rl"], axis=1)
    moved[:, :, 1] = 0.0
    ground = Ground(done.ground.force, done.ground.point + moved, done.ground.moment)
    swept = sweep(body.assembly, body.layout, q, even.speed, even.acceleration, ground)
    return loads_of(body, swept), q


def measured(done: Analysis) -> dict[str, float]:
    """Return the four measures of O8, means over the stances of both legs."""
    found: dict[str, list[float]] = {name: [] for name in ("O8a", "O8b", "O8c", "O8d")}
    for side, frames in stances(done):
        letter = "rl"[side]
        hip, knee = (done.body.column(f"{name}_{letter}") for name in ("hip_adduction", "knee_angle"))
        found["O8a"].append(float(np.degrees(done.q[frames, hip].max())))
        found["O8b"].append(float(-done.loads.moment[frames, hip].min() / done.person.mass))
        found["O8c"].append(float(np.degrees(done.q[frames, knee].max())))
        found["O8d"].append(float(-done.loads.moment[frames, knee].min() / done.person.mass))
    return {name: float(np.mean(values)) for name, values in found.items()}


def stances(done: Analysis) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Give side (0 right, 1 left) and frames of every whole stance."""
    for phase in done.events.phases:
        frames = (done.time >= phase.start) & (done.time <= phase.toe_off)
        if phase.begun and phase.finished and done.measured_forces and frames.sum() > 5:
            yield "rl".index(phase.side), frames


def _peak(done: Analysis, value: Array) -> float:
    return float(np.mean([value[frames, side].max() for side, frames in stances(done)]))


def _adduction(done: Analysis, q: Array) -> float:
    peaks = [
        q[frames, done.body.column(f"hip_adduction_{'rl'[side]}")].max() for side, frames in stances(done)
    ]
    return float(np.degrees(np.mean(peaks)))


def _falls(values: list[float]) -> bool:
    return values[0] > values[1] > values[2]


def _three(values: list[float]) -> str:
    return ", ".join(f"{value:.3g}" for value in values)


def _folder(place: Setting) -> Path:
    assert place.recordings is not None
    return place.recordings
