"""Response curves: what each lever does over its whole range, the others where the advice has them.

Every point is lived through by the same futures as the advice itself. A share that moves lets the others of
its whole fill up what is left; money moves in all years alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from results.problems import BadInput
from scenarios.paired import HERE, Paired, change
from scenarios.plan import Plan, with_overrides
from scenarios.plan.measures import BUDGET
from scenarios.proposals import Line, planned_money, value_at, year_lengths

if TYPE_CHECKING:
    import pandas as pd

POINTS = 5  # of a range, both ends among them
FUTURES = 4  # a curve is looked at for its shape: fewer than a step is measured on
MONEY = (0.5, 0.75, 1.25, 1.5)  # of the advice's budget


class Place(NamedTuple):
    """A lever somewhere on its range: the line, with the member of shares, and the overrides that do it."""

    name: str
    at: Any
    values: Mapping[str, Any]


def places(plan: Plan, lines: Sequence[Line]) -> list[Place]:
    """Return where the levers of ``plan`` are looked at: ranges at even steps, choices one by one."""
    found = []
    if (money := planned_money(plan)) > 0:
        totals = {f"budget.year_{n}.total": plan.budget.year(n).total for n in year_lengths(plan)}
        for factor in MONEY:
            values = {path: total * factor for path, total in totals.items()}
            found.append(Place(BUDGET, money * factor, values))
    for line in lines:
        if line.kind == "simplex":
            for name in line.members:
                path = f"{line.path}.{name}"
                found += [Place(path, at, {path: at}) for at in _steps(line)]
        elif line.kind == "range":
            found += [Place(line.path, at, {line.path: at}) for at in _steps(line)]
        elif line.kind == "choice":
            found += [Place(line.path, at, {line.path: at}) for at in line.choices]
    return found


def _steps(line: Line) -> list[Any]:
    """Return even steps over a line's range; whole numbers where only they may stand."""
    every = [line.low + (line.high - line.low) * n / (POINTS - 1) for n in range(POINTS)]
    return list(dict.fromkeys(round(at) if line.whole else round(at, 6) for at in every))


def curves(paired: Paired, plan: Plan, lines: Sequence[Line]) -> pd.DataFrame:
    """Return the response curves around ``plan``, for every objective.

    Places at which the plan cannot be, or cannot be lived in, are left out.

    Returns
    -------
    DataFrame
        line, at (NaN for choices that are no numbers), choice (as text, else empty), objective, value (mean
        over futures), difference from the plan with its 95 % interval low, high; and here, whether it is
        where the plan has it. By line in order of ``at``.
    """
    import pandas as pd

    able: list[Place] = []
    plans: dict[str, Plan] = {HERE: plan}
    for place in places(plan, lines):
        try:
            plans[str(len(able))] = with_overrides(plan, place.values)
        except BadInput:
            continue
        able.append(place)
    done = paired.outcomes(plans, "curve")
    if HERE not in done:
        return pd.DataFrame(columns=list(COLUMNS))
    goals, rows = paired.bench.goals, list[dict[str, Any]]()
    standing = {place.name: _standing(plan, place.name) for place in able}
    there = [(place, done.get(str(n))) for n, place in enumerate(able)]
    there += [(Place(name, at, {}), done[HERE]) for name, at in standing.items() if at is not None]
    for place, table in there:
        if table is None or (table is not done[HERE] and place.at == standing[place.name]):
            continue
        for column in goals.columns:
            told = change(table, done[HERE], column)
            if told is not None:
                number = _number(place.at)
                text = "" if math.isfinite(number) else str(place.at)
                value = float(table[column].mean())
                about = {"line": place.name, "at": number, "choice": text, "objective": column}
                rows.append({**about, "value": value, **told, "here": table is done[HERE]})
    order = {name: n for n, name in enumerate(standing)}
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    found = found.assign(order=found["line"].map(order)).sort_values(["order", "at"], kind="stable")
    return found.drop(columns="order").reset_index(drop=True)


COLUMNS = ("line", "at", "choice", "objective", "value", "difference", "low", "high", "here")


def _standing(plan: Plan, name: str) -> Any:
    return planned_money(plan) if name == BUDGET else value_at(plan, name)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
