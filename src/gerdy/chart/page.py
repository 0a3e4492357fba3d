"""Layout of the chart figure: where each view stands, on a page and on a thumbnail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from gerdy.chart.view import PAD_M, PIXEL_M, VIEWS, View, raster

Size = Literal["page", "small"]


@dataclass(frozen=True)
class Panel:
    """Where one view stands: ``axis`` and ``floor`` are x and y of its zero, ``centre`` is x of its label."""

    view: View
    axis: float
    centre: float
    floor: float


@dataclass(frozen=True)
class Layout:
    """One size of the figure, in SVG units.

    ``scale`` is units per metre; ``letter`` the mean width of a label's letter; ``ink`` the outline's width.
    """

    size: Size
    width: int
    height: int
    scale: float
    panels: tuple[Panel, ...]
    margin: float
    label_y: float
    legend_y: float
    title: float
    label: float
    letter: float
    stamp: float
    ink: float

    @property
    def full(self) -> bool:
        """Whether there is room for a title and a legend."""
        return self.size == "page"


def _reach(view: View) -> tuple[float, float]:
    """Return how far a view reaches to both sides of its zero, m; both legs where both are seen."""
    shown = raster(view)
    left = float(shown.origin[0]) + PAD_M
    right = float(shown.origin[0]) + PIXEL_M * shown.cell.shape[1] - PAD_M
    half = max(-left, right)
    return (half, half) if view.both else (-left, right)


@cache
def layout(size: Size, *, mirrored: bool) -> Layout:
    """Return the layout for one size; ``mirrored`` for the left side."""
    full = size == "page"
    scale, gap, top, edge = (452.0, 22.0, 72.0, 24.0) if full else (190.0, 9.0, 8.0, 6.0)
    views = [view for view in VIEWS if full or view.id in ("front", "outer", "back")]
    crown = (
        1.17  # m, the top of the chart; the floor lies below it, and the tilted foot a little below the floor
    )
    floor = top + scale * crown
    panels, x = [], edge
    for view in views:
        before, after = _reach(view)[::-1] if mirrored else _reach(view)
        height = 0.0
        if view.id == "sole":
            height = -0.075  # its heel stands level with the other feet
        panels.append(
            Panel(view, x + scale * before, x + 0.5 * scale * (before + after), floor + scale * height)
        )
        x += scale * (before + after) + gap
    drop = 0.11 * scale  # the tilted foot
    return Layout(
        size=size,
        width=round(x - gap + edge),
        height=round(floor + drop + (100.0 if full else 20.0)),
        scale=scale,
        panels=tuple(panels),
        margin=edge,
        label_y=floor + drop + (18.0 if full else 10.0),
        legend_y=floor + drop + 62.0,
        title=17.0 if full else 0.0,
        label=13.0 if full else 9.0,
        letter=7.4 if full else 5.1,
        stamp=9.5 if full else 6.0,
        ink=1.3 if full else 0.8,
    )
