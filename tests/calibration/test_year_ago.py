"""In a second year the last one speaks: believed where the two are alike, not where they are luck."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration import year_ago
from calibration.candidates import MARKET, STATISTICS, YEAR_AGO, Subject, _voices, draw
from calibration.history.periods import Calendar
from calibration.scores import crps

MONTHS = np.arange(40)
SEASON = 100.0 * np.exp(0.3 * np.sin(2.0 * np.pi * MONTHS / 12) + 0.5 * (MONTHS % 12 == 11))


def subject(seen: np.ndarray, horizon: int) -> Subject:
    last = pd.Timestamp("2022-01-01") + pd.DateOffset(months=seen.size) - pd.Timedelta(days=1)
    calendar = Calendar("month", pd.Timestamp("2022-01-01").date(), last.date())
    return Subject("total.revenue", seen, np.ones((12, seen.size + horizon)), calendar, 12, False, True, 1)


def test_it_speaks_in_a_second_year_only() -> None:
    sizes = (12, 14, 15, 23, 24)
    assert [year_ago.speaks(SEASON[:n], 12) for n in sizes] == [False, False, True, True, False]
    assert not year_ago.speaks(np.where(MONTHS[:20] == 3, np.nan, SEASON[:20]), 12)
    assert not year_ago.speaks(SEASON[:13], 7)  # weekdays are soon seen twice


def test_a_season_is_believed_and_noise_is_not() -> None:
    rng = np.random.default_rng(1)
    told = [year_ago.weight(SEASON[:n] * np.exp(rng.normal(0.0, 0.03, n)), 12) for n in (15, 18, 22)]
    assert told == sorted(told) and told[0] > 0.4 and told[2] > 0.7
    noise = [year_ago.weight(100.0 * np.exp(rng.normal(0.0, 0.2, 22)), 12) for _ in range(40)]
    assert np.median(noise) < 0.3
    assert year_ago.weight(np.full(20, 7.0), 12) == 0.0


def test_paths_repeat_the_year_with_its_gain_and_widen() -> None:
    rng = np.random.default_rng(2)
    grown = SEASON * np.exp(0.1 * (MONTHS // 12)) * np.exp(rng.normal(0.0, 0.02, 40))
    drawn = year_ago.paths(grown[:20], 12, 12, rng)
    assert np.median(drawn, axis=0)[:4] == pytest.approx(grown[20:24], rel=0.12)
    assert np.log(drawn).std(axis=0)[-1] > np.log(drawn).std(axis=0)[0]
    far = year_ago.paths(grown[:20], 60, 12, rng)
    assert np.median(far[:, -12:]) < 2.0 * grown[:20].max()  # a year's gain is not gained five times
    shares = year_ago.paths(grown[:20] / 400.0, 6, 12, rng, share=True)
    assert (shares > 0.0).all() and (shares < 1.0).all()


def test_statistics_lean_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calibration.candidates.LEANT_ON", ("ets",))
    monkeypatch.setattr("calibration.candidates.COMBINED", ("ets",))
    rng = np.random.default_rng(3)
    sales = SEASON * np.exp(rng.normal(0.0, 0.03, 40))
    one = subject(sales[:20], 6)
    said = {name: paths for name in ("ets", YEAR_AGO, MARKET) if (paths := draw((name, one))) is not None}
    voices = _voices(said, one)
    alone = crps(sales[20:26], said["ets"])
    assert crps(sales[20:26], voices[STATISTICS]) < 0.7 * alone
    assert crps(sales[20:26], voices[MARKET]) < 0.9 * alone
    assert draw((YEAR_AGO, subject(sales[:10], 6))) is None
