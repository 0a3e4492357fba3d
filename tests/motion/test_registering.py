"""From marker names to a body: bony points and loose markers, with and without a standing trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from recordings import recordings

from gerdy.errors import InputError
from gerdy.mechanics.body import Body
from gerdy.mechanics.person import Person
from gerdy.motion.reading import read_motion
from gerdy.motion.recording import Markers, Motion, NoteKind
from gerdy.motion.registering import Registered, register_model, register_own, with_markers

Array = NDArray[np.float64]
WHO = Person(mass=70.0, height=1.75, sex="female")

# Names as laboratories write them, and which of our points they are.
BONY = {
    "R.ASIS": "r_asis", "L.ASIS": "l_asis", "R.PSIS": "r_psis", "L.PSIS": "l_psis", "C7": "c7",
    "R.Knee": "r_knee_lateral", "L.Knee": "l_knee_lateral", "R.MKnee": "r_knee_medial", "L.MKnee": "l_knee_medial",
    "R.Ankle": "r_ankle_lateral", "L.Ankle": "l_ankle_lateral", "R.Heel": "r_heel", "L.Heel": "l_heel",
    "R.Toe": "r_toe", "L.Toe": "l_toe", "R.Shoulder": "r_acromion", "L.Shoulder": "l_acromion",
}  # fmt: skip
LOOSE = {"R.Thigh1": ("femur_r", (0.06, -0.2, 0.05)), "L.Shank1": ("tibia_l", (0.03, -0.2, -0.05))}


@pytest.fixture(scope="module")
def armless() -> Body:
    """The person of whom recordings are made up here."""
    return Body.own(WHO, arms=False)


def filmed(body: Body, names: Mapping[str, str] = BONY, loose: bool = True) -> tuple[Markers, Array]:
    """A made-up recording: the true body bends and turns a little; also the postures that it took."""
    time = np.arange(80) / 100.0
    q = np.tile(body.default, (len(time), 1))
    for i, (name, size) in enumerate(
        {"hip_flexion_r": 0.6, "hip_flexion_l": 0.5, "knee_angle_r": 0.9, "knee_angle_l": 0.8, "hip_rotation_r": 0.2,
         "hip_adduction_l": 0.15, "ankle_angle_r": 0.3, "pelvis_tilt": -0.2, "pelvis_rotation": 0.3}.items()
    ):  # fmt: skip
        q[:, body.column(name)] += size * np.sin(2.0 * np.pi * time + 0.3 * i) ** 2
    known = with_markers(body, {name: (on, np.array(at)) for name, (on, at) in LOOSE.items()})
    points = known.points(q)
    chosen = list(names.values()) + (list(LOOSE) if loose else [])
    written = (*names, *(LOOSE if loose else ()))
    return Markers(time, written, np.stack([points[name] for name in chosen], axis=1)), q


def angle_error(found: Registered, q: Array, true: Body, markers: Markers, *names: str) -> float:
    solved = found.follow(markers)
    assert solved.converged.all()
    return float(max(np.abs(solved.q[:, found.body.column(n)] - q[:, true.column(n)]).max() for n in names))


# --- Gerdy's own body -----------------------------------------------------------------------------------------------


def test_a_body_that_was_filmed_is_found_again(armless: Body) -> None:
    markers, q = filmed(armless)
    found = register_own(markers, WHO)
    assert set(found.names) == {*BONY.values(), *LOOSE}
    assert [markers.names[i] for i in found.index] == [
        *(next(k for k, v in BONY.items() if v == name) for name in found.names if name not in LOOSE),
        *(name for name in found.names if name in LOOSE),
    ]
    assert angle_error(found, q, armless, markers, "knee_angle_r", "hip_flexion_l", "hip_adduction_l") < 0.06
    assert found.follow(markers).residual.mean() < 0.01
    loose = {name: weight for name, weight in zip(found.names, found.weight, strict=True) if name in LOOSE}
    assert loose
    assert all(weight < 1.0 for weight in loose.values())


def test_arms_are_there_where_elbows_are_seen(armless: Body) -> None:
    markers, _ = filmed(armless)
    assert "elbow_flex_r" not in register_own(markers, WHO).body.coordinates
    whole = Body.own(WHO)
    arms = {"R.Elbow": "r_elbow_lateral", "L.Elbow": "l_elbow_lateral", "R.Wrist": "r_wrist_radius"}
    seen, _ = filmed(whole, BONY | arms)
    assert "elbow_flex_r" in register_own(seen, WHO).body.coordinates


def test_loose_markers_sit_where_they_were_put(armless: Body) -> None:
    markers, _ = filmed(armless)
    body = register_own(markers, WHO).body
    places = {marker.name: marker for marker in body.model.markers if marker.name in LOOSE}
    for name, (segment, at) in LOOSE.items():
        assert places[name].body == segment
        assert not places[name].landmark
        assert np.linalg.norm(np.array(places[name].location) - at) < 0.03


def test_hidden_frames_do_not_hinder(armless: Body) -> None:
    markers, _ = filmed(armless)
    position = markers.position.copy()
    position[20:28, markers.names.index("R.Ankle")] = np.nan
    position[50:55, 0] = np.nan
    gaps = replace(markers, position=position)
    found = register_own(markers, WHO)
    whole, broken = found.follow(markers), found.follow(gaps)
    assert broken.converged.all()
    for name in ("knee_angle_r", "hip_flexion_r", "hip_adduction_l"):
        assert np.abs(whole.q - broken.q)[:, found.body.column(name)].max() < 0.1
    again = register_own(gaps, WHO).follow(gaps)
    assert np.abs(again.q - whole.q)[:, found.body.column("knee_angle_r")].max() < 0.1


def test_markers_with_strange_names_are_left_out_and_named(armless: Body) -> None:
    markers, _ = filmed(armless)
    odd = replace(markers, names=("GLOVE", *markers.names[1:]))
    notes = [str(note) for note in register_own(odd, WHO).notes]
    assert any("names are not known: GLOVE" in note for note in notes)


def test_rarely_seen_markers_are_of_no_use(armless: Body) -> None:
    markers, _ = filmed(armless)
    position = markers.position.copy()
    position[8:, markers.names.index("R.MKnee")] = np.nan
    assert "r_knee_medial" not in register_own(replace(markers, position=position), WHO).names


def test_a_recording_without_legs_is_refused(armless: Body) -> None:
    markers, _ = filmed(armless)
    kept = [
        i
        for i, name in enumerate(markers.names)
        if name in ("R.ASIS", "L.ASIS", "C7", "R.Shoulder", "L.Shoulder")
    ]
    upper = Markers(markers.time, tuple(markers.names[i] for i in kept), markers.position[:, kept])
    with pytest.raises(InputError):
        register_own(upper, WHO)


# --- models of others -----------------------------------------------------------------------------------------------


def test_a_model_is_followed_by_the_names_it_shares(armless: Body) -> None:
    markers, q = filmed(armless, {name: name for name in BONY.values()}, loose=False)
    extra = replace(
        markers, names=(*markers.names, "HAT"), position=np.pad(markers.position, ((0, 0), (0, 1), (0, 0)))
    )
    found = register_model(extra, armless)
    assert set(found.names) == set(BONY.values())
    assert angle_error(found, q, armless, extra, "knee_angle_r", "hip_flexion_l", "pelvis_tilt") < 1e-4
    assert any("none of that name: HAT" in str(note) for note in found.notes)
    assert any(f"{len(BONY)} of {len(BONY) + 1} markers" in str(note) for note in found.notes)


def test_too_few_shared_names_are_refused(armless: Body) -> None:
    markers, _ = filmed(armless)
    with pytest.raises(InputError, match=r"share 0 names; at least three of c7,"):
        register_model(replace(markers, names=tuple(f"m{i}" for i in range(len(markers.names)))), armless)


def test_moved_markers_need_no_new_body_and_new_ones_get_one(armless: Body) -> None:
    first = with_markers(armless, {"spot": ("femur_r", np.array([0.05, -0.1, 0.02]))})
    again = with_markers(first, {"spot": ("femur_r", np.array([0.01, -0.2, 0.03]))})
    for body, at in ((first, (0.05, -0.1, 0.02)), (again, (0.01, -0.2, 0.03))):
        turns, origins = body.frames(body.default)["femur_r"]
        assert body.points(body.default)["spot"][0] == pytest.approx(
            turns[0] @ np.array(at) + origins[0], abs=1e-12
        )
    assert first.points(first.default)["spot"][0, 1] != again.points(again.default)["spot"][0, 1]
    assert [m.name for m in again.model.markers].count("spot") == 1
    assert again.lengths(again.default) == pytest.approx(armless.lengths(armless.default))


# --- a real recording -----------------------------------------------------------------------------------------------


def markers_of(trial: str) -> Markers:
    motion: Motion = read_motion(recordings("opencap_subject4", f"{trial}.trc"))
    assert motion.markers is not None
    return motion.markers


def test_squats_with_and_without_a_standing_trial_agree(subject: Person) -> None:
    moving, standing = markers_of("squats1"), markers_of("static1")
    few = replace(moving, time=moving.time[:300], position=moving.position[:300])
    alone, helped = register_own(few, subject), register_own(few, subject, standing)
    columns: Callable[[Registered, str], int] = lambda found, name: found.body.column(name)  # noqa: E731
    followed = [found.follow(few) for found in (alone, helped)]
    for name in ("knee_angle_r", "knee_angle_l"):
        one, two = (
            solved.q[:, columns(found, name)] for solved, found in zip(followed, (alone, helped), strict=True)
        )
        assert np.abs(one - two).max() < 0.25
        assert np.corrcoef(one, two)[0, 1] > 0.99
    for solved in followed:
        assert solved.converged.all()
        assert np.sqrt(np.nanmean(solved.residual**2)) < 0.03


def test_running_markers_of_another_laboratory_are_recognised() -> None:
    motion = read_motion(recordings("hamner_subject04", "run200", "markers.trc"))
    assert motion.markers is not None
    few = replace(motion.markers, time=motion.markers.time[:150], position=motion.markers.position[:150])
    found = register_own(few, Person(mass=80.47, height=1.772, sex="male"))
    solved = found.follow(few)
    assert solved.converged.mean() > 0.99
    assert np.sqrt(np.nanmean(solved.residual**2)) < 0.035
    assert not [note for note in found.notes if note.kind is NoteKind.WARNING and "fewer" in str(note)]
