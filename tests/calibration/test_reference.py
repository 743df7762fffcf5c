"""The reference retailer: what it writes down is what happened in its market, and it is reproducible."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calibration import reference
from calibration.history import load_history
from calibration.reference import FOLDER, Observed, tables
from calibration.series import observed
from scenarios.plan import load_plan
from sim.customers.exchange import DISCOUNTS, LIST_SALES, NEW_CUSTOMERS, ORDERS, REPEAT_ORDERS
from sim.market import Market
from sim.parameters import Values
from tests.sim.markets import eventful


@pytest.fixture(scope="module")
def market() -> Observed:
    """Two months of a lively market in which every customer's orders are written down."""
    made = Observed(eventful(customers=300, days=60, burn_in=20), 4, 300)
    made.run()
    return made


def test_watching_changes_nothing(market: Observed) -> None:
    plain = Market.from_setup(market.setup, 4)
    plain.run()
    assert np.array_equal(plain.ledger.events, market.ledger.events)


def test_the_log_holds_every_order_at_the_amount_paid(market: Observed) -> None:
    log = pd.DataFrame(market.orders, columns=["day", "customer", "channel", "amount"])
    events = market.ledger.events[market.ledger.offset :]
    counts = log.groupby(["day", "channel"]).size().unstack(fill_value=0).reindex(range(60), fill_value=0)
    assert np.array_equal(counts.to_numpy(), events[:, :, ORDERS])
    paid = (events[:, :, LIST_SALES] - events[:, :, DISCOUNTS]) / 100.0
    sums = log.pivot_table(index="day", columns="channel", values="amount", aggfunc="sum", fill_value=0.0)
    assert sums.reindex(range(60), fill_value=0.0).to_numpy() == pytest.approx(paid)
    assert log["day"].min() >= 0  # the burn-in is nobody's record
    assert (log["amount"] > 0).all()


def test_only_the_sample_is_written_down(market: Observed) -> None:
    few = Observed(market.setup, 4, 50)
    few.run()
    assert few.orders == [order for order in market.orders if order[1] < 50]


def test_tables_add_up_to_the_books(market: Observed) -> None:
    found, ledger, weight = tables(market), market.ledger, market.setup.weight
    events = ledger.events[ledger.offset :]
    assert found["sales"]["orders"].sum() == pytest.approx(events[:, :, ORDERS].sum() * weight)
    paid = (events[:, :, LIST_SALES] - events[:, :, DISCOUNTS]).sum() / 100.0 * weight
    assert found["sales"]["revenue"].sum() == pytest.approx(paid, abs=0.05)
    assert found["traffic"]["visits"].sum() == pytest.approx(ledger.visits[ledger.offset :].sum() * weight)
    spent = ledger.spend[ledger.offset :].sum()
    assert found["media"].drop(columns="month").to_numpy().sum() == pytest.approx(spent, abs=0.05)
    assert found["orders"]["date"].between("2027-01-20", "2027-03-20").all()
    new = events[:, :, NEW_CUSTOMERS].sum()
    assert found["orders"]["customer"].nunique() >= new
    assert events[:, :, REPEAT_ORDERS].sum() + new == events[:, :, ORDERS].sum()


def test_written_down_it_reads_back_as_a_history(
    market: Observed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replace(market.setup, parameters=market.setup.parameters)
    monkeypatch.setattr(reference, "truth", lambda plan: dict(whole.parameters))
    monkeypatch.setattr(reference, "live", lambda plan, parameters: market)
    reference.write(tmp_path / "a")
    reference.write(tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["media.csv", "orders.csv", "sales.csv", "traffic.csv", "truth.json"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    about = json.loads((tmp_path / "a" / "truth.json").read_text())
    assert about["synthetic"] is True
    assert about["parameters"]["need_rate"] == 0.3


def test_the_bundled_history_is_whole_and_says_what_it_is() -> None:
    history = load_history(FOLDER / "history.yaml")
    about = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    plan = load_plan(about["plan"])
    assert about["synthetic"] is True
    assert set(history.channels) == set(plan.open_channels())
    assert history.currency == plan.currency
    seen = observed(history)
    assert len(seen) == 24 and seen["total.revenue"].notna().all()
    assert history.media is not None and history.traffic is not None and history.transactions is not None
    Values(about["parameters"])  # every name is a parameter of the market, every value possible
