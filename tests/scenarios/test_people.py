from __future__ import annotations

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
