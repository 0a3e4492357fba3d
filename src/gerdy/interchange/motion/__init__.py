"""The report of a recorded movement: joints, muscle effort, band and contacts on one self-contained page."""

from __future__ import annotations

from gerdy.interchange.motion.report import motion_report

__all__ = ["motion_report"]
