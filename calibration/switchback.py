"""A switchback experiment on a market: what price, a promotion and delivery do to orders, channel by channel.

Two arms live the same year with the same customers and the same luck; by turns one has the dearer fortnights
and the other the cheaper ones, so what differs is what was done, and both remain near the status quo. The
signs of the levers are orthogonal; effects are read by a binomial regression on whose fortnight the orders
fell in (Bojinov, Simchi-Levi & Zhao 2023, "Design and Analysis of Switchback Experiments").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import ORDERS, STOCKOUTS
from sim.setup import Drivers, Setup

Array = NDArray[np.float64]
FORTNIGHT = 14
GAP = 0.06  # by which prices lie above and below, relative
DEPTH = 0.20  # of the promotion
STORES, ONLINE, PROMOTION, DELIVERY = range(4)  # the levers; the first two are prices


def signs(fortnights: int) -> Array:
    """Return what the first arm has more of than the second [F, 4]: log prices, promotion, days of delivery.

    Prices and delivery follow Walsh's functions, which are orthogonal; each arm has a promotion every sixteen
    weeks, in turn.
    """
    k, price = np.arange(fortnights), math.log((1.0 + GAP) / (1.0 - GAP))
    stores, online = np.where(k % 4 < 2, price, -price), np.where(k % 2 == 0, price, -price)
    promotion = np.where(k % 8 == 2, 1.0, np.where(k % 8 == 6, -1.0, 0.0))
    return np.column_stack((stores, online, promotion, np.where((k + 1) % 4 < 2, 2.0, -2.0)))


def arm(setup: Setup, first: bool) -> Setup:
    """Return a market of the experiment: rivals keep their prices, all goods may be promoted, none waits."""
    fortnights = -(-setup.days // FORTNIGHT)
    days = np.repeat(signs(fortnights) * (1.0 if first else -1.0), FORTNIGHT, axis=0)[: setup.days]
    drivers, online = setup.drivers, np.array([channel.online for channel in setup.channels])
    above = np.where(online, days[:, [ONLINE]], days[:, [STORES]]) > 0.0
    cut = np.where(days[:, PROMOTION] > 0.0, DEPTH, 0.0)
    longer = np.sign(days[:, DELIVERY])[:, None] * online
    changed = {
        "price": drivers.price * np.where(above, 1.0 + GAP, 1.0 - GAP),
        "discount": 1.0 - (1.0 - drivers.discount) * (1.0 - cut)[:, None],
        "delivery_days": np.maximum(drivers.delivery_days + longer, 0.0),
    }
    goods = tuple(replace(p, promoted=True, role="" if p.role == "event" else p.role) for p in setup.products)
    return replace(
        setup,
        drivers=Drivers(**{**vars(drivers), **changed}),
        products=goods,
        parameters={**setup.parameters, "rival_reaction": 0.0},
    )


def wanted(job: tuple[Setup, int, bool]) -> Array:
    """Return the orders placed by fortnight and channel [F, C] in one arm, in stock or not."""
    from sim.market import Market

    setup, seed, first = job
    market = Market.from_setup(arm(setup, first), seed)
    events = market.run().events[setup.burn_in :]
    orders = events[:, :, ORDERS] + events[:, :, STOCKOUTS]
    return np.asarray(np.add.reduceat(orders, np.arange(0, setup.days, FORTNIGHT), axis=0), np.float64)


def effects(arms: Sequence[Array] | Array) -> Array:
    """Return the effects of the levers [4] from the orders by fortnight [F] of first and second arm.

    They are the elasticities to the prices of stores and online, the log of orders in a promotion over those
    without, and the change of log orders a day of delivery.
    """
    first, both = arms[0], arms[0] + arms[1]
    design, found = signs(len(first)), np.zeros(4)
    for _ in range(25):
        share = 1.0 / (1.0 + np.exp(-np.clip(design @ found, -30.0, 30.0)))
        known = design.T @ (design * (both * share * (1.0 - share))[:, None]) + 1e-6 * np.eye(4)
        found = found + np.linalg.solve(known, design.T @ (first - both * share))
    return np.asarray(found)
