"""Whole interviews by piped lines."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gerdy.case import Case, load_case

Talk = Callable[..., Result]
Saved = Callable[..., Case]


@pytest.fixture
def talk(run: Callable[..., Result]) -> Talk:
    """Answer an interview with lines, one after the other, and then leave."""

    def answered(*lines: str, args: tuple[str, ...] = ()) -> Result:
        return run("interview", *args, typed="".join(f"{line}\n" for line in lines))

    return answered


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """Load what an interview saved."""

    def loaded(name: str = "gerdy-case.yaml") -> Case:
        return load_case(tmp_path / name)

    return loaded
