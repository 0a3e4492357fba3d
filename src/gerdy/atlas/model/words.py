"""What is said about all this, and by whom."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from gerdy.atlas.model.record import Entry, Grade


class Verdict(StrEnum):
    """What the evidence says of a claim."""

    SUPPORTED = "supported"
    MIXED = "mixed"
    CONTRADICTED = "contradicted"
    UNTESTED = "untested"


class Claim(Entry, frozen=True, kw_only=True):
    """A statement from an article, held against evidence."""

    statement: str
    says: list[str]  # citation ids of who says it
    verdict: Verdict
    evidence: str
    citations: list[str] = []
    grade: Grade
    test: str = ""  # what a simulation would compute, where it is mechanical
    topics: list[str] = []  # atlas ids it concerns


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """A source in CSL-JSON terms; fields not used by Gerdy are kept as given."""

    id: str
    type: str
    title: str = ""
    author: list[dict[str, str]] = []
    issued: dict[str, Any] = {}
    container_title: str = msgspec.field(default="", name="container-title")
    DOI: str = ""
    PMID: str = ""
    PMCID: str = ""
    URL: str = ""
    note: str = ""
