"""Two ways of saying the same: to the person, and to a clinician."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gerdy.atlas import Atlas
from gerdy.errors import InputError
from gerdy.interchange.wording import fact_words, spaced


class Voice(StrEnum):
    """Whom a report speaks to."""

    PLAIN = "plain"
    CLINICAL = "clinical"


@dataclass(frozen=True)
class Lexicon:
    """What things are called in one voice."""

    atlas: Atlas
    voice: Voice

    @property
    def clinical(self) -> bool:
        """Whether the reader is a clinician."""
        return self.voice is Voice.CLINICAL

    def choose(self, plain: str, clinical: str) -> str:
        """Return the name that fits the reader; the plain one where there is no clinical one."""
        return clinical if self.clinical and clinical else plain

    def name(self, name: str, fallback: str = "") -> str:
        """Return what the atlas calls an id, or a fact about the person; the id as words if nothing does."""
        found = self.atlas.names.get(name)
        if found is not None:
            return self.choose(found[1].name, found[1].clinical)
        return fallback or fact_words(name) or spaced(name)

    def place(self, region: str) -> str:
        """Return what a region is called within a sentence."""
        name = self.name(region)
        return name[:1].lower() + name[1:]


def voice_of(name: str) -> Voice:
    """Return a voice by name.

    Raises
    ------
    InputError
        If there is no such voice.
    """
    try:
        return Voice(name)
    except ValueError as error:
        raise InputError(f"voice: must be {' or '.join(Voice)}; got '{name}'.") from error
