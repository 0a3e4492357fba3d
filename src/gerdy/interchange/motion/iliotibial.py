"""The iliotibial band: its force, its strain, what it presses on, and what is published of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gerdy.interchange.motion.axes import number
from gerdy.interchange.motion.joints import Measured, joint_plot
from gerdy.interchange.motion.plot import Chart, Line, Plot, draw
from gerdy.interchange.motion.published import published
from gerdy.interchange.motion.spans import Curve, Spans, curve
from gerdy.interchange.motion.trial import SIDES, Floats, Trial
from gerdy.interchange.motion.words import share

_PULLED = 20.0  # N; below this a ratio of strain to force is mostly rounding (assumed)


@dataclass(frozen=True)
class Verdict:
    """One published figure, one of this person, and whether they agree."""

    what: str
    own: str
    known: str
    says: str
    basis: str


@dataclass(frozen=True)
class BandPart:
    """Everything about the band; ``missing`` says why there is nothing."""

    missing: str
    plots: tuple[Plot, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


def _of(name: str, factor: float = 1.0) -> Callable[[Trial, str], Floats | None]:
    def get(trial: Trial, side: str) -> Floats | None:
        values = trial.series(name, side=side)
        return None if values is None else factor * values

    return get


CURVES = (
    Measured("band_force", "Pull of the band", "N", "up: pulled harder", _of("band_force")),
    Measured(
        "band_strain", "Strain of the band itself", "%", "up: fibres stretched", _of("band_strain", 100.0)
    ),
    Measured(
        "band_path_strain",
        "Length of the whole path",
        "% of standing",
        "up: muscle and band together are longer than in standing",
        _of("band_path_strain", 100.0),
    ),
    Measured(
        "epicondyle_compression",
        "Pressing force at the outer knee",
        "N",
        "up: band pressed on the bone",
        _of("epicondyle_compression"),
    ),
    Measured(
        "trochanter_compression",
        "Pressing force at the outer hip",
        "N",
        "up: band pressed on the bone",
        _of("trochanter_compression"),
    ),
)


def band_part(trial: Trial, spans: Spans) -> BandPart:
    """Return what is known about the band; a reason where nothing was computed."""
    if not any(trial.has(one.id) for one in CURVES):
        return BandPart(
            "The model that was used has no iliotibial band, or muscle effort could not be computed, so its load is "
            "not known. Gerdy's own body model has one."
        )
    plots = []
    for one in CURVES:
        if one.id == "epicondyle_compression":
            plots += [plot for plot in (_pressed(trial, spans, one), _over_flexion(trial)) if plot]
        elif (plot := joint_plot(trial, spans, one, from_zero=one.id != "band_path_strain")) is not None:
            plots.append(plot)
    verdicts = [verdict for make in (_stiffness, _stretch, _zone) if (verdict := make(trial)) is not None]
    return BandPart("", tuple(plots), tuple(verdicts))


def _pressed(trial: Trial, spans: Spans, one: Measured) -> Plot | None:
    """Return compression at the knee, with bars where the knee passes the impingement zone."""
    lines = tuple(
        Line(side, found)
        for side in SIDES
        if (found := curve(trial, spans, side, one.get(trial, side))) is not None
    )
    if not lines:
        return None
    zone = published().band["impingement"]
    bars = []
    for line in lines:
        knee = curve(trial, spans, line.side, trial.knee_flexion(line.side))
        if knee is not None:
            bars.append((line.side, _stretches(knee, zone.low, zone.high)))
    return draw(
        Chart(
            title=one.title,
            unit=one.unit,
            up=one.up,
            x_label=spans.label,
            lines=lines,
            offs=tuple((line.side, at) for line in lines if (at := spans.off(line.side)) is not None),
            bars=tuple(bars),
            notes=(f"Bars under the axis: knee bent {zone.low:g} to {zone.high:g} deg.",) if bars else (),
            from_zero=True,
        )
    )


def _stretches(knee: Curve, low: float, high: float) -> tuple[tuple[float, float], ...]:
    inside = (knee.mean >= low) & (knee.mean <= high)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(int), [0]))))
    return tuple((float(knee.x[a]), float(knee.x[b - 1])) for a, b in edges.reshape(-1, 2))


def _over_flexion(trial: Trial) -> Plot | None:
    """Return compression at the knee against knee flexion: the highest at each angle, and the published zone."""
    lines = []
    for side in SIDES:
        pressed, knee = trial.series("epicondyle_compression", side=side), trial.knee_flexion(side)
        if pressed is None or knee is None:
            continue
        found = _highest(knee, pressed)
        if found is not None:
            lines.append(Line(side, found))
    if not lines:
        return None
    zone = published().band["impingement"]
    return draw(
        Chart(
            title="Pressing force at the outer knee, by knee flexion",
            unit="N",
            up="highest force met at each knee angle",
            x_label="knee flexion, deg",
            lines=tuple(lines),
            shades=((zone.low, zone.high),),
            notes=(
                f"Grey: {zone.low:g} to {zone.high:g} deg, where the band is held to be pressed most "
                f"(grade {zone.grade}; {published().cite(zone.source)}).",
            ),
            from_zero=True,
        )
    )


def _highest(knee: Floats, pressed: Floats) -> Curve | None:
    """Return the highest force in bins of 2 degrees of knee flexion."""
    there = np.isfinite(knee) & np.isfinite(pressed)
    if there.sum() < 2:
        return None
    # A fast knee passes several bins between two frames: straight lines between frames fill them.
    frames = np.arange(0.0, len(knee) - 1 + 1e-9, 0.1)
    bent, force = (np.interp(frames, np.arange(len(knee)), values) for values in (knee, pressed))
    there = np.isfinite(bent) & np.isfinite(force)
    place = np.floor(bent[there] / 2.0).astype(int)
    bins = np.arange(place.min(), place.max() + 1)
    top = np.full(len(bins), np.nan)
    np.fmax.at(top, place - place.min(), force[there])
    return Curve(bins * 2.0 + 1.0, top, None, 1)


def _stiffness(trial: Trial) -> Verdict | None:
    """Return how far 100 N strain the band, against the figure derived from its material."""
    ratios = []
    for side in SIDES:
        force, strain = trial.series("band_force", side=side), trial.series("band_strain", side=side)
        if force is not None and strain is not None:
            pulled = (force > _PULLED) & np.isfinite(force) & np.isfinite(strain)
            ratios += list(100.0 * strain[pulled] / force[pulled])
    if not ratios:
        return None
    own, known = float(np.median(ratios)), published().band["strain_per_100_newtons"]
    if own > known.high:
        says = "More than expected: a thinner or softer strap in the model, or one that is still taking up slack."
    elif own < known.low:
        says = "Less than expected: a wider or stiffer strap in the model than the ones that were tested."
    else:
        says = "Within what the tested material gives: the band is stiff, and the muscles above it give the length."
    return Verdict(
        "Strain for every 100 N",
        f"{number(100 * own, 2)} %",
        f"{number(100 * known.low, 1)} to {number(100 * known.high, 1)} %",
        says,
        f"grade {known.grade}; {published().cite(known.source)}",
    )


def _stretch(trial: Trial) -> Verdict | None:
    """Return how much the band itself lengthened, against the best stretch that was measured."""
    found = []
    for side in SIDES:
        strain, length = trial.series("band_strain", side=side), trial.series("band_length", side=side)
        if strain is not None and length is not None:
            slack = length / (1.0 + strain)
            found.append(float(np.nanmax(strain * slack)))
    if not found:
        return None
    own, known = max(found), published().band["best_stretch"]
    says = (
        "No more than the best stretch by hand: what changes length in this movement is the muscle."
        if own <= known.high
        else "More than the best stretch by hand: here muscles pull on it as well, which a stretch does not do."
    )
    return Verdict(
        "Most lengthening of the band",
        f"{number(1000 * own, 1)} mm",
        f"about {number(1000 * known.high, 0)} mm in the best stretch",
        says,
        f"grade {known.grade}; {published().cite(known.source)}",
    )


def _zone(trial: Trial) -> Verdict | None:
    """Return how much of the pressing at the knee falls into the published zone."""
    inside = total = 0.0
    for side in SIDES:
        pressed, knee = trial.series("epicondyle_compression", side=side), trial.knee_flexion(side)
        if pressed is None or knee is None:
            continue
        zone = published().band["impingement"]
        there = np.isfinite(pressed) & np.isfinite(knee)
        within = there & (knee >= zone.low) & (knee <= zone.high)
        inside, total = inside + float(pressed[within].sum()), total + float(pressed[there].sum())
    if total <= 0:
        return None
    known, part = published().band["impingement"], inside / total
    moves = published().references["jelsing2013"]
    says = (
        "Most of the pressing happens where it is expected."
        if part >= 0.5
        else "Most of the pressing happens at other knee angles: the band is pulled hardest there in this movement. "
        f"The zone is a theory; ultrasound sees the band move over the bone as the knee bends ({moves})."
    )
    return Verdict(
        f"Pressing at the outer knee while the knee is bent {known.low:g} to {known.high:g} deg",
        f"{share(part)} of all",
        "held to be the zone of most pressing",
        says,
        f"grade {known.grade}; {published().cite(known.source)}",
    )
