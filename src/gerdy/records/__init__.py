"""What is remembered of a person: an append-only timeline of events, encrypted, chained, erasable."""

from gerdy.records.bodies import (
    AnswerRetracted,
    Body,
    ComplaintDrawn,
    ConsentGiven,
    Corrected,
    Erased,
    Kept,
    MorningReported,
    NoteWritten,
    OutcomeScored,
    PersonDescribed,
    PlanIssued,
    ProgressDrawn,
    QuestionAnswered,
    RecordingAnalysed,
    RecordRead,
    SessionLogged,
    TestDone,
)
from gerdy.records.copies import check_backup
from gerdy.records.events import Event, Stored, parse_event
from gerdy.records.records import Export, PersonLine, Records, as_json, open_records
from gerdy.records.state import Logged, Session, State, fold
from gerdy.records.verification import Problem, Report

__all__ = [
    "AnswerRetracted",
    "Body",
    "ComplaintDrawn",
    "ConsentGiven",
    "Corrected",
    "Erased",
    "Event",
    "Export",
    "Kept",
    "Logged",
    "MorningReported",
    "NoteWritten",
    "OutcomeScored",
    "PersonDescribed",
    "PersonLine",
    "PlanIssued",
    "Problem",
    "ProgressDrawn",
    "QuestionAnswered",
    "RecordRead",
    "RecordingAnalysed",
    "Records",
    "Report",
    "Session",
    "SessionLogged",
    "State",
    "Stored",
    "TestDone",
    "as_json",
    "check_backup",
    "fold",
    "open_records",
    "parse_event",
]
