"""Pinball losses of a back-test from the quantiles it keeps, for runs made before they were a score."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

MEASURE = "pinball_over_mean"


def with_losses(document: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return a ``backtest.json`` whose summary tells the pinball loss, read off the run where it does not."""
    if all(MEASURE in row for row in document["summary"]):
        return dict(document)
    found = losses(folder / document["forecasts"])
    told = [{MEASURE: found.get((row["series"], row["model"]))} | dict(row) for row in document["summary"]]
    return {**document, "summary": told}


def losses(path: Path) -> dict[tuple[str, str], float]:
    """Return the mean over origins of each forecast's pinball loss over the mean of what came."""
    import pandas as pd

    from calibration.scores import QUANTILES, pinball

    table = pd.read_parquet(path).dropna(subset=["actual"])
    each: dict[tuple[str, str], list[float]] = {}
    for (series, model, _), rows in table.groupby(["series", "model", "origin"], sort=False):
        actual = rows["actual"].to_numpy(dtype=float)
        if np.abs(actual).sum() > 0:
            loss = pinball(actual, rows[list(QUANTILES)].to_numpy(dtype=float).T)
            each.setdefault((str(series), str(model)), []).append(loss / float(np.abs(actual).mean()))
    return {key: float(np.mean(values)) for key, values in each.items()}
