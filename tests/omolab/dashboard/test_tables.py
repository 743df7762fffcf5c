"""The tables of a quick look: what moved, what did not, and why nothing did."""

from __future__ import annotations

import pandas as pd
import pytest

from omolab.dashboard import tables
from results.language import Language


def looked(**differences: float) -> pd.DataFrame:
    """Return a quick look's table with some differences by indicator."""
    rows = [
        {"kpi": kpi, "unit": "count", "base_value": 10.0, "difference": d, "low": d, "high": d}
        for kpi, d in differences.items()
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_move_that_changes_nothing_says_so(lang: str) -> None:
    words = Language(lang, "CNY")
    still = looked(orders=0.0, net_sales=0.0, service_cost=0.0)
    still.loc[1, ["low", "high"]] = float("nan")  # of one future alone
    assert tables.idle(still, ["orders", "net_sales"], words) == words.say("dash.idle")
    elsewhere = tables.idle(looked(orders=0.0, service_cost=2.0), ["orders"], words)
    assert words.kpi_inline("service_cost") in elsewhere and elsewhere != words.say("dash.idle")
    assert tables.idle(looked(orders=1e-9, service_cost=2.0), ["orders"], words) == ""


def test_nothing_is_called_neither_better_nor_unclear() -> None:
    page = tables.effect(looked(orders=0.0), ["orders"], Language(), moved=True)
    assert "not clear" not in page and "<svg" not in page
