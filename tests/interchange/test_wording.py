"""Numbers in words."""

from __future__ import annotations

import datetime

import pytest

from gerdy.interchange import wording


@pytest.mark.parametrize(
    ("p", "expected"),
    [(0.0, "under 0.1"), (0.004, "0.4"), (0.0094, "0.9"), (0.0096, "1"), (0.614, "61"), (0.996, "over 99")],
)
def test_in_hundred(p: float, expected: str) -> None:
    assert wording.in_hundred(p) == expected


@pytest.mark.parametrize(
    ("p", "expected"), [(0.0, "0 %"), (0.003, "under 1 %"), (0.5, "50 %"), (1.0, "100 %")]
)
def test_percent(p: float, expected: str) -> None:
    assert wording.percent(p) == expected


@pytest.mark.parametrize(
    ("log_odds", "expected"),
    [(1.61, "strongly"), (-1.61, "strongly"), (0.7, "somewhat"), (-0.69, "slightly"), (0.0, "slightly")],
)
def test_weight_words(log_odds: float, expected: str) -> None:
    assert wording.weight_words(log_odds) == expected


@pytest.mark.parametrize(
    ("x", "expected"), [(1.337, "+1.34"), (-0.2, "−0.20"), (0.001, "0.00"), (-0.004, "0.00")]
)
def test_signed(x: float, expected: str) -> None:
    assert wording.signed(x) == expected


@pytest.mark.parametrize(
    ("mass", "expected"),
    [
        (0.0, "at most 1 in 1,000,000"),
        (0.0004, "at most 1 in 1,000"),
        (0.001, "at most 1 in 1,000"),
        (0.005, "at most 1 in 100"),
        (0.031, "at most 4 in 100"),
    ],
)
def test_bound_is_never_understated(mass: float, expected: str) -> None:
    assert wording.bound_words(mass) == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("6 weeks", "for 6 weeks"),
        ("2024", "since 2024"),
        ("2024-05", "since May 2024"),
        ("2024-05-17", "since 17 May 2024"),
        ("2024-13", "since 2024-13"),
        (None, ""),
    ],
)
def test_since(since: str | None, expected: str) -> None:
    assert wording.since_words(since) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(8.0, "under a minute"), (60.0, "about a minute"), (200.0, "about 3 minutes")]
)
def test_duration(seconds: float, expected: str) -> None:
    assert wording.duration(seconds) == expected


def test_lists_sentences_and_dates() -> None:
    assert [wording.joined(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip
    assert [wording.sentence(text) for text in ("begin low", "Go.", "")] == ["Begin low.", "Go.", ""]
    assert wording.day(datetime.date(2025, 6, 2)) == "2 June 2025"
    assert wording.iso_day("soon") == "soon"
    assert wording.minutes_words(0) == ""
