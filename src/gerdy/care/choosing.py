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
    """Return the items that together reach the most burden in the minutes there are.

    Exact, by branch and bound: reach is submodular, so what an item adds now bounds what it can add later. Beyond
    ``fewest``, an item must be worth its place: it adds at least ``WORTH_ADDING`` of the burden.
    """
    best = _Best(fewest, most, WORTH_ADDING * sum(weight.values()))
    candidates = sorted(candidates, key=lambda item: item.id)
    named = {name for item in candidates for name in item.targets}
    _search((), candidates, {name: weight[name] for name in named & weight.keys()}, minutes, 0.0, best)
    return sorted(best.items, key=lambda item: (-relief(item, weight), item.id))


def exclusive(one: m.Intervention, other: m.Intervention) -> bool:
    """Whether two items are the same in another form."""
    return other.id in one.equivalents or one.id in other.equivalents


@dataclass
class _Best:
    """The best set so far; ``value`` is what it reaches, less the price of its places beyond the fewest."""

    fewest: int
    most: int
    price: float
    items: tuple[m.Intervention, ...] = ()
    value: float = 0.0

    def prices(self, taken: int) -> list[float]:
        """Return the price of each place that is left."""
        return [0.0 if place < self.fewest else self.price for place in range(taken, self.most)]


def _search(
    chosen: tuple[m.Intervention, ...],
    rest: Sequence[m.Intervention],
    left: Mapping[str, float],
    minutes: float,
    value: float,
    best: _Best,
) -> None:
    if value > best.value + _NOTHING:
        best.items, best.value = chosen, value
    prices = best.prices(len(chosen))
    if not prices:
        return
    gains = [(relief(item, left), item) for item in rest if item.minutes <= minutes]
    gains = sorted((gain for gain in gains if gain[0] > _NOTHING), key=lambda gain: -gain[0])
    for place, (gain, item) in enumerate(gains):
        at_best = zip(gains[place:], prices, strict=False)
        if value + sum(max(g - price, 0.0) for (g, _), price in at_best) <= best.value + _NOTHING:
            return
        others = [other for _, other in gains[place + 1 :] if not exclusive(item, other)]
        after = left_after([item], left)
        _search((*chosen, item), others, after, minutes - item.minutes, value + gain - prices[0], best)
