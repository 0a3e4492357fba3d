"""``gerdy findings``: what a case can hold."""

from __future__ import annotations

import json

import click

from gerdy.atlas import load_atlas
from gerdy.atlas.model import Finding, Topic, Who
from gerdy.case.values import choices
from gerdy.cli.opening import json_option
from gerdy.cli.page import HEADING, QUIET, Page
from gerdy.cli.searching import matches
from gerdy.cli.words import WHO, count

EPILOG = """\b
Examples:
  gerdy findings                        all of them
  gerdy findings side lying             those with both words
  gerdy findings --topic self_test --who person
  gerdy findings noble --json"""
_HANG = 8


@click.command(epilog=EPILOG)
@click.argument("search", nargs=-1)
@click.option(
    "--topic",
    type=click.Choice([topic.value for topic in Topic]),
    metavar="TOPIC",
    help=f"One of: {', '.join(Topic)}.",
)
@click.option(
    "--who",
    type=click.Choice([who.value for who in Who]),
    metavar="WHO",
    help=f"Who finds out: {', '.join(Who)}.",
)
@json_option
def findings(search: tuple[str, ...], topic: str | None, who: str | None, *, as_json: bool) -> None:
    """Search the findings a case can hold.

    SEARCH is looked for in ids, names, synonyms and questions. Each finding is shown with the id to write
    in a case file, the question it answers, and the values it accepts.
    """
    words = " ".join(search)
    found = [
        finding
        for finding in load_atlas().findings.values()
        if (topic is None or finding.topic == topic)
        and (who is None or finding.who == who)
        and matches(words, (finding.id, finding.name, finding.clinical, *finding.synonyms, finding.ask))
    ]
    if as_json:
        click.echo(json.dumps([_plain(finding) for finding in found], indent=2, ensure_ascii=False))
        return
    page = Page()
    for finding in found:
        _show(page, finding)
    page.say(f"{count(len(found), 'finding')}." if found else f"No finding matches “{words}”.", style=QUIET)


def _show(page: Page, finding: Finding) -> None:
    page.say(finding.id, style=HEADING)
    page.say(f"{finding.name} ({finding.clinical})", indent=2)
    page.say(finding.ask, indent=2, label="Asks", hang=_HANG)
    page.say(choices(finding) + _about_sides(finding), indent=2, label="Accepts", hang=_HANG)
    page.say(f"{WHO[finding.who]}; topic {finding.topic.value}", indent=2, label="Who", hang=_HANG)
    if finding.synonyms:
        page.say(", ".join(finding.synonyms), indent=2, label="Also", hang=_HANG)
    page.blank()


def _about_sides(finding: Finding) -> str:
    return "; or {left: ..., right: ...}" if finding.sided else ""


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "name": finding.name,
        "clinical": finding.clinical,
        "synonyms": finding.synonyms,
        "topic": finding.topic.value,
        "who": finding.who.value,
        "ask": finding.ask,
        "accepts": choices(finding),
        "levels": [{"id": level.id, "name": level.name} for level in finding.levels],
        "unit": finding.measured.unit if finding.measured else None,
        "plausible": list(finding.measured.plausible) if finding.measured else None,
        "sided": finding.sided,
        "safety": finding.safety,
    }
