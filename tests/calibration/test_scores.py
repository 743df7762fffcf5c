"""Scores against hand-worked values and the properties that make them scores."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from calibration.baselines import Forecast
from calibration.scores import (
    QUANTILES,
    SCORES,
    bias,
    coverage,
    crps,
    interval_score,
    mase,
    pinball,
    score,
    wape,
)

finite = st.floats(-1e3, 1e3, allow_nan=False)


def test_errors_of_the_centre_by_hand() -> None:
    actual, point = np.array([10.0, 20.0, 30.0]), np.array([12.0, 18.0, 33.0])
    assert wape(actual, point) == pytest.approx((2 + 2 + 3) / 60)
    assert bias(actual, point) == pytest.approx(3 / 60)


def test_mase_by_hand() -> None:
    train = np.array([1.0, 2.0, 4.0, 7.0])
    actual, point = np.array([10.0, 10.0]), np.array([8.0, 11.0])
    assert mase(actual, point, train, season=1) == pytest.approx(1.5 / 2.0)
    assert mase(actual, point, train, season=2) == pytest.approx(1.5 / 4.0)
    assert mase(actual, point, train, season=3) == pytest.approx(1.5 / 2.0), (
        "one season only: plain naive scale"
    )


def test_mase_of_a_constant_past_does_not_exist() -> None:
    assert np.isnan(mase(np.ones(2), np.zeros(2), np.full(9, 5.0), 1))


def test_mase_skips_gaps_in_the_past() -> None:
    assert mase(np.ones(1), np.zeros(1), np.array([1.0, np.nan, 3.0, 5.0]), 1) == pytest.approx(0.5)


def test_crps_by_hand() -> None:
    """Paths 0 and 2 differ by 2: actual 1 scores 1 - 2 / 2 = 0, actual 3 scores 2 - 2 / 2 = 1."""
    paths = np.array([[0.0, 0.0], [2.0, 2.0]])
    assert crps(np.array([1.0, 3.0]), paths) == pytest.approx((0.0 + 1.0) / 2)


def test_crps_of_a_normal_matches_its_closed_form() -> None:
    """Gneiting & Raftery 2007: at its centre a standard normal scores 2 phi(0) - 1 / sqrt(pi)."""
    paths = np.random.default_rng(0).normal(size=(20000, 1))
    assert crps(np.zeros(1), paths) == pytest.approx(2 / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi), rel=0.02)


def test_crps_of_one_path_is_its_error() -> None:
    assert crps(np.array([1.0, 5.0]), np.array([[2.0, 2.0]])) == pytest.approx(2.0)


@settings(max_examples=30, deadline=None)
@given(arrays(float, (7, 3), elements=finite), arrays(float, 3, elements=finite), st.floats(0.1, 10.0))
def test_crps_is_the_mean_over_pairs(paths: np.ndarray, actual: np.ndarray, factor: float) -> None:
    pairs = np.abs(paths[:, None] - paths[None]).sum(axis=(0, 1)) / (7 * 6)
    expected = (np.abs(paths - actual).mean(axis=0) - pairs / 2).mean()
    assert crps(actual, paths) == pytest.approx(expected, abs=1e-8)
    assert crps(actual * factor, paths * factor) == pytest.approx(factor * crps(actual, paths), abs=1e-6)


def test_interval_score_and_coverage_by_hand() -> None:
    """Interval 5 to 95: inside costs its width 90; 105 lies 10 outside and costs 20 x 10 more."""
    paths = np.linspace(0.0, 100.0, 101)[:, None].repeat(2, axis=1)
    actual = np.array([50.0, 105.0])
    assert coverage(actual, paths, 0.9) == pytest.approx(0.5)
    assert interval_score(actual, paths, 0.9) == pytest.approx((90 + 90 + 20 * 10) / 2)


def test_pinball_by_hand() -> None:
    """Quantiles 0, 20, 40, 60, 80; 50 came: .05 x 50 + .25 x 30 + .5 x 10 + .25 x 10 + .05 x 30 over five."""
    levels = np.array([0.0, 20.0, 40.0, 60.0, 80.0])[:, None]
    assert pinball(np.array([50.0]), levels) == pytest.approx((2.5 + 7.5 + 5.0 + 2.5 + 1.5) / 5)
    two = pinball(np.array([50.0, 100.0]), levels.repeat(2, axis=1))
    assert two == pytest.approx((19.0 / 5 + (5.0 + 20.0 + 30.0 + 30.0 + 19.0) / 5) / 2)


@settings(max_examples=30, deadline=None)
@given(arrays(float, 4, elements=finite), arrays(float, (200, 4), elements=finite))
def test_pinball_holds_the_interval_score_and_the_middle(actual: np.ndarray, paths: np.ndarray) -> None:
    """The two quantiles of a 90 % interval lose alpha / 2 of its score; the median half its error."""
    levels = np.quantile(paths, list(QUANTILES.values()), axis=0)
    parts = 0.05 * interval_score(actual, paths, 0.9) + 0.25 * interval_score(actual, paths, 0.5)
    middle = 0.5 * np.abs(actual - levels[2]).mean()
    assert pinball(actual, levels) == pytest.approx((parts + middle) / 5, abs=1e-8)


@settings(max_examples=30, deadline=None)
@given(arrays(float, (20, 4), elements=finite), arrays(float, 4, elements=finite))
def test_wider_levels_cover_more(paths: np.ndarray, actual: np.ndarray) -> None:
    assert coverage(actual, paths, 0.5) <= coverage(actual, paths, 0.9) <= 1.0
    low, high = np.quantile(paths, [0.05, 0.95], axis=0)
    assert interval_score(actual, paths, 0.9) >= (high - low).mean() - 1e-9


def test_score_gives_every_key_and_skips_what_is_not_known() -> None:
    forecast = Forecast(np.array([1.0, 2.0, 3.0]), np.tile([1.0, 2.0, 3.0], (5, 1)))
    found = score([1.0, np.nan, 5.0], forecast, [1.0, 2.0, 3.0], 1)
    assert tuple(found) == SCORES
    assert found["wape"] == pytest.approx(2 / 6)
    assert found["coverage_90"] == pytest.approx(0.5)
    assert all(isinstance(value, float) for value in found.values())
    json.dumps(found)
    assert all(np.isnan(list(score([np.nan] * 3, forecast, [1.0], 1).values())))


def test_score_refuses_other_lengths() -> None:
    with pytest.raises(ValueError, match="shape"):
        score([1.0], Forecast(np.ones(2), np.ones((3, 2))), [1.0], 1)
