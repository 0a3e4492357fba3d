"""The few numbers a reader looks for first, right beside left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gerdy.interchange.motion.axes import digits_for, number
from gerdy.interchange.motion.contacts import CONTACTS
from gerdy.interchange.motion.iliotibial import CURVES
from gerdy.interchange.motion.joints import ANGLES, Measured
from gerdy.interchange.motion.spans import Spans, peaks
from gerdy.interchange.motion.trial import GAITS, SIDES, Floats, Trial

_WANTED = ("band_force", "band_strain", "epicondyle_compression", "trochanter_compression", "hip_contact")
_ANGLES = ("pelvic_drop", "hip_adduction", "knee_flexion")


@dataclass(frozen=True)
class Glance:
    """One highest value of both legs; ``bars`` are their shares of the larger one."""

    name: str
    unit: str
    right: str
    left: str
    bars: tuple[float, float]


def glances(trial: Trial, spans: Spans) -> list[Glance]:
    """Return the highest values of the main loads and angles, the mean over all spans of each leg."""
    chosen = [one for one in (*CURVES, *CONTACTS) if one.id in _WANTED]
    chosen += [one for one in ANGLES if one.id in _ANGLES]
    return [row for one in chosen if (row := _glance(trial, spans, one)) is not None]


def _glance(trial: Trial, spans: Spans, one: Measured) -> Glance | None:
    stance = trial.movement in GAITS and one.unit == "deg"
    found = [_mean(peaks(trial, spans, side, one.get(trial, side), stance=stance)) for side in SIDES]
    if not np.isfinite(found).any():
        return None
    size = float(np.nanmax(np.abs(found)))
    digits = 1 if one.unit in ("deg", "body weights") else 2 if one.unit == "%" else digits_for(size)
    right, left = (number(value, digits) for value in found)
    shares = [max(0.0, value) / size if np.isfinite(value) and size > 0 else 0.0 for value in found]
    name = f"{one.title}, foot down" if stance else one.title
    return Glance(name, one.unit, right, left, (shares[0], shares[1]))


def _mean(found: Floats) -> float:
    return float(np.mean(found)) if found.size else float("nan")
