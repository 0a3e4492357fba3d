"""What a plan is made from: what probably hurts, what the answers forbid, and what the person has to hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gerdy.atlas import Atlas
from gerdy.atlas import model as m
from gerdy.care.burden import burden, effect, loaded_sources, relief
from gerdy.reasoning.answer import Answer

STANDS_OUT = 0.15  # chance of the first source from which exercises are chosen at all
WATCHED = 0.2  # chance of sources together from which a watch over them is planned
PROBABLE = 0.1  # chance of a source from which advice that costs no time, or somebody else's, is given for it
POSSIBLE = 0.05  # burden of a target from which time may be spent on it
WORTH_SAYING = 0.03  # burden that advice must remove to be given
EVERYWHERE = frozenset({"none", "wall", "chair", "pillow", "towel"})  # every home has these
HOUSEHOLD = EVERYWHERE | {"ball", "roller", "step", "band", "weight"}


@dataclass(frozen=True)
class Limits:
    """What a plan may ask of a person: minutes a day, and equipment beside what is in every home.

    Without ``equipment`` (None), common household things are taken to be at hand.
    """

    minutes: float = 20.0
    equipment: frozenset[str] | None = None


@dataclass(frozen=True)
class Situation:
    """One person's pain, as far as choosing items goes."""

    atlas: Atlas
    probability: Mapping[str, float]  # source -> posterior
    contributors: Mapping[str, float]
    positive: frozenset[str]  # findings that hold
    alarmed: frozenset[str]  # dangerous sources that are probable enough to raise concern
    irritability: int  # 1 calm to 3 irritable
    limits: Limits

    @classmethod
    def of(cls, atlas: Atlas, answer: Answer, limits: Limits) -> Situation:
        """Return the situation an answer describes."""
        return cls(
            atlas=atlas,
            probability={source.id: source.probability for source in answer.sources},
            contributors={found.id: found.probability for found in answer.contributors},
            positive=frozenset(answer.positive),
            alarmed=frozenset(
                name for r in answer.concern.reasons if r.kind == "posterior" for name in r.because
            ),
            irritability=answer.irritability,
            limits=limits,
        )

    @cached_property
    def weight(self) -> dict[str, float]:
        """Burden of each source and contributor."""
        return burden(self.atlas, self.probability, self.contributors)

    @cached_property
    def loaded(self) -> dict[str, str]:
        """Contributor -> the most probable source that it loads."""
        return loaded_sources(self.atlas, self.probability)

    @property
    def stands_out(self) -> bool:
        """Whether any source is probable enough to choose exercises for."""
        return max(self.probability.values(), default=0.0) >= STANDS_OUT

    def objection(self, item: m.Intervention) -> str | None:
        """Return why an item must not be done here, or None."""
        for avoid in item.avoid:
            if avoid.finding is not None and avoid.finding in self.positive:
                return avoid.why
            if avoid.source is not None and self.probability.get(avoid.source, 0.0) > avoid.above:
                return avoid.why
        return None

    def misfit(self, item: m.Intervention) -> str | None:
        """Return what an item asks that the person cannot give: things, time, calm enough pain; or None."""
        have = HOUSEHOLD if self.limits.equipment is None else self.limits.equipment | EVERYWHERE
        missing = [thing.replace("_", " ") for thing in item.equipment if thing not in have]
        if missing:
            return f"it needs what is not to hand: {', '.join(missing)}"
        if item.minutes > self.limits.minutes:
            return f"it takes {item.minutes:g} minutes, and there are {self.limits.minutes:g}"
        if self.irritability > item.max_irritability:
            return "the pain is too easily stirred up for it now; it can come when the pain is calmer"
        return None

    def source_chance(self, item: m.Intervention) -> float:
        """Return the probability of the most probable source an item is for."""
        return max((self.probability.get(name, 0.0) for name in item.targets), default=0.0)

    def called_for(self, item: m.Intervention) -> bool:
        """Whether what hurts calls for an item: time for what is possible, mere advice for what is probable."""
        if not self.stands_out:
            return False
        if item.minutes == 0:
            return self.advisable(item)
        return max((self.weight.get(name, 0.0) for name in item.targets), default=0.0) >= POSSIBLE

    def advisable(self, item: m.Intervention) -> bool:
        """Whether a source that an item names, or a contributor where it names none, calls for advice."""
        named = [name for name in item.targets if name in self.probability]
        return relief(item, self.weight) >= WORTH_SAYING and (
            not named or self.source_chance(item) >= PROBABLE
        )

    def watches(self, item: m.Intervention) -> bool:
        """Whether an item is a regular check on sources that are probable together."""
        chance = sum(self.probability.get(name, 0.0) for name in item.targets)
        check = item.phase is m.Phase.MAKE_SAFE and item.minutes > 0
        return check and self.stands_out and chance >= WATCHED

    def spares(self, item: m.Intervention) -> bool:
        """Whether an item protects from a dangerous source that is probable, though not enough to alarm."""
        shares = {name: share * self.weight.get(name, 0.0) for name, share in effect(item).items()}
        source = self.atlas.sources.get(max(shares, key=lambda name: (shares[name], name)))
        dangerous = source is not None and source.alarm is not None
        return item.phase is m.Phase.MAKE_SAFE and item.minutes == 0 and dangerous and self.advisable(item)

    def heaviest(self, items: Iterable[m.Intervention], most: int | None = None) -> Sequence[m.Intervention]:
        """Return the items that relieve most, each alone, in that order."""
        return sorted(items, key=lambda item: (-relief(item, self.weight), item.id))[:most]
