from __future__ import annotations

import pandas as pd
import pytest

from scenarios.drivers import setup_for
from scenarios.people import NONE, lifecycle, migration
from scenarios.plan import load_plan
from sim.ledger import Ledger
from sim.market import Market

CUSTOMERS = 60


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    setup = setup_for(load_plan("ecommerce_dept"), {}, seed=1, customers=CUSTOMERS)
    return Market.from_setup(setup, seed=1).run()


def test_everybody_stands_somewhere_before_and_after(ledger: Ledger) -> None:
    moves = migration(ledger)
    people = CUSTOMERS * ledger.setup.weight
    assert moves["date"].nunique() >= 2
    assert moves.groupby("date")["customers"].sum().to_numpy() == pytest.approx(people)
    assert {*moves["origin"]} == {*moves["goal"]} == {NONE, *(c.name for c in ledger.setup.channels)}


def test_every_customer_is_in_one_stage_and_one_group(ledger: Ledger) -> None:
    lives = lifecycle(ledger)
    people = CUSTOMERS * ledger.setup.weight
    assert lives.groupby(["date", "kind"])["customers"].sum().to_numpy() == pytest.approx(people)
    assert lives["date"].is_monotonic_increasing


def test_counts_bear_the_dates_of_the_plan_from_its_first_month_to_its_last(ledger: Ledger) -> None:
    assert ledger.setup.burn_in > 0
    first = pd.Timestamp(ledger.setup.start)
    ends = pd.date_range(first, periods=36, freq="ME")
    assert [*lifecycle(ledger)["date"].unique()] == [*ends]
    assert [*migration(ledger)["date"].unique()] == [*ends[11::12]]  # a year before the plan is known too
