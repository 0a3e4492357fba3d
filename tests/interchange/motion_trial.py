"""An invented trial for tests of the movement report: curves of plausible shape, not measured and of no other use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray
from numpy.typing import NDArray

Floats = NDArray[np.float64]
STEMS = (
    *(
        "addbrev",
        "addlong",
        "addmagDist",
        "addmagIsch",
        "addmagMid",
        "addmagProx",
        "bflh",
        "bfsh",
        "edl",
        "ehl",
    ),
    *("fdl", "fhl", "gaslat", "gasmed", "glmax1", "glmax2", "glmax3", "glmed1", "glmed2", "glmed3", "glmin1"),
    *(
        "glmin2",
        "glmin3",
        "grac",
        "iliacus",
        "perbrev",
        "perlong",
        "piri",
        "psoas",
        "recfem",
        "sart",
        "semimem",
    ),
    *("semiten", "soleus", "tfl", "tibant", "tibpost", "vasint", "vaslat", "vasmed"),
)
MUSCLES = tuple(f"{stem}_{side}" for side in "rl" for stem in STEMS)
LEG = ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle", "subtalar_angle")
PELVIS = ("pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz")
COORDINATES = (*PELVIS, *(f"{name}_{side}" for side in "rl" for name in LEG), "lumbar_bending")
SIDES = ("right", "left")
STRIDE, STANCE = 0.72, 0.27  # s
MASS, HEIGHT, WEIGHT = 72.84, 1.80, 72.84 * 9.80665


@dataclass(frozen=True)
class Phase:
    side: str
    start: float
    toe_off: float
    end: float | None
    begun: bool = True
    finished: bool = True


@dataclass(frozen=True)
class Repeat:
    start: float
    deepest: float
    end: float
    side: str | None = None


@dataclass(frozen=True)
class Events:
    kind: str
    phases: tuple[Phase, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    held: tuple[Repeat, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pose:
    bones: tuple[tuple[str, Floats], ...]
    muscles: dict[str, Floats]
    strap: dict[str, Floats]


@dataclass(frozen=True)
class Summary:
    id: str
    side: str | None
    n: int
    mean: float
    sd: float
    error: float


@dataclass(frozen=True)
class Step:
    id: str
    side: str
    value: float


@dataclass(frozen=True)
class Comparison:
    name: str
    variable: str
    side: str
    baseline: float
    changed: float
    low: float
    high: float


COMPARED = ("name", "variable", "side", "baseline", "changed", "low", "high")


def _bump(phase: Floats, centre: float, width: float) -> Floats:
    gap = (phase - centre + 0.5) % 1.0 - 0.5
    return np.exp(-0.5 * (gap / width) ** 2)


def _cycle(time: Floats, side: str) -> Floats:
    return (time - 0.1 - (0.0 if side == "r" else STRIDE / 2)) / STRIDE % 1.0


def running(seconds: float = 3.2, rate: float = 100.0) -> xarray.Dataset:
    """Return a run of a few strides: 0.27 s on the foot in each 0.72 s, the left leg a little different."""
    time = np.arange(0.0, seconds, 1 / rate)
    loads = {side: _leg(time, side, np.random.default_rng(7 + ord(side))) for side in "rl"}
    angle, moment = np.zeros((len(time), len(COORDINATES))), np.zeros((len(time), len(COORDINATES)))
    at = {name: n for n, name in enumerate(COORDINATES)}
    for side, leg in loads.items():
        for name in LEG:
            angle[:, at[f"{name}_{side}"]] = np.radians(leg[f"angle_{name}"])
            moment[:, at[f"{name}_{side}"]] = MASS * leg[f"moment_{name}"]
    r, left = _cycle(time, "r"), _cycle(time, "l")
    angle[:, at["pelvis_list"]] = np.radians(5.5 * (_bump(left, 0.16, 0.1) - 0.8 * _bump(r, 0.16, 0.1)))
    angle[:, at["pelvis_tilt"]], angle[:, at["pelvis_ty"]] = np.radians(-14.0), 0.95
    angle[:, at["pelvis_rotation"]] = np.radians(6.0 * np.sin(2 * np.pi * r))
    moment[:, at["pelvis_ty"]] = 40.0 * np.sin(4 * np.pi * r)
    moment[:, at["pelvis_list"]] = 9.0 * np.sin(4 * np.pi * r)
    activation = np.column_stack([_activation(name, _cycle(time, name[-1])) for name in MUSCLES])
    reserve = np.zeros_like(moment)
    reserve[:, at["ankle_angle_r"]] = 0.14 * moment[:, at["ankle_angle_r"]] * _bump(r, 0.2, 0.06)
    top = np.maximum(np.abs(moment).max(axis=0), 1e-9)
    by_side: dict[str, Floats] = {
        name: np.column_stack([loads[side][name] for side in "rl"])
        for name in (
            *("band_force", "band_strain", "band_path_strain", "band_length", "epicondyle_compression"),
            *("trochanter_compression", "patella_lateral_pull", "patellar_tendon"),
        )
    }
    vectors = {
        name: np.stack([loads[side][name] for side in "rl"], axis=1)
        for name in ("hip_contact", "knee_contact", "ground_force", "ground_point")
    }
    markers = ("RASI", "LASI", "RKNE", "LKNE", "RHEE", "LHEE")
    residual = 0.012 + 0.004 * np.random.default_rng(3).random((len(time), len(markers)))
    residual[150, 3] = 0.104
    converged = np.ones(len(time), dtype=bool)
    converged[[40, 41]] = False
    data: dict[str, Any] = {
        "angle": (("time", "coordinate"), angle),
        "moment": (("time", "coordinate"), moment),
        "activation": (("time", "muscle"), activation),
        "force": (("time", "muscle"), 1200.0 * activation),
        "saturated": (("time", "muscle"), activation > 0.99),
        "reserve": (("time", "coordinate"), reserve),
        "reserve_share": (("time", "coordinate"), np.abs(reserve) / top),
        **{name: (("time", "side"), values) for name, values in by_side.items()},
        **{name: (("time", "side", "axis"), values) for name, values in vectors.items()},
        "marker_residual": (("time", "marker"), residual),
        "converged": (("time",), converged),
    }
    coords = {
        "time": time,
        "coordinate": list(COORDINATES),
        "muscle": list(MUSCLES),
        "side": list(SIDES),
        "axis": ["x", "y", "z"],
        "marker": list(markers),
    }
    attrs = {
        **{"mass_kg": MASS, "height_m": HEIGHT, "model": "Gerdy body", "trial": "run_04", "quasi_static": 0},
        "notes": [
            "assumed: the trial's up axis is Y",
            "repaired: LKNE from 1.480 to 1.510 s: gap filled by a spline",
            "warning: force plate 2: 3 % of its samples are clipped",
            "found: 42 markers at 100 Hz",
        ],
    }
    return xarray.Dataset(data, coords=coords, attrs=attrs)


def _leg(time: Floats, side: str, random: np.random.Generator) -> dict[str, Floats]:
    p = _cycle(time, side)
    wobble = 1.0 + 0.06 * np.interp(
        time,
        np.arange(0, time[-1] + 1, 0.36),
        random.standard_normal(int(time[-1] / 0.36) + 4)[: len(np.arange(0, time[-1] + 1, 0.36))],
    )
    foot, other = STANCE / STRIDE, 1.35 if side == "l" else 1.0
    down = np.where(p < foot, np.sin(np.pi * np.clip(p / foot, 0, 1)), 0.0)
    knee = 14 + 30 * _bump(p, 0.16, 0.07) * wobble + 78 * _bump(p, 0.66, 0.12)
    pull = (90 + 420 * other * _bump(p, 0.14, 0.06) + 120 * _bump(p, 0.85, 0.07)) * wobble
    strain = pull / 100 * 0.0044
    zone = np.exp(-0.5 * ((knee - 30) / 10) ** 2)
    ground = np.column_stack(
        [30 * np.sin(2 * np.pi * p / foot) * (p < foot), 1650 * down * wobble, 40 * down]
    )
    point = np.column_stack([0.15 - 0.2 * p, 0 * p, (0.06 if side == "r" else -0.06) + 0 * p])
    return {
        "angle_hip_flexion": 12 + 24 * np.cos(2 * np.pi * (p - 0.88)) * wobble,
        "angle_hip_adduction": -2 + 11.5 * other**0.5 * _bump(p, 0.15, 0.08) * wobble,
        "angle_hip_rotation": 3.0 * _bump(p, 0.2, 0.1) - 4 * _bump(p, 0.7, 0.15),
        "angle_knee_angle": knee,
        "angle_ankle_angle": -6 + 24 * _bump(p, 0.18, 0.07) - 16 * _bump(p, 0.42, 0.06),
        "angle_subtalar_angle": 4 * np.sin(2 * np.pi * p),
        "moment_hip_flexion": -1.9 * down * wobble + 0.8 * _bump(p, 0.45, 0.08),
        "moment_hip_adduction": -1.75 * down * wobble,
        "moment_hip_rotation": 0.5 * down,
        "moment_knee_angle": -2.4 * down * wobble + 0.3 * _bump(p, 0.8, 0.1),
        "moment_ankle_angle": -2.2 * down * wobble,
        "moment_subtalar_angle": 0.1 * down,
        "band_force": pull,
        "band_strain": strain,
        "band_path_strain": -0.01 + 0.035 * _bump(p, 0.2, 0.1),
        "band_length": 0.40 * (1 + strain),
        "epicondyle_compression": 0.22 * pull * zone,
        "trochanter_compression": 0.5 * pull,
        "patella_lateral_pull": 40 + 160 * down,
        "patellar_tendon": 150 + 3800 * down * wobble,
        "hip_contact": np.column_stack([200 * down, -5200 * down * wobble - 500, 700 * down]),
        "knee_contact": np.column_stack([300 * down, -6100 * down * wobble - 400, 100 * down]),
        "ground_force": ground,
        "ground_point": np.where((p < foot)[:, None], point, np.nan),
    }


def _activation(name: str, p: Floats) -> Floats:
    stem = name[:-2]
    place = {
        "gl": 0.12,
        "tf": 0.14,
        "va": 0.15,
        "re": 0.5,
        "so": 0.22,
        "ga": 0.24,
        "bf": 0.9,
        "se": 0.92,
        "ps": 0.45,
    }
    centre = place.get(stem[:2], 0.1 + 0.023 * (sum(map(ord, stem)) % 37))
    top = {"tfl": 1.15, "glmed1": 0.75, "vaslat": 0.7, "soleus": 0.9}.get(
        stem, 0.12 + 0.011 * (len(stem) * 7 % 40)
    )
    return np.clip(0.02 + top * _bump(p, centre, 0.07), 0.0, 1.0)


def run_events(seconds: float = 3.2) -> Events:
    phases = []
    for side, first in (("r", 0.1), ("l", 0.1 + STRIDE / 2)):
        starts = np.arange(first, seconds, STRIDE)
        for start in starts:
            following = float(start + STRIDE)
            phases.append(
                Phase(
                    side,
                    float(start),
                    float(start + STANCE),
                    following if following < seconds else None,
                    finished=bool(start + STANCE < seconds),
                )
            )
    return Events("running", tuple(phases))


def pose(data: xarray.Dataset, frame: int) -> Pose:
    """Return a stick body bent by the angles of a frame: thigh and shank of 0.44 m, muscles as straight lines."""
    bones: list[tuple[str, Floats]] = []
    muscles: dict[str, Floats] = {}
    strap: dict[str, Floats] = {}
    chest, head = np.array([0.06, 1.42, 0.0]), np.array([0.12, 1.68, 0.0])
    bones += [("trunk", np.array([[0.0, 0.95, 0.0], chest])), ("head", np.array([chest, head]))]
    for side, out in (("r", 1.0), ("l", -1.0)):
        flexion, knee = (
            float(data["angle"].sel(coordinate=f"{name}_{side}")[frame])
            for name in ("hip_flexion", "knee_angle")
        )
        hip, at = np.array([0.0, 0.93, 0.09 * out]), np.array
        joint = hip + 0.44 * np.array([np.sin(flexion), -np.cos(flexion), 0.02 * out])
        ankle = joint + 0.43 * np.array([np.sin(flexion - knee), -np.cos(flexion - knee), 0.0])
        toe = ankle + np.array([0.17, -0.05, 0.02 * out])
        bones += [
            (f"pelvis_{side}", np.array([[0.0, 1.02, 0.0], [0.05, 1.04, 0.13 * out], hip])),
            (f"femur_{side}", np.array([hip, joint])),
            (f"tibia_{side}", np.array([joint, ankle])),
            (f"foot_{side}", np.array([ankle - [0.05, 0.05, 0.0], ankle, toe])),
        ]
        crest, wide = np.array([0.03, 1.03, 0.14 * out]), np.array([0.0, 0.0, 0.07 * out])
        muscles[f"tfl_{side}"] = np.array([crest, hip + wide])
        muscles[f"glmed1_{side}"] = np.array([crest - [0.04, 0.0, 0.0], hip + 0.8 * wide])
        muscles[f"glmax1_{side}"] = np.array([crest - [0.12, 0.02, 0.0], hip + wide - [0.04, 0.05, 0.0]])
        muscles[f"vaslat_{side}"] = np.array(
            [hip + at([0.04, -0.08, 0.04 * out]), joint + at([0.05, 0.03, 0.0])]
        )
        muscles[f"soleus_{side}"] = np.array([joint - [0.04, 0.05, 0.0], ankle - [0.05, 0.0, 0.0]])
        muscles[f"bflh_{side}"] = np.array([hip - [0.06, 0.03, 0.0], joint - [0.04, 0.05, -0.03 * out]])
        name = "right" if side == "r" else "left"
        strap[name] = np.array(
            [hip + wide, joint + at([0.0, 0.02, 0.05 * out]), joint + at([0.02, -0.05, 0.04 * out])]
        )
    return Pose(tuple(bones), muscles, strap)


def comparisons() -> list[Comparison]:
    found = []
    for name, factor in (
        ("Gluteus medius and minimus at half strength", 1.9),
        ("Steps 5 % narrower", 1.12),
        ("Pelvis drops 5 deg more", 1.2),
        ("Step rate 10 % higher", 0.86),
    ):
        base = 480.0
        found.append(
            Comparison(
                name, "band_force", "right", base, base * factor, base * factor * 0.8, base * factor * 1.25
            )
        )
        base = 88.0
        found.append(
            Comparison(
                name,
                "epicondyle_compression",
                "right",
                base,
                base * factor,
                base * factor * 0.6,
                base * factor * 1.5,
            )
        )
    return found


def squatting(seconds: float = 6.0) -> tuple[xarray.Dataset, Events]:
    """Return two squats on both legs, three seconds each, without a band and without ground forces."""
    data = running(seconds)
    depth = np.sin(np.pi * data["time"].values / 3.0) ** 2
    angle = data["angle"].values.copy()
    for name, top in (("hip_flexion", 1.5), ("knee_angle", 1.75), ("ankle_angle", 0.5)):
        for side in "rl":
            angle[:, COORDINATES.index(f"{name}_{side}")] = top * depth
    data["angle"] = (("time", "coordinate"), angle)
    band = [
        name
        for name in data.data_vars
        if str(name).startswith(("band_", "epicondyle", "trochanter", "ground"))
    ]
    events = Events("squat", repeats=(Repeat(0.0, 1.5, 2.99), Repeat(3.0, 4.5, 5.99)))
    return data.drop_vars(band), events
