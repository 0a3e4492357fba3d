"""Reports of the case made by hand, rendered once."""

from __future__ import annotations

from functools import cache

from interchange.factory import a_case, an_assessment
from interchange.page import Page, read

from gerdy.atlas.model import Concern
from gerdy.interchange import report_html

VOICES = ("plain", "clinical")
SECTIONS = ("short", "drawing", "ranking", "turns", "checks", "care", "told", "grounds", "answers", "about")


@cache
def html_of(level: Concern, voice: str = "plain") -> str:
    """Return the report of the case made by hand."""
    return report_html(a_case(), an_assessment(level), voice=voice)


def page_of(level: Concern = Concern.NONE, voice: str = "plain") -> Page:
    return read(html_of(level, voice))


def text_of(level: Concern = Concern.NONE, voice: str = "plain") -> str:
    return page_of(level, voice).all("body")[0].text
