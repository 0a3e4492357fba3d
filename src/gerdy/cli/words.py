"""How numbers, names and levels of concern are put into words in the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rich.text import Text

from gerdy.atlas.model import Concern, Who

LEVELS: Mapping[Concern, tuple[str, str]] = {
    Concern.EMERGENCY: ("EMERGENCY: be seen today", "bold white on red"),
    Concern.URGENT: ("URGENT: be seen within days, two weeks at most", "bold black on yellow"),
    Concern.ROUTINE: ("Book an ordinary appointment as well", "bold cyan"),
    Concern.NONE: ("No warning sign in what was told", "green"),
}
WHO: Mapping[Who, str] = {
    Who.PERSON: "by yourself",
    Who.HELPER: "with somebody's eyes or hands, or a phone",
    Who.CLINICIAN: "with a clinician",
    Who.INSTRUMENT: "in a clinic with equipment",
}
INFORMS = "Gerdy informs and documents; it does not diagnose."

_BAR = 24


def percent(chance: float) -> str:
    """Return a chance in percent, never rounded to certainty."""
    if chance < 0.01:
        return "<1 %"
    return ">99 %" if chance > 0.99 else f"{100 * chance:.0f} %"


def interval(low: float, high: float) -> str:
    """Return an interval in percent."""
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def times(log_odds: float) -> str:
    """Return how many times evidence multiplies the odds."""
    ratio = math.exp(log_odds)
    return f"×{ratio:.2g}" if ratio < 99.5 else f"×{ratio:.0f}"


def bar(chance: float, low: float, high: float, *, plain: bool = False) -> Text:
    """Return a line from 0 to 1 with an interval and a point on it."""
    empty, span, point = ("-", "=", "O") if plain else ("·", "━", "●")
    first, last = int(low * _BAR), max(math.ceil(high * _BAR) - 1, int(low * _BAR))
    here = min(int(chance * _BAR), _BAR - 1)
    drawn = Text()
    for place in range(_BAR):
        if place == here:
            drawn.append(point, style="bold cyan")
        elif first <= place <= last:
            drawn.append(span, style="cyan")
        else:
            drawn.append(empty, style="dim")
    return drawn


def duration(seconds: float) -> str:
    """Return a time in words."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"
