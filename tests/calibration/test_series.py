"""Observed series and cohorts, on small made-up histories."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.history import History, load_history
from calibration.series import acquisitions, cohorts, observed
from results.problems import BadInput

LOG = (
    "name: shop\ncurrency: GBP\ntables:\n  transactions: "
    "{file: t.csv, columns: {customer: who, date: day, amount: gbp, channel: where}}\n"
)


@pytest.fixture
def log(tmp_path: Path) -> History:
    rng = np.random.default_rng(7)
    rows = pd.DataFrame(
        {
            "who": rng.integers(0, 40, 400),
            "day": [date(2021, 1, 4) + timedelta(days=int(d)) for d in [0, *rng.integers(0, 100, 399)]],
            "gbp": rng.gamma(2.0, 20.0, 400).round(2) * np.where(rng.random(400) < 0.1, -1, 1),
            "where": rng.choice(["online", "store"], 400),
        }
    )
    rows["who"] = rows["who"].where(rng.random(400) > 0.1).astype("Int64")
    rows.to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "history.yaml").write_text(LOG)
    return load_history(tmp_path / "history.yaml")


def test_series_of_a_log_agree_with_counting_by_hand(log: History) -> None:
    seen = observed(log)
    rows = log.transactions
    assert rows is not None
    assert list(seen.index) == list(pd.date_range("2021-01-04", periods=len(log.calendar), freq="7D"))
    known: set[str] = set()
    again = np.zeros(len(seen))
    for row in rows.itertuples():
        week = (row.date - pd.Timestamp("2021-01-04")).days // 7
        if row.amount <= 0 or pd.isna(row.customer) or week >= len(seen):
            continue
        again[week] += row.customer in known
        known.add(row.customer)
    assert seen["repeat.orders"].tolist() == again.tolist()
    inside = rows[rows["date"] <= pd.Timestamp(log.calendar.last)]
    assert seen["total.revenue"].sum() == pytest.approx(inside["amount"].sum())
    assert seen["total.orders"].sum() == (inside["amount"] > 0).sum()
    assert (seen["online.revenue"] + seen["store.revenue"]).to_numpy() == pytest.approx(seen["total.revenue"])
    assert seen["online.share"].dropna().between(0, 1).all()


@pytest.mark.parametrize("until", [date(2021, 1, 31), date(2021, 2, 24), date(2021, 3, 14)])
def test_the_past_does_not_depend_on_the_future(log: History, until: date) -> None:
    past = observed(log, until)
    pd.testing.assert_frame_equal(past, observed(log).loc[: past.index[-1]])
    assert past.index[-1].date() + timedelta(days=6) <= until
    early = cohorts(log, until)
    assert early["last"].max() <= pd.Timestamp(until)
    assert acquisitions(log, until).tolist() == acquisitions(log).iloc[: len(past)].tolist()


def test_cohorts_and_acquisitions_add_up(log: History) -> None:
    table, new, seen = cohorts(log), acquisitions(log), observed(log)
    assert list(table.columns) == ["customer", "first", "last", "orders", "repeat_orders", "amount"]
    assert new.sum() == len(table)
    assert new.index.equals(seen.index)
    assert table["repeat_orders"].sum() == seen["repeat.orders"].sum()
    assert (table["first"] <= table["last"]).all()
    assert (table["amount"] > 0).all()


def test_free_orders_count_for_known_customers_only(tmp_path: Path) -> None:
    rows = "who,day,gbp,where\na,2021-01-01,5,online\na,2021-01-07,0,online\n,2021-01-07,0,online\n"
    (tmp_path / "t.csv").write_text(rows)
    (tmp_path / "history.yaml").write_text(LOG)
    seen = observed(load_history(tmp_path / "history.yaml"))
    assert seen["online.orders"].tolist() == [2]
    assert seen["repeat.orders"].tolist() == [1]


def test_too_early_an_end_is_refused(log: History) -> None:
    with pytest.raises(BadInput, match="no whole week ends"):
        observed(log, date(2021, 1, 9))


def test_cohorts_need_a_log(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("d,x\n2020-01,1\n2020-02,2\n")
    (tmp_path / "h.yaml").write_text(
        "name: s\ncurrency: GBP\ntables:\n  sales: {file: s.csv, columns: {date: d, revenue: x}}\n"
    )
    history = load_history(tmp_path / "h.yaml")
    assert list(observed(history)) == ["store.revenue", "total.revenue"]
    with pytest.raises(BadInput, match="no customer log"):
        cohorts(history)
