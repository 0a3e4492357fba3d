"""What to do: a plan, in order, within a person's means."""

from gerdy.care.plan import Plan, PlanItem
from gerdy.care.planning import make_plan
from gerdy.care.situation import Limits

__all__ = ["Limits", "Plan", "PlanItem", "make_plan"]
