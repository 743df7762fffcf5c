"""The market's law of media applied to a series by weeks, and its posterior given what was sold.

Spend becomes adstock day by day, adstock an effect by the Hill curve, and an effect multiplies needs by ``1 +
lift (effect - 1) / slope``: what :mod:`sim.retailer.media` does in a market. Log sales are that product's log
over a base of trend, season and controls, with autocorrelated errors. Given the media's parameters the base
is a regression and is integrated out; the parameters, with the evidence's priors, are drawn by many chains
side by side (:mod:`calibration.sampling`), in families that do not meet, so that they can be held against
each other. A few adaptive chains, as there were before, had not settled where media are strong, and their
intervals held too seldom.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.sampling import chains
from sim.parameters import collected
from sim.retailer.media import decay, hill

Array = NDArray[np.float64]
Score = Callable[[Array], Array]
DAYS = 7
HALF_LIVES = {  # days: central, 5th and 95th percentile
    "tv": (10.5, 4.2, 21.7),
    "print": (3.5, 2.1, 5.6),
    "digital": (2.1, 0.5, 4.2),
    "unknown": (3.5, 0.7, 21.0),
}
KINDS = (
    ("tv", ("tv", "video_linear", "television")),
    ("print", ("print", "radio", "outdoor", "ooh", "newspaper", "insert", "mail", "billboard")),
    (
        "digital",
        ("search", "social", "display", "facebook", "digital", "online", "email", "newsletter", "sms"),
    ),
)
STEPS, FAMILIES = 300, 2  # moves of every chain; families of chains
CHAINS, STATES = 48, 10  # of a family, at least three for each parameter; states kept of each chain
BEGUN = 0.7  # prior standard deviations about the mode in which chains begin
MOST = 0.7  # share of sales that media may make together, at their reference: the evidence knows of no more
LOWEST = 0.05  # a factor on needs does not fall below this, as in the market
HARMONICS = 3
YEAR = 365.25 / 7.0


def kind_of(name: str) -> str:
    """Return which kind of medium's half-life stands for a medium's name."""
    lowered = name.lower()
    return next((kind for kind, words in KINDS if any(word in lowered for word in words)), "unknown")


@dataclass(frozen=True, eq=False)
class Series:
    """Weekly sales [T], media [T, M] (spend, or what stands for it) and base regressors [T, K]."""

    names: tuple[str, ...]
    sales: Array
    media: Array
    base: Array

    @property
    def reference(self) -> Array:
        """Mean of each medium a day [M], around which saturation is measured."""
        return np.asarray(np.maximum(self.media.mean(axis=0) / DAYS, 1e-12))


def base(weeks: int, controls: Array | None = None) -> Array:
    """Return regressors of trend, season and controls [T, K], each control standardised."""
    time = np.arange(weeks) / YEAR
    waves = [f(2 * np.pi * k * time) for k in range(1, HARMONICS + 1) for f in (np.sin, np.cos)]
    parts = [np.ones(weeks), time - time.mean(), (time - time.mean()) ** 2, *waves]
    if controls is not None and controls.size:
        spread = controls.std(axis=0)
        parts += list(((controls - controls.mean(axis=0)) / np.where(spread > 0, spread, 1.0)).T)
    return np.column_stack(parts)


@dataclass(frozen=True, eq=False)
class Law:
    """Prior of log lifts [M], half-lives [M], shape and half-saturation, and what they make of media."""

    series: Series

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        media = self.series.names
        return (
            *(f"lift.{name}" for name in media),
            *(f"half_life.{name}" for name in media),
            "hill_shape",
            "half_saturation",
        )

    def prior(self) -> tuple[Array, Array]:
        """Return means and standard deviations of the parameters' logs."""
        known = collected()
        lift, shape, half = known["lift.other"], known["hill_shape"], known["half_saturation"]
        spans = [(lift.default, lift.low, lift.high)] * len(self.series.names)
        spans += [HALF_LIVES[kind_of(name)] for name in self.series.names]
        spans += [(shape.default, shape.low, shape.high), (half.default, half.low, half.high)]
        mean = np.log([central for central, _, _ in spans])
        return mean, np.array([np.log(high / low) / 3.29 for _, low, high in spans])

    def effects(self, vector: Array, without: int | None = None) -> Array:
        """Return the factors on needs by week and medium [T, M]; 1 at the reference."""
        from scipy.signal import lfilter

        count = len(self.series.names)
        lifts, lives = np.exp(vector[:count]), np.exp(vector[count : 2 * count])
        shape, half = float(np.exp(vector[-2])), float(np.exp(vector[-1]))
        slope = shape * half**shape / (1.0 + half**shape)
        daily = np.repeat(self.series.media / DAYS, DAYS, axis=0) / self.series.reference
        if without is not None:
            daily[:, without] = 0.0
        found = np.empty_like(daily)
        for m in range(count):
            keep = decay(float(lives[m]))
            start = [keep * (0.0 if m == without else 1.0)]
            found[:, m] = lfilter([1.0 - keep], [1.0, -keep], daily[:, m], zi=start)[0]
        factors = np.maximum(1.0 + lifts * (hill(found, shape, half) - 1.0) / slope, LOWEST)
        return np.asarray(factors.reshape(-1, DAYS, count).mean(axis=1))

    def logs(self, vectors: Array) -> Array:
        """Return the log of all media's factors on needs by week [n, T], for many parameters [n, P]."""
        count = len(self.series.names)
        lifts, lives = np.exp(vectors[:, :count]), np.exp(vectors[:, count : 2 * count])
        shape, half = np.exp(vectors[:, -2]), np.exp(vectors[:, -1])
        level = half**shape
        slope = (shape * level / (1.0 + level))[:, None]
        keep = 0.5 ** (1.0 / lives)
        stock, week = np.ones_like(keep), np.empty((DAYS, *keep.shape))
        found = np.empty((len(vectors), len(self.series.media)))
        for t, spend in enumerate(self.series.media / DAYS / self.series.reference):
            for day in range(DAYS):
                stock = keep * stock + (1.0 - keep) * spend
                week[day] = stock
            powered = np.power(week, shape[:, None])
            effect = powered * (1.0 + level)[:, None] / (powered + level[:, None])
            factors = np.maximum(1.0 + lifts * (effect - 1.0) / slope, LOWEST).mean(axis=0)
            found[:, t] = np.log(factors).sum(axis=1)
        return found

    def together(self, vector: Array) -> float:
        """Return the share of sales that all media make at their reference."""
        shape, half = float(np.exp(vector[-2])), float(np.exp(vector[-1]))
        slope = shape * half**shape / (1.0 + half**shape)
        return float(np.exp(vector[: len(self.series.names)]).sum() / slope)

    def contributions(self, vector: Array) -> Array:
        """Return each medium's share of sales [M]: what would be missing without it, over what was sold."""
        factors, sales = self.effects(vector), self.series.sales
        found = []
        for m in range(len(self.series.names)):
            left = self.effects(vector, without=m)[:, m] / factors[:, m]
            found.append(1.0 - float(sales @ left / sales.sum()))
        return np.array(found)


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws [n, P] of the parameters' logs; contributions [n, M]; agreement of families; the errors."""

    law: Law
    draws: Array
    contributions: Array
    rhat: float
    rho: float
    residual: float


def posterior(
    series: Series, seed: int, steps: int = STEPS, families: int = FAMILIES, kept: int = 300
) -> Posterior:
    """Draw the media's parameters given the sales: ``kept`` draws of ``families`` of chains of ``steps``."""
    law = Law(series)
    mean, spread = law.prior()
    rho = _autocorrelation(_residual(law, mean, np.log(series.sales)))
    score, runs = _target(law, rho), []
    mode = _mode(score, len(mean))
    for family in range(families):
        generator = np.random.default_rng([seed, 2017, family])
        runs.append(chains(score, _begun(score, mode, generator), steps, STATES, generator))
    found = np.array(runs)  # [families, draws, P], in prior standard deviations
    flat = found.reshape(-1, found.shape[-1])
    some = mean + spread * flat[:: max(len(flat) // kept, 1)]
    centre = mean + spread * flat.mean(axis=0)
    rest = _residual(law, centre, np.log(series.sales))
    shares = np.array([law.contributions(draw) for draw in some])
    return Posterior(law, some, shares, _rhat(found), rho, float(rest.std()))


def _begun(score: Score, mode: Array, generator: np.random.Generator) -> Array:
    """Return where the chains of a family begin [n, P]: about the mode, and where the prior allows it."""
    count = max(CHAINS, 3 * len(mode)) // 2 * 2
    start = mode + BEGUN * generator.standard_normal((count, len(mode)))
    while (lost := ~np.isfinite(score(start))).any():
        start[lost] = 0.5 * (mode + start[lost])
    return start


def _mode(score: Score, size: int) -> Array:
    """Return where a log posterior is highest, from the prior's mean."""
    from scipy import optimize

    def cost(standard: Array) -> float:
        value = float(score(standard[None])[0])
        return -value if math.isfinite(value) else 1e6

    def slopes(standard: Array) -> Array:
        near = 1e-5 * np.eye(size)
        ends = score(np.concatenate((standard + near, standard - near)))
        ends = np.where(np.isfinite(ends), ends, -1e6)
        return np.asarray((ends[size:] - ends[:size]) / 2e-5)

    start = np.zeros(size)
    while not math.isfinite(cost(start)) or cost(start) >= 1e6:
        start[: (size - 2) // 2] -= 0.5  # weaker media
    return np.asarray(
        optimize.minimize(cost, start, jac=slopes, method="L-BFGS-B", options={"maxiter": 40}).x
    )


def _residual(law: Law, vector: Array, target: Array) -> Array:
    rest = target - np.log(law.effects(vector)).sum(axis=1)
    design = law.series.base
    return np.asarray(rest - design @ np.linalg.lstsq(design, rest, rcond=None)[0])


def _autocorrelation(residual: Array) -> float:
    return float(np.clip(residual[1:] @ residual[:-1] / max(float(residual @ residual), 1e-12), 0.0, 0.9))


def _target(law: Law, rho: float) -> Score:
    """Return the log posterior [n] of standardised parameters [n, P], base and variance integrated out."""
    mean, spread = law.prior()
    media = len(law.series.names)

    def whiten(values: Array) -> Array:
        return np.asarray(values[..., 1:] - rho * values[..., :-1])

    design = whiten(law.series.base.T).T
    basis, _ = np.linalg.qr(design)
    sales, freedom = whiten(np.log(law.series.sales)), len(design) - design.shape[1]

    def score(standard: Array) -> Array:
        vectors = mean + spread * standard
        level = np.exp(vectors[:, -1] * np.exp(vectors[:, -2]))
        slope = np.exp(vectors[:, -2]) * level / (1.0 + level)
        allowed = np.exp(vectors[:, :media]).sum(axis=1) / slope <= MOST
        found = np.full(len(standard), -np.inf)
        if allowed.any():
            rest = sales - whiten(law.logs(vectors[allowed]))
            rest = rest - (rest @ basis) @ basis.T
            misfit = freedom * np.log((rest**2).sum(axis=1))
            found[allowed] = -0.5 * (misfit + (standard[allowed] ** 2).sum(axis=1))
        return found

    return score


def _rhat(families: Array) -> float:
    """Return the largest potential scale reduction over parameters [families, n, P] (Gelman & Rubin 1992)."""
    if len(families) < 2:
        return math.nan
    count = families.shape[1]
    within = families.var(axis=1, ddof=1).mean(axis=0)
    between = families.mean(axis=1).var(axis=0, ddof=1)
    return float(np.sqrt((count - 1) / count + between / np.maximum(within, 1e-12)).max())
