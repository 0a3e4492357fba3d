"""The answer: concern first, then sources with reasons, then what to do."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result

import gerdy
from gerdy.atlas import load_atlas
from gerdy.cli.schema import assessment_schema

Run = Callable[..., Result]
Write = Callable[..., Path]

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_the_answer_has_every_part(run: Run, write: Write) -> None:
    write()
    result = run("assess", "case.yaml")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    said = result.stdout
    lead = gerdy.assess(gerdy.load_case("case.yaml")).sources[0]
    for part in (
        "No warning sign in what was told",
        "Right side: outer knee 6/10, for 3 weeks",
        f"1. {lead.name}",
        lead.words,
        "For ",
        "Against",
        "Chain",
        "What these leave unexplained",
        "What this rests on",
        "Worth finding out next",
        "What to do",
        "gerdy plan case.yaml",
        "it does not diagnose",
    ):
        assert part in said


def test_without_the_safety_lists_nothing_is_all_clear(run: Run, write: Write) -> None:
    write()
    assert (
        "safety lists are not fully answered yet, so this is not an all-clear"
        in run("assess", "case.yaml").stdout
    )


def test_an_emergency_comes_before_everything_else(run: Run, write: Write) -> None:
    write("swollen")
    said = _lines(run("assess", "case.yaml").stdout)
    assert said[0] == "EMERGENCY: be seen today"
    assert "all-clear" not in said[1]
    words = [line.split()[0] for line in said[1:12]]
    assert {"Where", "Say", "Why"} <= set(words)
    assert said.index("Where it most likely comes from") > 5


def test_every_reason_for_concern_is_told_with_where_and_what_to_say(run: Run, write: Write) -> None:
    write("swollen")
    said = " ".join(run("assess", "case.yaml").stdout.split())
    for reason in gerdy.assess(gerdy.load_case("case.yaml")).concern.reasons:
        for text in (reason.name, reason.where, reason.say, reason.reason):
            assert " ".join(text.split()) in said


def test_of_several_complaints_the_most_pressing_is_first(run: Run, write: Write) -> None:
    write("both")
    said = _lines(run("assess", "case.yaml").stdout)
    assert said[0] == "EMERGENCY: be seen today (complaint calf)"
    assert any(line.startswith("calf, left side") for line in said)
    assert any(line.startswith("knee, right side") for line in said)
    assert any(line == "-" * 80 for line in said)


def test_one_complaint_can_be_named(run: Run, write: Write) -> None:
    write("both")
    said = run("assess", "case.yaml", "--complaint", "knee").stdout
    assert "knee, right side" in said
    assert "calf, left side" not in said


@pytest.mark.parametrize("command", ["assess", "plan"])
def test_an_emergency_of_another_complaint_is_never_passed_over(command: str, run: Run, write: Write) -> None:
    write("both")
    said = run(command, "case.yaml", "--complaint", "knee").stdout
    assert said.startswith("EMERGENCY: be seen today (complaint calf)\n")
    assert run(command, "case.yaml", "--complaint", "calf").stdout.count("EMERGENCY") == (command == "assess")


def test_clinical_terms_and_numbers_for_a_clinician(run: Run, write: Write) -> None:
    write()
    lead = gerdy.assess(gerdy.load_case("case.yaml")).sources[0]
    said = run("assess", "case.yaml", "--clinical").stdout
    assert f"1. {lead.clinical}" in said
    assert "grade " in said
    assert "×" in said
    assert f"1. {lead.name}" in run("assess", "case.yaml", "--plain").stdout


def test_json_is_valid_under_the_shipped_schema(run: Run, write: Write) -> None:
    write()
    found = json.loads(run("assess", "case.yaml", "--json").stdout)
    jsonschema.Draft202012Validator(assessment_schema()).validate(found)
    assert found["sources"][0]["for"][0]["log_odds"] > 0


def test_json_of_several_complaints_is_a_list_in_the_order_of_the_file(run: Run, write: Write) -> None:
    write("both")
    found = json.loads(run("assess", "case.yaml", "--json").stdout)
    assert [one["complaint"] for one in found] == ["knee", "calf"]
    one = json.loads(run("assess", "case.yaml", "--json", "--complaint", "calf").stdout)
    assert one == found[1]
    for answer in found:
        jsonschema.Draft202012Validator(assessment_schema()).validate(answer)


def test_the_json_is_what_the_library_answers(run: Run, write: Write) -> None:
    write()
    said = run("assess", "case.yaml", "--json").stdout_bytes.rstrip(b"\n")
    assert said == gerdy.to_json(gerdy.assess(gerdy.load_case("case.yaml")))


def test_a_case_can_come_through_a_pipe(run: Run, write: Write) -> None:
    path = write()
    piped = run("assess", "-", typed=path.read_text())
    assert piped.exit_code == 0
    assert "gerdy plan" not in piped.stdout
    assert "gerdy interview" not in piped.stdout
    assert (
        run("assess", "-", "--json", typed=path.read_text()).stdout
        == run("assess", "case.yaml", "--json").stdout
    )


def test_a_report_is_written_beside_the_answer(run: Run, write: Write, tmp_path: Path) -> None:
    write()
    result = run("assess", "case.yaml", "--report", "out.html")
    assert result.exit_code == 0, result.stderr
    assert "The report is in out.html." in result.stdout
    assert (tmp_path / "out.html").read_text("utf-8").lower().startswith("<!doctype html>")


def test_a_report_holds_one_complaint(run: Run, write: Write, tmp_path: Path) -> None:
    write("both")
    result = run("assess", "case.yaml", "--report", "out.html")
    assert result.exit_code == 2
    assert "--complaint knee or calf" in result.stderr
    assert not (tmp_path / "out.html").exists()
    assert run("assess", "case.yaml", "--complaint", "calf", "--report", "out.html").exit_code == 0


def test_where_nothing_known_explains_it_that_is_said_first(run: Run, write: Write) -> None:
    atlas = load_atlas()
    told = [
        f.id for f in atlas.findings.values() if f.background is not None and not f.levels and not f.measured
    ]
    safe = {name for name in told if not atlas.findings[name].safety}
    answers = "".join(f"  {name}: negative\n" for name in sorted(safe))
    write(f"gerdy: 1\ncomplaint: {{side: right, pain: {{thigh_medial: 2}}}}\nfindings:\n{answers}")
    answer = gerdy.assess(gerdy.load_case("case.yaml"))
    assert answer.unexplained > answer.sources[0].probability
    said = run("assess", "case.yaml").stdout
    assert said.index("What these leave unexplained") < said.index("What comes nearest")


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
@pytest.mark.parametrize("columns", ["80", "50"])
def test_examples_fit_the_page(path: Path, columns: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for command in ("assess", "plan"):
        result = run(command, str(path))
        assert result.exit_code == 0, result.stderr
        # The bar with its numbers is drawn in one piece.
        assert all(len(line) <= max(int(columns), 70) for line in result.stdout.splitlines())
        assert all(line == line.rstrip() for line in result.stdout.splitlines())
