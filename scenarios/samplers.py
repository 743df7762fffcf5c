"""Who proposes the next plan to try, and when to stop asking.

The rule, where the plan leaves it to us (``sampler: auto``): Gaussian processes for short searches
(:mod:`scenarios.gaussian`); NSGA-II for wide ones; tree-structured Parzen estimators (TPE) in between and
otherwise, every third proposal being a step from one of the best plans so far.
A result says which one it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

    from scenarios.gaussian import Encode

STARTUP = 10  # trials before the sampler learns
SHORT, FEW = 200, 20  # trials and numbers up to which Gaussian processes are quick and know the most
WIDE, MANY = 400, 20  # trials and numbers from which a population goes further
POPULATION = 50
PATIENCE, PER_NUMBER = 60, 6  # trials without progress: the larger of 60 and six a number searched
LOCAL, TURNS, FAR = 3, 20, (0.01, 0.2)  # every third trial steps; attempts; how far, of a range
PROGRESS = 1e-3  # of the hypervolume reached: less is none


def chosen(asked: str, trials: int, numbers: int, conditional: bool) -> str:
    """Return the sampler's name: ``tpe``, ``gp``, ``nsga2`` or ``random``.

    Parameters
    ----------
    asked
        One of these, or ``auto``.
    trials, numbers
        Trials asked for, and numbers proposed in each.
    conditional
        Whether some lines vary only where others are so: neither a Gaussian process nor a cross-over has
        anything to go by there.
    """
    if asked != "auto":
        return asked
    if trials <= SHORT and numbers <= FEW and not conditional:
        return "gp"
    return "nsga2" if trials >= WIDE and numbers >= MANY and not conditional else "tpe"


def made(name: str, seed: int, done: int, conditional: bool, encode: Encode) -> Any:
    """Return the sampler of the next trial, seeded by the search and by how many were begun before.

    ``encode`` gives the coordinates in which plans alike lie close (`scenarios.proposals.coordinates`).
    """
    from optuna import samplers

    own = int(np.random.SeedSequence([seed, crc32(b"sampler"), done]).generate_state(1)[0])
    if name == "gp":
        from scenarios.gaussian import GaussianProcessSampler

        return GaussianProcessSampler(own, encode, STARTUP)
    if name == "nsga2":
        return samplers.NSGAIISampler(seed=own, population_size=POPULATION)
    if name == "random":
        return samplers.RandomSampler(seed=own)
    return samplers.TPESampler(multivariate=True, group=conditional, n_startup_trials=STARTUP, seed=own)


def patience(asked: int | None, numbers: int) -> int:
    """Return the trials without progress after which a search stops; 0 is never."""
    return max(PATIENCE, PER_NUMBER * numbers) if asked is None else asked


def stands_still(scores: NDArray[np.float64], feasible: Sequence[bool], patient: int) -> bool:
    """Tell whether the last ``patient`` trials added less than a thousandth to the hypervolume.

    Parameters
    ----------
    scores
        Objectives of every trial in order, larger being better [trial, objective]; NaN where it failed.
    feasible
        Whether each keeps the bounds. While none does, nothing stands still.
    """
    good = np.array(feasible, dtype=bool) & np.isfinite(scores).all(axis=1)
    before = scores[: len(scores) - patient][good[: len(scores) - patient]]
    if not patient or len(scores) <= patient or not len(before):
        return False
    every = scores[good]
    low, span = every.min(axis=0), np.ptp(every, axis=0)
    scaled = [(part - low) / np.where(span > 0, span, 1.0) for part in (before, every)]
    was, now = (hypervolume(part, np.zeros(scores.shape[1])) for part in scaled)
    return now - was <= PROGRESS * max(now, 1e-12)


def hypervolume(points: NDArray[np.float64], least: NDArray[np.float64]) -> float:
    """Return the volume that points [n, objective] dominate above ``least``, larger being better.

    By slicing along the last objective; meant for fronts of up to some hundred points in two to four.
    """
    above = points[(points > least).all(axis=1)]
    if not len(above):
        return 0.0
    if points.shape[1] == 1:
        return float(above.max() - least[0])
    above = front(above)
    order = above[np.argsort(-above[:, -1])]
    levels = [*order[:, -1], float(least[-1])]
    total = 0.0
    for n in range(len(order)):
        depth = levels[n] - levels[n + 1]
        if depth > 0:
            total += depth * hypervolume(front(order[: n + 1, :-1]), least[:-1])
    return total


def front(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points that no other one beats in every objective."""
    kept = np.unique(points, axis=0)
    beaten = [bool(((kept >= one).all(axis=1) & (kept > one).any(axis=1)).any()) for one in kept]
    return np.asarray(kept[~np.array(beaten, dtype=bool)])


def step(trials: Sequence[FrozenTrial], signs: Sequence[int], seed: int, done: int) -> dict[str, Any] | None:
    """Return numbers next to those of one of the best trials, untried so far; ``None`` where there are none.

    One or two numbers move: a whole one by one or two, another by up to a fifth of its range, often far
    less. Parzen estimators find the region and then propose the same again and again; this goes up the rest
    of the hill.

    Parameters
    ----------
    trials
        All that were told.
    signs
        1 for objectives of which more is better, -1 where less is.
    seed, done
        Of the search; trials begun before.
    """
    good = [t for t in trials if t.values and all(v <= 0 for v in t.constraints.values())]
    if not good:
        return None
    scores = np.array([t.values for t in good], dtype=float) * np.array(signs)
    kept = front(scores)
    best = [t for t, s in zip(good, scores, strict=True) if (kept == s).all(axis=1).any() and t.params]
    luck = np.random.default_rng([seed, crc32(b"step"), done])
    tried = [t.params for t in trials]
    for _ in range(TURNS if best else 0):
        start = best[int(luck.integers(len(best)))]
        moved = dict(start.params)
        names = sorted(moved)
        for name in luck.choice(names, size=min(int(luck.integers(1, 3)), len(names)), replace=False):
            moved[str(name)] = _beside(moved[str(name)], start.distributions[str(name)], luck)
        if moved not in tried:
            return moved
    return None


def _beside(value: Any, distribution: Any, luck: np.random.Generator) -> Any:
    if hasattr(distribution, "choices"):
        return distribution.choices[int(luck.integers(len(distribution.choices)))]
    if isinstance(value, int):
        moved = value + int(luck.choice((-2, -1, 1, 2)))
    else:
        far = float(np.exp(luck.uniform(*np.log(FAR)))) * (distribution.high - distribution.low)
        moved = value + float(luck.normal(0.0, far))
    return min(max(moved, distribution.low), distribution.high)
