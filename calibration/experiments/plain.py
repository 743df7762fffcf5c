"""What an analyst would say of an experiment without a market: one uplift for all, or a regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.experiments.uplift import differences

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


def pooled(
    train: pd.DataFrame, control: str, outcomes: Sequence[str]
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return each arm's uplift in the training half and its standard error, the same for all cells."""
    found = differences(train, (), control, outcomes)
    return {
        (row.outcome, row.arm): (float(row.truth), float(row.truth_se))
        for row in found.itertuples(index=False)
    }


class Regression:
    """Outcome on arm, factors and their products: logistic for shares, least squares for money (statsmodels).

    A level of a factor stands in the regression where at least one customer in a hundred has it.
    """

    def __init__(self, train: pd.DataFrame, factors: Sequence[str], control: str, outcome: str) -> None:
        import statsmodels.api as sm

        self.control, self.factors = control, tuple(factors)
        self.arms = tuple(sorted(set(train["group"]) - {control}))
        self.levels = {
            name: [
                level
                for level, share in train[name].value_counts(normalize=True).sort_index().items()
                if share >= 0.01
            ][1:]
            for name in factors
        }
        self.binary = set(train[outcome].dropna().unique()) <= {0.0, 1.0}
        design, target = self._design(train, train["group"].to_numpy()), train[outcome].to_numpy(float)
        if self.binary:
            done = sm.GLM(target, design, family=sm.families.Binomial()).fit()
            self.covariance = np.asarray(done.cov_params())
        else:
            done = sm.OLS(target, design).fit(cov_type="HC1")
            self.covariance = np.asarray(done.cov_params())
        self.beta = np.asarray(done.params)

    def uplift(self, cells: pd.DataFrame, arm: str, weight: Array) -> tuple[float, float]:
        """Return the mean uplift of ``arm`` over ``cells`` with ``weight`` [K], and its standard error."""
        loud = self._design(cells, np.full(len(cells), arm, object))
        quiet = self._design(cells, np.full(len(cells), self.control, object))
        share = weight / weight.sum()
        if not self.binary:
            slope = share @ (loud - quiet)
            return float(slope @ self.beta), float(np.sqrt(slope @ self.covariance @ slope))
        odds = [1.0 / (1.0 + np.exp(-np.clip(part @ self.beta, -30, 30))) for part in (loud, quiet)]
        slope = (share * odds[0] * (1 - odds[0])) @ loud - (share * odds[1] * (1 - odds[1])) @ quiet
        error = float(np.sqrt(max(slope @ self.covariance @ slope, 0.0)))
        return float(share @ (odds[0] - odds[1])), error

    def _design(self, table: pd.DataFrame, group: NDArray[np.object_]) -> Array:
        levels = [
            (table[name] == level).to_numpy(float) for name, kept in self.levels.items() for level in kept
        ]
        base = np.column_stack([np.ones(len(table)), *levels])
        return np.column_stack([base, *(base * (group == arm)[:, None] for arm in self.arms)])
