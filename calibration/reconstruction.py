"""The market that a company's history describes: its channels, customers, media and closures, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.case import Case, pace_of, parameter
from calibration.circumstances import (
    channels_of,
    daily_spend,
    drivers_of,
    kind_of,
    last_day,
    media_of,
    unknown_drivers,
)
from calibration.customer_log import customer_case
from calibration.history import Calendar, History
from calibration.moments import Prior
from calibration.series import observed
from calibration.statistics import DISCREPANCY, Statistic, media_coefficients
from sim.parameters import Parameter
from sim.setup import Channel, Medium, Setup

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["channels_of", "kind_of", "media_of", "period_of_steps", "reconstruct", "unknown_drivers"]

AGENTS = 2_000
BLOCKS = 16


def reconstruct(history: History, horizon: int = 0, entrants: NDArray[np.int64] | None = None) -> Case:
    """Return the case of a history on its own, without a plan.

    Parameters
    ----------
    history
        All of it is used; cut it first for a backtest.
    horizon
        Periods beyond the history that the market shall live through, for forecasts.
    entrants
        Customers of a log who will come after its last period [horizon]; none unless given.

    Raises
    ------
    BadInput
        If there is neither a sales table nor a customer log, or no whole period.
    """
    if history.sales is None and history.transactions is not None:
        return customer_case(history, horizon, entrants)
    return _channel_case(history, horizon)


def period_of_steps(calendar: Calendar, setup: Setup, pace: int) -> NDArray[np.int64]:
    """Return the number of the period in which each step of the market begins [steps]."""
    days = np.datetime64(setup.start, "D") + np.arange(setup.days) * pace
    return np.atleast_1d(np.asarray(calendar.number(days), dtype=np.int64))


def _channel_case(history: History, horizon: int) -> Case:
    calendar, channels = history.calendar, channels_of(history)
    days = (last_day(calendar, horizon) - calendar.first).days + 1
    pace = pace_of(days)
    steps = -(-days // pace)
    media = media_of(history, any(channel.online for channel in channels), pace)
    setup = Setup(
        start=calendar.first,
        days=steps,
        channels=channels,
        media=media,
        customers=AGENTS,
        parameters=_baskets(history, channels) | {f"return_rate.{c.name}": 0.0 for c in channels},
        drivers=drivers_of(history, channels, media, steps, pace),
        burn_in=max(365 // pace, 1),
    )
    series = observed(history)
    shares, free = _shares(series, channels, calendar, setup, pace)
    responses, lifts = _responses(history, series, calendar, media) if pace == 1 else ((), ())
    notes = [
        f"table {name} is read but not fitted"
        for name in ("prices", "service")
        if history.table(name) is not None
    ]
    if media and not responses:
        why = f"it is lived in steps of {pace} days" if pace > 1 else "that takes 60 weeks of days or weeks"
        notes.append(f"answers to media are not fitted: {why}")
    if not shares and not responses:
        what = "one channel" if len(channels) < 2 else "no known share of a channel"
        notes.append(f"{what}: the market has nothing to fit; its residual carries the series")
    return Case(history.name, setup, Prior((*free, *lifts)), (*shares, *responses), pace, 0.0, tuple(notes))


def _baskets(history: History, channels: tuple[Channel, ...]) -> dict[str, float]:
    """Return mean baskets by channel where the history has orders."""
    sales = history.sales
    if sales is None or not {"orders", "revenue"} <= set(sales) or sales["orders"].isna().all():
        return {}
    sums = sales.dropna(subset=["orders", "revenue"]).groupby("channel")[["revenue", "orders"]].sum()
    return {
        f"basket.{name}": float(sums.loc[name, "revenue"] / sums.loc[name, "orders"])
        for name in (channel.name for channel in channels)
        if name in sums.index and sums.loc[name, "orders"] > 0
    }


def _shares(
    series: pd.DataFrame, channels: tuple[Channel, ...], calendar: Calendar, setup: Setup, pace: int
) -> tuple[tuple[Statistic, ...], tuple[Parameter, ...]]:
    """Return each channel's share of sales in up to 16 blocks of time, and what moves shares."""
    measure = "revenue" if "total.revenue" in series else "orders"
    online = [channel for channel in channels if channel.online]
    told = channels[1:] if not channels[0].online else online[: len(channels) - 1]
    told = tuple(channel for channel in told if f"{channel.name}.{measure}" in series)
    if len(channels) < 2 or f"total.{measure}" not in series:
        return (), ()
    step_period = period_of_steps(calendar, setup, pace)
    found = []
    for channel in told:
        share = (series[f"{channel.name}.{measure}"] / series[f"total.{measure}"]).to_numpy()
        known = np.flatnonzero(np.isfinite(share) & (share > 0) & (share < 1))
        for block in np.array_split(known, min(BLOCKS, len(known))) if len(known) else ():
            inside = np.flatnonzero((step_period >= block[0]) & (step_period <= block[-1]))
            if len(inside):
                name = f"{channel.name} share {calendar.start(block[0])}"
                span = (int(inside[0]), int(inside[-1]))
                value = float(share[block].mean())
                found.append(Statistic(name, "channel_share", value, DISCREPANCY, *span, channel.name, True))
    free = [parameter(f"appeal.{c.name}=appeal.{c.kind}") for c in channels]
    names = ("initial_aware", "initial_online_habit", "habit_gain", "habit_pull", "online_drift", "need_rate")
    pulls = ("pull.walk_in", "pull.organic_search", "pull.referral", "pull.direct", "talk_days")
    return tuple(found), (*free, *(parameter(name) for name in (*names, *pulls)))


def _responses(
    history: History, series: pd.DataFrame, calendar: Calendar, media: tuple[Medium, ...]
) -> tuple[tuple[Statistic, ...], tuple[Parameter, ...]]:
    """Return the response of sales to each medium in an auxiliary regression, and the lifts that move it."""
    if not media or "total.revenue" not in series or calendar.period not in ("day", "week"):
        return (), ()
    days = np.datetime64(calendar.first, "D") + np.arange((calendar.last - calendar.first).days + 1)
    weeks = len(days) // 7
    if weeks < 60:
        return (), ()
    daily = daily_spend(history, media, days)[: 7 * weeks].reshape(weeks, 7, -1).sum(axis=1)
    sales = _weekly(series["total.revenue"], calendar, weeks)
    coefficients, errors = media_coefficients(sales, daily)
    found = [
        Statistic(
            f"response to {m.name}",
            "response",
            float(np.exp(b)),
            float(max(e, 0.005)),
            0,
            len(days) - 1,
            m.name,
        )
        for m, b, e in zip(media, coefficients, errors, strict=True)
    ]
    lifts = [parameter(f"lift.{m.name}=lift.other") for m in media if m.action == "broadcast"]
    costs = [parameter(f"cpc.{m.name}=cpc.other") for m in media if m.action == "click"]
    return tuple(found), (*lifts, *costs)


def _weekly(total: pd.Series, calendar: Calendar, weeks: int) -> NDArray[np.float64]:
    """Return sales of the first ``weeks`` spans of seven days from the calendar's first day."""
    values = total.interpolate(limit_direction="both").to_numpy()
    if calendar.period == "week":
        return np.asarray(values[:weeks], dtype=float)
    return np.asarray(values[: 7 * weeks].reshape(weeks, 7).sum(axis=1), dtype=float)
