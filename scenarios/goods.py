"""From a plan to what is sold and at which price: product groups, the pricing policy, dealers.

A plan speaks of shares of sales and price levels, the market of shares of needs and baskets. Needs go by
units, share over price; baskets are scaled so that the channel's basket is the mean over all needs. Where a
plan gives no margin for a group, its role says how its cost of goods stands against the channel's - an
assumption - and the groups together keep the channel's margin.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from scenarios.features import begins, enabled
from scenarios.plan.business import Product as Planned
from scenarios.plan.model import STATUS_QUO, Plan
from scenarios.plan.policies import Promotion
from sim.parameters import Values
from sim.retailer.dealers import Dealers
from sim.retailer.pricing import Pricing
from sim.retailer.products import Product
from sim.setup import Channel

YEAR, MONTH = 365.0, 365.0 / 12.0
# Cost of goods against the channel's mean where no margin is given; assumptions (grade A).
COST = {"traffic": 1.10, "profit": 0.92, "image": 1.05, "event": 1.05}


def products_of(plan: Plan, channels: Sequence[Channel], draw: Mapping[str, float]) -> tuple[Product, ...]:
    """Return the plan's product groups as the market's.

    What today's discounts sell more of some groups than of others is taken out of their needs, at the price
    weight of ``draw``, so that shares of sales come out as stated where few visits convert.
    """
    sold = {name: product for name, product in plan.products.items() if product.share > 0.0}
    if not sold:
        return ()
    units = {name: product.share / product.price for name, product in sold.items()}
    depth, values = usual_depth(plan), Values(draw)
    needs = {name: units[name] / _moved(product, depth, values) for name, product in sold.items()}
    cost = _mean_cost(sold.values())
    return tuple(
        Product(
            name,
            need_share=needs[name] / sum(needs.values()),
            role=p.role,
            line=p.line or "",
            price=p.level * _gap(plan, p),
            basket=p.price * sum(units.values()),
            margin=p.gross_margin,
            cost=COST[p.role] / cost if p.gross_margin is None else 1.0,
            price_sensitivity=p.price_sensitivity,
            fit=dict(p.fit),
            channels=sold_in(plan, p, channels),
            promoted=_promoted(p),
            return_factor=p.return_factor,
            dealers=not _online_only(plan, p),
        )
        for name, p in sold.items()
    )


def usual_depth(plan: Plan) -> float:
    """Return today's mean discount: that of ``status_quo``, whichever scenario ``plan`` is."""
    policies = plan.scenarios.get(STATUS_QUO, {}).get("policies", {})
    today = Promotion.model_validate(policies.get("promotion", {}))
    depth = today.depth * min(today.days_per_month / MONTH, 1.0)
    return depth + sum(max(event.depth - depth, 0.0) * event.days / YEAR for event in today.calendar)


def sold_in(plan: Plan, product: Planned, channels: Sequence[Channel]) -> tuple[str, ...]:
    """Return the open channels that sell a product, empty where all do."""
    names = [
        channel.name
        for channel in channels
        if (not product.channels or channel.name in product.channels)
        and (channel.online or not _online_only(plan, product))
    ]
    return tuple(names) if len(names) < len(channels) else ()


def pricing_of(plan: Plan) -> Pricing:
    """Return how prices move by themselves, and how much the channels' price positions agree."""
    pricing = plan.policies.pricing
    consistency = pricing.position.consistency if pricing.position is not None else 1.0
    start = begins(plan, "dynamic_pricing") if "dynamic_pricing" in enabled(plan) else None
    return Pricing(pricing.policy == "dynamic", pricing.bound, pricing.follow, consistency, start)


def dealers_of(plan: Plan) -> Dealers | None:
    """Return the plan's dealers, if it has any."""
    dealers = plan.policies.dealers
    if dealers is None:
        return None
    return Dealers(dealers.share, dealers.tolerated_gap, dealers.channel, dealers.margin)


def _promoted(product: Planned) -> bool:
    return product.promoted if product.promoted is not None else product.role != "image"


def _moved(product: Planned, depth: float, values: Values) -> float:
    """Return the factor on a product's sales of a lasting discount where few visits convert."""
    if not _promoted(product):
        return 1.0
    elasticity = values["price_weight"] * product.price_sensitivity
    elasticity += values["traffic_draw"] if product.role == "traffic" else 0.0
    return math.exp(values["promotion_weight"] * depth - elasticity * math.log1p(-depth))


def _mean_cost(products: Iterable[Planned]) -> float:
    """Return the mean of the roles' costs over the sales of products that state no margin."""
    assumed = [(p.share, COST[p.role]) for p in products if p.gross_margin is None]
    return sum(share * cost for share, cost in assumed) / max(sum(share for share, _ in assumed), 1e-9)


def _online_only(plan: Plan, product: Planned) -> bool:
    """Whether the pricing policy keeps a product out of stores and from dealers."""
    return product.online_only and plan.policies.pricing.policy == "online_only"


def _gap(plan: Plan, product: Planned) -> float:
    """Return the factor on the list price of what is sold online only: there a gap undercuts nobody."""
    return 1.0 + plan.policies.pricing.online_gap if _online_only(plan, product) else 1.0
