"""What an event says: one record per type. What they hold of health is opaque here; the case room knows it.

A body never shows what it holds when it is printed, so that no log and no traceback can tell it.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from gerdy.errors import DamagedError, InputError

Json = Any  # JSON in the shape of a case file, a plan or an analysis
Table = dict[str, Json]
Pain = Annotated[float, msgspec.Meta(ge=0, le=10)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Silent(msgspec.Struct, frozen=True, kw_only=True):
    """A record that does not show what it holds when it is printed."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> Any:
        return iter(())


class _Body(
    Silent, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"
):
    """What an event says."""


class PersonDescribed(_Body, frozen=True, kw_only=True, tag="person_described"):
    """Who it is: the tables ``person`` and ``care`` of a case file; None leaves what is known."""

    person: Table | None = None
    care: Table | None = None


class ComplaintDrawn(_Body, frozen=True, kw_only=True, tag="complaint_drawn"):
    """A complaint as a case file has it, without findings: side, since, pain, drawing, quality, and its id."""

    document: Table


class QuestionAnswered(_Body, frozen=True, kw_only=True, tag="question_answered"):
    """A finding and its value; for every complaint where the event names none."""

    finding: str
    value: Json


class AnswerRetracted(_Body, frozen=True, kw_only=True, tag="answer_retracted"):
    """A finding that is taken back; everywhere where the event names no complaint."""

    finding: str


class TestDone(_Body, frozen=True, kw_only=True, tag="test_done"):
    """A hands-on or guided test: what it found, and what was noted beside it."""

    __test__ = False  # for pytest: this tests a person

    finding: str
    value: Json
    note: str = ""


class RecordingAnalysed(_Body, frozen=True, kw_only=True, tag="recording_analysed"):
    """What a recording of movement measured, as findings and as the analysis itself."""

    recording: str
    findings: Table = {}
    analysis: Json = None


class PlanIssued(_Body, frozen=True, kw_only=True, tag="plan_issued"):
    """A plan as it was handed out."""

    plan: Json


class SessionLogged(_Body, frozen=True, kw_only=True, tag="session_logged"):
    """A day's work on the plan: which items, how much of them was done, pain during."""

    day: datetime.date
    items: tuple[str, ...] = ()
    done: Share = 1.0
    pain_during: Pain | None = None
    note: str = ""


class MorningReported(_Body, frozen=True, kw_only=True, tag="morning_reported"):
    """Pain on the morning after a session."""

    session: UUID
    pain: Pain


class ProgressDrawn(_Body, frozen=True, kw_only=True, tag="progress_drawn"):
    """The weekly drawing: where it hurts now; the complaint itself stays as it was drawn."""

    pain: dict[str, Pain] = {}
    drawing: tuple[Json, ...] = ()


class OutcomeScored(_Body, frozen=True, kw_only=True, tag="outcome_scored"):
    """The score of an outcome measure, and the answers behind it."""

    measure: str
    score: float
    answers: Json = None


class NoteWritten(_Body, frozen=True, kw_only=True, tag="note_written"):
    """Something in words."""

    text: str


class ConsentGiven(_Body, frozen=True, kw_only=True, tag="consent_given"):
    """What the person agreed to, or with ``granted`` false took back, and which text they saw."""

    purpose: str
    granted: bool = True
    text: str = ""


Correctable = (
    PersonDescribed
    | ComplaintDrawn
    | QuestionAnswered
    | AnswerRetracted
    | TestDone
    | RecordingAnalysed
    | PlanIssued
    | SessionLogged
    | MorningReported
    | ProgressDrawn
    | OutcomeScored
    | NoteWritten
)


class Corrected(_Body, frozen=True, kw_only=True, tag="corrected"):
    """An earlier event put right: what it should have said, or None where it should not have been."""

    event: UUID
    body: Correctable | None = None


class RecordRead(_Body, frozen=True, kw_only=True, tag="record_read"):
    """Somebody else has read the record; written by the records room itself."""

    what: str


class Erased(_Body, frozen=True, kw_only=True, tag="erased"):
    """The tombstone: the person's key was destroyed; written by the records room itself."""


Body = Correctable | ConsentGiven | Corrected
Kept = Body | RecordRead | Erased

_CLIENT: msgspec.json.Decoder[Body] = msgspec.json.Decoder(Body)
_KEPT: msgspec.json.Decoder[Kept] = msgspec.json.Decoder(Kept)
_ENCODER = msgspec.json.Encoder(order="deterministic", decimal_format="number")
MOST_BYTES = 4_000_000


def tag_of(body: Kept) -> str:
    """Return the type of an event as it is stored."""
    return str(body.__struct_config__.tag)


def encode(body: Kept) -> bytes:
    """Return a body as canonical JSON: the same body always gives the same bytes.

    Raises
    ------
    InputError
        If it holds something that is no JSON, breaks a rule of its type, or is too large.
    """
    try:
        content = _ENCODER.encode(body)
        _KEPT.decode(content)
    except (TypeError, ValueError, OverflowError, RecursionError, AttributeError) as error:
        # What msgspec says names the place; of the value it says no more than its kind.
        kind = tag_of(body) if isinstance(body, _Body) else "event"
        raise InputError(f"{kind}: breaks the rules of its type ({error}); see docs/records.md.") from None
    if len(content) > MOST_BYTES:
        raise InputError(f"{tag_of(body)}: has {len(content):,} bytes; {MOST_BYTES:,} is the most.")
    return content


def decode(content: bytes) -> Kept:
    """Return the body in stored JSON.

    Raises
    ------
    DamagedError
        If it is none that this Gerdy knows.
    """
    try:
        return _KEPT.decode(content)
    except ValueError:
        raise DamagedError("an event holds what this Gerdy does not know; a newer one wrote it.") from None


def normal(body: Body) -> Body:
    """Return the body as it will be read back: lists for lists, whatever a program wrote them as.

    Raises
    ------
    InputError
        As for ``encode``, and for types that only the records room itself writes.
    """
    content = encode(body)
    try:
        body = _CLIENT.decode(content)
    except ValueError:
        raise InputError(f"{tag_of(body)}: is written by Gerdy itself; choose another type.") from None
    return body
