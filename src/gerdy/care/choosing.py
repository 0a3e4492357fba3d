"""Which items together reach the most of what probably hurts, within a person's time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gerdy.atlas import model as m
from gerdy.care.burden import left_after, relief

FEWEST, MOST = 2, 4  # evidence D3: adherence holds with two to four exercises
WORTH_ADDING = 0.02  # share of the burden a third or fourth item must add
_NOTHING = 1e-9


def choose(
    candidates: Iterable[m.Intervention],
    weight: Mapping[str, float],
    minutes: float,
    *,
    fewest: int = FEWEST,
    most: int = MOST,
) -> list[m.Intervention]:
    """Return the items that together reach the most burden, each worth its place, in the minutes there are.

    Exact, by branch and bound: reach is submodular, so what an item adds now bounds what it can add later. Beyond
    ``fewest``, each item must add at least ``WORTH_ADDING`` of the burden; fewer are given only where no more fit.
    """
    best = _Best(min(fewest, most), most, WORTH_ADDING * sum(weight.values()))
    rest = sorted(candidates, key=lambda item: item.id)
    _search((), rest, dict(weight), minutes, 0.0, best)
    return sorted(best.items, key=lambda item: (-relief(item, weight), item.id))


def exclusive(one: m.Intervention, other: m.Intervention) -> bool:
    """Whether two items are the same in another form."""
    return other.id in one.equivalents or one.id in other.equivalents


@dataclass
class _Best:
    """The best set so far; ``value`` is what it reaches less what its items must be worth."""

    fewest: int
    most: int
    price: float
    items: tuple[m.Intervention, ...] = ()
    value: float = 0.0

    def offer(self, items: tuple[m.Intervention, ...], value: float) -> None:
        size, known = min(len(items), self.fewest), min(len(self.items), self.fewest)
        if size > known or (size == known and value > self.value + _NOTHING):
            self.items, self.value = items, value

    def out_of_reach(self, value: float) -> bool:
        return len(self.items) >= self.fewest and value <= self.value + _NOTHING


def _search(
    chosen: tuple[m.Intervention, ...],
    rest: Sequence[m.Intervention],
    left: Mapping[str, float],
    minutes: float,
    value: float,
    best: _Best,
) -> None:
    best.offer(chosen, value)
    room = best.most - len(chosen)
    if room == 0:
        return
    gains = [(relief(item, left), item) for item in rest if item.minutes <= minutes]
    gains = sorted((gain for gain in gains if gain[0] > _NOTHING), key=lambda gain: -gain[0])
    for place, (gain, item) in enumerate(gains):
        if best.out_of_reach(value + sum(max(g - best.price, 0.0) for g, _ in gains[place : place + room])):
            return
        others = [other for _, other in gains[place + 1 :] if not exclusive(item, other)]
        after = left_after([item], left)
        _search((*chosen, item), others, after, minutes - item.minutes, value + gain - best.price, best)
