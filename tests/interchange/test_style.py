"""Text can be read: contrast of at least 4.5 to 1, in light and in dark."""

from __future__ import annotations

import re

import pytest

from gerdy.interchange.templating import stylesheet

PAIRS = [
    *((text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "card", "faint")),
    *((text, ground) for text in ("for", "against") for ground in ("paper", "card")),
    *(("ink", ground) for ground in ("warm", "urgent")),
    ("accent", "warm"),
    ("warm-line", "card"),
    ("emergency-ink", "emergency"),
    *(("on-dark", f"grade-{grade}") for grade in "AB"),
    *(("on-light", f"grade-{grade}") for grade in "CDE"),
]


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", str(stylesheet()), re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block)) for block in blocks[:2])
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(mode: str, text: str, ground: str) -> None:
    colours = palettes()[mode]
    bright, dim = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (bright + 0.05) / (dim + 0.05) >= 4.5


def test_print_is_light_and_keeps_its_colours() -> None:
    style = str(stylesheet())
    assert "@media screen and (prefers-color-scheme: dark)" in style
    assert "print-color-adjust: exact" in style
    assert "size: A4" in style
