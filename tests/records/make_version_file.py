"""Make the database file, the dump and the export of the current version, once, when it is released.

    python tests/records/make_version_file.py tests/records/data

What is made stays: every later Gerdy must open it and find the same (test_migrations.py). A version that is there
already is left alone.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from uuid import UUID

import msgspec

from gerdy.records import (
    AnswerRetracted,
    Body,
    ComplaintDrawn,
    ConsentGiven,
    Corrected,
    Event,
    MorningReported,
    NoteWritten,
    OutcomeScored,
    PersonDescribed,
    PlanIssued,
    ProgressDrawn,
    QuestionAnswered,
    RecordingAnalysed,
    SessionLogged,
    TestDone,
    check_backup,
    open_records,
)
from gerdy.records.database import Database
from gerdy.records.dump import write_dump
from gerdy.records.tables import HEAD_VERSION

KEY = bytes(range(32))
NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)
PEOPLE = tuple(UUID(int=number) for number in (1, 2, 3))
COMPLAINT = UUID(int=77)


def bodies() -> list[tuple[Body, UUID | None]]:
    """Return one event of every type."""
    day = NOON.date()
    return [
        (PersonDescribed(person={"age": 34, "sex": "female"}, care={"minutes_per_day": 15}), None),
        (
            ComplaintDrawn(document={"side": "right", "since": "2026-02-01", "pain": {"knee_lateral": 6}}),
            COMPLAINT,
        ),
        (QuestionAnswered(finding="worse_downhill", value="positive"), COMPLAINT),
        (QuestionAnswered(finding="noble_compression", value={"right": "positive"}), None),
        (AnswerRetracted(finding="noble_compression"), None),
        (TestDone(finding="gait_trendelenburg", value={"right": "positive"}, note="10 m"), COMPLAINT),
        (RecordingAnalysed(recording="run.trc", findings={}, analysis={"frames": 900}), COMPLAINT),
        (PlanIssued(plan={"items": ["side_plank"]}), COMPLAINT),
        (SessionLogged(day=day, items=("side_plank",), done=0.5, pain_during=3), COMPLAINT),
        (MorningReported(session=UUID(int=1009), pain=2), COMPLAINT),
        (ProgressDrawn(pain={"knee_lateral": 4}), COMPLAINT),
        (OutcomeScored(measure="lefs", score=61.5), COMPLAINT),
        (NoteWritten(text="Läuft bergab nur noch kurz."), None),
        (
            Corrected(
                event=UUID(int=1003), body=QuestionAnswered(finding="worse_downhill", value="negative")
            ),
            COMPLAINT,
        ),
        (ConsentGiven(purpose="research", granted=False), None),
    ]


def make(folder: Path) -> None:
    """Write the files of the current version into a folder."""
    name = f"version_{int(HEAD_VERSION)}"
    moments = (NOON + datetime.timedelta(minutes=number) for number in range(1000))
    with open_records(folder / f"{name}.db", master_key=KEY, clock=lambda: next(moments)) as records:
        first, second, gone = PEOPLE
        for number, (body, complaint) in enumerate(bodies(), start=1):
            records.append(
                Event(
                    id=UUID(int=1000 + number), person=first, complaint=complaint, actor=str(first),
                    effective_at=NOON, body=body,
                )
            )  # fmt: skip
        for number, person in enumerate((second, gone)):
            body = NoteWritten(text="short")
            records.append(
                Event(id=UUID(int=2000 + number), person=person, actor="dr_lee", effective_at=NOON, body=body)
            )
        records.timeline(second, actor="dr_lee")
        records.erase(gone, actor=str(gone))
        exports = [records.export(person, actor=person) for person in (first, second)]
    (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(exports), indent=1) + b"\n")
    database = Database(folder / f"{name}.db")
    with database.reading() as connection:
        write_dump(connection, folder / f"{name}.dump")
    database.close()
    if not check_backup(folder / f"{name}.dump").ok:
        raise SystemExit("what was made is not sound")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    if list(target.glob(f"version_{int(HEAD_VERSION)}.*")):
        raise SystemExit(f"{target}: holds version {int(HEAD_VERSION)} already, and is left alone.")
    make(target)
