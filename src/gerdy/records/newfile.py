"""Make a new file so that it appears whole or not at all, for its owner alone, and never replaces another."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gerdy.errors import FileError
from gerdy.files import PRIVATE


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a temporary file to fill; when that went well, it takes its name.

    Raises
    ------
    FileError
        If the name is taken, or the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise FileError(
            f"{path}: cannot be written ({error.strerror}); check folder and permissions."
        ) from error
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.chmod(PRIVATE)
        yield temporary
        with temporary.open("r+b") as file:
            os.fsync(file.fileno())
        _publish(temporary, path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileError(f"{path}: cannot be written ({reason}); check folder and permissions.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _publish(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise FileError(f"{path}: is there already and is left alone; choose another name.") from error
    except OSError:  # a file system without links: a race is then possible, half a file is not
        if path.exists():
            raise FileError(f"{path}: is there already and is left alone; choose another name.") from None
        temporary.rename(path)
    # The name is on disk only when its folder is; not every system lets a folder be opened.
    with contextlib.suppress(PermissionError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
