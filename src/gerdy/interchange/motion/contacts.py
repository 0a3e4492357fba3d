"""Contact forces in hip and knee, the kneecap, and how much of the moments no muscle made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gerdy.interchange.motion.axes import number
from gerdy.interchange.motion.cautions import joint_words, marker_error, peak_ground, residual_force
from gerdy.interchange.motion.joints import Measured, joint_plot
from gerdy.interchange.motion.plot import DataTable, Plot
from gerdy.interchange.motion.spans import Spans, peaks
from gerdy.interchange.motion.trial import SIDES, Floats, Trial
from gerdy.interchange.motion.words import share


@dataclass(frozen=True)
class ContactPart:
    """Charts and peaks of the contact forces; ``missing`` says why there are none."""

    missing: str
    plots: tuple[Plot, ...] = ()
    table: DataTable | None = None


def _resultant(name: str) -> Callable[[Trial, str], Floats | None]:
    return lambda trial, side: trial.resultant(name, side)


def _sided(name: str) -> Callable[[Trial, str], Floats | None]:
    return lambda trial, side: trial.series(name, side=side)


CONTACTS = (
    Measured(
        "hip_contact", "Hip contact force", "body weights", "up: pressed harder", _resultant("hip_contact")
    ),
    Measured(
        "knee_contact", "Knee contact force", "body weights", "up: pressed harder", _resultant("knee_contact")
    ),
    Measured(
        "patella_lateral_pull",
        "Outward pull on the kneecap",
        "N",
        "up: outward",
        _sided("patella_lateral_pull"),
    ),
    Measured(
        "patellar_tendon", "Pull of the patellar tendon", "N", "up: pulled harder", _sided("patellar_tendon")
    ),
    Measured("ground_force", "Ground force", "body weights", "up: pushed harder", _resultant("ground_force")),
)


def contact_part(trial: Trial, spans: Spans) -> ContactPart:
    """Return contact forces of both legs; a reason where none were computed."""
    loads = [one for one in CONTACTS if any(one.get(trial, side) is not None for side in SIDES)]
    if not [one for one in loads if one.id != "ground_force"]:
        return ContactPart(
            "Contact forces need muscle forces, and those could not be computed for this recording."
        )
    plots = [joint_plot(trial, spans, one, from_zero=one.id != "patella_lateral_pull") for one in loads]
    rows = []
    for one in loads:
        cells = [
            _peak(peaks(trial, spans, side, one.get(trial, side), stance=False), one.unit) for side in SIDES
        ]
        rows.append((f"{one.title}, {one.unit}", *cells))
    table = DataTable(f"Highest values, mean (SD) over each {spans.unit}", ("", "Right", "Left"), tuple(rows))
    return ContactPart("", tuple(plot for plot in plots if plot is not None), table)


def _peak(found: Floats, unit: str) -> str:
    if not found.size:
        return "–"
    digits = 1 if unit == "body weights" else 0
    spread = f" ({number(float(np.std(found, ddof=1)), digits)})" if found.size > 1 else ""
    return f"{number(float(np.mean(found)), digits)}{spread}"


def quality_tables(trial: Trial) -> list[DataTable]:
    """Return how well the numbers hang together: residuals, reserves, markers."""
    return [table for make in (_fit, _reserves) if (table := make(trial)) is not None]


def _fit(trial: Trial) -> DataTable | None:
    rows = []
    rest = residual_force(trial)
    if rest is not None and np.isfinite(rest).any():
        peak = peak_ground(trial)
        part = float(np.nanmax(rest)) / peak if peak > 0.0 else float("nan")
        against = "ground force" if trial.has("ground_force") else "body weight"
        rows.append(
            (
                "Residual force on the pelvis",
                f"{number(float(np.sqrt(np.nanmean(rest**2))), 0)} N",
                f"{number(float(np.nanmax(rest)), 0)} N"
                + (f", {share(part)} of {against}" if np.isfinite(part) else ""),
            )
        )
    for name, words in (("list", "sideways"), ("rotation", "turning"), ("tilt", "forward and back")):
        values = trial.series("moment", coordinate=f"pelvis_{name}")
        if values is not None:
            rows.append(
                (
                    f"Residual moment on the pelvis, {words}",
                    f"{number(float(np.sqrt(np.nanmean(values**2))), 0)} N m",
                    f"{number(float(np.nanmax(np.abs(values))), 0)} N m",
                )
            )
    summary = marker_error(trial)
    if summary is not None:
        mean, worst, name, when = summary
        rows.append(
            (
                "Marker error",
                f"{number(1000 * mean, 0)} mm",
                f"{number(1000 * worst, 0)} mm, {name} at {number(when, 2)} s",
            )
        )
    if not rows:
        return None
    return DataTable("How well recording and model agree", ("", "Typical", "Worst"), tuple(rows))


def _reserves(trial: Trial) -> DataTable | None:
    values, shares = trial.table("reserve", "coordinate"), trial.table("reserve_share", "coordinate")
    if values is None or not np.isfinite(values).any():
        return None
    rows = []
    for at, name in enumerate(trial.labels("coordinate")):
        column = values[:, at]
        if name.startswith("pelvis_") or not np.isfinite(column).any() or not np.nanmax(np.abs(column)) > 0:
            continue
        part = shares[:, at] if shares is not None else np.full(len(column), np.nan)
        top = share(float(np.nanmax(part))) if np.isfinite(part).any() else "–"
        rows.append(
            (joint_words(name).capitalize(), f"{number(float(np.nanmax(np.abs(column))), 1)} N m", top)
        )
    if not rows:
        return None
    head = ("Joint", "Highest", "Of the peak moment")
    return DataTable("Moment that no muscle of the model made", head, tuple(rows))
