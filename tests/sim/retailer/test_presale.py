"""Presale moves orders, makes none, and promotions borrow from the days after."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.market import Market
from sim.parameters import Values
from sim.retailer.presale import PUT_OFF, Presale, PresaleDesk
from sim.retailer.traffic import MEASURES
from sim.setup import Setup
from tests.sim.markets import simple

EVENT = 30


def calm(presales: tuple[Presale, ...], discount: float = 0.0) -> Setup:
    parameters = {
        "need_rate": 0.05,
        "initial_aware": 1.0,
        "appeal.own": 0.0,
        "dropout": 0.0,
        "pull.content": 0.5,
    }
    setup = simple(20_000, 90, "own", parameters, burn_in=30)
    setup.drivers.discount[EVENT : EVENT + 3] = discount
    return dataclasses.replace(setup, presales=presales)


def visits_and_orders(setup: Setup) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ledger = Market.from_setup(setup, seed=8).run()
    day = slice(30, None)
    orders = ledger.events[day, :, EVENTS.index("orders")].sum(axis=1)
    return ledger.visits[day].sum(axis=(1, 2)), orders, ledger.told[day, MEASURES.index("presale_orders")]


def test_orders_are_fewer_before_more_on_the_day_and_no_more_in_all() -> None:
    seen, bought, _ = visits_and_orders(calm(()))
    visits, orders, presold = visits_and_orders(calm((Presale("day", EVENT, 10, 0.15),)))
    before = slice(EVENT - 10, EVENT)
    assert orders[before].sum() < 0.92 * bought[before].sum()
    assert orders[EVENT] > 1.3 * bought[EVENT]
    assert visits[: EVENT + 1].sum() == pytest.approx(seen[: EVENT + 1].sum(), rel=0.015)
    assert orders.sum() == pytest.approx(bought.sum(), rel=0.02)
    assert (visits[: EVENT - 10] == seen[: EVENT - 10]).all()
    moved = bought[before].sum() - orders[before].sum()
    assert presold[EVENT] == pytest.approx(moved, rel=0.35)
    assert presold.sum() == presold[EVENT]


def test_what_is_put_off_comes_back_and_nothing_waits_afterwards() -> None:
    desk = PresaleDesk((Presale("day", 5, 3, 0.1),), Values({}), 20)
    visits, back = np.full(10, 8, np.int64), 0.0
    for day in range(8):
        pull, stimulus = np.ones(5), np.zeros(10)
        desk.draw(day, pull, stimulus, 100.0)
        back += stimulus.sum() * 100.0
        if day in (2, 3, 4):
            assert pull.tolist() == pytest.approx([1.0, 1.0, 0.8, 0.8, 0.8])
        desk.note(day, visits, 2.0, 1e12)
    assert back == pytest.approx(3 * len(PUT_OFF) * 8 * 2.0 * 0.25)  # few of so many needs look in at all
    assert desk.waiting.sum() == 0.0


def test_an_event_beyond_the_horizon_puts_nothing_off() -> None:
    assert not PresaleDesk((Presale("late", 25, 10, 0.5),), Values({}), 20).shares
    assert not PresaleDesk((Presale("now", 0, 10, 0.5),), Values({}), 20).shares


def test_a_promotion_borrows_from_the_days_after() -> None:
    _, usual, _ = visits_and_orders(calm(()))
    _, promoted, _ = visits_and_orders(calm((), discount=0.3))
    assert promoted[EVENT : EVENT + 3].sum() > 1.2 * usual[EVENT : EVENT + 3].sum()
    assert promoted[EVENT + 3 : EVENT + 30].sum() < usual[EVENT + 3 : EVENT + 30].sum()


@pytest.mark.parametrize(("days", "depth", "said"), [(0, 0.1, "days 0"), (5, 1.0, "depth 1.0")])
def test_an_impossible_presale_is_refused(days: int, depth: float, said: str) -> None:
    with pytest.raises(ValueError, match=f"presale 'x': {said}"):
        Presale("x", 10, days, depth)
