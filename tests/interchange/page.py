"""A page as its elements, read by a strict parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link", "input", "hr"}
SELF_CLOSED = {"path", "rect", "line", "circle", "use"}  # within SVG, written with a slash


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    within: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """Every element in document order; ``problems`` says what is not well formed."""

    elements: list[Element] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)
        if tag not in SELF_CLOSED | VOID:
            self.problems.append(f"<{tag}/> does not close itself")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.problems.append(f"</{tag}> closes {[one.tag for one in self.open[-2:]]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"<{tag}> has an attribute twice: {names}")
        values = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, values, tuple(one.tag for one in self.open)))

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def place(self, name: str) -> int:
        """Return where the element with an id stands in the document."""
        return next(n for n, one in enumerate(self.elements) if one.attributes.get("id") == name)


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    page.problems += [f"<{element.tag}> is never closed" for element in page.open]
    return page
