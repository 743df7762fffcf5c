"""The page's section on experiments: figures as they were left, what was not recovered by name."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from benchmarks.experiments_page import experiments


def test_nothing_evaluated_makes_no_section(tmp_path: Path) -> None:
    assert experiments(tmp_path) == ""


def test_figures_and_misses_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    row = {"outcome": "visit", "arm": "mail", "level": "all", "truth": 0.05, "truth_se": 0.01}
    row |= {"omolab": 0.04, "omolab_low": 0.03, "omolab_high": 0.05, "pooled": 0.06, "regression": 0.07}
    pd.DataFrame([row]).to_parquet(folder / "experiment_uplift.parquet")
    summary = {"level": "all", "outcome": "visit", "model": "omolab", "cells": 1, "coverage_90": 1.0}
    found = {
        "kind": "experiment",
        "figures": {"customers": 2_000, "calibrated_on": 1_001, "arms": ["none", "mail"]},
        "summary": [summary],
        "tables": {"uplift": "experiment_uplift.parquet"},
        "notes": [{"say": "evaluation.off.spread", "share": "12"}],
    }
    document = {"history": "shop", "evaluations": [found]}
    (folder / "evaluation.json").write_text(json.dumps(document), encoding="utf-8")
    text = experiments(tmp_path)
    assert "calibrated on 1,001" in text
    assert "| visit | mail | 0.0400 (0.0300 to 0.0500) | 0.0500 ±0.0164 | 0.0600 | 0.0700 |" in text
    assert "differ by 12" in text
