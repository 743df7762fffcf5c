"""Dates as spreadsheets and people spell them, turned into ISO ones where only one day can be meant."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import pandas as pd

from calibration.history.words import unaccented

DateOrder = Literal["day_first", "month_first"]
ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
SLASHED = r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(.*)"
"""Two numbers before a year: which of them is the month, only the author knows."""
_NUMBERS = {"year": r"\d{4}", "month": r"\d{1,2}", "day": r"\d{1,2}", "quarter": "[1-4]", "week": r"\d{1,2}"}
_YEAR_FIRST = (
    r"{year}[/.\-]{month}[/.\-]{day}(?P<rest>[ T].*)?",
    r"{year}[/\-]{month}",
    r"{month}[/.\-]{year}",
    r"[QqTt]{quarter}[ /.\-]?{year}",
    r"{year}[ /.\-]?[QqTt]{quarter}",
    r"{year}[ /.\-]?(?:[Ww]|[KkCc][Ww]) ?{week}",
    r"(?:[Ww]|[KkCc][Ww]) ?{week}[ /.\-]{year}",
    r"{year}年{month}月(?:{day}日)?",
    r"(?:{day}[ .\-]+)?(?P<name>[^\W\d_]{{3,10}})\.?[ \-]+{year}",
)
_NUMBERS_FIRST: dict[DateOrder, str] = {
    "day_first": r"{day}[/.\-]{month}[/.\-]{year}(?P<rest>.*)",
    "month_first": r"{month}[/.\-]{day}[/.\-]{year}(?P<rest>.*)",
}
_MONTHS = (
    "january januar januari janvier enero gennaio janeiro",
    "february februar februari fevrier febrero febbraio fevereiro",
    "march marz maerz mars marzo marco maart mrt",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august augustus aout agosto",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
"""Months in English, German, Dutch, French, Spanish, Italian and Portuguese, without accents."""


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
    shapes = _YEAR_FIRST if order is None else (*_YEAR_FIRST, _NUMBERS_FIRST[order])
    named = {part: f"(?P<{part}>{pattern})" for part, pattern in _NUMBERS.items()}
    patterns = [re.compile(shape.format(**named)) for shape in shapes]
    done = text.str.match(r"\d{4}-\d{2}(-\d{2})?([ T]|$)").astype(bool)  # most files: nothing to do
    return text.where(done, text.map(lambda spelt: _iso(spelt, patterns)))


def likely_order(text: pd.Series) -> Reading | None:
    """Return the order in which a column's dates are written; ``None`` if none begins with two numbers.

    A number above 12 is no month. Where none is, the order is taken that makes every date the first of a
    month, or spaces the days more evenly, as tables by day and week are. Dots are written day first.
    """
    text = text.drop_duplicates()
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


def _iso(spelt: str, patterns: Sequence[re.Pattern[str]]) -> str:
    """Return one date in ISO, or as it is spelt where no pattern fits."""
    for pattern in patterns:
        match = pattern.fullmatch(spelt)
        if match is None:
            continue
        said = {part: value for part, value in match.groupdict().items() if value is not None}
        if "name" in said:
            month = _month(said["name"])
            if not month:
                continue
            said["month"] = str(month)
        if "week" in said:
            return _monday(int(said["year"]), int(said["week"])) or spelt
        if "quarter" in said:
            return f"{said['year']}Q{said['quarter']}"
        parts = [said["year"], said["month"], *([said["day"]] if "day" in said else [])]
        return "-".join(part.zfill(2) for part in parts) + said.get("rest", "")
    return spelt


def _month(name: str) -> int:
    """Return the number of a month by its name or how that begins, 0 where it is none."""
    plain = unaccented(name).lower()
    fits = [k for k, full in enumerate(_MONTHS, 1) if any(one.startswith(plain) for one in full.split())]
    return fits[0] if len(fits) == 1 else 0


def _monday(year: int, week: int) -> str:
    """Return the first day of an ISO week; nothing where the year has no such week."""
    try:
        return datetime.date.fromisocalendar(year, week, 1).isoformat()
    except ValueError:
        return ""
