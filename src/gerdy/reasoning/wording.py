"""Numbers and answers in words a person reads without a calculator."""

from __future__ import annotations

from gerdy.atlas import model as m


def chance_words(probability: float) -> str:
    """Return a probability as a natural frequency, e.g. "about 6 in 10" or "fewer than 1 in 100"."""
    if probability < 0.01:
        return "fewer than 1 in 100"
    if probability < 0.095:
        return f"about {round(100 * probability)} in 100"
    if probability > 0.95:
        return "more than 19 in 20"
    return f"about {min(max(round(10 * probability), 1), 9)} in 10"


def value_words(finding: m.Finding, value: str | float) -> str:
    """Return an answer in words: yes, no, not known, a level's name, or a number with its unit."""
    if isinstance(value, float | int):
        unit = finding.measured.unit if finding.measured else ""
        return f"{value:g} {unit}".strip()
    for level in finding.levels:
        if level.id == value:
            return level.name
    return {"positive": "yes", "negative": "no", "unknown": "not known"}.get(value, value)
