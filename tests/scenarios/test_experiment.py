"""Experiments: paired luck, the same tables however and whenever they were made."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from results import store
from results.problems import BadInput
from scenarios import experiment
from scenarios.experiment import Windows, futures, run_experiment, seed_of, simulate, targets_of
from scenarios.plan import Plan, load_plan

PLAN = """
name: corner_shop
start: 2027-01-01
months: 13
starting_point: {acos: 0.3}
market: {population: 1000, customers: 100}
channels: {own: {kind: own}, store: {kind: store}}
targets:
  - {kpi: orders, change: 0.1, by: 2027-12-31, group: growth}
  - {kpi: acos, change: -0.1, by: 2027-12-31, group: efficiency}
  - {kpi: favourite_rate, value: 0.5, by: 2027-12-31, group: growth}
budget: {year_1: {total: 1000, split: {marketing: 0.5, technology: 0.5}}}
scenarios:
  twin: {}
  lavish: {budget: {year_1: {total: 2000}}}
"""
ENSEMBLE = [{"level": 1.0}, {"level": 2.0}]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    path = tmp_path_factory.mktemp("plan") / "corner_shop.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return load_plan(path)


def stub(
    plan: Plan, draw: Mapping[str, float], seed: int, customers: int | None, windows: Windows | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders rise with the budget, by a luck that is the seed's alone."""
    luck = np.random.default_rng([seed, 1]).normal()
    money = plan.budget.year(1).total / 1000
    start = pd.Timestamp(plan.start)
    rows = []
    for first, last in windows or [(0, 30), (0, 364)]:
        period = (start + pd.Timedelta(days=first), start + pd.Timedelta(days=last), "all")
        rows.append((*period, "orders", 100 + 5 * draw.get("level", 1.0) + 20 * money + luck, "count"))
        rows.append((*period, "acos", 0.25 + 0.1 * money + 0.01 * luck, "share"))
    kpis = pd.DataFrame(rows, columns=["period_start", "period_end", "channel", "kpi", "value", "unit"])
    days = pd.date_range(plan.start, periods=plan.days)
    return kpis, pd.DataFrame({"date": days, "channel": "all", "orders": luck + np.arange(plan.days)})


def failing_once(mark: Path) -> Callable[..., Any]:
    """Break down in the middle of the first attempt."""

    def fragile(*args: Any) -> Any:
        mark.write_text(mark.read_text() + "x" if mark.exists() else "x")
        if len(mark.read_text()) == 5:
            raise KeyboardInterrupt
        return stub(*args)

    return fragile


def made(out: Path, plan: Plan, **options: Any) -> store.Run:
    asked = {"scenarios": [], "ensemble": ENSEMBLE, "replicates": 3, "seed": 7, "customers": None}
    asked |= {"simulate": stub} | options
    with store.create(out, "run", plan.name, {"plan": "text"}, {}, seed=7) as writer:
        run_experiment(plan, writer=writer, **asked)
    return store.open_run(out)


@pytest.fixture(scope="module")
def run(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> store.Run:
    return made(tmp_path_factory.mktemp("run") / "out", plan)


def test_every_scenario_meets_every_future_in_order(run: store.Run) -> None:
    seen = run.kpis[["scenario", "draw", "replicate"]].drop_duplicates().to_numpy().tolist()
    names = ["status_quo", "plan", "twin", "lavish"]
    assert seen == [[name, draw, luck] for name in names for draw in range(2) for luck in range(3)]
    assert run.daily.groupby("scenario").size().eq(6 * 396).all()
    assert run.daily["orders"].dtype == np.float32


def test_twins_differ_by_exactly_nothing(run: store.Run) -> None:
    values = run.kpis.set_index(["scenario", "draw", "replicate", "period_end", "kpi"])["value"]
    assert (values["twin"] == values["plan"]).all()
    table = run.compare[run.compare["kpi"] == "orders"].set_index(["scenario", "period_end"])
    assert (table.loc["plan"] == table.loc["twin"]).all(axis=None) or table.loc["plan"].equals(
        table.loc["twin"]
    )
    assert np.allclose(table.loc["lavish", "difference"], 40)
    assert np.isinf(table.loc["lavish", "variance_ratio"]).all()


def test_targets_are_measured_and_what_no_run_tells_has_no_odds(run: store.Run) -> None:
    targets = run.targets.set_index(["scenario", "kpi"])
    assert targets.loc[("status_quo", "orders"), "odds"] == 0
    assert targets.loc[("lavish", "orders"), "odds"] == 1
    assert targets.loc[("plan", "acos"), "baseline"] == 0.3
    assert np.isnan(targets.loc[("plan", "favourite_rate"), "odds"])
    odds = run.read("odds").set_index("scenario")
    assert odds.loc["lavish", "odds_growth"] == 1
    told = run.json("experiment.json")
    assert told["targets_not_modelled"] == []
    assert told["daily_draws"] == [0, 1]
    assert {future["seed"] for future in told["futures"]} == {
        seed_of(7, d, r) for d in (0, 1) for r in range(3)
    }


def test_a_fitted_history_beats_the_starting_point(plan: Plan) -> None:
    assert [target.baseline for target in targets_of(plan)] == [None, 0.3, None]
    assert [target.baseline for target in targets_of(plan, fitted=True)] == [None, None, None]


def test_seeds_depend_on_seed_draw_replicate_and_purpose() -> None:
    seeds = {seed_of(s, d, r, p) for s in (1, 2) for d in (0, 1) for r in (0, 1) for p in ("run", "check")}
    assert len(seeds) == 16
    assert [future.values for future in futures([], 2, 1)] == [{}, {}]


def test_the_status_quo_is_always_run_and_scenarios_must_exist(plan: Plan, tmp_path: Path) -> None:
    run = made(tmp_path / "out", plan, scenarios=["plan"], ensemble=[], replicates=1)
    assert list(run.kpis["scenario"].unique()) == ["status_quo", "plan"]
    with pytest.raises(BadInput, match="lavish"):
        made(tmp_path / "other", plan, scenarios=["lavsh"])


def test_an_interrupted_experiment_is_taken_up_again(plan: Plan, run: store.Run, tmp_path: Path) -> None:
    fragile = failing_once(tmp_path / "mark")
    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "out", plan, simulate=fragile)
    again = made(tmp_path / "out", plan, simulate=fragile)
    assert again.manifest["resumed_pieces"] == 4
    assert len((tmp_path / "mark").read_text()) == 25
    same_tables(run, again)


@pytest.mark.slow
def test_workers_change_nothing(
    plan: Plan, run: store.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = experiment.Pool(2, spawn_after=0)
    monkeypatch.setattr(experiment, "Pool", lambda workers: at_once)
    same_tables(run, made(tmp_path / "out", plan, workers=2))


def same_tables(one: store.Run, other: store.Run) -> None:
    for name in ("kpis", "daily", "targets", "odds", "compare"):
        pd.testing.assert_frame_equal(one.read(name), other.read(name), check_exact=True)


def test_daily_figures_are_limited_and_the_limit_is_told(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment, "MAX_DAILY_ROWS", 100)
    run = made(tmp_path / "out", plan)
    assert run.daily["draw"].unique().tolist() == [0] == run.json("experiment.json")["daily_draws"]


def test_a_real_market_runs_through_the_same_door(plan: Plan) -> None:
    kpis, daily = simulate(plan, {}, seed=3, customers=50)
    assert kpis["period_end"].max() == pd.Timestamp(2028, 1, 31)
    assert daily["date"].min().date() == datetime.date(2027, 1, 1)
    assert list(kpis.columns) == ["period_start", "period_end", "channel", "kpi", "value", "unit"]
    again, _ = simulate(plan, {}, seed=3, customers=50)
    pd.testing.assert_frame_equal(kpis, again, check_exact=True)
