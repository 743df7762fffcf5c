"""Forecasts of a history's own series: the market's structure, and what statsmodels knows of the rest.

The market is fitted to the history and lived on beyond its end; the log ratio of history to market (log
odds for shares) is projected by structural time series models (:mod:`calibration.residuals`); the market's
forecast is their product. Members of the ensemble add the spread of their own trends, so that doubt about the
parameters widens the interval with the horizon.

The market speaks of what it was fitted to. To a table of sales it is fitted in shares of channels and answers
to media, never in the level of the whole: of that it says what closures, media and other known forces moved,
by living each member once more in calm days. A customer log's market has the history's own customers, and
speaks of levels too.

That forecast is pooled with the mean of ETS, SARIMAX and UCM of the series alone, and for a customer log with
a model of repeat buying (:mod:`calibration.candidates`), by weights and a width learnt on inner folds
(:mod:`calibration.pooling`): where the market does not know better, the forecast leans on them. What is known
to come, a closure say, only the market can answer; its answer is laid on theirs. Totals and shares are
pooled, parts are their product: channels add up on every path.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.baselines import Forecast
from calibration.candidates import Subject, pooled
from calibration.case import Case
from calibration.fit import Fit, fit, member_seed
from calibration.history import Calendar, History, season_length
from calibration.origins import truncate
from calibration.pooling import PATHS, inner_origins
from calibration.reconstruction import reconstruct
from calibration.repeat_buying import repeat_path
from calibration.residuals import project
from calibration.series import acquisitions, observed
from sim.customers.exchange import DISCOUNTS, LIST_SALES, ORDERS, REPEAT_ORDERS, RETURNED_SALES
from sim.setup import Drivers

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.executor import Pool, Progress

Array = NDArray[np.float64]
Ahead = Callable[..., Array]  # (name, past [known], whether a share) -> paths [400, horizon]
LIVED, LED = 24, 12  # members whose future is simulated; where each was led to the history by itself
LARGER = 3  # times the agents of the fit that live it: a period's share of few orders is mostly luck
FAR, TOLERATED = 50.0, 2.0  # standard errors that count at most; times the better half's misfit
LEAST = 0.01  # of a calm mean: less is luck of few customers, and divides nothing
TESTED = 0.02  # log of amounts that a force must have moved in the past for its answer to be tested
STOPPED = 8  # periods without a new customer after which none is expected
BACKTEST_MEMBERS, BACKTEST_CLOUDS = 24, (1.0, 0.6, 0.35, 0.25)
# Shares over many years bend with their parameters: members of such a fit are led to them one by one.
ROUNDS = 5


def market_forecaster(
    pool: Pool,
    members: int | None = None,
    clouds: Sequence[float] = BACKTEST_CLOUDS,
    progress: Progress | None = None,
    rounds: int | None = None,
) -> Callable[[History, date, int, int], dict[str, Forecast]]:
    """Return a forecaster that fits the market to each past it is given, for backtests.

    Without ``members`` and ``rounds``: the usual number; where shares are fitted, half as many, each led to
    them in `ROUNDS` rounds.
    """

    def forecaster(history: History, cutoff: date, horizon: int, seed: int) -> dict[str, Forecast]:
        case = reconstruct(history)
        shares = _fits_shares(case)
        count = members or (LED if shares else BACKTEST_MEMBERS)
        moves = (ROUNDS if shares else 0) if rounds is None else rounds
        fitted = fit(case, pool, seed, count, clouds, progress, moves)
        return forecast(history, fitted, horizon, pool, seed)

    return forecaster


def forecast(history: History, fitted: Fit, horizon: int, pool: Pool, seed: int) -> dict[str, Forecast]:
    """Forecast every observed series of a history ``horizon`` periods beyond its end.

    Returns
    -------
    dict
        Series name, as `observed` has them, to point forecast [horizon] and sample paths [400, horizon]. The
        point is the median of the paths: errors are scored as absolute ones, which the median makes least,
        and amounts are projected as logarithms, whose widening spread would lift a mean with the horizon.
    """
    calendar, series = history.calendar, observed(history)
    season = season_length(calendar.period)
    case = future_case(history, fitted.case, horizon, season, seed)
    lived = _live(case, fitted, calendar, horizon, pool, seed)
    usual = _usual(history, fitted, horizon, season, pool, seed)
    log = case.fraction > 0.0
    if not log:
        calm = _calm(case, fitted, calendar, horizon, pool, seed)
        lived, usual = _moved(lived, calm), _moved(usual, calm)
        lived, usual = ({k: _doubted(v, len(series), k) for k, v in some.items()} for some in (lived, usual))
    expected = expectations(history, horizon, season, seed) if log else {}
    recipes: dict[str, dict[str, float | str]] = {}

    def ahead(name: str, seen: Array, share: bool = False) -> Array:
        # A customer log's market grows by its customers; elsewhere only statsmodels knows of growth.
        trend = not log and not share
        subject = Subject(name, seen, lived[name], calendar, season, share, trend, seed, expected.get(name))
        paths, recipe = pooled(subject, pool, usual.get(name))
        recipes[name] = recipe.document()
        return paths

    found: dict[str, Array] = {}
    for measure in ("revenue", "orders"):
        found |= _by_channel(series, measure, len(case.setup.channels), season, ahead)
    if "repeat.orders" in series:
        found["repeat.orders"] = ahead("repeat.orders", series["repeat.orders"].to_numpy(dtype=float))
    lone = len(case.setup.channels) == 1
    return {
        name: Forecast(np.median(found[name], axis=0), found[name], _recipe_of(name, recipes, lone))
        for name in series
        if name in found
    }


def _recipe_of(
    name: str, recipes: Mapping[str, dict[str, float | str]], lone: bool
) -> dict[str, float | str] | None:
    """Return how a series was pooled; none for what is a product of two pools.

    A lone channel is the total. The online share goes by its own name or, of two channels, by the smaller's.
    """
    if name == "online.share":
        shares = [recipe for told, recipe in recipes.items() if told.endswith(".revenue share")]
        own = [recipe for told, recipe in recipes.items() if told.casefold() == "online.revenue share"]
        return next(iter([*own, *shares]), None)
    measure = name.rpartition(".")[2]
    return recipes.get(name) or (recipes.get(f"total.{measure}") if lone else None)


def future_case(history: History, fitted: Case, horizon: int, season: int, seed: int) -> Case:
    """Return the fitted case with its days running on beyond the history, new customers of a log included."""
    entrants = None
    if fitted.setup.entry is not None:
        entrants = coming_customers(history, horizon, season, seed)
    return replace(reconstruct(history, horizon, entrants), prior=fitted.prior)


def expectations(history: History, horizon: int, season: int, seed: int) -> dict[str, dict[int, Array]]:
    """Return what a model of repeat buying expects, by series and by the periods it had been fitted to.

    It is fitted at the end of the history and at each inner origin. Where it cannot be (few customers came
    back), it is left out there. Revenue is told in orders: only the shape of the path is used.
    """
    calendar = history.calendar
    ahead, origins = inner_origins(len(calendar), horizon)
    names = ("repeat.orders", "total.orders", "total.revenue")
    found: dict[str, dict[int, Array]] = {name: {} for name in names}
    for known, steps in (*((origin, ahead) for origin in origins), (len(calendar), horizon)):
        past = truncate(history, (calendar.start(known) - 1).item())
        with contextlib.suppress(ValueError):
            path = repeat_path(past, steps, coming_customers(past, steps, season, seed))
            found["repeat.orders"][known] = path.repeat
            found["total.orders"][known] = found["total.revenue"][known] = path.repeat + path.new
    return found


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
    if _fits_shares(case):
        case = replace(case, setup=replace(case.setup, customers=LARGER * case.setup.customers))
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
    """Return which members live on, at most `LIVED` (`LED` without a log): of those near to history, evenly.

    A member that no round led to the figures is no market that could have made the history: those farther
    off than `TOLERATED` times the better half's median are left out, if that leaves half of them.
    """
    count = len(fitted.members)
    every = np.arange(count)
    if len(fitted.case.statistics):
        off = (fitted.simulated - fitted.case.observed) / fitted.case.errors
        far = np.nanmean(np.minimum(np.abs(np.nan_to_num(off, nan=FAR)), FAR), axis=1)
        limit = TOLERATED * float(np.median(np.sort(far)[: max(count // 2, 1)]))
        every = np.flatnonzero(far <= max(limit, float(np.median(far))))
    most = LIVED if fitted.case.fraction > 0.0 else LED
    return np.asarray(every[np.unique(np.linspace(0, len(every) - 1, most).astype(int))])


def _fits_shares(case: Case) -> bool:
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
    logs = np.log(np.maximum(moved, LEAST))
    if name.endswith(" share") or np.abs(logs[:, :known].mean(axis=0)).max() > TESTED:
        return moved
    part = (np.arange(len(moved)) + 0.5) / len(moved)
    return np.asarray(np.exp(logs * part[:, None]))


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


def _by_channel(
    series: pd.DataFrame, measure: str, channels: int, season: int, ahead: Ahead
) -> dict[str, Array]:
    """Return paths of a measure's total and of each channel's part of it, and of the online share.

    Where the total is not known, the channels that are known are projected one by one.
    """
    known = [str(name) for name in series if series[name].notna().any()]
    total = f"total.{measure}"
    parts = [name for name in known if name.endswith(f".{measure}") and name not in (total, "repeat.orders")]
    if total not in known:
        return {name: ahead(name, series[name].to_numpy(dtype=float)) for name in parts}
    found = {total: ahead(total, series[total].to_numpy(dtype=float))}
    whole = series[total].to_numpy(dtype=float)
    shares = _shares(series[parts], whole, len(parts) == channels, season, ahead)
    found |= {name: found[total] * share for name, share in shares.items()}
    online = next((name for name in parts if name.casefold() == "online.revenue"), "")
    if online and "online.share" in series:
        found["online.share"] = shares[online]
    return found


def _shares(parts: pd.DataFrame, whole: Array, complete: bool, season: int, ahead: Ahead) -> dict[str, Array]:
    """Return paths of each part's share of the whole; ``complete`` parts sum to 1."""
    names = [str(name) for name in parts]
    if complete and len(names) == 1:
        return {names[0]: np.ones((PATHS, 1))}
    past = {name: _share_of(parts[name].to_numpy(dtype=float), whole) for name in names}
    if (
        complete and len(names) == 2
    ):  # one share says both: the smaller, whose log odds are the better described
        small, other = sorted(names, key=lambda name: float(np.nansum(parts[name].to_numpy()[-season:])))
        share = ahead(f"{small} share", past[small], True)
        return {small: share, other: 1.0 - share}
    shares = {name: ahead(f"{name} share", past[name], True) for name in names}
    together = np.sum(list(shares.values()), axis=0) if complete else 1.0
    return {name: share / together for name, share in shares.items()}


def _share_of(part: Array, whole: Array) -> Array:
    """Return part over whole, NaN where there is no whole."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)
