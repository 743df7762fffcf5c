from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from results.pages import Figures, Material, Table
from results.report import render
from results.sections.scorecard import scorecards

Told = Callable[..., Material]


def card(finance: float, learning: float, name: str = "scorecard_balanced") -> pd.DataFrame:
    rows = [(scenario, name, dimension, 0.5, "net_sales acos", score - 5, score, score + 5)
            for scenario in ("plan", "status_quo")
            for dimension, score in (("finance", finance), ("learning", learning))]  # fmt: skip
    columns = ["scenario", "card", "dimension", "weight", "indicators"]
    return pd.DataFrame(rows, columns=[*columns, *(f"attainment_p{level}" for level in (10, 50, 90))])


def finding(material: Material) -> str:
    section = scorecards(material)
    assert section is not None
    figures = next(block for block in section.blocks if isinstance(block, Figures))
    return figures.charts[0].title


def test_the_best_and_the_worst_dimension_are_told_with_their_band(told: Told) -> None:
    said = finding(told(scorecards=card(80, 30)))
    assert "furthest on finance, 80 of 100 (75 to 85), and least far on learning, 30 (25 to 35)" in said
    assert "furthest on learning" in finding(told(scorecards=card(10, 60)))


def test_a_dimension_without_figures_is_left_unsaid(told: Told) -> None:
    table = card(80, 30)
    hidden = table["dimension"] == "learning"
    table.loc[hidden, [name for name in table if name.startswith("attainment")]] = float("nan")
    assert "0 to 100" in finding(told(scorecards=table))


def test_names_of_cards_and_dimensions_are_only_ever_shown(told: Told) -> None:
    table = card(80, 30, "<b>card</b>").replace({"dimension": {"finance": "<script>x</script>"}})
    material = told(scorecards=table)
    section = scorecards(material)
    assert section is not None
    assert "<script>" not in render(material, [section])


def test_without_a_card_there_is_no_section(told: Told) -> None:
    assert scorecards(told()) is None


def test_lists_that_are_no_parts_of_one_score_have_no_weights(told: Told) -> None:
    section = scorecards(told(scorecards=card(80, 30).assign(weight=1.0)))
    assert section is not None
    (figures,) = (block for block in section.blocks if isinstance(block, Figures))
    assert "100\u00a0%" not in figures.charts[0].svg
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert {row[1] for row in table.rows} == {"–"}


def test_scenarios_keep_their_colours_whatever_order_a_table_has(told: Told) -> None:
    material = told()
    table = pd.DataFrame({"scenario": sorted(material.scenarios, reverse=True)})
    assert [*material.in_order(table)["scenario"]] == material.scenarios
