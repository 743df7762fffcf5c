"""From a plan's control, organisation and finance to what the market takes; the budget table it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results import store
from scenarios.drivers import setup_for
from scenarios.experiment import run_experiment
from scenarios.finance import currency_walk, reserves_left
from scenarios.plan import Plan, bundled, load_plan, scenario_plan, with_overrides
from scenarios.plan.business import Currency
from sim.market import Market
from sim.retailer.governance import ChannelReview, ReserveRelease
from sim.retailer.policies import BudgetControl, Reallocation
from tests.scenarios.test_drivers import SPLIT, TODAY, planned

BUDGET: dict[str, Any] = {
    "year_1": {"total": 1000.0, "split": SPLIT},
    "today": TODAY,
    "finance": {"vat": 0.13, "capitalised": 0.5, "payout_days": {"own": 7}, "strays": True},
    "control": {
        "monthly_variance": True,
        "correct": 0.8,
        "reallocate": {"step": 0.3, "every": "quarterly"},
        "reserve_release": {"below": 0.9, "growth": 0.1, "phase": "push"},
    },
    "lines": {
        "fee": {"amount": 30.0, "of": "reserve"},
        "deposit": {"amount": 20.0, "of": "reserve", "deposit": True},
        "ads": {"amount": 200.0, "of": "marketing"},
    },
    "expected_income": {"online": {"amount": 100.0, "channels": ["own"], "by_month": 12}},
}
PHASES = [
    {"name": "build", "start_month": 1, "months": 6, "gate": ["conversion >= 0.5"], "wait_months": 2},
    {"name": "push", "start_month": 7, "months": 6},
]
WORK = {
    "platform": {"lever": "technology", "invests": {"site": 100.0}, "phase": "build"},
    "campaign": {"lever": "marketing", "effects": {"organic": 1.5}, "phase": "push"},
}


def ruled(**parts: Any) -> Plan:
    governance = {"process_review": "monthly", "channel_review": "quarterly", "stage_gates": True}
    given: dict[str, Any] = {
        "budget": BUDGET,
        "phases": PHASES,
        "initiatives": WORK,
        "policies": {"governance": governance, "organisation": {"execution_risk": True, "trouble": 0.6}},
    }
    return planned(**given | parts)


def test_every_rule_of_the_plan_reaches_the_market() -> None:
    setup = setup_for(ruled(), {}, 1)
    control, move, release, review = setup.policies
    assert control == BudgetControl(0.8, 1)
    assert move == Reallocation(0.3, 0.05, 3)
    assert isinstance(release, ReserveRelease) and isinstance(review, ChannelReview)
    assert release.amounts == (50.0, 70.0)  # the fee each year, the deposit once
    assert release.stage == (181, 364) and release.expected[365] / release.expected[0] == pytest.approx(1.1)
    assert (review.channels, review.every) == ((0,), 3)
    assert setup.finance is not None and setup.finance.payout_days == (7, 0)
    assert setup.organisation is not None and setup.organisation.hazard
    assert setup.programme is not None and [s.wait for s in setup.programme.stages] == [60, 90]
    assert setup.effects == () and setup.parameters["execution.trouble"] == 0.6


def test_the_status_quo_has_no_rules_and_keeps_its_books_the_same_way() -> None:
    setup = setup_for(scenario_plan(ruled(), "status_quo"), {}, 1)
    assert setup.policies == () and setup.programme is None and setup.organisation is None
    assert setup.finance is not None and setup.finance.vat == 0.13 and setup.finance.lines == ()


def test_a_plan_that_says_nothing_of_it_leaves_the_market_as_it_was() -> None:
    setup = setup_for(
        planned(initiatives=WORK | {"campaign": {**WORK["campaign"], "phase": None}}, phases=PHASES), {}, 1
    )
    assert (setup.finance, setup.programme, setup.organisation, setup.policies) == (None, None, None, ())


def test_parameters_of_rules_can_be_searched() -> None:
    moved = with_overrides(ruled(), {"budget.control.reallocate.step": 0.7, "budget.control.correct": 0.1})
    assert setup_for(moved, {}, 1).policies[:2] == (BudgetControl(0.1, 1), Reallocation(0.7, 0.05, 3))


def test_a_gate_that_is_never_passed_delays_what_waits_for_it() -> None:
    calm = {"governance": {"stage_gates": True}}
    setup = setup_for(ruled(policies=calm), {}, 3, 200)
    market = Market.from_setup(setup, seed=3)
    market.run()
    execution = market.policies[0]
    assert execution.late == {"platform": 0, "campaign": 62}  # type: ignore[attr-defined]
    eager = setup_for(ruled(policies={}), {}, 3, 200)
    assert eager.programme is None


def test_initiatives_share_their_luck_between_scenarios() -> None:
    one, other = (
        setup_for(ruled(initiatives=work), {}, 9).programme for work in (WORK, dict(reversed(WORK.items())))
    )
    assert one is not None and other is not None
    assert {u.name: u.luck for u in one.undertakings} == {u.name: u.luck for u in other.undertakings}
    assert len({u.luck for u in one.undertakings}) == 2


def test_training_is_priced_by_staff_and_cost_and_draws_keep_their_distance() -> None:
    organisation = {"organisation": {"staff": 100, "training_cost": 50.0}}
    plan = planned(policies=organisation, starting_point={"skill_share": 0.15})
    assert setup_for(plan, {}, 1).parameters["capability_cost.skill"] == 5_000.0
    assert setup_for(plan, {"capability_cost.skill": 2e6}, 1).parameters["capability_cost.skill"] == 10_000.0
    quiet = setup_for(scenario_plan(plan, "status_quo"), {}, 1)
    assert quiet.organisation is not None and quiet.organisation.trained == 0.15


def test_currencies_wander_by_luck_without_drift() -> None:
    usd = Currency(code="USD", volatility=0.2)
    ends = np.array([currency_walk(usd, 365, seed)[-1] for seed in range(400)])
    assert ends.mean() == pytest.approx(1.0, abs=0.04) and np.log(ends).std() == pytest.approx(0.2, rel=0.15)
    assert np.array_equal(currency_walk(usd, 90, 7), currency_walk(usd, 365, 7)[:90])
    hedged = currency_walk(Currency(code="USD", volatility=0.2, hedged=1.0), 365, 7)
    assert (hedged == 1.0).all()


def test_an_initiative_opens_its_channel_and_no_one_else_does() -> None:
    channels = {"own": {"kind": "own"}, "abroad": {"kind": "marketplace", "open": False, "reach": 0.4,
                                                   "currency": {"code": "USD"}}}  # fmt: skip
    entry = {"lever": "growth", "opens": ["abroad"], "start_month": 7, "ripen_months": 2}
    plan = planned(channels=channels, initiatives={"entry": entry})
    setup = setup_for(plan, {}, 1)
    access = setup.drivers.access[:, 1]
    assert access[:181].max() == 0.0 and access[-1] == pytest.approx(0.4) and (np.diff(access) >= 0).all()
    assert setup.usual is not None and setup.usual.access.tolist() == [[1.0, 0.0]]
    assert setup.finance is not None and setup.finance.exchange is not None
    assert [c.name for c in setup_for(scenario_plan(plan, "status_quo"), {}, 1).channels] == ["own"]
    Market.from_setup(setup, seed=1).step()


def test_reserves_never_fall_below_nothing() -> None:
    assert reserves_left(ruled(), 1e9) == (0.0, 70.0)


def test_the_budget_table_holds_plan_against_what_was_spent(tmp_path: Path) -> None:
    plan = ruled(months=13, market={"population": 1000, "customers": 60})
    with store.create(tmp_path / "out", "run", plan.name, {"plan": "x"}, {}, seed=7) as writer:
        run_experiment(plan, ["plan"], [], 2, 7, None, writer)
    run = store.open_run(tmp_path / "out")
    budget = run.read("budget")
    mine = budget[budget["scenario"] == "plan"]
    sums = mine.groupby(["kind", "name"])[["planned", "actual"]].sum()
    assert set(sums.loc["line"].index) == {"ads", "deposit", "fee"}
    assert sums.loc["line", "fee"].tolist() == [60.0, 60.0] and sums.loc["line", "deposit"].tolist() == [
        20.0,
        20.0,
    ]
    share = sums.loc["line", "ads"] / sums.loc["purpose", "marketing"]
    assert share.tolist() == pytest.approx([0.5, 0.5])
    assert sums.loc["purpose", "marketing"]["actual"] != pytest.approx(
        sums.loc["purpose", "marketing"]["planned"]
    )
    quiet = budget[(budget["scenario"] == "status_quo") & (budget["kind"] == "purpose")]
    np.testing.assert_allclose(quiet["actual"], quiet["planned"], rtol=1e-5)
    income = mine[mine["kind"] == "income"].iloc[0]
    sold = run.kpis.query("scenario == 'plan' and kpi == 'net_sales' and channel == 'own'")
    sold = sold[(sold["period_end"] - sold["period_start"]).dt.days < 40]
    assert income["actual"] == pytest.approx(sold[sold["period_end"] < "2028-01-01"]["value"].sum() / 2)
    kpis = run.kpis[run.kpis["channel"] == "all"]
    assert {"programme_roi", "npv"} <= set(kpis["kpi"]) and (kpis["kpi"] == "budget_variance").any()
    assert isinstance(run.read("scorecards"), pd.DataFrame)


@pytest.mark.parametrize("name", bundled())
def test_bundled_plans_carry_their_programme_out(name: str) -> None:
    plan = load_plan(name)
    market = Market.from_setup(setup_for(plan, {}, 4, 40), seed=4)
    while market.day < 60:
        market.step()
    ledger = market.ledger
    assert np.isfinite(ledger.spend).all() and (ledger.spend >= 0).all() and (ledger.invest >= -1e-9).all()
