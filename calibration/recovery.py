"""Synthetic twins of a fit: would it find its own members again, had one of them been the truth?

A member's simulated statistics, with a draw of the discrepancy the fit allows for, are told like a history;
the emulator already learnt fits it by Gauss-Newton steps, so that no new simulation is needed. A twin is one
simulated market: where the real retailer is larger, its own history tells more.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from calibration.statistics import DISCREPANCY
from calibration.waves import Likelihood

Array = NDArray[np.float64]
TWINS = 24  # members that stand for the truth, at most
NORMAL_90 = 1.6449


def twins(said: Likelihood, members: Array, simulated: Array, seed: int) -> tuple[Array, Array]:
    """Return how far off twins are found [t, P], in prior standard deviations, and whether 90 % held them.

    Parameters
    ----------
    said
        What the history says, by the emulator of its statistics.
    members, simulated
        Parameters [n, P] in prior standard deviations from the prior's centre, and their statistics [n, d].
    seed
        Luck of what is told.
    """
    luck = np.random.default_rng([seed, 606])
    usual = np.minimum(said.errors, DISCREPANCY)
    told = np.sqrt(said.emulator.luck**2 + usual**2)
    apart = np.sqrt(usual**2 + said.wider**2)
    chosen = np.unique(np.linspace(0, len(members) - 1, min(TWINS, len(members))).astype(int))
    off, held = [], []
    for k in chosen:
        seen = simulated[k] + apart * luck.standard_normal(len(apart))
        if not np.isfinite(seen).all():
            continue
        found, covariance = replace(said, observed=seen, errors=told).mode(np.zeros(members.shape[1]))
        off.append(found - members[k])
        held.append(np.abs(off[-1]) <= NORMAL_90 * np.sqrt(np.diag(covariance)))
    count = members.shape[1]
    return np.array(off).reshape(-1, count), np.array(held, dtype=float).reshape(-1, count)
