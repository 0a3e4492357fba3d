"""Errors: one tree, each message says where and what would be right."""

from __future__ import annotations

import inspect
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy import errors
from gerdy.errors import (
    AtlasError,
    CaseError,
    EngineError,
    FileError,
    GerdyError,
    InputError,
    UnknownIdError,
)

EVERY = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


def test_one_tree() -> None:
    assert all(issubclass(kind, GerdyError) for kind in EVERY)
    assert {CaseError, FileError, UnknownIdError} <= set(InputError.__subclasses__())
    assert not issubclass(AtlasError, InputError)
    assert not issubclass(EngineError, InputError)


@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_says_what_it_is_for(kind: type[Exception]) -> None:
    assert inspect.getdoc(kind)
    assert kind.__name__ in str(errors.__doc__)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({}, "must be a number."),
        ({"file": "a.yaml"}, "a.yaml: must be a number."),
        ({"file": "a.yaml", "line": 3}, "a.yaml:3: must be a number."),
        ({"file": "a.yaml", "line": 3, "field": "person.age"}, "a.yaml:3: person.age: must be a number."),
        ({"field": "person.age"}, "person.age: must be a number."),
        ({"line": 3}, "3: must be a number."),
    ],
)
def test_a_case_error_says_where(where: dict[str, object], message: str) -> None:
    error = CaseError("must be a number.", **where)  # type: ignore[arg-type]
    assert str(error) == message
    assert (error.file, error.line, error.field) == tuple(where.get(key) for key in ("file", "line", "field"))


def test_an_unknown_id_suggests_the_nearest_first() -> None:
    error = UnknownIdError(
        "finding", "noble_compresion", ["noble_compression", "renne", "patellar_compression"]
    )
    assert error.suggestions[0] == "noble_compression"
    assert str(error).startswith("unknown finding 'noble_compresion'; did you mean 'noble_compression'")
    assert (error.kind, error.given) == ("finding", "noble_compresion")


def test_an_unknown_id_like_no_other_says_where_to_look() -> None:
    error = UnknownIdError("finding", "qqq", ["noble_compression"])
    assert error.suggestions == []
    assert str(error) == "unknown finding 'qqq'; see `gerdy atlas list`."


@given(st.text(), st.lists(st.text(max_size=20), max_size=20))
def test_suggestions_are_few_and_known(given_: str, known: list[str]) -> None:
    error = UnknownIdError("finding", given_, known)
    assert len(error.suggestions) <= 3
    assert set(error.suggestions) <= set(known)
    assert given_ in str(error)


@pytest.mark.parametrize("kind", [GerdyError, InputError, FileError, AtlasError, EngineError])
def test_plain_errors_survive_a_process_boundary(kind: type[GerdyError]) -> None:
    copy = pickle.loads(pickle.dumps(kind("what was wrong.")))  # noqa: S301 - our own bytes
    assert type(copy) is kind
    assert str(copy) == "what was wrong."
