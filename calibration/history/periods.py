"""Periods of a calendar: where a day, week, month, quarter or year begins and ends.

A week begins on the weekday of the calendar's first day, and quarters and years in its first month, so retail
weeks and fiscal years need no settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Period = Literal["day", "week", "month", "quarter", "year"]
PERIODS: tuple[Period, ...] = get_args(Period)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Calendar months in a period, for the periods that are whole months."""
DAYS = {"day": 1, "week": 7}
"""Days in a period, for the periods that are whole days."""
_SEASONS = {"day": 7, "week": 52, "month": 12, "quarter": 4, "year": 1}


def season_length(period: str) -> int:
    """Return the number of periods after which a season repeats: 7, 52, 12, 4 or 1 for day to year."""
    return _SEASONS[period]


@dataclass(frozen=True)
class Calendar:
    """Equal periods in a row.

    Parameters
    ----------
    period
        ``day``, ``week``, ``month``, ``quarter`` or ``year``.
    first
        First day of the first period. Months, quarters and years begin on the first of a month.
    last
        Last day of the last period.
    """

    period: Period
    first: date
    last: date

    def __len__(self) -> int:
        """Return the number of periods."""
        return int(self.number(self.last)) + 1

    def number(self, dates: Any) -> np.ndarray | int:
        """Return the number of the period each date falls in, the calendar's first period being 0.

        Parameters
        ----------
        dates
            One date, or an array, index or series of them; they may lie outside the calendar.
        """
        import numpy as np

        days = _days(dates)
        if self.period in DAYS:
            found = (days - np.datetime64(self.first, "D")).astype(np.int64) // DAYS[self.period]
        else:
            months = (days.astype("datetime64[M]") - np.datetime64(self.first, "M")).astype(np.int64)
            found = months // MONTHS[self.period]
        return int(found) if found.ndim == 0 else found

    def start(self, numbers: Any) -> np.ndarray:
        """Return the first day (``datetime64[D]``) of the periods with these numbers."""
        import numpy as np

        numbers = np.asarray(numbers, dtype=np.int64)
        if self.period in DAYS:
            return np.asarray(np.datetime64(self.first, "D") + numbers * DAYS[self.period])
        months = np.datetime64(self.first, "M") + numbers * MONTHS[self.period]
        return np.asarray(months).astype("datetime64[D]")

    def floor(self, dates: Any) -> pd.DatetimeIndex:
        """Return the first day of the period each date falls in."""
        import numpy as np

        return _index(self.start(np.atleast_1d(self.number(dates))))

    def bounds(self, index: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return the first and last day (``datetime64[D]``, inclusive) of the periods that hold the dates."""
        import numpy as np

        numbers = np.atleast_1d(self.number(index))
        return self.start(numbers), self.start(numbers + 1) - np.timedelta64(1, "D")

    def periods(self, start: Any = None, n: int | None = None) -> pd.DatetimeIndex:
        """Return the first days of ``n`` periods from that of ``start`` on; by default the whole calendar."""
        import numpy as np

        first = 0 if start is None else int(self.number(start))
        count = len(self) - first if n is None else n
        return _index(self.start(first + np.arange(max(count, 0))))

    def after(self, n: int) -> pd.DatetimeIndex:
        """Return the first days of the ``n`` periods after the last: where a forecast is placed."""
        return self.periods(self.start(len(self)), n)

    def until(self, day: date | None) -> Calendar:
        """Return the calendar up to the last period that ends on or before ``day``.

        The result is empty (its length is 0) if no period does.
        """
        if day is None or day >= self.last:
            return self
        whole = int(self.number(day)) + (1 if self.bounds(day)[1][0] == _days(day) else 0)
        return replace(self, last=(self.start(max(whole, 0)) - 1).item())


def _days(dates: Any) -> np.ndarray:
    import numpy as np

    return np.asarray(getattr(dates, "to_numpy", lambda: dates)()).astype("datetime64[D]")


def _index(days: np.ndarray) -> pd.DatetimeIndex:
    import pandas as pd

    return pd.DatetimeIndex(days.astype("datetime64[us]"), name="date")
