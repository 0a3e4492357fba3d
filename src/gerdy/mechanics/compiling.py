"""One decorator: kernels run compiled where Numba is at hand, and as plain Python where it is not or is not wanted.

Machine code is kept between runs, in a folder that is named after the sources it was made from: a changed kernel never
meets what an older one left behind.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

Inputs = ParamSpec("Inputs")
Output = TypeVar("Output")

OLD = 7 * 24 * 3600.0  # s; code that nobody made or used for so long is dropped
COMPILING = os.environ.get("GERDY_PATH", "numba") != "python" and find_spec("numba") is not None


def compiled(function: Callable[Inputs, Output]) -> Callable[Inputs, Output]:
    """Return the function compiled to machine code, kept on disk between runs; itself under ``GERDY_PATH=python``.

    Kernels allocate nothing and own no array: without reference counts they run several times faster.
    """
    return _compiled(function, callable_from_python=True)


def compiled_within(function: Callable[Inputs, Output]) -> Callable[Inputs, Output]:
    """Return the function compiled for other kernels alone; it takes a third less time to compile.

    Python must not call it: Numba leaves no entry for that, and the process would crash.
    """
    return _compiled(function, callable_from_python=False)


def _compiled(function: Callable[Inputs, Output], *, callable_from_python: bool) -> Callable[Inputs, Output]:
    if not COMPILING:
        return function
    from numba import njit  # noqa: PLC0415 (loaded only where it is used)

    compiler = njit(
        cache=True,
        nogil=True,
        error_model="numpy",
        _nrt=False,
        no_cfunc_wrapper=True,
        no_cpython_wrapper=not callable_from_python,
    )
    return cast("Callable[Inputs, Output]", compiler(function))


def _keep_code() -> None:
    """Tell Numba where to keep machine code, and drop what other versions of the sources left."""
    if "NUMBA_CACHE_DIR" in os.environ or "numba" in sys.modules:
        return
    os.environ.setdefault("NUMBA_OPT", "1")  # compiles a tenth sooner; the kernels run as fast as with 3
    rooms = Path(__file__).parent, Path(__file__).parent.parent / "motion"
    stamp = hashlib.blake2b(digest_size=8)
    for source in sorted(file for room in rooms for file in room.rglob("*.py")):
        state = source.stat()
        stamp.update(f"{source} {state.st_size} {state.st_mtime_ns}\n".encode())
    home = os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path.home() / ".cache"
    folder = base / "gerdy" / f"kernels-{stamp.hexdigest()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for other in folder.parent.glob("kernels-*"):
            if other != folder and other.stat().st_mtime < time.time() - OLD:
                shutil.rmtree(other, ignore_errors=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"gerdy-{stamp.hexdigest()}"
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


if COMPILING:
    _keep_code()
