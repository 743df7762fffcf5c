"""A plan that does not load is answered with every problem at once, each with its file, line and field."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from results.problems import BadInput, Problem
from scenarios.plan import check_plan, load_plan, with_overrides
from scenarios.plan.checking import inspect
from scenarios.plan.modelled import warnings
from scenarios.plan.trees import placed

PLAN = """name: small
start: 2027-01-01
months: 12
market: {population: 10_000}
channels:
  shop: {kind: own, share: 0.4}
  store: {kind: store, share: 0.6}
budget:
  year_1: {total: 1000, split: {technology: 0.5, marketing: 0.5}}
  media: {paid_search: 0.7, tv: 0.3}
policies:
  promotion: {depth: 0.1}
targets:
  - {kpi: conversion, value: 0.028, by: 2027-12-31, group: growth}
phases:
  - {name: pilot, start_month: 1, months: 6}
initiatives:
  care: {lever: service, effects: {service: 1.1}, phase: pilot}
risks:
  storm: {kind: operational, probability: 0.1, impact: {access.store: 0}}
scenarios:
  deep: {policies: {promotion: {depth: 0.3}}}
search:
  vary: {policies.promotion.depth: [0.0, 0.3]}
"""


def problems_of(folder: Path, text: str) -> list[Problem]:
    file = folder / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        load_plan(file)
    assert all(problem.file == str(file) for problem in bad.value.problems)
    return list(bad.value.problems)


def only(folder: Path, old: str, new: str) -> Problem:
    """Return the one problem of the plan with ``old`` replaced by ``new``."""
    assert PLAN.count(old) >= 1
    found = problems_of(folder, PLAN.replace(old, new, 1))
    assert len(found) == 1, found
    return found[0]


def test_the_plan_itself_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    assert load_plan(file).name == "small"


CASES: list[tuple[str, str, int | None, str, str, str]] = [
    # old, new, line, field, in expected, in message
    ("months: 12", "months: 12\nmonts: 3", 4, "monts", "one of name", "did you mean 'months'"),
    ("depth: 0.1", "depht: 0.1", 12, "policies.promotion.depht", "depth", "did you mean 'depth'"),
    ("total: 1000", "total: 5 millions", 9, "budget.year_1.total", "a plain number", "is not a number"),
    ("total: 1000", "total: -1", 9, "budget.year_1.total", "at least 0", "too small"),
    ("total: 1000", "total: .inf", 9, "budget.year_1.total", "finite", "not a finite number"),
    ("depth: 0.1", "depth: .nan", 12, "policies.promotion.depth", "finite", "not a finite number"),
    ("depth: 0.1", "depth: 0.95", 12, "policies.promotion.depth", "at most 0.9", "too large"),
    ("depth: 0.1", "depth: yes", 12, "policies.promotion.depth", "a plain number", "is not a number"),
    ("depth: 0.1", "depth: '0.1'", 12, "policies.promotion.depth", "a plain number", "is not a number"),
    ("10_000", "-10", 4, "market.population", "at least 1", "too small"),
    ("10_000", "10.5", 4, "market.population", "a whole number", "is not a whole number"),
    ("months: 12", "months: 0", 3, "months", "at least 1", "too small"),
    ("months: 12", "months: -3", 3, "months", "at least 1", "too small"),
    ("2027-01-01", "2027-02-30", 2, "start", "a date such as", "is not a date"),
    ("2027-12-31", "2027-13-01", 14, "targets.0.by", "a date such as", "is not a date"),
    ("2027-01-01", "soon", 2, "start", "a date such as", "is not a date"),
    ("2027-01-01", "20270101", 2, "start", "a date such as", "is not a date"),
    ("2027-01-01", "12027-01-01", 2, "start", "a date such as", "is not a date"),
    ("technology: 0.5", "technology: 0.4", 9, "budget.year_1.split", "sum to 1", "sum to 0.9"),
    ("tv: 0.3", "tv: 0.2", 10, "budget.media", "sum to 1", "sum to 0.9"),
    ("tv: 0.3", "telly: 0.3", 10, "budget.media.telly", "one of paid_search", "not one of the known"),
    ("share: 0.6", "share: 0.5", 5, "channels", "sum to 1", "sum to 0.9"),
    (", share: 0.6", "", 7, "channels.store", "a share for every", "has no share"),
    ("by: 2027-12-31", "by: 2029-12-31", 14, "targets.0.by", "up to 2028-01-01", "outside the plan"),
    ("by: 2027-12-31", "by: 2026-12-31", 14, "targets.0.by", "after 2027-01-01", "outside the plan"),
    ("kpi: conversion", "kpi: convrsion", 14, "targets.0.kpi", "indicator", "did you mean 'conversion'"),
    ("value: 0.028", "value: 0.028, change: 0.1", 14, "targets.0", "value or change", "one of the two"),
    ("value: 0.028, ", "", 14, "targets.0", "value or change", "one of the two"),
    ("kind: own", "kind: ownn", 6, "channels.shop.kind", "store, own", "did you mean 'own'"),
    ("effects: {service: 1.1}", "effects: {conversion: 1.2}", 18, "initiatives.care.effects.conversion",
     "a driver or a parameter", "is an indicator"),
    ("effects: {service: 1.1}", "effects: {repurchase: 1.2}", 18, "initiatives.care.effects.repurchase",
     "a driver or a parameter", "is an indicator"),
    ("effects: {service: 1.1}", "effects: {servce: 1.2}", 18, "initiatives.care.effects.servce",
     "a driver or a parameter", "did you mean 'service'"),
    ("effects: {service: 1.1}", "effects: {service.shp: 1.2}", 18, "initiatives.care.effects.service.shp",
     "one of shop, store", "did you mean 'shop'"),
    ("effects: {service: 1.1}", "effects: {pull.tv: 1.2}", 18, "initiatives.care.effects.pull.tv",
     "walk_in", "'tv' is not known here"),
    ("effects: {service: 1.1}", "effects: {need_rate: 1.2}", 18, "initiatives.care.effects.need_rate",
     "a driver or a parameter", "nothing that may change"),
    ("effects: {service: 1.1}", "effects: {service: -1}", 18, "initiatives.care.effects.service",
     "at least 0", "too small"),
    ("phase: pilot", "start_month: 13", 18, "initiatives.care.start_month", "1 to 12", "after the plan"),
    ("phase: pilot", "phase: pilt", 18, "initiatives.care.phase", "a phase", "did you mean 'pilot'"),
    ("phase: pilot", "phase: pilot, start_month: 1", 18, "initiatives.care", "start_month", "not both"),
    ("start_month: 1", "start_month: 20", 16, "phases.0.start_month", "1 to 12", "after the plan"),
    ("probability: 0.1", "probability: 1.1", 20, "risks.storm.probability", "at most 1", "too large"),
    ("access.store: 0", "orders: 0", 20, "risks.storm.impact.orders", "one of demand", "is an indicator"),
    ("access.store: 0", "access.sotre: 0", 20, "risks.storm.impact.access.sotre", "shop, store",
     "did you mean 'store'"),
    ("depth: 0.3", "depth: 3", 22, "scenarios.deep.policies.promotion.depth", "at most 0.9", "too large"),
    ("depth: 0.3", "dept: 0.3", 22, "scenarios.deep.policies.promotion.dept", "depth", "mean 'depth'"),
    ("deep: {", "deep: {months: 6, ", 22, "scenarios.deep", "up to 2027-07-01", "targets.0.by"),
    ("deep: {", "deep: {name: other, ", 22, "scenarios.deep.name", "other keys", "cannot change 'name'"),
    ("deep: {", "plan: {", 22, "scenarios.plan", "another name", "as written"),
    ("vary: {policies", "vary: {polices", 24, "search.vary.polices.promotion.depth", "policies",
     "did you mean 'policies'"),
    ("[0.0, 0.3]", "[0.0, 3.0]", 24, "search.vary.policies.promotion.depth", "at most 0.9", "too large"),
    ("[0.0, 0.3]", "[0.3, 0.0]", 24, "search.vary.policies.promotion.depth", "lower first", "not a range"),
    ("[0.0, 0.3]", "simplex", 24, "search.vary.policies.promotion.depth", "budget.media", "sum to 1"),
    ("care: {", "care: {on: true, ", 18, "initiatives.care.True", "quote it", "does not read this key"),
    ("name: small", "name: Small Plan", 1, "name", "lower-case letters", "not a usable name"),
    ("name: small\n", "", None, "name", "a value for name", "'name' is missing"),
    ("market: {population: 10_000}", "market: 3", 4, "market", "a mapping", "is not a mapping"),
    ("  - {name: pilot, start_month: 1, months: 6}", "  pilot", 15, "phases", "a list", "is not a list"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "field", "expected", "said"), CASES)
def test_one_mistake(
    tmp_path: Path, old: str, new: str, line: int | None, field: str, expected: str, said: str
) -> None:
    problem = only(tmp_path, old, new)
    assert (problem.line, problem.field) == (line, field)
    assert expected in problem.expected
    assert said in problem.message


@pytest.mark.parametrize("start", ["9999-06-01", "1066-10-14"])
def test_a_plan_beyond_the_calendar(tmp_path: Path, start: str) -> None:
    problem = only(tmp_path, "2027-01-01", start)
    assert (problem.line, problem.field) == (2, "start")


def test_all_problems_are_found_at_once(tmp_path: Path) -> None:
    text = PLAN.replace("months: 12", "monts: 12").replace("total: 1000", "total: lots")
    text = text.replace("kind: own", "kind: ownn").replace("depth: 0.3", "depth: 3")
    text = text.replace("targets:\n", "targets:\n  - {kpi: x}\n").replace("phase: pilot", "phase: pilt")
    text = text.replace("tv: 0.3", "tv: 0.2").replace("probability: 0.1", "probability: 2")
    found = {(problem.line, problem.field) for problem in problems_of(tmp_path, text)}
    assert found >= {
        (None, "months"),
        (3, "monts"),
        (6, "channels.shop.kind"),
        (9, "budget.year_1.total"),
        (10, "budget.media"),
        (14, "targets.0.kpi"),
        (19, "initiatives.care.phase"),
        (21, "risks.storm.probability"),
        (23, "scenarios.deep.policies.promotion.depth"),
    }


def test_a_fault_behind_a_faulty_item_keeps_its_place(tmp_path: Path) -> None:
    late = "  - {kpi: orders, value: 9, by: 2040-01-01, group: growth}\n"
    text = PLAN.replace(
        "targets:\n", "targets:\n  - {kpi: oders, value: 1, by: 2027-06-30, group: growth}\n" + late
    )
    found = {(problem.line, problem.field) for problem in problems_of(tmp_path, text)}
    assert found == {(14, "targets.0.kpi"), (15, "targets.1.by")}


def test_an_inherited_mistake_names_the_file_that_holds_it(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(PLAN.replace("depth: 0.1", "depth: 5"), encoding="utf-8")
    child = tmp_path / "child.yaml"
    child.write_text("extends: base.yaml\nname: child\nmonths: none\n", encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        load_plan(child)
    places = {(problem.file, problem.line, problem.field) for problem in bad.value.problems}
    assert (str(base), 12, "policies.promotion.depth") in places
    assert (str(child), 3, "months") in places


def test_what_a_list_of_ones_own_leaves_out_is_missing_in_ones_own_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    target = "  - {kpi: conversion, value: 0.03, by: 2029-12-31}"
    path.write_text(f"name: mine\nextends: ecommerce_dept\ntargets:\n{target}\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_plan(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.field) == (str(path), 4, "targets.0.group")


def test_circles_are_refused(tmp_path: Path) -> None:
    for name, parent in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\nextends: {parent}.yaml\n", encoding="utf-8")
    with pytest.raises(BadInput, match="circle") as bad:
        load_plan(tmp_path / "a.yaml")
    problem = bad.value.problems[0]
    assert (problem.file, problem.line, problem.field) == (str(tmp_path / "b.yaml"), 2, "extends")


@pytest.mark.parametrize(
    ("parent", "said"),
    [("ecommerce_dep", "did you mean 'ecommerce_dept'"), ("3", "is not text"), ("no.yaml", "no")],
)
def test_nothing_to_extend(tmp_path: Path, parent: str, said: str) -> None:
    found = problems_of(tmp_path, f"name: x\nextends: {parent}\n")
    assert (found[0].line, found[0].field) == (2, "extends")
    assert said in found[0].message


def test_unknown_names_and_missing_files() -> None:
    with pytest.raises(BadInput, match="did you mean 'manufacturer'"):
        load_plan("manufacturr")
    with pytest.raises(BadInput, match="cannot be read"):
        load_plan("nowhere/plan.yaml")


def test_check_answers_in_the_form_of_json(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.replace("depth: 0.1", "depth: 5"), encoding="utf-8")
    answer = check_plan(file)
    assert set(answer) == {"name", "errors", "not_modelled", "warnings"}
    assert set(answer["errors"][0]) == {"file", "line", "field", "value", "expected", "message"}
    assert check_plan("no_such_plan")["errors"][0]["field"] == "plan"
    file.write_text(PLAN, encoding="utf-8")
    sound = check_plan(file)
    assert (sound["name"], sound["errors"]) == ("small", [])
    assert any("budget.today" in line for line in sound["warnings"])


def test_answers_promised_beyond_reach_are_named() -> None:
    said = [line for line in check_plan("online_mall")["warnings"] if "service desk" in line]
    assert len(said) == 1 and said[0].startswith(
        "policies.service.response: 0.8 asks for more than the 0.784"
    )
    assert "around_the_clock" in said[0]
    for name in ("ecommerce_dept", "omo_fusion"):
        assert not [line for line in check_plan(name)["warnings"] if "service desk" in line]
    asked = {"kpi": "response_rate", "value": 0.95, "by": "2028-12-31", "group": "efficiency"}
    plan = with_overrides(load_plan("omo_fusion"), {"targets": [asked]})
    said = [line for line in warnings(plan) if "service desk" in line]
    assert said == [
        "targets.response_rate: 0.95 asks for more than the 0.904 that the service desk can answer in time"
    ]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.text(max_size=5),
    st.dates(),
    st.datetimes(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["kind", "total", "x", "value", "low"]), st.integers(), max_size=2),
)


def _paths(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path] * bool(path) + [deep for key, value in items for deep in _paths(value, (*path, key))]


SOUND = yaml.safe_load(PLAN)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(_paths(SOUND)), JUNK), min_size=1, max_size=3))
def test_no_junk_breaks_the_checks(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    data = copy.deepcopy(SOUND)
    for path, value in changes:
        try:
            data = placed(data, path, value)
        except (IndexError, ValueError):  # a change before it took the list away
            continue
    plan, problems = inspect(data, lambda path: ("plan.yaml", None))
    assert (plan is None) == bool(problems)


MONEY = """budget:
  year_1: {total: 1000, split: {technology: 0.5, marketing: 0.4, reserve: 0.1}}
  lines: {fee: {amount: 10, of: reserve}}
  finance: {vat: 0.13, payout_days: {shop: 14}}
  control: {reallocate: {step: 0.2}, reserve_release: {below: 0.9, phase: pilot}}
  expected_income: {online: {amount: 10, channels: [shop]}}
"""
LOOPS = (
    PLAN.replace(
        """budget:
  year_1: {total: 1000, split: {technology: 0.5, marketing: 0.5}}
""",
        MONEY,
    )
    .replace(
        "months: 6}",
        "months: 6, gate: [{kpi: conversion, at_least: 0.02}, 'acos <= 0.3']}",
    )
    .replace(
        "phase: pilot}\n",
        "phase: pilot, eases: {storm: 0.5}, prepared_by: [base], opens: [kiosk]}\n  base: {lever: service}\n",
    )
    .replace(
        "store: {kind: store, share: 0.6}",
        "store: {kind: store, share: 0.6}\n  kiosk: {kind: store, open: false}",
    )
    .replace(
        "promotion: {depth: 0.1}",
        "promotion: {depth: 0.1}\n  governance: {channel_review: quarterly, stage_gates: true}",
    )
)


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("", "", "", ""),
        ("amount: 10, of", "amount: -10, of", "budget.lines.fee.amount", "too small"),
        ("of: reserve", "of: reserves", "budget.lines.fee.of", "did you mean 'reserve'"),
        ("vat: 0.13", "vat: 13", "budget.finance.vat", "too large"),
        ("{shop: 14}", "{shp: 14}", "budget.finance.payout_days.shp", "did you mean 'shop'"),
        ("{shop: 14}", "{shop: -1}", "budget.finance.payout_days.shop", "too small"),
        ("step: 0.2", "step: 1.2", "budget.control.reallocate.step", "too large"),
        ("{step: 0.2}", "by ROI", "budget.control.reallocate", "not a mapping"),
        ("phase: pilot}}", "phase: pilt}}", "budget.control.reserve_release.phase", "did you mean 'pilot'"),
        ("channels: [shop]", "channels: [shp]", "budget.expected_income.online.channels.0", "'shop'"),
        ("at_least: 0.02", "at_least: 0.02, at_most: 1", "phases.0.gate.0", "one bound"),
        ("kpi: conversion, at", "kpi: convrsion, at", "phases.0.gate.0.kpi", "did you mean"),
        ("kpi: conversion, at", "kpi: programme_roi, at", "phases.0.gate.0", "cannot be read off the books"),
        ("acos <= 0.3", "acos is low", "phases.0.gate.1", "not a condition"),
        ("storm: 0.5", "strom: 0.5", "initiatives.care.eases.strom", "did you mean 'storm'"),
        ("[base]", "[care]", "initiatives.care.prepared_by.0", "not known"),
        ("[kiosk]", "[kisk]", "initiatives.care.opens.0", "did you mean 'kiosk'"),
        ("[kiosk]", "[store]", "initiatives.care.opens.0", "open already"),
        ("channel_review: quarterly", "channel_review: often", "policies.governance.channel_review",
         "known words"),
        ("lever: service}\n", "lever: service, start_month: 40}\n", "initiatives.base.start_month",
         "after the plan"),
    ],
)  # fmt: skip
def test_loops_that_lead_nowhere_are_told(tmp_path: Path, old: str, new: str, field: str, said: str) -> None:
    assert LOOPS.count(old) >= 1
    text = LOOPS.replace(old, new, 1) if old else LOOPS
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    if not old:
        assert load_plan(file).phases[0].gate[1].at_most == 0.3
        return
    found = problems_of(tmp_path, text)
    assert [problem.field for problem in found] == [field], found
    assert said in found[0].message and found[0].line is not None
