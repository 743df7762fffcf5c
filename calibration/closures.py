"""Periods without trade: a shop shut on Sundays sells nothing then, and that says nothing of its Mondays.

Additive models on logarithms take a zero for the deepest of slumps. Where zeros are of another kind than
the sales beside them, they are left out of what is fitted, and put back where the calendar repeats them.
Series of which zeros are the usual thing are no matter of closures (:mod:`calibration.intermittent`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from calibration.feasts import BEYOND, REACH, apart

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

REPEATED = 4
"""Seasons in a row a position must have been shut to be taken for shut in the next."""
LOOKED_BACK = 8
"""Seasons looked back on at most."""
SELDOM = 0.1
"""Share of zeros, beside those of shut positions, up to which they may be closures."""
APART = 0.05
"""Of the median: sales below it are as good as none, and a zero beside them is nothing special."""
YEARS = 2
"""Years in which a date must have been shut, all of them, to be taken for a holiday."""
SPELL = 4
"""Days in a row that holidays take, Sundays beside them included."""
COUNTED = 10.0
"""Median up to which a whole number may be zero by chance."""


@dataclass(frozen=True)
class Closures:
    """When nothing was, and will be, sold.

    Attributes
    ----------
    past : ndarray of bool, shape (t,)
        Past periods that are left out of fits.
    shut : ndarray of bool, shape (season,)
        Positions of the season that stay shut, the first being that of the first past period.
    """

    past: Mask
    shut: Mask

    def opened(self, values: Array) -> Array:
        """Return past values [t] with closures not known."""
        return np.where(self.past, np.nan, values)

    def ahead(self, horizon: int) -> Mask:
        """Return which periods ahead [horizon] will be shut."""
        return np.asarray(self.shut[(self.past.size + np.arange(horizon)) % self.shut.size])


def closures(values: Array, season: int) -> Closures:
    """Return the closures of a series [t] of amounts or counts; NaN where not known.

    Shut are positions of a short season (a weekday) in which nothing was sold for `REPEATED` seasons and
    never since. Single zeros are closures where they are seldom and far below all sales.
    """
    seen = np.asarray(values, dtype=float)
    none = Closures(np.zeros(seen.size, dtype=bool), np.zeros(max(season, 1), dtype=bool))
    sold = seen[np.isfinite(seen) & (seen != 0.0)]
    if not sold.size or (sold < 0.0).any() or not (seen == 0.0).any():
        return none
    shut = np.array([_is_shut(seen[k::season]) for k in range(season)]) if 1 < season <= 12 else none.shut
    if shut.all():
        return none
    regular = shut[np.arange(seen.size) % shut.size] & (seen == 0.0)
    rest = seen[np.isfinite(seen) & ~regular]
    zeros = float(np.mean(rest == 0.0)) if rest.size else 1.0
    middle = float(np.median(sold))
    chance = middle < COUNTED and bool((sold == np.rint(sold)).all())
    single = 0.0 < zeros <= SELDOM and float(sold.min()) > APART * middle and not chance
    return Closures(regular | ((seen == 0.0) if single else False), shut)


def known_ahead(
    values: Array, season: int, horizon: int, share: bool = False, days: pd.DatetimeIndex | None = None
) -> tuple[Array, Array]:
    """Return past values [t] without closures, and what closures say of those ahead [horizon], else NaN.

    Where one of two channels is shut, the other's share is 1: shares are fixed at both ends. ``days`` are the
    dates [t] of values by day: holidays repeat then (`holidays`).
    """
    opened, ahead = np.asarray(values, dtype=float), np.full(horizon, np.nan)
    for nothing in (0.0, 1.0) if share else (0.0,):
        found = closures(np.abs(opened - nothing) if nothing else opened, season)
        if days is not None:
            ahead[holidays(found, days, horizon)] = nothing
        opened = found.opened(opened)
        ahead[found.ahead(horizon)] = nothing
    return opened, ahead


def holidays(found: Closures, days: pd.DatetimeIndex, horizon: int) -> Mask:
    """Return which days ahead [horizon] are dates that were always shut: Christmas Day, or Easter Monday.

    Always is `YEARS` years at least, one of them on a weekday that is open otherwise, and not in the midst of
    a refit: dates of a longer spell were shut on such a weekday in every of those years.
    """
    import pandas as pd

    weekly = found.shut[np.arange(found.past.size) % found.shut.size]
    spell = pd.Series(found.past).groupby(np.cumsum(~found.past)).transform("sum").to_numpy()
    odd = found.past & ~weekly
    coming = days[-1] + pd.to_timedelta(np.arange(1, horizon + 1), unit="D")
    whole = days.append(coming)
    shut = np.zeros(horizon, dtype=bool)
    for name in (np.asarray(whole.month * 100 + whole.day), *(apart(whole, feast) for feast in REACH)):
        table = pd.DataFrame({"name": name[: days.size], "shut": found.past, "odd": odd})
        table["brief"] = odd & (spell <= SPELL)
        known = table[table["name"] != BEYOND].groupby("name")
        always = known["shut"].all() & (known.size() >= YEARS)
        always &= known["brief"].any() | (known["odd"].sum() >= YEARS)
        shut |= np.isin(name[days.size :], always.index[always])
    return shut


def _is_shut(position: Array) -> bool:
    """Tell whether the last known values of one position of the season are all zero."""
    known = position[np.isfinite(position)][-LOOKED_BACK:]
    return known.size >= REPEATED and not known.any()
