"""The targets of validation: every one has a source and a fair band, and a value is judged as the band says."""

from __future__ import annotations

import re

import numpy as np
import pytest
from validation_exercises import spearman
from validation_setting import setting
from validation_stance import OVER, STANCES, stance
from validation_targets import Outcome, attempt, document, judge, missing, targets

from gerdy.errors import InputError

FREE = re.compile(r"(derived|assumed): \S")


def test_every_group_of_the_evidence_is_there() -> None:
    groups = {name[:3] if name[2:3].isdigit() else name[:2] for name in targets()}
    assert groups == {f"O{number}" for number in range(1, 13)}


@pytest.mark.parametrize("name", targets())
def test_every_target_names_its_source(name: str) -> None:
    one = targets()[name]
    assert one.grade in set("ABCDE")
    assert one.status in {"seen", "computed"}  # a remembered value decides nothing
    assert one.source
    for source in one.source:
        assert FREE.match(source) or source in document()["sources"], source


def test_every_source_is_used() -> None:
    used = {source for one in targets().values() for source in one.source}
    used |= set(document()["exercise_emg"]["source"])
    assert set(document()["sources"]) <= used


@pytest.mark.parametrize("name", targets())
def test_every_band_is_a_band(name: str) -> None:
    one = targets()[name]
    assert (one.least is None and one.most is None) == (one.unit == "sign")
    if one.least is not None and one.most is not None:
        assert one.least < one.most


def test_moment_arms_are_widened_by_a_fifth_or_five_millimetres() -> None:
    far, near = targets()["O2 glmax3 flex_neutral"], targets()["O2 glmax2 abd_neutral"]
    assert (far.least, far.most) == pytest.approx((-90.0, -58.0))  # 20 % of 75
    assert (near.least, near.most) == pytest.approx((3.0, 16.0))  # 5 mm


def test_paths_are_widened_by_a_quarter_or_two_millimetres() -> None:
    far, near, turned = (targets()[f"O3 {name}"] for name in ("ober", "add5", "ir10"))
    assert (far.least, far.most) == pytest.approx((32.7 - 8.175, 42.4 + 10.6))
    assert (near.least, near.most) == pytest.approx((2.1, 6.7))
    assert (turned.least, turned.most) == (-2.0, 2.0)


@pytest.mark.parametrize(
    ("name", "ours", "passed", "flag"),
    [
        ("O4b", 235.0, True, False),
        ("O4b", 300.0, True, True),
        ("O4b", 360.0, False, False),
        ("O4b", 150.0, False, False),
        ("O5b", 50.0, True, False),
        ("O5b", 49.9, False, False),
        ("O12c2", -1.0, True, False),
        ("O12c2", 0.0, False, False),
        ("O9a", True, True, False),
        ("O9a", False, False, False),
        ("O9a", None, False, False),
        ("O1a1", float("nan"), False, False),
    ],
)
def test_values_are_judged(name: str, ours: float | bool | None, passed: bool, flag: bool) -> None:
    found = judge(name, ours, "why")
    assert (found.passed, found.flag, found.reason) == (passed, flag, "why")


def test_a_refusal_fails_every_target_and_says_why() -> None:
    def refuse() -> list[Outcome]:
        raise InputError("no such muscle")

    assert [(one.passed, one.reason) for one in attempt(["O5a", "O5b"], refuse)] == [
        (False, "refused: no such muscle")
    ] * 2


def test_a_target_left_out_is_not_hidden() -> None:
    found = attempt(["O5a", "O5b"], lambda: [judge("O5a", 70.0)])
    assert [(one.target.id, one.passed, one.reason) for one in found] == [
        ("O5a", True, ""),
        ("O5b", False, "not computed"),
    ]


def test_records_are_flat() -> None:
    record = missing(["O4a"], "none")[0].record()
    assert record["id"] == "O4a"
    assert record["ours"] is None
    assert record["reason"] == "none"


@pytest.mark.slow
@pytest.mark.parametrize(("drop", "lean"), list(STANCES.values()))
def test_a_stance_is_what_it_says(drop: float, lean: float) -> None:
    place = setting(None, None)
    q = stance(place, drop, lean)
    where = place.placed(q)
    foot, pelvis, trunk = (where[name].rotation for name in ("calcn_r", "pelvis", "torso"))
    off = place.centre_of_mass(where) - where["calcn_r"].point((0.0, 0.0, 0.0))
    assert foot[:, 1] == pytest.approx([0.0, 1.0, 0.0], abs=1e-6)
    assert (off @ foot)[[0, 2]] == pytest.approx(OVER, abs=1e-6)
    assert np.degrees(np.arcsin(-pelvis[1, 2])) == pytest.approx(
        -drop, abs=0.1
    )  # the right hip stands higher
    assert np.degrees(np.arctan2(trunk[2, 1], trunk[1, 1])) == pytest.approx(lean, abs=0.5)


def test_ranks_are_correlated() -> None:
    assert spearman([1.0, 2.0, 30.0], [5.0, 6.0, 7.0]) == pytest.approx(1.0)
    assert spearman([3.0, 2.0, 1.0], [5.0, 6.0, 70.0]) == pytest.approx(-1.0)
    assert spearman([1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 40.0, 30.0]) == pytest.approx(0.8)
