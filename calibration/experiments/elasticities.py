"""Own- and cross-price elasticities and the bump of a deal, read off a scanner panel.

Log units of each product are regressed on its own and the others' log prices, deal and feature, with effects
of each product in each store and of periods (two-way within, errors clustered by store; statsmodels). What
moves demand for all products in a week - season, holidays - is thereby left out of the comparison. Prices are
set by people who foresee demand, so these remain observational figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.response import CUT, PRICE

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
DEPTH = 0.20
FEWEST = 200  # rows of a product
SOURCES = {
    "own": f"{PRICE.source}, mean -2.62 over 1,851 estimates",
    "cross": "Auer & Papies 2020, mean 0.26; Sethuraman, Srinivasan & Kim 1999, mean 0.52",
    "deal": f"{CUT.source}: elasticity of a temporary cut -3.63",
}
# 5th and 95th percentile, or the means of two syntheses where no range is published, and centre.
PUBLISHED = {
    "own": (-PRICE.high, -PRICE.central, -PRICE.low),
    "cross": (0.0, 0.26, 0.52),
    "deal": tuple(float(np.log1p(value * DEPTH)) for value in (CUT.low, CUT.central, CUT.high)),
}


@dataclass(frozen=True, eq=False)
class Elasticities:
    """Elasticities of P products.

    Attributes
    ----------
    products
        Their names, by sales.
    price, price_se
        [P, P]: of the row's units to the column's price.
    deal, deal_se
        [P]: log of units in a week with a deal over one without, at the same price; NaN where there was none.
    bump, bump_se
        [P]: log of units at :data:`DEPTH` off with a deal over those at the usual price without.
    share
        [P]: of units.
    rows
        [P]: observations.
    """

    products: tuple[str, ...]
    price: Array
    price_se: Array
    deal: Array
    deal_se: Array
    bump: Array
    bump_se: Array
    share: Array
    rows: NDArray[np.int64]

    @property
    def own(self) -> Array:
        """Own-price elasticities [P]."""
        return np.diag(self.price).copy()

    @property
    def cross(self) -> Array:
        """Cross-price elasticities [P, P], NaN on the diagonal."""
        return np.where(np.eye(len(self.products), dtype=bool), np.nan, self.price)


def ranked(panel: pd.DataFrame, most: int | None = None) -> tuple[str, ...]:
    """Return products by sales, the largest first: those with at least :data:`FEWEST` rows."""
    sales = (panel["units"] * panel["price"]).groupby(panel["product"]).sum().sort_values(ascending=False)
    rows = panel["product"].value_counts()
    return tuple(str(name) for name in sales.index if rows[name] >= FEWEST)[:most]


def elasticities(panel: pd.DataFrame, products: tuple[str, ...]) -> Elasticities:
    """Estimate the elasticities of ``products`` of a panel, all in one regression."""
    import pandas as pd

    keys = ["store", "period"]
    wide = panel.pivot_table(index=keys, columns="product", values="price")[list(products)]
    prices = np.log(wide).dropna()
    joined = panel[panel["product"].isin(products)].set_index(keys)
    joined = joined.loc[joined.index.isin(prices.index)].sort_index()
    number = pd.Categorical(joined["product"], categories=list(products)).codes.astype(np.int64)
    count, width = len(products), len(products) + 2
    design = np.zeros((len(joined), count * width))
    terms = np.column_stack([prices.loc[joined.index].to_numpy(), joined["deal"], joined["feature"]])
    for k in range(count):
        design[number == k, k * width : (k + 1) * width] = terms[number == k]
    store = np.unique(joined.index.get_level_values("store").to_numpy(), return_inverse=True)[1]
    period = np.unique(joined.index.get_level_values("period").to_numpy(), return_inverse=True)[1]
    beta, covariance = _regression(
        np.log(joined["units"].to_numpy()), design, store, [store * count + number, period]
    )
    units = np.bincount(number, weights=joined["units"].to_numpy(), minlength=count)
    return _read(products, beta, covariance, units / units.sum(), np.bincount(number, minlength=count))


def _regression(
    target: Array, design: Array, store: NDArray[np.int64], groups: list[NDArray[np.int64]]
) -> tuple[Array, Array]:
    """Return coefficients and covariance, NaN for columns that do not vary within groups."""
    import statsmodels.api as sm

    within = _within(np.column_stack([target, design]), groups)
    kept = np.flatnonzero(within[:, 1:].std(axis=0) > 1e-6)
    few = store.max() < 9
    options = {"cov_type": "HC1"} if few else {"cov_type": "cluster", "cov_kwds": {"groups": store}}
    done = sm.OLS(within[:, 0], within[:, 1:][:, kept]).fit(**options)
    beta = np.full(design.shape[1], np.nan)
    covariance = np.full((design.shape[1], design.shape[1]), np.nan)
    beta[kept], covariance[np.ix_(kept, kept)] = done.params, done.cov_params()
    return beta, covariance


def _read(
    products: tuple[str, ...], beta: Array, covariance: Array, share: Array, rows: NDArray[np.int64]
) -> Elasticities:
    count = len(products)
    error, table = np.sqrt(np.diag(covariance)).reshape(count, -1), beta.reshape(count, -1)
    bump, bump_se = np.full(count, np.nan), np.full(count, np.nan)
    for k in range(count):
        at = [k * (count + 2) + k, k * (count + 2) + count]
        slope = np.array([np.log1p(-DEPTH), 1.0])
        bump[k] = slope @ beta[at]
        bump_se[k] = np.sqrt(slope @ covariance[np.ix_(at, at)] @ slope)
    return Elasticities(
        products,
        table[:, :count],
        error[:, :count],
        table[:, count],
        error[:, count],
        bump,
        bump_se,
        share,
        rows,
    )


def _within(data: Array, groups: list[NDArray[np.int64]], rounds: int = 100) -> Array:
    """Return columns less their means by each grouping, in turn until nothing is left of them."""
    from scipy import sparse

    left = data - data.mean(axis=0)
    rows = np.arange(len(data))
    averages = [
        sparse.csr_matrix((1.0 / np.bincount(code)[code], (code, rows)), shape=(code.max() + 1, len(data)))
        for code in groups
    ]
    for _ in range(rounds):
        largest = 0.0
        for code, average in zip(groups, averages, strict=True):
            mean = average @ left
            largest = max(largest, float(np.abs(mean).max()))
            left -= mean[code]
        if largest < 1e-8:
            break
    return np.asarray(left)


def pooled(value: Array, error: Array) -> tuple[float, float, float]:
    """Return mean of estimates, its error, and spread beyond sampling error (DerSimonian & Laird 1986)."""
    known = np.isfinite(value) & np.isfinite(error) & (error > 0)
    y, v = value[known], error[known] ** 2
    if len(y) == 0:
        return float("nan"), float("nan"), float("nan")
    w = 1.0 / v
    centre = float(w @ y / w.sum())
    excess = float(w @ (y - centre) ** 2) - (len(y) - 1)
    tau2 = max(0.0, excess / float(w.sum() - w @ w / w.sum())) if len(y) > 1 else 0.0
    w = 1.0 / (v + tau2)
    return float(w @ y / w.sum()), float(1.0 / np.sqrt(w.sum())), float(np.sqrt(tau2))
