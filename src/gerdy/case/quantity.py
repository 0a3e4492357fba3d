"""Numbers with an optional unit: 24, "24", "24 deg"."""

from __future__ import annotations

import re

from gerdy.case.problems import RefusedError, shown
from gerdy.case.scalars import finite

_QUANTITY = re.compile(r"\s*([-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)\s*(\D.*)?", re.DOTALL)
# Spellings of one unit, never conversions: a number in another unit is refused rather than guessed at.
_SPELLINGS = {
    "deg": ("°", "degree", "degrees"),
    "degc": ("°c", "celsius", "c"),
    "s": ("sec", "secs", "second", "seconds"),
    "min": ("mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "d": ("day", "days"),
    "wk": ("week", "weeks"),
    "%": ("percent", "per cent", "pct"),
    "cm": ("centimetre", "centimetres", "centimeter", "centimeters"),
    "mm": ("millimetre", "millimetres", "millimeter", "millimeters"),
    "m": ("metre", "metres", "meter", "meters"),
    "km": ("kilometre", "kilometres", "kilometer", "kilometers"),
    "kg": ("kilo", "kilos", "kilogram", "kilograms"),
    "N": ("newton", "newtons"),
    "years": ("y", "yr", "yrs", "year"),
}
_STANDARD = {word: unit for unit, words in _SPELLINGS.items() for word in (unit.lower(), *words)}


def read_number(raw: object, unit: str = "") -> float:
    """Return a number in ``unit``.

    Raises
    ------
    RefusedError
        If it is no number, not finite, or given in another unit.
    """
    wanted = f"a number in {unit}" if unit else "a number"
    if isinstance(raw, bool) or raw is None:
        raise RefusedError(f"must be {wanted}; got {shown(raw)}.")
    if isinstance(raw, int | float):
        try:
            return finite(float(raw), str(raw))
        except OverflowError as error:
            raise RefusedError(f"must be {wanted}; got one with hundreds of digits.") from error
    match = _QUANTITY.fullmatch(str(raw))
    if match is None:
        raise RefusedError(f"must be {wanted}; got {shown(raw)}.")
    given = (match[2] or "").strip()
    if given and _standard(given) != _standard(unit):
        rule = f"is given in {unit}" if unit else "is a number without unit"
        raise RefusedError(
            f"{rule}; got {shown(raw)}; write the number{f' in {unit}' if unit else ' alone'}."
        )
    return finite(float(match[1]), match[1])


def read_within(raw: object, low: float, high: float, unit: str = "") -> float:
    """Return a number in ``unit`` between ``low`` and ``high``, both allowed.

    Raises
    ------
    RefusedError
        As for ``read_number``, and outside the range.
    """
    number = read_number(raw, unit)
    if not low <= number <= high:
        raise RefusedError(f"must be {low:g} to {high:g}{f' {unit}' if unit else ''}; got {shown(raw)}.")
    return number


def tidy(number: float) -> int | float:
    """Return the number as a person would write it: whole numbers without a decimal point."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _standard(unit: str) -> str:
    return _STANDARD.get(unit.lower().strip(), unit.lower().strip())
