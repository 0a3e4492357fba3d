"""A report is a sound page that runs and fetches nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from interchange.reports import VOICES, html_of, page_of

from gerdy.atlas.model import Concern


@pytest.mark.parametrize("level", list(Concern))
@pytest.mark.parametrize("voice", VOICES)
def test_page_is_well_formed(level: Concern, voice: str) -> None:
    html, page = html_of(level, voice), page_of(level, voice)
    assert html.startswith("<!doctype html>\n<html lang=")
    assert page.problems == []
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1


@pytest.mark.parametrize("voice", VOICES)
def test_headings_descend_one_level_at_a_time(voice: str) -> None:
    levels = [int(one.tag[1]) for one in page_of(Concern.URGENT, voice).all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("voice", VOICES)
def test_links_and_labels_lead_somewhere(voice: str) -> None:
    page = page_of(Concern.URGENT, voice)
    ids = {one.attributes["id"] for one in page.elements if "id" in one.attributes}
    inner = [one.attributes["href"][1:] for one in page.all("a") if one.attributes["href"].startswith("#")]
    labels = [
        one.attributes["aria-labelledby"] for one in page.elements if "aria-labelledby" in one.attributes
    ]
    assert set(inner) <= ids
    assert set(labels) <= ids
    assert all(one.attributes["alt"] for one in page.all("img"))


@pytest.mark.parametrize("level", list(Concern))
@pytest.mark.parametrize("voice", VOICES)
def test_page_runs_and_fetches_nothing(level: Concern, voice: str) -> None:
    page = page_of(level, voice)
    assert not page.all("script", "link", "iframe", "object", "embed", "form", "base", "audio", "video")
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith("on")]
        assert element.attributes.get("src", "data:image/").startswith("data:image/")
        assert "srcset" not in element.attributes
        href = element.attributes.get("href", "#")
        assert href.startswith("#") or (element.tag == "a" and href.startswith(("https://", "http://")))
    style = page.all("style")[0].text
    assert "url(" not in style
    assert "@import" not in style
