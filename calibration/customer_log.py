"""The market of a customer log: its customers enter on the days of their first orders and may come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.case import Case, parameter
from calibration.circumstances import channels_of, drivers_of, last_day
from calibration.moments import Prior
from calibration.series import cohorts, observed
from calibration.statistics import DISCREPANCY, Statistic
from sim.setup import Channel, Setup

if TYPE_CHECKING:
    import pandas as pd

    from calibration.history import Calendar, History

MOST_AGENTS = 3_000
# A log of orders knows nothing of visits: each visit is then an occasion to buy, with an open funnel.
OCCASIONS = {"appeal": 0.5, "bounce": 0.0, "registration": 1.0, "payment": 1.0, "stockout": 0.0} | {
    "mobile_completion": 1.0,
    "desktop_completion": 1.0,
    "return_rate": 0.0,
}


def customer_case(history: History, horizon: int = 0, entrants: NDArray[np.int64] | None = None) -> Case:
    """Return the case of a customer log; see :func:`calibration.reconstruction.reconstruct`.

    Customers who first ordered in the days before the first whole period enter in as many days of burn-in.
    """
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
        drivers=drivers_of(history, channels, (), days, 1),
        burn_in=max(-int(entry[0]), 0),
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
