"""The calendar: which days of a run end a month."""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray


def month_ends(start: datetime.date, first: int, days: int) -> NDArray[np.bool_]:
    """Return which days are a month's last, bool [days], from day ``first`` on (0 is ``start``)."""
    dates = np.datetime64(start, "D") + np.arange(first, first + days + 1)
    return np.asarray(np.diff(dates.astype("datetime64[M]")) != np.timedelta64(0, "M"))
