"""From a prior and a simulator to an ensemble: statistics matched in waves of simulations.

A history's statistics hold on average: they are matched by an emulator of all simulations and draws of its
posterior (:mod:`calibration.waves`). A plan's few figures hold exactly, and each member is led to them
(``rounds``): by Gauss-Newton steps (simulated moments: McFadden 1989, Econometrica 57), whose Jacobian is a
ridge regression over a small cloud of simulations around the current centre, with one luck, so that
differences are the parameters' doing. The last cloud has a seed a member: its residuals are the simulator's
own noise. Slopes are pooled over the last clouds, and what is noise in their squares is taken off before it
passes for knowledge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.refinement import distance, refine
from calibration.regression import Line, filled, pooled, regress, scattered
from calibration.waves import Likelihood, explore
from sim.parameters import Parameter, from_scale, to_scale

Array = NDArray[np.float64]
NORMAL_90 = 1.6449
CLOUDS = (0.8, 0.5, 0.3, 0.2, 0.1)  # spread of each cloud, in prior standard deviations
TOLERATED = 3.0  # standard errors beyond which a statistic that will not fit stops pulling harder
STRIDE = 3.0  # longest step, in spreads of the cloud it was seen from
SCOUTS, SCOUTED, SCOUT_SPREAD = 4, 5, 0.1  # scouts, the moves of each, and how far apart they set out


@dataclass(frozen=True)
class Prior:
    """Independent normal priors on each parameter's own scale.

    Attributes
    ----------
    parameters
        The free parameters; ``low`` and ``high`` are the 5th and 95th percentiles.
    """

    parameters: tuple[Parameter, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the free parameters."""
        return tuple(parameter.name for parameter in self.parameters)

    def centre(self) -> Array:
        """Return the prior medians [P] on the parameters' scales."""
        return np.array([to_scale(p.default, p.scale) for p in self.parameters])

    def spread(self) -> Array:
        """Return the prior standard deviations [P] on the parameters' scales."""
        ends = [(to_scale(p.low, p.scale), to_scale(p.high, p.scale)) for p in self.parameters]
        return np.array([max(high - low, 1e-9) / (2.0 * NORMAL_90) for low, high in ends])

    def draw(self, members: int, generator: np.random.Generator) -> Array:
        """Return ``members`` draws [n, P] on the scales, stratified in every parameter (Latin hypercube)."""
        from scipy import special

        ranks = [generator.permutation(members) for _ in self.parameters]
        strata = np.array(ranks).reshape(len(ranks), members).T
        levels = (strata + generator.random(strata.shape)) / members
        return np.asarray(self.centre() + self.spread() * special.ndtri(levels))

    def values(self, member: Array) -> dict[str, float]:
        """Return one member's values by name, in natural units."""
        pairs = zip(self.parameters, member, strict=True)
        return {p.name: from_scale(float(value), p.scale) for p, value in pairs}


Simulate = Callable[[Sequence[dict[str, float]], bool], Array]


@dataclass(frozen=True)
class Posterior:
    """A Gaussian posterior on the parameters' scales, and what was seen of it.

    Attributes
    ----------
    centre, covariance
        [P] and [P, P].
    members, simulated
        Draws [n, P], and the statistics simulated with them [n, d].
    aims, seen
        What each draw was to reproduce [n, d] (NaN pulls nowhere), and the clouds' lines, if any.
    said
        What the statistics known say of parameters, where it was emulated.
    """

    centre: Array
    covariance: Array
    members: Array
    simulated: Array
    aims: Array
    seen: tuple[Line, ...]
    said: Likelihood | None = None


def match(
    prior: Prior,
    observed: Array,
    errors: Array,
    simulate: Simulate,
    members: int = 48,
    clouds: Sequence[float] = CLOUDS,
    seed: int = 1,
    start: Array | None = None,
    rounds: int = 0,
) -> Posterior:
    """Match simulated to observed statistics.

    Parameters
    ----------
    prior
        Free parameters.
    observed, errors
        Statistics [d] and their standard errors, on scales where they are about normal; NaN pulls nowhere.
    simulate
        From parameter values of many members to their statistics [n, d], NaN where one is undefined; the
        flag says whether all members share one luck or each has its own.
    members
        Draws of the posterior, all simulated once more.
    clouds
        Spread of each cloud in prior standard deviations; one Gauss-Newton step each. Without ``rounds`` only
        the first two are spread so: the others are drawn from the posterior so far.
    seed
        Luck of clouds and draws.
    start
        Where the first cloud lies [P], on the parameters' scales; the prior's centre unless given.
    rounds
        Moves by which each draw is led back to what was observed (:mod:`calibration.refinement`).

    Notes
    -----
    Simulations in all: ``len(clouds) * cloud_size(P) + members * (1 + rounds)``, and with ``rounds``
    :data:`SCOUTS` times one more than :data:`SCOUTED` for a centre that is far off in curved country.
    """
    generator = np.random.default_rng([seed, 1989])
    if not rounds:
        return _sampled(prior, observed, errors, simulate, members, clouds, generator, start)
    spread, centre = prior.spread(), prior.centre() if start is None else start
    size, heard = cloud_size(len(spread)), np.isfinite(observed)
    observed, errors = np.where(heard, observed, 0.0), np.where(heard, errors, np.inf)
    seen: list[Line] = []
    for number, width in enumerate(clouds):
        cloud = scattered(size, len(spread), width, generator)
        points = centre + spread * cloud
        shared = number < len(clouds) - 1
        seen.append(regress(cloud, filled(simulate([prior.values(point) for point in points], shared))))
        slopes, doubt = pooled(seen)
        variance = errors**2 + seen[-1].noise / (1 if shared else size)
        move = _step(seen[-1], slopes, doubt, observed, variance, (centre - prior.centre()) / spread)
        centre = centre + spread * np.clip(move, -STRIDE * width, STRIDE * width)
        if rounds and number == 0:
            centre = _scouted(prior, centre, observed, errors, simulate, seen, generator)
    known = errors**2 + seen[-1].noise / size  # the cloud averages the simulator's noise away
    covariance = np.linalg.inv(_precision(*pooled(seen), known)) * np.outer(spread, spread)
    draws = _draws(centre, covariance, members, generator)

    def lived(standard: Array) -> Array:
        return simulate([prior.values(one) for one in middle + spread * standard], False)

    middle = prior.centre()
    aims = np.where(heard, observed + errors * scattered(members, len(errors), 1.0, generator), np.nan)
    found, simulated = refine((draws - middle) / spread, aims, errors, lived, seen, rounds)
    return Posterior(centre, covariance, middle + spread * found, simulated, aims, tuple(seen))


def _sampled(
    prior: Prior,
    observed: Array,
    errors: Array,
    simulate: Simulate,
    members: int,
    clouds: Sequence[float],
    generator: np.random.Generator,
    start: Array | None,
) -> Posterior:
    """Match statistics that hold on average: waves, an emulator of them and draws of its posterior."""
    middle, spread, heard = prior.centre(), prior.spread(), np.isfinite(observed)

    def every(standard: Array) -> Array:
        return simulate([prior.values(one) for one in middle + spread * standard], False)

    def lived(standard: Array) -> Array:
        return every(standard)[:, heard]

    size = cloud_size(len(middle))
    places = [scattered(size, len(middle), width, generator) for width in clouds]
    places[0] = places[0] + (0.0 if start is None else (start - middle) / spread)
    said, drawn = explore(observed[heard], errors[heard], lived, places, generator)
    chosen = drawn[generator.choice(len(drawn), members, replace=members > len(drawn))]
    covariance = np.cov(drawn.T).reshape(len(middle), len(middle)) * np.outer(spread, spread)
    aims = np.tile(np.where(heard, observed, np.nan), (members, 1))
    return Posterior(
        middle + spread * drawn.mean(axis=0),
        covariance,
        middle + spread * chosen,
        every(chosen),
        aims,
        (),
        said,
    )


def _scouted(
    prior: Prior,
    centre: Array,
    observed: Array,
    errors: Array,
    simulate: Simulate,
    seen: Sequence[Line],
    generator: np.random.Generator,
) -> Array:
    """Return where the best of a few scouts from about ``centre`` came to, each led by its own slopes."""
    middle, spread = prior.centre(), prior.spread()

    def lived(standard: Array) -> Array:
        return simulate([prior.values(middle + spread * one) for one in standard], False)

    around = (centre - middle) / spread + scattered(SCOUTS, len(centre), SCOUT_SPREAD, generator)
    aims = np.where(np.isfinite(errors), observed, np.nan)
    found, reached = refine(around, np.tile(aims, (SCOUTS, 1)), errors, lived, seen, SCOUTED)
    off = distance(np.where(np.isfinite(errors), observed - filled(reached), 0.0), errors)
    return np.asarray(middle + spread * found[int(np.argmin(off))])


def cloud_size(parameters: int) -> int:
    """Return how many simulations a regression over ``parameters`` coefficients gets."""
    return max(30, int(1.6 * (parameters + 1)))


def _precision(slopes: Array, doubt: Array, variance: Array) -> Array:
    """Return the posterior's precision [P, P] in prior standard deviations.

    Squared slopes hold their own variance, which would pass noise for knowledge: it is taken off.
    """
    weighted = slopes / variance[:, None]
    known = slopes.T @ weighted - np.diag((doubt / variance[:, None]).sum(axis=0))
    values, axes = np.linalg.eigh(known)
    return np.asarray((axes * np.maximum(values, 0.0)) @ axes.T + np.eye(len(known)))


def _step(line: Line, slopes: Array, doubt: Array, observed: Array, variance: Array, away: Array) -> Array:
    """Return the step [P], in prior standard deviations, to the posterior's mode of the linear model.

    ``away`` is how far the centre already lies from the prior's. Doubt about slopes shortens the step along
    them: a parameter that only seems to move something stays where its prior has it.
    """
    misfit = np.abs(observed - line.base) / np.sqrt(variance)
    variance = variance * np.maximum(misfit / TOLERATED, 1.0)  # bounded influence (Huber 1964)
    weighted = slopes / variance[:, None]
    precision = slopes.T @ weighted + np.diag((doubt / variance[:, None]).sum(axis=0)) + np.eye(len(away))
    return np.asarray(np.linalg.solve(precision, weighted.T @ (observed - line.base) - away))


def _draws(centre: Array, covariance: Array, members: int, generator: np.random.Generator) -> Array:
    """Return draws [n, P], stratified along each principal axis of the posterior."""
    values, axes = np.linalg.eigh(covariance)
    unit = scattered(members, len(centre), 1.0, generator)
    return np.asarray(centre + (unit * np.sqrt(np.maximum(values, 0.0))) @ axes.T)
