"""From a plan's policies to relations with customers: what is done, and the day on which each part begins.

A policy that initiatives *enable* begins with the first of them that acts, and is left out where none does;
any other policy begins with the plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from scenarios.plan.model import Plan
from scenarios.plan.trees import existing, without
from scenarios.plan.vocabulary import FEATURES
from sim.retailer.relations import Coupons, Crm, Loyalty, Network, Relations


def relations_of(plan: Plan) -> Relations | None:
    """Return the relations that a scenario's plan has with its customers, or ``None`` where it has none."""
    starts = {feature: begins(plan, feature) for feature in FEATURES}
    on = {feature for feature, day in starts.items() if day is not None}
    found = {"coupons": _coupons(plan, on), "loyalty": _loyalty(plan, on), "crm": _crm(plan, on)}
    network = Network() if plan.market.word_of_mouth == "network" else None
    if network is None and all(part is None for part in found.values()):
        return None
    later = {feature: day for feature, day in starts.items() if day}
    return Relations(**found, network=network, starts=later)  # type: ignore[arg-type]


def begins(plan: Plan, feature: str) -> int | None:
    """Return the day, counted from the plan's start, on which a feature begins; ``None`` for never."""
    enabling = [name for name, action in plan.initiatives.items() if feature in action.enables]
    if not enabling:
        return 0
    months = [plan.start_month(name) for name in enabling if name in plan.acting()]
    return (plan.first_day(min(months)) - plan.start).days if months else None


def without_features(policies: Mapping[str, Any], features: Collection[str]) -> dict[str, Any]:
    """Return policies, as plain data, without the lines of some features."""
    left: dict[str, Any] = dict(policies)
    for feature in features:
        path = FEATURES[feature]
        if path[-1] == feature and path[:-1] == ("crm", "triggers"):
            path, kept = path[:-1], [t for t in left.get("crm", {}).get("triggers", ()) if t != feature]
            if kept:
                left = {**left, "crm": {**left["crm"], "triggers": kept}}
                continue
        if existing(left, path) == path:
            left = without(left, path)
    return left


def _coupons(plan: Plan, on: Collection[str]) -> Coupons | None:
    given = plan.policies.promotion.coupons
    if given is None or "coupons" not in on:
        return None
    return Coupons(given.online_to_store, given.store_to_online, given.within_channel, given.days)


def _loyalty(plan: Plan, on: Collection[str]) -> Loyalty | None:
    given = plan.policies.loyalty
    made = Loyalty(
        points_rate=given.points_rate if "points" in on else 0.0,
        shared=given.shared_points and "shared_points" in on,
        tiers=len(given.tiers) if "tiers" in on else 0,
        rewards=given.new_customer_rewards if "new_customer_rewards" in on else (),
        referral_reward=given.referral_reward if "referral_reward" in on else 0.0,
    )
    return None if made == Loyalty() else made


def _crm(plan: Plan, on: Collection[str]) -> Crm | None:
    given = plan.policies.crm
    made = Crm(
        rfm=given.rfm and "rfm" in on,
        personas=given.personas if "personas" in on else 0,
        triggers=tuple(trigger for trigger in given.triggers if trigger in on),
        community=given.community and "community" in on,
    )
    return None if made == Crm() else made
