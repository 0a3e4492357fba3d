"""``gerdy plan``: what to do about it."""

from __future__ import annotations

import click

from gerdy import api
from gerdy.atlas import load_atlas
from gerdy.care import Plan
from gerdy.case import Case
from gerdy.case.form import read_choice
from gerdy.case.person import MINUTES_PER_DAY, equipment
from gerdy.case.problems import RefusedError
from gerdy.cli.concern_view import show_alarms
from gerdy.cli.opening import (
    as_document,
    case_argument,
    complaint_option,
    complaints_meant,
    json_option,
    lexicon_of,
    open_case,
)
from gerdy.cli.page import Page
from gerdy.cli.plan_view import show_plan
from gerdy.errors import InputError

EPILOG = """\b
Examples:
  gerdy plan my-case.yaml
  gerdy plan my-case.yaml --minutes 10 --equipment band,step
  gerdy plan my-case.yaml --complaint left --json"""


@click.command(epilog=EPILOG)
@case_argument
@complaint_option
@click.option(
    "--minutes",
    type=click.FloatRange(*MINUTES_PER_DAY),
    metavar="N",
    help="Minutes a day, 1 to 240; without it those of the case, else 20.",
)
@click.option("--equipment", "things", metavar="A,B", default="", help="What is at hand; none for nothing.")
@json_option
def plan(case_file: str, complaint: str | None, *, minutes: float | None, things: str, as_json: bool) -> None:
    """Say what to do, in order.

    CASE is a case file (YAML or JSON); - reads standard input. Where somebody must look first, the plan
    says where to go and what keeps it safe until then, and holds no exercises. Without --equipment, common
    household things are assumed, unless the case names its own.
    """
    case = open_case(case_file)
    chosen = _equipment(things) or case.means.equipment
    found = [
        (one, _plan(case, one.id, minutes=minutes, chosen=chosen))
        for one in complaints_meant(case, complaint)
    ]
    if as_json:
        click.echo(as_document([made for _, made in found]))
        return
    page = Page()
    show_alarms(page, case, lexicon_of(clinical=False), but=complaint)
    for number, (one, made) in enumerate(sorted(found, key=lambda pair: -pair[1].level.rank)):
        if number:
            page.blank()
            page.say("-" * page.width)
        if len(case.complaints) > 1:
            page.say(f"Complaint {one.id}, {one.side} side", style="bold")
        show_plan(page, made)


def _plan(case: Case, complaint: str, *, minutes: float | None, chosen: tuple[str, ...]) -> Plan:
    spend = case.means.minutes_per_day if minutes is None else minutes
    return api.plan(api.assess(case, complaint), minutes=spend, equipment=chosen, start=case.date)


def _equipment(things: str) -> tuple[str, ...]:
    """Return the equipment named, in the words of the atlas.

    Raises
    ------
    InputError
        For a thing that no item of any plan uses.
    """
    known = sorted({*equipment(load_atlas()), "none"})
    try:
        return tuple(dict.fromkeys(read_choice(word, known) for word in things.split(",") if word.strip()))
    except RefusedError as error:
        raise InputError(f"--equipment: {error}") from error
