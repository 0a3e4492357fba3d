"""Nothing that was answered is lost, whatever ends the interview."""

import os
import select
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gerdy.atlas import load_atlas
from gerdy.case import Answer, load_case

Start = Callable[..., subprocess.Popen[bytes]]
Talk = Callable[..., Result]

SCREENS = [screen.name for screen in load_atlas().screens.values()]
FIRST = [f.id for f in load_atlas().findings.values() if f.screen == next(iter(load_atlas().screens))]
PATIENCE_S = 120  # only so that a broken interview fails rather than hangs


class Talker:
    """Answers a process line by line, each only after it has asked."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process, self.heard = process, b""

    def wait_for(self, words: str) -> None:
        assert self.process.stdout is not None
        while words.encode() not in self.heard:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
            assert ready, f"silent before “{words}”: {self.heard.decode()}"
            more = os.read(self.process.stdout.fileno(), 65536)
            assert more, f"ended before “{words}”: {self.heard.decode()}"
            self.heard += more
        self.heard = self.heard.split(words.encode(), 1)[1]

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def begin(self) -> None:
        """Answer everything up to the first safety list."""
        for words, line in (
            ("Which side", "right"),
            ("Place and how much:", "outer knee 6"),
            ("Place and how much:", ""),
            ("Since when?", "6 weeks"),
            ("Age", "34"),
            ("Sex", "f"),
            ("Height", ""),
            ("Weight", ""),
            ("your days?", "1"),
        ):
            self.wait_for(words)
            self.say(line)


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_a_killed_interview_goes_on_with_every_answer(start: Start, talk: Talk, tmp_path: Path) -> None:
    with start("interview") as process:
        talker = Talker(process)
        talker.begin()
        talker.wait_for(f"Safety: {SCREENS[0]}")
        talker.say("1?")
        talker.wait_for(f"Safety: {SCREENS[1]}")
        process.kill()
    assert process.returncode == -signal.SIGKILL
    case = load_case(tmp_path / "gerdy-case.yaml")
    assert case.person.age == 34
    assert case.value(FIRST[0]) is Answer.UNKNOWN
    assert case.value(FIRST[1]) is Answer.NEGATIVE
    assert [path.name for path in tmp_path.iterdir()] == ["gerdy-case.yaml"]
    said = talk("", args=("gerdy-case.yaml",)).stdout
    assert "Which side" not in said
    assert f"Safety: {SCREENS[0]}" not in said
    assert f"Safety: {SCREENS[1]}" in said


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_an_interrupted_interview_says_where_it_is_saved(start: Start, tmp_path: Path) -> None:
    with start("interview") as process:
        talker = Talker(process)
        talker.begin()
        talker.wait_for("Enter for none of these:")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 130
    assert b"Saved in gerdy-case.yaml." in out
    assert b"Traceback" not in err
    assert load_case(tmp_path / "gerdy-case.yaml").person.age == 34


def test_the_saved_file_is_for_its_owner_alone(talk: Talk, tmp_path: Path) -> None:
    talk("right", "outer knee 6")
    if os.name != "nt":
        assert (tmp_path / "gerdy-case.yaml").stat().st_mode & 0o077 == 0


def test_a_case_that_can_no_longer_be_written_is_told(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk("right", "outer knee 6")
    before = (tmp_path / "gerdy-case.yaml").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = talk("", "6 weeks", args=("gerdy-case.yaml",))
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert (tmp_path / "gerdy-case.yaml").read_bytes() == before
