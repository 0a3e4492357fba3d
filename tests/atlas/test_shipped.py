"""The shipped facts are whole, sourced, and say what they say in the right words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from gerdy.atlas import Atlas
from gerdy.atlas.check import check, coverage_gaps, grades, numbers
from gerdy.atlas.conditions import mentioned
from gerdy.atlas.model import Concern, Grade, Phase, RelationKind, Setting, Topic, Verdict

# Rows of the inventory of the articles, by section.
ROWS = {1: 28, 2: 19, 3: 20, 4: 11, 5: 7, 6: 10, 7: 31, 8: 13, 9: 10}
TESTS = {topic for topic in Topic if topic.endswith("_test")} | {Topic.PALPATION, Topic.MOVEMENT}


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a record, with its path; where a number comes from is no text for people."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in {"source", "id", "synonyms"}:
                yield from texts(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from texts(inner, f"{path}[{place}]")


def all_texts(atlas: Atlas) -> list[tuple[str, str]]:
    """Every text of the atlas; the statements of articles, which claims quote, are not ours."""
    found = [pair for _, entry in atlas.entries() for pair in texts(entry, entry.id)]
    found += [pair for r in atlas.relations for pair in texts(r, f"{r.start} {r.kind} {r.end}")]
    return [(path, text) for path, text in found if not path.endswith(".statement")]


def test_the_atlas_keeps_its_own_rules(atlas: Atlas) -> None:
    assert check(atlas) == []


def test_every_row_of_the_inventory_is_represented(atlas: Atlas) -> None:
    rows = {f"A{section}.{row}" for section, count in ROWS.items() for row in range(1, count + 1)}
    assert len(rows) == 149
    assert set(atlas.coverage) == rows
    assert coverage_gaps(atlas) == []


def test_the_atlas_has_its_size(atlas: Atlas) -> None:
    assert len(atlas.regions) == 23
    assert len(atlas.sources) >= 42
    assert len(atlas.findings) >= 250
    assert set(atlas.fields) == set(atlas.sources)


def test_every_finding_can_be_asked(atlas: Atlas) -> None:
    for finding in atlas.findings.values():
        assert finding.ask.strip(), finding.id
        assert finding.name.strip(), finding.id
        assert finding.clinical.strip(), finding.id
        assert finding.cost.seconds > 0, finding.id
        assert 0 <= finding.cost.discomfort <= 3, finding.id


def test_every_test_says_how(atlas: Atlas) -> None:
    for finding in atlas.findings.values():
        if finding.topic in TESTS and finding.needs is None:  # else it asks about a test described elsewhere
            assert finding.how is not None, finding.id
            assert finding.how.position, finding.id
            assert finding.how.steps, finding.id
            assert finding.how.positive, finding.id


def test_a_finding_that_is_measured_is_plausible_at_its_cutoff(atlas: Atlas) -> None:
    for finding in atlas.findings.values():
        if finding.measured is not None:
            low, high = finding.measured.plausible
            assert low < finding.measured.cutoff < high, finding.id
            assert finding.measured.unit, finding.id


def test_every_safety_rule_says_where_to_go_and_what_to_say(atlas: Atlas) -> None:
    for rule in atlas.rules.values():
        assert rule.where.strip(), rule.id
        assert rule.say.strip(), rule.id
        assert rule.reason.strip(), rule.id
        assert rule.level is not Concern.NONE, rule.id


def test_every_alarm_says_where_to_go_and_what_to_say(atlas: Atlas) -> None:
    alarms = [(source.id, source.alarm) for source in atlas.sources.values() if source.alarm is not None]
    assert {"bsi_femoral_neck", "dvt", "tumour", "infection", "cauda_equina", "vascular"} <= dict(
        alarms
    ).keys()
    for name, alarm in alarms:
        assert alarm.where.strip(), name
        assert alarm.say.strip(), name
        assert 0 < alarm.at < 1, name


def test_every_question_a_rule_needs_exists_and_is_not_asked_late(atlas: Atlas) -> None:
    """What alone can make an emergency is a safety finding or established by an examiner."""
    for rule in atlas.rules.values():
        if rule.level is Concern.EMERGENCY and isinstance(rule.when, str):
            assert atlas.findings[rule.when].safety, rule.id
        assert list(mentioned(rule.when)), rule.id


@pytest.mark.parametrize(
    "wrong",
    [
        r"\byou have (a |an |the )?(\w+ )?(syndrome|tear|fracture|radiculopathy|tendinopathy|bursitis|sciatica)",
        r"\byou(r diagnosis is| are suffering from| suffer from)\b",
        r"!",
        r"\bseeds?\b",
        r"/work\b",
        r"\bTODO\b|\bFIXME\b|\bXXX\b|lorem",
        r"\btbd\b",
    ],
)
def test_words_that_never_appear(atlas: Atlas, wrong: str) -> None:
    pattern = re.compile(wrong, re.IGNORECASE)
    assert [(path, text) for path, text in all_texts(atlas) if pattern.search(text)] == []


def test_no_source_is_told_as_a_diagnosis(atlas: Atlas) -> None:
    said = re.compile(r"\byou have\b (.*)", re.IGNORECASE)
    names = [name.lower() for s in atlas.sources.values() for name in (s.name, s.clinical, *s.synonyms)]
    for path, text in all_texts(atlas):
        rest = said.search(text)
        assert rest is None or not any(name in rest[1].lower() for name in names), path


def test_texts_are_whole(atlas: Atlas) -> None:
    for path, text in all_texts(atlas):
        assert text == text.strip(), path
        assert "  " not in text, path


def test_every_name_is_used_once_in_its_kind(atlas: Atlas) -> None:
    names = Counter((kind, entry.name) for kind, entry in atlas.entries())
    assert [name for name, count in names.items() if count > 1] == []


def test_every_claim_has_somebody_who_says_it(atlas: Atlas) -> None:
    for claim in atlas.claims.values():
        assert claim.says, claim.id
        assert claim.evidence, claim.id
        assert claim.citations or claim.verdict is Verdict.UNTESTED or claim.grade in {Grade.D, Grade.E}, (
            claim.id
        )


def test_every_citation_can_be_found(atlas: Atlas) -> None:
    for citation in atlas.citations.values():
        assert (
            citation.title or citation.DOI or citation.PMID or citation.PMCID or citation.URL or citation.note
        )
    articles = [name for name in atlas.citations if name.startswith("article_")]
    assert len(articles) == 5


def test_couplings_are_carried_by_key_relations_only(atlas: Atlas) -> None:
    for relation in atlas.relations:
        if relation.kind is RelationKind.KEY_TO:
            assert relation.coupling is not None
            assert relation.coupling > 1
            assert {relation.start, relation.end} <= set(atlas.sources)
        else:
            assert relation.coupling is None


def test_numbers_say_how_good_they_are(atlas: Atlas) -> None:
    found = grades(atlas)
    assert set(found.count) == set(Grade)
    assert found.total == sum(found.count.values()) > 5000
    assert 0 < found.unverified < found.total
    assert list(numbers(atlas.sources["itbs"]))


def test_interventions_can_be_done(atlas: Atlas) -> None:
    for item in atlas.interventions.values():
        assert item.steps, item.id
        assert item.feel, item.id
        assert not item.why.endswith("."), item.id
        assert item.minutes >= 0, item.id
        assert 1 <= item.max_irritability <= 3, item.id
        if item.setting is Setting.HOME and item.phase not in {Phase.MAKE_SAFE, Phase.STOP}:
            assert item.dose is not None, item.id
            assert item.stop_if, item.id


def test_what_comes_first_is_of_an_earlier_or_the_same_phase(atlas: Atlas) -> None:
    order = list(Phase)
    for item in atlas.interventions.values():
        for name in item.after:
            before = atlas.interventions[name]
            assert order.index(before.phase) <= order.index(item.phase), (item.id, name)


def test_no_intervention_comes_before_itself(atlas: Atlas) -> None:
    def earlier(name: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        for before in atlas.interventions[name].after:
            assert before not in seen, (name, before)
            yield before
            yield from earlier(before, seen | {before})

    for name in atlas.interventions:
        assert name not in set(earlier(name))


def test_pressing_is_avoided_where_it_does_harm(atlas: Atlas) -> None:
    """No deep pressure with blood thinners, numb skin, a swollen leg, or where a clot is possible (evidence F)."""
    pressing = [
        item
        for item in atlas.interventions.values()
        if item.setting is Setting.HOME
        and item.phase is Phase.TREAT
        and {"ball", "roller"} & set(item.equipment)
    ]
    assert len(pressing) >= 10
    for item in pressing:
        findings = {avoid.finding for avoid in item.avoid}
        assert {"anticoagulants", "numbness", "leg_swelling", "calf_swelling"} <= findings, item.id
        assert "dvt" in {avoid.source for avoid in item.avoid}, item.id


def test_running_is_avoided_where_bone_may_be_stressed(atlas: Atlas) -> None:
    for item in atlas.interventions.values():
        if item.phase is Phase.RUNNING:
            sources = {avoid.source for avoid in item.avoid}
            assert {"bsi_femoral_neck", "bsi_femoral_shaft", "bsi_tibia", "bsi_fibula"} <= sources, item.id
