"""Where a backtest stands in time, and what could be known there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from results.problems import BadInput, Problem

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from calibration.history import Calendar, History

FEWEST = 4
"""Periods a model must at least be given."""


def origins_for(
    calendar: Calendar, horizon: int, cutoffs: Sequence[date] = (), n: int = 1, source: str = "history"
) -> tuple[date, ...]:
    """Choose the origins of a backtest.

    Parameters
    ----------
    calendar : Calendar
        Periods of the history.
    horizon : int
        Periods forecast from each origin; that many must exist after it.
    cutoffs : sequence of datetime.date
        Origins by name: the last period trained on ends on or before each. They are kept as given.
    n : int
        Without cutoffs: number of origins, spread evenly over the last half of the history, the last of them
        exactly ``horizon`` periods before its end. One origin is that last one.
    source : str
        File named in complaints.

    Returns
    -------
    tuple of datetime.date
        In order, without repeats; chosen ones are the last day of the last period trained on.

    Raises
    ------
    BadInput
        If a cutoff lies outside the history or leaves too little before or after it, or if the history is
        too short for n origins.
    """
    if horizon < 1:
        expected = "a whole number of periods, 1 or more"
        raise BadInput(Problem(source, None, "horizon", str(horizon), expected, "nothing to forecast"))
    if cutoffs:
        problems = [p for day in cutoffs if (p := _unfit(calendar, horizon, day, source)) is not None]
        if problems:
            raise BadInput(problems)
        return tuple(sorted(set(cutoffs)))
    total = len(calendar)
    first, last = max((total + 1) // 2, FEWEST), total - horizon
    if n < 1 or last - first + 1 < n:
        raise BadInput(_too_short(calendar, horizon, n, source))
    counts = [last] if n == 1 else np.linspace(first, last, n).round().astype(int).tolist()
    return tuple((calendar.start(count) - 1).item() for count in counts)


def _unfit(calendar: Calendar, horizon: int, day: date, source: str) -> Problem | None:
    """Say what is wrong with a cutoff, if anything."""
    total = len(calendar)
    earliest = (calendar.start(min(FEWEST, total)) - 1).item()
    latest = (calendar.start(max(total - horizon, 0)) - 1).item()
    expected = f"a date from {earliest} to {latest}"
    if not calendar.first <= day <= calendar.last:
        message = f"lies outside the history, {calendar.first} to {calendar.last}"
    elif len(calendar.until(day)) < FEWEST:
        message = f"leaves fewer than {FEWEST} whole {calendar.period}s to learn from"
    elif len(calendar.until(day)) + horizon > total:
        message = f"leaves fewer than {horizon} {calendar.period}s after it to score"
    else:
        return None
    if latest < earliest:
        expected = f"a history of {FEWEST + horizon} {calendar.period}s or a shorter horizon"
    return Problem(source, None, "cutoff", str(day), expected, message)


def _too_short(calendar: Calendar, horizon: int, n: int, source: str) -> Problem:
    period, total = calendar.period, len(calendar)
    if n < 1:
        return Problem(
            source, None, "origins", str(n), "a whole number, 1 or more", "no origin to forecast from"
        )
    needed = max(2 * (horizon + n - 1), FEWEST + horizon + n - 1)
    message = (
        f"{n} origins with {horizon} {period}s after each do not fit into the last half of {total} {period}s"
    )
    expected = f"{needed} {period}s, fewer origins or a shorter horizon"
    return Problem(source, None, "origins", str(n), expected, message)


def truncate(history: History, cutoff: date) -> History:
    """Return the history as it stood at the end of the last whole period on or before the cutoff.

    Sales, orders, media, prices, traffic and service after it are gone; ``drivers`` stay whole, since they
    are known outside forces. So does the experiment, which carries no date.
    """
    import pandas as pd

    span = history.calendar.until(cutoff)
    end = pd.Timestamp(span.last)

    def before(table: pd.DataFrame | None) -> pd.DataFrame | None:
        return None if table is None else table[table["date"] <= end].reset_index(drop=True)

    media, media_span = history.media, history.media_span
    if media is not None and media_span is not None:
        media_span = media_span.until(span.last)
        media = media[media["date"] <= pd.Timestamp(media_span.last)].reset_index(drop=True)
    return replace(
        history,
        span=span,
        sales=before(history.sales),
        total=before(history.total),
        transactions=before(history.transactions),
        media=media,
        media_span=media_span,
        prices=before(history.prices),
        traffic=before(history.traffic),
        service=before(history.service),
    )
