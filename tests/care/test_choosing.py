"""The items chosen reach the most, within the rules."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import pytest
from care.answers import item
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas.model import Intervention
from gerdy.care.burden import left_after, reach, relief
from gerdy.care.choosing import FEWEST, MOST, WORTH_ADDING, choose, exclusive

NAMES = "abcdef"


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Intervention], dict[str, float], float]:
    """Up to nine candidates over six targets, some the same in another form, and the minutes there are."""
    shares = st.dictionaries(st.sampled_from(NAMES), st.floats(0.02, 0.9), min_size=1, max_size=4)
    candidates = [
        item(
            f"item{k}",
            draw(shares),
            minutes=draw(st.sampled_from([0.0, 3.0, 5.0, 8.0, 12.0])),
            equivalents=[f"item{draw(st.integers(0, 8))}"] if draw(st.booleans()) else [],
        )
        for k in range(draw(st.integers(0, 9)))
    ]
    weight = draw(st.fixed_dictionaries({name: st.floats(0, 1) for name in NAMES}))
    return candidates, weight, draw(st.sampled_from([0.0, 5.0, 10.0, 20.0, 60.0]))


def fits(items: Sequence[Intervention], minutes: float) -> bool:
    pairs = itertools.combinations(items, 2)
    return sum(i.minutes for i in items) <= minutes and not any(exclusive(a, b) for a, b in pairs)


def worth(items: Sequence[Intervention], weight: Mapping[str, float]) -> float:
    """What a set reaches, less the price of each place beyond the fewest."""
    price = WORTH_ADDING * sum(weight.values())
    return reach(items, weight) - price * max(len(items) - FEWEST, 0)


def greedy(
    candidates: Sequence[Intervention], weight: Mapping[str, float], minutes: float
) -> list[Intervention]:
    chosen: list[Intervention] = []
    while len(chosen) < MOST:
        more = [[*chosen, i] for i in candidates if i not in chosen and fits([*chosen, i], minutes)]
        best = max(more, key=lambda items: worth(items, weight), default=chosen)
        if worth(best, weight) <= worth(chosen, weight):
            break
        chosen = best
    return chosen


@given(problems())
def test_the_choice_is_the_best_there_is(problem: tuple[list[Intervention], dict[str, float], float]) -> None:
    candidates, weight, minutes = problem
    chosen = choose(candidates, weight, minutes)
    sets = itertools.chain.from_iterable(itertools.combinations(candidates, k) for k in range(MOST + 1))
    best = max(worth(items, weight) for items in sets if fits(items, minutes))
    assert worth(chosen, weight) == pytest.approx(best, abs=1e-7)
    assert worth(chosen, weight) >= worth(greedy(candidates, weight, minutes), weight) - 1e-7
    assert worth(chosen, weight) >= (1 - 1 / math.e) * best - 1e-7


@given(problems())
def test_the_choice_keeps_the_rules(problem: tuple[list[Intervention], dict[str, float], float]) -> None:
    candidates, weight, minutes = problem
    chosen = choose(candidates, weight, minutes)
    assert len(chosen) <= MOST
    assert len({i.id for i in chosen}) == len(chosen)
    assert fits(chosen, minutes)
    assert choose(list(reversed(candidates)), weight, minutes) == chosen


@given(problems())
def test_each_place_is_earned(problem: tuple[list[Intervention], dict[str, float], float]) -> None:
    candidates, weight, minutes = problem
    chosen = choose(candidates, weight, minutes)
    for one in chosen if len(chosen) > FEWEST else []:
        others = [i for i in chosen if i is not one]
        gain = reach(chosen, weight) - reach(others, weight)
        assert gain >= WORTH_ADDING * sum(weight.values()) - 1e-6


def test_a_strong_item_is_not_given_up_for_two_weak_ones() -> None:
    strong = item("strong", {"a": 0.5}, minutes=12.0)
    weak = [item("weak1", {"a": 0.05}, minutes=10.0), item("weak2", {"a": 0.05}, minutes=10.0)]
    assert [i.id for i in choose([strong, *weak], {"a": 1.0}, 20.0)] == ["strong"]


def test_what_is_the_same_in_another_form_is_not_chosen_twice() -> None:
    one, two = item("one", {"a": 0.5}), item("two", {"b": 0.5}, equivalents=["one"])
    assert exclusive(one, two)
    assert exclusive(two, one)
    assert len(choose([one, two], {"a": 1.0, "b": 1.0}, 20.0)) == 1


@given(problems(), st.data())
def test_reach_is_monotone_and_submodular(
    problem: tuple[list[Intervention], dict[str, float], float], data: st.DataObject
) -> None:
    candidates, weight, _ = problem
    if len(candidates) < 2:
        return
    large = data.draw(st.lists(st.sampled_from(candidates[1:]), unique_by=lambda i: i.id))
    small = [i for i in large if data.draw(st.booleans())]
    new = candidates[0]
    gains = [reach([*items, new], weight) - reach(items, weight) for items in (small, large)]
    assert gains[1] >= -1e-9
    assert gains[0] >= gains[1] - 1e-9
    assert relief(new, left_after(large, weight)) == pytest.approx(gains[1], abs=1e-9)
    assert 0 <= reach(large, weight) <= sum(weight.values()) + 1e-9
