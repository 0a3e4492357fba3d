"""Reading the atlas: errors that name file, entry and field; words that stay words; names that are found."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas import Atlas, load_atlas, normal_form
from gerdy.atlas.model import Concern, Pathway, Region, Screen
from gerdy.atlas.store import parse
from gerdy.errors import AtlasError, UnknownIdError

GOOD = "{id: a_screen, name: n, clinical: c, ask: Any of these?}"


def test_a_list_of_records_is_read() -> None:
    found = parse(f"- {GOOD}\n- {GOOD}\n", Screen, "screens.yaml")
    assert [screen.ask for screen in found] == ["Any of these?"] * 2


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]"])
def test_an_empty_file_holds_nothing(text: str) -> None:
    assert parse(text, Screen, "screens.yaml") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {id: a_screen, name: n, clinical: c}", ["screens.yaml", "a_screen", "ask"]),
        ("- {id: a_screen, name: n, clinical: c, ask: x, asks: y}", ["screens.yaml", "a_screen", "asks"]),
        ("- {id: a_screen, name: n, clinical: 3, ask: x}", ["screens.yaml", "a_screen", "$.clinical"]),
        (f"- {GOOD}\n- {{name: n, clinical: c, ask: x}}", ["screens.yaml", "entry 2", "id"]),
        ("- just words", ["screens.yaml", "entry 1"]),
        ("- {id: [", ["screens.yaml", "not readable as YAML"]),
        ("\t- {id: x}", ["screens.yaml", "not readable as YAML"]),
    ],
)
def test_errors_name_file_entry_and_field(text: str, words: list[str]) -> None:
    with pytest.raises(AtlasError) as raised:
        parse(text, Screen, "screens.yaml")
    assert all(word in str(raised.value) for word in words), raised.value


def test_errors_name_a_field_deep_inside() -> None:
    text = "- {id: r, name: n, clinical: c, boxes: [{segment: knee, along: [0, 1], around: [0]}]}"
    with pytest.raises(AtlasError, match=r"regions\.yaml: r: .*\$\.boxes\[0\]\.around"):
        parse(text, Region, "regions.yaml")


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "Yes", "NO", "On", "y", "n"])
def test_words_stay_words(word: str) -> None:
    text = f"- {{id: p, name: {word}, clinical: c, about: a, codes: {{{word}: {word}}}}}"
    (pathway,) = parse(text, Pathway, "pathways.yaml")
    assert pathway.name == word
    assert pathway.codes == {word: word}


def test_true_and_false_are_no_words() -> None:
    with pytest.raises(AtlasError, match=r"\$\.name"):
        parse("- {id: p, name: true, clinical: c, about: a}", Pathway, "pathways.yaml")


def test_yaml_that_would_run_something_is_refused() -> None:
    with pytest.raises(AtlasError, match="not readable as YAML"):
        parse("- !!python/object/apply:os.system [ls]", Screen, "screens.yaml")


def test_loading_twice_gives_the_same_atlas() -> None:
    assert load_atlas() is load_atlas()


def test_the_atlas_cannot_be_changed(atlas: Atlas) -> None:
    with pytest.raises(TypeError):
        atlas.sources["itbs"] = atlas.sources["gtps"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        atlas.sources["itbs"].name = "x"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        atlas.sources = {}  # type: ignore[misc]


def test_entries_are_found_by_id_and_by_synonym(atlas: Atlas) -> None:
    for kind, entry in atlas.entries():
        assert atlas.find(entry.id) == (kind, entry)
        for synonym in entry.synonyms:
            assert atlas.find(synonym) == (kind, entry)
            assert atlas.find(synonym.upper()) == (kind, entry)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("ibts", "itbs"), ("noble_compresion", "noble_compression"), ("meralgie", "meralgia")],
)
def test_an_unknown_id_suggests_the_nearest(atlas: Atlas, wrong: str, right: str) -> None:
    with pytest.raises(UnknownIdError) as raised:
        atlas.find(wrong)
    assert right in raised.value.suggestions
    assert f"'{wrong}'" in str(raised.value)
    assert f"'{right}'" in str(raised.value)


def test_an_id_like_nothing_says_where_to_look(atlas: Atlas) -> None:
    with pytest.raises(UnknownIdError) as raised:
        atlas.find("qqqqqqqqqqqq")
    assert raised.value.suggestions == []
    assert "gerdy atlas list" in str(raised.value)


@given(st.text())
def test_the_normal_form_of_a_normal_form_is_itself(name: str) -> None:
    assert normal_form(normal_form(name)) == normal_form(name)


@given(st.text(max_size=30))
def test_any_text_is_found_or_refused(name: str) -> None:
    atlas = load_atlas()
    if normal_form(name) in atlas.names:
        kind, entry = atlas.find(name)
        assert getattr(atlas, kind)[entry.id] is entry
    else:
        with pytest.raises(UnknownIdError):
            atlas.find(name)


def test_concern_has_an_order() -> None:
    assert [level.rank for level in Concern] == [0, 1, 2, 3]
    assert max(Concern, key=lambda level: level.rank) is Concern.EMERGENCY
