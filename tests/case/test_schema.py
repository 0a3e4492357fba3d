"""The published schema accepts what is written and knows the same limits as the reader."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml

from gerdy.atlas import Atlas
from gerdy.case import Case, as_document, parse_case
from gerdy.errors import CaseError

Parse = Callable[[str], Case]


def document(text: str) -> Any:
    """Read YAML as a JSON program would see it: the words as words."""
    return yaml.load("gerdy: 1\n" + text, Loader=yaml.BaseLoader) | {"gerdy": 1}  # noqa: S506 - no objects either


VALID = [
    "complaint: {side: right}",
    "complaint: {side: R, quality: burning, since: 6 weeks}\nnotes: none",
    "complaints: [{side: left, id: a}, {side: right, quality: [ache, numb]}]\ndate: 2024-05-17",
    "complaint: {side: left}\nperson: {sex: female, activities: [running]}\ncare: {equipment: loop_band}",
    "complaint: {side: left}\nfindings: {noble_compression: positive, knee_replaced: '?', fever: no,"
    " pelvic_drop: slight}",
    "complaint: {side: left, findings: {hip_ir: {left: 24 deg, right: unknown}, reflex_grade: '2'}}",
]


@pytest.mark.parametrize("text", VALID)
def test_valid_cases_are_valid(validator: jsonschema.Draft202012Validator, atlas: Atlas, text: str) -> None:
    found = document(text)
    validator.validate(found)
    assert parse_case(json.dumps(found), atlas=atlas).complaints


@pytest.mark.parametrize("text", VALID)
def test_what_is_written_is_valid(
    validator: jsonschema.Draft202012Validator, atlas: Atlas, text: str
) -> None:
    validator.validate(as_document(parse_case("gerdy: 1\n" + text, atlas=atlas)))


@pytest.mark.parametrize(
    "case",
    [
        {"gerdy": 1},
        {"gerdy": 2, "complaint": {"side": "left"}},
        {"complaint": {"side": "left"}},
        {"gerdy": 1, "complaint": {"side": "left"}, "complaints": [{"side": "left"}]},
        {"gerdy": 1, "complaint": {"side": "up"}},
        {"gerdy": 1, "complaint": {"side": "left", "pain": {"knee_lateral": 11}}},
        {"gerdy": 1, "complaint": {"side": "left", "pain": {"nowhere": 1}}},
        {"gerdy": 1, "complaint": {"side": "left"}, "person": {"age": 200}},
        {"gerdy": 1, "complaint": {"side": "left"}, "person": {"height_cm": 1.68}},
        {"gerdy": 1, "complaint": {"side": "left"}, "findings": {"nonsense": "positive"}},
        {"gerdy": 1, "complaint": {"side": "left"}, "findings": {"fever": "maybe"}},
        {"gerdy": 1, "complaint": {"side": "left"}, "findings": {"fever": {"left": "positive"}}},
        {"gerdy": 1, "complaint": {"side": "left"}, "findings": {"hip_ir": 200}},
        {"gerdy": 1, "complaint": {"side": "left"}, "findings": {"pelvic_drop": "huge"}},
        {"gerdy": 1, "complaint": {"side": "left", "drawing": [{"segment": "arm"}]}},
        {"gerdy": 1, "complaint": {"side": "left"}, "extra": 1},
    ],
)
def test_schema_and_reader_refuse_the_same(
    validator: jsonschema.Draft202012Validator, atlas: Atlas, case: dict[str, object]
) -> None:
    assert not validator.is_valid(case)
    with pytest.raises(CaseError):
        parse_case(json.dumps(case), atlas=atlas)
