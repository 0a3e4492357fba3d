"""Write tables that the field's tools read: STO, MOT, Parquet, CSV; names and units as there."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gerdy.errors import FileError, InputError
from gerdy.files import write_whole
from gerdy.motion.files.naming import Columns, result_columns, result_tables, whole_points

if TYPE_CHECKING:
    import xarray

KINDS = (".sto", ".mot", ".parquet", ".csv")


def write_table(
    path: str | Path,
    time: ArrayLike,
    columns: Mapping[str, tuple[ArrayLike, str]],
    *,
    in_degrees: bool = True,
    title: str | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Write columns over time; the suffix of the file says how: .sto, .mot, .parquet or .csv.

    Parameters
    ----------
    time : (t,) s.
    columns : for each name its values (t,) and their unit, as ``(values, "N m")``; ``rad`` becomes degrees if wanted.
    title : the first line of STO and MOT files ("Coordinates" for angles). These hold no gaps: frames without a
        value in some column are left out, columns without any too, and their header says so.
    about : further facts, kept in the metadata of a Parquet file and beside a CSV file (``<file>-metadata.json``).

    Raises
    ------
    FileError
        If the suffix is another one or the file cannot be written.
    InputError
        If a column has not one value for each time, or a name that the format cannot hold.
    """
    kind = Path(path).suffix.casefold()
    if kind not in KINDS:
        raise FileError(f"{path}: '{kind}' is no kind of table; write .sto, .mot, .parquet or .csv.")
    clock = np.asarray(time, dtype=float)
    if clock.ndim != 1 or not len(clock) or not np.isfinite(clock).all():
        raise InputError(f"{path}: time: must be a row of numbers (s), at least one.")
    table = {
        name: _column(name, values, unit, len(clock), in_degrees) for name, (values, unit) in columns.items()
    }
    if kind in (".sto", ".mot"):
        write_whole(path, _storage(title or Path(path).stem, clock, table, in_degrees=in_degrees))
    elif kind == ".csv":
        write_whole(path, _csv(clock, table))
        write_whole(f"{path}-metadata.json", _csv_metadata(Path(path).name, table, about or {}))
    else:
        write_whole(path, _parquet(clock, table, about or {}))


def write_dataset(dataset: xarray.Dataset, path: str | Path, *, in_degrees: bool = True) -> list[Path]:
    """Write the result of an analysis and return the files written.

    A path ending in .parquet, .csv, .sto or .mot gets one table of everything. Any other path is a folder (made if
    need be) that gets the files of the field's tools: ``<trial>_ik.mot``, ``<trial>_id.sto`` (columns
    ``hip_flexion_r_moment``, ``pelvis_tx_force``), ``<trial>_StaticOptimization_activation.sto`` and ``_force.sto``
    (columns named by muscle), ``<trial>_grf.mot``, and ``<trial>_loads.sto`` with the band and the joint contacts.

    Raises
    ------
    FileError
        If a file cannot be written.
    """
    target = Path(path)
    time = np.asarray(dataset["time"].values, dtype=float)
    about = {str(key): _plain(value) for key, value in dataset.attrs.items()}
    if target.suffix.casefold() in KINDS:
        columns = result_columns(dataset)
        if target.suffix.casefold() in (".sto", ".mot"):
            columns = whole_points(columns)
        write_table(target, time, columns, in_degrees=in_degrees, about=about)
        return [target]
    if target.suffix:
        raise FileError(
            f"{path}: '{target.suffix}' is no kind of table; write .sto, .mot, .parquet, .csv or a folder."
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"{path}: cannot be made ({error.strerror}); check folder and permissions."
        ) from error
    trial = str(dataset.attrs.get("trial") or "trial")
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in trial).lstrip(".") or "trial"
    written = []
    for suffix, title, columns in result_tables(dataset):
        if columns:
            file = target / f"{safe}{suffix}"
            write_table(file, time, columns, in_degrees=in_degrees, title=title)
            written.append(file)
    return written


def _column(name: str, values: ArrayLike, unit: str, rows: int, in_degrees: bool) -> tuple[NDArray[Any], str]:
    array = np.asarray(values)
    if array.shape != (rows,):
        raise InputError(f"{name}: must have {rows} values, one for each time; got shape {array.shape}.")
    if not name or any(c in name for c in "\t\n\r") or name.casefold() == "time":
        raise InputError(
            f"'{name}': is no name for a column; it must not be empty, 'time', or hold tabs or line ends."
        )
    if array.dtype != bool:
        array = array.astype(float)
        if in_degrees and unit.startswith("rad"):
            return np.degrees(array), "deg" + unit[3:]
    return array, unit


def _storage(title: str, time: NDArray[Any], table: Columns, *, in_degrees: bool) -> bytes:
    """Return a table without gaps: the field's own reader of STO stops at the first value that is no number."""
    names = [name for name, (values, _) in table.items() if np.isfinite(values).any()]
    rows = np.stack([time, *(np.asarray(table[name][0], dtype=float) for name in names)], axis=1)
    whole = np.isfinite(rows).all(axis=1)
    if not whole.any():
        raise InputError(
            "no frame has a value in every column, which a STO or MOT file needs; write .parquet or .csv."
        )
    left_out = [f"framesLeftOut={int((~whole).sum())}"] if not whole.all() else []
    if len(names) < len(table):
        left_out.append(f"columnsLeftOut={','.join(name for name in table if name not in names)}")
    header = [
        " ".join(title.split()) or "table",
        "version=1",
        f"nRows={int(whole.sum())}",
        f"nColumns={len(names) + 1}",
        f"inDegrees={'yes' if in_degrees else 'no'}",
        *left_out,
        "endheader",
        "\t".join(["time", *(name.replace(" ", "_") for name in names)]),
    ]
    # repr is the shortest text that reads back as the same number.
    lines = header + ["\t".join(map(repr, row)) for row in rows[whole].tolist()]
    return ("\n".join(lines) + "\n").encode()


def _csv(time: NDArray[Any], table: Columns) -> bytes:
    import csv  # noqa: PLC0415 - only this kind needs it

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time", *table])
    columns = [time.tolist(), *(values.tolist() for values, _ in table.values())]
    for row in zip(*columns, strict=True):
        writer.writerow(["" if value != value else repr(value) for value in row])  # noqa: PLR0124 - NaN is a blank
    return text.getvalue().encode()


def _csv_metadata(name: str, table: Columns, about: Mapping[str, Any]) -> bytes:
    """Return what CSV itself cannot hold, as "CSV on the Web" metadata: the unit of every column."""
    columns = [{"name": "time", "datatype": "number", "unit": "s"}]
    columns += [
        {"name": key, "datatype": "boolean" if values.dtype == bool else "number", "unit": unit}
        for key, (values, unit) in table.items()
    ]
    content = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "tableSchema": {"columns": columns},
        "notes": [{"about": dict(about)}],
    }
    return (json.dumps(content, indent=1) + "\n").encode()


def _parquet(time: NDArray[Any], table: Columns, about: Mapping[str, Any]) -> bytes:
    import pyarrow  # noqa: PLC0415 - costs 0.1 s that only this kind should
    from pyarrow import parquet  # noqa: PLC0415

    fields = [pyarrow.field("time", pyarrow.float64(), metadata={"unit": "s"})]
    arrays = [pyarrow.array(time)]
    for name, (values, unit) in table.items():
        array = pyarrow.array(values)
        fields.append(pyarrow.field(name, array.type, metadata={"unit": unit}))
        arrays.append(array)
    units = {"time": "s", **{name: unit for name, (_, unit) in table.items()}}
    schema = pyarrow.schema(fields, metadata={"units": json.dumps(units), "about": json.dumps(dict(about))})
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=schema), sink)
    return bytes(sink.getvalue().to_pybytes())


def _plain(value: Any) -> Any:
    """Return an attribute as something JSON can hold."""
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value.tolist()]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
