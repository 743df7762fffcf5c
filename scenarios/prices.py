"""Shadow prices: what one more unit of the budget, or of a bound that binds, buys of each objective.

Finite differences of runs paired with the advice's own (`scenarios.explained`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from scenarios.bench import Bench
from scenarios.explained import Move
from scenarios.goals import said
from scenarios.paired import HERE, mean
from scenarios.plan.measures import BUDGET
from scenarios.proposals import Line

if TYPE_CHECKING:
    import pandas as pd


def prices_of(
    bench: Bench,
    binding: Sequence[str],
    able: Sequence[Move],
    tables: Mapping[str, pd.DataFrame],
    lines: Sequence[Line],
) -> list[dict[str, Any]]:
    """Return what one more unit of the budget and of each binding bound buys of each objective.

    Of a bound on an indicator it is the best exchange that a lever offers; the lever is chosen on half of
    the futures and priced on the other half, so that the best of many is not believed for its luck.
    """
    if HERE not in tables:
        return []
    here, found = tables[HERE], []
    ends = {line.path: line for line in lines if line.kind == "range"}
    for place, move in enumerate(able):
        at_end = move.name in ends and not ends[move.name].low <= move.end <= ends[move.name].high
        if move.name != BUDGET and not at_end:
            continue
        bound = (
            BUDGET if move.name == BUDGET else f"{move.name} {'<=' if move.step > 0 else '>='} {move.start:g}"
        )
        for goal in bench.goals.objectives:
            if goal.column in here and goal.key != BUDGET:
                gain = goal.sign * (tables[str(place)][goal.column] - here[goal.column]) / abs(move.step)
                found.append(_price(bound, goal.column, gain, _unit(move.name, move), ""))
    for condition in bench.goals.conditions:
        if said(condition) in binding and condition.kpi in here and condition.kpi != BUDGET:
            found += _exchanged(bench, condition, able, tables)
    return found


def _exchanged(
    bench: Bench, condition: Any, able: Sequence[Move], tables: Mapping[str, pd.DataFrame]
) -> list[dict[str, Any]]:
    here, found = tables[HERE], []
    side = 1 if condition.operator == "<=" else -1
    half = np.arange(len(here)) % 2 == 0 if len(here) >= 4 else np.ones(len(here), bool)
    other = ~half if len(here) >= 4 else half
    for goal in bench.goals.objectives:
        if goal.column not in here or goal.key == condition.kpi:
            continue
        best, rate = None, 0.0
        for place, move in enumerate(able):
            if move.name == BUDGET or not math.isfinite(move.step):
                continue
            used = (side * (tables[str(place)][condition.kpi] - here[condition.kpi])).to_numpy()
            gain = (goal.sign * (tables[str(place)][goal.column] - here[goal.column])).to_numpy()
            if _sure(used[half]) and (worth := float(gain[half].mean() / used[half].mean())) > rate:
                best, rate = (move, gain[other] / used[other].mean()), worth
        if best is None:
            continue
        move, values = best
        found.append(_price(said(condition), goal.column, values, _per(condition), move.name))
    return found


def _price(bound: str, objective: str, values: Any, per: float, by: str) -> dict[str, Any]:
    buys, low, high = (per * number for number in mean(values))
    told = {"bound": bound, "objective": objective, "per": per, "buys": buys, "low": low, "high": high}
    return {**told, "by": by}


def _unit(name: str, move: Move) -> float:
    """Return a readable unit: a point of a share, about a hundredth of the money, else the line's own."""
    if name == BUDGET:
        return 10.0 ** math.floor(math.log10(max(abs(move.start) / 50, 1.0)))
    return 0.01 if abs(move.step) < 0.5 else 1.0


def _per(condition: Any) -> float:
    return 0.01 if abs(condition.bound) <= 1 else 1.0


def _sure(values: Any) -> bool:
    """Tell whether a difference is surely not nothing."""
    _, low, high = mean(values)
    return bool(low > 0 or high < 0)
