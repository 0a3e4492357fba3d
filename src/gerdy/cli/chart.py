"""``gerdy chart``: a drawing, or where a source is felt, as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from gerdy.atlas import Atlas, load_atlas, normal_form
from gerdy.chart.figure import figure_svg
from gerdy.chart.picture import save_figure
from gerdy.cli.opening import STDIN, complaint_option, open_case
from gerdy.errors import InputError, UnknownIdError

EPILOG = """\b
Examples:
  gerdy chart my-case.yaml -o drawing.svg
  gerdy chart my-case.yaml --source itbs -o compared.png
  gerdy chart rad_l5 --side left -o l5.svg"""
_CASE_SUFFIXES = {".yaml", ".yml", ".json"}


@click.command(epilog=EPILOG)
@click.argument("subject", metavar="CASE|SOURCE")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to: a name that ends in .svg or .png.",
)
@click.option("--source", metavar="ID", help="Show where this source is felt over the drawing of a case.")
@click.option(
    "--side", type=click.Choice(["right", "left"]), help="Side to show a source on; right by default."
)
@complaint_option
def chart(subject: str, output: Path, source: str | None, side: str | None, complaint: str | None) -> None:
    """Draw where it hurts, or where a source is felt.

    CASE is a case file (- reads standard input), SOURCE the id or a synonym of a source.
    """
    atlas = load_atlas()
    if _is_case(subject):
        svg = _of_case(atlas, subject, source=source, side=side, complaint=complaint)
    else:
        if source is not None or complaint is not None:
            option = "--source" if source is not None else "--complaint"
            raise InputError(f"{option}: belongs to a case file; '{subject}' is none.")
        svg = figure_svg(atlas, source=_source(atlas, subject, or_file=True), side=side or "right")
    save_figure(output, svg)
    click.echo(f"Drawn in {output}.")


def _is_case(subject: str) -> bool:
    return subject == STDIN or Path(subject).suffix.lower() in _CASE_SUFFIXES or Path(subject).exists()


def _of_case(atlas: Atlas, path: str, *, source: str | None, side: str | None, complaint: str | None) -> str:
    one = open_case(path).complaint(complaint)
    if side is not None and side != one.side:
        raise InputError(f"--side: the complaint is on the {one.side} side; leave the option out.")
    drawing = one.drawing(atlas)
    if drawing is None:
        raise InputError(f"{path}: nothing hurts in this case; give `pain` by region, or a `drawing`.")
    return figure_svg(atlas, drawing=drawing, source=None if source is None else _source(atlas, source))


def _source(atlas: Atlas, name: str, *, or_file: bool = False) -> str:
    """Return the id of a source, from its id or a synonym."""
    kind, entry = atlas.names.get(normal_form(name), ("", None))
    if entry is None or kind != "sources":
        what = "source, and no file has this name:" if or_file else "source"
        known = [word for word, (kind, _) in atlas.names.items() if kind == "sources"]
        raise UnknownIdError(what, name, known)
    return entry.id
