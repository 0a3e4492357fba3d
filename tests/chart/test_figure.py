"""Figures are well-formed, say what they show, and are stamped with the side."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from gerdy.atlas import Atlas
from gerdy.chart.drawing import draw
from gerdy.chart.figure import figure_svg
from gerdy.chart.legend import FIELD, PAIN
from gerdy.errors import UnknownIdError

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


@pytest.mark.parametrize(("side", "letter"), [("right", "R"), ("left", "L")])
def test_every_view_carries_side_and_name(atlas: Atlas, side: str, letter: str) -> None:
    found = texts(figure_svg(atlas, side=side))
    assert found.count(letter) == 5
    assert {"front", "outer side", "back", "inner side", "sole"} <= set(found)


def test_the_drawing_s_own_side_holds(atlas: Atlas) -> None:
    drawing = draw(atlas, "L", {"groin": 4})
    assert texts(figure_svg(atlas, drawing=drawing, side="right")).count("L") == 5


def test_title_and_description_say_what_is_shown(atlas: Atlas) -> None:
    drawing = draw(atlas, "R", {"knee_lateral": 8, "groin": 2})
    root = ET.fromstring(figure_svg(atlas, drawing=drawing, source="itbs"))  # noqa: S314
    title, said = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc") or ""
    assert title == atlas.sources["itbs"].name
    assert atlas.regions["knee_lateral"].name in said
    assert "Strongest pain 8 of 10" in said
    assert root.get("role") == "img"


def test_a_field_becomes_lines_over_a_drawing(atlas: Atlas) -> None:
    drawing = draw(atlas, "R", {"knee_lateral": 8})
    alone, both = figure_svg(atlas, source="itbs"), figure_svg(atlas, drawing=drawing, source="itbs")
    for svg, here, away in ((alone, "felt2", "line2"), (both, "line2", "felt2")):
        assert f'class="{here}"' in svg
        assert f'class="{away}"' not in svg
    assert {"Painted pain, 0 to 10", "Expected to feel it there, at least"} <= set(texts(both))


def test_shades_keep_their_order_in_grey() -> None:
    def lightness(colour: str) -> float:
        r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for shades in (PAIN, FIELD):
        light = [lightness(shade) for shade in shades]
        assert (np.diff(light) < -35).all()


def test_a_title_is_escaped_and_fits(atlas: Atlas) -> None:
    svg = figure_svg(atlas, title="a < b & " + "long " * 30)
    assert "a &lt; b &amp;" in svg
    assert 'style="font-size:17.0px"' not in svg


def test_the_small_figure_is_small_and_bare(atlas: Atlas) -> None:
    drawing = draw(atlas, "R", {"knee_lateral": 8})
    small, page = figure_svg(atlas, drawing=drawing, size="small"), figure_svg(atlas, drawing=drawing)
    assert texts(small) == ["R", "front", "R", "outer", "R", "back"]
    width = [float(ET.fromstring(svg).get("width", "0")) for svg in (small, page)]  # noqa: S314
    assert width[0] < 0.4 * width[1]
    assert len(small) < 90_000


def test_two_figures_can_stand_on_one_page(atlas: Atlas) -> None:
    """Ids inside differ by size and side, so that one figure does not clip another."""

    def ids(svg: str) -> set[str]:
        return {element.get("id", "") for element in ET.fromstring(svg).iter()} - {""}  # noqa: S314

    right, left = figure_svg(atlas), figure_svg(atlas, side="left")
    assert not ids(right) & ids(left)
    assert not ids(right) & ids(figure_svg(atlas, size="small"))


def test_an_unknown_source_is_told(atlas: Atlas) -> None:
    with pytest.raises(UnknownIdError, match=r"did you mean .?itbs"):
        figure_svg(atlas, source="itb")


def test_a_source_felt_everywhere_faintly_is_described(atlas: Atlas) -> None:
    assert "no one place more than others" in figure_svg(atlas, source="tumour")
