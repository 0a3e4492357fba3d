"""How fast Gerdy is on the run: inverse kinematics, a frame's loads, its own pipeline, file to result, Monte Carlo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from mechanics_agreement import Moved, Posed
from mechanics_peer import others_running
from mechanics_setup import CUTOFF, HEIGHT, MASS, Taken, Trial, best

from gerdy.mechanics.body import Body
from gerdy.mechanics.ik import fit
from gerdy.mechanics.loads import Loads, Options, loads_of
from gerdy.mechanics.person import Person
from gerdy.mechanics.sensitivity import draws_of, spread_of
from gerdy.mechanics.sweep import Ground, sweep
from gerdy.motion.analysis import CUTOFF as OWN_CUTOFF
from gerdy.motion.analysis import analyse
from gerdy.motion.filtering import smooth
from gerdy.motion.reading import read_motion
from gerdy.motion.registering import register_own

LONG = 4000  # frames into which the run is cut anew, so that a call's own cost vanishes
DRAWS, STEP = 1000, 100  # parameter draws over this many frames
AS_THE_PEER = Options(passive=False)  # OpenSim's static optimisation leaves passive force out
# What a program does from file to finished result; it prints how long its parts took and its greatest memory.
WHOLE = """
import json, sys, time
begun = time.perf_counter()
from gerdy.movement import Person, analyse, read_motion
imported = time.perf_counter()
motion = read_motion(sys.argv[1], sys.argv[2])
read = time.perf_counter()
result = analyse(motion, Person(mass=float(sys.argv[3]), height=float(sys.argv[4])))
done = time.perf_counter()
sys.path.append(sys.argv[5])
from mechanics_peer import peak_mb
print(json.dumps({
    "import_s": imported - begun, "read_s": read - imported, "analyse_s": done - read,
    "peak_mb": peak_mb(),
    "frames": result.sizes["time"], "band_peak_n": float(result.band_force.max()),
}))
"""


@dataclass(frozen=True)
class Rate:
    """Frames done, and the shortest time they took."""

    frames: int
    taken: Taken

    @property
    def a_second(self) -> float:
        """Frames a second of wall clock."""
        return self.frames / self.taken.wall

    def record(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "frames": self.frames,
            **self.taken.record(),
            "frames_per_s": self.a_second,
            "us_per_frame": 1e6 * self.taken.wall / self.frames,
        }


def kinematics(both: Posed, repeats: int) -> Rate:
    """Return the rate of inverse kinematics to convergence, all frames of the run."""
    taken, _ = best(lambda: fit(both.body.assembly, both.names, both.position, both.weight), repeats)
    return Rate(len(both.time), taken)


def stride_loads(both: Posed, body: Body, stride: Moved, repeats: int) -> Rate:
    """Return the rate of filter, splines, inverse dynamics and static optimisation on the stride that the peer solves.

    Like the peer we filter the whole trial and then solve the frames of the stride.
    """
    first = int(np.argmin(np.abs(both.time - stride.time[0])))
    rows = slice(first, first + len(stride.time))

    def call() -> Loads:
        even = smooth(both.time, both.theirs, CUTOFF)
        q, v, a = (np.ascontiguousarray(part[rows]) for part in (even.value, even.speed, even.acceleration))
        return loads_of(body, sweep(body.assembly, body.layout, q, v, a, stride.ground), options=AS_THE_PEER)

    taken, _ = best(call, repeats)
    return Rate(len(stride.time), taken)


def long_stride(trial: Trial, both: Posed, frames: int = LONG) -> Moved:
    """Return the whole run cut anew into more frames, states and ground forces in straight lines between."""
    even = smooth(both.time, both.theirs, CUTOFF)
    time = np.linspace(both.time[0], both.time[-1], frames)
    q, v, a = (
        np.column_stack([np.interp(time, both.time, column) for column in part.T])
        for part in (even.value, even.speed, even.acceleration)
    )
    return Moved(time, q, v, a, trial.ground(time))


def long_loads(body: Body, run: Moved, repeats: int) -> Rate:
    """Return the rate of inverse dynamics and static optimisation on many frames."""

    def call() -> Loads:
        swept = sweep(body.assembly, body.layout, run.q, run.speed, run.acceleration, run.ground)
        return loads_of(body, swept, options=AS_THE_PEER)

    taken, _ = best(call, repeats)
    return Rate(len(run.time), taken)


@dataclass(frozen=True)
class Own:
    """Gerdy's own body of the runner, with its band, and the states of every frame."""

    body: Body
    stride: Moved
    parts: dict[str, Rate]  # follow, filter, levers and moments, loads
    whole: Rate  # ``analyse``, events and measures and all, with registering

    @property
    def pipeline(self) -> float:
        """Seconds of all parts a frame."""
        return sum(rate.taken.wall / rate.frames for rate in self.parts.values())


def own_pipeline(trial: Trial, repeats: int) -> Own:
    """Return how long the parts of the own pipeline take on the run, after warm-up."""
    motion = read_motion(trial.markers, trial.forces)
    person = Person(mass=MASS, height=HEIGHT)
    assert motion.markers is not None
    whole, analysis = best(lambda: analyse(motion, person), max(repeats // 5, 2))
    registered = register_own(motion.markers, person)
    body, time, ground = registered.body, motion.markers.time, analysis.ground
    follow, solved = best(lambda: registered.follow(motion.markers), repeats)  # type: ignore[arg-type]
    filtering, even = best(lambda: smooth(time, solved.q, OWN_CUTOFF), repeats)
    q, v, a = (np.ascontiguousarray(part) for part in (even.value, even.speed, even.acceleration))
    sweeping, swept = best(lambda: sweep(body.assembly, body.layout, q, v, a, ground), repeats)
    sharing, _ = best(lambda: loads_of(body, swept), repeats)
    named = {
        "follow markers": follow,
        "filter": filtering,
        "levers and moments": sweeping,
        "effort and loads": sharing,
    }
    parts = {name: Rate(len(time), taken) for name, taken in named.items()}
    return Own(body, Moved(time, q, v, a, ground), parts, Rate(len(time), whole))


def monte_carlo(own: Own, threads: int = 2) -> dict[str, Any]:
    """Return how long draws and their loads over a step take, the second time."""
    start = int(np.argmax(own.stride.ground.force[:, 0, 1] > 0.0))
    rows = slice(start, start + STEP)
    stride = own.stride
    ground = Ground(*(np.ascontiguousarray(part[rows]) for part in stride.ground))
    q, v, a = (np.ascontiguousarray(part[rows]) for part in (stride.q, stride.speed, stride.acceleration))
    swept = sweep(own.body.assembly, own.body.layout, q, v, a, ground)
    times = []
    for _ in range(2):
        others, begun, used = others_running(), time.perf_counter(), time.process_time()
        draws = draws_of(own.body, DRAWS)
        drawn = time.perf_counter()
        spread = spread_of(own.body, swept, draws, threads=threads)
        times.append((time.perf_counter() - begun, drawn - begun, time.process_time() - used, others))
    wall, drawing, processor, others = min(times)
    peaks = np.nanmax(spread.band_force[:, :, 0], axis=1)
    return {
        "wall_s": wall,
        "draws_s": drawing,
        "processor_s": processor,
        "others_running": others,
        "draws": DRAWS,
        "frames": len(swept.moment),
        "threads": threads,
        "band_peak_n": np.percentile(peaks, [5, 50, 95]).tolist(),
    }


def file_to_result(trial: Trial, repeats: int) -> dict[str, dict[str, Any]]:
    """Return wall clock and memory of programs that go from file to dataset: nothing compiled yet, and all compiled."""
    with tempfile.TemporaryDirectory() as cache:
        cold = _program(trial, cache)
        warm = [_program(trial, cache) for _ in range(repeats)]
    return {"cold": cold, "warm": min(warm, key=lambda figures: float(figures["wall_s"]))}


def _program(trial: Trial, cache: str) -> dict[str, Any]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA")}
    environment |= {"XDG_CACHE_HOME": cache, "OPENBLAS_NUM_THREADS": "1"}
    given = (trial.markers, trial.forces, MASS, HEIGHT, Path(__file__).parent)
    command = [sys.executable, "-c", WHOLE, *map(str, given)]
    others, begun, used = others_running(), time.perf_counter(), _children()
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    wall = time.perf_counter() - begun
    if done.returncode:
        raise RuntimeError(f"Gerdy failed from file to result:\n{done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**figures, "wall_s": wall, "processor_s": _children() - used, "others_running": others}


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system
