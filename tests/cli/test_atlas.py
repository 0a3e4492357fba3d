"""Looking up and checking the facts."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result

from gerdy.atlas import Atlas, load_atlas
from gerdy.atlas.check import check, coverage_gaps, grades
from gerdy.atlas.store import ENTRY_KINDS, CoverageRow
from gerdy.cli import atlas as command
from gerdy.cli.citing import source_of
from gerdy.cli.numbers import sourced
from gerdy.errors import AtlasError

Run = Callable[..., Result]
ATLAS = load_atlas()


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put another atlas in place of the shipped one."""

    def put(**changes: Any) -> None:
        changed = replace(ATLAS, **changes)
        monkeypatch.setattr(command, "load_atlas", lambda: changed)

    return put


def test_check_counts_grades_and_passes_or_fails_as_the_atlas_does(run: Run) -> None:
    result = run("atlas", "check")
    found = grades(ATLAS)
    assert result.exit_code == (1 if check(ATLAS) else 0)
    assert f"{found.total} numbers rest on" in result.stdout
    for grade, number in found.count.items():
        assert f"%  {grade}  " in result.stdout
        assert f"({number})" in result.stdout
    assert f"remembered, not yet seen in their source ({found.unverified})" in result.stdout


def test_a_broken_reference_fails_the_check(run: Run, given: Callable[..., None]) -> None:
    given(citations={})
    result = run("atlas", "check")
    assert result.exit_code == 1
    assert "is no citation" in " ".join(result.stdout.split())
    assert "problems." in result.stdout


def test_a_sound_atlas_passes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "problems_of", lambda _: [])
    result = run("atlas", "check")
    assert result.exit_code == 0
    assert "Every number is sourced" in result.stdout


def test_an_atlas_that_cannot_be_read_fails_the_check(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Atlas:
        raise AtlasError("sources.yaml: itbs: unknown field")

    monkeypatch.setattr(command, "load_atlas", broken)
    result = run("atlas", "check")
    assert result.exit_code == 1
    assert "sources.yaml: itbs" in result.stdout


def test_coverage_fails_on_a_gap(run: Run, given: Callable[..., None]) -> None:
    assert run("atlas", "coverage").exit_code == (1 if coverage_gaps(ATLAS) else 0)
    given(
        coverage={"A1": CoverageRow(row="the band", ids=[]), "A2": CoverageRow(row="a source", ids=["itbs"])}
    )
    result = run("atlas", "coverage")
    assert result.exit_code == 1
    assert "A1 (the band): represented by nothing." in result.stdout
    assert "1 of 2 rows" in result.stdout
    given(coverage={"A2": CoverageRow(row="a source", ids=["itbs"])})
    assert run("atlas", "coverage").exit_code == 0


def test_kinds_and_their_counts_are_listed(run: Run) -> None:
    said = run("atlas", "list").stdout
    for kind in (*ENTRY_KINDS, "citations", "constants"):
        assert f"{len(getattr(ATLAS, kind)):>6}  {kind}\n" in said


@pytest.mark.parametrize("kind", command.KINDS)
def test_the_entries_of_a_kind_are_listed(kind: str, run: Run) -> None:
    result = run("atlas", "list", kind)
    assert result.exit_code == 0
    listed = {line.split()[0] for line in result.stdout.splitlines() if not line.startswith(" ")}
    assert listed == set(getattr(ATLAS, kind))


def _one_of_each() -> Iterator[str]:
    for kind in command.KINDS:
        yield from list(getattr(ATLAS, kind))[:: max(len(getattr(ATLAS, kind)) // 3, 1)]


@pytest.mark.parametrize("name", list(_one_of_each()))
def test_every_kind_of_entry_can_be_shown(name: str, run: Run) -> None:
    result = run("atlas", "show", name)
    assert result.exit_code == 0, result.stderr
    assert name in result.stdout
    assert json.loads(run("atlas", "show", name, "--json").stdout)["entry"]["id"] == name


def test_numbers_come_with_grade_and_resolved_source(run: Run) -> None:
    name, row = next(
        (entry.id, row)
        for _, entry in ATLAS.entries()
        for row in sourced(entry)
        if row.value and row.basis.source in ATLAS.citations
    )
    said = run("atlas", "show", name).stdout
    assert "Numbers (value, grade, source)" in said
    assert f"  {row.value} {row.basis.grade.value}" in said
    assert " ".join(source_of(ATLAS, row.basis.source).split()) in " ".join(said.split())


def test_relations_are_shown_both_ways(run: Run) -> None:
    loads = next(r for r in ATLAS.relations if r.kind.value == "loads")
    assert f"this loads {loads.end}" in run("atlas", "show", loads.start).stdout
    assert f"{loads.start} loads this" in run("atlas", "show", loads.end).stdout


def test_a_source_names_the_findings_and_interventions_that_concern_it(run: Run) -> None:
    said = run("atlas", "show", "itbs").stdout
    finding = next(f.id for f in ATLAS.findings.values() if "itbs" in f.given)
    item = next(i.id for i in ATLAS.interventions.values() if "itbs" in i.targets)
    assert finding in said
    assert item in said


def test_a_synonym_will_do(run: Run) -> None:
    assert run("atlas", "show", "ITB syndrome").stdout == run("atlas", "show", "itbs").stdout


def test_a_citation_names_what_rests_on_it(run: Run) -> None:
    name = next(c for c in ATLAS.citations if any(r.basis.source == c for r in ATLAS.relations))
    said = run("atlas", "show", name).stdout
    assert "rest on it" in said
    assert not said.split("\n\n")[1].startswith("0 numbers")
