"""Colours, line styles and legend of the chart figure."""

from __future__ import annotations

from html import escape

from gerdy.chart.page import Layout

# Orange to dark red in even steps of lightness, so that grey print and colour-blind eyes keep the order; blue
# for what a source would lead one to expect, never confused with what a person drew.
PAIN = ("#f7b98a", "#d9632b", "#7d160e")
PAIN_FROM = (0.1, 3.5, 6.5)
PAIN_WORDS = ("1-3 mild", "4-6 moderate", "7-10 severe")
FIELD = ("#d5e5f4", "#97bde0", "#3f7ab5")
FIELD_FROM = (0.1, 0.3, 0.6)
FIELD_WORDS = ("1 in 10", "3 in 10", "6 in 10")
FIELD_INK = "#0f3a66"
ROW = 23.0
DASHES = ("1.5 4", "7 4", "none")


def styles(page: Layout) -> str:
    """Return the style element; classes carry the size so that a figure can be embedded beside another."""
    ink = page.ink
    rules = {
        "paper": "fill:#ffffff",
        "skin": "fill:#faf6f0",
        "other": f"fill:#fcfbf9;stroke:#cfc9c1;stroke-width:{0.8 * ink:.2f}",
        "edge": f"fill:none;stroke:#3c3a37;stroke-width:{ink:.2f};stroke-linejoin:round",
        "hint": f"fill:none;stroke:#b3aea8;stroke-width:{0.75 * ink:.2f};stroke-linecap:round",
        "case": f"fill:none;stroke:#ffffff;stroke-opacity:.8;stroke-width:{2.9 * ink:.2f}",
        "stamp": "fill:#2f2d2b",
        "swatch": "stroke:#3c3a37;stroke-width:.8",
        "rule": "stroke:#d9d4cd;stroke-width:.8",
    }
    for n, colour in enumerate(PAIN):
        rules[f"pain{n}"] = f"fill:{colour}"
    for n, colour in enumerate(FIELD):
        rules[f"felt{n}"] = f"fill:{colour}"
        rules[f"line{n}"] = (
            f"fill:none;stroke:{FIELD_INK};stroke-width:{1.5 * ink:.2f};stroke-dasharray:{DASHES[n]};"
            f"stroke-linecap:round"
        )
    text = "font-family:'Gerdy Sans','DejaVu Sans',Verdana,sans-serif"
    rules["title"] = f"{text};font-size:{page.title}px;font-weight:bold;fill:#1f1e1c"
    rules["subtitle"] = f"{text};font-size:{page.label}px;fill:#55514c"
    rules["label"] = f"{text};font-size:{page.label}px;fill:#2f2d2b"
    rules["side"] = f"{text};font-size:{page.label}px;font-weight:bold;fill:#ffffff;text-anchor:middle"
    body = "".join(f".g-{page.size} .{name}{{{rule}}}" for name, rule in rules.items())
    return f"<style>{body}</style>"


def heading_text(page: Layout, title: str, subtitle: str) -> str:
    """Return title and subtitle; a long title is set smaller so that it fits."""
    fits = (page.width - 2 * page.margin) / (0.64 * max(len(title), 1))
    size = min(page.title, fits)
    return (
        f'<text class="title" style="font-size:{size:.1f}px" x="{page.margin}" y="30">{escape(title)}</text>'
        f'<text class="subtitle" x="{page.margin}" y="51">{escape(subtitle)}</text>'
    )


def legend(page: Layout, *, drawn: bool, field: bool) -> str:
    """Return the legend: one row for the drawing, one for the source's field."""
    rows = [("Painted pain, 0 to 10", PAIN_WORDS, "pain")] if drawn else []
    if field:
        rows.append(("Expected to feel it there, at least", FIELD_WORDS, "line" if drawn else "felt"))
    y = page.legend_y
    return "".join(_row(page, y + ROW * n, *row) for n, row in enumerate(rows))


def _row(page: Layout, y: float, heading: str, words: tuple[str, ...], kind: str) -> str:
    start = page.margin + 252.0
    parts = [f'<text class="label" x="{page.margin}" y="{y:.1f}">{escape(heading)}</text>']
    for n, word in enumerate(words):
        if kind == "line":
            parts.append(f'<path class="line{n}" d="M{start:.1f} {y - 4.5:.1f}h28"/>')
        else:
            parts.append(
                f'<rect class="swatch {kind}{n}" x="{start:.1f}" y="{y - 11:.1f}" width="28" height="13"/>'
            )
        parts.append(f'<text class="label" x="{start + 36:.1f}" y="{y:.1f}">{escape(word)}</text>')
        start += 145.0
    return "".join(parts)
