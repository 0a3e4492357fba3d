"""The questions themselves: ask, understand, save, and stop when nothing is worth asking."""

from __future__ import annotations

from typing import Literal

from gerdy.atlas.model import Concern, Finding
from gerdy.case.problems import RefusedError
from gerdy.cli.concern_view import show_concern
from gerdy.cli.interview import question_view as view
from gerdy.cli.interview.intake import take_in
from gerdy.cli.interview.replies import Command, command_of, finding_value, list_answers, plain_message
from gerdy.cli.interview.session import Session
from gerdy.cli.interview.talk import LeftError, Talk
from gerdy.cli.page import QUIET
from gerdy.errors import CaseError
from gerdy.interchange.voice import Lexicon
from gerdy.reasoning.answer import ConcernAnswer, Question

_ENOUGH = (
    "Nothing more is worth asking: further answers would hardly change what to do. Enter shows the answer; "
    "m goes on asking."
)
_ALL = "Everything has been asked. Enter shows the answer; b takes back the last one."


class Interview:
    """One run of questions."""

    def __init__(self, talk: Talk, session: Session, lexicon: Lexicon) -> None:
        self.talk, self.session, self.lexicon = talk, session, lexicon
        self._warned: set[str] = set()

    def run(self) -> None:
        """Ask until nothing is worth asking.

        Raises
        ------
        LeftError
            When the person stops before.
        """
        self._warn()
        while True:
            question = self.session.question()
            if question is None:
                if self._end():
                    return
                continue
            try:
                self._ask(question)
            except LeftError:
                if self.session.more:
                    return
                raise

    def _ask(self, question: Question) -> None:
        """Show a question, and see it answered, skipped, or the one before taken back."""
        self._show(question)
        prompt = view.prompt(question, self._finding(question))
        while not self._taken(question, self.talk.ask(prompt)):
            pass

    def _show(self, question: Question) -> None:
        finding = self._finding(question)
        if finding is None:
            view.show_list(self.talk, question, self.session)
        else:
            view.show_question(self.talk, question, finding, self.lexicon)

    def _finding(self, question: Question) -> Finding | None:
        """Return the finding a question is about; None where it is about several."""
        return None if question.findings else self.session.atlas.findings[question.id]

    def _taken(self, question: Question, reply: str) -> bool:
        """Do what a line says; return whether the question is done with."""
        match command_of(reply):
            case Command.QUIT:
                raise LeftError
            case Command.BACK:
                return self._back()
            case Command.SKIP:
                self.session.skip(question)
            case Command.WHY:
                view.show_why(self.talk, question, self.lexicon)
                return False
            case Command.LIST:
                view.show_ranking(self.talk, self.session, self.lexicon)
                return False
            case Command.HELP | Command.MORE:
                for line in view.HELP.splitlines():
                    self.talk.page.say(line, style=QUIET)
                return False
            case None if not self._answered(question, reply):
                return False
        if not self._warn():
            view.show_leading(self.talk, self.session, self.lexicon)
        return True

    def _answered(self, question: Question, reply: str) -> bool:
        page, finding = self.talk.page, self._finding(question)
        if not reply and finding is not None:
            page.say("An answer, please: y, n, or ? when it is not known (s skips, h helps).", style=QUIET)
            return False
        try:
            if finding is None:
                self.session.answer(list_answers(reply, question.findings))
            else:
                self.session.answer({finding.id: finding_value(reply, finding)})
        except (CaseError, RefusedError) as error:
            page.say(plain_message(error, self.session.atlas, asked=question.id), style="yellow")
            return False
        return True

    def _back(self) -> Literal[True]:
        """Take back the last answer; before the first question, return to the facts about the person."""
        if self.session.back():
            self.talk.page.say("Taken back.", style=QUIET)
        else:
            take_in(self.talk, self.session, from_end=True)
        self._warned &= {reason.id for reason in self.session.concern.reasons}
        return True

    def _end(self) -> bool:
        """Say that enough is known; return whether to end."""
        self.talk.page.blank()
        going_on = not self.session.more and self.session.any_left
        self.talk.page.say(_ENOUGH if going_on else _ALL)
        try:
            reply = self.talk.ask("[Enter]")
        except LeftError:
            return True
        match command_of(reply):
            case Command.MORE:
                self.session.more = True
                return False
            case Command.BACK:
                self._back()
                return False
            case Command.LIST:
                view.show_ranking(self.talk, self.session, self.lexicon)
                return False
        return True

    def _warn(self) -> bool:
        """Show at once what has become urgent; at an emergency let the person decide whether to go on.

        Return whether the answer that led to it was taken back.
        """
        concern = self.session.concern
        new = [r for r in concern.reasons if r.id not in self._warned and r.level.rank >= Concern.URGENT.rank]
        self._warned = {reason.id for reason in concern.reasons}
        if not new:
            return False
        page = self.talk.page
        page.blank()
        show_concern(page, ConcernAnswer(level=new[0].level, reasons=new), self.lexicon, open_screens=0)
        if new[0].level is not Concern.EMERGENCY:
            return False
        page.blank()
        page.say("Everything is saved. You can stop here and come back to the rest later.")
        match command_of(self.talk.ask("Enter goes on, b takes the last answer back, q stops here:")):
            case Command.QUIT:
                raise LeftError
            case Command.BACK:
                return self._back()
        return False
