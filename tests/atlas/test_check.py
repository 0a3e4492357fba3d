"""Each rule of the atlas, broken on purpose, is reported in a sentence that names the entry."""

from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import Any

import msgspec
import pytest
from atlas.conftest import Broken

from gerdy.atlas import Atlas
from gerdy.atlas.check import check, coverage_gaps, grades
from gerdy.atlas.model import Avoid, Basis, Claim, Grade, Number, OnOff, Relation, RelationKind
from gerdy.atlas.store import CoverageRow

GUESS = Basis(grade=Grade.E, source="assumed: for a test")


def number(value: float, source: str = "assumed: for a test") -> Number:
    return Number(value=value, grade=Grade.E, source=source)


def one_problem(atlas: Atlas, *words: str) -> None:
    found = check(atlas)
    assert len(found) == 1, found
    for word in words:
        assert word in found[0]
    assert found[0].endswith(".")


def unlinked(atlas: Atlas) -> str:
    """A yes/no finding with links of its own."""
    return next(
        f.id for f in atlas.findings.values() if f.background is not None and not f.levels and f.given
    )


@pytest.mark.parametrize("source", ["", "nobody1999", "assumed", "assumed:", "guess: why", "derived:x"])
def test_a_number_without_source(broken: Broken, source: str) -> None:
    one_problem(broken("sources", "itbs", prior=number(0.1, source)), "itbs", "citation", "derived:")


@pytest.mark.parametrize("source", ["derived: from the table", "assumed: no study", "article_more_than_band"])
def test_a_number_with_a_source(broken: Broken, source: str) -> None:
    assert check(broken("sources", "itbs", prior=number(0.1, source))) == []


def test_numbers_deep_inside_a_record_are_seen(broken: Broken, atlas: Atlas) -> None:
    dose = next(i for i in atlas.interventions.values() if i.dose is not None)
    assert dose.dose is not None
    wrong = msgspec.structs.replace(dose.dose, basis=Basis(grade=Grade.A, source="nobody1999"))
    one_problem(broken("interventions", dose.id, dose=wrong), dose.id, "nobody1999")


def test_relations_fields_and_constants_need_sources_too(atlas: Atlas) -> None:
    wrong = Basis(grade=Grade.A, source="nobody1999")
    relations = (msgspec.structs.replace(atlas.relations[0], basis=wrong), *atlas.relations[1:])
    one_problem(dataclasses.replace(atlas, relations=relations), atlas.relations[0].start)
    field = msgspec.structs.replace(atlas.fields["itbs"], basis=wrong)
    fields = MappingProxyType({**atlas.fields, "itbs": field})
    one_problem(dataclasses.replace(atlas, fields=fields), "field of itbs")
    name, constant = next(iter(atlas.constants.items()))
    constants = {**atlas.constants, name: msgspec.structs.replace(constant, source="nobody1999")}
    one_problem(dataclasses.replace(atlas, constants=MappingProxyType(constants)), name)


@pytest.mark.parametrize(
    ("background", "given"),
    [(0.05, 0.9), (0.9, 0.05), (0.005, 0.06), (0.5, 0.96)],
)
def test_likelihood_ratios_out_of_range(
    broken: Broken, atlas: Atlas, background: float, given: float
) -> None:
    name = unlinked(atlas)
    found = check(broken("findings", name, background=background, given={"itbs": given}))
    assert found
    assert all(name in one and "itbs" in one and "0.1 to 10" in one for one in found)


@pytest.mark.parametrize(("background", "given"), [(0.08, 0.8), (0.5, 0.95), (0.5, 0.05), (0.2, 0.2)])
def test_likelihood_ratios_at_their_limits(
    broken: Broken, atlas: Atlas, background: float, given: float
) -> None:
    assert check(broken("findings", unlinked(atlas), background=background, given={"itbs": given})) == []


@pytest.mark.parametrize(
    ("background", "given"), [(0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0), (0.5, 1.2)]
)
def test_chances_lie_between_0_and_1(broken: Broken, atlas: Atlas, background: float, given: float) -> None:
    name = unlinked(atlas)
    wrong = broken("findings", name, background=background, given={"itbs": number(given)})
    one_problem(wrong, name, "between 0 and 1")


def test_likelihood_ratios_of_contributors(broken: Broken) -> None:
    wrong = broken("contributors", "abductor_weakness", background=0.05, given={"itbs": 0.9})
    one_problem(wrong, "abductor_weakness", "itbs")


@pytest.mark.parametrize(
    ("kind", "name", "changes", "words"),
    [
        ("sources", "itbs", {"structure": "nowhere"}, ["itbs", "structure", "nowhere"]),
        ("sources", "itbs", {"pathway": "nowhere"}, ["itbs", "pathway", "nowhere"]),
        ("contributors", "abductor_weakness", {"given": {"nowhere": 0.5}}, ["abductor_weakness", "nowhere"]),
        ("findings", "noble_compression", {"excludes": ["nowhere"]}, ["excluded finding", "nowhere"]),
        ("findings", "noble_compression", {"needs": "nowhere"}, ["needed finding", "nowhere"]),
        ("findings", "noble_compression", {"screen": "nowhere"}, ["screen", "nowhere"]),
        ("interventions", "bridge", {"targets": {"nowhere": 0.1}}, ["target", "nowhere"]),
        ("interventions", "bridge", {"equivalents": ["nowhere"]}, ["other intervention", "nowhere"]),
        ("interventions", "bridge", {"after": ["nowhere"]}, ["other intervention", "nowhere"]),
        ("interventions", "bridge", {"avoid": [Avoid(finding="nowhere", why="x")]}, ["finding to avoid"]),
        ("interventions", "bridge", {"avoid": [Avoid(source="nowhere", why="x")]}, ["source to avoid"]),
    ],
)
def test_references_that_lead_nowhere(
    broken: Broken, kind: str, name: str, changes: dict[str, Any], words: list[str]
) -> None:
    one_problem(broken(kind, name, **changes), name, *words)


def test_a_finding_linked_to_no_source(broken: Broken, atlas: Atlas) -> None:
    name = unlinked(atlas)
    one_problem(broken("findings", name, given={"nowhere": atlas.findings[name].background}), name, "nowhere")


def test_a_finding_that_observes_nothing(broken: Broken, atlas: Atlas) -> None:
    name = next(f.id for f in atlas.findings.values() if f.observes and f.yes)
    one_problem(broken("findings", name, observes="nowhere"), name, "observed state", "nowhere")
    one_problem(broken("findings", name, yes=None), name, "neither yes, levels nor measured")


@pytest.mark.parametrize("field", ["says", "citations"])
def test_a_claim_that_cites_nobody_known(broken: Broken, atlas: Atlas, field: str) -> None:
    name = next(iter(atlas.claims))
    one_problem(broken("claims", name, **{field: ["nobody1999"]}), name, "nobody1999")


def test_a_claim_about_nothing_known(broken: Broken, atlas: Atlas) -> None:
    claim: Claim = next(iter(atlas.claims.values()))
    one_problem(broken("claims", claim.id, topics=["nowhere"]), claim.id, "topic", "nowhere")


@pytest.mark.parametrize(("start", "end"), [("nowhere", "itbs"), ("itbs", "nowhere")])
def test_a_dangling_relation(atlas: Atlas, start: str, end: str) -> None:
    dangling = Relation(kind=RelationKind.PART_OF, start=start, end=end, basis=GUESS)
    one_problem(dataclasses.replace(atlas, relations=(*atlas.relations, dangling)), "part_of", "nowhere")


def test_a_source_without_field_and_a_field_without_source(atlas: Atlas) -> None:
    fields = {name: field for name, field in atlas.fields.items() if name != "itbs"}
    one_problem(dataclasses.replace(atlas, fields=MappingProxyType(fields)), "itbs", "referral field")
    extra = {**atlas.fields, "nowhere": atlas.fields["itbs"]}
    one_problem(dataclasses.replace(atlas, fields=MappingProxyType(extra)), "nowhere")


def test_an_id_used_twice(atlas: Atlas) -> None:
    twin = msgspec.structs.replace(atlas.screens[next(iter(atlas.screens))], id="itbs", synonyms=[])
    doubled = dataclasses.replace(atlas, screens=MappingProxyType({**atlas.screens, "itbs": twin}))
    one_problem(doubled, "itbs", "already used")


@pytest.mark.parametrize(
    "name", ["Has Capitals", "with-dash", "_leading", "double__score", "1st", "ümlaut", ""]
)
def test_an_id_in_the_wrong_form(atlas: Atlas, name: str) -> None:
    odd = msgspec.structs.replace(atlas.outcomes[next(iter(atlas.outcomes))], id=name, synonyms=[])
    wrong = dataclasses.replace(atlas, outcomes=MappingProxyType({**atlas.outcomes, name: odd}))
    assert any("lower_snake_case" in one for one in check(wrong))


@pytest.mark.parametrize("synonym", ["gtps", "GTPS", "meralgia"])
def test_a_synonym_that_names_something_else(broken: Broken, synonym: str) -> None:
    one_problem(broken("sources", "itbs", synonyms=[synonym]), "itbs", "already names")


def test_two_entries_with_one_synonym(broken: Broken, atlas: Atlas) -> None:
    other = next(s for s in atlas.sources["gtps"].synonyms)
    one_problem(broken("sources", "itbs", synonyms=[other]), other, "already names")


@pytest.mark.parametrize("side", ["on", "off"])
def test_levels_that_do_not_add_up(broken: Broken, atlas: Atlas, side: str) -> None:
    finding = next(f for f in atlas.findings.values() if f.levels and not f.silent)
    first = msgspec.structs.replace(finding.levels[0], **{side: 0.999})
    wrong = broken("findings", finding.id, levels=[first, *finding.levels[1:]])
    one_problem(wrong, finding.id, side, "add up to")


def test_a_finding_needs_one_shape(broken: Broken, atlas: Atlas) -> None:
    name = unlinked(atlas)
    shapes: list[dict[str, Any]] = [
        {"background": None, "given": {}},
        {"silent": True},
        {"observes": "abductor_weakness", "yes": OnOff(on=0.5, off=0.2)},
    ]
    for changes in shapes:
        one_problem(broken("findings", name, **changes), name, "exactly one of")


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("nowhere", ["unknown finding", "nowhere"]),
        ({"all": ["fever", {"not": "nowhere"}]}, ["unknown finding"]),
        ({"count": 2, "of": ["fever", "nowhere"]}, ["unknown finding"]),
        ({"region": "nowhere"}, ["unknown region"]),
        ({"level": "fever", "is": ["high"]}, ["not graded"]),
        ({"finding": "fever", "from": 3}, ["not measured"]),
        ({"person": "shoe_size", "from": 3}, ["nothing known of a person"]),
        ({"any": ["fever", 7]}, ["not a condition"]),
        ({"some": ["fever"]}, ["cannot be read"]),
        ({"count": "many", "of": ["fever"]}, ["cannot be read"]),
        ({"count": 1}, ["cannot be read"]),
    ],
)
def test_rules_with_a_wrong_condition(broken: Broken, when: Any, words: list[str]) -> None:
    found = check(broken("rules", "rule_lump", when=when))
    assert found
    assert all("rule_lump" in one for one in found)
    assert all(any(word in one for one in found) for word in words)


def test_gaps_in_coverage(atlas: Atlas) -> None:
    rows = {
        **atlas.coverage,
        "A1.1": CoverageRow(row="words", ids=[]),
        "A1.2": CoverageRow(row="x", ids=["nowhere"]),
    }
    gaps = coverage_gaps(dataclasses.replace(atlas, coverage=MappingProxyType(rows)))
    assert len(gaps) == 2
    assert "A1.1 (words)" in gaps[0]
    assert "nowhere" in gaps[1]


def test_every_problem_is_reported(broken: Broken, atlas: Atlas) -> None:
    wrong = dataclasses.replace(
        broken("sources", "itbs", structure="nowhere", pathway="nowhere"),
        rules=broken("rules", "rule_lump", when="nowhere").rules,
    )
    assert len(check(wrong)) == 3


def test_grades_count_plain_numbers_by_their_entry(broken: Broken, atlas: Atlas) -> None:
    before = grades(atlas)
    name = unlinked(atlas)
    finding = atlas.findings[name]
    other = next(s for s in atlas.sources if s not in finding.given)
    more = grades(broken("findings", name, given={**finding.given, other: finding.background}))
    assert more.total == before.total + 1
    grade = finding.basis.grade.value
    assert more.count[grade] == before.count[grade] + 1
