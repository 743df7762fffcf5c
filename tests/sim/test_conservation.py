"""Every visit, order and unit of money is accounted for, every day, whatever the parameters."""

from __future__ import annotations

import dataclasses
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
from sim.retailer.traffic import MEASURES
from sim.setup import SOURCES, Setup
from tests.sim.identities import Witness, assert_everything_balances
from tests.sim.markets import OPERATIONS, contested, eventful, related
from tests.sim.whole import whole, wholesale

PARAMETERS = {name: p for name, p in collected().items() if p.low < p.high}


def assert_shares(ledger: Ledger, *names: str) -> None:
    """Check that states of what draws people are shares."""
    told = ledger.told[:, [MEASURES.index(name) for name in names]]
    assert ((told >= 0.0) & (told <= 1.0)).all()


MADE: dict[str, Callable[..., Setup]] = {
    "eventful": lambda: eventful(2_000, 90, 20),
    "contested": lambda: contested(2_000, 90, 20),
    "operations": lambda: eventful(1_500, 120, 80, **OPERATIONS),
    "relations": lambda: related(1_500, 90, 20),
    "whole": lambda: whole(1_000),
    "wholesale": lambda: wholesale(1_000),
}


@pytest.mark.parametrize("made", MADE)
def test_everything_balances_every_day(made: str) -> None:
    market = Market.from_setup(MADE[made](), seed=3)
    Witness(market).run()
    assert_everything_balances(market)


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


def test_windows_sum_what_the_days_hold() -> None:
    ledger = Market.from_setup(eventful(days=40, burn_in=10), seed=2).run()
    books, orders = Books(ledger), ledger.events[:, :, EVENTS.index("orders")]
    for first, last in ((0, 39), (5, 5), (12, 30)):
        expected = orders[first + 10 : last + 11].sum(axis=0) * 3.0
        np.testing.assert_allclose(books.between("orders", first, last), expected)


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
    made = draw(st.sampled_from([eventful, contested, related, whole, wholesale]))
    entire = made in (whole, wholesale)
    parts = {name: part for name, part in OPERATIONS.items() if not entire and draw(st.booleans())}
    days = {} if entire else {"days": 25}
    setup = made(400, burn_in=draw(st.sampled_from([0, 7, 65])), parameters=given, **days, **parts)
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
    drivers = dataclasses.replace(setup.drivers, **moved)
    if setup.programme is not None:  # it lays the days out itself
        programme = dataclasses.replace(setup.programme, base=drivers)
        setup = dataclasses.replace(setup, programme=programme)
    return dataclasses.replace(setup, drivers=drivers)


@settings(max_examples=20, deadline=None)
@given(setups(), st.integers(0, 2**63))
def test_books_balance_for_any_parameters(setup: Setup, seed: int) -> None:
    market = Market.from_setup(setup, seed=seed)
    ledger = Witness(market).run()
    assert_everything_balances(market)
    if setup.brand is not None:
        assert_shares(ledger, "awareness", "trust", "consistency")
        assert np.isfinite(market.rivals.edge).all() and market.rivals.pressure >= 0.0
