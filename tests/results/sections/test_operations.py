from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from results.pages import Figures, Material, Section, Table, Text
from results.sections.operations import operations
from results.sections.plan import side_by_side
from results.store import open_run

Told = Callable[..., Material]


def with_operations(told: Told, lang: str = "en") -> Material:
    """Return the made-up run with stock-outs by channel and delivery as a whole, and nothing of stock."""
    plain = told(lang)
    assert plain.kpis is not None
    one = plain.kpis[plain.kpis["kpi"] == "conversion"].drop(columns="year")
    parts = [one.assign(kpi="delivery_days", unit="days", value=one["value"] * 100)]
    for channel, factor in (("all", 1.0), ("store", 0.5), ("tmall", 2.0)):
        parts.append(one.assign(kpi="stockout_rate", channel=channel, value=one["value"] * factor))
    parts.append(one.assign(kpi="inventory_days", unit="days", value=np.nan))
    return told(lang, kpis=pd.concat([plain.kpis.drop(columns="year"), *parts], ignore_index=True))


def charts_of(section: Section | None) -> dict[str, str]:
    assert section is not None
    return {c.name: c.title for block in section.blocks if isinstance(block, Figures) for c in block.charts}


def test_stock_outs_are_told_by_channel_with_the_worst_named(told: Told) -> None:
    material = with_operations(told)
    found = charts_of(operations(material))
    assert "highest in Tmall" in found["stockout_rate-by-channel"]
    assert "8 of 10 futures" in found["fan-delivery_days"]
    assert "fan-inventory_days" not in found


def test_what_the_plan_does_not_follow_is_named(told: Told) -> None:
    section = operations(with_operations(told))
    assert section is not None
    said = [block.text for block in section.blocks if isinstance(block, Text)]
    assert any("inventory days" in text and "Not followed" in text for text in said)
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert [str(row[0]) for row in table.rows] == ["Stock-out rate", "Delivery"]


def test_it_is_said_in_chinese_too(told: Told) -> None:
    section = operations(with_operations(told, "zh"))
    assert section is not None
    assert section.title == "库存与服务"
    assert "最高" in charts_of(section)["stockout_rate-by-channel"]


def test_without_any_such_figure_there_is_no_section(told: Told) -> None:
    assert operations(told()) is None


def test_the_funnel_is_never_more_than_whole_in_any_online_channel_and_leaves_stores_out(told: Told) -> None:
    days = pd.date_range("2029-01-01", "2029-12-31")
    rows = [
        {"scenario": "plan", "draw": draw, "replicate": 0, "date": day, "channel": channel}
        | dict(zip(("visits", "bounces", "carts", "checkouts", "submitted", "orders"), counts, strict=True))
        for draw in (0, 1)
        for day in days
        for channel, counts in (
            ("tmall", (100, 40, 20, 8, 5, 4)),
            ("mini", (10, 4, 40, 30, 25, 20)),  # looked at in the store, bought in the mini-program
            ("store", (50, 0, 0, 0, 0, 20)),
        )
    ]
    section = side_by_side(told(daily=pd.DataFrame(rows)))
    assert section is not None
    (funnel,) = (
        chart
        for block in section.blocks
        if isinstance(block, Figures)
        for chart in block.charts
        if chart.name == "channel-funnel"
    )
    assert set(funnel.table["channel"]) == {"tmall", "mini"}
    assert (funnel.table["p90"] <= 1).all()
    steps = funnel.table[funnel.table["channel"] == "tmall"].set_index("step")["p50"]
    assert steps.is_monotonic_decreasing
    assert (steps["stayed"], steps["orders"]) == (0.6, 0.2)
    said = funnel.title.replace("\u00a0", " ")
    assert "in Mini 50.0 % of the filled carts are paid for" in said
    assert "in Tmall 20.0 %" in said


def test_a_search_that_moves_nothing_says_so_and_draws_no_arrows(told: Told) -> None:
    import json

    from results.sections.searched import searched

    run = told().run.path
    result = json.loads((run / "search" / "result.json").read_text(encoding="utf-8"))
    result["best"] = result["start"]
    (run / "search" / "result.json").write_text(json.dumps(result), encoding="utf-8")
    section = searched(Material(open_run(run), "en"))
    assert "budget" not in charts_of(section)
    assert section is not None
    assert any("leaves every line" in block.text for block in section.blocks if isinstance(block, Text))
