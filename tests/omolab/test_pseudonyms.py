"""Customers' ids in a log: no run that is made of it keeps them, in whatever file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from omolab import api
from tests.omolab.test_api import small as small  # short fits on few agents

IDS = [f"ANNA-LINDQVIST-{number:03d}" for number in range(60)]


def log(folder: Path) -> Path:
    """Write a small log of two years whose ids would be recognised anywhere."""
    folder.mkdir(parents=True, exist_ok=True)
    days = pd.date_range("2021-01-04", periods=1_250, freq="14h")
    # One of them has so many orders that the reading asks whether it is a placeholder, by its name.
    who = [IDS[0] if k % 4 else IDS[k * 7 % 60] for k in range(len(days))]
    rows = {"customer": who, "date": days.date, "amount": 20.0}
    pd.DataFrame(rows).to_csv(folder / "orders.csv", index=False)
    (folder / "history.yaml").write_text(
        "name: shop\ncurrency: EUR\ntables:\n  transactions:\n    file: orders.csv\n"
        "    columns: {customer: customer, date: date, amount: amount}\n    constants: {channel: online}\n",
        encoding="utf-8",
    )
    return folder / "history.yaml"


def holding(folder: Path) -> list[str]:
    """Return which files of a run hold an id: as bytes, and in every cell of every table."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        text = pd.read_parquet(path).to_csv() if path.suffix == ".parquet" else ""
        if b"ANNA-LINDQVIST" in path.read_bytes() or "ANNA-LINDQVIST" in text:
            found.append(path.name)
    return found


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
