"""Feasts that move: their dates, days that are shut on them, and what is sold about them."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from calibration import yearly
from calibration.closures import known_ahead
from calibration.feasts import EASTER, NEW_YEAR, apart, columns, easter
from tests.calibration.test_yearly import noise, shape, week

SIZE, AHEAD = 1_100, 60


@pytest.mark.parametrize(
    "date", ["2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31", "2025-04-20", "2038-04-25"]
)
def test_easter_falls_where_the_calendar_has_it(date: str) -> None:
    assert easter(int(date[:4])) == datetime.date.fromisoformat(date)


def test_days_are_told_by_the_nearest_feast() -> None:
    days = pd.date_range("2024-12-25", "2025-06-30")
    after = dict(zip(days.strftime("%m-%d"), apart(days, EASTER), strict=True))
    assert (after["04-18"], after["04-20"], after["06-09"]) == (-2, 0, 50)
    assert after["01-10"] > 1_000
    new_year = columns(days, NEW_YEAR)
    assert new_year.sum(axis=1).tolist() == [21, 7, 15]
    assert new_year[1, int(np.flatnonzero(days == "2025-01-29")[0])] == 1.0


def test_days_always_shut_about_easter_are_shut_at_the_next() -> None:
    index = pd.date_range("2022-01-01", periods=SIZE)
    sales = np.full(SIZE, 90.0)
    sales[(index.day_of_week == 6) | np.isin(apart(index, EASTER), (-2, 1, 50))] = 0.0
    _, ahead = known_ahead(sales, 7, 200, days=index)
    coming = pd.date_range(index[-1], periods=201)[1:]
    shut = coming[~np.isnan(ahead) & (coming.day_of_week != 6)]
    assert shut.strftime("%Y-%m-%d").tolist() == ["2025-04-18", "2025-04-21", "2025-06-09"]


def eggs(index: pd.DatetimeIndex, size: float = 0.5) -> np.ndarray:
    """A trade that sells most in the week before Easter."""
    return size * columns(index, EASTER)[0]


def test_sales_before_easter_move_with_it() -> None:
    index = pd.date_range("2022-03-01", periods=SIZE + AHEAD)  # the fourth Easter lies ahead
    z = week(index) + 0.5 * noise(index.size, 0.8, 1) + shape(index) + eggs(index)
    found = yearly.waves(z[:SIZE], index[:SIZE], AHEAD)[SIZE:]
    before = eggs(index)[SIZE:] > 0
    assert before.sum() == 7
    gained = found[before].mean() - found[~before].mean()
    assert gained == pytest.approx(0.5, abs=0.15)


def test_where_no_feast_moves_sales_none_is_found() -> None:
    index = pd.date_range("2022-03-01", periods=SIZE)
    found = []
    for seed in range(6):
        z = week(index) + noise(SIZE, 0.8, seed) + shape(index)
        wave = yearly.waves(z, index, AHEAD)[:SIZE]
        edge = np.flatnonzero(np.diff(columns(index, EASTER)[0]) != 0)
        found.append(np.abs(np.diff(wave)[edge]).max() > 0.08)
    assert sum(found) <= 1
