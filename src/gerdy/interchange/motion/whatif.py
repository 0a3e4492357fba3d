"""What if: a healthy body against a changed one, each change with the spread that unknown tissue leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from markupsafe import Markup

from gerdy.errors import InputError
from gerdy.interchange.motion.axes import Scale, digits_for, fixed, number, reach, tick_words, ticks
from gerdy.interchange.motion.plot import DataTable, Plot
from gerdy.interchange.motion.words import SIDE

if TYPE_CHECKING:
    import xarray

_WIDTH, _LEFT, _ROW, _TOP, _FOOT, _LETTER = 360.0, 14.0, 40.0, 26.0, 40.0, 6.6
_WORDS = {
    "band_force": ("Pull of the band", "N"),
    "band_strain": ("Strain of the band", ""),
    "band_path_strain": ("Length of the whole path against standing", ""),
    "epicondyle_compression": ("Pressing force at the outer knee", "N"),
    "trochanter_compression": ("Pressing force at the outer hip", "N"),
    "hip_contact": ("Hip contact force", "N"),
    "knee_contact": ("Knee contact force", "N"),
    "patella_lateral_pull": ("Outward pull on the kneecap", "N"),
}


class Comparison(Protocol):
    """One change and what it does to one load: the value before and after, and the range of the latter."""

    @property
    def name(self) -> str:
        """What was changed."""
        ...

    @property
    def variable(self) -> str:
        """Which load."""
        ...

    @property
    def side(self) -> str:
        """Which leg."""
        ...

    @property
    def baseline(self) -> float:
        """The load before."""
        ...

    @property
    def changed(self) -> float:
        """The load after."""
        ...

    @property
    def low(self) -> float | None:
        """Lower end of the range after, where there is a spread."""
        ...

    @property
    def high(self) -> float | None:
        """Upper end of the range after."""
        ...


@dataclass(frozen=True)
class Row:
    """One change, ready to draw."""

    name: str
    variable: str
    side: str
    baseline: float
    changed: float
    low: float
    high: float


def rows_of(what_if: xarray.Dataset | Iterable[Any] | None) -> list[Row]:
    """Return comparisons as rows, from records or from a dataset with one dimension.

    Raises
    ------
    InputError
        For a comparison without one of its fields.
    """
    if what_if is None:
        return []
    return [_row(one) for one in (_records(what_if) if hasattr(what_if, "data_vars") else what_if)]


def _records(data: Any) -> list[Mapping[str, Any]]:
    fields = [name for name in Row.__dataclass_fields__ if name in data.variables]
    columns = {name: np.atleast_1d(data[name].values) for name in fields}
    length = max((len(column) for column in columns.values()), default=0)
    return [{name: column[at] for name, column in columns.items()} for at in range(length)]


def _row(one: Any) -> Row:
    def get(name: str) -> Any:
        found = one.get(name) if isinstance(one, Mapping) else getattr(one, name, None)
        if found is None:
            wanted = ", ".join(Row.__dataclass_fields__)
            raise InputError(f"what_if: a comparison has no '{name}'; give {wanted}.")
        return found

    baseline, changed = float(get("baseline")), float(get("changed"))
    ends = (
        one.get(name) if isinstance(one, Mapping) else getattr(one, name, None) for name in ("low", "high")
    )
    low, high = (
        changed if end is None else float(end) for end in ends
    )  # without a spread the dot stands alone
    return Row(str(get("name")), str(get("variable")), str(get("side")), baseline, changed, low, high)


def what_if_plots(rows: list[Row]) -> list[Plot]:
    """Return one chart for each load and side; changes in the order given."""
    order = list(dict.fromkeys((row.variable, row.side) for row in rows))
    ordered = sorted(rows, key=lambda row: order.index((row.variable, row.side)))
    return [
        _plot(variable, side, list(members))
        for (variable, side), members in groupby(ordered, key=lambda row: (row.variable, row.side))
    ]


def _plot(variable: str, side: str, rows: list[Row]) -> Plot:
    words, unit = _WORDS.get(variable, (variable.replace("_", " ").capitalize(), ""))
    factor, unit = (100.0, "%") if variable.endswith("strain") else (1.0, unit)
    rows = [
        Row(r.name, variable, side, *(factor * value for value in (r.baseline, r.changed, r.low, r.high)))
        for r in rows
    ]
    title = f"{words}, {SIDE.get(side, side).lower()}" if side else words
    svg = Markup(_svg(title, unit, rows))  # noqa: S704 - escaped
    return Plot(
        title, unit, "line across: as recorded; dot: after the change", svg, (), _table(title, unit, rows)
    )


def _svg(title: str, unit: str, rows: list[Row]) -> str:
    low, high = reach([[r.baseline, r.changed, r.low, r.high] for r in rows]) or (0.0, 1.0)
    marks = ticks(min(low, 0.0), max(high, 0.0), 4)
    scale = Scale(marks[0], marks[-1], _LEFT, _WIDTH - _LEFT)
    foot = _TOP + _ROW * len(rows)
    parts = []
    for value, words in zip(marks, tick_words(marks), strict=True):
        x = fixed(scale(value))
        parts.append(f'<path class="grid" d="M{x} {_TOP - 8:g}V{fixed(foot)}"/>')
        parts.append(f'<text class="mid" x="{x}" y="{fixed(foot + 16)}">{words}</text>')
    parts.append(f'<text class="mid" x="{_WIDTH / 2:g}" y="{fixed(foot + 33)}">{escape(unit)}</text>')
    base = np.unique([round(row.baseline, 9) for row in rows if np.isfinite(row.baseline)])
    if len(base) == 1:
        parts.append(
            f'<path class="recorded" d="M{fixed(scale(float(base[0])))} {_TOP - 8:g}V{fixed(foot)}"/>'
        )
        parts.append(_recorded(scale(float(base[0]))))
    for at, row in enumerate(rows):
        parts += _interval(row, scale, _TOP + _ROW * at, shared=len(base) == 1)
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH:g} {fixed(foot + _FOOT)}" role="img" '
        f'aria-label="{escape(_spoken(title, unit, rows))}">{"".join(parts)}</svg>'
    )


def _recorded(x: float) -> str:
    words = "as recorded"
    half = _LETTER * len(words) / 2
    return f'<text class="mid" x="{fixed(min(max(x, half), _WIDTH - half))}" y="12">{words}</text>'


def _interval(row: Row, scale: Scale, y: float, *, shared: bool) -> list[str]:
    line = y + 26
    parts = [f'<text x="{_LEFT:g}" y="{fixed(y + 13)}">{escape(_fitted(row.name, _change(row)))}</text>']
    parts.append(f'<text class="end" x="{_WIDTH - _LEFT:g}" y="{fixed(y + 13)}">{_change(row)}</text>')
    if np.isfinite(row.low) and np.isfinite(row.high):
        a, b = fixed(scale(row.low)), fixed(scale(row.high))
        parts.append(
            f'<path class="whisker" d="M{a} {fixed(line - 5)}v10M{a} {fixed(line)}H{b}M{b} {fixed(line - 5)}v10"/>'
        )
    if np.isfinite(row.changed):
        style = "dot up" if row.changed > row.baseline else "dot"
        parts.append(f'<circle class="{style}" cx="{fixed(scale(row.changed))}" cy="{fixed(line)}" r="5"/>')
    if np.isfinite(row.baseline) and not shared:
        parts.append(f'<path class="was" d="M{fixed(scale(row.baseline))} {fixed(line - 8)}v16"/>')
    return parts


def _fitted(name: str, beside: str) -> str:
    """Return a name cut to the room that the number beside it leaves."""
    room = int((_WIDTH - 2 * _LEFT) / _LETTER) - len(beside) - 2
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"


def _change(row: Row) -> str:
    if not (np.isfinite(row.changed) and np.isfinite(row.baseline)) or row.baseline == 0:
        return "–"
    part = 100 * (row.changed - row.baseline) / abs(row.baseline)
    return f"{'+' if part >= 0.5 else ''}{number(part, 0)} %"


def _spoken(title: str, unit: str, rows: list[Row]) -> str:
    digits = digits_for(max((abs(row.changed) for row in rows if np.isfinite(row.changed)), default=1.0))
    said = [
        f"{row.name}: {number(row.baseline, digits)} to {number(row.changed, digits)} {unit} "
        f"(range {number(row.low, digits)} to {number(row.high, digits)})."
        for row in rows
    ]
    return f"{title}. {' '.join(said)}"


def _table(title: str, unit: str, rows: list[Row]) -> DataTable:
    body = []
    for row in rows:
        digits = digits_for(max(abs(row.baseline), abs(row.changed)) if np.isfinite(row.changed) else 1.0)
        body.append(
            (
                row.name,
                number(row.baseline, digits),
                number(row.changed, digits),
                f"{number(row.low, digits)} to {number(row.high, digits)}",
                _change(row),
            )
        )
    head = ("Change", "As recorded", "After", "Range after", "Difference")
    return DataTable(f"{title}{', ' + unit if unit else ''}", head, tuple(body))
