"""The plan: what a business wants, what it will do about it, and what it can spend.

A plan is a YAML file. This room promises that a plan which loads is whole: its shares sum to 1, its dates lie
within its horizon, every name it uses is known - and that one which does not load is answered with every
problem at once, each with its file, line and field. Nothing here knows how a market works.
"""

from scenarios.plan.loading import bundled, check_plan, copy_plan, load_plan
from scenarios.plan.model import AS_WRITTEN, STATUS_QUO, Plan
from scenarios.plan.overrides import scenario_plan, with_overrides

__all__ = [
    "AS_WRITTEN",
    "STATUS_QUO",
    "Plan",
    "bundled",
    "check_plan",
    "copy_plan",
    "load_plan",
    "scenario_plan",
    "with_overrides",
]
