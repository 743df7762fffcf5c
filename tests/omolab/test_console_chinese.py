"""What verbs print in Chinese: every table and sentence, with nothing English left but names."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from omolab import api, console
from omolab.cli import app
from omolab.printed.inputs import checked, quality
from omolab.progress import Progress
from results.shelf import Run

PARTS = ("calibration", "backtest", "search", "targets", "compare", "levers", "evidence")
SWEPT = ("effects", "indices", "points")
# Names as plans, files and models have them, currencies, grades and measures.
NAMES = {
    *("parquet", "compare", "evidence", "sweep", "effects", "shop", "habit", "rate", "total", "revenue"),
    *("omolab", "ETS", "WAPE", "MASE", "CRPS", "E", "O", "B", "GBP", "policies", "promotion", "depth"),
    *("pricing", "level", "Sobol", "run", "html", "report"),
}

cli = CliRunner()


def strange(text: str, *names: str) -> set[str]:
    """Return the words in Latin letters that are no names."""
    for name in names:
        text = text.replace(name, "")
    return set(re.findall(r"[A-Za-z]+", text)) - NAMES


@pytest.fixture
def made(tmp_path: Path) -> Run:
    """A small run with every table that verbs print."""
    path = tmp_path / "运行一"
    for folder in ("fit", "search", "sweep"):
        (path / folder).mkdir(parents=True)
    day = pd.Timestamp("2029-12-31")
    target = {"scenario": "plan", "kpi": "conversion", "baseline": 0.015, "target": 0.028, "date": day}
    target |= {"value_p10": 0.018, "value_p50": 0.02, "value_p90": 0.03, "gap_unit": "share"}
    odds = {"odds": 0.618, "odds_low": 0.5, "odds_high": 0.7}
    money = {"kpi": "net_sales", "target": 2e7, "baseline": 1e7, "gap_unit": "currency"}
    money |= {"value_p10": 1.1e7, "value_p50": 1.8e7, "value_p90": 2.2e7}
    pd.DataFrame([target | odds, target | odds | money]).to_parquet(path / "targets.parquet")
    change = {"base": "status_quo", "scenario": "plan", "difference": 12.0, "low": 3.0, "high": 21.0}
    change |= {"period_end": day, "period_start": pd.Timestamp("2029-01-01")}
    moves = [("orders", "orders"), ("conversion", "share"), ("net_sales", "currency"), ("nps", "index")]
    table = pd.DataFrame([change | {"kpi": kpi, "unit": unit} for kpi, unit in moves])
    table.to_parquet(path / "compare.parquet")
    prior = {"parameter": "habit.rate", "prior_low": 0.1, "prior_high": 0.9, "grade": "O"}
    fitted = {"p05": 0.2, "p50": 0.25, "p95": 0.3, "contraction": 0.8}
    pd.DataFrame([prior | fitted]).to_parquet(path / "fit" / "identified.parquet")
    lever = {"lever": "pricing.level", "base": "1", "tried": "1.05", "channel": "all"}
    moved = [lever | {"kpi": "orders", "relative": -0.12, "sure": True}]
    moved.append(lever | {"lever": "promotion.depth", "kpi": "basket", "relative": 0.01, "sure": False})
    pd.DataFrame(moved).to_parquet(path / "levers.parquet")
    _evidence().to_parquet(path / "evidence.parquet")
    _sweep(path / "sweep")
    (path / "search" / "result.json").write_text(json.dumps(FOUND), encoding="utf-8")
    score = {"series": "total.revenue", "wape": 0.12, "mase": None, "coverage_90": 0.93}
    said = {"history": "shop", "horizon": 13, "period": "week", "origins": ["2011-06-26"]}
    said |= {"series": ["total.revenue"], "summary": [score | {"model": m} for m in ("omolab", "ets")]}
    (path / "backtest.json").write_text(json.dumps(said), encoding="utf-8")
    (path / "report.html").touch()
    return Run(path, {"verb": "run", "name": "shop", "seeds": {}, "parameters": {"currency": "GBP"}})


FOUND = {
    "message": "On futures it was not tuned to, the advice beats the plan as written.",
    "told": {
        "say": "found.failed",
        "said": {
            "say": "found.beats",
            "gains": [
                {"say": "found.gain", "of": {"kpi": "orders"}, "gain": "+1", "low": "0", "high": "2"},
                {
                    "say": "found.gain",
                    "of": {"say": "goal.nearness_all"},
                    "gain": "1",
                    "low": "0",
                    "high": "2",
                },
            ],
        },
        "failed": 2,
        "all": 40,
    },
    "improved": True,
    "best": {"policies.promotion.depth": 0.06},
    "start": {"policies.promotion.depth": 0.1},
}


def _evidence() -> pd.DataFrame:
    told = {"grade": "E", "source": "B", "measure": "elasticity", "why": "", "low": -1.4, "high": -1.0}
    told |= {"central": -2.6, "range_low": -4.0, "range_high": -1.5, "value": -1.2, "inside": False}
    about = ("price elasticity of orders", "points: orders", "TV elasticity of sales, long run")
    verdicts = ("agrees", "too strong", "wrong sign")
    rows = [told | {"about": a, "verdict": v} for a, v in zip(about, verdicts, strict=True)]
    rows.append(told | {"about": about[0], "verdict": "not measured", "value": float("nan")})
    return pd.DataFrame(rows)


def _sweep(folder: Path) -> None:
    row = {"scenario": "plan", "kpi": "net_sales", "line": "policies.promotion.depth", "unit": "currency"}
    effect = {"lowest": 1e6, "highest": 2e7, "low_at": 0.1, "high_at": 0.3, "share": 0.8, "swing": 1.9e7}
    pd.DataFrame([row | effect]).to_parquet(folder / "effects.parquet")
    index = {"first": 0.6, "first_low": 0.5, "first_high": 0.7}
    index |= {"total": 0.8, "total_low": 0.7, "total_high": 0.9}
    pd.DataFrame([row | index]).to_parquet(folder / "indices.parquet")
    odds = [{"point": 0, "scenario": "plan", "kpi": f"odds_{g}", "mean": 0.4} for g in ("all", "growth")]
    pd.DataFrame(odds).to_parquet(folder / "surface.parquet")
    pd.DataFrame({"point": [0], "policies.promotion.depth": [0.2]}).to_parquet(folder / "points.parquet")


@pytest.mark.parametrize("part", [*PARTS, *SWEPT])
def test_every_part_is_printed_in_chinese(made: Run, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    console.show(made, [part], "zh")
    said = capsys.readouterr().out
    assert re.search("[\u4e00-\u9fff]", said)
    assert strange(said, str(made.path)) == set()


def test_english_comes_back_after_chinese(made: Run, capsys: pytest.CaptureFixture[str]) -> None:
    console.show(made, ["targets"], "zh")
    first = capsys.readouterr().out
    assert "达成概率" in first and "62%（50至70）" in first and "GBP 1,100万至2,200万" in first
    console.show(made, ["targets"])
    second = capsys.readouterr().out
    assert "Odds" in second and "62 % (50 to 70)" in second and "GBP 11.0 M to 22.0 M" in second


def test_checks_are_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, Any] = {
        "name": "shop",
        "errors": [],
        "not_modelled": ["risks.a: it strikes nothing and "],
    }
    found["not_modelled"] = ["risks.shop: it strikes nothing and costs nothing"]
    found["warnings"] = ["starting_point.depth: 0.1 is assumed, not stated"]
    checked([found], "zh")
    said = capsys.readouterr().out
    assert said.startswith("shop：通过") and "警告：" in said and "尚未建模：" in said
    assert strange(said) == {"risks", "starting", "point"}


def test_progress_is_told_in_chinese() -> None:
    log = io.StringIO()
    with Progress(log, "zh").task("simulate", 1000) as advance:
        for _ in range(4):
            advance(250, note="3/8")
    lines = log.getvalue().splitlines()
    assert lines[0] == "模拟：0 / 1,000" and lines[-1].startswith("模拟：完成，")
    assert not strange(log.getvalue())
    with pytest.raises(ValueError), Progress(log, "zh").task("Calibrating shop"):
        raise ValueError
    assert "校准 shop：开始" in log.getvalue() and "中止" in log.getvalue()


def test_lists_and_places_are_in_chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = cli.invoke(app, ["plans", "--lang", "zh"])
    assert said.exit_code == 0 and "内置计划" in said.stdout and "电商部门规模化" in said.stdout
    told = json.loads(cli.invoke(app, ["plans", "--lang", "zh", "--json"]).stdout)
    assert told[0]["title"].isascii()  # JSON keeps a plan's own words
    said = cli.invoke(app, ["new", str(tmp_path / "mine"), "--plan", "online_mall", "--lang", "zh"])
    assert said.stdout.startswith("计划  ")
    status = {"name": "a", "verb": "run", "path": "x/a", "status": "complete", "started": "now"}
    monkeypatch.setattr(api, "runs", lambda delete: [status])
    said = cli.invoke(app, ["runs", "--lang", "zh"])
    assert "完成" in said.stdout and "文件夹" in said.stdout


def test_the_language_reaches_the_verb_and_how_it_ends(monkeypatch: pytest.MonkeyPatch, made: Run) -> None:
    given: dict[str, Any] = {}

    def run(**asked: Any) -> Run:
        given.update(asked)
        return made

    monkeypatch.setattr(api, "run", run)
    said = cli.invoke(app, ["run", "p", "--lang", "zh"])
    assert said.exit_code == 0 and given["lang"] == "zh" and given["progress"].words.lang == "zh"
    assert strange(said.stdout, str(made.path)) == set() and "报告  " in said.stdout

    def fails(**_: Any) -> Run:
        raise ValueError("x")

    monkeypatch.setattr(api, "run", fails)
    said = cli.invoke(app, ["run", "p", "--lang", "zh"])
    assert said.exit_code == 1 and "失败：ValueError：x" in said.stderr


@pytest.mark.parametrize("lang", ["fr", "ZH_cn", ""])
def test_other_languages_are_refused_by_name(lang: str) -> None:
    said = cli.invoke(app, ["plans", "--lang", lang])
    assert said.exit_code == 2 and "--lang" in said.stderr and "'zh'" in said.stderr


def test_a_historys_quality_is_told_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    notes = {
        "coverage": "2024-01-01 to 2025-12-01; 24 months; channel: 门店; 4,300 customers",
        "gap": "weeks without orders: 3, taken as nothing sold",
        "no customer": "rows without a customer: 12 (3%), kept as orders, left out of repeat buying",
        "jump": "门店 is 8 times above or below its neighbours: 2024-03-01",
    }
    rows = [
        {"table": "shop", "finding": kind, "count": 1, "rows": "", "note": n} for kind, n in notes.items()
    ]
    quality(rows, ("table", "finding", "count", "rows", "note"), "zh")
    said = re.sub(r"\s", "", capsys.readouterr().err)  # a narrow terminal breaks lines anywhere
    assert "24个月" in said and "4,300名客户" in said and strange(said) == set() and "…" not in said
    quality(rows, ("table", "finding", "count", "rows", "note"))
    assert "taken as nothing" in capsys.readouterr().err


MISTAKES = [
    ["run", "nowhere"],
    ["run", "ecommerce_dept", "--scenario", "nothing"],
    ["run", "ecommerce_dept", "--customers", "0"],
    ["new", "{folder}/new", "--plan", "nothing"],
    ["check"],
    ["check", "{folder}/wrong.yaml"],
    ["report", "nowhere"],
    ["calibrate", "--history", "{folder}/no.yaml"],
    ["backtest", "{folder}/no.yaml"],
    ["plans", "--quiet", "--verbose"],
]
WRONG = """\
name: Wrong Name
extends: ecommerce_dept
monhts: 12
currency: yuan
months: twelve
targets: [{kpi: convrsion, value: many, by: 2028-01-01, group: growth}]
"""
# Names of options, files and keys, and words of the plan above.
TYPED = {
    *("yaml", "YAML", "manifest", "json", "plan", "name", "scenario", "customers", "quiet", "verbose"),
    *(
        "nowhere",
        "nothing",
        "there",
        "new",
        "no",
        "wrong",
        "FILE",
        "PLAN",
        "HISTORY",
        "history",
        "out",
        "CNY",
    ),
}


@pytest.mark.parametrize("line", MISTAKES, ids=" ".join)
def test_usual_mistakes_are_told_in_chinese(line: list[str], tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    said = cli.invoke(app, [word.format(folder=tmp_path) for word in line] + ["--lang", "zh"])
    assert said.exit_code == 2
    for told in said.stderr.splitlines():
        assert re.search("[\u4e00-\u9fff]", told), told
        plain = re.sub(r"应为[^）]*之一|'[^']*'", "", told.replace(str(tmp_path), ""))
        assert strange(plain) - TYPED - set(re.findall("[A-Za-z]+", WRONG)) == set(), told
