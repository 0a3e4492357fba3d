"""Light anatomical lines that make the outline of the limb readable."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec
import numpy as np
import yaml

from gerdy.chart.limb import Floats, point
from gerdy.chart.view import View


class Hint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line through points ``(segment, along, around)``, shown in one view."""

    view: str
    line: list[tuple[str, float, float]]


@cache
def _hints() -> list[Hint]:
    text = (resources.files("gerdy.chart") / "data" / "hints.yaml").read_text("utf-8")
    return msgspec.convert(yaml.safe_load(text), list[Hint])


def hint_lines(view: View) -> list[Floats]:
    """Return the lines of a view of the right side: (n, 2) m, right and up."""
    return [
        np.array([view.project(point(*place), place[0]) for place in hint.line])
        for hint in _hints()
        if hint.view == view.id
    ]
