"""Is one model's lead over another more than luck? Diebold & Mariano's test on scores from rolling origins.

A loss is a model's CRPS over the whole horizon from one origin, so the differences between two models are
one number an origin. Origins whose horizons overlap share what came: their differences are correlated over
as many origins as one horizon reaches, which the variance and the small-sample correction of Harvey,
Leybourne & Newbold (1997, International Journal of Forecasting 13:281-291) allow for. The best baseline is
chosen by the same scores, which is hard on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 4  # origins below which nothing is said


def diebold_mariano(ours: ArrayLike, theirs: ArrayLike, reach: int = 1) -> tuple[float, float]:
    """Return the corrected statistic and its two-sided p; below 0 where ours is better.

    Parameters
    ----------
    ours, theirs
        Losses [n] by origin, in order; origins where either is not known are left out.
    reach
        Origins that one horizon reaches, its own included; 1 where horizons do not overlap.

    Returns
    -------
    tuple
        NaN for both with fewer than :data:`FEWEST` origins, a reach of more than half of them, or no
        difference at all. The long-run variance has ``reach - 1`` lags under Bartlett's weights
        (statsmodels).
    """
    a, b = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if len(a) < FEWEST or 2 * reach > len(a) or np.ptp(a - b) <= 1e-12 * max(float(np.abs(b).max()), 1e-300):
        return float("nan"), float("nan")
    from statsmodels.tsa.stattools import diebold_mariano_test

    told = diebold_mariano_test(
        np.zeros(len(a)), a, b, lags=reach - 1, criterion=_loss, harvey_adj=True, horizon=reach
    )
    return float(told.statistic), float(told.pvalue)


def _loss(_: ArrayLike, loss: ArrayLike) -> ArrayLike:
    """Return the losses, which are already what the test asks for."""
    return loss


def reach_of(forecasts: pd.DataFrame) -> int:
    """Return how many origins the longest horizon reaches, its own included.

    ``forecasts`` has the columns origin and date (:class:`calibration.backtest.Backtest`).
    """
    spans = forecasts.groupby("origin")["date"].agg(["min", "max"]).sort_index()
    return max((int((spans["min"] <= last).iloc[i:].sum()) for i, last in enumerate(spans["max"])), default=1)


def against_best(scores: pd.DataFrame, rivals: Sequence[str], reach: int) -> pd.DataFrame:
    """Compare every model of one series with the best of ``rivals``, the one of lowest geometric-mean CRPS.

    Returns columns model, dm_against, dm_statistic, dm_p; nothing (None, NaN) for the best itself and where
    there is no rival.
    """
    import pandas as pd

    wide = scores.pivot_table(index="origin", columns="model", values="crps").sort_index()
    best = best_of(wide, rivals)
    rows: list[tuple[str, str | None, float, float]] = []
    for model in wide:
        if best is None or model == best:
            rows.append((model, None, float("nan"), float("nan")))
        else:
            rows.append((model, best, *diebold_mariano(wide[model], wide[best], reach)))
    return pd.DataFrame(rows, columns=["model", "dm_against", "dm_statistic", "dm_p"])


def best_of(crps: pd.DataFrame, rivals: Sequence[str]) -> str | None:
    """Return the rival (column) of the lowest geometric-mean CRPS over the origins (rows)."""
    with np.errstate(all="ignore"):
        logs = np.log(crps[[name for name in rivals if name in crps]])
    means = logs.where(np.isfinite(logs)).mean().dropna()
    return None if means.empty else str(means.idxmin())
