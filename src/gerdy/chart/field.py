"""Referral fields on the skin: from blobs to the chance that each cell is painted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from gerdy.atlas.model import Blob, ReferralField
from gerdy.chart.cells import cells, level
from gerdy.chart.limb import CHAIN, SEGMENTS, Floats, limb, segment_of
from gerdy.chart.manner import Manner

CEILING = 0.97  # no place is certain to be painted; keeps -log(1-p) small enough to compare


@cache
def _mm_per_degree() -> Floats:
    """Return the arc length of one degree at each patch: (P,) mm, from the mean half-width."""
    table = cells()
    found = np.empty(len(table.patch_along))
    for index, name in enumerate(SEGMENTS):
        here = table.patch_segment == index
        half = limb()[name].section(table.patch_along[here])[:, 3:]
        found[here] = (half[:, :3] if limb()[name].kind == "trunk" else half).mean(axis=1)
    return np.asarray(1000.0 * found * np.pi / 180.0)


@cache
def _down() -> tuple[Floats, Floats]:
    """Return the way down the limb and the number of the piece of limb of each patch: (P,) mm, (P,)."""
    table = cells()
    down, piece = level(table.patch_segment, table.patch_along), np.full(len(table.patch_along), -1.0)
    for index, name in enumerate(SEGMENTS):
        if name not in CHAIN:
            here = table.patch_segment == index
            down[here], piece[here] = 1000.0 * limb()[name].length * table.patch_along[here], index
    return down, piece


def beyond(blobs: Sequence[Blob]) -> Floats:
    """Return how far each patch centre lies outside each blob's box: (B, P) mm, negative inside.

    Thigh, knee and leg are one chain, so a blob there reaches into the next segment; elsewhere it ends with
    its segment; patches out of reach are inf.
    """
    down, piece = _down()
    index = np.array([SEGMENTS.index(segment_of(blob.segment).id) for blob in blobs])
    along = np.array([blob.along for blob in blobs])
    chained = np.isin(index, [SEGMENTS.index(name) for name in CHAIN])
    length = np.array([1000.0 * limb()[blob.segment].length for blob in blobs])
    edge = np.where(
        chained[:, None], np.stack([level(index, end) for end in along.T], 1), length[:, None] * along
    )
    lengthwise = np.maximum(edge[:, :1] - down, down - edge[:, 1:])
    centre, width = np.array([blob.around for blob in blobs]).T[..., None]
    turn = np.abs((cells().patch_around - centre + 180.0) % 360.0 - 180.0)
    reach = np.maximum(lengthwise, (turn - 0.5 * width) * _mm_per_degree())
    return np.where(piece == np.where(chained, -1.0, index)[:, None], reach, np.inf)


def patch_chance(fields: Sequence[ReferralField], manners: Sequence[Manner]) -> Floats:
    """Return the chance that a person with one source, drawing in one manner, paints each patch: (G, n, P).

    Where blobs of one source overlap the larger chance holds: they describe one pain, not several.
    """
    blobs = [blob for field in fields for blob in field.blobs]
    first = np.cumsum([0, *(len(field.blobs) for field in fields[:-1])])
    outside = beyond(blobs)
    chance, spill = np.array([blob.p for blob in blobs]), np.array([blob.spill for blob in blobs])
    found = []
    for manner in manners:
        core = chance ** np.where(spill, manner.spill_power, manner.essential_power)
        share = np.zeros(outside.shape)
        for step in sorted(manner.steps, key=lambda step: -step.reach_mm):
            share[outside <= step.reach_mm] = step.share
        found.append(np.maximum.reduceat(core[:, None] * share, first, axis=0))
    return np.asarray(np.minimum(np.array(found), CEILING))


def cell_chance(field: ReferralField, manner: Manner) -> Floats:
    """Return the chance that a person with this source, drawing in this manner, paints each cell: (C,)."""
    return np.asarray(patch_chance([field], [manner])[0, 0][cells().patch])
