"""The compiled and the plain path give the same numbers: geometry, dynamics, postures, loads."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gerdy.mechanics.body import Body
from gerdy.mechanics.compiling import COMPILING
from gerdy.mechanics.ik import fit
from gerdy.mechanics.loads import Options, loads_of, standing_ground
from gerdy.mechanics.person import Person
from gerdy.mechanics.sweep import sweep

OPTIONS = {"square": Options(), "cube": Options(power=3.0), "elastic": Options(tendon="elastic", reserve=5.0)}


def everything() -> dict[str, NDArray[np.float64]]:
    """Every number of a short movement, by name."""
    body = Body.own(Person(mass=62.0, height=1.68, sex="male"))
    turns = np.random.default_rng(9).uniform(-0.25, 0.25, (2, len(body.default)))
    q = body.default + np.stack([0.5 * turns[0], turns[0], turns[0] + 0.2 * turns[1]])
    for side in "rl":
        q[:, body.column(f"knee_angle_{side}")] = (0.2, 0.5, 0.9)
    v, a = np.gradient(q, 0.02, axis=0), np.gradient(np.gradient(q, 0.1, axis=0), 0.1, axis=0)
    swept = sweep(body.assembly, body.layout, q, v, a, standing_ground(body, q, "both"))
    found = {f"sweep {name}": value for name, value in swept._asdict().items()}
    names = tuple(marker.name for marker in body.model.markers)
    points = body.points(q)
    at = np.stack([points[name] for name in names], axis=1)
    at += 0.01 * np.random.default_rng(10).standard_normal(at.shape)
    at[1, :4] = np.nan
    solved = fit(body.assembly, names, at, start=q[0])
    found |= {f"fit {field.name}": getattr(solved, field.name) for field in fields(solved)}
    for title, options in OPTIONS.items():
        loads = loads_of(body, swept, options=options)
        found |= {f"{title} {field.name}": getattr(loads, field.name) for field in fields(loads)}
    return {name: np.asarray(value, dtype=np.float64) for name, value in found.items()}


RUN = """
import sys
import numpy as np
from gerdy.mechanics.compiling import COMPILING
from mechanics.test_two_paths import everything

assert not COMPILING
np.savez(sys.argv[1], **everything())
"""


@pytest.mark.slow
@pytest.mark.skipif(not COMPILING, reason="kernels are not compiled here: there is one path alone")
def test_both_paths_give_the_same_numbers(tmp_path: Path) -> None:
    file = tmp_path / "plain.npz"
    settings = os.environ | {"GERDY_PATH": "python", "PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, str(file)], env=settings, check=True, timeout=300
    )
    plain, compiled = np.load(file), everything()
    assert set(plain) == set(compiled)
    for name, value in compiled.items():
        size = max(1.0, float(np.nanmax(np.abs(value))))
        assert np.allclose(plain[name], value, rtol=1e-9, atol=1e-9 * size, equal_nan=True), name
    assert (compiled["square settled"] == 1.0).all()
    assert (compiled["fit converged"] == 1.0).all()
