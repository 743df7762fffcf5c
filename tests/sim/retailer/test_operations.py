"""The firm behind the shopfront in the market: neutral where undeclared, acting where declared, paid for."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import numpy as np
import pytest

from sim.customers.exchange import EVENTS
from sim.indicators import evaluate
from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.booking import Booking
from sim.retailer.desk import OrderDesk
from sim.retailer.operations import COSTS, MEASURES
from sim.retailer.service import ServiceDesk
from sim.retailer.stock import StockPolicy
from sim.retailer.terms import Delivery, Packaging, ReturnTerms
from sim.setup import CAPABILITIES, Channel, Drivers, Effect, Setup, Shock

CHANNELS = (Channel("shop", "store", cost_per_order=6.0), Channel("site", "own", cost_per_order=14.0))
LIVELY = {"need_rate": 0.3, "appeal.own": -0.5, "pull.direct": 1.0, "pull.organic_search": 1.0}
LIVELY |= {"initial_aware": 0.95, "bounce.own": 0.2, "need_shape": 3.0, "dropout": 0.01}
READ_OFF: dict[str, Any] = {
    "stock": StockPolicy(days=120.0),
    "order_desk": OrderDesk(48.0),
    "service_desk": ServiceDesk(0.65),
    "booking": Booking(0.65),
    "returns": ReturnTerms(),
    "delivery": Delivery(),
    "packaging": Packaging(),
}


def market(days: int = 365, customers: int = 1_000, **parts: Any) -> Setup:
    levels = {"service": 0.65, "delivery_days": 4.0} | parts.pop("levels", {})
    drivers = Drivers.constant(days, 2, **levels)
    parameters = LIVELY | parts.pop("parameters", {})
    given: dict[str, Any] = {"weight": 50.0, "parameters": parameters, "burn_in": 200, "customers": customers}
    return Setup(datetime.date(2027, 1, 1), days, CHANNELS, drivers, **given | parts)


def lived(seed: int = 3, **parts: Any) -> Ledger:
    return Market.from_setup(market(**parts), seed=seed).run()


def figures(ledger: Ledger, first: int = 0) -> dict[str, float]:
    table = evaluate(ledger, [(first, ledger.setup.days - 1)])
    whole = table[table.channel == "all"]
    return dict(zip(whole.kpi, whole.value, strict=True))


def firm(ledger: Ledger, name: str) -> np.ndarray:
    return ledger.firm[ledger.offset :, MEASURES.index(name)]


def test_nothing_declared_nothing_kept() -> None:
    model = Market.from_setup(market(days=5, customers=100))
    ledger = model.run()
    assert model.retailer.operations is None
    assert not ledger.firm.any()
    assert not [name for name in ledger.daily().columns if name.startswith("firm_")]
    assert np.isnan(figures(ledger)["inventory_days"])
    assert np.isnan(figures(ledger)["service_cost"])


def test_starting_figures_are_read_off() -> None:
    found = figures(lived(customers=2_000, burn_in=500, **READ_OFF))
    assert found["inventory_days"] == pytest.approx(120.0, rel=0.05)
    assert found["order_hours"] == pytest.approx(48.0, rel=0.05)
    assert found["response_rate"] == pytest.approx(0.65, rel=0.05)
    assert found["booking_response"] == pytest.approx(0.65, rel=0.05)
    assert found["stockout_rate"] == pytest.approx(0.02, abs=0.006)
    assert found["supplier_on_time"] == pytest.approx(0.85, abs=0.05)
    assert found["delivery_days"] == pytest.approx(4.0, rel=0.05)
    assert found["labour_hours_per_order"] > 0.0 < found["complaint_rate"]


def test_customary_parts_leave_the_trade_about_as_it_was() -> None:
    """Read off the customary, the parts change what is foreseen little: orders, quality, returns."""
    plain, parts = (figures(lived(customers=2_000, **given)) for given in ({}, READ_OFF))
    assert parts["orders"] == pytest.approx(plain["orders"], rel=0.03)
    assert parts["satisfaction"] == pytest.approx(plain["satisfaction"], rel=0.03)
    assert parts["operating_profit"] < plain["operating_profit"]  # stock is held, and some written off


def test_costs_are_the_profit_s() -> None:
    ledger = lived(
        days=120, **READ_OFF | {"returns": ReturnTerms(free=True), "delivery": Delivery(speed=2.0)}
    )
    found = figures(ledger)
    costs = sum(firm(ledger, name).sum() for name in COSTS)
    assert costs > 0.0
    before = (
        found["contribution"] - ledger.invest[ledger.offset :].sum() - ledger.costs[ledger.offset :].sum()
    )
    assert found["operating_profit"] == pytest.approx(before - costs)
    daily = ledger.daily()
    assert daily["firm_holding"].sum() == pytest.approx(firm(ledger, "holding").sum())


def test_initiatives_and_shocks_on_stock_outs_multiply_what_stock_leaves_short() -> None:
    def offered(**parts: Any) -> np.ndarray:
        model = Market.from_setup(market(days=90, stock=StockPolicy(service=0.9), **parts), seed=3)
        return model.run().operations[model.setup.burn_in + 20, :, 2]

    usual = offered()
    assert offered(effects=(Effect("view", "stockout", 0.5),)) == pytest.approx(0.5 * usual, rel=0.35)
    struck = offered(shocks=(Shock("port", "supply", 20, 5, "stockout", 3.0),))
    assert struck == pytest.approx(np.minimum(3.0 * usual, 1.0), rel=1e-9)


def test_a_shorter_promise_costs_and_a_crowded_desk_breaks_it() -> None:
    rush = np.ones(365)
    rush[200:215] = 2.5
    setup = market(order_desk=OrderDesk(48.0))
    drivers = dataclasses.replace(setup.drivers, demand=rush)
    unforeseen = dataclasses.replace(setup, shocks=(Shock("run", "market", 200, 15, "demand", 2.5),))
    calm, busy, foreseen = (
        Market.from_setup(s, seed=3).run()
        for s in (setup, unforeseen, dataclasses.replace(setup, drivers=drivers))
    )
    days = slice(200 + 205, 200 + 220)
    hours = [ledger.operations[days, 1, 0].mean() for ledger in (calm, busy, foreseen)]
    assert hours[1] > hours[2] > 1.1 * hours[0]
    assert busy.operations[days, 1, 1].mean() > calm.operations[days, 1, 1].mean() + 0.5
    late = [firm(ledger, "late_orders")[205:220].sum() for ledger in (calm, busy)]
    assert late[1] > 1.5 * late[0]


def automated(amount: float, **parts: Any) -> Ledger:
    setup = market(**READ_OFF | parts, parameters={"capability_cost.automation": 1e5})
    invest = setup.drivers.invest.copy()
    invest[:120, CAPABILITIES.index("automation")] += amount / 120.0
    return Market.from_setup(
        dataclasses.replace(
            setup,
            drivers=dataclasses.replace(setup.drivers, invest=invest),
            usual=market(days=1).drivers,
        ),
        seed=3,
    ).run()


def test_automation_lowers_repetitive_labour_hours_and_service_cost() -> None:
    plain, invested = (figures(automated(amount), 300) for amount in (0.0, 3e5))
    assert invested["repetitive_hours"] < 0.85 * plain["repetitive_hours"]
    assert invested["order_hours"] < 0.8 * plain["order_hours"]
    assert invested["service_cost"] < 0.9 * plain["service_cost"]
    assert invested["on_time_rate"] > plain["on_time_rate"]


def test_service_that_is_not_staffed_disappoints() -> None:
    """Buyers meet what the desk manages: a run on it lowers what they remember."""
    shocks = (Shock("run", "market", 100, 200, "demand", 3.0),)
    quiet, run = (
        Market.from_setup(market(days=130, service_desk=ServiceDesk(0.65), shocks=given), seed=3).run()
        for given in ((), shocks)
    )
    answered = [
        firm(ledger, "answered")[100:115].sum() / firm(ledger, "contacts")[100:115].sum()
        for ledger in (quiet, run)
    ]
    assert answered[1] < answered[0] - 0.1


def test_free_returns_and_shareable_boxes_act_on_buyers() -> None:
    plain, free = (figures(lived(returns=part)) for part in (None, ReturnTerms(free=True, days=60, ripen=0)))
    assert free["return_rate"] > plain["return_rate"]
    plain, boxed = (
        figures(
            lived(packaging=Packaging(shareable=flag, ripen=0), parameters={"packaging.share_pull": 0.12})
        )
        for flag in (False, True)
    )
    assert boxed["referral_share"] > plain["referral_share"]


def test_the_firm_s_luck_is_the_run_s() -> None:
    one, same, other = (firm(lived(seed=seed, days=60, stock=StockPolicy()), "arrived") for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    assert "orders" in EVENTS
