"""The plan, in a few lines or in full."""

from __future__ import annotations

from collections.abc import Sequence

from gerdy.care.plan import GoTo, Plan, PlanItem
from gerdy.cli.page import HEADING, QUIET, Page

_HANG = 10


def show_summary(page: Page, plan: Plan, *, file: str = "") -> None:
    """Write what to do in a few lines."""
    page.say(plan.headline)
    for item in plan.until_then:
        page.say(item.name, indent=2)
        page.points(item.steps, indent=4)
    for stop in plan.stop_doing:
        page.say(stop.name, indent=2, label="For now:")
    for place, item in enumerate(plan.items, start=1):
        dose = f": {item.dose}" if item.dose else ""
        page.say(f"{item.name}{dose}", indent=2, label=f"{place}.", hang=3)
    if file and (plan.items or plan.stop_doing or plan.until_then):
        page.say(f"Steps, doses and when to stop: gerdy plan {file}", style=QUIET)


def show_plan(page: Page, plan: Plan) -> None:
    """Write the whole plan, in the order in which to do it."""
    page.say(plan.headline, style=HEADING)
    _show_places(page, plan.go_to)
    if plan.until_then:
        page.heading("Until then")
        _show_items(page, plan.until_then)
    if plan.stop_doing:
        page.heading("Leave or change for now")
        for stop in plan.stop_doing:
            page.say(stop.name, label="-", style=HEADING)
            page.say(f"Because {stop.why}.", indent=2)
            page.points(stop.instead)
    if plan.items:
        page.heading(f"What to do, in this order (about {plan.minutes:g} minutes)")
        page.say(
            f"Done well, and with what to leave, this is expected to take away about {100 * plan.coverage:.0f} % of "
            "the trouble; most of these effects are assumed."
        )
        _show_items(page, plan.items)
        page.heading("How much pain is fine")
        page.say(plan.pain_rule)
    if plan.ask_about:
        page.heading("What a clinician can add")
        for item in plan.ask_about:
            page.say(f"{item.name}. {item.why}", label="-")
    if plan.left_out:
        page.heading("Left out, and why")
        for left in plan.left_out:
            page.say(f"{left.name}: {left.why}", label="-")
    _show_later(page, plan)


def _show_places(page: Page, places: Sequence[GoTo]) -> None:
    for place in places:
        page.blank()
        page.say(place.where, label="Where", hang=_HANG)
        page.say(f"“{place.say}”", label="Say", hang=_HANG)
        page.say(place.because, label="Why", hang=_HANG)


def _show_items(page: Page, items: Sequence[PlanItem]) -> None:
    for number, item in enumerate(items, start=1):
        page.say(item.name, label=f"{number}.", hang=3, style=HEADING)
        page.say(item.why, indent=3)
        page.steps(item.steps, indent=3)
        told = (
            ("Dose", item.dose),
            ("Feel", item.feel),
            ("Stop if", "; ".join(text.rstrip(".") for text in item.stop_if)),
            ("Harder", item.progress),
            ("Easier", item.easier),
            ("Needs", ", ".join(item.equipment)),
        )
        for label, text in told:
            if text:
                page.say(text, indent=3, label=label, hang=_HANG)
        page.blank()


def _show_later(page: Page, plan: Plan) -> None:
    if plan.reviews:
        page.heading("Look again")
        for review in plan.reviews:
            when = f"Week {review.week}" + (f" ({review.date})" if review.date else "")
            page.say(review.look_at, label=f"{when}:", hang=0)
    if plan.safety_net:
        page.heading("Go at once, whatever this plan says, with any of these")
        page.points(plan.safety_net)
