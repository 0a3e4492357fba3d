"""``gerdy schema``: the shape of what goes in and comes out."""

from __future__ import annotations

import json
from typing import Any

import click
import msgspec

from gerdy.api import Assessment
from gerdy.atlas import load_atlas
from gerdy.case import case_schema
from gerdy.case.schema import DIALECT

EPILOG = """\b
Examples:
  gerdy schema case > case.schema.json
  gerdy schema assessment"""
KINDS = ("case", "assessment")


@click.command(epilog=EPILOG)
@click.argument("kind", type=click.Choice(KINDS))
def schema(kind: str) -> None:
    """Print the JSON schema of a case or an assessment.

    The schema of a case lists every finding by its id and synonyms, so an editor can complete and check a
    case file while it is written. The output of "gerdy assess --json" is valid under the schema of an
    assessment.
    """
    click.echo(schema_text(kind))


def schema_text(kind: str) -> str:
    """Return the schema of one kind as it is printed, and shipped under docs/schema."""
    document = case_schema(load_atlas()) if kind == "case" else assessment_schema()
    return json.dumps(document, indent=2, ensure_ascii=False)


def assessment_schema() -> dict[str, Any]:
    """Return the schema of an assessment."""
    head = {"$schema": DIALECT, "$id": "urn:gerdy:assessment:1", "title": "Gerdy assessment"}
    return {**head, **msgspec.json.schema(Assessment)}
