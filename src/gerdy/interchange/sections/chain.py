"""The way from what adds to a source, via the source, to the site: boxes, and how each acts on the next."""

from __future__ import annotations

from dataclasses import dataclass

from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import capital, spaced
from gerdy.reasoning.answer import Chain

_ROLES = {
    "root": "nerve root",
    "nerve": "nerve",
    "contributor": "what adds to it",
    "key_source": "what sets it up",
    "source": "possible source",
    "structure": "lies between",
    "site": "where it hurts",
}


@dataclass(frozen=True)
class Step:
    """One box of a chain; ``says`` is how it acts on the next."""

    kind: str
    role: str
    name: str
    says: str


@dataclass(frozen=True)
class Way:
    """One chain, as boxes and as the sentence that stands for them where they cannot be seen."""

    steps: list[Step]
    sentence: str


def way(lexicon: Lexicon, chain: Chain) -> Way:
    """Return a chain as boxes."""
    steps = [
        Step(
            kind=link.kind,
            role=_ROLES.get(link.kind, spaced(link.kind)),
            name=capital(lexicon.name(link.id, link.name)),
            says=link.says,
        )
        for link in chain.links
    ]
    spoken = " → ".join(f"{step.name} {step.says}".strip() for step in steps)
    return Way(steps, spoken if lexicon.clinical else chain.sentence)
