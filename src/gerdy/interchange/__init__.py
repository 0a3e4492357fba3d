"""What enters and leaves: the report of an assessment as one self-contained page."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gerdy.interchange.report import report_html
    from gerdy.interchange.saving import save_report

__all__ = ["report_html", "save_report"]

_HOME = {"report_html": "gerdy.interchange.report", "save_report": "gerdy.interchange.saving"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the words of a report are needed without its templates."""
    if name not in _HOME:
        raise AttributeError(f"module 'gerdy.interchange' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
