"""A plan that loads is whole: inherited key by key, under every scenario, with any line changed."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import numpy as np
import pytest

from results.problems import BadInput
from scenarios.plan import Plan, bundled, copy_plan, load_plan, scenario_plan, with_overrides
from scenarios.plan.fields import add_months
from scenarios.plan.measures import read_condition

SMALL = """
name: small
start: 2027-01-01
months: 12
market: {population: 10_000}
channels: {shop: {kind: own}, store: {kind: store}}
budget: {year_1: {total: 1000, split: {technology: 0.5, marketing: 0.5}}}
"""
INTERFACE = """
name: our_dept
extends: ecommerce_dept
start: 2027-01-01
months: 36
starting_point: {conversion: 0.015, organic_share: 0.20, new_customer_repurchase: 0.30}
targets:
  - {kpi: conversion, value: 0.028, by: 2029-12-31, group: growth}
  - {kpi: traffic_cost, change: -0.30, by: 2029-12-31, group: efficiency}
budget:
  year_1: {total: 5000000, split: {technology: 0.35, marketing: 0.40, team: 0.15, reserve: 0.10}}
scenarios:
  deep_discount: {policies: {promotion: {depth: 0.30}}}
search:
  vary: {budget.year_1.split: simplex, policies.promotion.depth: [0.0, 0.4]}
  maximise: [odds_growth, odds_efficiency]
  subject_to: ["acos <= 0.30", "operating_margin >= 0.05"]
"""


def plan_of(folder: Path, text: str, name: str = "plan.yaml") -> Plan:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return load_plan(file)


@pytest.fixture
def department() -> Plan:
    return load_plan("ecommerce_dept")


def test_the_smallest_plan(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, SMALL)
    assert (plan.end, plan.days) == (datetime.date(2028, 1, 1), 365)
    assert plan.scenario_names() == ("status_quo", "plan")
    assert plan.not_modelled() == []


def test_a_department_extends_a_bundled_plan(tmp_path: Path, department: Plan) -> None:
    plan = plan_of(tmp_path, INTERFACE)
    assert plan.name == "our_dept"
    assert [target.kpi for target in plan.targets] == ["conversion", "traffic_cost"]  # lists are replaced
    assert plan.starting_point["organic_share"].value == 0.20
    assert plan.starting_point["basket"] == department.starting_point["basket"]
    assert plan.starting_point["new_customer_repurchase_90"].value == 0.30  # the short name is accepted
    assert set(department.scenarios) <= set(plan.scenarios)
    assert plan.search.vary["policies.promotion.depth"].low == 0.0
    assert plan.search.vary["budget.media"].kind == "simplex"  # inherited
    assert [condition.kpi for condition in plan.search.conditions()] == ["acos", "operating_margin"]


def test_extends_a_file_beside_it_and_takes_keys_away(tmp_path: Path) -> None:
    plan_of(tmp_path, SMALL, "base.yaml")
    (tmp_path / "deep").mkdir()
    child = "extends: ../base.yaml\nname: child\nchannels: {store: null, social: {kind: social}}\n"
    plan = plan_of(tmp_path, child, "deep/child.yaml")
    assert list(plan.channels) == ["shop", "social"]
    assert plan.months == 12


@pytest.mark.parametrize("name", ["status_quo", "plan", "fast_track", "content_first", "deep_discount"])
def test_every_scenario_is_a_plan(department: Plan, name: str) -> None:
    assert isinstance(scenario_plan(department, name), Plan)


def test_plan_is_the_plan_as_written(department: Plan) -> None:
    assert scenario_plan(department, "plan") is department


def test_status_quo_does_nothing_new() -> None:
    plan = load_plan("offline_to_online")
    quo = scenario_plan(plan, "status_quo")
    assert quo.acting() == {}
    assert all(risk.contingency is None for risk in quo.risks.values())
    assert "social" in plan.open_channels()
    assert "social" not in quo.open_channels()  # it opens later
    assert quo.budget.year(1).total == quo.budget.year(3).total == 4_000_000
    assert quo.budget.year(1).media == {"paid_search": 0.6, "feed_ads": 0.4}
    assert quo.policies.service.delivery_days == 4.0
    assert quo.policies.promotion.presale is None
    assert quo.targets == plan.targets


def test_status_quo_without_todays_spending_spends_nothing(tmp_path: Path) -> None:
    quo = scenario_plan(plan_of(tmp_path, SMALL), "status_quo")
    assert quo.budget.year(1).total == 0.0


def test_the_two_schedules_of_the_department(department: Plan) -> None:
    assert [phase.months for phase in department.phases[:3]] == [6, 6, 12]
    fast = scenario_plan(department, "fast_track")
    assert [phase.months for phase in fast.phases] == [3, 4, 6, 5]
    assert (department.start_month("private_domain"), fast.start_month("private_domain")) == (7, 4)


def test_unknown_scenario_names_the_nearest(department: Plan) -> None:
    with pytest.raises(BadInput, match="did you mean 'fast_track'"):
        scenario_plan(department, "fast_trak")


def test_a_missing_year_repeats_the_last_one_given(tmp_path: Path) -> None:
    text = SMALL.replace("months: 12", "months: 40") + ""
    plan = plan_of(tmp_path, text.replace("{year_1:", "{year_2: {total: 3000}, year_1:"))
    years = [plan.budget.year(number) for number in (1, 2, 3, 9)]
    assert [year.total for year in years] == [1000, 3000, 3000, 3000]
    assert years[3].split == years[0].split
    with pytest.raises(ValueError, match="number"):
        plan.budget.year(0)


def test_one_of_a_group_acts(tmp_path: Path) -> None:
    text = """
initiatives:
  weak: {lever: traffic, effects: {organic: 1.1}, group: same}
  strong: {lever: traffic, effects: {organic: 1.5}, group: same}
  saving: {lever: traffic, effects: {click_price: 0.5}, group: price}
  asleep: {lever: traffic, effects: {organic: 3.0}, group: same, active: false}
"""
    assert list(plan_of(tmp_path, SMALL + text).acting()) == ["strong", "saving"]


def test_overrides_scale_the_other_shares(department: Plan) -> None:
    changed = with_overrides(department, {"budget.year_1.split.marketing": 0.5, "budget.media.tv": 0.2})
    split, media = changed.budget.year(2).split, changed.budget.year(2).media
    assert split is not None and media is not None
    assert split.marketing == 0.5
    assert split.technology / split.team == pytest.approx(0.35 / 0.15)
    assert sum(media.values()) == pytest.approx(1.0)
    assert media["tv"] == 0.2


def test_overrides_reach_every_kind_of_line(department: Plan) -> None:
    changed = with_overrides(
        department,
        {
            "policies.promotion.depth": np.float64(0.3),
            "policies.promotion.calendar.double_eleven.depth": 0.4,
            "targets.conversion.value": 0.03,
            "phases.pilot.months": np.int64(4),
            "initiatives.private_domain.effects.private": 1.7,
            "initiatives.virtual_try_on.active": False,
            "starting_point.repurchase": 0.4,
            "budget.year_2.total": 7_000_000,
            "budget.media": {"live": 1.0},
        },
    )
    assert changed.policies.promotion.calendar[1].depth == 0.4
    assert changed.targets[2].value == 0.03
    assert changed.starting_point["repurchase_365"].value == 0.4
    assert [changed.budget.year(n).total for n in (1, 2, 3)] == [5e6, 7e6, 7e6]
    assert changed.budget.year(1).media == {"live": 1.0}
    assert "virtual_try_on" not in changed.acting()
    assert department.policies.promotion.depth == 0.05  # the plan itself does not change


def test_a_whole_given_in_an_override_replaces_what_stands_there(department: Plan) -> None:
    changed = with_overrides(department, {"budget.year_1.split": {"technology": 0.4, "marketing": 0.6}})
    split = changed.budget.year(1).split
    assert split is not None
    assert (split.team, split.reserve) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("budget.year_1.splt", 1, "did you mean 'split'"),
        ("initiatives.paid_precison.cost", 1, "did you mean 'paid_precision'"),
        ("targets.convrsion.value", 1, "did you mean 'conversion'"),
        ("policies.promotion.depth", 2.0, "at most 0.9"),
        ("budget.year_1.split.marketing", 1.5, "at most 1"),
        ("budget.year_1.split.marketing", "much", "a plain number"),
        ("targets.99.value", 1, "there is no '99'"),
        ("", 1, "there is no ''"),
        ("months.x", 1, "there is no 'x'"),
    ],
)
def test_overrides_that_cannot_be(department: Plan, path: str, value: object, said: str) -> None:
    with pytest.raises(BadInput, match=said) as bad:
        with_overrides(department, {path: value})
    assert bad.value.problems[0].field == path


def test_all_unknown_paths_are_named_at_once(department: Plan) -> None:
    with pytest.raises(BadInput) as bad:
        with_overrides(department, {"budgt.media": 1, "polices.crm": 1})
    assert len(bad.value.problems) == 2


def test_copies_a_bundled_plan_with_its_schema(tmp_path: Path) -> None:
    copy = copy_plan("online_mall", tmp_path / "new")
    assert (tmp_path / "new" / "plan.schema.json").exists()
    assert "$schema=plan.schema.json" in copy.read_text(encoding="utf-8")
    assert load_plan(copy) == load_plan("online_mall")
    with pytest.raises(BadInput, match="not overwritten"):
        copy_plan("online_mall", tmp_path / "new")
    with pytest.raises(BadInput, match="did you mean 'online_mall'"):
        copy_plan("onlin_mall", tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be written"):
        copy_plan("online_mall", tmp_path / "taken")


@pytest.mark.parametrize("name", bundled())
def test_plans_travel_to_other_processes(name: str) -> None:
    plan = load_plan(name)
    assert pickle.loads(pickle.dumps(plan)) == plan
    assert Plan.model_validate(plan.model_dump()) == plan


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (datetime.date(2027, 1, 31), 1, datetime.date(2027, 2, 28)),
        (datetime.date(2027, 11, 15), 2, datetime.date(2028, 1, 15)),
        (datetime.date(2028, 1, 31), -11, datetime.date(2027, 2, 28)),
    ],
)
def test_months_are_added(day: datetime.date, months: int, expected: datetime.date) -> None:
    assert add_months(day, months) == expected


def test_conditions_are_read() -> None:
    condition = read_condition("repurchase >= 0.45")
    assert condition.kpi == "repurchase_365"
    assert condition.met(0.45)
    assert not condition.met(0.44)
    assert read_condition("acos<=3e-1").met(0.3)
