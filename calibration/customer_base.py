"""What a model of the customer base alone would say: BG/NBD and Pareto/NBD through ``lifetimes``.

The classics of repeat buying see no price, channel or campaign, only who bought when: the bar for repeat
orders. Their parameters are fitted by maximum likelihood to each customer's (repeat days, recency, age); the
orders of every known customer are then drawn from that customer's posterior. New customers come in the
number that exponential smoothing expects, not at all once acquisition has stopped, and repeat as the
population does.

Sources: Fader, Hardie & Lee 2005, Marketing Science 24:275-284 (BG/NBD); Schmittlein, Morrison & Colombo
1987, Management Science 33:1-24 (Pareto/NBD). ``lifetimes`` is optional; without it both models are absent.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from calibration.baselines import BASELINES, PATHS, Forecast
from calibration.selection import quiet

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from calibration.history import History

    Array = NDArray[np.float64]
    Whole = NDArray[np.intp]

STOPPED = 8
"""Acquisition is over when this many periods in a row brought no new customer."""
SHRINKAGE = (0.0, 0.001, 0.01, 0.1)
"""Penalties on the parameters, tried in turn until the fit converges."""

Draw = Callable[["Whole", float, np.random.Generator], "tuple[Whole, Array]"]
"""(customers alive, weeks ahead, generator) -> owner, by position, and time in weeks of each order day."""


@dataclass(frozen=True)
class Base:
    """Customers at the origin; times in weeks.

    Attributes
    ----------
    repeats, recency, age : ndarray of shape (customers,)
        Days with an order after the first; time of the last order and of the origin since the first.
    orders_a_day : float
        Repeat orders on a day with any.
    """

    repeats: Array
    recency: Array
    age: Array
    orders_a_day: float


def customer_base(history: History) -> Base:
    """Return the customers of a history's log as the models see them, at the end of its last whole period.

    Raises
    ------
    ValueError
        If no customer with an order is known.
    """
    import pandas as pd

    log = history.transactions
    if log is None:
        raise ValueError("the history has no customer log")
    end = pd.Timestamp(history.calendar.last) + pd.Timedelta(days=1)
    log = log[(log["amount"] > 0) & log["customer"].notna() & (log["date"] < end)]
    if log.empty:
        raise ValueError("the customer log holds no order of a known customer")
    days = log["date"].dt.normalize()
    seen = pd.DataFrame({"customer": log["customer"], "day": days}).drop_duplicates()
    table = seen.groupby("customer", sort=True)["day"].agg(["min", "max", "size"])
    repeats = table["size"].to_numpy(dtype=float) - 1.0
    ordered = len(log) - len(table)
    return Base(
        repeats=repeats,
        recency=_weeks(table["max"] - table["min"]),
        age=_weeks(end - table["min"]),
        orders_a_day=ordered / repeats.sum() if repeats.sum() else 1.0,
    )


def _weeks(spans: pd.Series) -> Array:
    return np.asarray(spans.dt.days, dtype=float) / 7.0


def bg_nbd(base: Base) -> tuple[Any, Draw]:
    """Fit BG/NBD; return the ``lifetimes`` fitter and how the living behave from the origin on.

    A customer buys at rate lambda and leaves after each purchase with probability p. Given that one is alive,
    lambda is Gamma(r + x, alpha + T) and p Beta(a, b + x).
    """
    from lifetimes import BetaGeoFitter

    fitter = _fitted(BetaGeoFitter, base)
    r, alpha, a, b = (float(fitter.params_[name]) for name in ("r", "alpha", "a", "b"))

    def draw(who: Whole, weeks: float, rng: np.random.Generator) -> tuple[Whole, Array]:
        rate = rng.gamma(r + base.repeats[who], 1.0 / (alpha + base.age[who]))
        leaving = rng.beta(a, b + base.repeats[who])
        owner, when, rank = _arrivals(rate, weeks, rng)
        last = rng.geometric(np.clip(leaving, 1e-12, 1.0))
        kept = rank < last[owner]
        return owner[kept], when[kept]

    return fitter, draw


def pareto_nbd(base: Base) -> tuple[Any, Draw]:
    """Fit Pareto/NBD; return the ``lifetimes`` fitter and how the living behave from the origin on.

    A customer buys at rate lambda and leaves at rate mu. Given that one is alive, lambda is
    Gamma(r + x, alpha + T) and mu Gamma(s, beta + T).
    """
    from lifetimes import ParetoNBDFitter

    start = np.ones(4)  # its own start is drawn from the global random state
    fitter = _fitted(ParetoNBDFitter, base, initial_params=start, tol=1e-6)
    r, alpha, s, beta = (float(fitter.params_[name]) for name in ("r", "alpha", "s", "beta"))

    def draw(who: Whole, weeks: float, rng: np.random.Generator) -> tuple[Whole, Array]:
        rate = rng.gamma(r + base.repeats[who], 1.0 / (alpha + base.age[who]))
        leaving = rng.gamma(s, 1.0 / (beta + base.age[who]))
        owner, when, _ = _arrivals(rate, weeks, rng)
        life = rng.exponential(1.0, who.size) / np.maximum(leaving, 1e-12)
        kept = when < life[owner]
        return owner[kept], when[kept]

    return fitter, draw


CUSTOMER_MODELS: dict[str, Callable[[Base], tuple[Any, Draw]]] = {"bg_nbd": bg_nbd, "pareto_nbd": pareto_nbd}
"""Models of a customer base, by the name they are scored under."""


def _fitted(kind: Callable[..., Any], base: Base, **options: Any) -> Any:
    """Fit to distinct customers with their number as weight; shrink until the optimiser converges."""
    rows, counts = np.unique(
        np.column_stack([base.repeats, base.recency, base.age]), axis=0, return_counts=True
    )
    failure: Exception | None = None
    for penalty in SHRINKAGE:
        try:
            fitter = kind(penalizer_coef=penalty)
            with redirect_stdout(StringIO()):  # failures are printed as well as raised
                fitter.fit(*rows.T, weights=counts.astype(float), **options)
        except Exception as error:  # lifetimes raises its own ConvergenceError among others
            failure = error
        else:
            return fitter
    raise ValueError(f"{kind.__name__} does not converge: {failure}")


def _arrivals(rate: Array, weeks: float, rng: np.random.Generator) -> tuple[Whole, Array, Whole]:
    """Poisson purchases within the coming weeks: owner, time and rank (0 = first) of each, sorted by both."""
    counts = rng.poisson(rate * weeks)
    owner = np.repeat(np.arange(rate.size, dtype=np.intp), counts)
    when = rng.random(owner.size) * weeks
    when = when[np.lexsort((when, owner))]
    rank = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, when, rank


def forecast(name: str, history: History, cutoff: date, horizon: int, seed: int) -> dict[str, Forecast]:
    """Forecast ``repeat.orders`` and ``total.orders`` by one of `CUSTOMER_MODELS`.

    Parameters
    ----------
    name : {"bg_nbd", "pareto_nbd"}
    history : History
        The past only; its last period is the origin.
    cutoff : datetime.date
        Not used beyond the history's own end.
    horizon : int
        Periods ahead.
    seed : int
        Seed of the paths.

    Raises
    ------
    ModuleNotFoundError
        If ``lifetimes`` is not installed.
    ValueError
        If there is no customer, or no fit converges.
    """
    base = customer_base(history)
    rng = np.random.default_rng([seed, crc32(name.encode())])
    edges = _edges(history, horizon)
    with quiet():
        fitter, draw = CUSTOMER_MODELS[name](base)
        expected, paths = _known_customers(fitter, draw, base, edges, rng)
        new = _new_customers(history, horizon, rng)
        spread = _repeats_of_new(fitter, edges)
    later, later_paths = new.mean @ spread, rng.poisson(np.maximum(new.samples @ spread, 0.0))
    repeat = Forecast(
        (expected + later) * base.orders_a_day, (paths + later_paths).astype(float) * base.orders_a_day
    )
    total = Forecast(repeat.mean + new.mean, repeat.samples + new.samples)
    return {"repeat.orders": repeat, "total.orders": total}


def customer_forecasters() -> dict[str, Callable[[History, date, int, int], dict[str, Forecast]]]:
    """Return the customer-base models as forecasters of a history."""
    return {name: partial(forecast, name) for name in CUSTOMER_MODELS}


def _edges(history: History, horizon: int) -> Array:
    """Weeks from the origin to each coming period's start and the last one's end, shape (horizon + 1,)."""
    calendar = history.calendar
    starts = np.append(calendar.bounds(calendar.after(horizon))[0], calendar.start(len(calendar) + horizon))
    return np.asarray((starts - starts[0]).astype("timedelta64[D]").astype(float) / 7.0)


def _known_customers(
    fitter: Any, draw: Draw, base: Base, edges: Array, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Expected order days (h,) of today's customers, and `PATHS` draws of them (n, h)."""
    state = (base.repeats, base.recency, base.age)
    reach = [
        np.nansum(fitter.conditional_expected_number_of_purchases_up_to_time(t, *state)) for t in edges[1:]
    ]
    alive = np.clip(np.nan_to_num(np.asarray(fitter.conditional_probability_alive(*state))), 0.0, 1.0)
    paths = np.empty((PATHS, edges.size - 1))
    for path in paths:
        who = np.flatnonzero(rng.random(alive.size) < alive)
        _, when = draw(who, float(edges[-1]), rng)
        path[:] = np.histogram(when, bins=edges)[0]
    return np.diff([0.0, *reach]), paths


def _new_customers(history: History, horizon: int, rng: np.random.Generator) -> Forecast:
    """Number of new customers in each coming period."""
    from calibration.history import season_length
    from calibration.series import acquisitions

    joined = acquisitions(history).astype(float)
    if not joined.iloc[-STOPPED:].any():
        return Forecast(np.zeros(horizon), np.zeros((PATHS, horizon)))
    return BASELINES["ets"](joined, horizon, season_length(history.calendar.period), rng)


def _repeats_of_new(fitter: Any, edges: Array) -> Array:
    """Repeat days in period j of one customer who joined in the middle of period i, shape (h, h)."""
    middle = (edges[1:] + edges[:-1]) / 2.0
    age = np.maximum(edges[None, :] - middle[:, None], 0.0)
    reach = np.asarray(fitter.expected_number_of_purchases_up_to_time(age), dtype=float)
    return np.maximum(np.diff(np.where(age > 0.0, reach, 0.0), axis=1), 0.0)
