"""What may be asked of a search, and what is refused before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from results.problems import BadInput
from scenarios.goals import Goals, Mark, _shortfall, said
from scenarios.plan import Plan, load_plan
from scenarios.plan.measures import Measure, read_measure
from scenarios.proposals import lines_of
from scenarios.wishes import check_budget, conditions_of, objectives_of, preferences_of

SHOP = """
name: corner_shop
start: 2027-01-01
months: 18
market: {population: 1000, customers: 100}
channels: {site: {kind: own}, high_street: {kind: store}, mall: {kind: store}}
targets: [{kpi: orders, value: 950, by: 2027-12-31, group: growth}]
budget: {year_1: {total: 1000, split: {technology: 0.4, marketing: 0.6}}}
search:
  vary: {budget.year_1.total: [500, 2000]}
"""


def shop(folder: Path, *lines: str) -> Plan:
    path = folder / "shop.yaml"
    path.write_text(SHOP + "".join(f"  {line}\n" for line in lines), encoding="utf-8")
    return load_plan(path)


def test_measures_are_read_and_written() -> None:
    assert read_measure("cvar( repurchase )") == Measure("repurchase_365", "", True)
    assert read_measure("gross_margin.stores").text == "gross_margin.stores"
    assert read_measure("cvar(net_sales.mall)").text == "cvar(net_sales.mall)"
    assert read_measure("budget") == Measure("budget")


def test_the_cheapest_budget_that_reaches_given_odds(tmp_path: Path) -> None:
    plan = shop(tmp_path, "minimise: [budget]", 'subject_to: ["odds_all >= 0.6"]')
    (goal,) = objectives_of(plan)  # no maximise means none beside it
    assert (goal.key, goal.direction, goal.column) == ("budget", "minimize", "budget")
    assert [said(one) for one in conditions_of(plan)] == ["odds_all >= 0.6"]


def test_no_store_below_break_even(tmp_path: Path) -> None:
    plan = shop(tmp_path, "maximise: [orders]", 'subject_to: ["contribution.stores >= 0"]')
    goals = Goals(plan, objectives_of(plan), conditions_of(plan))
    stores = {("contribution", "high_street"): [5.0, 6.0], ("contribution", "mall"): [-3.0, 1.0]}
    table = kpis({("orders", "all"): [9.0, 9.0], ("contribution", "all"): [9.0, 9.0], **stores})
    found = {str(k): float(v) for k, v in goals.futures(table, []).mean().items()}
    assert found["contribution.stores"] == -1.0  # the worst store of each future
    assert goals.violations(found)["contribution.stores >= 0"] > 0


def test_objectives_asked_for_go_their_better_way(tmp_path: Path) -> None:
    plan = shop(tmp_path)
    asked = objectives_of(plan, ["cvar(acos)", "budget", "net_sales.mall", "cvar(odds_growth)"])
    assert [goal.direction for goal in asked] == ["minimize", "minimize", "maximize", "maximize"]
    assert asked[3].column == "cvar(nearness_growth)"


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ('subject_to: ["acos <= 0.2", "acos >= 0.3"]', "contradict each other: acos >= 0.3 and acos <= 0.2"),
        ('subject_to: ["odds_all >= 1.2"]', r"cannot be reached by any plan .found 'odds_all >= 1\.2'"),
        ('subject_to: ["acos <= -0.1"]', "cannot be reached by any plan"),
        ('subject_to: ["odds_efficiency >= 0.5"]', "no target of this group"),
        ('subject_to: ["net_sale >= 1"]', "did you mean 'net_sales'"),
        ('subject_to: ["net_sales.malls >= 1"]', "did you mean 'mall'"),
        ('subject_to: ["nps.mall >= 1"]', "not measured channel by channel"),
        ('subject_to: ["budget <= 600"]', r"leave a budget of 750 to 3,000 .found 'budget <= 600'"),
        ('prefer: ["incremental_roas >= 4"]', "follows from several runs"),
        ("maximise: [cvar(paid_share)]", "has no worst futures|neither more nor less"),
        ("maximise: [orders, visits, nps, members, churn]", "too many objectives"),
        ("{maximise: [orders], minimise: [orders]}", "maximised and minimised"),
        ("sampler: annealing", "sampler"),
    ],
)
def test_what_cannot_be_is_refused_by_name(line: str, match: str, tmp_path: Path) -> None:
    lines = line.strip("{}").split(", m") if line.startswith("{") else [line]
    with pytest.raises(BadInput, match=match):
        plan = shop(tmp_path, *[one if n == 0 else f"m{one}" for n, one in enumerate(lines)])
        objectives_of(plan)
        conditions_of(plan)
        preferences_of(plan)
        check_budget(plan, lines_of(plan))


def test_the_worst_futures_are_averaged() -> None:
    import numpy as np

    values = np.array([5.0, 1.0, 4.0, 2.0, 8.0, 9.0, 7.0, 6.0])
    assert _shortfall(values, 0.25, "higher").mean() == pytest.approx(1.5)
    assert _shortfall(values, 0.25, "lower").mean() == pytest.approx(8.5)
    assert _shortfall(values, 1.0, "higher").mean() == pytest.approx(values.mean())


def kpis(rows: dict[tuple[str, str], list[float]]) -> Any:
    import pandas as pd

    start, end = pd.Timestamp("2027-01-01"), pd.Timestamp("2027-12-31")
    return pd.DataFrame(
        [
            ("plan", draw, 0, start, end, channel, kpi, value, "count")
            for (kpi, channel), values in rows.items()
            for draw, value in enumerate(values)
        ],
        columns=[
            *("scenario", "draw", "replicate", "period_start", "period_end"),
            *("channel", "kpi", "value", "unit"),
        ],
    )


def test_goals_are_measured_by_channel_by_worst_futures_and_by_budget(tmp_path: Path) -> None:
    plan = shop(
        tmp_path,
        "maximise: [cvar(orders)]",
        "minimise: [budget]",
        'subject_to: ["orders.stores >= 4", "odds_growth >= 0.9"]',
        'prefer: ["orders >= 1000"]',
    )
    goals = Goals(plan, objectives_of(plan), conditions_of(plan), False, preferences_of(plan))
    table = kpis(
        {
            ("orders", "all"): [960.0, 900.0, 980.0, 1000.0],
            ("orders", "high_street"): [5.0, 5.0, 5.0, 5.0],
            ("orders", "mall"): [7.0, 3.0, 2.0, 9.0],
        }
    )
    end = table["period_end"].iloc[0]
    mark = Mark("orders", "growth", 950.0, 1, end, True, 50.0)
    found = goals.futures(table, [mark], budget=1500.0)
    assert found["orders.stores"].tolist() == [5.0, 3.0, 2.0, 5.0]
    assert found["cvar(orders)"].mean() == pytest.approx(900.0)  # the worst quarter of four
    assert set(found["budget"]) == {1500.0}
    means = {str(k): float(v) for k, v in found.mean().items()}
    missed = goals.violations(means)
    assert missed["orders.stores >= 4"] == pytest.approx((4 - 3.75) / 4)
    assert missed["orders >= 1000 (preferred)"] == pytest.approx(0.04 - 0.1)  # within the slack
    assert goals.steered(means)["odds_growth >= 0.9"] > missed["odds_growth >= 0.9"] > 0
    # 4 % short of what is preferred costs 4 % of the level under the plan as written.
    assert goals.scores(means, {"cvar(orders)": 800.0, "budget": 1000.0}) == pytest.approx([868.0, 1540.0])
