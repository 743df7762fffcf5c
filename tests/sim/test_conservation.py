"""Every visit, order and unit of money is accounted for, every day, whatever the parameters."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.customers.exchange import EVENTS
from sim.indicators import Books
from sim.ledger import Ledger
from sim.market import Market
from sim.parameters import collected, from_scale, to_scale
from sim.retailer.operations import MEASURES as FIRM
from sim.retailer.traffic import MEASURES
from sim.setup import SOURCES, Setup
from tests.sim.markets import OPERATIONS, contested, eventful
from tests.sim.retailer.test_stock import assert_conserved

PARAMETERS = {name: p for name, p in collected().items() if p.low < p.high}


def assert_books_balance(ledger: Ledger) -> None:
    """Check the identities of a run's books."""
    events = {name: ledger.events[:, :, e] for e, name in enumerate(EVENTS)}
    online = np.array([channel.online for channel in ledger.setup.channels])
    for name, counts in events.items():
        assert (counts >= 0).all(), name
    np.testing.assert_array_equal(events["orders"], events["new_customers"] + events["repeat_orders"])
    funnel = ("carts", "checkouts", "submitted", "orders")
    for wide, narrow in itertools.pairwise(funnel):
        assert (events[wide] >= events[narrow])[:, online].all(), (wide, narrow)
    assert (events["submitted"] >= events["orders"] + events["stockouts"])[:, online].all()
    assert (events["mobile_checkouts"] <= events["checkouts"]).all()
    assert (events["mobile_orders"] <= events["mobile_checkouts"]).all()
    assert (events["returns"] <= events["orders"]).all()
    assert (events["lost"] <= events["orders"]).all()
    visits = ledger.visits.sum(axis=1)
    assert (events["bounces"] + events["rival_orders"] <= visits).all()
    assert (events["new_visitors"] <= visits).all()
    walk_in = SOURCES.index("walk_in")
    assert ledger.visits[:, walk_in, online].sum() == 0
    assert np.delete(ledger.visits, walk_in, axis=1)[:, :, ~online].sum() == 0
    # Buying happens on a visit: at most one order a visit, credited to the visit's source.
    assert (events["orders"].sum(axis=1) <= visits.sum(axis=1)).all()
    assert (ledger.credited[:, :, 0] <= ledger.visits.sum(axis=2)).all()
    np.testing.assert_array_equal(ledger.credited[:, :, 0].sum(axis=1), events["orders"].sum(axis=1))
    sold = events["list_sales"] - events["discounts"]
    np.testing.assert_array_equal(ledger.credited[:, :, 1].sum(axis=1), sold.sum(axis=1))
    assert (events["returned_sales"] <= sold).all()


def assert_money_balances(ledger: Ledger) -> None:
    """Check the profit and loss lines of each day and channel."""
    money = ledger.money()
    net = money["gross_sales"] - money["discounts"] - money["returned_sales"]
    np.testing.assert_allclose(money["net_sales"], net, atol=1e-6)
    assert (net >= -1e-9).all()
    spent = money["goods"] + money["commission"] + money["fulfilment"] + money["margin"]
    np.testing.assert_allclose(money["net_sales"], spent, atol=1e-6)
    for values in (*money.values(), ledger.operations, ledger.levels, ledger.spend):
        assert np.isfinite(values).all()
    assert (ledger.operations >= 0).all()
    assert ((ledger.levels >= 0) & (ledger.levels < 1)).all()


def assert_no_more_is_paid_than_budgeted(ledger: Ledger) -> None:
    """Check that media have never been paid more than was budgeted for them up to that day."""
    setup = ledger.setup
    budget = np.vstack([np.repeat(setup.customary().spend, setup.burn_in, axis=0), setup.drivers.spend])
    assert (ledger.spend >= 0).all()
    assert (ledger.spend.cumsum(axis=0) <= budget.cumsum(axis=0) * (1 + 1e-9) + 1e-6).all()


def assert_shares(ledger: Ledger, *names: str) -> None:
    """Check that states of what draws people are shares."""
    told = ledger.told[:, [MEASURES.index(name) for name in names]]
    assert ((told >= 0.0) & (told <= 1.0)).all()


@pytest.mark.parametrize("made", [eventful, contested])
def test_books_balance_every_day(made: Callable[..., Setup]) -> None:
    ledger = Market.from_setup(made(customers=3_000, days=90, burn_in=20), seed=3).run()
    assert_no_more_is_paid_than_budgeted(ledger)
    assert_books_balance(ledger)
    assert_money_balances(ledger)


def test_money_is_the_sum_of_orders() -> None:
    """Agent money is whole minor units, so a day's sales are its orders' and nothing is lost in sums."""
    market, weight = Market.from_setup(eventful(days=40), seed=4), 3.0
    ledger = market.run()
    listed = ledger.events[:, :, EVENTS.index("list_sales")].sum()
    assert ledger.money()["gross_sales"].sum() == pytest.approx(listed * weight / 100.0, rel=1e-12)
    daily = ledger.daily()
    shops = daily[daily.channel != "all"]
    assert shops.gross_sales.sum() == pytest.approx(ledger.money()["gross_sales"].sum(), rel=1e-12)
    whole = daily[daily.channel == "all"]
    by_source = whole[[f"visits_{source}" for source in SOURCES]].to_numpy().sum()
    assert by_source == pytest.approx(shops.visits.sum())
    assert whole.shock_loss.sum() == 500.0
    assert whole.other_costs.sum() == pytest.approx(12.5 * 40)


def test_people_are_counted_once() -> None:
    """Nobody buys twice a day, buyers' order counts add up, and members leave only when replaced."""
    setup = eventful(customers=2_000, days=60, parameters={"renewal": 0.0})
    market = Market.from_setup(setup, seed=8)
    members, orders = market.customers.state.registered.copy(), market.customers.state.orders.sum()
    while market.running:
        market.step()
        filled = int(market.trade.filled[0])
        buyers = market.trade.buyers[:filled]
        assert len(np.unique(buyers)) == filled == market.trade.events[:, :, EVENTS.index("orders")].sum()
        assert (market.customers.state.registered >= members).all()
        members = market.customers.state.registered.copy()
    placed = market.ledger.events[:, :, EVENTS.index("orders")].sum()
    assert market.customers.state.orders.sum() == orders + placed
    joined = market.ledger.events[:, :, EVENTS.index("registrations")].sum()
    first = Market.from_setup(setup, seed=8).customers.state.registered.sum()
    assert members.sum() == first + joined


def test_windows_sum_what_the_days_hold() -> None:
    ledger = Market.from_setup(eventful(days=40, burn_in=10), seed=2).run()
    books, orders = Books(ledger), ledger.events[:, :, EVENTS.index("orders")]
    for first, last in ((0, 39), (5, 5), (12, 30)):
        expected = orders[first + 10 : last + 11].sum(axis=0) * 3.0
        np.testing.assert_allclose(books.between("orders", first, last), expected)


def test_goods_and_orders_are_conserved_every_day() -> None:
    """The piles ship or owe what was ordered; the desk has in hand what came in and has not left."""
    market = Market.from_setup(eventful(customers=1_500, days=120, burn_in=80, **OPERATIONS), seed=6)
    operations = market.retailer.operations
    assert operations is not None and operations.stock is not None and operations.desk is not None
    sold = online = handled = 0.0
    orders = EVENTS.index("orders")
    while market.running:
        market.step()
        today = market.trade.events[:, :, orders].sum(axis=0) * 3.0
        sold, online = sold + today.sum(), online + today[1:].sum()
        handled += operations.book["handled_orders"]
        assert_conserved(operations.stock)
        assert sum(pile.asked for row in operations.stock.piles for pile in row) == pytest.approx(sold)
        assert online == pytest.approx(handled + operations.desk.backlog + operations.desk.lumps)
    firm = dict(zip(FIRM, market.ledger.firm.T, strict=True))
    assert all(np.isfinite(values).all() for values in firm.values())
    parts = firm["cycle_stock"] + firm["safety_stock"] + firm["idle_stock"]
    np.testing.assert_allclose(parts, firm["stock"])
    assert (firm["answered"] <= firm["contacts"] + 1e-9).all()
    assert (firm["bookings_answered"] <= firm["bookings"] + 1e-9).all()
    assert (firm["punctual"] <= firm["arrived"] + 1e-9).all()
    assert_books_balance(market.ledger)
    assert_money_balances(market.ledger)


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """Draw a market: parameters anywhere in their declared ranges, drivers anywhere in theirs."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    given: dict[str, Any] = {}
    for name, p in PARAMETERS.items():
        low, high = (
            to_scale(max(end, 1e-9), p.scale) if p.scale != "linear" else end for end in (p.low, p.high)
        )
        given[name] = from_scale(float(rng.uniform(low, high)), p.scale)
    parts = {name: part for name, part in OPERATIONS.items() if draw(st.booleans())}
    made = draw(st.sampled_from([eventful, contested]))
    burn_in = draw(st.sampled_from([0, 7, 65]))
    setup = made(customers=400, days=25, burn_in=burn_in, parameters=given, **parts)
    ranges = {
        "price": (0.3, 3),
        "discount": (0, 0.9),
        "spend": (0, 500),
        "invest": (0, 1e4),
        "demand": (0, 4),
    }
    ranges |= {"delivery_days": (0, 20), "service": (0, 1), "access": (0, 1), "private": (0, 3)}
    moved = {
        name: rng.uniform(low, high, getattr(setup.drivers, name).shape) * (rng.random() < 0.9)
        for name, (low, high) in ranges.items()
        if name != "price"
    }
    moved["price"] = rng.uniform(*ranges["price"], setup.drivers.price.shape)
    return dataclasses.replace(setup, drivers=dataclasses.replace(setup.drivers, **moved))


@settings(max_examples=15, deadline=None)
@given(setups(), st.integers(0, 2**63))
def test_books_balance_for_any_parameters(setup: Setup, seed: int) -> None:
    market = Market.from_setup(setup, seed=seed)
    ledger = market.run()
    assert_books_balance(ledger)
    assert_money_balances(ledger)
    state = market.customers.state
    assert np.isfinite(state.gate).all() and (state.gate >= 0).all()
    assert (state.last_order >= state.first_order).all()
    assert ((state.orders == 0) <= (state.lost == 0)).all()
    assert_no_more_is_paid_than_budgeted(ledger)
    if setup.brand is not None:
        assert_shares(ledger, "awareness", "trust", "consistency")
        assert np.isfinite(market.rivals.edge).all() and market.rivals.pressure >= 0.0
