"""Every test of the records room runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from records.making import KEY, Patient
from records.postgres import MISSING, Server, server

from gerdy.records import Records, open_records


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running PostgreSQL."""
    with server() as running:
        if running is None:
            pytest.skip(MISSING)
        yield running


@pytest.fixture
def mortal_postgres() -> Iterator[Server]:
    """A PostgreSQL for one test alone, which may kill it; with few files it is quick to come back."""
    with server() as running:
        if running is None:
            pytest.skip(MISSING)
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind: a file that is not there yet, or a URL."""
    if request.param == "sqlite":
        yield str(tmp_path / "records.db")
        return
    running: Server = request.getfixturevalue("postgres")
    url = running.database()
    yield url
    running.drop(url)


@pytest.fixture
def records(where: str) -> Iterator[Records]:
    """Open records without anybody."""
    with open_records(where, master_key=KEY) as opened:
        yield opened


@pytest.fixture
def runner() -> Patient:
    """Somebody new."""
    return Patient()


@pytest.fixture(autouse=True)
def no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the environment of whoever runs the tests out of them."""
    monkeypatch.delenv("GERDY_MASTER_KEY", raising=False)
    monkeypatch.delenv("GERDY_DB", raising=False)
