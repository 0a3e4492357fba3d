"""``gerdy claims``: what articles say, held against the evidence."""

from __future__ import annotations

from collections.abc import Mapping

import click
from rich.text import Text

from gerdy.atlas import Atlas, load_atlas
from gerdy.atlas.model import Claim, Verdict
from gerdy.cli.citing import source_of
from gerdy.cli.page import HEADING, QUIET, Page
from gerdy.cli.searching import matches
from gerdy.cli.words import count

EPILOG = """\b
Examples:
  gerdy claims                  all of them
  gerdy claims foam rolling     those with both words
  gerdy claims contradicted     those the evidence speaks against"""
_HANG = 10
_COLOURS: Mapping[Verdict, str] = {
    Verdict.SUPPORTED: "green",
    Verdict.MIXED: "yellow",
    Verdict.CONTRADICTED: "red",
    Verdict.UNTESTED: "cyan",
}


@click.command(epilog=EPILOG)
@click.argument("search", nargs=-1)
def claims(search: tuple[str, ...]) -> None:
    """Hold what articles say against the evidence.

    SEARCH is looked for in the statement, the evidence, the verdict and the names of what the claim concerns.
    """
    atlas, words = load_atlas(), " ".join(search)
    found = [claim for claim in atlas.claims.values() if matches(words, _texts(claim))]
    page = Page()
    for claim in found:
        _show(page, claim, atlas)
    page.say(f"{count(len(found), 'claim')}." if found else f"No claim matches “{words}”.", style=QUIET)


def _texts(claim: Claim) -> tuple[str, ...]:
    return (
        claim.id,
        claim.name,
        claim.clinical,
        *claim.synonyms,
        claim.statement,
        claim.evidence,
        claim.verdict.value,
        *claim.topics,
    )


def _show(page: Page, claim: Claim, atlas: Atlas) -> None:
    page.say(f"{claim.id}: {claim.name}", style=HEADING)
    page.say(claim.statement, indent=2)
    for who in claim.says:
        page.say(source_of(atlas, who), indent=2, label="Said by", hang=_HANG)
    verdict = Text(claim.verdict.value, style=_COLOURS[claim.verdict]).append(f" (grade {claim.grade.value})")
    page.say(verdict, indent=2, label="Verdict", hang=_HANG)
    page.say(claim.evidence, indent=2, label="Evidence", hang=_HANG)
    for source in claim.citations:
        page.say(source_of(atlas, source), indent=2, label="Cites", hang=_HANG)
    if claim.test:
        page.say(claim.test, indent=2, label="Testable", hang=_HANG)
    page.blank()
