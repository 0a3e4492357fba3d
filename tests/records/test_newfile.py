"""New files appear whole or not at all, and never in place of another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gerdy.errors import FileError
from gerdy.records.newfile import new_file


def test_a_file_system_without_links_holds_new_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    with new_file(tmp_path / "new") as fresh:
        fresh.write_text("whole")
    with pytest.raises(FileError, match="left alone"), new_file(tmp_path / "new") as fresh:
        fresh.write_text("another")
    with pytest.raises(FileError, match="cannot be written"), new_file(tmp_path / "other") as fresh:
        raise OSError(28, "No space left on device")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("new", "whole")]
