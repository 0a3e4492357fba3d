"""Files of recorded motion: TRC and C3D markers, MOT and STO tables; reading and writing."""

from __future__ import annotations

from gerdy.motion.files.c3d import read_c3d
from gerdy.motion.files.content import Content
from gerdy.motion.files.storage import Table, read_storage, read_table
from gerdy.motion.files.trc import read_trc
from gerdy.motion.files.writing import write_dataset, write_table

__all__ = [
    "Content",
    "Table",
    "read_c3d",
    "read_storage",
    "read_table",
    "read_trc",
    "write_dataset",
    "write_table",
]
