"""The market that a company's history describes: its channels, customers, media and closures, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.case import Case, pace_of, parameter
from calibration.history import Calendar, History
from calibration.moments import Prior
from calibration.series import cohorts, observed
from calibration.statistics import Statistic, media_coefficients
from scenarios.drivers import DIGITAL_HALF_LIFE, HALF_LIFE
from scenarios.plan.vocabulary import MEDIA
from sim.parameters import Parameter
from sim.setup import Channel, Drivers, Kind, Medium, Setup

if TYPE_CHECKING:
    import pandas as pd

AGENTS, MOST_AGENTS = 2_000, 3_000
BLOCKS = 16
DISCREPANCY = 0.03  # what no model of this size gets right, on log and logit scales
WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("store", ("store", "shop_floor", "offline", "branch", "retail", "outlet", "physical")),
    ("marketplace", ("market", "mall", "amazon", "ebay", "tmall", "taobao", "jd", "pdd")),
    ("social", ("social", "live", "douyin", "tiktok", "wechat", "instagram")),
)
# A log of orders knows nothing of visits: each visit is then an occasion to buy, with an open funnel.
OCCASIONS = {"appeal": 0.5, "bounce": 0.0, "registration": 1.0, "payment": 1.0, "stockout": 0.0} | {
    "mobile_completion": 1.0,
    "desktop_completion": 1.0,
    "return_rate": 0.0,
}
BOUGHT = 0.15  # orders per need under those settings, roughly


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
        return _customer_case(history, horizon, entrants)
    return _channel_case(history, horizon)


def kind_of(name: str) -> Kind:
    """Guess a channel's kind from its name; what sounds like nothing else is an own online shop."""
    lowered = name.lower()
    return next((kind for kind, words in WORDS if any(word in lowered for word in words)), "own")


def channels_of(history: History) -> tuple[Channel, ...]:
    """Return the history's channels; a lone ``total`` is a store chain."""
    names = history.channels or ("store",)
    return tuple(Channel(name, kind_of(name)) for name in names)


def last_day(calendar: Calendar, horizon: int) -> date:
    """Return the last day of the period ``horizon`` periods after the calendar's last."""
    after: date = calendar.start(len(calendar) + horizon).item()
    return after - timedelta(days=1)


def period_of_steps(calendar: Calendar, setup: Setup, pace: int) -> NDArray[np.int64]:
    """Return the number of the period in which each step of the market begins [steps]."""
    days = np.datetime64(setup.start, "D") + np.arange(setup.days) * pace
    return np.atleast_1d(np.asarray(calendar.number(days), dtype=np.int64))


def _channel_case(history: History, horizon: int) -> Case:
    calendar, channels = history.calendar, channels_of(history)
    days = (last_day(calendar, horizon) - calendar.first).days + 1
    pace = pace_of(days)
    steps = -(-days // pace)
    media = media_of(history, any(channel.online for channel in channels))
    setup = Setup(
        start=calendar.first,
        days=steps,
        channels=channels,
        media=media,
        customers=AGENTS,
        parameters=_baskets(history, channels) | {f"return_rate.{c.name}": 0.0 for c in channels},
        drivers=_drivers(history, channels, media, steps, pace),
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
    if not shares and not responses:
        notes.append(
            "one channel and no media: the market has nothing to fit; its residual carries the series"
        )
    return Case(history.name, setup, Prior((*free, *lifts)), (*shares, *responses), pace, 0.0, tuple(notes))


def _baskets(history: History, channels: tuple[Channel, ...]) -> dict[str, float]:
    """Return mean baskets by channel where the history has orders."""
    sales = history.sales
    if sales is None or "orders" not in sales or sales["orders"].isna().all():
        return {}
    sums = sales.dropna(subset=["orders", "revenue"]).groupby("channel")[["revenue", "orders"]].sum()
    return {
        f"basket.{name}": float(sums.loc[name, "revenue"] / sums.loc[name, "orders"])
        for name in (channel.name for channel in channels)
        if name in sums.index and sums.loc[name, "orders"] > 0
    }


def media_of(history: History, online: bool) -> tuple[Medium, ...]:
    """Return the history's media with spend; where nothing is sold online, clicks act like broadcast."""
    if history.media is None or "spend" not in history.media:
        return ()
    spend = history.media.groupby("source")["spend"].sum()
    span = history.media_span
    assert span is not None
    days = max((span.last - span.first).days + 1, 1)
    made = []
    for name in sorted(str(source) for source in spend.index[spend > 0]):
        kind = MEDIA.get(name)
        click = online and kind is not None and kind.action == "click"
        made.append(
            Medium(
                name,
                "click" if click else "broadcast",
                kind.source if click and kind else None,
                HALF_LIFE.get(name, DIGITAL_HALF_LIFE),
                float(spend[name]) / days,
            )
        )
    return tuple(made)


def _drivers(
    history: History, channels: tuple[Channel, ...], media: tuple[Medium, ...], steps: int, pace: int
) -> Drivers:
    """Return normal days with the history's media spend and known outside forces laid over them."""
    drivers = Drivers.constant(steps, len(channels), len(media))
    days = np.datetime64(history.calendar.first, "D") + np.arange(steps) * pace
    if history.media is not None and history.media_span is not None:
        drivers.spend[:] = _daily_spend(history, media, days) * pace
    if history.drivers is not None and history.drivers_span is not None:
        _lay_over(drivers, history, channels, days)
    return drivers


def _daily_spend(
    history: History, media: tuple[Medium, ...], days: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """Return spend a day by medium [steps, M]; after the last known period, the mean of the last year's."""
    table, span = history.media, history.media_span
    assert table is not None and span is not None
    first, last = span.bounds(span.periods())
    lengths = (last - first).astype(int) + 1
    wide = table.pivot_table(index="date", columns="source", values="spend", aggfunc="sum")
    wide = wide.reindex(index=span.periods(), columns=[m.name for m in media]).fillna(0.0)
    daily = wide.to_numpy() / lengths[:, None]
    year = max(1, int(365 / lengths.mean()))
    number = np.atleast_1d(np.asarray(span.number(days)))
    known = (number >= 0) & (number < len(daily))
    rows = daily[np.clip(number, 0, len(daily) - 1)]
    return np.where(known[:, None], rows, np.where((number < 0)[:, None], 0.0, daily[-year:].mean(axis=0)))


def _lay_over(
    drivers: Drivers, history: History, channels: tuple[Channel, ...], days: NDArray[np.datetime64]
) -> None:
    """Lay ``<channel>.<driver>`` (or a channel-less driver) of the history over the normal days."""
    table, span = history.drivers, history.drivers_span
    assert table is not None and span is not None
    number = np.atleast_1d(np.asarray(span.number(days)))
    for name, rows in table.groupby("driver"):
        values = dict(zip(np.atleast_1d(np.asarray(span.number(rows["date"]))), rows["value"], strict=True))
        course = np.array([float(values.get(n, 1.0)) for n in number])
        head, _, tail = str(name).rpartition(".")
        target = getattr(drivers, tail, None)
        if target is None:
            continue
        if target.ndim == 1:
            target *= course
        else:
            columns = [c for c, channel in enumerate(channels) if head in ("", channel.name)]
            target[:, columns] *= course[:, None]


def unknown_drivers(history: History) -> list[str]:
    """Return the names of the history's drivers that act on nothing in the market."""
    if history.drivers is None:
        return []
    names = [str(name) for name in history.drivers["driver"].unique()]
    known = set(Drivers.__dataclass_fields__)
    return [n for n in names if n.rpartition(".")[2] not in known]


def _shares(
    series: pd.DataFrame, channels: tuple[Channel, ...], calendar: Calendar, setup: Setup, pace: int
) -> tuple[tuple[Statistic, ...], tuple[Parameter, ...]]:
    """Return each channel's share of sales in up to 16 blocks of time, and what moves shares."""
    if len(channels) < 2:
        return (), ()
    step_period = period_of_steps(calendar, setup, pace)
    found = []
    for channel in (
        channels[1:] if not channels[0].online else [c for c in channels if c.online][: len(channels) - 1]
    ):
        share = (series[f"{channel.name}.revenue"] / series["total.revenue"]).to_numpy()
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
    if not media or history.media is None or calendar.period not in ("day", "week"):
        return (), ()
    days = np.datetime64(calendar.first, "D") + np.arange((calendar.last - calendar.first).days + 1)
    weeks = len(days) // 7
    if weeks < 60:
        return (), ()
    daily = _daily_spend(history, media, days)[: 7 * weeks].reshape(weeks, 7, -1).sum(axis=1)
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


def _customer_case(history: History, horizon: int, entrants: NDArray[np.int64] | None) -> Case:
    """Return the case of a customer log: its customers enter on the days of their first orders."""
    calendar, table = history.calendar, cohorts(history)
    channels = channels_of(history)
    first = (table["first"].to_numpy().astype("datetime64[D]") - np.datetime64(calendar.first, "D")).astype(
        int
    )
    entry = np.sort(np.concatenate([first, _future_entries(calendar, entrants)]))
    step = -(-len(entry) // MOST_AGENTS)
    entry = entry[::step].astype(np.int64)
    days = (last_day(calendar, horizon) - calendar.first).days + 1
    known = (calendar.last - calendar.first).days + 1
    families = {f"{family}.{c.name}": value for c in channels for family, value in OCCASIONS.items()}
    setup = Setup(
        start=calendar.first,
        days=days,
        channels=channels,
        customers=len(entry),
        parameters=families | _amounts(table, channels),
        drivers=_drivers(history, channels, (), days, 1),
        entry=entry,
    )
    statistics = _repeats(history, table, calendar, known, 1.0 / step)
    names = ("need_rate", "need_shape", "dropout", "dropout_spread", "winback", "habit_gain", "habit_weight")
    return Case(
        history.name,
        setup,
        Prior(tuple(parameter(n) for n in names)),
        statistics,
        1,
        1.0 / step,
        _log_notes(channels),
    )


def _log_notes(channels: tuple[Channel, ...]) -> tuple[str, ...]:
    notes = ["a log holds no visits: conversion and sources keep their assumptions"]
    if len(channels) > 1:
        notes.append(f"first orders enter through {channels[0].name}; later ones choose their channel")
    return tuple(notes)


def _future_entries(calendar: Calendar, entrants: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Return entry days of customers still to come, spread evenly over each period."""
    if entrants is None:
        return np.zeros(0, np.int64)
    days = []
    for k, count in enumerate(entrants):
        start = (calendar.start(len(calendar) + k) - np.datetime64(calendar.first, "D")).astype(int)
        length = (calendar.start(len(calendar) + k + 1) - calendar.start(len(calendar) + k)).astype(int)
        days.append(start + (np.arange(int(count)) * int(length)) // max(int(count), 1))
    return np.concatenate(days).astype(np.int64) if days else np.zeros(0, np.int64)


def _amounts(table: pd.DataFrame, channels: tuple[Channel, ...]) -> dict[str, float]:
    """Return basket level and spreads from customers' mean amounts."""
    mean = float((table["amount"] * table["orders"]).sum() / table["orders"].sum())
    logs = np.log(table.loc[table["amount"] > 0, "amount"].to_numpy())
    spread = float(np.clip(logs.std(), 0.1, 2.0)) if len(logs) > 1 else 0.4
    shared = {"basket_between": spread / np.sqrt(2), "basket_within": spread / np.sqrt(2)}
    return {f"basket.{channel.name}": max(mean, 0.01) for channel in channels} | shared


def _repeats(
    history: History, table: pd.DataFrame, calendar: Calendar, days: int, fraction: float
) -> tuple[Statistic, ...]:
    """Return repeat orders over time and the distribution of orders per customer."""
    repeat = observed(history)["repeat.orders"].fillna(0.0).to_numpy()
    begin, end = calendar.bounds(calendar.periods())
    zero = np.datetime64(calendar.first, "D")
    found = []
    for block in np.array_split(np.arange(len(repeat)), min(10, len(repeat))):
        count = float(repeat[block].sum()) * fraction
        if count < 5:
            continue
        span = (int((begin[block[0]] - zero).astype(int)), int((end[block[-1]] - zero).astype(int)))
        error = float(np.sqrt(1.0 / count + 4 * DISCREPANCY**2))
        found.append(Statistic(f"repeat orders from {begin[block[0]]}", "repeat", count, error, *span))
    repeats = table["repeat_orders"].to_numpy()
    for member in ("0", "1", "2", "3+", "7+"):
        count = int(member.rstrip("+"))
        share = float((repeats >= count if member.endswith("+") else repeats == count).mean())
        if 0.0 < share < 1.0:
            error = float(np.sqrt(1.0 / (len(repeats) * share * (1 - share)) + DISCREPANCY**2))
            name = f"customers with {member} repeat orders"
            found.append(Statistic(name, "frequency", share, error, 0, days - 1, member, True))
    return tuple(found)
