"""What to ask next: the expected gain in decision value of every open question, per unit of its cost.

Acting on the wrong source or care pathway costs ``harm``. People and clinicians differ in how sure they want to be
before they act; averaged over all such thresholds, the expected regret of acting on a probability p is ``harm * p *
(1 - p)`` (the quadratic score as the mean over thresholds: Hernandez-Orallo, Flach and Ferri 2012). A question is
worth the expected fall of that loss, summed over sources and pathways.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import numpy as np

from gerdy.atlas import model as m
from gerdy.reasoning.joint import Joint
from gerdy.reasoning.model import Model, Outcome, outcomes
from gerdy.reasoning.network import Floats, Ints


@dataclass(frozen=True, eq=False)
class QuestionTable:
    """All findings that carry likelihood, as arrays over F findings and up to O outcomes."""

    findings: tuple[str, ...]
    outcomes: tuple[tuple[Outcome, ...], ...]
    state: Ints  # (F,)
    on: Floats  # (F, O) chance of each outcome if the state is on; 0 beyond a finding's own outcomes
    off: Floats  # (F, O)
    cost: Floats  # (F,) seconds, discomfort included


@dataclass(frozen=True, eq=False)
class Targets:
    """What an answer decides between: every source, and every pathway (any of its sources)."""

    pathway_of: Ints  # (n,) pathway index of each source
    harm: Floats  # (n + P,) cost of being wrong about each

    def of_sets(self, member: Floats) -> Floats:
        """Return (N, n + P): which sources and pathways each set fulfils."""
        pathways = np.zeros((len(member), len(self.harm) - member.shape[1]))
        for pathway in range(pathways.shape[1]):
            pathways[:, pathway] = member[:, self.pathway_of == pathway].any(axis=1)
        return np.concatenate([member, pathways], axis=1)


@cache
def question_table(model: Model) -> QuestionTable:
    """Compile the findings of the atlas."""
    findings = [model.atlas.findings[name] for name in model.state_of]
    answers = tuple(outcomes(finding) for finding in findings)
    most = max(len(a) for a in answers)
    on, off = np.zeros((len(findings), most)), np.zeros((len(findings), most))
    for row, options in enumerate(answers):
        on[row, : len(options)] = [o.on for o in options]
        off[row, : len(options)] = [o.off for o in options]
    constants = model.atlas.constants
    fixed, step = constants["question_seconds"].value, constants["discomfort_seconds"].value
    cost = np.array([fixed + f.cost.seconds + step * f.cost.discomfort for f in findings])
    state = np.array([model.state_of[f.id] for f in findings], dtype=np.intp)
    return QuestionTable(tuple(f.id for f in findings), answers, state, on, off, cost)


@cache
def targets(model: Model) -> Targets:
    """Compile what being wrong about each source and pathway costs."""
    sources, pathways = list(model.atlas.sources.values()), list(model.atlas.pathways)
    harm = np.array([s.harm.value for s in sources])
    pathway_of = np.array([pathways.index(s.pathway) for s in sources], dtype=np.intp)
    worst = [harm[pathway_of == p].max(initial=0.0) for p in range(len(pathways))]
    share = model.atlas.constants["within_pathway_share"].value
    return Targets(pathway_of, np.concatenate([share * harm, worst]))


def gains(joint: Joint, harm: Floats, state: Ints, on: Floats, off: Floats) -> Floats:
    """Return (F,) expected fall of the loss from asking each of F questions.

    Parameters
    ----------
    joint : posterior of M targets with T states; harm : (M,); state : (F,) state each question observes;
    on, off : (F, O) chance of each outcome given the state.
    """
    both = joint.both[state]  # (F, M)
    rest = joint.target - both
    chance = on * joint.on[state, None] + off * (1 - joint.on[state, None])  # (F, O)
    total = np.zeros(len(state))
    before = float(harm @ joint.target**2)
    for outcome in range(on.shape[1]):
        joint_outcome = on[:, outcome, None] * both + off[:, outcome, None] * rest
        with np.errstate(divide="ignore", invalid="ignore"):
            square = (joint_outcome**2 @ harm) / chance[:, outcome]
        total += np.where(chance[:, outcome] > 0, square, 0.0)
    return np.maximum(total - before, 0.0)


def ranking(model: Model, joint: Joint) -> Floats:
    """Return (F,) expected gain of every finding in ``question_table(model)``."""
    table = question_table(model)
    return gains(joint, targets(model).harm, table.state, table.on, table.off)


_REACH = {m.Who.PERSON: 0, m.Who.HELPER: 1, m.Who.CLINICIAN: 2, m.Who.INSTRUMENT: 3}


def open_findings(
    atlas_findings: Collection[m.Finding],
    answered: Collection[str],
    positive: Collection[str],
    who: m.Who,
    sex: str | None = None,
) -> list[m.Finding]:
    """Return the findings still worth considering for somebody who can do what ``who`` can.

    Left out are those answered (also "unknown"), those another positive answer excludes, and those whose precondition
    is not positive.
    """
    excluded = {name for f in atlas_findings if f.id in positive for name in f.excludes}
    return [
        finding
        for finding in atlas_findings
        if finding.id not in answered
        and finding.id not in excluded
        and _REACH[finding.who] <= _REACH[who]
        and (finding.needs is None or finding.needs in positive)
        and (finding.sex is None or sex is None or finding.sex == sex)
    ]
