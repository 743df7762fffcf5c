"""The page of results says what the figures say, also where a baseline wins."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import results_page


def scored(series: str, model: str, crps: float | None, coverage: float = 0.9) -> dict[str, Any]:
    errors = dict.fromkeys(("wape", "mase", "crps_over_mean", "pinball_over_mean"), crps)
    row = {"series": series, "model": model} | errors
    return row | {"coverage_90": coverage}


def document(summary: list[dict[str, Any]], name: str = "shop") -> dict[str, Any]:
    series = list(dict.fromkeys(row["series"] for row in summary))
    told = {"history": name, "horizon": 13, "period": "week", "origins": ["2011-06-26", "2011-09-25"]}
    return told | {"series": series, "summary": summary, "warnings": []}


BOTH = [
    scored("online.revenue", "omolab", 0.1, 0.85),
    scored("online.revenue", "ets", 0.2, 0.5),
    scored("store.revenue", "omolab", 0.3, 0.6),
    scored("store.revenue", "bg_nbd", 0.25, 0.9),
]


def test_the_best_of_a_column_stands_in_bold() -> None:
    text = results_page.history(document(BOTH), None)
    assert (
        "| online.revenue | omolab | **0.100** | **0.100** | **0.100** | **0.100** | **85\u00a0%** |" in text
    )
    assert "|  | ets | 0.200 | 0.200 | 0.200 | 0.200 | 50\u00a0% |" in text
    assert "|  | bg_nbd | **0.250** | **0.250** | **0.250** | **0.250** | **90\u00a0%** |" in text


def test_a_lost_series_is_said_with_its_figures() -> None:
    said = " ".join(results_page.verdict(results_page.merged(document(BOTH))))
    assert "omolab is ahead of every baseline on `online.revenue`" in said
    assert "a baseline is better on `store.revenue`: BG/NBD (0.250 against 0.300)" in said
    assert "too narrow on `store.revenue`" in said


def test_all_won_and_all_lost() -> None:
    won = results_page.verdict(results_page.merged(document(BOTH[:2])))
    assert won == ["By CRPS omolab is ahead of every baseline on `online.revenue`."]
    lost = results_page.verdict(results_page.merged(document(BOTH[2:])))
    assert lost[0].startswith("By CRPS a baseline is better on `store.revenue`")


def test_a_total_of_one_channel_is_shown_once() -> None:
    twice = [row | {"series": series} for series in ("online.revenue", "total.revenue") for row in BOTH[:2]]
    assert list(results_page.merged(document(twice))) == ["online.revenue = total.revenue"]


def test_a_missing_score_or_model_is_no_victory() -> None:
    rows = [scored("online.revenue", "omolab", None), scored("online.revenue", "ets", 0.2)]
    text = results_page.history(document(rows), None)
    assert "`online.revenue`: omolab has no forecast" in text
    assert "| omolab | – | – | – |" in text


def test_origins_are_counted_and_a_cut_is_said() -> None:
    text = results_page.history(document(BOTH, "cdnow"), 120.0)
    assert "2 origins (2011-06-26 to 2011-09-25), 13 weeks ahead; 60 s an origin" in text
    assert "The usual measurement has 7 origins: this one was cut short." in text
    assert "So few origins say little" in text


def plan_row(kpi: str, start: float | None, error: float | None, **more: Any) -> dict[str, Any]:
    row = {"name": f"shop.{kpi}", "plan": "shop", "kpi": kpi, "channel": "all", "unit": "share"}
    row |= {"starting_point": start, "simulated": 0.021, "relative_error": error, "bound": "exact"}
    return row | {"source": "plan", "target": None, "by": None, "odds": None} | more


def test_plans_show_start_target_and_odds() -> None:
    aim = {"target": 0.03, "by": "2029-12-31", "odds": 0.25, "odds_status_quo": 0.0}
    rows = [
        plan_row("conversion", 0.02, 0.05, **aim),
        plan_row("organic_share", 0.2, -0.3, source="assumption"),
        plan_row("repurchase_365", 0.3, -0.6, bound="under"),
        {"name": "shop.skill_share", "skipped": "not computed by the market yet"},
    ]
    (text,) = results_page.plans(rows)
    assert "2\u00a0% | 2.1\u00a0% | +5\u00a0% | 3\u00a0% | Dec 2029 | 25 (0) |" in text
    assert "20\u00a0%\\*" in text and "< 30\u00a0%" in text
    assert "1 of 2 starting figures are met within 5" in text  # a limit is no figure
    assert "Left out, not computed by the market yet: `skill_share`." in text


def test_a_plan_that_could_not_be_measured_is_named() -> None:
    (text,) = results_page.plans([{"name": "shop", "skipped": "JobFailed: no"}])
    assert "Left out, JobFailed: no: `shop`." in text


def test_the_page_is_written_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "backtests" / "shop"
    folder.mkdir(parents=True)
    (folder / "backtest.json").write_text(json.dumps(document(BOTH)), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"timings": {"total": 90.0}}), encoding="utf-8")
    monkeypatch.setattr(results_page, "ROOT", tmp_path)
    monkeypatch.setattr(results_page, "OUT", tmp_path / "docs" / "results.md")
    monkeypatch.setattr(results_page, "BACKTESTS", tmp_path / "backtests")
    monkeypatch.setattr(results_page, "PLANS", tmp_path / "plans.json")
    monkeypatch.setattr(results_page, "LEVERS", tmp_path / "levers.json")
    results_page.main()
    text = (tmp_path / "docs" / "results.md").read_text(encoding="utf-8")
    assert "### shop" in text and "45 s an origin" in text
    assert "The code has changed since." in text  # the manifest knows no sources
    assert text.count("Nothing is measured yet.") == 1  # the plans
    assert "\n\n\n" not in text


def test_smaller_backtests_keep_the_last_dated_origins() -> None:
    backtests = importlib.import_module("benchmarks.backtests")
    usual = backtests.SIZES["us_ecommerce"]
    assert backtests.resized(usual, 1, None).cutoffs == usual.cutoffs[-1:]
    assert backtests.resized(usual, None, 4).horizon == 4
    assert backtests.resized(backtests.USUAL, 2, None).origins == 2


def test_every_size_is_of_an_example() -> None:
    backtests = importlib.import_module("benchmarks.backtests")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in backtests.EXAMPLES.glob("*.yaml")}
    forecast = {
        name
        for name, text in texts.items()
        if "synthetic: true" not in text and ("  sales:" in text or "  transactions:" in text)
    }
    histories = {size.history or name for name, size in backtests.SIZES.items()}
    assert histories == forecast  # the others are held against their experiments only
    assert backtests.SIZES["us_ecommerce_2020"].cutoffs == ("2019-12-31",)  # three years, closures known


def test_a_measurement_is_told_beside_the_best_baseline_and_the_chosen_one() -> None:
    backtests = importlib.import_module("benchmarks.backtests")
    rows = [row | {"over_chosen": 0.8} if row["model"] == "omolab" else row for row in BOTH]
    online, store = backtests.measured(document(rows))
    assert online.startswith("online.revenue: WAPE 0.100 (best baseline ets 0.200)")
    assert "0.80 of the error of the baseline chosen beforehand" in online
    assert "best baseline bg_nbd 0.250" in store and "90 % interval 60%" in store


def test_the_pool_and_the_ratio_to_the_chosen_baseline_are_shown() -> None:
    recipe = {"series": "online.revenue", "model": "omolab", "spread": 0.8, "chosen": "ets"}
    told = document(BOTH[:2]) | {
        "recipes": [
            recipe | {"origin": "2011-06-26", "market": 0.6, "statistics": 0.4},
            recipe | {"origin": "2011-09-25", "market": 0.2, "statistics": 0.8, "chosen": "ucm"},
        ]
    }
    told["summary"] = [row | {"over_chosen": 0.7} for row in told["summary"]]
    text = results_page.history(told, None)
    assert "Pooled, mean over origins: `online.revenue` of market 40" in text
    assert "statistics 60" in text and "width × 0.80" in text
    assert "Over the baseline that inner folds chose (ETS): 0.70 on `online.revenue`." in text


def test_what_was_not_measured_anew_is_kept_from_the_page_before() -> None:
    row = plan_row("conversion", 0.02, 0.05)
    before = results_page.page([(document(BOTH, "cdnow"), 1.0), (document(BOTH, "shop"), 2.0)], [row])
    after = results_page.page([(document(BOTH[:2], "shop"), 8.0)], [])
    text = results_page.with_kept(after, before)
    assert text.index("### cdnow") < text.index("### shop") < text.index("## The five plans")
    assert text.count("### shop") == 2  # the history and the plan of that name
    assert "4 s an origin" in text and "1 s an origin" not in text.split("### shop")[1]
    assert "Nothing is measured yet." not in text and "\n\n\n" not in text
    assert results_page.with_kept(before, before) == before.rstrip("\n") + "\n"
