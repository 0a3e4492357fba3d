"""Collect everything wrong with one case, so that a person can mend the file in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gerdy.errors import CaseError, UnknownIdError

# A file with this many slips is usually the wrong file; going on would only cost time.
MOST_REPORTED = 20


class RefusedError(ValueError):
    """A single value breaks a rule; the message holds rule, value and remedy, the catcher knows the place."""


@dataclass(frozen=True)
class _Problem:
    message: str
    line: int | None
    field: str | None


class Problems:
    """The problems found so far in one case; ``file`` is named in the final message."""

    def __init__(self, file: str | None = None) -> None:
        self.file = file
        self._found: list[_Problem] = []

    def add(self, message: str, *, line: int | None = None, field: str | None = None) -> None:
        """Note a problem.

        Raises
        ------
        CaseError
            With all problems so far, once there are too many to be useful.
        """
        self._found.append(_Problem(message, line, field))
        if len(self._found) >= MOST_REPORTED:
            self._found.append(_Problem("too many problems; the rest was not read.", None, None))
            self.check()

    @property
    def any(self) -> bool:
        """Whether anything was noted."""
        return bool(self._found)

    def check(self) -> None:
        """Raise what was noted, if anything.

        Raises
        ------
        CaseError
            ``file``, ``line`` and ``field`` are the first problem's; each further one has its own line.
        """
        if not self._found:
            return
        first, *others = self._found
        lines = [first.message]
        lines += [str(CaseError(p.message, file=self.file, line=p.line, field=p.field)) for p in others]
        raise CaseError("\n".join(lines), file=self.file, line=first.line, field=first.field)


def shown(value: object, limit: int = 60) -> str:
    """Return a value as it is quoted in a message: on one line and never longer than ``limit`` characters."""
    text = " ".join(str(value).split())
    return f"'{text[: limit - 3]}...'" if len(text) > limit else f"'{text}'"


def nearest(given: str, known: Iterable[str]) -> str:
    """Return the question "Did you mean ...?" with the nearest known words, or nothing where none is near."""
    suggestions = UnknownIdError("", given[:100], known).suggestions
    return f"Did you mean {' or '.join(suggestions)}?" if suggestions else ""
