"""Where it hurts: the drawing of one complaint, as evidence and as regions."""

from __future__ import annotations

from gerdy.atlas import Atlas
from gerdy.chart.cells import cells
from gerdy.chart.drawing import Drawing
from gerdy.chart.marking import painted_share
from gerdy.chart.regions import region_masks

_TOUCHED = 0.1  # share of a region's area from which marks count as pain in that region


def hurting_regions(atlas: Atlas, drawing: Drawing | None) -> dict[str, float]:
    """Return the worst pain 0-10 of every region that was named or clearly marked."""
    if drawing is None:
        return {}
    found = {name: pain for name, pain in drawing.ticks.items() if pain > 0}
    if drawing.marks:
        marked = drawing.marked & drawing.painted
        for name, mask in region_masks(atlas).items():
            if painted_share(marked, cells().area, mask) >= _TOUCHED:
                found[name] = max(found.get(name, 0.0), float(drawing.intensity[mask & marked].max()))
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
