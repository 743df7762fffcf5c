"""Reading the calendar off a table's dates, and saying where a stated period does not fit them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from calibration.history.dates import Dates
from calibration.history.periods import DAYS, MONTHS, Calendar, Period
from calibration.history.sheet import Sheet

_SPACINGS: tuple[tuple[Period, float, float], ...] = (
    ("day", 0.5, 3.5),
    ("week", 5, 9),
    ("month", 26, 33),
    ("quarter", 85, 97),
    ("year", 350, 380),
)
"""Days between neighbouring dates, by period."""
_FINEST = {"day": ("day", "week", "month", "quarter", "year"), "month": ("month", "quarter", "year")}
_FINEST |= {"quarter": ("quarter", "year"), "year": ("year",)}
FAR = 5 * 366
"""A hole of more days than this in a history is a mistyped date."""


def spacing(days: pd.DatetimeIndex) -> Period | None:
    """Return the period that sorted distinct dates are apart, by the median; ``None`` if it is none."""
    if len(days) < 2:
        return None
    apart = float(np.median(np.diff(days.to_numpy()) / np.timedelta64(1, "D")))
    return next((period for period, low, high in _SPACINGS if low <= apart <= high), None)


def fit_calendar(
    sheet: Sheet, dates: Dates, column: str, stated: Period | None, sparse: bool = False
) -> Calendar | None:
    """Return the calendar that a table's dates lie on; ``None``, with complaints, if they do not.

    Parameters
    ----------
    stated
        The period the mapping states; without one it is read off the dates.
    sparse
        Whether most periods may be absent, as in a table of campaigns or closures.
    """
    days = pd.DatetimeIndex(dates.values.unique()).sort_values()
    if _far(sheet, dates.values, days, column):
        return None
    guess = spacing(days) if dates.grain == "day" else _coarser(dates.grain, spacing(days))
    period = stated or guess
    where = f"tables.{sheet.table}.period"
    if period is None:
        expected = "period: day, week, month, quarter or year"
        sheet.complaints.add(
            sheet.path, None, column, "", expected, f"the dates do not show the period; give {where}"
        )
        return None
    hint = (
        f"period: {guess}, by the spacing of the dates"
        if guess and guess != period
        else f"dates one {period} apart"
    )
    if period not in _FINEST[dates.grain]:
        sheet.complaints.add(
            sheet.path, 2, column, f"period: {period}", hint, f"dates are written by {dates.grain}"
        )
        return None
    calendar = Calendar(period, _first_day(days, period), days[-1].date())
    calendar = Calendar(period, calendar.first, calendar.bounds(days[-1])[1][0].item())
    if _off_period(sheet, dates.values, days, column, calendar, hint):
        return None
    if not sparse and 1 < len(days) < len(calendar) / 2:
        message = f"only {len(days)} of {len(calendar)} {period}s from the first date to the last are there"
        sheet.complaints.add(sheet.path, None, column, f"period: {period}", hint, message)
        return None
    return calendar


def note_gaps(sheet: Sheet, calendar: Calendar, days: pd.Series) -> None:
    """Report periods between the first and the last that no row holds."""
    present = np.unique(calendar.number(days))
    absent = np.setdiff1d(np.arange(present[0], present[-1] + 1), present)
    if not len(absent):
        return
    shown = ", ".join(str(day) for day in calendar.start(absent[:5])) + (", ..." if len(absent) > 5 else "")
    ends = [present[np.searchsorted(present, number)] for number in absent]
    rows = pd.Series(days.index, index=calendar.number(days)).groupby(level=0).min()
    after = sorted({int(rows[number]) for number in ends})
    plural = "s are" if len(absent) > 1 else " is"
    message = f"{len(absent)} {calendar.period}{plural} missing: {shown}"
    sheet.note("gap", after, message, count=len(absent))


def _coarser(grain: str, guess: Period | None) -> Period:
    order = list(_FINEST["day"])
    own: Period = grain  # type: ignore[assignment]
    return guess if guess and order.index(guess) > order.index(own) else own


def _first_day(days: pd.DatetimeIndex, period: Period) -> date:
    """Return the first day of the first period; quarters and years may begin in any month."""
    first = days[0]
    if period in DAYS:
        return _date(first)
    months = MONTHS[period]
    fiscal = bool((days.day == 1).all() and (days.month % months == first.month % months).all())
    if period != "month" and not fiscal:
        first = first.replace(month=(first.month - 1) // months * months + 1)
    return _date(first.replace(day=1))


def _date(day: pd.Timestamp) -> date:
    return date(day.year, day.month, day.day)


def _far(sheet: Sheet, values: pd.Series, days: pd.DatetimeIndex, column: str) -> bool:
    """Complain about dates with a hole of years between them and the rest."""
    holes = np.diff(days.to_numpy()) / np.timedelta64(1, "D")
    wide = np.flatnonzero(holes > FAR)
    if not len(wide):
        return False
    cut = days[wide[0]]
    before = values <= cut
    lonely = before if before.sum() <= len(values) / 2 else values > days[wide[-1]]
    bad = sheet.frame[column].loc[values.index[lonely]]
    sheet.complaints.rows(
        sheet.path, column, bad, "dates near the others", "lies years away from the other dates"
    )
    return True


def _off_period(
    sheet: Sheet, values: pd.Series, days: pd.DatetimeIndex, column: str, calendar: Calendar, hint: str
) -> bool:
    raw = sheet.frame[column]
    numbers = pd.Series(calendar.number(days), index=days)
    if calendar.period == "week":
        weekday = values.dt.day_of_week
        common = int(weekday.mode().iloc[0])
        if (weekday != common).any():
            bad = raw.loc[values.index[weekday != common]]
            sheet.complaints.rows(
                sheet.path, column, bad, hint, "falls on another weekday than most weeks begin on"
            )
            return True
    crowded = numbers[numbers.duplicated()].index
    if len(crowded):
        at = values.index[values.isin(crowded)][0]
        message = f"{len(crowded)} dates fall in the same {calendar.period} as another"
        sheet.complaints.add(sheet.path, int(at), column, raw[at], hint, message)
        return True
    return False
