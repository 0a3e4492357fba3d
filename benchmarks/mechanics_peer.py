"""OpenSim's part of the comparison: each stage in a process of its own, under an interpreter that has `opensim`.

That interpreter need not have Gerdy: only the standard library and opensim are imported here.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

STAGES = ("scale", "ik", "ik_converged", "id", "so", "so_from_zero")
CONVERGED = (
    1e-8  # accuracy at which OpenSim's inverse kinematics has converged; the published set-up has 1e-4
)
CUTOFF = 6.0  # Hz, low-pass on coordinates
LEG_RESERVE = 1.0  # N m that cost as much as one full activation
OTHER_RESERVES = {
    "pelvis": 1000.0,
    "lumbar": 100.0,
    "arm": 100.0,
    "elbow": 100.0,
    "pro": 100.0,
    "wrist": 100.0,
}
SCALED = Path("Scale", "subject_scaled_run.osim")


class Job(NamedTuple):
    """A stage made ready: what to run and time, the table it writes, and what must stay alive meanwhile."""

    run: Callable[[], bool]
    table: Path | None
    kept: Any


def others_running() -> float:
    """Return how many other processes want a processor now, on average over a fifth of a second.

    The load average would still count what this program itself did a minute ago; it is taken where the system does not
    say more.
    """
    counts = []
    for _ in range(10):
        time.sleep(0.02)
        try:
            running = Path("/proc/loadavg").read_text(encoding="ascii").split()[3].split("/")[0]
        except OSError:
            return os.getloadavg()[0]
        counts.append(int(running) - 1)
    return sum(counts) / len(counts)


def peak_mb() -> float:
    """Return the most memory (MB) that this program has held.

    Not ``ru_maxrss`` where the system says better: that of a new program begins with what its parent held.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024.0
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def run_peer(
    python: Path, pipeline: Path, model: Path, work: Path, span: tuple[float, float]
) -> dict[str, dict[str, Any]]:
    """Run every stage and return times and memory of each; their tables are left in ``work/results``.

    Raises
    ------
    RuntimeError
        If a stage fails, with what it said.
    """
    for file in [file for file in pipeline.rglob("*") if file.is_file()]:
        target = work / file.relative_to(pipeline)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    shutil.copyfile(model, work / "generic_unscaled.osim")
    (work / "results").mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    figures: dict[str, dict[str, Any]] = {}
    for name in STAGES:
        code = (
            f"import mechanics_peer; mechanics_peer.stage({name!r}, {str(work)!r}, {span[0]!r}, {span[1]!r})"
        )
        others = others_running()
        done = subprocess.run(
            [str(python), "-c", code], capture_output=True, text=True, env=environment, cwd=work, check=False
        )
        said = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        if not said:
            raise RuntimeError(f"OpenSim failed in stage {name}:\n{(done.stdout + done.stderr)[-2000:]}")
        figures[name] = {**json.loads(said[-1][7:]), "others_running": others}
    (work / "results" / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
    return figures


def stage(name: str, folder: str, start: float, end: float) -> None:
    """Run one stage and print its figures as a line of JSON; only the tool itself is timed."""
    osim: Any = importlib.import_module("opensim")
    osim.Logger.setLevelString("Error")
    work = Path(folder)
    if name == "scale":
        os.chdir(work / "Scale")
        job = Job(osim.ScaleTool("scale_setup_run.xml").run, None, None)
    elif name.startswith("ik"):
        job = _ik(osim, work, None if name == "ik" else CONVERGED)
    elif name == "id":
        job = _id(osim, work, (start, end))
    else:
        job = _so(osim, work, (start, end), name, None if name == "so" else 0.0)
    begun, used = time.perf_counter(), time.process_time()
    if job.run() is False:
        raise SystemExit(f"{name}: OpenSim's tool says that it failed")
    figures = {
        "wall_s": time.perf_counter() - begun,
        "processor_s": time.process_time() - used,
        "frames": 1 if job.table is None else _rows(job.table),
        "peak_mb": peak_mb(),
        "version": str(osim.GetVersion()),
    }
    print("RESULT " + json.dumps(figures))


def _rows(table: Path) -> int:
    lines = table.read_text(encoding="utf-8").splitlines()
    head = next(i for i, line in enumerate(lines) if line.strip().lower() == "endheader")
    return sum(1 for line in lines[head + 2 :] if line.strip())


def _model(osim: Any, work: Path) -> Any:
    model = osim.Model(str(work / SCALED))
    model.initSystem()
    return model


def _ik(osim: Any, work: Path, accuracy: float | None) -> Job:
    """Inverse kinematics by the published set-up, or with another accuracy."""
    os.chdir(work / "IK")
    table = work / "results" / ("ik.mot" if accuracy is None else "ik_converged.mot")
    tool = osim.InverseKinematicsTool("ik_setup_run.xml")
    tool.setOutputMotionFileName(str(table))
    tool.setResultsDir(str(work / "results"))
    if accuracy is not None:
        tool.set_accuracy(accuracy)
    model = _model(osim, work)
    tool.setModel(model)
    return Job(tool.run, table, model)


def _id(osim: Any, work: Path, span: tuple[float, float]) -> Job:
    """Inverse dynamics of the converged angles."""
    tool, model = osim.InverseDynamicsTool(), _model(osim, work)
    tool.setModel(model)
    tool.setCoordinatesFileName(str(work / "results" / "ik_converged.mot"))
    tool.setLowpassCutoffFrequency(CUTOFF)
    tool.setStartTime(span[0])
    tool.setEndTime(span[1])
    left_out = osim.ArrayStr()
    left_out.append("muscles")
    left_out.append("actuators")
    tool.setExcludedForces(left_out)
    tool.setExternalLoadsFileName(str(work / "ID" / "grf_run.xml"))
    tool.setResultsDir(str(work / "results"))
    tool.setOutputGenForceFileName("id.sto")
    return Job(tool.run, work / "results" / "id.sto", model)


def _so(osim: Any, work: Path, span: tuple[float, float], label: str, least: float | None) -> Job:
    """Static optimisation of the same angles; ``least`` activation, or what the model has, which is 0.01."""
    results, model = work / "results", _model(osim, work)
    _replace_motors(osim, model)
    if least is not None:
        for i in range(model.getMuscles().getSize()):
            muscle = osim.Millard2012EquilibriumMuscle.safeDownCast(model.updMuscles().get(i))
            muscle.set_minimum_activation(least)
            muscle.setMinControl(least)
    model.initSystem()
    model.printToXML(str(results / f"{label}.osim"))
    analysis = osim.StaticOptimization()
    analysis.setUseModelForceSet(True)
    analysis.setActivationExponent(2.0)
    analysis.setUseMusclePhysiology(True)
    analysis.setConvergenceCriterion(1e-4)
    analysis.setMaxIterations(100)
    analysis.setStepInterval(1)
    tool = osim.AnalyzeTool()
    tool.setName(label)
    tool.setModelFilename(str(results / f"{label}.osim"))
    tool.setCoordinatesFileName(str(results / "ik_converged.mot"))
    tool.setLowpassCutoffFrequency(CUTOFF)
    tool.setExternalLoadsFileName(str(work / "ID" / "grf_run.xml"))
    tool.setSolveForEquilibrium(False)
    tool.setResultsDir(str(results))
    for timed in (tool, analysis):
        timed.setStartTime(span[0])
    tool.setFinalTime(span[1])
    analysis.setEndTime(span[1])
    tool.updAnalysisSet().cloneAndAppend(analysis)
    setup = results / f"{label}_setup.xml"
    tool.printToXML(str(setup))
    return Job(osim.AnalyzeTool(str(setup)).run, results / f"{label}_StaticOptimization_force.sto", model)


def _replace_motors(osim: Any, model: Any) -> None:
    """Put one reserve on every free coordinate, in place of the motors that the model comes with."""
    forces = model.updForceSet()
    for i in reversed(range(forces.getSize())):
        if osim.CoordinateActuator.safeDownCast(forces.get(i)):
            forces.remove(i)
    coordinates = model.getCoordinateSet()
    for i in range(coordinates.getSize()):
        name = coordinates.get(i).getName()
        if coordinates.get(i).getDefaultLocked() or name.endswith("_beta"):
            continue
        reserve = osim.CoordinateActuator(name)
        reserve.setName(f"reserve_{name}")
        reserve.setOptimalForce(OTHER_RESERVES.get(name.split("_", maxsplit=1)[0], LEG_RESERVE))
        reserve.setMinControl(-1e3)
        reserve.setMaxControl(1e3)
        model.addForce(reserve)
