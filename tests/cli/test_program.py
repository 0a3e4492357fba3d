"""The program as a whole: help, version, laziness, and what happens when something fails."""

import subprocess
import sys
from collections.abc import Callable

import click
import pytest
from click.testing import Result

from gerdy import __version__
from gerdy.cli import failing
from gerdy.cli.program import COMMANDS, program

Run = Callable[..., Result]
Start = Callable[..., subprocess.Popen[bytes]]

HEAVY = ("numpy", "yaml", "rich", "msgspec", "jinja2", "gerdy.api", "gerdy.atlas", "gerdy.case")


def _commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name in COMMANDS:
        command = program.get_command(click.Context(program), name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {inner}", one) for inner, one in command.commands.items()]
    return found


def test_help_lists_every_command_and_every_exit_code(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"  {name} " in result.stdout
    for code in ("0", "1", "2", "3", "130"):
        assert f"\n    {code} " in result.stdout


def test_listing_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom gerdy.cli.program import program\n"
        "try:\n    program.main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"sys.exit(any(name in sys.modules for name in {HEAVY!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "command"), _commands())
def test_every_command_explains_itself_with_examples(name: str, command: click.Command, run: Run) -> None:
    result = run(*name.split(), "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert f"gerdy {name}" in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help, f"{name}: {option.name} has no help"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says(name: str) -> None:
    command = program.get_command(click.Context(program), name)
    assert command is not None
    assert command.help is not None
    assert command.help.split("\n\n")[0].replace("\n", " ") == COMMANDS[name].line


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"gerdy {__version__}\n"


def test_an_unknown_command_is_answered_with_the_nearest(run: Run) -> None:
    result = run("asses")
    assert result.exit_code == failing.BAD_INPUT
    assert "did you mean 'assess'" in result.stderr


@pytest.mark.parametrize(
    "args", [("assess",), ("assess", "a", "b"), ("plan", "a", "--minutes", "many"), ("nope",)]
)
def test_wrong_usage_is_bad_input(args: tuple[str, ...], run: Run) -> None:
    result = run(*args)
    assert result.exit_code == failing.BAD_INPUT
    assert result.stdout == ""
    assert "Error:" in result.stderr


def _broken(message: str) -> object:
    raise RuntimeError(message)


def test_an_unexpected_error_is_one_line_without_anything_from_the_case(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "gerdy.cli.assess.open_case", lambda _: _broken("no row for 'fever' at night_pain, age 47")
    )
    result = run("assess", "case.yaml")
    assert result.exit_code == failing.INTERNAL
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "RuntimeError" in result.stderr
    assert "report" in result.stderr
    for private in ("fever", "night_pain", "47", "Traceback"):
        assert private not in result.stderr


def test_the_traceback_is_there_for_who_wants_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GERDY_DEBUG", "1")
    monkeypatch.setattr("gerdy.cli.assess.open_case", lambda _: _broken("no row"))
    result = run("assess", "case.yaml")
    assert result.exit_code == failing.INTERNAL
    assert "Traceback" in result.stderr


def test_an_interruption_has_its_own_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("gerdy.cli.assess.open_case", interrupted)
    result = run("assess", "case.yaml")
    assert result.exit_code == failing.INTERRUPTED
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("args", [("findings",), ("claims",), ("findings", "--json")])
def test_a_reader_that_leaves_is_no_failure(args: tuple[str, ...], start: Start) -> None:
    with start(*args) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == failing.OK
    assert said == b""


def test_output_in_a_pipe_has_no_colour_and_no_trailing_space(start: Start) -> None:
    out, _ = start("findings", "noble").communicate()
    assert b"\x1b" not in out
    assert all(line == line.rstrip() for line in out.decode().splitlines())


def test_colour_can_be_forced_and_refused(start: Start) -> None:
    out, _ = start("findings", "noble", FORCE_COLOR="1", TERM="xterm").communicate()
    assert b"\x1b[1m" in out
    out, _ = start("claims", "rolling", FORCE_COLOR="1", NO_COLOR="1", TERM="xterm").communicate()
    assert b"\x1b[3" not in out


def test_a_terminal_without_unicode_still_shows_everything(start: Start) -> None:
    process = start("claims", "rolling", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    out, err = process.communicate()
    assert process.returncode == failing.OK
    assert err == b""
    assert out.isascii()


@pytest.mark.parametrize(
    ("message", "private"),
    [
        ("'itbs'", "itbs"),
        ('could not read "right knee"', "knee"),
        ("night_pain_any_position is missing", "night_pain"),
        ("index 47 is out of bounds for axis 0 with size 42", "47"),
        ("took 3.75 of 10", "3.75"),
    ],
)
def test_what_a_case_may_have_put_into_a_message_is_taken_out(message: str, private: str) -> None:
    said = failing.describe(ValueError(message))
    assert said.startswith("ValueError")
    assert private not in said
