from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pandas as pd
import pytest

from results.pages import Cell, Figures, Material, Table
from results.sections.people import people, shares

Told = Callable[..., Material]
DATES = pd.to_datetime(["2028-12-31", "2029-12-31"])


def moved(goal: float) -> pd.DataFrame:
    """Return a hundred store customers a future, some of whom go to the own site in the last year."""
    rows = []
    for draw in range(4):
        for date, gone in zip(DATES, (0.0, goal + draw), strict=True):
            cells = {("store", "own_site"): gone, ("store", "store"): 90 - gone, ("store", "none"): 10.0,
                     ("own_site", "own_site"): 20.0, ("own_site", "store"): 0.0, ("own_site", "none"): 0.0,
                     ("none", "store"): 5.0, ("none", "own_site"): 0.0, ("none", "none"): 30.0}  # fmt: skip
            rows += [(draw, date, *key, value) for key, value in cells.items()]
    table = pd.DataFrame(rows, columns=["draw", "date", "origin", "goal", "customers"])
    return table.assign(scenario="plan", replicate=0)


def lives(plan: float) -> pd.DataFrame:
    rows = [(scenario, draw, kind, name, count * (1 + 0.1 * draw))
            for scenario, count in (("plan", plan), ("status_quo", 100.0)) for draw in range(3)
            for kind, name in (("stage", "active"), ("stage", "prospect"), ("rfm", "champion"))]  # fmt: skip
    table = pd.DataFrame(rows, columns=["scenario", "draw", "kind", "name", "customers"])
    return table.assign(replicate=0, date=DATES[-1])


def titles(material: Material) -> list[str]:
    section = people(material)
    assert section is not None
    charts = [chart for block in section.blocks if isinstance(block, Figures) for chart in block.charts]
    return [chart.title.replace("\u00a0", " ") for chart in charts]


def test_shares_of_an_origin_add_up_and_lie_in_their_band() -> None:
    table = shares(moved(20.0), "plan")
    assert table.groupby("origin")["share"].sum().to_numpy() == pytest.approx(1.0)
    row = table[(table["origin"] == "store") & (table["goal"] == "own_site")].iloc[0]
    assert row["p10"] < row["share"] < row["p90"]
    assert row["customers"] == pytest.approx(21.5)


def test_the_largest_move_between_channels_is_the_finding(told: Told) -> None:
    said = titles(told(migration=moved(20.0)))[0]
    assert "from Store to Own site, 21.5 % of Store's customers" in said
    assert said.endswith("customers (20.3 to 22.7 %)")


def test_nobody_who_stays_is_said_to_move(told: Told) -> None:
    still = moved(0.0)
    still.loc[(still["origin"] == "store") & (still["goal"] == "own_site"), "customers"] = 0.0
    assert "nobody changes the main channel" in titles(told(migration=still))[0]


def test_moves_of_several_years_are_drawn_beside_each_other(told: Told) -> None:
    said = titles(told(migration=moved(20.0)))[1]
    assert "moves from Store to Own site go from 0 in 2028 to 22 in 2029 (20 to 23)" in said


def test_a_channels_customers_follow_from_those_who_came_and_went(told: Told) -> None:
    section = people(told(migration=moved(20.0)))
    assert section is not None
    table = next(block for block in section.blocks if isinstance(block, Table))
    for row in table.rows:
        before, won, lost, new, gone, now = (
            float(str(cell).replace("−", "-").replace("+", "")) for cell in row[1:]
        )
        assert now == pytest.approx(before + won + lost + new + gone, abs=2)
        assert cast(Cell, row[0]).small == "Plan"


@pytest.mark.parametrize("plan", [150.0, 60.0])
def test_groups_are_told_with_both_scenarios_and_without_prospects(told: Told, plan: float) -> None:
    said = titles(told(lifecycle=lives(plan)))
    assert f"The plan ends with {1.1 * plan:.0f} active customers" in said[0]
    assert "against 110 under the status quo" in said[0]
    assert "champion" in said[1]
    assert not any("prospect" in title for title in said)


def test_without_either_table_there_is_no_section(told: Told) -> None:
    assert people(told()) is None
