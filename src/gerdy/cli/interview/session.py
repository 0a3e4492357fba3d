"""What an interview keeps: the case, on disk after every answer, and the way back."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from gerdy import api
from gerdy.atlas import Atlas
from gerdy.atlas.model import Finding, Who
from gerdy.case import Case, save_case
from gerdy.cli.interview.replies import UNKNOWN
from gerdy.errors import FileError
from gerdy.reasoning.answer import ConcernAnswer, Question
from gerdy.reasoning.asking import Asking
from gerdy.reasoning.compose import concern_of
from gerdy.reasoning.state import Beliefs

DEFAULT_NAME = "gerdy-case.yaml"


class Session:
    """One interview about one complaint."""

    def __init__(self, case: Case, path: Path, atlas: Atlas, complaint: str, who: Who) -> None:
        self.case = replace(case, file=None)
        self.path, self.atlas, self.complaint, self.who = path, atlas, complaint, who
        self.more = False  # whether to go on when nothing is worth asking
        self._before: list[Case] = []
        self._again: str | None = None  # a finding taken back from an earlier interview, to be asked again

    def keep(self, case: Case) -> None:
        """Take a case with another answer, with the way back, and write it to disk.

        Raises
        ------
        FileError
            If it cannot be written.
        """
        before = self.case
        self.take(case)
        self._before.append(before)

    def take(self, case: Case) -> None:
        """Take a changed case and write it to disk before anything else happens.

        Raises
        ------
        FileError
            If it cannot be written.
        """
        self._turn_to(case)
        self.save()

    def save(self) -> None:
        """Write the case to disk, all of it or nothing.

        Raises
        ------
        FileError
            If it cannot be written.
        """
        save_case(self.path, self.case, atlas=self.atlas)

    def answer(self, answers: dict[str, str]) -> None:
        """Answer findings and keep the case; all of them or none.

        Raises
        ------
        CaseError
            If a finding cannot have its value, or contradicts what is known.
        """
        case = self.case
        for name, value in answers.items():
            case = case.answer(name, value, self._scope(self.atlas.findings[name]), atlas=self.atlas)
        self.keep(case)

    def skip(self, question: Question) -> None:
        """Leave a question, or every member of a safety list, unknown."""
        self.answer(dict.fromkeys(question.findings or [question.id], UNKNOWN))

    def back(self) -> bool:
        """Take back the last answer, also one from an earlier interview; False where there is none."""
        if self._before:
            self.take(self._before.pop())
            return True
        own = self.case.complaint(self.complaint).findings
        last = next(reversed([*self.case.findings, *own]), None)
        if last is None:
            return False
        screen = self.atlas.findings[last].screen
        together = [f.id for f in self.atlas.findings.values() if screen is not None and f.screen == screen]
        case = self.case
        for name in together or [last]:
            case = case.retract(name, atlas=self.atlas)
        self.take(case)
        self._again = None if together or self.atlas.findings[last].silent else last
        return True

    def question(self) -> Question | None:
        """Return what to ask now, or None when nothing is worth asking."""
        if self._again is not None:
            return self.asking.question(self.atlas.findings[self._again])
        best = self.asking.next()
        if best is None and self.more:
            return next(iter(self.asking.best(1)), None)
        return best

    @property
    def any_left(self) -> bool:
        """Whether there is any question left, worth asking or not."""
        return bool(self.asking.best(1))

    @cached_property
    def beliefs(self) -> Beliefs:
        """What is believed now."""
        return api.beliefs(self.case, self.complaint)

    @cached_property
    def asking(self) -> Asking:
        """The questions that are open now."""
        return Asking(self.beliefs, self.who)

    @property
    def concern(self) -> ConcernAnswer:
        """How soon somebody must look, by what is known now."""
        return concern_of(self.beliefs)

    def _turn_to(self, case: Case) -> None:
        self.case, self._again = case, None
        self.__dict__.pop("beliefs", None)
        self.__dict__.pop("asking", None)

    def _scope(self, finding: Finding) -> str | None:
        """With several complaints, what may differ between the legs belongs to this one alone."""
        return self.complaint if finding.sided and len(self.case.complaints) > 1 else None


def place_to_save(given: Path | None, wished: Path | None) -> Path:
    """Return the file to save in: the one wished, the one given, or a new one that takes nobody's place.

    Raises
    ------
    FileError
        If another file is there already, or the folder cannot be written.
    """
    target = wished or given
    if target is None:
        target = Path(DEFAULT_NAME)
        number = 2
        while target.exists():
            target = Path(DEFAULT_NAME).with_stem(f"{Path(DEFAULT_NAME).stem}-{number}")
            number += 1
    elif wished is not None and wished.exists() and wished != given:
        raise FileError(f"{wished}: exists already; to go on with it: gerdy interview {wished}")
    folder = target.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise FileError(f"{target}: cannot be written; check that the folder exists and may be written to.")
    return target
