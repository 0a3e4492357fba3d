"""Muscle effort as heat strips: one row a muscle, more colour where it works harder, a bar at its limit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from html import escape
from itertools import groupby

import numpy as np
from markupsafe import Markup

from gerdy.interchange.motion.axes import Scale, fixed, number, tick_words, within
from gerdy.interchange.motion.muscles import Muscle, named
from gerdy.interchange.motion.plot import DataTable
from gerdy.interchange.motion.spans import GRID, Spans, curve
from gerdy.interchange.motion.trial import LETTER, SIDES, Floats, Trial

WIDTH, COLUMNS, LEVELS = 380.0, 60, 8
_LEFT, _RIGHT, _ROW, _HEAD, _FOOT = 160.0, 44.0, 16.0, 24.0, 38.0


@dataclass(frozen=True)
class Row:
    """One muscle: effort 0-1 and share of spans at the limit, both over the axis."""

    muscle: Muscle
    x: Floats
    effort: Floats
    full: Floats

    @property
    def peak(self) -> float:
        """The highest effort."""
        return float(np.nanmax(self.effort))

    @property
    def saturated(self) -> bool:
        """Whether it is ever at its limit."""
        return bool((self.full > 0).any())


@dataclass(frozen=True)
class Strip:
    """A drawn strip of one leg."""

    side: str
    svg: Markup
    table: DataTable


def strips(trial: Trial, spans: Spans) -> list[Strip]:
    """Return a strip for each leg that has muscles; empty where effort was not computed."""
    return [_draw(side, found, spans) for side in SIDES if (found := rows(trial, spans, side))]


def rows(trial: Trial, spans: Spans, side: str) -> list[Row]:
    """Return the muscles of one leg over the cycle, in anatomical order."""
    found = []
    for muscle in named(trial.labels("muscle"), LETTER[side]):
        effort = curve(trial, spans, side, trial.series("activation", muscle=muscle.id))
        if effort is None:
            continue
        full = curve(trial, spans, side, trial.series("saturated", muscle=muscle.id))
        found.append(
            Row(muscle, effort.x, effort.mean, np.zeros(len(effort.x)) if full is None else full.mean)
        )
    return found


def level(effort: float) -> int:
    """Return the step of the colour ramp for an effort of 0 to 1."""
    return min(LEVELS - 1, max(0, int(effort * LEVELS)))


def _draw(side: str, found: list[Row], spans: Spans) -> Strip:
    x = found[0].x
    edges = np.linspace(x[0], x[-1], COLUMNS + 1)
    scale = Scale(float(x[0]), float(x[-1]) if x[-1] > x[0] else float(x[0]) + 1, _LEFT, WIDTH - _RIGHT)
    parts, paths, y = [], defaultdict(list), 4.0
    for group, members in groupby(found, key=lambda row: row.muscle.group):
        parts.append(f'<text class="group" x="0" y="{fixed(y + 15)}">{escape(group)}</text>')
        y += _HEAD
        for row in members:
            parts.append(_label(row, y))
            for name, shape in _cells(row, edges, scale, y):
                paths[name].append(shape)
            y += _ROW
    parts += [f'<path class="{name}" d="{"".join(shapes)}"/>' for name, shapes in sorted(paths.items())]
    ticks = within(float(x[0]), float(x[-1]), 4)
    for value, words in zip(ticks, tick_words(ticks), strict=True):
        parts.append(f'<text class="mid" x="{fixed(scale(value))}" y="{fixed(y + 16)}">{words}</text>')
    parts.append(
        f'<text class="mid" x="{fixed((_LEFT + WIDTH - _RIGHT) / 2)}" y="{fixed(y + 32)}">{spans.label}</text>'
        f'<text class="end" x="{fixed(WIDTH)}" y="{fixed(y + 16)}">peak</text>'
    )
    svg = (
        f'<svg class="strip" viewBox="0 0 {WIDTH:g} {fixed(y + _FOOT)}" role="img" '
        f'aria-label="{escape(_spoken(side, found))}">{"".join(parts)}</svg>'
    )
    return Strip(side, Markup(svg), _table(side, found, spans))  # noqa: S704 - escaped


def _label(row: Row, y: float) -> str:
    kind = "end full" if row.saturated else "end"
    return (
        f'<text x="0" y="{fixed(y + 12)}">{escape(row.muscle.name)}</text>'
        f'<text class="{kind}" x="{fixed(WIDTH)}" y="{fixed(y + 12)}">{number(100 * row.peak, 0)} %</text>'
    )


def _cells(row: Row, edges: Floats, scale: Scale, y: float) -> list[tuple[str, str]]:
    """Return the shapes of one row: neighbouring cells of one colour as one, and bars where it is at its limit."""
    middle = (edges[:-1] + edges[1:]) / 2
    effort, full = np.interp(middle, row.x, row.effort), np.interp(middle, row.x, row.full) > 0
    shapes = []
    steps = [level(value) if np.isfinite(value) else -1 for value in effort]
    for name, run in _runs([f"e{step}" if step >= 0 else "" for step in steps]):
        shapes.append((name, _box(scale, edges, run, y, _ROW - 2)))
    for _, run in _runs(["full" if flag else "" for flag in full]):
        shapes.append(("limit", _box(scale, edges, run, y + _ROW - 5, 4)))
    return shapes


def _runs(names: list[str]) -> list[tuple[str, tuple[int, int]]]:
    found, at = [], 0
    for name, members in groupby(names):
        length = len(list(members))
        if name:
            found.append((name, (at, at + length)))
        at += length
    return found


def _box(scale: Scale, edges: Floats, run: tuple[int, int], y: float, height: float) -> str:
    a, b = scale(float(edges[run[0]])), scale(float(edges[run[1]]))
    return f"M{fixed(a)} {fixed(y)}H{fixed(b)}v{fixed(height)}H{fixed(a)}z"


def _spoken(side: str, found: list[Row]) -> str:
    hardest = sorted(found, key=lambda row: -row.peak)[:5]
    words = ", ".join(f"{row.muscle.name} {number(100 * row.peak, 0)} %" for row in hardest)
    full = [row.muscle.name for row in found if row.saturated]
    limit = f" At the limit: {', '.join(full)}." if full else " No muscle at its limit."
    return f"{side.capitalize()} leg, effort of {len(found)} muscles. Hardest: {words}.{limit}"


def _table(side: str, found: list[Row], spans: Spans) -> DataTable:
    body = []
    for row in found:
        at = int(np.nanargmax(row.effort))
        digits = 0 if row.x is GRID else 2
        body.append(
            (
                row.muscle.name,
                f"{number(100 * float(np.nanmean(row.effort)), 0)} %",
                f"{number(100 * row.peak, 0)} %",
                number(float(row.x[at]), digits),
                f"{number(100 * float(np.mean(row.full > 0)), 0)} %" if row.saturated else "0 %",
            )
        )
    head = ("Muscle", "Mean", "Peak", f"Peak at, {spans.label}", "At its limit")
    return DataTable(f"{side.capitalize()} leg, effort as a share of full activation", head, tuple(body))
