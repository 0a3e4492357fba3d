"""What is so now: a fold over the timeline. Nothing else is kept, so nothing can disagree with the timeline."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from gerdy.records.bodies import (
    AnswerRetracted,
    ComplaintDrawn,
    ConsentGiven,
    Correctable,
    Corrected,
    Kept,
    MorningReported,
    NoteWritten,
    OutcomeScored,
    PersonDescribed,
    PlanIssued,
    ProgressDrawn,
    QuestionAnswered,
    RecordingAnalysed,
    SessionLogged,
    Silent,
    Table,
    TestDone,
)
from gerdy.records.events import Stored

CASE_VERSION = 1  # of the case file, whose shape the document has
_SIDES = {"left", "right"}


class Logged(Silent, frozen=True, kw_only=True):
    """One entry of a log, as it stands after corrections."""

    id: UUID
    complaint: UUID | None
    effective_at: datetime.datetime
    actor: str
    body: Kept


class Session(Silent, frozen=True, kw_only=True):
    """A session on the plan, with the pain on the morning after, where it was reported."""

    id: UUID
    complaint: UUID | None
    effective_at: datetime.datetime
    actor: str
    body: SessionLogged
    pain_next_morning: float | None = None


class State(Silent, frozen=True, kw_only=True):
    """What is known of a person now.

    Attributes
    ----------
    seq : number of the last event that went in.
    case : the case document, as a case file has it; None until a complaint was drawn.
    complaints : the id of each complaint in the case document, by its id in the records.
    revisions : the revision of each complaint, which the next event about it expects.
    plans : the last plan of each complaint; None for one that is about no complaint.
    consents : by purpose, whether it is given now.
    """

    person: UUID
    seq: int = 0
    case: Table | None = None
    complaints: dict[UUID, str] = msgspec.field(default_factory=dict)
    revisions: dict[UUID, int] = msgspec.field(default_factory=dict)
    plans: dict[UUID | None, Logged] = msgspec.field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    progress: tuple[Logged, ...] = ()
    scores: tuple[Logged, ...] = ()
    recordings: tuple[Logged, ...] = ()
    notes: tuple[Logged, ...] = ()
    consents: dict[str, bool] = msgspec.field(default_factory=dict)


def fold(person: UUID, events: Iterable[Stored]) -> State:
    """Return what is so after a timeline; a corrected event counts where it stood, as it should have been."""
    kept = list(events)
    folding = _Folding(kept)
    for event in kept:
        folding.take(event)
    return folding.state(person)


class _Folding:
    """The case and the logs while they grow."""

    def __init__(self, events: list[Stored]) -> None:
        # The last correction of an event wins.
        self.corrections: dict[UUID, Correctable | None] = {
            event.body.event: event.body.body for event in events if isinstance(event.body, Corrected)
        }
        self.seq = events[-1].seq if events else 0
        self.person: Table = {}
        self.care: Table = {}
        self.shared: Table = {}
        self.drawn: dict[UUID, Table] = {}
        self.own: dict[UUID, Table] = {}
        self.date: datetime.date | None = None
        self.revisions: dict[UUID, int] = {}
        self.plans: dict[UUID | None, Logged] = {}
        self.sessions: dict[UUID, Session] = {}
        self.logs: dict[str, list[Logged]] = {"progress": [], "scores": [], "recordings": [], "notes": []}
        self.consents: dict[str, bool] = {}

    def take(self, event: Stored) -> None:
        """Let one event count."""
        if event.complaint is not None and event.revision is not None:
            self.revisions[event.complaint] = event.revision
        body = self.corrections.get(event.id, event.body)
        if body is None or isinstance(body, Corrected):
            return
        if not self._of_case(event, body):
            self._of_logs(event, body)

    def _of_case(self, event: Stored, body: Kept) -> bool:
        match body:
            case PersonDescribed():
                self.person |= body.person or {}
                self.care |= body.care or {}
            case ComplaintDrawn() if event.complaint is not None:
                self.drawn[event.complaint] = {k: v for k, v in body.document.items() if k != "findings"}
                # Durations such as "6 weeks" count from the day on which they were said.
                self.date = event.effective_at.date()
            case QuestionAnswered() | TestDone():
                self._answer(event.complaint, body.finding, body.value)
            case AnswerRetracted():
                self._retract(event.complaint, body.finding)
            case _:
                return False
        return True

    def _of_logs(self, event: Stored, body: Kept) -> None:
        entry = Logged(
            id=event.id,
            complaint=event.complaint,
            effective_at=event.effective_at,
            actor=event.actor,
            body=body,
        )
        match body:
            case SessionLogged():
                told = {name: getattr(entry, name) for name in ("id", "complaint", "effective_at", "actor")}
                self.sessions[event.id] = Session(**told, body=body)
            case MorningReported():
                before = self.sessions.get(body.session)
                if before is not None:  # the session may have been withdrawn
                    self.sessions[body.session] = msgspec.structs.replace(before, pain_next_morning=body.pain)
            case PlanIssued():
                self.plans[event.complaint] = entry
            case RecordingAnalysed():
                for finding, value in body.findings.items():
                    self._answer(event.complaint, finding, value)
                self.logs["recordings"].append(entry)
            case ProgressDrawn():
                self.logs["progress"].append(entry)
            case OutcomeScored():
                self.logs["scores"].append(entry)
            case NoteWritten():
                self.logs["notes"].append(entry)
            case ConsentGiven():
                self.consents[body.purpose] = body.granted

    def _answer(self, complaint: UUID | None, finding: str, value: Any) -> None:
        if complaint is None:
            side = next((str(one.get("side")) for one in self.drawn.values()), None)
            self.shared[finding] = _merged(self.shared.get(finding), value, side)
            # An older answer under one complaint would hide the new one.
            for own in self.own.values():
                own.pop(finding, None)
            return
        own = self.own.setdefault(complaint, {})
        side = self.drawn.get(complaint, {}).get("side")
        own[finding] = _merged(own.get(finding), value, side)

    def _retract(self, complaint: UUID | None, finding: str) -> None:
        for own in self.own.values() if complaint is None else (self.own.get(complaint, {}),):
            own.pop(finding, None)
        if complaint is None:
            self.shared.pop(finding, None)

    def state(self, person: UUID) -> State:
        """Return what has grown."""
        names = self._names()
        return State(
            person=person,
            seq=self.seq,
            case=self._case(names) if self.drawn else None,
            complaints=names,
            revisions=self.revisions,
            plans=self.plans,
            sessions=tuple(self.sessions.values()),
            consents=self.consents,
            **{name: tuple(entries) for name, entries in self.logs.items()},
        )

    def _names(self) -> dict[UUID, str]:
        """Return what each complaint is called; a name that is taken, or missing, gives way to a number."""
        names: dict[UUID, str] = {}
        for number, (complaint, document) in enumerate(self.drawn.items(), start=1):
            name = str(document.get("id") or ("main" if len(self.drawn) == 1 else f"complaint_{number}"))
            while name in names.values():
                name = f"{name}_{number}"
            names[complaint] = name
        return names

    def _case(self, names: dict[UUID, str]) -> Table:
        complaints = [
            {**document, "id": names[complaint], **_filled(findings=self.own.get(complaint, {}))}
            for complaint, document in self.drawn.items()
        ]
        case: Table = {"gerdy": CASE_VERSION}
        if self.date is not None:
            case["date"] = self.date.isoformat()
        return case | _filled(
            person=self.person, complaints=complaints, findings=dict(self.shared), care=self.care
        )


def _merged(old: Any, new: Any, side: str | None) -> Any:
    """Keep what is known of the other leg, as the case room does."""
    if _sided(new):
        known = old if _sided(old) else {} if old is None or side not in _SIDES else {side: old}
        return {**known, **{leg: value for leg, value in new.items() if value is not None}}
    return {**old, side: new} if _sided(old) and side in _SIDES else new


def _sided(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= _SIDES


def _filled(**tables: Any) -> Table:
    return {name: table for name, table in tables.items() if table}
