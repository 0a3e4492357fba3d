"""What a failure looks like from outside: one message on stderr, one exit code, no traceback."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from gerdy.errors import GerdyError

OK, CHECK_FAILED, BAD_INPUT, INTERNAL, INTERRUPTED = 0, 1, 2, 3, 130

# What an unexpected message may quote from a case: words in quotes, ids, numbers.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|\b[A-Za-z0-9]*_\w*|[-+]?\d[\d.,:eE+-]*")
_LONGEST = 160


def exit_code(call: Callable[[], object]) -> int:
    """Call and return the exit code; whatever goes wrong is told on stderr."""
    try:
        result = call()
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (click.Abort, KeyboardInterrupt, EOFError):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        mute(sys.stdout)
        return OK
    except GerdyError as error:
        click.echo(f"gerdy: {error}", err=True)
        return BAD_INPUT
    except Exception as error:
        _tell(error)
        return INTERNAL
    return result if isinstance(result, int) else OK


def mute(stream: object) -> None:
    """Send what is still to be written nowhere: the reader at the other end of the pipe has left."""
    try:
        descriptor = stream.fileno()  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _tell(error: Exception) -> None:
    if os.environ.get("GERDY_DEBUG", "") not in {"", "0"}:
        traceback.print_exception(error)
        return
    click.echo(
        f"gerdy: internal error: {describe(error)}. Please report this line; it holds nothing of your case. "
        "GERDY_DEBUG=1 shows more.",
        err=True,
    )


def describe(error: BaseException) -> str:
    """Return class, place and message in one line, with everything that a case may have put in taken out."""
    message = " ".join(_QUOTED.sub("…", str(error)).split())
    if len(message) > _LONGEST:
        message = message[:_LONGEST] + "…"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if f"{os.sep}gerdy{os.sep}" in frame.filename]
    place = ""
    if own:
        path = Path(own[-1].filename)
        place = f" in {path.parent.name}/{path.name}:{own[-1].lineno}"
    return f"{type(error).__name__}{place}{f': {message}' if message else ''}"
