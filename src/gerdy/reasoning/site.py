"""Where it hurts: the drawing of one complaint, as evidence and as regions."""

from __future__ import annotations

from gerdy.atlas import Atlas
from gerdy.case import Complaint
from gerdy.chart.cells import cells
from gerdy.chart.drawing import Drawing, Mark, draw
from gerdy.chart.marking import painted_share
from gerdy.chart.regions import region_masks

_TOUCHED = 0.1  # share of a region's area from which marks count as pain in that region


def drawing_of(atlas: Atlas, complaint: Complaint) -> Drawing | None:
    """Return the drawing of a complaint, or None where nothing was painted.

    Raises
    ------
    InputError
        For a mark that lies nowhere on the body.
    """
    if not complaint.painted:
        return None
    marks = [
        Mark(
            segment=mark.segment,
            along=_span(mark.along),
            around=_span(mark.around),
            intensity=mark.intensity,
            quality=str(mark.quality.value) if mark.quality else "",
        )
        for mark in complaint.marks
    ]
    return draw(atlas, complaint.side, complaint.pain, marks)


def _span(ends: tuple[float, float]) -> tuple[float, float] | float:
    return ends[0] if ends[0] == ends[1] else ends


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
