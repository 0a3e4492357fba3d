"""Write a file so that a crash, a full disk or a wrong path never leaves half of one behind."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from gerdy.errors import FileError

PRIVATE, PUBLIC = 0o600, 0o644


def write_whole(path: str | Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Write a file, all of it or nothing; a file of that name is replaced and keeps its permissions.

    ``mode`` is for a new file: ``PRIVATE`` (its owner alone: it is about somebody's health) or ``PUBLIC``.

    Raises
    ------
    FileError
        If the file cannot be written; what was there before stays as it was.
    """
    try:
        # A link stays a link: what it points to is replaced.
        _replace(Path(path).resolve(), content, mode)
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"{path}: cannot be written ({reason}); check folder and permissions.") from error


def _replace(target: Path, content: bytes, mode: int) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else mode
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    # The new name is on disk only when its folder is; not every system lets a folder be opened.
    with contextlib.suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
