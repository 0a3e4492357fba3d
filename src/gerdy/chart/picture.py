"""Write a figure to a file, as SVG or as PNG with our own font."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from importlib import resources
from pathlib import Path

import resvg_py

from gerdy.errors import FileError, InputError
from gerdy.files import PUBLIC, write_whole

FONTS = ("GerdySans-Regular.ttf", "GerdySans-Bold.ttf")
FAMILY = "Gerdy Sans"


def png_bytes(svg: str, *, width: int | None = None) -> bytes:
    """Return an SVG document as PNG, ``width`` pixels wide (default: twice its own size).

    Text is set in the bundled font, never in one of the machine's, so that a picture is the same everywhere.

    Raises
    ------
    InputError
        If the text is not an SVG document.
    """
    zoom = None if width is not None else 2.0
    try:
        found = resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            zoom=zoom,
            skip_system_fonts=True,
            font_files=list(_fonts()),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            background="#ffffff",
        )
    except ValueError as error:
        raise InputError(f"picture: not an SVG document that can be drawn: {error}") from error
    return bytes(found)


@cache
def _fonts() -> tuple[str, ...]:
    """Return paths of the bundled fonts; resvg reads files, so a packed resource is unpacked once."""
    paths = []
    for name in FONTS:
        font = resources.files("gerdy.chart") / "fonts" / name
        if isinstance(font, Path):
            paths.append(str(font))
        else:
            with tempfile.NamedTemporaryFile(suffix=".ttf", delete=False) as copy:
                copy.write(font.read_bytes())
            paths.append(copy.name)
    return tuple(paths)


def save_figure(path: str | os.PathLike[str], svg: str) -> Path:
    """Write a figure as ``.svg`` or ``.png``, by the suffix, whole or not at all; return the path.

    Raises
    ------
    FileError
        For another suffix, or when the file cannot be written.
    """
    target = Path(path)
    match target.suffix.lower():
        case ".svg":
            content = svg.encode()
        case ".png":
            content = png_bytes(svg)
        case other:
            raise FileError(f"{target}: a figure is saved as .svg or .png; got '{other or 'no suffix'}'.")
    write_whole(target, content, mode=PUBLIC)
    return target
