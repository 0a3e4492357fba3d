"""The body drawn at chosen moments: bones, muscles by effort, the band by strain, the push of the ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

import numpy as np
from markupsafe import Markup

from gerdy.interchange.motion.axes import fixed, number
from gerdy.interchange.motion.instants import Instant, instants
from gerdy.interchange.motion.muscles import muscle_words
from gerdy.interchange.motion.strips import level
from gerdy.interchange.motion.trial import LETTER, SIDES, Floats, Trial
from gerdy.interchange.motion.words import share

WIDTH, _TALL, _GAP, _FOOT = 280.0, 260.0, 18.0, 22.0
_ARROW = 0.35  # m drawn for one body weight of ground force
_NECK, _SKULL = 0.05, 0.1  # m, for the drawing alone
STRAINS = (0.005, 0.015, 0.03)  # where the colour of the band steps up, share
_SEEN = 0.1  # body weights; a smaller ground force cannot be told from a foot in the air


class Pose(Protocol):
    """Where bones, muscles and bands lie at one moment, ground frame, m."""

    @property
    def bones(self) -> Sequence[tuple[str, Floats]]:
        """Lines between joint centres and landmarks, by name: (k, 3)."""
        ...

    @property
    def muscles(self) -> Mapping[str, Floats]:
        """Lines of action by muscle: (k, 3)."""
        ...

    @property
    def strap(self) -> Mapping[str, Floats]:
        """The band by side, ``right`` and ``left``: (k, 3)."""
        ...


@dataclass(frozen=True)
class Figure:
    """One moment, drawn; ``facts`` are the numbers that belong to it."""

    title: str
    when: str
    svg: Markup
    facts: tuple[str, ...]


@dataclass(frozen=True)
class _View:
    """A direction to look from: world axes of the picture's right and up, and whose muscles are seen."""

    name: str
    right: Floats
    seen: tuple[str, ...]

    def flat(self, points: Floats) -> Floats:
        """Return points (k, 3) as (k, 2), right and up, m."""
        return np.column_stack((points @ self.right, points[:, 1]))


def figures(trial: Trial, poses: Callable[[int], Pose]) -> list[Figure]:
    """Return the body at the moments worth seeing, all to one scale."""
    shots = [(moment, poses(moment.index)) for moment in instants(trial)]
    shots = [(moment, pose) for moment, pose in shots if _drawable(pose)]
    if not shots:
        return []
    scale = _scale_of(trial, shots)
    return [_figure(trial, moment, pose, scale) for moment, pose in shots]


def _drawable(pose: Pose) -> bool:
    return any(len(points) > 1 and np.isfinite(points).all() for _, points in pose.bones)


def _views(trial: Trial, moment: Instant) -> tuple[_View, _View]:
    """Return the side and front view of the way the person faces at that moment."""
    turn = trial.series("angle", coordinate="pelvis_rotation")
    around = 0.0
    if turn is not None:
        near = turn[np.abs(trial.time - moment.time) <= 0.5]
        near = near[np.isfinite(near)]
        around = float(np.angle(np.exp(1j * near).mean())) if near.size else 0.0
    forward = np.array([np.cos(around), 0.0, -np.sin(around)])
    outward = np.array([np.sin(around), 0.0, np.cos(around)])
    way = 1.0 if moment.side == "right" else -1.0
    return (
        _View(f"from the {moment.side}", way * forward, (LETTER[moment.side],)),
        _View("from the front", -outward, ("r", "l")),
    )


def _box(view: _View, pose: Pose) -> tuple[Floats, Floats]:
    """Return the least and largest corner of the bones in a view; lines with gaps do not count."""
    flat = [view.flat(points) for _, points in pose.bones if np.isfinite(points).all() and len(points)]
    spine = dict(pose.bones).get("spine")
    if spine is not None and len(spine) > 2 and np.isfinite(spine).all():
        flat.append(view.flat(spine[-1:] + np.array([0.0, _NECK + 2 * _SKULL, 0.0])))
    every = np.concatenate(flat)
    return every.min(axis=0), every.max(axis=0)


def _scale_of(trial: Trial, shots: list[tuple[Instant, Pose]]) -> float:
    """Return SVG units per metre at which the widest and tallest moment fits."""
    widest = tallest = 0.1
    for moment, pose in shots:
        boxes = [_box(view, pose) for view in _views(trial, moment)]
        widest = max(widest, sum(high[0] - low[0] for low, high in boxes))
        tallest = max(tallest, *(high[1] - low[1] for low, high in boxes))
    return float(min((WIDTH - 3 * _GAP) / widest, (_TALL - 16) / tallest))


def _figure(trial: Trial, moment: Instant, pose: Pose, scale: float) -> Figure:
    parts: list[str] = []
    views = _views(trial, moment)
    boxes = [_box(view, pose) for view in views]
    spare = WIDTH - scale * sum(high[0] - low[0] for low, high in boxes)
    x = spare / 3
    foot = _ground(trial, moment, min(float(low[1]) for low, _ in boxes))
    for view, (low, high) in zip(views, boxes, strict=True):
        place = _Place(scale, x - scale * float(low[0]), _TALL - 6 + scale * foot)
        width = scale * float(high[0] - low[0])
        parts += _layers(trial, moment, pose, view, place)
        parts.append(
            f'<text class="mid" x="{fixed(x + width / 2)}" y="{fixed(_TALL + 14)}">{view.name}</text>'
        )
        x += width + spare / 3
    facts = _facts(trial, moment)
    spoken = f"{moment.title}, {moment.side} leg, at {number(moment.time, 2)} s. {' '.join(facts)}"
    svg = (
        f'<svg class="body" viewBox="0 0 {WIDTH:g} {_TALL + _FOOT:g}" role="img" aria-label="{escape(spoken)}">'
        f"{''.join(parts)}</svg>"
    )
    when = f"{moment.side} leg, at {number(moment.time, 2)} s"
    return Figure(moment.title, when, Markup(svg), facts)  # noqa: S704 - escaped


def _ground(trial: Trial, moment: Instant, lowest: float) -> float:
    """Return the height of the ground where a foot stands on it, else of the lowest bone, m."""
    points = trial.series("ground_point", side=moment.side)
    there = points is not None and np.isfinite(points[moment.index]).all()
    return min(lowest, float(points[moment.index, 1])) if points is not None and there else lowest


@dataclass(frozen=True)
class _Place:
    """Where a view stands in the picture."""

    scale: float
    x: float
    y: float

    def points(self, flat: Floats) -> list[str]:
        """Return points (k, 2) m as SVG coordinates."""
        return [
            f"{fixed(self.x + self.scale * a)} {fixed(self.y - self.scale * b)}" for a, b in flat.tolist()
        ]

    def path(self, flat: Floats) -> str:
        """Return the path through points (k, 2) m."""
        return f"M{'L'.join(self.points(flat))}"


def _layers(trial: Trial, moment: Instant, pose: Pose, view: _View, place: _Place) -> list[str]:
    """Return one view from back to front: far bones, near bones, muscles, band, ground force."""
    parts = []
    bones = sorted([*pose.bones, *_girdle(pose)], key=lambda bone: _side(bone[0]) in (*view.seen, ""))
    for name, points in bones:
        if np.isfinite(points).all() and len(points) > 1:
            far = _side(name) not in (*view.seen, "")
            parts.append(f'<path class="bone{" far" if far else ""}" d="{place.path(view.flat(points))}"/>')
    parts += [_head(pose, view, place), *_muscles(trial, moment, pose, view, place)]
    for side in SIDES:
        strap = pose.strap.get(side)
        if LETTER[side] in view.seen and strap is not None and np.isfinite(strap).all() and len(strap) > 1:
            d = place.path(view.flat(strap))
            parts.append(
                f'<path class="case" d="{d}"/><path class="strap {_strain(trial, moment, side)}" d="{d}"/>'
            )
    return parts + [arrow for side in SIDES if (arrow := _arrow(trial, moment, side, view, place))]


def _girdle(pose: Pose) -> list[tuple[str, Floats]]:
    """Return the line from shoulder to shoulder over the top of the spine, where the body has both."""
    bones = dict(pose.bones)
    if not {"spine", "arm_r", "arm_l"} <= set(bones):
        return []
    return [("shoulders", np.array([bones["arm_r"][0], bones["spine"][-1], bones["arm_l"][0]]))]


def _head(pose: Pose, view: _View, place: _Place) -> str:
    """Return a head on the spine, for the eye only: nothing was measured of it."""
    spine = dict(pose.bones).get("spine")
    if spine is None or len(spine) < 3 or not np.isfinite(spine).all():
        return ""
    along = spine[-1] - spine[-2]
    centre = spine[-1] + (_NECK + _SKULL) * along / max(float(np.linalg.norm(along)), 1e-9)
    x, y = place.points(view.flat(centre[None, :]))[0].split()
    return f'<circle class="head" cx="{x}" cy="{y}" r="{fixed(_SKULL * place.scale)}"/>'


def _muscles(trial: Trial, moment: Instant, pose: Pose, view: _View, place: _Place) -> list[str]:
    force, names = trial.table("force", "muscle"), trial.labels("muscle")
    strongest = float(np.nanmax(force)) if force is not None and np.isfinite(force).any() else 0.0
    drawn = []
    for name, points in pose.muscles.items():
        if _side(name) not in view.seen or not np.isfinite(points).all() or len(points) < 2:
            continue
        values = trial.series("activation", muscle=name)
        effort = float(values[moment.index]) if values is not None else float("nan")
        pull = float(force[moment.index, names.index(name)]) if force is not None and name in names else 0.0
        width = 0.7 + (
            3.6 * np.sqrt(max(pull, 0.0) / strongest) if strongest > 0 and np.isfinite(pull) else 0.0
        )
        step = f"e{level(effort)}" if np.isfinite(effort) else "unknown"
        style = f'class="fibre {step}" stroke-width="{width:.1f}"'
        drawn.append(
            (effort if np.isfinite(effort) else -1.0, f'<path {style} d="{place.path(view.flat(points))}"/>')
        )
    return [part for _, part in sorted(drawn)]


def _side(name: str) -> str:
    """Return ``r`` or ``l`` from the end of a name; empty for what lies in the middle."""
    tail = name.rsplit("_", 1)[-1] if "_" in name else ""
    return tail if tail in ("r", "l") else ""


def _strain(trial: Trial, moment: Instant, side: str) -> str:
    values = trial.series("band_strain", side=side)
    if values is None or not np.isfinite(values[moment.index]):
        return "unknown"
    return f"s{sum(float(values[moment.index]) >= step for step in STRAINS)}"


def _arrow(trial: Trial, moment: Instant, side: str, view: _View, place: _Place) -> str:
    force, point = trial.series("ground_force", side=side), trial.series("ground_point", side=side)
    if force is None or point is None or not np.isfinite(trial.weight):
        return ""
    push, foot = force[moment.index] / trial.weight, point[moment.index]
    if not (np.isfinite(push).all() and np.isfinite(foot).all()) or np.linalg.norm(push) < _SEEN:
        return ""
    ends = place.points(view.flat(np.array([foot, foot + _ARROW * push])))
    (ax, ay), (bx, by) = (tuple(map(float, end.split())) for end in ends)
    length = float(np.hypot(bx - ax, by - ay))
    if length < 1.0:
        return ""
    ux, uy = (bx - ax) / length, (by - ay) / length
    head = min(9.0, length)
    left = f"{fixed(bx - head * ux - 4 * uy)} {fixed(by - head * uy + 4 * ux)}"
    right = f"{fixed(bx - head * ux + 4 * uy)} {fixed(by - head * uy - 4 * ux)}"
    return (
        f'<path class="push" d="M{ends[0]}L{fixed(bx - head * ux)} {fixed(by - head * uy)}"/>'
        f'<path class="tip" d="M{ends[1]}L{left}L{right}z"/>'
    )


def _facts(trial: Trial, moment: Instant) -> tuple[str, ...]:
    """Return the numbers of one moment, each a sentence."""
    facts, side, at = [], moment.side, moment.index
    ground = trial.series("ground_force", side=side)
    if ground is not None and np.isfinite(trial.weight) and np.isfinite(ground[at]).all():
        push = float(np.linalg.norm(ground[at])) / trial.weight
        if push >= _SEEN:
            facts.append(f"Ground pushes with {number(push, 1)} body weights.")
    knee = trial.knee_flexion(side)
    if knee is not None and np.isfinite(knee[at]):
        facts.append(f"Knee bent {number(float(knee[at]), 0)} deg.")
    pull, strain = trial.series("band_force", side=side), trial.series("band_strain", side=side)
    if pull is not None and np.isfinite(pull[at]):
        stretch = f", strain {number(100 * float(strain[at]), 2)} %" if strain is not None else ""
        facts.append(f"Band pulled with {number(float(pull[at]), 0)} N{stretch}.")
    hardest = _hardest(trial, side, at)
    if hardest:
        facts.append(f"Working hardest: {', '.join(hardest)}.")
    return tuple(facts)


def _hardest(trial: Trial, side: str, at: int) -> list[str]:
    efforts = trial.table("activation", "muscle")
    if efforts is None:
        return []
    names = trial.labels("muscle")
    mine = [
        (float(effort), name)
        for effort, name in zip(efforts[at], names, strict=True)
        if name.endswith(f"_{LETTER[side]}") and np.isfinite(effort)
    ]
    best = sorted(mine, reverse=True)[:3]
    return [f"{muscle_words(name).partition(' ')[2]} {share(effort)}" for effort, name in best]
