"""What an advice rests on: which lever matters, what each change brings, what other evidence makes of it.

All by runs paired with the advice's own, in futures the search has not seen: each lever moved a step, each
change of the advice made alone, the candidates under the other presets of evidence. Small steps are taken to
work as much back as forth.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from results.problems import BadInput
from scenarios.paired import HERE, Paired, change
from scenarios.plan import Plan, with_overrides
from scenarios.plan.measures import BUDGET
from scenarios.proposals import Line, planned_money, value_at, year_lengths

if TYPE_CHECKING:
    import optuna
    import pandas as pd

SHARE_STEP, RANGE_STEP, BUDGET_STEP = 0.05, 0.05, 0.05  # of the whole, of the range, of the money
MOST_CHOICES = 3
PRESETS = ("literature", "experimental", "claims")


@dataclass(frozen=True)
class Move:
    """One lever moved a step from where the advice has it.

    Parameters
    ----------
    name
        The line, with the member of shares: ``budget.media.live``.
    start, end
        What stood there, and what is tried.
    step
        How far that is, in the line's unit; NaN for a switch between choices.
    values
        Overrides that do it.
    """

    name: str
    start: Any
    end: Any
    step: float
    values: Mapping[str, Any]


def importance(study: optuna.Study) -> list[dict[str, float]]:
    """Return by objective how much each number searched matters to being among the best, shares of 1.

    Source: PED-ANOVA (Watanabe, Bansal & Hutter 2023), as Optuna computes it; empty where too little was
    tried to tell.
    """
    import optuna

    found: list[dict[str, float]] = []
    for place, direction in enumerate(study.directions):
        sign = -1.0 if direction.name == "MAXIMIZE" else 1.0  # it asks what makes values low

        def value(trial: optuna.trial.FrozenTrial, place: int = place, sign: float = sign) -> float:
            return sign * float(trial.values[place])

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                evaluator = optuna.importance.PedAnovaImportanceEvaluator()
                weights = optuna.importance.get_param_importances(study, evaluator=evaluator, target=value)
        except (ValueError, RuntimeError):  # too few trials, or none of the numbers in all of them
            weights = {}
        found.append({name: float(weight) for name, weight in weights.items() if math.isfinite(weight)})
    return found


def moves(plan: Plan, lines: Sequence[Line]) -> list[Move]:
    """Return a step of every lever searched from where ``plan`` has it, and of the whole budget.

    At the end of a range the step leads beyond it: that is what the end costs.
    """
    found = [_more_money(plan)] if planned_money(plan) > 0 else []
    for line in lines:
        value = value_at(plan, line.path)
        if line.kind == "simplex":
            for name in line.members:
                share = float((value or {}).get(name, 0.0))
                step = SHARE_STEP if share + SHARE_STEP <= 1 else -SHARE_STEP
                path, end = f"{line.path}.{name}", round(share + step, 6)
                found.append(Move(path, share, end, step, {path: end}))
        elif line.kind == "range" and value is not None:
            step = RANGE_STEP * (line.high - line.low)
            step = max(round(step), 1) if line.whole else step
            step = -step if value <= line.low + 1e-9 * (line.high - line.low) else step
            found.append(Move(line.path, value, value + step, step, {line.path: value + step}))
        elif line.kind == "choice":
            others = [choice for choice in line.choices if choice != value][:MOST_CHOICES]
            found += [Move(line.path, value, choice, math.nan, {line.path: choice}) for choice in others]
    return found


def _more_money(plan: Plan) -> Move:
    years = {f"budget.year_{n}.total": plan.budget.year(n).total for n in year_lengths(plan)}
    values = {path: total * (1 + BUDGET_STEP) for path, total in years.items()}
    now = planned_money(plan)
    return Move(BUDGET, now, now * (1 + BUDGET_STEP), now * BUDGET_STEP, values)


def steps(paired: Paired, plan: Plan, lines: Sequence[Line]) -> tuple[list[Move], dict[str, pd.DataFrame]]:
    """Run every move that the plan can take; return them, and goals by future with `HERE` among them."""
    plans: dict[str, Plan] = {HERE: plan}
    able: list[Move] = []
    for move in moves(plan, lines):
        try:
            plans[str(len(able))] = with_overrides(plan, move.values)
        except BadInput:
            continue
        able.append(move)
    done = paired.outcomes(plans, "move")
    kept = [move for place, move in enumerate(able) if str(place) in done]
    tables = {HERE: done[HERE]} if HERE in done else {}
    tables |= {str(n): done[str(place)] for n, place in enumerate(able.index(m) for m in kept)}
    return kept, tables


def effects(move: Move, table: pd.DataFrame, here: pd.DataFrame, columns: Sequence[str]) -> dict[str, Any]:
    """Return what a move does to some measures: difference with its 95 % interval, paired by future."""
    every = {column: change(table, here, column) for column in columns}
    told = {column: found for column, found in every.items() if found is not None}
    return {"line": move.name, "from": move.start, "to": move.end, "effects": told}


def alone(
    paired: Paired, plan: Plan, values: Mapping[str, Any], start: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return what each change of the advice brings by itself, the most of the first objective first."""
    changed = {path: value for path, value in values.items() if value != start.get(path)}
    plans: dict[str, Plan] = {HERE: plan}
    for path, value in changed.items():
        try:
            plans[path] = with_overrides(plan, {path: value})
        except BadInput:
            continue
    done = paired.outcomes(plans, "alone")
    if HERE not in done:
        return []
    goals, found = paired.bench.goals, []
    for path in plans:
        if path != HERE and path in done:
            move = Move(path, start.get(path), changed[path], math.nan, {})
            found.append(effects(move, done[path], done[HERE], goals.columns))
    first = goals.objectives[0]

    def gain(row: Mapping[str, Any]) -> float:
        told = row["effects"].get(first.column, {}).get("difference", math.nan)
        return float(first.sign * told) if math.isfinite(told) else -math.inf

    return sorted(found, key=gain, reverse=True)


def presets(paired: Paired, plan: Plan, candidates: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return how each candidate fares against the plan under the other presets of evidence.

    Empty where no claim acts in the plan: then the presets do not differ.
    """
    claims = [n for n, action in plan.acting().items() if action.evidence == "claim"]
    if not claims or not candidates:
        return []
    goals, found = paired.bench.goals, []
    for preset in (name for name in PRESETS if name != plan.market.evidence):
        base = with_overrides(plan, {"market.evidence": preset})
        plans = {HERE: base}
        plans |= {name: with_overrides(base, values) for name, values in candidates.items()}
        done = paired.outcomes(plans, f"evidence {preset}")
        if HERE not in done:
            continue
        for name in candidates:
            if name in done:
                move = Move(name, None, None, math.nan, {})
                told = effects(move, done[name], done[HERE], goals.columns)["effects"]
                kept = goals.violations({str(k): float(v) for k, v in done[name].mean().items()})
                keeps = all(missed <= 0 for missed in kept.values())
                found.append({"evidence": preset, "candidate": name, "keeps_bounds": keeps, "effects": told})
    return found
