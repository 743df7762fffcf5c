"""One forecast out of several: weights and width learnt where the answer is known, inside the training years.

Every candidate (the market, and statistical models of the series alone) forecasts the last stretch of the
training years from a few inner origins. From how near each came (CRPS) follow

* the **weights**: the mean score to the power of minus the number of folds that do not overlap. Were errors
  exponential with the score as their scale, this would be each candidate's likelihood (pseudo-BMA, Yao et al.
  2018, Bayesian Analysis 13:917-1007). One fold weighs by the inverse of the score as Bates & Granger (1969,
  Operational Research Quarterly 20:451-468) do with squared errors; without folds weights are equal, which
  little evidence rarely beats (Timmermann 2006, Handbook of Economic Forecasting 1, chapter 4; Genre et al.
  2013, International Journal of Forecasting 29:108-121);
* the **spread**: the factor on the pool's distance from its own median, on the log or log-odds scale, that
  scores best on the same folds, drawn towards 1. It narrows as well as widens.

The pool is the weighted mean of quantiles (Vincentisation), not a mixture: a mixture of forecasts that
disagree is wider than any of them (Lichtendahl, Grushka-Cockayne & Winkler 2013, Management Science
59:1594-1611). Since the score is a sum of quantile losses, which are convex, the pool scores no worse than
the weighted mean of its members. Quantiles are put back into paths in the order of the leading member's
(Schefzik, Thorarinsdottir & Gneiting 2013, Statistical Science 28:616-640).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from calibration.scores import crps, wape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

PATHS = 400
"""Paths of a pooled forecast."""
FOLDS = 4
"""Inner origins, at most."""
FEWEST = 8
"""Periods an inner origin must at least look back on: what the statistical models are fitted to."""
POWER = 1.0
"""Weights go with the mean score to the power of minus this, for each fold that overlaps no other."""
UNIT_FOLDS = 2.0
"""Folds that a spread of 1 is worth."""
WIDEST = 2.0
"""Largest factor tried on the spread; its inverse is the smallest."""
LEAST = 1e-9
"""Amounts below this share of the largest are taken as this, where logarithms are."""
EDGE = 1e-4
"""Shares are kept this far from 0 and 1, where log odds are."""


@dataclass(frozen=True)
class Fold:
    """What came after one inner origin, and what each candidate had said.

    Attributes
    ----------
    start : int
        Periods known at the origin.
    actual : ndarray of shape (h,)
        NaN where not known.
    paths : mapping of str to ndarray of shape (n, h)
        Sample paths by candidate; n may differ between candidates.
    """

    start: int
    actual: Array
    paths: Mapping[str, Array]


@dataclass(frozen=True)
class Recipe:
    """How candidates are pooled.

    Attributes
    ----------
    weights : mapping of str to float
        One for each candidate, summing to 1.
    spread : float
        Factor on the distance from the pool's median; 1 leaves it as it is.
    share : bool
        Whether values are shares, 0-1: distances are then log odds, else logarithms.
    chosen : str
        The single statistical model that does best on the same folds; nothing without folds.
    """

    weights: Mapping[str, float]
    spread: float
    share: bool
    chosen: str = ""

    def document(self) -> dict[str, float | str]:
        """Return the recipe as plain values: each voice's weight, ``spread`` and ``chosen``."""
        return {**self.weights, "spread": self.spread, "chosen": self.chosen}

    def join(self, paths: Mapping[str, Array]) -> Array:
        """Return the pooled paths (PATHS, h); a candidate that is missing leaves its weight to the others."""
        present = {name: self.weights[name] for name in self.weights if name in paths}
        leading = max(present, key=lambda name: present[name])
        levels = widened(mean_quantiles(present, paths), self.spread, self.share)
        template = np.resize(paths[leading], (PATHS, levels.shape[1]))
        ranks = np.argsort(np.argsort(template, axis=0, kind="stable"), axis=0, kind="stable")
        return np.asarray(np.take_along_axis(levels, ranks, axis=0))


def inner_origins(known: int, horizon: int) -> tuple[int, tuple[int, ...]]:
    """Return the inner horizon and the numbers of periods known at the inner origins, at most `FOLDS`.

    They lie in the last half of the training years; the last ends where those do. The horizon is the asked
    one where a third of the years holds it. Folds may overlap.
    """
    ahead = max(1, min(horizon, known // 3))
    last = known - ahead
    first = max(known // 2, FEWEST)
    if first > last:
        return ahead, ()
    return ahead, tuple(sorted(set(np.linspace(first, last, FOLDS).round().astype(int).tolist())))


def learn(
    folds: Sequence[Fold],
    names: Sequence[str],
    share: bool = False,
) -> Recipe:
    """Learn weights and spread from inner folds.

    Parameters
    ----------
    folds : sequence of Fold
        Those in which a candidate is missing, or nothing but zeros came, are left out; without any, weights
        are equal and the spread is 1.
    names : sequence of str
        Candidates.
    share : bool
        Whether values are shares, 0-1.
    """
    told = [cut for fold in folds if (cut := _known(fold, names)) is not None]
    if not told:
        return Recipe(dict.fromkeys(names, 1.0 / len(names)), 1.0, share)
    apart = folds_apart(told)
    scores = np.mean([[_score(fold.actual, fold.paths[name]) for name in names] for fold in told], axis=0)
    skill = (scores / max(float(scores.max()), LEAST) + 1e-3) ** -(POWER * apart)
    weights = dict(zip(names, (skill / skill.sum()).tolist(), strict=True))
    return Recipe(weights, _spread(told, weights, share), share)


def choose(folds: Sequence[Fold]) -> str:
    """Return the candidate of the lowest WAPE and CRPS on the folds, by the geometric mean of both.

    Nothing where no fold can be judged.
    """
    names = tuple(dict.fromkeys(name for fold in folds for name in fold.paths))
    told = [cut for fold in folds if (cut := _known(fold, names)) is not None]
    if not told or not names:
        return ""
    losses = [
        [
            np.log(_score(fold.actual, fold.paths[name]) + 1e-9)
            + np.log(wape(fold.actual, np.median(fold.paths[name], axis=0)) + 1e-9)
            for name in names
        ]
        for fold in told
    ]
    return names[int(np.argmin(np.mean(losses, axis=0)))]


def folds_apart(folds: Sequence[Fold]) -> float:
    """Return how many folds that do not overlap the folds' periods would make."""
    first, last = min(fold.start for fold in folds), max(fold.start + fold.actual.size for fold in folds)
    return float((last - first) / np.mean([fold.actual.size for fold in folds]))


def mean_quantiles(weights: Mapping[str, float], paths: Mapping[str, Array]) -> Array:
    """Return the weighted mean of the candidates' quantiles (PATHS, h), lowest first."""
    levels = (np.arange(PATHS) + 0.5) / PATHS
    whole = sum(weights.values())
    parts = [weights[name] / whole * np.quantile(paths[name], levels, axis=0) for name in weights]
    return np.asarray(np.sum(parts, axis=0))


def widened(paths: Array, spread: float, share: bool) -> Array:
    """Return paths with their distance from the median times ``spread``, on the log or log-odds scale.

    Amounts that can be negative are moved on their own scale; where the median is nothing, they stay.
    """
    if spread == 1.0:
        return paths
    if share:
        inside = np.clip(paths, EDGE, 1.0 - EDGE)
        return np.asarray(1.0 / (1.0 + np.exp(-_from_median(np.log(inside) - np.log1p(-inside), spread))))
    if (paths < 0.0).any():
        return _from_median(paths, spread)
    least = LEAST * float(paths.max(initial=0.0)) or LEAST
    moved = np.exp(_from_median(np.log(np.maximum(paths, least)), spread))
    some = np.median(paths, axis=0) > least
    return np.where(some, np.where(paths > 0.0, moved, 0.0), paths)


def _from_median(values: Array, spread: float) -> Array:
    middle = np.median(values, axis=0)
    return np.asarray(middle + spread * (values - middle))


def _spread(folds: Sequence[Fold], weights: Mapping[str, float], share: bool) -> float:
    """Return the factor of the best mean score on the folds, drawn towards 1."""
    tried = np.exp(np.linspace(-np.log(WIDEST), np.log(WIDEST), 29))
    pools = [mean_quantiles(weights, fold.paths) for fold in folds]
    scores = [
        [_score(fold.actual, widened(pool, factor, share)) for factor in tried.tolist()]
        for fold, pool in zip(folds, pools, strict=True)
    ]
    best = float(tried[int(np.argmin(np.mean(scores, axis=0)))])
    apart = folds_apart(folds)
    return float(best ** (apart / (apart + UNIT_FOLDS)))


def _score(actual: Array, paths: Array) -> float:
    """Return the CRPS over the mean actual, so that folds count alike."""
    return crps(actual, paths) / float(np.abs(actual).mean())


def _known(fold: Fold, names: Sequence[str]) -> Fold | None:
    """Return the fold where its actuals are known, or nothing where it cannot be judged."""
    known = np.isfinite(fold.actual)
    if not np.abs(fold.actual[known]).sum() > 0.0 or any(name not in fold.paths for name in names):
        return None
    return Fold(fold.start, fold.actual[known], {name: fold.paths[name][:, known] for name in names})
