"""What type checkers must see of the public API; checked by mypy, never run."""

import datetime
from pathlib import Path
from typing import assert_type

import gerdy
from gerdy.reasoning.answer import SourceAnswer

case = gerdy.load_case(Path("case.yaml"))
assert_type(case, gerdy.Case)
assert_type(gerdy.load_case("case.yaml"), gerdy.Case)

answer = gerdy.assess(case)
assert_type(answer, gerdy.Assessment)
assert_type(gerdy.assess(case, "knee"), gerdy.Assessment)
assert_type(gerdy.assess(case, complaint=None), gerdy.Assessment)
assert_type(answer.sources, list[SourceAnswer])
assert_type(answer.sources[0].probability, float)
assert_type(answer.sources[0].interval, tuple[float, float])
assert_type(answer.plan, gerdy.Plan)

question = gerdy.next_question(case, who="clinician", any_value=True)
assert_type(question, gerdy.Question | None)
if question is not None:
    assert_type(question.findings, list[str])

assert_type(gerdy.plan(answer), gerdy.Plan)
assert_type(gerdy.plan(answer, minutes=10, equipment={"band"}, start=datetime.date(2025, 6, 2)), gerdy.Plan)
assert_type(gerdy.to_json(answer), bytes)
assert_type(gerdy.to_json(answer.plan), bytes)

try:
    gerdy.load_case("case.yaml")
except gerdy.CaseError as error:
    assert_type(error.file, str | None)
    assert_type(error.line, int | None)
    assert_type(error.field, str | None)
except gerdy.UnknownIdError as error:
    assert_type(error.suggestions, list[str])
except gerdy.FileError as error:
    problem: gerdy.InputError = error
except gerdy.GerdyError:
    pass

gerdy.assess("case.yaml")  # type: ignore[arg-type]
gerdy.plan(answer, 10)  # type: ignore[call-arg]
gerdy.next_question(case, who=None)  # type: ignore[arg-type]
answer.plan = answer.plan  # type: ignore[misc]
