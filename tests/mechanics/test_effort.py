"""Effort sharing against an independent solver, against its own optimality conditions, and on bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics import effort
from gerdy.mechanics.effort import Shared, bench, share, share_effort, share_steep, solve_in_place

Array = NDArray[np.float64]
Problem = tuple[Array, Array, Array, Array]


def problem(
    seed: int, coordinates: int = 5, muscles: int = 40, size: float = 60.0, reserve: float = 1.0
) -> Problem:
    """Return a problem the size of a leg: moment arms of some cm, some of them zero, forces to 3 kN."""
    random = np.random.default_rng(seed)
    arms = random.normal(0.0, 0.03, (coordinates, muscles)) * (random.random((coordinates, muscles)) < 0.6)
    active = random.uniform(100.0, 3000.0, muscles)
    return arms, active, random.normal(0.0, size, coordinates), np.full(coordinates, reserve)


def by_daqp(arms: Array, active: Array, demand: Array, reserve: Array, weights: Array | None = None) -> Array:
    """Return the activations by another method: an active-set solver over activations and scaled reserves."""
    rows, muscles = arms.shape
    cost = np.ones(muscles) if weights is None else weights
    size = muscles + rows
    upper = np.concatenate([np.ones(muscles), np.full(rows, 1e30), demand])
    lower = np.concatenate([np.zeros(muscles), np.full(rows, -1e30), demand])
    sense = np.concatenate([np.zeros(size), np.full(rows, 5)]).astype(np.int32)
    found, _, flag, _ = import_module("daqp").solve(
        np.diag(2.0 * np.concatenate([cost, np.ones(rows)])),
        np.zeros(size),
        np.hstack([arms * active, np.diag(reserve)]),
        upper,
        lower,
        sense,
        primal_tol=1e-11,
        dual_tol=1e-13,
    )
    assert flag == 1
    return np.asarray(found[:muscles])


def assert_optimal(given: Problem, found: Shared, power: float, weights: Array) -> None:
    """Balance, bounds, and for each muscle the sign of price against push (Karush, Kuhn and Tucker)."""
    arms, active, demand, reserve = given
    lever = arms * active
    a = found.activation
    scale = np.abs(demand) + np.abs(lever) @ a + reserve
    assert np.all(np.abs(demand - lever @ a - found.reserve) <= 1e-10 * scale)
    assert a.min() >= 0.0
    assert a.max() <= 1.0
    assert np.all(np.abs(found.reserve - 0.5 * reserve**2 * found.multiplier) <= 1e-10 * scale)
    push = lever.T @ found.multiplier
    price = weights * power * a ** (power - 1.0)
    excess = (price - push) / max(price.max(), 1e-300)
    # A push may be a small difference of large terms.
    rounding = 1e-14 * np.abs(lever.T) @ np.abs(found.multiplier) / max(price.max(), 1e-300)
    assert np.all(excess[a > 0.0] <= 1e-7 + rounding[a > 0.0])
    assert np.all(excess[a < 1.0] >= -1e-7 - rounding[a < 1.0])


def gap(given: Problem, found: Shared, power: float) -> float:
    """Return how much cheaper any answer could be at most (weak duality), as a share of the terms it is summed from.

    Beside them counts a thousandth of one activation, cubed: moments are met to a share of the reserves.
    """
    arms, active, demand, reserve = given
    multiplier, a = found.multiplier, found.activation
    push = np.maximum((arms * active).T @ multiplier, 0.0)
    best = np.minimum((push / power) ** (1.0 / (power - 1.0)), 1.0)
    cost = np.sum(a**power) + np.sum((found.reserve / reserve) ** 2)
    bound = (
        multiplier @ demand - np.sum(push * best - best**power) - np.sum((0.5 * reserve * multiplier) ** 2)
    )
    return float((cost - bound) / (cost + np.abs(multiplier * demand).sum() + 1e-9))


@pytest.mark.parametrize("size", [1e-3, 10.0, 60.0, 600.0, 20000.0])
@pytest.mark.parametrize("coordinates", [1, 3, 5, 7, 8])
def test_agrees_with_an_active_set_solver(size: float, coordinates: int) -> None:
    for seed in range(12):
        given = problem(seed, coordinates, size=size)
        found = share_effort(*given)
        assert found.converged
        assert np.abs(found.activation - by_daqp(*given)).max() < 1e-8
        assert_optimal(given, found, 2.0, np.ones(40))


@pytest.mark.parametrize("reserve", [0.1, 1.0, 10.0, 1000.0])
def test_agrees_whatever_the_reserves_cost(reserve: float) -> None:
    for seed in range(12):
        given = problem(seed, size=120.0, reserve=reserve)
        assert np.abs(share_effort(*given).activation - by_daqp(*given)).max() < 1e-8


@pytest.mark.parametrize("size", [20.0, 199.0, 600.0])
def test_meets_moments_where_rounding_of_the_multipliers_alone_would_not(size: float) -> None:
    for seed in range(12):
        given = problem(seed, 6, 27, size, 0.0625)
        found = share_effort(*given)
        assert found.converged
        assert np.abs(found.activation - by_daqp(*given)).max() < 1e-7
        assert abs(gap(given, found, 2.0)) < 1e-12


def test_agrees_with_weights() -> None:
    for seed in range(12):
        given = problem(seed)
        weights = np.random.default_rng(seed + 100).uniform(0.1, 5.0, 40)
        found = share_effort(*given, weights=weights)
        assert np.abs(found.activation - by_daqp(*given, weights)).max() < 1e-8
        assert_optimal(given, found, 2.0, weights)


def test_one_muscle_is_solved_by_hand() -> None:
    # a^2 + ((10 - 20 a) / 2)^2 is least where 2 a = 20 (10 - 20 a) 2 / 4.
    found = share_effort([[0.02]], [1000.0], [10.0], [2.0])
    assert found.activation[0] == pytest.approx(100.0 / 202.0, abs=1e-14)
    assert found.reserve[0] == pytest.approx(10.0 - 20.0 * 100.0 / 202.0, abs=1e-12)


def test_reserves_give_what_muscles_cannot() -> None:
    found = share_effort([[0.05, 0.0]], [1000.0, 1000.0], [90.0], [1.0])
    assert found.converged
    assert found.activation[0] == 1.0
    assert found.activation[1] == 0.0
    assert found.reserve[0] == pytest.approx(40.0, abs=1e-9)


def test_a_moment_that_only_antagonists_could_give_is_left_to_the_reserve() -> None:
    found = share_effort([[-0.05, -0.02]], [1000.0, 800.0], [30.0], [1.0])
    assert found.activation.tolist() == [0.0, 0.0]
    assert found.reserve[0] == 30.0


def test_without_muscles_or_demand_nothing_acts() -> None:
    none = share_effort(np.zeros((2, 0)), np.zeros(0), [3.0, -4.0], [1.0, 1.0])
    assert none.converged
    assert none.reserve.tolist() == [3.0, -4.0]
    arms, active, demand, reserve = problem(3)
    rest = share_effort(arms, active, 0.0 * demand, reserve)
    assert rest.converged
    assert not rest.activation.any()
    assert not rest.reserve.any()


def test_twins_share_alike_and_dead_coordinates_do_no_harm() -> None:
    arms, active, demand, reserve = problem(5)
    arms[:, 7], active[7] = arms[:, 3], active[3]
    arms[2] = 0.0
    found = share_effort(arms, active, demand, reserve)
    assert found.converged
    assert found.activation[7] == found.activation[3]
    assert found.reserve[2] == pytest.approx(demand[2], rel=1e-12)
    twice = np.vstack([arms, arms[:1]])  # the same coordinate asked twice, with different answers
    odd = share_effort(twice, active, np.append(demand, -demand[0]), np.append(reserve, 1.0))
    assert (
        np.abs(odd.activation - by_daqp(twice, active, np.append(demand, -demand[0]), np.ones(6))).max()
        < 1e-8
    )


@pytest.mark.parametrize("power", [1.05, 1.2, 1.5, 2.5, 3.0, 4.0])
def test_other_powers_meet_their_optimality_conditions(power: float) -> None:
    for seed in range(25):
        given = problem(seed, size=60.0 if seed % 2 else 400.0)
        found = share_effort(*given, power=power)
        assert found.converged
        assert_optimal(given, found, power, np.ones(40))


@pytest.mark.parametrize("power", [6.0, 10.0])
def test_steep_powers_are_optimal_or_say_that_they_are_not(power: float) -> None:
    solved = 0
    for seed in range(40):
        given = problem(seed)
        found = share_effort(*given, power=power)
        lever = given[0] * given[1]
        assert np.allclose(lever @ found.activation + found.reserve, given[2], rtol=0, atol=1e-9)
        solved += found.converged
        if found.converged:
            assert_optimal(given, found, power, np.ones(40))
    assert solved >= 36


def test_a_higher_power_spreads_the_load() -> None:
    given = problem(11)
    most = [share_effort(*given, power=power).activation.max() for power in (1.2, 2.0, 3.0, 4.0)]
    assert most == sorted(most, reverse=True)
    assert most[0] > 1.2 * most[-1]


def test_power_three_is_cheaper_than_what_a_general_optimiser_finds() -> None:
    arms, active, demand, reserve = problem(2, coordinates=3, muscles=10)
    lever = arms * active

    def cost(a: Array) -> float:
        return float(np.sum(np.abs(a) ** 3) + np.sum(((demand - lever @ a) / reserve) ** 2))

    other = import_module("scipy.optimize").minimize(
        cost, np.full(10, 0.3), method="SLSQP", bounds=[(0, 1)] * 10, options={"ftol": 1e-14, "maxiter": 1000}
    )
    found = share_effort(arms, active, demand, reserve, power=3.0)
    assert cost(found.activation) <= cost(other.x) * (1.0 + 1e-9)
    assert cost(found.activation) == pytest.approx(cost(other.x), rel=1e-4)


@given(
    st.integers(0, 10**6),
    st.integers(1, 8),
    st.integers(1, 50),
    st.floats(0.001, 3000.0),
    st.floats(0.05, 100.0),
    st.sampled_from([1.5, 2.0, 3.0]),
)
def test_is_optimal_for_any_problem(
    seed: int, coordinates: int, muscles: int, size: float, reserve: float, power: float
) -> None:
    given = problem(seed, coordinates, muscles, size, reserve)
    found = share_effort(*given, power=power)
    assert found.converged
    assert 0.0 <= found.activation.min() <= found.activation.max() <= 1.0
    assert abs(gap(given, found, power)) < 1e-11


@given(st.integers(0, 10**6), st.floats(0.0, 1.0))
def test_asking_for_less_never_costs_more(seed: int, part: float) -> None:
    arms, active, demand, reserve = problem(seed)

    def cost(d: Array) -> float:
        found = share_effort(arms, active, d, reserve)
        return float(np.sum(found.activation**2) + np.sum((found.reserve / reserve) ** 2))

    assert cost(part * demand) <= cost(demand) * (1.0 + 1e-12)


def test_a_warm_start_gives_the_same_answer_in_fewer_steps() -> None:
    arms, active, demand, reserve = problem(8)
    work, weights = bench(5, 40), np.ones(40)
    warm, cold = np.zeros(5), 0
    steps = 0
    for k in range(200):
        asked = demand * np.sin(0.01 * k)
        activation = np.zeros(40)
        steps += share(arms, active, asked, reserve, 2.0, weights, activation, warm, work)
        fresh = share_effort(arms, active, asked, reserve)
        cold += fresh.iterations
        assert np.abs(activation - fresh.activation).max() < 1e-10
    assert steps < 0.5 * cold


def test_a_useless_start_does_not_harm() -> None:
    arms, active, demand, reserve = problem(9)
    right = share_effort(arms, active, demand, reserve).activation
    for start in (1e-300, 1e8, -1e8):
        activation, multiplier = np.zeros(40), np.full(5, start)
        assert (
            share(arms, active, demand, reserve, 2.0, np.ones(40), activation, multiplier, bench(5, 40)) >= 0
        )
        assert np.abs(activation - right).max() < 1e-8


@pytest.mark.parametrize("kernel", [share, share_steep])
def test_what_is_not_a_number_is_never_called_solved(kernel: object) -> None:
    arms, active, demand, reserve = problem(1)
    demand[2] = np.nan
    solve = getattr(effort, kernel.__name__)  # type: ignore[attr-defined]
    assert solve(arms, active, demand, reserve, 2.0, np.ones(40), np.zeros(40), np.zeros(5), bench(5, 40)) < 0


def test_small_systems_are_solved() -> None:
    random = np.random.default_rng(0)
    for size in range(1, 9):
        root = random.normal(size=(size, size))
        matrix, right = root @ root.T + 0.1 * np.eye(size), random.normal(size=size)
        found = right.copy()
        solve_in_place(matrix.copy(), found)
        assert np.allclose(matrix @ found, right, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"arms": [1.0, 2.0]}, "arms: must have shape (coordinates, muscles); got (2,)."),
        ({"active": [1.0]}, "active: must have shape (2,); got (1,)."),
        ({"demand": [1.0, 2.0]}, "demand: must have shape (1,); got (2,)."),
        ({"demand": [np.nan]}, "demand: must be finite numbers; demand[0] is nan."),
        ({"arms": [[0.1, np.inf]]}, "arms: must be finite numbers; arms[0, 1] is inf."),
        ({"active": [1.0, -2.0]}, "active: a muscle cannot push; active[1] is -2 N."),
        ({"reserve": [0.0]}, "reserve: must be above zero; reserve[0] is 0."),
        ({"weights": [1.0, -1.0]}, "weights: must be above zero; weights[1] is -1."),
        ({"power": 1.0}, "power: must be above 1 and at most 10; got 1."),
        ({"power": 11.0}, "power: must be above 1 and at most 10; got 11."),
        ({"power": np.nan}, "power: must be above 1 and at most 10; got nan."),
    ],
)
def test_bad_input_is_named(change: dict[str, object], says: str) -> None:
    whole: dict[str, object] = {"arms": [[0.1, 0.2]], "active": [1.0, 2.0], "demand": [1.0], "reserve": [1.0]}
    with pytest.raises(InputError) as caught:
        share_effort(**{**whole, **change})  # type: ignore[arg-type]
    assert str(caught.value) == says


PLAIN = """
import json
import numpy as np
from mechanics.test_effort import problem
from gerdy.mechanics.compiling import COMPILING
from gerdy.mechanics.effort import share_effort
found = [share_effort(*problem(k), power=p).activation.tolist() for k in range(4) for p in (1.5, 2.0, 3.0)]
print(json.dumps([COMPILING, found]))
"""


def test_plain_python_gives_the_same_numbers() -> None:
    here = [share_effort(*problem(k), power=p).activation for k in range(4) for p in (1.5, 2.0, 3.0)]
    tests = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", PLAIN],
        env={**os.environ, "GERDY_PATH": "python", "PYTHONPATH": tests},
        capture_output=True,
        text=True,
        check=True,
    )
    compiling, there = json.loads(run.stdout)
    assert compiling is False
    assert max(np.abs(a - np.array(b)).max() for a, b in zip(here, there, strict=True)) < 1e-9
