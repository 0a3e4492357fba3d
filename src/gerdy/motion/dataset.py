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
        "length of the tensor's and band's whole way against standing",
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
    body = analysis.body
    metres = [name.startswith("pelvis_t") and name != "pelvis_tilt" for name in body.coordinates]
    coords: dict[str, Any] = {
        "time": ("time", analysis.time, {"units": "s"}),
        "coordinate": list(body.coordinates),
        "coordinate_unit": ("coordinate", ["m" if metre else "rad" for metre in metres]),
        "muscle": list(body.muscles),
        "side": SIDES,
        "axis": ["x", "y", "z"],
    }
    data = _motion(analysis) | _loads(analysis)
    if analysis.fit is not None:
        coords["marker"] = list(analysis.marker_names)
        data["marker_residual"] = (("time", "marker"), analysis.fit.residual, {"units": "m"})
        data["converged"] = (("time",), analysis.fit.converged, {"units": "1"})
    coords, data = _with_measures(analysis, coords, data)
    return xr.Dataset(data, coords, _attributes(analysis))


def _motion(analysis: Analysis) -> dict[str, Any]:
    ground, by_coordinate, by_foot = analysis.ground, ("time", "coordinate"), ("time", "side", "axis")
    point = np.where(ground.force[:, :, 1:2] > 0.0, ground.point, np.nan)
    return {
        "angle": (by_coordinate, analysis.q, {"units": "rad or m", "long_name": "generalised coordinate"}),
        "speed": (by_coordinate, analysis.speed, {"units": "rad/s or m/s", "long_name": "its speed"}),
        "ground_force": (by_foot, ground.force, {"units": "N", "long_name": "ground force"}),
        "ground_point": (by_foot, point, {"units": "m", "long_name": "where the ground force acts"}),
    }


def _loads(analysis: Analysis) -> dict[str, Any]:
    loads, unknown = analysis.loads, analysis.unknown
    share = np.abs(loads.reserve) / _peaks(loads.moment, unknown)
    data: dict[str, Any] = {
        name: (("time", "coordinate"), _known(values, unknown), {"units": unit, "long_name": text})
        for name, values, unit, text in (
            ("moment", loads.moment, "N m or N", "net generalised force; at the pelvis the residual"),
            ("reserve", loads.reserve, "N m", "moment that muscles could not give"),
            ("reserve_share", share, "1", "reserve against the coordinate's peak moment"),
        )
    }
    for name, (attribute, dims, unit, text) in LOADS.items():
        data[name] = (dims, _known(getattr(loads, attribute), unknown), {"units": unit, "long_name": text})
    return data


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
