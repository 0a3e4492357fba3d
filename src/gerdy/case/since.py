"""When a pain began: a date of any precision, or a duration."""

from __future__ import annotations

import datetime
import re

from gerdy.case.problems import RefusedError, shown

_DURATION = re.compile(r"([0-9]{1,4}) ?(day|week|month|year)s?(?: ago)?", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25}
_FIRST_YEAR = 1900


def read_date(raw: object) -> datetime.date:
    """Return a calendar date.

    Raises
    ------
    RefusedError
        If it is not written YYYY-MM-DD, or no such day exists.
    """
    try:
        date = datetime.date.fromisoformat(str(raw).strip())
    except ValueError as error:
        raise RefusedError(f"must be a date written YYYY-MM-DD; got {shown(raw)}.") from error
    if date.year < _FIRST_YEAR:
        raise RefusedError(f"must be a date after {_FIRST_YEAR}; got {shown(raw)}.")
    return date


def read_since(raw: object) -> str:
    """Return the beginning of a pain in standard wording: "2024", "2024-05", "2024-05-01" or "6 weeks".

    Raises
    ------
    RefusedError
        If it is neither a date nor a duration.
    """
    text = str(raw).strip()
    if match := _DURATION.fullmatch(text):
        count, unit = int(match[1]), match[2].lower()
        return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    if _DATE.fullmatch(text):
        _first_day(text)
        return text
    raise RefusedError(f"must be a date (2024-05 or 2024-05-17) or a duration (6 weeks); got {shown(raw)}.")


def days_since(since: str, today: datetime.date) -> float:
    """Return the days from ``since`` to ``today``; negative where it lies in the future.

    A date without day or month counts from its first day. ``since`` must come from ``read_since``.
    """
    if match := _DURATION.fullmatch(since):
        return int(match[1]) * _DAYS[match[2].lower()]
    return float((today - _first_day(since)).days)


def _first_day(text: str) -> datetime.date:
    year, *rest = text.split("-")
    return read_date("-".join([year, *rest, *["01"] * (2 - len(rest))]))
