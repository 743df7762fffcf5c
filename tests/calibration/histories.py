"""Tiny histories that tests write to disk and read back through the front door."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.history import History, load_history

DAY = datetime.date


def stored(
    folder: Path,
    tables: str,
    frames: Mapping[str, pd.DataFrame],
    name: str = "shop",
    currency: str = "EUR",
) -> History:
    """Write frames as CSV files and ``tables`` as their mapping; read the history back."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, frame in frames.items():
        frame.to_csv(folder / f"{key}.csv", index=False)
    text = f"name: {name}\ncurrency: {currency}\ntables:\n{tables}"
    (folder / "history.yaml").write_text(text, encoding="utf-8")
    return load_history(folder / "history.yaml")


def months(count: int, start: str = "2020-01") -> list[str]:
    return [str(m) for m in pd.period_range(start, periods=count, freq="M")]


def two_channels(
    folder: Path, count: int = 48, shut: Mapping[str, float] | None = None, orders: bool = False
) -> History:
    """Online and store by month: flat sales, the online share rising slowly; ``shut`` closes stores."""
    dates = months(count)
    share = 0.2 + 0.1 * np.arange(count) / count
    total = 1_000.0 + 10.0 * np.random.default_rng(2).normal(size=count)
    wide = pd.DataFrame({"date": dates, "web": total * share, "shops": total * (1 - share)})
    lines = (
        "  sales: {file: sales.csv, period: month, columns: {date: date}, channels: "
        "{online: {revenue: web%s}, store: {revenue: shops%s}}}\n"
    )
    names = ("", "")
    if orders:
        wide["web_n"], wide["shop_n"] = (wide["web"] / 20).round(), (wide["shops"] / 40).round()
        names = (", orders: web_n", ", orders: shop_n")
    frames = {"sales": wide}
    tables = lines % names
    if shut:
        frames["shut"] = pd.DataFrame({"date": list(shut), "open": list(shut.values())})
        tables += "  drivers: {file: shut.csv, period: month, columns: {date: date}, drivers: "
        tables += "{store.access: open}}\n"
    return stored(folder, tables, frames)


def quarters(folder: Path, years: int = 20) -> History:
    """Two channels by quarter over many years: too long to be lived day by day."""
    dates = [str(q) for q in pd.period_range("2000Q1", periods=4 * years, freq="Q")]
    share = np.linspace(0.02, 0.2, len(dates))
    wide = pd.DataFrame({"date": dates, "web": 1e6 * share, "all": 1e6})
    tables = (
        "  sales: {file: sales.csv, period: quarter, columns: {date: date}, channels: "
        "{online: {revenue: web}, total: {revenue: all}}}\n"
    )
    return stored(folder, tables, {"sales": wide})


def with_media(folder: Path, weeks: int = 104, elasticity: float = 0.2) -> History:
    """One store chain by week whose sales answer to television and print."""
    rng = np.random.default_rng(4)
    dates = pd.date_range("2020-01-06", periods=weeks, freq="7D").strftime("%Y-%m-%d")
    spend = rng.gamma(2.0, 50.0, (weeks, 2))
    sales = 1e4 * np.exp(
        elasticity * np.log1p(spend[:, 0] / spend[:, 0].mean()) + 0.01 * rng.normal(size=weeks)
    )
    frames = {
        "sales": pd.DataFrame({"date": dates, "gbp": sales}),
        "media": pd.DataFrame({"date": dates, "telly": spend[:, 0], "press": spend[:, 1]}),
    }
    tables = (
        "  sales: {file: sales.csv, period: week, columns: {date: date}, channels: {total: {revenue: gbp}}}\n"
        "  media: {file: media.csv, period: week, columns: {date: date}, "
        "sources: {tv: {spend: telly}, print: {spend: press}}}\n"
    )
    return stored(folder, tables, frames)


def log(folder: Path, rows: pd.DataFrame) -> History:
    """A customer log [customer, date, amount] of one online channel."""
    tables = (
        "  transactions: {file: log.csv, columns: {customer: customer, date: date, amount: amount}, "
        "constants: {channel: online}}\n"
    )
    return stored(folder, tables, {"log": rows})


def buyers(count: int = 60, weeks: int = 30, seed: int = 0) -> pd.DataFrame:
    """Customers who first order in the first ten weeks and then every three weeks or so."""
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(count):
        day = int(rng.integers(0, 70))
        while day < 7 * weeks:
            rows.append((f"c{customer}", day, round(float(rng.lognormal(3.0, 0.4)), 2)))
            day += 1 + int(rng.exponential(20.0))
    start = np.datetime64("2020-01-06")  # a Monday; the last Sunday is filled, so that weeks are whole
    rows += [("first", 0, 10.0), ("last", 7 * weeks - 1, 10.0)]
    table = pd.DataFrame(rows, columns=["customer", "day", "amount"])
    table.insert(1, "date", (start + table.pop("day").to_numpy()).astype(str))
    return table
