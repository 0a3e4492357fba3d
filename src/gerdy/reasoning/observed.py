"""From answers to evidence: which states were observed, and how strongly each answer speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gerdy.case import Observation
from gerdy.chart.likelihood import DrawingTerm
from gerdy.reasoning.model import Model
from gerdy.reasoning.network import Evidence


@dataclass(frozen=True)
class Observed:
    """One answer that carries likelihood."""

    observation: Observation
    state: int
    on: float  # likelihood of the answer if the state is on
    off: float


def observed(model: Model, observations: Iterable[Observation]) -> list[Observed]:
    """Return what each answer says; unknown answers and silent findings say nothing."""
    found = []
    for observation in observations:
        state = model.state_of.get(observation.finding_id)
        if state is None or observation.value == "unknown":
            continue
        on, off = model.likelihood(model.atlas.findings[observation.finding_id], observation.value)
        found.append(Observed(observation, state, on, off))
    return found


def evidence_from(items: Iterable[Observed], drawing: DrawingTerm | None) -> Evidence:
    """Return the evidence; answers that observe the same state are combined before they reach any source."""
    states: dict[int, tuple[float, float]] = {}
    for item in items:
        on, off = states.get(item.state, (1.0, 1.0))
        states[item.state] = (on * item.on, off * item.off)
    return Evidence.of(states, drawing)
