"""Published figures to stand beside a person's own: peaks, what is known of the band, and limits for warnings."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec
import yaml


class Peak(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A published peak of one curve in one movement; ``sd`` is None where no spread is published."""

    movement: str
    chart: str
    phase: str  # "stance" or "whole"
    value: float
    unit: str
    n: int
    who: str
    source: str
    grade: str
    sd: float | None = None
    side: str | None = None

    @property
    def low(self) -> float:
        """One standard deviation below the mean; the mean where no spread is published."""
        return self.value - (self.sd or 0.0)

    @property
    def high(self) -> float:
        """One standard deviation above the mean; the mean where no spread is published."""
        return self.value + (self.sd or 0.0)


class Range(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is published or derived about the band, from ``low`` to ``high``."""

    low: float
    high: float
    source: str
    grade: str
    unit: str = ""


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From where on something is worth a warning."""

    value: float
    source: str
    grade: str
    unit: str = ""


class Published(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything of the data file."""

    references: dict[str, str]
    peaks: tuple[Peak, ...]
    band: dict[str, Range]
    limits: dict[str, Limit]

    def of(self, movement: str, chart: str) -> tuple[Peak, ...]:
        """Return the published peaks of a curve in a movement."""
        return tuple(peak for peak in self.peaks if (peak.movement, peak.chart) == (movement, chart))

    def cite(self, source: str) -> str:
        """Return where a figure comes from, in words."""
        text = self.references.get(source, source)
        for key, words in self.references.items():
            text = text.replace(f"({key})", f"({words})")
        return text


@cache
def published() -> Published:
    """Return the shipped figures, read once."""
    text = (resources.files("gerdy.interchange.motion") / "data" / "bands.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), Published)
