"""What speaks for and against a source, as rows with signed bars."""

from __future__ import annotations

import math
from dataclasses import dataclass

from gerdy.interchange.references import Library, Piece
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import capital, signed, weight_words
from gerdy.reasoning.answer import Contribution, SourceAnswer

# A report of weak evidence must not look strong: bars are never stretched beyond this.
_LEAST_SCALE = math.log(5)


@dataclass(frozen=True)
class Row:
    """One piece of evidence; ``width`` is the length of its bar, of 100."""

    name: str
    value: str
    words: str
    width: float
    log_odds: str
    factor: str
    grade: str
    basis: list[Piece]
    unverified: bool


@dataclass(frozen=True)
class Rows:
    """The strongest pieces on one side, and what is left of that side."""

    rows: list[Row]
    more: int
    more_log_odds: str
    more_words: str


@dataclass(frozen=True)
class Ledger:
    """How the log-odds add up: prior + listed pieces + the rest = posterior."""

    prior: str
    prior_chance: float
    listed: str
    rest: str
    posterior: str


def scale_of(sources: list[SourceAnswer]) -> float:
    """Return the log-odds that fills the axis: the same for all sources, so that bars compare."""
    sizes = [abs(piece.log_odds) for source in sources for piece in (*source.for_, *source.against)]
    return max([_LEAST_SCALE, *sizes])


def rows(lexicon: Lexicon, library: Library, pieces: list[Contribution], scale: float, most: int) -> Rows:
    """Return the strongest pieces of one side as rows, at most ``most``."""
    shown, others = pieces[:most], pieces[most:]
    left = sum(piece.log_odds for piece in others)
    return Rows(
        rows=[_row(lexicon, library, piece, scale) for piece in shown],
        more=len(others),
        more_log_odds=signed(left),
        more_words=weight_words(left),
    )


def ledger(source: SourceAnswer) -> Ledger:
    """Return how the log-odds of a source add up."""
    p = min(max(source.probability, 1e-12), 1 - 1e-12)
    posterior = math.log(p / (1 - p))
    listed = sum(piece.log_odds for piece in (*source.for_, *source.against))
    return Ledger(
        prior=signed(source.prior_log_odds),
        prior_chance=1 / (1 + math.exp(-source.prior_log_odds)),
        listed=signed(listed),
        rest=signed(posterior - listed - source.prior_log_odds),
        posterior=signed(posterior),
    )


def _row(lexicon: Lexicon, library: Library, piece: Contribution, scale: float) -> Row:
    name = capital(lexicon.name(piece.id, piece.name))
    return Row(
        name=lexicon.choose(name, "Pain drawing") if piece.id == "drawing" else name,
        value=piece.value,
        words=weight_words(piece.log_odds),
        width=100 * min(abs(piece.log_odds) / scale, 1.0),
        log_odds=signed(piece.log_odds),
        factor=f"{math.exp(piece.log_odds):.2g}",
        grade=piece.grade.value,
        basis=library.basis(piece.source) if lexicon.clinical else [],
        unverified=piece.unverified,
    )
