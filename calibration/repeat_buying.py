"""How customers come back, by the log alone: BG/NBD, and the orders it expects of every period.

The third voice of a customer log's forecast (:mod:`calibration.candidates`): customers buy at rates of their
own and may leave after each order (Fader, Hardie & Lee 2005, Marketing Science 24:275-284). Four numbers are
fitted by maximum likelihood; what they expect of the past, cohort by cohort, and of every known customer's
future is one path through past and future, whose gap to history is carried on like the market's.

The textbook models that a back-test is measured against (:mod:`calibration.customer_base`) come from
``lifetimes``, which is optional; a forecast must not depend on what is installed, so this one is fitted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.series import acquisitions, cohorts

if TYPE_CHECKING:
    from calibration.history import History

Array = NDArray[np.float64]
WEEK = 7.0
FEWEST = 30
"""Customers who came back that a fit needs at least."""
LEAST, MOST = np.log(1e-3), np.log(1e4)
"""Bounds of the logs of all four parameters."""


@dataclass(frozen=True)
class BuyTillYouDie:
    """BG/NBD; time in weeks.

    Attributes
    ----------
    r, alpha : float
        Rates of buying are Gamma(r, alpha) over customers.
    a, b : float
        Chances to leave after an order are Beta(a, b) over customers.
    """

    r: float
    alpha: float
    a: float
    b: float

    def expected(self, ahead: Array, repeats: Array | float = 0.0, age: Array | float = 0.0) -> Array:
        """Return the orders expected within the weeks ``ahead`` of customers who are still there.

        Given ``repeats`` orders after the first in ``age`` weeks; without them, of a new customer. The
        formula of Fader, Hardie & Lee with Euler's transformation of its hypergeometric function, whose
        arguments then stay small for however many orders.
        """
        from scipy.special import hyp2f1

        a = self.a if abs(self.a - 1.0) > 1e-3 else 1.001  # the formula divides by a - 1
        whole = a + self.b + repeats - 1.0
        whole = np.where(np.abs(whole) > 1e-6, whole, 1e-6)  # and by this
        z = ahead / (self.alpha + age + ahead)
        wave = hyp2f1(a + self.b - 1.0 - self.r, a - 1.0, whole, z)
        return np.asarray(whole / (a - 1.0) * (1.0 - (1.0 - z) ** (a - 1.0) * wave))

    def alive(self, repeats: Array, recency: Array, age: Array) -> Array:
        """Return the chance that each customer is still one."""
        log_odds = (self.r + repeats) * np.log((self.alpha + age) / (self.alpha + recency))
        gone = self.a / (self.b + np.maximum(repeats, 1.0) - 1.0) * np.exp(np.minimum(log_odds, 700.0))
        return np.where(repeats > 0, 1.0 / (1.0 + gone), 1.0)


def log_likelihood(model: BuyTillYouDie, repeats: Array, recency: Array, age: Array) -> Array:
    """Return each customer's log likelihood; repeats count orders after the first, times are in weeks."""
    from scipy.special import betaln, gammaln

    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    same = gammaln(r + repeats) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    stays = betaln(a, b + repeats) - (r + repeats) * np.log(alpha + age)
    left = betaln(a + 1.0, b + np.maximum(repeats, 1.0) - 1.0) - (r + repeats) * np.log(alpha + recency)
    return np.asarray(same + np.where(repeats > 0, np.logaddexp(stays, left), stays))


def fit(repeats: Array, recency: Array, age: Array) -> BuyTillYouDie:
    """Fit the four parameters by maximum likelihood.

    Raises
    ------
    ValueError
        If fewer than `FEWEST` customers ever came back, or no start of the search converges.
    """
    from scipy.optimize import minimize

    if np.count_nonzero(repeats) < FEWEST:
        raise ValueError(f"{np.count_nonzero(repeats)} customers came back; {FEWEST} are needed")
    rows, counts = np.unique(np.column_stack([repeats, recency, age]), axis=0, return_counts=True)

    def loss(logs: Array) -> float:
        model = BuyTillYouDie(*np.exp(logs).tolist())
        value = -float(counts @ log_likelihood(model, *rows.T)) / counts.sum()
        return value if np.isfinite(value) else 1e6

    # A rate like the customers' own, and few or many who leave: the surface has a ridge between them.
    scale = float(np.log(max(np.median(age), 1.0)))
    found = [
        minimize(loss, np.array([-1.0, scale - 2.0, leaving, 1.0]), bounds=[(LEAST, MOST)] * 4)
        for leaving in (-1.0, 0.5)
    ]
    best = min(found, key=lambda one: float(one.fun))
    if not np.isfinite(best.fun) or best.fun >= 1e6:
        raise ValueError("the customer model does not converge")
    return BuyTillYouDie(*np.exp(best.x).tolist())


@dataclass(frozen=True)
class RepeatPath:
    """What the customer model expects of each period, past [known] and ahead [horizon] in one array.

    Attributes
    ----------
    repeat : ndarray of shape (known + horizon,)
        Orders after a customer's first.
    new : ndarray of shape (known + horizon,)
        First orders: those that came, and those expected to come.
    """

    repeat: Array
    new: Array


def repeat_path(history: History, horizon: int, entrants: NDArray[np.int64]) -> RepeatPath:
    """Fit the model to a history's customers and return the orders it expects.

    Parameters
    ----------
    history : History
        All of it is used; cut it first for a backtest.
    horizon : int
        Periods ahead.
    entrants : ndarray of shape (horizon,)
        New customers expected in each.

    Raises
    ------
    ValueError
        If there are too few customers to fit.
    """
    calendar, known = history.calendar, len(history.calendar)
    edges = np.array([calendar.start(k) for k in range(known + horizon + 1)])
    weeks = (edges - edges[0]).astype(float) / WEEK
    table = cohorts(history)
    first, last = (
        (table[name].to_numpy().astype("datetime64[D]") - edges[0]).astype(float) / WEEK
        for name in ("first", "last")
    )
    orders = table["repeat_orders"].to_numpy(dtype=float)
    repeats = np.where(last > first, orders, 0.0)  # what was ordered again on the first day says nothing
    age = np.maximum(weeks[known] - first, 1.0 / WEEK)
    model = fit(repeats, last - first, age)
    past = _of_cohorts(model, first, np.ones(len(first)), weeks[: known + 1])
    alive = model.alive(repeats, last - first, age)
    reached = [alive @ model.expected(ahead, repeats, age) for ahead in weeks[known:] - weeks[known]]
    middle = (weeks[known:-1] + weeks[known + 1 :]) / 2.0
    coming = _of_cohorts(model, middle, entrants.astype(float), weeks[known:])
    same_day = float(orders.sum() / max(repeats.sum(), 1.0))
    repeat = np.concatenate([past, np.diff(reached) + coming]) * same_day
    new = np.concatenate([acquisitions(history).to_numpy(dtype=float), entrants.astype(float)])
    return RepeatPath(repeat, new)


def _of_cohorts(model: BuyTillYouDie, first: Array, counts: Array, weeks: Array) -> Array:
    """Return orders after the first of customers who came at ``first``, between the edges ``weeks``."""
    starts, place = np.unique(first, return_inverse=True)
    size = np.bincount(place, weights=counts, minlength=len(starts))
    reached = model.expected(np.maximum(weeks[None, :] - starts[:, None], 0.0))
    return np.asarray(np.diff(size @ reached))
