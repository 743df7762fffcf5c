"""The reference market's accounts: what its customers did, written into a ledger of its own, item by item.

The policies read these books, so they decide on what the plain customers did. How a ledger turns counts into
money, months and people is shared; the counts are not.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from sim.customers.exchange import EVENTS, SECOND_DAYS, SOURCE_COUNT, Offer
from sim.customers.population import State, Traits
from sim.customers.stages import COUNTED, count_months, count_person
from sim.engine.chunks import CHUNK, added
from sim.ledger import MINOR, Ledger
from sim.retailer.relations_desk import COLUMNS
from sim.setup import Drivers
from tests.reference.day import DayBook

if TYPE_CHECKING:
    from tests.reference.market import ReferenceMarket

TAKINGS = ("list_sales", "discounts", "returned_sales")


class Accounts:
    """Keeps a :class:`~sim.ledger.Ledger` by hand."""

    def __init__(self, model: ReferenceMarket) -> None:
        self.model, self.ledger = model, Ledger(model.setup)

    @property
    def place(self) -> int:
        """Row of today."""
        return self.model.day + self.model.setup.burn_in

    def state(self, *only: str) -> State:
        """Return what customers remember, in columns; those not in ``only``, where given, are left empty."""
        people, kinds = self.model.by_number, self.model.kinds
        columns = {
            name: [getattr(one, name) for one in people] if name in (only or State._fields) else []
            for name in State._fields
        }
        return State(**{name: np.array(column, kinds[name]) for name, column in columns.items()})

    def traits(self) -> Traits:
        """Return what customers are, in columns."""
        people, kinds = self.model.by_number, self.model.kinds
        columns = {name: [getattr(one, name) for one in people] for name in Traits._fields}
        return Traits(**{name: np.array(column, kinds[name]) for name, column in columns.items()})

    def book(self, book: DayBook, drivers: Drivers, row: int, offer: Offer) -> None:
        """Write the day down."""
        model, ledger, place = self.model, self.ledger, self.place
        retailer, channels = model.retailer, range(len(model.setup.channels))
        ledger.visits[place], ledger.events[place] = visits_of(book, len(channels)), events_of(book, channels)
        for source in range(SOURCE_COUNT):
            ledger.credited[place, source] = [book.credited[source, name] for name in ("orders", "sales")]
        for since, count in book.second.items():
            if since <= SECOND_DAYS and since <= place:
                ledger.cohort_second[place - since] += count
        weights = offer.needs
        short = offer.stockout[0] if len(weights) == 1 else weights @ offer.stockout / weights.sum()
        for c in channels:
            for g in range(len(model.setup.products)):
                ledger.goods[place, g, c] = book.pieces["ordered", g, c]
                ledger.takings[place, g, c] = [book.takings[name, g, c] for name in TAKINGS]
            hours = retailer.supply.hours if offer.online[c] else 0.0
            ledger.operations[place, c] = hours, retailer.delivery[c], short[c]
        ledger.spend[place], ledger.invest[place] = drivers.spend[row], drivers.invest[row]
        ledger.prices[place], ledger.costs[place] = retailer.price, drivers.costs[row]
        ledger.levels[place], ledger.loss[place] = (
            retailer.capabilities.level,
            model.shocks.loss(model.day),
        )
        if retailer.operations is not None:
            ledger.firm[place] = list(retailer.operations.book.values())
        if retailer.dealers is not None:
            sold = sum(
                book.events[c, "list_sales"] - book.events[c, "discounts"] - book.events[c, "returned_sales"]
                for c in channels
            )
            net = float(sold) * model.setup.weight / MINOR
            wholesale = retailer.dealers.settle(net, float(drivers.demand[row]), model.day < 0)
            ledger.dealers[place] = wholesale, retailer.dealers.standing

    def relate(self, book: DayBook, effort: float) -> None:
        """Write down what ties customers to us: coupons and points are counted one by one."""
        desk, place = self.model.relations, self.place
        assert desk is not None
        row = self.ledger.relations[place]
        self.ledger.costs[place] += desk.close(
            self.model.day, effort, self.ledger.events[place], self.state("coupon"), row
        )
        self.model.expire_coupons()
        self._count(row, book)

    def turn_month(self, book: DayBook, before: tuple[int, int]) -> None:
        """Remember who departed with the month; ``before`` were the coupons held and points owed."""
        state, desk = self.state("recent", "coupon", "points"), self.model.relations
        self.ledger.turn_month(state)
        columns = tuple(zip(*book.departed, strict=True)) or ((), (), ())
        kinds = (np.uint32, np.uint8, np.uint8)
        self.ledger.depart(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))
        if desk is not None:
            row = self.ledger.relations[self.place]
            desk.forget(before, state, row)
            self._count(row, book)

    def snapshot(self) -> None:
        """Count people."""
        model, channels = self.model, self.model.setup.channels
        online = sum(1 << c for c, channel in enumerate(channels) if channel.online)
        chunks = []
        for first in range(0, len(model.by_number), CHUNK):
            counts = np.zeros(len(COUNTED))
            for one in model.by_number[first : first + CHUNK]:
                count_months(one.recent, one.used, one.flags, len(channels), counts)
                count_person(model.day, len(channels), online, one, one.basket, counts)
            chunks.append(counts.tolist())
        counts = np.array([added(list(column)) for column in zip(*chunks, strict=True)])
        self.ledger.snapshot(model.day, counts, self.state("recent", "habit"))

    def possessions(self) -> tuple[int, int]:
        """Return the coupons and the points that customers have."""
        people = self.model.by_number
        return sum(one.coupon != 0 for one in people), sum(one.points for one in people)

    def _count(self, row: np.ndarray, book: DayBook) -> None:
        held, owed = self.possessions()
        found = {"coupons_expired": book.expired + book.left_behind["coupons"], "coupons_held": held}
        found |= {"points_forfeited": book.left_behind["points"], "points_owed": owed}
        for name, count in found.items():
            row[COLUMNS.index(name)] = count


def visits_of(book: DayBook, channels: int) -> np.ndarray:
    """Return the day's visits by source and channel [S, C]."""
    visits = np.zeros((SOURCE_COUNT, channels), np.int64)
    for (source, c), count in Counter((source, c) for _, source, c in book.visits).items():
        visits[source, c] = count
    return visits


def events_of(book: DayBook, channels: range) -> np.ndarray:
    """Return the day's events by channel [C, E]."""
    return np.array([[book.events[c, name] for name in EVENTS] for c in channels], np.int64)
