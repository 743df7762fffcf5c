"""The market that is measured: a retailer with six channels; about 2 % of customers look in each day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.setup import Channel, Drivers, Medium, Setup

if TYPE_CHECKING:
    from sim.market import Market

CHANNELS = (
    Channel("store", "store"),
    Channel("outlet", "store"),
    Channel("site", "own"),
    Channel("app", "own"),
    Channel("mall", "marketplace", commission=0.05),
    Channel("feed", "social", commission=0.05),
)
MEDIA = (Medium("paid_search", "click", "paid_search", reference=500.0), Medium("tv", "broadcast"))
PARAMETERS = {"need_rate": 0.027}
START = datetime.date(2027, 1, 1)


def setup(
    customers: int,
    days: int,
    price: float = 1.0,
    parameters: Mapping[str, float] | None = None,
    **more: Any,
) -> Setup:
    """Return the retailer's setup; ``price`` holds in all channels, on all days."""
    spend = 500.0 * customers / 1e5
    drivers = Drivers.constant(days, len(CHANNELS), len(MEDIA), price=price, spend=spend, invest=100.0)
    values = {**PARAMETERS, **(parameters or {})}
    return Setup(START, days, CHANNELS, drivers, MEDIA, customers, parameters=values, **more)


def market(customers: int, days: int, threads: int = 1) -> Market:
    """Return a market one day old, its loops compiled."""
    from sim.market import Market

    made = Market.from_setup(setup(customers, days + 1), threads=threads)
    made.step()
    return made


def visits_a_day(market: Market) -> float:
    """Return the share of customers who looked in on an average day lived so far."""
    days = market.day + market.setup.burn_in
    return float(market.ledger.visits[:days].sum()) / days / market.setup.customers
