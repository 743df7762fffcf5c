"""Running totals of a ledger, so that any window's sum is a subtraction; worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.setup import SOURCES

if TYPE_CHECKING:
    from sim.ledger import Ledger

Array = NDArray[np.float64]
PAID = tuple(SOURCES.index(name) for name in ("paid_search", "feed_ads", "live"))


class Books:
    """A ledger's measures in real units, by channel, source or medium, or else in one column."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger: Ledger = ledger
        self.weight = ledger.setup.weight
        self._totals: dict[str, Array] = {}

    def between(self, name: str, first: int, last: int) -> Array:
        """Return a measure's sum over days ``first`` to ``last`` by channel, source or medium."""
        if name not in self._totals:
            daily = self.daily(name)
            self._totals[name] = np.concatenate([np.zeros((1, daily.shape[1])), np.cumsum(daily, axis=0)])
        offset, totals = self.ledger.offset, self._totals[name]
        low, high = max(first + offset, 0), max(last + 1 + offset, 0)
        return np.asarray(totals[high] - totals[low])

    def daily(self, name: str) -> Array:
        """Return a measure day by day, burn-in included.

        Raises
        ------
        KeyError
            If there is no measure of that name.
        """
        from sim.customers.exchange import EVENTS
        from sim.retailer.operations import MEASURES

        lines = _lines(self)
        if name in lines:
            return lines[name]()
        if name in MEASURES:
            return self.ledger.firm[:, [MEASURES.index(name)]]
        if name in MONEY:
            return self.money[name]
        if name in EVENTS:
            return np.asarray(self.ledger.events[:, :, EVENTS.index(name)] * self.weight)
        return self.projects[name]

    @cached_property
    def money(self) -> dict[str, Array]:
        """Profit and loss lines, by name of :data:`MONEY`."""
        return self.ledger.money()

    @cached_property
    def projects(self) -> dict[str, Array]:
        """Cash, budget, undertakings and strikes."""
        return _money_and_projects(self.ledger, self.money)


# The lines of :meth:`sim.ledger.Ledger.money`.
MONEY = (
    "gross_sales",
    "discounts",
    "returned_sales",
    "net_sales",
    "goods",
    "commission",
    "fulfilment",
    "margin",
)


def _visits_by_source(books: Books) -> Array:
    """Return visits [T, S] by the online sources; walking in is none."""
    visits = books.ledger.visits[:, 1:, :].sum(axis=2) * books.weight
    return np.asarray(np.insert(visits, 0, 0.0, axis=1))


def _click_spend(books: Books) -> Array:
    media = books.ledger.setup.media
    bought = [medium.source is not None and SOURCES.index(medium.source) in PAID for medium in media]
    return np.asarray(books.ledger.spend * bought)


def _dealer_margin(books: Books) -> Array:
    dealers = books.ledger.setup.dealers
    return books.ledger.dealers[:, :1] * (dealers.margin if dealers is not None else 0.0)


def _interactions(books: Books) -> Array:
    """Return likes, comments, shares [T, 1]: a share of visits from content, more for themes that do well."""
    from sim.parameters import Values
    from sim.retailer.traffic import MEASURES

    ledger = books.ledger
    rate = Values(ledger.setup.parameters)["interaction_rate"]
    visits = ledger.visits[:, SOURCES.index("content"), :].sum(axis=1) * books.weight
    quality = np.nan_to_num(ledger.told[:, MEASURES.index("content_quality")], nan=1.0)
    return np.asarray(rate * visits * quality)[:, None]


def _operations(books: Books) -> Array:
    from sim.retailer.money import running_costs

    return running_costs(books.ledger, books.money["net_sales"])[:, None]


def _lines(books: Books) -> dict[str, Callable[[], Array]]:
    """Return what is added up of the ledger's own rows, by name of the measure."""
    ledger, weight = books.ledger, books.weight
    return {
        "visits": lambda: np.asarray(ledger.visits.sum(axis=1) * weight),
        "visits_by_source": lambda: _visits_by_source(books),
        "sought_visits": lambda: np.asarray(ledger.visits[:, 1:, :].sum(axis=1) * weight),  # no walk-ins
        "credited_sales": lambda: np.asarray(ledger.credited[:, :, 1] * weight / 100.0),
        "spend": lambda: ledger.spend,
        "invest": lambda: ledger.invest,
        "click_spend": lambda: _click_spend(books),
        "costs": lambda: ledger.costs[:, None],
        "loss": lambda: ledger.loss[:, None],
        "order_hours": lambda: np.asarray(ledger.operations[:, :, 0] * books.daily("orders")),
        "delivery_days": lambda: np.asarray(ledger.operations[:, :, 1] * books.daily("orders")),
        "dealer_sales": lambda: ledger.dealers[:, :1],
        "dealer_margin": lambda: _dealer_margin(books),
        "second": lambda: np.asarray(ledger.cohort_second[:, None] * weight),
        "interactions": lambda: _interactions(books),
        "operations": lambda: _operations(books),
    }


def _money_and_projects(ledger: Ledger, money: Mapping[str, Array]) -> dict[str, Array]:
    """Return measures [T, 1] of cash, budget, undertakings and strikes."""
    from sim.retailer.money import cash_book

    book, horizon = cash_book(ledger, money), slice(ledger.offset, None)
    outlay = ledger.spend.sum(axis=1) + ledger.invest.sum(axis=1) + ledger.costs + ledger.loss
    plan, planned = ledger.setup.drivers, outlay.copy()
    lines = plan.spend.sum(axis=1) + plan.invest.sum(axis=1) + plan.costs
    planned[horizon] = lines[: ledger.setup.days]
    found = {
        "deferred": book["capital"] - book["depreciation"],
        "cash": book["cash"],
        "capital": book["capital"],
        "operating": book["operating"],
        "outlay": outlay,
        "planned": planned,
        "begun": ledger.begun,
        "late_days": ledger.late_days,
        **_strikes(ledger),
    }
    return {name: values[:, None] for name, values in found.items()}


def _strikes(ledger: Ledger) -> dict[str, Array]:
    """Return strikes by their first day, and the days until each was over; a strike's targets count once."""
    strikes, over = np.zeros(len(ledger.loss)), np.zeros(len(ledger.loss))
    lengths: dict[tuple[str, int], int] = {}
    for shock in ledger.setup.shocks:
        key = (shock.name, shock.start)
        lengths[key] = max(lengths.get(key, 0), shock.days + shock.recovery)
    for (_, start), days in lengths.items():
        if 0 <= start < ledger.setup.days:
            strikes[start + ledger.offset] += 1.0
            over[start + ledger.offset] += days
    return {"strikes": strikes, "strike_days": over}
