"""Shares of futures: how far a proportion can be trusted when its trials repeat each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def interval(hits: float, trials: float, level: float = 0.95) -> tuple[float, float]:
    """Return Jeffreys' interval of a share; it ends at 0 or 1 where every trial agrees.

    Parameters
    ----------
    hits, trials
        Successes and attempts; effective numbers need not be whole.

    Source: Brown, Cai & DasGupta (2001), *Interval estimation for a binomial proportion*.
    """
    from scipy.special import betaincinv

    if not trials > 0:
        return math.nan, math.nan
    tail = (1 - level) / 2
    low = 0.0 if hits <= 0 else float(betaincinv(hits + 0.5, trials - hits + 0.5, tail))
    high = 1.0 if hits >= trials else float(betaincinv(hits + 0.5, trials - hits + 0.5, 1 - tail))
    return low, high


def effective_trials(reached: pd.Series) -> float:
    """Return how many independent futures the outcomes are worth.

    Replicates of one draw share its parameters, so they repeat each other as far as parameters decide.
    With R replicates and intra-draw correlation r (one-way analysis of variance), n futures are worth
    n / (1 + (R - 1) r) of them (Kish 1965, design effect). Rare outcomes say little about r, so it is
    averaged with one outcome's worth of r = 1; where every future agrees each draw counts once. With
    one draw only, luck is all that varies and n stands.

    Parameters
    ----------
    reached
        Booleans indexed by draw and replicate.
    """
    groups = reached.astype(float).groupby(level=0)
    n, draws = len(reached), groups.ngroups
    if draws < 2 or n == draws:
        return float(n)
    share, size = reached.mean(), n / draws
    rare = n * min(share, 1 - share)
    if rare == 0:
        return float(draws)
    counts, means = groups.size(), groups.mean()
    between = float((counts * (means - share) ** 2).sum()) / (draws - 1)
    within = float((counts * means * (1 - means)).sum()) / (n - draws)
    correlation = min(max((between - within) / (between + (size - 1) * within), 0.0), 1.0)
    return float(n / (1 + (size - 1) * (rare * correlation + 1) / (rare + 1)))
