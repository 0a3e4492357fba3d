"""The answer for one complaint, as a page."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from gerdy.api import Assessment
from gerdy.case import Complaint
from gerdy.cli.concern_view import show_concern
from gerdy.cli.page import HEADING, QUIET, Page
from gerdy.cli.plan_view import show_summary
from gerdy.cli.words import INFORMS, WHO, bar, duration, interval, percent, times
from gerdy.interchange.voice import Lexicon
from gerdy.interchange.wording import capital, since_words, weight_words
from gerdy.reasoning.answer import Contribution, Question, SourceAnswer
from gerdy.reasoning.wording import chance_words, value_words

_SHOWN, _AT_LEAST = 5, 3  # sources listed
_NAMED, _TOLD = 0.03, 0.10  # chance from which a source is listed, and told in full
_REASONS, _WORTH_TELLING = 4, 0.15  # reasons a side, and the log-odds below which one is not told
_HANG = 9


def show_answer(
    page: Page,
    answer: Assessment,
    complaint: Complaint,
    lexicon: Lexicon,
    *,
    several: bool = False,
    file: str = "",
) -> None:
    """Write the whole answer, concern first.

    Parameters
    ----------
    several : whether the case has other complaints, so that this one needs its name.
    file : case file, for the commands that go on from here.
    """
    screens = [question for question in answer.next_questions if question.kind == "screen"]
    about = f"complaint {complaint.id}" if several else ""
    show_concern(page, answer.concern, lexicon, open_screens=len(screens), about=about)
    page.heading(heading(complaint, lexicon, several=several))
    open_case = answer.unexplained > answer.sources[0].probability
    if open_case:
        _show_rest(page, answer)
    page.heading("What comes nearest" if open_case else "Where it most likely comes from")
    show_sources(page, answer.sources, lexicon)
    if not open_case:
        _show_rest(page, answer)
    _show_grounds(page, answer, lexicon)
    _show_changes(page, answer, lexicon)
    _show_checks(page, answer, lexicon, file)
    page.heading("What to do")
    show_summary(page, answer.plan, file=file)
    page.blank()
    page.say(INFORMS, style=QUIET)


def heading(complaint: Complaint, lexicon: Lexicon, *, several: bool = False) -> str:
    """Return side, places and beginning of a complaint in a line."""
    pain = sorted(complaint.pain.items(), key=lambda pair: -pair[1])
    places = [f"{lexicon.name(name)} {value:g}/10" for name, value in pain if value > 0]
    if not places:
        places = ["as drawn"] if complaint.painted else ["no place given"]
    since = since_words(complaint.since)
    where = f"{', '.join(places)}{f', {since}' if since else ''}"
    side = f"{complaint.side} side"
    return f"{complaint.id}, {side}: {where}" if several else f"{capital(side)}: {where}"


def show_sources(page: Page, sources: Sequence[SourceAnswer], lexicon: Lexicon) -> None:
    """Write the leading sources, each with its chance and, where it is probable, its reasons and chain."""
    listed = [s for n, s in enumerate(sources[:_SHOWN]) if n < _AT_LEAST or s.probability >= _NAMED]
    for place, source in enumerate(listed, start=1):
        page.say(lexicon.name(source.id, source.name), label=f"{place}.", hang=3, style=HEADING)
        page.say(_chance(source, page), indent=3)
        if source.probability >= _TOLD or place == 1:
            _show_reasons(page, source, lexicon)
            page.blank()
    others = len(sources) - len(listed)
    if others > 0:
        page.blank()
        most = max(s.probability for s in sources[len(listed) :])
        page.say(f"{others} other sources were weighed, each {_at_most(most)}.", style=QUIET)


def _at_most(chance: float) -> str:
    words = chance_words(chance)
    return words if words.startswith("fewer") else f"at most {words}"


def _chance(source: SourceAnswer, page: Page) -> Text:
    line = bar(source.probability, *source.interval, plain=page.plain)
    line.append(f"  {source.words}", style="bold")
    return line.append(f"  {percent(source.probability)} ({interval(*source.interval)})", style=QUIET)


def _show_reasons(page: Page, source: SourceAnswer, lexicon: Lexicon) -> None:
    for label, reasons in (("For", source.for_), ("Against", source.against)):
        page.say(_reasons(reasons, lexicon) or "nothing told so far", indent=3, label=label, hang=_HANG)
    if source.unlike:
        page.say(source.unlike, indent=3, label="Unlike", hang=_HANG, style=QUIET)
    if source.chain is not None:
        page.say(source.chain.sentence, indent=3, label="Chain", hang=_HANG)


def _reasons(reasons: Sequence[Contribution], lexicon: Lexicon) -> str:
    told = [r for r in reasons if abs(r.log_odds) >= _WORTH_TELLING][:_REASONS]
    return "; ".join(_reason(reason, lexicon) for reason in told)


def _reason(reason: Contribution, lexicon: Lexicon) -> str:
    name = lexicon.name(reason.id, reason.name)
    value = "" if reason.id == "drawing" else f": {reason.value}"
    if not lexicon.clinical:
        return f"{name}{value} ({weight_words(reason.log_odds)})"
    mark = ", unverified" if reason.unverified else ""
    return f"{name}{value} ({times(reason.log_odds)}, grade {reason.grade.value}{mark})"


def _show_rest(page: Page, answer: Assessment) -> None:
    page.heading("What these leave unexplained")
    page.say(f"{answer.unexplained_says} Chance that none of them is at work: {percent(answer.unexplained)}.")


def _show_grounds(page: Page, answer: Assessment, lexicon: Lexicon) -> None:
    page.heading("What this rests on")
    page.say(answer.rests_on.says)
    if lexicon.clinical:
        for number in answer.rests_on.numbers[:5]:
            mark = ", unverified" if number.unverified else ""
            page.say(
                f"{number.what}: {number.value:.3g} (grade {number.grade.value}{mark}; {number.source})",
                indent=2,
            )
        page.say(f"Mass of combinations left out: at most {answer.omitted_mass_bound:.1g}.", style=QUIET)


def _show_changes(page: Page, answer: Assessment, lexicon: Lexicon) -> None:
    if not answer.would_change:
        return
    page.heading("What would change it")
    for change in answer.would_change[:3]:
        finding = lexicon.atlas.findings.get(change.id)
        value = value_words(finding, change.value) if finding else change.value
        chances = f"from {percent(change.before)} to {percent(change.after)}"
        verb = "had been" if change.given else "were"
        asked, lead = lexicon.name(change.id, change.name), lexicon.name(change.leads, change.leads_name)
        page.say(f"If “{asked}” {verb} “{value}”, {lead} would come first ({chances}).", indent=2)


def _show_checks(page: Page, answer: Assessment, lexicon: Lexicon, file: str) -> None:
    page.heading("Worth finding out next")
    screens = [q for q in answer.next_questions if q.kind == "screen"]
    if screens:
        how = f" (gerdy interview {file} asks them)" if file else ""
        page.say(f"The safety lists come first{how}:", indent=2)
        page.points((f"{q.name.lower()} ({duration(q.seconds)})" for q in screens), indent=4)
    rest = [q for q in answer.next_questions if q.kind != "screen"]
    if answer.enough and not screens:
        page.say("Nothing you could find out by yourself is worth the time any more.", indent=2)
    mine = [q for q in rest if q.who in {"person", "helper"}]
    theirs = [q for q in rest if q not in mine]
    for title, found in (("By yourself", [] if answer.enough else mine), ("With a clinician", theirs)):
        if found:
            page.say(title, indent=2)
            for question in found[:3]:
                _show_check(page, question, lexicon)


def _show_check(page: Page, question: Question, lexicon: Lexicon) -> None:
    who = "" if question.who in {"person", "clinician"} else f", {WHO[question.who]}"
    name = lexicon.name(question.id, question.name)
    mark = "-" if page.plain else "•"
    page.say(f"{name} ({duration(question.seconds)}{who}). {question.why}", indent=4, label=mark)
