"""The command line: what each verb passes on, how it ends, what it prints."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import omolab
from omolab.cli import EXAMPLES, app
from results.problems import BadInput, Problem
from results.shelf import Run

VERBS = [
    *("demo", "plans", "new", "check", "history", "calibrate", "forecast", "backtest", "run", "compare"),
    *("search", "sweep", "levers", "track", "report", "dashboard", "runs"),
]
BAD_NUMBERS = [
    ["run", "p", "--customers", "0"],
    ["run", "p", "--customers", "-5"],
    ["run", "p", "--replicates", "0"],
    ["run", "p", "--seed", "-1"],
    ["run", "p", "--threads", "0"],
    ["search", "p", "--trials", "0"],
    ["backtest", "h.yaml", "--horizon", "0"],
    ["backtest", "h.yaml", "--origins", "-2"],
    ["forecast", "p", "--horizon", "0"],
    ["levers", "p", "--customers", "0"],
    ["levers", "p", "--replicates", "-1"],
    ["dashboard", "--port", "-1"],
]

cli = CliRunner()
Face = dict[str, Callable[..., Any]]


@pytest.fixture
def calls() -> dict[str, dict[str, Any]]:
    return {}


@pytest.fixture
def finished(tmp_path: Path) -> Run:
    """A small run with the tables that verbs print."""
    path = tmp_path / "somewhere"
    path.mkdir()
    day = pd.Timestamp("2029-12-31")
    reached = {"value_p10": 0.018, "value_p50": 0.02, "value_p90": float("nan"), "odds": 0.618}
    target = {"scenario": "plan", "kpi": "conversion", "baseline": 0.015, "target": 0.028, "date": day}
    pd.DataFrame([{**target, **reached, "gap_unit": "share"}]).to_parquet(path / "targets.parquet")
    change = {"base": "status_quo", "scenario": "plan", "kpi": "orders", "unit": "orders"}
    size = {"difference": 12.0, "low": 3.0, "high": 21.0, "variance_ratio": 0.1}
    pd.DataFrame([{**change, **size}]).to_parquet(path / "compare.parquet")
    prior = {"parameter": "habit.rate", "prior_low": 0.1, "prior_high": 0.9, "grade": "O"}
    (path / "fit").mkdir()
    fitted = {"p05": 0.2, "p50": 0.25, "p95": 0.3, "contraction": 0.8}
    pd.DataFrame([{**prior, **fitted}]).to_parquet(path / "fit" / "identified.parquet")
    lever = {"lever": "pricing.level", "kind": "price", "base": "1", "tried": "1.05", "channel": "all"}
    sizes = {"orders": (-0.12, True), "net_sales": (-0.07, True), "basket": (0.001, False)}
    moved = [{**lever, "kpi": kpi, "relative": size, "sure": sure} for kpi, (size, sure) in sizes.items()]
    pd.DataFrame(moved).to_parquet(path / "levers.parquet")
    told = {"about": "price elasticity", "grade": "E", "source": "B", "measure": "elasticity", "why": ""}
    told |= {"central": -2.6, "range_low": -4.0, "range_high": -1.5}
    market = {"value": -1.2, "low": -1.4, "high": -1.0, "verdict": "too weak", "inside": False}
    absent = {"value": float("nan"), "low": float("nan"), "high": float("nan"), "verdict": "not measured"}
    absent |= {"inside": False}
    pd.DataFrame([told | market, told | absent]).to_parquet(path / "evidence.parquet")
    score = {"series": "total.revenue", "model": "omolab", "wape": 0.12, "mase": None, "coverage_90": 0.93}
    said = {"history": "shop", "horizon": 13, "period": "week", "origins": ["2011-06-26"]}
    said |= {"series": ["total.revenue"], "scores": [], "summary": [score], "forecasts": "backtest.parquet"}
    (path / "backtest.json").write_text(json.dumps(said), encoding="utf-8")
    return Run(path, {"verb": "run", "name": "[shop]", "seeds": {"seed": 1}})


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, calls: dict[str, dict[str, Any]], finished: Run) -> Any:
    """A stand-in for the Python face that notes what it is asked."""

    def noting(name: str, answer: Any) -> Callable[..., Any]:
        def asked(**given: Any) -> Any:
            calls[name] = given
            return answer

        return asked

    module = types.ModuleType("omolab.api")
    runs = ("demo", "calibrate", "forecast", "backtest", "run", "compare", "search", "levers", "sweep")
    answers: dict[str, Any] = dict.fromkeys(runs, finished)
    answers["plans"] = [{"name": "ecommerce_dept", "title": "T", "targets": ["conversion"], "months": 36}]
    answers["new"] = Path("mine/plan.yaml")
    answers["check"] = [{"name": "p", "errors": [], "not_modelled": ["virtual try-on"], "warnings": ["w"]}]
    answers["history"] = {"text": "name: shop\n", "quality": pd.DataFrame({"finding": ["gap"], "rows": [2]})}
    answers["report"] = finished.path / "report.html"
    answers["tables"] = finished.path / "tables.xlsx"
    answers["dashboard"] = answers["track"] = finished
    answers["runs"] = [{"name": "a", "verb": "run", "path": "x/a", "status": "complete", "started": "now"}]
    for name, answer in answers.items():
        setattr(module, name, noting(name, answer))
    monkeypatch.setitem(sys.modules, "omolab.api", module)
    monkeypatch.setattr(omolab, "api", module, raising=False)
    return module


def test_help_names_every_verb_in_order() -> None:
    said = cli.invoke(app, ["--help"]).stdout
    listed = [line.split()[0] for line in said.split("Commands:")[1].splitlines() if line.strip()]
    assert listed == VERBS == list(EXAMPLES)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_and_the_shared_options(verb: str) -> None:
    said = cli.invoke(app, [verb, "--help"])
    assert said.exit_code == 0
    assert "--json" in said.stdout and "--lang" in said.stdout


def test_version() -> None:
    said = cli.invoke(app, ["--version"])
    assert (said.exit_code, said.stdout) == (0, f"omolab {omolab.__version__}\n")


@pytest.mark.parametrize("verb", VERBS)
def test_each_verbs_help_ends_with_an_example_that_it_understands(
    api: Any, verb: str, calls: dict[str, Any]
) -> None:
    lines = cli.invoke(app, [verb, "--help"]).stdout.split("Example: ")[1].split()
    assert lines[:2] == ["omolab", verb]
    said = cli.invoke(app, lines[1:])
    assert said.exit_code == 0, said.output
    assert verb in calls


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "dashboard"])
def test_every_verb_answers_json_with_one_document_and_nothing_else(api: Any, verb: str) -> None:
    line = shlex.split(EXAMPLES[verb].partition("omolab ")[2])
    said = cli.invoke(app, [*line, "--json"])
    assert said.exit_code == 0, said.output
    json.loads(said.stdout)  # the dashboard's is tested where it is started


def test_the_help_tells_how_verbs_end() -> None:
    said = " ".join(cli.invoke(app, ["--help"]).stdout.split())
    assert "0 done, 1 failed, 2 bad input, 130 interrupted" in said


def test_completion_is_offered_for_shells() -> None:
    assert "--show-completion" in cli.invoke(app, ["--help"]).stdout
    asked = {"_OMOLAB_COMPLETE": "complete_bash", "COMP_WORDS": "omolab da", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "omolab"], env={**os.environ, **asked}, capture_output=True, text=True
    )
    assert done.stdout.split() == ["dashboard"]


def test_the_command_that_comes_next_is_told_to_persons_alone(api: Any, finished: Run) -> None:
    said = cli.invoke(app, ["calibrate", "p", "--history", "my history.yaml"])
    assert said.stderr == f"next    omolab run p --fit {finished.path}\n"
    said = cli.invoke(app, ["new", "mine", "--plan", "online_mall", "--lang", "zh"])
    assert said.stderr == "下一步  omolab check mine/plan.yaml\n"
    for silent in ("--json", "--quiet"):
        assert cli.invoke(app, ["new", "mine", "--plan", "online_mall", silent]).stderr == ""


def test_quiet_shows_no_progress_and_verbose_says_what_took_how_long(
    api: Any, calls: dict[str, Any], finished: Run
) -> None:
    assert cli.invoke(app, ["run", "p", "--quiet"]).exit_code == 0
    assert calls["run"]["progress"] is None
    finished.manifest["timings"] = {"fit": 1.25}  # type: ignore[index]
    said = cli.invoke(app, ["run", "p", "--verbose"])
    assert "1.2 s  fit" in said.stderr
    assert "fit" not in said.stdout.splitlines()[-1] and calls["run"]["progress"] is not None
    assert cli.invoke(app, ["run", "p", "-q", "-v"]).exit_code == 2


def test_verbose_tells_a_failure_in_full(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "run", _raising(RuntimeError("broke")))
    said = cli.invoke(app, ["run", "p", "-v"])
    assert said.exit_code == 1 and "Traceback" in said.stderr
    assert "Traceback" not in cli.invoke(app, ["run", "p"]).stderr


def test_tables_are_written_beside_the_report(api: Any, calls: dict[str, Any]) -> None:
    said = cli.invoke(app, ["report", "x", "--tables", "xlsx", "--json"])
    assert json.loads(said.stdout)["tables"].endswith("tables.xlsx")
    assert calls["tables"]["kind"] == "xlsx"
    assert cli.invoke(app, ["report", "x", "--tables", "pdf"]).exit_code == 2


def test_the_dashboard_tells_its_address(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "dashboard", lambda ready, **asked: ready(f"http://{asked['host']}:1/?token=t"))
    assert json.loads(cli.invoke(app, ["dashboard", "--json"]).stdout) == {
        "address": "http://127.0.0.1:1/?token=t"
    }
    assert "http://127.0.0.1:1/?token=t" in cli.invoke(app, ["dashboard", "--lang", "zh"]).stdout


def test_a_sweep_leaves_seed_to_its_design_unless_told(api: Any, calls: dict[str, Any]) -> None:
    assert cli.invoke(app, ["sweep", "design.yaml", "--cluster", "tcp://here:8786"]).exit_code == 0
    assert calls["sweep"]["seed"] is None
    assert calls["sweep"]["cluster"] == "tcp://here:8786"
    cli.invoke(app, ["sweep", "design.yaml", "--seed", "7"])
    assert calls["sweep"]["seed"] == 7


@pytest.mark.parametrize("line", BAD_NUMBERS, ids=" ".join)
def test_numbers_out_of_range_are_bad_input(api: Any, line: list[str], calls: dict[str, Any]) -> None:
    said = cli.invoke(app, line)
    assert said.exit_code == 2
    assert line[-2] in said.stderr
    assert not calls


def test_bad_input_lists_every_problem(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [
        Problem("p.yaml", 3, "months", "many", "a whole number", "is not a number"),
        Problem("p.yaml", 7, "targts", "", "targets", "is no key"),
    ]
    monkeypatch.setattr(api, "run", _raising(BadInput(problems)))
    said = cli.invoke(app, ["run", "p.yaml"])
    assert said.exit_code == 2
    assert said.stderr.splitlines() == [str(problem) for problem in problems]
    said = cli.invoke(app, ["run", "p.yaml", "--json"])
    assert said.exit_code == 2
    assert json.loads(said.stdout) == {"errors": [problem.to_dict() for problem in problems]}


def test_interrupted_is_130_and_tells_how_to_go_on(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "run", _raising(KeyboardInterrupt()))
    said = cli.invoke(app, ["run", "p"])
    assert said.exit_code == 130
    assert "same command" in said.stderr


def test_unexpected_errors_are_one_line(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMOLAB_DEBUG", raising=False)
    monkeypatch.setattr(api, "run", _raising(ZeroDivisionError("float division by zero")))
    said = cli.invoke(app, ["run", "p"])
    assert said.exit_code == 1
    assert said.stderr.splitlines() == [
        "failed: ZeroDivisionError: float division by zero (OMOLAB_DEBUG=1 shows where)"
    ]
    monkeypatch.setenv("OMOLAB_DEBUG", "1")
    assert "Traceback" in cli.invoke(app, ["run", "p"]).stderr


def test_usage_errors_are_2() -> None:
    assert cli.invoke(app, ["run"]).exit_code == 2
    assert cli.invoke(app, ["run", "p", "--customers", "many"]).exit_code == 2
    assert cli.invoke(app, ["nonsense"]).exit_code == 2


def test_run_passes_its_options_on(api: Any, calls: dict[str, Any]) -> None:
    line = "run shop.yaml --scenario plan --scenario deep --fit f --customers 500 --replicates 2"
    said = cli.invoke(app, [*line.split(), "--out", "o", "--seed", "7", "--threads", "2"])
    assert said.exit_code == 0, said.stderr
    given = calls["run"]
    assert callable(given.pop("progress").task)
    assert given == {
        "plan": "shop.yaml",
        "scenarios": ["plan", "deep"],
        "fit": Path("f"),
        "customers": 500,
        "replicates": 2,
        "cluster": None,
        "out": Path("o"),
        "seed": 7,
        "threads": 2,
        "lang": "en",
    }


def test_calibrate_without_a_plan(api: Any, calls: dict[str, Any]) -> None:
    assert cli.invoke(app, ["calibrate", "--history", "h.yaml"]).exit_code == 0
    assert calls["calibrate"]["plan"] is None
    assert calls["calibrate"]["history"] == Path("h.yaml")
    assert calls["calibrate"]["threads"] >= 1


def test_calibrate_tells_what_was_learnt(api: Any) -> None:
    said = cli.invoke(app, ["calibrate", "--history", "h.yaml"]).stdout
    assert "habit.rate" in said and "1 of 1 parameters are learnt" in said


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            (
                "Do not trust this fit",
                "! Farther off than chance explains: 3 of 9 statistics",
                "orders",
                "- Not told by the data: 1 of 4",
            ),
        ),
        ("zh", ("不要相信这次校准", "! 9项统计中有3项", "- 4个待校准参数中有1个")),
    ],
)
def test_calibrate_says_plainly_when_not_to_trust_it(
    api: Any, finished: Run, lang: str, words: tuple[str, ...]
) -> None:
    off = {"about": "misfit", "weight": "no", "names": ["orders"], "n": 3, "of": 9}
    silent = {"about": "not_identified", "weight": "note", "names": ["habit.rate"], "n": 1, "of": 4}
    (finished.path / "fit" / "diagnostics.json").write_text(
        json.dumps({"trust": "no", "findings": [off, silent]}), encoding="utf-8"
    )
    said = cli.invoke(app, ["calibrate", "--history", "h.yaml", "--lang", lang]).stdout
    assert all(one in said for one in words), said


def test_search_names_the_advised_plan(api: Any, finished: Run) -> None:
    assert json.loads(cli.invoke(app, ["search", "p", "--json"]).stdout)["advice"] is None
    advice = finished.path / "search" / "advice.yaml"
    advice.parent.mkdir()
    advice.write_text("extends: p\n", encoding="utf-8")
    assert str(advice) in cli.invoke(app, ["search", "p"]).stdout


def test_bounds_that_nothing_keeps_end_with_2_and_lose_nothing(api: Any, finished: Run) -> None:
    missed = {"say": "found.missed", "bound": "acos <= 0.1", "nearest": "0.2", "written": "0.3"}
    found = {"message": "nothing is advised", "improved": False, "unreachable": [missed]}
    (finished.path / "search").mkdir()
    (finished.path / "search" / "result.json").write_text(json.dumps(found), encoding="utf-8")
    said = cli.invoke(app, ["search", "p"])
    assert said.exit_code == 2
    assert "cannot be reached by any plan tried: acos <= 0.1 (nearest: 0.2" in said.stderr.replace("\n", " ")
    assert str(finished.path) in said.stdout
    told = cli.invoke(app, ["search", "p", "--json"])
    document = json.loads(told.stdout)  # one document: the run, and what was wrong with what was asked
    assert told.exit_code == 2 and document["run"] == str(finished.path)
    assert [one["value"] for one in document["errors"]] == ["acos <= 0.1"]


def test_search_and_compare_pass_lists_on(api: Any, calls: dict[str, Any]) -> None:
    cli.invoke(app, ["search", "p", "--objective", "roas", "--objective", "orders", "--trials", "9"])
    assert calls["search"]["objectives"] == ["roas", "orders"]
    assert calls["search"]["trials"] == 9
    cli.invoke(app, ["compare", "a", "b", "--base", "plan"])
    given = {"runs": [Path("a"), Path("b")], "base": "plan", "out": None, "lang": "en"}
    assert calls["compare"] == given | {"targets": ()}


def test_run_prints_odds_and_differences(api: Any) -> None:
    said = cli.invoke(app, ["run", "p"]).stdout
    assert "62 %" in said and "2.8 %" in said and "+3 to +21" in said


def test_json_is_one_document_without_nan(api: Any, finished: Run) -> None:
    said = json.loads(cli.invoke(app, ["run", "p", "--json"]).stdout)
    assert said["run"] == str(finished.path)
    assert said["targets"][0]["value_p90"] is None
    assert said["targets"][0]["date"] == "2029-12-31"
    assert said["compare"][0]["difference"] == 12.0


def test_backtest_json_is_the_file(api: Any, finished: Run) -> None:
    said = cli.invoke(app, ["backtest", "h.yaml", "--cutoff", "2011-06-26", "--json"])
    assert json.loads(said.stdout) == finished.json("backtest.json")
    assert "0.120" in cli.invoke(app, ["backtest", "h.yaml"]).stdout


def test_check_needs_something_to_check(api: Any) -> None:
    assert cli.invoke(app, ["check"]).exit_code == 2


def test_check_ends_with_2_when_anything_is_wrong(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.invoke(app, ["check", "p.yaml"]).exit_code == 0
    assert json.loads(cli.invoke(app, ["check", "p.yaml", "--json"]).stdout)["name"] == "p"
    wrong = Problem("p.yaml", 3, "months", "many", "a whole number", "is not a number")
    answer = [
        {"name": "p", "errors": [wrong.to_dict()], "not_modelled": [], "warnings": []},
        {"name": "q", "errors": [], "not_modelled": [], "warnings": []},
    ]
    monkeypatch.setattr(api, "check", lambda **_: answer)
    said = cli.invoke(app, ["check", "p.yaml", "q.yaml"])
    assert said.exit_code == 2
    assert str(wrong) in said.stderr and "q: good" in said.stdout
    said = cli.invoke(app, ["check", "p.yaml", "q.yaml", "--json"])
    assert said.exit_code == 2
    assert [one["name"] for one in json.loads(said.stdout)] == ["p", "q"]


def test_history_keeps_standard_output_for_the_draft(api: Any) -> None:
    said = cli.invoke(app, ["history", "a.csv"])
    assert said.stdout.strip() == "name: shop"
    assert "gap" in said.stderr
    assert json.loads(cli.invoke(app, ["history", "a.csv", "--json"]).stdout)["quality"] == [
        {"finding": "gap", "rows": 2}
    ]


def test_report_can_be_copied_out(api: Any, finished: Run, tmp_path: Path) -> None:
    (finished.path / "report.html").write_text("<html>", encoding="utf-8")
    said = cli.invoke(app, ["report", "somewhere", "--out", str(tmp_path / "copies"), "--json"])
    assert json.loads(said.stdout) == {"report": str(tmp_path / "copies" / "report.html")}
    assert (tmp_path / "copies" / "report.html").read_text(encoding="utf-8") == "<html>"


def test_lists(api: Any, calls: dict[str, Any]) -> None:
    assert "ecommerce_dept" in cli.invoke(app, ["plans"]).stdout
    assert json.loads(cli.invoke(app, ["runs", "--delete", "a", "--json"]).stdout)[0]["name"] == "a"
    assert calls["runs"] == {"delete": "a"}
    assert "plan.yaml" in cli.invoke(app, ["new", "mine", "--plan", "ecommerce_dept"]).stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_ctrl_c_in_a_real_process(tmp_path: Path) -> None:
    script = tmp_path / "wait.py"
    script.write_text(
        "import sys, time, types\n"
        "import omolab\n"
        "face = types.ModuleType('omolab.api')\n"
        "def demo(**_):\n"
        "    print('at work', file=sys.stderr, flush=True)\n"
        "    time.sleep(60)\n"
        "face.demo = demo\n"
        "sys.modules['omolab.api'] = omolab.api = face\n"
        "sys.argv = ['omolab', 'demo']\n"
        "from omolab.cli import main\n"
        "main()\n",
        encoding="utf-8",
    )
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "at work\n"
    time.sleep(0.1)  # let it fall asleep
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said and "same command" in said


def _raising(error: BaseException) -> Callable[..., Any]:
    def raises(**_: Any) -> Any:
        raise error

    return raises


def test_levers_print_what_each_moves_and_the_verdicts(api: Any, calls: dict[str, Any]) -> None:
    line = ["levers", "omo_fusion", "--lever", "price", "--lever", "crm.effort=2", "--customers", "50"]
    said = cli.invoke(app, line)
    assert said.exit_code == 0, said.stderr
    assert "pricing.level" in said.stdout and "orders −12.0 %, net sales −7.00 %" in said.stdout
    assert "too weak" in said.stdout and "-2.6" in said.stdout.replace("−", "-")
    assert "findings not measured: 1" in said.stdout
    given = calls["levers"]
    assert (given["plan"], given["levers"], given["customers"]) == (
        "omo_fusion",
        ["price", "crm.effort=2"],
        50,
    )
    found = json.loads(cli.invoke(app, [*line, "--json"]).stdout)
    assert [row["kpi"] for row in found["levers"]] == ["orders", "net_sales", "basket"]
    assert found["evidence"][1]["value"] is None
