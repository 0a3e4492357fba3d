"""Sizes of a person's segments from landmarks: what is put in comes out, what is missing is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from recordings import recordings

from gerdy.errors import InputError
from gerdy.mechanics.hip_centre import harrington, pelvis_frame
from gerdy.mechanics.model import BodyModel, Vector
from gerdy.mechanics.posing import full_values, place_bodies
from gerdy.mechanics.rotations import rotation_of
from gerdy.mechanics.scaling import scale
from gerdy.mechanics.sizing import factors_from_markers
from gerdy.mechanics.table import table

Landmarks = dict[str, NDArray[np.float64]]
MODEL = table()
LEGS = {"femur": ("femur", "patella"), "tibia": ("tibia",), "calcn": ("talus", "calcn", "toes")}
LIMBS = st.floats(0.85, 1.2)


def followed(model: BodyModel, frames: int = 5, *, centres: bool = False) -> Landmarks:
    """A model's landmarks while it walks, in some room."""
    found: dict[str, list[NDArray[np.float64]]] = {}
    for i in range(frames):
        posture = {
            "pelvis_rotation": 0.3 * i, "pelvis_tz": 0.2 * i, "hip_flexion_r": 0.2 * i - 0.4, "knee_angle_r": 0.2 * i,
            "hip_flexion_l": 0.3 - 0.1 * i, "knee_angle_l": 0.1 * i, "ankle_angle_r": 0.05 * i,
        }  # fmt: skip
        placed = place_bodies(model, full_values(model, posture))
        for marker in model.markers:
            found.setdefault(marker.name, []).append(placed[marker.body].point(marker.location))
    return {name: np.array(rows) for name, rows in found.items() if centres or "centre" not in name}


def of(parts: dict[str, Vector]) -> dict[str, Vector]:
    return {f"{body}_{s}": v for name, v in parts.items() for body in LEGS[name] for s in "rl"}


@given(LIMBS, LIMBS, LIMBS, st.floats(0.9, 1.1), st.floats(0.9, 1.1))
@settings(max_examples=15, deadline=None)
def test_the_factors_that_made_a_body_are_found_in_its_landmarks(
    thigh: float, shank: float, foot: float, depth: float, width: float
) -> None:
    legs = of({"femur": (thigh,) * 3, "tibia": (shank,) * 3, "calcn": (foot,) * 3})
    pelvis = (depth, 0.5 * (depth + width), width)
    made = scale(MODEL, {**legs, "pelvis": pelvis})
    sizing = factors_from_markers(MODEL, followed(made), hip="model")
    for name, factors in {**legs, "pelvis": pelvis}.items():
        # landmarks of one joint lie on two bodies, and a pelvis of another shape has its hips a little elsewhere
        assert sizing.factors[name] == pytest.approx(factors, rel=1e-2)
    assert sizing.factors.keys() == {body.name for body in MODEL.bodies}


def test_hip_centres_that_are_given_are_used() -> None:
    made = scale(MODEL, of({"femur": (1.1, 1.1, 1.1)}))
    landmarks = followed(made, centres=True)
    sizing = factors_from_markers(MODEL, landmarks)
    assert sizing.factors["femur_l"] == pytest.approx((1.1,) * 3, rel=1e-9)
    guessed = factors_from_markers(MODEL, {k: v for k, v in landmarks.items() if "hip_centre" not in k})
    assert guessed.error["femur_l"] > sizing.error["femur_l"]
    assert any("Harrington" in note for note in guessed.notes)


def test_the_regression_gives_the_published_place() -> None:
    """0.24 and 0.30 and 0.33 of a pelvis 150 mm deep and 240 mm wide, with their constants."""
    assert harrington(0.24, 0.15, "r") == pytest.approx([-0.0459, -0.0829, 0.0865])
    assert harrington(0.24, 0.15, "l") == pytest.approx([-0.0459, -0.0829, -0.0865])


@given(
    st.tuples(*[st.floats(-3.0, 3.0) for _ in range(3)]), st.tuples(*[st.floats(-2.0, 2.0) for _ in range(3)])
)
def test_the_pelvis_frame_turns_with_the_pelvis(angles: Vector, shift: Vector) -> None:
    bones = {
        "r_asis": np.array([[0.0, 0.0, 0.12]]), "l_asis": np.array([[0.0, 0.0, -0.12]]),
        "sacrum": np.array([[-0.15, 0.0, 0.0]]),
    }  # fmt: skip
    turn = rotation_of(angles)
    frame = pelvis_frame({name: at @ turn.T + shift for name, at in bones.items()})
    assert frame is not None
    assert (frame.width, frame.depth) == pytest.approx((0.24, 0.15))
    place = np.array([-0.04, -0.08, 0.09])
    assert frame.out(place)[0] == pytest.approx(turn @ place + shift, abs=1e-9)
    assert frame.into(frame.out(place)) == pytest.approx(place, abs=1e-9)


def test_gaps_and_outliers_do_not_move_a_length() -> None:
    landmarks = followed(MODEL, 9)
    landmarks["r_heel"][2] = np.nan
    landmarks["r_toe"][5] += 3.0
    sizing = factors_from_markers(MODEL, landmarks, symmetric=False)
    assert sizing.factors["calcn_r"] == pytest.approx((1.0,) * 3, rel=1e-9)


def test_sides_that_differ_are_noted_and_kept_apart_on_request() -> None:
    made = scale(MODEL, {"tibia_r": (1.08,) * 3})
    mean = factors_from_markers(MODEL, followed(made))
    apart = factors_from_markers(MODEL, followed(made), symmetric=False)
    assert mean.factors["tibia_l"] == mean.factors["tibia_r"] == pytest.approx((1.04,) * 3, rel=2e-3)
    assert apart.factors["tibia_r"] == pytest.approx((1.08,) * 3, rel=2e-3)
    assert apart.factors["tibia_l"] == pytest.approx((1.0,) * 3, rel=1e-3)
    assert any("shank: right and left differ" in note for note in mean.notes)
    assert mean.error["tibia_r"] > apart.error["tibia_r"]


def test_outer_landmarks_alone_do() -> None:
    made = scale(MODEL, of({"femur": (1.1,) * 3, "tibia": (1.1,) * 3}))
    landmarks = {k: v for k, v in followed(made).items() if "medial" not in k}
    sizing = factors_from_markers(MODEL, landmarks, hip="model")
    assert sizing.factors["tibia_r"] == pytest.approx((1.1,) * 3, rel=5e-3)
    assert sizing.factors["femur_r"] == pytest.approx((1.1,) * 3, rel=5e-3)
    assert any("r_knee_lateral to r_ankle_lateral" in note for note in sizing.notes)


def test_what_is_not_seen_falls_back_on_height() -> None:
    landmarks = {k: v for k, v in followed(MODEL).items() if "knee" in k or "ankle" in k}
    sizing = factors_from_markers(MODEL, landmarks, height=1.87)
    thigh = 1.87 * 0.4222 / 1.741  # de Leva 1996
    centres = followed(MODEL, 1, centres=True)
    there = np.linalg.norm(centres["r_hip_centre"][0] - centres["r_knee_centre"][0])
    assert sizing.factors["femur_r"] == pytest.approx((thigh / there,) * 3, rel=1e-3)
    assert sizing.factors["tibia_r"] == pytest.approx((1.0,) * 3, rel=1e-3)
    assert any(note.startswith("thigh") and "of height" in note for note in sizing.notes)
    for part in ("pelvis", "torso", "foot", "forearm"):
        assert any(note.startswith(part) and "scaled by height" in note for note in sizing.notes)
    unknown = factors_from_markers(MODEL, landmarks)
    assert unknown.factors["femur_r"] == pytest.approx((1.0,) * 3, rel=1e-3)
    assert any("height is not given" in note for note in unknown.notes)


def test_one_side_stands_for_the_other() -> None:
    made = scale(MODEL, of({"tibia": (1.05,) * 3}))
    landmarks = {k: v for k, v in followed(made).items() if not k.startswith("l_")}
    for symmetric in (True, False):
        sizing = factors_from_markers(MODEL, landmarks, height=1.7, symmetric=symmetric)
        assert sizing.factors["tibia_l"] == pytest.approx((1.05,) * 3, rel=2e-3)


@pytest.mark.parametrize(
    ("landmarks", "words"),
    [
        ({}, "give a height"),
        ({"r_asis": np.zeros((4, 3))}, "give a height"),
        ({"r_asis": np.zeros(3)}, r"landmarks.r_asis: must be \(t, 3\)"),
        ({"r_asis": np.zeros((4, 3)), "l_asis": np.zeros((5, 3))}, "same number of frames"),
        ({"r_asis": np.zeros((4, 3)), "l_asis": np.full((4, 3), 150.0)}, "are the positions metres"),
        ({"r_asis": np.full((4, 3), np.nan), "l_asis": np.zeros((4, 3))}, "give a height"),
    ],
)
def test_landmarks_that_cannot_be_used_are_refused(landmarks: Landmarks, words: str) -> None:
    with pytest.raises(InputError, match=words):
        factors_from_markers(MODEL, landmarks)


def test_height_alone_gives_legs_their_share_of_it_and_scales_the_rest_alike() -> None:
    factors = factors_from_markers(MODEL, {}, height=1.87).factors
    assert set(factors) == {body.name for body in MODEL.bodies}
    assert factors["torso"] == pytest.approx((1.1,) * 3)
    assert factors["femur_r"] == factors["femur_l"] != factors["tibia_r"]
    with pytest.raises(InputError, match="height"):
        factors_from_markers(MODEL, {}, height=187.0)


def test_a_real_standing_trial_gives_the_sizes_its_authors_scaled_by() -> None:
    """Run subject of the Rajagopal pipeline; its authors' own scale set has femur 1.1089 and tibia 1.0727."""
    folder = recordings("opensim-models", "Pipelines", "Rajagopal", "ExpData")
    rows = (folder / "static_run.trc").read_text().splitlines()
    names = [name for name in rows[3].split("\t")[2:] if name.strip()]
    table_of = [row.split("\t")[2 : 2 + 3 * len(names)] for row in rows[6:] if row.strip()]
    data = 1e-3 * np.array(table_of, dtype=float)
    there = {name: data[:, 3 * i : 3 * i + 3] for i, name in enumerate(names)}
    called = {
        "ASI": "asis", "PSI": "psis", "HJC": "hip_centre", "LFC": "knee_lateral", "MFC": "knee_medial",
        "LMAL": "ankle_lateral", "MMAL": "ankle_medial", "CAL": "heel", "TOE": "toe",
    }  # fmt: skip
    marks = {f"{s}_{ours}": there[s.upper() + theirs] for s in "rl" for theirs, ours in called.items()}
    sizing = factors_from_markers(MODEL, marks, height=1.80)
    assert sizing.factors["femur_r"][0] == pytest.approx(1.1089, abs=0.01)
    assert sizing.factors["tibia_r"][0] == pytest.approx(1.0727, abs=0.01)
    bare = {name: where for name, where in marks.items() if "hip" not in name}
    for hip, off in (("regression", 0.06), ("model", 0.03)):
        found = factors_from_markers(MODEL, bare, height=1.80, hip=hip)  # type: ignore[arg-type]
        assert found.factors["femur_r"][0] == pytest.approx(1.1089, abs=off)
