"""All referral fields as arrays, ready for the likelihood of a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from gerdy.atlas import Atlas
from gerdy.chart.cells import Ints, Mask, cells
from gerdy.chart.field import patch_chance
from gerdy.chart.limb import Floats
from gerdy.chart.manner import DrawingModel, Evidence, Manner, drawing_model
from gerdy.chart.marking import marking_chance
from gerdy.chart.regions import region_masks


@dataclass(frozen=True, eq=False)
class Layer:
    """One way of looking at a drawing: places (cells, or regions) that are painted or not.

    G manners of drawing, n sources, X places. A hazard is -log(1 - chance): hazards of active
    sources add.

    Attributes
    ----------
    hazard : (G, n, X), of each source alone.
    leak : (G, X), of nothing in particular.
    unknown : (G, X), of a source that nobody listed and that may hurt anywhere.
    weight : (X,) the share of its log-likelihood that each place keeps.
    kind, kinds : (X,) the class of each place, and the number of classes; equal columns are one class.
    first : (kinds,) one place of each class.
    """

    hazard: Floats
    leak: Floats
    unknown: Floats
    weight: Floats
    kind: Ints
    first: Ints

    @property
    def kinds(self) -> int:
        """The number of classes of places."""
        return len(self.first)


@dataclass(frozen=True, eq=False)
class FieldTable:
    """Every source's field as arrays, by cell and by region.

    Attributes
    ----------
    sources : (n,) ids, in atlas order.
    regions : (R,) ids, in atlas order.
    manners : (G,) ids of the manners of drawing.
    log_manner : (G,) log of their prior.
    area : (C,) m2.
    region_cells : (R, C) which cells belong to which region.
    cells, regional : the layers a painted drawing and ticked regions are judged by.
    """

    sources: tuple[str, ...]
    regions: tuple[str, ...]
    manners: tuple[str, ...]
    log_manner: Floats
    area: Floats
    region_cells: Mask
    cells: Layer
    regional: Layer


@cache
def field_table(atlas: Atlas) -> FieldTable:
    """Return the table of an atlas with the shipped constants, made once per process."""
    return build_table(atlas, drawing_model())


def build_table(atlas: Atlas, model: DrawingModel) -> FieldTable:
    """Return the table of an atlas under given constants (others use ``field_table``)."""
    table, masks = cells(), region_masks(atlas)
    sources = tuple(name for name in atlas.sources if name in atlas.fields) or tuple(atlas.fields)
    by_cell = patch_chance([atlas.fields[name] for name in sources], model.manners)[:, :, table.patch]
    by_region = np.stack(
        [
            marking_chance(by_cell[:, :, mask], table.area[mask], model.marked_share)
            for mask in masks.values()
        ],
        axis=-1,
    )
    priors = np.array([manner.prior for manner in model.manners])
    return FieldTable(
        sources=sources,
        regions=tuple(masks),
        manners=tuple(manner.id for manner in model.manners),
        log_manner=np.log(priors / priors.sum()),
        area=table.area,
        region_cells=np.array(list(masks.values())),
        cells=_layer(
            trusted(by_cell, model.trust),
            table.area / table.area.mean(),
            model.manners,
            model.cells,
            table.patch,
        ),
        regional=_layer(
            trusted(by_region, model.trust), np.ones(len(masks)), model.manners, model.regions, None
        ),
    )


def trusted(chance: Floats, trust: float) -> Floats:
    """Return (G, n, X) chances drawn in, in log-odds, from each source's map to the mean map of all sources."""
    clear = np.clip(chance, 1e-3, 1 - 1e-3)
    mean = clear.mean(axis=1, keepdims=True)
    log_odds = trust * _logit(clear) + (1 - trust) * _logit(mean)
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _logit(chance: Floats) -> Floats:
    return np.asarray(np.log(chance) - np.log1p(-chance))


def _layer(
    chance: Floats, size: Floats, manners: list[Manner], evidence: Evidence, group: Ints | None
) -> Layer:
    """Return a layer from (G, n, X) chances; ``group`` (X,): places known to be equal."""
    places = chance.shape[-1]

    def everywhere(each: Floats) -> Floats:
        return np.repeat(-np.log1p(-each)[:, None], places, axis=1)

    hazard = -np.log1p(-chance)
    leak = everywhere(np.array([manner.leak_factor * evidence.leak for manner in manners]))
    # A source that nobody listed paints as much as the listed ones do on average, but may do so anywhere.
    unknown = everywhere(np.average(chance.mean(axis=1), weights=size, axis=1))
    first, kind = _classes(hazard, group)
    layer = Layer(hazard, leak, unknown, evidence.temper * size, kind, first)
    for array in (layer.hazard, layer.leak, layer.unknown, layer.weight, layer.kind, layer.first):
        array.setflags(write=False)
    return layer


def _classes(hazard: Floats, group: Ints | None) -> tuple[Ints, Ints]:
    """Return one place of each class, and the class of each place, by equal columns of (G, n, X) hazards."""
    flat = hazard.reshape(-1, hazard.shape[-1]).T
    group = np.arange(len(flat)) if group is None else group
    _, start, back = np.unique(group, return_index=True, return_inverse=True)
    seen: dict[bytes, int] = {}
    name = np.array([seen.setdefault(row.tobytes(), len(seen)) for row in np.ascontiguousarray(flat[start])])
    first = start[np.unique(name, return_index=True)[1]]
    return np.asarray(first), np.asarray(name[back])
