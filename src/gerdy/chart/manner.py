"""How people draw: the constants of the drawing model, with where they come from."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec
import yaml


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Patches centred within ``reach_mm`` of a blob's edge (negative: inside) get ``share`` of its chance."""

    reach_mm: float
    share: float


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way of drawing, from careful to generous."""

    id: str
    prior: float
    essential_power: float
    spill_power: float
    steps: list[Step]
    leak_factor: float  # how much more than usual is painted without any cause


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The two calibrated constants of one kind of evidence.

    ``temper`` is the share of its log-likelihood that each piece keeps, because neighbours are not
    independent; ``leak`` the chance that a place is painted without any cause.
    """

    temper: float
    leak: float


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the calibration run was, and the log-loss (nats a drawing) it ended at."""

    people: int
    seed: int
    log_loss_cells: float
    log_loss_regions: float


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stand-in for real people: how coherent, displaced, atypical and cluttered their drawings are."""

    correlation_mm: float
    shift_sd_mm: float
    atypical_chance: float
    stray_chance: float
    stray_radius_mm: float


class DrawingModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All constants of the drawing model; each ``*_source`` says where its neighbours come from."""

    manners: list[Manner]
    manners_source: str
    marked_share: float
    marked_source: str
    trust: float  # how far maps are taken at their word, 0-1; the rest is drawn in to the average map
    trust_source: str
    full_strength: float
    least_strength: float
    strength_source: str
    cells: Evidence
    regions: Evidence
    calibration: Calibration
    calibration_source: str
    people: People
    people_source: str


@cache
def drawing_model() -> DrawingModel:
    """Return the shipped constants, read once per process."""
    text = (resources.files("gerdy.chart") / "data" / "manner.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), DrawingModel)
