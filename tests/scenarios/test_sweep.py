"""Sweeps on a made-up market: every run present exactly once, whatever happens; figures that are known."""

from __future__ import annotations

import datetime
import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

import results.writer
from results import store
from results.problems import BadInput
from results.store import open_run
from results.targets import attainment, odds_together
from scenarios.experiment import better, targets_of
from scenarios.plan import Plan
from scenarios.sweep import read_design, run_sweep
from scenarios.sweep.cases import Windows, cases_of, plans_of
from scenarios.sweep.points import lay

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
budget: {year_1: {total: 1000, split: {marketing: 0.5, technology: 0.5}}}
risks: {flood: {kind: operational, probability: 0.5, impact: {demand: 0.8}, active: false}}
scenarios:
  lavish: {budget: {year_1: {total: 2000}}}
"""
GRID = """
plan: corner_shop.yaml
scenarios: [status_quo, plan]
vary:
  budget.year_1.total: [1000, 2000, 4000]
  parameters.need_rate: {low: 0.02, high: 0.06, steps: 2}
replicates: 2
draws: 0
"""
COUNT: list[str] = []
LINES = ("budget.year_1.total", "parameters.need_rate")
KEYS = ["point", "scenario", "draw", "replicate"]


def market(
    plan: Plan, values: Mapping[str, float], seed: int, customers: int, windows: Windows
) -> pd.DataFrame:
    """Orders rise with money and need; a luck of the seed's alone."""
    COUNT.append(f"{plan.budget.year(1).total} {dict(values)} {seed}")
    luck = np.random.default_rng([seed, 1]).normal()
    money, need = plan.budget.year(1).total / 1000, values.get("need_rate", 0.04)
    figures = {"orders": 100 + 10 * money + 1000 * need + luck, "acos": 0.25 + 0.01 * money + 0.01 * luck}
    rows = []
    for first, last in windows:
        days = {f"period_{k}": pd.Timestamp(plan.start + datetime.timedelta(days=d)) for k, d in
                (("start", first), ("end", last))}  # fmt: skip
        for kpi, value in figures.items():
            rows += [
                {**days, "channel": name, "kpi": kpi, "value": value, "unit": "count"}
                for name in ("all", "own")
            ]
    return pd.DataFrame(rows)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    COUNT.clear()


def written(folder: Path, text: str = GRID, name: str = "design.yaml") -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "corner_shop.yaml").write_text(PLAN, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def swept(
    folder: Path,
    text: str = GRID,
    out: str = "out",
    measure: Callable[..., pd.DataFrame] = market,
    ensemble: Sequence[Mapping[str, float]] = (),
    seed: int = 3,
) -> store.Run:
    design = read_design(written(folder, text))
    plans = plans_of(design)
    inputs, folder = {"design": design.fingerprint()}, folder / "runs"
    with store.create(folder / out, "sweep", "design", inputs, {}, seed) as writer:
        run_sweep(design, plans, dict.fromkeys(plans, ensemble), seed, writer, measure=measure)
    return open_run(folder / out)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> store.Run:
    return swept(tmp_path_factory.mktemp("grid"))


def test_every_run_of_a_grid_is_there_once(grid: store.Run) -> None:
    points, runs = grid.read("sweep/points"), grid.read("sweep/runs")
    assert points["budget.year_1.total"].tolist() == [1000, 1000, 2000, 2000, 4000, 4000]
    assert points["parameters.need_rate"].tolist() == [0.02, 0.06] * 3
    assert len(runs) == 6 * 2 * 2 == len(runs.drop_duplicates(KEYS))
    about = grid.json("sweep")
    assert about["runs"] == 24
    assert about["distinct"] == runs["hash"].nunique() == 12 + 4  # the status quo spends what is spent today
    kpis = grid.sweep()
    assert len(kpis.drop_duplicates(KEYS)) == 24
    assert not kpis.duplicated([*KEYS, "period_start", "period_end", "kpi"]).any()


def test_the_store_answers_duckdb_and_pandas(grid: store.Run) -> None:
    files = f"{grid.path}/sweep/kpis/**/*.parquet"
    query = (
        f"select point, scenario, avg(value) as value from read_parquet('{files}', hive_partitioning=true) "
        "where kpi = 'orders' and period_end = '2028-01-31' group by all order by all"
    )
    asked = duckdb.sql(query).df()
    surface = grid.read("sweep/surface")
    mine = surface[surface["kpi"] == "orders"]
    assert asked["value"].to_numpy() == pytest.approx(mine["mean"].to_numpy())
    frame = pd.read_parquet(grid.path / "sweep" / "kpis")
    assert {"scenario", "block", "point", "hash", "kpi", "value"} <= set(frame.columns)
    tidy = grid.sweep(kpis=["orders"], scenarios=["plan"])
    assert set(tidy["kpi"]) == {"orders"}
    assert tidy.loc[tidy["point"] == 5, "budget.year_1.total"].eq(4000).all()


def test_effects_say_which_line_moves_what(grid: store.Run) -> None:
    found = grid.read("sweep/effects").set_index(["scenario", "kpi", "line"])
    money, need = (
        found.loc[("plan", "orders", line)] for line in ("budget.year_1.total", "parameters.need_rate")
    )
    assert money["swing"] == pytest.approx(30)
    assert need["swing"] == pytest.approx(40) == pytest.approx(need["change"])
    assert (need["low_at"], need["high_at"]) == ("0.02", "0.06")
    assert money["share"] + need["share"] == pytest.approx(1)


def test_odds_agree_with_those_of_a_run(grid: store.Run) -> None:
    kpis = grid.sweep().assign(channel="all")
    targets = targets_of(plans_of(read_design(grid.path.parents[1] / "design.yaml"))["corner_shop.yaml"])
    told = grid.read("sweep/targets").set_index(["point", "scenario", "kpi"])["odds"]
    for point, rows in kpis.groupby("point"):
        for row in attainment(rows, targets, better()).to_dict("records"):
            assert told[(point, row["scenario"], row["kpi"])] == row["odds"]
        for row in odds_together(rows, targets, better()).to_dict("records"):
            for group in ("all", "growth", "efficiency"):
                assert told[(point, row["scenario"], f"odds_{group}")] == row[f"odds_{group}"]


def test_a_longer_and_a_changed_design_take_over_what_is_there(tmp_path: Path) -> None:
    swept(tmp_path)
    first = len(COUNT)
    assert first == len(set(COUNT)) == 16
    longer = swept(tmp_path, GRID.replace("[1000, 2000, 4000]", "[500, 1000, 4000]"), "longer")
    assert longer.json("sweep")["taken_over"] == 12
    assert len(COUNT) == first + 4 == len(set(COUNT))
    assert len(longer.sweep(kpis=["acos"]).drop_duplicates(KEYS)) == 24
    other = swept(tmp_path, GRID.replace("replicates: 2", "replicates: 3"), "other")
    assert other.json("sweep")["taken_over"] == 16
    assert len(COUNT) == len(set(COUNT))


def stopping(after: int, error: BaseException) -> Callable[..., pd.DataFrame]:
    def fragile(*args: Any) -> pd.DataFrame:
        if len(COUNT) == after:
            raise error
        return market(*args)

    return fragile


def test_an_interrupted_sweep_is_taken_up_even_by_a_changed_one(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        swept(tmp_path, measure=stopping(7, KeyboardInterrupt()))
    changed = swept(tmp_path, GRID.replace("4000", "8000"), "changed")
    assert changed.json("sweep")["taken_over"] >= 6
    again = swept(tmp_path)
    assert again.manifest["resumed_pieces"] == 7
    assert len(COUNT) == len(set(COUNT))


def test_a_full_disk_stops_a_sweep_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, left = results.writer.write_table, iter(range(100))

    def full(path: Path, table: pd.DataFrame, sync: bool = True) -> None:
        if next(left) >= 5:
            path.write_bytes(b"PAR1 half a table")
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, table, sync)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(results.writer, "write_table", full)
        swept(tmp_path)
    pieces = list(tmp_path.glob("runs/.partial/*/pieces/run-*/kpis.parquet"))
    assert len(pieces) == 5
    assert all(len(pd.read_parquet(piece)) for piece in pieces)
    run = swept(tmp_path)
    assert run.manifest["resumed_pieces"] == 5
    assert len(COUNT) == 17  # the run that could not be written was made again
    assert len(run.sweep(kpis=["orders"]).drop_duplicates(KEYS)) == 24


def ranges(kind: str, points: int) -> str:
    text = GRID.replace("vary:", f"design: {{kind: {kind}, points: {points}}}\nvary:")
    return text.replace(", steps: 2", "").replace("[1000, 2000, 4000]", "{low: 1000, high: 4000}")


def test_a_hypercube_covers_every_part_and_repeats_itself(tmp_path: Path) -> None:
    text = GRID.replace("vary:", "design: {kind: latin_hypercube, points: 10}\nvary:").replace(
        ", steps: 2", ""
    )
    text = text.replace("[1000, 2000, 4000]", "{low: 1000, high: 4000}")
    design = read_design(written(tmp_path, text))
    points = lay(design, {}, 3)
    assert points == lay(design, {}, 3) != lay(design, {}, 4)
    tenths = [int((point["parameters.need_rate"] - 0.02) / 0.004) for point in points]
    assert sorted(tenths) == list(range(10))


def test_sobol_indices_are_those_of_the_known_market(tmp_path: Path) -> None:
    text = GRID.replace("vary:", "design: {kind: sobol, points: 32}\nvary:").replace(", steps: 2", "")
    text = text.replace("[1000, 2000, 4000]", "{low: 1000, high: 4000}").replace(
        "replicates: 2", "replicates: 1"
    )
    run = swept(tmp_path, text.replace("[status_quo, plan]", "[plan]"))
    assert run.json("sweep")["points"] == 32 * 4
    told = run.read("sweep/indices").set_index(["kpi", "line"])
    spans = {"budget.year_1.total": 30.0, "parameters.need_rate": 40.0}
    for line, span in spans.items():
        exact = span**2 / (30**2 + 40**2)
        row = told.loc[("orders", line)]
        assert row["first"] == pytest.approx(exact, abs=0.1) == pytest.approx(row["total"], abs=0.1)
        assert row["first_low"] < exact < row["first_high"]
    assert told.loc[("odds_all", "budget.year_1.total"), "first"] >= 0 or np.isnan(
        told.loc[("odds_all", "budget.year_1.total"), "first"]
    )


def test_a_longer_sobol_design_goes_on_where_the_shorter_ended(tmp_path: Path) -> None:
    text = GRID.replace("vary:", "design: {kind: sobol, points: 2}\nvary:").replace(", steps: 2", "")
    text = text.replace("[1000, 2000, 4000]", "{low: 1000, high: 4000}").replace(
        "[status_quo, plan]", "[plan]"
    )
    short = swept(tmp_path, text)
    longer = swept(tmp_path, text.replace("points: 2", "points: 4"), "longer")
    assert longer.json("sweep")["taken_over"] == short.json("sweep")["distinct"]


def test_plans_risks_and_scenarios_vary(tmp_path: Path) -> None:
    written(tmp_path)
    rich = "extends: corner_shop.yaml\nname: rich\nmarket: {population: 2000}\n"
    (tmp_path / "rich.yaml").write_text(rich, encoding="utf-8")
    text = GRID.replace("plan: corner_shop.yaml\n", "").replace("[status_quo, plan]", "[lavish, plan]")
    text = text.replace(
        "vary:", "vary:\n  plan: [corner_shop.yaml, rich.yaml]\n  risks.flood.active: [false, true]"
    )
    run = swept(tmp_path, text, ensemble=[{"visit_rate": 0.1}])
    assert run.json("sweep")["points"] == 2 * 2 * 3 * 2
    assert run.json("sweep")["distinct"] == 24 * 2  # what a point says beats the scenario
    points = run.read("sweep/points")
    assert set(points["plan"]) == {"corner_shop.yaml", "rich.yaml"}
    assert points["risks.flood.active"].dtype == bool


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    def laid(text: str) -> Any:
        design = read_design(written(tmp_path, text))
        return cases_of(design, plans_of(design), 1)

    yield laid


def swap(old: str, new: str) -> str:
    assert old in GRID
    return GRID.replace(old, new)


FAULTS = [
    (swap("replicates", "replicats"), 7, "did you mean 'replicates'"),
    (swap("low: 0.02, high: 0.06", "low: 0.06, high: 0.02"), 6, "low is not below high"),
    (swap("low: 0.02", "lo: 0.02"), 6, "did you mean 'low'"),
    (swap("steps: 2", "steps: 1"), 6, "at least 2"),
    (swap("[1000, 2000, 4000]", "[1000, 2000, 1000.0]"), 5, "given twice"),
    (swap("[1000, 2000, 4000]", "[]"), 5, "nothing to take"),
    (swap("[1000, 2000, 4000]", "3000"), 5, "neither a list of values nor a range"),
    (swap("[1000, 2000, 4000]", "[1000, -5]"), 5, "too small"),
    (swap("budget.year_1.total", "budget.year_1.totl"), 5, "did you mean 'total'"),
    (swap("need_rate", "ned_rate"), 6, "no parameter 'ned_rate'; did you mean 'need_rate'"),
    (swap("low: 0.02", "low: -1"), 6, "expected a number >= 0"),
    (swap("status_quo, plan]", "status_quo, lavsh]"), 3, "did you mean 'lavish'"),
    (swap("status_quo, plan]", "plan, plan]"), 3, "given twice"),
    (swap("draws: 0", "kpis: [orderz]"), 8, "did you mean 'orders'"),
    (swap("draws: 0", "kpis: [payback_months]"), 8, "a single run does not tell"),
    (swap("draws: 0", "design: {kind: sobol}"), None, "how many points"),
    (swap("draws: 0", "design: {kind: sobol, points: 100}"), 8, "power of two"),
    (swap("draws: 0", "design: {kind: random, points: 100}"), 8, "'random' is not one of the known words"),
    (swap("draws: 0", "design: {kind: grid, points: 7}"), 8, "points: 6"),
    (swap("draws: 0", "design: {kind: grid, point: 7}"), 8, "did you mean 'points'"),
    (swap("plan: corner_shop.yaml", "plan: corner_shap"), 2, "no bundled plan is called"),
    (swap("plan: corner_shop.yaml\n", ""), None, "there is no plan to sweep"),
    (swap("parameters.need_rate", "budget.year_1"), None, "lies within budget.year_1"),
]


@pytest.mark.parametrize(("text", "line", "words"), FAULTS, ids=[words for *_, words in FAULTS])
def test_a_faulty_design_is_refused_by_line(
    cases: Callable[[str], Any], text: str, line: int | None, words: str
) -> None:
    with pytest.raises(BadInput, match=words) as bad:
        cases(text)
    told = [problem for problem in bad.value.problems if words in str(problem)]
    assert told[0].file.endswith("design.yaml")
    if line is not None:
        assert told[0].line == line


def test_a_point_that_cannot_be_is_named_before_anything_runs(tmp_path: Path) -> None:
    shares = "  budget.year_1.split.marketing: [0.3, 0.9]\n  budget.year_1.split.technology: [0.1, 0.3]\n"
    with pytest.raises(BadInput, match=r"at .*marketing=0.9, .*technology=0.3"):
        swept(tmp_path, GRID.replace("vary:\n", f"vary:\n{shares}"))
    assert not COUNT
