"""A report is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gerdy.errors import FileError
from gerdy.interchange import save_report

HTML = "<!doctype html>\n<p>é → ≈</p>\n"


def test_writes_utf8(tmp_path: Path) -> None:
    save_report(tmp_path / "report.html", HTML)
    assert (tmp_path / "report.html").read_bytes() == HTML.encode("utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_new_file_is_private_and_old_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    save_report(str(path), HTML)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    save_report(path, HTML + "more")
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.read_text("utf-8").endswith("more")


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.html").write_text("old", "utf-8")
    (tmp_path / "link.html").symlink_to(tmp_path / "real.html")
    save_report(tmp_path / "link.html", HTML)
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_text("utf-8") == HTML


@pytest.mark.parametrize("name", ["missing/report.html", ".", "nul\0.html"])
def test_what_cannot_be_written_is_a_file_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="cannot be written"):
        save_report(f"{tmp_path}/{name}", HTML)


def test_failure_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.html"
    path.write_text("old", "utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left on device"):
        save_report(path, HTML)
    assert path.read_text("utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
