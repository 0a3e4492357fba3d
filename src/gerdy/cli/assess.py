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
@click.option(
    "--motion", metavar="FILE", type=click.Path(path_type=Path), help="A recording; see gerdy motion."
)
@click.option(
    "--forces", metavar="FILE", type=click.Path(path_type=Path), help="Its ground forces, where apart."
)
@click.option(
    "--static", metavar="FILE", type=click.Path(path_type=Path), help="Quiet standing of the same person."
)
def assess(
    case_file: str,
    complaint: str | None,
    *,
    clinical: bool,
    as_json: bool,
    report: Path | None,
    motion: Path | None,
    forces: Path | None,
    static: Path | None,
) -> None:
    """Say where the pain of a case comes from, and why.

    CASE is a case file (YAML or JSON); - reads standard input. How soon somebody must look comes first,
    then the sources in order of probability with reasons for and against, what is worth finding out next,
    and a plan. Without --complaint every complaint is answered, the most pressing first; --json then gives
    a list, in the order of the file. With --motion what the recording measures is added to the findings,
    where the case does not answer them itself.
    """
    case = open_case(case_file)
    case, measured = _measured(case, motion, forces, static)
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
    if measured:
        page.heading("Measured in the recording")
        page.points(measured)
    if report is not None:
        page.say(f"The report is in {report}.")


def _measured(
    case: Case, motion: Path | None, forces: Path | None, static: Path | None
) -> tuple[Case, tuple[str, ...]]:
    """Return the case with what a recording measures, and a line for each measure and each warning."""
    if motion is None:
        for name, given in (("--forces", forces), ("--static", static)):
            if given is not None:
                raise InputError(f"{name}: belongs to a recording; name that with --motion.")
        return case, ()
    from gerdy import movement  # noqa: PLC0415 (heavy rooms load when they are used)

    found = movement.examine(motion, movement.person_of(case), forces=forces, static=static)
    case, lines = movement.with_measures(case, found)
    kind = str(found.events.kind).replace("_", " ")
    if not lines:
        lines = (f"nothing that a finding of the atlas asks about: the recording shows {kind}.",)
    doubts = sum(note.kind == "warning" for note in found.notes)
    more = f"{doubts} warnings; `gerdy motion analyse {motion}` shows them." if doubts else ""
    return case, tuple(filter(None, (*lines, more)))


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
