"""A small atlas with one finding of every shape, so that these tests do not depend on the shipped facts."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from gerdy.atlas import Atlas
from gerdy.atlas.model import Contributor, Finding, Intervention, Region
from gerdy.case import Case, case_schema, parse_case

BASIS = "{grade: E, source: 'assumed: for tests'}"
REGIONS = """
- {id: knee_lateral, name: outer knee, clinical: Lateral knee, synonyms: [outside knee],
   boxes: [{segment: knee, along: [0, 1], around: [60, 120]}]}
- {id: thigh_lateral, name: outer thigh, clinical: Lateral thigh,
   boxes: [{segment: thigh, along: [0, 1], around: [45, 135]}]}
- {id: buttock, name: buttock, clinical: Gluteal region,
   boxes: [{segment: pelvis, along: [0.2, 1], around: [120, 180]}]}
"""
FINDINGS = """
- {id: noble_compression, synonyms: [noble test, Noble], excludes: [knee_replaced]}
- {id: knee_replaced}
- {id: fever, sided: false, synonyms: [high temperature]}
- {id: pregnant, sided: false, sex: female}
- {id: worst_pain, measured: {unit: points, plausible: [0, 10], cutoff: 6, positive_below: false}}
- {id: hip_internal_rotation_deg, synonyms: [hip IR], excludes: [hip_turns_freely],
   measured: {unit: deg, plausible: [0, 90], cutoff: 25, positive_below: true}}
- {id: hip_turns_freely}
- {id: step_width, measured: {unit: mm, plausible: [0, 400], cutoff: 60, positive_below: true}}
- id: pelvic_drop
  levels:
    - {id: level, name: stays level, "on": 0.2, "off": 0.7, synonyms: [none]}
    - {id: slight, name: drops a little, "on": 0.3, "off": 0.2}
    - {id: marked, name: drops a lot, "on": 0.5, "off": {value: 0.1, grade: E, source: 'assumed: for tests'}}
- id: reflex_grade
  levels:
    - {id: "0", name: no reflex, "on": 0.7, "off": 0.2}
    - {id: "2", name: brisk, "on": 0.3, "off": 0.8}
- {id: pain_ache}
- {id: pain_sharp}
- {id: pain_burning}
- {id: numbness}
- {id: tingling}
"""
SPREADS = {"on": {"mean": 1.0, "sd": 1.0}, "off": {"mean": 0.0, "sd": 1.0}}
COMMON = {"topic": "history", "ask": "Is it so?", "who": "person", "cost": {"seconds": 5}, "silent": True}

Parse = Callable[[str], Case]


def _finding(given: Mapping[str, Any]) -> Finding:
    record = {"name": given["id"], "clinical": given["id"], "basis": yaml.safe_load(BASIS), **COMMON, **given}
    if "measured" in record:
        record["measured"] = {**record["measured"], **SPREADS}
    return msgspec.convert(record, Finding)


class _SmallAtlas(Atlas):
    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text("the small atlas")  # hypothesis prints its arguments


def _small_atlas() -> Atlas:
    regions = msgspec.convert(yaml.safe_load(REGIONS), list[Region])
    findings = [_finding(given) for given in yaml.safe_load(FINDINGS)]
    cause = {"id": "weak_hip", "name": "weak hip", "clinical": "weakness", "background": 0.2}
    contributor = msgspec.convert({**cause, "basis": yaml.safe_load(BASIS)}, Contributor)
    band_work = {
        "id": "band_work", "name": "band work", "clinical": "band work", "phase": "strength", "targets": {},
        "steps": ["Walk sideways."], "feel": "The outer hip.", "stop_if": [], "equipment": ["loop_band"],
        "why": "the hip is weak",
    }  # fmt: skip
    intervention = msgspec.convert({**band_work, "basis": yaml.safe_load(BASIS)}, Intervention)
    content: dict[str, Any] = {field.name: {} for field in fields(Atlas)} | {
        "relations": (),
        "regions": {region.id: region for region in regions},
        "findings": {finding.id: finding for finding in findings},
        "contributors": {contributor.id: contributor},
        "interventions": {intervention.id: intervention},
    }
    return _SmallAtlas(**content)


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return _small_atlas()


@pytest.fixture(scope="session")
def parse(atlas: Atlas) -> Parse:
    """Read a case with one right-sided complaint about the outer knee, unless the text brings its own."""

    def read(text: str) -> Case:
        head = "gerdy: 1\n"
        if "complaint" not in text:
            head += "complaint: {side: right, pain: {knee_lateral: 6}}\n"
        return parse_case(head + text, "case.yaml", atlas=atlas)

    return read


@pytest.fixture(scope="session")
def validator(atlas: Atlas) -> jsonschema.Draft202012Validator:
    schema = case_schema(atlas)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)
