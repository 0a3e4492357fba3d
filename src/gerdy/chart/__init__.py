"""Where it is felt: skin in limb coordinates, drawings on it, and what they say about their sources."""

from gerdy.chart.drawing import Drawing, Mark, draw, from_cells, from_plain, painted_regions
from gerdy.chart.likelihood import DrawingTerm, drawing_term, log_likelihood, unknown_log_likelihood
from gerdy.chart.sampling import sample_drawing
from gerdy.chart.table import FieldTable, field_table

__all__ = [
    "Drawing",
    "DrawingTerm",
    "FieldTable",
    "Mark",
    "draw",
    "drawing_term",
    "field_table",
    "from_cells",
    "from_plain",
    "log_likelihood",
    "painted_regions",
    "sample_drawing",
    "unknown_log_likelihood",
]
