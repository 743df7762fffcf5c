"""From a prior and a simulator to an ensemble: waves of simulations, an emulator of them, and a sampler.

The second cloud lies where the first says the posterior's mode is, all others are drawn from the posterior
that the simulations so far point to, a little wider: they are then where they count, and spread along what is
not yet known. Every one has a luck of its own. The ensemble is drawn by Markov chains from the prior times a
synthetic likelihood (Wood 2010, Nature 466): statistics are normal about the emulator's mean, with the
history's sampling error, whose correlation is that of the simulations' luck, the discrepancy that every fit
allows for, and what the emulator does not know itself. Where the history lies farther off than that, the
market cannot repeat it so well: the discrepancy is widened until it is plausible, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.emulator import Emulator, learn
from calibration.regression import filled, regress
from calibration.sampling import chains
from calibration.statistics import DISCREPANCY

Array = NDArray[np.float64]
CHAINS, STEPS, KEPT = 64, 100, 10  # chains at least, moves of each, states kept of each
LOOK = 30  # moves of each where draws only say where to simulate next
SEEKING = 2  # clouds that seek the mode: what few simulations say of a whole posterior leads astray
STRIDE = 3.0  # longest way from cloud to cloud, in prior standard deviations
WIDE = 1.2  # clouds over the posterior so far, which few simulations have narrowed too much
MODES, LONGEST = 8, 1.0  # moves to the mode at most, and the longest of one parameter
TOLERATED = 3.0  # standard errors beyond which a statistic that will not fit stops pulling harder
UNHEARD = 1e4  # standard error of a statistic that says nothing
APART = 0.05  # prior standard deviations by which slopes are read off
WIDER = (0.0, 0.03, 0.06, 0.1, 0.15, 0.22, 0.33, 0.5, 0.8, 1.2)  # discrepancy beyond the usual one
SETTLED = 0.02  # a move to the mode, in prior standard deviations, that ends the search
PLAUSIBLE = 2.0  # mean square of misfits, in their standard deviations, up to which nothing is widened
# The emulator's shapes and strengths are those likeliest, and taken as known: its own doubt falls short by
# what the mean of so many simulations would be off.
DOUBTED = 20
CONVINCING = 3.0  # log evidence by which a wider discrepancy must win


@dataclass(frozen=True, eq=False)
class Likelihood:
    """What a history's statistics say of parameters, through an emulator.

    Attributes
    ----------
    emulator
        Of the statistics compared.
    observed, errors
        On their comparison scales [d].
    wider
        Discrepancy beyond the usual one, on the same scales.
    """

    emulator: Emulator
    observed: Array
    errors: Array
    wider: float = 0.0

    def covariance(self) -> Array:
        """Return the covariance [d, d] of what was observed about what the market expects."""
        usual = np.minimum(self.errors, DISCREPANCY)
        sampled = np.sqrt(self.errors**2 - usual**2)
        own = np.diag(usual**2 + self.wider**2 + self.emulator.luck**2 / DOUBTED)
        return np.asarray(sampled[:, None] * self.emulator.together * sampled + own)

    def density(self, where: Array, observed: Array | None = None) -> Array:
        """Return the log posterior density [m] at points [m, P], of ``observed`` [m, d] if it is given."""
        mean, doubt = self.emulator.both(where)
        every = np.arange(mean.shape[1])
        roots = np.linalg.cholesky(self.covariance() + doubt)
        off = (self.observed if observed is None else observed) - mean
        unit = np.linalg.solve(roots, off[:, :, None])[:, :, 0]
        logs = np.log(roots[:, every, every]).sum(axis=1)
        return np.asarray(-0.5 * (unit**2).sum(axis=1) - logs - 0.5 * (where**2).sum(axis=1))

    def mode(self, start: Array) -> tuple[Array, Array]:
        """Return the mode [P] near ``start`` and the covariance [P, P] about it, by Gauss-Newton steps."""
        found, count = start.copy(), len(start)
        curvature = np.eye(count)
        for _ in range(MODES):
            mean, doubt = self.emulator.both(found[None])
            total = self.covariance() + doubt[0]
            off = self.observed - mean[0]
            pull = 1.0 / np.sqrt(np.maximum(np.abs(off) / np.sqrt(np.diag(total)) / TOLERATED, 1.0))
            weight = np.linalg.inv(total) * np.outer(pull, pull)  # bounded influence (Huber 1964)
            slopes = self.slopes(found)
            curvature = slopes.T @ weight @ slopes + np.eye(count)
            move = np.linalg.solve(curvature, slopes.T @ weight @ off - found)
            found = found + np.clip(move, -LONGEST, LONGEST)
            if np.abs(move).max(initial=0.0) < SETTLED:
                break
        return found, np.asarray(np.linalg.inv(curvature), np.float64)

    def slopes(self, where: Array) -> Array:
        """Return the slopes [d, P] of the statistics to be expected at a point [P]."""
        near = APART * np.eye(len(where))
        means = self.emulator.mean(np.concatenate((where + near, where - near)))
        return np.asarray((means[: len(where)] - means[len(where) :]).T / (2.0 * APART))

    def misfit(self, where: Array) -> float:
        """Return the mean square of misfits at a point [P], in their own standard deviations."""
        mean, doubt = self.emulator.both(where[None])
        return float(((self.observed - mean) ** 2 / np.diag(self.covariance() + doubt[0])).mean())

    def draws(self, start: Array, generator: np.random.Generator, steps: int = STEPS) -> Array:
        """Return draws of the posterior [:data:`KEPT` a chain, P]; ``start`` lies near its mode."""
        centre, covariance = self.mode(start)
        count = max(CHAINS, 4 * len(centre)) // 2 * 2
        around = generator.standard_normal((count, len(centre))) @ np.linalg.cholesky(covariance).T
        return chains(self.density, centre + 1.2 * around, steps, KEPT, generator)


def widened(said: Likelihood, start: Array) -> Likelihood:
    """Return the likelihood with the discrepancy under which the history is plausible at its mode.

    Approximate evidence (Laplace) of a few widths; the usual discrepancy stays unless one surely wins.
    """
    centre, _ = said.mode(start)
    if said.misfit(centre) < PLAUSIBLE:
        return said
    found = []
    for wider in WIDER:
        one = Likelihood(said.emulator, said.observed, said.errors, wider)
        centre, covariance = one.mode(centre)
        found.append(float(one.density(centre[None])[0] + 0.5 * np.linalg.slogdet(covariance)[1]))
    best = int(np.argmax(found))
    chosen = WIDER[best] if found[best] - found[0] > CONVINCING else 0.0
    return Likelihood(said.emulator, said.observed, said.errors, chosen)


def _taught(points: Array, found: Array, observed: Array, errors: Array) -> Likelihood:
    """Return what the simulations so far teach; a statistic that none of them moves pulls nowhere."""
    found = _completed(points, found)
    moved = np.ptp(found, axis=0) > 0.0
    return Likelihood(learn(points, found), observed, np.where(moved, errors, UNHEARD))


def _completed(points: Array, found: Array) -> Array:
    """Return the statistics [n, d], undefined ones as a line through all others has them."""
    made = filled(found)
    for k in np.flatnonzero(np.isnan(found).any(axis=0)):
        known = np.isfinite(found[:, k])
        if known.sum() > points.shape[1] + 1:
            line = regress(points[known], found[known][:, [k]])
            made[~known, k] = line.base[0] + points[~known] @ line.slopes[0]
    return made


def explore(
    observed: Array,
    errors: Array,
    simulate: Callable[[Array], Array],
    clouds: Sequence[Array],
    generator: np.random.Generator,
) -> tuple[Likelihood, Array]:
    """Simulate clouds; return the likelihood they teach, and draws of its posterior [n, P].

    Parameters
    ----------
    observed, errors
        Statistics [d] and their standard errors.
    simulate
        From parameters [n, P], in prior standard deviations, to statistics [n, d]; NaN where undefined.
    clouds
        Points [n, P]: of the first cloud, then of the second about its centre. Of the others, each over the
        posterior so far, only how many they are is read.
    """
    points, found = clouds[0], simulate(clouds[0])
    near, last = points.mean(axis=0), len(clouds) - 1
    said, drawn = _learnt(points, found, observed, errors, near, generator, LOOK if last else STEPS)
    for number, cloud in enumerate(clouds[1:], 1):
        if number < SEEKING:
            near = near + np.clip(said.mode(near)[0] - near, -STRIDE, STRIDE)
            placed = near + cloud
        else:
            near = drawn.mean(axis=0)
            placed = near + WIDE * (drawn[generator.permutation(len(drawn))[: len(cloud)]] - near)
        points, found = np.concatenate((points, placed)), np.concatenate((found, simulate(placed)))
        steps = LOOK if number < last else STEPS
        said, drawn = _learnt(points, found, observed, errors, near, generator, steps)
    return said, drawn


def _learnt(
    points: Array,
    found: Array,
    observed: Array,
    errors: Array,
    near: Array,
    generator: np.random.Generator,
    steps: int,
) -> tuple[Likelihood, Array]:
    """Return what the simulations so far teach, and draws of the posterior with a mode ``near``."""
    said = widened(_taught(points, found, observed, errors), near)
    return said, said.draws(near, generator, steps)
