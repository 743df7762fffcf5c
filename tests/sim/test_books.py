"""Running totals are worked out when asked for, and are the ledger's own sums."""

from __future__ import annotations

import pytest

from sim.books import MONEY, Books
from sim.customers.exchange import EVENTS
from sim.market import Market
from sim.retailer.operations import MEASURES
from tests.sim.markets import eventful


@pytest.fixture(scope="module")
def books() -> Books:
    return Books(Market.from_setup(eventful(days=40, burn_in=10), seed=2).run())


def test_the_lines_of_money_are_the_ledger_s(books: Books) -> None:
    assert tuple(books.ledger.money()) == MONEY


def test_every_measure_has_its_window(books: Books) -> None:
    ledger = books.ledger
    for name in (*MONEY, *EVENTS, *MEASURES, "visits", "spend", "operations", "cash", "strikes"):
        daily = books.daily(name)
        assert len(daily) == 50
        assert books.between(name, 5, 30) == pytest.approx(daily[15:41].sum(axis=0), abs=1e-6)
    orders = ledger.events[15:41, :, EVENTS.index("orders")].sum(axis=0) * ledger.setup.weight
    assert books.between("orders", 5, 30) == pytest.approx(orders)


def test_an_unknown_measure_is_refused_by_name(books: Books) -> None:
    with pytest.raises(KeyError, match="luck"):
        books.between("luck", 0, 1)
