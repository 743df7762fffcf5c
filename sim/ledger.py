"""The ledger: every visit, order and unit of money of every day, by channel and source.

Counts and money are integers (minor units) summed by chunk in a fixed order, so totals have the same bits
at any number of threads. Real figures are agent figures times the weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim import people
from sim.customers.exchange import (
    CARE_COSTS,
    COUPONS_ISSUED,
    DISCOUNTS,
    EVENTS,
    FAVOURITES,
    LIST_SALES,
    ORDERED,
    ORDERS,
    PAGE_VIEWS,
    RETURNED_SALES,
    SECOND_DAYS,
    Trade,
    total,
)
from sim.customers.stages import TWO_YEARS, departed_range
from sim.engine.compilation import compiled
from sim.people import Moves
from sim.retailer.money import booked_lines, cash_book, exchange_rates
from sim.retailer.operations import MEASURES as FIRM
from sim.retailer.relations_desk import COLUMNS
from sim.retailer.traffic import MEASURES as TOLD
from sim.setup import CAPABILITIES, SOURCES, Drivers, Setup

if TYPE_CHECKING:
    import pandas as pd

    from sim.customers.population import State

MINOR = 100.0
YEAR_DAYS = 365
# Events that are money, in minor units; events of relations, which are reported only where some are declared.
MONEY = ("list_sales", "discounts", "returned_sales", "care_costs")
OF_RELATIONS = EVENTS[COUPONS_ISSUED : CARE_COSTS + 1]
ON_PAGES = EVENTS[PAGE_VIEWS : FAVOURITES + 1]  # the same, of the funnel's steps
TOLD_AT = {name: k for k, name in enumerate(TOLD)}


class Ledger:
    """Books of one run.

    Attributes
    ----------
    visits
        int64 [T, S, C], agents' visits by source and landing channel; T = burn-in + horizon.
    events
        int64 [T, C, E] in the order of :data:`sim.customers.exchange.EVENTS`.
    credited
        int64 [T, S, 2], orders and sales after discount (minor units) by last-click source.
    spend, invest
        float64 [T, M] and [T, 5], currency.
    operations
        float64 [T, C, 3]: handling hours, delivery days, stock-out share offered.
    firm
        float64 [T, K] in the order of :data:`sim.retailer.operations.MEASURES`: stock, desks, terms, costs.
    cohort_second
        int64 [T]: customers whose first order was on this day and who ordered again within 90 days.
    snapshots
        Month-end counts of customers, ``{day: {name: value}}``.
    told
        float64 [T, K]: brand, reviews, creatives, content, presale, rivals' pressure; NaN where not declared.
    goods, takings
        int64 [T, G, C] units ordered by product group, and [T, G, C, 3] their list value, discounts and
        returned sales (minor units); without groups G is 0.
    dealers
        float64 [T, 2]: wholesale to dealers in currency, and the share of them still with us.
    relations
        float64 [T, 6] in the order of :data:`sim.retailer.relations_desk.COLUMNS`.
    moves
        int64 [C + 1, C + 1] by day, yearly: active customers by main channel the year before (rows) and now;
        the last stands for none.
    begun, late_days
        float64 [T]: undertakings begun, and days that they end later than planned.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.offset = setup.burn_in
        days, channels = setup.burn_in + setup.days, len(setup.channels)
        self.visits = np.zeros((days, len(SOURCES), channels), np.int64)
        self.events = np.zeros((days, channels, len(EVENTS)), np.int64)
        self.credited = np.zeros((days, len(SOURCES), 2), np.int64)
        self.spend = np.zeros((days, len(setup.media)))
        self.invest = np.zeros((days, len(CAPABILITIES)))
        self.operations = np.zeros((days, channels, 3))
        self.firm = np.zeros((days, len(FIRM)))
        self.prices = np.ones((days, channels))
        self.costs = np.zeros(days)
        self.loss = np.zeros(days)
        self.levels = np.zeros((days, len(CAPABILITIES)))
        self.cohort_second = np.zeros(days, np.int64)
        self.begun, self.late_days = np.zeros(days), np.zeros(days)
        self.snapshots: dict[int, dict[str, float]] = {}
        self.goods = np.zeros((days, len(setup.products), channels), np.int64)
        self.takings = np.zeros((days, len(setup.products), channels, 3), np.int64)
        self.dealers = np.zeros((days, 2))
        self.dealers[:, 1] = 1.0
        self.told = np.full((days, len(TOLD)), np.nan)
        self.departed = (np.zeros(0, np.uint32), np.zeros(0, np.uint8), np.zeros(0, np.uint8))
        self.relations = np.zeros((days, len(COLUMNS)))
        self.moves: dict[int, NDArray[np.int64]] = {}
        self._moves = Moves(setup.customers, channels)

    def tell(self, row: int, told: dict[str, float]) -> None:
        """Keep the state of what draws people, by name of :data:`sim.retailer.traffic.MEASURES`."""
        for name, value in told.items():
            self.told[row, TOLD_AT[name]] = value

    def close(
        self,
        day: int,
        trade: Trade,
        drivers: Drivers,
        of: int,
        operations: tuple[NDArray[np.float64], ...],
    ) -> None:
        """Book a day, spent as row ``of`` of the drivers says; burn-in days are negative."""
        row = day + self.offset
        self.visits[row], self.events[row] = total(trade.visits), total(trade.events)
        self.credited[row] = total(trade.credited)
        self.spend[row], self.invest[row], self.costs[row] = (
            drivers.spend[of],
            drivers.invest[of],
            drivers.costs[of],
        )
        known = min(row, SECOND_DAYS)
        self.cohort_second[row - known : row + 1] += total(trade.second)[known::-1]
        if self.setup.products:
            self.goods[row], self.takings[row] = total(trade.goods)[..., ORDERED], total(trade.takings)
        for column, values in enumerate(operations):
            self.operations[row, :, column] = values

    def depart(self, recent: NDArray[np.uint32], used: NDArray[np.uint8], flags: NDArray[np.uint8]) -> None:
        """Remember customers who are being replaced: they have shopped, and will not have come back."""
        self.departed = (
            np.concatenate([self.departed[0], recent]),
            np.concatenate([self.departed[1], used]),
            np.concatenate([self.departed[2], flags]),
        )

    def turn_month(self, state: State) -> None:
        """Age the record of months in which customers ordered; forget the departed after two years."""
        state.recent[:] <<= np.uint32(1)
        recent, used, flags = self.departed
        recent = recent << np.uint32(1)
        remembered = (recent & np.uint32(TWO_YEARS)) != 0
        self.departed = (recent[remembered], used[remembered], flags[remembered])

    def snapshot(self, day: int, counts: NDArray[np.float64], state: State) -> None:
        """Keep ``counts`` [W] of :data:`~sim.customers.stages.COUNTED`, and add the departed to them."""
        channels = len(self.setup.channels)
        compiled(departed_range)(*self.departed, channels, counts)
        self.snapshots[day] = people.told(counts, channels, self.setup.relations is not None)
        if (day + 1) // YEAR_DAYS > max(self.moves, default=-1) // YEAR_DAYS:
            self.moves[day + 1] = self._moves.count(state)

    def money(self) -> dict[str, NDArray[np.float64]]:
        """Return the profit and loss lines by day and channel, real currency, float64 [T, C].

        ``gross_sales`` list value of orders; ``net_sales`` after discounts and returns; ``goods`` cost of
        goods kept by customers; ``commission``; ``fulfilment``; ``margin`` what is left of net sales.
        """
        setup, scale = self.setup, self.setup.weight / MINOR
        listed = self.events[:, :, LIST_SALES] * scale
        discounts = self.events[:, :, DISCOUNTS] * scale
        returned = self.events[:, :, RETURNED_SALES] * scale
        at_home = listed
        if (rates := exchange_rates(self)) is not None:
            listed, discounts, returned = listed * rates, discounts * rates, returned * rates
        net = listed - discounts - returned
        goods = self._cost_of_goods(np.asarray(at_home), np.asarray(listed - discounts), np.asarray(net))
        commission = net * np.array([channel.commission for channel in setup.channels])
        unit = np.array([channel.cost_per_order for channel in setup.channels])
        fulfilment = self.events[:, :, ORDERS] * setup.weight * unit
        margin = net - goods - commission - fulfilment
        return {
            "gross_sales": listed,
            "discounts": discounts,
            "returned_sales": returned,
            "net_sales": net,
            "goods": goods,
            "commission": commission,
            "fulfilment": fulfilment,
            "margin": margin,
        }

    def _cost_of_goods(
        self, listed: NDArray[np.float64], sold: NDArray[np.float64], net: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the cost of the goods that customers keep by day and channel [T, C], currency."""
        if self.setup.products:
            return np.asarray(self.by_product()["goods"].sum(axis=1))
        kept = np.divide(net, sold, out=np.zeros_like(net), where=sold > 0)
        share = np.array([1.0 - channel.gross_margin for channel in self.setup.channels])
        return np.asarray(listed / self.prices * share * kept)

    def by_product(self) -> dict[str, NDArray[np.float64]]:
        """Return units and currency by day, product group and channel, float64 [T, G, C].

        ``units`` ordered, ``gross_sales``, ``discounts``, ``returned_sales``, ``net_sales``, and ``goods``,
        the cost of what customers keep. Without product groups G is 0.
        """
        setup, scale = self.setup, self.setup.weight / MINOR
        listed, discounts, returned = (self.takings[..., k] * scale for k in range(3))
        sold = listed - discounts
        net = sold - returned
        kept = np.divide(net, sold, out=np.zeros_like(net), where=sold > 0)
        cost = [[p.goods_share(channel) / p.price for channel in setup.channels] for p in setup.products]
        share = np.reshape(cost, (len(setup.products), len(setup.channels)))
        return {
            "units": self.goods * setup.weight,
            "gross_sales": listed,
            "discounts": discounts,
            "returned_sales": returned,
            "net_sales": net,
            "goods": listed / self.prices[:, None, :] * share * kept,
        }

    def dates(self) -> NDArray[np.datetime64]:
        """Return the dates of the horizon [D]."""
        return np.datetime64(self.setup.start, "D") + np.arange(self.setup.days)

    def _product_columns(self, c: int) -> dict[str, NDArray[np.float64]]:
        """Return a channel's units, net sales and cost of goods by product group, as columns [D]."""
        books = self.by_product()
        return {
            f"{measure}_{product.name}": books[measure][self.offset :, g, c]
            for measure in ("units", "net_sales", "goods")
            for g, product in enumerate(self.setup.products)
        }

    def daily(self) -> pd.DataFrame:
        """Return one row a date and channel, in real units; ``all`` holds the channel-less measures."""
        import pandas as pd

        horizon = slice(self.offset, None)
        setup, money = self.setup, self.money()
        frames = []
        for c, channel in enumerate(setup.channels):
            columns: dict[str, Any] = {"date": self.dates(), "channel": channel.name}
            columns["visits"] = self.visits[horizon, :, c].sum(axis=1) * setup.weight
            for e, name in enumerate(EVENTS):
                declared = setup.relations is not None or name not in OF_RELATIONS
                declared = declared and (setup.funnel is not None or name not in ON_PAGES)
                if name not in MONEY and declared:
                    columns[name] = self.events[horizon, c, e] * setup.weight
            columns |= {name: values[horizon, c] for name, values in money.items()}
            columns |= {
                name: self.operations[horizon, c, k]
                for k, name in enumerate(("order_hours", "delivery_days", "stockout_share"))
            }
            if setup.products:
                columns |= self._product_columns(c)
            frames.append(pd.DataFrame(columns))
        whole: dict[str, Any] = {"date": self.dates(), "channel": "all"}
        whole |= {
            f"visits_{s}": self.visits[horizon, k].sum(axis=1) * setup.weight for k, s in enumerate(SOURCES)
        }
        whole |= {f"spend_{m.name}": self.spend[horizon, k] for k, m in enumerate(setup.media)}
        whole |= {f"invest_{name}": self.invest[horizon, k] for k, name in enumerate(CAPABILITIES)}
        whole |= {f"level_{name}": self.levels[horizon, k] for k, name in enumerate(CAPABILITIES)}
        whole["other_costs"] = self.costs[horizon]
        whole["shock_loss"] = self.loss[horizon]
        whole |= {
            name: self.told[horizon, k]
            for k, name in enumerate(TOLD)
            if np.isfinite(self.told[horizon, k]).any()
        }
        if setup.dealers is not None:
            whole["dealer_sales"] = self.dealers[horizon, 0]
            whole["dealer_margin"] = self.dealers[horizon, 0] * setup.dealers.margin
            whole["dealers_standing"] = self.dealers[horizon, 1]
        if self.firm.any():
            whole |= {f"firm_{name}": self.firm[horizon, k] for k, name in enumerate(FIRM)}
        if setup.relations is not None:
            scale = np.array([setup.weight] * 4 + [1.0, 1.0])  # counts of agents; messages and money are real
            whole |= dict(zip(COLUMNS, (self.relations[horizon] * scale).T, strict=True))
        if setup.finance is not None:
            for name, values in (cash_book(self) | booked_lines(self)).items():
                whole[f"money_{name}"] = values[horizon]
        return pd.concat([*frames, pd.DataFrame(whole)], ignore_index=True)
