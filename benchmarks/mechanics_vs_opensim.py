"""Run the same model and running trial through OpenSim 4.6 and Gerdy: speed, memory, and whether answers agree.

OpenSim (pip) lives in an interpreter of its own: `python -m venv E && E/bin/pip install opensim==4.6`, then

    python benchmarks/mechanics_vs_opensim.py --opensim-python E/bin/python [--recordings FOLDER] [--json]

Recordings are the folders Models and Pipelines of github.com/opensim-org/opensim-models under FOLDER/opensim-models.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import mechanics_agreement as agreement
import mechanics_speed as speed
from mechanics_breakdown import FLOOR, PROTOTYPE, breakdown
from mechanics_peer import SCALED, run_peer
from mechanics_setup import FRAMES_SHARED, QUIET, Trial, trial_in

from gerdy.errors import InputError
from gerdy.mechanics.body import Body
from gerdy.mechanics.loads import Options


@dataclass(frozen=True)
class Row:
    """One target, what was measured, and whether that meets it; ``factor`` is how many times OpenSim's speed."""

    target: str
    figure: str
    met: bool
    factor: float | None = None
    note: str = ""


def measure(python: Path | None, trial: Trial, work: Path, repeats: int) -> dict[str, Any]:
    """Return everything measured; without an interpreter OpenSim's part is what an earlier run left in ``work``."""
    results = work / "results"
    if python is not None:
        peer = run_peer(python, trial.pipeline, trial.model, work, FRAMES_SHARED)
    else:
        peer = json.loads((results / "figures.json").read_text(encoding="utf-8"))
    body = Body.from_osim(work / SCALED)
    both = agreement.posed(trial, body, results)
    stride = agreement.moved(trial, both, results)
    swept = agreement.swept_of(body, stride)
    run = speed.long_stride(trial, both)
    own = speed.own_pipeline(trial, repeats)
    return {
        "opensim": peer,
        "opensim_from_earlier_run": python is None,
        "agreement": {
            "angles": agreement.compare_angles(both),
            "moments": agreement.compare_moments(body, swept, results),
            "activations": agreement.compare_activations(body, swept, results, "so_from_zero"),
            "activations_from_0.01": agreement.compare_activations(body, swept, results, "so"),
        },
        "gerdy": {
            "ik": speed.kinematics(both, repeats).record(),
            "loads_stride": speed.stride_loads(both, body, stride, 5 * repeats).record(),
            "loads_long": speed.long_loads(body, run, repeats).record(),
            "own_parts": {name: rate.record() for name, rate in own.parts.items()},
            "own_pipeline_frames_per_s": 1.0 / own.pipeline,
            "own_analyse": own.whole.record(),
            "breakdown_same_model": breakdown(body, run, Options(passive=False), repeats),
            "breakdown_own_model": breakdown(own.body, own.stride, Options(), repeats),
            "monte_carlo": speed.monte_carlo(own),
            "file_to_result": speed.file_to_result(trial, max(repeats // 5, 2)),
        },
    }


def verdicts(found: dict[str, Any]) -> list[Row]:
    """Return every target with what was measured."""
    return [*_speeds(found), *_answers(found["agreement"]), *_own(found["gerdy"])]


def _speeds(found: dict[str, Any]) -> list[Row]:
    peer, ours = found["opensim"], found["gerdy"]
    theirs = 1.0 / sum(peer[name]["wall_s"] / peer[name]["frames"] for name in ("id", "so"))
    rows = []
    for key, what in (("loads_stride", "the peer's {} frames, filter included"), ("loads_long", "{} frames")):
        rate, frames = ours[key]["frames_per_s"], ours[key]["frames"]
        text = f"{rate:,.0f} against {theirs:.2f} frames/s on {what.format(frames)}"
        rows.append(
            Row("dynamics and static optimisation >= 1,000x", text, rate >= 1000.0 * theirs, rate / theirs)
        )
    rate = ours["ik"]["frames_per_s"]
    published, converged = (peer[name]["frames"] / peer[name]["wall_s"] for name in ("ik", "ik_converged"))
    text = f"{rate:,.0f} against {published:.1f} frames/s as published"
    note = f"at equal convergence (accuracy 1e-8): {converged:.1f} frames/s, {rate / converged:,.0f}x"
    rows.append(
        Row("kinematics to convergence >= 100x", text, rate >= 100.0 * published, rate / published, note)
    )
    return rows


def _answers(found: dict[str, Any]) -> list[Row]:
    angles, moments, effort = found["angles"], found["moments"], found["activations"]
    shipped = found["activations_from_0.01"]
    apart = angles["frames"] - angles["ours_nearer"]
    note = ""
    if angles["frames"]:
        note = (
            f"{angles['worst']} {angles['worst_deg']:.3f} deg apart; of {angles['frames']} frames with some angle over "
            f"0.05 deg our markers are nearer in {angles['ours_nearer']}, by {angles['least_gain_mm2']:.2g} to "
            f"{angles['most_gain_mm2']:.2g} mm2 of weighted squares: OpenSim stopped before its minimum there"
        )
    calves = ", ".join(f"{name} {value:.4f}" for name, value in effort["calves"].items())
    return [
        Row(
            "joint angles within 0.05 deg",
            f"legs {angles['legs_deg']:.4f} deg, all {angles['worst_deg']:.4f} at most",
            angles["worst_deg"] <= 0.05 or (apart == 0 and angles["legs_deg"] <= 0.05),
            note=note,
        ),
        Row(
            "leg joint moments within 0.5 N m RMS",
            f"{moments['worst_rms']:.3f} N m at worst ({moments['worst']})",
            moments["worst_rms"] <= 0.5,
        ),
        Row(
            "activations within 0.02 RMS",
            f"{effort['rms']:.4f} over 80 muscles; worst {effort['worst']} {effort['worst_rms']:.4f}",
            effort["rms"] <= 0.02 and max(effort["calves"].values()) <= 0.02,
            note=f"{calves}; effort {effort['effort'][0]:.4f} against {effort['effort'][1]:.4f}. With our own greatest "
            f"forces {effort['own_curves_rms']:.4f}, worst {effort['own_curves_worst']} "
            f"{effort['own_curves_worst_rms']:.4f}. Left at its least activation of 0.01 OpenSim is "
            f"{shipped['rms']:.4f} away and spends {shipped['effort'][1]:.2f}",
        ),
    ]


def _own(ours: dict[str, Any]) -> list[Row]:
    rate = ours["own_pipeline_frames_per_s"]
    cold, warm = ours["file_to_result"]["cold"], ours["file_to_result"]["warm"]
    peak, chance = max(cold["peak_mb"], warm["peak_mb"]), ours["monte_carlo"]
    parts = ", ".join(f"{name} {part['us_per_frame']:.1f}" for name, part in ours["own_parts"].items())
    whole = ours["own_analyse"]
    return [
        Row(
            "own model, whole pipeline >= 10,000 frames/s",
            f"{rate:,.0f} frames/s ({1e6 / rate:.1f} us)",
            rate >= 10_000.0,
            note=f"us: {parts}; scaling, events and measures with it: {1e3 * whole['wall_s']:.0f} ms for "
            f"{whole['frames']} frames",
        ),
        Row("file to result, compiled <= 1.5 s", _where(warm), warm["wall_s"] <= 1.5),
        Row("file to result, nothing compiled <= 6 s", _where(cold), cold["wall_s"] <= 6.0),
        Row("peak memory <= 500 MB", f"{peak:.0f} MB", peak <= 500.0),
        Row(
            "1,000 draws over 100 frames <= 5 s, 2 threads",
            f"{chance['wall_s']:.2f} s, drawing {chance['draws_s']:.2f} s of it",
            chance["wall_s"] <= 5.0,
        ),
    ]


def _where(figures: dict[str, Any]) -> str:
    return (
        f"{figures['wall_s']:.2f} s: import {figures['import_s']:.2f}, read {figures['read_s']:.2f}, analyse "
        f"{figures['analyse_s']:.2f}; processor {figures['processor_s']:.2f}"
    )


def report(found: dict[str, Any], rows: list[Row]) -> str:
    """Return what a person reads."""
    lines = []
    for row in rows:
        factor = "" if row.factor is None else f"  {row.factor:,.0f}x"
        lines.append(f"{'met ' if row.met else 'MISS'}  {row.target:48} {row.figure}{factor}")
        if row.note:
            lines.append(f"      {row.note}.")
    lines.append("\nOpenSim's stages: frames, s, frames/s, peak MB")
    for name, one in found["opensim"].items():
        frames = f"{one['frames']:5d} {one['wall_s']:8.3f} {one['frames'] / one['wall_s']:9.2f} {one['peak_mb']:6.0f}"
        lines.append(f"  {name:14} {frames}")
    if found["opensim_from_earlier_run"]:
        lines.append("  taken from an earlier run: ratios compare two occasions")
    lines += _parts(found["gerdy"])
    disturbed = _disturbed(found)
    if disturbed:
        lines.append(
            f"\nother processes were at work ({disturbed}): times are not to be trusted; run again in quiet."
        )
    return "\n".join(lines)


def _parts(ours: dict[str, Any]) -> list[str]:
    same, own = ours["breakdown_same_model"], ours["breakdown_own_model"]
    lines = ["\none frame, both legs, us                   same model     own model      floor of both legs"]
    for name in dict.fromkeys([*same, *own]):
        values = "".join(f"{one[name]:15.2f}" if name in one else f"{'':15}" for one in (same, own))
        lines.append(f"  {name:34}{values}")
    kinematics = sum(same[name] for name in ("mj_kinematics", "mj_comPos", "mj_comVel", "mj_rne"))
    measured = dict(zip(FLOOR, (same["mj_tendon"], kinematics, same["effort sharing, once"]), strict=True))
    lines += [
        f"  {name:34}{measured[name]:15.2f}{'':15}{floor:15.1f}  ({measured[name] / floor:.2f}x)"
        for name, floor in FLOOR.items()
    ]
    lines.append(f"  {'all, against the prototype':34}{same['FRAME']:15.2f}{'':15}{PROTOTYPE:15.1f}")
    return lines


def _disturbed(found: object) -> str:
    """Return the largest number of other processes seen running before any time was taken, if that was too many."""
    seen: list[float] = []

    def search(part: object) -> None:
        if isinstance(part, dict):
            seen.extend(float(value) for key, value in part.items() if key == "others_running")
            for value in part.values():
                search(value)

    search(found)
    return f"up to {max(seen):.1f}" if seen and max(seen) > QUIET else ""


def interpreter(given: Path | None) -> Path:
    """Return an interpreter that can import opensim.

    Raises
    ------
    InputError
        If it cannot.
    """
    python = given or Path(sys.executable)
    try:
        done = subprocess.run(
            [str(python), "-c", "import opensim"], capture_output=True, text=True, check=False
        )
    except OSError as problem:
        raise InputError(f"opensim-python: cannot run {python} ({problem.strerror}).") from problem
    if done.returncode:
        raise InputError(
            f"opensim-python: {python} cannot import opensim. Make an environment that can: python -m venv E && "
            "E/bin/pip install opensim==4.6, then give --opensim-python E/bin/python."
        )
    return python


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--opensim-python", type=Path, help="interpreter with opensim; this one without")
    parser.add_argument("--recordings", type=Path, help="folder of real recordings, else GERDY_RECORDINGS")
    parser.add_argument("--repeats", type=int, default=20, help="times are the best of so many")
    parser.add_argument("--keep", type=Path, help="folder to leave OpenSim's results in")
    parser.add_argument("--reuse", action="store_true", help="take OpenSim's results and times from --keep")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.reuse and given.keep is None:
        parser.error("--reuse needs --keep")
    try:
        trial = trial_in(given.recordings)
        python = None if given.reuse else interpreter(given.opensim_python)
    except InputError as problem:
        sys.exit(str(problem))
    with tempfile.TemporaryDirectory() as folder:
        found = measure(python, trial, (given.keep or Path(folder)).resolve(), max(given.repeats, 1))
    rows = verdicts(found)
    if given.json:
        print(json.dumps({"targets": [asdict(row) for row in rows], **found}, indent=1))
    else:
        print(report(found, rows))


if __name__ == "__main__":
    main()
