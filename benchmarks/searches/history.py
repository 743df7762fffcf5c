"""A simulated company's history with media that vary from week to week, and what can be learnt from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scenarios.executor import Pool
from scenarios.plan import Plan, scenario_plan, with_overrides

if TYPE_CHECKING:
    from numpy.typing import NDArray

VARIED = 0.6  # log standard deviation of a medium's weekly spend around its usual level


class History:
    """Weekly sales and spend of a market that nobody knows.

    Attributes
    ----------
    sales
        Net sales [week], currency.
    spend
        By medium [week, medium], currency.
    clicks
        Visits from paid sources [week, source].
    margin
        Contribution before media over net sales.
    """

    def __init__(self, plan: Plan, draw: Mapping[str, float], seed: int, weeks: int, customers: int) -> None:
        self.plan, self.seed, self.weeks = plan, seed, weeks
        found = replayed(Replay(plan, dict(draw), seed, seed, weeks, customers))
        self.media, self.spend = found.media, found.spend
        self.sales, self.clicks, self.margin = found.sales, found.clicks, found.margin


@dataclass(frozen=True)
class Replay:
    """A market to live the history's spend: ``path`` seeds the spend, ``seed`` the luck."""

    plan: Plan
    draw: Mapping[str, float]
    path: int
    seed: int
    weeks: int
    customers: int


@dataclass(frozen=True)
class Lived:
    """What a replay left behind (see `History`)."""

    media: tuple[str, ...]
    spend: NDArray[np.float64]
    sales: NDArray[np.float64]
    clicks: NDArray[np.float64]
    margin: float

    def statistics(self) -> NDArray[np.float64]:
        """Return what of a history tells about media: level, clicks, and what sales answer to spend."""
        logs = np.log(np.maximum(self.spend, 1e-9))
        logs = (logs - logs.mean(axis=0)) / np.maximum(logs.std(axis=0), 1e-9)
        slow = np.vstack([logs[:1], logs[:-1]])
        columns = np.column_stack([np.ones(len(logs)), logs, slow, logs**2])
        scaled = self.sales / self.sales.mean()
        answers, *_ = np.linalg.lstsq(columns, scaled, rcond=None)
        clicks = np.log(np.maximum(self.clicks, 1.0))
        slopes, *_ = np.linalg.lstsq(columns, clicks, rcond=None)
        told = answers[1 : 2 * logs.shape[1] + 1]
        return np.concatenate([[np.log(self.sales.mean())], told, slopes[0], slopes[1:].ravel()])


def replayed(job: Replay) -> Lived:
    """Live the history's spend under some parameters."""
    from scenarios.drivers import setup_for
    from sim.market import Market
    from sim.setup import SOURCES

    months = -(-12 * job.weeks // 52)
    plan = with_overrides(scenario_plan(job.plan, "status_quo"), {"months": months})
    setup = setup_for(plan, job.draw, seed=job.seed, customers=job.customers)
    media = tuple(medium.name for medium in setup.media)
    luck = np.random.default_rng([job.path, 23])
    weekly = np.exp(VARIED * luck.standard_normal((job.weeks + 2, len(media))) - VARIED**2 / 2)
    factor = np.repeat(weekly, 7, axis=0)[: setup.days]
    drivers = replace(setup.drivers, spend=setup.drivers.spend * factor)
    market = Market.from_setup(replace(setup, drivers=drivers), seed=job.seed)
    ledger = market.run()
    book, days = ledger, 7 * job.weeks
    money, rows = book.money(), slice(book.offset, book.offset + days)
    by_week = (job.weeks, 7)
    sales = money["net_sales"][rows].sum(axis=1).reshape(by_week).sum(axis=1).astype(float)
    margin = float(money["margin"][rows].sum() / money["net_sales"][rows].sum())
    paid = [SOURCES.index(name) for name in ("paid_search", "feed_ads", "live")]
    visits = np.asarray(book.visits[rows], dtype=float).sum(axis=2)[:, paid]
    spend = drivers.spend[:days].reshape(job.weeks, 7, len(media)).sum(axis=1)
    return Lived(media, spend, sales, visits.reshape(job.weeks, 7, len(paid)).sum(axis=1), margin)


def learnt(
    plan: Plan,
    history: History,
    prior: Sequence[Mapping[str, float]],
    kept: int,
    customers: int,
    pool: Pool,
) -> list[dict[str, float]]:
    """Return the draws of a prior that the history fits best, moved towards it.

    Approximate Bayesian computation with regression adjustment (Beaumont, Zhang & Balding 2002): draws live
    the history's own spend; the nearest half by standardised statistics is kept, a ridge regression of
    parameters on statistics moves it to the history's, and the nearest ``kept`` of it are the ensemble.
    """
    jobs = [
        Replay(plan, dict(one), history.seed, 7919 * (k + 1), history.weeks, customers)
        for k, one in enumerate(prior)
    ]
    done = dict(pool.run(replayed, jobs))
    table = np.array([done[k].statistics() for k in range(len(jobs))])
    seen = Lived(history.media, history.spend, history.sales, history.clicks, history.margin).statistics()
    scale = np.maximum(table.std(axis=0), 1e-12)
    off = (table - seen) / scale
    near = np.argsort((off**2).sum(axis=1))[: max(len(prior) // 2, kept)]
    names = list(prior[0])
    low = np.array([[one[name] for name in names] for one in prior])
    positive = (low > 0).all(axis=0)
    scaled = np.where(positive, np.log(np.where(positive, low, 1.0)), low)
    x, y = off[near], scaled[near]
    middle = y.mean(axis=0)
    ridge = x.T @ x + len(near) * 0.5 * np.eye(x.shape[1])
    slopes = np.linalg.solve(ridge, x.T @ (y - middle))
    moved = y - x @ slopes
    moved = np.clip(moved, scaled.min(axis=0), scaled.max(axis=0))
    chosen = np.where(positive, np.exp(moved), moved)[:kept]
    return [dict(zip(names, map(float, row), strict=True)) for row in chosen]
