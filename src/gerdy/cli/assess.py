"""``gerdy assess``: the answer for a case."""

from __future__ import annotations

from pathlib import Path

import click

from gerdy import api
from gerdy.case import Case, Complaint
from gerdy.cli.answer_view import show_answer
from gerdy.cli.concern_view import show_alarms
from gerdy.cli.opening import (
    as_document,
    case_argument,
    complaint_option,
    complaints_meant,
    json_option,
    lexicon_of,
    named,
    open_case,
    voice_option,
)
from gerdy.cli.page import Page
from gerdy.errors import InputError

EPILOG = """\b
Examples:
  gerdy assess my-case.yaml
  gerdy assess my-case.yaml --clinical --report answer.html
  gerdy assess my-case.yaml --json > answer.json
  cat my-case.yaml | gerdy assess -"""
Found = list[tuple[Complaint, api.Assessment]]


@click.command(epilog=EPILOG)
@case_argument
@complaint_option
@voice_option
@json_option
@click.option(
    "--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Write a report to a file."
)
def assess(
    case_file: str, complaint: str | None, *, clinical: bool, as_json: bool, report: Path | None
) -> None:
    """Say where the pain of a case comes from, and why.

    CASE is a case file (YAML or JSON); - reads standard input. How soon somebody must look comes first,
    then the sources in order of probability with reasons for and against, what is worth finding out next,
    and a plan. Without --complaint every complaint is answered, the most pressing first; --json then gives
    a list, in the order of the file.
    """
    case = open_case(case_file)
    meant = complaints_meant(case, complaint)
    found = [(one, api.assess(case, one.id)) for one in meant]
    if report is not None:
        _write_report(report, case, found, clinical=clinical)
    if as_json:
        click.echo(as_document([answer for _, answer in found]))
        return
    page, lexicon = Page(), lexicon_of(clinical=clinical)
    show_alarms(page, case, lexicon, but=complaint)
    for number, (one, answer) in enumerate(_pressing_first(found)):
        if number:
            page.blank()
            page.say("-" * page.width)
        show_answer(page, answer, one, lexicon, several=len(case.complaints) > 1, file=named(case_file))
    if report is not None:
        page.say(f"The report is in {report}.")


def _pressing_first(found: Found) -> Found:
    return sorted(found, key=lambda pair: -pair[1].concern.level.rank)


def _write_report(path: Path, case: Case, found: Found, *, clinical: bool) -> None:
    if path.suffix.lower() not in {".html", ".htm"}:
        raise InputError(f"--report: writes HTML; name a file that ends in .html, got '{path}'.")
    if len(found) > 1:
        ids = " or ".join(one.id for one, _ in found)
        raise InputError(f"--report: holds one complaint; add --complaint {ids}.")
    # Only when asked for: templates take longer to load than an answer to compute.
    from gerdy.interchange.report import report_html  # noqa: PLC0415
    from gerdy.interchange.saving import save_report  # noqa: PLC0415

    voice = "clinical" if clinical else "plain"

    save_report(path, report_html(case, found[0][1], voice=voice))
