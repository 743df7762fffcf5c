"""The year in a series of days: found where it is, not where the level only wanders; holidays stay shut."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration import yearly
from calibration.baselines import BASELINES
from calibration.closures import known_ahead
from calibration.scores import wape

THREE = 3 * 365
AHEAD = 60


def days(size: int, start: str = "2021-11-01") -> pd.DatetimeIndex:
    return pd.date_range(start, periods=size)


def shape(index: pd.DatetimeIndex) -> np.ndarray:
    """Summer above winter, and a peak before Christmas."""
    number = np.asarray(index.day_of_year)
    summer = -0.2 * np.cos(2.0 * np.pi * number / 365.25)
    return np.asarray(summer + 0.8 * np.exp(-(((number - 350) / 12.0) ** 2)))


def noise(size: int, kept: float, seed: int) -> np.ndarray:
    from scipy.signal import lfilter

    rng = np.random.default_rng(seed)
    return np.asarray(lfilter([1.0], [1.0, -kept], rng.normal(0.0, 0.03, size)) + rng.normal(0.0, 0.05, size))


def week(index: pd.DatetimeIndex) -> np.ndarray:
    return np.asarray(np.array([0.0, 0.0, 0.0, 0.1, 0.3, 0.5, -0.5])[index.day_of_week])


def test_a_year_is_found_beside_the_week_and_goes_on() -> None:
    index = days(THREE + 365)
    z = week(index) + noise(index.size, 0.8, 1) + shape(index)
    found = yearly.waves(z[:THREE], index[:THREE], 365)
    truth = shape(index[THREE:])
    missed = found[THREE:] - found[THREE:].mean() - (truth - truth.mean())
    assert np.sqrt(np.mean(missed**2)) < 0.4 * truth.std()


@pytest.mark.parametrize("kept", [0.5, 0.9, 1.0])
def test_a_level_that_wanders_is_no_year(kept: float) -> None:
    index = days(THREE)
    sizes = [yearly.waves(week(index) + noise(THREE, kept, seed), index, 90).std() for seed in range(8)]
    assert np.mean(sizes) < 0.2 * np.mean([noise(THREE, kept, seed).std() for seed in range(8)])


def test_a_year_not_seen_twice_is_told_in_summers_and_winters_at_most() -> None:
    index = days(700)
    z = shape(index) + noise(700, 0.5, 2)
    assert not yearly.waves(z[:500], index[:500], 30).any()
    bends = np.abs(np.diff(yearly.waves(z, index, 30), 2)).max()
    assert 0.0 < bends < 0.3 * np.abs(np.diff(shape(index), 2)).max()


@pytest.mark.parametrize("model", ["ets", "ucm"])
def test_models_of_days_know_christmas(model: str) -> None:
    index = days(THREE + AHEAD)
    sales = 1000.0 * np.exp(week(index) + 0.3 * noise(index.size, 0.8, 3) + shape(index))
    told, blind = (
        BASELINES[model](
            pd.Series(sales[:THREE], index=some, name="x.revenue"), AHEAD, 7, np.random.default_rng(1)
        )
        for some in (index[:THREE], pd.RangeIndex(THREE))
    )
    assert wape(sales[THREE:], told.mean) < 0.6 * wape(sales[THREE:], blind.mean)


def test_a_date_that_was_always_shut_is_a_holiday_and_a_refit_is_none() -> None:
    index = days(800, "2022-01-01")
    sales = np.full(800, 90.0)
    holiday = (index.month == 12) & (index.day == 25)
    sales[holiday] = 0.0
    sales[index.day_of_week == 6] = 0.0
    sales[(index >= "2023-03-06") & (index < "2023-03-20")] = 0.0
    _, ahead = known_ahead(sales, 7, 366, days=index)
    coming = pd.date_range("2024-03-11", periods=366)
    sundays = coming.day_of_week == 6
    assert coming[~np.isnan(ahead) & ~sundays].strftime("%m-%d").tolist() == ["12-25"]
    _, blind = known_ahead(sales, 7, 366)
    assert np.isnan(blind[~sundays]).all()
