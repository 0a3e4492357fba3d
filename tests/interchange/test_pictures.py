"""Pictures are whole SVG documents within the page, described in words."""

from __future__ import annotations

import base64
from xml.etree import ElementTree

import pytest
from interchange.factory import a_case

from gerdy.atlas import load_atlas
from gerdy.interchange.pictures import Picture, drawing_picture, field_picture
from gerdy.interchange.voice import Lexicon, Voice


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon(load_atlas(), Voice.PLAIN)


def root(picture: Picture) -> ElementTree.Element:
    kind, data = picture.address.split(",", 1)
    assert kind == "data:image/svg+xml;base64"
    return ElementTree.fromstring(base64.b64decode(data, validate=True))  # noqa: S314 - our own picture


def test_drawing(lexicon: Lexicon) -> None:
    picture = drawing_picture(lexicon, a_case().complaint().drawing(load_atlas()))
    assert picture is not None
    assert root(picture).tag.endswith("svg")
    assert "outer knee" in picture.words
    assert picture.width > picture.height > 0


def test_no_drawing_no_picture(lexicon: Lexicon) -> None:
    assert drawing_picture(lexicon, None) is None


def test_field_with_and_without_drawing(lexicon: Lexicon) -> None:
    drawing = a_case().complaint().drawing(load_atlas())
    for given in (drawing, None):
        picture = field_picture(lexicon, "itbs", given, "left")
        assert picture is not None
        assert root(picture).tag.endswith("svg")
    assert field_picture(lexicon, "nowhere", drawing, "right") is None
