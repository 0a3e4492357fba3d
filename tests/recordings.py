"""Where the real recordings lie that some tests use; they are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("GERDY_RECORDINGS", Path(__file__).parents[2] / "shared" / "data"))


def recordings(*parts: str) -> Path:
    """Return a file or folder of the real recordings, or skip the test that asks for it."""
    path = FOLDER.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no real recordings at {path}; set GERDY_RECORDINGS to their folder")
    return path
