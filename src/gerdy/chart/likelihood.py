"""The likelihood of a drawing given which sources are active.

Given the active set S and the manner of drawing g, a place is painted with chance
1 - (1 - leak) * prod over S of (1 - p). Log-likelihoods are summed over places, each with its weight (area,
and the temper that stands for neighbours not being independent), then mixed over g.
A drawing smaller than one independent patch still counts as one.

What was painted as marks is judged cell by cell. Where only regions were named, a tick says that pain is
somewhere in the region, not that it fills it: each ticked region counts once, as "marked", with the chance
that the source marks it (marking.py); every other region counts as "not marked". Regions named beside marks
count as marked in the same way, and their other cells say nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gerdy.chart.cells import Ints, Mask
from gerdy.chart.drawing import Drawing
from gerdy.chart.limb import Floats
from gerdy.chart.manner import drawing_model
from gerdy.chart.table import FieldTable, Layer


class DrawingTerm(NamedTuple):
    """A drawing reduced to what inference needs; G manners, n sources, K classes of painted places.

    log L(g, S) = base[g] + sum over i in S of unpainted[g, i]
                + sum over k of painted_weight[k] * log(1 - exp(-h[g, k]))
    h[g, k] = painted_leak[g, k] + sum over i in S of painted_hazard[g, i, k]

    Attributes
    ----------
    log_manner : (G,) log prior of the manners of drawing.
    base : (G,) log-likelihood of what is left unpainted, without any source.
    unpainted : (G, n) what each active source adds by leaving its places unpainted; never positive.
    painted_hazard : (G, n, K); painted_leak : (G, K); painted_weight : (K,).
    unknown : (G,) log-likelihood of the drawing under a source that nobody listed, alone.
    """

    log_manner: Floats
    base: Floats
    unpainted: Floats
    painted_hazard: Floats
    painted_leak: Floats
    painted_weight: Floats
    unknown: Floats


class _Part(NamedTuple):
    """What one layer adds: weights of its painted classes (kinds,) and of its unpainted places (X,)."""

    layer: Layer
    painted: Floats
    unpainted: Floats


def strength(intensity: Floats) -> Floats:
    """Return how much each place counts, (X,) 0-1, from its intensity.

    Fully from 60 % of the strongest mark on, weaker marks in proportion, unpainted places not at all.
    """
    model = drawing_model()
    share = intensity / (model.full_strength * intensity.max())
    return np.asarray(np.where(intensity > 0, np.clip(share, model.least_strength, 1.0), 0.0))


def drawing_term(table: FieldTable, drawing: Drawing) -> DrawingTerm:
    """Return a drawing as the arrays that inference adds up."""
    parts = _parts(table, drawing)
    base = sum((-(part.layer.leak @ part.unpainted) for part in parts), np.zeros(len(table.manners)))
    unknown = sum((-(part.layer.unknown @ part.unpainted) for part in parts), base)
    unpainted = -sum((part.layer.hazard @ part.unpainted for part in parts), np.zeros(1))
    hazards, leaks, weights = [], [], []
    for part in parts:
        used = np.flatnonzero(part.painted)
        place = part.layer.first[used]
        hazards.append(part.layer.hazard[:, :, place])
        leaks.append(part.layer.leak[:, place])
        weights.append(part.painted[used])
        unknown = unknown + np.log(-np.expm1(-leaks[-1] - part.layer.unknown[:, place])) @ weights[-1]
    return DrawingTerm(
        log_manner=table.log_manner,
        base=base,
        unpainted=unpainted,
        painted_hazard=np.concatenate(hazards, axis=-1),
        painted_leak=np.concatenate(leaks, axis=-1),
        painted_weight=np.concatenate(weights),
        unknown=unknown,
    )


def _parts(table: FieldTable, drawing: Drawing) -> list[_Part]:
    ticked = np.array([drawing.ticks.get(name, 0.0) for name in table.regions])
    if not drawing.marks:
        return [_part(table.regional, ticked, ticked == 0)]
    silent = table.region_cells[ticked > 0].any(axis=0) & ~drawing.marked
    painted = np.where(silent, 0.0, drawing.intensity)
    parts = [_part(table.cells, painted, (painted == 0) & ~silent)]
    if ticked.any():
        parts.append(_part(table.regional, ticked, np.zeros(len(ticked), dtype=bool)))
    return parts


def _part(layer: Layer, intensity: Floats, unpainted: Mask) -> _Part:
    weight = np.where(intensity > 0, layer.weight, 0.0)
    if weight.any():
        # However small, a mark says one thing, where the pain is: painted places weigh at least one place.
        weight = weight * max(1.0, 1.0 / weight.sum()) * strength(intensity)
    return _Part(layer, _by_class(layer.kind, weight, layer.kinds), np.where(unpainted, layer.weight, 0.0))


def _by_class(kind: Ints, weight: Floats, kinds: int) -> Floats:
    return np.bincount(kind, weight, minlength=kinds).astype(np.float64)


def manner_log_likelihood(term: DrawingTerm, active: Mask | Floats) -> Floats:
    """Return log L(g, S) for sets of active sources, (M, n) 0/1, as (G, M)."""
    chosen = np.asarray(active, dtype=float)
    hazard = np.einsum("mn,gnk->gmk", chosen, term.painted_hazard) + term.painted_leak[:, None, :]
    painted = np.log(-np.expm1(-hazard)) @ term.painted_weight
    return np.asarray(term.base[:, None] + np.einsum("mn,gn->gm", chosen, term.unpainted) + painted)


def log_likelihood(term: DrawingTerm, active: Mask | Floats) -> Floats:
    """Return log L(S), mixed over the manners of drawing, for sets of active sources (M, n) 0/1: (M,)."""
    return _mix(term.log_manner[:, None] + manner_log_likelihood(term, active))


def unknown_log_likelihood(term: DrawingTerm) -> float:
    """Return the log-likelihood of the drawing when its cause is a source that nobody listed."""
    return float(_mix(term.log_manner + term.unknown))


def _mix(logs: Floats) -> Floats:
    top = logs.max(axis=0)
    return np.asarray(top + np.log(np.exp(logs - top).sum(axis=0)))
