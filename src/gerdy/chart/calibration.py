"""Find the temper and leak under which drawings of simulated people are weighed best.

People with one source draw (sampling.py, correlated); each drawing is weighed against all sources at equal
priors; the constants that minimise the mean log-loss of the true source are the calibrated ones. Log-loss
punishes certainty that is wrong, so a temper that counts neighbouring cells as independent evidence loses.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from gerdy.chart.cells import Ints, Mask
from gerdy.chart.limb import Floats
from gerdy.chart.manner import drawing_model
from gerdy.chart.sampling import sample_painted
from gerdy.chart.table import FieldTable, Layer


class Simulated(NamedTuple):
    """Drawings of people whose source is known.

    Attributes
    ----------
    truth : (N,) index of the source.
    painted : (N, C) cells that were painted.
    ticked : (N, R) regions the same people would tick.
    """

    truth: Ints
    painted: Mask
    ticked: Mask


class Weighed(NamedTuple):
    """How well one pair of constants weighs the drawings."""

    temper: float
    leak: float
    log_loss: float  # nats a drawing
    first: float  # share whose true source came first
    in_three: float  # share whose true source was among the first three


def simulate(table: FieldTable, each: int, rng: np.random.Generator) -> Simulated:
    """Return ``each`` drawings of every source.

    A region is ticked when the stated share of it is painted; a spot too small for that ticks the region it
    fills most.
    """
    truth = np.repeat(np.arange(len(table.sources)), each)
    painted = np.array([sample_painted(table, [table.sources[i]], rng, correlated=True) for i in truth])
    area = table.area * table.region_cells
    share = painted @ area.T / area.sum(axis=1)
    ticked = share >= drawing_model().marked_share
    ticked[np.arange(len(truth)), share.argmax(axis=1)] |= share.max(axis=1) > 0
    kept = ticked.any(axis=1)  # painting the belly alone ticks nothing
    return Simulated(truth[kept], painted[kept], ticked[kept])


def source_log_likelihood(layer: Layer, leak: Floats, painted: Mask) -> tuple[Floats, Floats]:
    """Return the untempered log-likelihood of the painted and of the unpainted places: (G, N, n) each.

    Of each drawing under each source alone; ``leak`` is (G,) a hazard, used in place of the layer's own;
    ``painted`` (N, X).
    """
    size = layer.weight / layer.weight.mean()
    hazard, here = layer.hazard + leak[:, None, None], painted.astype(float)
    gain = here @ (size * np.log(-np.expm1(-hazard))).swapaxes(1, 2)
    return gain, -((1.0 - here) @ (size * hazard).swapaxes(1, 2))


def weigh(
    table: FieldTable,
    layer: Layer,
    seen: tuple[Mask, Ints],
    *,
    tempers: Sequence[float],
    leaks: Sequence[float],
) -> list[Weighed]:
    """Return how well every pair of constants weighs the drawings, best first.

    ``seen`` is what was painted, (N, X), and the true source of each drawing, (N,).
    """
    painted, truth = seen
    factor = np.array([manner.leak_factor for manner in drawing_model().manners])
    logs = {leak: source_log_likelihood(layer, -np.log1p(-factor * leak), painted) for leak in leaks}
    found = []
    size = painted @ (layer.weight / layer.weight.mean())
    for temper, leak in product(tempers, leaks):
        gain, loss = logs[leak]
        weight = np.maximum(temper, 1.0 / size)[:, None]
        mixed = np.logaddexp.reduce(table.log_manner[:, None, None] + weight * gain + temper * loss, axis=0)
        score = mixed - np.logaddexp.reduce(mixed, axis=1)[:, None]
        right = score[np.arange(len(truth)), truth]
        rank = (score > right[:, None]).sum(axis=1)
        found.append(
            Weighed(temper, leak, float(-right.mean()), float((rank == 0).mean()), float((rank < 3).mean()))
        )
    return sorted(found, key=lambda pair: pair.log_loss)
