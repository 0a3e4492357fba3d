"""The timeline: what is appended stays, once, in order; two writers never overwrite each other unseen."""

from __future__ import annotations

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from records.making import DRAWING, KEY, NOON, Patient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from gerdy.errors import (
    ConflictError,
    EventClashError,
    InputError,
    MasterKeyError,
    UnknownRecordError,
)
from gerdy.records import (
    ComplaintDrawn,
    ConsentGiven,
    Corrected,
    Erased,
    Event,
    MorningReported,
    NoteWritten,
    OutcomeScored,
    QuestionAnswered,
    RecordRead,
    Records,
    SessionLogged,
    open_records,
    parse_event,
)
from gerdy.records.events import checked
from gerdy.records.timeline import add, known_person


def test_what_is_appended_is_read_back_as_it_was_sent(records: Records, runner: Patient) -> None:
    answer = runner.answers("night_pain", {"left": "no", "right": 3.5})
    sent = [runner.draws(), answer, runner.says(NoteWritten(text="ü"))]
    kept = [records.append(event) for event in sent]
    assert records.timeline(runner.id, actor=runner.id) == kept
    for event, stored in zip(sent, kept, strict=True):
        same = ("id", "person", "complaint", "body", "actor", "effective_at", "expected")
        assert [getattr(event, name) for name in same] == [getattr(stored, name) for name in same]
    assert [one.seq for one in kept] == [1, 2, 3]
    assert [one.revision for one in kept] == [1, 2, None]


def test_the_server_says_when_and_the_client_since_when(where: str, runner: Patient) -> None:
    later = NOON + datetime.timedelta(days=3, microseconds=7)
    zone = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    with open_records(where, master_key=KEY, clock=lambda: later) as records:
        stored = records.append(runner.says(NoteWritten(text="x"), effective_at=NOON.astimezone(zone)))
    assert (stored.recorded_at, stored.effective_at) == (later, NOON)
    assert stored.effective_at.utcoffset() == datetime.timedelta(0)


def test_an_event_sent_again_is_returned_and_not_doubled(where: str, runner: Patient) -> None:
    event = runner.draws()
    with open_records(where, master_key=KEY) as records:
        first = records.append(event)
        records.append(runner.answers("night_pain", "no"))
    with open_records(where, master_key=KEY) as records:  # as after a restart, from an offline queue
        assert records.append(event) == first
        assert len(records.timeline(runner.id, actor=runner.id)) == 2


CHANGES: dict[str, Any] = {
    "body": ComplaintDrawn(document=DRAWING | {"side": "left"}),
    "actor": "somebody else",
    "effective_at": NOON + datetime.timedelta(seconds=1),
    "complaint": uuid4(),
    "person": uuid4(),
    "expected": None,
}


@pytest.mark.parametrize("field", CHANGES)
def test_the_same_id_for_something_else_is_refused(records: Records, runner: Patient, field: str) -> None:
    event = runner.draws()
    records.append(event)
    with pytest.raises(EventClashError, match=str(event.id)):
        records.append(msgspec.structs.replace(event, **{field: CHANGES[field]}))
    assert len(records.timeline(runner.id, actor=runner.id)) == 1
    assert records.verify().ok


def test_a_writer_who_has_not_seen_the_last_change_is_told(records: Records, runner: Patient) -> None:
    records.append(runner.draws())
    theirs = records.append(runner.answers("night_pain", "yes", expected=1))
    with pytest.raises(ConflictError) as caught:
        records.append(runner.answers("night_pain", "no", expected=1))
    error = caught.value
    assert (error.expected, error.actual, error.later) == (1, 2, (str(theirs.id),))
    assert records.append(runner.answers("night_pain", "no", expected=2)).revision == 3


def test_a_revision_nobody_has_reached_is_a_conflict(records: Records, runner: Patient) -> None:
    with pytest.raises(ConflictError):
        records.append(runner.draws(expected=1))
    with pytest.raises(UnknownRecordError):  # and the refused event has opened no record
        records.timeline(runner.id, actor=runner.id)


def test_complaints_do_not_disturb_each_other(records: Records, runner: Patient) -> None:
    records.append(runner.draws())
    other = records.append(runner.says(ComplaintDrawn(document=DRAWING), complaint=uuid4(), expected=0))
    assert other.revision == 1
    assert records.append(runner.answers("night_pain", "no", expected=1)).revision == 2


def test_a_log_is_added_to_whatever_is_there(records: Records, runner: Patient) -> None:
    records.append(runner.draws())
    records.append(runner.answers("night_pain", "no"))
    assert records.append(runner.about(SessionLogged(day=NOON.date()))).revision == 3


def test_since_leaves_out_what_is_known(records: Records, runner: Patient) -> None:
    kept = [records.append(runner.says(NoteWritten(text=str(number)))) for number in range(5)]
    assert records.timeline(runner.id, since=3, actor=runner.id) == kept[3:]
    assert records.timeline(runner.id, since=5, actor=runner.id) == []


def test_whoever_reads_somebody_elses_record_is_written_down(records: Records, runner: Patient) -> None:
    records.append(runner.draws())
    records.timeline(runner.id, actor=runner.id)
    records.state(runner.id, actor="dr_lee")
    records.export(runner.id, actor="dr_lee")
    seen = records.timeline(runner.id, actor="dr_lee")
    own = records.timeline(runner.id, actor=runner.id)
    assert seen == own
    read = [(one.actor, one.body.what) for one in own if isinstance(one.body, RecordRead)]
    assert read == [("dr_lee", "state"), ("dr_lee", "export"), ("dr_lee", "timeline")]
    assert records.append(runner.answers("night_pain", "no", expected=1)).revision == 2, (
        "reading changes no complaint"
    )


def test_nothing_is_kept_of_a_stranger(records: Records, runner: Patient) -> None:
    for read in (records.timeline, records.state, records.export, records.erase):
        with pytest.raises(UnknownRecordError, match=str(runner.id)):
            read(runner.id, actor="dr_lee")
    assert records.people() == []


def test_a_correction_refers_to_what_is_there(records: Records, runner: Patient) -> None:
    answer = records.append(runner.answers("night_pain", "yes"))
    session = records.append(runner.about(SessionLogged(day=NOON.date())))
    consent = records.append(runner.says(ConsentGiven(purpose="research")))
    wrong = [
        runner.about(Corrected(event=uuid4())),
        runner.says(Corrected(event=answer.id)),  # of no complaint
        Patient().about(Corrected(event=answer.id)),  # of somebody else
        runner.about(Corrected(event=answer.id, body=NoteWritten(text="another type"))),
        runner.says(Corrected(event=consent.id)),
        runner.about(MorningReported(session=answer.id, pain=2)),
        runner.about(MorningReported(session=uuid4(), pain=2)),
    ]
    for event in wrong:
        with pytest.raises(InputError, match=r"corrected|morning_reported"):
            records.append(event)
    right = Corrected(event=answer.id, body=QuestionAnswered(finding="night_pain", value="no"))
    kept = records.append(runner.about(right))
    with pytest.raises(InputError, match="stays as it is"):
        records.append(runner.about(Corrected(event=kept.id)))
    records.append(runner.about(MorningReported(session=session.id, pain=2)))
    assert len(records.timeline(runner.id, actor=runner.id)) == 5


WRONG: dict[str, dict[str, Any]] = {
    "event.id": {"id": "not a UUID"},
    "event.person": {"person": "x"},
    "event.complaint: must": {"complaint": "x"},
    "actor: must be 1": {"actor": ""},
    "printable": {"actor": "a\nb"},
    "to 80": {"actor": "a" * 81},
    "time zone": {"effective_at": datetime.datetime(2026, 1, 1)},  # noqa: DTZ001
    "years": {
        "effective_at": datetime.datetime.max.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
    },
    "expected": {"expected": -1},
    "expected: is": {"expected": 2**70},
    "complaint: is missing": {"complaint": None, "expected": None},
    "pain_during": {"body": SessionLogged(day=NOON.date(), pain_during=11)},
    "score": {"body": OutcomeScored(measure="lefs", score=float("nan"))},
    "question_answered": {"body": QuestionAnswered(finding="x", value=object())},
    "note_written": {"body": NoteWritten(text="\ud800")},
    "written by Gerdy": {"body": Erased()},
    "record_read": {"body": RecordRead(what="timeline")},
    "bytes": {"body": NoteWritten(text="a" * 4_000_001)},
}


def test_an_event_that_breaks_a_rule_is_refused_whole(records: Records, runner: Patient) -> None:
    for told, wrong in WRONG.items():
        with pytest.raises(InputError) as caught:
            records.append(msgspec.structs.replace(runner.draws(), **wrong))
        assert told in str(caught.value)
    assert records.people() == []


def test_an_event_comes_as_json(runner: Patient) -> None:
    event = runner.answers("night_pain", {"left": "no"}, expected=1)
    assert parse_event(msgspec.json.encode(event)) == event
    for wrong in (b"", b"[]", b"{}", msgspec.json.encode(event).replace(b"question_answered", b"erased")):
        with pytest.raises(InputError, match="event"):
            parse_event(wrong)


def test_the_tables_refuse_to_change_what_is_written(records: Records, runner: Patient) -> None:
    records.append(runner.draws())
    for statement in ("UPDATE record_event SET actor = 'x'", "DELETE FROM record_event"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            records._database.engine.connect() as connection,
        ):
            connection.execute(text(statement))
    assert records.verify().ok


def test_many_threads_write_at_once(records: Records) -> None:
    patients = [Patient() for _ in range(3)]
    barrier = threading.Barrier(6)

    def write(number: int) -> list[Event]:
        mine = [patients[(number + turn) % 3].answers("night_pain", turn) for turn in range(12)]
        barrier.wait()
        for event in mine:
            records.append(event)
        return mine

    with ThreadPoolExecutor(6) as pool:
        sent = [event.id for events in pool.map(write, range(6)) for event in events]
    kept = [one for patient in patients for one in records.timeline(patient.id, actor=patient.id)]
    assert sorted(one.id for one in kept) == sorted(sent)
    for patient in patients:
        mine = [one for one in kept if one.person == patient.id]
        assert [one.revision for one in mine] == [one.seq for one in mine] == list(range(1, len(mine) + 1))
    assert records.verify().ok


def test_one_event_sent_by_many_at_once_is_kept_once(records: Records, runner: Patient) -> None:
    event = runner.draws()
    barrier = threading.Barrier(6)

    def send(_: int) -> object:
        barrier.wait()
        return records.append(event)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert answers == [answers[0]] * 6
    assert len(records.timeline(runner.id, actor=runner.id)) == 1


def test_one_id_for_two_people_at_once_is_kept_for_one(records: Records) -> None:
    same, barrier = uuid4(), threading.Barrier(4)
    patients = [Patient() for _ in range(4)]
    for patient in patients:
        records.append(patient.draws())

    def send(patient: Patient) -> str:
        barrier.wait()
        try:
            records.append(patient.says(NoteWritten(text="mine"), id=same))
        except EventClashError:
            return "clash"
        return "kept"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, patients)) == ["clash"] * 3 + ["kept"]
    assert records.verify().events == 5


def test_an_id_that_comes_in_for_two_people_at_once_is_seen_by_the_later(records: Records) -> None:
    """While the first is not yet committed the second cannot see it, only be stopped by it."""
    first, second, same = Patient(), Patient(), uuid4()
    for patient in (first, second):
        records.append(patient.draws())
    event = second.says(NoteWritten(text="mine"), id=same)
    with ThreadPoolExecutor(1) as pool:
        with records._database.writing() as connection:
            place = records._place(known_person(connection, first.id, lock=True))
            add(connection, place, checked(first.says(NoteWritten(text="mine"), id=same)), now=0)
            later = pool.submit(records.append, event)
            assert not wait([later], timeout=0.3).done, "the second waits for the first"
        with pytest.raises(EventClashError):
            later.result(timeout=30)
    assert records.verify(unseal=True).ok


def test_of_two_who_saw_the_same_revision_one_wins(records: Records, runner: Patient) -> None:
    records.append(runner.draws())
    barrier = threading.Barrier(5)

    def send(number: int) -> str:
        event = runner.answers("night_pain", number, expected=1)
        barrier.wait()
        try:
            records.append(event)
        except ConflictError:
            return "conflict"
        return "kept"

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(send, range(5))) == ["conflict"] * 4 + ["kept"]


def test_another_master_key_opens_nothing_and_breaks_nothing(where: str, runner: Patient) -> None:
    with open_records(where, master_key=KEY) as records:
        records.append(runner.draws())
    with open_records(where, master_key=bytes(32)) as records:
        for attempt in (
            lambda: records.timeline(runner.id, actor=runner.id),
            lambda: records.append(runner.answers("night_pain", "no")),
        ):
            with pytest.raises(MasterKeyError, match="another one"):
                attempt()
        assert records.verify().ok
        assert records.verify().events == 1
