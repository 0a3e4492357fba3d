"""Muscle curves against OpenSim 4.6, and what must hold of any of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy.errors import InputError
from gerdy.mechanics.curves import (
    ACTIVE,
    NAMES,
    PASSIVE,
    PIECES,
    TENDON,
    VELOCITY,
    curve,
    curve_tables,
    exact,
)
from gerdy.mechanics.model import CurveKind, Curves

SETS = {
    "standard": Curves(),
    "rajagopal": Curves(active=(0.25, 0.77, 1.9, 0.75, 0.0)),
    "other": Curves(
        active=(0.47, 0.8, 1.6, 0.5, 0.1),
        velocity=(0.1, 0.3, 4.0, 0.05, 0.2, 1.6, 0.3, 0.4),
        passive=(-0.1844453874929782, 0.50595953637679147, 0.2, 2.8968507188359185, 0.75),
        tendon=(0.10, 20.0, 0.4, 0.3),
    ),
    "gait2392": Curves(
        kind=CurveKind.THELEN, active=(0.5,), velocity=(0.3, 1.8), passive=(4.0, 0.6), tendon=(0.033,)
    ),
    "thelen": Curves(
        kind=CurveKind.THELEN, active=(0.45,), velocity=(0.25, 1.4), passive=(5.0, 0.6), tendon=(0.049,)
    ),
}

# set, curve, x, value, slope: calcValue and calcDerivative of the curve objects of OpenSim 4.6
OPENSIM = [
    ("standard", ACTIVE, 0.3, 0, 0),
    ("standard", ACTIVE, 0.475, 0.02015613334044, 2.365352681023),
    ("standard", ACTIVE, 0.7, 0.7670203685686, 1.755435330249),
    ("standard", ACTIVE, 0.9, 0.956759832543, 0.8508162619767),
    ("standard", ACTIVE, 1.1, 0.9573755322804, -1.186810783986),
    ("standard", ACTIVE, 1.4, 0.5437307271182, -1.403818741202),
    ("standard", ACTIVE, 1.9, 0, 0),
    ("standard", VELOCITY, -1.04, 0, 0),
    ("standard", VELOCITY, -0.845, 0.02631076063945, 0.2534460137484),
    ("standard", VELOCITY, -0.325, 0.3039610372239, 1.023075976173),
    ("standard", VELOCITY, -0.0325, 0.8436189862523, 4.425436435284),
    ("standard", VELOCITY, 0.0325, 1.134449550535, 2.759372100737),
    ("standard", VELOCITY, 0.845, 1.384248018076, 0.150110817724),
    ("standard", VELOCITY, 1.17, 1.4, 0),
    ("standard", PASSIVE, 0.96, 0, 0),
    ("standard", PASSIVE, 1.00875, 5.920006851835e-05, 0.02413788104862),
    ("standard", PASSIVE, 1.0575, 0.008019084843128, 0.2026189261174),
    ("standard", PASSIVE, 1.35, 0.187218315814, 1.369808076261),
    ("standard", PASSIVE, 1.935, 1.671428571429, 2.857142857143),
    ("standard", TENDON, 0.0045, 0.03204021255223, 10.9993121647),
    ("standard", TENDON, 0.0255, 0.3767601369234, 22.06989203992),
    ("standard", TENDON, 0.043, 0.8316326530612, 28.0612244898),
    ("standard", TENDON, 0.12, 2.992346938776, 28.0612244898),
    ("rajagopal", ACTIVE, 0.3, 0.01381414073584, 1.084251885453),
    ("rajagopal", ACTIVE, 0.475, 0.3597303368918, 2.078707775292),
    ("rajagopal", ACTIVE, 0.7, 0.8006768391853, 1.207090687369),
    ("rajagopal", ACTIVE, 0.9, 0.9624369240686, 0.7441394418513),
    ("rajagopal", ACTIVE, 1.4, 0.5937416803013, -1.249642406155),
    ("rajagopal", ACTIVE, 1.75, 0.1565768831584, -1.244188425344),
    ("other", ACTIVE, 0.3, 0.1, 0),
    ("other", ACTIVE, 0.7, 0.6892569933262, 3.444506445422),
    ("other", ACTIVE, 0.9, 0.9749849881519, 0.4979209352571),
    ("other", ACTIVE, 1.4, 0.3501364207472, -1.993534621333),
    ("other", ACTIVE, 1.9, 0.1, 0),
    ("other", VELOCITY, -1.04, -0.004, 0.1),
    ("other", VELOCITY, -0.845, 0.03703807130135, 0.3308959647508),
    ("other", VELOCITY, -0.325, 0.4686562274586, 1.117592203646),
    ("other", VELOCITY, 0.0325, 1.097537713718, 1.938296812364),
    ("other", VELOCITY, 0.9425, 1.594273862149, 0.1291318023261),
    ("other", VELOCITY, 1.17, 1.6085, 0.05),
    ("other", PASSIVE, 0.96, 0.02877169528424, 0.3045816836747),
    ("other", PASSIVE, 1.0575, 0.07650857071304, 0.7388017710395),
    ("other", PASSIVE, 1.35, 0.5619534888036, 2.583770464139),
    ("other", PASSIVE, 1.935, 2.242866175457, 2.896850718836),
    ("other", TENDON, 0.001, 0.0003825907873999, 1.007115262448),
    ("other", TENDON, 0.015, 0.03813173473884, 3.008723816049),
    ("other", TENDON, 0.043, 0.1473675788337, 6.680446052967),
    ("other", TENDON, 0.12, 1.4, 20),
]

EVERY = [(name, which) for name in SETS for which in range(4)]


@pytest.mark.parametrize(("name", "which", "x", "value", "slope"), OPENSIM)
def test_curves_are_those_of_opensim(name: str, which: int, x: float, value: float, slope: float) -> None:
    values, slopes = exact(SETS[name], which)(np.array([x]))
    assert values[0] == pytest.approx(value, abs=1e-11)
    assert slopes[0] == pytest.approx(slope, abs=1e-9)
    tables, index = curve_tables([SETS[name]])
    tabled = curve(tables, index[0, which], x)
    assert tabled[0] == pytest.approx(value, abs=1e-7)
    assert tabled[1] == pytest.approx(slope, abs=1e-4)


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_tables_are_within_1e_7_of_the_exact_curve_everywhere(name: str, which: int) -> None:
    shape = exact(SETS[name], which)
    margin = 0.1 * (shape.high - shape.low)
    x = np.linspace(shape.low - margin, shape.high + margin, 5003)
    tables, index = curve_tables(list(SETS.values()))
    row = index[list(SETS).index(name), which]
    tabled = np.array([curve(tables, row, each) for each in x])
    values, slopes = shape(x)
    assert np.abs(tabled[:, 0] - values).max() < 1e-7
    smooth = np.abs(x - (shape.kink if shape.kink is not None else math.inf)) > 1e-3
    assert np.abs(tabled[:, 1] - slopes)[smooth].max() < 1e-4 * np.abs(slopes).max()


@pytest.mark.parametrize(("name", "which"), EVERY)
def test_exact_slopes_are_the_derivatives_of_the_values(name: str, which: int) -> None:
    shape = exact(SETS[name], which)
    x = np.linspace(shape.low, shape.high, 403)[1:-1]
    step = 1e-6 * (shape.high - shape.low)
    x = x[np.abs(x - (shape.kink if shape.kink is not None else math.inf)) > 2 * step]
    numeric = (shape(x + step)[0] - shape(x - step)[0]) / (2 * step)
    assert shape(x)[1] == pytest.approx(numeric, rel=1e-5, abs=1e-5 * np.abs(numeric).max())


def test_thelen_slope_jumps_at_rest_and_stays_apart_in_the_table() -> None:
    tables, index = curve_tables([SETS["thelen"]])
    row = index[0, VELOCITY]
    assert curve(tables, row, 0.0)[0] == pytest.approx(1.0, abs=1e-12)
    assert curve(tables, row, -1e-6)[1] == pytest.approx(1 + 1 / 0.25, rel=1e-4)
    assert curve(tables, row, 1e-6)[1] == pytest.approx(2 + 2 / 0.25, rel=1e-4)


@pytest.mark.parametrize("name", SETS)
def test_landmarks_of_the_definitions(name: str) -> None:
    shapes = [exact(SETS[name], which) for which in range(4)]
    strain = SETS[name].tendon[0]
    one = SETS[name].passive[1]
    for which, x, value in (
        (ACTIVE, 1.0, 1.0),
        (VELOCITY, -1.0, 0.0),
        (VELOCITY, 0.0, 1.0),
        (PASSIVE, 1 + one, 1.0),
        (TENDON, 0.0, 0.0),
        (TENDON, strain, 1.0),
    ):
        assert shapes[which]([x])[0][0] == pytest.approx(value, abs=1e-12), (name, NAMES[which])


@given(
    st.floats(0.2, 0.5), st.floats(0.65, 0.9), st.floats(1.4, 2.2), st.floats(0.05, 0.95), st.floats(0, 0.2),
    st.floats(-0.3, 0.2), st.floats(0.3, 0.9), st.floats(0.02, 0.12),
)  # fmt: skip
def test_any_millard_curve_however_bent_is_tabled_well_and_rises_where_it_should(
    least: float,
    turn: float,
    most: float,
    share: float,
    floor: float,
    zero: float,
    width: float,
    strain: float,
) -> None:
    slope = share * (1 - floor) / (1 - turn)
    made = Curves(active=(least, turn, most, slope, floor), passive=(zero, zero + width), tendon=(strain,))
    try:
        tables, index = curve_tables([made])
    except InputError as error:
        assert "corner" in str(error)  # noqa: PT017 (some drawn slopes cannot be joined)
        return
    for which in range(4):
        shape = exact(made, which)
        x = np.linspace(shape.low - 0.1, shape.high + 0.1, 301)
        tabled = np.array([curve(tables, index[0, which], each)[0] for each in x])
        steepest = np.abs(shape(x)[1]).max()  # where a corner is all but sharp, a table rounds it off
        assert np.abs(tabled - shape(x)[0]).max() < max(
            1e-7, 0.25 * steepest * (shape.high - shape.low) / PIECES
        )
        if which != ACTIVE:
            assert np.diff(tabled).min() >= -1e-12


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(EVERY))
def test_far_out_curves_are_straight(x: float, which: tuple[str, int]) -> None:
    x = max(-1e300, min(x, 1e300))
    tables, index = curve_tables([SETS[which[0]]])
    value, slope = curve(tables, index[0, which[1]], x)
    assert math.isfinite(value)
    assert math.isfinite(slope)


def test_not_a_number_stays_one() -> None:
    tables, index = curve_tables([Curves()])
    assert math.isnan(curve(tables, index[0, ACTIVE], math.nan)[0])


def test_equal_curves_share_a_table() -> None:
    tables, index = curve_tables([Curves(), Curves(active=(0.25, 0.77, 1.9, 0.75, 0.0)), Curves()])
    assert tables.pieces.shape == (5, PIECES, 4)
    assert index.tolist() == [[0, 1, 2, 3], [4, 1, 2, 3], [0, 1, 2, 3]]


def test_no_muscles_make_no_tables() -> None:
    tables, index = curve_tables([])
    assert tables.pieces.shape == (0, PIECES, 4)
    assert index.shape == (0, 4)


def test_optional_parameters_take_their_usual_values() -> None:
    short = Curves(passive=(0.0, 0.7), tendon=(0.049,))
    for which in (PASSIVE, TENDON):
        x = np.linspace(0, 2, 50)
        assert np.allclose(exact(short, which)(x), exact(Curves(), which)(x), rtol=0, atol=1e-12)


THELEN = CurveKind.THELEN


@pytest.mark.parametrize(
    ("curves", "words"),
    [
        (Curves(active=(0.4, 0.73)), "curves.active: must have 5"),
        (Curves(active=(0.8, 0.73, 1.8, 0.8, 0.0)), "curves.active"),
        (Curves(active=(0.44, 0.73, 1.8, 9.0, 0.0)), "curves.active"),
        (Curves(active=(0.44, 0.73, 1.8, math.nan, 0.0)), "finite"),
        (Curves(velocity=(0.0, 0.25, 0.5, 0.0, 0.15, 1.4, 0.6, 0.9)), "curves.velocity"),
        (Curves(passive=(0.7, 0.7)), "curves.passive"),
        (Curves(passive=(0.0, 0.7, 0.2)), "curves.passive: must have 5"),
        (Curves(tendon=(0.0,)), "curves.tendon"),
        (Curves(tendon=()), "curves.tendon"),
        (Curves(tendon=(0.05, 10.0, 0.6, 0.5)), "curves.tendon"),
        (Curves(kind=THELEN), "curves.active"),
        (
            Curves(kind=THELEN, active=(0.5,), velocity=(0.3, 0.9), passive=(4.0, 0.6), tendon=(0.033,)),
            "velocity",
        ),
        (
            Curves(kind=THELEN, active=(0.5,), velocity=(0.3, 1.8, 0.2), passive=(4.0, 0.6), tendon=(0.03,)),
            "last",
        ),
        (
            Curves(kind=THELEN, active=(0.5,), velocity=(0.3, 1.8), passive=(4.0, 0.0), tendon=(0.033,)),
            "passive",
        ),
    ],
)
def test_impossible_parameters_are_refused_by_name(curves: Curves, words: str) -> None:
    with pytest.raises(InputError, match=words):
        curve_tables([curves])
