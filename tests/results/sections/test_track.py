"""Plan against actuals in the report: counts, direction, warnings, and hostile names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from results.pages import Figures, Material, Section, Table, Text
from results.report import render
from results.sections.track import tracked

Told = Callable[..., Material]


def months(channel: str, actual: list[float]) -> pd.DataFrame:
    """Expected 100 (80 to 120) every month; what came as given."""
    ends = pd.date_range("2027-01-31", periods=len(actual), freq="ME")
    table = pd.DataFrame({"period_end": ends, "period_start": ends - pd.Timedelta(days=30), "actual": actual})
    fixed: dict[str, Any] = {"channel": channel, "kpi": "net_sales", "unit": "currency"}
    fixed |= {"expected_p10": 80.0, "expected_p50": 100.0, "expected_p90": 120.0, "updated_p50": 100.0}
    return table.assign(**fixed, variance=table["actual"] / 100 - 1, inside=table["actual"].between(80, 120))


def section(told: Told, rows: pd.DataFrame, lang: str = "en", **said: Any) -> Section:
    about = {"scenario": "plan", "periods": 4, "futures": 32, "futures_worth": 9.6, "trusted": 1.0}
    about |= {"errors_off": 0.4, "strange": False, "strangers": [], **said}
    material = told(lang, track=rows)
    (material.run.path / "track.json").write_text(json.dumps(about), encoding="utf-8")
    found = tracked(material)
    assert found is not None
    render(material, [found])
    return found


def words(found: Section) -> str:
    texts = [block.text for block in found.blocks if isinstance(block, Text)]
    texts += [chart.title for block in found.blocks if isinstance(block, Figures) for chart in block.charts]
    return " ".join(texts).replace("\u00a0", " ").replace("\u202f", " ")


def test_the_chart_counts_periods_within_the_range_and_adds_up_what_is_off(told: Told) -> None:
    said = words(section(told, months("all", [90.0, 110.0, 130.0, 150.0])))
    assert "2 of 4 periods" in said and "+20.0 %" in said and "Apr 2027" in said
    assert "worth 10" in said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_strange_actuals_and_unknown_channels_are_said(told: Told, lang: str) -> None:
    rows = months("all", [900.0] * 4)
    quiet, loud = (section(told, rows, lang, strange=strange, strangers=names) for strange, names in
                   ((False, []), (True, ["<b>kiosk</b>"])))  # fmt: skip
    kinds = [block.kind for block in loud.blocks if isinstance(block, Text)]
    assert "mind" in kinds and "small" in kinds and len(quiet.blocks) == len(loud.blocks) - 2


def test_names_from_data_are_escaped_and_short_series_are_only_listed(told: Told) -> None:
    rows = months("<script>alert(1)</script>", [90.0, 110.0])
    found = section(told, rows)
    assert not any(chart for b in found.blocks if isinstance(b, Figures) for chart in b.charts
                   if chart.name.startswith("track-net"))  # fmt: skip
    material = told(track=rows)
    assert "<script>alert" not in render(material, [found])
    table = next(block for block in found.blocks if isinstance(block, Table))
    assert table.rows[0][4] == "0\u00a0%" or "0" in str(table.rows[0][4])


def test_a_run_without_actuals_has_no_such_section(told: Told) -> None:
    assert tracked(told()) is None


def test_months_stand_under_their_own_names() -> None:
    from results.charts.track import _places

    ends = pd.Series(pd.to_datetime(["2027-01-31", "2027-02-28"]))
    assert [*_places(ends)] == [pd.Timestamp("2027-01-01"), pd.Timestamp("2027-02-01")]
    weeks = pd.Series(pd.to_datetime(["2027-01-10", "2027-01-17"]))
    assert [*_places(weeks)] == [*weeks]
