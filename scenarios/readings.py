"""How an analyst reads an experiment: a difference, its standard error and its p-value.

Customers, not visits, are what is randomised, so errors come from how customers scatter (a ratio's error by
the delta method); regions are few: theirs come from how regions scatter, with Welch's degrees of freedom.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.customers.exchange import TALLIED_ORDERS, TALLIED_SALES, TALLIED_VISITS

Array = NDArray[np.float64]
MONTH, MINOR = 30.0, 100.0


class Reading(NamedTuple):
    """What is read: the level without treatment, the difference, its standard error, two-sided p-value."""

    level: float
    effect: float
    se: float
    p_value: float


class Measured(NamedTuple):
    """What each customer adds to a ratio: ``part`` [N] over ``whole`` [N]."""

    part: Array
    whole: Array

    def of(self, whom: NDArray[np.bool_]) -> Measured:
        """Return the same of some customers."""
        return Measured(self.part[whom], self.whole[whom])

    @property
    def ratio(self) -> float:
        """The ratio of sums; NaN of nothing."""
        whole = float(self.whole.sum())
        return float(self.part.sum()) / whole if whole > 0.0 else math.nan

    def scatter(self) -> Array:
        """Return each customer's part in the ratio's error [N]: the delta method's linear terms."""
        whole = float(self.whole.sum())
        if whole <= 0.0:
            return np.full(len(self.part), np.nan)
        return np.asarray((self.part - self.ratio * self.whole) / whole)


@dataclass(frozen=True)
class OutcomeKind:
    """An outcome, and how it is measured: from counts [N, 3] and days to :class:`Measured`."""

    name: str
    of: Callable[[NDArray[np.int64], int], Measured]


def _conversion(counts: NDArray[np.int64], days: int) -> Measured:
    return Measured(counts[:, TALLIED_ORDERS].astype(float), counts[:, TALLIED_VISITS].astype(float))


def _orders(counts: NDArray[np.int64], days: int) -> Measured:
    return Measured(counts[:, TALLIED_ORDERS].astype(np.float64) * (MONTH / days), np.ones(len(counts)))


def _sales(counts: NDArray[np.int64], days: int) -> Measured:
    sales = counts[:, TALLIED_SALES].astype(np.float64)
    return Measured(sales * (MONTH / days / MINOR), np.ones(len(counts)))


OUTCOMES = (
    OutcomeKind("conversion", _conversion),
    OutcomeKind("orders", _orders),
    OutcomeKind("sales", _sales),
)


def apart(control: Measured, treated: Measured) -> Reading:
    """Read two arms of customers against each other."""
    variance = _variance(control.scatter()) + _variance(treated.scatter())
    return _read(control.ratio, treated.ratio - control.ratio, math.sqrt(variance))


def shift(before: Measured, after: Measured) -> Reading:
    """Read the same customers after against before."""
    se = math.sqrt(_variance(after.scatter() - before.scatter()))
    return _read(before.ratio, after.ratio - before.ratio, se)


def by_region(
    before: Measured | None, after: Measured, region: NDArray[np.int64], treated: NDArray[np.bool_]
) -> Reading:
    """Read treated regions against the others, or their changes since ``before``; a region has one arm."""
    regions = np.unique(region)
    found = [[_in(after, region == k), bool(treated[region == k][0])] for k in regions]
    if before is not None:
        for k, row in zip(regions, found, strict=True):
            row[0] -= _in(before, region == k)
    values = np.array([row[0] for row in found], float)
    arm = np.array([row[1] for row in found], bool)
    ours, theirs = values[arm & np.isfinite(values)], values[~arm & np.isfinite(values)]
    level = after.of(~treated).ratio
    if len(ours) < 2 or len(theirs) < 2:
        return Reading(level, math.nan, math.nan, math.nan)
    parts = ours.var(ddof=1) / len(ours), theirs.var(ddof=1) / len(theirs)
    degrees = sum(parts) ** 2 / max(
        parts[0] ** 2 / (len(ours) - 1) + parts[1] ** 2 / (len(theirs) - 1), 1e-300
    )
    return _read(level, float(ours.mean() - theirs.mean()), math.sqrt(sum(parts)), float(degrees))


def power(effect: float, se: float, level: float = 0.05) -> float:
    """Return the chance that a two-sided test finds an ``effect`` read with standard error ``se``."""
    if not se > 0.0:
        return math.nan
    normal, score = NormalDist(), effect / se
    edge = normal.inv_cdf(1.0 - level / 2.0)
    return normal.cdf(score - edge) + normal.cdf(-score - edge)


def _in(measured: Measured, here: NDArray[np.bool_]) -> float:
    return measured.of(here).ratio


def _variance(terms: Array) -> float:
    count = len(terms)
    return float((terms**2).sum()) * count / (count - 1) if count > 1 else math.nan


def _read(level: float, effect: float, se: float, degrees: float = math.inf) -> Reading:
    if not se > 0.0:
        return Reading(level, effect, se, math.nan)
    score = abs(effect) / se
    if math.isinf(degrees):
        return Reading(level, effect, se, math.erfc(score / math.sqrt(2.0)))
    from scipy.stats import t

    return Reading(level, effect, se, float(2.0 * t.sf(score, degrees)))
