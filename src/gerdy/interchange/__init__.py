"""What enters and leaves: the report of an assessment as one self-contained page."""

from gerdy.interchange.report import report_html
from gerdy.interchange.saving import save_report

__all__ = ["report_html", "save_report"]
