"""The compiled market is the plain Mesa market, decision for decision."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.customers.exchange import EVENTS, ORDERED
from sim.market import Market
from sim.retailer.trials import Treatment, Trial
from sim.setup import Setup
from tests.reference.market import DayBook, ReferenceMarket
from tests.sim.markets import OPERATIONS, PRODUCTS, assorted, browsed, contested, eventful, related, simple


def cohort(**changes: Any) -> Setup:
    """Return a market whose customers enter on known days, or never."""
    entry = np.arange(300) % 40 - 3
    return eventful(burn_in=0, entry=entry, parameters={"dropout": 0.1}, **changes)


def no_store() -> Setup:
    """Return an online-only market without a nest, where nothing is invested."""
    return simple(300, 40, "own marketplace", {"nest": 1.0, "need_rate": 0.5, "appeal.a": 0.5})


CASES = {
    "eventful": lambda: eventful(),
    "with a past": lambda: eventful(days=30, burn_in=45),
    "cohort": cohort,
    "online only": no_store,
    "contested": lambda: contested(burn_in=40),
    "goods": assorted,
    "goods of a cohort": lambda: cohort(products=PRODUCTS),
    "operations": lambda: eventful(days=50, burn_in=65, **OPERATIONS),
    "relations": related,
    "pages": browsed,
    "pages of a cohort": lambda: browsed(burn_in=0, entry=np.arange(300) % 40 - 3, trial=None),
    "rollout": lambda: eventful(
        trial=Trial(Treatment(0.5, 0.5), "rollout", 20, 15, first=("site",), follow=15)
    ),
    "relations of a cohort": lambda: related(burn_in=0, entry=np.arange(300) % 40 - 3),
}


def assert_same_day(market: Market, book: DayBook, setup: Setup) -> None:
    """Compare every visit, event, order and credit of a day."""
    trade, channels = market.trade, range(len(setup.channels))
    visits = np.zeros(trade.visits.shape[1:], int)
    for _, source, c in book.visits:
        visits[source, c] += 1
    np.testing.assert_array_equal(trade.visits.sum(axis=0), visits)
    events = [[book.events[c, name] for name in EVENTS] for c in channels]
    np.testing.assert_array_equal(trade.events.sum(axis=0), events)
    buyers = list(zip(trade.buyers[: trade.filled[0]], trade.bought[: trade.filled[0]], strict=True))
    assert buyers == [(number, c) for number, _, c, _ in book.orders]
    wanted = list(trade.wanted[: trade.filled[0]])
    assert wanted == book.goods
    units = np.zeros(trade.goods.shape[1:3], int)
    for (_, _, c, _), g in zip(book.orders, book.goods, strict=True):
        units[g, c] += 1
    np.testing.assert_array_equal(trade.goods[..., ORDERED].sum(axis=0), units)
    credited = [[book.credited[s, name] for name in ("orders", "sales")] for s in range(len(visits))]
    np.testing.assert_array_equal(trade.credited.sum(axis=0), credited)


def assert_same_state(market: Market, reference: ReferenceMarket) -> None:
    """Compare what every customer remembers, and the retailer's own state."""
    for name in market.customers.state._fields:
        plain = [getattr(customer, name) for customer in reference.by_number]
        np.testing.assert_array_equal(market.customers.get(name), plain, err_msg=name)
    ours, theirs = market.retailer, reference.retailer
    np.testing.assert_array_equal(ours.capabilities.level, theirs.capabilities.level)
    np.testing.assert_array_equal(ours.media.adstock, theirs.media.adstock)
    assert (ours.supply.backlog, ours.supply.hours) == (theirs.supply.backlog, theirs.supply.hours)
    if ours.operations is not None and theirs.operations is not None:
        assert ours.operations.book == theirs.operations.book
    assert (market.talk, market.audience) == (reference.talk, reference.audience)
    np.testing.assert_array_equal(market.trade.tally, reference.tally[: len(market.trade.tally)])
    if market.pages is not None and market.pages.lab is not None:
        assert vars(market.pages.lab)["claimed"] == vars(reference.pages)["lab"].claimed
    assert market.rivals.price == reference.rivals.price
    assert [firm.gain for firm in market.rivals.firms] == [firm.gain for firm in reference.rivals.firms]
    np.testing.assert_array_equal(market.rivals.edge, reference.rivals.edge)
    assert (ours.traffic is None) == (theirs.traffic is None)
    if ours.traffic is not None and theirs.traffic is not None and ours.traffic.brand is not None:
        assert ours.traffic.brand.value == theirs.traffic.brand.value  # type: ignore[union-attr]


@pytest.mark.parametrize("case", CASES)
def test_compiled_market_takes_the_reference_decisions(case: str) -> None:
    setup = CASES[case]()
    market, reference = Market.from_setup(setup, seed=11), ReferenceMarket(setup, seed=11)
    orders = 0
    while market.running:
        market.step()
        reference.step()
        assert_same_day(market, reference.books[-1], setup)
        orders += len(reference.books[-1].orders)
    assert_same_state(market, reference)
    assert orders > 100, "the comparison should see trade"


def test_every_event_and_source_occurs_in_the_comparison() -> None:
    """A rule that never acts in the comparison would be compared in name only."""
    reference = ReferenceMarket(browsed(customers=400, days=60), seed=5)
    seen: dict[str, Any] = {}
    for book in reference.run():
        for (_, name), count in book.events.items():
            seen[name] = seen.get(name, 0) + count
    assert {name for name, count in seen.items() if count > 0} == set(EVENTS)
    sources = {source for book in reference.books for _, source, _ in book.visits}
    assert len(sources) >= 8


def test_setup_is_not_touched_by_a_run() -> None:
    setup = eventful(days=10)
    before = {
        item.name: getattr(setup.drivers, item.name).copy() for item in dataclasses.fields(setup.drivers)
    }
    Market.from_setup(setup).run()
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(setup.drivers, name), values)
