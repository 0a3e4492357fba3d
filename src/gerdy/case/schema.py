"""The case file as a JSON schema (2020-12), for editors, forms and other programs.

The schema knows every id, synonym and answer in its standard spelling (lower case; single underscores in
names). Reading is more forgiving (any case, spaces, hyphens), and stricter: contradictions do not fit into a
schema.
"""

from __future__ import annotations

from typing import Any

from gerdy.atlas import Atlas, normal_form
from gerdy.atlas.model import Entry, Finding
from gerdy.case.complaint import LONGEST_ID, PAIN
from gerdy.case.form import LONGEST_TEXT
from gerdy.case.model import Sex
from gerdy.case.parsing import VERSION
from gerdy.case.person import (
    ACTIVITIES,
    AGE_YEARS,
    DAYS_PER_WEEK,
    HEIGHT_CM,
    MASS_KG,
    MINUTES_PER_DAY,
    SEX_WORDS,
    equipment,
)
from gerdy.case.values import WORDS
from gerdy.chart.drawing import QUALITIES
from gerdy.chart.limb import SEGMENTS

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = f"urn:gerdy:case:{VERSION}"


def case_schema(atlas: Atlas) -> Schema:
    """Return the schema of the case file; every document ``dump_case`` writes is valid under it."""
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID,
        "title": "Gerdy case",
        "description": "One person's pain, drawing and findings.",
        **_object(
            {
                "gerdy": {"const": VERSION, "description": "Version of the format."},
                "date": {"type": "string", "format": "date"},
                "person": {"$ref": "#/$defs/person"},
                "complaint": {"$ref": "#/$defs/complaint"},
                "complaints": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/complaint"}},
                "findings": {"$ref": "#/$defs/findings"},
                "care": {"$ref": "#/$defs/care"},
                "notes": _text("Anything else, in words; not used in reasoning."),
            },
            required=["gerdy"],
        ),
        "oneOf": [{"required": ["complaint"]}, {"required": ["complaints"]}],
        "$defs": {
            "person": _person(),
            "complaint": _complaint(atlas),
            "mark": _mark(),
            "care": _care(atlas),
            "pain": _range(*PAIN, description="0 none, 10 worst imaginable."),
            "answer": {"enum": [*(word for word in WORDS if word != "null"), True, False, None]},
            "findings": _object({n: _finding(f) for f in atlas.findings.values() for n in _names(f)}),
        },
    }


def _object(properties: dict[str, Schema], required: list[str] | None = None) -> Schema:
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _range(low: float, high: float, description: str = "") -> Schema:
    schema: Schema = {"type": "number", "minimum": low, "maximum": high}
    return {**schema, "description": description} if description else schema


def _text(description: str) -> Schema:
    return {"type": "string", "maxLength": LONGEST_TEXT, "description": description}


def _words(words: list[str]) -> Schema:
    """Return the schema of a list of words, or a single one."""
    return {"anyOf": [{"enum": words}, {"type": "array", "items": {"enum": words}}]}


def _names(entry: Entry) -> list[str]:
    return list(dict.fromkeys((entry.id, *(normal_form(word) for word in entry.synonyms))))


def _person() -> Schema:
    return _object(
        {
            "age": _range(*AGE_YEARS, description="Years."),
            "sex": {"enum": [*(sex.value for sex in Sex), *SEX_WORDS]},
            "height_cm": _range(*HEIGHT_CM),
            "mass_kg": _range(*MASS_KG),
            "activities": _words(list(ACTIVITIES)),
        }
    )


def _care(atlas: Atlas) -> Schema:
    return _object(
        {
            "minutes_per_day": _range(*MINUTES_PER_DAY),
            "days_per_week": {**_range(*DAYS_PER_WEEK), "type": "integer"},
            "equipment": _words(equipment(atlas)),
            "goal": _text("What the person wants to get back to."),
        }
    )


def _complaint(atlas: Atlas) -> Schema:
    regions = {
        name: {"$ref": "#/$defs/pain", "title": region.name}
        for region in atlas.regions.values()
        for name in _names(region)
    }
    return _object(
        {
            "id": {
                "type": ["string", "integer"],
                "maxLength": LONGEST_ID,
                "description": "Name of the complaint.",
            },
            "side": {"enum": ["right", "left", "R", "L", "r", "l"]},
            "since": {"type": ["string", "integer"], "description": "2024, 2024-05, 2024-05-17, or 6 weeks."},
            "pain": _object(regions),
            "drawing": {"type": "array", "items": {"$ref": "#/$defs/mark"}},
            "quality": _words(list(QUALITIES)),
            "findings": {"$ref": "#/$defs/findings"},
        },
        required=["side"],
    )


def _mark() -> Schema:
    return _object(
        {
            "segment": {"enum": list(SEGMENTS)},
            "along": _span(
                1.0, "0 top to 1 bottom of the segment (foot: heel to toes); a number or [from, to]."
            ),
            "around": _span(
                360.0, "Degrees: 0 front, 90 outer, 180 back, 270 inner; a number or [from, to]."
            ),
            "intensity": {"$ref": "#/$defs/pain"},
            "quality": {"enum": list(QUALITIES)},
        },
        required=["segment", "along", "around", "intensity"],
    )


def _span(most: float, description: str) -> Schema:
    end = _range(0.0, most)
    ends = {"type": "array", "items": end, "minItems": 2, "maxItems": 2}
    return {"anyOf": [end, ends], "description": description}


def _finding(finding: Finding) -> Schema:
    one: Schema = {"$ref": "#/$defs/answer"}
    if finding.levels:
        names = [name for level in finding.levels for name in (level.id, *level.synonyms)]
        one = {"anyOf": [one, {"enum": list(dict.fromkeys(names))}]}
    elif finding.measured is not None:
        number = _range(*finding.measured.plausible, description=f"In {finding.measured.unit}.")
        one = {"anyOf": [one, number, {"type": "string", "pattern": r"^\s*[-+]?[0-9.]"}]}
    if finding.sided:
        one = {"anyOf": [one, {**_object({"left": one, "right": one}), "minProperties": 1}]}
    return {"title": finding.name, **one}
