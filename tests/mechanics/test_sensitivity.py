"""Spread over what nobody knows: draws that can be repeated, and that scatter as they should."""

from __future__ import annotations

import numpy as np
import pytest
from mechanics.toys import crane, line, point
from msgspec.structs import replace
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics import sensitivity
from gerdy.mechanics.band_ranges import load_ranges
from gerdy.mechanics.body import Body
from gerdy.mechanics.loads import Options, loads_of, solve, standing_ground
from gerdy.mechanics.sensitivity import DRAWN, draws_of, gluteus_factors, spread_of
from gerdy.mechanics.sweep import Swept, sweep

Array = NDArray[np.float64]


@pytest.fixture(scope="module")
def swept(own: Body) -> Swept:
    """One leg stands, the other swings a little."""
    q = np.tile(own.posture({"hip_adduction_r": 0.1, "knee_angle_r": 0.3, "hip_flexion_r": 0.2}), (4, 1))
    q[:, own.column("hip_flexion_l")] = np.linspace(0.0, 0.4, 4)
    still = np.zeros_like(q)
    return sweep(own.assembly, own.layout, q, still, still, standing_ground(own, q, "r"))


def test_draws_can_be_repeated_and_differ_by_seed(own: Body, swept: Swept) -> None:
    first, again, others = (spread_of(own, swept, draws_of(own, 6, seed=seed)) for seed in (3, 3, 4))
    assert first.band_force.shape == (6, 4, 2)
    for one, two in zip(vars(first).values(), vars(again).values(), strict=True):
        assert np.array_equal(one, two)
    assert not np.allclose(first.band_force, others.band_force)
    # More draws begin with the same ones.
    assert np.array_equal(spread_of(own, swept, draws_of(own, 9, seed=3)[:6]).band_force, first.band_force)


def test_threads_change_nothing(own: Body, swept: Swept) -> None:
    draws = draws_of(own, 8)
    shares: list[float] = []
    alone = spread_of(own, swept, draws, threads=1, progress=shares.append)
    assert np.array_equal(alone.epicondyle, spread_of(own, swept, draws, threads=4).epicondyle)
    assert shares == pytest.approx(np.arange(1, 9) / 8)


def test_without_scatter_the_typical_draw_is_the_body_itself(
    own: Body, swept: Swept, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed = {
        name: replace(entry, low=entry.typical, high=entry.typical) for name, entry in load_ranges().items()
    }
    monkeypatch.setattr(sensitivity, "load_ranges", lambda: fixed)
    for name in ("FORCE_SCATTER", "FIBRE_SCATTER", "SLACK_SCATTER"):
        monkeypatch.setattr(sensitivity, name, 0.0)
    spread, base = spread_of(own, swept, draws_of(own, 1)), loads_of(own, swept)
    for name in ("band_force", "band_strain", "epicondyle", "trochanter"):
        assert getattr(spread, name)[0] == pytest.approx(getattr(base, name), rel=1e-9, abs=1e-9), name


def test_draws_stay_within_the_published_ranges(own: Body) -> None:
    ranges, draws = load_ranges(), draws_of(own, 200)
    for name in set(DRAWN) & set(draws[0].band._fields):
        drawn = np.array([getattr(draw.band, name) for draw in draws])
        assert drawn.min() >= ranges[name].low
        assert drawn.max() <= ranges[name].high
        if ranges[name].low < ranges[name].high:
            assert drawn.std() > 0.1 * (ranges[name].high - ranges[name].low)
    force = np.array([draw.arrays.max_force / own.arrays.max_force for draw in draws])
    soleus = force[:, own.muscles.index("soleus_r")]
    assert np.log(soleus).std() == pytest.approx(sensitivity.FORCE_SCATTER, rel=0.15)
    assert np.median(soleus) == pytest.approx(1.0, abs=0.05)
    angles = np.array([draw.arrays.height / draw.arrays.optimal_length for draw in draws])
    assert angles == pytest.approx(np.tile(own.arrays.height / own.arrays.optimal_length, (200, 1)))


def test_the_spread_surrounds_what_the_typical_body_shows(own: Body, swept: Swept) -> None:
    spread, base = spread_of(own, swept, draws_of(own, 60)), loads_of(own, swept)
    low, high = np.percentile(spread.band_force[:, :, 0], (5, 95), axis=0)
    assert (low < base.band_force[:, 0]).all()
    assert (base.band_force[:, 0] < high).all()
    assert (high / low > 1.2).all()
    assert (high / low < 10.0).all()


def test_two_movements_are_compared_draw_by_draw(own: Body, swept: Swept) -> None:
    """The same unknowns weigh on both, so their ratio scatters less than either."""
    draws = draws_of(own, 40)
    harder = swept._replace(moment=1.3 * swept.moment)
    before, after = (spread_of(own, movement, draws).band_force[:, 0, 0] for movement in (swept, harder))
    ratio = after / before
    assert (ratio > 1.0).mean() > 0.9
    assert ratio.std() / ratio.mean() < 0.5 * before.std() / before.mean()


def test_options_and_limits_reach_every_draw(own: Body, swept: Swept) -> None:
    draws = draws_of(own, 3)
    weak = np.where([name == "tfl_r" for name in own.muscles], 0.1, 1.0)
    plain, cubes, weaker = (
        spread_of(own, swept, draws, options=options, limits=limits).band_force[:, :, 0]
        for options, limits in ((None, None), (Options(power=3.0), None), (None, weak))
    )
    assert np.abs(cubes - plain).max() > 1.0
    assert (weaker < plain).all()


def test_a_larger_share_of_the_gluteus_on_the_band_leaves_less_beside_it(own: Body) -> None:
    factors = dict(zip(own.muscles, gluteus_factors(own.muscles, 0.5, 0.8), strict=True))
    assert factors["glmaxitb_r"] == factors["glmaxitb_l"] == pytest.approx(1.6)
    assert factors["tfl_r"] == 1.0
    others = {name for name, factor in factors.items() if factor < 1.0}
    assert others
    assert all(name.startswith("glmax") for name in others)
    same = gluteus_factors(own.muscles, 0.5, 0.5)
    assert (same == 1.0).all()


def test_what_cannot_be_drawn_is_refused(own: Body) -> None:
    with pytest.raises(InputError, match="draws: must be at least 1; got 0"):
        draws_of(own, 0)
    bare = Body.of(crane(line(point("base", 0, 0, 0), point("arm", 0, -0.1, 0))))
    with pytest.raises(InputError, match="model crane: it has no iliotibial band"):
        draws_of(bare, 1)


def test_gluteus_share_of_the_body_is_that_of_its_table(own: Body) -> None:
    """A draw scales forces from the share that the table was made with; both must be the same."""
    assert own.band is not None
    q = own.posture({"hip_adduction_r": 0.1})
    typical = solve(own, q, stance="r").band_force[0, 0]
    assert typical > 0.0
    assert own.band.gluteus_share == load_ranges()["gluteus_share"].typical
