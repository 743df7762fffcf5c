"""The search on made-up markets whose best plan is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results import store
from results.problems import BadInput
from scenarios.advice import SearchResult
from scenarios.advised import patch
from scenarios.experiment import Windows
from scenarios.panels import panels
from scenarios.plan import Plan, load_plan, with_overrides
from scenarios.search import search

PLAN = """
name: corner_shop
start: 2027-01-01
months: 13
market: {population: 1000, customers: 100}
channels: {own: {kind: own}, store: {kind: store}}
targets:
  - {kpi: orders, value: 950, by: 2027-12-31, group: growth}
  - {kpi: traffic_cost, value: 0.9, by: 2027-12-31, group: efficiency}
budget:
  year_1: {total: 1000, split: {technology: 0.4, marketing: 0.4, team: 0.1, reserve: 0.1}}
search:
  vary: {budget.year_1.split: simplex, policies.promotion.depth: [0.0, 0.4]}
  maximise: [odds_growth]
  subject_to: ["acos <= 0.30"]
"""
BEST = {"technology": 0.15, "marketing": 0.35, "team": 0.40, "reserve": 0.10}
DEPTH = 0.3


def market(
    plan: Plan, draw: Mapping[str, float], seed: int, customers: int | None, windows: Windows | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders fall with the square of the distance from the best plan; acos rises with the depth."""
    luck = float(np.random.default_rng([seed, 1]).normal())
    split, depth = plan.budget.year(1).split, plan.policies.promotion.depth
    off = sum((getattr(split, name) - share) ** 2 for name, share in BEST.items()) + (depth - DEPTH) ** 2
    values = {
        "orders": (1000 - 800 * off + 15 * luck + 20 * draw.get("level", 0.0), "count"),
        "traffic_cost": (1 + 0.02 * luck, "currency"),
        "acos": (0.1 + 0.5 * depth + 0.005 * luck, "share"),
        "operating_profit": (100.0, "currency"),
    }
    start = pd.Timestamp(plan.start)
    rows = [
        (start + pd.Timedelta(days=first), start + pd.Timedelta(days=last), "all", kpi, value, unit)
        for first, last in windows or [(0, 30), (0, 364), (31, 395)]
        for kpi, (value, unit) in values.items()
    ]
    kpis = pd.DataFrame(rows, columns=["period_start", "period_end", "channel", "kpi", "value", "unit"])
    return kpis, pd.DataFrame({"date": [start], "channel": ["all"], "orders": [values["orders"][0]]})


def interrupted_at(run: int) -> Callable[..., Any]:
    """Return a market during whose n-th run somebody presses Ctrl-C, once."""
    count = 0

    def fragile(*args: Any) -> Any:
        nonlocal count
        count += 1
        if count == run:
            raise KeyboardInterrupt
        return market(*args)

    return fragile


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return written(tmp_path_factory.mktemp("plan"), PLAN)


def written(folder: Path, text: str) -> Plan:
    path = folder / "corner_shop.yaml"
    path.write_text(text, encoding="utf-8")
    return load_plan(path)


def searched(out: Path, plan: Plan, **options: Any) -> tuple[SearchResult, store.Run]:
    asked: dict[str, Any] = {"ensemble": [{"level": i / 5} for i in range(6)], "trials": 4}
    asked |= {"objectives": [], "seed": 3, "customers": None, "workers": 1, "panel": 3, "fresh": 6}
    asked |= {"simulate": market} | options
    with store.create(out, "search", plan.name, {"plan": "text"}, {}, seed=3) as writer:
        result = search(plan, writer=writer, **asked)
    return result, store.open_run(out)


@pytest.fixture(scope="module")
def done(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> tuple[SearchResult, store.Run]:
    return searched(tmp_path_factory.mktemp("search") / "out", plan, trials=60)


def test_it_comes_near_the_known_optimum_and_says_by_how_much(done: tuple[SearchResult, store.Run]) -> None:
    result, run = done
    assert result.improved
    gains = {row["kpi"]: row for row in result.gain}
    assert result.gain[0]["kpi"] == "nearness_growth"
    assert 0 < gains["nearness_growth"]["low"] <= gains["nearness_growth"]["difference"]
    assert gains["orders"]["after"] > 0.97 * 1000
    assert gains["orders"]["unit"] == "count"
    assert gains["odds_growth"]["before"] == 0 < gains["odds_growth"]["after"]
    assert abs(result.best["policies.promotion.depth"] - DEPTH) < 0.1
    assert "beats the plan" in result.message
    assert result.verified["orders"] == pytest.approx(gains["orders"]["after"])
    assert json.loads((run.path / "search" / "result.json").read_text())["best"] == result.best


def test_it_leaves_its_trials_and_the_verification_behind(done: tuple[SearchResult, store.Run]) -> None:
    result, run = done
    trials = run.read("search/trials")
    assert trials["trial"].tolist() == list(range(60))
    written_first = trials.iloc[0]
    assert written_first["budget.year_1.split.technology"] == 0.4
    shares = [c for c in trials if c.startswith("budget.year_1.split.")]
    assert np.allclose(trials[shares].sum(axis=1), 1)
    assert {"state", "feasible", "nearness_growth", "odds_growth", "acos"} <= set(trials)
    assert (trials["feasible"] == (trials["acos"] <= 0.30)).all()
    assert {"status_quo", "plan", "advice"} <= set(run.kpis["scenario"])
    assert set(run.compare["base"]) == {"plan"}
    assert "odds" in run.targets
    assert result.optimism[0]["lost"] == pytest.approx(
        result.optimism[0]["searched"] - result.optimism[0]["verified"]
    )


def test_the_advice_is_a_plan_that_runs(plan: Plan, done: tuple[SearchResult, store.Run]) -> None:
    result, run = done
    advised = load_plan(run.path / "search" / "advice.yaml")
    same = with_overrides(plan, result.best)
    assert advised.model_dump(exclude={"name", "extends"}) == same.model_dump(exclude={"name", "extends"})
    assert advised.name == "corner_shop_advice"


def test_the_advice_of_a_bundled_plan_extends_it(tmp_path: Path) -> None:
    plan = load_plan("ecommerce_dept")
    result, run = searched(tmp_path / "out", plan, objectives=["orders"])
    text = (run.path / "search" / "advice.yaml").read_text(encoding="utf-8")
    assert "extends: ecommerce_dept" in text
    assert load_plan(run.path / "search" / "advice.yaml").budget.year(1).split is not None
    assert result.objectives == ["orders"]


def test_panels_share_no_draw_and_no_seed() -> None:
    many = panels([{"a": float(i)} for i in range(20)], seed=1, panel=8, fresh=24)
    assert len(many.searched) == 8 and len(many.chosen) >= 8 and len(many.told) >= 24
    each = [{future.draw for future in part} for part in many]
    assert not each[0] & each[1] and not each[0] & each[2] and not each[1] & each[2]
    one = panels([], seed=1, panel=8, fresh=24)
    assert [len(part) for part in one] == [8, 8, 24]
    assert {future.draw for part in one for future in part} == {0}
    for found in (many, one, panels([{"a": 1.0}, {"a": 2.0}], seed=1, panel=2, fresh=3)):
        seeds = [future.seed for part in found for future in part]
        assert len(set(seeds)) == len(seeds) and all(found)


def test_a_gain_is_told_on_futures_that_had_no_say_in_the_choice(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of candidates alike but for luck, the one chosen is the best of the choosing, not of the telling."""
    lucky = panels([{"level": i / 5} for i in range(6)], 3, 3, 6)
    seeds = {future.seed for future in lucky.chosen}

    def loaded(plan: Plan, draw: Mapping[str, float], seed: int, *rest: Any) -> Any:
        kpis, daily = market(plan, draw, seed, *rest)
        if seed in seeds:  # where candidates are chosen, depth is all that counts
            kpis.loc[kpis["kpi"] == "orders", "value"] = 900 + 1000 * plan.policies.promotion.depth
        return kpis, daily

    result, _ = searched(tmp_path / "out", plan, trials=40, simulate=loaded)
    stand = [one for one in result.candidates if one["gain"][0]["low"] > 0 and one["keeps_bounds"]]
    depths = [one["values"]["policies.promotion.depth"] for one in stand]
    assert len(stand) > 1 and result.improved
    assert result.best["policies.promotion.depth"] == max(depths)


def test_an_interrupted_search_goes_on_as_if_nothing_had_happened(plan: Plan, tmp_path: Path) -> None:
    whole, run = searched(tmp_path / "whole", plan, trials=14)
    # References take 6 runs and a trial 3: stopped in the first trial, the thirteenth, and the verification.
    for stop in (7, 38, 10):
        with pytest.raises(KeyboardInterrupt):
            searched(tmp_path / "out", plan, trials=14, simulate=interrupted_at(stop))
        (journal,) = (tmp_path / ".partial").glob("*/run/search/journal.log")
        with journal.open("a", encoding="utf-8") as file:
            file.write('{"op_code": 4, "half a li')
    again, other = searched(tmp_path / "out", plan, trials=14)
    assert again == whole
    for name in ("search/trials", "kpis", "targets", "compare"):
        pd.testing.assert_frame_equal(run.read(name), other.read(name), check_exact=True)


def test_a_bound_that_nothing_keeps_is_reported(tmp_path: Path) -> None:
    plan = written(tmp_path, PLAN.replace("acos <= 0.30", "acos <= 0.05"))
    result, run = searched(tmp_path / "out", plan)
    assert not result.improved
    assert result.best == result.start
    assert "No plan tried keeps acos <= 0.05 (nearest: 0." in result.message
    seen = (
        run.read("search/trials").set_index("trial").loc[0, "acos"]
    )  # the plan as written, on the same panel
    assert f"the plan as written: {seen:.3g})" in result.message
    assert not run.read("search/trials")["feasible"].any()
    assert load_plan(run.path / "search" / "advice.yaml").budget == plan.budget


def test_a_plan_that_is_best_already_stands(tmp_path: Path) -> None:
    best = "{technology: 0.15, marketing: 0.35, team: 0.40, reserve: 0.10}"
    text = PLAN.replace("{technology: 0.4, marketing: 0.4, team: 0.1, reserve: 0.1}", best)
    plan = written(tmp_path, text + f"policies: {{promotion: {{depth: {DEPTH}}}}}\n")
    result, _ = searched(tmp_path / "out", plan, trials=6)
    assert not result.improved
    assert "Nothing tried beats the plan as written" in result.message
    assert result.gain == []
    assert result.candidates[0]["gain"][0]["difference"] < 0


def test_a_bound_that_binds_is_named(tmp_path: Path) -> None:
    plan = written(tmp_path, PLAN.replace("acos <= 0.30", "acos <= 0.16"))
    result, _ = searched(tmp_path / "out", plan, trials=40)
    assert result.binding == ["acos <= 0.16"]


def test_objectives_go_their_better_way(plan: Plan, tmp_path: Path) -> None:
    result, run = searched(tmp_path / "out", plan, objectives=["acos", "odds_all"], trials=12)
    assert result.objectives == ["acos", "nearness_all"]
    assert result.best["policies.promotion.depth"] <= 0.1
    assert run.read("search/trials")["acos"].min() == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize(
    ("change", "asked", "match"),
    [
        ({}, ["incremental_roas"], "follows from several runs"),
        ({}, ["order"], "did you mean 'orders'"),
        ({}, ["paid_share"], "neither more nor less"),
        ({"acos <= 0.30": "incremental_roas >= 40"}, [], "follows from several runs"),
        ({"group: growth": "group: efficiency"}, [], "nothing to maximise"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_any_work(
    change: dict[str, str], asked: list[str], match: str, tmp_path: Path
) -> None:
    text = PLAN
    for old, new in change.items():
        text = text.replace(old, new)
    with pytest.raises(BadInput, match=match):
        searched(tmp_path / "out", written(tmp_path, text), objectives=asked, simulate=interrupted_at(1))


def collapsing(plan: Plan, *rest: Any) -> Any:
    if plan.policies.promotion.depth > 0.2:
        raise ValueError("nobody can live on this")
    return market(plan, *rest)


def test_a_plan_that_cannot_be_run_is_passed_over(plan: Plan, tmp_path: Path) -> None:
    result, run = searched(tmp_path / "out", plan, trials=6, simulate=collapsing)
    trials = run.read("search/trials")
    failed = trials["state"] == "FAIL"
    assert (failed == (trials["policies.promotion.depth"] > 0.2)).all()
    assert trials.loc[failed, "reason"].str.contains("nobody can live on this").all()
    assert result.message.endswith(f"{failed.sum()} of 6 plans tried could not be run.")


def test_a_database_is_taken_as_storage(plan: Plan, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'search.db'}"
    result, _ = searched(tmp_path / "out", plan, storage=url, trials=2)
    assert result.trials == {"told": 2, "failed": 0, "feasible": 2}
    with pytest.raises(BadInput, match="cannot be used"):
        searched(tmp_path / "other", plan, storage="nosuch://place")


def test_a_patch_says_what_changed_alone() -> None:
    old = {"a": 1, "b": {"c": [1, 2], "d": 2}, "e": 3}
    new = {"a": 1, "b": {"c": [1], "d": 2}, "f": {}}
    assert patch(old, new) == {"b": {"c": [1]}, "e": None, "f": {}}


def test_fewer_customers_come_first_and_the_best_meet_all(tmp_path: Path) -> None:
    plan = written(tmp_path, PLAN)
    result, run = searched(tmp_path / "out", plan, trials=24, customers=4000)
    trials = run.read("search/trials")
    assert set(trials["agents"]) == {1000, 4000}
    assert trials.loc[trials["trial"] < 2, "whole"].all()  # the plan as written and today's
    assert (trials["whole"] == (trials["agents"] == 4000)).all()
    assert trials["whole"].sum() < 24
    assert {one["trial"] for one in result.candidates} <= set(trials.loc[trials["whole"], "trial"])
    whole, _ = searched(tmp_path / "whole", with_overrides(plan, {"search.halving": False}), customers=4000)
    assert whole.trials["told"] == 4


@pytest.fixture(scope="module")
def why(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> tuple[SearchResult, store.Run]:
    asked = {"budget.year_1.total": 1000.0, "search.subject_to": ["acos <= 0.16"]}
    return searched(tmp_path_factory.mktemp("why") / "out", with_overrides(plan, asked), trials=40)


@pytest.fixture
def explained(why: tuple[SearchResult, store.Run]) -> SearchResult:
    return why[0]


def test_every_lever_is_told_over_its_whole_range(why: tuple[SearchResult, store.Run]) -> None:
    result, run = why
    curves = run.read("search/curves")
    shares = {f"budget.year_1.split.{name}" for name in BEST}
    assert set(curves["line"]) == {"budget", "policies.promotion.depth", *shares}
    here = curves[curves["here"]].set_index("line")
    assert (here["difference"] == 0).all()
    assert here.loc["policies.promotion.depth", "at"] == result.best["policies.promotion.depth"]
    assert (curves.loc[curves["line"] == "budget", "difference"] == 0).all()  # this market ignores money
    depth = curves[curves["line"] == "policies.promotion.depth"].set_index("at")["difference"]
    assert depth.index.is_monotonic_increasing and {0.0, 0.1, 0.2, 0.3, 0.4} <= set(depth.index)
    assert depth.idxmax() == DEPTH  # beyond the bound: what it keeps from the plan can be seen


def test_the_advice_says_what_each_lever_and_each_bound_is_worth(explained: SearchResult) -> None:
    assert explained.improved
    moves = {row["line"]: row["effects"]["nearness_growth"] for row in explained.moves}
    assert {"budget", "policies.promotion.depth", "budget.year_1.split.team"} <= set(moves)
    assert moves["budget"]["difference"] == 0  # this market does not care for money
    assert moves["policies.promotion.depth"]["low"] > 0  # the bound keeps it from going where it is best
    prices = {(row["bound"], row["by"]): row for row in explained.prices}
    assert prices["budget", ""]["buys"] == 0
    held = prices["acos <= 0.16", "policies.promotion.depth"]
    assert held["per"] == 0.01 and held["low"] > 0
    # One point of acos is two points of depth; the nearness moves by the slope of the orders there.
    step = moves["policies.promotion.depth"]["difference"] / (0.05 * 0.4)
    assert held["buys"] == pytest.approx(0.02 * step, rel=0.15)


def test_the_advice_says_what_to_change_first(explained: SearchResult) -> None:
    gains = [row["effects"]["nearness_growth"]["difference"] for row in explained.alone]
    assert gains == sorted(gains, reverse=True)
    assert {row["line"] for row in explained.alone} == {"budget.year_1.split", "policies.promotion.depth"}
    assert explained.over_status_quo[0]["kpi"] == "nearness_growth"
    assert explained.front and explained.importance["nearness_growth"]
    assert explained.presets == []  # no claim acts in this plan
    row = explained.gain[0]
    assert row["low"] < row["low_90"] < row["difference"] < row["high_90"] < row["high"]


def believing(plan: Plan, *rest: Any) -> Any:
    """A market in which promotions are worth what is believed of them."""
    kpis, daily = market(plan, *rest)
    gone = plan.market.evidence == "experimental"
    lost = 3000 * plan.policies.promotion.depth * gone
    kpis.loc[kpis["kpi"] == "orders", "value"] -= lost
    return kpis, daily


def test_the_advice_is_held_against_other_evidence(tmp_path: Path) -> None:
    claim = "{lever: marketing, start_month: 1, evidence: claim, effects: {organic: 1.2}}"
    plan = written(tmp_path, PLAN + f"initiatives: {{contents: {claim}}}\n")
    result, _ = searched(tmp_path / "out", plan, trials=30, simulate=believing)
    told = {(row["evidence"], row["candidate"]): row for row in result.presets}
    assert result.improved and {evidence for evidence, _ in told} == {"experimental", "claims"}
    bad = told["experimental", "advice"]["effects"]["nearness_growth"]
    good = told["claims", "advice"]["effects"]["nearness_growth"]
    assert bad["high"] < 0 < good["low"]


def selling(plan: Plan, *rest: Any) -> Any:
    """A market in which orders follow the money: one for each 1.2 spent."""
    kpis, daily = market(plan, *rest)
    rows = kpis["kpi"] == "orders"
    kpis.loc[rows, "value"] += plan.budget.year(1).total / 1.2 - 1000
    return kpis, daily


def test_the_cheapest_budget_that_reaches_given_odds_is_found(tmp_path: Path) -> None:
    search_ = """search:
  vary: {budget.year_1.total: [800, 2400]}
  minimise: [budget]
  subject_to: ["odds_growth >= 0.6"]
"""
    plan = written(tmp_path, PLAN[: PLAN.index("search:")] + search_)
    result, _ = searched(tmp_path / "out", plan, trials=40, simulate=selling)
    assert result.improved and result.objectives == ["budget"]
    assert result.verified["odds_growth"] >= 0.6
    # As written, 950 orders take about 1,375: 196 are lost to the split and the depth.
    assert 1200 < result.best["budget.year_1.total"] < 1700
    assert result.verified["budget"] == pytest.approx(result.best["budget.year_1.total"] * 13 / 12)
    assert "money planned" in result.message


def test_unreachable_bounds_are_named(tmp_path: Path) -> None:
    plan = written(tmp_path, PLAN.replace('"acos <= 0.30"', '"acos <= 0.05", "orders >= 10"'))
    result, _ = searched(tmp_path / "out", plan)
    assert [row["bound"] for row in result.unreachable] == ["acos <= 0.05"]


def test_a_search_stops_where_nothing_better_comes(plan: Plan, tmp_path: Path) -> None:
    patient = with_overrides(plan, {"search.patience": 8})
    result, run = searched(tmp_path / "out", patient, trials=200)
    assert result.stopped == len(run.read("search/trials")) < 200
