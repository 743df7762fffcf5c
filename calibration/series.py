"""Series of a history: what is fitted, forecast and scored, period by period, and its customers by cohort."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from results.problems import BadInput, Problem

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import Calendar, History


def observed(history: History, until: date | None = None) -> pd.DataFrame:
    """Return the observed series of a history.

    Parameters
    ----------
    until
        Only periods that end on or before this day; all whole periods by default.

    Returns
    -------
    DataFrame
        Index ``date``: the first day of each period, sorted and without holes. Columns, where the history has
        them: ``<channel>.revenue`` and ``total.revenue`` (currency, refunds taken off in the period they
        occur), ``<channel>.orders`` and ``total.orders`` (see ``placed``), ``online.share`` (online revenue
        over total revenue, 0-1, where ``online`` is one of several channels) and ``repeat.orders`` (orders
        of known customers after their first). NaN where a value is not known, which may be at the end of
        one channel; 0 before a channel's first sale.

    Raises
    ------
    BadInput
        If the history has neither sales nor transactions, or no whole period ends by ``until``.
    """
    import pandas as pd

    calendar = history.calendar.until(until)
    if not len(calendar):
        message = f"no whole {calendar.period} ends by {until}"
        expected = f"a day on or after {history.calendar.bounds(calendar.first)[1][0]}"
        raise BadInput(Problem(str(history.file), None, "until", str(until), expected, message))
    series: dict[str, pd.Series] = {}
    for measure in ("revenue", "orders"):
        table = _by_channel(history, measure, calendar)
        if table is not None:
            series |= {f"{channel}.{measure}": table[channel] for channel in table}
            series[f"total.{measure}"] = _total(history, table, measure, calendar)
        elif history.total is not None and measure in history.total:
            series[f"total.{measure}"] = _given_total(history, measure, calendar)
    online = next((f"{name}.revenue" for name in history.channels if name.casefold() == "online"), "")
    if online in series and len(history.channels) > 1:
        whole = series["total.revenue"]
        series["online.share"] = (series[online] / whole.where(whole > 0)).clip(0.0, 1.0)
    if history.transactions is not None and history.transactions["customer"].notna().any():
        series["repeat.orders"] = _repeat_orders(history, calendar)
    return pd.DataFrame(series, index=calendar.periods())


def cohorts(history: History, until: date | None = None) -> pd.DataFrame:
    """Return every known customer with an order, by date of the first.

    Parameters
    ----------
    until
        Only orders on or before this day; by default all orders of the history's whole periods.

    Returns
    -------
    DataFrame
        [customer, first, last, orders, repeat_orders, amount]: days of the first and the last order, counts
        of orders (see ``placed``), and their mean amount in currency, before refunds.

    Raises
    ------
    BadInput
        If the history has no customer log.
    """
    import pandas as pd

    orders = _orders(history, until)
    groups = orders.groupby("customer", sort=False)
    table = groups.agg(
        first=("date", "min"), last=("date", "max"), orders=("date", "size"), amount=("amount", "mean")
    ).reset_index()
    table.insert(4, "repeat_orders", table["orders"] - 1)
    return pd.DataFrame(table.sort_values(["first", "customer"], ignore_index=True))


def acquisitions(history: History, until: date | None = None) -> pd.Series:
    """Return how many known customers placed their first order in each period, indexed like ``observed``.

    Raises
    ------
    BadInput
        If the history has no customer log.
    """
    calendar = history.calendar.until(until)
    first = cohorts(history, calendar.last)["first"]
    return _count(first, calendar).rename("new_customers").astype("int64")


def _by_channel(history: History, measure: str, calendar: Calendar) -> pd.DataFrame | None:
    """Return one measure [period x channel], or ``None`` where it is not recorded."""
    from calibration.history.sales import not_yet_open, pivot

    if history.sales is not None:
        if measure not in history.sales or history.sales[measure].isna().all():
            return None
        table = not_yet_open(pivot(history.sales, measure, history.calendar))
        return table[[name for name in history.channels if name in table]].loc[calendar.periods()]
    assert history.transactions is not None
    log = history.transactions
    if measure == "orders":
        log = log[placed(log)].assign(amount=1.0)
    inside = _inside(log, calendar)
    start = calendar.floor(inside["date"])
    table = inside.groupby([start, "channel"])["amount"].sum().unstack(fill_value=0.0)
    return table.reindex(index=calendar.periods(), columns=list(history.channels), fill_value=0.0)


def _total(history: History, table: pd.DataFrame, measure: str, calendar: Calendar) -> pd.Series:
    total = table.sum(axis=1, skipna=False)
    given = _given_total(history, measure, calendar)
    complete = set(table) >= set(history.channels)
    if given is None:
        return total if complete else total * float("nan")
    return given.where(given.notna(), total) if not complete else total.where(total.notna(), given)


def _given_total(history: History, measure: str, calendar: Calendar) -> pd.Series | None:
    if history.total is None or measure not in history.total:
        return None
    return history.total.set_index("date")[measure].reindex(calendar.periods())


def _repeat_orders(history: History, calendar: Calendar) -> pd.Series:
    """Return orders after each customer's first; NaN in periods that the log does not cover whole."""
    import numpy as np
    import pandas as pd

    orders = _orders(history, calendar.last)
    counts = _count(orders.loc[orders.duplicated("customer"), "date"], calendar)
    log = history.transactions
    assert log is not None
    if history.sales is None:
        return counts
    start, end = calendar.bounds(calendar.periods())
    first, last = (np.datetime64(day, "D") for day in (log["date"].min(), log["date"].max()))
    return pd.Series(counts.where((start >= first) & (end <= last)))


def _orders(history: History, until: date | None) -> pd.DataFrame:
    """Return the orders of known customers by date, without refunds."""
    import pandas as pd

    log = history.transactions
    if log is None:
        expected = "tables.transactions with a customer column"
        message = "has no customer log"
        raise BadInput(Problem(str(history.file), None, "tables.transactions", "", expected, message))
    last = pd.Timestamp(history.calendar.last if until is None else until)
    return log[placed(log) & log["customer"].notna() & (log["date"] <= last)]


def placed(log: pd.DataFrame) -> pd.Series:
    """Return which rows of a customer log are orders: not refunds, and not the empty entries of nobody.

    What a known customer got for nothing is an order; without a customer it is a correction of the books.
    """
    return (log["amount"] > 0) | ((log["amount"] == 0) & log["customer"].notna())


def _inside(log: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    import pandas as pd

    return log[log["date"].between(pd.Timestamp(calendar.first), pd.Timestamp(calendar.last))]


def _count(days: pd.Series, calendar: Calendar) -> pd.Series:
    """Return how many of the days fall in each period of the calendar."""
    import numpy as np
    import pandas as pd

    numbers = np.asarray(calendar.number(days))
    numbers = numbers[(numbers >= 0) & (numbers < len(calendar))]
    counts = np.bincount(numbers, minlength=len(calendar)).astype("float64")
    return pd.Series(counts, index=calendar.periods())
