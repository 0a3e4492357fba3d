"""What somebody did in a recording: the kind of movement, the stances of each foot, the repeats of an exercise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise, zip_longest
from statistics import NormalDist

import numpy as np

from gerdy.errors import InputError, UnknownIdError
from gerdy.motion.contacts import SIDES, Contact, Side, down, from_force, from_points, merged
from gerdy.motion.filtering import runs, smooth
from gerdy.motion.recording import Array, Note, NoteKind

Force = tuple[Array, Array]  # times (s) and vertical ground force on the foot (N)

DEPTH = np.radians(20.0)  # knee flexion that makes a squat, against swaying (assumed, E)
DEPTH_CUTOFF = 3.0  # Hz; squats are slower than one a second (assumed, E)
EDGE = 0.1  # share of its depth at which a repeat starts and ends (assumed, E)
HELD = 1.0  # s on one leg that makes a single-leg stance, against a step (assumed, E)
TOGETHER = 0.1  # s within which two feet land or leave together (assumed, E)
TRAVEL = 0.3  # m that the body moves in two steps of walking (assumed, E)


class Kind(StrEnum):
    """What kind of movement a trial shows."""

    STANDING = "standing"
    SQUAT = "squat"
    SINGLE_LEG_STANCE = "single_leg_stance"
    SINGLE_LEG_SQUAT = "single_leg_squat"
    WALKING = "walking"
    RUNNING = "running"
    LANDING = "landing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Phase:
    """One stance of one foot, in s: contact at ``start``, ``toe_off``, and ``end`` of the stride at its next contact.

    ``end`` is None after a foot's last contact. ``begun`` and ``finished`` are False where the recording starts or
    stops during the stance. ``timing`` is the standard error of contact and toe off.
    """

    side: Side
    start: float
    toe_off: float
    end: float | None
    begun: bool = True
    finished: bool = True
    source: str = "motion"
    timing: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether the recording holds all of the stance."""
        return self.begun and self.finished


@dataclass(frozen=True)
class Repeat:
    """One repeat of a squat: ``start``, ``deepest``, ``end`` in s; ``side`` is the standing leg, None for both."""

    start: float
    deepest: float
    end: float
    side: Side | None = None


@dataclass(frozen=True)
class Held:
    """A time during which one foot alone is on the ground, in s."""

    side: Side
    start: float
    end: float


@dataclass(frozen=True)
class Events:
    """What happened: the kind of movement and how sure that is (0 to 1), stances, repeats, and times on one leg."""

    kind: Kind
    confidence: float
    phases: tuple[Phase, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    held: tuple[Held, ...] = ()
    notes: tuple[Note, ...] = ()


def find(
    time: Array,
    points: Mapping[str, Array] | None = None,
    *,
    forces: Mapping[Side, Force] | None = None,
    angles: Mapping[str, Array] | None = None,
    weight: float | None = None,
    kind: Kind | str | None = None,
) -> Events:
    """Return the events of a trial from points (name: (t, 3) m), vertical forces by foot, and angles (name: (t,) rad).

    Forces go before motion where a foot is on a plate. ``weight`` is the body weight in N. ``kind`` overrides what the
    trial looks like.

    Raises
    ------
    InputError
        If neither forces of both feet nor points of both feet are given, or they hold missing values.
    UnknownIdError
        For a kind nobody knows.
    """
    chosen = _kind(kind)
    at = np.asarray(time, dtype=np.float64)
    contacts, notes = _contacts(at, points or {}, forces or {}, weight)
    held = _held(contacts, at)
    flexion = _flexions(at, angles or {}, points or {})
    looks, confidence, reason = _recognised(at, contacts, held, flexion, points or {})
    if chosen is None:
        notes.append(Note(NoteKind.FOUND, f"looks like {looks.replace('_', ' ')}: {reason}"))
    else:
        if chosen is not looks:
            notes.append(
                Note(
                    NoteKind.WARNING,
                    f"taken for {chosen.replace('_', ' ')} as told; looks like {looks}: {reason}",
                )
            )
        looks, confidence = chosen, 1.0
    return Events(
        kind=looks,
        confidence=confidence,
        phases=_phases(contacts),
        repeats=_repeats(looks, at, held, flexion),
        held=held,
        notes=tuple(notes),
    )


def cycles(time: Array, depth: Array, least: float = DEPTH) -> tuple[tuple[float, float, float], ...]:
    """Return start, deepest and end (s) of every time that ``depth`` (t,) rises and falls again by ``least``."""
    turns = _turns(depth, least)
    found = []
    for (left, down_), (peak, up), (right, _) in zip(turns, turns[1:], turns[2:], strict=False):
        if down_ or not up:
            continue
        before, after = depth[left : peak + 1], depth[peak : right + 1]
        start = left + int(np.flatnonzero(before <= before[0] + EDGE * (before[-1] - before[0]))[-1])
        end = peak + int(np.flatnonzero(after <= after[-1] + EDGE * (after[0] - after[-1]))[0])
        found.append((float(time[start]), float(time[peak]), float(time[end])))
    return tuple(found)


def _kind(kind: Kind | str | None) -> Kind | None:
    if kind is None:
        return None
    try:
        return Kind(kind)
    except ValueError:
        raise UnknownIdError("kind of movement", str(kind), [each.value for each in Kind]) from None


def _contacts(
    time: Array, points: Mapping[str, Array], forces: Mapping[Side, Force], weight: float | None
) -> tuple[dict[Side, tuple[Contact, ...]], list[Note]]:
    notes: list[Note] = []
    measured = {side: from_force(*forces[side], side) for side in SIDES if side in forces}
    try:
        seen = from_points(time, points)
    except InputError:
        if points or len(measured) < 2:
            raise
        return {side: tuple(_within(measured[side], time)) for side in SIDES}, [
            Note(NoteKind.ASSUMED, "no points of the feet: every contact is taken to be on a force plate")
        ]
    bearing = None
    if forces:
        bearing = np.sum([np.interp(time, *force, left=0.0, right=0.0) for force in forces.values()], axis=0)
    contacts = {
        side: tuple(_within(merged(seen[side], measured.get(side, ()), bearing, time, weight), time))
        for side in SIDES
    }
    every = [contact for side in SIDES for contact in contacts[side]]
    by_motion = sum(contact.source == "motion" for contact in every)
    if by_motion:
        text = f"{by_motion} of {len(every)} foot contacts are read from the motion of the feet"
        notes.append(
            Note(NoteKind.ASSUMED, f"{text}, right to about {1e3 * max(c.timing for c in every):.0f} ms")
        )
    return contacts, notes


def _within(contacts: Sequence[Contact], time: Array) -> Iterator[Contact]:
    """Cut contacts to the time in which the body was recorded; forces may have been recorded for longer."""
    first, last = float(time[0]), float(time[-1])
    for contact in contacts:
        if contact.start < last and contact.end > first:
            yield replace(
                contact,
                start=max(contact.start, first),
                end=min(contact.end, last),
                begun=contact.begun and contact.start >= first,
                finished=contact.finished and contact.end <= last,
            )


def _phases(contacts: Mapping[Side, Sequence[Contact]]) -> tuple[Phase, ...]:
    found = []
    for own in contacts.values():
        for contact, following in zip_longest(own, own[1:]):
            found.append(
                Phase(
                    side=contact.side,
                    start=contact.start,
                    toe_off=contact.end,
                    end=None if following is None else following.start,
                    begun=contact.begun,
                    finished=contact.finished,
                    source=contact.source,
                    timing=contact.timing,
                )
            )
    return tuple(sorted(found, key=lambda phase: (phase.start, phase.side)))


def _held(contacts: Mapping[Side, Sequence[Contact]], time: Array) -> tuple[Held, ...]:
    on = {side: down(contacts[side], time) for side in SIDES}
    alone = [(side, runs(on[side] & ~on[other])) for side, other in zip(SIDES, SIDES[::-1], strict=True)]
    found = [
        Held(side, float(time[start]), float(time[stop - 1]))
        for side, parts in alone
        for start, stop in parts
    ]
    return tuple(sorted(found, key=lambda held: held.start))


def _flexions(time: Array, angles: Mapping[str, Array], points: Mapping[str, Array]) -> dict[Side, Array]:
    """Return each knee's flexion (t,) rad, slow part only; of the angles, else of hip, knee and ankle."""
    found: dict[Side, Array] = {}
    rate = (len(time) - 1) / float(time[-1] - time[0])
    for side in SIDES:
        if f"knee_angle_{side}" in angles:
            raw = np.asarray(angles[f"knee_angle_{side}"], dtype=np.float64)
        elif all(f"{joint}_{side}" in points for joint in ("hip", "knee", "ankle")):
            raw = bend(*(np.asarray(points[f"{joint}_{side}"]) for joint in ("hip", "knee", "ankle")))
        else:
            continue
        long_enough = (len(time) - 1) / rate > 1.0 / DEPTH_CUTOFF and rate > 2.0 * DEPTH_CUTOFF
        found[side] = smooth(time, raw, DEPTH_CUTOFF, names=[f"knee {side}"]).value if long_enough else raw
    return found


def bend(upper: Array, joint: Array, lower: Array) -> Array:
    """Return the bend (t,) rad at a joint: 0 where the three points (t, 3) lie in one line."""
    first, second = joint - upper, lower - joint
    across = np.linalg.norm(np.cross(first, second), axis=1)
    result: Array = np.arctan2(across, np.einsum("ij,ij->i", first, second))
    return result


def _repeats(
    kind: Kind, time: Array, held: Sequence[Held], flexion: Mapping[Side, Array]
) -> tuple[Repeat, ...]:
    if kind is Kind.SQUAT and flexion:
        return tuple(Repeat(*cycle) for cycle in cycles(time, np.mean(list(flexion.values()), axis=0)))
    if kind is not Kind.SINGLE_LEG_SQUAT:
        return ()
    found = []
    for stand in held:
        if stand.end - stand.start < HELD or stand.side not in flexion:
            continue
        during = (time >= stand.start) & (time <= stand.end)
        found += [
            Repeat(*cycle, side=stand.side) for cycle in cycles(time[during], flexion[stand.side][during])
        ]
    return tuple(found)


def _recognised(
    time: Array,
    contacts: Mapping[Side, Sequence[Contact]],
    held: Sequence[Held],
    flexion: Mapping[Side, Array],
    points: Mapping[str, Array],
) -> tuple[Kind, float, str]:
    """Return the kind of movement, how sure that is, and why."""
    order = sorted(
        (c for side in SIDES for c in contacts[side]), key=lambda contact: (contact.start, contact.end)
    )
    if not order:
        return Kind.UNKNOWN, 0.0, "no foot is ever on the ground"
    on = {side: down(contacts[side], time) for side in SIDES}
    both, none = float((on["r"] & on["l"]).mean()), float((~on["r"] & ~on["l"]).mean())
    gait = _gait(order, points)
    if gait is not None:
        return gait
    if none > 0.0 and any(_jumped(contacts, start, stop, time) for start, stop in runs(~on["r"] & ~on["l"])):
        return (
            Kind.LANDING,
            0.9,
            f"both feet are off the ground for {none * 100:.0f} % of the time and land together",
        )
    stands = [stand for stand in held if stand.end - stand.start >= HELD]
    if stands and sum(stand.end - stand.start for stand in stands) > 0.3 * (time[-1] - time[0]):
        long = max(stand.end - stand.start for stand in stands)
        repeats = _repeats(Kind.SINGLE_LEG_SQUAT, time, stands, flexion)
        sure = min(0.95, 0.6 + 0.1 * long)
        if repeats:
            return Kind.SINGLE_LEG_SQUAT, sure, f"{len(repeats)} knee bends on one leg"
        return Kind.SINGLE_LEG_STANCE, sure, f"one foot alone on the ground for up to {long:.1f} s"
    if both > 0.8:
        repeats = _repeats(Kind.SQUAT, time, held, flexion)
        if repeats:
            return (
                Kind.SQUAT,
                0.9,
                f"both feet down, {len(repeats)} knee bends (sitting down and up looks the same)",
            )
        sure = 0.9 if flexion else 0.5
        return (
            Kind.STANDING,
            sure,
            "both feet down and no knee bend" if flexion else "both feet down, knees unknown",
        )
    return Kind.UNKNOWN, 0.2, "neither steps, nor jumps, nor standing"


def _gait(order: Sequence[Contact], points: Mapping[str, Array]) -> tuple[Kind, float, str] | None:
    """Tell walking from running by whether a foot lands before the other leaves; None where feet do not alternate."""
    pairs = [(one, two) for one, two in pairwise(order) if two.begun]
    turns = [(one, two) for one, two in pairs if one.side != two.side]
    short = [contact for contact in order if contact.end - contact.start < 2.0 * HELD]
    if len(turns) < 2 or len(turns) < 0.8 * len(pairs) or len(short) < 0.8 * len(order):
        return None
    if len(turns) < 3 and not _travels(points):
        return None
    apart = [two.start - one.start for one, two in turns if one.begun]
    if apart and min(apart) < TOGETHER:
        return None
    gaps = [two.start - one.end for one, two in turns if one.finished or two.start < one.end]
    if not gaps:
        return None
    gap = float(np.median(gaps))
    timing = max(float(np.hypot(one.timing, two.timing)) for one, two in turns) / len(gaps) ** 0.5
    sure = round(NormalDist().cdf(abs(gap) / max(timing, 1e-3)), 3)
    if gap > 0.0:
        return Kind.RUNNING, sure, f"{len(turns)} steps with {gap * 1e3:.0f} ms of flight"
    return Kind.WALKING, sure, f"{len(turns)} steps with {-gap * 1e3:.0f} ms on both feet"


def _travels(points: Mapping[str, Array]) -> bool:
    feet = [np.asarray(points[name]) for name in points if name.startswith(("ankle", "heel", "toe"))]
    if not feet:
        return False
    body = np.mean(feet, axis=0)
    return bool(np.hypot(*(body[-1] - body[0])[[0, 2]]) > TRAVEL)


def _jumped(contacts: Mapping[Side, Sequence[Contact]], start: int, stop: int, time: Array) -> bool:
    """Whether the feet that leave before a flight land after it at once: both together, or the same one again."""
    if start == 0 or stop == len(time):
        return False
    left = {
        side: min((abs(c.end - time[start]) for c in contacts[side]), default=9.0) < TOGETHER
        for side in SIDES
    }
    landed = {
        side: min((abs(c.start - time[stop]) for c in contacts[side]), default=9.0) < TOGETHER
        for side in SIDES
    }
    return all(landed.values()) or any(left[side] and landed[side] for side in SIDES)


def _turns(signal: Array, least: float) -> list[tuple[int, bool]]:
    """Return the turning points of a signal that are ``least`` apart, in order: index, and whether it is a maximum."""
    turns: list[tuple[int, bool]] = []
    low = high = 0
    rising: bool | None = None
    for index, value in enumerate(signal.tolist()):
        low = index if value < signal[low] else low
        high = index if value > signal[high] else high
        if rising is not False and value <= signal[high] - least:
            if rising is None and low < high:
                turns.append((low, False))
            turns.append((high, True))
            rising, low = False, index
        elif rising is not True and value >= signal[low] + least:
            if rising is None and high < low:
                turns.append((high, True))
            turns.append((low, False))
            rising, high = True, index
    if rising is not None:
        turns.append((high, True) if rising else (low, False))
    return turns
