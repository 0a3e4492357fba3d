"""Whatever is wrong with what was handed in: one clear message, exit code 2, and no output file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from gerdy.atlas import load_atlas
from gerdy.cli.failing import BAD_INPUT

Run = Callable[..., Result]
Write = Callable[..., Path]

HEAD = "gerdy: 1\ncomplaint:\n  side: right\n  pain: {knee_lateral: 6}\n"
LAUGHS = "gerdy: 1\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def _excluding() -> str:
    """Return two findings that cannot be positive together, as lines of a case."""
    for finding in load_atlas().findings.values():
        if finding.excludes:
            return f"  {finding.id}: positive\n  {finding.excludes[0]}: positive\n"
    raise AssertionError("no finding of the atlas excludes another")


# name of the slip, text of the file, what the message names
SLIPS = [
    (
        "unknown finding",
        f"{HEAD}findings:\n  noble_compresion: positive\n",
        ("case.yaml:6", "noble_compression"),
    ),
    (
        "unknown region",
        "gerdy: 1\ncomplaint:\n  side: right\n  pain: {knee_latral: 6}\n",
        (":4", "knee_lateral"),
    ),
    (
        "pain out of range",
        "gerdy: 1\ncomplaint:\n  side: right\n  pain: {knee_lateral: 12}\n",
        (":4", "0 to 10"),
    ),
    (
        "impossible angle",
        f"{HEAD}findings:\n  hip_internal_rotation_deg: 300\n",
        (":6", "hip_internal_rotation"),
    ),
    ("wrong unit", f"{HEAD}findings:\n  hip_internal_rotation_deg: 24 mm\n", (":6", "deg")),
    ("contradiction", f"{HEAD}findings:\n{_excluding()}", ("case.yaml:", "together")),
    ("impossible age", f"{HEAD}person: {{age: 7}}\n", (":5", "person.age")),
    ("missing side", "gerdy: 1\ncomplaint: {pain: {knee_lateral: 6}}\n", (":2", "side", "missing")),
    ("both sides", "gerdy: 1\ncomplaint: {side: both}\n", (":2", "side")),
    ("no complaint", "gerdy: 1\n", ("complaint", "missing")),
    ("truncated", "gerdy: 1\ncomplaint: {side: right", (":2", "complete")),
    ("empty", "", ("empty",)),
    ("not a case", "hello: world\n", ("gerdy",)),
    ("unknown field", f"{HEAD}colour: blue\n", (":5", "colour")),
    ("tag", "gerdy: 1\nnotes: !!python/object/apply:os.system ['touch hacked']\n", (":2", "tag")),
    ("aliases", LAUGHS, (":2", "alias")),
    ("deep nesting", "gerdy: 1\nnotes: " + "[" * 500 + "]" * 500 + "\n", ("nested",)),
    ("given twice", f"{HEAD}findings:\n  fever: yes\n  fever: no\n", (":7", "twice")),
    ("control sign", "gerdy: 1\nnotes: a\x1b[31mb\n", (":2", "control")),
    ("newer format", "gerdy: 99\ncomplaint: {side: right}\n", (":1", "newer")),
]


@pytest.mark.parametrize(("text", "words"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS])
@pytest.mark.parametrize("command", ["assess", "plan", "chart"])
def test_a_slip_in_a_case_is_told_with_its_place(
    command: str, text: str, words: tuple[str, ...], run: Run, write: Write, tmp_path: Path
) -> None:
    write(text)
    out = {"assess": ("--report", "out.html"), "plan": (), "chart": ("-o", "out.svg")}[command]
    result = run(command, "case.yaml", *out)
    _refused(result.exit_code, result.stdout, result.stderr)
    assert "case.yaml" in result.stderr
    for word in words:
        assert word in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml"]


def _refused(code: int, out: str, err: str) -> None:
    assert code == BAD_INPUT, err
    assert out == ""
    assert err.startswith("gerdy: ")
    assert "Traceback" not in err


def _missing(folder: Path) -> Path:
    return folder / "nothing.yaml"


def _directory(folder: Path) -> Path:
    path = folder / "folder.yaml"
    path.mkdir()
    return path


def _huge(folder: Path) -> Path:
    path = folder / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    return path


def _binary(folder: Path) -> Path:
    path = folder / "binary.yaml"
    path.write_bytes(bytes(range(256)))
    return path


@pytest.mark.parametrize("made", [_missing, _directory, _huge, _binary])
@pytest.mark.parametrize("command", ["assess", "plan", "interview", "chart"])
def test_what_is_no_case_file_is_refused_by_name(
    command: str, made: Callable[[Path], Path], run: Run, tmp_path: Path
) -> None:
    path = made(tmp_path)
    result = run(command, str(path), *(("-o", "out.svg") if command == "chart" else ()), typed="y\n")
    _refused(result.exit_code, result.stdout, result.stderr)
    assert path.name in result.stderr
    assert not (tmp_path / "out.svg").exists()


def test_the_same_slips_are_found_on_standard_input(run: Run) -> None:
    result = run("assess", "-", typed=f"{HEAD}person: {{age: 7}}\n")
    _refused(result.exit_code, result.stdout, result.stderr)
    assert "standard input:5: person.age" in result.stderr


def test_standard_input_is_not_read_without_end(run: Run) -> None:
    result = run("assess", "-", typed=b"x" * 1_000_001)
    _refused(result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("assess", "case.yaml", "--complaint", "knee"), "main"),
        (("assess", "case.yaml", "--report", "out.txt"), ".html"),
        (("assess", "case.yaml", "--report", "nowhere/out.html"), "nowhere"),
        (("assess", "case.yaml", "--report", "taken.html"), "taken.html"),
        (("plan", "case.yaml", "--equipment", "sofa"), "sofa"),
        (("plan", "case.yaml", "--minutes", "0"), "minutes"),
        (("chart", "case.yaml", "-o", "out.jpg"), ".png"),
        (("chart", "case.yaml", "-o", "nowhere/out.svg"), "nowhere"),
        (("chart", "case.yaml", "-o", "taken.svg"), "taken.svg"),
        (("chart", "case.yaml", "--source", "itb", "-o", "out.svg"), "itbs"),
        (("chart", "case.yaml", "--side", "left", "-o", "out.svg"), "right"),
        (("chart", "itbss", "-o", "out.svg"), "itbs"),
        (("chart", "knee_lateral", "-o", "out.svg"), "knee_lateral"),
        (("chart", "itbs", "--source", "pfp", "-o", "out.svg"), "--source"),
        (("interview", "-"), "standard input"),
        (("interview", "--save", "case.yaml"), "exists"),
        (("interview", "--save", "nowhere/new.yaml"), "nowhere"),
        (("interview", "case.yaml", "--complaint", "knee"), "main"),
        (("atlas", "show", "noble_compresion"), "noble_compression"),
        (("atlas", "list", "muscles"), "sources"),
        (("schema", "plan"), "assessment"),
        (("findings", "--who", "me"), "person"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(
    args: tuple[str, ...], word: str, run: Run, write: Write, tmp_path: Path
) -> None:
    before = write().read_text()
    for name in ("taken.html", "taken.svg"):
        (tmp_path / name).mkdir()
    result = run(*args)
    assert result.exit_code == BAD_INPUT
    assert result.stdout == ""
    assert word in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml", "taken.html", "taken.svg"]
    assert (tmp_path / "case.yaml").read_text() == before
