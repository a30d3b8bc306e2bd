"""Where to patrol next week, when, in what order, and whether it helped."""

from insight.patrols.method import PatrolMethod
from insight.patrols.plan import PatrolPlan, patrol_plan

__all__ = ["PatrolMethod", "PatrolPlan", "patrol_plan"]
