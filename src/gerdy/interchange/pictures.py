"""Chart figures as images inside the page.

Each figure is a document of its own in a data address: several on one page would otherwise share ids and
styles.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from html import unescape

from gerdy.chart.drawing import Drawing
from gerdy.chart.figure import figure_svg
from gerdy.interchange.voice import Lexicon

_DESCRIPTION = re.compile(r"<desc[^>]*>(.*?)</desc>", re.DOTALL)
_SIZE = re.compile(r'<svg[^>]*? viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


@dataclass(frozen=True)
class Picture:
    """An image: its data address, what it shows in words, and its size in CSS pixels."""

    address: str
    words: str
    width: int
    height: int


def drawing_picture(lexicon: Lexicon, drawing: Drawing | None) -> Picture | None:
    """Return the drawing on all views of the leg; None where nothing was drawn."""
    if drawing is None:
        return None
    title = lexicon.choose("Your drawing", "Pain drawing")
    return _picture(figure_svg(lexicon.atlas, drawing=drawing, title=title))


def field_picture(lexicon: Lexicon, source: str, drawing: Drawing | None, side: str) -> Picture | None:
    """Return a thumbnail of where a source is usually felt, over the drawing; None if unknown."""
    if source not in lexicon.atlas.fields:
        return None
    return _picture(figure_svg(lexicon.atlas, drawing=drawing, source=source, side=side, size="small"))


def _picture(svg: str) -> Picture:
    size, words = _SIZE.search(svg), _DESCRIPTION.search(svg)
    width, height = (round(float(size[1])), round(float(size[2]))) if size else (300, 150)
    return Picture(
        address=f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}",
        words=unescape(words[1]) if words else "Body chart.",
        width=width,
        height=height,
    )
