"""The market of a coupon campaign: the same customers with a coupon in hand and without."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.customers.coupons import STORE_AGAIN
from sim.customers.exchange import ORDERS
from sim.setup import Channel, Drivers, Setup

Array = NDArray[np.float64]
AGENTS, BURN_IN = 6_000, 28
DEPTH = 0.2  # of the coupon; histories rarely tell, and what it is worth is in the pull
PULLS = (0.0, 2.0, 5.0)  # at which the market is simulated; the range of ``coupon_pull``


@dataclass(frozen=True, eq=False)
class Holding:
    """What a coupon in hand does, by days since it came [D].

    ``redeemed`` [D] is the share of holders who have used it, ``extra`` [pulls, D] orders a holder beyond
    those without, at each of :data:`PULLS`; ``level`` orders a week without.
    """

    redeemed: Array
    extra: Array
    level: float

    def at(self, pull: float, days: int) -> float:
        """Return extra orders a holder in ``days`` at a pull."""
        return float(np.interp(pull, PULLS, self.extra[:, min(days, self.extra.shape[1]) - 1]))


def holding(level: float, days: int, seed: int, agents: int = AGENTS) -> Holding:
    """Simulate customers who order ``level`` times a week for ``days``, with and without a coupon."""
    rate = level / 7.0 / 0.4
    for _ in range(3):
        base, _ = _lived(rate, days, None, seed, agents)
        seen = 7.0 * float(base.sum()) / days
        rate *= float(np.clip(level / max(seen, 1e-6), 0.3, 3.0))
    base, _ = _lived(rate, days, None, seed, agents)
    extra, redeemed = [], np.zeros(days)
    for pull in PULLS:
        orders, used = _lived(rate, days, pull, seed, agents)
        extra.append(np.cumsum(orders - base))
        if pull == PULLS[1]:
            redeemed = used
    return Holding(redeemed, np.array(extra), 7.0 * float(base.sum()) / days)


def _lived(rate: float, days: int, pull: float | None, seed: int, agents: int) -> tuple[Array, Array]:
    """Return orders a customer and the share of coupons used, by day [D]; ``None``: nobody has a coupon."""
    from sim.market import Market
    from sim.retailer.relations import Coupons, Relations

    values = {"need_rate": rate, "need_shape": 1.5, "appeal.store": 0.5, "coupon_taken": 1e-9}
    values |= {"coupon_pull": PULLS[1] if pull is None else pull, "stockout.store": 0.0, "dropout": 1e-6}
    setup = Setup(
        start=datetime.date(2027, 1, 1),
        days=days,
        channels=(Channel("store", "store"),),
        drivers=Drivers.constant(days, 1),
        burn_in=BURN_IN,
        customers=agents,
        parameters=values | {"initial_customers": 0.95, "initial_lost": 1e-6},
        relations=Relations(coupons=Coupons(within_channel=DEPTH, days=min(days + 1, 365))),
    )
    market, used = Market.from_setup(setup, seed), np.zeros(days)
    while market.day < 0:
        market.step()
    if pull is not None:
        assert market.relations is not None
        last = days + BURN_IN + 1  # the desk counts days from the burn-in's first
        market.customers.state.coupon[:] = (last << 3) | STORE_AGAIN
    for day in range(days):
        market.step()
        used[day] = float((market.customers.state.coupon == 0).mean())
    orders = market.ledger.events[BURN_IN:, :, ORDERS].sum(axis=1) / agents
    return np.asarray(orders, np.float64), used
