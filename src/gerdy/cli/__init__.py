"""The command line: ``gerdy --help`` lists what it can do."""

from gerdy.cli.program import main

__all__ = ["main"]
