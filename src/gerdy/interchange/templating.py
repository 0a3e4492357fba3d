"""The templates of the report; everything put into them is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def environment() -> Environment:
    """Return the template environment, made once per process."""
    found = Environment(
        loader=PackageLoader("gerdy.interchange"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["name"] = _name
    return found


@cache
def stylesheet() -> Markup:
    """Return the style sheet, ready to stand in a page: our own file, so it is not escaped."""
    loader = environment().loader
    assert loader is not None  # noqa: S101 - set above
    source, _, _ = loader.get_source(environment(), "report.css")
    return Markup(source)  # noqa: S704 - shipped with the package, no user text


def _name(text: str) -> Markup:
    """Return a name with what stands in brackets at its end set back."""
    head, bracket, rest = text.partition(" (")
    if not bracket or not rest.endswith(")"):
        return Markup("{}").format(text)
    return Markup('{} <span class="aside">({}</span>').format(head, rest)
