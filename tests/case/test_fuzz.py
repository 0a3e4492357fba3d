"""Whatever comes in, nothing but Gerdy's own errors comes out."""

import contextlib
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gerdy.atlas import Atlas
from gerdy.case import Case, dump_case, parse_case
from gerdy.errors import GerdyError

GOOD = (
    "gerdy: 1\nperson: {age: 34, sex: female, height_cm: 168, mass_kg: 61, activities: [running]}\n"
    "complaint:\n  side: right\n  pain: {knee_lateral: 6, thigh_lateral: 2}\n"
    "  drawing: [{segment: knee, along: [0.1, 0.5], around: 90, intensity: 5, quality: ache}]\n"
    'findings: {noble: positive, fever: no, hip IR: {left: 24 deg}, pelvic_drop: slight}\nnotes: "a\\u00e9"\n'
)
WORDS = [
    "gerdy", "person", "complaint", "complaints", "side", "pain", "drawing", "findings", "noble",
    "hip IR", "age", "segment", "along", "around", "intensity", "quality", "sex", "knee_lateral",
    "left", "right", "positive", "no", "24 deg", "care", "equipment", "since", "date", "knee",
    "activities", "running", "ache", "6 weeks", "pelvic_drop",
]  # fmt: skip
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([1, *WORDS])
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=30,
)


def read(content: str | bytes, atlas: Atlas) -> None:
    with contextlib.suppress(GerdyError):
        case = parse_case(content, "case.yaml", atlas=atlas)
        assert isinstance(case, Case)
        assert parse_case(dump_case(case), atlas=atlas) == case


@given(content=st.binary(max_size=200))
def test_any_bytes(content: bytes, atlas: Atlas) -> None:
    read(content, atlas)


@given(text=st.text(max_size=200))
@example(text="%YAML 99999999999.1\n---\na: 1")
@example(text="%TAG ! tag:x,2000:\n--- !a b")
@example(text='"\\U00110000": 1')
@example(text='"\\xzz": 1')
@example(text="{\udcff}")
@example(text="? ")
@example(text="a: |9\n b")
def test_any_text(text: str, atlas: Atlas) -> None:
    read(text, atlas)


@given(text=st.text("abc123 -+.:,[]{}&*!|>'\"%@`#?~\n\t\\ux", max_size=60))
def test_any_punctuation(text: str, atlas: Atlas) -> None:
    read(text, atlas)


@given(data=st.data())
@settings(max_examples=300)
def test_a_good_case_with_a_slip(data: st.DataObject, atlas: Atlas) -> None:
    start = data.draw(st.integers(0, len(GOOD)))
    length = data.draw(st.integers(0, 12))
    slip = data.draw(
        st.text(max_size=4) | st.sampled_from([*WORDS, "&a ", "*a", "!t ", "\n", "0", "- ", "{", "nan"])
    )
    read(GOOD[:start] + slip + GOOD[start + length :], atlas)


@given(end=st.integers(0, len(GOOD)))
def test_a_good_case_cut_short(end: int, atlas: Atlas) -> None:
    read(GOOD[:end], atlas)


@given(root=st.dictionaries(st.sampled_from(WORDS), trees), complaint=trees, person=trees, findings=trees)
@settings(max_examples=300)
def test_any_tree(
    root: dict[str, Any], complaint: object, person: object, findings: object, atlas: Atlas
) -> None:
    content = {**root, "gerdy": 1, "complaint": complaint, "person": person, "findings": findings}
    with contextlib.suppress(yaml.YAMLError, UnicodeEncodeError):
        read(yaml.safe_dump(content), atlas)


@given(name=st.text(max_size=12) | st.sampled_from(["noble", "hip IR", "pelvic_drop", "fever"]), value=trees)
def test_any_answer(name: str, value: object, atlas: Atlas) -> None:
    with contextlib.suppress(GerdyError):
        assert parse_case(GOOD, atlas=atlas).answer(name, value, atlas=atlas).retract(name, atlas=atlas)
