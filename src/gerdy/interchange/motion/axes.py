"""Axes with round numbers: ticks, the place of a value, and numbers as a reader expects them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """A straight line from values to SVG units."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value stands."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most ``most`` + 1 round numbers that enclose a range."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return [0.0, 1.0]
    if high - low < 1e-9 * max(1.0, abs(low), abs(high)):
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    for step in (multiple * power for multiple in (*_STEPS, 20.0, 25.0)):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= most:
            return [round(index * step, 10) for index in range(first, last + 1)]
    return [low, high]


def within(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers inside a range, for an axis that ends where the data end."""
    return [tick for tick in ticks(low, high, most) if low - 1e-9 <= tick <= high + 1e-9]


def reach(rows: Iterable[Sequence[float]]) -> tuple[float, float] | None:
    """Return the least and the largest finite value; None if there is none."""
    found = [value for row in rows for value in row if math.isfinite(value)]
    return (min(found), max(found)) if found else None


def number(value: float, digits: int = 1) -> str:
    """Return a number with a true minus and commas between thousands; a dash where there is none."""
    if not math.isfinite(value):
        return "–"
    text = f"{abs(value):,.{digits}f}"
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def tick_words(values: Sequence[float]) -> list[str]:
    """Return tick labels with as many decimals as their step needs."""
    step = min((b - a for a, b in pairwise(values)), default=1.0)
    digits = next((n for n in range(6) if abs(step - round(step, n)) < 1e-9 * max(1.0, step)), 6)
    return [number(value, digits) for value in values]


def digits_for(size: float) -> int:
    """Return how many decimals suit values of a size: three figures, at most three decimals."""
    if not math.isfinite(size) or size <= 0:
        return 1
    return min(3, max(0, 1 - math.floor(math.log10(size)))) if size < 10 else (1 if size < 100 else 0)


def fixed(value: float) -> str:
    """Return an SVG coordinate."""
    text = f"{value:.1f}"
    return text.removesuffix(".0").replace("-0", "0") if text in ("-0.0", "0.0") else text.removesuffix(".0")
