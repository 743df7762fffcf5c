"""What is drawn of a back-test."""

from __future__ import annotations

import pandas as pd

from results.sections.trust import _unlike


def test_a_lone_channel_is_drawn_once() -> None:
    """Two series of the same figures, a missing one among them; a channel beside another stays."""
    same = {"actual": [1.0, float("nan")], "mean": [1.5, 2.0]}
    other = {"actual": [0.4, 0.5], "mean": [0.5, 0.6]}
    parts = {"online.revenue": same, "total.revenue": same, "online.orders": other, "repeat.orders": same}
    table = pd.concat(pd.DataFrame(told).assign(series=name) for name, told in parts.items())
    assert _unlike(table) == ["total.revenue", "online.orders", "repeat.orders"]
