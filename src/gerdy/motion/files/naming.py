"""How the columns of results are called outside: the names that the field's own tools and scripts use."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gerdy.motion.frames import rotational

if TYPE_CHECKING:
    import xarray

Columns = dict[str, tuple[NDArray[Any], str]]

SIDES = {"right": "r", "left": "l"}

# Variable of the dataset -> name of its column; {0} is the coordinate, muscle, side or marker, {1} the axis.
PATTERNS = {
    "angle": "{0}",
    "speed": "{0}_speed",
    "activation": "{0}_activation",
    "force": "{0}_force",
    "passive": "{0}_passive_force",
    "saturated": "{0}_saturated",
    "reserve": "{0}_reserve",
    "reserve_share": "{0}_reserve_share",
    "marker_residual": "{0}_residual",
    "band_force": "iliotibial_band_{0}_force",
    "band_strain": "iliotibial_band_{0}_strain",
    "band_path_strain": "iliotibial_band_{0}_path_strain",
    "band_length": "iliotibial_band_{0}_length",
    "patellar_tendon": "patellar_tendon_{0}_force",
    "ground_force": "ground_force_{0}_v{1}",
    "ground_point": "ground_force_{0}_p{1}",
    "ground_moment": "ground_torque_{0}_{1}",
}
LOADS = (
    "band_force",
    "band_strain",
    "band_path_strain",
    "band_length",
    "epicondyle_compression",
    "trochanter_compression",
    "patella_lateral_pull",
    "patellar_tendon",
    "hip_contact",
    "knee_contact",
)


def result_columns(dataset: xarray.Dataset) -> Columns:
    """Return every variable over time of a result as columns: name -> (values (t,), unit)."""
    columns: Columns = {}
    for name in dataset.data_vars:
        for column, content in _variable(dataset, str(name)).items():
            # Two kinds of things may share a name (a coordinate and a muscle): the later says what it is.
            columns[column if column not in columns else f"{name}_{column}"] = content
    return columns


def result_tables(dataset: xarray.Dataset) -> list[tuple[str, str, Columns]]:
    """Return the files of the field's tools: (end of the file name, first line, columns)."""

    def of(*names: str) -> Columns:
        columns: Columns = {}
        for name in names:
            if name in dataset:
                columns |= _variable(dataset, name)
        return columns

    def bare(name: str) -> Columns:
        ending = PATTERNS[name].removeprefix("{0}")
        return {column.removesuffix(ending): content for column, content in of(name).items()}

    ground = of("ground_force", "ground_point", "ground_moment")
    ground = whole_points(ground)
    return [
        ("_ik.mot", "Coordinates", of("angle")),
        ("_id.sto", "Inverse Dynamics Generalized Forces", of("moment")),
        (
            "_StaticOptimization_activation.sto",
            "Static Optimization",
            bare("activation") if "activation" in dataset else {},
        ),
        ("_StaticOptimization_force.sto", "Static Optimization", bare("force") if "force" in dataset else {}),
        ("_grf.mot", "ground reaction", ground),
        ("_loads.sto", "tissue loads", of(*LOADS)),
    ]


def whole_points(columns: Columns) -> Columns:
    """Return columns with 0 for the point of a ground force where its foot is not loaded: there it does not matter."""
    result = dict(columns)
    for side, axis in product("rl", "xyz"):
        name, force = f"ground_force_{side}_p{axis}", f"ground_force_{side}_vy"
        if name in result and force in result:
            values, unit = result[name]
            result[name] = (np.where(np.isnan(values) & (result[force][0] == 0.0), 0.0, values), unit)
    return result


def _variable(dataset: xarray.Dataset, name: str) -> Columns:
    variable = dataset[name]
    if variable.dims[:1] != ("time",):
        if "time" not in variable.dims:
            return {}
        variable = variable.transpose("time", ...)
    unit = str(variable.attrs.get("units", ""))
    labels = [[_label(value) for value in variable[str(dim)].values] for dim in variable.dims[1:]]
    columns: Columns = {}
    values = np.asarray(variable.values).reshape(variable.shape[0], -1)
    for i, words in enumerate(product(*labels)):
        columns[_name(name, list(words))] = (values[:, i], _unit(name, list(words), unit))
    return columns


def _label(value: Any) -> str:
    return SIDES.get(str(value), str(value))


def _name(variable: str, words: list[str]) -> str:
    if variable == "moment" and words:
        return f"{words[0]}_{'moment' if rotational(words[0]) else 'force'}"
    pattern = PATTERNS.get(variable)
    return pattern.format(*words) if pattern and words else "_".join([variable, *words])


def _unit(variable: str, words: list[str], unit: str) -> str:
    """Return the unit of one column; coordinates are angles or lengths, so their variables have two units."""
    mixed = {
        "angle": ("rad", "m"),
        "speed": ("rad/s", "m/s"),
        "moment": ("N m", "N"),
        "reserve": ("N m", "N"),
    }
    if variable in mixed and words:
        return mixed[variable][0 if rotational(words[0]) else 1]
    return unit
