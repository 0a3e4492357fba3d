"""Line charts as SVG: two sides, their spread, published brackets; every chart with its numbers in a table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from gerdy.interchange.motion.axes import Scale, digits_for, fixed, number, reach, tick_words, within
from gerdy.interchange.motion.spans import Curve
from gerdy.interchange.motion.trial import Floats

WIDTH, HEIGHT = 360.0, 214.0
_TOP, _BOTTOM, _LETTER = 12.0, 38.0, 6.9  # SVG units; a figure of 12-unit type is at most 6.9 wide
_BRACKET = 15.0


@dataclass(frozen=True)
class Line:
    """One curve; ``side`` names its style."""

    side: str
    curve: Curve


@dataclass(frozen=True)
class Bracket:
    """A published peak beside the curve: mean and one standard deviation; ``side`` where it is of one side."""

    low: float
    middle: float
    high: float
    side: str | None = None


@dataclass(frozen=True)
class Chart:
    """What a line chart shows.

    ``up`` says what a higher line means; ``shades`` are stretches of the x axis with a meaning; ``offs`` where each
    foot leaves the ground; ``bars`` are stretches marked under the curves, by side.
    """

    title: str
    unit: str
    up: str
    x_label: str
    lines: tuple[Line, ...]
    brackets: tuple[Bracket, ...] = ()
    shades: tuple[tuple[float, float], ...] = ()
    offs: tuple[tuple[str, float], ...] = ()
    bars: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = ()
    notes: tuple[str, ...] = ()
    from_zero: bool = False


@dataclass(frozen=True)
class DataTable:
    """The numbers beside a chart."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Plot:
    """A drawn chart, ready for the page."""

    title: str
    unit: str
    up: str
    svg: Markup
    notes: tuple[str, ...]
    table: DataTable


@dataclass(frozen=True)
class _Frame:
    x: Scale
    y: Scale
    x_ticks: list[float]
    y_ticks: list[float]


def draw(chart: Chart) -> Plot:
    """Return a chart as a picture in words and lines, with its numbers."""
    frame = _frame(chart)
    parts = [
        *_grid(chart, frame),
        *(_shade(frame, a, b) for a, b in chart.shades),
        *(_spread(chart, frame, line) for line in chart.lines),
        *(_path(frame, line) for line in chart.lines),
        *_marks(chart, frame),
        *(_bracket(frame, bracket, n) for n, bracket in enumerate(chart.brackets)),
    ]
    svg = (
        f'<svg class="plot" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(spoken(chart))}">'
        f"{''.join(parts)}</svg>"
    )
    return Plot(chart.title, chart.unit, chart.up, Markup(svg), chart.notes, table_of(chart))  # noqa: S704 - escaped


def spoken(chart: Chart) -> str:
    """Return what a chart shows, for somebody who cannot see it."""
    said = [f"{chart.title}, {chart.unit}, over {chart.x_label}."]
    for line in chart.lines:
        (high, where), (low, there) = line.curve.peak, line.curve.trough
        digits = digits_for(max(abs(high), abs(low)))
        said.append(
            f"{line.side.capitalize()}: highest {number(high, digits)} at {number(where, _x_digits(line))}, "
            f"lowest {number(low, digits)} at {number(there, _x_digits(line))}."
        )
    for one in chart.brackets:
        digits = digits_for(max(abs(one.low), abs(one.high)))
        spread = f", {number(one.low, digits)} to {number(one.high, digits)}" if one.high > one.low else ""
        said.append(f"Published peak {number(one.middle, digits)}{spread}.")
    return " ".join(said)


def table_of(chart: Chart) -> DataTable:
    """Return the numbers of a chart at every tenth of its axis."""
    head: list[str] = [chart.x_label]
    columns: list[list[str]] = []
    for line in chart.lines:
        curve = line.curve
        picks = np.linspace(0, len(curve.x) - 1, 11).round().astype(int)
        size = float(np.nanmax(np.abs(curve.mean)))
        digits = digits_for(size)
        if not columns:
            columns.append([number(float(curve.x[at]), _x_digits(line)) for at in picks])
        head.append(f"{line.side.capitalize()}, {chart.unit}")
        columns.append([number(float(curve.mean[at]), digits) for at in picks])
        if curve.sd is not None:
            head.append("SD")
            columns.append([number(float(curve.sd[at]), digits) for at in picks])
    rows = tuple(tuple(column[n] for column in columns) for n in range(len(columns[0]))) if columns else ()
    return DataTable(f"{chart.title}, {chart.unit}", tuple(head), rows)


def _x_digits(line: Line) -> int:
    return 0 if float(line.curve.x[-1]) > 20 else 2


def _frame(chart: Chart) -> _Frame:
    rows: list[Floats | list[float]] = [line.curve.mean for line in chart.lines]
    for line in chart.lines:
        rows += _around(line, chart.from_zero) or ()
    rows += [[one.low, one.high] for one in chart.brackets]
    low, high = reach([list(map(float, row)) for row in rows]) or (0.0, 1.0)
    low, high = min(low, 0.0), max(high, 0.0)
    spare = 0.04 * (high - low) or 0.5
    low, high = low - spare if low < 0 else low, high + spare
    y_ticks = next((found for most in range(4, 9) if len(found := within(low, high, most)) > 2), [0.0])
    xs = reach([list(map(float, line.curve.x)) for line in chart.lines]) or (0.0, 100.0)
    left = 10 + _LETTER * max(len(words) for words in tick_words(y_ticks))
    right = 12 + _BRACKET * len(chart.brackets)
    foot = HEIGHT - _BOTTOM - (12 if chart.bars else 0)
    return _Frame(
        Scale(xs[0], xs[1] if xs[1] > xs[0] else xs[0] + 1.0, left, WIDTH - right),
        Scale(low, high, foot, _TOP),
        within(*xs),
        y_ticks,
    )


def _grid(chart: Chart, frame: _Frame) -> list[str]:
    left, right, foot = frame.x.start, frame.x.end, frame.y.start
    parts = []
    for value, words in zip(frame.y_ticks, tick_words(frame.y_ticks), strict=True):
        y, kind = fixed(frame.y(value)), "zero" if value == 0 else "grid"
        parts.append(f'<path class="{kind}" d="M{fixed(left)} {y}H{fixed(right)}"/>')
        parts.append(
            f'<text class="end" x="{fixed(left - 6)}" y="{fixed(frame.y(value) + 4)}">{words}</text>'
        )
    base = HEIGHT - _BOTTOM
    for value, words in zip(frame.x_ticks, tick_words(frame.x_ticks), strict=True):
        x = frame.x(value)
        parts.append(f'<path class="grid" d="M{fixed(x)} {fixed(foot)}v4"/>')
        parts.append(f'<text class="mid" x="{fixed(x)}" y="{fixed(base + 17)}">{words}</text>')
    parts.append(
        f'<text class="mid" x="{fixed((left + right) / 2)}" y="{fixed(base + 33)}">{escape(chart.x_label)}</text>'
    )
    return parts


def _shade(frame: _Frame, low: float, high: float) -> str:
    a, b = max(frame.x(low), frame.x.start), min(frame.x(high), frame.x.end)
    if b <= a:
        return ""
    top, foot = frame.y.end, frame.y.start
    return f'<rect class="shade" x="{fixed(a)}" y="{fixed(top)}" width="{fixed(b - a)}" height="{fixed(foot - top)}"/>'


def _around(line: Line, from_zero: bool) -> tuple[Floats, Floats] | None:
    """Return one standard deviation below and above a mean; what cannot be negative stays above zero."""
    mean, sd = line.curve.mean, line.curve.sd
    if sd is None:
        return None
    below = np.where(mean >= 0, np.maximum(mean - sd, 0.0), mean - sd) if from_zero else mean - sd
    return below, mean + sd


def _spread(chart: Chart, frame: _Frame, line: Line) -> str:
    around = _around(line, chart.from_zero)
    if around is None:
        return ""
    below, above = around
    shapes = []
    for run in _runs(np.isfinite(below) & np.isfinite(above)):
        x = line.curve.x[run]
        edge = _points(frame, x, above[run]) + _points(frame, x[::-1], below[run][::-1])
        shapes.append(f"M{'L'.join(edge)}Z")
    return f'<path class="spread {line.side}" d="{"".join(shapes)}"/>' if shapes else ""


def _path(frame: _Frame, line: Line) -> str:
    there = np.isfinite(line.curve.mean)
    stretches = [
        f"M{'L'.join(_points(frame, line.curve.x[run], line.curve.mean[run]))}" for run in _runs(there)
    ]
    return f'<path class="line {line.side}" d="{"".join(stretches)}"/>'


def _runs(there: NDArray[np.bool_]) -> list[slice]:
    """Return the stretches of a mask that are true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], there.astype(int), [0]))))
    return [slice(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _points(frame: _Frame, x: Floats, y: Floats) -> list[str]:
    return [f"{fixed(frame.x(float(a)))} {fixed(frame.y(float(b)))}" for a, b in zip(x, y, strict=True)]


def _marks(chart: Chart, frame: _Frame) -> list[str]:
    foot, parts = frame.y.start, []
    for side, at in chart.offs:
        x = frame.x(at)
        half = (
            "l-6 -9h6" if side == "right" else "v-9h6"
        )  # halves, so that two feet at one time are both seen
        parts.append(
            f'<path class="off {side}" d="M{fixed(x)} {fixed(foot)}{half}z"/>'
            f'<path class="rule {side}" d="M{fixed(x)} {fixed(foot - 9)}V{fixed(frame.y.end)}"/>'
        )
    for row, (side, stretches) in enumerate(chart.bars):
        y = foot + 6 + 5 * row
        for low, high in stretches:
            a, b = frame.x(low), frame.x(high)
            parts.append(f'<path class="bar {side}" d="M{fixed(a)} {fixed(y)}H{fixed(max(b, a + 1.5))}"/>')
    return parts


def _bracket(frame: _Frame, one: Bracket, place: int) -> str:
    x = frame.x.end + 12 + _BRACKET * place
    low, middle, high = (frame.y(value) for value in (one.low, one.middle, one.high))
    style = f"bracket {one.side}" if one.side else "bracket"
    ends = (
        f"M{fixed(x - 4)} {fixed(low)}h8M{fixed(x)} {fixed(low)}V{fixed(high)}M{fixed(x - 4)} {fixed(high)}h8"
    )
    bar = f'<path class="{style}" d="{ends}"/>' if one.high > one.low else ""
    return f'{bar}<circle class="{style}" cx="{fixed(x)}" cy="{fixed(middle)}" r="4"/>'
