"""Verification: whatever is altered, left out, put in or moved is found, and named, without a key."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
from records.making import KEY, Patient, intruder
from sqlalchemy import Connection, LargeBinary, Text, func, insert, select, text, update

from gerdy.errors import DamagedError
from gerdy.records import NoteWritten, Records, Report, keys, open_records, tables
from gerdy.records.chain import digest, event_hash
from gerdy.records.timeline import _bound, known_person

EVENTS, PEOPLE = 4, 3


@pytest.fixture
def filled(records: Records) -> list[Patient]:
    """Three people with four events each, the last of them erased, which makes five."""
    patients = [Patient() for _ in range(PEOPLE)]
    for patient in patients:
        records.append(patient.draws())
        for number in range(EVENTS - 1):
            records.append(patient.answers("night_pain", number))
    records.erase(patients[-1].id, actor="dr_lee")
    return patients


def told(report: Report) -> str:
    return "\n".join(map(str, report.problems))


def test_what_was_written_is_whole(records: Records, filled: list[Patient]) -> None:
    report = records.verify()
    assert report.ok
    assert (report.people, report.events, report.erased) == (PEOPLE, PEOPLE * EVENTS + 1, 1)
    last = records.timeline(filled[0].id, actor=filled[0].id)[-1]
    assert report.heads[str(filled[0].id)] == (last.seq, last.hash)


def test_nothing_is_whole_too(records: Records) -> None:
    assert records.verify() == Report(people=0, events=0, erased=0, problems=(), heads={})


def test_checking_needs_no_key(where: str, records: Records, filled: list[Patient]) -> None:
    with open_records(where, master_key=bytes(32)) as keyless:
        assert keyless.verify() == records.verify()


def other(value: Any, kind: Any) -> Any:
    """Return another value that the column can hold."""
    if isinstance(kind, LargeBinary):
        return b"\x00" * 12 if value is None else bytes([value[0] ^ 1, *value[1:]]) if value else b"\x01"
    if isinstance(kind, Text):
        return "x" if value is None else f"{value[:-1]}{'0' if value[-1] != '0' else '1'}"
    return 99 if value is None else value + 1000


def test_every_column_of_every_row_is_covered(records: Records, where: str, filled: list[Patient]) -> None:
    """Alter each column of each row in turn: each is found, and put back everything is whole again."""
    altered = 0
    for table, column in itertools.chain.from_iterable(((t, c) for c in t.columns) for t in tables.EVERY):
        keys = list(table.primary_key.columns)
        with intruder(where) as connection:
            rows = connection.execute(select(*keys, column)).all()
        for row in rows:
            found = [key == value for key, value in zip(keys, row, strict=False)]
            changed = other(row[-1], column.type)
            with intruder(where) as connection:
                connection.execute(update(table).where(*found).values({column: changed}))
            report = records.verify()
            assert not report.ok, f"{table.name}.{column.name} of {row}"
            named = row[0] if table is not tables.ledger else "ledger"
            assert str(named) in told(report) or str(changed) in told(report), told(report)
            if table is tables.event and column not in keys and column.name != "hash":
                # One problem, and for the tombstone a second: the person's row no longer agrees with it.
                problems = [(one.person, one.seq) for one in report.problems]
                assert problems[0] == (row[0], row[1])
                assert problems[1:] in ([], [(row[0], None)])
            back = [
                key == (changed if key is column else value) for key, value in zip(keys, row, strict=False)
            ]
            with intruder(where) as connection:
                connection.execute(update(table).where(*back).values({column: row[-1]}))
            altered += 1
    assert altered == 13 * (PEOPLE * EVENTS + 1) + 8 * PEOPLE + 3 * PEOPLE + 3
    assert records.verify().ok


def test_every_row_is_missed(records: Records, where: str, filled: list[Patient]) -> None:
    for table in tables.EVERY:
        keys = list(table.primary_key.columns)
        with intruder(where) as connection:
            rows = connection.execute(select(table)).mappings().all()
        for row in rows:
            found = [key == row[key.name] for key in keys]
            with intruder(where) as connection:
                connection.execute(table.delete().where(*found))
            report = records.verify()
            assert not report.ok, f"{table.name} {row}"
            if table is tables.event:
                last = report.heads[row["person"]][0]
                first = report.problems[0]
                assert first.person == row["person"]
                assert first.seq == (None if row["seq"] == last else row["seq"])
            elif table is not tables.ledger:
                assert str(row[keys[0].name]) in told(report)
            with intruder(where) as connection:
                connection.execute(insert(table).values(**row))
    assert records.verify().ok


def test_events_that_change_places_are_found(records: Records, where: str, filled: list[Patient]) -> None:
    e, person = tables.event.c, str(filled[0].id)
    with intruder(where) as connection:
        for before, after in ((2, 77), (3, 2), (77, 3)):
            connection.execute(
                update(tables.event).where(e.person == person, e.seq == before).values(seq=after)
            )
    assert {(one.person, one.seq) for one in records.verify().problems} >= {(person, 2), (person, 3)}


def test_an_event_moved_to_somebody_else_is_found(
    records: Records, where: str, filled: list[Patient]
) -> None:
    e, mine, theirs = tables.event.c, str(filled[0].id), str(filled[1].id)
    with intruder(where) as connection:
        connection.execute(
            update(tables.event).where(e.person == mine, e.seq == 4).values(person=theirs, seq=5)
        )
    people = {one.person for one in records.verify().problems}
    assert people == {mine, theirs}


def test_a_timeline_cut_at_its_end_is_found(records: Records, where: str, filled: list[Patient]) -> None:
    e, person = tables.event.c, str(filled[0].id)
    with intruder(where) as connection:
        connection.execute(tables.event.delete().where(e.person == person, e.seq > 2))
    assert told(records.verify()) == f"person {person}: the timeline ends with event 2, and the head says 4."
    with pytest.raises(DamagedError, match="ends too soon"):
        records.timeline(filled[0].id, actor=filled[0].id)


@pytest.mark.parametrize("which", range(PEOPLE))
def test_somebody_left_out_altogether_is_found(
    records: Records, where: str, filled: list[Patient], which: int
) -> None:
    person = str(filled[which].id)
    with intruder(where) as connection:
        connection.execute(tables.event.delete().where(tables.event.c.person == person))
        connection.execute(tables.head.delete().where(tables.head.c.person == person))
        connection.execute(tables.person.delete().where(tables.person.c.id == person))
    assert "missing" in told(records.verify())


def test_a_stranger_put_in_is_found(records: Records, where: str, filled: list[Patient]) -> None:
    stranger = str(Patient().id)
    with intruder(where) as connection:
        row = dict(connection.execute(select(tables.event).limit(1)).mappings().one())
        connection.execute(insert(tables.event).values(**(row | {"person": stranger, "id": "new"})))
    assert f"person {stranger}: has events, and is missing." in told(records.verify())


def test_an_erased_person_cannot_be_brought_back_unseen(
    records: Records, where: str, filled: list[Patient]
) -> None:
    p, gone = tables.person.c, str(filled[-1].id)
    with intruder(where) as connection:
        connection.execute(
            update(tables.person).where(p.id == gone).values(wrapped_key=b"x" * 60, erased_at=None)
        )
    assert gone in told(records.verify())


def rehash(connection: Connection, person: str) -> None:
    """Write all hashes of a timeline anew, as somebody with full access can."""
    e, p, h = tables.event.c, tables.person.c, tables.head.c
    end = connection.execute(select(p.hash).where(p.id == person)).scalar_one()
    rows = connection.execute(select(tables.event).where(e.person == person).order_by(e.seq)).mappings().all()
    for row in rows:
        end = event_hash(end, row)
        connection.execute(update(tables.event).where(e.id == row["id"]).values(hash=end))
    connection.execute(update(tables.head).where(h.person == person).values(seq=len(rows), hash=end))


@pytest.mark.parametrize(
    "column", ["actor", "complaint", "effective_at", "recorded_at", "type", "payload", "nonce"]
)
def test_a_past_written_anew_is_found_by_the_key_and_by_heads_kept_elsewhere(
    records: Records, where: str, filled: list[Patient], column: str
) -> None:
    """With full access all hashes can be written anew; the chain alone cannot show that."""
    before, person, e = records.verify().heads, str(filled[1].id), tables.event.c
    records.append(filled[1].says(NoteWritten(text="later")))
    assert records.verify(before, unseal=True).ok, "what came later is no problem"
    with intruder(where) as connection:
        old = connection.execute(select(e[column]).where(e.person == person, e.seq == 2)).scalar_one()
        values = {column: other(old, e[column].type)}
        connection.execute(update(tables.event).where(e.person == person, e.seq == 2).values(values))
        rehash(connection, person)
    assert records.verify().ok, "a forger with full access fits every hash"
    assert told(records.verify(before)) == f"event 4 of person {person}: is another one than before."
    assert f"person {person}: does not open: event 2" in told(records.verify(unseal=True))
    with pytest.raises(DamagedError, match="event 2"):
        records.timeline(filled[1].id, actor=filled[1].id)


def test_an_event_taken_out_of_the_middle_is_found_by_the_key(
    records: Records, where: str, filled: list[Patient]
) -> None:
    e, person = tables.event.c, str(filled[0].id)
    with intruder(where) as connection:
        connection.execute(tables.event.delete().where(e.person == person, e.seq == 2))
        for seq in (3, 4):
            connection.execute(
                update(tables.event).where(e.person == person, e.seq == seq).values(seq=seq - 1)
            )
        rehash(connection, person)
    assert records.verify().ok
    assert not records.verify(unseal=True).ok
    with pytest.raises(DamagedError, match="event 2"):
        records.state(filled[0].id, actor="dr_lee")


def test_a_shorter_past_is_found_by_heads_kept_elsewhere(
    records: Records, where: str, filled: list[Patient]
) -> None:
    before, person = records.verify().heads, str(filled[0].id)
    with intruder(where) as connection:
        e, h = tables.event.c, tables.head.c
        connection.execute(tables.event.delete().where(e.person == person, e.seq > 2))
        end = connection.execute(select(e.hash).where(e.person == person, e.seq == 2)).scalar_one()
        connection.execute(update(tables.head).where(h.person == person).values(seq=2, hash=end))
    assert records.verify().ok
    assert told(records.verify(before)) == f"person {person}: had 4 events before, and has 2."
    never = str(Patient().id)
    assert told(records.verify({never: (1, "00")})) == f"person {never}: was there before, and is missing."


def test_values_of_another_kind_are_found(tmp_path: Any) -> None:
    """SQLite keeps text where bytes belong, and numbers where text belongs; both are told, neither breaks."""
    where, someone = str(tmp_path / "records.db"), Patient()
    with open_records(where, master_key=KEY) as records:
        records.append(someone.draws())
        records.append(someone.answers("night_pain", "no"))
        for table, column, value in (
            ("record_event", "hash", "'text'"), ("record_event", "payload", "7"), ("record_event", "actor", "x'00ff'"),
            ("record_event", "recorded_at", "'soon'"), ("record_head", "hash", "3.5"), ("record_head", "seq", "'x'"),
            ("record_person", "hash", "'text'"), ("record_person", "wrapped_key", "12"),
            ("record_person", "number", "'a'"), ("record_ledger", "hash", "'a'"),
        ):  # fmt: skip
            with intruder(where) as connection:
                before = connection.execute(text(f"SELECT rowid, {column} FROM {table}")).all()  # noqa: S608
                connection.execute(text(f"UPDATE {table} SET {column} = {value}"))  # noqa: S608
            assert not records.verify().ok, (table, column)
            with intruder(where) as connection:
                for number, old in before:
                    put = text(f"UPDATE {table} SET {column} = :old WHERE rowid = :number")  # noqa: S608
                    connection.execute(put, {"old": old, "number": number})
        assert records.verify().ok


def test_fields_of_a_hash_cannot_flow_into_each_other() -> None:
    different = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", None), ("abc", ""), (b"abc",), ("1",), (1,), ()]
    assert len({digest(*fields) for fields in different}) == len(different)


def test_heads_follow_the_number_of_events(records: Records, where: str, filled: list[Patient]) -> None:
    with intruder(where) as connection:
        count = connection.execute(select(func.count()).select_from(tables.event)).scalar_one()
    assert count == sum(seq for seq, _ in records.verify().heads.values())


def test_reading_and_writing_stop_where_something_is_missing(
    records: Records, where: str, filled: list[Patient]
) -> None:
    mine, e = str(filled[0].id), tables.event.c
    first = filled[0].says(NoteWritten(text="kept"))
    records.append(first)
    with intruder(where) as connection:
        connection.execute(tables.event.delete().where(e.person == mine, e.seq.in_([2, 4])))
    with pytest.raises(DamagedError, match="event 2"):
        records.timeline(filled[0].id, actor=filled[0].id)
    with pytest.raises(DamagedError, match="event 5"):
        records.append(first)
    with intruder(where) as connection:
        connection.execute(tables.head.delete().where(tables.head.c.person == mine))
        connection.execute(tables.ledger.delete())
    with pytest.raises(DamagedError, match="end of the timeline"):
        records.append(filled[0].says(NoteWritten(text="more")))
    with pytest.raises(DamagedError, match="ledger"):
        records.append(Patient().draws())


def test_an_event_of_a_newer_gerdy_is_told(records: Records, where: str, runner: Patient) -> None:
    """What a newer one wrote, sound in every way, is refused by name and not guessed at."""
    records.append(runner.draws())

    class FromTomorrow(NoteWritten, frozen=True, kw_only=True, tag="from_tomorrow"):
        """A type that is not known yet."""

    with records._database.writing() as connection:
        place = records._place(known_person(connection, runner.id, lock=True))
        row = {
            "id": "x", "type": "from_tomorrow", "actor": "x", "effective_at": 1, "recorded_at": 1, "complaint": None,
            "expected": None, "revision": None, "person": place.person, "seq": 2,
        }  # fmt: skip
        sealed = msgspec.json.encode(FromTomorrow(text="x"))
        row["nonce"], row["payload"] = keys.seal(place.key, sealed, *_bound(place.hash, row))
        row["hash"] = event_hash(place.hash, row)
        connection.execute(insert(tables.event).values(**row))
        connection.execute(update(tables.head).values(seq=2, hash=row["hash"]))
    assert records.verify().ok
    with pytest.raises(DamagedError, match="newer"):
        records.timeline(runner.id, actor=runner.id)
