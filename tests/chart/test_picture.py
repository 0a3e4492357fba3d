"""Pictures carry their own font and are written whole or not at all."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from gerdy.atlas import Atlas
from gerdy.chart.figure import figure_svg
from gerdy.chart.picture import png_bytes, save_figure
from gerdy.errors import FileError, InputError

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">'


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("family", ["Gerdy Sans", "Verdana, sans-serif"])
def test_text_is_drawn_without_any_font_of_the_machine(family: str) -> None:
    text = f'<text x="5" y="28" font-size="24" font-family="{family}">Größe, côté, 10</text>'
    assert len(png_bytes(f"{HEAD}{text}</svg>")) > 2 * len(png_bytes(f"{HEAD}</svg>"))


def test_bold_text_is_bolder() -> None:
    def drawn(weight: str) -> bytes:
        text = (
            f'<text x="5" y="28" font-size="24" font-weight="{weight}" font-family="Gerdy Sans">side</text>'
        )
        return png_bytes(f"{HEAD}{text}</svg>")

    assert drawn("bold") != drawn("normal")


def test_the_width_can_be_chosen() -> None:
    assert size(png_bytes(f"{HEAD}</svg>"))[0] == 400
    assert size(png_bytes(f"{HEAD}</svg>", width=300)) == (300, 60)


def test_what_is_not_svg_is_refused() -> None:
    with pytest.raises(InputError, match="not an SVG document"):
        png_bytes("<html/>")


def test_files_are_written_by_suffix(atlas: Atlas, tmp_path: Path) -> None:
    svg = figure_svg(atlas, source="gtps")
    assert save_figure(tmp_path / "a.svg", svg).read_text("utf-8") == svg
    width, height = size(save_figure(tmp_path / "b.PNG", svg).read_bytes())
    assert min(width, height) > 1200
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.svg", "b.PNG"]


@pytest.mark.parametrize(("name", "message"), [("a.pdf", "got '.pdf'"), ("a", "got 'no suffix'")])
def test_another_suffix_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(FileError, match=message):
        save_figure(tmp_path / name, f"{HEAD}</svg>")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"no\.svg: cannot be written \(No such file"):
        save_figure(tmp_path / "missing" / "no.svg", f"{HEAD}</svg>")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "old.png"
    target.write_bytes(b"old")
    with pytest.raises(InputError):
        save_figure(target, "no picture")
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        save_figure(tmp_path / "folder.svg", f"{HEAD}</svg>")
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2
