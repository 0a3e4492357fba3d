"""The movement report: one page with everything an analysed recording says, on screen and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from gerdy import __version__
from gerdy.interchange.motion.cautions import cautions
from gerdy.interchange.motion.contacts import contact_part, quality_tables
from gerdy.interchange.motion.glance import glances
from gerdy.interchange.motion.heading import heading, parts_of
from gerdy.interchange.motion.iliotibial import band_part
from gerdy.interchange.motion.joints import ANGLES, MOMENTS, joint_plots
from gerdy.interchange.motion.measures import MeasureRow, measure_rows
from gerdy.interchange.motion.published import published
from gerdy.interchange.motion.skeleton import STRAINS, Figure, Pose, figures
from gerdy.interchange.motion.spans import Spans, spans_of
from gerdy.interchange.motion.strips import LEVELS, strips
from gerdy.interchange.motion.trial import Events, Trial
from gerdy.interchange.motion.whatif import Row, rows_of, what_if_plots
from gerdy.interchange.templating import environment, stylesheet

if TYPE_CHECKING:
    import xarray


def motion_report(
    dataset: xarray.Dataset,
    *,
    measures: Iterable[Any] | None = None,
    events: Events | None = None,
    poses: Callable[[int], Pose] | None = None,
    what_if: xarray.Dataset | Iterable[Any] | None = None,
    title: str | None = None,
    notes: Iterable[object] = (),
) -> str:
    """Return the report of an analysed recording as one self-contained HTML page.

    The page works without scripts, fetches nothing, and prints on A4. What could not be computed keeps its place and
    says why.

    Parameters
    ----------
    dataset : what the analysis returned: angles, moments, effort, band and contacts over ``time``, SI units.
    measures : movement measures, single and summarised, in any order.
    events : kind of movement, stances and repeats; without them curves run over time.
    poses : gives the body at a frame, for the drawings.
    what_if : comparisons of loads before and after a change.
    title : what to call the recording; its own name when not given.
    notes : further assumptions and warnings; those of the dataset are always shown.

    Raises
    ------
    InputError
        If the dataset has no time, or a comparison lacks a field.
    """
    trial = Trial(dataset, events)
    found = _Found(
        trial,
        spans_of(trial),
        measure_rows(trial, measures),
        figures(trial, poses) if poses is not None else [],
        rows_of(what_if),
    )
    page = (
        environment()
        .get_template("motion/report.html")
        .render(
            style=stylesheet(),
            own_style=_own_style(),
            version=__version__,
            cautions=cautions(trial, [*notes, *getattr(events, "notes", ())]),
            limits=published().limits,
            **_head(found, title),
            **_sections(found),
        )
    )
    return page + "\n"


@dataclass(frozen=True)
class _Found:
    """What the sections are made from."""

    trial: Trial
    spans: Spans
    measures: list[MeasureRow]
    figures: list[Figure]
    changes: list[Row]


def _head(found: _Found, title: str | None) -> dict[str, Any]:
    """Return what was recorded, what was computed, and why the rest was not."""
    shown = {
        "measured": bool(found.measures),
        "drawn": bool(found.figures),
        "compared": bool(found.changes),
    }
    parts = parts_of(found.trial, **shown)
    return {
        "heading": heading(found.trial, found.spans, title, parts),
        "missing": {part.name: part.says for part in parts if not part.done},
        "spans": found.spans,
        "movement": found.trial.movement,
    }


def _sections(found: _Found) -> dict[str, Any]:
    """Return what each section shows."""
    trial, spans = found.trial, found.spans
    return {
        "glances": glances(trial, spans),
        "figures": found.figures,
        "strains": STRAINS,
        "strained": trial.has("band_strain"),
        "pushed": trial.has("ground_force") and trial.has("ground_point"),
        "angles": joint_plots(trial, spans, ANGLES),
        "moments": joint_plots(trial, spans, MOMENTS),
        "strips": strips(trial, spans),
        "levels": range(LEVELS),
        "band": band_part(trial, spans),
        "measures": found.measures,
        "contacts": contact_part(trial, spans),
        "quality": quality_tables(trial),
        "what_if": what_if_plots(found.changes),
    }


def _own_style() -> Markup:
    """Return the style of charts and drawings: our own file, so it is not escaped."""
    loader = environment().loader
    assert loader is not None  # noqa: S101 - set where the environment is made
    source, _, _ = loader.get_source(environment(), "motion/motion.css")
    return Markup(source)  # noqa: S704 - shipped with the package, no user text
