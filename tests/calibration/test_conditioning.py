"""Paths led to a past, where what follows from it is known."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.conditioning import OWN, conditioned

KNOWN, PERIODS = 12, 18


def walks(members: int, seed: int) -> np.ndarray:
    """Straight lines: level and slope differ from member to member, so the past tells the future."""
    rng = np.random.default_rng(seed)
    level, slope = rng.normal(0.0, 1.0, (members, 1)), rng.normal(0.0, 0.1, (members, 1))
    return level + slope * np.arange(PERIODS)


def luck(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_members_go_on_as_the_past_they_are_led_to_does() -> None:
    truth = -0.5 + 0.12 * np.arange(PERIODS)
    led = conditioned(walks(2_000, 1), truth[:KNOWN], luck(2))
    assert led.mean(axis=0) == pytest.approx(truth, abs=0.05)
    slope, rest = np.linalg.inv(np.diag([1.0, 100.0]) + _heard())[1, 1] ** 0.5, led[:, -1] - led[:, 0]
    assert rest.std() == pytest.approx(slope * (PERIODS - 1), rel=0.15)  # the exact posterior of lines


def _heard() -> np.ndarray:
    lines = np.column_stack([np.ones(KNOWN), np.arange(KNOWN)])
    return np.asarray(lines.T @ lines / OWN**2)


def test_what_the_past_does_not_tell_stays_open() -> None:
    later = walks(2_000, 3)
    later[:, KNOWN:] += np.random.default_rng(4).normal(0.0, 2.0, (2_000, 1))  # begins after the past
    led = conditioned(later, np.zeros(KNOWN), luck(5))
    assert led[:, -1].std() == pytest.approx(2.0, rel=0.1)


def test_periods_that_are_not_known_lead_nowhere() -> None:
    paths = walks(50, 6)
    some = np.where(np.arange(KNOWN) < 9, 0.3, np.nan)
    assert np.array_equal(conditioned(paths, some, luck(7)), conditioned(paths, some[:9], luck(7)))
    assert np.array_equal(conditioned(paths, np.full(KNOWN, np.nan), luck(7)), paths)


def test_two_members_are_no_ensemble() -> None:
    assert np.array_equal(conditioned(walks(2, 8), np.zeros(KNOWN), luck(9)), walks(2, 8))


def test_the_same_luck_gives_the_same_paths() -> None:
    assert np.array_equal(*(conditioned(walks(20, 1), np.zeros(KNOWN), luck(3)) for _ in range(2)))
