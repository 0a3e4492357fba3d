"""A real recording analysed: what comes out, what is assumed, and what is warned of when the input is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from motion.conftest import FOLDER, recorded
from numpy.typing import NDArray
from recordings import recordings

from gerdy.errors import InputError
from gerdy.mechanics.loads import Options
from gerdy.mechanics.mjcf import GRAVITY
from gerdy.mechanics.person import Person
from gerdy.motion.analysis import Analysis, analyse
from gerdy.motion.events import Kind
from gerdy.motion.reading import read_motion
from gerdy.motion.recording import Angles, Motion, Note, NoteKind, Plate

Array = NDArray[np.float64]


def warnings(notes: Sequence[Note], *words: str) -> list[Note]:
    """The warnings that hold all these words."""
    return [n for n in notes if n.kind is NoteKind.WARNING and all(word in str(n) for word in words)]


def residual(analysis: Analysis) -> float:
    """The force that nothing explains, RMS against body weight."""
    columns = [analysis.body.column(f"pelvis_t{axis}") for axis in "xyz"]
    size = (analysis.loads.moment[:, columns] ** 2).sum(axis=1)
    return float(np.sqrt(size.mean())) / (analysis.body.mass * GRAVITY)


def short(motion: Motion, start: float, end: float) -> Motion:
    """A stretch of a recording."""
    assert motion.markers is not None
    inside = (motion.markers.time >= start) & (motion.markers.time <= end)
    markers = replace(
        motion.markers, time=motion.markers.time[inside], position=motion.markers.position[inside]
    )
    return replace(motion, markers=markers)


def with_plates(motion: Motion, change: Callable[[Plate], Plate]) -> Motion:
    return replace(motion, plates=tuple(change(plate) for plate in motion.plates))


# --- squats ---------------------------------------------------------------------------------------------------------


def test_squats_are_followed_and_balanced(squatting: Analysis) -> None:
    assert squatting.fit is not None
    assert squatting.fit.converged.all()
    assert float(np.sqrt(np.nanmean(squatting.fit.residual**2))) < 0.025
    assert squatting.fit.iterations.mean() < 5.0
    assert squatting.loads.settled.all()
    assert squatting.measured_forces
    assert residual(squatting) < 0.15
    assert squatting.events.kind is Kind.SQUAT
    assert len(squatting.events.repeats) == 5
    assert squatting.body.mass == pytest.approx(62.6)


def test_squats_ask_for_what_squats_ask_for(squatting: Analysis) -> None:
    body, loads = squatting.body, squatting.loads
    knee = squatting.q[:, body.column("knee_angle_r")]
    deep, upright = int(np.argmax(knee)), int(np.argmin(knee))
    assert knee[deep] > 1.4
    assert loads.moment[deep, body.column("knee_angle_r")] < -0.5 * body.mass  # N m: extension
    vasti = [body.muscles.index(f"{name}_r") for name in ("vaslat", "vasmedl", "vasint")]
    assert loads.force[deep, vasti].sum() > 5.0 * loads.force[upright, vasti].sum()
    assert (np.abs(loads.moment[deep]) < 300.0)[6:].all()
    assert np.isfinite(loads.hip_contact).all()


def test_each_step_of_the_work_is_told(squats: Motion, subject: Person) -> None:
    told: list[tuple[str, float]] = []
    analyse(short(squats, 0.0, 1.0), subject, progress=lambda text, share: told.append((text, share)))
    assert [text for text, _ in told] == ["body", "posture", "forces", "loads", "measures", "done"]
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_notes_of_the_files_come_first_and_none_is_lost(squats: Motion, squatting: Analysis) -> None:
    assert squatting.notes[: len(squats.notes)] == squats.notes
    assert any("the sex is not given" in str(note) for note in squatting.notes)


# --- other ways in --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def angles() -> Motion:
    """Joint angles of the squats that others solved, with the forces."""
    return read_motion(recordings(FOLDER, "squats1_ik.mot"), recordings(FOLDER, "squats1_grf.mot"))


def test_angles_alone_are_enough(angles: Motion, subject: Person, squatting: Analysis) -> None:
    found = analyse(angles, subject)
    assert found.fit is None
    assert found.marker_names == ()
    assert len(found.events.repeats) == 5
    assert residual(found) < 0.15
    deep = int(np.argmax(squatting.q[:, squatting.body.column("knee_angle_r")]))
    for name, within in (("knee_angle_r", 0.2), ("hip_flexion_l", 0.35)):
        assert found.q[deep, found.body.column(name)] == pytest.approx(
            squatting.q[deep, squatting.body.column(name)], abs=within
        )


def test_angles_that_are_missing_stay_at_rest_and_a_note_says_so(angles: Motion, subject: Person) -> None:
    assert angles.angles is not None
    kept = [i for i, name in enumerate(angles.angles.names) if not name.endswith("_l")]
    half = Angles(
        angles.angles.time[:60],
        tuple(angles.angles.names[i] for i in kept),
        angles.angles.value[:60][:, kept],
    )
    found = analyse(replace(angles, angles=half), subject)
    note = next(str(n) for n in found.notes if "kept at rest" in str(n))
    assert "hip_flexion_l" in note
    assert "hip_flexion_r" not in note
    column = found.body.column("hip_flexion_l")
    assert found.q[:, column] == pytest.approx(found.body.default[column])


def test_without_forces_every_frame_is_balanced_by_itself_and_it_is_said(
    squats: Motion, subject: Person
) -> None:
    found = analyse(replace(squats, plates=()), subject)
    assert not found.measured_forces
    assert any("no ground forces: still balance in every frame" in str(note) for note in found.notes)
    assert residual(found) < 1e-4
    total = found.ground.force.sum(axis=1)
    assert total == pytest.approx(np.tile([0.0, found.body.mass * GRAVITY, 0.0], (len(total), 1)), rel=1e-6)
    assert not warnings(found.notes, "residual force")


def test_a_walk_without_forces_stands_on_the_foot_that_is_down(subject: Person) -> None:
    found = analyse(replace(recorded("walking1"), plates=()), subject)
    vertical = found.ground.force[:, :, 1] / (found.body.mass * GRAVITY)
    for s, side in enumerate("rl"):
        phase = max((p for p in found.events.phases if p.side == side), key=lambda p: p.toe_off - p.start)
        middle = int(np.searchsorted(found.time, 0.5 * (phase.start + phase.toe_off)))
        assert vertical[middle, s] == pytest.approx(1.0)
    assert ((vertical.sum(axis=1) < 1e-6) | (np.abs(vertical.sum(axis=1) - 1.0) < 1e-6)).all()


def test_a_standing_trial_gives_the_lengths(squats: Motion, subject: Person) -> None:
    standing = read_motion(recordings(FOLDER, "static1.trc"))
    found = analyse(short(squats, 0.0, 3.0), subject, static=standing)
    assert found.fit is not None
    assert found.fit.converged.all()
    assert float(np.sqrt(np.nanmean(found.fit.residual**2))) < 0.03
    assert residual(found) < 0.15


def test_an_opensim_model_can_stand_in(angles: Motion, subject: Person) -> None:
    file = recordings("opensim-models", "Models", "Rajagopal", "Rajagopal2016.osim")
    assert angles.angles is not None
    few = replace(
        angles, angles=replace(angles.angles, time=angles.angles.time[:40], value=angles.angles.value[:40])
    )
    found = analyse(few, subject, model=file)
    assert found.body.model.name.lower().startswith("rajagopal")
    assert np.isnan(found.loads.band_force).all()
    assert warnings(found.notes, "the model weighs 75.3 kg, the person 62.6 kg")


def test_options_and_band_reach_the_loads(squats: Motion, subject: Person) -> None:
    few = short(squats, 1.0, 1.5)
    plain, cubes = (analyse(few, subject, options=options) for options in (None, Options(power=3.0)))
    assert np.abs(plain.loads.force - cubes.loads.force).max() > 10.0
    assert plain.body.band is not None
    stiff = analyse(few, subject, band=plain.body.band._replace(modulus=4.0 * plain.body.band.modulus))
    tight = plain.loads.band_strain > 0.0
    assert (stiff.loads.band_strain < plain.loads.band_strain)[tight].all()
    assert tight.any()


# --- wrong input ----------------------------------------------------------------------------------------------------


def test_nothing_to_analyse_is_refused(subject: Person) -> None:
    with pytest.raises(InputError, match="nothing: has neither markers nor joint angles"):
        analyse(Motion("nothing", ()), subject)


def test_angles_of_another_body_are_refused(angles: Motion, subject: Person) -> None:
    assert angles.angles is not None
    renamed = replace(angles.angles, names=tuple(f"tail_{i}" for i in range(len(angles.angles.names))))
    with pytest.raises(InputError, match="none of tail_0, tail_1"):
        analyse(replace(angles, angles=renamed), subject)


def test_a_wrong_mass_is_warned_of(squats: Motion, squatting: Analysis, subject: Person) -> None:
    assert not warnings(squatting.notes, "residual force")
    found = analyse(short(squats, 0.0, 3.0), Person(mass=90.0, height=subject.height))
    note = warnings(found.notes, "residual force on the pelvis", "wrong units or mass")
    assert [n.column for n in note] == ["pelvis"]
    assert residual(found) > 0.25


def exchanged(motion: Motion, *fields: str) -> Motion:
    """The first two plates with some of their columns exchanged."""
    one, two, *rest = motion.plates
    first = replace(one, **{field: getattr(two, field) for field in fields})
    second = replace(two, **{field: getattr(one, field) for field in fields})
    return replace(motion, plates=(first, second, *rest))


def test_plates_in_another_order_change_nothing(walking: Analysis, subject: Person) -> None:
    """Which foot a force belongs to is told by where it acts, not by a name."""
    found = analyse(exchanged(walking.motion, "force", "point", "moment"), subject)
    assert found.ground.force == pytest.approx(walking.ground.force)
    assert found.loads.force == pytest.approx(walking.loads.force, abs=1e-3)


def test_forces_at_the_wrong_foot_are_warned_of_with_place_and_cause(
    walking: Analysis, subject: Person
) -> None:
    """Force columns of one plate with the points of another: the ankle tells."""
    assert not warnings(walking.notes, "asked for")
    found = analyse(exchanged(walking.motion, "point"), subject)
    overloaded = warnings(found.notes, "asked for", "muscles gave", "force on the wrong foot")
    assert {note.column for note in overloaded} & {"ankle_angle_r", "subtalar_angle_r", "ankle_angle_l"}
    assert all(note.time is not None for note in overloaded)
    assert warnings(found.notes, "from the nearer foot", "may be wrong")


@pytest.mark.parametrize("pair", [("r_knee", "r_ankle"), ("r_ankle", "L_ankle"), ("r.ASIS", "L.ASIS")])
def test_exchanged_marker_names_are_warned_of(
    pair: tuple[str, str], squats: Motion, squatting: Analysis, subject: Person
) -> None:
    assert not warnings(squatting.notes, "off the body")
    assert squats.markers is not None
    other = dict([pair, pair[::-1]])
    names = tuple(other.get(name, name) for name in squats.markers.names)
    found = analyse(short(replace(squats, markers=replace(squats.markers, names=names)), 0.0, 1.0), subject)
    assert warnings(found.notes, "off the body", "names exchanged")


def test_without_forces_no_force_is_blamed(squats: Motion, subject: Person) -> None:
    found = analyse(replace(short(squats, 1.0, 2.5), plates=()), subject)
    assert warnings(found.notes, "asked for", "no force was measured")
    assert not warnings(found.notes, "wrong foot")


def test_forces_that_run_late_are_warned_of(squats: Motion, subject: Person) -> None:
    late = with_plates(squats, lambda plate: replace(plate, time=plate.time + 0.6))
    found = analyse(short(late, 1.0, 5.0), subject)
    assert warnings(found.notes, "residual force on the pelvis")


def rewritten(tmp_path: Path, change: Callable[[list[str], Array], Array]) -> Motion:
    """The squats with a changed table of forces, read from a file as anybody's would be."""
    lines = recordings(FOLDER, "squats1_grf.mot").read_text().splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("time"))
    table = np.array([line.split() for line in lines[head + 1 :]], dtype=np.float64)
    table = change(lines[head].split(), table.copy())
    file = tmp_path / "changed_grf.mot"
    rows = ["\t".join(f"{v:.9g}" for v in row) for row in table]
    file.write_text("\n".join([*lines[: head + 1], *rows]) + "\n")
    return short(read_motion(recordings(FOLDER, "squats1.trc"), file), 0.0, 2.0)


def times(factor: float, *parts: str) -> Callable[[list[str], Array], Array]:
    """Multiply the columns whose names hold one of these parts."""

    def change(names: list[str], table: Array) -> Array:
        columns = [i for i, name in enumerate(names) if any(part in name for part in parts)]
        table[:, columns] *= factor
        return table

    return change


WRONG = {
    "kN": (times(0.001, "_v", "_m"), "a body weight in kN"),
    "upside down": (times(-1.0, "_v", "_m"), "it is the person's force on the ground"),
    "mm": (times(1000.0, "_p", "_m"), "points are read as mm"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_units_and_signs_of_forces_are_put_right_and_told(
    wrong: str, tmp_path: Path, squats: Motion, subject: Person
) -> None:
    change, words = WRONG[wrong]
    found, right = analyse(rewritten(tmp_path, change), subject), analyse(short(squats, 0.0, 2.0), subject)
    assert warnings(found.notes, words)
    assert found.ground.force == pytest.approx(right.ground.force, abs=0.1)
    assert found.loads.moment == pytest.approx(right.loads.moment, abs=0.5)


def test_a_plate_that_is_not_zeroed_is_told(tmp_path: Path, subject: Person) -> None:
    def change(names: list[str], table: Array) -> Array:
        table[:, names.index("ground_force_3_vy")] += 12.0 + np.random.default_rng(0).standard_normal(
            len(table)
        )
        return table

    found = analyse(rewritten(tmp_path, change), subject)
    assert warnings(found.notes, "ground_force_3", "it was not zeroed")


def test_a_foot_whose_force_is_missing_is_told(squats: Motion, subject: Person) -> None:
    one = replace(squats, plates=squats.plates[:1])
    found = analyse(short(one, 0.0, 2.0), subject)
    assert warnings(found.notes, "no plate")
    assert found.unknown.mean() > 0.9
