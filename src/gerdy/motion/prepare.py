"""Compile kernels in a second process while the first is busy with others, where nothing is kept from earlier runs.

Compiling takes several seconds and one thread at a time; two processes share the work through the folder of kept code.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

from gerdy.mechanics.compiling import COMPILING

LONGEST = 60.0  # s to wait for the other process before doing its work oneself


def begin() -> subprocess.Popen[bytes] | None:
    """Start a process that compiles the kernels of effort sharing; None where that is done already or no use."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR", ""))
    if not COMPILING or (os.cpu_count() or 1) < 2 or not folder.is_dir() or any(folder.rglob("*.nbi")):
        return None
    gc.disable()  # compiling makes millions of small objects that live on; looking through them takes a tenth of it
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-m", "gerdy.motion.prepare"], stdin=quiet, stdout=quiet, stderr=quiet
    )


def finish(other: subprocess.Popen[bytes] | None) -> None:
    """Wait until the other process has kept its kernels; without it they are compiled here."""
    if other is None:
        return
    gc.enable()
    try:
        other.wait(LONGEST)
    except subprocess.TimeoutExpired:
        other.kill()


def _compile() -> None:
    """Call the kernel that takes longest with no frames at all, then those that smooth."""
    gc.disable()
    import numpy as np  # noqa: PLC0415 (only the second process needs these)

    from gerdy.mechanics.band import band_parameters  # noqa: PLC0415
    from gerdy.mechanics.hill import muscle_arrays  # noqa: PLC0415
    from gerdy.mechanics.model import Muscle, Path  # noqa: PLC0415
    from gerdy.mechanics.sharing import Block, Effort, Settings, scratch_of, share_frames  # noqa: PLC0415
    from gerdy.mechanics.sweep import Swept  # noqa: PLC0415
    from gerdy.motion.filtering import lowpass, smooth  # noqa: PLC0415

    one = np.zeros(1, dtype=np.int64)
    block = Block(one, one, strap=0, patellar=-1, side=0, member=one, bulging=-1)
    muscle = Muscle(name="m", path=Path(points=()), max_force=1.0, optimal_length=0.1, tendon_slack=0.1)
    table, cube, ones = np.zeros((0, 1)), np.zeros((0, 1, 1)), np.ones(1)
    share_frames(
        Swept(table, table, cube, cube, table, table, np.zeros((0, 0, 3))),
        muscle_arrays([muscle]),
        block,
        band_parameters(0.4),
        Settings(2.0, elastic=False, passive=True, reserve=ones, weight=ones, limit=ones),
        scratch_of(block),
        Effort(
            *(table, table, table, table, table, table, table),
            turns=np.zeros((0, 2), dtype=np.int64),
            settled=np.ones(0, dtype=np.bool_),
        ),
        None,
    )
    time = 0.01 * np.arange(100.0)
    smooth(time, np.zeros((100, 1)), 10.0)
    lowpass(time, np.ones((100, 1)), 10.0)


if __name__ == "__main__":
    _compile()
