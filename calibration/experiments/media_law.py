"""The market's law of media applied to a series by weeks, and its posterior given what was sold.

Spend becomes adstock day by day, adstock an effect by the Hill curve, and an effect multiplies needs by ``1 +
lift (effect - 1) / slope``: what :mod:`sim.retailer.media` does in a market. Log sales are that product's log
over a base of trend, season and controls, with autocorrelated errors. Given the media's parameters the base
is a regression and is integrated out; the parameters, with the evidence's priors, are drawn by adaptive
Metropolis.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.parameters import collected
from sim.retailer.media import decay, hill

Array = NDArray[np.float64]
Score = Callable[[Array], float]
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
DRAWS, CHAINS = 4_000, 3
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
    """Draws [n, P] of the parameters' logs; contributions [n, M]; agreement of chains; the errors."""

    law: Law
    draws: Array
    contributions: Array
    rhat: float
    rho: float
    residual: float


def posterior(
    series: Series, seed: int, draws: int = DRAWS, chains: int = CHAINS, kept: int = 150
) -> Posterior:
    """Draw the media's parameters given the sales."""
    law = Law(series)
    mean, spread = law.prior()
    rho = _autocorrelation(_residual(law, mean, np.log(series.sales)))
    target = _target(law, rho)
    start = _mode(target, len(mean))
    runs = [_metropolis(target, start, draws, np.random.default_rng([seed, 2017, c])) for c in range(chains)]
    found = np.array(runs)[:, draws // 2 :]  # [chains, draws, P], in prior standard deviations
    flat = found.reshape(-1, found.shape[-1])
    some = mean + spread * flat[:: max(len(flat) // kept, 1)]
    centre = mean + spread * flat.mean(axis=0)
    rest = _residual(law, centre, np.log(series.sales))
    shares = np.array([law.contributions(draw) for draw in some])
    return Posterior(law, some, shares, _rhat(found), rho, float(rest.std()))


def _mode(score: Score, size: int) -> Array:
    """Return where a log posterior is highest, from the prior's mean."""
    from scipy import optimize

    def cost(standard: Array) -> float:
        value = score(standard)
        return -value if math.isfinite(value) else 1e6

    start = np.zeros(size)
    while not math.isfinite(score(start)):
        start[: (size - 2) // 2] -= 0.5  # weaker media
    options = {"maxiter": 60, "maxfun": 3_000}
    return np.asarray(optimize.minimize(cost, start, method="L-BFGS-B", options=options).x)


def _residual(law: Law, vector: Array, target: Array) -> Array:
    rest = target - np.log(law.effects(vector)).sum(axis=1)
    design = law.series.base
    return np.asarray(rest - design @ np.linalg.lstsq(design, rest, rcond=None)[0])


def _autocorrelation(residual: Array) -> float:
    return float(np.clip(residual[1:] @ residual[:-1] / max(float(residual @ residual), 1e-12), 0.0, 0.9))


def _target(law: Law, rho: float) -> Score:
    """Return the log posterior of standardised parameters, with base and variance integrated out."""
    mean, spread = law.prior()

    def whiten(values: Array) -> Array:
        return np.asarray(values[1:] - rho * values[:-1])

    design = whiten(law.series.base)
    basis, _ = np.linalg.qr(design)
    sales, freedom = whiten(np.log(law.series.sales)), len(design) - design.shape[1]

    def score(standard: Array) -> float:
        if law.together(mean + spread * standard) > MOST:
            return -math.inf
        lifted = whiten(np.log(law.effects(mean + spread * standard)).sum(axis=1))
        rest = sales - lifted
        rest = rest - basis @ (basis.T @ rest)
        misfit = freedom * math.log(float(rest @ rest))
        return float(-0.5 * (misfit + standard @ standard))

    return score


def _metropolis(score: Score, start: Array, draws: int, generator: np.random.Generator) -> Array:
    """Return a chain [n, P] of adaptive Metropolis steps (Haario, Saksman & Tamminen 2001)."""
    size = len(start)
    here = start + 0.3 * generator.standard_normal(size)
    while not math.isfinite(value := score(here)):
        here = 0.5 * (start + here)
    chain: Array = np.empty((draws, size))
    root: Array = 0.3 * np.eye(size)
    scale = 1.0
    for k in range(draws):
        step = here + scale * 2.38 / np.sqrt(size) * (root @ generator.standard_normal(size))
        new = score(step)
        taken = np.log(generator.random()) < new - value
        if taken:
            here, value = step, new
        chain[k] = here
        if k < draws // 2:
            scale *= float(np.exp((float(taken) - 0.25) / (10.0 + 0.05 * k)))
            if k % 200 == 199:
                root = np.asarray(np.linalg.cholesky(np.cov(chain[k // 2 : k + 1].T) + 1e-4 * np.eye(size)))
    return chain


def _rhat(chains: Array) -> float:
    """Return the largest potential scale reduction over parameters (Gelman & Rubin 1992)."""
    if len(chains) < 2:
        return math.nan
    count = chains.shape[1]
    within = chains.var(axis=1, ddof=1).mean(axis=0)
    between = chains.mean(axis=1).var(axis=0, ddof=1)
    return float(np.sqrt((count - 1) / count + between / np.maximum(within, 1e-12)).max())
