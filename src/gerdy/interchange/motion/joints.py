"""Joint angles and moments, right against left, with published peaks beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from gerdy.interchange.motion.axes import number
from gerdy.interchange.motion.plot import Bracket, Chart, Line, Plot, draw
from gerdy.interchange.motion.published import Peak, published
from gerdy.interchange.motion.spans import Spans, curve, peaks
from gerdy.interchange.motion.trial import LETTER, SIDES, Floats, Trial


@dataclass(frozen=True)
class Measured:
    """A curve that both legs have: its name in the published figures, and how to get it for one side."""

    id: str
    title: str
    unit: str
    up: str
    get: Callable[[Trial, str], Floats | None]


def _turned(values: Floats | None, sign: float = -1.0) -> Floats | None:
    return None if values is None else sign * values


def _drop(trial: Trial, side: str) -> Floats | None:
    """Return how far the other side of the pelvis hangs, deg; a positive list has the right side down."""
    return _turned(trial.angle("pelvis_list"), -1.0 if side == "right" else 1.0)


def _joint(name: str) -> Callable[[Trial, str], Floats | None]:
    return lambda trial, side: trial.angle(f"{name}_{LETTER[side]}")


def _moment(name: str, sign: float) -> Callable[[Trial, str], Floats | None]:
    return lambda trial, side: _turned(trial.moment(f"{name}_{LETTER[side]}"), sign)


def _knee_moment(trial: Trial, side: str) -> Floats | None:
    return _turned(trial.moment(f"knee_angle_{LETTER[side]}"), -trial.knee_sign(side))


ANGLES = (
    Measured("pelvic_drop", "Pelvic drop", "deg", "up: the other side of the pelvis hangs lower", _drop),
    Measured("hip_adduction", "Hip adduction", "deg", "up: thigh crosses inward", _joint("hip_adduction")),
    Measured("hip_rotation", "Hip rotation", "deg", "up: thigh turns inward", _joint("hip_rotation")),
    Measured("hip_flexion", "Hip flexion", "deg", "up: thigh comes forward", _joint("hip_flexion")),
    Measured(
        "knee_flexion", "Knee flexion", "deg", "up: knee bends", lambda trial, side: trial.knee_flexion(side)
    ),
    Measured("ankle", "Ankle", "deg", "up: toes toward the shin", _joint("ankle_angle")),
)
MOMENTS = (
    Measured(
        "hip_abduction_moment",
        "Hip abduction moment",
        "N m/kg",
        "up: muscles hold the pelvis level",
        _moment("hip_adduction", -1.0),
    ),
    Measured(
        "hip_internal_rotation_moment",
        "Hip rotation moment",
        "N m/kg",
        "up: muscles turn the thigh inward",
        _moment("hip_rotation", 1.0),
    ),
    Measured(
        "hip_extension_moment",
        "Hip extension moment",
        "N m/kg",
        "up: muscles drive the thigh back",
        _moment("hip_flexion", -1.0),
    ),
    Measured(
        "knee_extension_moment",
        "Knee extension moment",
        "N m/kg",
        "up: muscles straighten the knee",
        _knee_moment,
    ),
    Measured(
        "ankle_plantarflexion_moment",
        "Ankle moment",
        "N m/kg",
        "up: muscles push the toes down",
        _moment("ankle_angle", -1.0),
    ),
)


def joint_plots(trial: Trial, spans: Spans, wanted: tuple[Measured, ...]) -> list[Plot]:
    """Return one chart for each wanted curve that was computed for at least one leg."""
    return [plot for one in wanted if (plot := joint_plot(trial, spans, one)) is not None]


def joint_plot(
    trial: Trial, spans: Spans, one: Measured, *, from_zero: bool = False, extra: tuple[str, ...] = ()
) -> Plot | None:
    """Return one curve for both legs, with the published peaks of this movement; None if it was not computed."""
    values = {side: one.get(trial, side) for side in SIDES}
    lines = tuple(
        Line(side, found) for side in SIDES if (found := curve(trial, spans, side, values[side])) is not None
    )
    if not lines:
        return None
    known = published().of(trial.movement, one.id)
    offs = tuple((line.side, at) for line in lines if (at := spans.off(line.side)) is not None)
    return draw(
        Chart(
            title=one.title,
            unit=one.unit,
            up=one.up,
            x_label=spans.label,
            lines=lines,
            brackets=tuple(Bracket(peak.low, peak.value, peak.high, peak.side) for peak in known),
            offs=offs,
            notes=(*_against(trial, spans, values, known), *extra),
            from_zero=from_zero,
        )
    )


def _against(
    trial: Trial, spans: Spans, values: dict[str, Floats | None], found: tuple[Peak, ...]
) -> tuple[str, ...]:
    """Return a person's own peaks beside each published one, in words."""
    return tuple(
        _compared(trial, spans, values, list(group))
        for _, group in groupby(found, key=lambda peak: (peak.who, peak.source, peak.phase))
    )


def _compared(trial: Trial, spans: Spans, values: dict[str, Floats | None], group: list[Peak]) -> str:
    """Return one study against the person: a single peak for both legs, or one for each."""
    own, known, peak = [], [], group[0]
    stance = peak.phase == "stance"
    for side in SIDES:
        mine = next((one for one in group if one.side in (None, side)), None)
        if mine is not None:
            own.append(_beside(side, peaks(trial, spans, side, values[side], stance=stance), mine))
    for one in group:
        spread = f" (SD {number(one.sd, 1)})" if one.sd is not None else ""
        known.append(f"{one.side + ' ' if one.side else ''}{number(one.value, 1)}{spread}")
    when = "Highest with the foot down" if stance else "Highest"
    return (
        f"{when}: {'; '.join(words for words in own if words) or 'not computed'}. "
        f"Published {', '.join(known)} {peak.unit} ({peak.who}, n {peak.n}, grade {peak.grade}; "
        f"{published().cite(peak.source)})."
    )


def _beside(side: str, own: Floats, peak: Peak) -> str:
    if not own.size:
        return ""
    mean = float(np.mean(own))
    if peak.sd is None:
        return f"{side} {number(mean, 1)}"
    place = "above" if mean > peak.high else "below" if mean < peak.low else "within one SD"
    return f"{side} {number(mean, 1)}, {place}"
