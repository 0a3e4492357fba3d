"""The comparison with OpenSim: its tables, and what it says when something is not at hand."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from mechanics_peer import others_running, peak_mb
from mechanics_setup import best, read_table, trial_in
from mechanics_vs_opensim import interpreter

from gerdy.errors import InputError


def test_tables_are_read_with_either_header(tmp_path: Path) -> None:
    file = tmp_path / "some.sto"
    file.write_text("name\nnRows=2\nendheader\ntime\t a_moment\n 0.5 \t1\n0.6\t-2e1\n\n", encoding="utf-8")
    table = read_table(file)
    assert list(table) == ["time", "a_moment"]
    np.testing.assert_array_equal(table["a_moment"], [1.0, -20.0])


def test_missing_recordings_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Rajagopal2016\.osim"):
        trial_in(tmp_path)


@pytest.mark.skipif(find_spec("opensim") is not None, reason="this interpreter has opensim")
def test_an_interpreter_without_opensim_is_told_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="pip install opensim"):
        interpreter(Path(sys.executable))
    with pytest.raises(InputError, match="cannot run"):
        interpreter(tmp_path / "python")


def test_times_are_the_shortest_after_a_first_call() -> None:
    calls: list[int] = []

    def call() -> int:
        calls.append(1)
        return len(calls)

    taken, value = best(call, 3)
    assert value == 4
    assert 0.0 < taken.wall < 1.0
    assert taken.others >= 0.0


def test_memory_and_company_are_plausible() -> None:
    assert 10.0 < peak_mb() < 1e5
    assert others_running() >= 0.0
