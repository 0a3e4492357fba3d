"""An analysis as an xarray dataset: named dimensions, SI units on every variable."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from gerdy.motion.analysis import Analysis
from gerdy.motion.recording import NoteKind

SIDES = ["right", "left"]
STATISTICS = ("mean", "sd", "error")

# variable of the dataset: attribute of the loads, dimensions, unit, what it is
LOADS: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "activation": ("activation", ("time", "muscle"), "1", "muscle activation"),
    "force": ("force", ("time", "muscle"), "N", "muscle force along the tendon"),
    "passive": ("passive", ("time", "muscle"), "N", "passive part of the muscle force"),
    "fibre_length": ("fibre", ("time", "muscle"), "1", "fibre length in optimal lengths"),
    "saturated": ("saturated", ("time", "muscle"), "1", "muscle at its limit"),
    "band_force": ("band_force", ("time", "side"), "N", "tension of the iliotibial band"),
    "band_strain": ("band_strain", ("time", "side"), "1", "material strain of the band against slack"),
    "band_path_strain": (
        "band_path_strain",
        ("time", "side"),
        "1",
        "length of the band's way against standing",
    ),
    "band_length": ("band_length", ("time", "side"), "m", "length of the band itself"),
    "epicondyle_compression": (
        "epicondyle",
        ("time", "side"),
        "N",
        "press on the outer knob of the thigh bone",
    ),
    "trochanter_compression": ("trochanter", ("time", "side"), "N", "press on the greater trochanter"),
    "patella_lateral_pull": ("patella_lateral", ("time", "side"), "N", "outward pull on the kneecap"),
    "patellar_tendon": ("patellar_tendon", ("time", "side"), "N", "force of the patellar tendon"),
    "hip_contact": (
        "hip_contact",
        ("time", "side", "axis"),
        "N",
        "force on the thigh bone at the hip, pelvis axes",
    ),
    "knee_contact": (
        "knee_contact",
        ("time", "side", "axis"),
        "N",
        "force on the shin at the knee, thigh axes",
    ),
}


def dataset_of(analysis: Analysis) -> xr.Dataset:
    """Return the dataset of an analysis: angles, moments, loads, ground forces, fit and measures."""
    body, loads = analysis.body, analysis.loads
    moving = [not name.startswith("pelvis_t") or name == "pelvis_tilt" for name in body.coordinates]
    units = ["rad" if turns else "m" for turns in moving]
    data: dict[str, Any] = {
        "angle": (
            ("time", "coordinate"),
            analysis.q,
            {"units": "rad or m", "long_name": "generalised coordinate"},
        ),
        "speed": (
            ("time", "coordinate"),
            analysis.speed,
            {"units": "rad/s or m/s", "long_name": "its speed"},
        ),
        "moment": (
            ("time", "coordinate"),
            _known(loads.moment, analysis.unknown),
            {"units": "N m or N", "long_name": "net generalised force; at the pelvis the residual"},
        ),
        "reserve": (
            ("time", "coordinate"),
            _known(loads.reserve, analysis.unknown),
            {"units": "N m", "long_name": "moment that muscles could not give"},
        ),
        "reserve_share": (
            ("time", "coordinate"),
            _known(np.abs(loads.reserve) / _peaks(loads.moment, analysis.unknown), analysis.unknown),
            {"units": "1", "long_name": "reserve against the coordinate's peak moment"},
        ),
        "ground_force": (
            ("time", "side", "axis"),
            analysis.ground.force,
            {"units": "N", "long_name": "ground force"},
        ),
        "ground_point": (
            ("time", "side", "axis"),
            np.where(analysis.ground.force[:, :, 1:2] > 0.0, analysis.ground.point, np.nan),
            {"units": "m", "long_name": "where the ground force acts"},
        ),
    }
    for name, (attribute, dims, unit, text) in LOADS.items():
        data[name] = (
            dims,
            _known(getattr(loads, attribute), analysis.unknown),
            {"units": unit, "long_name": text},
        )
    coords: dict[str, Any] = {
        "time": ("time", analysis.time, {"units": "s"}),
        "coordinate": list(body.coordinates),
        "coordinate_unit": ("coordinate", units),
        "muscle": list(body.muscles),
        "side": SIDES,
        "axis": ["x", "y", "z"],
    }
    if analysis.fit is not None:
        coords["marker"] = list(analysis.marker_names)
        data["marker_residual"] = (("time", "marker"), analysis.fit.residual, {"units": "m"})
        data["converged"] = (("time",), analysis.fit.converged, {"units": "1"})
    coords, data = _with_measures(analysis, coords, data)
    return xr.Dataset(data, coords, _attributes(analysis))


def _known(values: Any, unknown: Any) -> Any:
    """Return loads with NaN where the ground force, and so the load, is not known; geometry alone is always known."""
    if values.dtype == bool:
        return values & ~unknown.reshape((-1,) + (1,) * (values.ndim - 1))
    return np.where(unknown.reshape((-1,) + (1,) * (values.ndim - 1)), np.nan, values)


def _peaks(moment: Any, unknown: Any) -> Any:
    return np.maximum(np.abs(moment[~unknown]).max(axis=0, initial=0.0), 1e-9)


def _with_measures(
    analysis: Analysis, coords: dict[str, Any], data: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    names = list(dict.fromkeys(row.id for row in analysis.summaries))
    if not names:
        return coords, data
    table = np.full((len(names), 2, len(STATISTICS)), np.nan)
    for row in analysis.summaries:
        values = [getattr(row, statistic) for statistic in STATISTICS]
        for s, side in enumerate("rl"):
            if row.side in (side, "both"):
                table[names.index(row.id), s] = values
    coords |= {"measure": names, "statistic": list(STATISTICS)}
    data["measured"] = (
        ("measure", "side", "statistic"),
        table,
        {"long_name": "movement measures; units differ"},
    )
    return coords, data


def _attributes(analysis: Analysis) -> dict[str, Any]:
    return {
        "title": analysis.motion.name,
        "trial": analysis.motion.name,
        "model": analysis.body.model.name,
        "mass_kg": analysis.person.mass,
        "height_m": analysis.person.height,
        "movement": str(analysis.events.kind),
        "quasi_static": 0 if analysis.measured_forces else 1,
        "notes": [str(note) for note in analysis.notes],
        "warnings": [str(note) for note in analysis.notes if note.kind is NoteKind.WARNING],
    }
