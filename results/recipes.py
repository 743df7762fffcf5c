"""How pooled forecasts of a backtest were made: each voice's weight, the width, and the baseline's choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VOICES = ("market", "customers", "statistics")
"""Voices of a pool, in the order they are shown."""


@dataclass(frozen=True)
class MeanRecipe:
    """Recipes of one series over all origins.

    Attributes
    ----------
    series : str
    weights : mapping of str to float
        Mean weight of each voice that spoke at all.
    spread : float
        Mean factor on the pool's width.
    chosen : str
        The baseline that inner folds chose most often; empty where they chose none.
    """

    series: str
    weights: Mapping[str, float]
    spread: float
    chosen: str


def mean_recipes(document: Mapping[str, Any]) -> list[MeanRecipe]:
    """Return the mean recipe of every pooled series of ``backtest.json``; none where it holds none."""
    rows: Sequence[Mapping[str, Any]] = document.get("recipes") or ()
    found = []
    for series in dict.fromkeys(str(row["series"]) for row in rows):
        mine = [row for row in rows if row["series"] == series]
        spoken = [voice for voice in VOICES if any(row.get(voice) is not None for row in mine)]
        weights = {voice: sum(row.get(voice) or 0.0 for row in mine) / len(mine) for voice in spoken}
        spread = sum(row["spread"] for row in mine) / len(mine)
        often = Counter(row["chosen"] for row in mine if row.get("chosen")).most_common(1)
        found.append(MeanRecipe(series, weights, spread, often[0][0] if often else ""))
    return found
