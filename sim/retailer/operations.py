"""The firm behind the shopfront, one day after another: stock, desks, terms of sale, and what they cost.

Every part is optional; what is not declared leaves the offer as it was. In the morning goods arrive and
the terms change the offer; in the evening orders are handled, questions answered, goods ordered anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import REFERRAL, WALK_IN, Offer
from sim.parameters import Values
from sim.retailer.booking import Bookings
from sim.retailer.capability import AUTOMATION, DATA, SITE, Capabilities
from sim.retailer.desk import LET_GO, LOAD_DAYS, Desk
from sim.retailer.foresight import Foresight
from sim.retailer.service import Answers, Asked
from sim.retailer.site import Site
from sim.retailer.stock import MEMORY, Stock
from sim.retailer.terms import SaleTerms
from sim.setup import Setup

Array = NDArray[np.float64]
Rows = list[list[float]]  # [G, C]
# What the ledger keeps of a day for the whole firm. The last ones are costs beyond the customary, currency.
MEASURES = (
    *("stock", "cycle_stock", "safety_stock", "idle_stock", "units_sold", "arrived", "punctual"),
    *("handled_orders", "late_orders", "handling_hours", "service_hours", "contacts", "answered"),
    *("service_cost", "complaints", "bookings", "bookings_answered", "carbon", "packing_waste"),
    *("holding", "write_offs", "clearing", "stock_policy", "automated_handling", "answering", "booking"),
    *("returning", "delivering"),
)
COSTS = MEASURES[MEASURES.index("holding") :]


class Traded(NamedTuple):
    """A day's trade in real units: ``goods`` ordered, ``missed`` for want of stock and ``returned`` [G, C];
    ``visits`` [C].
    """

    goods: Array
    missed: Array
    returned: Array
    visits: Array


class Operations:
    """All declared parts of a firm's operations.

    Attributes
    ----------
    stock, desk, answers, bookings, site
        The parts, ``None`` where not declared.
    book
        What the ledger takes of the latest day, by :data:`MEASURES`; 0 where a part is not declared.
    """

    def __init__(self, setup: Setup, values: Values, seed: int) -> None:
        goods, hands = Foresight(setup, values, MEMORY), Foresight(setup, values, LOAD_DAYS)
        self.stock = (
            None if setup.stock is None else Stock(setup, values, goods, seed, max(len(setup.products), 1))
        )
        self.desk = None
        if setup.order_desk is not None:
            self.desk = Desk(setup.order_desk, values, hands, setup.weight)
        self.answers = None if setup.service_desk is None else Answers(setup.service_desk, values, hands)
        self.bookings = None if setup.booking is None else Bookings(setup.booking, values, hands)
        self.site = None
        if setup.site_load is not None:
            usual = setup.customary().discount[0].tolist()
            self.site = Site(setup.site_load, setup.channels, values, usual)
        self.terms = SaleTerms(setup.returns, setup.delivery, setup.packaging, setup.channels, values)
        self.online = [c for c, channel in enumerate(setup.channels) if channel.online]
        self.goods_share = 1.0 - np.array([channel.gross_margin for channel in setup.channels])
        self.wage, self.unit, self.day = values["wage"], 0.0, -setup.burn_in
        self.usual_short = np.zeros(0)
        self.short_factor = np.ones(len(setup.channels))
        self.unit_costs = [1.0] * len(setup.channels)
        self.book = dict.fromkeys(MEASURES, 0.0)

    @classmethod
    def of(cls, setup: Setup, values: Values, seed: int) -> Operations | None:
        """Return the operations that a setup declares, or ``None``."""
        parts = (setup.stock, setup.order_desk, setup.service_desk, setup.booking)
        terms = (setup.returns, setup.delivery, setup.packaging, setup.site_load)
        return None if all(part is None for part in (*parts, *terms)) else cls(setup, values, seed)

    def adopt(self, stockout: Array, basket: Array) -> None:
        """Take over what has changed of the shopfront: stock-out shares [C], list baskets [C] in minor units."""
        if not len(self.usual_short):
            self.usual_short = np.maximum(stockout, 1e-12)
        self.short_factor = stockout / self.usual_short
        self.unit_costs = (basket / 100.0 * self.goods_share).tolist()

    def open_day(
        self, day: int, offer: Offer, struck: Mapping[str, Array], capabilities: Capabilities
    ) -> Offer:
        """Return the offer as stock and terms leave it.

        Initiatives and shocks that act on ``stockout`` multiply the share that stock leaves short.
        """
        self.day, terms = day, self.terms
        terms.renew(day)
        changed: dict[str, Any] = {}
        if terms.referral != 1.0 or self.bookings is not None:
            changed["attraction"] = attraction = offer.attraction.copy()
            attraction[REFERRAL] *= terms.referral
            attraction[WALK_IN] *= 1.0 if self.bookings is None else self.bookings.walk_in
        if self.stock is not None:
            short = np.array(self.stock.open_day(day, float(capabilities.level[DATA])))
            changed["stockout"] = np.minimum(short * self.short_factor * struck["stockout"], 1.0)
        if self.site is not None:
            level = float(capabilities.level[SITE])
            up = self.site.access(day, offer.discount.max(axis=0).tolist(), offer.demand, level)
            if up is not None:
                changed["access"] = offer.access * up
        if terms.act:
            changed["worth"] = offer.worth + terms.worth
            changed["return_rate"] = np.minimum(offer.return_rate * terms.return_rate, 1.0)
        return offer._replace(**changed) if changed else offer

    def close_day(
        self, traded: Traded, promised: Array, delivery: Array, capabilities: Capabilities
    ) -> Array | None:
        """Handle the day's trade and fill the book.

        Returns
        -------
        array [C] or None
            The response 0-1 that buyers met, of ``promised`` [C]; ``None`` where no desk is declared.
        """
        book = self.book = dict.fromkeys(MEASURES, 0.0)
        goods, returned = traded.goods.tolist(), traded.returned.tolist()  # few numbers: lists are faster
        orders, returns = _by_channel(goods), _by_channel(returned)
        bought = sum(orders)
        online = sum([orders[c] for c in self.online])
        missed = traded.missed.tolist()
        if self.stock is not None:
            self._restock(goods, missed, returned, orders)
        late = 0.0 if self.desk is None else online * self._handle(self.desk, bought - online, capabilities)
        visits, met = 0.0, None
        if self.answers is not None or self.bookings is not None:
            seen = traded.visits.tolist()
            visits = sum([seen[c] for c in self.online])
        if self.answers is not None:
            asked = Asked(bought, visits, late, sum(map(sum, missed)))
            met = np.minimum(promised * self._answer(self.answers, asked, promised, capabilities), 1.0)
        if self.bookings is not None:
            answered = self.bookings.answer(self.day, visits)
            book["bookings"], book["booking"] = self.bookings.asked, self.bookings.extra
            book["bookings_answered"] = self.bookings.asked * answered
        if self.site is not None:
            self.site.trade(self.day, orders)
        book["returning"], book["delivering"] = self.terms.costs(orders, returns)
        if self.terms.packaging is not None:
            book["carbon"], book["packing_waste"] = self.terms.footprint(orders, returns, delivery.tolist())
        return met

    def _restock(self, goods: Rows, missed: Rows, returned: Rows, orders: list[float]) -> None:
        """Ship and reorder; book the stock in the middle of the day, its parts and its cost."""
        stock, book, bought = self.stock, self.book, sum(orders)
        assert stock is not None
        stock.close_day(self.day, goods, missed, returned)
        if bought > 0.0:
            cost = sum(n * each for n, each in zip(orders, self.unit_costs, strict=True)) / bought
            self.unit += (cost - self.unit) / (MEMORY if self.unit > 0.0 else 1.0)
        cycle, safety, idle = stock.parts()
        book["stock"], book["units_sold"] = cycle + safety + idle + 0.5 * bought, bought
        book["cycle_stock"], book["safety_stock"], book["idle_stock"] = cycle + 0.5 * bought, safety, idle
        book["arrived"], book["punctual"] = stock.arrived, stock.punctual
        costs = stock.costs(self.unit)
        book["holding"], book["write_offs"], book["clearing"], book["stock_policy"] = costs

    def _handle(self, desk: Desk, in_stores: float, capabilities: Capabilities) -> float:
        """Book what the order desk has handled today; return the share of online orders that are late."""
        book, saved = self.book, capabilities.effects["automation_hours"]
        let_go = LET_GO * saved * (desk.inflow * desk.pick + in_stores * desk.till) * self.wage
        book["handled_orders"], book["late_orders"] = desk.handled, desk.handled * desk.late
        book["handling_hours"] = desk.labour + in_stores * desk.till * (1.0 - saved)
        book["automated_handling"] = -let_go
        return desk.late

    def _answer(self, desk: Answers, asked: Asked, promised: Array, capabilities: Capabilities) -> float:
        """Let the service desk answer and book it; return the response met over the promised one."""
        book, skill = self.book, capabilities.effects["service_quality"]
        automation, promise = float(capabilities.level[AUTOMATION]), promised.tolist()
        ratio = desk.answer(self.day, asked, sum(promise) / len(promise), automation, skill)
        book["contacts"], book["answered"] = desk.contacts, desk.contacts * desk.response
        book["service_hours"], book["service_cost"] = desk.hours, desk.cost
        book["complaints"], book["answering"] = desk.complaints, desk.extra
        return ratio


def _by_channel(rows: Rows) -> list[float]:
    """Return the sums over product groups [C]."""
    return rows[0] if len(rows) == 1 else [sum(column) for column in zip(*rows, strict=True)]
