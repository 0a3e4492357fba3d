"""Where numbers and claims come from, readable: citations numbered as they are used, the rest in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from gerdy.atlas import Atlas
from gerdy.atlas.model import Citation
from gerdy.interchange.wording import capital, joined, spaced

_TITLE_LENGTH = 60
_ID = re.compile(r"[a-z][a-z0-9_]*[a-z0-9]")
_TYPES = {
    "article-journal": "Journal article",
    "webpage": "Web page",
    "post-weblog": "Article",
    "chapter": "Chapter",
    "book": "Book",
    "thesis": "Thesis",
    "software": "Software",
}


@dataclass(frozen=True)
class Piece:
    """A stretch of text; with ``anchor``, the name of a reference further down."""

    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Link:
    """A way to find a reference."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Reference:
    """One entry of the list of references."""

    anchor: str
    label: str
    details: str
    links: tuple[Link, ...]
    note: str


@dataclass
class Library:
    """The references of one report, numbered in the order in which they are first used."""

    atlas: Atlas
    _used: dict[str, str] = field(default_factory=dict)

    def cite(self, name: str) -> Piece:
        """Return the short name of a citation, linked to the list; an unknown id as words."""
        citation = self.atlas.citations.get(name)
        if citation is None:
            return Piece(spaced(name))
        anchor = self._used.setdefault(name, f"ref-{len(self._used) + 1}")
        return Piece(label(citation), anchor)

    def basis(self, source: str) -> list[Piece]:
        """Return a number's basis as text: a citation, or how it was derived or why it was assumed."""
        if not source.startswith(("derived:", "assumed:")):
            return [self.cite(source)]
        pieces: list[Piece] = []
        text, end = capital(source), 0
        for match in _ID.finditer(text):
            if match[0] in self.atlas.citations:
                pieces += [Piece(text[end : match.start()]), self.cite(match[0])]
                end = match.end()
        return [piece for piece in [*pieces, Piece(text[end:])] if piece.text]

    def used(self) -> list[Reference]:
        """Return the references cited so far, in order."""
        return [self._reference(name, anchor) for name, anchor in self._used.items()]

    def _reference(self, name: str, anchor: str) -> Reference:
        citation = self.atlas.citations[name]
        short = label(citation)
        parts = [
            citation.title if citation.title and short != citation.title else "",
            citation.container_title,
            _TYPES.get(citation.type, spaced(citation.type)),
        ]
        details = ". ".join(part.rstrip(".") for part in parts if part)
        return Reference(anchor, short, details, tuple(_links(citation)), citation.note)


def label(citation: Citation) -> str:
    """Return the short name of a reference: authors and year, else its title, else its id as words."""
    names = [name for name in map(_author, citation.author) if name]
    year = _year(citation)
    if names:
        who = f"{names[0]} and others" if len(names) > 2 else joined(names)
        # One page of several by the same person, or one without a date, is known by its title.
        return f"{who} {year}" if year else (f"{who}, {_short(citation.title)}" if citation.title else who)
    if citation.title:
        return citation.title if citation.type == "post-weblog" else _short(citation.title)
    words = spaced(citation.id)
    if citation.id.startswith("article_"):
        return f"Article on {words.removeprefix('article ')}"
    return capital(re.sub(r"(?<=[a-z])(?=\d{4}$)", " ", words))


def _author(author: Mapping[str, str]) -> str:
    return author.get("family") or author.get("literal") or author.get("given", "")


def _year(citation: Citation) -> str:
    parts = citation.issued.get("date-parts") or [[]]
    return str(parts[0][0]) if parts[0] else ""


def _short(title: str) -> str:
    if len(title) <= _TITLE_LENGTH:
        return title
    return title[:_TITLE_LENGTH].rsplit(" ", 1)[0] + " …"


def _links(citation: Citation) -> list[Link]:
    found = []
    if citation.DOI:
        found.append(Link(f"doi:{citation.DOI}", f"https://doi.org/{quote(citation.DOI)}"))
    if citation.PMID:
        found.append(
            Link(f"PMID {citation.PMID}", f"https://pubmed.ncbi.nlm.nih.gov/{quote(citation.PMID)}/")
        )
    if citation.PMCID:
        address = f"https://www.ncbi.nlm.nih.gov/pmc/articles/{quote(citation.PMCID)}/"
        found.append(Link(citation.PMCID, address))
    if citation.URL:
        # Anything but a web address would be an instruction to the browser, not a place to read.
        web = citation.URL.startswith(("https://", "http://"))
        found.append(Link(citation.URL, citation.URL if web else ""))
    return found
