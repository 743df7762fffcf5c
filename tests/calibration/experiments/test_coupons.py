"""Coupon campaigns with a known lift, sent to the best customers; and what a coupon does in the market."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calibration.experiments import coupon_market, evaluate, evaluations
from calibration.experiments.campaign_reading import read
from calibration.experiments.coupon_market import PULLS, holding
from calibration.history import History, load_history
from tests.omolab.ids import named, telling

LIFT, REDEEMED = 0.15, 0.25


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Campaigns of five weeks to customers who buy more anyway; they raise orders by :data:`LIFT`."""
    folder, luck = tmp_path_factory.mktemp("campaigns"), np.random.default_rng(6)
    count, weeks = 1_500, 52
    rate = luck.gamma(2.0, 0.5, count)
    orders = np.repeat(rate[:, None], weeks, axis=1)
    sent, listed, used = [], [], []
    for number, first in enumerate(range(10, 46, 6)):
        who = np.flatnonzero(luck.random(count) < np.clip(0.1 + 0.4 * rate / rate.max() * 2.0, 0.0, 0.8))
        orders[who, first : first + 5] *= 1.0 + LIFT
        day = pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=first)
        listed.append((number, "post", day.date(), (day + pd.Timedelta(days=34)).date()))
        sent += [(number, customer) for customer in who]
        used += [(number, customer) for customer in who[luck.random(len(who)) < REDEEMED]]
    bought = luck.poisson(orders)
    rows, columns = np.nonzero(bought)
    values = bought[rows, columns]
    frames = {
        "sent": pd.DataFrame(sent, columns=["campaign", "customer"]),
        "list": pd.DataFrame(listed, columns=["campaign", "kind", "first", "last"]),
        "used": pd.DataFrame(used, columns=["campaign", "customer"]),
        "weeks": pd.DataFrame({"customer": rows, "week": columns + 1, "n": values, "sum": 20.0 * values}),
    }
    for name, frame in frames.items():
        if "customer" in frame:
            frame["customer"] = frame["customer"].map(named)
        frame.to_csv(folder / f"{name}.csv", index=False)
    text = """name: coupons
currency: EUR
tables:
  campaigns:
    file: sent.csv
    columns: {campaign: campaign, customer: customer}
    list: {file: list.csv, columns: {campaign: campaign, type: kind, start: first, end: last}}
    redemptions: {file: used.csv, columns: {campaign: campaign, customer: customer}}
    activity:
      file: weeks.csv
      first: 2023-01-02
      columns: {customer: customer, week: week, orders: n, amount: sum}
"""
    (folder / "history.yaml").write_text(text, encoding="utf-8")
    return load_history(folder / "history.yaml")


def test_the_lift_is_read_through_selection(history: History) -> None:
    tables = history.evidence.campaigns
    assert tables is not None
    found = read(tables)
    assert len(found) == 6
    weight = 1.0 / found["lift_se"] ** 2
    mean, error = float((weight * found["lift"]).sum() / weight.sum()), float(weight.sum() ** -0.5)
    assert abs(mean - LIFT) < 3.0 * error
    assert error < 0.03
    assert (found["naive"] > 0.3).all()  # the targeted buy more in any case
    assert found["redeemed"].mean() == pytest.approx(REDEEMED, abs=0.03)


def test_a_coupon_in_hand_brings_orders_once() -> None:
    held = holding(1.0, 28, 1, agents=1_500)
    assert held.level == pytest.approx(1.0, rel=0.15)
    assert (np.diff(held.redeemed) >= 0.0).all()
    assert 0.5 < held.redeemed[-1] <= 1.0
    assert held.at(PULLS[-1], 28) > held.at(PULLS[0], 28) > 0.0
    assert held.at(PULLS[-1], 28) < 1.0  # used up at the next order


def test_later_campaigns_are_forecast(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coupon_market, "AGENTS", 1_000)
    assert evaluations(history) == ("campaigns",)
    found = evaluate(history, "campaigns")
    assert telling(found.tables, found.document()) == []
    later = found.tables["forecasts"].query("not train and outcome == 'redeemed'")
    assert len(later) == 2
    assert (later["omolab"] - REDEEMED).abs().max() < 0.05
    said = found.figures["types"]["post"]
    assert (
        said["largest_lift"] < said["lift"]
    )  # the market's coupon cannot make so much, which is said by name
    assert any(note["say"] == "evaluation.off.coupon" for note in found.notes)
