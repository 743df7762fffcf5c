"""The Python face: each verb joined up for real, on small markets, and what it leaves behind."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import calibration.fit as fitting
from calibration import candidates, living
from calibration import forecast as forecasting
from calibration.anchors import guess
from calibration.backtest import by_series
from calibration.fit import fit
from calibration.history import load_history
from calibration.reconstruction import reconstruct
from omolab import api, desk
from results.problems import BadInput
from results.store import Run
from scenarios import experiment
from scenarios.plan import bundled, load_plan
from tests.calibration.histories import stored, two_channels

PLAN = "ecommerce_dept"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SMALL: dict[str, Any] = {"customers": 300, "replicates": 1, "threads": 1}


@pytest.fixture(scope="module", autouse=True)
def small() -> Iterator[None]:
    """Few draws, few agents and short fits, so that verbs take seconds; the road they go is the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "DRAWS", 2)
        patch.setattr(
            fitting, "fit", lambda case, pool, seed=1, *_, **__: fit(case, pool, seed, 3, (0.2,), rounds=0)
        )
        patch.setattr(fitting, "guess", functools.partial(guess, rounds=1))
        patch.setattr(forecasting, "fit", lambda case, pool, seed, *_: fit(case, pool, seed, 3, (0.2,)))
        patch.setattr("calibration.moments.cloud_size", lambda parameters: 6)
        patch.setattr(living, "LIVED", 2)
        patch.setattr(living, "SHARES_LIVED", 2)
        patch.setattr("calibration.starting_point.AGENTS", 150)
        patch.setattr("calibration.reconstruction.AGENTS", 150)
        yield


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No report: its charts take longer than a small run."""
    monkeypatch.setattr("results.report.write_report", lambda path, lang="en": Path(path) / "report.html")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return api.run(PLAN, ["plan"], seed=3, out=tmp_path_factory.mktemp("runs") / "first", **SMALL)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("calibrated")
    two_channels(folder / "shop", 14)
    return api.calibrate(history=folder / "shop" / "history.yaml", out=folder / "fit", threads=1)


# Plans and histories


def test_plans_are_listed_and_copied(tmp_path: Path) -> None:
    assert [plan["name"] for plan in api.plans()] == list(bundled())
    assert all(plan["targets"] and plan["months"] for plan in api.plans())
    copied = api.new(tmp_path / "mine", PLAN)
    assert load_plan(copied).months == load_plan(PLAN).months
    with pytest.raises(BadInput):
        api.new(tmp_path / "mine", "no_such_plan")


def test_check_finds_bundled_plans_sound_and_wholly_modelled() -> None:
    for name in bundled():
        (found,) = api.check(plan=name)
        assert found["errors"] == [] and found["name"] == name
        assert found["not_modelled"] == []


def test_check_names_file_field_and_line_of_what_is_wrong_in_plans_and_histories(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(f"name: mine\nextends: {PLAN}\nmonths: many\n", encoding="utf-8")
    history = tmp_path / "history.yaml"
    history.write_text("name: shop\ntables:\n  sales: {file: none.csv, period: month}\n", encoding="utf-8")
    bad_plan, bad_history = api.check([plan, history])
    assert [(e["field"], e["line"]) for e in bad_plan["errors"]] == [("months", 3)]
    assert bad_history["name"] == "history" and bad_history["errors"]


def test_check_reads_a_good_history_and_names_what_nothing_is_fitted_to(tmp_path: Path) -> None:
    two_channels(tmp_path, 12, {"2020-05": 0.5})
    mapping = tmp_path / "history.yaml"
    text = mapping.read_text(encoding="utf-8").replace("store.access", "stroe.access")
    mapping.write_text(text, encoding="utf-8")
    (found,) = api.check([mapping])
    assert found["name"] == "shop" and found["errors"] == []
    assert any("stroe.access" in line for line in found["not_modelled"])


def test_a_draft_that_cannot_be_read_is_there_to_be_mended(tmp_path: Path) -> None:
    rows = "".join(f"2020-{m:02d}-01,{m},{m}\n" for m in range(1, 13)).replace("-07-01,7,7", "-07-01,-7,7")
    (tmp_path / "sales.csv").write_text("month,online sales,store sales\n" + rows, encoding="utf-8")
    with pytest.raises(BadInput, match="online sales: is negative"):
        api.history([tmp_path / "sales.csv"], out=tmp_path / "history.yaml", lang="zh")
    text = (tmp_path / "history.yaml").read_text(encoding="utf-8")
    assert "online sales" in text and "/sales.csv:8" in text and "为负数" in text


def test_history_drafts_a_mapping_that_reads_back(tmp_path: Path) -> None:
    frame = pd.DataFrame({"month": pd.period_range("2020-01", periods=24, freq="M").astype(str)})
    frame["channel"], frame["revenue"], frame["orders"] = "online", 100.5, 7
    frame.to_csv(tmp_path / "sales.csv", index=False)
    out = tmp_path / "history.yaml"
    found = api.history([tmp_path / "sales.csv"], out)
    assert out.read_text(encoding="utf-8") == found["text"]
    assert len(load_history(out).calendar) == 24
    assert isinstance(found["quality"], pd.DataFrame)
    with pytest.raises(BadInput, match="exists already"):
        api.history([tmp_path / "sales.csv"], out)
    with pytest.raises(BadInput, match="is not there"):
        api.history([tmp_path / "absent.csv"])


# Runs


def test_a_run_leaves_what_the_interface_promises(run: Run) -> None:
    assert (run.path / "report.html").stat().st_size > 10_000
    manifest = json.loads((run.path / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["verb"], manifest["name"], manifest["status"]) == ("run", PLAN, "complete")
    assert manifest["seeds"] == {"seed": 3} and manifest["parameters"]["customers"] == 300
    assert set(run.kpis["scenario"]) == {"status_quo", "plan"}
    assert list(run.kpis.columns) == [
        "scenario", "draw", "replicate", "period_start", "period_end", "channel", "kpi", "value", "unit",
    ]  # fmt: skip
    assert run.kpis["draw"].nunique() == 2
    assert {"scenario", "kpi", "baseline", "target", "date", "odds"} <= set(run.targets)
    assert set(run.targets["kpi"]) == {t.kpi for t in load_plan(PLAN).targets}
    assert set(run.compare["base"]) == {"status_quo"}
    assert run.daily["scenario"].nunique() == 2
    assert {"fit/ensemble", "fit/statistics", "odds"} <= set(run.tables())


@pytest.mark.usefixtures("quiet")
def test_the_same_seed_gives_the_same_figures_whatever_the_threads(run: Run, tmp_path: Path) -> None:
    again = api.run(PLAN, ["plan"], seed=3, out=tmp_path / "again", **SMALL | {"threads": 2})
    pd.testing.assert_frame_equal(again.kpis, run.kpis, check_exact=True)
    assert (again.path / "kpis.parquet").read_bytes() == (run.path / "kpis.parquet").read_bytes()
    assert again.manifest["hash"] == run.manifest["hash"]


@pytest.mark.usefixtures("quiet")
def test_an_interrupted_run_has_no_folder_and_the_same_command_finishes_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, made = tmp_path / "late", []
    real = experiment.run_one

    def tired(job: experiment.RunJob) -> Any:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(str(job))
        return real(job)

    monkeypatch.setattr(experiment, "run_one", tired)
    with pytest.raises(KeyboardInterrupt):
        api.run(PLAN, ["plan"], fit=run.path, seed=3, out=out, **SMALL)
    assert not out.exists()
    assert (tmp_path / ".partial").is_dir()

    def fresh(job: experiment.RunJob) -> Any:
        made.append(str(job))
        return real(job)

    monkeypatch.setattr(experiment, "run_one", fresh)
    finished = api.run(PLAN, ["plan"], fit=run.path, seed=3, out=out, **SMALL)
    assert len(made) == len(set(made)) == 4  # nothing was run twice
    assert finished.manifest["resumed_pieces"]
    pd.testing.assert_frame_equal(finished.kpis, run.kpis, check_exact=True)
    assert not any((tmp_path / ".partial").glob("*/pieces"))


def test_bad_input_is_refused_before_any_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "draws", lambda *_: pytest.fail("it has begun to work"))
    out = tmp_path / "out"
    with pytest.raises(BadInput, match="no scenario 'plann'; did you mean 'plan'"):
        api.run(PLAN, ["plann"], out=out, **SMALL)
    with pytest.raises(BadInput, match="not empty"):
        api.run(PLAN, ["plan"], out=run.path, **SMALL)
    with pytest.raises(BadInput, match="is not a run"):
        api.run(PLAN, ["plan"], fit=tmp_path / "nowhere", out=out, **SMALL)
    with pytest.raises(BadInput):
        api.run("no_such_plan", out=out, **SMALL)
    assert not out.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(BadInput, match="cannot be written"):
        api.run(PLAN, out=tmp_path / "locked" / "out", **SMALL)


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(BadInput):
            api.run(PLAN, out=out, **SMALL)


@pytest.mark.usefixtures("quiet")
def test_a_forecast_covers_its_months_though_phases_would_begin_later(
    tmp_path: Path, calibrated: Run
) -> None:
    found = api.forecast(PLAN, calibrated.path, 3, tmp_path / "ahead", threads=1)
    assert found.kpis["period_end"].max() == pd.Timestamp("2027-03-31")
    assert set(found.kpis["scenario"]) == {"status_quo", "plan"}
    assert found.manifest["verb"] == "forecast"


@pytest.mark.usefixtures("quiet")
def test_a_run_takes_its_draws_from_a_fit(run: Run, tmp_path: Path) -> None:
    """A run's own ensemble is a fit too: with it the figures are the same, and nothing is calibrated."""
    found = api.run(PLAN, ["plan"], fit=run.path, seed=3, out=tmp_path / "fitted", **SMALL)
    pd.testing.assert_frame_equal(found.kpis, run.kpis, check_exact=True)
    pd.testing.assert_frame_equal(found.targets, run.targets, check_exact=True)  # baselines too
    assert found.manifest["inputs"]["fit"]["sha256"]


def test_a_history_beats_the_plans_figures_and_a_fit_to_them_does_not(run: Run, calibrated: Run) -> None:
    assert not desk.from_history(None) and not desk.from_history(run.path)
    assert desk.from_history(calibrated.path)


# Plan against actuals


@pytest.mark.usefixtures("quiet")
def test_a_plan_is_held_against_what_came_of_it(run: Run, tmp_path: Path) -> None:
    """Actuals that are one future's own months make that future count most."""
    mine = run.kpis[
        (run.kpis["scenario"] == "plan") & (run.kpis["draw"] == 1) & (run.kpis["kpi"] == "net_sales")
    ]
    months = mine[(mine["period_end"] - mine["period_start"]).dt.days < 32]
    early = months[(months["period_end"] < "2027-07-01") & (months["channel"] != "all")]
    early = early.assign(month=early["period_start"].dt.strftime("%Y-%m"))
    table = early[["month", "channel", "value"]]
    lines = (
        "  sales: {file: sales.csv, period: month, columns: {date: month, channel: channel, revenue: value}}"
    )
    stored(tmp_path / "books", lines + "\n", {"sales": table}, currency="CNY")
    books = tmp_path / "books" / "history.yaml"
    found = api.track(PLAN, books, fit=run.path, seed=3, out=tmp_path / "tracked", **SMALL)
    rows = found.read("track")
    assert rows["period_end"].nunique() == 6 and set(rows["channel"]) >= {"own_shop", "all"}
    known = rows[rows["expected_p50"] > 0]
    assert len(known) and np.allclose(known["variance"], known["actual"] / known["expected_p50"] - 1.0)
    assert found.json("track.json")["errors_off"] < 0.5
    before, after = found.targets, found.read("track_targets")
    assert before["kpi"].tolist() == after["kpi"].tolist()
    assert (before["value_p50"] - after["value_p50"]).abs().max() > 0
    with pytest.raises(BadInput):
        api.track(PLAN, EXAMPLES / "no_such.yaml", fit=run.path, **SMALL)


# Comparisons


@pytest.mark.usefixtures("quiet")
def test_scenarios_are_compared_within_a_run_and_across_runs(run: Run, tmp_path: Path) -> None:
    other = api.run(PLAN, ["plan"], fit=run.path, seed=4, out=tmp_path / "other", **SMALL)
    across = api.compare([run.path, other.path], out=tmp_path / "both")
    assert len(across.compare) and across.manifest["verb"] == "compare"
    assert across.manifest["parameters"]["base"] == "status_quo"
    asked = api.compare([other.path], targets=["repurchase >= 1% by 2027"], out=tmp_path / "asked")
    assert asked.targets["odds"].tolist() == [1.0, 1.0]
    before = (other.path / "kpis.parquet").read_bytes()
    within = api.compare([other.path], base="plan")
    assert within.path == other.path
    assert set(within.compare["base"]) == {"plan"}
    assert (other.path / "kpis.parquet").read_bytes() == before
    with pytest.raises(BadInput):
        api.compare([other.path], base="nothing")


def test_runs_are_listed_and_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert api.runs() == []
    with pytest.raises(BadInput):
        api.runs(delete="none")


# Histories


def test_calibrate_leaves_an_ensemble_and_what_was_learnt(calibrated: Run) -> None:
    assert {"fit/ensemble", "fit/statistics"} <= set(calibrated.tables())
    assert len(calibrated.read("fit/ensemble")) == 3
    document = calibrated.json("fit/fit")
    assert document["name"] == "shop" and document["members"] == 3
    assert "price_weight" in document["not_identified"]
    assert (calibrated.path / "report.html").is_file()
    assert set(calibrated.manifest["inputs"]) == {"history"}


def test_every_fit_says_how_far_to_trust_it(calibrated: Run, run: Run) -> None:
    for made in (calibrated, run):
        told = made.json("fit/diagnostics")
        assert told["trust"] in ("yes", "care", "no")
        assert set(told["contraction"]) == set(told["boundary"])
        assert len(made.read("fit/predictive")) == told["statistics"]
        assert {"parameter", "other", "r"} <= set(made.read("fit/correlations"))


def test_calibrating_to_nothing_is_bad_input() -> None:
    with pytest.raises(BadInput, match="nothing to calibrate to"):
        api.calibrate()


@pytest.mark.usefixtures("quiet")
def test_a_backtest_scores_the_market_beside_the_baselines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    naive = {"seasonal_naive": functools.partial(by_series, "seasonal_naive")}  # the quickest stands for all
    monkeypatch.setattr("calibration.backtest.baseline_forecasters", lambda history: naive)
    monkeypatch.setattr(living, "project", lambda gap, horizon, *_: _wander(gap, horizon))
    for models in ("project", "carried_on"):
        monkeypatch.setattr(candidates, models, lambda gap, horizon, *_: _wander(gap, horizon))
    monkeypatch.setattr(candidates, "LEANT_ON", ("seasonal_naive",))
    two_channels(tmp_path / "shop", 16)
    mapping = tmp_path / "shop" / "history.yaml"
    run = api.backtest(mapping, horizon=2, cutoffs=["2021-02-28"], out=tmp_path / "test", threads=1)
    found = run.json("backtest")
    assert (found["history"], found["horizon"], found["period"]) == ("shop", 2, "month")
    assert found["origins"] == ["2021-02-28"] and found["warnings"] == []
    assert found["series"] == ["online.revenue", "store.revenue", "online.share", "total.revenue"]
    assert {row["model"] for row in found["scores"]} == {"omolab", "seasonal_naive"}
    assert len(found["scores"]) == 4 * 2
    keys = {"series", "model", "origin", "wape", "mase", "bias", "crps", "crps_over_mean"}
    keys |= {"pinball", "pinball_over_mean"}
    assert keys | {"coverage_50", "coverage_90", "interval_score_90"} == set(found["scores"][0])
    assert {"series", "model", "wape", "mase", "crps_over_mean", "coverage_90"} <= set(found["summary"][0])
    forecasts = run.read(str(found["forecasts"]).removesuffix(".parquet"))
    ours = forecasts[forecasts["model"] == "omolab"]
    assert len(ours) == 4 * 2
    assert ours["mean"].to_numpy() == pytest.approx(ours["q50"].to_numpy())


def test_backtests_refuse_what_is_no_date_and_plans(tmp_path: Path) -> None:
    two_channels(tmp_path, 16)
    with pytest.raises(BadInput, match="is not a date"):
        api.backtest(tmp_path / "history.yaml", cutoffs=["yesterday"])
    with pytest.raises(BadInput, match="--plan"):
        api.backtest(tmp_path / "history.yaml", plan=PLAN)


@pytest.mark.parametrize("name", ["us_ecommerce", "cdnow", "uci_online_retail", "mmm_multistore_retailer"])
def test_example_histories_check_and_become_cases(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("OMOLAB_DATA", str(data_dir))
    (found,) = api.check([EXAMPLES / f"{name}.yaml"])
    assert found["errors"] == []
    case = reconstruct(load_history(EXAMPLES / f"{name}.yaml"), horizon=2)
    assert case.setup.days > 100 and case.setup.channels


def _wander(gap: pd.Series, horizon: int) -> np.ndarray:
    """Paths about the gap's last value, in place of the statistical models, which take long."""
    return float(gap.dropna().iloc[-1]) + 0.1 * np.random.default_rng(0).normal(size=(400, horizon))


def test_levers_leave_tables_charts_and_a_page(tmp_path: Path) -> None:
    asked = ["pricing.level", "policies.promotion.depth=0.2"]
    run = api.levers(PLAN, levers=asked, customers=300, threads=1, out=tmp_path / "levers")
    table = run.read("levers")
    assert set(table["lever"]) == set(asked) and table["pairs"].max() == 2
    assert run.read("evidence")["verdict"].notna().all()
    assert run.manifest["verb"] == "levers" and run.manifest["parameters"]["levers"] == asked
    page = (run.path / "report.html").read_text(encoding="utf-8")
    assert "What each lever moves" in page and "price elasticity of orders" in page


def test_levers_refuse_what_is_not_there_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such lever"):
        api.levers(PLAN, levers=["pricing.nonsense"], out=tmp_path / "levers")
    with pytest.raises(BadInput, match="depth"):
        api.levers(PLAN, levers=["policies.promotion.depth=2"], out=tmp_path / "levers")
    assert not (tmp_path / "levers").exists()


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ({"objectives": ["net_sale"]}, "did you mean 'net_sales'"),
        ({"storage": "redis://nowhere"}, "cannot be used"),
        ({"cluster": "tcp://127.0.0.1:9"}, "no scheduler answers"),
    ],
)
def test_a_search_refuses_what_cannot_be_before_it_calibrates(
    asked: dict[str, Any], match: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "draws", lambda *_, **__: pytest.fail("it calibrated"))
    monkeypatch.setattr("scenarios.cluster.PATIENCE", 1.0)
    with pytest.raises(BadInput, match=match):
        api.search(PLAN, out=tmp_path / "out", **asked)
    assert not (tmp_path / "out").exists()
