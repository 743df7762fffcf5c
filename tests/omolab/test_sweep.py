"""The verb `sweep`, on the market itself, and what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

import omolab
from omolab.cli import app
from results.problems import BadInput

ROOT = Path(__file__).resolve().parents[2]
DESIGN = """
plan: ecommerce_dept
scenarios: [plan]
design: {kind: sobol, points: 2}
vary:
  policies.promotion.depth: {low: 0.0, high: 0.2}
  parameters.need_rate: [0.04, 0.05]
replicates: 1
draws: 0
customers: 100
months: 3
seed: 5
"""
cli = CliRunner()


@pytest.fixture(scope="module")
def design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sweep") / "small.yaml"
    path.write_text(DESIGN, encoding="utf-8")
    return path


def test_a_sweep_runs_and_prints_what_moves_most(design: Path) -> None:
    said = cli.invoke(app, ["sweep", str(design), "--out", str(design.parent / "a"), "--threads", "1"])
    assert said.exit_code == 0, said.output
    for words in ("What moves most", "Sobol indices", "policies.promotion.depth"):
        assert words in said.stdout
    run = omolab.open_run(design.parent / "a")
    assert run.manifest["seeds"] == {"seed": 5}
    assert run.json("sweep")["points"] == 8
    assert "net_sales" in set(run.sweep()["kpi"])
    assert (run.path / "report.html").is_file()


def test_the_same_design_runs_nothing_again_and_answers_in_json(design: Path) -> None:
    line = ["sweep", str(design), "--out", str(design.parent / "b"), "--threads", "1", "--json"]
    said = json.loads(cli.invoke(app, line).stdout)
    assert {row["line"] for row in said["effects"]} == {"policies.promotion.depth", "parameters.need_rate"}
    told = omolab.open_run(design.parent / "b").json("sweep")
    assert told["taken_over"] == told["distinct"]


def test_bad_designs_end_with_2(design: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = design.with_name("bad.yaml")
    bad.write_text(DESIGN.replace("replicates", "replicats"), encoding="utf-8")
    said = cli.invoke(app, ["sweep", str(bad)])
    assert said.exit_code == 2
    assert "did you mean 'replicates'" in said.stderr
    monkeypatch.setattr("scenarios.cluster.PATIENCE", 0.3)
    pytest.importorskip("distributed")
    out = design.parent / "c"
    with pytest.raises(BadInput, match="no scheduler answers"):
        omolab.sweep(design=design, cluster="tcp://127.0.0.1:9", out=out)
    assert not out.exists()


def test_the_example_is_sound() -> None:
    from scenarios.sweep import read_design
    from scenarios.sweep.cases import cases_of, plans_of

    design = read_design(ROOT / "examples" / "sweeps" / "sweep.yaml")
    assert cases_of(design, plans_of(design), 1)
    assert (
        yaml.safe_load((ROOT / "examples" / "sweeps" / "sweep.yaml").read_text(encoding="utf-8"))["draws"]
        == 0
    )


def test_more_draws_than_there_are_is_refused(design: Path) -> None:
    greedy = design.with_name("greedy.yaml")
    greedy.write_text(DESIGN.replace("draws: 0", "draws: 9"), encoding="utf-8")
    with pytest.raises(BadInput, match="there are 8 draws without a fit") as bad:
        omolab.sweep(design=greedy, out=design.parent / "d")
    assert bad.value.problems[0].line == 9


def test_draws_are_those_of_the_fit_given(design: Path) -> None:
    import pandas as pd

    fit = design.parent / "calibrated"
    (fit / "fit").mkdir(parents=True)
    table = pd.DataFrame({"draw": range(10), "need_rate": [0.03 + 0.002 * k for k in range(10)]})
    table.to_parquet(fit / "fit" / "ensemble.parquet")
    (fit / "manifest.json").write_text('{"status": "complete"}', encoding="utf-8")
    text = DESIGN.replace("draws: 0", "draws: 9\nfit: calibrated")
    text = text.replace("  parameters.need_rate: [0.04, 0.05]\n", "")
    text = text.replace("sobol, points: 2", "latin_hypercube, points: 1")
    fitted = design.with_name("fitted.yaml")
    fitted.write_text(text, encoding="utf-8")
    run = omolab.sweep(design=fitted, out=design.parent / "e", threads=1)
    assert run.read("sweep/runs")["draw"].nunique() == 9


def test_a_run_without_a_scheduler_that_answers_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("scenarios.cluster.PATIENCE", 0.3)
    with pytest.raises(BadInput, match="no scheduler answers"):
        omolab.run("ecommerce_dept", cluster="tcp://127.0.0.1:9", out=tmp_path / "out")
