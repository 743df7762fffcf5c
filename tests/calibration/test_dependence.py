"""Paths tied by rank: related as the past was, each one's own forecast untouched."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.dependence import related, tied


def logs(seed: int, count: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Store and online shop with a season of twelve and luck of their own each."""
    rng = np.random.default_rng(seed)
    wave = 0.3 * np.sin(np.arange(count) * np.pi / 6)
    store, online = (base + wave + 0.1 * rng.normal(size=count) for base in (2.0, 0.0))
    return store, online


def test_surprises_are_related_where_both_meet_the_same_and_not_by_season_alone() -> None:
    store, online = logs(1)
    weather = 0.1 * np.random.default_rng(7).normal(size=store.size)
    assert related(store, online, 12) == pytest.approx(0.0, abs=0.2)
    assert 0.25 < related(store + weather, online + weather, 12) < 0.65
    assert related(store, store + 1.0, 12) > 0.85


def test_nothing_is_said_of_few_or_constant_surprises() -> None:
    store, online = logs(2, 8)
    assert related(store, online, 12) == 0.0
    assert related(np.ones(50), logs(2, 50)[0], 12) == 0.0


def test_tied_paths_hold_the_same_values_in_every_period_and_go_together() -> None:
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(400, 5)), rng.gamma(2.0, size=(400, 5))
    found = tied(second, first, 0.8)
    assert np.array_equal(np.sort(found, axis=0), np.sort(second, axis=0))
    together = [np.corrcoef(first[:, k], found[:, k])[0, 1] for k in range(5)]
    assert min(together) > 0.65
    assert np.array_equal(tied(second, first, 0.0), second)


def test_a_sum_of_related_channels_is_less_sure_of_itself() -> None:
    rng = np.random.default_rng(4)
    weather = rng.normal(size=(400, 1))
    store, online = (np.exp(0.1 * weather + 0.05 * rng.normal(size=(400, 1))) for _ in range(2))
    truth, apart = (store + online).std(), (store + rng.permutation(online)).std()
    relation = float(np.corrcoef(np.log(store[:, 0]), np.log(online[:, 0]))[0, 1])
    assert apart < 0.8 * truth
    assert (store + tied(rng.permutation(online), store, relation)).std() == pytest.approx(truth, rel=0.06)
