"""A history carried on by statistics: whole months, trend and season, the same at any number of workers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.history import load_history
from calibration.outlook import AHEAD, _monthly, outlook
from calibration.series import observed
from scenarios.executor import Pool
from scenarios.outlook import outlook_of

HEAD = "name: shop\ncurrency: EUR\ntables:\n  sales: {file: s.csv, columns: {date: day, revenue: eur}}\n"


def history(folder: Path, series: pd.Series, head: str = HEAD):  # type: ignore[no-untyped-def]
    rows = "".join(f"{day:%Y-%m-%d},{value:.4f}\n" for day, value in series.items())
    (folder / "s.csv").write_text("day,eur\n" + rows)
    (folder / "history.yaml").write_text(head)
    return load_history(folder / "history.yaml")


def wave(months: int, growth: float = 0.004) -> pd.Series:
    index = pd.date_range("2021-01-01", periods=months, freq="MS")
    season = 1.0 + 0.3 * np.cos(2 * np.pi * (index.month - 12) / 12)
    noise = np.exp(np.random.default_rng(3).normal(0.0, 0.02, months))
    return pd.Series(1000.0 * season * (1.0 + growth) ** np.arange(months) * noise, index=index)


def test_trend_and_season_go_on(tmp_path: Path) -> None:
    past = wave(48)
    with Pool(1) as pool:
        found = outlook(history(tmp_path, past), pool, 1)
    assert found is not None
    assert (found.first, found.known, found.paths.shape[1]) == ("2021-01", 48, 48 + AHEAD)
    assert np.allclose(found.paths[:, :48], past.to_numpy(), atol=1e-3)
    truth = wave(60, 0.004)[48:].to_numpy()
    middle = np.median(found.paths[:, 48:60], axis=0)
    assert np.abs(middle / truth - 1.0).mean() < 0.08
    low, high = np.quantile(found.paths[:, 48:60], (0.02, 0.98), axis=0)
    assert np.mean((low <= truth) & (truth <= high)) >= 0.75


def test_workers_change_nothing_and_the_table_reads_back(tmp_path: Path) -> None:
    past = history(tmp_path, wave(30))
    with Pool(1) as one, Pool(2) as two:
        first, second = outlook(past, one, 5), outlook(past, two, 5)
    assert first is not None and second is not None
    assert np.array_equal(first.paths, second.paths)
    again = outlook_of(first.table(), first.document())
    assert np.array_equal(again.paths, first.paths)
    assert (again.first, again.known, again.measure) == (first.first, first.known, "revenue")


def test_weeks_become_whole_months(tmp_path: Path) -> None:
    weeks = pd.Series(70.0, index=pd.date_range("2021-01-04", periods=60, freq="7D"))
    past = history(tmp_path, weeks)
    monthly = _monthly(observed(past)["total.revenue"], past.calendar)
    assert np.isnan(monthly.iloc[0])  # three days of January are missing
    assert monthly.loc["2021-02-01"] == pytest.approx(280.0)
    assert monthly.loc["2021-03-01"] == pytest.approx(310.0)


def test_a_missing_month_is_filled_from_a_year_before(tmp_path: Path) -> None:
    past = wave(24)
    with Pool(1) as pool:
        found = outlook(history(tmp_path, past.drop(past.index[15])), pool, 1)
    assert found is not None
    assert found.paths[0, 15] == pytest.approx(past.iloc[3], rel=1e-4)
    assert np.isfinite(found.paths).all()


def test_quarters_are_shared_out(tmp_path: Path) -> None:
    index = pd.date_range("2015-01-01", periods=24, freq="QS")
    past = history(tmp_path, pd.Series(300.0 + np.arange(24), index=index))
    with Pool(1) as pool:
        found = outlook(past, pool, 1)
    assert found is not None
    assert found.known == 72
    assert found.paths[0, :3].tolist() == [100.0, 100.0, 100.0]


def test_too_short_a_history_has_none(tmp_path: Path) -> None:
    past = history(tmp_path, pd.Series(1.0, index=pd.date_range("2021-01-01", periods=40, freq="D")))
    with Pool(1) as pool:
        assert outlook(past, pool, 1) is None
