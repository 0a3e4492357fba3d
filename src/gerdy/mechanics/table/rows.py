"""The rows of the body's own tables as they stand in the files: lengths mm, angles degrees, shares per cent."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any, TypeVar

import msgspec
import yaml
from msgspec import Struct

from gerdy.errors import InputError
from gerdy.mechanics.model import Shape

FOLDER = FilePath(__file__).parents[1] / "data"
GRADES = "ABCDE"
OWN_WORDS = ("derived: ", "assumed: ")

Triple = tuple[float, float, float]
Place = tuple[str, float, float, float]
Table = TypeVar("Table", bound=Struct)


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact with where it comes from: keys of sources.yaml, or ``derived: ...`` or ``assumed: ...``."""

    source: str | list[str]
    grade: str
    note: str = ""


class Segment(Row, frozen=True, kw_only=True):
    """A body; kg, mm, kg m2."""

    name: str
    mass: float
    centre: Triple
    inertia: tuple[float, float, float, float, float, float]


class Curve(Row, frozen=True, kw_only=True):
    """Columns of points over a coordinate, which is the first column (degrees)."""

    name: str
    coordinate: str
    columns: list[str]
    rows: list[list[float]]


class Turn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One axis of a joint: ``along`` which it moves, or ``about`` which it turns."""

    along: Triple | None = None
    about: Triple | None = None
    coordinate: str | None = None
    curve: str | None = None  # "curve column"
    carried: str | None = None


class Hinge(Row, frozen=True, kw_only=True):
    """How a child moves on its parent."""

    name: str
    parent: str
    child: str
    at: Triple = (0.0, 0.0, 0.0)
    child_at: Triple = (0.0, 0.0, 0.0)
    translations: list[Turn] = []
    rotations: list[Turn] = []


class Way(Row, frozen=True, kw_only=True):
    """A coordinate; degrees, or mm where it is a length."""

    name: str
    range: tuple[float, float]
    default: float = 0.0
    length: bool = False
    locked: bool = False


class Skeleton(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """body.yaml."""

    bodies: list[Segment]
    arms: list[str]
    curves: list[Curve]
    joints: list[Hinge]
    coordinates: list[Way]


class Obstacle(Row, frozen=True, kw_only=True):
    """A wrap; mm, degrees."""

    name: str
    body: str
    shape: Shape
    radius: float
    location: Triple
    orientation: Triple = (0.0, 0.0, 0.0)
    length: float = 0.0
    side: str | None = None


class Obstacles(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """wraps.yaml."""

    wraps: list[Obstacle]


class Line(Row, frozen=True, kw_only=True):
    """A line of action: places on bodies, and which obstacles it may touch between which of them."""

    path: list[Place]
    over: list[tuple[str, int, int]] = []


class Architecture(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a muscle is made of: N, mm, degrees, per cent of stretch."""

    force: float
    fibre: float
    tendon: float
    pennation: float
    passive: tuple[float, float] = (0.0, 70.0)


class MuscleRow(Line, frozen=True, kw_only=True):
    """One muscle of the right leg."""

    name: str
    label: str
    group: str
    architecture: Architecture
    roots: dict[str, float]


class Active(Row, frozen=True, kw_only=True):
    """Active force against fibre length, in optimal lengths: where it begins, stops rising steeply, ends; the slope."""

    curve: Triple
    slope: float


class Muscles(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """muscles.yaml."""

    roots_source: str
    roots_grade: str
    active: Active
    muscles: list[MuscleRow]


class Landmark(Row, frozen=True, kw_only=True):
    """A bony point."""

    name: str
    label: str
    body: str
    at: Triple


class Landmarks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """landmarks.yaml."""

    landmarks: list[Landmark]


class Gluteus(Row, frozen=True, kw_only=True):
    """The unit of gluteus maximus that pulls on the band, and whose force it takes a share of (per cent of each)."""

    unit: str
    pool: dict[str, float]


class BandTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """band.yaml."""

    muscles: list[str]
    strap: Line
    patellar: Line
    gluteus: Gluteus


def read(name: str, kind: type[Table], folder: FilePath = FOLDER) -> Table:
    """Return a table file as its rows.

    Raises
    ------
    InputError
        With file, place and rule, for whatever is not a sound table.
    """
    document = document_of(name, folder)
    try:
        table = msgspec.convert(document, kind)
    except msgspec.ValidationError as problem:
        raise InputError(f"{name}: {problem}.") from problem
    known = document_of("sources.yaml", folder).get("sources", {})
    for place, row in rows_of(table):
        _check_source(f"{name}: {place}", row, known)
    return table


def document_of(name: str, folder: FilePath = FOLDER) -> dict[str, Any]:
    """Return a YAML file's mapping.

    Raises
    ------
    InputError
        If it cannot be read, is not YAML, is not a mapping, or names a key twice.
    """
    try:
        document = yaml.load((folder / name).read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
    except OSError as problem:
        raise InputError(f"{name}: cannot be read ({problem.strerror}).") from problem
    except yaml.YAMLError as problem:
        raise InputError(f"{name}: not YAML ({problem}).") from problem
    if not isinstance(document, dict):
        raise InputError(f"{name}: must be a mapping of keys to values.")
    return document


def rows_of(table: Struct) -> list[tuple[str, Row]]:
    """Return every row of a table with its place, for example ``bodies.pelvis``."""
    fields = ((field, getattr(table, field)) for field in table.__struct_fields__)
    listed = ((field, value if isinstance(value, list) else [value]) for field, value in fields)
    return [
        (f"{field}.{getattr(item, 'name', '')}".rstrip("."), item)
        for field, items in listed
        for item in items
        if isinstance(item, Row)
    ]


def _check_source(place: str, row: Row, known: dict[str, Any]) -> None:
    if row.grade not in GRADES or len(row.grade) != 1:
        raise InputError(f"{place}: grade must be one of {', '.join(GRADES)}; got '{row.grade}'.")
    given = [row.source] if isinstance(row.source, str) else row.source
    if not given:
        raise InputError(f"{place}: needs a source.")
    for source in given:
        if source not in known and not source.startswith(OWN_WORDS):
            raise InputError(
                f"{place}: unknown source '{source}'; name one of sources.yaml, or say what it is 'derived: ' from or "
                "'assumed: '."
            )


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]
    """YAML in which a key given twice is an error, not silently the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"'{key.value}' is given twice", key.start_mark
                )
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep))
