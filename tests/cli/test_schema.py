"""The schemas that are printed, and those that are shipped."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result

from gerdy.cli.schema import KINDS

Run = Callable[..., Result]
SHIPPED = Path(__file__).parents[2] / "docs" / "schema"


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_a_schema(kind: str, run: Run) -> None:
    result = run("schema", kind)
    assert result.exit_code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(result.stdout))


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_current(kind: str, run: Run) -> None:
    shipped = SHIPPED / f"{kind}.schema.json"
    current = run("schema", kind).stdout == shipped.read_text("utf-8")
    assert current, f"out of date; run: gerdy schema {kind} > docs/schema/{kind}.schema.json"
