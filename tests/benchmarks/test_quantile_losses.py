"""Pinball losses read off stored quantiles are those that the back-test scores."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.quantile_losses import with_losses
from calibration.baselines import Forecast
from calibration.scores import QUANTILES, score


def test_stored_quantiles_score_as_paths_did(tmp_path: Path) -> None:
    luck = np.random.default_rng(3)
    scores, rows = [], []
    for origin in ("2020-01-01", "2021-01-01"):
        actual, paths = luck.gamma(3.0, 10.0, 4), luck.gamma(3.0, 10.0, (100, 4))
        actual[1] = np.nan if origin == "2021-01-01" else actual[1]
        scores.append(score(actual, Forecast(paths.mean(axis=0), paths), np.ones(9), 1)["pinball_over_mean"])
        levels = np.quantile(paths, list(QUANTILES.values()), axis=0)
        told = {"series": "total.revenue", "model": "ets", "origin": origin, "actual": actual}
        rows.append(pd.DataFrame(told | dict(zip(QUANTILES, levels, strict=True))))
    pd.concat(rows).to_parquet(tmp_path / "backtest.parquet")
    summary = [{"series": "total.revenue", "model": "ets", "wape": 0.1}, {"series": "a", "model": "b"}]
    document = {"forecasts": "backtest.parquet", "summary": summary}
    found = with_losses(document, tmp_path)["summary"]
    assert found[0]["pinball_over_mean"] == pytest.approx(np.mean(scores))
    assert found[1]["pinball_over_mean"] is None
    assert with_losses({**document, "summary": found}, tmp_path / "nowhere")["summary"] == found
