"""What `import gerdy` offers: names, signatures, words, and no cost before it is used."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from importlib import import_module, metadata, resources

import msgspec
import pytest

import gerdy

NAMES = [
    "Assessment",
    "Body",
    "Case",
    "CaseError",
    "FileError",
    "GerdyError",
    "InputError",
    "Motion",
    "Person",
    "Plan",
    "Question",
    "UnknownIdError",
    "analyse",
    "assess",
    "examine",
    "load_case",
    "next_question",
    "plan",
    "read_motion",
    "to_json",
    "what_if",
]
SIGNATURES = {
    "assess": "(case: 'Case', complaint: 'str | None' = None) -> 'Assessment'",
    "load_case": "(path: 'str | Path') -> 'Case'",
    "next_question": (
        "(case: 'Case', complaint: 'str | None' = None, *, who: 'str' = <Who.PERSON: 'person'>, "
        "any_value: 'bool' = False) -> 'Question | None'"
    ),
    "plan": (
        "(assessment: 'Assessment', *, minutes: 'float | None' = None, equipment: 'Collection[str]' = (), "
        "start: 'datetime.date | None' = None) -> 'Plan'"
    ),
    "to_json": "(value: 'msgspec.Struct') -> 'bytes'",
}
ASSESSMENT = [
    "gerdy",
    "complaint",
    "side",
    "concern",
    "sources",
    "contributors",
    "unexplained",
    "unexplained_says",
    "omitted_mass_bound",
    "next_questions",
    "enough",
    "would_change",
    "rests_on",
    "answered",
    "positive",
    "irritability",
    "silent",
    "plan",
    "means",
    "date",
]
HEAVY = {"numpy", "yaml", "msgspec", "jinja2", "rich", "click", "resvg_py"}


def test_the_public_names() -> None:
    assert gerdy.__all__ == sorted(gerdy.__all__) == NAMES
    assert set(NAMES) <= set(dir(gerdy))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_importable_and_explained(name: str) -> None:
    found = getattr(gerdy, name)
    assert found.__name__ == name
    assert inspect.getdoc(found)
    assert getattr(import_module(found.__module__), name) is found


@pytest.mark.parametrize("name", SIGNATURES)
def test_signatures_stay(name: str) -> None:
    assert str(inspect.signature(getattr(gerdy, name))) == SIGNATURES[name]


@pytest.mark.parametrize("name", SIGNATURES)
def test_every_parameter_is_documented(name: str) -> None:
    words = f"{inspect.getdoc(getattr(gerdy, name))} {inspect.getdoc(gerdy.assess)}"
    for parameter in list(inspect.signature(getattr(gerdy, name)).parameters.values())[1:]:
        assert parameter.name in words, parameter.name


def test_the_answer_keeps_its_fields() -> None:
    assert [field.name for field in msgspec.structs.fields(gerdy.Assessment)] == ASSESSMENT


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'asses'"):
        _ = gerdy.asses  # type: ignore[attr-defined]


def test_the_version_is_that_of_the_package() -> None:
    assert gerdy.__version__ == metadata.version("gerdy")


def loaded_after(statement: str) -> set[str]:
    code = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    return {name.split(".")[0] for name in json.loads(done.stdout)}


def test_importing_gerdy_imports_nothing_heavy() -> None:
    assert not HEAVY & loaded_after("import gerdy")


def test_naming_an_error_imports_nothing_heavy() -> None:
    assert not HEAVY & loaded_after("import gerdy; gerdy.CaseError")


def test_typing_information_is_shipped() -> None:
    assert (resources.files("gerdy") / "py.typed").is_file()
