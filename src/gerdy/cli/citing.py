"""Citations as a line of text."""

from __future__ import annotations

from gerdy.atlas import Atlas
from gerdy.atlas.model import Citation

_AUTHORS = 3


def cited(citation: Citation) -> str:
    """Return a citation in a line: authors, year, title, where it is found."""
    parts = [f"{_authors(citation)}{_year(citation)}", citation.title, citation.container_title, _where(citation)]
    said = ". ".join(part.rstrip(".") for part in parts if part)
    return f"{said}." if said else citation.id


def source_of(atlas: Atlas, source: str) -> str:
    """Return where a number comes from: the citation behind an id, or how it was derived or assumed."""
    found = atlas.citations.get(source)
    return source if found is None else cited(found)


def _authors(citation: Citation) -> str:
    names = [author.get("family") or author.get("literal", "") for author in citation.author]
    names = [name for name in names if name]
    if len(names) > _AUTHORS:
        names = [*names[:1], "et al"]
    return ", ".join(names) or citation.id


def _year(citation: Citation) -> str:
    parts = citation.issued.get("date-parts", [[]])
    return f" {parts[0][0]}" if parts and parts[0] else ""


def _where(citation: Citation) -> str:
    if citation.DOI:
        return f"doi:{citation.DOI}"
    if citation.PMID:
        return f"PMID {citation.PMID}"
    return citation.PMCID or citation.URL
