"""Numbers, dates and lists as a reader expects them."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence

# A likelihood ratio from 5 is a strong shift and from 2 a noticeable one, as test accuracy is usually read.
_STRONG, _SOME = math.log(5), math.log(2)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FACTS = {
    "age": "age",
    "sex": "sex",
    "activities": "activities",
    "bmi": "height and mass",
    "height_cm": "height",
    "mass_kg": "mass",
}


def in_hundred(probability: float) -> str:
    """Return a probability in 100: "60", "0.4", "under 0.1"."""
    value = 100 * probability
    if value < 0.1:
        return "under 0.1"
    if value > 99:
        return "over 99"
    return f"{value:.1f}" if value < 0.95 else f"{value:.0f}"


def percent(share: float) -> str:
    """Return a share as a whole percentage, never rounding something to nothing."""
    value = 100 * share
    if value <= 0:
        return "0 %"
    return "under 1 %" if value < 0.5 else f"{value:.0f} %"


def weight_words(log_odds: float) -> str:
    """Return how much one piece of evidence weighs: strongly, somewhat or slightly."""
    size = abs(log_odds)
    if size >= _STRONG:
        return "strongly"
    return "somewhat" if size >= _SOME else "slightly"


def signed(log_odds: float) -> str:
    """Return a log-odds with its sign, e.g. "+1.34" or "−0.20"."""
    text = f"{abs(log_odds):.2f}"
    if text == "0.00":
        return "0.00"
    return f"{'+' if log_odds > 0 else '−'}{text}"


def bound_words(mass: float) -> str:
    """Return a small probability mass as a round upper bound."""
    for parts in (1_000_000, 100_000, 10_000, 1_000, 100):
        if mass <= 1 / parts:
            return f"at most 1 in {parts:,}"
    return f"at most {math.ceil(100 * mass)} in 100"


def duration(seconds: float) -> str:
    """Return how long something takes, roughly."""
    if seconds < 45:
        return "under a minute"
    minutes = max(1, round(seconds / 60))
    return "about a minute" if minutes == 1 else f"about {minutes} minutes"


def minutes_words(minutes: float) -> str:
    """Return minutes of a session, e.g. "10 min"; empty for none."""
    return f"{minutes:g} min" if minutes > 0 else ""


def joined(words: Sequence[str], last: str = "and") -> str:
    """Return a list in words: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def day(date: datetime.date) -> str:
    """Return a date in words, e.g. "2 June 2025", whatever the machine's language."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def iso_day(text: str) -> str:
    """Return an ISO date in words; any other text as it stands."""
    try:
        return day(datetime.date.fromisoformat(text))
    except ValueError:
        return text


def since_words(since: str | None) -> str:
    """Return when a pain began: "for 6 weeks", "since May 2024"; empty when not known."""
    if not since:
        return ""
    if match := re.fullmatch(r"(\d{4})-(\d{2})", since):
        month = int(match[2])
        return f"since {_MONTHS[month - 1]} {match[1]}" if 1 <= month <= 12 else f"since {since}"
    if re.match(r"\d{4}(-|$)", since):
        return f"since {iso_day(since)}"
    return f"for {since}"


def spaced(name: str) -> str:
    """Return an id as words."""
    return name.replace("_", " ")


def fact_words(name: str) -> str | None:
    """Return what a fact about the person is called; None for any other id."""
    return _FACTS.get(name)


def sentence(text: str) -> str:
    """Return a clause as a sentence of its own."""
    text = capital(text.strip())
    return text if text.endswith((".", "?", ":", "”")) or not text else f"{text}."


def capital(text: str) -> str:
    """Return a text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]
