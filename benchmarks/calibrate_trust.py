"""Find how far referral maps may be taken at their word: ``python benchmarks/calibrate_trust.py``.

The evidence gives starter shares of the sources for four presentations (B1; suggestions, grade E). For each, a person
of that age and sport ticks one region and answers nothing; the trust is best at which Gerdy's shares diverge least.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from gerdy.atlas import load_atlas
from gerdy.case import Person
from gerdy.chart.drawing import draw
from gerdy.chart.likelihood import drawing_term
from gerdy.chart.manner import drawing_model
from gerdy.chart.table import FieldTable, build_table
from gerdy.reasoning.model import compile_model
from gerdy.reasoning.state import believe

# Shares in per cent, in the order of GROUPS.
GROUPS = (
    *("itbs", "pfp", "meniscus", "muscle", "gluteal tendon", "hip joint"),
    *("lumbar", "outer knee", "bone", "nerve", "other"),
)
STARTERS: Mapping[str, tuple[Person, str, tuple[int, ...]]] = {
    "runner, outer knee": (
        Person(age=30, activities=("running",)),
        "knee_lateral",
        (40, 12, 8, 12, 1, 1, 6, 9, 4, 3, 4),
    ),
    "outer hip, 40 to 70": (Person(age=55), "hip_lateral", (1, 0, 0, 10, 45, 15, 17, 0, 3, 3, 6)),
    "outer thigh": (Person(), "thigh_lateral", (4, 0, 0, 20, 18, 12, 20, 0, 7, 12, 7)),
    "outer lower leg": (Person(), "leg_lateral", (2, 0, 2, 13, 2, 2, 35, 8, 10, 14, 12)),
}
_NAMED = {
    "itbs": "itbs",
    "pfp": "pfp",
    "men_lateral": "meniscus",
    **dict.fromkeys(("gtps", "gtps_tear"), "gluteal tendon"),
    **dict.fromkeys(("hip_oa", "fai_labrum"), "hip joint"),
    **dict.fromkeys(("ptfj", "popliteus", "biceps_femoris_tendon", "lcl_plc"), "outer knee"),
    **dict.fromkeys(("cpn", "meralgia", "deep_gluteal"), "nerve"),
}
_FAMILIES = {"mf": "muscle", "rad": "lumbar", "som": "lumbar", "bsi": "bone"}


def group_of(source: str) -> str:
    """Return the column of the starter table a source belongs to."""
    return _NAMED.get(source) or _FAMILIES.get(source.split("_", maxsplit=1)[0], "other")


def shares(person: Person, region: str, table: FieldTable) -> dict[str, float]:
    """Return what one ticked region gives each group, adding up to 1."""
    atlas = load_atlas()
    term = drawing_term(table, draw(atlas, "right", {region: 5.0}))
    found = dict.fromkeys(GROUPS, 0.0)
    for source, chance in believe(compile_model(atlas), person, [], {region: 5.0}, term).probability.items():
        found[group_of(source)] += chance
    total = sum(found.values())
    return {group: chance / total for group, chance in found.items()}


def divergence(trust: float) -> float:
    """Return the summed Kullback-Leibler divergence (nats) of Gerdy's shares from the starter shares."""
    table = build_table(load_atlas(), msgspec.structs.replace(drawing_model(), trust=trust))
    total = 0.0
    for person, region, wanted in STARTERS.values():
        ours = np.array(list(shares(person, region, table).values()))
        told = np.array(wanted) / sum(wanted)
        known = told > 0
        total += float((told[known] * np.log(told[known] / ours[known])).sum())
    return total


if __name__ == "__main__":
    for trust in (1.0, 0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.45, 0.4, 0.3):
        print(f"trust {trust:4.2f}   divergence {divergence(trust):6.3f}")
    shipped = build_table(load_atlas(), drawing_model())
    print(f"\nat {drawing_model().trust:g}: ours / starter, per cent")
    print(" " * 22 + "  ".join(f"{group[:8]:>8s}" for group in GROUPS))
    for name, (person, region, wanted) in STARTERS.items():
        ours = shares(person, region, shipped)
        cells = (f"{100 * ours[group]:3.0f}/{told:3d}" for group, told in zip(GROUPS, wanted, strict=True))
        print(f"{name:22s}" + "  ".join(f"{cell:>8s}" for cell in cells))
