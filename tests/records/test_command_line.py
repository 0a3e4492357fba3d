"""``gerdy records``: what it prints, what it writes, and how it ends when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from records.making import DRAWING, KEY, Patient, intruder
from sqlalchemy import text

from gerdy.case import load_case
from gerdy.cli.lazy import Lazy
from gerdy.cli.program import Program
from gerdy.records import NoteWritten, PersonDescribed, RecordRead, open_records

Run = Callable[..., Result]
COMMAND = {"records": Lazy("gerdy.cli.records", "records", "What is remembered of people.")}


@pytest.fixture
def run(where: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run ``gerdy records`` on a database, in an empty folder."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("GERDY_MASTER_KEY", KEY.hex())
    monkeypatch.setenv("GERDY_DB", where)

    def invoke(*args: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(Program(name="gerdy", lazy=COMMAND), ["records", *args], input=typed)

    return invoke


@pytest.fixture
def kept(where: str, runner: Patient) -> Patient:
    """Somebody with a case and a note."""
    with open_records(where, master_key=KEY) as records:
        records.append(runner.says(PersonDescribed(person={"age": 34})))
        records.append(runner.draws())
        records.append(runner.answers("noble_compression", "positive"))
        records.append(runner.says(NoteWritten(text="downhill")))
    return runner


def test_the_list_names_people_and_nothing_else(run: Run, kept: Patient, where: str) -> None:
    with open_records(where, master_key=KEY) as records:
        other = Patient()
        records.append(other.draws())
        records.erase(other.id, actor="dr_lee")
    done = run("list")
    assert done.exit_code == 0
    assert [line.split()[:2] for line in done.output.splitlines()[1:]] == [
        [str(kept.id), "4"],
        [str(other.id), "2"],
    ]
    assert "knee" not in done.output


def test_an_empty_database_has_nobody(run: Run, where: str) -> None:
    open_records(where).close()
    assert run("list").output == "Nobody yet.\n"
    assert run("verify").output == "0 events of 0 people.\nEvery timeline is whole.\n"


def test_a_database_that_is_not_there_is_not_made(run: Run, where: str) -> None:
    for command in (["list"], ["verify"], ["backup", "copy"], ["export", str(Patient().id)]):
        done = run(*command)
        assert done.exit_code == 2
        assert "check the name" in done.output
    assert "://" in where or not Path(where).exists()


def test_verify_says_what_is_wrong_and_fails(run: Run, kept: Patient, where: str) -> None:
    assert run("verify", "--save-heads", "heads.json").exit_code == 0
    assert run("verify", "--against", "heads.json", "--unseal").exit_code == 0
    with intruder(where) as connection:
        connection.execute(text("UPDATE record_event SET actor = 'forged' WHERE seq = 3"))
    done = run("verify")
    assert done.exit_code == 1
    assert f"event 3 of person {kept.id}: was altered" in " ".join(done.output.split())
    assert "1 problem." in done.output
    with intruder(where) as connection:
        connection.execute(text("DELETE FROM record_event"))
        connection.execute(text("DELETE FROM record_head"))
    done = run("verify", "--against", "heads.json")
    assert done.exit_code == 1
    assert "had 4 events before, and has 0" in " ".join(done.output.split())


def test_verify_refuses_what_is_no_list_of_heads(run: Run, kept: Patient) -> None:
    Path("wrong.json").write_text("[]")
    for wrong in ("wrong.json", "missing.json"):
        assert run("verify", "--against", wrong).exit_code == 2


def test_export_hands_out_everything_and_is_written_down(run: Run, kept: Patient, where: str) -> None:
    done = run("export", str(kept.id), "--as", "dr_lee")
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert [event["body"]["type"] for event in told["events"]] == [
        "person_described", "complaint_drawn", "question_answered", "note_written", "record_read",
    ]  # fmt: skip
    assert told["events"][3]["body"]["text"] == "downhill"
    assert told["state"]["case"]["complaints"][0]["pain"] == DRAWING["pain"]
    with open_records(where, master_key=KEY) as records:
        last = records.timeline(kept.id, actor=kept.id)[-1]
    assert (last.actor, last.body) == ("dr_lee", RecordRead(what="export"))


def test_export_writes_files_for_their_owner_alone(run: Run, kept: Patient) -> None:
    files = {"-o": "all.json", "--case": "case.yaml", "--report": "report.html"}
    done = run("export", str(kept.id), *(part for pair in files.items() for part in pair))
    assert done.exit_code == 0, done.output
    for name in files.values():
        assert name in done.output
        assert Path(name).stat().st_mode & 0o077 == 0
    assert load_case("case.yaml").value("noble_compression") == "positive"
    assert "<html" in Path("report.html").read_text("utf-8")


def test_export_without_a_complaint_has_no_case(run: Run, where: str, runner: Patient) -> None:
    with open_records(where, master_key=KEY) as records:
        records.append(runner.says(NoteWritten(text="x")))
    done = run("export", str(runner.id), "--case", "case.yaml")
    assert done.exit_code == 2
    assert "no complaint" in done.output
    assert run("export", str(runner.id), "--report", "report.pdf").exit_code == 2


def test_backup_and_restore(run: Run, kept: Patient, tmp_path: Path) -> None:
    done = run("backup", "copy")
    assert done.exit_code == 0
    assert done.output.startswith("4 events of 1 person are in copy, checked.")
    assert run("backup", "copy").exit_code == 2
    assert run("verify", "--backup", "copy").output == "4 events of 1 person.\nEvery timeline is whole.\n"
    assert run("verify", "--backup", "copy", "--unseal").exit_code == 2
    assert run("restore", "copy").exit_code == 2, "into an empty database only"
    new = str(tmp_path / "new.db")
    done = run("restore", "copy", "--db", new)
    assert done.exit_code == 0
    assert "master key" in done.output
    assert run("verify", "--db", new, "--unseal").exit_code == 0
    assert run("restore", "missing", "--db", str(tmp_path / "newer.db")).exit_code == 2


def test_erase_asks_first(run: Run, kept: Patient, where: str) -> None:
    assert run("erase", str(kept.id), typed="n\n").exit_code == 130
    with open_records(where, master_key=KEY) as records:
        assert len(records.timeline(kept.id, actor=kept.id)) == 4
    assert run("erase", str(kept.id), typed="y\n").exit_code == 0
    done = run("export", str(kept.id))
    assert done.exit_code == 2
    assert "erased" in done.output
    assert run("verify").output == "5 events of 1 person, 1 of them erased.\nEvery timeline is whole.\n"
    assert run("erase", str(Patient().id), "--yes").exit_code == 2


def test_a_missing_library_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, "gerdy.records", None)
    done = run("list")
    assert done.exit_code == 2
    assert "gerdy[app]" in done.output


def test_the_commands_load_no_database_library() -> None:
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code = (
        "import sys, gerdy.cli.records\n"
        "print([name for name in ('sqlalchemy', 'alembic', 'cryptography', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
