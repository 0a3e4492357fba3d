"""Citations as a line of text."""

from __future__ import annotations

from gerdy.atlas import Atlas
from gerdy.atlas.model import Citation
from gerdy.interchange.references import label


def cited(citation: Citation) -> str:
    """Return a citation in a line: who and when, what, and where it is found."""
    short = label(citation)
    title = "" if citation.title and citation.title in short else citation.title
    parts = [part.rstrip(".") for part in (short, title, citation.container_title) if part]
    return f"{'. '.join(parts)}. {_where(citation)}".rstrip()


def source_of(atlas: Atlas, source: str) -> str:
    """Return where a number comes from: the citation behind an id, or how it was derived or assumed."""
    found = atlas.citations.get(source)
    return source if found is None else cited(found)


def _where(citation: Citation) -> str:
    if citation.DOI:
        return f"doi:{citation.DOI}"
    if citation.PMID:
        return f"PMID {citation.PMID}"
    return citation.PMCID or citation.URL
