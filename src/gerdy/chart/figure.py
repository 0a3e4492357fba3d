"""The chart as a picture: four views and the sole, with a drawing, a source's field, or both."""

from __future__ import annotations

from html import escape

import numpy as np

from gerdy.atlas import Atlas
from gerdy.chart.cells import Mask
from gerdy.chart.contour import open_path, path
from gerdy.chart.drawing import Drawing, painted_regions
from gerdy.chart.field import cell_chance
from gerdy.chart.hints import hint_lines
from gerdy.chart.legend import FIELD_FROM, PAIN_FROM, heading_text, legend, styles
from gerdy.chart.limb import Floats, Side, side_of
from gerdy.chart.manner import drawing_model
from gerdy.chart.page import Layout, Panel, Size, layout
from gerdy.chart.regions import region_masks
from gerdy.chart.silhouette import outline, skin_edge
from gerdy.chart.view import OUTER, raster
from gerdy.errors import UnknownIdError

FIELD_SMOOTH = 4.5  # pixels of a view; a map of many people has no sharp corners


def figure_svg(
    atlas: Atlas,
    *,
    drawing: Drawing | None = None,
    source: str | None = None,
    side: str = "right",
    title: str | None = None,
    size: Size = "page",
) -> str:
    """Return the chart of one leg as an SVG document.

    A drawing is shaded by intensity. The field of a source is tinted by how many people with it feel pain
    there; together with a drawing it becomes lines over the drawing. ``side`` holds where there is no
    drawing. ``small`` is a thumbnail without title, legend and inner views.

    Raises
    ------
    UnknownIdError
        For a source without a field, with the nearest that have one.
    """
    if source is not None and source not in atlas.fields:
        raise UnknownIdError("source", source, atlas.fields)
    side = drawing.side if drawing is not None else side_of(side)
    page = layout(size, mirrored=side == "left")
    heading = title if title is not None else _title(atlas, drawing, source)
    pain = [] if drawing is None else [drawing.intensity >= level for level in PAIN_FROM]
    chance = None if source is None else typical_chance(atlas, source)
    field = [] if chance is None else [chance >= level for level in FIELD_FROM]
    body = "".join(_panel(panel, side, pain, field, page) for panel in page.panels)
    if page.full:
        body = heading_text(page, heading, _subtitle(drawing, source, side)) + body
        body += legend(page, drawn=drawing is not None, field=source is not None)
    words = _describe(atlas, drawing, source, side)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page.width} {page.height}" '
        f'width="{page.width}" height="{page.height}" class="g-{size}" role="img">'
        f"<title>{escape(heading)}</title><desc>{escape(words)}</desc>{styles(page)}"
        f'<rect class="paper" width="{page.width}" height="{page.height}"/>{body}</svg>\n'
    )


def typical_chance(atlas: Atlas, source: str) -> Floats:
    """Return the chance that a typical drawing of a source paints each cell: (C,)."""
    typical = next(manner for manner in drawing_model().manners if manner.id == "typical")
    return cell_chance(atlas.fields[source], typical)


def _panel(panel: Panel, side: Side, pain: list[Mask], field: list[Mask], page: Layout) -> str:
    """Return one view as SVG, its label included."""
    shown = raster(panel.view)
    flip = -1.0 if side == "left" else 1.0

    def place(points: Floats) -> Floats:
        right = panel.axis + flip * page.scale * points[:, 0]
        return np.stack([right, panel.floor - page.scale * points[:, 1]], axis=1)

    def curve(loops: list[Floats]) -> str:
        return path([place(loop) for loop in loops])

    name, loops = f"chart-{page.size}-{panel.view.id}-{side}", outline(panel.view)
    shape = f'<path id="{name}" d="{curve(loops)}"/>'
    parts = [f'<defs>{shape}<clipPath id="{name}-clip"><use href="#{name}"/></clipPath></defs>']
    if panel.view.both:
        turned = f"translate({2 * panel.axis:.1f} 0) scale(-1 1)"
        parts.append(f'<use class="other" href="#{name}" transform="{turned}"/>')
    if panel.view.id == "inner":  # the trunk is shown for orientation; its inner side is not skin
        trunk = [loop * [-1.0, 1.0] for loop in outline(OUTER, ("low_back", "pelvis"))]
        parts.append(f'<path class="other" d="{curve(trunk)}"/>')
    parts.append(f'<use class="skin" href="#{name}"/>')
    parts.append(f'<g clip-path="url(#{name}-clip)">')
    if not pain:
        tints = [curve(shown.area(mask, smooth=FIELD_SMOOTH)) for mask in field]
        parts += [f'<path class="felt{n}" d="{tint}"/>' for n, tint in enumerate(tints)]
    parts += [f'<path class="pain{n}" d="{curve(shown.area(mask))}"/>' for n, mask in enumerate(pain)]
    parts += [f'<path class="hint" d="{open_path(place(line))}"/>' for line in hint_lines(panel.view)]
    if pain:
        lines = [(n, curve(shown.area(mask, smooth=FIELD_SMOOTH))) for n, mask in enumerate(field)]
        parts += [f'<path class="case" d="{line}"/><path class="line{n}" d="{line}"/>' for n, line in lines]
    edge = "".join(open_path(place(piece)) for loop in loops for piece in skin_edge(loop, panel.view))
    parts.append(f'</g><path class="edge" d="{edge}"/>')
    return f"<g>{''.join(parts)}{_label(panel, side, page)}</g>"


def _label(panel: Panel, side: Side, page: Layout) -> str:
    """Return the stamp of a view: a round R or L, and the view's name."""
    words = panel.view.name if page.full else panel.view.name.split()[0]
    width = 2 * page.stamp + 4 + page.letter * len(words)
    x, y = panel.centre - 0.5 * width + page.stamp, page.label_y
    down = 0.36 * page.label
    return (
        f'<circle class="stamp" cx="{x:.1f}" cy="{y:.1f}" r="{page.stamp}"/>'
        f'<text class="side" x="{x:.1f}" y="{y + down:.1f}">{side[0].upper()}</text>'
        f'<text class="label" x="{x + page.stamp + 4:.1f}" y="{y + down:.1f}">{words}</text>'
    )


def _name(atlas: Atlas, source: str | None) -> str | None:
    if source is None:
        return None
    return atlas.sources[source].name if source in atlas.sources else source.replace("_", " ")


def _title(atlas: Atlas, drawing: Drawing | None, source: str | None) -> str:
    return _name(atlas, source) or ("Where it hurts" if drawing is not None else "Body chart")


def _subtitle(drawing: Drawing | None, source: str | None, side: Side) -> str:
    if source is None:
        return f"{side.capitalize()} leg"
    if drawing is None:
        return f"Where people with this source are expected to feel it, on the {side} leg"
    return f"{side.capitalize()} leg: painted pain, and lines where this source is expected to be felt"


def _describe(atlas: Atlas, drawing: Drawing | None, source: str | None, side: Side) -> str:
    """Return the picture in words, for people who do not see it."""
    said = [f"Chart of the {side} low back, hip, leg and foot, from the front, sides, back and below."]
    if drawing is not None:
        shares = painted_regions(atlas, drawing)
        named = ", ".join(f"{atlas.regions[name].name} {share:.0%}" for name, share in shares.items())
        said.append(f"Painted: {named or 'a place outside the named regions'}.")
        said.append(f"Strongest pain {drawing.intensity.max():g} of 10.")
    if source is not None:
        chance = typical_chance(atlas, source)
        peak = {name: float(chance[mask].max()) for name, mask in region_masks(atlas).items()}
        often = [name for name in sorted(peak, key=lambda name: -peak[name]) if peak[name] >= FIELD_FROM[1]]
        places = ", ".join(atlas.regions[name].name for name in often) or "no one place more than others"
        said.append(f"{_name(atlas, source)}: felt most often at {places}.")
    return " ".join(said)
