"""Feasts that move: Easter, and Lunar New Year, which no harmonic of the year finds."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np

from sim.world.holidays import FIRST_YEAR, LAST_YEAR, holiday

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Days = NDArray[np.int64]

EASTER, NEW_YEAR = "easter", "lunar_new_year"
REACH = {EASTER: (-9, 60), NEW_YEAR: (-21, 21)}
"""Days about a feast that are told by it: Corpus Christi is sixty days after Easter."""
BEYOND = 10_000
"""Days after a feast that stand for a day within reach of none."""
SPELLS = {EASTER: ((-9, -3), (-2, 1), (2, 8)), NEW_YEAR: ((-21, -1), (0, 6), (7, 21))}
"""First and last day of what trade does before, in and after a feast."""


def easter(year: int) -> datetime.date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus 1991, chapter 8)."""
    golden, century, rest = year % 19, year // 100, year % 100
    lift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - century // 4 - lift + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return datetime.date(year, month, day + 1)


def apart(days: pd.DatetimeIndex, feast: str) -> Days:
    """Return how many days after the feast each day [t] is, negative before; `BEYOND` out of reach."""
    first, last = REACH[feast]
    found = np.full(len(days), BEYOND, dtype=np.int64)
    numbers = days.to_numpy().astype("datetime64[D]").astype(np.int64)
    for year in range(days[0].year - 1, days[-1].year + 2):
        if feast == NEW_YEAR and not FIRST_YEAR <= year <= LAST_YEAR:
            continue
        date = easter(year) if feast == EASTER else holiday(feast, year)
        after = numbers - np.datetime64(date, "D").astype(np.int64)
        inside = (after >= first) & (after <= last)
        found[inside] = after[inside]
    return found


def columns(days: pd.DatetimeIndex, feast: str) -> Array:
    """Return what is 1 before, in and after the feast, else 0 [3, t]."""
    after = apart(days, feast)
    return np.array([(after >= first) & (after <= last) for first, last in SPELLS[feast]], dtype=float)
