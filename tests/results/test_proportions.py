"""Shares of futures: intervals that cover, and replicates that add little."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.proportions import effective_trials, interval


@given(st.integers(0, 200), st.integers(1, 200))
def test_jeffreys_interval_holds_the_share_and_is_symmetric(hits: int, trials: int) -> None:
    hits = min(hits, trials)
    low, high = interval(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1
    mirror = interval(trials - hits, trials)
    assert mirror == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_jeffreys_interval_covers() -> None:
    rng = np.random.default_rng(5)
    hits = rng.binomial(60, 0.3, size=2000)
    covered = [low <= 0.3 <= high for low, high in (interval(h, 60) for h in hits)]
    assert 0.93 < np.mean(covered) < 0.97


def outcomes(matrix: np.ndarray) -> pd.Series:
    draws, replicates = matrix.shape
    index = pd.MultiIndex.from_product([range(draws), range(replicates)], names=["draw", "replicate"])
    return pd.Series(matrix.ravel(), index=index)


def test_replicates_that_repeat_their_draw_add_nothing() -> None:
    rng = np.random.default_rng(3)
    parameters = np.repeat(rng.random((40, 1)) < 0.5, 8, axis=1)
    assert effective_trials(outcomes(parameters)) == pytest.approx(40)
    luck = rng.random((40, 8)) < 0.5
    assert effective_trials(outcomes(luck)) > 200
    assert effective_trials(outcomes(np.ones((40, 8), dtype=bool))) == 40
    assert effective_trials(outcomes(luck[:1])) == 8
