"""Text on the page: wrapped, hanging, never wider than the terminal."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from gerdy.cli.page import WIDEST, Page
from gerdy.cli.searching import matches
from gerdy.cli.words import bar, duration, interval, percent, times


def _page(width: int) -> tuple[Page, io.StringIO]:
    out = io.StringIO()
    return Page(Console(file=out, width=width, highlight=False, markup=False, emoji=False)), out


def test_wrapped_lines_hang_under_the_first() -> None:
    page, out = _page(30)
    page.say("one two three four five six seven eight", indent=2, label="Why", hang=6)
    assert out.getvalue().splitlines() == ["  Why   one two three four", "        five six seven eight"]


def test_marks_in_brackets_are_text() -> None:
    page, out = _page(80)
    page.say("a [bold]b[/bold] :smile: [link=x]y")
    assert out.getvalue() == "a [bold]b[/bold] :smile: [link=x]y\n"


@given(
    words=st.text(
        alphabet=st.characters(
            codec="ascii",
            exclude_characters="\x00\t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x7f" + "".join(map(chr, range(1, 32))),
        ),
        max_size=300,
    ),
    width=st.integers(40, 120),
    indent=st.integers(0, 8),
    label=st.text("abc ", max_size=8),
)
def test_no_line_is_wider_than_the_page_or_ends_in_space(
    words: str, width: int, indent: int, label: str
) -> None:
    page, out = _page(width)
    page.say(words, indent=indent, label=label)
    for line in out.getvalue().splitlines():
        assert len(line) <= min(width, WIDEST)
        assert line == line.rstrip()
    kept = "".join(out.getvalue().split())
    assert kept == "".join((label + words).split())


def test_lists_run_down_their_columns() -> None:
    page, out = _page(42)
    page.choices(["a", "b", "c", "d", "e"])
    assert [line.split() for line in out.getvalue().splitlines()] == [
        ["1", "a", "4", "d"],
        ["2", "b", "5", "e"],
        ["3", "c"],
    ]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_bar_is_always_as_wide_and_has_one_point(a: float, b: float, c: float) -> None:
    low, chance, high = sorted((a, b, c))
    drawn = bar(chance, low, high, plain=True).plain
    assert len(drawn) == 24
    assert drawn.count("O") == 1
    assert bar(chance, low, high) != Text(drawn)


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.0, "<1 %"), (0.009, "<1 %"), (0.01, "1 %"), (0.5, "50 %"), (0.99, "99 %"), (1.0, ">99 %")],
)
def test_a_chance_is_never_rounded_to_certainty(chance: float, said: str) -> None:
    assert percent(chance) == said


def test_numbers_in_words() -> None:
    assert interval(0.123, 0.4) == "12 to 40 %"
    assert times(0.0) == "×1"
    assert times(-0.6931471805599453) == "×0.5"
    assert times(5.0) == "×148"
    assert duration(30) == "30 s"
    assert duration(120) == "2 min"


@pytest.mark.parametrize(
    ("search", "found"),
    [("", True), ("outer knee", True), ("knee_outer", True), ("OUTER-knee", True), ("inner", False)],
)
def test_searching(search: str, found: bool) -> None:
    assert matches(search, ("Pain at the outer", "knee")) is found
