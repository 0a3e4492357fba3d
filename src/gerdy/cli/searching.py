"""Find entries by the words in them."""

from __future__ import annotations

from collections.abc import Iterable


def matches(search: str, texts: Iterable[str]) -> bool:
    """Return whether every word of a search occurs somewhere in the texts; nothing matches everything."""
    held = _plain(" ".join(texts))
    return all(word in held for word in _plain(search).split())


def _plain(text: str) -> str:
    return text.lower().replace("_", " ").replace("-", " ")
