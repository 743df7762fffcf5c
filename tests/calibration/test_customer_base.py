"""Customer-base models recover the world they assume, and know when acquisition is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration.customer_base import CUSTOMER_MODELS, Base, customer_base, customer_forecasters, forecast
from calibration.history import Calendar, History

pytest.importorskip("lifetimes", reason="lifetimes is not installed")
MODELS = pytest.mark.parametrize("name", CUSTOMER_MODELS)
START = dt.date(2024, 1, 1)


def shop(orders: pd.DataFrame, weeks: int) -> History:
    return History(
        name="shop", currency="EUR", file=Path("history.yaml"),
        span=Calendar("week", START, START + dt.timedelta(days=7 * weeks - 1)), channels=("online",),
        sales=None, total=None, transactions=orders, media=None, media_span=None, prices=None, traffic=None,
        service=None, experiment=None, drivers=None, drivers_span=None, issues=(), rows={}, hashes={},
    )  # fmt: skip


def log(weeks: int, joining: int, people: int = 600, seed: int = 0) -> pd.DataFrame:
    """Orders of a BG/NBD world: rate Gamma(0.8, 5 weeks), leaving after a repeat purchase with Beta(1, 3)."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        time, rate, leaving = rng.uniform(0, 7 * joining), rng.gamma(0.8, 1 / 5) / 7, rng.beta(1, 3)
        repeat = False
        while time < 7 * weeks:
            rows.append((str(person), int(time)))
            if repeat and rng.random() < leaving:
                break
            repeat, time = True, time + rng.exponential(1 / rate)
    table = pd.DataFrame(rows, columns=["customer", "day"])
    days = pd.Timestamp(START) + pd.to_timedelta(table["day"], unit="D")
    orders = pd.DataFrame({"customer": table["customer"], "date": days, "channel": "online", "amount": 10.0})
    return orders.sort_values("date", ignore_index=True)


def past(orders: pd.DataFrame, weeks: int) -> History:
    end = pd.Timestamp(START) + pd.Timedelta(days=7 * weeks)
    return shop(orders[orders["date"] < end], weeks)


def test_the_customer_table_by_hand() -> None:
    days = pd.to_datetime(
        ["2024-01-01", "2024-01-15", "2024-01-15", "2024-01-20", "2024-01-22", "2024-02-20"]
    )
    orders = pd.DataFrame(
        {"customer": ["a", "a", "a", "b", None, "a"], "date": days, "channel": "online", "amount": [5.0] * 6}
    )
    base = customer_base(shop(orders, 4))
    np.testing.assert_allclose(base.repeats, [1, 0])
    np.testing.assert_allclose(base.recency, [2, 0])
    np.testing.assert_allclose(base.age, [4, 9 / 7])
    assert base.orders_a_day == pytest.approx(2.0)


@MODELS
def test_a_closed_cohort_is_forecast(name: str) -> None:
    orders = log(weeks=50, joining=8)
    found = forecast(name, past(orders, 38), START, 12, 1)["repeat.orders"]
    week = (orders["date"] - pd.Timestamp(START)).dt.days // 7
    actual = np.bincount(week[orders.duplicated("customer")], minlength=50)[38:50]
    assert found.mean.sum() == pytest.approx(actual.sum(), rel=0.25)
    assert found.samples.mean(axis=0).sum() == pytest.approx(found.mean.sum(), rel=0.05)
    assert (np.diff(found.mean) <= 1e-9).all(), "without new customers repeat orders can only fade"


@MODELS
def test_no_customer_comes_after_acquisition_stopped(name: str) -> None:
    made = forecast(name, past(log(50, joining=8), 38), START, 6, 1)
    np.testing.assert_array_equal(made["total.orders"].samples, made["repeat.orders"].samples)


def test_new_customers_come_and_repeat_while_acquisition_runs() -> None:
    orders = log(50, joining=50)
    found = forecast("bg_nbd", past(orders, 38), START, 12, 1)
    new = found["total.orders"].mean - found["repeat.orders"].mean
    assert new.sum() == pytest.approx(12 * 600 / 50, rel=0.3)
    week = (orders["date"] - pd.Timestamp(START)).dt.days // 7
    actual = np.bincount(week[orders.duplicated("customer")], minlength=50)[38:50]
    assert found["repeat.orders"].mean.sum() == pytest.approx(actual.sum(), rel=0.25)


@MODELS
def test_paths_follow_the_seed(name: str) -> None:
    known = past(log(30, 8, people=150), 30)
    one, same, other = (forecast(name, known, START, 4, seed)["repeat.orders"].samples for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    point = [forecast(name, known, START, 4, 1)["repeat.orders"].mean for _ in range(2)]
    np.testing.assert_array_equal(*point)
    assert not np.array_equal(one, other)


def test_without_customers_it_says_so() -> None:
    orders = pd.DataFrame(
        {"customer": [None], "date": [pd.Timestamp(START)], "channel": ["online"], "amount": [1.0]}
    )
    with pytest.raises(ValueError, match="no order of a known customer"):
        customer_base(shop(orders, 4))
    with pytest.raises(ValueError, match="no customer log"):
        customer_base(replace(shop(orders, 4), transactions=None))


def test_names_are_those_scored() -> None:
    assert set(customer_forecasters()) == {"bg_nbd", "pareto_nbd"}
    assert isinstance(Base(*(np.zeros(1),) * 3, 1.0), Base)
