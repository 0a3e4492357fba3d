"""Sources of numbers are readable, numbered by use, and lead only to the web."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gerdy.atlas import load_atlas
from gerdy.atlas.model import Citation
from gerdy.interchange.references import Library, label


def a_citation(**fields: Any) -> Citation:
    return Citation(**{"id": "grimaldi2017", "type": "article-journal", **fields})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"author": [{"family": "Grimaldi"}], "issued": {"date-parts": [[2017]]}}, "Grimaldi 2017"),
        (
            {"author": [{"family": "A"}, {"family": "B"}], "issued": {"date-parts": [[2017, 3]]}},
            "A and B 2017",
        ),
        ({"author": [{"family": "A"}, {"family": "B"}, {"family": "C"}]}, "A and others"),
        ({"author": [{"given": "Amanda"}], "title": "Hips"}, "Amanda, Hips"),
        ({"title": "Role of fascia"}, "Role of fascia"),
        ({"title": "word " * 30}, "word word word word word word word word word word word word …"),
        ({}, "Grimaldi 2017"),
        ({"id": "article_tight_band_myth"}, "Article on tight band myth"),
        ({"id": "physiotutors_sls"}, "Physiotutors sls"),
    ],
)
def test_label(fields: dict[str, Any], expected: str) -> None:
    assert label(a_citation(**fields)) == expected


def test_every_shipped_citation_has_a_label() -> None:
    for citation in load_atlas().citations.values():
        assert label(citation).strip()
        assert "_" not in label(citation)


def test_references_are_numbered_by_use() -> None:
    library = Library(load_atlas())
    pieces = [library.cite(name) for name in ("otsuka2020", "falvey2010", "otsuka2020")]
    assert [piece.anchor for piece in pieces] == ["ref-1", "ref-2", "ref-1"]
    assert [one.anchor for one in library.used()] == ["ref-1", "ref-2"]


def test_basis_in_words_links_the_citations_in_it() -> None:
    pieces = Library(load_atlas()).basis("derived: ratio 4 (otsuka2020), halved")
    assert [(piece.text, piece.anchor) for piece in pieces] == [
        ("Derived: ratio 4 (", ""),
        ("Otsuka 2020", "ref-1"),
        ("), halved", ""),
    ]


def test_basis_nobody_knows_is_shown_as_words() -> None:
    assert Library(load_atlas()).basis("some_page")[0].text == "some page"


def test_addresses() -> None:
    library = Library(load_atlas())
    library.cite("otsuka2020")
    assert library.used()[0].links[0].href == "https://doi.org/10.1016/j.jbiomech.2020.109919"


def test_only_web_addresses_become_links() -> None:
    for citation in load_atlas().citations.values():
        library = Library(load_atlas())
        library.cite(citation.id)
        for link in library.used()[0].links:
            assert link.href.startswith(("https://", "http://"))


def test_script_address_is_text() -> None:
    bad = a_citation(id="bad", URL="javascript:alert(1)")
    library = Library(replace(load_atlas(), citations={"bad": bad}))
    library.cite("bad")
    assert library.used()[0].links[0].href == ""
