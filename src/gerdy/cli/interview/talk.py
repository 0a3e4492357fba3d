"""Asking for a line and reading it, from a person at a terminal or from a pipe."""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress

from gerdy.cli.page import Page

_LONGEST = 2000


class LeftError(Exception):
    """Nobody is answering any more: stop, everything is saved."""


class Talk:
    """A page that can also ask."""

    def __init__(self, page: Page) -> None:
        self.page = page
        with suppress(ImportError):  # not on every system; with it a typed line can be edited
            importlib.import_module("readline")

    def ask(self, prompt: str) -> str:
        """Return the next line without surrounding spaces.

        Raises
        ------
        LeftError
            At the end of the input.
        """
        if sys.stdin.isatty():
            try:
                return input(f"{prompt} ").strip()
            except EOFError as error:
                self.page.blank()
                raise LeftError from error
        sys.stdout.write(f"{prompt} ")
        sys.stdout.flush()
        line = sys.stdin.readline(_LONGEST)
        # What was piped in is repeated, so that the output reads as the whole talk.
        sys.stdout.write(line if line.endswith("\n") else f"{line}\n")
        if not line:
            raise LeftError
        return line.strip()
