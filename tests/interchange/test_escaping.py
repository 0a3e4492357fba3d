"""Nothing that a person or a file says can become part of the page's markup."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interchange.factory import a_case, an_assessment
from interchange.page import read

from gerdy.api import Assessment
from gerdy.atlas.model import Concern
from gerdy.case import Means
from gerdy.interchange import report_html

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}&amp;]]>--></style>"
KEPT = {"level", "kind", "grade", "who", "side", "complaint", "phase", "date"}  # read as words of the program


def poisoned(value: Any, name: str = "") -> Any:
    """Return a record with every text in it replaced by hostile text, ids included."""
    if isinstance(value, msgspec.Struct):
        fields = {field: getattr(value, field) for field in value.__struct_fields__}
        return msgspec.structs.replace(value, **{key: poisoned(part, key) for key, part in fields.items()})
    if isinstance(value, list | tuple):
        return type(value)(poisoned(part, name) for part in value)
    return HOSTILE if type(value) is str and name not in KEPT else value


@pytest.mark.parametrize("level", list(Concern))
@pytest.mark.parametrize("voice", ["plain", "clinical"])
def test_every_text_of_an_answer_is_escaped(level: Concern, voice: str) -> None:
    hostile: Assessment = poisoned(an_assessment(level))
    assert hostile.sources[0].id == HOSTILE
    page = read(report_html(a_case(), hostile, voice=voice))
    assert page.problems == []
    assert not page.all("script")
    assert not [one for one in page.elements if "onerror" in one.attributes]
    assert HOSTILE in page.all("body")[0].text


def test_every_text_of_a_case_is_escaped() -> None:
    case = a_case(id=HOSTILE, notes=HOSTILE, means=Means(goal=HOSTILE, equipment=(HOSTILE,)))
    case = replace(case, person=replace(case.person, activities=(HOSTILE,)))
    page = read(report_html(case, an_assessment(complaint=HOSTILE)))
    assert page.problems == []
    assert not page.all("script")
    assert page.all("body")[0].text.count(HOSTILE) >= 3


@settings(max_examples=15)
@given(st.text(alphabet=st.sampled_from("<>&\"'/={}%`;# \nax"), max_size=60))
def test_any_note_comes_back_as_text(note: str) -> None:
    page = read(report_html(a_case(notes=f"[{note}]"), an_assessment()))
    assert page.problems == []
    assert f"[{note}]" in page.all("body")[0].text
