"""What stands still is kept, and what moves is followed: prices, promotions, capabilities."""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.market import Market
from sim.parameters import Values
from sim.retailer.channels import Shopfront
from sim.retailer.policies import Policy
from sim.retailer.products import Assortment
from tests.sim.markets import CHANNELS, PRODUCTS, eventful


def front(grouped: bool = True) -> Shopfront:
    values = Values({})
    return Shopfront(CHANNELS, values, Assortment(PRODUCTS if grouped else (), CHANNELS, values))


def test_prices_that_stand_still_keep_their_tags() -> None:
    shop, price, depth = front(), np.array([1.0, 0.9, 1.1]), np.array([0.0, 0.2, 0.1])
    kept = shop.tags(price, depth)
    assert shop.tags(price.copy(), depth.copy()) is kept


def test_tags_follow_prices_and_depths_written_over() -> None:
    """A policy writes into rows of the drivers: the same arrays, other prices."""
    for grouped in (True, False):
        shop, price, depth = front(grouped), np.array([1.0, 0.9, 1.1]), np.array([0.0, 0.2, 0.1])
        shop.tags(price, depth)
        for row in (price, depth):
            row[1] += 0.05
            fresh = front(grouped).tags(price, depth)
            for mine, theirs in zip(shop.tags(price, depth), fresh, strict=True):
                np.testing.assert_array_equal(mine, theirs)


def test_the_outfit_follows_what_has_ripened() -> None:
    shop, effects = front(), dict.fromkeys(("data_intent", "site_worth", "site_bounce", "site_friction"), 0.0)
    before = shop.outfit(effects)
    assert shop.outfit(effects) is before
    after = shop.outfit(effects | {"site_bounce": 0.1})
    np.testing.assert_array_equal(after.bounce, 0.9 * before.bounce)


def test_drivers_changed_on_the_way_act_as_if_planned() -> None:
    """Prices cut by a rule at the third month's start are the prices of a plan that cuts them then."""
    since = []

    class Cut(Policy):
        def act(self, market: Market, first: int, last: int) -> None:
            if self.months == 2:
                since.append(first)
                market.drivers.price[first:] *= 0.8
                market.drivers.discount[first:] = 0.1
                market.reprice()

    base = eventful(days=120, burn_in=20)
    rule = Market.from_setup(base, seed=5)
    rule.policies.append(Cut())
    ledger = rule.run()
    (first,) = since
    drivers = dataclasses.replace(
        base.drivers, price=base.drivers.price.copy(), discount=base.drivers.discount.copy()
    )
    drivers.price[first:] *= 0.8
    drivers.discount[first:] = 0.1
    planned = Market.from_setup(dataclasses.replace(base, drivers=drivers), seed=5).run()
    for name in ("visits", "events", "credited", "prices", "operations"):
        np.testing.assert_array_equal(getattr(ledger, name), getattr(planned, name))
