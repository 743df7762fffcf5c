"""Customers' ids in a log: no run that is made of it keeps them, in whatever file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from omolab import api
from results.store import create
from tests.omolab.ids import holding, named
from tests.omolab.test_api import small as small  # short fits on few agents

IDS = [named(number) for number in range(60)]


def log(folder: Path, start: str = "2021-01-04") -> Path:
    """Write a small log of two years whose ids would be recognised anywhere."""
    folder.mkdir(parents=True, exist_ok=True)
    days = pd.date_range(start, periods=1_250, freq="14h")
    # One of them has so many orders that the reading asks whether it is a placeholder, by its name.
    who = [IDS[0] if k % 4 else IDS[k * 7 % 60] for k in range(len(days))]
    rows = {"customer": who, "date": days.date, "amount": 20.0}
    pd.DataFrame(rows).to_csv(folder / "orders.csv", index=False)
    (folder / "history.yaml").write_text(
        "name: shop\ncurrency: CNY\ntables:\n  transactions:\n    file: orders.csv\n"
        "    columns: {customer: customer, date: date, amount: amount}\n    constants: {channel: online}\n",
        encoding="utf-8",
    )
    return folder / "history.yaml"


def test_the_search_would_find_them(tmp_path: Path) -> None:
    log(tmp_path)
    pd.read_csv(tmp_path / "orders.csv").to_parquet(tmp_path / "orders.parquet")
    assert sorted(holding(tmp_path)) == ["orders.csv", "orders.parquet"]


def test_no_file_of_a_fit_or_a_backtest_holds_one(tmp_path: Path) -> None:
    history = log(tmp_path / "data")
    found = api.history([tmp_path / "data" / "orders.csv"])["quality"]
    assert found["note"].str.contains("placeholder").any()  # which is said on the spot, and stored nowhere
    fit = api.calibrate(history=history, out=tmp_path / "fit", threads=1)
    tested = api.backtest(history, origins=1, horizon=8, out=tmp_path / "backtest", threads=1)
    for run in (fit, tested):
        assert (run.path / "report.html").is_file()
        assert holding(run.path) == []


def test_no_file_of_a_plan_held_against_a_log_holds_one(tmp_path: Path) -> None:
    with create(tmp_path / "fit", "calibrate", "fit", {}, {}, 1) as writer:  # calibrated already
        writer.table("fit/ensemble", pd.DataFrame({"draw": [0, 1], "switching": [2.5, 3.5]}))
    books = log(tmp_path / "data", "2026-06-01")  # half a year before the plan, the rest within it
    few: dict[str, Any] = {"customers": 150, "replicates": 1, "threads": 1}
    tracked = api.track("ecommerce_dept", books, fit=tmp_path / "fit", out=tmp_path / "tracked", **few)
    assert len(tracked.read("track")) and (tracked.path / "report.html").is_file()
    written = api.tables(tracked.path, out=tmp_path / "tables")
    for folder in (tracked.path, written):
        assert holding(folder) == []
