"""The front door for recordings: read one, analyse it, ask what would change, and hand what was measured to a case.

Needs the optional part of Gerdy: ``pip install 'gerdy[motion]'``.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gerdy.errors import CaseError, InputError, MissingPartError

try:
    import mujoco  # noqa: F401
    import xarray
except ModuleNotFoundError as missing:
    raise MissingPartError("recordings", "motion", missing.name or "") from missing

from gerdy.mechanics.body import Body
from gerdy.mechanics.loads import Options
from gerdy.mechanics.person import SEXES, Person
from gerdy.motion.analysis import CUTOFF, Analysis
from gerdy.motion.analysis import analyse as run_analysis
from gerdy.motion.dataset import dataset_of
from gerdy.motion.measures import answers
from gerdy.motion.reading import read_motion
from gerdy.motion.recording import Motion
from gerdy.motion.whatif import Change, Comparison, read_change
from gerdy.motion.whatif import what_if as compare

if TYPE_CHECKING:
    from gerdy.case import Case
    from gerdy.motion.measure_records import Answer

__all__ = [
    "Analysis", "Body", "Comparison", "Motion", "Options", "Person", "analyse", "examine", "person_of", "read_change",
    "read_motion", "what_if", "with_measures",
]  # fmt: skip

atexit.register(gc.freeze)  # else the last collection walks all that Numba holds, for a third of a second

DRAWS = 200  # sets of parameters behind a spread


def analyse(
    motion: Motion | str | Path,
    person: Person,
    *,
    forces: str | Path | None = None,
    model: str | Path | Body = "own",
    static: Motion | str | Path | None = None,
    cutoff_hz: float = CUTOFF,
    kind: str | None = None,
    options: Options | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> xarray.Dataset:
    """Return what a recording shows and what it loads, frame by frame, with units on every variable.

    Parameters
    ----------
    motion : a recording, or the file of one (TRC, C3D, MOT, STO).
    forces : a file of ground forces, where they are apart.
    model : "own", an OpenSim model file that fits the person, or a body.
    static : quiet standing of the same person; segments are measured there.
    cutoff_hz : of the low-pass on angles and forces.
    kind : what movement it is, where it looks like another.

    Raises
    ------
    FileError, InputError
        For a file that cannot be read, or a recording that does not show what the body needs.
    """
    found = examine(
        motion, person, forces=forces, model=model, static=static, cutoff_hz=cutoff_hz, kind=kind, options=options,
        progress=progress,
    )  # fmt: skip
    return dataset_of(found)


def examine(
    motion: Motion | str | Path,
    person: Person,
    *,
    forces: str | Path | None = None,
    model: str | Path | Body = "own",
    static: Motion | str | Path | None = None,
    cutoff_hz: float = CUTOFF,
    kind: str | None = None,
    options: Options | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Analysis:
    """Return the analysis behind ``analyse``: body, events and measures beside the loads."""
    recording = motion if isinstance(motion, Motion) else read_motion(motion, forces)
    if isinstance(motion, Motion) and forces is not None:
        raise InputError(
            "forces: give the file together with the recording's file, not with a recording read before."
        )
    standing = read_motion(static) if isinstance(static, (str, Path)) else static
    return run_analysis(
        recording, person, model=model, static=standing, cutoff_hz=cutoff_hz, kind=kind, options=options,
        progress=progress,
    )  # fmt: skip


def what_if(
    analysis: Analysis,
    *changes: str | Change,
    draws: int = DRAWS,
    options: Options | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[Comparison, ...]:
    """Return how the loads of a movement change if all these changes hold, each with its spread.

    Parameters
    ----------
    changes : such as ``"drop=5"`` or ``"tilt=10"`` (degrees), ``"step-width=-4"`` (cm), ``"glmed=50"`` or ``"l5_r=30"``
        (per cent of strength left).
    draws : sets of uncertain parameters for the spread; 0 for none.

    Raises
    ------
    InputError
        For a change that cannot be read, or that this body cannot show.
    """
    if not changes:
        raise InputError("what if: give at least one change, such as 'drop=5'.")
    read = [read_change(change) if isinstance(change, str) else change for change in changes]
    return compare(analysis, read, draws=draws, options=options, progress=progress)


def person_of(case: Case) -> Person:
    """Return the person of a case as mechanics needs one.

    Raises
    ------
    InputError
        If the case does not say height and mass.
    """
    known = case.person
    if known.height_cm is None or known.mass_kg is None:
        raise InputError(
            "person: a recording needs height_cm and mass_kg of the person; add them to the case."
        )
    sex = known.sex if known.sex in SEXES else None
    return Person(mass=known.mass_kg, height=known.height_cm / 100.0, sex=sex)


def with_measures(case: Case, analysis: Analysis) -> tuple[Case, tuple[str, ...]]:
    """Return the case with what was measured added as findings, and a line for each: added, or why not.

    A finding that the case already answers is left alone: what a person wrote down goes before what was computed.
    """
    from gerdy.atlas import load_atlas  # noqa: PLC0415 (a recording alone needs no facts)

    rows: dict[str, list[Answer]] = {}
    for answer in answers(analysis.summaries, analysis.events):
        rows.setdefault(answer.finding, []).append(answer)
    lines = []
    atlas = load_atlas()
    for finding, found in rows.items():
        name = atlas.findings[finding].name
        sides = {row.side: round(row.value, 2) for row in found if row.side != "both"}
        text = ", ".join(f"{row.side} {row.value:.1f} ± {row.error:.1f}" for row in found)
        if any(finding in findings for findings in (case.findings, *(c.findings for c in case.complaints))):
            lines.append(f"{name}: the case's own answer stays; measured {text}.")
            continue
        try:
            case = case.answer(finding, sides or round(found[0].value, 2))
            lines.append(f"{name}: {text}.")
        except CaseError as refused:
            lines.append(f"{name}: not taken over; measured {text}. {refused}")
    return case, tuple(lines)
