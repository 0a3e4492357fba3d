"""The same movement changed: weaker muscles, narrower steps, a dropped pelvis; and how changes are written."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.body import Body
from gerdy.mechanics.loads import Loads, loads_of
from gerdy.mechanics.sweep import sweep
from gerdy.motion.analysis import Analysis
from gerdy.motion.whatif import (
    Change,
    Comparison,
    What,
    changed_movement,
    peak,
    read_change,
    stance_windows,
    what_if,
)

Array = NDArray[np.float64]


# --- how changes are written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "change", "words"),
    [
        ("drop=5", Change(What.PELVIC_DROP, math.radians(5.0)), "pelvic drop +5°"),
        ("tilt=-10", Change(What.PELVIC_TILT, math.radians(-10.0)), "pelvic tilt -10°"),
        (" lean = 7.5 ", Change(What.TRUNK_LEAN, math.radians(7.5)), "trunk lean +7.5°"),
        ("varus=4", Change(What.VARUS, math.radians(4.0)), "knee varus +4°"),
        ("step-width=-4", Change(What.STEP_WIDTH, -0.04), "steps 4 cm narrower"),
        ("step-width=+3", Change(What.STEP_WIDTH, 0.03), "steps 3 cm wider"),
        ("glmed=50", Change(What.STRENGTH, 0.5, "glmed"), "glmed at 50 % strength"),
        ("l5_r=30%", Change(What.STRENGTH, 0.3, "l5_r"), "l5_r at 30 % strength"),
    ],
)
def test_changes_are_read_and_told(text: str, change: Change, words: str) -> None:
    found = read_change(text)
    assert (found.what, found.target) == (change.what, change.target)
    assert found.amount == pytest.approx(change.amount)
    assert str(found) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("drop", "write name=value"),
        ("drop=", "write name=value"),
        ("=5", "write name=value"),
        ("drop=five", "write name=value"),
        ("drop=5cm", "write name=value"),
        ("drop=25", "what if drop: at most 20 degrees either way; got 25"),
        ("step-width=-21", "at most 20 cm either way; got -21"),
        ("varus=16", "at most 15 degrees"),
        ("glmed=120", "from 0 to 100 per cent; got 120"),
        ("glmed=-1", "from 0 to 100 per cent; got -1"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_change(text)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        change = read_change(text)
    except InputError:
        return
    assert math.isfinite(change.amount)


# --- strength -------------------------------------------------------------------------------------------------------


def changed(analysis: Analysis, *texts: str) -> tuple[Body, Loads]:
    body, swept, limits = changed_movement(analysis, [read_change(text) for text in texts])
    return body, loads_of(body, swept, limits=limits)


def stances(analysis: Analysis, values: Array, side: int) -> float:
    return peak(values, stance_windows(analysis)[side])


def test_a_weaker_gluteus_medius_leaves_more_to_the_tensor(walking: Analysis) -> None:
    body, weak = changed(walking, "glmed=40")
    glmed = [i for i, name in enumerate(body.muscles) if name.startswith("glmed")]
    assert weak.force[:, glmed].sum() < 0.8 * walking.loads.force[:, glmed].sum()
    for s, side in enumerate("rl"):
        tfl = body.muscles.index(f"tfl_{side}")
        before, after = (stances(walking, loads.force[:, tfl], s) for loads in (walking.loads, weak))
        assert after > 1.2 * before
        assert stances(walking, weak.band_force[:, s], s) > 1.2 * stances(
            walking, walking.loads.band_force[:, s], s
        )


def test_a_root_weakens_what_it_supplies_on_its_side(walking: Analysis) -> None:
    body, _, limits = changed_movement(walking, [read_change("l5_r=30")])
    share = dict(zip(body.muscles, limits, strict=True))
    assert share["glmed1_r"] < 1.0
    assert all(value == 1.0 for name, value in share.items() if name.endswith("_l"))


def test_strength_alone_leaves_the_movement_as_it_was(walking: Analysis) -> None:
    _, swept, limits = changed_movement(walking, [read_change("glmed=100")])
    assert np.array_equal(swept.moment, walking.swept.moment)
    same = what_if(walking, [read_change("glmed=100")])
    assert [row.changed for row in same] == pytest.approx([row.baseline for row in same])
    assert limits == pytest.approx(walking.body.limits)


# --- posture --------------------------------------------------------------------------------------------------------


def joint(analysis: Analysis, text: str, name: str) -> Array:
    """How a joint angle differs after a change (t,), from the change's own geometry."""
    kept: list[Array] = []

    def keeping(assembly: object, layout: object, q: Array, *rest: object) -> object:
        kept.append(q)
        return sweep(assembly, layout, q, *rest)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gerdy.motion.whatif.sweep", keeping)
        changed_movement(analysis, [read_change(text)])
    column = analysis.body.column(name)
    return np.asarray(kept[0][:, column] - analysis.q[:, column])


def test_narrower_steps_adduct_the_hips(walking: Analysis) -> None:
    for side in "rl":
        narrow, wide = (joint(walking, f"step-width={cm}", f"hip_adduction_{side}") for cm in (-6, 6))
        assert np.median(narrow) == pytest.approx(math.atan2(0.03, 0.8), abs=0.015)
        assert np.median(wide) == pytest.approx(-math.atan2(0.03, 0.8), abs=0.015)
    rows = what_if(walking, [read_change("step-width=-6")])
    band = [row for row in rows if row.variable == "band_force"]
    assert len(band) == 2
    assert all(row.changed > 1.1 * row.baseline for row in band)


def test_a_dropped_pelvis_adducts_the_standing_hip_and_abducts_the_other(walking: Analysis) -> None:
    change = joint(walking, "drop=6", "hip_adduction_r")
    right = walking.ground.force[:, 0, 1] > 5.0 * np.maximum(walking.ground.force[:, 1, 1], 1.0)
    left = walking.ground.force[:, 1, 1] > 5.0 * np.maximum(walking.ground.force[:, 0, 1], 1.0)
    assert np.median(change[right]) == pytest.approx(math.radians(6.0), abs=0.03)
    assert np.median(change[left]) < -0.03


def test_a_tilted_pelvis_flexes_the_hips_and_not_the_knees(walking: Analysis) -> None:
    assert np.median(joint(walking, "tilt=8", "hip_flexion_r")) == pytest.approx(math.radians(8.0), abs=0.05)
    assert abs(np.median(joint(walking, "tilt=8", "knee_angle_r"))) < 0.06
    assert np.median(joint(walking, "tilt=8", "pelvis_tilt")) == pytest.approx(-math.radians(8.0), abs=0.03)


def test_a_lean_moves_the_trunk_alone(walking: Analysis) -> None:
    right = walking.ground.force[:, 0, 1] > 5.0 * np.maximum(walking.ground.force[:, 1, 1], 1.0)
    assert abs(np.median(joint(walking, "lean=8", "lumbar_bending")[right])) == pytest.approx(
        math.radians(8.0), abs=0.04
    )
    assert abs(np.median(joint(walking, "lean=8", "hip_adduction_r"))) < 0.02


@pytest.mark.parametrize("text", ["drop=0", "step-width=0", "varus=0"])
def test_a_change_of_nothing_changes_next_to_nothing(walking: Analysis, text: str) -> None:
    for row in what_if(walking, [read_change(text)]):
        assert row.changed == pytest.approx(row.baseline, rel=0.03, abs=1e-3)


def test_a_bowed_knee_is_set_in_the_body(walking: Analysis) -> None:
    body, _ = changed(walking, "varus=5")
    names = [c.name for c in body.model.coordinates]
    assert body.assembly.drive.rest[names.index("knee_adduction_r")] == pytest.approx(math.radians(5.0))
    assert walking.body.assembly.drive.rest[names.index("knee_adduction_r")] == 0.0


# --- answers --------------------------------------------------------------------------------------------------------


def test_answers_name_variable_unit_and_side(walking: Analysis) -> None:
    rows: tuple[Comparison, ...] = what_if(walking, [read_change("glmed=50"), read_change("drop=3")])
    assert {row.name for row in rows} == {"glmed at 50 % strength, pelvic drop +3°"}
    assert {(row.variable, row.side) for row in rows} >= {
        (variable, side)
        for variable in ("band_force", "hip_contact", "knee_contact")
        for side in ("right", "left")
    }
    assert all(row.low is None for row in rows)
    assert {row.unit for row in rows if row.variable.endswith(("force", "contact"))} == {"N"}


def test_a_spread_surrounds_its_answer_and_ratios_scatter_less(walking: Analysis) -> None:
    shares: list[float] = []
    rows = what_if(walking, [read_change("glmed=50")], draws=24, progress=shares.append)
    row = next(r for r in rows if r.variable == "band_force" and r.side == "right")
    assert row.low is not None
    assert row.high is not None
    assert row.ratio_low is not None
    assert row.ratio_high is not None
    assert row.low < row.changed < row.high
    assert 1.0 < row.ratio_low < row.changed / row.baseline < row.ratio_high
    assert row.ratio_high / row.ratio_low < row.high / row.low
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_stances_or_repeats_are_what_peaks_are_taken_from(walking: Analysis, squatting: Analysis) -> None:
    assert [len(windows) for windows in stance_windows(squatting).values()] == [5, 5]
    empty = replace(walking, events=replace(walking.events, phases=(), repeats=()))
    assert stance_windows(empty) == {0: [slice(0, len(walking.time))], 1: [slice(0, len(walking.time))]}
    values = np.sin(np.arange(len(squatting.time)) / 50.0)
    windows = stance_windows(squatting)[0]
    assert peak(values, windows) == pytest.approx(np.mean([values[w].max() for w in windows]))


def test_what_this_body_has_not_is_refused(walking: Analysis) -> None:
    with pytest.raises(InputError):
        what_if(walking, [read_change("tail=50")])
