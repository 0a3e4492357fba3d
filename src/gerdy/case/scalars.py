"""What a single plain word of a case file means, by the core rules of YAML 1.2.

YAML 1.1 reads ``no`` as false, ``12:30`` as 750 and ``1_000`` as 1000; health data must not. Here such words
stay words, and whoever asked the question decides what they mean.
"""

from __future__ import annotations

import math
import re

from gerdy.case.problems import RefusedError, shown

Raw = str | int | float | bool | None

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_NOT_FINITE = re.compile(r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN")
_WORDS: dict[str, Raw] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
MOST_DIGITS = 18


def resolve(text: str) -> Raw:
    """Return the meaning of a plain scalar: nothing, true or false, a number, or the text itself.

    Raises
    ------
    RefusedError
        For a number that is not finite, or has more digits than a measurement can have.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not text[0].isascii() or text[0] not in "+-.0123456789":
        return text
    if _NOT_FINITE.fullmatch(text):
        raise RefusedError(f"{text} is not a number anything can be measured as; write a finite number.")
    for pattern, base in ((_INTEGER, 10), (_OCTAL, 8), (_HEX, 16)):
        if pattern.fullmatch(text):
            if len(text) > MOST_DIGITS:
                raise RefusedError(
                    f"the number {shown(text, 30)} has {len(text)} digits; {MOST_DIGITS} is the most."
                )
            return int(text if base == 10 else text[2:], base)
    if _FLOAT.fullmatch(text):
        return finite(float(text), text)
    return text


def finite(number: float, text: str) -> float:
    """Return the number.

    Raises
    ------
    RefusedError
        If it is infinite or not a number.
    """
    if not math.isfinite(number):
        raise RefusedError(f"the number {shown(text, 30)} is not finite; write an ordinary number.")
    return number
