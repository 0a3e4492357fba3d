"""The strap's law, its balance with muscles, what it presses on, and its published ranges."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gerdy.errors import FileError, InputError
from gerdy.mechanics import band_ranges
from gerdy.mechanics.band import (
    BandParameters,
    band_parameters,
    bulged,
    length_at,
    pull_of,
    response,
    settle,
    stiffness,
    strain,
    tension,
)
from gerdy.mechanics.band_ranges import NEEDED, load_ranges
from gerdy.mechanics.effort import bench, share
from gerdy.mechanics.hill import MuscleArrays, muscle_arrays, rigid
from gerdy.mechanics.model import Muscle
from gerdy.mechanics.model import Path as Line

Array = NDArray[np.float64]

FREE = 0.45  # m of free band (target O1)
MEMBERS = np.array([0, 1])
PROXIMAL = np.array([0.151, 0.237])  # about 0.095 and 0.147 m of fibre beyond the tendons


def strap(**chosen: float | str) -> BandParameters:
    """Return a strap of typical values, 0.45 m in standing."""
    return band_parameters(FREE, None, **chosen)


def muscles() -> MuscleArrays:
    """Return a tensor fasciae latae and a part of gluteus maximus, sizes as in the published leg models."""
    nowhere = Line(points=())
    return muscle_arrays(
        [
            Muscle(
                name="tfl",
                path=nowhere,
                max_force=411.0,
                optimal_length=0.095,
                tendon_slack=0.056,
                pennation=0.05,
            ),
            Muscle(
                name="gmax",
                path=nowhere,
                max_force=500.0,
                optimal_length=0.147,
                tendon_slack=0.09,
                pennation=0.35,
            ),
        ]
    )


def balance(
    activation: tuple[float, float],
    further: float = 0.0,
    band: BandParameters | None = None,
    start: float = 0.0,
) -> tuple[float, float]:
    """Return length and tension with both muscles' own paths ``further`` (m) longer than at rest."""
    band = strap() if band is None else band
    return settle(
        muscles(), MEMBERS, PROXIMAL + further, FREE, np.zeros(2), np.array(activation), band, start
    )


def test_a_hundred_newtons_stretch_the_free_band_as_published() -> None:
    # Target O1a: strain 0.2 to 0.8 %, 1 to 3.5 mm over 0.45 m, with the thigh's modulus and published thickness.
    for modulus in (338e6, 363e6):
        for thickness in ("low", "typical", "high"):
            whole = strap(modulus=modulus, thickness=thickness, distal_length=0.0)
            length = length_at(100.0, whole)
            assert 0.002 <= strain(length, whole) <= 0.008
            assert 0.001 <= length - FREE <= 0.0035
    assert 0.0010 <= length_at(100.0, strap()) - FREE <= 0.0035


def test_the_best_clinical_stretch_needs_a_plausible_force() -> None:
    # Falvey10: about 2 mm, under 0.5 %.
    force, _ = tension(FREE + 0.002, strap())
    assert 40.0 < force < 160.0
    assert strain(FREE + 0.002, strap()) < 0.005


@pytest.mark.parametrize("seed", range(4))
def test_no_strain_stays_after_unloading(seed: int) -> None:
    # Target O1c: what was pulled before leaves no trace, whichever way and from whatever start.
    band, random = strap(), np.random.default_rng(seed)
    length = band.slack
    for _ in range(30):
        activation = (float(random.random()), float(random.random()))
        length, _ = balance(activation, float(random.uniform(-0.02, 0.06)), band, length)
        again, _ = balance((0.2, 0.1), 0.0, band, length)
        fresh, _ = balance((0.2, 0.1), 0.0, band, 0.0)
        assert again == pytest.approx(fresh, abs=1e-13)
        rest, force = balance((0.0, 0.0), -0.05, band, length)
        assert (rest, force) == (band.slack, 0.0)


def test_the_muscle_not_the_band_is_stretched_in_an_ober_pose() -> None:
    # Target O1b: of 33 to 42 mm of lengthening (three published models) the band takes at most a tenth.
    arrays = muscles()
    for further in (0.0327, 0.0424):
        length, _ = settle(
            arrays,
            np.array([0]),
            PROXIMAL[:1] + further,
            FREE,
            np.zeros(1),
            np.zeros(1),
            strap(),
            0.0,
        )
        assert 0.0 < length - FREE <= 0.1 * further


def test_the_law_is_quadratic_then_straight_and_smooth_between() -> None:
    band = strap()
    end = band.slack * (1.0 + band.toe)
    below, above = tension(end * (1.0 - 1e-12), band), tension(end * (1.0 + 1e-12), band)
    assert below[0] == pytest.approx(above[0], rel=1e-8)
    assert below[1] == pytest.approx(above[1], rel=1e-8)
    assert tension(band.slack * (1.0 + 0.5 * band.toe), band)[0] == pytest.approx(0.25 * above[0], rel=1e-8)
    assert tension(band.slack * 0.9, band) == (0.0, 0.0)
    assert tension(band.slack * 1.02, band)[1] == pytest.approx(stiffness(band))


def test_a_strap_without_a_toe_or_a_last_stretch_is_a_plain_spring() -> None:
    band = strap(toe_strain=0.0, distal_length=0.0)
    spring = band.modulus * band.width * band.thickness / band.slack
    assert stiffness(band) == pytest.approx(spring)
    assert tension(band.slack + 0.001, band)[0] == pytest.approx(0.001 * spring)
    assert length_at(0.001 * spring, band) == pytest.approx(band.slack + 0.001, rel=1e-14)


def test_the_last_stretch_gives_in_series() -> None:
    band = strap(toe_strain=0.0)
    thigh = band.modulus * band.width * band.thickness / (band.slack - band.distal_length)
    assert 1.0 / stiffness(band) == pytest.approx(1.0 / thigh + 1.0 / band.distal_stiffness)


@given(st.floats(0.0, 5000.0), st.floats(0.0, 0.01), st.floats(0.2, 0.7))
def test_length_and_tension_undo_each_other(force: float, toe: float, standing: float) -> None:
    band = band_parameters(standing, toe_strain=toe)
    back, slope = tension(length_at(force, band), band)
    assert back == pytest.approx(force, rel=1e-7, abs=1e-6)
    assert slope >= 0.0


@given(st.floats(0.4, 0.5), st.floats(1e-6, 0.02))
def test_tension_never_falls_with_length(length: float, more: float) -> None:
    band = strap()
    assert tension(length + more, band)[0] >= tension(length, band)[0]
    steep = (tension(length + 1e-7, band)[0] - tension(length - 1e-7, band)[0]) / 2e-7
    assert tension(length, band)[1] == pytest.approx(steep, rel=1e-3, abs=10.0)


@given(
    st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(-0.08, 0.1), st.floats(-1.0, 1.0), st.floats(0.0, 0.6)
)
def test_the_balance_is_the_one_that_bisection_finds(
    tfl: float, gmax: float, further: float, speed: float, start: float
) -> None:
    arrays, band, speeds = muscles(), strap(), np.array([speed, -0.5 * speed])
    activation, proximal = np.array([tfl, gmax]), PROXIMAL + further
    length, force = settle(arrays, MEMBERS, proximal, FREE, speeds, activation, band, start)

    def excess(own: float) -> float:
        return tension(own, band)[0] - pull_of(arrays, MEMBERS, proximal, FREE, speeds, activation, own)

    assert force == pytest.approx(tension(length, band)[0], rel=1e-9, abs=1e-9)
    assert abs(excess(length)) <= 1e-9 * (1.0 + force)
    if excess(band.slack) < 0.0:
        other = import_module("scipy.optimize").brentq(excess, band.slack, band.slack + 0.3, xtol=1e-15)
        assert length == pytest.approx(other, abs=1e-12)
    else:
        assert (length, force) == (band.slack, 0.0)


@given(st.floats(0.0, 0.9), st.floats(0.0, 0.1), st.floats(-0.02, 0.05))
def test_more_activation_or_a_longer_path_pulls_more(activation: float, more: float, further: float) -> None:
    length, force = balance((activation, 0.1), further)
    stretched, stronger = balance((activation + more, 0.1), further)
    assert stronger >= force - 1e-9
    assert stretched >= length - 1e-12
    passive = balance((0.0, 0.0), further)[1]
    assert balance((0.0, 0.0), further + more)[1] >= passive - 1e-9


def test_slack_muscles_leave_the_strap_slack() -> None:
    band = strap()
    assert balance((0.0, 0.0), -0.06, band) == (band.slack, 0.0)
    assert strain(0.9 * band.slack, band) == 0.0


def test_passive_muscles_alone_tense_the_strap() -> None:
    length, force = balance((0.0, 0.0), 0.03)
    assert force > 10.0
    assert length > FREE


def test_a_member_that_is_no_number_gives_no_number() -> None:
    length, force = balance((math.nan, 0.1))
    assert math.isnan(length)
    assert math.isnan(force)


@pytest.mark.parametrize("further", [0.0, 0.03])
def test_the_answer_to_activation_is_its_slope(further: float) -> None:
    band, arrays, slope = strap(), muscles(), np.zeros(2)
    length, _ = balance((0.3, 0.2), further)
    muscle = response(
        arrays, MEMBERS, PROXIMAL + further, FREE, np.zeros(2), np.array([0.3, 0.2]), band, length, slope
    )
    step = 1e-5
    for k, (more, less) in enumerate(
        (((0.3 + step, 0.2), (0.3 - step, 0.2)), ((0.3, 0.2 + step), (0.3, 0.2 - step)))
    ):
        assert slope[k] == pytest.approx(
            (balance(more, further)[0] - balance(less, further)[0]) / (2 * step), rel=1e-5
        )
    assert abs(muscle) < 0.5 * stiffness(band)


def rounds(asked: float, further: float) -> list[float]:
    """Return how far each round of sharing and settling moves the strap's length, for a moment about the hip."""
    arrays, band = muscles(), strap()
    proximal, speeds = PROXIMAL + further, np.zeros(2)
    arms, reserve, weights, multiplier = np.full((1, 2), 0.05), np.ones(1), np.ones(2), np.zeros(1)
    length, work, moved = band.slack, bench(1, 2), []
    for _ in range(12):
        pulls = [rigid(arrays, k, proximal[k] + FREE - length, 0.0)[:2] for k in (0, 1)]
        active, passive = np.array([p[0] for p in pulls]), np.array([p[1] for p in pulls])
        activation = np.zeros(2)
        share(
            arms,
            active,
            np.array([asked]) - arms @ passive,
            reserve,
            2.0,
            weights,
            activation,
            multiplier,
            work,
        )
        new, _ = settle(arrays, MEMBERS, proximal, FREE, speeds, activation, band, length)
        moved.append(abs(new - length))
        length = new
    return moved


@pytest.mark.parametrize(
    ("asked", "further"), [(5.0, 0.0), (15.0, 0.0), (15.0, 0.03), (30.0, -0.02), (30.0, 0.02)]
)
def test_sharing_and_settling_in_turn_come_to_rest(asked: float, further: float) -> None:
    moved = rounds(asked, further)
    assert min(k for k, change in enumerate(moved) if change < 1e-7) <= 8
    assert moved[-1] < 1e-9


def test_a_contracting_vastus_lateralis_tightens_only_where_asked() -> None:
    assert bulged(strap(), 1.0) == strap()
    tight = strap(bulge="high")
    assert bulged(tight, 0.0) == tight
    assert bulged(tight, 1.0).slack == pytest.approx(tight.slack * (1.0 - tight.bulge))
    assert balance((0.2, 0.1), 0.0, bulged(tight, 1.0))[1] > balance((0.2, 0.1), 0.0, tight)[1]


def test_published_ranges_are_whole_and_say_where_they_come_from() -> None:
    ranges = load_ranges()
    assert set(NEEDED) <= set(ranges)
    for entry in ranges.values():
        assert entry.low <= entry.typical <= entry.high
        assert entry.source
        assert entry.grade != "E" or entry.source.startswith("assumed: ")
    known = yaml.safe_load((band_ranges.FOLDER / "sources.yaml").read_text(encoding="utf-8"))["sources"]
    for entry in ranges.values():
        if not entry.source.startswith(("assumed: ", "derived: ")):
            assert set(entry.source.split(", ")) <= set(known)
    assert ranges["modulus"].typical == pytest.approx(350.3e6)
    assert ranges["thickness"].low == pytest.approx(0.0011)
    assert (ranges["gluteus_share"].low, ranges["gluteus_share"].high) == (0.2, 0.85)


def test_parameters_are_chosen_by_value_or_by_end() -> None:
    band = strap(modulus="low", gluteus_share=0.3, slack_offset=0.01)
    assert band.modulus == pytest.approx(219.4e6)
    assert band.gluteus_share == 0.3
    assert band.slack == pytest.approx(FREE * 1.01)
    assert strap().slack == FREE


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"youngs": 1.0}, "band: no parameter 'youngs'; there are "),
        (
            {"modulus": "middle"},
            "band.modulus: must be a number, or one of low, typical, high; got 'middle'.",
        ),
        ({"modulus": -1.0}, "band.modulus: must be over 0 Pa; got -1."),
        ({"width": math.nan}, "band.width: must be over 0 m; got nan."),
        ({"gluteus_share": 1.2}, "band.gluteus_share: must be from 0 to 1; got 1.2."),
        (
            {"distal_length": 0.5},
            "band.distal_length: must be from 0 m to less than the strap, 0.45 m; got 0.5.",
        ),
        ({"slack_offset": -1.0}, "band.slack: must be over 0 m; got 0."),
    ],
)
def test_impossible_straps_are_refused(chosen: dict[str, float | str], says: str) -> None:
    with pytest.raises(InputError) as caught:
        strap(**chosen)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("low: 219.4", "low: 500", "must have low <= typical <= high"),
        ("unit: MPa", "unit: psi", "unit must be one of"),
        ("grade: C", "grade: Z", "grade must be one of A, B, C, D, E; got 'Z'"),
        ("source: [Otsuka20]", "source: []", "must name its source"),
        ("typical: 350.3", "typical: stiff", "Expected `float`"),
        ("modulus:\n", "stretch:\n", "no entry for modulus"),
        ("modulus:\n", "modulus: [\n", "cannot be read"),
    ],
)
def test_unsound_files_are_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = (band_ranges.FOLDER / "strap.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "strap.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileError, match=says):
        load_ranges(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"strap\.yaml: cannot be read"):
        load_ranges(tmp_path)


PLAIN = """
import json
from mechanics.test_band import balance
print(json.dumps([balance((a, 0.3 * a), f) for a in (0.0, 0.01, 0.4, 1.0) for f in (-0.05, 0.0, 0.03)]))
"""


def test_plain_python_gives_the_same_numbers() -> None:
    here = [balance((a, 0.3 * a), f) for a in (0.0, 0.01, 0.4, 1.0) for f in (-0.05, 0.0, 0.03)]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", PLAIN],
        env={**os.environ, "GERDY_PATH": "python", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert np.allclose(here, json.loads(run.stdout), rtol=1e-9, atol=1e-12)
