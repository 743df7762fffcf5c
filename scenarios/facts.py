"""Stated facts that give a parameter of the market its value; the others are there to compare with."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.plan.model import Plan


def stated(plan: Plan, draw: Mapping[str, float]) -> dict[str, float]:
    """Return the parameters that a plan's facts set, where ``draw`` is silent: what is fitted beats them."""
    return {
        fact.sets: 1.0 - fact.value if fact.rest else fact.value
        for fact in plan.market.facts.values()
        if fact.sets is not None and fact.sets not in draw
    }
