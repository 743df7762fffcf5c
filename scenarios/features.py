"""Which lines of a plan's policies stand, and since when: what initiatives enable begins with them.

A line that initiatives *enable* begins with the first of them that acts; where none does it is as the status
quo has it. Any other line begins with the plan, or in the month of its part of the policies.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from scenarios.plan.model import STATUS_QUO, Plan
from scenarios.plan.policies import Policies
from scenarios.plan.trees import existing, placed, value_at, without
from scenarios.plan.vocabulary import EVENT, FEATURES

TRIGGERS, CALENDAR = ("crm", "triggers"), ("promotion", "calendar")


def begins(plan: Plan, feature: str) -> int | None:
    """Return the day, counted from the plan's start, on which a feature begins; ``None`` for never."""
    return begins_from(plan, feature, 0)


def begins_from(plan: Plan, feature: str, day: int) -> int | None:
    """Return the day a feature begins on: ``day`` where no initiative enables it, ``None`` for never."""
    enabling = [name for name, action in plan.initiatives.items() if feature in action.enables]
    if not enabling:
        return day
    acting = plan.acting()
    months = [plan.start_month(name) for name in enabling if name in acting]
    return (plan.first_day(min(months)) - plan.start).days if months else None


def enabled(plan: Plan) -> frozenset[str]:
    """Return every feature that some initiative enables, whether it acts or not."""
    return frozenset(feature for action in plan.initiatives.values() for feature in action.enables)


def starts_of(plan: Plan, features: Mapping[str, str]) -> dict[str, int]:
    """Return the days on which enabled features begin, by what ``features`` calls them in the market."""
    asked = enabled(plan)
    days = {called: begins(plan, feature) for feature, called in features.items() if feature in asked}
    return {called: day for called, day in days.items() if day is not None}


def standing(plan: Plan) -> Plan:
    """Return ``plan`` without the lines of its policies that never begin; today's stand in their place."""
    never = {feature for feature in enabled(plan) if begins(plan, feature) is None}
    if not never:
        return plan
    today = plan.scenarios.get(STATUS_QUO, {}).get("policies", {})
    left = without_features(plan.policies.model_dump(exclude_unset=True), never, today)
    return plan.model_copy(update={"policies": Policies.model_validate(left)})


def without_features(
    policies: Mapping[str, Any], features: Collection[str], today: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return policies, as plain data, without the lines of some features, or with those of ``today``."""
    left: dict[str, Any] = dict(policies)
    for feature in features:
        if feature.startswith(EVENT):
            left = _without_item(left, CALENDAR, feature.removeprefix(EVENT), today or {})
        elif FEATURES[feature][:-1] == TRIGGERS:
            left = _without_item(left, TRIGGERS, feature, today or {})
        elif feature == "dynamic_pricing":
            left = _steady(left)
        else:
            left = _without_line(left, FEATURES[feature], today or {})
    return left


def _without_line(
    policies: dict[str, Any], path: tuple[str, ...], today: Mapping[str, Any]
) -> dict[str, Any]:
    if existing(today, path) == path:
        kept: dict[str, Any] = placed(policies, path, value_at(today, path))
        return kept
    return without(policies, path) if existing(policies, path) == path else policies


def _without_item(
    policies: dict[str, Any], path: tuple[str, ...], name: str, today: Mapping[str, Any]
) -> dict[str, Any]:
    """Return policies without the item of a list called ``name``, unless it is there today."""
    if existing(policies, path) != path:
        return policies
    if existing(today, path) == path and name in map(_name, value_at(today, path)):
        return policies
    kept = [item for item in value_at(policies, path) if _name(item) != name]
    changed: dict[str, Any] = placed(policies, path, kept) if kept else without(policies, path)
    return changed


def _name(item: Any) -> str:
    return str(item["name"] if isinstance(item, Mapping) else item)


def _steady(policies: dict[str, Any]) -> dict[str, Any]:
    """Return policies whose prices do not move by themselves; a gap between channels stays."""
    pricing = dict(policies.get("pricing", {}))
    if pricing.get("policy") != "dynamic":
        return policies
    return {
        **policies,
        "pricing": pricing | {"policy": "differentiated" if pricing.get("online_gap") else "uniform"},
    }
