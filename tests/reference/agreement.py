"""What it means that the compiled and the plain market agree: every decision, every count, every memory."""

from __future__ import annotations

import numpy as np

from sim.customers.exchange import EVENTS, ORDERED
from sim.ledger import Ledger
from sim.market import Market
from sim.setup import Setup
from tests.reference.day import DayBook
from tests.reference.market import ReferenceMarket


def assert_same_trade(market: Market, reference: ReferenceMarket) -> None:
    """Compare the day just lived: every decision, and the ledger's row of the day."""
    assert_same_day(market, reference.books[-1], market.setup)
    place = market.day + market.setup.burn_in - 1
    for name, ours in dated(market.ledger).items():
        np.testing.assert_array_equal(ours[place], dated(reference.ledger)[name][place], err_msg=name)


def dated(ledger: Ledger) -> dict[str, np.ndarray]:
    """Return the ledger's arrays that have a row a day."""
    return {name: array for name, array in vars(ledger).items() if isinstance(array, np.ndarray)}


def assert_same_memory(market: Market, reference: ReferenceMarket) -> None:
    """Compare what every customer remembers."""
    for name in market.customers.state._fields:
        plain = [getattr(customer, name) for customer in reference.by_number]
        np.testing.assert_array_equal(market.customers.get(name), plain, err_msg=name)


def assert_same_books(market: Market, reference: ReferenceMarket) -> None:
    """Compare everything that the ledgers hold at the end."""
    ours, theirs = market.ledger, reference.ledger
    for name, array in dated(ours).items():  # what a day adds to earlier rows is in here too
        np.testing.assert_array_equal(array, dated(theirs)[name], err_msg=name)
    assert ours.snapshots == theirs.snapshots
    assert list(ours.moves) == list(theirs.moves)
    for day, moved in ours.moves.items():
        np.testing.assert_array_equal(moved, theirs.moves[day])
    for mine, other in zip(ours.departed, theirs.departed, strict=True):
        np.testing.assert_array_equal(mine, other)


def assert_same_day(market: Market, book: DayBook, setup: Setup) -> None:
    """Compare every visit, event, order and credit of a day."""
    trade, channels = market.trade, range(len(setup.channels))
    visits = np.zeros(trade.visits.shape[1:], int)
    for _, source, c in book.visits:
        visits[source, c] += 1
    np.testing.assert_array_equal(trade.visits.sum(axis=0), visits)
    events = [[book.events[c, name] for name in EVENTS] for c in channels]
    np.testing.assert_array_equal(trade.events.sum(axis=0), events)
    decided = zip(book.orders, book.goods, strict=True)
    assert trade.orders() == [(number, c, g) for (number, _, c, _), g in decided]
    units = np.zeros(trade.goods.shape[1:3], int)
    for (_, _, c, _), g in zip(book.orders, book.goods, strict=True):
        units[g, c] += 1
    np.testing.assert_array_equal(trade.goods[..., ORDERED].sum(axis=0), units)
    credited = [[book.credited[s, name] for name in ("orders", "sales")] for s in range(len(visits))]
    np.testing.assert_array_equal(trade.credited.sum(axis=0), credited)


def assert_same_state(market: Market, reference: ReferenceMarket) -> None:
    """Compare what every customer remembers, and the retailer's own state."""
    assert_same_memory(market, reference)
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
