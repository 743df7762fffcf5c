"""Members of an ensemble live through past and future: what the market itself says of every series.

To a table of sales the market is fitted in shares of channels and answers to media, never in the level of the
whole: of amounts it then says what closures, media and other known forces moved, by living each member once
more in calm days. A customer log's market has the history's own customers, and speaks of levels too. Where
something special is known to lie ahead, members live once more without it, so that its effect can be laid on
the forecasts of those who cannot know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.case import Case
from calibration.fit import Fit, member_seed
from calibration.history import Calendar, History, season_length
from calibration.reconstruction import reconstruct
from calibration.residuals import project
from calibration.series import acquisitions
from sim.customers.exchange import DISCOUNTS, LIST_SALES, ORDERS, REPEAT_ORDERS, RETURNED_SALES
from sim.setup import Drivers

if TYPE_CHECKING:
    from scenarios.executor import Pool

Array = NDArray[np.float64]
# Members whose future is simulated. Paths of shares differ much from member to member: the mean of a dozen
# errs by their luck (decision 35).
LIVED, SHARES_LIVED = 24, 96
FAR, TOLERATED = 50.0, 2.0  # standard errors that count at most; times the better half's misfit
LEAST = 0.01  # of a calm mean: less is luck of few customers, and divides nothing
TESTED = 0.02  # log of amounts that a force must have moved in the past for its answer to be tested
STOPPED = 8  # periods without a new customer after which none is expected


def lives(
    history: History, fitted: Fit, horizon: int, season: int, pool: Pool, seed: int
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return the members' series [members, known + horizon] by name, and the same without the news ahead.

    The second is empty where nothing special lies ahead, and holds no amounts that the past never tested: of
    these the market gives its own opinion alone. Amounts are levels for a customer log, otherwise what was
    moved, 1 being nothing.
    """
    calendar, known = history.calendar, len(history.calendar)
    case = future_case(history, fitted.case, horizon, season, seed)
    lived = _live(case, fitted, calendar, horizon, pool, seed)
    usual = _usual(history, fitted, horizon, season, pool, seed)
    if case.fraction > 0.0:
        return lived, usual
    calm = _calm(case, fitted, calendar, horizon, pool, seed)
    lived, usual = (_moved(some, calm) for some in (lived, usual))
    usual = {name: path for name, path in usual.items() if _tested(lived[name], known, name)}
    return {name: _doubted(path, known, name) for name, path in lived.items()}, usual


def future_case(history: History, fitted: Case, horizon: int, season: int, seed: int) -> Case:
    """Return the fitted case with its days running on beyond the history, new customers of a log included."""
    entrants = None
    if fitted.setup.entry is not None:
        entrants = coming_customers(history, horizon, season, seed)
    return replace(reconstruct(history, horizon, entrants), prior=fitted.prior)


def coming_customers(history: History, horizon: int, season: int, seed: int) -> NDArray[np.int64]:
    """Project the number of first orders in each coming period [horizon] from those of the past.

    None where none came for `STOPPED` periods: a log of customers won in one campaign, say.
    """
    import pandas as pd

    past = acquisitions(history)
    if not past.iloc[-STOPPED:].any():
        return np.zeros(horizon, dtype=np.int64)
    logs = pd.Series(np.log1p(past.to_numpy(dtype=float)), index=past.index)
    paths = project(logs, horizon, season, (seed, "acquisitions"), 200)
    return np.asarray(np.rint(np.maximum(np.expm1(np.median(paths, axis=0)), 0.0)), dtype=np.int64)


def _live(
    case: Case, fitted: Fit, calendar: Calendar, horizon: int, pool: Pool, seed: int
) -> dict[str, Array]:
    """Simulate members over past and future; return series [members, periods] by name."""
    chosen = _near(fitted)
    days = np.datetime64(case.setup.start, "D") + np.arange(case.setup.days * case.pace)
    periods = np.atleast_1d(np.asarray(calendar.number(days), dtype=np.int64))
    count = len(calendar) + horizon
    jobs = [
        (case, case.prior.values(fitted.members[j]), member_seed(seed, int(j)), periods, count)
        for j in chosen
    ]
    rows: list[dict[str, Array]] = [{} for _ in jobs]
    for position, found in pool.run(simulate_series, jobs):
        rows[position] = found
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _near(fitted: Fit) -> NDArray[np.int64]:
    """Return which members live on, at most `LIVED` (`SHARES_LIVED` without a log): of those near, evenly.

    A member far from its figures is no market that could have made the history: those farther off than
    `TOLERATED` times the better half's median are left out, if that leaves half of them.
    """
    count = len(fitted.members)
    every = np.arange(count)
    if len(fitted.case.statistics):
        off = (fitted.simulated - fitted.case.observed) / fitted.case.errors
        far = np.nanmean(np.minimum(np.abs(np.nan_to_num(off, nan=FAR)), FAR), axis=1)
        limit = TOLERATED * float(np.median(np.sort(far)[: max(count // 2, 1)]))
        every = np.flatnonzero(far <= max(limit, float(np.median(far))))
    most = LIVED if fitted.case.fraction > 0.0 else SHARES_LIVED
    return np.asarray(every[np.unique(np.linspace(0, len(every) - 1, most).astype(int))])


def fits_shares(case: Case) -> bool:
    """Return whether a case is fitted to channels' shares over time."""
    return any(statistic.kind == "channel_share" for statistic in case.statistics)


def _usual(
    history: History, fitted: Fit, horizon: int, season: int, pool: Pool, seed: int
) -> dict[str, Array]:
    """Simulate the same members had nothing special lain ahead; empty where nothing does."""
    plain = without_news(history, horizon)
    if plain is None:
        return {}
    case = future_case(plain, fitted.case, horizon, season, seed)
    return _live(case, fitted, history.calendar, horizon, pool, seed)


def _calm(
    case: Case, fitted: Fit, calendar: Calendar, horizon: int, pool: Pool, seed: int
) -> dict[str, Array]:
    """Simulate the same members in calm days: all open, media at their mean; empty where days are calm."""
    drivers, days = case.setup.drivers, case.setup.days
    normal = Drivers.constant(days, len(case.setup.channels), len(case.setup.media))
    normal.spend[:] = drivers.spend.mean(axis=0)
    if all(np.array_equal(getattr(drivers, f.name), getattr(normal, f.name)) for f in fields(Drivers)):
        return {}
    return _live(
        replace(case, setup=replace(case.setup, drivers=normal)), fitted, calendar, horizon, pool, seed
    )


def _moved(lived: Mapping[str, Array], calm: Mapping[str, Array]) -> dict[str, Array]:
    """Return shares as they are, and of amounts what days that were not calm moved, 1 being nothing."""
    return {
        name: path
        if name.endswith(" share")
        else path / np.maximum(calm[name], LEAST * calm[name].mean())
        if name in calm
        else np.ones_like(path)
        for name, path in lived.items()
    }


def _doubted(moved: Array, known: int, name: str) -> Array:
    """Return the members' answers in amounts [members, periods], doubted where the past never tested them.

    Of a closure without precedent in the history nothing says what the whole loses: needs may be put off or
    met elsewhere. Members then stand for answers from nothing to all that the market makes of it, evenly.
    """
    if _tested(moved, known, name):
        return moved
    part = (np.arange(len(moved)) + 0.5) / len(moved)
    return np.asarray(np.maximum(moved, LEAST) ** part[:, None])


def _tested(moved: Array, known: int, name: str) -> bool:
    """Tell whether the past holds answers of members [members, periods] to some force; of shares always."""
    logs = np.log(np.maximum(moved[:, :known], LEAST)).mean(axis=0)
    return name.endswith(" share") or bool(np.abs(logs).max() > TESTED)


def without_news(history: History, horizon: int) -> History | None:
    """Return the history with its drivers ahead as a year before, or nothing where that is what they are."""
    table, span = history.drivers, history.drivers_span
    if table is None or span is None:
        return None
    first, end = (history.calendar.start(len(history.calendar) + k) for k in (0, horizon))
    ahead = ((table["date"] >= first) & (table["date"] < end)).to_numpy()
    past = (table["date"] < first).to_numpy()
    number = np.asarray(span.number(table["date"])).reshape(-1)
    known = {
        (name, when): value
        for name, when, value in zip(table["driver"][past], number[past], table["value"][past], strict=True)
    }
    year, usual = season_length(span.period), []
    for name, when in zip(table["driver"][ahead], number[ahead], strict=True):
        back = when - year * np.arange(1, when // year + 1)
        usual.append(next((known[name, day] for day in back.tolist() if (name, day) in known), 1.0))
    if np.array_equal(usual, table["value"].to_numpy(dtype=float)[ahead]):
        return None
    plain = table.copy()
    plain["value"] = plain["value"].astype(float)
    plain.loc[ahead, "value"] = usual
    return replace(history, drivers=plain)


def simulate_series(job: tuple[Case, dict[str, float], int, NDArray[np.int64], int]) -> dict[str, Array]:
    """Live one member through past and future; return its series [periods], named as `observed` does.

    The job holds the period of every day: a step of several days is shared out over the periods it touches,
    or a quarter of nine steps would sell an eighth more than one of eight.
    """
    from sim.market import Market

    case, values, seed, periods, count = job
    market = Market.from_setup(case.with_values(values), seed)
    ledger = market.run()
    events = ledger.events[ledger.offset :].astype(float) / (case.fraction or 1.0)
    money = (events[:, :, LIST_SALES] - events[:, :, DISCOUNTS] - events[:, :, RETURNED_SALES]) / 100.0

    def by_period(daily: Array) -> Array:
        even = np.repeat(daily / case.pace, case.pace)
        return np.asarray(np.bincount(periods, weights=even, minlength=count)[:count], dtype=float)

    names = [channel.name for channel in case.setup.channels]
    found = {f"{name}.revenue": by_period(money[:, c]) for c, name in enumerate(names)}
    found |= {f"{name}.orders": by_period(events[:, c, ORDERS]) for c, name in enumerate(names)}
    found["total.revenue"] = by_period(money.sum(axis=1))
    found["total.orders"] = by_period(events[:, :, ORDERS].sum(axis=1))
    found["repeat.orders"] = by_period(events[:, :, REPEAT_ORDERS].sum(axis=1))
    for measure in ("revenue", "orders"):
        whole = np.maximum(found[f"total.{measure}"], 1e-9)
        found |= {f"{name}.{measure} share": found[f"{name}.{measure}"] / whole for name in names}
    return found
