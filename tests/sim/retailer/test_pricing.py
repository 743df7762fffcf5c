"""Prices that move by themselves: within bounds, by small steps, after rivals, sales and stock."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.market import Market
from sim.parameters import Values
from sim.retailer.pricing import STEP, PriceDesk, Pricing
from tests.sim.markets import assorted, eventful

LISTED = np.array([1.0, 1.05])


def desk(**terms: Any) -> PriceDesk:
    return PriceDesk(Pricing(dynamic=True, **terms), 2, Values({}))


def settled(made: PriceDesk, rival: float = 1.0, days: int = 60) -> np.ndarray:
    for _ in range(days):
        price = made.quote(LISTED, rival)
    return price


def test_fixed_prices_are_the_drivers_themselves() -> None:
    made = PriceDesk(Pricing(), 2, Values({}))
    made.observe(5.0)
    assert made.quote(LISTED, 0.5) is LISTED


def test_at_rest_nothing_moves() -> None:
    made = desk()
    for _ in range(100):
        made.observe(20.0)
    np.testing.assert_allclose(settled(made), LISTED)


def test_prices_follow_the_rivals_by_their_share() -> None:
    for rival in (0.9, 1.1):
        np.testing.assert_allclose(settled(desk(follow=0.5), rival), LISTED * rival**0.5, rtol=1e-9)
    np.testing.assert_allclose(settled(desk(follow=0.0), 0.8), LISTED)


def test_prices_fall_where_stock_is_long_and_rise_where_it_is_short() -> None:
    made = desk()
    made.cover = [2.0, 0.5]
    price = settled(made)
    assert price[0] < LISTED[0] and price[1] > LISTED[1]


def test_prices_rise_in_a_busy_week_and_fall_in_a_slow_one() -> None:
    for factor in (1.5, 0.6):
        made = desk()
        for day in range(120):
            made.observe(20.0 * (factor if day >= 113 else 1.0))
        assert (settled(made)[0] > 1.0) == (factor > 1.0)


@given(st.lists(st.floats(0.2, 5.0), min_size=5, max_size=60), st.floats(0.0, 0.5))
def test_prices_never_leave_their_bounds_nor_jump(rivals: list[float], bound: float) -> None:
    made, before = desk(bound=bound, follow=1.0), np.zeros(2)
    made.cover = [0.1, 8.0]
    for rival in rivals:
        moved = np.log(made.quote(LISTED, rival) / LISTED)
        assert (np.abs(moved) <= math.log1p(bound) + 1e-12).all()
        assert (np.abs(moved - before) <= STEP + 1e-12).all()
        before = moved


def test_the_books_hold_the_price_asked_and_customers_see_it() -> None:
    setup = eventful(customers=1_000, days=60, pricing=Pricing(dynamic=True, bound=0.2))
    ledger = Market.from_setup(setup, seed=2).run()
    ratio = ledger.prices / setup.drivers.price
    assert ratio.std() > 0.0
    assert (ratio < 1.2 + 1e-9).all() and (ratio > 1 / 1.2 - 1e-9).all()
    fixed = Market.from_setup(eventful(customers=1_000, days=60), seed=2).run()
    np.testing.assert_array_equal(fixed.prices, setup.drivers.price)
    assert (ledger.events != fixed.events).any()


def test_runs_repeat() -> None:
    one, other = (Market.from_setup(assorted(days=40), seed=3, threads=t).run() for t in (1, 2))
    np.testing.assert_array_equal(one.prices, other.prices)
    np.testing.assert_array_equal(one.goods, other.goods)


@pytest.mark.parametrize(("field", "value"), [("bound", 0.7), ("follow", 1.2), ("consistency", -0.1)])
def test_what_cannot_be_is_refused(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"pricing.{field}"):
        Pricing(**{field: value})  # type: ignore[arg-type]
