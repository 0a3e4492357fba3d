"""First lines of the report: what was recorded, what could be computed from it, and what could not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gerdy.interchange.motion.axes import number
from gerdy.interchange.motion.spans import Spans
from gerdy.interchange.motion.trial import SIDES, Trial
from gerdy.interchange.motion.words import movement_words, plural


@dataclass(frozen=True)
class Part:
    """One thing that can be computed: whether it was, and why not."""

    name: str
    done: bool
    says: str


@dataclass(frozen=True)
class Heading:
    """Title, movement, facts and parts."""

    title: str
    movement: str
    facts: tuple[str, ...]
    parts: tuple[Part, ...]


def heading(trial: Trial, spans: Spans, title: str | None, parts: tuple[Part, ...]) -> Heading:
    """Return what stands at the top of the page."""
    name = str(trial.data.attrs.get("trial", "")).strip()
    return Heading(
        title=title or name or "Movement report",
        movement=movement_words(trial.movement),
        facts=tuple(filter(None, _facts(trial, spans, name if title else ""))),
        parts=parts,
    )


def _facts(trial: Trial, spans: Spans, name: str) -> list[str]:
    height = float(trial.data.attrs.get("height_m", np.nan))
    lasted = float(trial.time[-1] - trial.time[0])
    rate = (len(trial.time) - 1) / lasted if lasted > 0 else float("nan")
    model = str(trial.data.attrs.get("model", "")).strip()
    return [
        name,
        f"{number(trial.mass, 1)} kg" if np.isfinite(trial.mass) else "",
        f"{number(height, 2)} m" if np.isfinite(height) else "",
        f"{number(lasted, 2)} s, {plural(len(trial.time), 'frame')}"
        + (f" at {number(rate, 0)} a second" if np.isfinite(rate) else ""),
        _counted(spans),
        f"Body model: {model}" if model else "",
    ]


def _counted(spans: Spans) -> str:
    if spans.kind == "time":
        return ""
    many = {
        "cycle": "step cycles",
        "stance": "times on the foot",
        "repeat": "repeats",
        "held": "times on one leg",
    }
    if spans.of["right"] == spans.of["left"]:
        return plural(spans.count("right"), spans.unit, many[spans.kind])
    right, left = (plural(spans.count(side), spans.unit, many[spans.kind]) for side in SIDES)
    return f"{right} on each side" if right == left else f"right {right}, left {left}"


def parts_of(trial: Trial, *, measured: bool, drawn: bool, compared: bool) -> tuple[Part, ...]:
    """Return what was computed and why the rest was not."""
    forces = trial.has("ground_force")
    need = (
        "no ground force was recorded and none was assumed"
        if not forces
        else "the analysis did not return them"
    )
    stand_in = " Body weight stood in for ground forces." if trial.quasi_static else ""
    has: Callable[[str], bool] = trial.has
    band = "the body model has no iliotibial band" if has("activation") else "it needs muscle effort"
    rows = (
        ("Joint angles", has("angle"), "", "no markers or angles were found in the recording"),
        ("Joint moments", has("moment"), stand_in, need),
        (
            "Muscle effort",
            has("activation"),
            "",
            "it needs joint moments" if not has("moment") else "the body model has no muscles",
        ),
        ("Iliotibial band", has("band_force"), "", band),
        ("Contact forces", has("hip_contact") or has("knee_contact"), "", "they need muscle forces"),
        ("Movement measures", measured, "", "none were taken from this recording"),
        ("Pictures of the body", drawn, "", "the body model did not come with the numbers"),
        ("What if", compared, "", "nothing was changed and computed again"),
    )
    return tuple(
        Part(name, done, says.strip() if done else f"None: {why}.") for name, done, says, why in rows
    )
