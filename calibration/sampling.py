"""Draws of a posterior by many short chains side by side, each proposing what two others differ by.

Differential evolution Markov chains (ter Braak 2006, Statistics and Computing 16): the chains know the scale
and the direction of the posterior themselves, so nothing is tuned. All of them move at once, which is what
NumPy is quick at.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
JITTER = 1e-4  # of a proposal, in prior standard deviations: chains must not stay in a plane
SWAPS = 0.1  # share of proposals of full length, from mode to mode


def chains(
    density: Callable[[Array], Array],
    start: Array,
    steps: int,
    keep: int,
    generator: np.random.Generator,
) -> Array:
    """Return ``keep`` states of each chain [keep * chains, P], evenly spaced over the last half.

    Parameters
    ----------
    density
        Log density of states [m, P], up to a constant: [m].
    start
        Where each chain begins [chains, P]; as wide as the posterior, and more of them than parameters.
    steps
        Moves of every chain.
    """
    state, half = start.copy(), len(start) // 2
    level = density(state)
    stride = 2.38 / np.sqrt(2.0 * state.shape[1])
    kept = []
    wanted = set(np.linspace(steps // 2, steps - 1, keep).astype(int).tolist())
    for step in range(steps):
        order = generator.permutation(len(state))
        for moving, others in ((order[:half], order[half:]), (order[half:], order[:half])):
            first = generator.integers(len(others), size=len(moving))
            second = (first + generator.integers(1, len(others), size=len(moving))) % len(others)
            length = np.where(generator.random(len(moving)) < SWAPS, 1.0, stride)[:, None]
            proposed = state[moving] + length * (state[others[first]] - state[others[second]])
            proposed = proposed + JITTER * generator.standard_normal(proposed.shape)
            reached = density(proposed)
            taken = np.log(generator.random(len(moving))) < reached - level[moving]
            state[moving] = np.where(taken[:, None], proposed, state[moving])
            level[moving] = np.where(taken, reached, level[moving])
        if step in wanted:
            kept.append(state.copy())
    return np.concatenate(kept)
