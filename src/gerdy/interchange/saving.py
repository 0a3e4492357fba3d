"""Write a report to a file."""

from __future__ import annotations

from pathlib import Path

from gerdy.files import write_whole


def save_report(path: str | Path, html: str) -> None:
    """Write a report to a file, all of it or nothing; a file of that name is replaced.

    A new file can be read by its owner alone: it is about somebody's health.

    Raises
    ------
    FileError
        If the file cannot be written; what was there before stays as it was.
    """
    write_whole(path, html.encode("utf-8"))
