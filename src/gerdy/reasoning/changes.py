"""What would change the answer: answers still open, or answers given, that would put another source first."""

from __future__ import annotations

import numpy as np

from gerdy.reasoning.answer import Change
from gerdy.reasoning.asking import Asking
from gerdy.reasoning.joint import state_given_set
from gerdy.reasoning.network import Evidence, Floats
from gerdy.reasoning.observed import Observed
from gerdy.reasoning.state import Beliefs
from gerdy.reasoning.wording import value_words

_LIKELY_ENOUGH = 0.03  # an answer rarer than this is not worth mentioning
_MOST_OPEN, _MOST_GIVEN = 4, 3


def would_change(beliefs: Beliefs, asking: Asking) -> list[Change]:
    """Return the open answers, then the given answers if reversed, that would put another source first."""
    return [*_open(beliefs, asking), *_given(beliefs)]


def _open(beliefs: Beliefs, asking: Asking) -> list[Change]:
    found: list[tuple[float, Change]] = []
    now = beliefs.probability
    leader = max(now, key=now.__getitem__)
    for finding in asking.by_value:
        question = asking.question(finding) if asking.gain[asking.row[finding.id]] > 0 else None
        for choice in question.choices if question else []:
            if choice.leads != leader and choice.probability >= _LIKELY_ENOUGH:
                change = _change(
                    beliefs, finding.id, choice.name, choice.value, choice.leads, choice.leads_with
                )
                found.append((choice.probability * (choice.leads_with - now[choice.leads]), change))
    found.sort(key=lambda pair: -pair[0])
    unique = {change.id: change for _, change in reversed(found)}
    return [change for _, change in found if unique.get(change.id) is change][:_MOST_OPEN]


def _given(beliefs: Beliefs) -> list[Change]:
    """Answers that carry the present order: turned round, another source would lead."""
    found: list[tuple[float, Change]] = []
    now = beliefs.probability
    leader = max(now, key=now.__getitem__)
    sources = beliefs.network.sources
    bare = state_given_set(beliefs.network, Evidence.of({}), beliefs.main.member)
    for item in beliefs.items:
        if item.observation.value not in {"positive", "negative"}:
            continue
        chance = bare[:, item.state]
        before, after_turn = (_likelihood(beliefs, item, chance, turned=turned) for turned in (False, True))
        weight = beliefs.main.weight * after_turn / before
        after = weight @ beliefs.main.member / weight.sum()
        lead = int(np.argmax(after))
        if sources[lead] != leader:
            turned = "negative" if item.observation.value == "positive" else "positive"
            finding = beliefs.model.atlas.findings[item.observation.finding_id]
            change = _change(
                beliefs, finding.id, value_words(finding, turned), turned, sources[lead], float(after[lead])
            )
            found.append((float(after[lead]), change))
    found.sort(key=lambda pair: -pair[0])
    return [change for _, change in found][:_MOST_GIVEN]


def _likelihood(beliefs: Beliefs, turned_item: Observed, chance: Floats, *, turned: bool) -> Floats:
    """Return (N,) likelihood of all answers that observe one state, with one of them turned round or not."""
    on = off = 1.0
    for item in beliefs.items:
        if item.state == turned_item.state:
            flip = turned and item is turned_item
            on *= 1 - item.on if flip else item.on
            off *= 1 - item.off if flip else item.off
    return on * chance + off * (1 - chance)


def _change(beliefs: Beliefs, finding: str, name: str, value: str, leads: str, after: float) -> Change:
    atlas = beliefs.model.atlas
    entry = atlas.findings[finding]
    given = any(o.finding_id == finding for o in beliefs.observations)
    before = beliefs.probability[leads]
    opening = "Had this been answered" if given else "If the answer is"
    return Change(
        id=finding,
        name=entry.name,
        value=value,
        given=given,
        leads=leads,
        leads_name=atlas.sources[leads].name,
        before=before,
        after=min(after, 1.0),
        says=(
            f"{opening} “{name}”: {atlas.sources[leads].name} would come first "
            f"(from {round(100 * before)} to {round(100 * after)} in 100)."
        ),
    )
