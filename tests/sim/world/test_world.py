"""Calendar, rivals and shocks."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.market import Market
from sim.parameters import Values
from sim.setup import SOURCES, Channel, Shock
from sim.world.calendar import month_ends
from sim.world.rivals import RivalMarket
from sim.world.shocks import Shocks
from tests.sim.markets import simple

CHANNELS = (Channel("shop", "store"), Channel("site", "own"))


def test_months_end_where_the_calendar_says() -> None:
    ends = np.flatnonzero(month_ends(datetime.date(2028, 1, 20), -25, 140)) - 25
    dates = [datetime.date(2028, 1, 20) + datetime.timedelta(int(day)) for day in ends]
    assert [(d.month, d.day) for d in dates] == [(12, 31), (1, 31), (2, 29), (3, 31), (4, 30)]


def test_rivals_follow_part_of_the_way() -> None:
    rivals = RivalMarket(Values({"rival_reaction": 0.5, "rival_days": 20.0, "price_weight": 2.0}))
    before, prices = rivals.worth, []
    for _ in range(400):
        rivals.react(0.8)
        prices.append(rivals.price)
    assert (np.diff(prices) <= 0).all()
    assert prices[-1] == pytest.approx(0.9)
    assert rivals.worth - before == pytest.approx(-2.0 * np.log(0.9))


def test_shocks_multiply_while_they_last() -> None:
    shocks = Shocks(
        (
            Shock("a", "x", 3, 2, "service", 0.5, "site", loss=7.0),
            Shock("b", "x", 4, 9, "service", 0.5),
            Shock("c", "x", -5, 6, "demand", 2.0),
        ),
        CHANNELS,
    )
    assert shocks.strike(4)["service"].tolist() == [0.5, 0.25]
    assert shocks.strike(3)["service"].tolist() == [1.0, 0.5]
    assert shocks.strike(5)["service"].tolist() == [0.5, 0.5]
    assert shocks.strike(0)["demand"].tolist() == [2.0, 2.0]
    assert (shocks.strike(-1)["demand"] == 1.0).all()  # the burn-in is calm
    assert [shocks.loss(day) for day in (2, 3, 4)] == [0.0, 7.0, 0.0]


def closing(channel: str, access: float) -> np.ndarray:
    """Return visits by source and channel, and orders, with one channel partly closed."""
    parameters = {"need_rate": 0.3, "initial_aware": 1.0, "appeal.store": 0.0, "appeal.own": 0.0}
    setup = simple(6_000, 60, "store own", parameters | {"dropout": 0.0})
    setup.drivers.access[:, "ab".index(channel)] = access
    ledger = Market.from_setup(setup, seed=1).run()
    return np.vstack([ledger.visits.sum(axis=0), ledger.events[:, :, EVENTS.index("orders")].sum(axis=0)])


def test_closing_a_channel_takes_its_trade_once() -> None:
    """Half the openings are half the walk-ins and half the orders, not a quarter; shut is shut."""
    walk_in, qr = SOURCES.index("walk_in"), SOURCES.index("qr_code")
    normal, half, shut = (closing("a", access) for access in (1.0, 0.5, 0.0))
    assert half[walk_in, 0] / normal[walk_in, 0] == pytest.approx(0.5, abs=0.04)
    assert half[-1, 0] / normal[-1, 0] == pytest.approx(0.5, abs=0.05)
    assert shut[walk_in, 0] == shut[-1, 0] == shut[qr].sum() == 0
    assert shut[-1, 1] > half[-1, 1] > normal[-1, 1]  # needs look elsewhere
    assert closing("b", 0.0)[:, 1].sum() == 0
