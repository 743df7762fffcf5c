"""The firm behind the shopfront, one day after another: stock, desks, terms of sale, and what they cost.

Every part is optional; what is not declared leaves the offer as it was. In the morning goods arrive and
the terms change the offer; in the evening orders are handled, questions answered, goods ordered anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import REFERRAL, WALK_IN, Offer
from sim.parameters import Values
from sim.retailer.booking import Bookings
from sim.retailer.capability import AUTOMATION, DATA, Capabilities
from sim.retailer.desk import LET_GO, Desk
from sim.retailer.foresight import Foresight
from sim.retailer.service import Answers, Asked
from sim.retailer.stock import MEMORY, Stock
from sim.retailer.terms import SaleTerms
from sim.setup import Setup

Array = NDArray[np.float64]
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
    stock, desk, answers, bookings
        The parts, ``None`` where not declared.
    book
        What the ledger takes of the latest day, by :data:`MEASURES`; 0 where the part is not declared.
    """

    def __init__(self, setup: Setup, values: Values, seed: int) -> None:
        foresight = Foresight(setup, values, MEMORY)
        self.stock = None if setup.stock is None else Stock(setup, values, foresight, seed)
        self.desk = None
        if setup.order_desk is not None:
            self.desk = Desk(setup.order_desk, values, foresight, setup.weight)
        self.answers = None if setup.service_desk is None else Answers(setup.service_desk, values, foresight)
        self.bookings = None if setup.booking is None else Bookings(setup.booking, values, foresight)
        self.terms = SaleTerms(setup.returns, setup.delivery, setup.packaging, setup.channels, values)
        self.online = np.array([float(channel.online) for channel in setup.channels])
        self.goods_share = 1.0 - np.array([channel.gross_margin for channel in setup.channels])
        self.wage, self.unit, self.day = values["wage"], 0.0, -setup.burn_in
        self.usual_short = np.zeros(0)
        self.short_factor = self.unit_costs = np.ones(len(setup.channels))
        self.book = [0.0] * len(MEASURES)

    @classmethod
    def of(cls, setup: Setup, values: Values, seed: int) -> Operations | None:
        """Return the operations that a setup declares, or ``None``."""
        parts = (setup.stock, setup.order_desk, setup.service_desk, setup.booking)
        terms = (setup.returns, setup.delivery, setup.packaging)
        return None if all(part is None for part in (*parts, *terms)) else cls(setup, values, seed)

    def adopt(self, stockout: Array, basket: Array) -> None:
        """Take over what has changed of the shopfront: stock-out shares [C], list baskets [C] in minor units."""
        if not len(self.usual_short):
            self.usual_short = np.maximum(stockout, 1e-12)
        self.short_factor = stockout / self.usual_short
        self.unit_costs = basket / 100.0 * self.goods_share

    def open_day(
        self, day: int, offer: Offer, struck: Mapping[str, Array], capabilities: Capabilities
    ) -> Offer:
        """Return the offer as stock and terms leave it.

        Initiatives and shocks that act on ``stockout`` multiply the share that stock leaves short.
        """
        self.day, terms = day, self.terms
        terms.renew(day)
        attraction = offer.attraction
        if terms.referral != 1.0 or self.bookings is not None:
            attraction = attraction.copy()
            attraction[REFERRAL] *= terms.referral
            attraction[WALK_IN] *= 1.0 if self.bookings is None else self.bookings.walk_in
        stockout = offer.stockout
        if self.stock is not None:
            short = np.array(self.stock.open_day(day, float(capabilities.level[DATA])))
            left = np.minimum(short * self.short_factor * struck["stockout"], 1.0)
            stockout = left if stockout.ndim == 2 else left[0]
        return offer._replace(
            attraction=attraction,
            worth=offer.worth + terms.worth,
            stockout=stockout,
            return_rate=np.minimum(offer.return_rate * terms.return_rate, 1.0),
        )

    def close_day(
        self, traded: Traded, promised: Array, delivery: Array, capabilities: Capabilities
    ) -> Array | None:
        """Handle the day's trade and fill the book.

        Returns
        -------
        array [C] or None
            The response 0-1 that buyers met, of ``promised`` [C]; ``None`` where no desk is declared.
        """
        self.book = [0.0] * len(MEASURES)
        orders, returns = traded.goods.sum(axis=0), traded.returned.sum(axis=0)
        bought, online = float(orders.sum()), float(orders @ self.online)
        visits = float(traded.visits @ self.online)
        if self.stock is not None:
            self._restock(traded, orders, bought)
        late = online * self._handle(bought - online, capabilities)
        met = None
        if self.answers is not None:
            asked = Asked(bought, visits, late, float(traded.missed.sum()))
            met = np.minimum(promised * self._answer(asked, promised, capabilities), 1.0)
        if self.bookings is not None:
            answered = self.bookings.answer(self.day, visits)
            self._note(bookings=self.bookings.asked, bookings_answered=self.bookings.asked * answered)
            self._note(booking=self.bookings.extra)
        self._sell_on_terms(orders, returns, delivery)
        return met

    def _note(self, **values: float) -> None:
        for name, value in values.items():
            self.book[PLACES[name]] = value

    def _restock(self, traded: Traded, orders: Array, bought: float) -> None:
        """Ship and reorder; book the stock in the middle of the day, its parts and its cost."""
        stock = self.stock
        assert stock is not None
        stock.close_day(self.day, traded.goods, traded.missed, traded.returned)
        if bought > 0.0:
            cost = float(orders @ self.unit_costs) / bought
            self.unit += (cost - self.unit) / (MEMORY if self.unit > 0.0 else 1.0)
        cycle, safety, idle = stock.parts()
        holding, written, cleared, policy = stock.costs(self.unit)
        self._note(stock=cycle + safety + idle + 0.5 * bought, units_sold=bought)
        self._note(cycle_stock=cycle + 0.5 * bought, safety_stock=safety, idle_stock=idle)
        self._note(arrived=stock.arrived, punctual=stock.punctual)
        self._note(holding=holding, write_offs=written, clearing=cleared, stock_policy=policy)

    def _handle(self, in_stores: float, capabilities: Capabilities) -> float:
        """Book what the order desk has handled today; return the share of online orders that are late."""
        desk = self.desk
        if desk is None:
            return 0.0
        saved = capabilities.effects["automation_hours"]
        hours = desk.labour + in_stores * desk.till * (1.0 - saved)
        let_go = LET_GO * saved * (desk.inflow * desk.pick + in_stores * desk.till) * self.wage
        self._note(handled_orders=desk.handled, late_orders=desk.handled * desk.late)
        self._note(handling_hours=hours, automated_handling=-let_go)
        return desk.late

    def _answer(self, asked: Asked, promised: Array, capabilities: Capabilities) -> float:
        """Let the service desk answer and book it; return the response met over the promised one."""
        answers = self.answers
        assert answers is not None
        skill = capabilities.effects["service_quality"]
        automation = float(capabilities.level[AUTOMATION])
        ratio = answers.answer(self.day, asked, float(promised.mean()), automation, skill)
        self._note(contacts=answers.contacts, answered=answers.contacts * answers.response)
        self._note(service_hours=answers.hours, service_cost=answers.cost, complaints=answers.complaints)
        self._note(answering=answers.extra)
        return ratio

    def _sell_on_terms(self, orders: Array, returns: Array, delivery: Array) -> None:
        """Book what terms of sale cost, and what parcels weigh on the planet."""
        terms = self.terms
        usual = returns / terms.return_rate
        carbon, waste = terms.footprint(orders, returns, delivery)
        self._note(returning=terms.return_costs(returns, float(usual @ self.online)))
        self._note(delivering=float(orders @ terms.per_order), carbon=carbon, packing_waste=waste)


PLACES = {name: place for place, name in enumerate(MEASURES)}
