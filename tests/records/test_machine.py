"""Law: whatever is appended, retried, contested, read and erased, in any order, a plain list would say the same."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from records.making import KEY, Patient
from records.postgres import Server

from gerdy.errors import ConflictError, ErasedError, EventClashError, UnknownRecordError
from gerdy.records import Event, NoteWritten, QuestionAnswered, RecordRead, Records, Stored, open_records

Open = Callable[[], Records]


def machine(open_again: Open) -> type[RuleBasedStateMachine]:
    """Return a machine whose steps run against records, and against lists."""

    class Machine(RuleBasedStateMachine):
        people = Bundle("people")
        sent = Bundle("sent")

        def __init__(self) -> None:
            super().__init__()
            self.records = open_again()
            self.model: dict[UUID, list[Event | str]] = {}
            self.revisions: dict[UUID, int] = {}
            self.erased: set[UUID] = set()
            self.kept: dict[UUID, Stored] = {}

        def teardown(self) -> None:
            self.records.close()

        @rule(target=people)
        def meet(self) -> Patient:
            return Patient()

        @rule(
            target=sent, someone=people, value=st.integers(0, 3), off=st.sampled_from([0, 0, 0, -1, 1, None])
        )
        def answer(self, someone: Patient, value: int, off: int | None) -> Event:
            there = self.revisions.get(someone.complaint, 0)
            expected = None if off is None else max(there + off, 0)
            event = someone.answers("night_pain", value, expected=expected)
            self._send(event, conflict=expected not in {None, there})
            return event

        @rule(target=sent, someone=people)
        def note(self, someone: Patient) -> Event:
            event = someone.says(NoteWritten(text="n"))
            self._send(event, conflict=False)
            return event

        def _send(self, event: Event, *, conflict: bool) -> None:
            wrong = ErasedError if event.person in self.erased else ConflictError if conflict else None
            if wrong is not None:
                with pytest.raises(wrong):
                    self.records.append(event)
                return
            stored = self.records.append(event)
            self.model.setdefault(event.person, []).append(event)
            if event.complaint is not None:
                self.revisions[event.complaint] = self.revisions.get(event.complaint, 0) + 1
                assert stored.revision == self.revisions[event.complaint]
            assert stored.seq == len(self.model[event.person])
            self.kept[event.id] = stored

        @rule(event=sent)
        def send_again(self, event: Event) -> None:
            if event.id not in self.kept:
                return  # it was refused, and a later revision may let it in: that is ``answer``
            if event.person in self.erased:
                with pytest.raises(ErasedError):
                    self.records.append(event)
            else:
                assert self.records.append(event) == self.kept[event.id]

        @rule(event=sent, someone=people)
        def send_something_else_under_the_id(self, event: Event, someone: Patient) -> None:
            if event.id not in self.kept:
                return
            other: Any = EventClashError
            if someone.id in self.erased:
                other = ErasedError
            with pytest.raises(other):
                self.records.append(someone.says(QuestionAnswered(finding="x", value="else"), id=event.id))

        @rule(someone=people)
        def read_by_somebody_else(self, someone: Patient) -> None:
            if someone.id in self.erased or someone.id not in self.model:
                with pytest.raises((ErasedError, UnknownRecordError)):
                    self.records.state(someone.id, actor="dr_lee")
                return
            self.records.state(someone.id, actor="dr_lee")
            self.model[someone.id].append("dr_lee")

        @rule(someone=people)
        def erase(self, someone: Patient) -> None:
            if someone.id not in self.model:
                with pytest.raises(UnknownRecordError):
                    self.records.erase(someone.id, actor="dr_lee")
                return
            self.records.erase(someone.id, actor="dr_lee")
            self.erased.add(someone.id)

        @rule()
        def begin_anew(self) -> None:
            self.records.close()
            self.records = open_again()

        @invariant()
        def timelines_say_what_the_lists_say(self) -> None:
            for person, expected in self.model.items():
                if person in self.erased:
                    continue
                there = self.records.timeline(person, actor=person)
                assert [one.seq for one in there] == list(range(1, len(there) + 1))
                said = [one.actor if isinstance(one.body, RecordRead) else one.id for one in there]
                assert said == [one if isinstance(one, str) else one.id for one in expected]

        @invariant()
        def everything_is_whole(self) -> None:
            report = self.records.verify(unseal=True)
            assert report.ok
            mine = [report.heads[str(person)][0] for person in self.model]
            tombs = [person in self.erased for person in self.model]
            assert mine == [len(said) + tomb for said, tomb in zip(self.model.values(), tombs, strict=True)]

    return Machine


EXAMPLES = settings(max_examples=15, stateful_step_count=25)


@pytest.mark.slow
def test_the_machine_on_sqlite() -> None:
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "records.db"
        run_state_machine_as_test(machine(lambda: open_records(where, master_key=KEY)), settings=EXAMPLES)


@pytest.mark.slow
def test_the_machine_on_postgresql(postgres: Server) -> None:
    where = postgres.database()
    run_state_machine_as_test(machine(lambda: open_records(where, master_key=KEY)), settings=EXAMPLES)
    postgres.drop(where)
