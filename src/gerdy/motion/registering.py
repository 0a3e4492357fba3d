"""From markers to a person's body: which marker is what, how long the segments are, where loose markers sit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from gerdy.errors import InputError
from gerdy.mechanics.assembly import assemble
from gerdy.mechanics.body import Body
from gerdy.mechanics.ik import Fit, fit
from gerdy.mechanics.model import BodyModel, Marker
from gerdy.mechanics.person import Person
from gerdy.mechanics.sizing import Sizing, factors_from_markers
from gerdy.mechanics.table import table
from gerdy.motion.labels import canonical, clusters, unknown
from gerdy.motion.recording import Markers, Note, NoteKind

Array = NDArray[np.float64]

SAMPLE = 40  # frames of a trial in which loose markers are placed
NEEDED = ("pelvis", "femur", "tibia", "calcn")  # segments of which a leg is followed
PARTS = ("pelvis", "femur_r", "tibia_r", "calcn_r", "femur_l", "tibia_l", "calcn_l")
SHOWN = 0.5  # share of a part's markers that must be seen in a frame (assumed, grade E)
FEWEST = 20  # frames of a stretch worth following
LEAST_SEEN = 0.3  # share of frames in which a marker must be seen to be of use
KNEES = {f"{side}_knee_{part}" for side in "rl" for part in ("lateral", "medial", "centre")}
BLIND = (
    "no marker on a knee and no standing trial: thigh and shin have the length that people of this height have, "
    "and knee bend may be off by about 10 degrees."
)
LEVEL_PULL = 1.0  # m2 a rad2: the standing pelvis is level, whatever its markers say
LEVEL = (
    "standing trial: the pelvis taken as level there, and the markers of pelvis and legs where they were measured; "
    "the slope between the points of a hip bone is 13 (SD 5) degrees by its shape alone (Preece 2008)."
)
DISAGREEING = 0.08  # share by which a segment may differ between standing and moving (assumed, grade E)
NOT_MEASURED = 0.04  # error from which on a size comes from height, not from markers
ARMS = ("r_elbow_lateral", "l_elbow_lateral")
# While loose markers are placed, joints are drawn to rest (m2 a rad2), less each time, and bony points lead: a loose
# marker that weighed as much would hold a posture that was only guessed.
PULLS = (0.02, 0.005, 0.001, 0.0003, 0.0001, 0.0001)
PLACING = 0.05
UPPER = 0.1  # weight of trunk and arms, which are not what is asked about
LOOSE = 0.5  # weight of a marker on soft tissue against a bony point (assumed: more skin movement, grade E)


@dataclass(frozen=True)
class Registered:
    """A body whose markers are those of a recording.

    Attributes
    ----------
    names : the body's markers that are followed.
    index : where each is among the recording's.
    weight : of each in the fit.
    """

    body: Body
    names: tuple[str, ...]
    index: tuple[int, ...]
    weight: Array
    notes: tuple[Note, ...]

    def longest_shown(self, markers: Markers) -> slice:
        """Return the longest stretch of frames in which every part of pelvis and legs shows enough of its markers.

        Raises
        ------
        InputError
            If there is no such stretch of at least a few frames.
        """
        segment = {marker.name: marker.body for marker in self.body.model.markers}
        seen = np.isfinite(markers.position[:, list(self.index), 0])
        enough = np.ones(len(seen), dtype=bool)
        for part in PARTS:
            rows = [i for i, name in enumerate(self.names) if part in segment[name]]
            if rows:
                enough &= seen[:, rows].sum(axis=1) >= max(1, int(np.ceil(SHOWN * len(rows))))
        edges = np.flatnonzero(np.diff(np.concatenate([[0], enough.astype(int), [0]])))
        stretches = list(zip(edges[::2], edges[1::2], strict=True))
        start, stop = max(stretches, key=lambda ends: ends[1] - ends[0], default=(0, 0))
        if stop - start < FEWEST:
            raise InputError(
                "markers: pelvis and both legs are never seen together for more than a few frames."
            )
        return slice(int(start), int(stop))

    def follow(self, markers: Markers) -> Fit:
        """Return the postures of all frames."""
        return fit(self.body.assembly, self.names, markers.position[:, list(self.index)], self.weight)


def register_own(markers: Markers, person: Person, static: Markers | None = None) -> Registered:
    """Return Gerdy's own body scaled to a person's markers, their loose markers placed.

    Parameters
    ----------
    static : a recording of quiet standing of the same person, best for the segments' lengths.

    Raises
    ------
    InputError
        If the markers that are known do not show pelvis and legs.
    """
    known = _seen(markers, canonical(markers.names))
    loose = _seen(markers, {name: markers.names.index(name) for name in clusters(markers.names)})
    notes = _about(markers, known, loose)
    still = markers if static is None else static
    sized = factors_from_markers(
        table(),
        {name: still.position[:, i] for name, i in _seen(still, canonical(still.names)).items()},
        height=person.height,
        sex=person.sex,
    )
    notes += [Note(NoteKind.ASSUMED, text) for text in sized.notes]
    if not KNEES & set(canonical(still.names)):
        notes.append(Note(NoteKind.WARNING, BLIND))
    body = Body.own(person, factors=sized.factors, arms=all(name in known for name in ARMS))
    segments = {segment.name for segment in body.model.bodies}
    carried = {name: on for name, on in clusters(markers.names).items() if name in loose and on in segments}
    ours = {marker.name for marker in body.model.markers}
    followed = {name: i for name, i in known.items() if name in ours}
    _check(body.model, followed, carried)
    if static is None:
        body, error = _placed(body, markers, followed, carried)
    else:
        shown = {name: i for name, i in _seen(static, canonical(static.names)).items() if name in ours}
        below = {name: on for name, on in carried.items() if _below(on) and name in static.names}
        body, error = _placed(body, static, shown, below, standing=True)
        body, _ = _placed(
            body, markers, followed, {name: on for name, on in carried.items() if not _below(on)}
        )
        lost = [name for name, on in carried.items() if _below(on) and name not in static.names]
        carried = {name: on for name, on in carried.items() if name not in lost}
        if lost:
            notes.append(
                Note(NoteKind.ASSUMED, f"not followed, for the standing trial lacks them: {', '.join(lost)}.")
            )
        notes.append(Note(NoteKind.ASSUMED, LEVEL))
        notes += _disagreements(sized, markers, known, person)
    notes.append(Note(NoteKind.FOUND, f"bony points fit the scaled body within {1e3 * error:.0f} mm (RMS)."))
    names = (*followed, *carried)
    segment = {marker.name: marker.body for marker in body.model.markers}
    bony = [1.0 if _below(segment[name]) else UPPER for name in followed]
    weight = np.array(bony + [LOOSE if _below(on) else UPPER for on in carried.values()])
    index = (*followed.values(), *(loose[name] for name in carried))
    return Registered(body, names, index, weight, tuple(notes))


def register_model(markers: Markers, body: Body) -> Registered:
    """Return a model's own markers that a recording holds, by their names.

    Raises
    ------
    InputError
        If fewer than three are shared.
    """
    ours = {marker.name for marker in body.model.markers}
    shared = _seen(markers, {name: i for i, name in enumerate(markers.names) if name in ours})
    if len(shared) < 3:
        some = ", ".join(sorted(ours)[:8])
        wanted = f"at least three of {some} ... are needed" if ours else "the model has no markers at all"
        raise InputError(
            f"markers: the recording and model {body.model.name} share {len(shared)} names; {wanted}."
        )
    left = [name for name in markers.names if name not in shared]
    notes = [Note(NoteKind.FOUND, f"{len(shared)} of {len(markers.names)} markers are the model's own.")]
    if left:
        notes.append(
            Note(NoteKind.ASSUMED, f"not followed, for the model has none of that name: {', '.join(left)}.")
        )
    return Registered(body, tuple(shared), tuple(shared.values()), np.ones(len(shared)), tuple(notes))


def with_markers(body: Body, places: Mapping[str, tuple[str, Array]]) -> Body:
    """Return a body with markers at these places: by name, the segment and the place (3,) m in its frame.

    A marker that the body has already on that segment is moved; that needs no new compilation.
    """
    had = {marker.name: marker.body for marker in body.model.markers}
    bony = {marker.name for marker in body.model.markers if marker.landmark}
    kept = tuple(marker for marker in body.model.markers if marker.name not in places)
    added = tuple(
        Marker(
            name=name,
            body=segment,
            location=(float(at[0]), float(at[1]), float(at[2])),
            landmark=name in bony,
        )
        for name, (segment, at) in places.items()
    )
    model = msgspec.structs.replace(body.model, markers=kept + added)
    if all(had.get(marker.name) == marker.body for marker in added):
        assembly = body.assembly.with_markers_moved(model)
    else:
        assembly = assemble(model, body.assembly.touching)
    return Body(assembly, body.person, body.notes)


def _below(segment: str) -> bool:
    """Return whether a segment is the pelvis or a leg's; people often stand with arms spread, which moves the rest."""
    return segment == "pelvis" or segment.startswith(("femur", "tibia", "patella", "talus", "calcn", "toes"))


def _disagreements(sized: Sizing, markers: Markers, known: Mapping[str, int], person: Person) -> list[Note]:
    """Return a warning for every segment that the moving trial shows longer or shorter than the standing one."""
    moving = factors_from_markers(
        table(),
        {name: markers.position[:, i] for name, i in known.items()},
        height=person.height,
        sex=person.sex,
    )
    notes = []
    for segment in ("pelvis", "femur_r", "femur_l", "tibia_r", "tibia_l", "calcn_r", "calcn_l"):
        ratio = max(moving.factors[segment]) / max(sized.factors[segment])
        measured = moving.error[segment] < NOT_MEASURED
        if measured and abs(ratio - 1.0) > DISAGREEING:
            notes.append(
                Note(
                    NoteKind.WARNING,
                    f"the moving trial shows it {100 * (ratio - 1.0):+.0f} % against the standing trial: not the same "
                    "person or shoes, or a marker that sits elsewhere.",
                    column=segment,
                )
            )
    return notes


def _placed(
    body: Body,
    markers: Markers,
    followed: Mapping[str, int],
    carried: Mapping[str, str],
    *,
    standing: bool = False,
) -> tuple[Body, float]:
    """Return the body with loose markers where they are on average, and the bony points' error (m).

    In a ``standing`` trial the pelvis is taken as level, and bony points of pelvis and legs are placed where they were
    measured too, as the field's marker placer does: palpation misses a bone by a centimetre, and tilts a pelvis by ten
    degrees. Those of trunk and arms are placed in the moving trial: a trunk of another length would tilt the pelvis.

    Legs without knee markers are nearly free to swivel; a pull to the resting posture holds them until the loose
    markers have found their places, which are then renewed with less pull each time.
    """
    columns = list(followed.values())
    seen = np.isfinite(markers.position[:, columns, 0]).all(axis=1)
    frames = np.flatnonzero(seen if seen.sum() >= 3 else np.isfinite(markers.position[:, :, 0]).any(axis=1))
    frames = frames[np.unique(np.linspace(0, len(frames) - 1, SAMPLE).astype(int))]
    segment = {marker.name: marker.body for marker in body.model.markers}
    bony = [1.0 if _below(segment[name]) else UPPER for name in followed]
    names, weights = tuple(followed), np.array(bony)
    turning = np.array([0.0 if name.startswith("pelvis_") else 1.0 for name in body.coordinates])
    level = np.array([LEVEL_PULL if standing and name == "pelvis_tilt" else 0.0 for name in body.coordinates])
    error, start = 0.0, None
    for pull in PULLS:
        at = markers.position[frames][:, columns]
        solved = fit(
            body.assembly, names, at, weights, start=start, prior=pull * turning + level, limited=True
        )
        start = solved.q[0]
        error = float(np.sqrt(np.nanmean(solved.residual[:, : len(followed)] ** 2)))
        if not carried:
            break
        body = with_markers(body, _places(body, markers, frames, solved.q, carried))
        if len(names) == len(followed):
            names, weights = (*followed, *carried), np.array(bony + [PLACING] * len(carried))
            columns = columns + [markers.names.index(name) for name in carried]
    lower = {name: segment[name] for name in followed if _below(segment[name])}
    upper = {name: segment[name] for name in followed if not _below(segment[name])}
    measured = lower if standing else upper
    if measured:
        body = with_markers(body, _places(body, markers, frames, solved.q, measured, dict(followed)))
    return body, error


def _places(
    body: Body,
    markers: Markers,
    frames: NDArray[np.intp],
    q: Array,
    carried: Mapping[str, str],
    index: Mapping[str, int] | None = None,
) -> dict[str, tuple[str, Array]]:
    """Return where each marker sits on its segment, the median over frames."""
    turned, places = body.frames(q), {}
    for name, segment in carried.items():
        rotation, origin = turned[segment]
        at = markers.position[frames, markers.names.index(name) if index is None else index[name]]
        places[name] = (segment, np.nanmedian(np.einsum("tij,ti->tj", rotation, at - origin), axis=0))
    return places


def _seen(markers: Markers, index: Mapping[str, int]) -> dict[str, int]:
    share = np.isfinite(markers.position[:, :, 0]).mean(axis=0)
    return {name: i for name, i in index.items() if share[i] >= LEAST_SEEN}


def _about(markers: Markers, known: Mapping[str, int], loose: Mapping[str, int]) -> list[Note]:
    notes = [
        Note(NoteKind.FOUND, f"{len(known)} bony points and {len(loose)} loose markers recognised by name.")
    ]
    left = unknown(markers.names)
    if left:
        notes.append(
            Note(NoteKind.ASSUMED, f"not followed, for their names are not known: {', '.join(left)}.")
        )
    return notes


def _check(model: BodyModel, followed: Mapping[str, int], carried: Mapping[str, str]) -> None:
    segment = {marker.name: marker.body for marker in model.markers}
    on = [segment[name] for name in followed] + list(carried.values())
    for part in NEEDED:
        sides = (part,) if part == "pelvis" else (f"{part}_r", f"{part}_l")
        for name in sides:
            least = 3 if part == "pelvis" else 1
            if on.count(name) < least:
                raise InputError(
                    f"markers: {on.count(name)} known on {name}, {least} needed; recognised: {', '.join(followed)}. "
                    "Name markers as one of the sets that the guide lists."
                )
