"""Dates as spreadsheets and people spell them, turned into ISO ones where only one day can be meant."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import pandas as pd

DateOrder = Literal["day_first", "month_first"]
ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
SLASHED = r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(.*)"
"""Two numbers before a year: which of them is the month, only the author knows."""
_YEAR_FIRST = r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})([ T].*)?"
_YEAR_MONTH = r"(\d{4})[/\-](\d{1,2})"
_CHINESE = r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = r"(?:(\d{1,2})[ .\-]+)?([A-Za-z]{3,9})\.?[ \-]+(\d{4})"


class Reading(NamedTuple):
    """In which order a column writes its dates, and why that is believed; ``sure`` if no other fits."""

    order: DateOrder
    sure: bool
    why: str


def as_iso(text: pd.Series, order: DateOrder | None = None) -> pd.Series:
    """Return text with the year first and two digits for month and day, where its meaning is plain.

    Parameters
    ----------
    text
        Stripped text.
    order
        How dates that begin with two numbers are to be read; without it they stay as they are.

    Returns
    -------
    pandas.Series
        What matches nothing is returned as it came; whether the day exists is not looked at.
    """
    found = _joined(text, _YEAR_FIRST, (0, 1, 2), rest=3)
    found = found.fillna(_joined(text, _YEAR_MONTH, (0, 1)))
    found = found.fillna(_joined(text, _CHINESE, (0, 1, 2)))
    found = found.fillna(_named(text))
    if order is not None:
        parts = (2, 1, 0) if order == "day_first" else (2, 0, 1)
        found = found.fillna(_joined(text, SLASHED, parts, rest=3))
    return found.fillna(text)


def likely_order(text: pd.Series) -> Reading | None:
    """Return the order in which a column's dates are written; ``None`` if none begins with two numbers.

    A number above 12 is no month. Where none is, the order is taken that makes every date the first of a
    month, or spaces the days more evenly, as tables by day and week are. Dots are written day first.
    """
    parts = text.str.extract(SLASHED).dropna(subset=[0, 1, 2])
    if parts.empty:
        return None
    first, second = parts[0].astype(int), parts[1].astype(int)
    orders: tuple[tuple[DateOrder, pd.Series, pd.Series], ...]
    orders = (("day_first", first, second), ("month_first", second, first))
    for order, days, _ in orders:
        if (days > 12).any():
            return Reading(order, True, "a number above 12 is no month")
    for order, days, months in orders:
        if (days == 1).all() and months.nunique() > 1:
            return Reading(order, False, "so every date is the first of a month")
    spaced: dict[DateOrder, float] = {order: _unevenness(text, order) for order in ORDERS}
    if spaced["day_first"] != spaced["month_first"]:
        best = min(ORDERS, key=spaced.__getitem__)
        return Reading(best, False, "so the dates are evenly spaced")
    dotted = text.str.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}.*").astype(bool).any()
    return Reading("day_first", False, "dots are written day first" if dotted else "it may be month_first")


def _unevenness(text: pd.Series, order: DateOrder) -> float:
    """Return how much the distances between neighbouring dates differ, in log days."""
    days = pd.to_datetime(as_iso(text, order).str[:10], format="%Y-%m-%d", errors="coerce").dropna().unique()
    gaps = pd.Series(pd.DatetimeIndex(days).sort_values()).diff().dt.days.dropna()
    if gaps.empty:
        return 0.0
    middle = gaps.median()
    return float((gaps - middle).abs().mean() / middle)


def _joined(text: pd.Series, pattern: str, parts: tuple[int, ...], rest: int | None = None) -> pd.Series:
    """Return the year, month and day of a pattern's groups as ISO, missing where it does not match."""
    matches = text.where(text.str.fullmatch(pattern).astype(bool))
    said = matches.str.extract(pattern)
    found = said[parts[0]]
    for part in parts[1:]:
        found = found + ("-" + said[part].str.zfill(2)).fillna("" if part == parts[-1] else pd.NA)
    return found if rest is None else found + said[rest].fillna("")


def _named(text: pd.Series) -> pd.Series:
    """Return dates whose month is an English word: 1 Oct 2023, Oct-2023, October 2023."""
    matches = text.where(text.str.fullmatch(_NAMED).astype(bool))
    said = matches.str.extract(_NAMED)
    number = {month: f"{place:02d}" for place, month in enumerate(_MONTHS, start=1)}
    months = said[1].str[:3].str.lower().map(number).astype("str")  # objects where none matches
    return said[2] + "-" + months + ("-" + said[0].str.zfill(2)).fillna("")
