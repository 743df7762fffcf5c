"""The customer log: one row is an order; returns and cancellations are negative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from calibration.history.fitting import FAR
from calibration.history.periods import Calendar
from calibration.history.sales import RESERVED, TOTAL, check_names
from calibration.history.schema import TransactionColumns, Transactions
from calibration.history.sheet import Sheet

CROWD = 0.2
"""A customer with more than this share of at least a thousand orders is rather a till or a blank."""

NOBODY = {
    *("guest", "guests", "guest checkout", "anonymous", "anon", "unknown", "unregistered", "walk-in"),
    *("walkin", "walk in", "cash sale", "cash customer", "no customer", "non-member", "nonmember"),
    *("gast", "gastbestellung", "anonym", "unbekannt", "laufkundschaft", "barverkauf", "onbekend", "anoniem"),
    *("invité", "anonyme", "inconnu", "client de passage", "invitado", "anónimo", "anonimo", "desconocido"),
    *("ospite", "sconosciuto", "convidado", "desconhecido", "visitante"),
    *("散客", "游客", "匿名", "未知", "非会员", "ゲスト", "非会員", "不明", "비회원", "게스트"),
}
"""What stands in the place of a customer's number where there is none, folded."""


@dataclass(frozen=True)
class Log:
    """Orders by date, the weeks they fill, and each order's first row in the file."""

    orders: pd.DataFrame
    weeks: Calendar
    rows: pd.Index


def read_transactions(
    sheet: Sheet, mapping: Transactions, scale: dict[str, float], only_channel: str | None
) -> Log | None:
    """Return orders [customer, date, channel, amount] by date; ``None``, with complaints, if they are wrong.

    Parameters
    ----------
    only_channel
        The channel of a log that names none, where the sales table has just one.
    """
    found = len(sheet.complaints.problems)
    columns = mapping.columns
    channel = mapping.constants.get("channel", only_channel)
    if columns.channel is None and channel is None:
        message = "the log does not say in which channel its orders were placed"
        expected = "constants: {channel: online}, or channel under columns:"
        sheet.complaints.add(sheet.path, None, "tables.transactions", "", expected, message)
    dates = sheet.dates(columns.date)
    amount = _amounts(sheet, columns) * scale.get("amount", 1.0)
    people = sheet.identities(columns.customer)
    log = pd.DataFrame({"customer": people.mask(people.str.casefold().isin(NOBODY).fillna(False))})
    log["channel"] = sheet.labels(columns.channel, channel, rename=mapping.rename)
    check_names(sheet, log["channel"], columns.channel or "channel")
    if (log["channel"] == TOTAL).any():
        expected = f"a channel other than {TOTAL}, {' and '.join(RESERVED)}"
        sheet.complaints.add(sheet.path, None, "channel", TOTAL, expected, "an order has one channel")
    if dates is None or len(sheet.complaints.problems) > found:
        return None
    log["date"], log["amount"] = dates.values, amount
    if dates.grain != "day" or _lonely(sheet, log, columns.date):
        if dates.grain != "day":
            expected = "a day for each order, such as 2021-04-03"
            sheet.complaints.add(sheet.path, 2, columns.date, dates.grain, expected, "orders need their day")
        return None
    _note_rows(sheet, log, columns.customer is not None, columns.order is not None)
    if columns.order:
        log = _orders(sheet, log, columns.order)
    log = log.sort_values("date", kind="stable")
    return _weeks(sheet, log[["customer", "date", "channel", "amount"]])


def _amounts(sheet: Sheet, columns: TransactionColumns) -> pd.Series:
    """Return amounts, or prices times quantities; complain of blanks.

    Exports of shops put an order's amount in the first of its lines: it stays NaN in the others.
    """
    amount = pd.Series(1.0, index=sheet.frame.index)
    order = sheet.identities(columns.order)
    for column in (columns.amount, columns.price, columns.quantity):
        if column is None:
            continue
        blank = sheet.frame[column].astype("str").fillna("").str.strip() == ""
        blank &= ~(order.notna() & order.isin(order[~blank & order.notna()].unique()))
        if blank.any():
            bad = sheet.frame[column][blank].astype("str")
            sheet.complaints.rows(sheet.path, column, bad, "a number such as 12.50", "is blank")
        amount = amount * sheet.numbers(column, low=None)
    return amount


def _orders(sheet: Sheet, log: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add the lines of each order up; a line without an order number is an order of its own."""
    order = sheet.identities(column)
    own = pd.Series([f"\x00{row}" for row in log.index], index=log.index, dtype="str")
    parts = log.assign(row=log.index).groupby(order.where(order.notna(), own), sort=False)
    added = parts.agg(
        row=("row", "first"),
        customer=("customer", "first"),
        date=("date", "min"),
        channel=("channel", "first"),
        amount=("amount", "sum"),
    )
    return added.set_index("row")


def _weeks(sheet: Sheet, log: pd.DataFrame) -> Log | None:
    """Return the log with its whole weeks, which begin on the weekday of the first order."""
    first, last = log["date"].iloc[0].date(), log["date"].iloc[-1].date()
    weeks = (last - first + timedelta(days=1)) // timedelta(days=7)
    if weeks < 1:
        expected = "orders of a week or more"
        sheet.complaints.add(sheet.path, None, "date", f"{first} to {last}", expected, "the log is too short")
        return None
    calendar = Calendar("week", first, first + timedelta(days=7 * weeks - 1))
    late = log["date"] > pd.Timestamp(calendar.last)
    if late.any():
        message = f"orders after {calendar.last}: {late.sum()}, in an unfinished week, not fitted or scored"
        sheet.note("partial period", log.index[late], message)
    empty = len(calendar) - len(np.unique(calendar.number(log.loc[~late, "date"])))
    if empty:
        sheet.note("gap", [], f"weeks without orders: {empty}, taken as nothing sold", count=empty)
    return Log(log.reset_index(drop=True), calendar, log.index)


def _lonely(sheet: Sheet, log: pd.DataFrame, column: str) -> bool:
    days = pd.DatetimeIndex(log["date"].unique()).sort_values()
    wide = np.flatnonzero(np.diff(days.to_numpy()) / np.timedelta64(1, "D") > FAR)
    if not len(wide):
        return False
    early = log["date"] <= days[wide[0]]
    lonely = early if early.sum() <= len(log) / 2 else log["date"] > days[wide[-1]]
    bad = sheet.frame[column][lonely]
    sheet.complaints.rows(
        sheet.path, column, bad, "dates near the others", "lies years away from the other dates"
    )
    return True


def _note_rows(sheet: Sheet, log: pd.DataFrame, named: bool, lines: bool) -> None:
    nobody = log["customer"].isna()
    if named and nobody.any():
        part = f"{int(nobody.sum())} ({nobody.mean():.0%})"
        message = f"rows without a customer: {part}, kept as orders, left out of repeat buying"
        sheet.note("no customer", log.index[nobody], message)
    back = log["amount"] < 0
    if back.any():
        message = f"negative rows: {int(back.sum())}, taken as returns and cancellations"
        sheet.note("negative", log.index[back], message)
    nothing = log["amount"] == 0
    if nothing.any():
        message = f"rows worth nothing: {int(nothing.sum())}, counted as orders where they name a customer"
        sheet.note("zero", log.index[nothing], message)
    again = sheet.frame.duplicated()
    if again.any() and not lines:
        message = f"rows that repeat an earlier one in every column: {int(again.sum())}, kept"
        sheet.note("repeated rows", log.index[again], message)
    counts = log["customer"].value_counts()
    if len(log) >= 1000 and len(counts) and counts.iloc[0] > CROWD * len(log):
        message = f"customer {counts.index[0]!r} has {counts.iloc[0]} of {len(log)} rows: a placeholder?"
        sheet.note("crowded customer", log.index[log["customer"] == counts.index[0]], message)
