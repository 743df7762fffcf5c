"""The chart of levers, and the report's section on them."""

from __future__ import annotations

import pandas as pd

from results.charts import levers
from results.language import Language
from results.sections.levers import strongest


def rows(*cells: tuple[str, str, float, bool]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["lever", "kpi", "relative", "sure"])


TABLE = rows(
    ("pricing.level", "orders", -0.12, True),
    ("pricing.level", "net_sales", float("nan"), True),
    ("media.tv", "orders", 0.31, True),
    ("crm.rfm", "orders", 0.50, False),
)


def test_levers_that_move_most_come_first_and_unsure_ones_not_at_all() -> None:
    assert strongest(TABLE) == ["media.tv", "pricing.level"]


def test_the_chart_says_sizes_in_text_so_that_grey_suffices() -> None:
    chart = levers(TABLE, Language("en"), ["media.tv", "pricing.level"], ["orders", "net_sales"])
    assert chart.title == "media.tv moves most: orders by +31.0\u00a0%"
    assert all(f">{text}<" in chart.svg for text in ("+31", "−12", "media.tv"))
    assert len(chart.table) == 3
    nothing = levers(TABLE.assign(sure=False), Language("zh"), ["media.tv"], ["orders"])
    assert nothing.title == "没有杠杆对指标有确定的影响"
