"""The published ranges of the iliotibial band's numbers, from their data file, in SI units."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from gerdy.errors import FileError

FOLDER = Path(__file__).parent / "data"
GRADES = "ABCDE"
UNITS = {"MPa": 1e6, "Pa": 1.0, "mm": 1e-3, "m": 1.0, "N/mm": 1e3, "N/m": 1.0, "N": 1.0, "1": 1.0, "": 1.0}
NEEDED = (
    "modulus",
    "thickness",
    "width",
    "toe_strain",
    "distal_modulus",
    "distal_thickness",
    "distal_length",
    "gluteus_share",
    "patellar_share",
    "slack_offset",
    "bulge",
)


class BandRange(Struct, frozen=True, kw_only=True):
    """A number that studies disagree on: ``low``, ``typical``, ``high`` in SI units, and where they come from."""

    low: float
    typical: float
    high: float
    unit: str
    source: str
    grade: str
    note: str = ""


class _Written(Struct, frozen=True, kw_only=True):
    low: float
    typical: float
    high: float
    unit: str
    source: str | list[str]
    grade: str
    note: str = ""


@lru_cache(maxsize=4)
def load_ranges(folder: Path = FOLDER) -> Mapping[str, BandRange]:
    """Return the ranges of strap.yaml by name.

    Raises
    ------
    FileError
        For a file that is missing or not sound, naming the entry and the rule.
    """
    path = folder / "strap.yaml"
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileError(f"{path}: cannot be read ({error}).") from error
    if not isinstance(written, dict):
        raise FileError(f"{path}: must hold entries by name.")
    missing = [name for name in NEEDED if name not in written]
    if missing:
        raise FileError(f"{path}: no entry for {', '.join(missing)}.")
    return MappingProxyType({name: _range(f"{path}: {name}", entry) for name, entry in written.items()})


def _range(place: str, entry: Any) -> BandRange:
    try:
        row = msgspec.convert(entry, _Written)
    except msgspec.ValidationError as error:
        raise FileError(f"{place}: {error}.") from error
    if row.unit not in UNITS:
        raise FileError(f"{place}: unit must be one of {', '.join(filter(None, UNITS))}; got '{row.unit}'.")
    if not row.low <= row.typical <= row.high:
        raise FileError(
            f"{place}: must have low <= typical <= high; got {row.low:g}, {row.typical:g}, {row.high:g}."
        )
    if row.grade not in GRADES or len(row.grade) != 1:
        raise FileError(f"{place}: grade must be one of {', '.join(GRADES)}; got '{row.grade}'.")
    source = row.source if isinstance(row.source, str) else ", ".join(row.source)
    if not source.strip():
        raise FileError(f"{place}: must name its source.")
    by = UNITS[row.unit]
    return BandRange(
        low=row.low * by,
        typical=row.typical * by,
        high=row.high * by,
        unit=row.unit,
        source=source,
        grade=row.grade,
        note=row.note,
    )
