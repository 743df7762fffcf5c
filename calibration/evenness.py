"""Ranks of truths within a fit's own inference: simulation-based calibration about one history.

If the ensemble is a posterior, a member is as good a draw of the truth as any. So members are taken for
truths; each tells a second history; what both histories say together is drawn anew by another sampler than
that of the members; and the member's rank among those draws is uniform, parameter by parameter (Säilynoja,
Schmitt, Bürkner & Vehtari 2025, "Posterior SBC": truths near this history, where draws from the prior would
mostly ask about markets unlike it; Talts et al. 2018 for the ranks). Chains that stopped short, and members
too narrow or too wide, show as ranks that are not even (Kolmogorov & Smirnov, Holm-corrected) or as intervals
that hold too few.

Told twice: **emulated** twins speak through the emulator itself, cost nothing and judge the *inference* given
the emulator; **simulated** ones are the members' own simulated markets and judge the emulator with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.statistics import DISCREPANCY
from calibration.waves import Likelihood

Array = NDArray[np.float64]
TWINS = 24  # members that stand for the truth, at most
DRAWS = 320  # of a twin's posterior, twice
WIDE = 1.1  # spread of what is proposed, over that of the posterior were statistics straight
FREEDOM = 8.0  # of the Student t that is proposed from
LEAST = 8.0  # draws that weights must be worth
UNEVEN = 0.01  # Holm's p below which ranks are not even
HUGE = 1e15  # more than any misfits squared come to
FEWEST = 8  # twins below which nothing is said
MOST = 0.75  # share of twins that must be inferred for ranks to alarm: those left out are no random ones


@dataclass(frozen=True, eq=False)
class Twice:
    """What the history and a twin of it say together.

    Attributes
    ----------
    said, again
        What the history says, and what any twin would: the same emulator, the errors of one market.
    centre, covariance, slopes
        The mode of what the history says [P], the covariance about it [P, P], and slopes there [d, P].
    """

    said: Likelihood
    again: Likelihood
    centre: Array
    covariance: Array
    slopes: Array

    def place(self, truth: Array, seen: Array, generator: np.random.Generator) -> Array | None:
        """Return where a truth [P] lies in what both say, 0 below all and 1 above all; a twin told ``seen``.

        Drawn by importance, not by the chains that drew the members: about where a straight line has the
        posterior, then about the mean that these draws have. ``None`` where they are too unlike it.
        """
        centre, root = self._straight(seen)
        for _ in range(2):
            unit = generator.standard_normal((DRAWS, len(centre)))
            # A Student t about the line's spread: tails heavier than any that the posterior may have.
            far = np.sqrt(FREEDOM / generator.chisquare(FREEDOM, DRAWS))[:, None]
            drawn = centre + WIDE * far * (unit @ root.T)
            proposed = -0.5 * (FREEDOM + len(centre)) * np.log1p(((far * unit) ** 2).sum(axis=1) / FREEDOM)
            logs = self.density(drawn, seen) - proposed
            weight = np.exp(logs - logs.max())
            weight /= weight.sum()
            centre = weight @ drawn
        count = 1.0 / float(weight @ weight)
        if count < LEAST:
            return None
        return np.asarray((count * (weight @ (drawn < truth)) + generator.random(len(truth))) / (count + 1.0))

    def _straight(self, seen: Array) -> tuple[Array, Array]:
        """Return mean [P] and a root of the covariance [P, P] of what both say, were statistics straight."""
        mean, doubt = self.said.emulator.both(self.centre[None])
        across = self.covariance @ self.slopes.T
        gain = across @ np.linalg.inv(self.slopes @ across + self.again.covariance() + doubt[0])
        left = self.covariance - gain @ across.T
        values, axes = np.linalg.eigh(0.5 * (left + left.T))
        return self.centre + gain @ (seen - mean[0]), axes * np.sqrt(np.maximum(values, 1e-8))

    def density(self, where: Array, seen: Array) -> Array:
        """Return the log density [m] at points [m, P], given the history and a twin's statistics [d]."""
        mean, doubt = self.said.emulator.both(where)
        total, count = -0.5 * (where**2).sum(axis=1), mean.shape[1]
        every = np.arange(count)
        # Bordered by the misfits, one Cholesky factor holds in its last row what they are in standard units.
        bordered = np.empty((len(where), count + 1, count + 1))
        for likelihood, observed in ((self.said, self.said.observed), (self.again, seen)):
            bordered[:, :count, :count] = likelihood.covariance() + doubt
            bordered[:, count, :count] = bordered[:, :count, count] = observed - mean
            bordered[:, count, count] = HUGE
            roots = np.linalg.cholesky(bordered)
            total -= 0.5 * (roots[:, count, :count] ** 2).sum(axis=1)
            total -= np.log(roots[:, every, every]).sum(axis=1)
        return np.asarray(total)


def twice(said: Likelihood, members: Array) -> Twice:
    """Return what history and twins say together; a twin is one market, with a market's luck."""
    told = np.sqrt(said.emulator.luck**2 + np.minimum(said.errors, DISCREPANCY) ** 2)
    centre, covariance = said.mode(members.mean(axis=0))
    return Twice(said, replace(said, errors=told), centre, covariance, said.slopes(centre))


def emulated(both: Twice, members: Array, generator: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """Yield truths [P] and what the emulator tells of each [d]."""
    mean, doubt = both.said.emulator.both(members)
    covariance = both.again.covariance()
    for k in range(len(members)):
        root = np.linalg.cholesky(covariance + doubt[k])
        yield members[k], mean[k] + root @ generator.standard_normal(len(root))


def simulated(
    both: Twice, members: Array, lived: Array, generator: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    """Yield truths [P] and what each one's own market told [d], with the discrepancy allowed for."""
    apart = np.sqrt(np.minimum(both.said.errors, DISCREPANCY) ** 2 + both.said.wider**2)
    for k in range(len(members)):
        seen = lived[k] + apart * generator.standard_normal(len(apart))
        if np.isfinite(seen).all():
            yield members[k], seen


def levels(both: Twice, pairs: Iterator[tuple[Array, Array]], generator: np.random.Generator) -> Array:
    """Return where truths lie among draws [t, P]: 0 below all, 1 above all."""
    found = []
    for truth, seen in pairs:
        if (place := both.place(truth, seen, generator)) is not None:
            found.append(place)
    return np.array(found).reshape(len(found), -1)


def even(places: Array) -> Array:
    """Return the p of each column's ranks [t, P] against even ones [P], corrected for their number (Holm)."""
    from scipy import stats
    from statsmodels.stats.multitest import multipletests

    p = [float(stats.kstest(column, "uniform").pvalue) for column in places.T]
    return np.asarray(multipletests(p, method="holm")[1], np.float64)


def ranked(said: Likelihood, members: Array, lived: Array, seed: int) -> dict[str, Any] | None:
    """Return how even ranks are, by ``emulated`` and ``simulated`` twins; ``None`` with too few members.

    Parameters
    ----------
    said
        What the history says, by the emulator of its statistics.
    members, lived
        Parameters [n, P] in prior standard deviations from the prior's centre, and their statistics [n, d].
    seed
        Luck of what is told and drawn.

    Returns
    -------
    dict
        Of each kind ``twins`` (those inferred from), ``held_90`` (share of truths inside 90 % intervals) and
        its standard ``error``, and over parameters [P] ``ks_p_holm`` and ``bias`` (mean of the ranks' normal
        scores: above 0 truths lie high).
    """
    from scipy import special

    generator = np.random.default_rng([seed, 707])
    if len(members) < FEWEST:
        return None
    chosen = np.unique(np.linspace(0, len(members) - 1, min(TWINS, len(members))).astype(int))
    both, found = twice(said, members), {}
    told = {
        "emulated": emulated(both, members[chosen], generator),
        "simulated": simulated(both, members[chosen], lived[chosen], generator),
    }
    for kind, pairs in told.items():
        places = levels(both, pairs, generator)
        if len(places) >= FEWEST:
            held = (np.abs(places - 0.5) <= 0.45).mean(axis=1)
            found[kind] = {
                "twins": len(places),
                "held_90": float(held.mean()),
                "error": float(held.std(ddof=1) / np.sqrt(len(held))),
                "ks_p_holm": even(places),
                "bias": special.ndtri(places).mean(axis=0),
            }
    return found or None
