"""From a plan's policies to relations with customers: what is done, and the day on which each part begins."""

from __future__ import annotations

from collections.abc import Collection

from scenarios.features import begins
from scenarios.plan.model import Plan
from scenarios.plan.vocabulary import RELATIONS
from sim.retailer.relations import Coupons, Crm, Loyalty, Network, Relations


def relations_of(plan: Plan) -> Relations | None:
    """Return the relations that a scenario's plan has with its customers, or ``None`` where it has none."""
    starts = {feature: begins(plan, feature) for feature in RELATIONS}
    on = {feature for feature, day in starts.items() if day is not None}
    found = {"coupons": _coupons(plan, on), "loyalty": _loyalty(plan, on), "crm": _crm(plan, on)}
    network = Network() if plan.market.word_of_mouth == "network" else None
    if network is None and all(part is None for part in found.values()):
        return None
    later = {feature: day for feature, day in starts.items() if day}
    return Relations(**found, network=network, starts=later)  # type: ignore[arg-type]


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
