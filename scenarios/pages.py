"""From a plan to the shop's pages: whether visits are followed over them, and which tests are run."""

from __future__ import annotations

from typing import Any

from scenarios.plan.model import Plan
from scenarios.plan.vocabulary import PAGE_LEVERS
from sim.retailer.page_tests import PageTests
from sim.retailer.pages import FunnelSteps

SPOKEN = ("page_views", "favourite_rate", "search_conversion")


def pages_of(plan: Plan) -> dict[str, Any]:
    """Return what a plan says of its pages, by field of the setup.

    Visits are followed where the market says so, and where a figure, a target or an initiative - acting or
    not, so that scenarios agree - speaks of the pages.
    """
    tests = plan.policies.testing.page_tests_per_month
    return {
        "funnel": FunnelSteps() if follows(plan) else None,
        "page_tests": PageTests(tests) if tests > 0 else None,
    }


def follows(plan: Plan) -> bool:
    """Tell whether visits are followed over search, detail pages and favourites."""
    kpis = {target.kpi for target in plan.targets} | set(plan.starting_point)
    levers = {effect.split(".")[0] for action in plan.initiatives.values() for effect in action.effects}
    return plan.market.funnel or any(kpi in kpis for kpi in SPOKEN) or bool(levers & set(PAGE_LEVERS))
