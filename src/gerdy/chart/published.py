"""Hold the referral fields against the published tables of where patients mark their pain."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from gerdy.atlas import Atlas
from gerdy.atlas.model import ReferralField
from gerdy.chart.cells import cells
from gerdy.chart.field import cell_chance
from gerdy.chart.manner import Manner, drawing_model
from gerdy.chart.marking import marking_chance
from gerdy.chart.regions import region_masks

_FOOT = ("ankle_lateral", "foot_dorsum", "foot_lateral", "foot_plantar")
_LEG = ("leg_lateral_prox", "leg_lateral", "leg_anterior", "leg_posterior", "leg_medial")
_KNEE = ("knee_anterior", "knee_lateral", "knee_medial", "knee_posterior", "knee_posterolateral")
_THIGH = ("thigh_anterior", "thigh_lateral", "thigh_posterior", "thigh_medial")

# A table column that covers several of our regions is stored at one of them; it counts any of these.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"knee_anterior": _KNEE, "leg_lateral": ("leg_lateral", "leg_lateral_prox"), "foot_dorsum": _FOOT}
)
# Slipman counts the whole limb and everything below the knee.
LIMB_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"thigh_posterior": (*_THIGH, *_KNEE, *_LEG, *_FOOT), "leg_posterior": (*_LEG, *_FOOT)}
)
LIMB_TABLES = frozenset({"slipman2000"})


class Comparison(NamedTuple):
    """One published share of patients, and what the field gives for a typical drawing."""

    source: str
    region: str
    published: float
    modelled: float


def region_chances(field: ReferralField, atlas: Atlas, manner: Manner) -> dict[str, float]:
    """Return the chance that a person with this source alone marks each region, drawing in this manner."""
    chance, area, share = cell_chance(field, manner), cells().area, drawing_model().marked_share
    return {
        name: float(marking_chance(chance[mask], area[mask], share))
        for name, mask in region_masks(atlas).items()
    }


def compare_published(atlas: Atlas) -> list[Comparison]:
    """Return every published region share beside the field's own, in file order."""
    typical = next(manner for manner in drawing_model().manners if manner.id == "typical")
    found = []
    for field in atlas.fields.values():
        chances = region_chances(field, atlas, typical) if field.published else {}
        for region, number in field.published.items():
            columns = {**COLUMNS, **LIMB_COLUMNS} if number.source in LIMB_TABLES else COLUMNS
            # Marks of one source come of one piece, so "any of these regions" is as likely as the likeliest.
            modelled = max(chances[name] for name in columns.get(region, (region,)))
            found.append(Comparison(field.source, region, number.value, modelled))
    return found
