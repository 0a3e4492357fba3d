"""Claims, held against evidence."""

from collections.abc import Callable

from click.testing import Result

from gerdy.atlas import load_atlas

Run = Callable[..., Result]


def _said(run: Run, *words: str) -> str:
    return " ".join(run("claims", *words).stdout.split())


def test_every_claim_is_told_with_verdict_evidence_and_citations(run: Run) -> None:
    said = _said(run)
    for claim in load_atlas().claims.values():
        assert claim.id in said
        assert f"{claim.verdict.value} (grade {claim.grade.value})" in said
    assert said.endswith(f"{len(load_atlas().claims)} claims.")


def test_one_claim_in_full(run: Run) -> None:
    claim = next(c for c in load_atlas().claims.values() if c.citations and c.says)
    said = _said(run, claim.id)
    for text in (claim.name, claim.statement, claim.evidence):
        assert " ".join(text.split()) in said
    assert "Said by" in said
    assert "Cites" in said


def test_a_verdict_is_a_search_word(run: Run) -> None:
    expected = sum(
        "contradicted" in f"{c.verdict} {c.evidence} {c.statement}" for c in load_atlas().claims.values()
    )
    assert f" {expected} claim" in _said(run, "contradicted")


def test_nothing_found_is_said(run: Run) -> None:
    assert _said(run, "unobtainium") == "No claim matches “unobtainium”."
