"""O1 to O3: how stiff the band is, muscles' moment arms at the hip, and the path of tensor fasciae latae and band."""

from __future__ import annotations

from functools import partial

import numpy as np
from validation_setting import Array, Setting
from validation_targets import Outcome, attempt, document, judge, targets

from gerdy.mechanics.band import band_parameters, length_at, settle, tension

PULL, FREE = 100.0, 0.45  # N, m: target O1


def geometry(place: Setting, only: tuple[str, ...] = ()) -> list[Outcome]:
    """Return the outcomes of O1, O2 and O3."""
    found: list[Outcome] = []
    for group, compute in (("O1", stiffness), ("O2", arms), ("O3", paths)):
        if not only or group in only:
            names = [name for name in targets() if name.startswith(group) and not name[2:3].isdigit()]
            found += attempt(names, partial(compute, place))
    return found


def stiffness(place: Setting) -> list[Outcome]:
    """Return O1: strain and lengthening of the free band under 100 N, in an Ober-like pose, and after unloading."""
    strains = {}
    for choice in ("low", "typical", "high"):
        band = band_parameters(FREE, modulus=choice)
        strains[choice] = 100.0 * (length_at(PULL, band) / band.slack - 1.0)
    band = band_parameters(FREE)
    told = "modulus low, typical, high: " + ", ".join(f"{value:.3g} %" for value in strains.values())
    stretched = length_at(PULL, band)
    after = 100.0 * (length_at(0.0, band) / band.slack - 1.0)
    held = tension(stretched, band)[0]
    return [
        judge("O1a1", strains["typical"], told),
        judge("O1a2", 1e3 * (stretched - band.slack), told),
        ober(place),
        judge(
            "O1c", after, f"the law is elastic: {held:.1f} N at {stretched - band.slack:.2g} m, 0 N at slack"
        ),
    ]


def ober(place: Setting) -> Outcome:
    """Return O1b: how much of the path's lengthening in an Ober-like pose the muscle takes."""
    pose = {"hip_flexion": -10.0, "hip_adduction": 20.0, "knee_angle": 90.0}
    q = np.array([place.posture({}), place.posture(pose)])
    if not place.body.model.bands or place.body.band is None:
        return judge("O1b", None, "this body has no band of its own")
    change = float(np.diff(place.path(q))[0])
    own = resting_band(place, q)
    stretch = float(own[1] - own[0])
    pull = tension(float(own[1]), place.body.band)[0]
    reason = (
        f"path {1e3 * change:+.1f} mm, band {1e3 * stretch:+.2f} mm under {pull:.0f} N of resting muscles"
    )
    return judge("O1b", 100.0 * (1.0 - stretch / change), reason)


def resting_band(place: Setting, q: Array) -> Array:
    """Return the strap's own length (t,) m with every muscle at rest."""
    body, band = place.body, place.body.band
    assert band is not None
    members = np.array(place.band(), dtype=np.int64)
    lengths, straps = body.lengths(q), body.strap_lengths(q)[:, 0]
    still = np.zeros(len(members))
    return np.array(
        [
            settle(body.arrays, members, row[members], float(strap), still, still, band, 0.0)[0]
            for row, strap in zip(lengths, straps, strict=True)
        ]
    )


def arms(place: Setting) -> list[Outcome]:
    """Return O2: moment arms in nine columns, and the signs that must be there."""
    table = document()["moment_arms"]
    found, value = [], {}
    for column in table["columns"]:
        q = place.posture(column["pose"])
        row = place.body.column(f"{column['about']}_r")
        all_arms = place.body.moment_arms(q)[0, row] * column["sign"] * 1e3
        for muscle in table["muscles"]:
            value[muscle, column["id"]] = float(all_arms[place.muscle(muscle)])
            found.append(
                judge(f"O2 {muscle} {column['id']}", value[muscle, column["id"]], "outside the envelope")
            )
    for muscle in table["switches"]:
        start, end = value[muscle, "ir_neutral"], value[muscle, "ir_flex90"]
        found.append(judge(f"O2 {muscle} switches", start < 0.0 < end, f"{start:.1f} to {end:.1f} mm"))
    for muscle in table["weaker"]:
        neutral, flexed, across = (value[muscle, c] for c in ("abd_neutral", "abd_flex90", "abd_add20"))
        told = f"neutral {neutral:.1f}, flexed 90 {flexed:.1f}, adducted 20 {across:.1f} mm"
        found.append(judge(f"O2 {muscle} weaker", max(flexed, across) < neutral, told))
    return found


def paths(place: Setting) -> list[Outcome]:
    """Return O3: how long the way of tensor fasciae latae and band becomes."""
    table = document()["path_changes"]
    rest = place.path(place.posture({}))[0]
    change = {}
    for row in table["poses"]:
        change[row["id"]] = 1e3 * float(place.path(place.posture(row["pose"]))[0] - rest)
    found = [judge(f"O3 {name}", value, "outside the band of models") for name, value in change.items()]
    least = min(change["knee30"], change["knee90"])
    return [*found, judge("O3k", least, "the lesser of both knee angles; muscle path plus strap path")]
