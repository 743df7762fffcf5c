"""Mean recipes of pooled forecasts, from what a backtest has left."""

from __future__ import annotations

import pytest

from results.recipes import mean_recipes


def test_weights_are_means_over_origins_and_choices_the_most_frequent() -> None:
    row = {"series": "repeat.orders", "model": "omolab", "spread": 0.8, "chosen": "ets"}
    rows = [
        row | {"market": 0.5, "statistics": 0.2, "customers": 0.3},
        row | {"market": 0.7, "statistics": 0.3, "customers": None, "spread": 1.2},
        row | {"market": 0.6, "statistics": 0.1, "customers": 0.3, "chosen": "ucm"},
    ]
    (found,) = mean_recipes({"recipes": rows})
    assert list(found.weights) == ["market", "customers", "statistics"]
    assert found.weights == pytest.approx({"market": 0.6, "customers": 0.2, "statistics": 0.2})
    assert found.spread == pytest.approx(2.8 / 3) and found.chosen == "ets"


def test_documents_of_before_and_series_without_a_voice_have_none() -> None:
    assert mean_recipes({}) == []
    lone = {"series": "a", "model": "omolab", "spread": 1.0, "chosen": "", "market": 1.0, "customers": None}
    (found,) = mean_recipes({"recipes": [lone]})
    assert found.weights == {"market": 1.0} and found.chosen == ""
