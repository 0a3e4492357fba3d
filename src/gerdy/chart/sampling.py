"""Drawings that people with known sources might make."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from gerdy.atlas import Atlas
from gerdy.chart.cells import Ints, Mask, cells
from gerdy.chart.drawing import Drawing, from_cells
from gerdy.chart.limb import Floats
from gerdy.chart.manner import drawing_model
from gerdy.chart.table import FieldTable
from gerdy.errors import EngineError, UnknownIdError

TRIES = 200


@cache
def _coherence(length_mm: float) -> Floats:
    """Return the (C, C) factor that turns white noise into a smooth field over the skin with this length."""
    centre = 1000.0 * cells().centre
    gap = np.linalg.norm(centre[:, None] - centre[None], axis=-1)
    # The exponential kernel is positive definite for distances through space, and smooth enough for patches.
    return np.linalg.cholesky(np.exp(-gap / length_mm) + 1e-9 * np.eye(len(centre)))


@cache
def _displaced(shift_mm: int) -> Ints:
    """Return (C,) the cell that lies ``shift_mm`` higher than each cell."""
    centre = 1000.0 * cells().centre
    target = centre + np.array([0.0, float(shift_mm), 0.0])
    return np.asarray(np.argmin(np.linalg.norm(target[:, None] - centre[None], axis=-1), axis=1))


def normal_cdf(values: Floats) -> Floats:
    """Return the standard normal distribution function, to about 1e-7 (Abramowitz and Stegun 7.1.26)."""
    x = np.abs(values) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * x)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    upper = 0.5 * poly * np.exp(-(x**2))
    return np.asarray(np.where(values >= 0, 1.0 - upper, upper))


def sample_painted(
    table: FieldTable,
    active: Sequence[str],
    rng: np.random.Generator,
    *,
    manner: str | None = None,
    correlated: bool = False,
) -> Mask:
    """Return a (C,) mask of painted cells for active sources; never empty.

    Without ``correlated``, cells are painted on their own, exactly as the likelihood assumes. With it,
    painting is coherent over some centimetres, put down a little too high or low, sometimes not where the
    field says, and sometimes with an unrelated sore place besides: the stand-in for real people that the
    constants are calibrated on (it uses no leak, so that the leak is learnt from it and not put into it).

    Raises
    ------
    UnknownIdError
        For a source or manner nobody knows.
    EngineError
        When the sources' fields leave everything unpainted again and again.
    """
    for name in active:
        if name not in table.sources:
            raise UnknownIdError("source", name, table.sources)
    if manner is not None and manner not in table.manners:
        raise UnknownIdError("manner of drawing", manner, table.manners)
    rows = [table.sources.index(name) for name in active]
    people = drawing_model().people
    for _ in range(TRIES):
        g = (
            table.manners.index(manner)
            if manner
            else int(rng.choice(len(table.manners), p=np.exp(table.log_manner)))
        )
        hazard = table.cells.hazard[g, rows].sum(axis=0)
        if correlated:
            if rng.random() < people.atypical_chance:  # felt half as the field says, half as another source's
                other = int(rng.integers(len(table.sources)))
                hazard = 0.5 * (hazard + table.cells.hazard[g, other])
            step = 5 * int(np.clip(rng.normal(0.0, people.shift_sd_mm), -60, 60) / 5)
            white = rng.standard_normal(len(hazard))
            # einsum stays on one thread: many small products would only make threads wait for one another.
            noise = normal_cdf(np.einsum("ij,j->i", _coherence(people.correlation_mm), white))
            painted = noise < -np.expm1(-hazard[_displaced(step)])
        else:
            painted = rng.random(len(hazard)) < -np.expm1(-(hazard + table.cells.leak[g]))
        if painted.any():
            sore = correlated and rng.random() < people.stray_chance
            return np.asarray(painted | _stray(rng) if sore else painted)
    raise EngineError(
        f"no drawing came from {', '.join(active)} in {TRIES} tries; their fields are too faint."
    )


def _stray(rng: np.random.Generator) -> Mask:
    """Return an unrelated round sore place anywhere."""
    centre = cells().centre
    place = centre[rng.choice(len(centre), p=cells().area / cells().area.sum())]
    return np.asarray(np.linalg.norm(centre - place, axis=1) < 1e-3 * drawing_model().people.stray_radius_mm)


def sample_drawing(
    atlas: Atlas,
    table: FieldTable,
    active: Sequence[str],
    rng: np.random.Generator,
    *,
    manner: str | None = None,
    correlated: bool = False,
    side: str = "right",
) -> Drawing:
    """Return a drawing of a person with these sources, at one intensity; see :func:`sample_painted`."""
    painted = sample_painted(table, active, rng, manner=manner, correlated=correlated)
    return from_cells(atlas, side, np.where(painted, 5.0, 0.0))
