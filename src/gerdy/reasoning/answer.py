"""What the reasoning room answers, as records that serialise to JSON as they stand."""

from __future__ import annotations

import msgspec

from gerdy.atlas.model import Concern, Grade, Who


class Answered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Base of every part of an answer."""


class Reason(Answered, frozen=True, kw_only=True):
    """One reason for concern: a safety rule that fired, or a dangerous source that is probable enough."""

    id: str
    name: str
    kind: str  # "rule" or "posterior"
    level: Concern
    reason: str
    where: str  # where to go
    say: str  # what to say there
    because: list[str]  # ids of findings, regions, facts or the source that made it fire


class ConcernAnswer(Answered, frozen=True, kw_only=True):
    """How soon somebody must look, and why; the highest level wins and every reason is listed."""

    level: Concern
    reasons: list[Reason]


class Contribution(Answered, frozen=True, kw_only=True):
    """What one piece of evidence adds to the log-odds of a source.

    ``log_odds`` is in natural-log units and all contributions plus the prior sum to the posterior log-odds.
    """

    id: str  # finding id, or "drawing"
    name: str
    value: str  # what was answered, in words
    log_odds: float
    grade: Grade  # of the number that matters most here
    source: str  # citation id, derived: or assumed:
    unverified: bool = False


class ChainLink(Answered, frozen=True, kw_only=True):
    """One step of the way from root or contributor, via the source, to the site."""

    id: str
    name: str
    kind: str  # root, nerve, contributor, key_source, source, structure, site
    says: str  # how it acts on the next link, as a clause; empty for the last


class Chain(Answered, frozen=True, kw_only=True):
    """A path from contributor or root, via source, to the site of pain."""

    links: list[ChainLink]
    sentence: str


class SourceAnswer(Answered, frozen=True, kw_only=True):
    """One candidate source."""

    id: str
    name: str
    clinical: str
    family: str
    pathway: str
    probability: float
    interval: tuple[float, float]  # 90 %: what the uncertainty of the numbers alone does
    words: str  # e.g. "about 6 in 10"
    prior_log_odds: float
    for_: list[Contribution] = msgspec.field(name="for")
    against: list[Contribution]
    chain: Chain | None  # the most telling way to the site; none when it is not felt where it hurts
    other_chains: list[Chain]
    about: str
    unlike: str
    course: str

    @property
    def chains(self) -> list[Chain]:
        """Every chain, most telling first."""
        return [self.chain, *self.other_chains] if self.chain else []


class ContributorAnswer(Answered, frozen=True, kw_only=True):
    """How likely a contributor is present."""

    id: str
    name: str
    clinical: str
    probability: float
    loads: list[str]  # probable sources it loads


class Choice(Answered, frozen=True, kw_only=True):
    """One way a question can be answered, how likely it is, and what would lead then."""

    value: str  # what to write in a case file
    name: str
    probability: float
    leads: str  # id of the source that would then be most probable
    leads_with: float  # its probability then


class Question(Answered, frozen=True, kw_only=True):
    """Something worth finding out: one finding, or several asked as one list to tick.

    In a safety screen and in a list, what is not ticked is a no.
    """

    id: str
    kind: str  # "finding", "screen" (safety) or "list"
    name: str
    clinical: str
    ask: str
    topic: str
    who: Who
    safety: bool
    seconds: float
    discomfort: float
    value: float  # expected gain in decision value
    value_per_minute: float
    why: str
    choices: list[Choice]
    position: str = ""
    steps: list[str] = []
    positive: str = ""
    caution: str = ""
    unit: str = ""
    findings: list[str] = []  # of a screen or list


class Change(Answered, frozen=True, kw_only=True):
    """An answer, not yet known or given otherwise, that would put another source first."""

    id: str
    name: str
    value: str
    given: bool  # whether it reverses an answer given
    leads: str
    leads_name: str
    before: float
    after: float
    says: str


class RestingNumber(Answered, frozen=True, kw_only=True):
    """A number the answer leans on."""

    what: str
    value: float
    grade: Grade
    source: str
    unverified: bool
    share: float  # of all the weight the answer rests on


class RestsOn(Answered, frozen=True, kw_only=True):
    """How good the numbers behind this answer are."""

    grades: dict[str, float]  # grade -> share of the weight of evidence
    unverified: float  # share resting on numbers remembered but not seen in their source
    says: str
    numbers: list[RestingNumber]


class Answer(Answered, frozen=True, kw_only=True):
    """Everything the reasoning room says about one complaint."""

    gerdy: int = 1
    complaint: str
    side: str
    concern: ConcernAnswer
    sources: list[SourceAnswer]  # every source, most probable first
    contributors: list[ContributorAnswer]
    unexplained: float
    unexplained_says: str
    omitted_mass_bound: float
    next_questions: list[Question]
    enough: bool  # whether nothing is worth asking any more
    would_change: list[Change]
    rests_on: RestsOn
    answered: list[str]  # ids of the findings used
    positive: list[str]  # ids of the findings that hold, whether or not they carry likelihood
    irritability: int  # 1 calm to 3 irritable: what a plan may provoke
    silent: list[str]  # ids of answers that carry no likelihood
