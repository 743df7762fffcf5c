"""Dealers: they bear a small gap, leave a wide one, and what they sold is lost in part."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.indicators import Books, evaluate
from sim.ledger import Ledger
from sim.market import Market
from sim.parameters import Values
from sim.retailer.dealers import DealerNet, Dealers
from sim.retailer.products import Assortment, Product
from sim.setup import Setup
from tests.sim.markets import CHANNELS, eventful

NO_DISCOUNT, OPEN, ONE = np.zeros((1, 3)), np.ones(3), np.ones(1)


def net(dealers: Dealers, products: tuple[Product, ...] = ()) -> DealerNet:
    values = Values({})
    return DealerNet(dealers, CHANNELS, Assortment(products, CHANNELS, values), values)


def after(online: float, dealers: Dealers, days: int = 365, discount: float = 0.0) -> DealerNet:
    made = net(dealers)
    for _ in range(days):
        made.watch(np.array([1.0, online, online]), np.array([[0.0, discount, discount]]), OPEN, ONE)
    return made


@pytest.mark.parametrize("dealers", [Dealers(0.5, sales=100.0), Dealers(0.5, channel="shop")])
def test_one_price_and_a_tolerated_gap_keep_every_dealer(dealers: Dealers) -> None:
    for online in (1.2, 1.0, 0.96):
        assert after(online, dealers).standing == 1.0


def test_the_wider_the_gap_the_more_leave() -> None:
    left = [1.0 - after(online, Dealers(0.5, sales=1.0)).standing for online in (0.94, 0.90, 0.80)]
    assert 0.0 < left[0] < left[1] < left[2] < 1.0
    assert after(0.90, Dealers(0.5, 0.2, sales=1.0)).standing == 1.0


def test_promotions_online_undercut_too_but_a_short_one_is_forgiven() -> None:
    terms = Dealers(0.5, sales=1.0)
    assert after(1.0, terms, discount=0.2).standing < 1.0
    assert after(1.0, terms, days=14, discount=0.2).standing == 1.0


def test_dealers_return_slowly_once_the_gap_is_closed() -> None:
    made = after(0.8, Dealers(0.5, sales=1.0))
    standing = []
    for _ in range(3 * 365):
        made.watch(np.ones(3), NO_DISCOUNT, OPEN, ONE)
        standing.append(made.standing)
    low = min(standing)
    assert standing.index(low) < 200, "a quarter's memory: some still leave"
    assert low < standing[364] < standing[-1] < low + 0.25


def test_a_shut_channel_and_goods_sold_online_only_do_not_compete() -> None:
    made = net(Dealers(0.5, sales=1.0))
    made.watch(np.array([1.0, 0.5, 1.0]), NO_DISCOUNT, np.array([1.0, 0.0, 1.0]), ONE)
    assert made.gap == 0.0
    goods = (
        Product("both", 0.6),
        Product("online", 0.4, price=0.5, channels=("site", "feed"), dealers=False),
    )
    for terms in (Dealers(0.5, sales=1.0), Dealers(0.5, channel="shop")):
        apart = net(terms, goods)
        for _ in range(200):
            apart.watch(np.ones(3), np.array([[0.0] * 3, [0.0, 0.3, 0.3]]), OPEN, np.array([0.6, 0.4]))
        assert apart.standing == 1.0


def lived(online: float, dealers: Dealers | None, **changes: Any) -> Ledger:
    quiet: dict[str, Any] = {"shocks": (), "effects": (), "customers": 1_000, "days": 365, "burn_in": 30}
    setup: Setup = eventful(dealers=dealers, **quiet | changes)
    setup.drivers.price[:] = [1.0, online, online]
    setup.drivers.discount[:] = 0.0
    return Market.from_setup(setup, seed=6).run()


def kpi(ledger: Ledger, name: str) -> float:
    table = evaluate(ledger, [(0, ledger.setup.days - 1)])
    return float(table[(table["kpi"] == name) & (table["channel"] == "all")]["value"].iloc[0])


def test_wholesale_starts_at_its_share_and_falls_with_the_dealers() -> None:
    level, cheap = lived(1.0, Dealers(0.6)), lived(0.8, Dealers(0.6))
    own = level.money()["net_sales"][:30].sum() / 30
    assert level.dealers[30:, 0].mean() == pytest.approx(1.5 * own, rel=0.1)
    assert (level.dealers[:, 1] == 1.0).all()
    assert cheap.dealers[-1, 1] < 0.8
    assert cheap.dealers[30:, 0].sum() < level.dealers[30:, 0].sum()
    assert cheap.visits[30:].sum() > level.visits[30:].sum(), "some of their customers come to us"
    assert Books(level).between("dealer_sales", 0, 364).sum() == pytest.approx(level.dealers[30:, 0].sum())


def test_profit_counts_wholesale_and_the_online_share_is_of_all_sales() -> None:
    with_them, without = lived(1.0, Dealers(0.6, margin=0.25)), lived(1.0, None)
    np.testing.assert_array_equal(with_them.events, without.events)
    wholesale = with_them.dealers[30:, 0].sum()
    gained = kpi(with_them, "operating_profit") - kpi(without, "operating_profit")
    assert gained == pytest.approx(0.25 * wholesale)
    net_sales = kpi(without, "net_sales")
    expected = kpi(without, "online_share") * net_sales / (net_sales + wholesale)
    assert kpi(with_them, "online_share") == pytest.approx(expected)
    assert {"dealer_sales", "dealer_margin", "dealers_standing"} <= set(with_them.daily().columns)


def test_dealers_who_are_a_channel_take_their_shops_with_them() -> None:
    terms = Dealers(0.6, channel="shop")
    level, cheap, free = lived(1.0, terms), lived(0.8, terms), lived(0.8, None)
    orders = [ledger.events[30:, 0, 8].sum() for ledger in (cheap, free)]
    assert orders[0] < orders[1]
    assert cheap.dealers[-1, 1] < 1.0 == level.dealers[-1, 1]
    assert (cheap.dealers[:, 0] == 0.0).all()
    online = [ledger.events[200:, 1:, 8].sum() for ledger in (cheap, free)]
    assert online[0] >= online[1], "part of their customers buy online instead"


WRONG = {
    "share": (lambda: Dealers(1.0), "dealers.share"),
    "tolerance": (lambda: Dealers(0.5, 1.5), "dealers.tolerated_gap"),
    "sales": (lambda: Dealers(0.5, sales=-1.0), "dealers.sales"),
    "unknown": (lambda: eventful(dealers=Dealers(0.5, channel="moon")), "no channel 'moon'"),
    "online": (lambda: eventful(dealers=Dealers(0.5, channel="site")), "is online"),
    "no past": (lambda: eventful(dealers=Dealers(0.5)), "dealers.sales"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused(case: str) -> None:
    make, said = WRONG[case]
    with pytest.raises(ValueError, match=said):
        make()


def test_replacing_dealers_leaves_the_setup_as_it_is() -> None:
    setup = eventful(dealers=Dealers(0.5, channel="shop"))
    assert dataclasses.replace(setup, dealers=None).dealers is None
