"""Charts: sentences as titles, deterministic and harmless SVG, numbers beside every picture."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from results import charts, store
from results.charts.lettering import wrap
from results.charts.style import SERIES, darker, ordered, spread
from results.language import Language
from results.shelf import Run

EN = Language("en", "CNY")


@pytest.fixture(scope="module")
def run(full_run: Path) -> Run:
    return store.open_run(full_run)


def last_year(table: pd.DataFrame) -> pd.DataFrame:
    long = (table["period_end"] - table["period_start"]).dt.days > 300
    return table[long & (table["period_end"] == table["period_end"].max())]


def texts(svg: str) -> str:
    return " ".join(
        "".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")
    )


def test_odds_name_the_easiest_and_the_hardest_target(run: Run) -> None:
    chart = charts.odds(run.targets, EN, "plan")
    odds = run.targets[run.targets["scenario"] == "plan"].set_index("kpi")["odds"]
    assert chart.title.startswith("The plan reaches advertising cost of attributed sales (≤")
    assert f"repurchase within 365 days is hardest, {EN.odds(odds.min())} of 100" in chart.title
    assert "65 of 100" in texts(chart.svg)
    assert "Conversion: 65 of 100" in chart.alt


def test_a_fan_tells_the_last_band_the_target_and_its_odds(run: Run) -> None:
    target = run.targets[(run.targets["scenario"] == "plan") & (run.targets["kpi"] == "conversion")].iloc[0]
    chart = charts.fan(run.kpis, "conversion", EN, target)
    assert chart.title.replace("\u00a0", " ").endswith("target ≥ 2.8 % reached in 65 of 100 futures")
    assert "Dec 2029" in chart.title
    assert list(chart.table.columns) == ["scenario", "period_end", "p10", "p50", "p90"]
    assert (chart.table["p10"] <= chart.table["p90"]).all()
    assert chart.table["period_end"].min() == pd.Timestamp(
        "2027-12-31"
    )  # trailing years begin after twelve months
    for name in ("Plan", "Status quo", "Deep discount", "Eighteen months", "target ≥"):
        assert name in texts(chart.svg)


def test_a_fan_tells_the_value_of_the_year_that_its_target_is_measured_in(run: Run) -> None:
    target = run.targets[(run.targets["scenario"] == "plan") & (run.targets["kpi"] == "conversion")].iloc[0]
    due = charts.fan(run.kpis, "conversion", EN, target)
    line = due.table[due.table["scenario"] == "plan"]
    early = line["period_end"].iloc[len(line) // 2]
    sooner = charts.fan(run.kpis, "conversion", EN, {**target, "date": early})
    assert EN.month(early) in sooner.title and EN.month(line["period_end"].iloc[-1]) not in sooner.title
    assert EN.estimate(line["p50"].iloc[len(line) // 2], "share") in sooner.title


@pytest.mark.parametrize(("base", "told"), [(10.0, True), (-10.0, False), (0.0, False), (0.5, False)])
def test_changes_are_told_in_per_cent_of_bases_above_zero_alone(base: float, told: bool) -> None:
    row = {"base": "status_quo", "scenario": "plan", "unit": "currency", "variance_ratio": 2.0}
    row |= {"period_end": pd.Timestamp("2028-12-31"), "low": 5.0, "difference": 6.0, "high": 7.0}
    bases = {"net_sales": 50.0, "operating_profit": base}
    rows = [row | {"kpi": kpi, "base_value": value} for kpi, value in bases.items()]
    chart = charts.differences(pd.DataFrame(rows), EN, {"net_sales": "higher"})
    assert ("operating_profit" in set(chart.table["kpi"])) == told
    assert ("In the table only" in texts(chart.svg)) != told


def test_a_share_that_changes_is_told_in_points() -> None:
    row = {"base": "status_quo", "scenario": "plan", "kpi": "operating_margin", "unit": "share"}
    row |= {"base_value": 0.2, "low": -0.07, "difference": -0.05, "high": -0.02, "variance_ratio": 2.0}
    chart = charts.differences(pd.DataFrame([row]), EN, {"operating_margin": "higher"})
    assert "by −5.00 points" in chart.title.replace("\u00a0", " ").replace("\u202f", " ")
    assert "−25" in chart.title and "of its level" in chart.title


def test_of_targets_equally_hard_the_chart_names_the_one_that_the_verdict_names(run: Run) -> None:
    mine = run.targets[run.targets["scenario"] == "plan"]
    alike = run.targets.assign(odds=0.0)
    first = EN.kpi_inline(str(mine.iloc[0]["kpi"]))
    assert f"{first} is hardest" in charts.odds(alike, EN, "plan").title


def test_a_fan_without_years_draws_months(run: Run) -> None:
    months = run.kpis[(run.kpis["period_end"] - run.kpis["period_start"]).dt.days < 40]
    chart = charts.fan(months, "net_sales", EN)
    assert chart.table["period_end"].nunique() == 36
    assert "each month" in texts(chart.svg)


def test_differences_are_in_per_cent_of_the_base(run: Run) -> None:
    rows = last_year(run.compare)
    chart = charts.differences(
        rows[rows["kpi"].isin(["net_sales", "cac"])], EN, {"net_sales": "higher", "cac": "lower"}
    )
    table = chart.table.set_index(["scenario", "kpi"])
    line = table.loc[("plan", "net_sales")]
    assert line["difference_percent"] == pytest.approx(line["difference"] / line["base_value"])
    assert "against the status quo" in chart.title


def test_shares_of_a_whole_add_up(run: Run) -> None:
    kpis = run.kpis[(run.kpis["channel"] != "all")]
    parts = kpis.groupby(["scenario", "period_end", "channel"])["value"].mean().reset_index()
    chart = charts.mix(parts.rename(columns={"channel": "part"}), EN, "channel-mix", "net sales")
    assert chart.table[["store", "own_site", "tmall"]].sum(axis=1).round(9).eq(1).all()
    assert "of net sales by Dec 2029" in chart.title


def test_the_search_tells_the_largest_move_and_what_was_feasible(run: Run) -> None:
    found, tried = run.json("search/result"), run.read("search/trials")
    budget = charts.budget(found["start"], found["best"], EN)
    assert budget is not None
    assert budget.title.replace("\u00a0", " ") == "The search would move Year 1 · Marketing from 40 % to 31 %"
    chart = charts.trials(tried, ["odds_growth", "odds_efficiency"], EN, found["verified"])
    assert chart.title == f"40 plans were tried, {int(tried['feasible'].sum())} keep every constraint"
    assert charts.trials(tried, ["odds_growth"], EN).figure.axes
    assert charts.budget({"a": 1.0}, {"b": 1.0}, EN) is None
    assert charts.budget({"total": 5e6}, {"total": 4e6}, EN) is None


def test_honesty_is_counted(run: Run) -> None:
    statistics = run.read("fit/statistics")
    assert charts.fit(statistics, EN).title.endswith("reproduces all 14 figures it was fitted to")
    far = statistics["name"] == "store.revenue mean"  # beyond what the history itself leaves uncertain
    assert far.sum() == 1
    levels = ["simulated_p05", "simulated_p50", "simulated_p95"]
    away = statistics.assign(off=statistics["off"].mask(far, 3.0))
    away.loc[far, levels] = 100 * np.exp(0.08 * np.array([1.2, 3.0, 4.0]))
    assert f"13 of the {len(statistics)} figures" in charts.fit(away, EN).title
    assert charts.identified(run.read("fit/identified"), EN).title.startswith(
        "These figures tell 3 of 8 parameters"
    )
    assert "in 3 of 3 series" in charts.errors(pd.DataFrame(run.json("backtest")["summary"]), EN).title
    quantiles = {f"q{level}": f"p{level}" for level in ("05", "25", "50", "75", "95")}
    forecasts = run.read("backtest").rename(columns=quantiles)
    chart = charts.forecast(forecasts, "online.revenue", EN, unit="currency")
    mine = forecasts[(forecasts["series"] == "online.revenue") & (forecasts["model"] == "omolab")]
    assert f"{mine['actual'].between(mine['p05'], mine['p95']).sum()} of 26" in chart.title
    plain = charts.forecast(forecasts.drop(columns=["p05", "p25", "p75", "p95"]), "online.revenue", EN)
    assert "forecast and what happened" in plain.title


def test_forecasts_that_overlap_are_not_drawn_over_each_other() -> None:
    """Three origins a month apart, two months ahead: the first and the third are drawn, all are counted."""
    rows = []
    for origin in pd.date_range("2024-01-31", periods=3, freq="ME"):
        for step in (1, 2):
            date = origin + pd.offsets.MonthEnd(step)
            rows.append(("total.orders", "omolab", origin, date, 10.0, 10.0, 8.0, 9.0, 11.0, 12.0))
    columns = ["series", "model", "origin", "date", "actual", "mean", "p05", "p25", "p75", "p95"]
    chart = charts.forecast(pd.DataFrame(rows, columns=columns), "total.orders", EN)
    assert len(chart.figure.axes[0].collections) == 2 * 2  # two bands each
    assert "6 of 6" in chart.title and len(chart.table) == 6
    assert "Drawn: 2 of 3" in " ".join(text.get_text().replace("\n", " ") for text in chart.figure.texts)


def test_misses_are_measured_on_the_scale_the_fit_used() -> None:
    table = pd.DataFrame(
        {"name": ["log", "logit", "plain"], "observed": [100.0, 0.2, 5.0], "scale": [0.1, 0.1, 2.0],
         "simulated_p05": [90.0, 0.18, 4.0], "simulated_p50": [110.0, 0.22, 6.0],
         "simulated_p95": [121.0, 0.3, 8.0],
         "off": [np.log(1.1) / 0.1, (np.log(0.22 / 0.78) - np.log(0.25)) / 0.1, 0.5]}
    )  # fmt: skip
    drawn = charts.fit(table, EN).table.set_index("name")
    assert drawn.loc["log", "p95"] == pytest.approx(np.log(1.21) / 0.1)
    assert drawn.loc["logit", "p05"] == pytest.approx((np.log(0.18 / 0.82) - np.log(0.25)) / 0.1)
    assert drawn.loc["plain", "p50"] == pytest.approx(0.5)


def test_what_the_fit_calls_identified_is_what_is_drawn(run: Run) -> None:
    parameters = run.read("fit/identified")
    flags = parameters.assign(identified=[True] * 5 + [False] * 3)
    assert charts.identified(flags, EN).title.startswith("These figures tell 5 of 8 parameters")


def test_svg_is_the_same_each_time_and_nothing_outside_is_set(run: Run) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    first, second = (charts.odds(run.targets, EN, "plan").svg for _ in range(2))
    assert first == second
    assert dict(mpl.rcParams) == before


def test_a_page_part_has_names_of_its_own(run: Run) -> None:
    parts = [charts.odds(run.targets, EN, "plan").part(), charts.fan(run.kpis, "conversion", EN).part()]
    ids = [node.get("id") for part in parts for node in ElementTree.fromstring(part).iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    for part in parts:
        root = ElementTree.fromstring(part)
        assert root.get("role") == "img"
        names = {node.get("id"): node.text for node in root.iter() if node.get("id")}
        assert all(names[name] for name in (root.get("aria-labelledby") or "").split())
        assert "width" not in root.attrib
        assert "http" not in part.replace("http://www.w3.org/", "")


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "$\\frac{a}{b}$ $",
    "\u202egnp.exe\u2066",
    "=cmd|' /C calc'!A0",
    "&amp; ]]> <!-- {{ 7*7 }} %s {0}",
    "long " * 60,
    "_hidden",
    "שלום مرحبا",
    "\x00\x07 bad",
]


def test_hostile_names_are_only_ever_text(run: Run, tmp_path: Path) -> None:
    names = dict(
        zip(
            ["status_quo", "plan", "deep_discount", "eighteen_months"],
            ["status_quo", *HOSTILE[:3]],
            strict=True,
        )
    )
    kpis = run.kpis.assign(scenario=run.kpis["scenario"].map(names))
    targets = run.targets.assign(scenario=run.targets["scenario"].map(names))
    for chart in (charts.fan(kpis, "conversion", EN), charts.odds(targets, EN, HOSTILE[2])):
        tags = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(chart.svg).iter()}
        assert not tags & {"script", "img", "foreignObject", "a"}
        chart.save(tmp_path)
    assert "$\\frac{a}{b}$ $" in texts(charts.fan(kpis, "conversion", EN).svg)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_drawn_and_saved(name: str, tmp_path: Path) -> None:
    statistics = pd.DataFrame(
        {"name": [name, "b"], "observed": [1.0, 2.0], "scale": [1.0, 1.0],
         "simulated_p05": [5.0, 1.0], "simulated_p50": [6.0, 2.0], "simulated_p95": [7.0, 3.0]}
    )  # fmt: skip
    charts.fit(statistics, EN).save(tmp_path)
    assert not (tmp_path / "calibration-fit.csv").read_text("utf-8").split("\n")[1].startswith('"=')


def test_saved_charts_come_as_picture_drawing_and_numbers(run: Run, tmp_path: Path) -> None:
    charts.odds(run.targets, EN, "plan").save(tmp_path, pictures=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["odds.csv", "odds.png", "odds.svg"]
    assert (tmp_path / "odds.png").read_bytes().startswith(b"\x89PNG")
    assert len(pd.read_csv(tmp_path / "odds.csv")) == len(run.targets)


def test_undefined_numbers_leave_a_chart_standing(run: Run) -> None:
    empty = run.targets.assign(odds=math.nan)
    assert "no target could be measured" in charts.odds(empty, EN, "plan").title
    flat = run.kpis.assign(value=1.0)
    assert charts.fan(flat, "conversion", EN).svg
    rows = last_year(run.compare).assign(low=math.nan, high=math.nan)
    assert charts.differences(rows, EN, {}).title == "No difference from the status quo is certain"


def test_a_notebook_shows_the_picture_itself(run: Run) -> None:
    from IPython.core.formatters import DisplayFormatter

    shown, _ = DisplayFormatter().format(run.plot("odds"))
    assert shown["image/png"].startswith(b"\x89PNG")


def test_labels_move_apart_and_stay_inside() -> None:
    moved = spread([0.5, 0.5, 0.51, 0.0, 1.0], 0.1, 0.0, 1.0)
    assert all(b - a > 0.099 for a, b in zip(sorted(moved), sorted(moved)[1:], strict=False))
    assert min(moved) > -1e-9
    assert max(moved) < 1 + 1e-9
    assert np.argsort(moved).tolist() == [3, 0, 1, 2, 4]
    assert spread([], 0.1, 0, 1) == []


def test_small_things() -> None:
    assert ordered(["status_quo", "b", "plan", "a"]) == ["plan", "b", "a", "status_quo"]
    assert wrap("转" * 10, 8) == ["转" * 4, "转" * 4, "转" * 2]
    assert wrap("", 8) == [""]
    assert json.dumps([darker(colour) for colour in SERIES])


def test_series_are_told_apart_in_grey() -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    levels = [grey(colour) for colour in SERIES]
    assert abs(levels[0] - levels[1]) > 12  # neighbours differ in grey, and by line, marker and hatch besides


def test_contrast_of_small_coloured_text() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for colour in SERIES:
        assert 1.05 / (luminance(darker(colour)) + 0.05) > 4.5, colour


def test_lines_of_a_search_name_media_in_the_readers_language() -> None:
    from results.charts.search import short_path

    assert short_path("budget.media.paid_search", Language("zh")) == "媒体 · 付费搜索"
    assert short_path("budget.year_1.split.technology", EN) == "Year 1 · Technology"
