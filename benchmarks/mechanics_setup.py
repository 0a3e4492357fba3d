"""The running trial that Gerdy and OpenSim both solve, its tables, and how times are taken."""

from __future__ import annotations

import os
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from mechanics_peer import others_running
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.sweep import Ground, ground_of

Array = NDArray[np.float64]
Value = TypeVar("Value")

FOLDER = Path(__file__).parents[2] / "shared" / "data"
PIPELINE = Path("opensim-models", "Pipelines", "Rajagopal")
MODEL = Path("opensim-models", "Models", "Rajagopal", "Rajagopal2016.osim")
MASS, HEIGHT = 72.84, 1.80  # kg, m: of the runner, from the published scaling set-up
FRAMES_SHARED = (0.832, 1.546)  # s of the published inverse dynamics set-up: one stride
CUTOFF = 6.0  # Hz, of the peer's coordinate filter
QUIET = 0.5  # other processes at work above which times are not to be trusted


@dataclass(frozen=True)
class Trial:
    """The recordings of the run, and the model and set-up files that belong to it."""

    folder: Path

    @property
    def pipeline(self) -> Path:
        """The folder of set-up files and recordings."""
        return self.folder / PIPELINE

    @property
    def model(self) -> Path:
        """The unscaled model."""
        return self.folder / MODEL

    @property
    def markers(self) -> Path:
        """Markers of 510 frames, 100 Hz."""
        return self.pipeline / "ExpData" / "motion_capture_run.trc"

    @property
    def forces(self) -> Path:
        """Ground forces, 1000 Hz."""
        return self.pipeline / "ExpData" / "grf_run.mot"

    def weights(self) -> dict[str, float]:
        """Return the weights of the markers that the published set-up follows."""
        tasks = ET.parse(self.pipeline / "IK" / "ik_setup_run.xml").getroot().iter("IKMarkerTask")  # noqa: S314 (own data)
        return {
            str(task.get("name")): float(task.findtext("weight", "1"))
            for task in tasks
            if task.findtext("apply", "true").strip() == "true"
        }

    def ground(self, at: Array) -> Ground:
        """Return the measured ground forces, unfiltered as the peer takes them, at times (t,) s."""
        table = read_table(self.forces)
        ground = ground_of(len(at))
        for s, side in enumerate("RL"):
            for x, axis in enumerate("xyz"):
                for part, name in (
                    (ground.force, f"{side}_ground_force_v{axis}"),
                    (ground.point, f"{side}_ground_force_p{axis}"),
                    (ground.moment, f"{side}_ground_torque_{axis}"),
                ):
                    part[:, s, x] = np.interp(at, table["time"], table[name])
        return ground


def trial_in(recordings: Path | None) -> Trial:
    """Return the trial in a folder of recordings.

    Raises
    ------
    InputError
        If the trial is not there.
    """
    folder = recordings or Path(os.environ.get("GERDY_RECORDINGS", FOLDER))
    trial = Trial(folder)
    for file in (trial.model, trial.markers, trial.forces):
        if not file.exists():
            raise InputError(
                f"recordings: no {file}; give the folder that holds opensim-models (Models and Pipelines of "
                "github.com/opensim-org/opensim-models) by --recordings or GERDY_RECORDINGS."
            )
    return trial


def read_table(path: Path) -> dict[str, Array]:
    """Return the columns of an OpenSim storage or motion file, as they stand."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = next(i for i, line in enumerate(lines) if line.strip().lower() == "endheader")
    names = lines[head + 1].split()
    rows = np.array([line.split() for line in lines[head + 2 :] if line.strip()], dtype=float)
    return {name: rows[:, i] for i, name in enumerate(names)}


@dataclass(frozen=True)
class Taken:
    """The shortest of several runs: wall clock and processor time (s), and how many other processes ran before."""

    wall: float
    processor: float
    others: float

    def record(self) -> dict[str, Any]:
        """Return the times as plain values."""
        return {"wall_s": self.wall, "processor_s": self.processor, "others_running": self.others}


def best(call: Callable[[], Value], repeats: int) -> tuple[Taken, Value]:
    """Return the shortest times of a call made once to warm up and then ``repeats`` times, and its value."""
    others, value = others_running(), call()
    wall = processor = float("inf")
    for _ in range(repeats):
        start, used = time.perf_counter(), time.process_time()
        value = call()
        wall = min(wall, time.perf_counter() - start)
        processor = min(processor, time.process_time() - used)
    return Taken(wall, processor, others), value
