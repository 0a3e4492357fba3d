"""Put what is believed into an answer."""

from __future__ import annotations

from gerdy.atlas import model as m
from gerdy.reasoning.alarm import highest_probability
from gerdy.reasoning.answer import Answer, ConcernAnswer, ContributorAnswer, Question, SourceAnswer
from gerdy.reasoning.asking import Asking
from gerdy.reasoning.chain import chains
from gerdy.reasoning.changes import would_change
from gerdy.reasoning.concern import concern
from gerdy.reasoning.explanation import contributions
from gerdy.reasoning.grounds import Weighed, contributions_of, listed, rests_on, weigh
from gerdy.reasoning.irritability import irritability
from gerdy.reasoning.state import Beliefs
from gerdy.reasoning.uncertainty import intervals
from gerdy.reasoning.wording import chance_words

_MOST_QUESTIONS = 6
_INTERVAL_SHARE, _INTERVAL_SETS = 0.995, 400


def concern_of(beliefs: Beliefs) -> ConcernAnswer:
    """Return the concern alone; cheap enough to show after every answer."""
    return concern(beliefs.model.atlas, beliefs.facts, highest_probability(beliefs))


def compose(beliefs: Beliefs, *, complaint: str, side: str) -> Answer:
    """Return the full answer: ranking, reasons, chains, concern, questions, and what it rests on."""
    atlas = beliefs.model.atlas
    weighed = weigh(beliefs, contributions(beliefs.network, beliefs.evidence, beliefs.main))
    alone, examined = Asking(beliefs, m.Who.HELPER), Asking(beliefs, m.Who.INSTRUMENT)
    return Answer(
        complaint=complaint,
        side=side,
        concern=concern_of(beliefs),
        sources=_sources(beliefs, weighed),
        contributors=_contributors(beliefs),
        unexplained=beliefs.sets.none,
        unexplained_says=_unexplained(beliefs.sets.none),
        omitted_mass_bound=beliefs.sets.omitted,
        next_questions=_questions(alone, examined),
        enough=alone.enough,
        would_change=would_change(beliefs, examined),
        rests_on=rests_on(beliefs, weighed),
        answered=[item.observation.finding_id for item in beliefs.items],
        positive=sorted(beliefs.facts.positive),
        irritability=irritability(beliefs.facts, beliefs.painted),
        silent=[o.finding_id for o in beliefs.observations if atlas.findings[o.finding_id].silent],
    )


def _sources(beliefs: Beliefs, weighed: Weighed) -> list[SourceAnswer]:
    atlas, probability = beliefs.model.atlas, beliefs.probability
    few = beliefs.sets.heaviest(_INTERVAL_SHARE, _INTERVAL_SETS)
    limits = intervals(beliefs.model, beliefs.network, beliefs.evidence, few)
    contributors = beliefs.contributors
    found = []
    for source in sorted(atlas.sources.values(), key=lambda s: (-probability[s.id], s.id)):
        row = beliefs.model.index(source.id)
        p, moved = probability[source.id], contributions_of(beliefs, weighed, source)
        ways = chains(atlas, source, beliefs.painted, probability, contributors)
        found.append(
            SourceAnswer(
                id=source.id,
                name=source.name,
                clinical=source.clinical,
                family=source.family,
                pathway=source.pathway,
                probability=p,
                interval=(min(float(limits[row, 0]), p), max(float(limits[row, 1]), p)),
                words=chance_words(p),
                prior_log_odds=float(weighed.prior[row]),
                for_=listed(moved, speaks_for=True),
                against=listed(moved, speaks_for=False),
                chain=ways[0] if ways else None,
                other_chains=ways[1:],
                about=source.about,
                unlike=source.unlike,
                course=source.course,
            )
        )
    return found


def _contributors(beliefs: Beliefs) -> list[ContributorAnswer]:
    atlas, probability = beliefs.model.atlas, beliefs.probability
    loads: dict[str, list[str]] = {}
    for relation in atlas.relations:
        if relation.kind is m.RelationKind.LOADS and probability.get(relation.end, 0.0) >= 0.1:
            loads.setdefault(relation.start, []).append(relation.end)
    found = [
        ContributorAnswer(
            id=name,
            name=atlas.contributors[name].name,
            clinical=atlas.contributors[name].clinical,
            probability=chance,
            loads=loads.get(name, []),
        )
        for name, chance in beliefs.contributors.items()
    ]
    return sorted(found, key=lambda c: -c.probability)


def _questions(alone: Asking, examined: Asking) -> list[Question]:
    """Safety screens, then what the person can do alone, then what a clinician adds."""
    mine = alone.best(_MOST_QUESTIONS)
    theirs = [q for q in examined.best(3 * _MOST_QUESTIONS) if q.who in {m.Who.CLINICIAN, m.Who.INSTRUMENT}]
    return [*alone.waiting_screens(), *mine, *theirs[:_MOST_QUESTIONS]]


def _unexplained(chance: float) -> str:
    if chance < 0.05:
        return "Known sources explain what was told."
    if chance < 0.25:
        return "There is some chance that the pain comes from something not weighed here."
    return (
        "Nothing known here explains this well. Have it examined by a physiotherapist or a sports physician, "
        "and take this list along."
    )
