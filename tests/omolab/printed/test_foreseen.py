"""What `omolab forecast` prints: the plan's years with their middle 80 %, or its months."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omolab import console
from omolab.printed import foreseen
from results.store import Run, create, open_run

QUANTILES = [10.0, 50.0, 90.0]


def forecast(folder: Path, months: int) -> Run:
    """A run of a plan of so many months: net sales of 0 to 100 in 101 futures, each period alike."""
    starts = pd.date_range("2027-01-01", periods=months, freq="MS")
    windows = [(start, start + pd.offsets.MonthEnd(0)) for start in starts]
    windows += [(end - pd.Timedelta(days=364), end) for _, end in windows[11:]]
    rows = [
        {
            "scenario": scenario,
            "draw": draw,
            "replicate": 0,
            "period_start": first,
            "period_end": last,
            "channel": "all",
            "kpi": "net_sales",
            "value": float(draw),
            "unit": "currency",
        }
        for scenario in ("status_quo", "plan")
        for draw in range(101)
        for first, last in windows
    ]
    with create(folder / "run", "forecast", "small", {}, {"currency": "EUR"}, 1) as writer:
        writer.table("kpis", pd.DataFrame(rows))
        empty = [
            "scenario",
            "kpi",
            "baseline",
            "target",
            "date",
            "value_p10",
            "value_p50",
            "value_p90",
            "odds",
        ]
        writer.table("targets", pd.DataFrame(columns=empty))
    return open_run(folder / "run")


@pytest.mark.parametrize(
    ("months", "periods"), [(24, ["2027-12-31", "2028-12-31"]), (2, ["2027-01-31", "2027-02-28"])]
)
def test_years_or_months_of_a_short_plan(tmp_path: Path, months: int, periods: list[str]) -> None:
    found = foreseen.table(forecast(tmp_path, months))
    plan = found[found["scenario"] == "plan"]
    assert plan["period_end"].dt.strftime("%Y-%m-%d").tolist() == periods
    assert np.allclose(plan[["p10", "p50", "p90"]], QUANTILES)


def test_it_is_printed_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = forecast(tmp_path, 24)
    console.show(run, ["forecast", "targets"])
    said = capsys.readouterr().out
    assert "to Dec 2028" in said
    assert "EUR 50.0 (EUR 10.0 to 90.0)" in said
    assert "No target of the plan falls due" in said
    console.show(run, ["forecast", "targets"], "zh")
    assert "没有到期的目标" in capsys.readouterr().out


def test_the_document_holds_every_scenario(tmp_path: Path) -> None:
    rows = console.document(forecast(tmp_path, 24), ["forecast"])["forecast"]
    assert {row["scenario"] for row in rows} == {"status_quo", "plan"}
    assert rows[0].keys() == {"scenario", "kpi", "period_start", "period_end", "p10", "p50", "p90", "unit"}
