"""State: what is so now follows from the timeline alone, in the shape of a case file."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from records.making import DRAWING, NOON, Patient

from gerdy.case import Case, parse_case
from gerdy.records import (
    AnswerRetracted,
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
    Records,
    SessionLogged,
    State,
    Stored,
    TestDone,
    fold,
)


def stored(events: list[Event]) -> list[Stored]:
    """Return events as if they were kept one after the other."""
    revisions: dict[UUID | None, int] = {}
    kept = []
    for seq, event in enumerate(events, start=1):
        revisions[event.complaint] = revisions.get(event.complaint, 0) + 1
        names = ("id", "person", "body", "actor", "effective_at", "complaint", "expected")
        same: dict[str, Any] = {name: getattr(event, name) for name in names}
        revision = None if event.complaint is None else revisions[event.complaint]
        kept.append(Stored(**same, seq=seq, recorded_at=NOON, hash="", revision=revision))
    return kept


def folded(*events: Event) -> State:
    """Return the state after events of one person."""
    return fold(events[0].person, stored(list(events)))


def parsed(state: State) -> Case:
    """Return the case document as the case room reads it; it refuses what is no case."""
    return parse_case(msgspec.json.encode(state.case))


def test_without_events_nothing_is_known(runner: Patient) -> None:
    assert fold(runner.id, []) == State(person=runner.id)


def test_the_state_is_a_case_the_case_room_reads(records: Records, runner: Patient) -> None:
    person = {"age": 34, "sex": "female", "activities": ["running"]}
    for event in (
        runner.says(PersonDescribed(person=person, care={"minutes_per_day": 15})),
        runner.draws(),
        runner.answers("noble_compression", "positive"),
        runner.about(TestDone(finding="gait_trendelenburg", value={"right": "positive"}, note="10 m")),
        runner.says(QuestionAnswered(finding="worse_downhill", value="negative")),
    ):
        records.append(event)
    state = records.state(runner.id, actor=runner.id)
    case = parsed(state)
    assert (case.person.age, case.person.sex, case.means.minutes_per_day) == (34, "female", 15)
    assert case.date == NOON.date()
    assert case.value("noble_compression") == "positive"
    assert case.value("worse_downhill") == "negative"
    assert case.complaint("main").pain == {"knee_lateral": 6}
    assert state.complaints == {runner.complaint: "main"}
    assert state.revisions == {runner.complaint: 3}
    assert state.seq == 5


def test_a_later_drawing_replaces_and_keeps_the_answers(runner: Patient) -> None:
    again = runner.about(ComplaintDrawn(document={"side": "left", "pain": {"buttock": 2}}))
    state = folded(runner.draws(), runner.answers("night_pain", "no"), again)
    assert state.case is not None
    assert state.case["complaints"] == [
        {"side": "left", "pain": {"buttock": 2}, "id": "main", "findings": {"night_pain": "no"}}
    ]


def test_two_complaints_keep_apart_names_and_answers(runner: Patient) -> None:
    second = uuid4()
    state = folded(
        runner.draws(id="knee"),
        runner.says(ComplaintDrawn(document=DRAWING | {"side": "left", "id": "knee"}), complaint=second),
        runner.answers("noble_compression", "positive"),
        runner.says(QuestionAnswered(finding="noble_compression", value="negative"), complaint=second),
    )
    case = parsed(state)
    assert state.complaints == {runner.complaint: "knee", second: "knee_2"}
    assert [case.value("noble_compression", name) for name in ("knee", "knee_2")] == ["positive", "negative"]


def test_an_answer_for_all_hides_no_longer_behind_an_older_one(runner: Patient) -> None:
    state = folded(
        runner.draws(),
        runner.answers("night_pain", "yes"),
        runner.says(QuestionAnswered(finding="night_pain", value="no")),
    )
    assert state.case is not None
    assert state.case["findings"] == {"night_pain": "no"}
    assert "findings" not in state.case["complaints"][0]


def test_an_answer_is_taken_back(runner: Patient) -> None:
    shared = runner.says(QuestionAnswered(finding="night_pain", value="no"))
    own = runner.answers("night_pain", "yes")
    mine = folded(runner.draws(), shared, own, runner.about(AnswerRetracted(finding="night_pain")))
    everywhere = folded(runner.draws(), shared, own, runner.says(AnswerRetracted(finding="night_pain")))
    assert mine.case is not None
    assert everywhere.case is not None
    assert mine.case["findings"] == {"night_pain": "no"}
    assert "findings" not in everywhere.case
    assert "findings" not in everywhere.case["complaints"][0]


def test_a_correction_counts_where_the_event_stood(runner: Patient) -> None:
    first = runner.answers("night_pain", "yes")
    right = runner.about(Corrected(event=first.id, body=QuestionAnswered(finding="night_pain", value="no")))
    after = folded(runner.draws(), first, runner.answers("night_pain", "unknown"), right)
    before = folded(runner.draws(), first, right)
    assert after.case is not None
    assert before.case is not None
    assert after.case["complaints"][0]["findings"] == {"night_pain": "unknown"}
    assert before.case["complaints"][0]["findings"] == {"night_pain": "no"}


def test_the_last_correction_wins_and_may_withdraw(runner: Patient) -> None:
    note = runner.says(NoteWritten(text="one"))
    two, gone = NoteWritten(text="two"), None
    corrections = [runner.says(Corrected(event=note.id, body=body)) for body in (two, gone)]
    assert [one.body for one in folded(note, corrections[0]).notes] == [two]
    assert folded(note, *corrections).notes == ()
    assert [one.body for one in folded(note, *reversed(corrections)).notes] == [two]


def test_logs_hold_what_was_done_and_how_it_went(runner: Patient) -> None:
    session = runner.about(SessionLogged(day=NOON.date(), items=("side_plank",), done=0.5, pain_during=3))
    missed = runner.about(SessionLogged(day=NOON.date() + datetime.timedelta(days=1), done=0))
    state = folded(
        runner.draws(),
        runner.about(PlanIssued(plan={"items": ["old"]})),
        runner.about(PlanIssued(plan={"items": ["side_plank"]})),
        session,
        missed,
        runner.about(MorningReported(session=session.id, pain=2)),
        runner.about(ProgressDrawn(pain={"knee_lateral": 4})),
        runner.about(OutcomeScored(measure="lefs", score=61)),
        runner.about(
            RecordingAnalysed(recording="run.trc", findings={"pelvic_drop": 7}, analysis={"frames": 900})
        ),
        runner.says(ConsentGiven(purpose="research")),
        runner.says(ConsentGiven(purpose="research", granted=False)),
    )
    assert [(one.id, one.pain_next_morning) for one in state.sessions] == [(session.id, 2), (missed.id, None)]
    assert state.plans[runner.complaint].body == PlanIssued(plan={"items": ["side_plank"]})
    assert [len(log) for log in (state.progress, state.scores, state.recordings)] == [1, 1, 1]
    assert state.consents == {"research": False}
    assert state.case is not None
    assert state.case["complaints"][0]["findings"] == {"pelvic_drop": 7}
    assert state.case["complaints"][0]["pain"] == {"knee_lateral": 6}, "a weekly drawing is no new complaint"


def test_a_morning_of_a_withdrawn_session_is_withdrawn_with_it(runner: Patient) -> None:
    session = runner.about(SessionLogged(day=NOON.date()))
    morning = runner.about(MorningReported(session=session.id, pain=2))
    assert folded(session, morning, runner.about(Corrected(event=session.id))).sessions == ()


FINDINGS = ("resisted_abduction_pain", "gait_trendelenburg")
WORDS = ("positive", "negative", "unknown")
VALUES = st.sampled_from(WORDS) | st.fixed_dictionaries(
    {}, optional={"left": st.sampled_from(WORDS), "right": st.sampled_from(WORDS)}
).filter(bool)
STEPS = st.tuples(st.sampled_from(["one", "other", None]), st.sampled_from(FINDINGS), VALUES | st.none())


@given(st.lists(STEPS, max_size=12))
def test_the_fold_is_what_the_case_room_would_do(steps: list[tuple[str | None, str, Any]]) -> None:
    """Law: answering and retracting step by step, by the case room, gives the case that the fold gives."""
    someone, other = Patient(), uuid4()
    ids = {"one": someone.complaint, "other": other, None: None}
    events = [
        someone.draws(id="one"),
        someone.says(ComplaintDrawn(document=DRAWING | {"id": "other"}), complaint=other),
    ]
    case = parsed(folded(*events))
    for complaint, finding, value in steps:
        if value is None:
            events.append(someone.says(AnswerRetracted(finding=finding), complaint=ids[complaint]))
            case = case.retract(finding, complaint)
        else:
            events.append(
                someone.says(QuestionAnswered(finding=finding, value=value), complaint=ids[complaint])
            )
            case = case.answer(finding, value, complaint)
    assert parsed(folded(*events)) == case
