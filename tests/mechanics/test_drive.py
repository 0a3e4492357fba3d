"""What moves each degree of freedom: couplings, locked coordinates, and derivatives against finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mechanics.toys import WIDE, chain
from msgspec.structs import replace
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.assembly import Assembly, assemble
from gerdy.mechanics.body import Body
from gerdy.mechanics.drive import spread
from gerdy.mechanics.functions import value
from gerdy.mechanics.model import Coordinate, Coupling, Linear, Polynomial, Spline

Array = NDArray[np.float64]
MODELS = (
    "opensim-models/Models/Gait2392_Simbody/gait2392_thelen2003muscle.osim",
    "opensim-models/Models/Rajagopal/Rajagopal2016.osim",
)


class Full(NamedTuple):
    position: Array
    slope: Array
    bend: Array


def full(assembly: Assembly, q: Array) -> Full:
    nv = assembly.mj.nv
    out = Full(np.zeros(nv), np.zeros(nv), np.zeros(nv))
    spread(assembly.drive, q, np.zeros((len(assembly.drive.rest), 3)), *out)
    return out


def check_derivatives(assembly: Assembly, q: Array, step: float = 1e-6) -> None:
    here, column = full(assembly, q), assembly.drive.column
    assert not here.slope[column < 0].any()
    for c in range(len(q)):
        there = np.zeros_like(q)
        there[c] = step
        low, high = full(assembly, q - there), full(assembly, q + there)
        own = column == c
        assert not (high.position - low.position)[~own].any()
        assert (high.position - low.position)[own] / (2 * step) == pytest.approx(here.slope[own], abs=1e-8)
        assert (high.slope - low.slope)[own] / (2 * step) == pytest.approx(here.bend[own], abs=1e-6)


def inside(body: Body, share: Array) -> Array:
    low, high = np.array([c.range for c in body.model.coordinates if c.name in body.coordinates]).T
    return np.asarray(low + share * (high - low))


@given(st.integers(0, 2**32 - 1))
def test_derivatives_of_the_own_body(own: Body, seed: int) -> None:
    share = np.random.default_rng(seed).uniform(0.01, 0.99, len(own.coordinates))
    check_derivatives(own.assembly, inside(own, share))


@pytest.mark.parametrize("file", MODELS)
def test_derivatives_of_imported_models(imported: Callable[[str], Body], file: str) -> None:
    body = imported(file)
    for seed in range(5):
        check_derivatives(
            body.assembly, inside(body, np.random.default_rng(seed).uniform(0.01, 0.99, len(body.default)))
        )


def test_kneecaps_follow_knees(own: Body) -> None:
    bent = own.points(own.posture({"knee_angle_r": 1.2}))
    straight = own.points(own.default)
    assert np.linalg.norm(bent["patella_r"] - straight["patella_r"]) > 0.01
    assert bent["patella_l"] == pytest.approx(straight["patella_l"], abs=1e-12)


COUPLED = Spline((-1.0, 0.0, 1.0, 2.0), (0.5, 0.0, 0.2, 1.0))


def coupled(locked: bool = False) -> Assembly:
    """Two links; the second follows the first by a spline, through a joint that doubles the angle."""
    model = chain((1.0, 1.0), (1.0, 1.0), (0.1, 0.1))
    second = model.joints[1]
    doubled = replace(second, rotations=(replace(second.rotations[0], function=Polynomial((2.0, 0.0))),))
    follower = Coordinate(
        name="angle1", default=0.3, range=WIDE, locked=locked, coupling=Coupling("angle0", COUPLED)
    )
    return assemble(
        replace(
            model,
            joints=(model.joints[0], doubled, *model.joints[2:]),
            coordinates=(model.coordinates[0], follower),
        )
    )


@given(st.floats(-0.9, 1.9))
def test_a_coupled_coordinate_follows_its_leader(angle: float) -> None:
    assembly = coupled()
    assert assembly.free == ("angle0",)
    assert full(assembly, np.array([angle])).position == pytest.approx([angle, 2.0 * value(COUPLED, angle)])
    if min(abs(angle - knot) for knot in COUPLED.x) > 1e-4:
        check_derivatives(assembly, np.array([angle]))


def test_a_locked_coordinate_rests_even_where_it_was_coupled() -> None:
    assembly = coupled(locked=True)
    assert assembly.free == ("angle0",)
    placed = full(assembly, np.array([0.7]))
    assert placed.position == pytest.approx([0.7, 0.6])
    assert placed.slope.tolist() == [1.0, 0.0]


def test_coupled_masses_are_felt_by_their_leader() -> None:
    """The moment about the leader holds what the follower's weight gives through the coupling."""
    model = chain((1.0, 1.0), (1.0, 1.0), (0.1, 0.1))
    follower = Coordinate(name="angle1", range=WIDE, coupling=Coupling("angle0", Linear(0.5, 0.1)))
    both, alone = Body.of(model), Body.of(replace(model, coordinates=(model.coordinates[0], follower)))
    angle = 0.4
    first, second = both.swept(np.array([angle, 0.5 * angle + 0.1])).moment[0]
    assert alone.swept(np.array([angle])).moment[0, 0] == pytest.approx(first + 0.5 * second)


def test_a_locked_coordinate_can_be_set_and_others_cannot(own: Body) -> None:
    bowed = own.with_locked({"knee_adduction_r": 0.1})
    before, after = own.points(own.default), bowed.points(own.default)
    assert abs(after["calcn_r"][0, 2] - before["calcn_r"][0, 2]) > 0.02
    assert after["calcn_l"] == pytest.approx(before["calcn_l"])
    for name in ("knee_angle_r", "tail"):
        with pytest.raises(InputError, match=f"no locked '{name}'"):
            own.with_locked({name: 0.1})
