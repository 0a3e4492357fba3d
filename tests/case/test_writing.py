"""What is written loads back equal, all of it or nothing."""

import datetime
import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas import Atlas
from gerdy.case import (
    ACTIVITIES,
    Answer,
    Case,
    Complaint,
    Given,
    Mark,
    Means,
    Person,
    Quality,
    Sex,
    Sides,
    as_document,
    dump_case,
    load_case,
    parse_case,
    save_case,
)
from gerdy.errors import CaseError, FileError

Parse = Callable[[str], Case]


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high) | st.integers(int(low), int(high)).map(float)


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | strategy


# Text that a file may hold: no control characters but tab and line ends, no surrogates or noncharacters.
characters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from(
    "\t\n\r\x85"
)
texts = st.text(characters, max_size=60) | st.sampled_from(
    ["no", "null", "~", "1e3", "- a", "a: b", "#", "'", "0o17"]
)
names = st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1, max_size=8)

# Answers that cannot contradict each other: exclusive and painted findings are unknown at most.
answers = st.fixed_dictionaries(
    {},
    optional={
        "fever": st.sampled_from(Answer),
        "step_width": numbers(0, 400) | st.sampled_from(Answer),
        "hip_internal_rotation_deg": st.builds(Sides, left=numbers(0, 90), right=st.none() | numbers(0, 90)),
        "pelvic_drop": st.builds(Sides, left=st.sampled_from(["level", "slight", *Answer])),
        "reflex_grade": st.builds(Sides, right=st.sampled_from(["0", "2"])),
        "noble_compression": st.just(Answer.UNKNOWN),
        "numbness": st.just(Answer.UNKNOWN),
    },
).map(lambda table: {name: Given(value) for name, value in table.items()})
spans = st.tuples(numbers(0, 1), numbers(0, 1)).map(lambda ends: (min(ends), max(ends))) | numbers(0, 1)
turns = st.tuples(numbers(0, 360), numbers(0, 360)) | numbers(0, 360)
marks = st.builds(
    Mark,
    segment=st.sampled_from(["thigh", "knee", "leg", "foot"]),
    along=spans,
    around=turns,
    intensity=numbers(1, 10),
    quality=st.sampled_from(["", *Quality]).map(str),
)
complaints = st.builds(
    Complaint,
    side=st.sampled_from(["left", "right"]),
    since=st.sampled_from([None, "2024", "2023-05", "2023-05-17", "1 day", "6 weeks"]),
    pain=st.dictionaries(st.sampled_from(["knee_lateral", "buttock"]), numbers(1, 10)),
    marks=st.lists(marks, max_size=3).map(tuple),
    qualities=st.lists(st.sampled_from(Quality), unique=True).map(tuple),
    findings=answers,
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    ids = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    several = tuple(replace(draw(complaints), id=name) for name in ids)
    if len(several) == 1 and draw(st.booleans()):
        several = (replace(several[0], id="main"),)
    shared = draw(answers)
    if len({complaint.side for complaint in several}) == 2:
        shared.pop("step_width", None)
    return Case(
        person=Person(
            age=draw(st.none() | numbers(10, 110)),
            sex=draw(st.none() | st.sampled_from(Sex)),
            height_cm=draw(st.none() | numbers(100, 230)),
            mass_kg=draw(st.none() | numbers(25, 300)),
            activities=draw(st.lists(st.sampled_from(ACTIVITIES), unique=True).map(tuple)),
        ),
        complaints=several,
        findings=shared,
        date=draw(st.none() | st.dates(datetime.date(2024, 1, 1), datetime.date(2030, 1, 1))),
        means=Means(draw(st.none() | numbers(1, 240)), draw(st.none() | st.integers(1, 7)), goal=draw(texts)),
        notes=draw(texts | st.lists(texts).map("\n".join)),
    )


@given(case=cases())
def test_what_is_dumped_loads_back_equal(case: Case, atlas: Atlas) -> None:
    assert parse_case(dump_case(case), atlas=atlas) == case


@given(case=cases())
def test_what_is_dumped_is_valid_under_the_schema(
    case: Case, atlas: Atlas, validator: jsonschema.Draft202012Validator
) -> None:
    validator.validate(as_document(case))


@given(case=cases())
def test_a_case_as_json_loads_back_equal(case: Case, atlas: Atlas) -> None:
    document = as_document(case)
    for ascii_only in (True, False):
        assert parse_case(json.dumps(document, ensure_ascii=ascii_only), atlas=atlas) == case


def test_a_dump_reads_well(parse: Parse) -> None:
    case = parse(
        "person: {age: 34}\nfindings: {hip IR: {right: 24}, noble: yes}\n"
        "notes: |\n  hurts after 5 km\n  downhill\n"
    )
    assert dump_case(case) == (
        "gerdy: 1\nperson:\n  age: 34\ncomplaint:\n  side: right\n  pain:\n    knee_lateral: 6\n"
        "findings:\n  hip_internal_rotation_deg:\n    right: 24\n  noble_compression: positive\n"
        "notes: |\n  hurts after 5 km\n  downhill\n"
    )


@pytest.mark.parametrize("name", ["case.yaml", "case.json", "no ending"])
def test_a_saved_case_loads_back_equal(tmp_path: Path, parse: Parse, atlas: Atlas, name: str) -> None:
    case, path = (
        parse("findings: {noble: yes}\nnotes: caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
        tmp_path / name,
    )
    save_case(path, case, atlas=atlas)
    assert load_case(path, atlas=atlas) == case
    changed = case.answer("fever", "no", atlas=atlas)
    save_case(path, changed, atlas=atlas)
    assert load_case(path, atlas=atlas) == changed
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_existing_file_keeps_its_permissions(tmp_path: Path, parse: Parse, atlas: Atlas) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("gerdy: 1\n")
    path.chmod(0o644)
    save_case(path, parse(""), atlas=atlas)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_link_stays_a_link(tmp_path: Path, parse: Parse, atlas: Atlas) -> None:
    target, link = tmp_path / "case.yaml", tmp_path / "link.yaml"
    link.symlink_to(target)
    save_case(link, parse(""), atlas=atlas)
    assert link.is_symlink()
    assert load_case(target, atlas=atlas) == parse("")


@pytest.mark.parametrize("content", ["shopping: [eggs]\n", "not yaml: [", "", "\0", "gerdy"])
def test_something_else_is_never_overwritten(
    tmp_path: Path, parse: Parse, atlas: Atlas, content: str
) -> None:
    path = tmp_path / "list.yaml"
    path.write_text(content)
    with pytest.raises(FileError, match="is not a Gerdy case"):
        save_case(path, parse(""), atlas=atlas)
    assert path.read_text() == content
    save_case(path, parse(""), force=True, atlas=atlas)
    assert load_case(path, atlas=atlas) == parse("")


def test_a_case_that_would_not_load_is_not_written(tmp_path: Path, parse: Parse, atlas: Atlas) -> None:
    with pytest.raises(CaseError, match="impossible age"):
        save_case(tmp_path / "case.yaml", replace(parse(""), person=Person(age=500.0)), atlas=atlas)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, parse: Parse, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.yaml"
    save_case(path, parse(""), atlas=atlas)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match=r"cannot be written .No space left"):
        save_case(path, parse("notes: new"), atlas=atlas)
    assert load_case(path, atlas=atlas) == parse("")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["missing/case.yaml", "a\0b", "x" * 300, "loop"])
def test_a_file_that_cannot_be_written_says_why(
    tmp_path: Path, parse: Parse, atlas: Atlas, name: str
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(FileError, match="cannot be written"):
        save_case(tmp_path / name, parse(""), atlas=atlas)


def test_a_folder_is_no_case(tmp_path: Path, parse: Parse, atlas: Atlas) -> None:
    with pytest.raises(FileError):
        save_case(tmp_path, parse(""), atlas=atlas)


@pytest.mark.parametrize("word", ["0E0", "1e5", "1e999", ".inf", "true", "null", "0x10", "9" * 30, "-"])
def test_a_word_that_looks_like_something_else_stays_a_word(parse: Parse, atlas: Atlas, word: str) -> None:
    case = replace(parse(""), notes=word)
    assert parse_case(dump_case(case), atlas=atlas).notes == word
