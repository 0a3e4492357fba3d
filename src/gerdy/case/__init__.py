"""What is known of one person: read strictly, checked against the atlas, kept as frozen records."""

from gerdy.case.case import Case
from gerdy.case.contradictions import check_case
from gerdy.case.model import (
    IMPLIED,
    Answer,
    Complaint,
    Given,
    Means,
    Observation,
    Person,
    Quality,
    Sex,
    Sides,
    Value,
)
from gerdy.case.parsing import load_case, parse_case
from gerdy.case.person import ACTIVITIES
from gerdy.case.schema import case_schema
from gerdy.case.since import days_since
from gerdy.case.values import abnormal_levels, is_positive, read_value
from gerdy.case.writing import as_document, dump_case, save_case
from gerdy.chart.drawing import Mark
from gerdy.chart.limb import Side

__all__ = [
    "ACTIVITIES",
    "IMPLIED",
    "Answer",
    "Case",
    "Complaint",
    "Given",
    "Mark",
    "Means",
    "Observation",
    "Person",
    "Quality",
    "Sex",
    "Side",
    "Sides",
    "Value",
    "abnormal_levels",
    "as_document",
    "case_schema",
    "check_case",
    "days_since",
    "dump_case",
    "is_positive",
    "load_case",
    "parse_case",
    "read_value",
    "save_case",
]
