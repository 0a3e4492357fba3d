"""Hostile and broken files are refused before anything is built from them."""

import json
import os
import time
from pathlib import Path

import pytest
import yaml

from gerdy.case import reading
from gerdy.case.reading import (
    DEEPEST,
    MOST_BYTES,
    Listing,
    Node,
    Scalar,
    Table,
    read_bytes,
    read_file,
    read_text,
)
from gerdy.errors import CaseError, FileError


@pytest.fixture(autouse=True, params=["libyaml", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule holds with either parser of PyYAML; not every machine has the fast one."""
    if request.param == "python":
        monkeypatch.setattr(reading, "_Loader", yaml.SafeLoader)


def plain(node: Node) -> object:
    match node:
        case Scalar(_, value, _):
            return value
        case Listing(items, _):
            return [plain(item) for item in items]
        case Table(fields, _):
            return {name: plain(item) for name, item in fields.items()}


def refused(text: str | bytes, *words: str, line: int | None = None) -> CaseError:
    with pytest.raises(CaseError) as caught:
        read_bytes(text if isinstance(text, bytes) else text.encode(), "case.yaml")
    for word in words:
        assert word in str(caught.value)
    if line is not None:
        assert caught.value.line == line
        assert f"case.yaml:{line}:" in str(caught.value)
    return caught.value


def test_every_value_knows_the_line_of_its_key() -> None:
    table = read_text("gerdy: 1\nfindings:\n  a: yes\n  b:\n    left: 1\n  c:\n    - 1\n")
    findings = table.fields["findings"]
    assert isinstance(findings, Table)
    assert findings.line == 2
    assert [node.line for node in findings.fields.values()] == [3, 4, 6]


def test_words_stay_words_that_older_yaml_turns_into_something_else() -> None:
    text = "{a: no, b: yes, c: on, d: 12:30, e: 1_000, f: 2024-05-17, g: =, h: '24', i: 017}"
    found = {
        "a": "no",
        "b": "yes",
        "c": "on",
        "d": "12:30",
        "e": "1_000",
        "f": "2024-05-17",
        "g": "=",
        "h": "24",
    }
    assert plain(read_text(text)) == {**found, "i": 17}


def test_plain_scalars_follow_the_core_rules() -> None:
    text = "[~, null, true, False, -3, 0o17, 0x1F, .5, 1e3, +2.50, '', x]"
    found = plain(read_text(f"a: {text}"))
    assert found == {"a": [None, None, True, False, -3, 15, 31, 0.5, 1000.0, 2.5, "", "x"]}


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['echo']", "!!str x", "!mine {a: 1}", "! x"]
)
def test_tags_are_refused(tag: str) -> None:
    refused(f"gerdy: 1\nnotes: {tag}\n", "tag", line=2)


def test_a_billion_laughs_are_refused() -> None:
    laughs = ["a0: &a0 [ha, ha]"]
    laughs += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    refused("\n".join(laughs), "anchors", line=1)


def test_an_alias_is_refused() -> None:
    refused("gerdy: 1\na: *b\n", "aliases", line=2)


def test_a_merge_key_is_an_ordinary_name() -> None:
    assert "<<" in read_text("<<: {a: 1}").fields


def test_a_field_given_twice_is_refused_with_both_lines() -> None:
    refused("gerdy: 1\nnotes: a\nnotes: b\n", "'notes' is given twice", "line 2", line=3)


def test_a_second_document_is_refused() -> None:
    refused("gerdy: 1\n---\ngerdy: 1\n", "second document", line=2)


@pytest.mark.parametrize(("start", "stop"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
@pytest.mark.parametrize("depth", [DEEPEST + 1, 50_000])
def test_deep_nesting_is_refused(start: str, stop: str, depth: int) -> None:
    refused("a: " * (start != "- ") + start * depth + stop * depth, "deeper")


def test_moderate_nesting_is_read() -> None:
    assert read_text("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)).fields


def test_a_large_file_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    before = time.perf_counter()
    with pytest.raises(FileError, match=r"50,000,000 bytes; .* 1,000,000"):
        read_file(path)
    assert time.perf_counter() - before < 0.1


def test_a_large_text_is_refused() -> None:
    refused("a: " + "x" * MOST_BYTES, "1,000,000")


def test_very_many_values_are_refused() -> None:
    refused("a: [" + "1," * 100_000 + "]", "20,000 values")


@pytest.mark.parametrize(
    "content", [b"gerdy: 1\nnotes: caf\xe9\n", "gerdy: 1".encode("utf-16"), b"gerdy: 1\nn: \xff"]
)
def test_other_encodings_are_refused(content: bytes) -> None:
    refused(content, "UTF-8")


def test_a_byte_order_mark_is_skipped() -> None:
    assert "gerdy" in read_bytes(b"\xef\xbb\xbfgerdy: 1").fields


@pytest.mark.parametrize(
    "text", ["gerdy: 1\na: x\x00y\n", 'gerdy: 1\na: "x\\0y"\n', 'gerdy: 1\na: "\\e[31m"\n']
)
def test_control_characters_are_refused(text: str) -> None:
    refused(text, "control character", line=2)


@pytest.mark.parametrize(
    "number", [".nan", ".inf", "-.INF", "1e999", "123456789012345678901234567890", "0x" + "f" * 99]
)
def test_numbers_that_measure_nothing_are_refused(number: str) -> None:
    refused(f"gerdy: 1\nage: {number}\n", "number", line=2)


def test_numbers_that_measure_nothing_are_refused_whatever_their_length() -> None:
    refused(f"age: {'9' * 10_000}", "10000 digits")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    refused(text, "gerdy: 1", line=1)


@pytest.mark.parametrize("text", ["[1, 2]", "just words"])
def test_a_file_that_is_no_table_is_refused(text: str) -> None:
    refused(text, "table of fields")


@pytest.mark.parametrize("text", ["? [a]\n: 1\n", "{[a]: 1}", '"": 1'])
def test_a_field_needs_a_name(text: str) -> None:
    refused(text, "needs a name")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("gerdy: 1\nperson: {age: 34,\n  sex: fem", 3),
        ('gerdy: 1\nnotes: "never closed\n', 2),
        ("gerdy: 1\nperson:\n  age: 34\n sex: male\n", 4),
        ("gerdy: 1\nfindings:\n\tfever: yes\n", 3),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text: str, line: int) -> None:
    assert refused(text, "not readable as YAML").line == line


@pytest.mark.parametrize("escape", ["\\UFFFFFFFF", "\\U00110000", "\\ud83d", "\\ude00", "\\xzz", "\\q"])
def test_escapes_of_no_character_are_refused(escape: str) -> None:
    refused(f'{{"notes": "{escape}"}}')


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_is_read(ascii_only: bool, indent: int | str | None) -> None:
    data = {
        "gerdy": 1,
        "notes": 'knee \U0001f600 \\ud83d\\ude00 \\\U0001f600 "/" é\n\u2028\x85',
        "list": [1.5, True, None, "no"],
    }
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    assert plain(read_text(text)) == data


def test_json_with_escaped_slashes_is_read() -> None:
    assert plain(read_text('{"a":"b\\/c"}')) == {"a": "b/c"}


def test_json_duplicates_are_refused() -> None:
    refused('{"gerdy": 1,\n "notes": "a",\n "notes": "b"}', "given twice", line=3)


def test_what_is_not_an_ordinary_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, Path("/dev/zero")):
        with pytest.raises(FileError, match="not an ordinary file"):
            read_file(path)


@pytest.mark.parametrize("name", ["missing.yaml", "a\0b", "x" * 300, "missing/a.yaml"])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_file(tmp_path / name)
