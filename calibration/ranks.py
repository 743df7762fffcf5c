"""Simulation-based calibration: does a fit's ensemble hold the truth as often as it says?

Truths are drawn from the prior, each lived by a synthetic retailer, whose statistics are fitted like any
history's. If ensembles are posteriors, the rank of each truth among its ensemble is uniform and a 90 %
interval holds it in 90 of 100 (Talts, Betancourt, Simpson, Vehtari & Gelman 2018, "Validating Bayesian
inference algorithms with simulation-based calibration"). What the statistics do not inform must keep its
prior, and ranks are uniform there as well: so coverage is read beside recovery and contraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.case import Case
from calibration.fit import fit, member_seed, simulate_statistics
from calibration.statistics import DISCREPANCY, Statistic
from scenarios.executor import Pool

Array = NDArray[np.float64]
DISTRICTS = 8  # markets of one luck each that make up a synthetic retailer
LIVES = 24  # of a district, by which its luck is known: a history knows its sampling errors from its counts
LEVELS = (0.5, 0.9)
BAND = 0.99  # of the binomial band that coverage is held against


@dataclass(frozen=True)
class Trial:
    """One synthetic retailer to be fitted: the case, its number, and the size of the fit."""

    case: Case
    number: int
    seed: int
    members: int
    clouds: tuple[float, ...]


def drawn(case: Case, number: int, seed: int) -> tuple[Case, Array]:
    """Return the case with a synthetic retailer's statistics as observed, and its truth [P] on the scales.

    The retailer is :data:`DISTRICTS` markets at one truth. Its statistics are their mean on the comparison
    scales and a draw of the discrepancy that every fit allows for; their errors are what :data:`LIVES` show
    of a district's luck, and that discrepancy. A statistic undefined in a district is not known.
    """
    luck = np.random.default_rng([seed, number, 5])
    middle, spread = case.prior.centre(), case.prior.spread()
    truth = middle + spread * luck.standard_normal(len(middle))
    values = case.prior.values(truth)
    lived = np.array(
        [simulate_statistics((case, values, member_seed(seed + 1, number * LIVES + k))) for k in range(LIVES)]
    )
    errors = np.sqrt(lived.var(axis=0, ddof=1) / DISTRICTS + DISCREPANCY**2)
    seen = lived[:DISTRICTS].mean(axis=0) + DISCREPANCY * luck.standard_normal(lived.shape[1])
    told = [_told(s, float(y), float(e)) for s, y, e in zip(case.statistics, seen, errors, strict=True)]
    return replace(case, name=f"retailer {number}", statistics=tuple(told)), truth


def _told(statistic: Statistic, seen: float, error: float) -> Statistic:
    """Return a statistic with what was seen of it."""
    if not np.isfinite(seen + error):
        return replace(statistic, observed=float("nan"), error=1.0)
    return replace(statistic, observed=float(statistic.natural(np.array(seen))), error=error)


def tried(trial: Trial) -> dict[str, Any]:
    """Fit one synthetic retailer; return its truth, the truth's rank among the members, and what was learnt.

    Keys: ``number``, ``truth``, ``rank`` (members below the truth), ``members`` (how many), ``mean`` and
    ``contraction``; lists over parameters but for the numbers.
    """
    case, truth = drawn(trial.case, trial.number, trial.seed)
    with Pool(1) as pool:
        fitted = fit(case, pool, trial.seed + trial.number, trial.members, trial.clouds)
    table = fitted.identified().set_index("parameter").loc[list(case.prior.names)]
    return {
        "number": trial.number,
        "truth": truth.tolist(),
        "rank": (fitted.members < truth).sum(axis=0).tolist(),
        "members": len(fitted.members),
        "mean": fitted.members.mean(axis=0).tolist(),
        "contraction": table["contraction"].tolist(),
    }


def summary(names: Sequence[str], found: Sequence[dict[str, Any]], simulations: int) -> list[dict[str, Any]]:
    """Return one row a parameter.

    Keys: ``parameter``, ``coverage_50``, ``coverage_90`` and ``band_90`` (where chance leaves an honest 90
    % interval, :data:`BAND`), ``ks_p`` and ``ks_p_holm`` (ranks against uniform, Kolmogorov & Smirnov;
    corrected over the parameters, Holm 1979), ``bias`` and ``spread`` (mean and standard deviation of the
    ranks' normal scores: 0 and 1), ``recovery_r`` (truth with ensemble mean), ``contraction``,
    ``retailers``, ``simulations_per_fit``.
    """
    from scipy import stats
    from statsmodels.stats.multitest import multipletests

    truth, mean = (np.array([one[key] for one in found]) for key in ("truth", "mean"))
    counts = np.array([one["members"] for one in found])[:, None]
    ranks = np.array([one["rank"] for one in found])
    # A rank is spread evenly over its step, so that uniform ranks are uniform numbers.
    steps = np.random.default_rng([len(found), 3]).random(ranks.shape)
    levels = (ranks + steps) / (counts + 1)
    scores = stats.norm.ppf(levels)
    p = [float(stats.kstest(column, "uniform").pvalue) for column in levels.T]
    holm = multipletests(p, method="holm")[1]
    band = [float(x) / len(found) for x in stats.binom.interval(BAND, len(found), 0.9)]
    rows = []
    for k, name in enumerate(names):
        inside = {level: covered(ranks[:, k], counts[:, 0], level) for level in LEVELS}
        rows.append(
            {
                "parameter": name,
                "coverage_50": inside[0.5],
                "coverage_90": inside[0.9],
                "band_90": band,
                "ks_p": p[k],
                "ks_p_holm": float(holm[k]),
                "bias": float(scores[:, k].mean()),
                "spread": float(scores[:, k].std(ddof=1)),
                "recovery_r": float(np.corrcoef(truth[:, k], mean[:, k])[0, 1]),
                "contraction": float(np.mean([one["contraction"][k] for one in found])),
                "retailers": len(found),
                "simulations_per_fit": simulations,
            }
        )
    return rows


def covered(ranks: NDArray[np.int64], members: NDArray[np.int64], level: float) -> float:
    """Return how often the middle ``level`` of an ensemble holds the truth.

    The interval lies between order statistics: with n members, ``(n + 1) * level`` of the n + 1 gaps are
    inside, the outermost of them in part. So an honest ensemble covers ``level`` whatever its size;
    quantiles that take the members for the whole distribution would cover 83 % for 90 with 24 members.
    """
    low, high = (0.5 - level / 2) * (members + 1), (0.5 + level / 2) * (members + 1)
    parts = np.minimum(ranks + 1.0, high) - np.maximum(ranks, low)
    return float(np.clip(parts, 0.0, 1.0).mean())
