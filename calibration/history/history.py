"""A company's history, read and checked: tidy tables, their calendar and what was found odd in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from calibration.history.evidence import Evidence
from calibration.history.periods import Calendar, Period
from calibration.history.sheet import Issue
from results.problems import BadInput, Problem


@dataclass(frozen=True, eq=False)
class History:
    """What happened, table by table; a table that was not given is ``None``.

    Parameters
    ----------
    name, currency
        As given; the currency is an ISO code, or empty if none was given.
    file
        The ``history.yaml`` it was read from.
    span
        Periods of the sales table, or whole weeks of the customer log; ``None`` if there is neither.
    channels
        Names in the order they were given, without ``total``.
    sales
        [date, channel, revenue, orders, units, visits]: one row per period and channel, ``date`` being the
        period's first day; the measures that were given, revenue in currency, NaN where one is not known.
    total
        [date, channel, revenue, ...] of the channel ``total`` as given, if it was.
    transactions
        [customer, date, channel, amount], one row an order, by date: customer ``<NA>`` where not known,
        amount in currency and negative for returns and cancellations.
    media
        [date, source, spend, impressions], on ``media_span``; periods without a row had no spend.
    prices
        [date, channel, product, price, promoted].
    traffic
        [date, channel, source, visits].
    service
        [date, channel, delivery_days, stockout_rate].
    experiment
        [customer, group, channel, segment, trait.<name>, visit, conversion, spend], one row a customer.
    drivers
        [date, driver, value], on ``drivers_span``; 1 is normal, 0 is shut, and what is not listed is normal.
    issues
        Findings that did not stop the reading.
    rows
        Rows read, by table.
    hashes
        SHA-256 of the mapping and of every file it names, by the path as written.
    evidence
        How the experiment ran; scanner panels, coupon campaigns, geo experiments.
    """

    name: str
    currency: str
    file: Path
    span: Calendar | None
    channels: tuple[str, ...]
    sales: pd.DataFrame | None
    total: pd.DataFrame | None
    transactions: pd.DataFrame | None
    media: pd.DataFrame | None
    media_span: Calendar | None
    prices: pd.DataFrame | None
    traffic: pd.DataFrame | None
    service: pd.DataFrame | None
    experiment: pd.DataFrame | None
    drivers: pd.DataFrame | None
    drivers_span: Calendar | None
    issues: tuple[Issue, ...]
    rows: dict[str, int]
    hashes: dict[str, str]
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def calendar(self) -> Calendar:
        """The periods of the history.

        Raises
        ------
        BadInput
            If it has neither a sales table nor a customer log.
        """
        if self.span is None:
            message = "has neither sales nor transactions, so nothing to fit or forecast"
            expected = "tables.sales or tables.transactions"
            raise BadInput(Problem(str(self.file), None, "tables", "", expected, message))
        return self.span

    @property
    def media_period(self) -> Period | None:
        """Period of the media table."""
        return self.media_span.period if self.media_span else None

    @property
    def drivers_period(self) -> Period | None:
        """Period of the drivers table."""
        return self.drivers_span.period if self.drivers_span else None

    def table(self, name: str) -> pd.DataFrame | None:
        """Return the table called ``name``."""
        found: pd.DataFrame | None = getattr(self, name)
        return found
