"""What an answer to one finding means."""

from __future__ import annotations

from gerdy.atlas import normal_form
from gerdy.atlas.model import Finding, Number
from gerdy.case.model import Answer, Value
from gerdy.case.problems import RefusedError, shown
from gerdy.case.quantity import read_number

WORDS: dict[str, Answer] = {
    **dict.fromkeys(("positive", "pos", "yes", "y", "true", "+", "present"), Answer.POSITIVE),
    **dict.fromkeys(("negative", "neg", "no", "n", "false", "-", "absent"), Answer.NEGATIVE),
    **dict.fromkeys(
        ("unknown", "?", "don't know", "dont know", "do not know", "unsure", "not sure"), Answer.UNKNOWN
    ),
    **dict.fromkeys(("not known", "not tested", "not done", "null", "~"), Answer.UNKNOWN),
}
_BY_FORM = {normal_form(word) or word: answer for word, answer in WORDS.items()}


def read_value(finding: Finding, raw: object) -> Value:
    """Return what an answer to ``finding`` means: an ``Answer``, a level id, or a number in its unit.

    Raises
    ------
    RefusedError
        If the finding cannot have this value; says what it can have.
    """
    if isinstance(raw, bool):
        return Answer.POSITIVE if raw else Answer.NEGATIVE
    if raw is None:
        return Answer.UNKNOWN
    word = str(raw).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()
    # Levels come first: a grade may be called "absent".
    if level := _level(finding, word):
        return level
    if answer := _BY_FORM.get(normal_form(word) or word):
        return answer
    if finding.measured is None:
        raise RefusedError(f"must be {choices(finding)}; got {shown(raw)}.")
    try:
        number = read_number(raw, finding.measured.unit)
    except RefusedError as error:
        raise RefusedError(f"{error} Or write positive, negative or unknown.") from error
    low, high = finding.measured.plausible
    if not low <= number <= high:
        span = f"{low:g} to {high:g} {finding.measured.unit}"
        raise RefusedError(f"cannot be {number:g}: people have {span}; check the unit and the typing.")
    return number


def choices(finding: Finding) -> str:
    """Return in words what an answer to the finding can be."""
    words = "positive, negative or unknown"
    if finding.levels:
        return f"one of {', '.join(level.id for level in finding.levels)}, or {words}"
    if finding.measured is not None:
        return f"a number in {finding.measured.unit}, or {words}"
    return words


def is_positive(finding: Finding, value: Value) -> bool | None:
    """Return whether a value speaks for the state the finding observes; None for unknown."""
    if isinstance(value, Answer):
        return None if value is Answer.UNKNOWN else value is Answer.POSITIVE
    if isinstance(value, str):
        return value in abnormal_levels(finding)
    if finding.measured is None:
        return None
    beyond = (
        finding.measured.cutoff - value
        if finding.measured.positive_below
        else value - finding.measured.cutoff
    )
    return beyond > 0


def abnormal_levels(finding: Finding) -> tuple[str, ...]:
    """Return the ids of the levels that are likelier when the observed state is on: what "positive" means."""
    return tuple(level.id for level in finding.levels if _plain(level.on) > _plain(level.off))


def _plain(number: float | Number) -> float:
    return number.value if isinstance(number, Number) else number


def _level(finding: Finding, word: str) -> str | None:
    form = normal_form(word)
    for level in finding.levels:
        if form in {normal_form(name) for name in (level.id, level.name, *level.synonyms)}:
            return level.id
    return None
