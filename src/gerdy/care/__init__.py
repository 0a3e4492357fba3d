"""What to do: a plan, in order, within a person's means."""

from gerdy.care.choosing import Limits
from gerdy.care.plan import Plan, PlanItem
from gerdy.care.planning import make_plan

__all__ = ["Limits", "Plan", "PlanItem", "make_plan"]
