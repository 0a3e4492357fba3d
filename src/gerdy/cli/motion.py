"""``gerdy motion``: look into a recording, and analyse what it loads."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gerdy.cli.page import Page
from gerdy.errors import InputError

if TYPE_CHECKING:
    from gerdy.movement import Analysis, Comparison

SLOW = 1.0  # s, after which progress is shown
EPILOG = """\b
Examples:
  gerdy motion info walk.trc
  gerdy motion analyse run.trc --forces grf.mot --mass 72.8 --height 180"""
INFO_EPILOG = """\b
Examples:
  gerdy motion info walk.trc
  gerdy motion info walk.trc grf.mot trial.c3d"""
ANALYSE_EPILOG = """\b
Examples:
  gerdy motion analyse squat.trc --mass 62.6 --height 170
  gerdy motion analyse run.trc --forces grf.mot --static standing.trc \\
      --mass 72.8 --height 180 --sex male --report run.html
  gerdy motion analyse sprint.c3d --mass 68 --height 178 -o loads.parquet
  gerdy motion analyse run.trc --forces grf.mot --mass 72.8 --height 180 \\
      --what-if drop=5 --what-if glmed=50 --report run.html"""


@click.group(epilog=EPILOG)
def motion() -> None:
    """Analyse a recording: joints, muscles, the iliotibial band.

    Reads TRC, C3D, MOT and STO. Everything found, assumed and repaired is said.
    """


@motion.command(epilog=INFO_EPILOG)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def info(files: tuple[Path, ...]) -> None:
    """Say what recordings hold: markers, forces, angles, rates, gaps, units, axes and repairs."""
    from gerdy.motion.describing import describe  # noqa: PLC0415 (heavy rooms load when they are used)
    from gerdy.movement import read_motion  # noqa: PLC0415

    page = Page()
    for number, file in enumerate(files):
        if number:
            page.blank()
        for line in describe(read_motion(file)):
            page.say(line)


@motion.command(epilog=ANALYSE_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--forces", metavar="FILE", type=click.Path(path_type=Path), help="Ground forces, where apart.")
@click.option(
    "--static", metavar="FILE", type=click.Path(path_type=Path), help="Quiet standing of the same person."
)
@click.option("--mass", metavar="KG", type=float, required=True, help="Mass of the person.")
@click.option("--height", metavar="CM", type=float, required=True, help="Height of the person.")
@click.option("--sex", type=click.Choice(["female", "male"]), help="For the masses of segments.")
@click.option("--model", metavar="own|FILE.osim", default="own", show_default=True, help="Body to load.")
@click.option("--kind", metavar="KIND", help="What movement it is, where it looks like another.")
@click.option(
    "--cutoff",
    metavar="HZ",
    type=float,
    default=12.0,
    show_default=True,
    help="Low-pass, markers and forces.",
)
@click.option(
    "--tendon",
    type=click.Choice(["rigid", "elastic"]),
    default="rigid",
    show_default=True,
    help="Elastic ones give and recoil; slower.",
)
@click.option(
    "--deficit", metavar="NAME=PER CENT", multiple=True, help="Strength left, such as glmed=60 or l5_r=40."
)
@click.option(
    "--what-if", "changes", metavar="CHANGE", multiple=True, help="Such as drop=5, step-width=-4, glmed=50."
)
@click.option("--draws", metavar="N", type=click.IntRange(0, 5000), default=200, show_default=True,
              help="Sets of uncertain parameters behind a spread.")  # fmt: skip
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Table: .parquet, .csv, .sto, .mot; or a folder.",
)
@click.option(
    "--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Write a report to look at."
)
def analyse(
    file: Path,
    forces: Path | None,
    static: Path | None,
    mass: float,
    height: float,
    sex: str | None,
    model: str,
    kind: str | None,
    cutoff: float,
    tendon: str,
    deficit: tuple[str, ...],
    changes: tuple[str, ...],
    draws: int,
    output: Path | None,
    report: Path | None,
) -> None:
    """Say what a recording loads: joints, muscles, the iliotibial band and what it presses on.

    Without ground forces the body is held in still balance in every frame, and the answer says so. Each --what-if is
    compared by itself with the recording as it is.
    """
    _check_names(output, report)
    from gerdy import movement  # noqa: PLC0415 (heavy rooms load when they are used)

    person = movement.Person(mass=mass, height=height / 100.0, sex=sex, deficits=_deficits(deficit))
    options = movement.Options(tendon=tendon)
    for change in changes:
        movement.read_change(change)  # a wrong one is told before anything is computed
    with _progress("reading") as tell:
        found = movement.examine(
            file,
            person,
            forces=forces,
            model=model,
            static=static,
            cutoff_hz=cutoff,
            kind=kind,
            options=options,
            progress=tell,
        )
    compared: list[Comparison] = []
    for change in changes:
        with _progress(f"what if {change}") as tell:
            compared += movement.what_if(
                found, change, draws=draws, options=options, progress=partial(tell, f"what if {change}")
            )
    page = Page()
    _say(page, found, compared)
    if output is not None:
        from gerdy.motion.files import write_dataset  # noqa: PLC0415

        for path in write_dataset(_dataset(found), output):
            page.say(f"The loads are in {path}.")
    if report is not None:
        _write_report(found, compared, report)
        page.say(f"The report is in {report}.")


def _check_names(output: Path | None, report: Path | None) -> None:
    if report is not None and report.suffix.lower() not in {".html", ".htm"}:
        raise InputError(f"--report: writes HTML; name a file that ends in .html, got '{report}'.")
    if output is not None and output.suffix.lower() not in {".parquet", ".csv", ".sto", ".mot", ""}:
        raise InputError(f"--output: writes .parquet, .csv, .sto or .mot, or a folder; got '{output}'.")


def _deficits(given: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for text in given:
        name, sign, amount = text.partition("=")
        try:
            found[name.strip()] = float(amount.strip().rstrip("%")) / 100.0
        except ValueError as error:
            raise InputError(
                f"--deficit: write NAME=PER CENT left, such as glmed=60; got '{text}'."
            ) from error
        if not sign:
            raise InputError(f"--deficit: write NAME=PER CENT left, such as glmed=60; got '{text}'.")
    return found


@contextmanager
def _progress(title: str) -> Iterator[Callable[[str, float], None]]:
    """Give a function that shows progress on a terminal once a task has taken a second."""
    if not sys.stderr.isatty():
        yield lambda _text, _share: None
        return
    from time import monotonic  # noqa: PLC0415

    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    start, shown = monotonic(), Progress(console=Console(stderr=True), transient=True)
    task = shown.add_task(title, total=1.0)
    running = False

    def tell(text: str, share: float) -> None:
        nonlocal running
        shown.update(task, description=text, completed=share)
        if not running and monotonic() - start > SLOW:
            running = True
            shown.start()

    try:
        yield tell
    finally:
        shown.stop()


def _dataset(found: Analysis) -> Any:
    from gerdy.motion.dataset import dataset_of  # noqa: PLC0415

    return dataset_of(found)


def _write_report(found: Analysis, compared: list[Comparison], path: Path) -> None:
    from gerdy.files import write_whole  # noqa: PLC0415
    from gerdy.interchange.motion import motion_report  # noqa: PLC0415

    text = motion_report(
        _dataset(found),
        measures=(*found.summaries, *found.measures),
        events=found.events,
        poses=lambda frame: found.body.pose(found.q[frame]),
        what_if=compared,
    )
    write_whole(path, text.encode())


def _say(page: Page, found: Analysis, compared: list[Comparison]) -> None:
    from gerdy.motion.measures import table  # noqa: PLC0415
    from gerdy.motion.recording import NoteKind  # noqa: PLC0415

    for note in found.notes:
        if note.kind in (NoteKind.WARNING, NoteKind.REPAIRED):
            page.say(f"{note}")
    kind = str(found.events.kind).replace("_", " ")
    page.say(f"{found.motion.name}: {kind}, {_counted(found)}{len(found.time)} frames.")
    page.blank()
    rows = table(found.summaries)
    if len(rows) > 1:
        page.table(rows)
    page.blank()
    for line in _loads(found):
        page.say(line)
    if compared:
        page.blank()
        page.table([HEADING, *(_row(row) for row in compared)])


HEADING = ("What if", "Load", "Side", "As recorded", "Changed", "Spread")


def _row(row: Comparison) -> tuple[str, ...]:
    factor, unit = (100.0, "%") if row.unit == "1" else (1.0, row.unit)
    before, after = (f"{_rounded(factor * value)} {unit}" for value in (row.baseline, row.changed))
    spread = (
        "" if row.low is None else f"{_rounded(factor * row.low)} to {_rounded(factor * (row.high or 0.0))}"
    )
    return row.name, row.variable.replace("_", " "), row.side, before, after, spread


def _rounded(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10.0 else f"{value:.0f}"


def _counted(found: Analysis) -> str:
    if found.events.repeats:
        return f"{len(found.events.repeats)} repeats, "
    return f"{len(found.events.phases)} steps, " if len(found.events.phases) > 2 else ""


def _loads(found: Analysis) -> Iterator[str]:
    import numpy as np  # noqa: PLC0415

    loads, known = found.loads, ~found.unknown
    if not known.any():
        return
    for s, side in enumerate(("right", "left")):
        if np.isfinite(loads.band_force[:, s]).all():
            yield (
                f"{side.capitalize()} band: at most {loads.band_force[known, s].max():.0f} N, strain "
                f"{100 * loads.band_strain[known, s].max():.2f} %; press on the outer knee "
                f"{loads.epicondyle[known, s].max():.0f} N, on the outer hip {loads.trochanter[known, s].max():.0f} N."
            )
    weight = found.body.mass * 9.81
    hip = np.linalg.norm(loads.hip_contact[known], axis=2).max(axis=0) / weight
    knee = np.linalg.norm(loads.knee_contact[known], axis=2).max(axis=0) / weight
    if np.isfinite(hip).all():
        yield f"Hip joint at most {hip[0]:.1f} (right) and {hip[1]:.1f} (left) body weights."
    if np.isfinite(knee).all():
        yield f"Knee joint at most {knee[0]:.1f} (right) and {knee[1]:.1f} (left) body weights."
    full = [
        name
        for name, share in zip(found.body.muscles, loads.saturated[known].mean(axis=0), strict=True)
        if share > 0.05
    ]
    if full:
        yield f"At full effort in more than one frame of twenty: {', '.join(full)}."
