"""The ``gerdy`` command."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import click

from gerdy import __version__
from gerdy.cli.failing import OK, exit_code, mute
from gerdy.cli.lazy import Lazy, LazyGroup

COMMANDS: Mapping[str, Lazy] = {
    "assess": Lazy("gerdy.cli.assess", "assess", "Say where the pain of a case comes from, and why."),
    "interview": Lazy(
        "gerdy.cli.interview", "interview", "Ask what is worth asking, one question at a time."
    ),
    "motion": Lazy(
        "gerdy.cli.motion", "motion", "Analyse a recording: joints, muscles, the iliotibial band."
    ),
    "plan": Lazy("gerdy.cli.plan", "plan", "Say what to do, in order."),
    "findings": Lazy("gerdy.cli.findings", "findings", "Search the findings a case can hold."),
    "chart": Lazy("gerdy.cli.chart", "chart", "Draw where it hurts, or where a source is felt."),
    "claims": Lazy("gerdy.cli.claims", "claims", "Hold what articles say against the evidence."),
    "atlas": Lazy("gerdy.cli.atlas", "atlas", "Look up and check the facts behind the answers."),
    "records": Lazy(
        "gerdy.cli.records", "records", "Check, hand out, copy and erase what is remembered of people."
    ),
    "schema": Lazy("gerdy.cli.schema", "schema", "Print the JSON schema of a case or an assessment."),
}
EPILOG = """\b
Examples:
  gerdy interview                       start from nothing
  gerdy assess my-case.yaml             the answer for a case file
  gerdy plan my-case.yaml --minutes 10  what to do about it
  gerdy findings knee                   what a case file can say

\b
Exit codes:
  0    all is well
  1    a check failed (atlas check, atlas coverage)
  2    something handed in is wrong; the message says what
  3    an error inside Gerdy; please report it
  130  interrupted

Gerdy informs and documents; it does not diagnose."""

# For terminals without Unicode: what stands in for the signs Gerdy writes.
_ASCII = {
    "→": "->", "←": "<-", "·": "-", "•": "*", "–": "-", "—": "-", "−": "-", "×": "x", "≥": ">=", "≤": "<=",
    "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "°": " deg", "±": "+/-", "é": "e", "ö": "oe",
    "ü": "ue", "ä": "ae", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ",
}  # fmt: skip


class Program(LazyGroup):
    """The root group; every way of failing ends in a message and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run the command line and exit."""
        _make_ready()
        kwargs["standalone_mode"] = False
        sys.exit(exit_code(lambda: super(Program, self).main(*args, **kwargs)))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a reader that has left the pipe (``| head``) is no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            mute(sys.stdout)
            raise click.exceptions.Exit(OK) from None


def _make_ready() -> None:
    """Let no sign that a terminal cannot show, and no byte that is no text, stop the program."""
    codecs.register_error("gerdy-ascii", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors="gerdy-ascii")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_ASCII.get(sign, "?") for sign in error.object[error.start : error.end]), error.end


@click.group(
    cls=Program,
    lazy=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="gerdy", message="%(prog)s %(version)s")
def program() -> None:
    """Find where pain in the outer hip, thigh, knee and leg comes from, and what to do about it.

    The site of pain is not its source. Gerdy weighs every source it knows against what you tell it, says
    how sure it is and why, and asks for what would help most next.
    """


def main() -> NoReturn:
    """Run the command line; the entry point of the package."""
    program.main(prog_name="gerdy")
