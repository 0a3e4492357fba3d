"""Find where pain in the outer hip, thigh, knee and leg comes from.

>>> import gerdy
>>> case = gerdy.load_case("examples/runner_outer_knee.yaml")
>>> answer = gerdy.assess(case)
>>> answer.sources[0].id
'itbs'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gerdy.api import Assessment, assess, load_case, next_question, plan, to_json
    from gerdy.care import Plan
    from gerdy.case import Case
    from gerdy.errors import CaseError, FileError, GerdyError, InputError, UnknownIdError
    from gerdy.movement import Body, Motion, Person, analyse, examine, read_motion, what_if
    from gerdy.reasoning.answer import Question

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Body",
    "Case",
    "CaseError",
    "FileError",
    "GerdyError",
    "InputError",
    "Motion",
    "Person",
    "Plan",
    "Question",
    "UnknownIdError",
    "analyse",
    "assess",
    "examine",
    "load_case",
    "next_question",
    "plan",
    "read_motion",
    "to_json",
    "what_if",
]

_HOME = {
    **dict.fromkeys(("Assessment", "assess", "load_case", "next_question", "plan", "to_json"), "gerdy.api"),
    **dict.fromkeys(("CaseError", "FileError", "GerdyError", "InputError", "UnknownIdError"), "gerdy.errors"),
    **dict.fromkeys(
        ("Body", "Motion", "Person", "analyse", "examine", "read_motion", "what_if"), "gerdy.movement"
    ),
    "Case": "gerdy.case",
    "Plan": "gerdy.care",
    "Question": "gerdy.reasoning.answer",
}


if not TYPE_CHECKING:  # a type checker sees the imports above, and so every misspelt name

    def __getattr__(name: str) -> Any:
        """Load a public name when it is first used, so that importing the package stays quick."""
        if name not in _HOME:
            raise AttributeError(f"module 'gerdy' has no attribute '{name}'")
        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
