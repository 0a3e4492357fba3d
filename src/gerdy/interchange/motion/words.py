"""Small words that several parts of the page share."""

from __future__ import annotations

from gerdy.interchange.motion.axes import number

SIDE = {"right": "Right", "left": "Left", "r": "Right", "l": "Left"}
MOVEMENTS = {
    "standing": "Standing",
    "squat": "Squat on both legs",
    "single_leg_stance": "Standing on one leg",
    "single_leg_squat": "Squat on one leg",
    "walking": "Walking",
    "running": "Running",
    "landing": "Landing",
    "unknown": "Movement not recognised",
    "": "Movement not recognised",
}


def movement_words(kind: str) -> str:
    """Return what a kind of movement is called."""
    return MOVEMENTS.get(kind, kind[:1].upper() + kind[1:].replace("_", " "))


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{number(count, 0)} {one if count == 1 else many or one + 's'}"


def share(value: float) -> str:
    """Return a share as a percentage that never rounds something to nothing."""
    percent = 100 * value
    if 0 < percent < 0.5:
        return "under 1\u00a0%"
    return f"{number(percent, 0)}\u00a0%"
