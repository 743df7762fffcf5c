"""Proposals of a search by Gaussian processes: next is tried what is expected to add the most volume.

One process (Matérn 5/2, a length for each number) per objective and per bound goes through all that was tried
(Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", chapters 2 and 5); plans left after a
first look count as less certain by what first looks were seen to miss. The next plan is the one of the
largest expected hypervolume improvement, which for a single objective is the expected improvement, times the
chance to keep all bounds (Emmerich, Deutz & Klinkenberg 2011, "Hypervolume-based expected improvement",
IEEE CEC; Gardner et al. 2014, "Bayesian optimization with inequality constraints", ICML).
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, RandomSampler

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

Array = NDArray[np.float64]
Encode = Callable[[Mapping[str, Any]], Sequence[float]]
"""From an optimiser's numbers to the coordinates, about 0 to 1, in which plans alike lie close."""

LENGTHS = (0.15, 10.0)  # over which an objective changes, of a number's range
NOISE = (1e-6, 0.3)  # variance of a plan's luck on the panel, of an objective's
DOUBT = 0.05  # of an objective's variance: what a first look misses, before any was seen to
RESTARTS = 1
TRIED, KEPT, NEAR = 1500, 12, (0.2, 0.07, 0.02)  # candidates anywhere; the best of them; steps from those
CELLS = 256  # points at which the volume not yet reached is asked
# Of the bounds, in turn: a plan that just keeps them in these futures breaks them in the next ones, and what
# is advised must be among the plans tried.
ROOM = (0.0, 0.0, 0.05, 0.15)
DEEP = 1.0  # results further below the front than it is wide are all as bad
BEYOND = 2.0  # standard deviations above the best expected up to which volume counts
LEAST = 1e-9


@dataclass(frozen=True)
class Tried:
    """What a surrogate learns from.

    Parameters
    ----------
    points
        Coordinates [n, P].
    scores
        Objectives, larger being better [n, k].
    missed
        By how much each bound is missed [n, c]; 0 or less is kept.
    doubt
        Variance that each result has beside that of all, of each column's [n].
    """

    points: Array
    scores: Array
    missed: Array
    doubt: Array


class GaussianProcessSampler(BaseSampler):
    """Ask Gaussian processes which plan to try next.

    Parameters
    ----------
    seed
        Of this proposal.
    encode
        Coordinates of an optimiser's numbers.
    startup
        Trials that are proposed at random first.
    """

    def __init__(self, seed: int, encode: Encode, startup: int) -> None:
        self.seed, self.encode, self.startup = seed, encode, startup
        self.random = RandomSampler(seed=seed)

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """Return the numbers that every trial has had."""
        from optuna.search_space import intersection_search_space

        return dict(intersection_search_space(study.get_trials(deepcopy=False)))

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Return the numbers of the next plan; none while too little was tried."""
        told = [t for t in study.get_trials(deepcopy=False) if t.state.name == "COMPLETE" and t.values]
        if len(told) < self.startup or not search_space:
            return {}
        signs = np.array([1.0 if d.name == "MAXIMIZE" else -1.0 for d in study.directions])
        return proposal(told, signs, search_space, self.encode, self.seed)

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Return a number at random."""
        return self.random.sample_independent(study, trial, param_name, param_distribution)


def proposal(
    told: Sequence[FrozenTrial],
    signs: Array,
    space: Mapping[str, BaseDistribution],
    encode: Encode,
    seed: int,
) -> dict[str, Any]:
    """Return the numbers, within a space, at which most improvement is expected after the trials told."""
    tried = _tried(told, signs, encode)
    tried = replace(tried, missed=tried.missed + ROOM[len(told) % len(ROOM)])
    expect = learn(tried, seed)
    better = Improvement.over(tried, expect)
    luck = np.random.default_rng([seed, 3])
    known = {frozenset(t.params.items()) for t in told}

    def judged(rows: Array) -> tuple[list[dict[str, Any]], Array]:
        numbers = [_numbers(row, space) for row in rows]
        gains = better.expected(*expect(np.array([encode(one) for one in numbers])))
        fresh = [frozenset(one.items()) not in known for one in numbers]  # whole numbers soon come again
        return numbers, np.where(fresh, gains, -1.0)

    kept = luck.uniform(size=(TRIED, len(space)))
    numbers, gains = judged(kept)
    for step in NEAR:
        best = np.argsort(-gains, kind="stable")[:KEPT]
        moved = np.repeat(kept[best], KEPT, axis=0)
        moved += step * luck.normal(size=moved.shape) * (luck.uniform(size=moved.shape) < 0.6)
        kept = np.vstack([kept[best], np.clip(moved, 0.0, 1.0)])
        numbers, gains = judged(kept)
    return numbers[int(np.argmax(gains))]


def _tried(told: Sequence[FrozenTrial], signs: Array, encode: Encode) -> Tried:
    """Return what trials say, first looks doubted by what those that went on were seen to have missed."""
    points = np.array([encode(t.params) for t in told], dtype=float)
    scores = np.array([t.values for t in told], dtype=float) * signs
    bounds = sorted({name for t in told for name in t.constraints})
    missed = np.array([[t.constraints.get(b, 0.0) for b in bounds] for t in told], dtype=float)
    whole = np.array([bool(t.user_attrs.get("whole", True)) for t in told])
    looked = [
        (t.user_attrs["first"][0], t.values)
        for t in told
        if t.user_attrs.get("whole") and "first" in t.user_attrs
    ]
    doubt = DOUBT
    if len(looked) > 1:
        apart = np.array([np.subtract(*one) for one in looked], dtype=float)
        doubt = float(np.mean((apart**2).mean(axis=0) / np.maximum(scores.var(axis=0), 1e-12)))
    return Tried(points, scores, missed.reshape(len(told), len(bounds)), np.where(whole, 0.0, doubt))


def learn(tried: Tried, seed: int) -> Callable[[Array], tuple[Array, Array]]:
    """Return what gives mean and standard deviation [m, k + c] of objectives and bounds at points [m, P].

    Results far below the front are drawn up to where nothing more can be lost: how bad a bad plan is must not
    decide what is expected of good ones.
    """
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel
    from threadpoolctl import threadpool_limits

    columns = np.hstack([_floored(tried), tried.missed])
    middle, scale = columns.mean(axis=0), columns.std(axis=0)
    scale = np.where(scale > 1e-12, scale, 1.0)
    models = []
    with threadpool_limits(1), _quiet():  # bits would differ by the number of threads
        for column in ((columns - middle) / scale).T:
            kernel = ConstantKernel(1.0, (0.05, 50.0)) * Matern(
                np.full(tried.points.shape[1], 0.7), LENGTHS, nu=2.5
            ) + WhiteKernel(1e-3, NOISE)
            model = GaussianProcessRegressor(
                kernel, alpha=tried.doubt + 1e-8, n_restarts_optimizer=RESTARTS, random_state=seed % 2**32
            )
            models.append(model.fit(tried.points, column))

    def expect(points: Array) -> tuple[Array, Array]:
        with threadpool_limits(1):
            found = [model.predict(points, return_std=True) for model in models]
        mean = np.column_stack([one[0] for one in found])
        noise = np.array([model.kernel_.k2.noise_level for model in models])
        spread = np.sqrt(np.maximum(np.column_stack([one[1] for one in found]) ** 2 - noise, 1e-10))
        return np.asarray(middle + scale * mean), np.asarray(scale * spread)

    return expect


def _floored(tried: Tried) -> Array:
    """Return the objectives, none further below the front than it is wide."""
    front = tried.scores[unbeaten(tried)]
    high, low = front.max(axis=0), front.min(axis=0)
    wide = np.where(high > low, high - low, tried.scores.std(axis=0) + 1e-12)
    return np.asarray(np.maximum(tried.scores, low - DEEP * wide))


def unbeaten(tried: Tried) -> NDArray[np.bool_]:
    """Tell of each result whether it keeps the bounds, or none does, and no other such beats it."""
    good = np.asarray((tried.missed <= 0.0).all(axis=1)) | ~(tried.missed <= 0.0).all(axis=1).any()
    among = tried.scores[good]
    free = [not bool(((among >= s).all(axis=1) & (among > s).any(axis=1)).any()) for s in tried.scores]
    return np.asarray(good & np.array(free))


@dataclass(frozen=True)
class Improvement:
    """The volume not yet reached, by points in it.

    Parameters
    ----------
    cells
        Points [z, k] that nothing expected of what was tried dominates.
    feasible
        Whether anything tried keeps the bounds; else only the chance to keep them counts.
    """

    cells: Array
    feasible: bool

    @classmethod
    def over(cls, tried: Tried, expect: Callable[[Array], tuple[Array, Array]]) -> Improvement:
        """Return the volume above what is expected of the plans tried, rather than what was seen of them."""
        from scipy.stats import qmc

        count = tried.scores.shape[1]
        mean, spread = (part[:, :count] for part in expect(tried.points))
        good = (tried.missed <= 0.0).all(axis=1)
        seen = mean[good] if good.any() else mean
        front = seen[unbeaten(Tried(seen, seen, np.zeros((len(seen), 0)), np.zeros(len(seen))))]
        low, high = front.min(axis=0), (mean + BEYOND * spread).max(axis=0)
        wide = np.where(front.max(axis=0) > low, front.max(axis=0) - low, np.ptp(mean, axis=0) + 1e-12)
        low = np.maximum(low - DEEP * wide, mean.min(axis=0)) if count > 1 else low
        high = np.maximum(high, front.max(axis=0) + 0.1 * wide)
        drawn = qmc.Sobol(count, scramble=False).random(8 * CELLS) + 0.5 / (8 * CELLS)
        cells = low + (high - low) * drawn
        free = ~(front[None] >= cells[:, None]).all(axis=2).any(axis=1)
        return cls(cells[free][:: max(int(free.sum()) // CELLS, 1)], bool(good.any()))

    def expected(self, mean: Array, spread: Array) -> Array:
        """Return the improvement to be expected [m] where objectives and bounds are so [m, k + c].

        The chance that a plan dominates a point of the volume not yet reached, on average over its points, is
        the expected hypervolume improvement over that volume.
        """
        from scipy.special import ndtr

        count = self.cells.shape[1]
        kept = ndtr(-mean[:, count:] / spread[:, count:]).prod(axis=1)
        if not self.feasible:
            return np.asarray(kept)
        above = np.ones((len(mean), len(self.cells)))
        for k in range(count):
            above *= ndtr((mean[:, k, None] - self.cells[None, :, k]) / spread[:, k, None])
        return np.asarray((above.mean(axis=1) + LEAST * spread[:, :count].mean(axis=1)) * kept)


def _numbers(row: Array, space: Mapping[str, BaseDistribution]) -> dict[str, Any]:
    """Return an optimiser's numbers at a point of the unit cube."""
    found: dict[str, Any] = {}
    for u, (name, ends) in zip(row.tolist(), space.items(), strict=True):
        if isinstance(ends, CategoricalDistribution):
            found[name] = ends.choices[min(int(u * len(ends.choices)), len(ends.choices) - 1)]
        elif isinstance(ends, IntDistribution):
            found[name] = min(ends.low + int(u * (ends.high - ends.low + 1)), ends.high)
        else:
            assert isinstance(ends, FloatDistribution)
            found[name] = ends.low + u * (ends.high - ends.low)
    return found


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep scikit-learn from warning of lengths at their ends: numbers that do not matter have those."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
