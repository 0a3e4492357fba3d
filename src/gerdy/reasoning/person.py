"""The prior of one person: base rates moved by age, sex, body mass and sport."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from gerdy.atlas import model as m
from gerdy.case import Person
from gerdy.reasoning.model import Model
from gerdy.reasoning.network import Network


def personal_network(model: Model, person: Person) -> Network:
    """Return the network with this person's prior; what is not known of the person changes nothing."""
    factors = np.array([_log_factor(source, person) for source in model.atlas.sources.values()])
    log_odds = model.network.log_odds + factors
    # Somebody asks because something hurts: the single sources always share the same total weight.
    log_odds += np.logaddexp.reduce(model.network.log_odds) - np.logaddexp.reduce(log_odds)
    return dataclasses.replace(model.network, log_odds=log_odds)


def applies(when: m.When, person: Person) -> bool:
    """Whether every condition given is known to hold for the person."""
    return (
        (when.age is None or (person.age is not None and when.age[0] <= person.age < when.age[1]))
        and (when.sex is None or when.sex == person.sex)
        and (when.activity is None or when.activity in person.activities)
        and (when.bmi is None or (person.bmi is not None and when.bmi[0] <= person.bmi < when.bmi[1]))
    )


def _log_factor(source: m.Source, person: Person) -> float:
    total, sports = 0.0, [0.0]
    for modifier in source.modifiers:
        if applies(modifier.when, person):
            if modifier.when.activity is None:
                total += math.log(modifier.value)
            else:
                sports.append(math.log(modifier.value))
    # Running and trail running are one exposure, not two: only the strongest activity counts.
    return total + max(sports, key=abs)
