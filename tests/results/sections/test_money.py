from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from results.pages import Figures, Material, Section, Table
from results.sections.money import money

Told = Callable[..., Material]
DAYS = pd.date_range("2029-01-01", "2029-12-31")


def books(commission: float = 10.0) -> pd.DataFrame:
    """Return a year of one future under the plan: ten orders a day in two channels, and what is spent."""
    frames = []
    for channel, scale in (("store", 1.0), ("own_site", 2.0)):
        a_day = {"gross_sales": 1_000.0, "discounts": 50.0, "returned_sales": 50.0, "net_sales": 900.0,
                 "goods": 500.0, "commission": commission, "fulfilment": 90.0, "orders": 10.0}  # fmt: skip
        a_day["margin"] = a_day["net_sales"] - a_day["goods"] - a_day["commission"] - a_day["fulfilment"]
        rows = {name: value * (1.0 if name == "orders" else scale) for name, value in a_day.items()}
        frames.append(pd.DataFrame({"date": DAYS, "channel": channel, **rows}))
    whole = {"date": DAYS, "channel": "all", "spend_kol": 100.0, "invest_site": 60.0, "invest_skill": 40.0}
    table = pd.concat([*frames, pd.DataFrame(whole)], ignore_index=True)
    return table.assign(scenario="plan", draw=0, replicate=0)


def budget(actual: float) -> pd.DataFrame:
    row = {"scenario": "plan", "kind": "purpose", "name": "marketing", "period_end": DAYS[-1]}
    row |= {"planned": 100.0, "actual": actual, "variance": actual / 100.0 - 1.0, "sales_per_spend": 9.0}
    return pd.DataFrame([row, row | {"kind": "income", "name": "online", "planned": 50.0, "actual": 10.0}])


def chart_of(section: Section | None, name: str) -> pd.DataFrame:
    assert section is not None
    charts = [chart for block in section.blocks if isinstance(block, Figures) for chart in block.charts]
    return next(chart.table for chart in charts if chart.name == name)


def test_the_steps_of_the_waterfall_add_up_to_the_profit_of_the_indicators(told: Told) -> None:
    material = told(daily=books())
    steps = chart_of(money(material), "waterfall").set_index("step")["value"]
    assert steps.iloc[:-1].sum() == pytest.approx(steps["operating_profit"])
    assert material.kpis is not None
    rows = material.kpis[material.kpis["year"] & (material.kpis["kpi"] == "operating_profit")]
    mine = rows[(rows["scenario"] == "plan") & (rows["draw"] == 0) & (rows["replicate"] == 0)]
    last = mine.loc[mine["period_end"].idxmax(), "value"]
    assert steps["operating_profit"] == pytest.approx(last)  # of the one future whose days were kept
    assert steps["gross_sales"] == pytest.approx(365 * 3_000.0)
    assert steps["marketing"] == pytest.approx(-365 * 100.0)
    assert steps["technology"] == pytest.approx(-365 * 60.0)
    assert steps["team"] == pytest.approx(-365 * 40.0)


def test_an_order_leaves_what_its_costs_leave_of_its_net_sales(told: Told) -> None:
    section = money(told(daily=books()))
    assert section is not None
    table = next(block for block in section.blocks if isinstance(block, Table))
    said = {row[0].text: [getattr(cell, "text", cell) for cell in row[1:6]] for row in table.rows}  # type: ignore[union-attr]
    plain = {name: [str(cell).replace("\u00a0", " ") for cell in cells] for name, cells in said.items()}
    assert plain["Store"] == ["CNY 90.0", "CNY 50.0", "CNY 1.00", "CNY 9.00", "CNY 30.0"]
    assert plain["Own site"] == ["CNY 180", "CNY 100", "CNY 2.00", "CNY 18.0", "CNY 60.0"]
    assert plain["All channels"] == ["CNY 135", "CNY 75.0", "CNY 1.50", "CNY 13.5", "CNY 45.0"]


@pytest.mark.parametrize(("actual", "change"), [(120.0, "+20.0 %"), (90.0, "−10.0 %")])
def test_the_finding_says_on_which_side_of_the_budget_spending_is(
    told: Told, actual: float, change: str
) -> None:
    section = money(told(budget=budget(actual)))
    assert section is not None
    titles = [chart.title for block in section.blocks if isinstance(block, Figures) for chart in block.charts]
    assert f"({change})" in titles[-1].replace("\u00a0", " ")


def test_without_money_by_day_and_budget_there_is_no_section(told: Told) -> None:
    assert money(told()) is None
