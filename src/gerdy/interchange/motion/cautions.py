"""What may spoil the numbers, said before any of them: residuals, reserves, limits, markers, assumptions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gerdy.interchange.motion.axes import number
from gerdy.interchange.motion.muscles import is_muscle, muscle_words
from gerdy.interchange.motion.published import published
from gerdy.interchange.motion.trial import SIDES, Floats, Trial
from gerdy.interchange.motion.words import plural, share

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*_[a-z]+")
_KINDS = ("warning", "repaired", "assumed", "found")
_ORDER = ("warning", "detailed", "repaired", "assumed", "found")
_LEAST = 1.0  # N m; less than this is no lack, however small the peak moment (assumed, grade E)
_NAMED = 6  # muscles at their limit that are named at once; the others wait behind a click


@dataclass(frozen=True)
class Computed:
    """A warning that follows from the numbers; ``more`` is the rest of a long list, ``title`` what it is called."""

    text: str
    title: str = ""
    more: str = ""


@dataclass(frozen=True)
class Cautions:
    """Everything to know: warnings that follow from the numbers, and notes that came with them, by kind.

    ``detailed`` are given warnings about one joint, where the numbers already gave one about all joints.
    """

    computed: tuple[Computed, ...]
    warnings: tuple[str, ...]
    detailed: tuple[str, ...]
    repaired: tuple[str, ...]
    assumed: tuple[str, ...]
    found: tuple[str, ...]


def cautions(trial: Trial, notes: Iterable[object]) -> Cautions:
    """Return the warnings that follow from the numbers, and every note that came with them, each once."""
    given = trial.data.attrs.get("notes", ())
    own = [given] if isinstance(given, str) else list(given)
    seen = dict.fromkeys(str(note) for note in [*own, *notes])
    computed = [one for make in _CHECKS for one in make(trial)]
    joints = {f"{name} " for name in trial.labels("coordinate")} if _reserves(trial) else set()
    parts: dict[str, list[str]] = {kind: [] for kind in (*_KINDS, "detailed")}
    for note in seen:
        kind, text = _sorted(note)
        about_joint = kind == "warning" and any(text.startswith(joint) for joint in joints)
        parts["detailed" if about_joint else kind].append(_sentence(text))
    return Cautions(tuple(computed), *(tuple(dict.fromkeys(parts[kind])) for kind in _ORDER))


def _sorted(note: str) -> tuple[str, str]:
    """Return a note's kind by the word it begins with, and its text; one that names no kind is an assumption."""
    head, colon, rest = note.partition(":")
    kind = head.strip().lower()
    return (kind, rest.strip()) if colon and kind in _KINDS else ("assumed", note.strip())


def _sentence(text: str) -> str:
    text = _ID.sub(_plainly, text.strip())
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) or not text else f"{text}."


def _plainly(match: re.Match[str]) -> str:
    """Return what a joint or muscle of the model is called; any other word as it stands."""
    name = match[0]
    if name in _JOINTS or name.rpartition("_")[0] in _JOINTS:
        return joint_words(name)
    return muscle_words(name) if is_muscle(name) else name


def _still(trial: Trial) -> list[Computed]:
    if not trial.quasi_static:
        return []
    text = (
        "No ground forces were measured: body weight is taken to stand on the foot or feet on the ground, with no push "
        "or landing. Forces in fast movements are then far too low."
    )
    return [Computed(text)]


def _frames(trial: Trial) -> list[Computed]:
    if "converged" not in trial.data:
        return []
    lost = int((~trial.data["converged"].values.astype(bool)).sum())
    if not lost:
        return []
    text = (
        f"In {plural(lost, 'frame')} of {len(trial.time)} the pose that fits the markers best was not reached: "
        "angles there are less certain."
    )
    return [Computed(text)]


def residual_force(trial: Trial) -> Floats | None:
    """Return the force on the pelvis that nothing in the recording explains, (t,) N."""
    parts = [trial.series("moment", coordinate=f"pelvis_{axis}") for axis in ("tx", "ty", "tz")]
    there = [part for part in parts if part is not None]
    return np.asarray(np.sqrt(sum(part**2 for part in there))) if there else None


def peak_ground(trial: Trial) -> float:
    """Return the highest ground force of both feet together, N; body weight where none was measured."""
    both = [force for side in SIDES if (force := trial.series("ground_force", side=side)) is not None]
    if not both:
        return trial.weight
    return float(np.nanmax(np.linalg.norm(np.nansum(both, axis=0), axis=1)))


def _residuals(trial: Trial) -> list[Computed]:
    rest = residual_force(trial)
    if rest is None or not np.isfinite(rest).any():
        return []
    peak, ground, limit = (
        float(np.nanmax(rest)),
        peak_ground(trial),
        published().limits["residual_share"].value,
    )
    if not np.isfinite(ground) or ground <= 0 or peak <= limit * ground:
        return []
    mean = float(np.sqrt(np.nanmean(rest**2)))
    against = "the highest ground force" if trial.has("ground_force") else "body weight"
    text = (
        f"Residual force on the pelvis: up to {number(peak, 0)} N, {share(peak / ground)} of {against} "
        f"(typically {number(mean, 0)} N). Movement, masses and ground forces do not quite agree; "
        "moments carry this error."
    )
    return [Computed(text)]


def _reserves(trial: Trial) -> list[Computed]:
    shares, names = trial.table("reserve_share", "coordinate"), trial.labels("coordinate")
    if shares is None:
        return []
    limit, found = published().limits["reserve_share"].value, []
    lack = {name: _largest(trial.series("reserve", coordinate=name)) for name in names}
    for name, column in zip(names, shares.T, strict=True):
        there = column[np.isfinite(column)]
        if there.size and there.max() > limit and lack[name] > _LEAST and not name.startswith("pelvis_"):
            frames = float((there > limit).mean())
            found.append(
                (
                    float(there.max()),
                    f"{joint_words(name)} {share(float(there.max()))} ({share(frames)} of frames)",
                )
            )
    if not found:
        return []
    words = ", ".join(text for _, text in sorted(found, reverse=True))
    text = (
        f"The muscles of the model could not make all of the moment at: {words}; the share is of the peak moment. "
        "There muscle and contact forces are too low."
    )
    return [Computed(text)]


def _largest(values: Floats | None) -> float:
    """Return the largest size of a series; infinite where it is not known, so that nothing is hidden."""
    return float("inf") if values is None else float(np.nanmax(np.abs(values)))


def _saturated(trial: Trial) -> list[Computed]:
    found = saturated(trial)
    if not found:
        return []
    words = [f"{muscle_words(name)} ({share(part)} of frames)" for name, part in found]
    rest = f" and {plural(len(words) - _NAMED, 'more muscle')}" if len(words) > _NAMED else ""
    text = (
        f"At the limit of their strength: {'; '.join(words[:_NAMED])}{rest}. The model may be weaker than the person, "
        "or the movement asks more than these muscles have."
    )
    if not rest:
        return [Computed(text)]
    return [Computed(text, f"All {len(words)} muscles at their limit", f"{'; '.join(words)}.")]


def saturated(trial: Trial) -> list[tuple[str, float]]:
    """Return the muscles that are ever at their limit with the share of frames, most first."""
    flags, names = trial.table("saturated", "muscle"), trial.labels("muscle")
    if flags is None:
        return []
    shares = [(name, float(np.nanmean(column))) for name, column in zip(names, flags.T, strict=True)]
    return sorted(((name, part) for name, part in shares if part > 0), key=lambda pair: -pair[1])


def _markers(trial: Trial) -> list[Computed]:
    summary = marker_error(trial)
    if summary is None:
        return []
    mean, worst, name, when = summary
    limits = published().limits
    if mean <= limits["marker_mean"].value and worst <= limits["marker_worst"].value:
        return []
    text = (
        f"Markers lie {number(1000 * mean, 0)} mm from where the model has them on average, at worst "
        f"{number(1000 * worst, 0)} mm ({name} at {number(when, 2)} s). That is more than in the trials Gerdy was "
        "checked with: a marker may be misplaced, swapped or mislabelled."
    )
    return [Computed(text)]


def marker_error(trial: Trial) -> tuple[float, float, str, float] | None:
    """Return mean and worst marker error, m, the name of the worst marker and its time, s."""
    errors, names = trial.table("marker_residual", "marker"), trial.labels("marker")
    if errors is None or not np.isfinite(errors).any():
        return None
    frame, at = np.unravel_index(int(np.nanargmax(errors)), errors.shape)
    return float(np.nanmean(errors)), float(errors[frame, at]), names[at], float(trial.time[frame])


_JOINTS = {
    "hip_flexion": "hip flexion",
    "hip_adduction": "hip adduction",
    "hip_rotation": "hip rotation",
    "knee_angle": "knee flexion",
    "ankle_angle": "ankle",
    "subtalar_angle": "foot tilt",
    "mtp_angle": "toes",
    "lumbar_extension": "trunk, forward and back",
    "lumbar_bending": "trunk, sideways",
    "lumbar_rotation": "trunk, turning",
}


def joint_words(name: str) -> str:
    """Return what a coordinate is called, with its side."""
    if name in _JOINTS:
        return _JOINTS[name]
    stem, _, side = name.rpartition("_")
    words = {"r": "right ", "l": "left "}.get(side)
    if words is None:
        return name.replace("_", " ")
    return words + _JOINTS.get(stem, stem.replace("_", " "))


_CHECKS = (_still, _frames, _residuals, _reserves, _saturated, _markers)
