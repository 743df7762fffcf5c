"""Levers: found in every plan, moved in the same futures, held against the literature."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results import store
from results.problems import BadInput
from scenarios.experiment import Windows, simulate
from scenarios.horizon import with_horizon
from scenarios.levers import Lever, levers_of, run_levers
from scenarios.levers.evidence import verdict
from scenarios.levers.experiment import windows_of
from scenarios.levers.lever import told
from scenarios.levers.literature import LITERATURE
from scenarios.levers.parts import AFTER, BEFORE, CUT_DAYS
from scenarios.levers.policies import STEPS
from scenarios.plan import Plan, bundled, load_plan, scenario_plan, with_overrides
from scenarios.plan.policies import Policies
from scenarios.plan.shape import annotation_at

PLAN = """
name: corner_shop
start: 2027-01-01
months: 13
starting_point: {basket: 100}
market: {population: 1000, customers: 100, rivals: [{name: next_door, behaviour: [follow]}]}
channels: {own: {kind: own, share: 0.5}, store: {kind: store, share: 0.5}}
budget:
  today: {total: 1000, split: {marketing: 0.5, technology: 0.5}, media: {paid_search: 0.6, tv: 0.4}}
  year_1: {total: 2000, split: {marketing: 0.5, technology: 0.5}}
  media: {paid_search: 0.6, tv: 0.4}
initiatives: {pages: {lever: experience, invests: {site: 100}}}
risks: {flood: {kind: operational, probability: 0.5, impact: {access.store: 0}}}
"""
ELASTICITY = {"own": -2.4, "store": -3.0}
DRAWS = [{"level": level} for level in (0.9, 1.0, 1.1)]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    path = tmp_path_factory.mktemp("plan") / "corner_shop.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return load_plan(path)


def known_market(
    plan: Plan, draw: Mapping[str, float], seed: int, customers: int | None, windows: Windows | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A market that is known: orders by a price elasticity, and a week's cut that borrows a quarter."""
    rng = np.random.default_rng([seed, 1])
    start, rows = pd.Timestamp(plan.start), []
    a_day = {channel: 1000.0 * draw["level"] * (1.0 + 0.3 * rng.random()) for channel in ELASTICITY}
    cut = any(event.name == "lever_cut" for event in plan.policies.promotion.calendar)
    for first, last in windows or [(0, plan.days - 1)]:
        days, total = last - first + 1, 0.0
        for channel, elasticity in ELASTICITY.items():
            orders = a_day[channel] * days * plan.policies.pricing.level**elasticity
            extra = 0.7 * a_day[channel] * CUT_DAYS * cut
            orders += extra if days == CUT_DAYS else 0.75 * extra
            total += orders
            for kpi, value in (("orders", orders), ("net_sales", 100 * orders)):
                rows.append((first, last, channel, kpi, value, "count"))
        rows += [
            (first, last, "all", kpi, total * by, "count") for kpi, by in (("orders", 1), ("net_sales", 100))
        ]
        rows.append((first, last, "all", "cac", math.nan, "currency"))
    kpis = pd.DataFrame(rows, columns=["period_start", "period_end", "channel", "kpi", "value", "unit"])
    for end in ("period_start", "period_end"):
        kpis[end] = start + pd.to_timedelta(kpis[end], unit="D")
    return kpis, pd.DataFrame()


def made(out: Path, plan: Plan, **options: Any) -> store.Run:
    asked: dict[str, Any] = {"ensemble": DRAWS, "replicates": 2, "seed": 7, "customers": None}
    asked |= {"simulate": known_market} | options
    with store.create(out, "levers", plan.name, {"plan": "text"}, {}, seed=7) as writer:
        run_levers(plan, writer=writer, **asked)
    return store.open_run(out)


@pytest.fixture(scope="module")
def run(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> store.Run:
    asked = ["price", "promotion.cut", "service.response", "service.delivery_days", "media.tv"]
    return made(tmp_path_factory.mktemp("run") / "out", plan, asked=asked)


def rows(run: store.Run, lever: str, kpi: str, channel: str = "all") -> Any:
    table = run.read("levers")
    found = table[(table["lever"] == lever) & (table["kpi"] == kpi) & (table["channel"] == channel)]
    assert len(found) == 1
    return found.iloc[0]


def finding(run: store.Run, key: str) -> Any:
    return run.read("evidence").set_index("finding").loc[key]


# Found


@pytest.mark.parametrize("name", bundled())
def test_the_levers_of_each_bundled_plan_are_found_and_valid(name: str) -> None:
    plan = load_plan(name)
    found = levers_of(plan)
    kinds = {lever.kind for lever in found.levers}
    assert {"price", "promotion", "service", "crm", "content", "media", "capability"} <= kinds
    assert {"channel", "initiative", "risk"} <= kinds
    names = [lever.name for lever in found.levers]
    assert len(names) == len(set(names)) and set(found.plans) == {"status_quo", "plan", *names}
    assert {f"initiative.{each}" for each in plan.initiatives} <= {*names, *found.left_out}
    assert {f"risk.{each}" for each in plan.risks} <= {*names, *found.left_out}
    assert {f"rival.{rival.name}" for rival in plan.market.rivals} <= set(names)
    for lever in found.levers:
        assert found.plans[lever.name] != found.plans[lever.against], lever.name
    assert all("not" in why for why in found.left_out.values()), found.left_out


def test_every_step_is_on_a_line_that_policies_have() -> None:
    for step in STEPS:
        assert annotation_at(("policies", *step.path.split("."))) is not None, step.path
    lists = {step.path.split(".")[0] for step in STEPS}
    assert lists <= set(Policies.model_fields)


def test_answers_are_not_tried_beyond_what_the_desk_can_answer() -> None:
    plan = load_plan("online_mall")
    tried = levers_of(plan, ["service.response"]).plans["service.response"]
    assert tried.policies.service.response == pytest.approx(0.784)  # 0.7 and a tenth would be beyond it
    customary = {"starting_point.response_rate": 0.9, "scenarios.status_quo.policies.service.response": 0.9}
    full = with_overrides(plan, customary)
    assert not [each for each in levers_of(full).levers if each.name == "service.response"]


def test_money_levers_leave_the_other_money_as_it_is(plan: Plan) -> None:
    found = levers_of(plan, ["media.tv"])
    before, after = (found.plans[name].budget.year(1) for name in ("status_quo", "media.tv"))
    assert before.split and after.split and before.media and after.media

    def spent(year: Any, medium: str) -> float:
        return float(year.total * year.split.marketing * year.media[medium])

    assert spent(after, "tv") == pytest.approx(spent(before, "tv") + 100)
    assert spent(after, "paid_search") == pytest.approx(spent(before, "paid_search"))
    technology = [year.total * year.split.technology for year in (before, after)]
    assert technology[1] == pytest.approx(technology[0])
    assert found.levers[0].factor == pytest.approx(1.5)


def test_asked_by_name_by_kind_and_in_ones_own_words(plan: Plan) -> None:
    assert [lever.name for lever in levers_of(plan, ["media.tv"]).levers] == ["media.tv"]
    assert {lever.kind for lever in levers_of(plan, ["media", "risk"]).levers} == {"media", "risk"}
    own = levers_of(plan, ["policies.promotion.depth=0.3"])
    assert own.plans["policies.promotion.depth=0.3"].policies.promotion.depth == 0.3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("policies.promotion.depth=0.95", "policies.promotion.depth"),
        ("policies.promotion.deph=0.1", "did you mean"),
        ("policies.pricing.level=cheap", "policies.pricing.level"),
        ("policies.pricing.level=[", "cannot be read"),
        ("pricing.levle", "did you mean 'pricing.level'"),
    ],
)
def test_a_lever_that_is_not_there_or_out_of_range_is_refused_by_name(
    plan: Plan, asked: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said.replace("[", r"\[")):
        levers_of(plan, [asked])


def test_a_line_the_market_does_not_act_on_is_left_out_with_the_reason(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scenarios.plan import modelled

    monkeypatch.setattr(modelled, "NOT_YET", {"policies.crm.rfm": "nobody looks at it"})
    found = levers_of(plan)
    assert found.left_out == {"crm.rfm": "policies.crm.rfm: nobody looks at it"}
    assert "crm.rfm" not in {lever.name for lever in found.levers}


def test_a_line_is_moved_where_the_market_has_what_it_is_about() -> None:
    found = {lever.name: lever for lever in levers_of(load_plan("ecommerce_dept")).levers}
    assert found["testing.creatives_per_week"].against == "plan"
    assert "inventory.abc" not in found
    assert "inventory.abc" in {lever.name for lever in levers_of(load_plan("online_mall")).levers}


def test_a_cut_stands_clear_of_other_events() -> None:
    today = scenario_plan(load_plan("online_mall"), "status_quo")
    windows = windows_of(today)
    first, last = windows["event"]
    assert last - first + 1 == CUT_DAYS and windows["around"] == (first - BEFORE, last + AFTER)
    busy = {"mid_year": range(151, 169), "double_eleven": range(304, 315)}
    assert not any(set(days) & set(range(first - BEFORE, last + AFTER + 1)) for days in busy.values())


def test_values_are_told_in_few_words() -> None:
    assert [told(v) for v in (None, True, (), (1, 2), {"depth": 0.1}, 0.123456)] == [
        *("-", "on", "none", "1, 2", "depth 0.1", "0.1235")
    ]


# Lived


def test_a_known_market_gives_its_elasticity_back(run: store.Run) -> None:
    orders = rows(run, "pricing.level", "orders", "store")
    assert orders["sign"] == "-" and orders["sure"]
    assert orders["relative"] == pytest.approx(1.05**-3.0 - 1, rel=1e-9)
    found = finding(run, "price_elasticity")
    assert -3.0 < found["value"] < -2.4 and found["low"] <= found["value"] <= found["high"]
    assert found["verdict"] == "agrees"
    assert found["inside"] and not finding(run, "delivery_online")["value"]
    assert finding(run, "price_elasticity_online_store")["value"] == pytest.approx(0.8)


def test_a_known_cut_and_what_it_borrows(run: store.Run) -> None:
    assert finding(run, "temporary_cut")["value"] == pytest.approx(0.7)
    assert finding(run, "borrowed")["value"] == pytest.approx(0.25)


def test_a_lever_that_moves_nothing_moves_exactly_nothing(run: store.Run) -> None:
    row = rows(run, "service.response", "orders")
    assert (row["difference"], row["low"], row["high"], row["sign"], row["sure"]) == (0, 0, 0, "0", False)
    assert finding(run, "delivery_online")["verdict"] == "too weak"


def test_what_is_not_measured_says_why(run: store.Run) -> None:
    table = run.read("evidence")
    missing = table[table["verdict"] == "not measured"]
    assert len(missing) and missing["why"].str.len().gt(0).all() and missing["value"].isna().all()
    assert "marketplace" in finding(run, "price_elasticity_marketplace")["why"]
    assert "no lever of this plan" in finding(run, "store_opening")["why"]


def test_levers_meet_the_same_futures_and_undefined_ones_are_left_out(run: store.Run) -> None:
    table = run.read("levers")
    assert (table["pairs"] == 6).all() and "cac" not in set(table["kpi"])
    about = run.json("levers.json")
    assert about["futures"] == 6 and about["levers"] == table["lever"].nunique()


def test_interrupted_work_is_taken_up_again(run: store.Run, plan: Plan, tmp_path: Path) -> None:
    calls: list[str] = []

    def fragile(*given: Any) -> Any:
        calls.append("x")
        if len(calls) == 7:
            raise KeyboardInterrupt
        return known_market(*given)

    asked = {"asked": ["price", "media.tv"], "simulate": fragile}
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "out", plan, **asked)
    again = made(tmp_path / "out", plan, **asked)
    jobs = 6 * (2 + again.read("levers")["lever"].nunique())
    assert len(calls) == jobs + 1
    whole = run.read("levers")
    part = whole[whole["lever"].isin(again.read("levers")["lever"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, again.read("levers"))


# Judged


@pytest.mark.parametrize(
    ("key", "interval", "said"),
    [
        ("price_elasticity", (-2.0, -2.2, -1.8), "agrees"),
        ("price_elasticity", (-1.0, -1.2, -0.8), "too weak"),
        ("price_elasticity", (-5.0, -5.5, -4.5), "too strong"),
        ("price_elasticity", (0.5, 0.2, 0.8), "wrong sign"),
        ("price_elasticity", (math.nan, math.nan, math.nan), "not measured"),
        ("price_elasticity", (-1.0, math.nan, math.nan), "too weak"),
        ("delivery_online", (0.0, 0.0, 0.0), "too weak"),
        ("delivery_online", (-0.02, -0.03, -0.01), "wrong sign"),
        ("pick_up_online", (0.2, 0.15, 0.25), "too strong"),
    ],
)
def test_verdicts(key: str, interval: tuple[float, float, float], said: str) -> None:
    found = next(one for one in LITERATURE if one.key == key)
    assert verdict(found, *interval) == said


def test_the_literature_is_whole() -> None:
    keys = [one.key for one in LITERATURE]
    assert len(keys) == len(set(keys))
    for one in LITERATURE:
        assert one.low <= one.central <= one.high and one.grade in "EOTA" and one.source
        assert bool(one.lever) != bool(one.why)


@pytest.mark.slow
def test_a_real_market_answers_prices_with_the_right_sign(tmp_path: Path) -> None:
    short = with_horizon(load_plan("offline_to_online"), 13)
    asked = {"asked": ["pricing.level", "invest.service"], "replicates": 1, "customers": 800}
    found = made(tmp_path / "out", short, ensemble=[{}], simulate=simulate, **asked)
    assert rows(found, "pricing.level", "orders")["difference"] < 0
    assert rows(found, "pricing.level", "gross_margin")["difference"] > 0
    assert rows(found, "pricing.level", "basket")["difference"] > 0


def test_a_lever_says_where_it_is() -> None:
    lever = Lever("a", "own", "status_quo", "policies.crm.rfm", False, True, {"policies.crm.rfm": True})
    today = scenario_plan(load_plan("omo_fusion"), "status_quo")
    assert lever.moved(today).policies.crm.rfm
