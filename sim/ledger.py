"""The ledger: every visit, order and unit of money of every day, by channel and source.

Counts and money are integers (minor units) summed by chunk in a fixed order, so totals have the same bits
at any number of threads. Real figures are agent figures times the weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import DISCOUNTS, EVENTS, LIST_SALES, ORDERS, RETURNED_SALES, SECOND_DAYS, Trade
from sim.customers.habit import FULL
from sim.retailer.money import booked_lines, cash_book, exchange_rates
from sim.setup import CAPABILITIES, SOURCES, Drivers, Setup

if TYPE_CHECKING:
    import pandas as pd

    from sim.customers.population import State

MINOR = 100.0
# Masks of the twelve latest calendar months (this one included), of the twelve before, and of both.
YEAR, YEAR_BEFORE, TWO_YEARS = np.uint32(0xFFF), np.uint32(0xFFF000), np.uint32(0xFFFFFF)
SNAPSHOTS = (
    "repeated",
    "active",
    "active_before",
    "kept",
    "known_members",
    "multichannel",
    "aware",
    "satisfaction",
    "prospects",
)


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
    cohort_second
        int64 [T]: customers whose first order was on this day and who ordered again within 90 days.
    snapshots
        Month-end counts of customers, ``{day: {name: value}}``.
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
        self.prices = np.ones((days, channels))
        self.costs = np.zeros(days)
        self.loss = np.zeros(days)
        self.levels = np.zeros((days, len(CAPABILITIES)))
        self.cohort_second = np.zeros(days, np.int64)
        self.begun, self.late_days = np.zeros(days), np.zeros(days)
        self.snapshots: dict[int, dict[str, float]] = {}
        self.departed = (np.zeros(0, np.uint32), np.zeros(0, np.uint8))

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
        np.add.reduce(trade.visits, axis=0, out=self.visits[row])
        np.add.reduce(trade.events, axis=0, out=self.events[row])
        np.add.reduce(trade.credited, axis=0, out=self.credited[row])
        self.spend[row], self.invest[row], self.prices[row] = (
            drivers.spend[of],
            drivers.invest[of],
            drivers.price[of],
        )
        self.costs[row] = drivers.costs[of]
        second = np.add.reduce(trade.second, axis=0)
        known = min(row, SECOND_DAYS)
        self.cohort_second[row - known : row + 1] += second[known::-1]
        for column, values in enumerate(operations):
            self.operations[row, :, column] = values

    def depart(self, recent: NDArray[np.uint32], used: NDArray[np.uint8]) -> None:
        """Remember customers who are being replaced: they have shopped, and will not have come back."""
        self.departed = (
            np.concatenate([self.departed[0], recent]),
            np.concatenate([self.departed[1], used]),
        )

    def turn_month(self, state: State) -> None:
        """Age the record of months in which customers ordered; forget the departed after two years."""
        state.recent[:] <<= np.uint32(1)
        recent, used = self.departed
        recent = recent << np.uint32(1)
        remembered = (recent & TWO_YEARS) != 0
        self.departed = (recent[remembered], used[remembered])

    def snapshot(self, day: int, state: State) -> None:
        """Count customers by the months in which they ordered (bit k of ``recent``: k months ago)."""
        recent = np.concatenate([state.recent, self.departed[0]])
        used = np.concatenate([state.used, self.departed[1]])
        now, before = (recent & YEAR) != 0, (recent & YEAR_BEFORE) != 0
        online = sum(1 << c for c, channel in enumerate(self.setup.channels) if channel.online)
        values = (
            _repeated(recent),
            now.sum(),
            before.sum(),
            (now & before).sum(),
            state.registered.sum(),
            (now & (np.bitwise_count(used) >= 2)).sum(),
            ((state.aware & online) != 0).sum(),
            _satisfaction(state),
            (state.orders == 0).sum(),
        )
        self.snapshots[day] = dict(zip(SNAPSHOTS, map(float, values), strict=True))

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
        kept = np.divide(net, listed - discounts, out=np.zeros_like(net), where=listed > discounts)
        share = np.array([1.0 - channel.gross_margin for channel in setup.channels])
        goods = at_home / self.prices * share * kept
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

    def dates(self) -> NDArray[np.datetime64]:
        """Return the dates of the horizon [D]."""
        return np.datetime64(self.setup.start, "D") + np.arange(self.setup.days)

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
                if name not in ("list_sales", "discounts", "returned_sales"):
                    columns[name] = self.events[horizon, c, e] * setup.weight
            columns |= {name: values[horizon, c] for name, values in money.items()}
            columns |= {
                name: self.operations[horizon, c, k]
                for k, name in enumerate(("order_hours", "delivery_days", "stockout_share"))
            }
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
        if setup.finance is not None:
            for name, values in (cash_book(self) | booked_lines(self)).items():
                whole[f"money_{name}"] = values[horizon]
        return pd.concat([*frames, pd.DataFrame(whole)], ignore_index=True)


def _satisfaction(state: State) -> float:
    """Return the mean satisfaction 0-1 of active customers with the channels they have bought at."""
    active = (state.recent & YEAR) != 0
    channels = np.arange(state.satisfaction.shape[1], dtype=np.uint8)
    used = (state.used[active, None] >> channels) & 1
    bought = used.any(axis=1)
    if not bought.any():
        return 0.5
    total = (state.satisfaction[active] * used.astype(float)).sum(axis=1)[bought]
    return float((total / used.sum(axis=1)[bought]).mean() / FULL)


def _repeated(recent: NDArray[np.uint32]) -> int:
    """Count customers who, after their first order of the year before last, ordered again within 12 months.

    Two orders in one month count as one: the record keeps months.
    """
    again = 0
    for month in range(12, 24):
        later = np.uint32((1 << 24) - (1 << (month + 1)))
        first = ((recent >> np.uint32(month)) & np.uint32(1) == 1) & (recent & later == 0)
        following = np.uint32((1 << month) - (1 << (month - 12)))
        again += int((recent[first] & following != 0).sum())
    return again
