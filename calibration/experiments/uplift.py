"""Uplifts as they are measured - differences of means with their errors - and forecasts of them judged.

The truth of an experiment is itself an estimate, so a forecast is judged with the truth's sampling error: an
interval covers when it holds the measured difference once that error is added, and squared errors are held
against what the sampling error alone would leave.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
NORMAL_90 = 1.6449


def differences(
    table: pd.DataFrame, by: Sequence[str], control: str, outcomes: Sequence[str]
) -> pd.DataFrame:
    """Return each treated group's uplift by cell.

    Columns: ``outcome``, ``arm``, the columns of ``by``, ``treated`` and ``control`` (customers), ``truth``
    (difference in means) and ``truth_se`` (unequal variances; of none seen, as if half a customer had).
    """
    import pandas as pd

    rows = []
    groups = table.groupby(list(by)) if by else [((), table)]
    for cell, inside in groups:
        named = dict(zip(by, cell, strict=True))
        quiet = inside[inside["group"] == control]
        for arm in sorted(set(table["group"]) - {control}):
            loud = inside[inside["group"] == arm]
            if len(loud) < 2 or len(quiet) < 2:
                continue
            for outcome in outcomes:
                truth = float(loud[outcome].mean() - quiet[outcome].mean())
                error = math.sqrt(_variance(loud[outcome]) + _variance(quiet[outcome]))
                rows.append(
                    {"outcome": outcome, "arm": arm}
                    | named
                    | {"treated": len(loud), "control": len(quiet), "truth": truth, "truth_se": error}
                )
    return pd.DataFrame(rows)


def _variance(values: pd.Series) -> float:
    """Return the variance of a mean; where all are alike, that of shares with half a customer more."""
    count, found = len(values), float(values.var(ddof=1)) if len(values) > 1 else 0.0
    if found == 0.0:
        share = 0.5 / (count + 1.0)
        found = share * (1.0 - share)
    return found / count


def scored(
    truth: Array, truth_se: Array, mean: Array, se: Array, scale: Array | None = None
) -> dict[str, float]:
    """Return how forecasts did.

    Keys: ``cells``; ``bias``; ``rmse``; ``noise``, what the sampling error of the truth alone leaves of it;
    ``chi2``, mean squared error over the variance of the truth's sampling error (1 cannot be beaten on
    average); ``coverage_90`` of intervals with that error; ``crps`` over the mean absolute truth.
    """
    off, total = truth - mean, np.sqrt(se**2 + truth_se**2)
    reference = float(np.mean(np.abs(truth))) if scale is None else float(np.mean(np.abs(scale)))
    return {
        "cells": len(truth),
        "bias": float(np.mean(-off)),
        "rmse": float(np.sqrt(np.mean(off**2))),
        "noise": float(np.sqrt(np.mean(truth_se**2))),
        "chi2": float(np.mean((off / truth_se) ** 2)),
        "coverage_90": float(np.mean(np.abs(off) <= NORMAL_90 * total)),
        "crps": float(np.mean(_crps(off / total) * total)) / max(reference, 1e-12),
    }


def _crps(z: Array) -> Array:
    """Return the continuous ranked probability score of a standard normal at ``z``."""
    from scipy.special import ndtr

    density = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return np.asarray(z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi))
