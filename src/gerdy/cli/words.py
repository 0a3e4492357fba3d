"""How numbers, names and levels of concern are put into words in the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rich.text import Text

from gerdy.atlas import Atlas
from gerdy.atlas.model import Concern, Entry, Who

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

_STRONG, _CLEAR = math.log(5), math.log(2)
_BAR = 24


@dataclass(frozen=True)
class Voice:
    """Plain words for a person, or clinical terms and numbers for a clinician."""

    atlas: Atlas
    clinical: bool = False

    def name(self, entry: Entry) -> str:
        """Return the name of an entry."""
        return entry.clinical if self.clinical else entry.name

    def of(self, name: str, *, otherwise: str = "") -> str:
        """Return the name of the entry with this id; ``otherwise``, or the id, where there is none."""
        found = self.atlas.names.get(name)
        return self.name(found[1]) if found is not None else otherwise or name


def percent(chance: float) -> str:
    """Return a chance in percent, never rounded to certainty."""
    if chance < 0.01:
        return "<1 %"
    return ">99 %" if chance > 0.99 else f"{100 * chance:.0f} %"


def interval(low: float, high: float) -> str:
    """Return an interval in percent."""
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def strength(log_odds: float) -> str:
    """Return in a word how far evidence moves the odds."""
    size = abs(log_odds)
    return "strongly" if size >= _STRONG else "clearly" if size >= _CLEAR else "a little"


def factor(log_odds: float) -> str:
    """Return how many times evidence multiplies the odds."""
    times = math.exp(log_odds)
    return f"×{times:.2g}" if times < 99.5 else f"×{times:.0f}"


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
