"""How soon somebody must look, before anything else is said."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from gerdy import api
from gerdy.atlas.model import Concern
from gerdy.case import Case
from gerdy.cli.page import Page
from gerdy.cli.words import LEVELS, count
from gerdy.interchange.voice import Lexicon
from gerdy.reasoning.answer import ConcernAnswer, Reason
from gerdy.reasoning.compose import concern_of

_HANG = 8


def show_concern(
    page: Page, concern: ConcernAnswer, lexicon: Lexicon, *, open_screens: int, about: str = ""
) -> None:
    """Write the level in words, and for every reason where to go and what to say there.

    Parameters
    ----------
    open_screens : safety lists that were not answered; without them nothing is all clear.
    about : which complaint it is, where there are several.
    """
    words, style = LEVELS[concern.level]
    title = f"{words} ({about})" if about else words
    page.say(Text(title, style=style))
    if open_screens and concern.level.rank < Concern.URGENT.rank:
        lists = count(open_screens, "safety list is", "safety lists are")
        page.say(f"{lists} not fully answered yet, so this is not an all-clear.", style="yellow")
    show_reasons(page, concern.reasons, lexicon)


def show_alarms(page: Page, case: Case, lexicon: Lexicon, *, but: str | None) -> None:
    """Write what is urgent about the complaints of a case that nobody asked about.

    ``but`` is the complaint that was asked about; without it all of them were.
    """
    for other in case.complaints:
        if but is None or other.id == but:
            continue
        concern = concern_of(api.beliefs(case, other.id))
        if concern.level.rank >= Concern.URGENT.rank:
            show_concern(page, concern, lexicon, open_screens=0, about=f"complaint {other.id}")
            page.blank()


def show_reasons(page: Page, reasons: Sequence[Reason], lexicon: Lexicon) -> None:
    """Write reasons, most pressing first; what is said twice is written once."""
    top = reasons[0].level if reasons else Concern.NONE
    told: set[tuple[str, str]] = set()
    for reason in reasons:
        page.blank()
        also = f" ({LEVELS[reason.level][0].split(':')[0].lower()})" if reason.level is not top else ""
        page.say(f"{lexicon.name(reason.id, reason.name)}{also}", style="bold")
        if (reason.where, reason.say) not in told:
            page.say(reason.where, indent=2, label="Where", hang=_HANG)
            page.say(f"“{reason.say}”", indent=2, label="Say", hang=_HANG)
        told.add((reason.where, reason.say))
        page.say(reason.reason, indent=2, label="Why", hang=_HANG)
