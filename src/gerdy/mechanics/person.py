"""The person whose body is modelled."""

from __future__ import annotations

from msgspec import Struct

from gerdy.errors import InputError

SEXES = ("female", "male")


class Person(Struct, frozen=True, kw_only=True):
    """Mass kg, height m, sex, and how strong: a share of full strength overall, and by muscle or nerve root.

    ``strength`` keys of ``deficits`` are muscle names (with or without _r, _l) or roots such as ``l5_r`` or ``l5``;
    values are the share of force that is left, 0 to 1.

    Raises
    ------
    InputError
        For a mass, height or share outside what a person can have.
    """

    mass: float
    height: float
    sex: str | None = None
    strength: float = 1.0
    deficits: dict[str, float] = {}

    def __post_init__(self) -> None:
        for name, value, low, high, unit in (
            ("mass", self.mass, 25.0, 250.0, "kg"),
            ("height", self.height, 1.2, 2.3, "m"),
            ("strength", self.strength, 0.05, 3.0, ""),
        ):
            if not low <= value <= high:
                raise InputError(
                    f"{name}: must be from {low:g} to {high:g} {unit}; got {value:g}.".replace(" ;", ";")
                )
        if self.sex is not None and self.sex not in SEXES:
            raise InputError(f"sex: must be one of {', '.join(SEXES)}; got '{self.sex}'.")
        for name, value in self.deficits.items():
            if not 0.0 <= value <= 1.0:
                raise InputError(
                    f"deficits.{name}: must be a share of force left, from 0 to 1; got {value:g}."
                )
