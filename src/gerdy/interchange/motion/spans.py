"""What a curve is drawn over: the cycle of each foot, each repeat, or time; curves as mean and spread over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gerdy.interchange.motion.trial import GAITS, SIDES, Floats, Phase, Trial, side_of

GRID = np.linspace(0.0, 100.0, 101)
_SHORTEST, _LONGEST = 0.2, 4.0  # s, a step cycle; assumed: sprinting to very slow walking
_SKIPPED = 1.6  # a cycle this much longer than the median has a contact missing in between; assumed
_POINTS = 400  # as many as a chart of this size can show


@dataclass(frozen=True)
class Span:
    """One cycle or repeat, s; ``off`` is when the foot leaves the ground within it."""

    start: float
    end: float
    off: float | None = None


@dataclass(frozen=True)
class Curve:
    """Mean over ``n`` spans with its spread; ``sd`` is None for a single one."""

    x: Floats
    mean: Floats
    sd: Floats | None
    n: int

    @property
    def peak(self) -> tuple[float, float]:
        """Return the highest value and where it lies."""
        at = int(np.nanargmax(self.mean))
        return float(self.mean[at]), float(self.x[at])

    @property
    def trough(self) -> tuple[float, float]:
        """Return the lowest value and where it lies."""
        at = int(np.nanargmin(self.mean))
        return float(self.mean[at]), float(self.x[at])


@dataclass(frozen=True)
class Spans:
    """The spans of each side and what the axis is called."""

    kind: str  # "cycle", "stance", "repeat", "held" or "time"
    of: dict[str, tuple[Span, ...]]

    @property
    def label(self) -> str:
        """What stands under the axis."""
        words = {
            "cycle": "% of step cycle",
            "stance": "% of time on the foot",
            "repeat": "% of a repeat",
            "held": "% of the time on one leg",
            "time": "time, s",
        }
        return words[self.kind]

    @property
    def unit(self) -> str:
        """What one step of the axis is called in a sentence."""
        words = {
            "cycle": "step cycle",
            "stance": "time on the foot",
            "repeat": "repeat",
            "held": "time on one leg",
        }
        return words.get(self.kind, "recording")

    def count(self, side: str) -> int:
        """Return how many spans one side has."""
        return len(self.of[side])

    def off(self, side: str) -> float | None:
        """Return when the foot leaves the ground, mean % of the cycle."""
        if self.kind != "cycle":
            return None
        shares = [100 * (s.off - s.start) / (s.end - s.start) for s in self.of[side] if s.off is not None]
        return float(np.mean(shares)) if shares else None


def spans_of(trial: Trial) -> Spans:
    """Return the cycles of a gait, the repeats of an exercise, or the whole time where there are neither."""
    for kind, found in _choices(trial):
        of = {side: tuple(_inside(trial, [span for one, span in found if side in one])) for side in SIDES}
        if any(of.values()):
            return Spans(kind, of)
    whole = Span(float(trial.time[0]), float(trial.time[-1]))
    return Spans("time", dict.fromkeys(SIDES, (whole,)))


def _choices(trial: Trial) -> Iterator[tuple[str, list[tuple[tuple[str, ...], Span]]]]:
    """Yield what the axis could be, best first: its kind, and spans with the sides they are about."""
    if trial.events is None:
        return
    phases = trial.events.phases
    if trial.movement in GAITS:
        yield "cycle", [(side_of(p.side), s) for p in phases if p.begun and (s := _cycle(p)) is not None]
    if trial.movement in (*GAITS, "landing"):
        stances = [p for p in phases if p.begun and p.finished]
        yield "stance", [(side_of(p.side), Span(float(p.start), float(p.toe_off))) for p in stances]
    if trial.movement in ("squat", "single_leg_squat"):
        yield "repeat", [(side_of(r.side), Span(float(r.start), float(r.end))) for r in trial.events.repeats]
    if trial.movement == "single_leg_stance":
        yield "held", [(side_of(h.side), Span(float(h.start), float(h.end))) for h in trial.events.held]


def _cycle(phase: Phase) -> Span | None:
    if phase.end is None:
        return None
    span = Span(float(phase.start), float(phase.end), float(phase.toe_off))
    return span if _SHORTEST <= span.end - span.start <= _LONGEST else None


def _inside(trial: Trial, found: list[Span]) -> list[Span]:
    """Return the spans that the recording holds, without those that miss a contact in between."""
    slack = 0.02  # s, two frames at 100 Hz: events lie between frames
    begin, end = float(trial.time[0]) - slack, float(trial.time[-1]) + slack
    found = sorted((s for s in found if begin <= s.start < s.end <= end), key=lambda s: s.start)
    gaits = [s.end - s.start for s in found if s.off is not None]
    usual = float(np.median(gaits)) if gaits else np.inf
    return [s for s in found if s.end - s.start <= _SKIPPED * usual]


def curve(trial: Trial, spans: Spans, side: str, values: Floats | None) -> Curve | None:
    """Return values (t,) of one side as mean and standard deviation over its spans; None if there are none."""
    if values is None or not spans.of[side]:
        return None
    if spans.kind == "time":
        step = max(1, len(trial.time) // _POINTS)
        return Curve(trial.time[::step], values[::step], None, 1)
    rows = [
        np.interp(span.start + GRID / 100 * (span.end - span.start), trial.time, values)
        for span in spans.of[side]
    ]
    rows = [row for row in rows if np.isfinite(row).any()]
    return _mean(np.array(rows)) if rows else None


def _mean(rows: Floats) -> Curve:
    """Return the mean and spread at each place over the spans that have a number there."""
    there = np.isfinite(rows)
    count, filled = there.sum(axis=0), np.where(there, rows, 0.0)
    mean = np.where(count > 0, filled.sum(axis=0) / np.maximum(count, 1), np.nan)
    square = np.where(there, (rows - mean) ** 2, 0.0).sum(axis=0)
    sd = np.where(count > 1, np.sqrt(square / np.maximum(count - 1, 1)), np.nan)
    return Curve(GRID, mean, sd if len(rows) > 1 else None, len(rows))


def peaks(trial: Trial, spans: Spans, side: str, values: Floats | None, *, stance: bool) -> Floats:
    """Return the highest value of each span, within the time on the foot if ``stance``; (span,), empty without."""
    if values is None:
        return np.empty(0)
    found = []
    for span in spans.of[side]:
        last = span.off if stance and span.off is not None else span.end
        within = values[(trial.time >= span.start - 1e-9) & (trial.time <= last + 1e-9)]
        if within.size and np.isfinite(within).any():
            found.append(float(np.nanmax(within)))
    return np.array(found)
