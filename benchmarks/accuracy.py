"""How often the answer is right, how honest its probabilities are, and how few questions it takes.

Two groups of simulated people (see ``people``): ``own``, from Gerdy's model, and ``different``, from another one.
Everybody draws where it hurts; then each method asks what it asks of somebody at home (findings that need a clinician
are left out), and the answers are weighed by the same engine. Methods:

- prevalence: base rates of age, sex and sport alone;
- region lookup: the source whose referral map covers the painted regions best, as a trigger-point app does;
- drawing only: no question at all;
- random, fixed: the safety screens, then twelve questions at random; or the twelve best on average, always the same;
- adaptive: the safety screens, then what Gerdy asks, at most twelve questions, fewer if enough is known. A list of up
  to fourteen things to tick is one question; the number of single findings answered stands beside it;
- full: every finding there is.

    python benchmarks/accuracy.py [--people 1000] [--processes 2]
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from people import Person, answer_of, people

from gerdy.atlas import load_atlas
from gerdy.atlas.model import Who
from gerdy.case import Observation
from gerdy.chart.table import field_table
from gerdy.reasoning.asking import Asking
from gerdy.reasoning.model import Model, compile_model
from gerdy.reasoning.network import Floats
from gerdy.reasoning.questions import question_table, ranking
from gerdy.reasoning.state import Beliefs, believe

MOST = 12
METHODS = ("prevalence", "region lookup", "drawing only", "random", "fixed", "adaptive", "full")
WHO = Who.HELPER


@dataclass(frozen=True)
class Outcome:
    """One method on one person: (n + 1,) probabilities, the last of none of these; and how much was asked."""

    probability: Floats
    truth: Floats
    questions: int
    findings: int
    seconds: float  # of the person's time


def run(method: str, model: Model, one: Person, fixed: list[str], rng: np.random.Generator) -> Outcome:
    """Return the outcome of one method on one person."""
    screens = [f.id for f in model.atlas.findings.values() if f.screen]
    if method == "prevalence":
        asked: list[str] = []
        held = believe(model, one.person, [], {}, None)
        questions = 0
    elif method == "adaptive":
        held, asked, questions = interview(model, one, screens)
    else:
        chosen: list[str] = []
        if method == "random":
            chosen = rng.choice(home_findings(model), size=MOST, replace=False).tolist()
        elif method == "fixed":
            chosen = fixed
        elif method == "full":
            chosen = home_findings(model)
        asked = list(dict.fromkeys([*screens, *chosen])) if chosen else []
        questions = len(chosen)
        held = weigh(model, one, asked)
    probability = np.append(held.sets.posterior, held.sets.none)
    if method == "region lookup":
        probability = lookup(model, one)
    truth = np.array(
        [source in one.active for source in held.network.sources] + [not one.active], dtype=float
    )
    seconds = sum(model.atlas.findings[name].cost.seconds for name in asked)
    return Outcome(probability, truth, questions, len(asked), seconds)


def weigh(model: Model, one: Person, asked: list[str]) -> Beliefs:
    """Return what is believed after these answers."""
    answers = [
        answer_of(one, name) if name in one.answers else Observation(name, "negative") for name in asked
    ]
    return believe(model, one.person, answers, one.painted, one.drawing)


def home_findings(model: Model) -> list[str]:
    """Return the findings that somebody at home, with a helper, can answer."""
    return [name for name in model.state_of if model.atlas.findings[name].who in {Who.PERSON, Who.HELPER}]


def interview(model: Model, one: Person, screens: list[str]) -> tuple[Beliefs, list[str], int]:
    """Ask as Gerdy asks after the safety screens; return beliefs, findings answered, and questions put."""
    asked = list(screens)
    held = weigh(model, one, asked)
    for questions in range(MOST):
        best = Asking(held, WHO).next()
        if best is None:
            return held, asked, questions
        asked += best.findings or [best.id]
        held = weigh(model, one, asked)
    return held, asked, MOST


def lookup(model: Model, one: Person) -> Floats:
    """Return a score per source: how much of the painted regions its map covers, less what it covers beside."""
    table = field_table(model.atlas)
    typical = table.manners.index("typical")
    chance = -np.expm1(-table.regional.hazard[typical])
    painted = np.array([name in one.painted for name in table.regions])
    score = chance[:, painted].mean(axis=1) * chance[:, painted].sum(axis=1) / (chance.sum(axis=1) + 1e-9)
    return np.append(score / score.sum(), 0.0)


def best_on_average(model: Model, seed: int) -> list[str]:
    """Return the twelve home findings with the largest mean value right after the drawing."""
    total = np.zeros(len(question_table(model).findings))
    for one in people(model, 60, seed):
        total += ranking(model, weigh(model, one, []).joint)
    home = set(home_findings(model))
    names = (question_table(model).findings[k] for k in np.argsort(-total))
    return list(islice((name for name in names if name in home), MOST))


def calibration_error(outcomes: list[Outcome], bins: int = 10) -> float:
    """Return the expected calibration error over all sources of all people, weighted by predictions above 1 %."""
    p = np.concatenate([o.probability for o in outcomes])
    y = np.concatenate([o.truth for o in outcomes])
    told = p >= 0.01  # thousands of near-zero predictions would drown everything that is ever shown
    p, y = p[told], y[told]
    which = np.minimum((p * bins).astype(int), bins - 1)
    return float(
        sum(
            (which == b).mean() * abs(p[which == b].mean() - y[which == b].mean())
            for b in range(bins)
            if (which == b).any()
        )
    )


def table(outcomes: dict[str, list[Outcome]]) -> str:
    """Return the figures of all methods as text."""
    lines = ["method          top-1   top-3   Brier   calibration error   questions   findings   minutes"]
    for method, found in outcomes.items():
        ranks = [np.argsort(-o.probability) for o in found]
        first = np.mean([o.truth[r[0]] for o, r in zip(found, ranks, strict=True)])
        three = np.mean([o.truth[r[:3]].any() for o, r in zip(found, ranks, strict=True)])
        brier = np.mean([((o.probability - o.truth) ** 2).sum() for o in found])
        asked, minutes = np.mean([o.questions for o in found]), np.mean([o.seconds for o in found]) / 60
        singles = np.mean([o.findings for o in found])
        lines.append(
            f"{method:14s} {100 * first:5.1f} % {100 * three:5.1f} %   {brier:5.3f}   {calibration_error(found):10.3f}"
            f"          {asked:8.1f}   {singles:8.1f}   {minutes:7.1f}"
        )
    return "\n".join(lines)


def batch(job: tuple[int, int, bool]) -> dict[str, list[Outcome]]:
    """Run every method on one batch of people."""
    count, seed, different = job
    model = compile_model(load_atlas())
    fixed = best_on_average(model, seed=999)
    rng = np.random.default_rng(seed)
    found: dict[str, list[Outcome]] = {method: [] for method in METHODS}
    for one in people(model, count, seed, different=different):
        for method in METHODS:
            found[method].append(run(method, model, one, fixed, rng))
    return found


def main() -> None:
    """Run both groups and print their tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    size = 50
    for name, different, seed in (("own", False, 100), ("different", True, 5000)):
        starts = range(0, options.people, size)
        jobs = [(min(size, options.people - start), seed + start, different) for start in starts]
        merged: dict[str, list[Outcome]] = {method: [] for method in METHODS}
        with ProcessPoolExecutor(options.processes) as pool:
            for part in pool.map(batch, jobs):
                for method, outcomes in part.items():
                    merged[method] += outcomes
        print(f"\n{name}: {options.people} simulated people")
        print(table(merged), flush=True)


if __name__ == "__main__":
    main()
