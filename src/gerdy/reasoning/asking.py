"""From the ranking to questions: safety first, then by value per cost, until nothing is worth asking."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import msgspec
import numpy as np

from gerdy.atlas import model as m
from gerdy.reasoning.answer import Choice, Question
from gerdy.reasoning.network import Floats
from gerdy.reasoning.questions import open_findings, question_table, ranking
from gerdy.reasoning.state import Beliefs

_LONGEST_LIST = 14  # what a person still ticks in one go
_ALONG = 0.02  # share of the best question's worth from which another is brought along
_LIST_NAMES = {
    m.Topic.SITE: "Where exactly it is felt",
    m.Topic.ONSET: "How it began",
    m.Topic.BEHAVIOUR: "What brings it on and what eases it",
    m.Topic.SENSATION: "What it feels like",
    m.Topic.HISTORY: "What happened before",
    m.Topic.HEALTH: "Your health",
    m.Topic.LIFE: "Sport, work and habits",
    m.Topic.TREATMENT: "What was tried",
}


def _tickable(finding: m.Finding) -> bool:
    """Whether a finding is a plain yes or no that a person knows without trying anything."""
    plain = not finding.levels and finding.measured is None and finding.how is None
    return plain and finding.topic in _LIST_NAMES and finding.who is m.Who.PERSON


class Asking:
    """The open questions of one complaint for somebody who can do what ``who`` can."""

    def __init__(self, beliefs: Beliefs, who: m.Who = m.Who.PERSON) -> None:
        self.beliefs, self.who = beliefs, who
        self.atlas = beliefs.model.atlas
        self.table = question_table(beliefs.model)
        self.row = {name: row for row, name in enumerate(self.table.findings)}

    @cached_property
    def gain(self) -> Floats:
        """(F,) expected gain in decision value of every finding."""
        return ranking(self.beliefs.model, self.beliefs.joint)

    @cached_property
    def open(self) -> list[m.Finding]:
        """Findings that could still be asked."""
        answered = {o.finding_id for o in self.beliefs.observations}
        sex = self.beliefs.person.sex
        return open_findings(
            self.atlas.findings.values(), answered, self.beliefs.facts.positive, self.who, sex
        )

    @cached_property
    def screens(self) -> list[m.Screen]:
        """Safety screens with at least one finding not asked yet, in atlas order."""
        waiting = {finding.screen for finding in self.open if finding.safety}
        return [screen for screen in self.atlas.screens.values() if screen.id in waiting]

    @cached_property
    def by_value(self) -> list[m.Finding]:
        """Open findings that carry likelihood, best value per cost first."""
        screened = {screen.id for screen in self.screens}  # asked with their screen, not on their own
        rated = [f for f in self.open if f.id in self.row and not (f.safety and f.screen in screened)]
        return sorted(rated, key=lambda f: (-self._rate(f), f.id))

    @property
    def enough(self) -> bool:
        """Whether no open question is worth asking: screens are done, and every gain is below the floor."""
        floor = self.atlas.constants["stop_value"].value
        return not self.screens and all(self.gain[self.row[f.id]] < floor for f in self.by_value)

    def next(self) -> Question | None:
        """Return the question to ask now: a safety screen, else the best one, else None when enough is known.

        A simple history question brings the next most useful ones of its topic along, as one list to tick.
        """
        if self.screens:
            return self._screen(self.screens[0])
        floor = self.atlas.constants["stop_value"].value
        worth = [finding for finding in self.by_value if self.gain[self.row[finding.id]] >= floor]
        if not worth:
            return None
        together = self._together(worth[0])
        return self._checklist(together) if len(together) > 1 else self.question(worth[0])

    def _together(self, first: m.Finding) -> list[m.Finding]:
        """The open findings that are asked along with one: same topic, a plain yes or no, and worth the reading."""
        if not _tickable(first):
            return [first]
        least = _ALONG * self._rate(first)
        along = [
            f for f in self.by_value if f.topic == first.topic and _tickable(f) and self._rate(f) >= least
        ]
        return along[:_LONGEST_LIST]

    def best(self, count: int) -> list[Question]:
        """Return the ``count`` best questions that are not screens, even when none is worth its cost."""
        return [self.question(finding) for finding in self.by_value[:count]]

    def waiting_screens(self) -> list[Question]:
        """Return every safety screen still to be asked."""
        return [self._screen(screen) for screen in self.screens]

    def _rate(self, finding: m.Finding) -> float:
        row = self.row[finding.id]
        return float(self.gain[row] / self.table.cost[row])

    def question(self, finding: m.Finding) -> Question:
        """Return a finding as a question, with what each answer would do."""
        row = self.row[finding.id]
        choices = self._choices(row)
        how = finding.how
        return Question(
            id=finding.id,
            kind="finding",
            name=finding.name,
            clinical=finding.clinical,
            ask=finding.ask,
            topic=finding.topic,
            who=finding.who,
            safety=finding.safety,
            seconds=finding.cost.seconds,
            discomfort=finding.cost.discomfort,
            value=float(self.gain[row]),
            value_per_minute=60 * self._rate(finding),
            why=self._why(choices),
            choices=choices,
            position=how.position if how else "",
            steps=list(how.steps) if how else [],
            positive=how.positive if how else "",
            caution=how.caution if how else "",
            unit=finding.measured.unit if finding.measured else "",
        )

    def _screen(self, screen: m.Screen) -> Question:
        members = [f for f in self.open if f.screen == screen.id and f.safety]
        return Question(
            id=screen.id,
            kind="screen",
            name=screen.name,
            clinical=screen.clinical,
            ask=screen.ask,
            topic=m.Topic.SAFETY,
            who=m.Who.PERSON,
            safety=True,
            seconds=sum(f.cost.seconds for f in members),
            discomfort=0.0,
            value=0.0,
            value_per_minute=0.0,
            why="Safety comes first: these are asked whatever the rest says.",
            choices=[],
            findings=[f.id for f in members],
        )

    def _checklist(self, members: list[m.Finding]) -> Question:
        first = self.question(members[0])
        value = float(sum(self.gain[self.row[f.id]] for f in members))
        seconds = sum(f.cost.seconds for f in members)
        return msgspec.structs.replace(
            first,
            id=f"list_{members[0].topic}",
            kind="list",
            name=_LIST_NAMES[members[0].topic],
            clinical=f"Checklist: {members[0].topic}",
            ask="Which of these are true for you? Tick all that apply.",
            seconds=seconds,
            value=value,
            value_per_minute=60 * value / seconds,
            choices=[],
            findings=[f.id for f in members],
        )

    def _choices(self, row: int) -> list[Choice]:
        joint, sources = self.beliefs.joint, self.beliefs.network.sources
        state = self.table.state[row]
        both = joint.both[state, : len(sources)]
        rest = joint.target[: len(sources)] - both
        found = []
        for outcome in self.table.outcomes[row]:
            chance = outcome.on * joint.on[state] + outcome.off * (1 - joint.on[state])
            after = (outcome.on * both + outcome.off * rest) / max(chance, 1e-300)
            lead = int(np.argmax(after))
            found.append(
                Choice(
                    value=outcome.value,
                    name=outcome.name,
                    probability=float(chance),
                    leads=sources[lead],
                    leads_with=float(min(after[lead], 1.0)),
                )
            )
        return found

    def _why(self, choices: Collection[Choice]) -> str:
        now = max(self.beliefs.probability, key=self.beliefs.probability.__getitem__)
        sources = self.atlas.sources
        others = [c for c in choices if c.leads != now and c.probability >= 0.02]
        if others:
            other = max(others, key=lambda c: c.probability)
            return f"The answer “{other.name}” would put {sources[other.leads].name} first."
        low, high = (round(100 * edge(c.leads_with for c in choices)) for edge in (min, max))
        if low == high:
            return f"It makes little difference to {sources[now].name}, but may bring out a second source."
        return f"It moves {sources[now].name} between {low} and {high} in 100."
