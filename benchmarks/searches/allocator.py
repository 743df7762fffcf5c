"""A marketing-mix allocator: adstock and Hill curves fitted to weekly sales, and the budget they say.

The usual regression (Jin et al. 2017, "Bayesian methods for media mix modeling with carryover and shape
effects"): weekly sales are a base with a yearly season, plus for each medium a Hill curve of its geometric
adstock, fitted by least squares from several starts. Money then goes where the fitted curves say that
it brings the most profit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STARTS = 6
KEPT, HALF, SHAPE = (0.0, 0.8), (0.1, 5.0), (0.5, 3.0)  # bounds: adstock, half-saturation, Hill exponent


@dataclass(frozen=True)
class Curves:
    """Fitted curves of some media.

    Parameters
    ----------
    effect
        Weekly sales at full saturation, by medium.
    kept, half, shape
        Adstock kept from week to week; half-saturation relative to ``reference``; exponent.
    reference
        Mean weekly spend in the history.
    error
        Root mean squared error over mean sales.
    """

    effect: Array
    kept: Array
    half: Array
    shape: Array
    reference: Array
    error: float

    def sales(self, weekly: Array) -> float:
        """Return the weekly sales that a constant weekly spend [medium] brings."""
        return float((self.effect * hill(weekly / self.reference, self.half, self.shape)).sum())


def hill(relative: Array, half: Array, shape: Array) -> Array:
    """Return saturation, 0 to 1, of spend over the reference."""
    powered = np.power(np.maximum(relative, 0.0), shape)
    return np.asarray(powered / (powered + np.power(half, shape)))


def adstock(spend: Array, kept: Array) -> Array:
    """Return normalised geometric adstock of weekly spend [week, medium]; it starts at the mean."""
    stock, rows = spend.mean(axis=0), []
    for week in spend:
        stock = kept * stock + (1.0 - kept) * week
        rows.append(stock)
    return np.array(rows)


def fit(sales: Array, spend: Array, seed: int = 1) -> Curves:
    """Fit curves to weekly sales [week] and spend [week, medium]."""
    from scipy.optimize import least_squares

    weeks, media = spend.shape
    reference, level = spend.mean(axis=0), float(sales.mean())
    base = _base(weeks)
    scaled = sales / level

    def parts(x: Array) -> tuple[Array, Array, Array, Array]:
        return x[:media], x[media : 2 * media], x[2 * media : 3 * media], x[3 * media : 4 * media]

    def missed(x: Array) -> Array:
        effect, kept, half, shape = parts(x)
        curve = hill(adstock(spend, kept) / reference, half, shape)
        return np.asarray(base @ x[4 * media :] + curve @ effect - scaled)

    low = np.r_[np.zeros(media), *(np.full(media, ends[0]) for ends in (KEPT, HALF, SHAPE))]
    high = np.r_[np.full(media, 2.0), *(np.full(media, ends[1]) for ends in (KEPT, HALF, SHAPE))]
    low, high = np.r_[low, np.full(base.shape[1], -3.0)], np.r_[high, np.full(base.shape[1], 3.0)]
    luck, best = np.random.default_rng([seed, 11]), None
    for _ in range(STARTS):
        start = np.r_[
            luck.uniform(0.0, 0.3, media),
            luck.uniform(*KEPT, media),
            luck.uniform(0.4, 2.0, media),
            luck.uniform(0.7, 1.5, media),
            [0.8, *np.zeros(base.shape[1] - 1)],
        ]
        found = least_squares(missed, start, bounds=(low, high), max_nfev=300)
        if best is None or found.cost < best.cost:
            best = found
    assert best is not None
    effect, kept, half, shape = parts(best.x)
    error = float(np.sqrt(2.0 * best.cost / weeks))
    return Curves(effect * level, kept, half, shape, reference, error)


def _base(weeks: int) -> Array:
    """Return the columns of a base with a trend and a yearly season."""
    t = np.arange(weeks)
    columns = [np.ones(weeks), t / 52.0]
    for n in (1, 2):
        columns += [np.sin(2 * np.pi * n * t / 52.0), np.cos(2 * np.pi * n * t / 52.0)]
    return np.column_stack(columns)


def best_budget(curves: Curves, money: float, margin: float, seed: int = 1) -> Array:
    """Return the weekly spend by medium, together at most ``money``, with the most profit by the curves.

    Parameters
    ----------
    margin
        Share of sales that is kept before media.
    """
    from scipy.optimize import minimize

    media = len(curves.effect)
    luck = np.random.default_rng([seed, 13])

    def loss(weekly: Array) -> float:
        return -(margin * curves.sales(weekly) - float(weekly.sum())) / money

    within = {"type": "ineq", "fun": lambda weekly: (money - weekly.sum()) / money}
    best, least = np.zeros(media), loss(np.zeros(media))
    for k in range(12):
        start = luck.dirichlet(np.ones(media)) * money * (1.0 if k % 2 else luck.uniform())
        found = minimize(loss, start, method="SLSQP", bounds=[(0.0, money)] * media, constraints=[within])
        weekly = np.clip(found.x, 0.0, None)
        weekly *= min(1.0, money / max(weekly.sum(), 1e-9))
        if loss(weekly) < least:
            best, least = weekly, loss(weekly)
    return best
