"""Cases written in a line, and what is believed of them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import settings

from gerdy.api import beliefs
from gerdy.atlas import load_atlas
from gerdy.atlas import model as m
from gerdy.case import Case, Observation, Person, parse_case, read_value
from gerdy.reasoning.model import Model, compile_model, plain
from gerdy.reasoning.network import Floats
from gerdy.reasoning.state import Beliefs, believe

EXAMPLES = Path(__file__).parents[2] / "examples"
ROOTS = ("rad_l2", "rad_l3", "rad_l4", "rad_l5", "rad_s1")
GLUTEAL = ("mf_glut_min_ant", "mf_glut_min_post", "mf_glut_med", "mf_glut_max")
ONE_MORE = 2e-3  # what leaving sets out of the sum can do to a probability (the engine allows 9e-4)

# For properties of the whole engine, and of a whole interview.
FEWER = settings(max_examples=max(20, settings().max_examples // 3))
FEW = settings(max_examples=max(4, settings().max_examples // 20))

Answers = Mapping[str, str | float]


def case_of(
    findings: Answers | None = None,
    *,
    pain: Mapping[str, float] | None = None,
    person: Mapping[str, Any] | None = None,
) -> Case:
    """A right-sided complaint, read as from a file."""
    document = {
        "gerdy": 1,
        "person": dict(person or {}),
        "complaint": {"side": "right", "pain": dict(pain or {})},
        "findings": dict(findings or {}),
    }
    return parse_case(json.dumps(document), "case.json")


def believed(
    findings: Answers | None = None,
    *,
    pain: Mapping[str, float] | None = None,
    person: Mapping[str, Any] | None = None,
) -> Beliefs:
    return beliefs(case_of(findings, pain=pain, person=person))


def model() -> Model:
    return compile_model(load_atlas())


def again(known: Beliefs, observations: Iterable[Observation], person: Person | None = None) -> Beliefs:
    """The same complaint with other answers, without asking whether they contradict each other."""
    return believe(
        known.model, person or known.person, tuple(observations), known.painted, known.evidence.drawing
    )


def observe(name: str, value: str | float = "positive") -> Observation:
    """One answer, read as from a file."""
    return Observation(name, read_value(load_atlas().findings[name], value))


def with_answers(known: Beliefs, answers: Answers) -> Beliefs:
    """The same complaint with some answers added or replaced."""
    kept = [o for o in known.observations if o.finding_id not in answers]
    return again(known, [*kept, *(observe(name, value) for name, value in answers.items())])


def log_odds(probability: float) -> float:
    return math.log(probability) - math.log1p(-probability)


def odds_of(known: Beliefs) -> Floats:
    """Log-odds of every source."""
    posterior = np.clip(known.sets.posterior, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(posterior) - np.log1p(-posterior))


def chance_on(owner: m.Finding | m.Contributor, source: str | None) -> float:
    """Chance that a state is on with one source alone, or with none of them."""
    assert owner.background is not None
    return plain(owner.given.get(source, owner.background) if source else owner.background)


def ratio(finding: m.Finding, on: float, off: float, source: str) -> float:
    """What an answer makes of the odds of one source alone against none, hidden state summed out."""
    owner = model().owner(model().state_of[finding.id])
    with_it, without = (chance_on(owner, name) for name in (source, None))
    return (on * with_it + off * (1 - with_it)) / (on * without + off * (1 - without))
