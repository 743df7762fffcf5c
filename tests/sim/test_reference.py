"""The compiled market is the plain Mesa market, decision for decision."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.market import Market
from sim.retailer.trials import Treatment, Trial
from sim.setup import Setup
from tests.reference.agreement import assert_same_books, assert_same_day, assert_same_state
from tests.reference.market import ReferenceMarket
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
    assert_same_books(market, reference)
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
