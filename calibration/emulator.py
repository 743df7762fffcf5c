"""What every simulation of a fit says together: statistics as smooth functions of the parameters.

A Gaussian process a statistic whose prior is a quadratic (a linear and a squared kernel), a curve along each
parameter (a rate's effect levels off; additive kernels: Duvenaud, Nickisch & Rasmussen 2011, Advances in
Neural Information Processing Systems 24) and a little that is neither (a rational quadratic), over the
simulations of all clouds (Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", chapters 2
and 5). How bent statistics are is one answer for all of them; how strongly each moves, with which parameters,
and how much of it is luck, is its own. Slopes seen through luck are never quite zero, and their squares would
pass for knowledge of parameters that move nothing: which are real is judged over all statistics of a
parameter (spike and slab by empirical Bayes: Johnstone & Silverman 2004, Annals of Statistics 32). The
emulator also says how sure it is itself, of all statistics together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product, starmap
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
BENDS = (0.05, 0.15, 0.3)  # standard deviation of squared terms over that of linear ones
CURVES = (0.0, 0.3, 0.8)  # standard deviation of one parameter's own curve, over that of linear terms
RESTS = (0.0, 0.3, 1.0)  # standard deviation of what is neither, over that of linear terms
STRENGTHS = np.exp(np.linspace(np.log(0.03), np.log(3e4), 22))  # variance of a linear term over that of luck
REACH = 1.5  # prior standard deviations over which what is neither linear nor squared changes
LEVEL = 100.0  # prior variance of a statistic's level, over that of a linear term
ROUNDS = 2  # of learning which parameters matter and how luck varies
LEAST, MOST = 1e-6, 30.0  # relevance of a parameter to a statistic, over the usual one
SURE = 0.5  # of a slope to be kept, below which the statistic says nothing of the parameter
SIFTED = 40  # steps of learning how many slopes are real
STEEPEST = 1.5  # log variance of luck may change by so much a standard deviation of a statistic
QUIET = 1e-6  # variance of luck at least, over a statistic's own: no function is known beyond it
DRAWN = 20  # simulations that would show no correlation of luck, added to those that were


class Shape(NamedTuple):
    """How bent all statistics are: squared terms, curves and other terms over linear ones."""

    bend: float
    curve: float
    rest: float


@dataclass(frozen=True)
class Emulator:
    """Statistics as functions of the parameters, in prior standard deviations from the prior's centre.

    Attributes
    ----------
    points
        Where simulations were [n, P].
    shape
        How bent statistics are.
    relevance
        Of each parameter to each statistic [d, P].
    weights
        Of each simulation in a statistic's mean [d, n].
    roots
        For a statistic's doubt [d, n, n]: inverse Cholesky factors of the simulations' covariance.
    strength
        Variance of a linear term [d].
    middle
        Level that the process is around [d].
    together
        Correlation of the statistics' luck in one simulation [d, d].
    luck
        Standard deviation of one simulation's luck, on average [d].
    """

    points: Array
    shape: Shape
    relevance: Array
    weights: Array
    roots: Array
    strength: Array
    middle: Array
    together: Array
    luck: Array

    def mean(self, where: Array) -> Array:
        """Return the statistics [m, d] to be expected at points [m, P]."""
        across = _kernel(where, self.points, self.shape, self.relevance)
        return np.asarray(self.middle + np.matmul(across, self.weights[:, :, None])[:, :, 0].T)

    def both(self, where: Array) -> tuple[Array, Array]:
        """Return mean [m, d] and doubt [m, d, d] of the statistics' expectations at points [m, P].

        All statistics are seen through the same simulations: what one is off by luck, others are off with it.
        """
        across = _kernel(where, self.points, self.shape, self.relevance)
        mean = self.middle + np.matmul(across, self.weights[:, :, None])[:, :, 0].T
        own = LEVEL + self.shape.rest**2 + _bent(where**2 @ self.relevance.T, self.shape.bend)
        own = own + self.shape.curve**2 * np.minimum(self.relevance, 1.0).sum(axis=1)
        seen = np.matmul(across, self.roots.transpose(0, 2, 1))
        told = self.strength * np.einsum("kij,kij->ik", seen, seen)
        doubt = np.sqrt(np.maximum(self.strength * (own - told), 0.0))
        return np.asarray(mean), doubt[:, :, None] * self.together * doubt[:, None, :]


def learn(points: Array, simulated: Array) -> Emulator:
    """Learn an emulator from simulations.

    Parameters
    ----------
    points
        Parameters [n, P] in prior standard deviations from the prior's centre.
    simulated
        Statistics [n, d], none missing, each simulation under a luck of its own: one luck shared by many
        bends statistics its own way, which would pass for what the parameters do.
    """
    middle, scale = simulated.mean(axis=0), simulated.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    outcomes = (simulated - middle) / scale
    shape, strength, luck = _shaped(points, outcomes)
    count, statistics = outcomes.shape
    relevance, uneven = np.ones((statistics, points.shape[1])), np.repeat(luck[:, None], count, axis=1)
    for number in range(ROUNDS + 1):
        each = zip(outcomes.T, strength, relevance, uneven, strict=True)
        fits = [_solved(points, y, shape, *of) for y, *of in each]
        alpha, roots, own = (np.array(part) for part in zip(*fits, strict=True))
        if number < ROUNDS:
            relevance = _relevant(points, alpha, roots, strength, relevance)
            uneven = np.array([_uneven(*one) for one in zip(outcomes.T, alpha, own, uneven, strict=True)])
    return Emulator(
        points,
        shape,
        relevance,
        (scale * strength)[:, None] * alpha,
        roots / scale[:, None, None],
        strength * scale**2,
        middle,
        _together(alpha * np.sqrt(own)),
        scale * np.sqrt(uneven.mean(axis=1)),
    )


def _solved(
    points: Array, outcome: Array, shape: Shape, strength: float, relevant: Array, uneven: Array
) -> tuple[Array, Array, Array]:
    """Return one statistic's weights [n], root [n, n], and variances [n] of each simulation given others."""
    covariance = strength * _kernel(points, points, shape, relevant) + np.diag(uneven)
    root = np.linalg.inv(np.linalg.cholesky(covariance))
    return root.T @ (root @ outcome), root, 1.0 / (root**2).sum(axis=0)


def _relevant(points: Array, alpha: Array, roots: Array, strength: Array, relevance: Array) -> Array:
    """Return relevances [d, P] that draw each slope as far towards none as it may be luck.

    What the simulations alone say of a slope follows from posterior and prior; of all slopes [d] of one
    parameter, a share is taken to be real, of a size of its own (:func:`_real`).
    """
    prior = strength[:, None] * relevance
    known = (np.matmul(roots, points) ** 2).sum(axis=1)  # [d, P]
    doubt = np.maximum(1.0 - prior * known, 1e-9) / known
    slopes = alpha @ points / known
    kept = np.array([_real(column) for column in (slopes / np.sqrt(doubt)).T]).T
    return np.asarray(np.clip(doubt * kept / (1.0 - kept) / strength[:, None], LEAST, MOST))


def _real(scores: Array) -> Array:
    """Return by how much slopes [d] are to be kept, from them over their doubts: 0 luck, 1 real."""
    share, size = 0.5, max(float(np.mean(scores**2)), 1.0)
    chance = np.full(len(scores), share)
    for _ in range(SIFTED):
        odds = np.log(share / (1.0 - share)) - 0.5 * np.log1p(size) + 0.5 * scores**2 * size / (1.0 + size)
        chance = 1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0)))
        # One slope of each kind is taken for granted: with few statistics neither share may be none.
        share = float(np.clip((chance.sum() + 0.5) / (len(scores) + 1.0), 0.01, 0.99))
        size = max(float(chance @ (scores**2 - 1.0)) / float(chance.sum() + 1e-9), 1e-3)
    kept = np.clip(chance * size / (1.0 + size), 0.0, 1.0 - 1e-6)
    # Part of a slope that is hardly believed is still taken as known: what is unlikely informs nothing.
    return np.asarray(np.where(kept < SURE, 0.0, kept))


def _together(surprises: Array) -> Array:
    """Return the correlation [d, d] of what is left of each statistic [d, n], drawn towards none."""
    spread = np.sqrt((surprises**2).mean(axis=1))
    unit = surprises / np.where(spread > 0.0, spread, 1.0)[:, None]
    count = surprises.shape[1]
    found = unit @ unit.T / (count + DRAWN)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _uneven(outcome: Array, alpha: Array, own: Array, luck: Array) -> Array:
    """Return luck's variance [n], as log linear in the statistic's level, from errors of leaving one out."""
    missed = alpha * own  # outcome less what all others say of it
    level = outcome - missed
    level = np.clip((level - level.mean()) / (level.std() + 1e-12), -2.0, 2.0)
    surprise = np.log(missed**2 / own + 1e-3)
    slope = float(level @ (surprise - surprise.mean())) / (float(level @ level) + 5.0)
    trend = np.exp(np.clip(slope, -STEEPEST, STEEPEST) * level)
    return np.asarray(luck * trend * np.mean(missed**2 / own) / np.mean(trend) + QUIET)


def _shaped(points: Array, outcomes: Array) -> tuple[Shape, Array, Array]:
    """Return the shape under which the statistics are likeliest, and each one's strength and luck [d]."""
    best: tuple[float, Shape, Array, Array] | None = None
    for shape in starmap(Shape, product(BENDS, CURVES, RESTS)):
        values, axes = np.linalg.eigh(_kernel(points, points, shape, np.ones(points.shape[1])))
        likely, strength, luck = _likely(np.maximum(values, 0.0), (axes.T @ outcomes) ** 2)
        if best is None or likely > best[0]:
            best = (likely, shape, strength, luck)
    assert best is not None
    return best[1], best[2], best[3]


def _likely(values: Array, squares: Array) -> tuple[float, Array, Array]:
    """Return the log evidence of all statistics at their best, their strength and luck [d]."""
    wide = STRENGTHS[:, None] * values + 1.0  # [s, n]
    luck = (squares[None] / wide[:, :, None]).mean(axis=1) + QUIET  # [s, d]
    evidence = -0.5 * (len(values) * np.log(luck) + np.log(wide).sum(axis=1)[:, None])
    chosen, every = evidence.argmax(axis=0), np.arange(squares.shape[1])
    own = luck[chosen, every]
    return float(evidence[chosen, every].sum()), STRENGTHS[chosen] * own, own


def _kernel(one: Array, other: Array, shape: Shape, relevant: Array) -> Array:
    """Return the covariance of statistics [d, m, n] at two sets of points, over that of a linear term.

    ``relevant`` are the parameters' relevances [d, P], or of one statistic [P]: then [m, n].
    """
    inner = np.matmul(one * relevant[..., None, :], other.T)
    found = LEVEL + _bent(inner, shape.bend)
    bounded = np.minimum(relevant, 1.0)
    if shape.curve:
        alone = _near((one[:, None] - other) ** 2) @ bounded.T  # [m, n, d], or [m, n]
        found += shape.curve**2 * (np.moveaxis(alone, -1, 0) if relevant.ndim > 1 else alone)
    if shape.rest:
        apart = np.matmul(one * bounded[..., None, :], -2.0 * other.T)
        apart += np.matmul(bounded, (one**2).T)[..., :, None]
        apart += np.matmul(bounded, (other**2).T)[..., None, :]
        found += shape.rest**2 * _near(np.maximum(apart, 0.0))
    return np.asarray(found)


def _near(apart: Array) -> Array:
    """Return how much alike points are that lie so far apart, squared; for one place 1.

    Rational quadratic (alpha 1): as smooth as a squared exponential and much quicker to work out.
    """
    return np.asarray(1.0 / (1.0 + apart / (2.0 * REACH**2)))


def _bent(inner: Array, bend: float) -> Array:
    return np.asarray(inner * (1.0 + 0.5 * bend**2 * inner))
