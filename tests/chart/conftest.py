"""The shipped atlas and its field table, for every test of the chart."""

from __future__ import annotations

import pytest

from gerdy.atlas import Atlas, load_atlas
from gerdy.chart.table import FieldTable, field_table


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    return load_atlas()


@pytest.fixture(scope="session")
def table(atlas: Atlas) -> FieldTable:
    return field_table(atlas)
