"""Every member brought to what was observed: randomised maximum likelihood on an ensemble.

Draws of a Gaussian posterior leave the curved set of markets that reproduce the observed figures. Each is
led back by Gauss-Newton steps of its own towards the figures plus a draw of their errors (randomised
maximum likelihood: Oliver, He & Reynolds 1996; with slopes regressed over the ensemble itself: Gu & Oliver
2007, SPE Journal 12, doi:10.2118/108438-PA). Directions that no figure informs keep the draw they came with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.regression import Line, filled, pooled

Array = NDArray[np.float64]
REACH = 1.0  # longest move of a parameter in a round, in prior standard deviations
FARTHEST = 3.5  # prior standard deviations that a member may come to lie off its prior's centre
SHORTEST = 1e-4  # squared length of a move below which its outcome is luck
TOLERATED = 3.0  # standard errors beyond which a figure that will not fit stops pulling harder


def refine(
    draws: Array,
    aims: Array,
    errors: Array,
    simulate: Callable[[Array], Array],
    seen: Sequence[Line],
    rounds: int,
) -> tuple[Array, Array]:
    """Lead members towards their aims.

    Parameters
    ----------
    draws
        Members [n, P] in prior standard deviations from the prior's centre.
    aims
        What each shall reproduce [n, d], on the statistics' scales; NaN pulls nowhere.
    errors
        Standard errors [d].
    simulate
        From members [n, P] to their statistics [n, d], each under its own luck, the same in every round.
    seen
        Lines through earlier clouds, in the same standardised parameters.
    rounds
        Moves of each member; ``rounds + 1`` simulations a member.

    Returns
    -------
    draws, simulated
        Each member where it came nearest to its aims, and its statistics there.
    """
    heard = np.isfinite(aims)
    aims, errors = np.where(heard, aims, 0.0), np.where(heard.all(axis=0), errors, np.inf)
    best = draws
    simulated = nearest = simulate(draws)
    reached, (slopes, doubt) = filled(simulated), pooled(seen)
    own, least = np.repeat(slopes[None], len(draws), axis=0), distance(aims - reached, errors)
    for _ in range(rounds):
        moves = np.array([towards(aims[i] - reached[i], own[i], doubt, errors) for i in range(len(draws))])
        moves = np.clip(draws + np.clip(moves, -REACH, REACH), -FARTHEST, FARTHEST) - draws
        draws = draws + moves
        simulated, before = simulate(draws), reached
        reached = filled(simulated)
        own = np.array([secant(*one) for one in zip(own, moves, reached - before, strict=True)])
        far = distance(aims - reached, errors)
        nearer = (far < least)[:, None]
        best, nearest = np.where(nearer, draws, best), np.where(nearer, simulated, nearest)
        least = np.minimum(far, least)
    return best, nearest


def secant(slopes: Array, move: Array, change: Array) -> Array:
    """Return slopes [d, P] that explain the latest change, otherwise as before (Broyden 1965)."""
    length = float(move @ move)
    if length < SHORTEST:
        return slopes
    return slopes + np.outer(change - slopes @ move, move) / length


def towards(misfit: Array, slopes: Array, doubt: Array, errors: Array) -> Array:
    """Return a member's Gauss-Newton move [P] under a standard normal prior on moves.

    Doubt about slopes [d, P] counts as noise along them: a slope that only seems to be there moves nothing.
    """
    variance = errors**2 * np.maximum(np.abs(misfit) / errors / TOLERATED, 1.0)
    weighted = slopes / variance[:, None]
    precision = slopes.T @ weighted + np.diag(1.0 + (doubt / variance[:, None]).sum(axis=0))
    return np.asarray(np.linalg.solve(precision, weighted.T @ misfit))


def distance(misfit: Array, errors: Array) -> Array:
    """Return how far members lie from their aims [n]: squared errors, linear beyond three (Huber 1964)."""
    off = np.abs(misfit) / errors
    return np.asarray(np.where(off < TOLERATED, off**2, TOLERATED * (2.0 * off - TOLERATED)).sum(axis=1))
