"""Intervals: they hold the point, repeat themselves, and are the wider the worse the numbers."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from reasoning.cases import EXAMPLES, believed, model

from gerdy.api import assess, beliefs, load_case
from gerdy.atlas import load_atlas
from gerdy.reasoning.model import Model
from gerdy.reasoning.network import Floats
from gerdy.reasoning.state import Beliefs
from gerdy.reasoning.uncertainty import intervals

ATLAS = load_atlas()
FILES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))


def _known(name: str) -> Beliefs:
    return beliefs(load_case(EXAMPLES / f"{name}.yaml"))


def _intervals(known: Beliefs, compiled: Model | None = None) -> tuple[Floats, Floats]:
    few = known.sets.heaviest(0.995, 400)
    return few.posterior, intervals(compiled or known.model, known.network, known.evidence, few)


def _worth(people: float, prior_spread: float = 0.1) -> Model:
    """The model with every number worth as many people."""
    return dataclasses.replace(
        model(),
        size=np.full_like(model().size, people),
        leak_size=np.full_like(model().leak_size, people),
        prior_spread=np.full_like(model().prior_spread, prior_spread),
    )


def _log_odds_width(limits: Floats) -> Floats:
    inside = np.clip(limits, 1e-6, 1 - 1e-6)
    return np.asarray(np.diff(np.log(inside) - np.log1p(-inside), axis=1)[:, 0])


@pytest.mark.parametrize("name", FILES)
def test_the_interval_holds_the_point(name: str) -> None:
    point, limits = _intervals(_known(name))
    told = point > 0.02  # what a person would look at; below, rounding of a quantile shows
    assert np.all(limits[told, 0] <= point[told] + 0.02)
    assert np.all(limits[told, 1] >= point[told] - 0.02)
    assert np.all((limits >= 0) & (limits <= 1))
    assert np.all(limits[:, 0] <= limits[:, 1])
    for source in assess(load_case(EXAMPLES / f"{name}.yaml")).sources:
        low, high = source.interval
        assert 0 <= low <= source.probability <= high <= 1


def test_the_same_case_gets_the_same_interval() -> None:
    known = _known("runner_outer_knee")
    first, second = (_intervals(known)[1] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, _intervals(_known("runner_outer_knee"))[1])


@pytest.mark.parametrize("name", FILES)
def test_worse_grades_make_wider_intervals(name: str) -> None:
    """Numbers worth 400, 30 and 6 people: grade A, C and E. On the scale of log-odds, where 1 is no wall."""
    known = _known(name)
    told = known.sets.heaviest(0.995, 400).posterior > 0.02
    sizes = [ATLAS.constants[f"sample_size_{grade}"].value for grade in "ace"]
    widths = [_log_odds_width(_intervals(known, _worth(size))[1][told]) for size in sizes]
    for better, worse in pairwise(widths):
        assert worse.mean() > better.mean()
    assert widths[2].mean() > 1.15 * widths[0].mean()


def test_grades_are_worth_the_fewer_people_the_worse_they_are() -> None:
    worth = [ATLAS.constants[f"sample_size_{grade}"].value for grade in "abcde"]
    assert worth == sorted(worth, reverse=True)
    assert len(set(worth)) == len(worth)


def test_an_unsure_prior_alone_widens_the_interval() -> None:
    known = believed(pain={"thigh_lateral": 6.0})
    narrow, wide = (
        np.diff(_intervals(known, _worth(400, spread))[1], axis=1).sum() for spread in (0.05, 0.8)
    )
    assert wide > narrow


def test_numbers_that_are_certain_leave_no_interval() -> None:
    """No drawing and numbers worth a million people: nothing moves."""
    known = believed({"worse_downhill": "positive", "noble_compression": "positive"})
    point, limits = _intervals(known, _worth(1e6, 0.0))
    assert np.abs(limits - point[:, None]).max() < 0.01
