"""Zeros of two kinds: a shop that is shut, and a series of which zeros are the usual thing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration import intermittent
from calibration.baselines import BASELINES, Forecast
from calibration.candidates import LUMPS, MARKET, STATISTICS, Subject, draw, pooled
from calibration.closures import closures, known_ahead
from calibration.history.periods import Calendar
from calibration.scores import score
from scenarios.executor import Pool

DAYS = 7 * 20 + 3
WEEK = np.array([5.0, 5.0, 6.0, 7.0, 9.0, 12.0, 0.0])


def daily(rng: np.random.Generator) -> np.ndarray:
    """Sales of a shop shut on the seventh day, and on one day in its tenth week."""
    sales = WEEK[np.arange(DAYS) % 7] * np.exp(rng.normal(0.0, 0.1, DAYS))
    sales[66] = 0.0
    return np.asarray(sales)


def lumpy(rng: np.random.Generator, size: int = 150) -> np.ndarray:
    return np.asarray((rng.random(size) < 0.35) * rng.gamma(2.0, 4000.0, size))


def subject(seen: np.ndarray, horizon: int, season: int, calendar: Calendar) -> Subject:
    lived = np.ones((12, seen.size + horizon))
    return Subject("total.revenue", seen, lived, calendar, season, False, True, 1)


def test_a_weekday_without_sales_and_a_single_holiday_are_closures() -> None:
    sales = daily(np.random.default_rng(1))
    found = closures(sales, 7)
    assert found.shut.tolist() == [False] * 6 + [True]
    assert found.past.sum() == DAYS // 7 + 1 and found.past[66]
    assert np.flatnonzero(found.ahead(14)).tolist() == [3, 10]


@pytest.mark.parametrize(
    "values",
    [
        np.array([0.0, 2, 1, 3, 1, 2, 4, 2, 1, 3, 2, 1] * 4),  # counts so small that none may come by chance
        np.array([5.0, 7, 6, -2, 0, 5] * 6),  # returns
        np.zeros(30),
        lumpy(np.random.default_rng(3)),
    ],
)
def test_zeros_of_another_kind_are_no_closures(values: np.ndarray) -> None:
    assert not closures(values, 7).past.any()


def test_a_shut_channels_share_is_0_and_the_others_1() -> None:
    share = np.where(np.arange(DAYS) % 7 == 6, 1.0, 0.3)
    opened, ahead = known_ahead(share, 7, 7, share=True)
    assert np.isnan(opened[6::7]).all() and ahead[3] == 1.0 and np.isnan(ahead[:3]).all()
    _, other = known_ahead(1.0 - share, 7, 7, share=True)
    assert other[3] == 0.0


@pytest.mark.parametrize("model", ["ets", "seasonal_naive"])
def test_baselines_repeat_closures_and_are_not_led_astray_by_them(model: str) -> None:
    rng = np.random.default_rng(2)
    sales, ahead = daily(rng), WEEK[(DAYS + np.arange(14)) % 7]
    sales[66] = 0.0
    made = BASELINES[model](pd.Series(sales, name="total.revenue"), 14, 7, rng)
    assert (made.samples[:, [3, 10]] == 0.0).all()
    assert np.abs(made.mean - ahead).sum() < 0.15 * ahead.sum()


def test_the_markets_voice_keeps_a_shut_day_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibration.candidates.COMBINED", ("ets",))
    sales = daily(np.random.default_rng(4))
    calendar = Calendar("day", pd.Timestamp("2023-01-02").date(), pd.Timestamp("2023-05-24").date())
    paths = draw((MARKET, subject(sales, 7, 7, calendar)))
    assert paths is not None and (paths[:, 3] == 0.0).all() and (paths[:, :3] > 0.0).all()


def test_intermittent_forecasts_hold_zero_and_keep_the_mean() -> None:
    rng = np.random.default_rng(5)
    told, rows = [], []
    for origin in range(90, 138, 8):
        sales = lumpy(rng)
        paths = intermittent.paths(sales[:origin], 12, rng)
        one = Forecast(np.median(paths, axis=0), paths)
        rows.append(score(sales[origin : origin + 12], one, sales[:origin], 1))
        told.append(paths.mean())
    assert np.mean([row["coverage_90"] for row in rows]) > 0.8
    assert np.mean(told) == pytest.approx(0.35 * 8000.0, rel=0.25)
    assert intermittent.is_intermittent(lumpy(rng), 52)
    assert not intermittent.is_intermittent(daily(rng), 7)  # shut days are no lumps


def test_a_model_of_zeros_speaks_alone_where_they_are_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibration.candidates.LEANT_ON", ())  # nothing that takes long
    seen = lumpy(np.random.default_rng(6), 40)
    first = pd.Timestamp("2023-01-02")
    calendar = Calendar("week", first.date(), (first + pd.Timedelta(days=7 * 40 - 1)).date())
    one = subject(seen, 4, 52, calendar)
    with Pool(workers=1) as pool:
        paths, recipe = pooled(one, pool)
    assert set(recipe.weights) == {STATISTICS}
    assert np.median(paths) == 0.0 and paths.max() < 10.0 * seen.max()
    alone = draw((LUMPS, one))
    assert alone is not None and (alone >= 0.0).all()
