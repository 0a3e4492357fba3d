"""The language of safety rules: three-valued logic in which what is unknown never fires."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gerdy.atlas import load_atlas
from gerdy.atlas.conditions import Facts, judge, mentioned, problems
from gerdy.errors import AtlasError

NAMES = "abcde"
REGIONS = ("groin", "buttock")

leaves = (
    st.sampled_from(NAMES)
    | st.sampled_from([{"region": region} for region in REGIONS])
    | st.sampled_from([{"finding": "angle", "from": 10}, {"finding": "angle", "from": 5, "below": 20}])
    | st.sampled_from([{"level": "grade", "is": ["high"]}, {"level": "grade", "is": ["low", "middle"]}])
    | st.sampled_from(
        [
            {"person": "age", "from": 50},
            {"person": "age", "from": 18, "below": 65},
            {"person": "sex", "is": "female"},
            {"person": "activities", "is": ["running", "dance"]},
        ]
    )
)


def joined(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(parts, min_size=1, max_size=4)
    return (
        lists.map(lambda of: {"all": of})
        | lists.map(lambda of: {"any": of})
        | lists.flatmap(lambda of: st.integers(1, len(of)).map(lambda n: {"count": n, "of": of}))
    )


plain = st.recursive(leaves, joined, max_leaves=8)
conditions = st.recursive(
    leaves, lambda parts: joined(parts) | parts.map(lambda one: {"not": one}), max_leaves=8
)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    state = draw(st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from(["yes", "no", "unknown"]))))
    person: dict[str, Any] = {
        "age": draw(st.none() | st.integers(10, 90)),
        "sex": draw(st.none() | st.sampled_from(["female", "male"])),
        "activities": draw(st.none() | st.lists(st.sampled_from(["running", "dance", "gym"]))),
    }
    return Facts(
        positive=frozenset(name for name, value in state.items() if value == "yes"),
        negative=frozenset(name for name, value in state.items() if value == "no"),
        levels=draw(st.just({}) | st.sampled_from(["high", "middle", "low"]).map(lambda one: {"grade": one})),
        numbers=draw(st.just({}) | st.floats(0, 30).map(lambda one: {"angle": one})),
        regions=draw(st.frozensets(st.sampled_from(REGIONS))),
        person=person,
    )


@given(plain, facts(), st.sampled_from(NAMES), st.sampled_from(REGIONS))
def test_more_positives_never_unfire_a_rule_without_not(
    when: Any, known: Facts, name: str, region: str
) -> None:
    if judge(when, known).holds:
        more = Facts(
            known.positive | {name},
            known.negative - {name},
            known.levels,
            known.numbers,
            known.regions | {region},
            known.person,
        )
        assert judge(when, more).holds


@given(conditions, facts())
def test_what_holds_holds_however_the_unknown_turns_out(when: Any, known: Facts) -> None:
    before = judge(when, known).holds
    unknown = [name for name in NAMES if name not in known.positive | known.negative]
    for answered in ("positive", "negative"):
        more = frozenset(unknown)
        settled = Facts(
            known.positive | (more if answered == "positive" else frozenset()),
            known.negative | (more if answered == "negative" else frozenset()),
            {"grade": "high"} | dict(known.levels),
            {"angle": 12.0} | dict(known.numbers),
            known.regions,
            {"age": 55, "sex": "female", "activities": ["running"]}
            | {key: value for key, value in known.person.items() if value is not None},
        )
        after = judge(when, settled).holds
        assert after is not None
        if before is not None:
            assert after == before


@given(conditions)
def test_knowing_nothing_fires_nothing_that_asks_for_findings(when: Any) -> None:
    nothing = Facts()
    if not any(kind == "region" for kind, _ in mentioned(when)):
        assert judge(when, nothing).holds is None


@given(plain)
def test_unknown_never_fires(when: Any) -> None:
    assert not judge(when, Facts()).holds


@given(conditions, facts())
def test_not_twice_is_the_same(when: Any, known: Facts) -> None:
    assert judge({"not": {"not": when}}, known).holds == judge(when, known).holds


@given(st.lists(conditions, min_size=1, max_size=4), facts())
def test_de_morgan(parts: list[Any], known: Facts) -> None:
    left = judge({"not": {"all": parts}}, known).holds
    assert left == judge({"any": [{"not": part} for part in parts]}, known).holds


@given(st.lists(conditions, min_size=1, max_size=4), facts())
def test_count_spans_any_and_all(parts: list[Any], known: Facts) -> None:
    assert judge({"count": 1, "of": parts}, known).holds == judge({"any": parts}, known).holds
    assert judge({"count": len(parts), "of": parts}, known).holds == judge({"all": parts}, known).holds
    held = sum(bool(judge(part, known).holds) for part in parts)
    for needed in range(1, len(parts) + 1):
        assert bool(judge({"count": needed, "of": parts}, known).holds) == (held >= needed)


@given(conditions, facts())
def test_what_fires_says_because_of_what(when: Any, known: Facts) -> None:
    verdict = judge(when, known)
    names = {name for _, name in mentioned(when)}
    assert set(verdict.because) <= names
    if verdict.holds and "not" not in str(when):
        assert verdict.because
    assert len(verdict.because) == len(set(verdict.because))


@given(conditions, facts())
def test_judging_twice_is_the_same(when: Any, known: Facts) -> None:
    assert judge(when, known) == judge(when, known)


@pytest.mark.parametrize(("age", "holds"), [(49, False), (50, True), (69, True), (70, False), (None, None)])
def test_from_is_inclusive_and_below_is_not(age: int | None, holds: bool | None) -> None:
    assert judge({"person": "age", "from": 50, "below": 70}, Facts(person={"age": age})).holds is holds


def test_a_region_that_is_not_painted_is_a_no() -> None:
    assert judge({"region": "groin"}, Facts()).holds is False
    assert judge({"region": "groin"}, Facts(regions=frozenset({"groin"}))).because == ("groin",)


@pytest.mark.parametrize("when", [3, None, ["a"], True])
def test_what_is_no_condition_is_refused(when: Any) -> None:
    with pytest.raises(AtlasError, match="finding id or a map"):
        judge(when, Facts())


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(AtlasError, match="no known key"):
        judge({"most": ["a", "b"]}, Facts())


def test_every_shipped_rule_is_sound_and_fires_on_its_own_findings() -> None:
    atlas = load_atlas()
    for rule in atlas.rules.values():
        assert problems(rule, atlas.findings, atlas.regions) == []
        assert not judge(rule.when, Facts()).holds
        named = list(mentioned(rule.when))
        everything = Facts(
            positive=frozenset(name for kind, name in named if kind == "finding"),
            numbers={name: _extreme(rule.when, name) for kind, name in named if kind == "number"},
            levels={name: atlas.findings[name].levels[-1].id for kind, name in named if kind == "level"},
            regions=frozenset(name for kind, name in named if kind == "region"),
            person={"age": 72, "sex": "female", "activities": ["running"], "bmi": 31.0},
        )
        assert judge(rule.when, everything).holds or "not" in str(rule.when), rule.id


def _extreme(when: Any, name: str) -> float:
    """A number that meets the first bound on ``name``."""
    if isinstance(when, dict):
        if when.get("finding") == name:
            return float(when["from"]) if "from" in when else float(when["below"]) - 1
        parts = [part for key in ("all", "any", "of") for part in when.get(key, [])]
        for part in parts:
            found = _extreme(part, name)
            if found == found:
                return found
    return float("nan")
