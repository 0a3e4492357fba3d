"""Gerdy's own body made a person's: scaled, weighed, made as strong as a body of that size is."""

from __future__ import annotations

from collections.abc import Mapping

from gerdy.mechanics.model import BodyModel, Vector
from gerdy.mechanics.person import Person
from gerdy.mechanics.scaling import scale
from gerdy.mechanics.sizing import factors_from_markers
from gerdy.mechanics.strength import segment_masses, strengthened, strengths, with_masses
from gerdy.mechanics.table import table


def personal_model(
    person: Person, factors: Mapping[str, Vector] | None = None, *, arms: bool = True
) -> tuple[BodyModel, tuple[str, ...]]:
    """Return the own body of a person, and what was assumed in making it.

    Parameters
    ----------
    factors : of each segment's x, y, z against the generic body; by height alone without them.
    arms : without them their mass lies on the trunk.
    """
    generic = table(arms=arms)
    segments = {body.name for body in generic.bodies}
    notes = []
    if factors is None:
        factors = factors_from_markers(generic, {}, height=person.height, sex=person.sex).factors
        notes.append(f"segments: as long as people of {person.height:.2f} m have them; none was measured.")
    scaled = scale(generic, {name: size for name, size in factors.items() if name in segments}, person.mass)
    weighed = with_masses(scaled, segment_masses(scaled, person.mass, person.sex))
    if person.sex is None:
        notes.append("masses of segments: shared as in the generic body, for the sex is not given.")
    return strengthened(weighed, strengths(weighed, person, generic)), tuple(notes)
